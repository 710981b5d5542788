"""What a shift says is what is known: groups without a row, groups summed and stated, sums of lower bounds."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import geotrack as gt
from geotrack.build import maps
from geotrack.map.spec import Spec
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
