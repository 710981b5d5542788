"""Names of columns that say more than their period: units, flags, several metrics."""

from __future__ import annotations

from pathlib import Path

import pytest

import geotrack as gt
from geotrack.errors import AmbiguousError, GeotrackError
from geotrack.usertables import guess
from geotrack.usertables.reading import read

# All figures here are synthetic.


@pytest.mark.parametrize(
    ("first", "second", "unit"),
    [("2021 (USD m)", "2022 (USD m)", "USD m"), ("2021 %", "2022 %", "%"), ("% 2021", "% 2022", "%"),
     ("2021 [1000 t]", "2022 [1000 t]", "thousand t"), ("USD 2021", "USD 2022", "USD")],
)  # fmt: skip
def test_the_unit_of_all_periods_is_taken_off_their_names(first: str, second: str, unit: str) -> None:
    table = read(f"Country,{first},{second}\nFrance,1,2\nSpain,3,4\n".encode(), "t.csv")
    mapping = guess(table, {}, units=False)
    assert (mapping.layout, mapping.units) == ("wide", (unit,))
    assert table.columns == ("Country", "2021", "2022")


@pytest.mark.parametrize("header", ["2021 (USD m),2022 (EUR m)", "2021 (foo),2022 (foo)"])
def test_names_with_other_units_or_none_stay(header: str) -> None:
    with pytest.raises(AmbiguousError):
        guess(read(f"Country,{header}\nFrance,1,2\nSpain,3,4\n".encode(), "t.csv"), {}, units=False)


@pytest.mark.parametrize(("title", "unit"), [("Revenue (£)", "million £"), ("Rainfall", "m")])
def test_a_letter_in_brackets_behind_periods_is_the_scale_of_the_title(title: str, unit: str) -> None:
    table = read(f"{title}\n\nCountry,2021 (m),2022 (m)\nFrance,1,2\nSpain,3,4\n".encode(), "t.csv")
    assert guess(table, {}, units=False).units == (unit,)


def test_one_letter_behind_a_period_is_no_scale() -> None:
    table = read(b"Country,2021 k,2022 k\nFrance,1,2\nSpain,3,4\n", "t.csv")
    assert {*table.frame["metric"]} == {"k"}


@pytest.mark.parametrize(
    "header",
    ["Country,2021,2021 Flag,2022,2022 Flag", "Country,2021,Flag,2022,Flag",
     "Country,2021,Status 2021,2022,Status 2022",
     "Country,2021 (USD),2021 Flag,2022 (USD),2022 Flag", ",2021,,2022,\nCountry,Value,Flag,Value,Flag"],
)  # fmt: skip
def test_flags_beside_each_period_are_statuses(tmp_path: Path, header: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"{header}\nFrance,1,e,2,\nSpain,3,,4,p\n", encoding="utf-8")
    rows = gt.choropleth(path).to_frame()
    told = {(row.region, str(row.start)[:4]): (row.value, row.status) for row in rows.itertuples()}
    assert told == {
        ("FRA", "2021"): (1, "estimated"), ("FRA", "2022"): (2, "reported"),
        ("ESP", "2021"): (3, "reported"), ("ESP", "2022"): (4, "reported"),
    }  # fmt: skip
    assert [row.note for row in rows.itertuples() if row.value == 4] == ["provisional"]


def test_percent_signs_beside_a_metric_without_a_unit_are_refused_with_what_to_do() -> None:
    text = "Country,2021 {0},2021 Share,2022 {0},2022 Share\nFrance,1,25%,2,30%\nSpain,3,75%,4,70%\n"
    with pytest.raises(GeotrackError, match=r"'Share' has percent signs.*such as 'Value \(USD\)'"):
        read(text.format("Value").encode(), "t.csv")
    table = read(text.format("Value (USD)").encode(), "t.csv")
    assert {*zip(table.frame["metric"], table.frame["unit"], strict=True)} == {
        ("Value", "USD"),
        ("Share", "%"),
    }


def test_what_is_no_unit_stays_in_the_names_of_crossed_metrics() -> None:
    text = "Country,2021 People (male),2021 People (female)\nFrance,1,2\n"
    assert {*read(text.encode(), "t.csv").frame["metric"]} == {"People (male)", "People (female)"}
