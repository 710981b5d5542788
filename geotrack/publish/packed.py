"""Office files, which are ZIP archives, without a trace of when and where they were made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from types import MappingProxyType

from geotrack.files import EARLIEST


def settled(content: bytes, parts: Mapping[str, Callable[[str], str]] = MappingProxyType({})) -> bytes:
    """Return an archive packed anew, the same on every system and at any time.

    Parameters
    ----------
    parts : by the name of a part, what is made of its text.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name in parts:
                part = parts[name](part.decode("utf-8")).encode("utf-8")
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            entry.create_system = 3
            new.writestr(entry, part)
    return made.getvalue()
