"""What a shift says is what is known: groups without a row, or summed and stated, sums of lower bounds."""

from __future__ import annotations

import base64
import json
import re
import zlib
from dataclasses import replace
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import geotrack as gt
from geotrack.build import maps
from geotrack.build.own import OwnTable
from geotrack.errors import SpecError
from geotrack.map.spec import Spec
from geotrack.measure import page_modes
from geotrack.model import DoubtfulFigures, OtherReading
from geotrack.store.folder import DataFolder
from geotrack.timemap import TimeMap


def plain(text: str) -> str:
    """A text on one line, its percent signs without a space before them."""
    return " ".join(text.split()).replace("\u00a0%", "%").replace(" %", "%")


def table(rows: list[tuple[str, str, float, str]], **named: object) -> TimeMap:
    frame = pd.DataFrame(rows, columns=["country", "period", "value", "status"])
    return gt.choropleth(frame, **named)  # type: ignore[arg-type]


def doubted(
    rows: list[tuple[str, str, float, str]], doubts: tuple[DoubtfulFigures, ...] = (), **named: object
) -> TimeMap:
    """A map of such a table whose series has figures in doubt; as Cambridge's has, if none are given."""
    told = doubts or DataFolder.of(None).series["cbeci-countries"].doubts
    build = maps.build_own

    def built(spec: Spec, id: str, read: OwnTable, **more: Any) -> TimeMap:
        series = replace(read.series, doubts=told, moves="bottles" if doubts else "")
        return build(spec, id, replace(read, series=series), **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(maps, "build_own", built)
        return table(rows, **named)


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
    told = doubted(rows, unit="%", whole=100, groups=["CHN"]).shift("2021-06", "2021-07")
    assert re.search(rf"Rest, not split +65\.75% +{rest} ", str(told).replace("\u00a0", ""))
    families = {each.assumption for each in told.figure("share.CHN.after").intervals}
    assert ("zeros" in families) == (status != "lower bound")  # "at least 0" is no zero to be doubted


WINE = [
    (country, year, value, "reported")
    for country, values in {"France": (40, 0, 45), "Italy": (35, 60, 30), "Spain *": (20, 35, 20)}.items()
    for year, value in zip(("2019", "2020", "2021"), values, strict=True)
] + [("China", year, 5.0, "reported") for year in ("2019", "2020", "2021")]
OF_MINING = re.compile("VPN|machine|star(red|s )|month|机器|星号|月")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_table_of_ones_own_is_told_nothing_of_bitcoins_stars_zeros_and_machines(lang: str) -> None:
    asked = {"unit": "%", "whole": 100, "groups": ["FRA", "ESP"], "shift": True, "lang": lang}
    made = table(WINE, **asked)
    told = made.shift("2019", "2020")
    assert (told.row("FRA").way, told.row("ESP").way) == ("fell", "rose")
    assert not told.readings
    assumed = {each.assumption for figure in told.figures for each in figure.intervals}
    assert assumed <= {"rounding", "remainder"}
    modes = page_modes.modes_of(made.content)
    assert [each.name for each in modes.readings] == ["reported"]
    assert modes.assumptions.keys() == {"rounding", "remainder"}
    packed = modes_table(made.to_html())
    said = (str(told), told._repr_html_(), packed["words"]["flowsWhat"], json.dumps(packed["readings"]))
    assert [OF_MINING.findall(text.replace("2019", "")) for text in said] == [[]] * len(said)
    with pytest.raises(SpecError, match="no scenario 'stars-to-china'; expected one of: reported"):
        made.shift(scenario="stars-to-china")


def modes_table(page: str) -> dict[str, Any]:
    """What a page's modes are told, unpacked."""
    modes = re.search(r'"modes": ?"([^"]+)"', page)
    assert modes is not None
    found = json.loads(zlib.decompress(base64.b64decode(modes[1]), -15))
    assert isinstance(found, dict)
    return found


def test_what_a_series_declares_is_read_by_its_own_words() -> None:
    """Zeros read as the next year, stars given to Italy: the words are the series', the way is open."""
    readings = (
        OtherReading("vines", "after", "zeros read as the next year", "The harvest was late."),
        OtherReading("italian", "given", "starred wine is Italian", "It was bottled there.", "ITA"),
    )
    doubts = tuple(
        DoubtfulFigures(figures, f"The {figures} may be otherwise.", (reading,))
        for figures, reading in zip(("zeros", "stars"), readings, strict=True)
    )
    made = doubted(WINE, doubts, unit="%", whole=100, groups=["FRA", "ESP"], title="Wine")
    told = plain(str(made.shift("2019", "2020")))
    assert "France: 40%, then 0% (−40 points); whether it rose or fell is not certain." in told
    assert "Read otherwise (zeros read as the next year): " in told
    assert "(total variation; shares, not bottles)" in told
    assert "- zeros: The zeros may be otherwise." in told
    assert "- stars: The stars may be otherwise." in told
    assert "Spain: 20%, then 35% (+15 points); whether" in told
    caption = made.caption("2019", "2020", kind="difference")
    assert not re.search("rose|fell", caption)
    alt = made.alt_text("2019", "2020", kind="difference")
    assert "4 changes go the other way, or none, where doubtful figures are read otherwise" in alt
    late = made.shift("2019", "2020", scenario="vines")
    assert late.row("FRA").after == 45
    assert late.assumption == "The harvest was late."


def test_zeros_of_a_source_that_lists_everything_are_shares_of_nothing() -> None:
    made = gt.choropleth("cbeci-china-provinces")
    layer = made.content.layers[0]
    assert (layer.unstated[-1], layer.whole[-1], layer.mapped[-1]) == (0, 0, 0)
    assert layer.sentences[-1].endswith(" (every figure of this period is reported as zero)")
    assert np.isnan(made.shift("2021-06", "2021-07").figure("variation").value)


# shares of a sum of which a figure is a lower bound

LISTED = ("China", "Canada", "Norway", "Japan")


def revenue(before: list[str], after: list[str]) -> TimeMap:
    """An amount without a whole; a figure that ends in + is a lower bound."""
    rows = [
        (name, year, float(text.rstrip("+")), "lower bound" if text.endswith("+") else "reported")
        for year, figures in (("2020", before), ("2021", after))
        for name, text in zip(LISTED, figures, strict=True)
    ]
    groups = ["CHN", "north-america"]
    return table(rows, unit="USD million", over_time="sum", title="Revenue", groups=groups)


def test_beside_a_lower_bound_a_share_of_the_sum_is_at_most() -> None:
    told = revenue(["60", "20+", "10", "10"], ["60", "60", "10", "10"]).shift()
    china, canada, norway = (told.row(code) for code in ("CHN", "CAN", "NOR"))
    assert (china.before, china.upper, china.lower, china.way) == (60, ("before",), (), "open")
    assert (canada.before, canada.lower, canada.upper, canada.way) == (20, ("before",), (), "open")
    assert (norway.before, norway.upper, norway.status) == (10, ("before",), "lower bound")
    words = plain(str(told))
    assert (
        "China: at most 60%, then 42.86% (−17.14 points, not exact); whether it rose or fell is not" in words
    )
    assert "Canada never overtook China in the 2 slices compared (not certain: lower bounds)." in words
    said = words.partition("──")[0]
    assert "centre moved" not in said
    assert "lie in other regions" not in said
    assert "went from at most 4 to at most 2.75" in said  # as rounding allows
    assert told.figure("share.CHN.change").bound == "at least"
    assert (told.figure("variation").value, told.figure("variation").bound) == (0, "at least")
    spans = {each.assumption: each for each in told.figure("moved").intervals}
    assert (spans["remainder"].low, round(spans["remainder"].high)) == (0, 20015)
    assert told.flows == ()
    assert told.to_dict()["tracks"]["most"]["CHN"] == [60.0, None]
    assert told.row("rest").after == 0


def test_two_lower_bounds_leave_each_share_of_the_sum_open_but_not_that_of_both() -> None:
    told = revenue(["60", "20+", "10+", "10"], ["60", "60", "10", "10"]).shift(
        groups={"both": ["CAN", "NOR"], "CAN": ["CAN"], "CHN": ["CHN"]}
    )
    assert [told.row(code).before for code in ("both", "CAN", "CHN")] == [30, 0, 60]
    assert [told.row(code).lower for code in ("both", "CAN", "CHN")] == [("before",), ("before",), ()]
    assert told.row("CHN").upper == ("before",)


def test_a_scenario_leaves_a_sum_with_lower_bounds_open() -> None:
    rows = [("China", f"2021-0{m}", value, "reported") for m, value in ((6, 60.0), (7, 0.0), (8, 60.0))]
    rows += [("Canada", f"2021-0{m}", 20.0, "lower bound" if m == 8 else "reported") for m in (6, 7, 8)]
    rows += [(name, f"2021-0{m}", 10.0, "reported") for m in (6, 7, 8) for name in ("Norway", "Japan")]
    made = doubted(rows, unit="USD million", over_time="sum", title="Revenue", groups=["CHN", "CAN"])
    told = made.shift("2021-07", "2021-08", scenario="zeros-as-before")
    china, canada = told.row("CHN"), told.row("CAN")
    assert (china.before, china.after, china.upper) == (60, 60, ("after",))
    assert (canada.before, canada.after, canada.lower) == (20, 20, ("after",))


FIGURE = st.tuples(st.integers(1, 99), st.booleans(), st.floats(0, 400))


@settings(max_examples=25)
@given(st.tuples(*[FIGURE] * 4), st.tuples(*[FIGURE] * 4))
def test_whatever_lower_bounds_stand_for_lies_within_what_is_said(
    before: tuple[tuple[int, bool, float], ...], after: tuple[tuple[int, bool, float], ...]
) -> None:
    texts = [[f"{n}{'+' * least}" for n, least, _ in ends] for ends in (before, after)]
    told = revenue(*texts).shift()
    true = np.array([[n + least * more for n, least, more in ends] for ends in (before, after)]).T
    true = 100 * true / true.sum(axis=0)
    lines = {"CHN": true[0], "CAN": true[1], "NOR": true[2], "JPN": true[3], "north-america": true[1]}
    for code, share in lines.items():
        row = told.row(code)
        for name, value in zip(("before", "after"), share.tolist(), strict=True):
            stated, wide = getattr(row, name), 1e-6
            assert name in row.lower or value <= stated + wide
            assert name in row.upper or value >= stated - wide
        way = np.sign(np.round(share[1] - share[0], 6))
        assert row.way in {"open", {1: "rose", -1: "fell", 0: "same"}[int(way)]}
    moved = np.abs(true[:, 1] - true[:, 0]).sum() / 2
    squares = (true**2).sum(axis=0) / 100**2
    truths = {"variation": moved, "hhi.before": squares[0], "hhi.after": squares[1]}
    for key, value in truths.items():
        figure = told.figure(key)
        spans = [each for each in figure.intervals if each.assumption == "remainder"]
        low, high = (spans[0].low, spans[0].high) if spans else (figure.value, figure.value)
        assert low - 1e-6 <= value <= high + 1e-6, key


# the page's panel of two parts


def test_the_panel_of_a_page_and_the_command_tell_the_same_of_two_parts() -> None:
    asked = {"metrics": ["revenue_share"], "groups": ["CHN", "canaan-overseas"], "shift": True}
    made = gt.choropleth("canaan-revenue", **asked)  # type: ignore[arg-type]
    modes = made.content.modes
    assert modes is not None
    assert modes.few
    tracks, names = modes.readings[0].tracks, [step.iso for step in made.content.slices]
    for each in (made, gt.choropleth("canaan-revenue")):
        told = each.shift("2018", "2025-Q2")
        [rounding] = told.figure("share.canaan-overseas.before").intervals
        low, high = tracks.bands["canaan-overseas"]["rounding"]
        at = names.index("2018")
        assert [rounding.low, rounding.high] == pytest.approx([23.85, 23.95])
        assert [low[at], high[at]] == pytest.approx([23.85, 23.95])
        assert (
            tracks.most["canaan-overseas"][names.index("2025-Q2")] == told.row("canaan-overseas").after == 50
        )


def test_at_least_all_is_all_and_at_most_nothing_is_nothing() -> None:
    rows = [("China", "2020", 100.0, "lower bound"), ("Canada", "2020", 0.0, "reported")]
    rows += [("China", "2021", 60.0, "reported"), ("Canada", "2021", 40.0, "reported")]
    told = table(rows, unit="%", whole=100, groups=["CHN", "CAN"]).shift()
    text = plain(str(told))
    assert "China fell from 100% to 60%" in text
    assert "60% to 100%" in text
    assert "at least 100%" not in text
    assert "at most 0%" not in text


def test_an_index_leaves_room_for_the_bounds_among_few_regions() -> None:
    """What is not stated may lie with the region that is "at least 0" as well as with the one not named."""
    shapes = [shapely.box(at, 50, at + 1, 51) for at in range(5)]
    own = geopandas.GeoDataFrame({"code": ["A", "B", "C", "D", "E"]}, geometry=shapes, crs="EPSG:4326")
    cells = [("A", 0.0, "lower bound"), ("B", 50.0, "reported"), ("C", 20.0, "reported")]
    cells.append(("E", 10.0, "reported"))
    rows = [(code, year, value, status) for year in ("2020", "2021") for code, value, status in cells]
    made = table(rows, boundaries=own, unit="%", whole=100).shift()
    assert made.figure("hhi.after").value <= 0.25 + 0.04 + 3 * 0.01 + 1e-12


# what may be rounding alone, and a rest of sums of other figures


def test_no_share_is_said_to_lie_elsewhere_where_rounding_may_be_all_of_it() -> None:
    codes = ["CHN", "USA", "CAN", "RUS", "KAZ", "IRN", "NOR", "DEU", "FRA", "MYS"]
    rows = [(c, "2020", 10.0, "reported") for c in codes]
    rows += [(c, "2021", 10.1 if i % 2 else 9.9, "reported") for i, c in enumerate(codes)]
    told = table(rows, unit="%", whole=100).shift()
    spans = told.figure("variation").intervals
    assert [each.low for each in spans if each.assumption == "rounding"] == [0]
    assert "in other regions than before" not in plain(str(told))
    rows = [
        (c, p, v + 8 * (p == "2021") * (1 if c == "CHN" else -1 if c == "USA" else 0), s)
        for c, p, v, s in rows
    ]
    assert "of the shares of the whole lie in other regions" in plain(
        str(table(rows, unit="%", whole=100).shift())
    )


@pytest.mark.parametrize(("lang", "name"), [("en", "Rest, with rounding"), ("zh", "其余，含舍入差")])
def test_a_rest_that_has_rounding_in_it_is_called_so(lang: str, name: str) -> None:
    rows = [(c, "2020", 33.3, "reported") for c in ("CHN", "USA", "CAN")]
    rows += [
        ("CHN", "2021", 30.2, "reported"),
        ("USA", "2021", 33.4, "reported"),
        ("CAN", "2021", 36.3, "reported"),
    ]
    made = table(rows, unit="%", whole=100, lang=lang)
    assert made.shift().row("rest").name == name
    assert page_modes.modes_of(made.content).rest == name
    rows = [("CHN", "2020", 60, "reported"), ("CHN", "2021", 50, "reported")]
    assert table(rows, unit="%", whole=100).shift().row("rest").name == "Rest, not split"


def test_a_rest_of_a_sum_of_other_figures_is_no_zero() -> None:
    rows = [("CHN", "2020", 50.0), ("USA", "2020", 30.0), ("Other", "2020", 20.0)]
    rows += [("CHN", "2022", 50.0), ("USA", "2022", 30.0)]
    row = table([(*each, "reported") for each in rows], unit="t", over_time="sum").shift().row("rest")
    assert (row.before, row.status, row.way) == (20, "missing", "open")
    assert np.isnan([row.after, row.change]).all()
