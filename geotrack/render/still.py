"""The picture of a map for pieces that do not move: the one place that asks package FIGURE's renderer."""

from __future__ import annotations

import struct
import zlib

from geotrack.views import View


def still(view: View, suffix: str = ".png", width: str = "") -> bytes:
    """Return a picture of a view.

    Parameters
    ----------
    suffix : ".png" or ".pdf".
    width : "og" for 1200 × 630 pixels; the renderer's own if not given.
    """
    # PLACEHOLDER until render/figure.py lands: an empty picture of the right size
    wide, high = 1200, 630
    rows = b"".join(b"\0" + b"\xf1\xf3\xf5" * wide for _ in range(high))
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
