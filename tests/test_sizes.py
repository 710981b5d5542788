"""A small file that stands for more than the memory holds is refused, and it is said what helps."""

from __future__ import annotations

import io
import itertools
import json
import os
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geotrack import files
from geotrack.errors import BoundaryError, ParseError
from geotrack.geo.own import read_file
from geotrack.usertables import features
from geotrack.usertables.files import excel, parquet
from geotrack.usertables.reading import Asked, read

HELPS = r"with enough memory, say --most-bytes (\d+)"


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def workbook(part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook of one row, a part of it changed."""
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in (["country", "year", "v"], ["China", 2020, 1]):
        book.active.append(row)
    book.save(stream)
    with zipfile.ZipFile(stream) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped(**parts | {part: change(parts.get(part, b""))})


def styles(count: int) -> bytes:
    return workbook("xl/styles.xml", lambda c: c.replace(b"</cellXfs>", b"<xf/>" * count + b"</cellXfs>"))


def texts(count: int) -> bytes:
    return workbook("xl/sharedStrings.xml", lambda _: b"<sst>" + b"<si><t/></si>" * count + b"</sst>")


def sheet(cells: int) -> bytes:
    more = b"".join(b'<row r="%d"><c><v>1</v></c></row>' % n for n in range(3, cells))
    return workbook("xl/worksheets/sheet1.xml", lambda c: c.replace(b"</sheetData>", more + b"</sheetData>"))


def ods(cells: int) -> bytes:
    head = b'<a xmlns:table="t"><table:table table:name="S">'
    return zipped(**{"content.xml": head + b"<b/>" * cells + b"</table:table></a>"})


def repeated(length: int, rows: int) -> bytes:
    """Return a Parquet file of a text that is kept once and stands in every row."""
    stream = io.BytesIO()
    text = pa.DictionaryArray.from_arrays(pa.array([0] * rows, type=pa.int32()), pa.array(["y" * length]))
    pq.write_table(pa.table({"country": text, "v": pa.array([1] * rows)}), stream, compression="zstd")
    return stream.getvalue()


BOMBS = {
    "styles": lambda: styles(900_000),
    "texts": lambda: texts(9_000_000),
    "ods": lambda: ods(17_000_000),
    "a repeated text": lambda: repeated(6000, 200_000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_little_memory(name: str, tmp_path: Path) -> None:
    """Its reading, in a process that may take 1.5 GB (with all that is loaded), ends with our words."""
    path = tmp_path / "bomb"
    path.write_bytes(BOMBS[name]())
    assert path.stat().st_size < 500_000
    code = (
        "import pathlib, resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_AS, (3 << 29, 3 << 29))\n"
        "from geotrack.errors import ParseError\nfrom geotrack.usertables.reading import read\n"
        "try:\n    read(pathlib.Path(sys.argv[1]).read_bytes(), 'bomb')\n"
        "except ParseError as error:\n    print(error)\n"
    )
    env = os.environ | {
        "OPENBLAS_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "OMP_NUM_THREADS": "1",
    }
    made = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False, env=env
    )
    assert re.search(HELPS, made.stdout), (made.stdout, made.stderr[-500:])


@pytest.mark.parametrize(
    "content",
    [styles(300), texts(300), sheet(300), ods(3000), repeated(300, 300)],
    ids=["styles", "texts", "rows", "ods", "a repeated text"],
)
def test_the_limit_is_said_and_raised_by_what_is_said(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 100_000)
    monkeypatch.setattr(files, "MOST_ELEMENTS", 300)
    monkeypatch.setattr(excel, "MOST_BYTES", 7000)
    monkeypatch.setattr(parquet, "MOST_UNPACKED", 7000)
    monkeypatch.setattr("geotrack.usertables.files.opendocument.MOST_BYTES", 7000)
    most, said = 0, []
    for _ in range(3):
        try:
            read(content, "t", asked=Asked(most_bytes=most))
            break
        except ParseError as error:
            found = re.search(HELPS, str(error))
            said.append(str(error))
            if found is None:
                break
            assert int(found[1]) > most
            most = int(found[1])
    assert "expected at most" in said[0]
    assert "expected at most" not in said[-1] or len(said) < 3, said  # what is said helps


def test_a_parquet_that_lies_of_its_size_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_refuse_size", lambda *_: None)  # as if its own word were small
    with pytest.raises(ParseError, match=r"1,2\d\d,\d\d\d,\d\d\d bytes once unpacked; expected at most"):
        read(repeated(6000, 200_000), "t.parquet")


def test_streams_without_an_end_are_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 3 << 20)
    with pytest.raises(ParseError, match=HELPS):
        files.load(Path("/dev/zero"), "/dev/zero")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def pour() -> None:
        with pipe.open("wb", buffering=0) as out:
            try:
                for _ in itertools.count():
                    out.write(b"a,b\n" * 10_000)
            except BrokenPipeError:
                pass

    thread = threading.Thread(target=pour)
    thread.start()
    with pytest.raises(ParseError, match=HELPS):
        files.load(pipe, "pipe")
    thread.join()


def square(note: str = "") -> dict[str, Any]:
    ring = [[0, 0], [1, 0], [1, 1], [0, 0]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    one = {"type": "Feature", "properties": {"code": "A", "note": note}, "geometry": shape}
    return {"type": "FeatureCollection", "features": [one]}


def test_boundaries_are_counted_before_and_when_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import geopandas

    frame = geopandas.GeoDataFrame.from_features(square()["features"], crs=4326)
    frame.to_file(tmp_path / "s.shp")
    (tmp_path / "s.json").write_text(json.dumps(square("x" * 3000)), encoding="utf-8")
    parts = {path.name: path.read_bytes() for path in tmp_path.glob("s.*") if path.suffix != ".json"}
    (tmp_path / "z.zip").write_bytes(zipped(**parts | {"s.dbf": parts["s.dbf"] + b"\0" * 50_000}))
    (tmp_path / "s.dbf").write_bytes(parts["s.dbf"] + b"\0" * 50_000)
    monkeypatch.setattr(files, "MOST_BYTES", 10_000)
    for name in ("s.shp", "s.json", "z.zip"):
        path = tmp_path / name
        with pytest.raises(BoundaryError, match=HELPS):
            read_file(path, code="code")
        with pytest.raises(ParseError, match=HELPS):
            features.read(path.read_bytes(), name, Asked(), path)
        assert read_file(path, code="code", most=200_000).codes == ("A",)


def test_a_file_by_hand_has_a_limit_that_is_raised(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 1000)
    path = tmp_path / "post.csv"
    path.write_text("quarter,country,share\n" + "Q4 2026,China,99\n" * 100, encoding="utf-8")
    answer = run("update", "luxor", "--from", path, "--dry-run")
    assert answer.code == 3, answer
    assert re.search(HELPS, answer.err)
    assert "--most-bytes" not in run("update", "luxor", "--from", path, "--dry-run", "--most-bytes", 9000).err
