"""Rows of text as they stand, and every way in which a file is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from geotrack.errors import ParseError
from geotrack.store.tables import read_rows, read_toml


def file(folder: Path, content: str | bytes) -> Path:
    path = folder / "some.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_cells_stay_as_they_are(tmp_path: Path) -> None:
    path = file(tmp_path, '\ufeffcode,name,more\r\nNA," a, ""b"" ",\r\nnan,null,x\r\n\r\n\r\n')
    assert read_rows(path, ("name", "code")) == [
        {"code": "NA", "name": ' a, "b" ', "more": ""},
        {"code": "nan", "name": "null", "more": "x"},
    ]


def test_a_head_alone_has_no_rows(tmp_path: Path) -> None:
    assert read_rows(file(tmp_path, "a,b\n"), ("a", "b")) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no column a, b; expected a, b"),
        ("a\n1\n", "no column b; expected a, b"),
        ("a,b\n1,2\nQQQ\n", r"expected 2 cells in each row \(a, b\); row 3 has 1: 'QQQ'; fill what lacks"),
        (
            "a,b\n\n1,2,3\n4\n",
            r".*; row 2 has 0: ''; row 3 has 3: '1,2,3'; row 4 has 1: '4'; fill what lacks, put cells",
        ),
        ("a,b\n" + 12 * "1\n", r".*; row 11 has 1: '1'; and 2 more; fill"),
        (b"a,b\n\xff,2\n", "cannot be read as CSV: .*utf-8.*; expected text in UTF-8 with the columns a, b"),
        ('a,b\n1,"2\n', "cannot be read as CSV: unexpected end of data"),
    ],
)
def test_what_is_no_table_is_refused_with_its_rows(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    with pytest.raises(ParseError, match=rf"some\.csv: {message}"):
        read_rows(file(tmp_path, content), ("a", "b"))


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match=r"none\.csv: no such file; expected a CSV with the columns a, b"):
        read_rows(tmp_path / "none.csv", ("a", "b"))
    with pytest.raises(ParseError, match=r": cannot be read as CSV: .*directory"):
        read_rows(tmp_path, ("a",))


def test_tables_of_toml_are_read(tmp_path: Path) -> None:
    assert read_toml(file(tmp_path, "[a]\nb = 1\n"), "things") == {"a": {"b": 1}}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[a", "cannot be read as tables of things: .*; expected TOML in UTF-8, see data/README.md"),
        (b"\xff", "cannot be read as tables of things: .*utf-8"),
        (
            "a = 1\nb = 2\n",
            r"cannot be read as tables of things: a, b outside of any table; expected \[name\]",
        ),
    ],
)
def test_what_are_no_tables_is_refused(tmp_path: Path, content: str | bytes, message: str) -> None:
    with pytest.raises(ParseError, match=rf"some\.csv: {message}"):
        read_toml(file(tmp_path, content), "things")


def test_a_missing_toml_is_said(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match=r"none\.toml: cannot be read as tables of things: .*No such file"):
        read_toml(tmp_path / "none.toml", "things")
