"""A map's data as an Excel workbook, the same bytes for the same map."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import Any

from geotrack.captions.captions import caption
from geotrack.map.content import Content
from geotrack.map.views import Excerpt, View
from geotrack.render.aboutsheets import about_sheet, sources_sheet
from geotrack.render.figuresheets import data_sheets, periods_sheet, tidy_sheet
from geotrack.render.sheet import sound

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip file knows."""


def workbook(part: Excerpt, version: str) -> bytes:
    """Write the sheets Data and Status (one of each per metric), Tidy, Periods, Sources and About.

    Raises
    ------
    OutputError : more rows or columns than a sheet holds.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    data_sheets(book, part)
    tidy_sheet(book, part)
    periods_sheet(book, part)
    sources_sheet(book, part)
    about_sheet(book, part, version, told(part))
    properties = book.properties
    properties.title, properties.creator = sound(part.content.title), f"geotrack {version}"
    properties.created = _moment(part.content)
    file = io.BytesIO()
    book.save(file)
    return _sealed(file.getvalue(), properties.created)


def told(part: Excerpt) -> str:
    """Return the caption of the slices that are exported, in the first metric that is."""
    return caption(View(part.content, "slices", part.slices, part.content.layers.index(part.layers[0])))


def _moment(content: Content) -> datetime:
    """The day on which the newest of the data were published or retrieved: no clock is asked."""
    days = [text[:10] for origin in content.origins for text in (origin.published, origin.retrieved)]
    whole = [text for text in days if re.fullmatch(r"(19[89]|20\d)\d-\d\d-\d\d", text)]
    try:
        return datetime.fromisoformat(max(whole, default="1980-01-01"))
    except ValueError:
        return datetime(*EARLIEST)


def _sealed(content: bytes, moment: Any) -> bytes:
    """Pack it anew without the moment at which it was made."""
    file = io.BytesIO()
    modified = f"{moment:%Y-%m-%dT%H:%M:%SZ}</dcterms:modified>".encode()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(file, "w") as sealed:
        for name in made.namelist():
            data = made.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(?<=>)[^<>]*</dcterms:modified>", modified, data)
            info = zipfile.ZipInfo(name, EARLIEST)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            sealed.writestr(info, data)
    return file.getvalue()
