"""Films as GIF and as WebP: one table of colours, and of each frame only what it changes."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geotrack.render.film.reel import Pixels, Reel, nearest, rgb

UNCHANGED = 255  # the place in the table that shows through to the frame before
MOST_COLOURS = 255


def gif(reel: Reel, table: Pixels, times: Sequence[int], loop: int, comment: str) -> bytes:
    """Return a film as GIF89a.

    The container is written here, because Pillow would join frames that are alike and give each its own
    table of colours; the pixels are compressed by Pillow.

    Parameters
    ----------
    table : from `reel.choose_colours`, at most 255 colours.
    times : of each frame, milliseconds, multiples of 10.
    loop : how often the film is shown; 0 for ever.
    comment : text for programs that read it, such as the film's alternative text.
    """
    colours = np.zeros((256, 3), dtype=np.uint8)
    colours[: len(table)] = rgb(table)
    parts = [b"GIF89a", struct.pack("<HHBBB", reel.width, reel.height, 0xF7, 0, 0), colours.tobytes()]
    if loop != 1:  # the number says how often the film is shown again
        parts.append(b"\x21\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<HB", loop and loop - 1, 0))
    text = comment.encode("utf-8")
    blocks = [text[i : i + 255] for i in range(0, len(text), 255)]
    parts += [b"\x21\xfe", *(bytes([len(block)]) + block for block in blocks), b"\x00"] if blocks else []
    for (left, top, places), time in zip(_changes(reel, table), times, strict=True):
        parts.append(struct.pack("<BBBBHBB", 0x21, 0xF9, 4, 0x05, time // 10, UNCHANGED, 0))
        parts.append(struct.pack("<BHHHHBB", 0x2C, left, top, places.shape[1], places.shape[0], 0, 8))
        parts.append(_image(places).tobytes("gif", "P") + b"\x00")
    return b"".join([*parts, b"\x3b"])


def webp(reel: Reel, table: Pixels, times: Sequence[int], loop: int) -> bytes:
    """Return a film as animated WebP without loss beyond the table of colours."""
    lookup, palette = nearest(reel, table), rgb(table).tobytes()
    pictures = []
    for frame in reel.frames():
        picture = _image(lookup[frame].reshape(reel.height, reel.width))
        picture.putpalette(palette)
        pictures.append(picture)
    file = BytesIO()
    pictures[0].save(
        file,
        "WEBP",
        save_all=True,
        append_images=pictures[1:],
        duration=list(times),
        loop=loop,
        lossless=True,
        quality=50,
        method=3,
        minimize_size=True,
    )
    return file.getvalue()


def _changes(reel: Reel, table: Pixels) -> Iterator[tuple[int, int, NDArray[np.uint8]]]:
    """Yield left, top and pixels of the part of each frame that differs from the one before."""
    lookup = nearest(reel, table)
    now = lookup[reel.first].reshape(reel.height, reel.width)
    yield 0, 0, now
    for where, colours in reel.changes:
        places = lookup[colours]
        differs = places != now.ravel()[where]
        changed, places = where[differs], places[differs]
        if not changed.size:
            yield 0, 0, np.full((1, 1), UNCHANGED, dtype=np.uint8)
            continue
        rows, columns = np.divmod(changed, reel.width)
        top, left = rows.min(), columns.min()
        part = np.full((rows.max() - top + 1, columns.max() - left + 1), UNCHANGED, dtype=np.uint8)
        part[rows - top, columns - left] = places
        now.ravel()[changed] = places
        yield int(left), int(top), part


def _image(places: NDArray[np.uint8]) -> Any:
    from PIL import Image

    return Image.frombytes("P", (places.shape[1], places.shape[0]), np.ascontiguousarray(places).tobytes())
