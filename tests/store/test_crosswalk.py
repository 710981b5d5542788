"""A crosswalk that a user gives: read as people write it, refused where it leads nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from geotrack.errors import ParseError, RegionError
from geotrack.store.crosswalk import kept, read_crosswalk, read_given, written
from geotrack.store.regions import Regions

REGIONS = Regions.read(Path(__file__).parents[2] / "data" / "reference")


@pytest.mark.parametrize(
    "text",
    [
        "label,region,note\nOutremer,other,\nUS of A,USA,x\nlater,,perhaps China?\n",
        "\ufeffregion;label;why\nOTHER;Outremer;;\nUSA;US of A\n;later\n",  # as a spreadsheet saves it
        'more\tlabel\tregion\n1\tOutremer\tOther\n2\t"US of A"\tUS\n',
    ],
)
def test_a_crosswalk_is_read_with_any_columns_beside(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8")
    assert read_given(path, REGIONS) == {"Outremer": "other", "US of A": "USA"}


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("label,code\nA,USA\n", ParseError, r"its columns are 'label', 'code'; expected .* label and region"),
        ("", ParseError, r"its columns are none"),
        (
            "label,region\nA,USA\nA,CAN\n",
            ParseError,
            r"labels with two codes: row 3: 'A' -> 'CAN', before 'USA'",
        ),
        (
            "label,region\nA,Utopia\nB,QQQ\n,USA\n",
            RegionError,
            r"codes that there are not: row 2: 'A' -> 'Utopia'; row 3: 'B' -> 'QQQ'; row 4: '' -> 'USA'",
        ),
        ("label,region\nCongo,Congo\n", RegionError, r"row 2: 'Congo' -> 'Congo'"),
    ],
)
def test_what_leads_nowhere_is_refused(
    tmp_path: Path, text: str, error: type[Exception], message: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(error, match=message):
        read_given(path, REGIONS)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"label,region\n\xff\xfe,USA\n")
    for name in ("x.csv", "none.csv"):
        with pytest.raises(ParseError, match=rf"{name}: cannot be read: .*expected a CSV in UTF-8"):
            read_given(tmp_path / name, REGIONS)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    codes = {'A "quoted", label': "USA", "中": "CHN", " Z": "other"}
    path = tmp_path / "x.csv"
    path.write_bytes(kept(codes, REGIONS))
    assert read_crosswalk(path) == codes
    assert path.read_text(encoding="utf-8").splitlines()[1] == " Z,other,Other"
    path.write_bytes(written([("Chnia", "", "perhaps China?")]))
    assert read_given(path, REGIONS) == {}
