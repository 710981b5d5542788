"""Numbers that mark what is missing, and years of which a line says that they are parts."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import geotrack as gt
from geotrack.errors import AmbiguousError

LONG = "country,year,co2\nChina,2019,10\nChina,2020,{mark}\nCanada,2019,5\nCanada,2020,{other}\n"


def read(tmp_path: Any, text: str, **said: Any) -> pd.DataFrame:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    return gt.choropleth(path, **said).to_frame()


@pytest.mark.parametrize("mark", ["-9999", "-999", "-99", "-9999.0", "-999.9"])
def test_a_number_far_below_all_others_is_asked_about(tmp_path: Any, mark: str) -> None:
    text = LONG.format(mark=mark, other="6")
    with pytest.raises(AmbiguousError, match=rf"{mark}.*empty="):
        read(tmp_path, text)
    values = read(tmp_path, text, empty=mark)["value"].dropna()
    assert sorted(values) == [5, 6, 10]
    kept = read(tmp_path, text, empty="n.a.")["value"].dropna()
    assert sorted(kept) == [float(mark), 5, 6, 10]


@pytest.mark.parametrize(("mark", "other"), [("-99", "-98.5"), ("-999", "-400"), ("-9998", "6"), ("99", "9")])
def test_other_figures_are_read_as_they_are(tmp_path: Any, mark: str, other: str) -> None:
    values = read(tmp_path, LONG.format(mark=mark, other=other))["value"]
    assert sorted(values) == sorted([5, 10, float(mark), float(other)])


def test_a_table_in_memory_is_asked_about_too() -> None:
    frame = pd.DataFrame(
        {"country": ["China", "China", "Canada"], "year": [2019, 2020, 2019], "co2": [10.0, -9999.0, 5.0]}
    )
    with pytest.raises(AmbiguousError, match="-9999"):
        gt.choropleth(frame)
    assert sorted(gt.choropleth(frame, empty="-9999").to_frame()["value"].dropna()) == [5, 10]


WIDE = "{above}\ncountry,2019,2020,2021\nChina,10,20,30\nCanada,5,6,7\n{below}\n"


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ('"Revenue, 2021: January-September"', ""),
        ('"Revenue (2021: Jan to Sep)"', ""),
        ("Umsatz", '"2021: Januar bis September"'),
        ("Revenue", '"* 2021: first half only"'),
        ("Revenue; H1 2021", ""),
    ],
)
def test_a_line_that_says_of_one_year_that_it_is_a_part_is_asked_about(
    tmp_path: Any, above: str, below: str
) -> None:
    text = WIDE.format(above=above, below=below)
    with pytest.raises(AmbiguousError, match="say of 2021 that it is a part of a year"):
        read(tmp_path, text)
    found = read(tmp_path, text, freq="year")
    assert {*found["start"].astype(str)} == {"2019-01-01", "2020-01-01", "2021-01-01"}


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("Revenue", '"Source: IMF, World Economic Outlook, April 2021"'),
        ("Revenue", '"Last updated January-March 2021"'),
        ("Revenue 2019-2021", ""),
        ("Revenue; prices of 2021", ""),
    ],
)
def test_a_line_about_the_file_is_not(tmp_path: Any, above: str, below: str) -> None:
    assert len(read(tmp_path, WIDE.format(above=above, below=below))) == 6


@pytest.mark.parametrize(
    "head", ["API", "Marca", "SET", "out", "MAR", "3 out of 10 adults", "Table 5 may differ"]
)
def test_a_word_that_is_a_month_in_some_language_is_no_month_of_the_years(tmp_path: Any, head: str) -> None:
    found = read(tmp_path, WIDE.format(above=head, below=""))
    assert {*found["start"].astype(str)} == {"2019-01-01", "2020-01-01", "2021-01-01"}
