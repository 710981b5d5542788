"""What a shift says is what is known: groups without a row, groups summed and stated, sums of lower bounds."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import geotrack as gt
from geotrack.measure import page_modes
from geotrack.timemap import TimeMap


def plain(text: str) -> str:
    """A text on one line, its percent signs without a space before them."""
    return " ".join(text.split()).replace("\u00a0%", "%").replace(" %", "%")


def table(rows: list[tuple[str, str, float, str]], **named: object) -> TimeMap:
    frame = pd.DataFrame(rows, columns=["country", "period", "value", "status"])
    return gt.choropleth(frame, **named)  # type: ignore[arg-type]


# a group without a row


def test_a_group_of_regions_that_are_not_listed_is_not_known_wherever_a_shift_is_told() -> None:
    made = gt.choropleth("cbeci-countries", groups=["MEX", "CHN"])
    told = made.shift()
    assert plain(str(told)).find("Change not known: Mexico.") > 0
    row = json.loads(json.dumps(told.to_dict()))["rows"]
    assert [each["status"] for each in row if each["code"] == "MEX"] == ["missing"]
    assert "Change not known: Mexico." in plain(told._repr_html_())
    modes = page_modes.modes_of(made.content)
    assert np.isnan(modes.readings[0].tracks.lines["MEX"]).all()


# a group that is stated in one slice, and by its members in another


@pytest.mark.parametrize("own", [True, False])
def test_map_and_shift_agree_on_a_group_with_a_row_of_its_own_in_one_slice(own: bool) -> None:
    rows = [("China", "2020", 50.0), ("North America", "2020", 40.0), ("China", "2021", 30.0)]
    rows += [("Canada", "2021", 10.0), ("United States", "2021", 35.0), ("Mexico", "2021", 5.0)]
    made = table([(*row, "reported") for row in rows], unit="%", whole=100, groups=["CHN", "north-america"])
    names = [group.code for group in made.content.groups]
    drawn = made.content.layers[0].groups[names.index("north-america")]
    bare = table([(*row, "reported") for row in rows], unit="%", whole=100)
    told = made.shift() if own else bare.shift(groups=["CHN", "north-america"])
    row = told.row("north-america")
    assert (row.before, row.after, row.way) == (*drawn, "rose") == (40, 50, "rose")
    assert "North America rose from 40% to 50% (+10 points)." in plain(str(told))
    assert told.figure("share.north-america.after").intervals[0].low == 48.5  # of three rounded figures


def test_map_and_shift_agree_on_a_shipped_series() -> None:
    asked = {"metrics": ["btbt_machines_owned"], "groups": ["north-america", "CHN"]}
    made = gt.choropleth("company-hashrate", **asked)  # type: ignore[arg-type]
    drawn = made.content.layers[0].groups
    row = made.shift("2021-04-30", "2021-06-30").row("north-america")
    expected = 100 * drawn[0, :2] / drawn[:2, :2].sum(axis=0)
    assert [row.before, row.after] == pytest.approx(expected.tolist())
