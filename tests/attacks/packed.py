"""Files of tables and shapes that are no text: small sound ones, and what is changed within them.

Bytes changed anywhere mostly end at the first check of a zip or a page of a database; what is changed here
stands in its members and its cells, put together again, so that it gets as far as what reads them.
"""

from __future__ import annotations

import io
import random
import re
import sqlite3
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

Change = Callable[[bytes, list[bytes], random.Random], bytes]

SAID = (
    "", "0", "-1", "1e999", "9" * 40, "99999999999", "NaN", "true", "s", "e", "d", "x" * 300, "A1",
    "XFD1048576", "A1:XFD1048576", "2021-13-45", "0000-00-00", "9999-12-31", "0x1F", "#DIV/0!", "\u0661",
    "\ufffe", "General", "[$-409]", '0"', "[h]:mm", "percentage", "float", "date", "rId1", "rId99",
    "../x.xml", "/xl/workbook.xml", "hidden", "1:2", "_", "%", ";;;", "[Red]", "\u202e", "P1D", "PT1S",
    "4294967296", "-2147483649", "1048577", "0.1.2",
)  # fmt: skip
"""What may stand in the place of an attribute, a text or a cell, in a file that is still one."""

_PLACE = re.compile(rb'(?<==")[^"]*(?=")|(?<=>)[^<>]+(?=<)')
_ELEMENT = re.compile(rb"<[\w:]+[^<>]*?/>|<([\w:]+)[^<>]*>[^<>]*</\1>")


def xlsx() -> bytes:
    """Return a workbook of two sheets with all that a reader looks at."""
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Font

    book, made = Workbook(), io.BytesIO()
    sheet = book.active
    for row in (
        ["Table 1", None, None],
        ["country", 2020, 2021],
        ["France", 1.5, 0.7553],
        ["Spain", date(2021, 3, 4), "=1+1"],
        ["Chile", True, "4 (p)"],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet["C3"].number_format, sheet["B3"].number_format = "0.00%", '#,##0.0,"M"'
    sheet["B4"].comment, sheet["A5"].font = (
        Comment("as of May", "me"),
        Font(bold=True, vertAlign="superscript"),
    )
    sheet.row_dimensions[5].hidden = sheet.column_dimensions["C"].hidden = True
    book.create_sheet("Notes").append(["a note"])
    book.save(made)
    with zipfile.ZipFile(made) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return _zip(members | {"docProps/core.xml": b"<x/>"})  # which says when it was made


def ods() -> bytes:
    """Return an OpenDocument sheet with percentages, dates, merged, repeated and hidden cells."""
    names = "office table text style number fo"
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in names.split())
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>"
        '<number:percentage-style style:name="N1"><number:number number:decimal-places="2"/><number:text>%'
        '</number:text></number:percentage-style><style:style style:name="c1" style:family="table-cell" '
        'style:data-style-name="N1"/></office:automatic-styles><office:body><office:spreadsheet>'
        '<table:table table:name="S0"><table:table-row><table:table-cell>'
        "<text:p>country</text:p></table:table-cell><table:table-cell "
        'office:value-type="float" office:value="2020"><text:p>2020</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="2021"><text:p>2021</text:p>'
        '</table:table-cell></table:table-row><table:table-row table:visibility="collapse"><table:table-cell '
        'table:number-columns-spanned="3"><text:p>left out</text:p></table:table-cell>'
        '<table:covered-table-cell table:number-columns-repeated="2"/></table:table-row><table:table-row>'
        '<table:table-cell><text:p>France<text:s text:c="2"/><text:span>x</text:span></text:p>'
        '</table:table-cell><table:table-cell table:number-columns-repeated="2" table:style-name="c1" '
        'office:value-type="percentage" office:value="0.7553"><text:p>75.53%</text:p></table:table-cell>'
        '</table:table-row><table:table-row table:number-rows-repeated="2"><table:table-cell><text:p>Spain'
        '</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="3"/>'
        '<table:table-cell office:value-type="currency" office:currency="EUR" office:value="4"/>'
        '</table:table-row></table:table><table:table table:name="S1"><table:table-row><table:table-cell '
        'office:value-type="date" office:date-value="2021-03-04"/><table:table-cell '
        'office:value-type="boolean" office:boolean-value="true"/></table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    styles = f"<office:document-styles {spaces}><office:styles/></office:document-styles>"
    parts = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}
    return _zip({name: text.encode() for name, text in (parts | {"styles.xml": styles}).items()})


def xls() -> bytes:
    """Return an old Excel file."""
    import xlwt

    book, made = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("S0")
    percent, day = xlwt.easyxf(num_format_str="0.00%"), xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for row, cells in enumerate((("country", 2020, 2021), ("France", 1.5, "2 (p)"), ("Spain", 3, True))):
        for column, cell in enumerate(cells):
            sheet.write(row + 1, column, cell, *([percent] if cell == 1.5 else []))
    sheet.write_merge(0, 0, 0, 2, "Table 1")
    sheet.write(4, 0, "Chile")
    sheet.write(4, 1, date(2021, 3, 4), day)
    sheet.row(4).hidden = True
    book.save(made)
    return made.getvalue()


def parquets() -> list[bytes]:
    """Return Parquet files of many types."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "country": ["France", "Spain", None],
            "year": pa.array([2020, 2021, 2022], pa.int16()),
            "value": [1.5, float("nan"), 3.0],
            "exact": pa.array([1, 2, None], pa.decimal128(9, 2)),
            "day": pa.array([date(2021, 1, 1)] * 3),
            "at": pa.array([0, 1, None], pa.timestamp("us", "UTC")),
            "yes": [True, None, False],
            "code": pa.array(["a", "b", "a"]).dictionary_encode(),
        }
    )
    made = []
    for options in ({"compression": "none"}, {"compression": "snappy"}, {"use_dictionary": False}):
        out = io.BytesIO()
        pq.write_table(table, out, **options)
        made.append(out.getvalue())
    return made


def geopackage(folder: Path) -> bytes:
    """Return a GeoPackage of two regions; it has no index of places, whose triggers only GDAL can run."""
    import geopandas
    import shapely

    shapes = [shapely.box(0, 0, 9, 9), shapely.MultiPolygon([shapely.box(20, 0, 29, 9)])]
    frame = geopandas.GeoDataFrame(
        {"code": ["A", "B"], "2020": [1, 2], "2021": [0.5, None]}, geometry=shapes, crs="EPSG:4326"
    )
    frame.to_file(folder / "seed.gpkg", driver="GPKG", SPATIAL_INDEX="NO")
    with closing(sqlite3.connect(folder / "seed.gpkg")) as base, base:
        base.execute("UPDATE gpkg_contents SET last_change = '2021-01-01T00:00:00.000Z'")
    return (folder / "seed.gpkg").read_bytes()


def _zip(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)  # of no day: the same bytes each time
    return made.getvalue()


def overwritten(seed: bytes, others: list[bytes], rng: random.Random) -> bytes:
    """Change bytes where something stands, and let all others stay in their places."""
    found = bytearray(seed)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        at = rng.randrange(len(found))
        while not any(found[at : at + 4]):
            at = rng.randrange(len(found))
        for n in range(at, min(at + rng.choice((1, 1, 2, 4)), len(found))):
            found[n] = rng.choice((0, 1, 255, (found[n] + 1) % 256, (found[n] - 1) % 256, rng.randrange(256)))
    return bytes(found)


def repacked(change: Change) -> Change:
    """Return what changes a zip's members, and packs them again."""

    def packed(seed: bytes, others: list[bytes], rng: random.Random) -> bytes:
        with zipfile.ZipFile(io.BytesIO(seed)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        names = [name for name, content in members.items() if content]
        for _ in range(rng.choice((1, 1, 2, 4))):
            name = rng.choice(names)
            match rng.randrange(12):
                case 0:
                    members.pop(name, None)
                case 1:
                    members[rng.choice(names)] = members.get(name, b"")
                case 2 | 3:
                    members[name] = change(members.get(name, b""), [*members.values(), b"x"], rng)
                case 4 | 5:
                    members[name] = _moved(members.get(name, b""), rng)
                case _:
                    members[name] = _said(members.get(name, b""), rng)
        return _zip(members)

    return packed


def _said(content: bytes, rng: random.Random) -> bytes:
    """Put something else in the place of an attribute or a text of XML."""
    places = list(_PLACE.finditer(content))
    if not places:
        return content
    at = rng.choice(places)
    told = rng.choice([rng.choice(SAID), rng.choice(places)[0].decode("utf-8", "replace")])
    told = told.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return content[: at.start()] + told.encode() + content[at.end() :]


def _moved(content: bytes, rng: random.Random) -> bytes:
    """Take an element out, double it, or put it in another one's place."""
    elements = list(_ELEMENT.finditer(content))
    if not elements:
        return content
    one, other = rng.choice(elements), rng.choice(elements)
    put = rng.choice((b"", one[0] * 2, other[0], one[0] + other[0]))
    return content[: one.start()] + put + content[one.end() :]


def recelled(seed: bytes, others: Sequence[bytes], rng: random.Random) -> bytes:
    """Change cells of a database: a GeoPackage's tables, and those that say what these are."""
    with closing(sqlite3.connect(":memory:")) as base:
        base.deserialize(seed)
        tables = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for _ in range(rng.choice((1, 1, 2, 4))):
            table = rng.choice([name for name in tables if not name.startswith("sqlite_")])
            column = rng.choice([row[1] for row in base.execute(f'PRAGMA table_info("{table}")')])
            (old,) = base.execute(f'SELECT "{column}" FROM "{table}"').fetchone() or (b"",)
            blob = bytearray(old if isinstance(old, bytes) else str(old).encode())
            at = rng.randrange(len(blob) + 1)
            blob[at : rng.choice((at, at + 1, at + 9, len(blob)))] = rng.randbytes(rng.randrange(9))
            new = rng.choice((None, rng.choice(SAID), rng.randrange(-9, 2**40), bytes(blob)))
            with suppress(sqlite3.Error):  # it holds what may stand there
                base.execute(f'UPDATE OR IGNORE "{table}" SET "{column}" = ?', (new,))
        base.commit()
        return base.serialize()
