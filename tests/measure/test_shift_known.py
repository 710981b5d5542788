"""What a shift says is what is known: groups without a row, groups summed and stated, sums of lower bounds."""

from __future__ import annotations

import json
import re

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


# a slice of zeros


@pytest.mark.parametrize(
    ("status", "sentence", "rest"),
    [
        ("reported", "July 2021: China 0% (every figure of this period is reported as zero)", "100.00%"),
        ("estimated", "July 2021: China 0% (every figure of this period is zero)", "100.00%"),
        ("lower bound", "July 2021: China at least 0%", "at most 100%"),
    ],
)
def test_zeros_of_one_region_say_nothing_of_the_others(status: str, sentence: str, rest: str) -> None:
    rows = [("China", "2021-06", 34.25, "reported"), ("China", "2021-07", 0.0, status)]
    rows += [("China", "2021-09", 22.29, "reported")]
    made = table(rows, unit="%", whole=100, title="Share of China", groups=["CHN"])
    layer = made.content.layers[0]
    assert layer.unstated.tolist() == pytest.approx([65.75, 100, 77.71])
    assert layer.whole.tolist() == [100, 100, 100]
    assert plain(layer.sentences[1]) == sentence
    told = made.shift("2021-06", "2021-07")
    assert re.search(rf"Rest, not split +65\.75% +{rest} ", str(told).replace("\u00a0", ""))
    families = {each.assumption for each in told.figure("share.CHN.after").intervals}
    assert ("zeros" in families) == (status != "lower bound")  # "at least 0" is no zero to be doubted


def test_zeros_of_a_source_that_lists_everything_are_shares_of_nothing() -> None:
    made = gt.choropleth("cbeci-china-provinces")
    layer = made.content.layers[0]
    assert (layer.unstated[-1], layer.whole[-1], layer.mapped[-1]) == (0, 0, 0)
    assert layer.sentences[-1].endswith(" (every figure of this period is reported as zero)")
    assert np.isnan(made.shift("2021-06", "2021-07").figure("variation").value)
