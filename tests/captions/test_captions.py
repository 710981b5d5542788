"""Captions say what the data say: checked against data/ by another way, and on contents made up."""

from __future__ import annotations

import csv
import re
import shutil
from collections import defaultdict
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import geotrack as gt
from geotrack.build import maps
from geotrack.captions import captions, notes
from geotrack.captions.readings import movement, reading
from geotrack.errors import SpecError
from geotrack.language import catalogue
from geotrack.map import spec, views
from geotrack.measure.shift import measure
from geotrack.model import ESTIMATED, LOWER_BOUND, MISSING, REPORTED
from geotrack.timemap import TimeMap

ROOT = Path(__file__).parents[2]
MAPS = sorted(path.stem for path in (ROOT / "maps").glob("*.toml"))
KINDS: tuple[views.Kind, ...] = ("map", "slices", "difference", "film")


@pytest.fixture(scope="module")
def chinese() -> dict[str, Any]:
    found = {}
    for name in MAPS:
        wanted = replace(spec.read(ROOT / "maps" / f"{name}.toml"), lang="zh")
        found[name] = maps.build(wanted, name, ROOT / "data")
    return found


def every_view(content: Any) -> list[views.View]:
    """Each slice alone, all neighbours and the ends as a difference, several, a film, the map."""
    names, found = [step.iso for step in content.slices], []
    for layer in content.layers:
        metric = layer.metric.name
        found += [views.choose(content, "slices", [name], metric) for name in names]
        pairs = [*pairwise(names), (names[0], names[-1])]
        found += [views.choose(content, "difference", pair, metric) for pair in pairs if len(names) > 1]
        found += [views.choose(content, "slices", names, metric), views.choose(content, "film", (), metric)]
        found.append(views.choose(content, "map", (), metric))
    return found


def rows_of(series: str) -> dict[tuple[str, str, str], dict[str, tuple[Decimal, str]]]:
    """(metric, start, end) -> region -> (value, status), read from data/ without geotrack."""
    found: dict[tuple[str, str, str], dict[str, tuple[Decimal, str]]] = defaultdict(dict)
    with (ROOT / "data/observations" / f"{series}.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            key = row["metric"], row["start"], row["end"]
            found[key][row["region"]] = Decimal(row["value"]), row["status"]
    return found


def one_decimal(value: Decimal) -> str:
    if not value:
        return "0"
    return f"{value.quantize(Decimal('0.1'), rounding=ROUND_HALF_UP):,}".replace("-", "−")


@pytest.mark.parametrize("name", ["shift", "hashrate-share", "china-provinces"])
def test_every_slice_says_what_stands_in_the_data(timemaps: Any, name: str) -> None:
    content = timemaps[name]
    table = rows_of(content.series.name)
    names = {unit.code: unit.name for unit in content.units}
    placed = {unit.code for unit in content.units if unit.members}
    for step in content.slices:
        own = {c: v for c, (v, _) in table["share", step.start, step.end].items() if c in placed}
        view = views.choose(content, "slices", [step.iso], "share")
        text, short = captions.long_description(view), captions.caption(view)
        ranked = sorted(own.values(), reverse=True)
        if not any(own.values()):
            assert "Every figure on the map is reported as zero." in text
            assert "Every figure on the map is reported as zero." in short
            continue
        top = [names[c] for c, v in own.items() if v == ranked[0]]
        assert len(top) == 1
        second = {v for v in own.values() if v < ranked[0]}
        other = table["share", step.start, step.end].get("other", (Decimal(0), ""))[0]
        following = "second" if other < max(second) else "next stated on the map"  # "Other" may be one region
        assert f"Highest on the map: {top[0]}, {one_decimal(ranked[0])}%; {following}: " in text
        assert f", {one_decimal(max(second))}%" in text.split(f"{following}: ")[1].split(". ")[0]
        figures = [f"{one_decimal(value)}%" for value in (ranked[0], max(second))]
        then = ", then " if following == "second" else f"; {following}: "
        lead = f"Highest: (the )?{top[0]} with {figures[0]}{then}[^;]* {figures[1]}"
        assert re.search(lead, short), short
        assert f"{len(own)} regions have figures of their own." in text
        zeros = [names[c] for c, v in own.items() if not v]
        text = text.split(" Method: ")[0]
        assert ("reported as zero" in text) == bool(zeros)
        for zero in zeros:
            assert zero in re.search(r"\. ([^.]*) (is|are) reported as zero", text)[1]  # type: ignore[index]
        if other:
            assert f"Stated without a place on the map: {one_decimal(other)}% (Other)." in text
            told = f"; {one_decimal(other)}% has no place on the map (Other)."
            assert (told in short) == (other >= max(second))  # else it is not among the highest


@pytest.mark.parametrize("name", ["shift", "china-provinces"])
def test_every_difference_says_what_stands_in_the_data(timemaps: Any, name: str) -> None:
    content = timemaps[name]
    table = rows_of(content.series.name)
    placed = {unit.code: unit.name for unit in content.units if unit.members}
    for before, after in pairwise(content.slices):
        old, new = (table["share", s.start, s.end] for s in (before, after))
        moved = {placed[c]: new[c][0] - old[c][0] for c in placed if c in old and c in new}
        if content.series.doubts:  # of figures in doubt a caption says no more than a shift
            ways = {row.name: row.way for row in measure(content, before.iso, after.iso).rows}
            moved = {who: move for who, move in moved.items() if ways[who] != "open"} or {
                "nobody": Decimal(0)
            }
        view = views.choose(content, "difference", [before.iso, after.iso], "share")
        text, short = captions.long_description(view), captions.caption(view)
        courses = re.findall(
            r"(?:\. |; )(?:[Tt]he )?([A-Z][^.;]*?) (rose|fell) from ([\d.]+)% to ([\d.]+)%", short
        )
        codes = {name: code for code, name in placed.items()}
        for who, way, *ends in courses:
            assert ends == [one_decimal(old[codes[who]][0]), one_decimal(new[codes[who]][0])]
            assert moved[who] == (max if way == "rose" else min)(moved.values())
        assert courses or not all(
            abs(move) >= Decimal("0.1") for move in (max(moved.values()), min(moved.values()))
        )
        for word, most in (("gain", max(moved.values())), ("loss", min(moved.values()))):
            told = rf"argest {word}(?: on the map)?: ([^:]*?), ([+−][\d.]+)\spercentage points"
            found = re.search(told, text)
            if (most > 0) if word == "gain" else (most < 0):
                assert found is not None, text
                if sum(value == most for value in moved.values()) == 1:
                    assert moved[found[1]] == most
                shown = one_decimal(most)
                assert found[2].lstrip("+") == shown or abs(most) < Decimal("0.05")
            else:
                assert found is None


def test_the_story_of_the_flagship(timemaps: Any) -> None:
    view = views.choose(timemaps["shift"], "difference")
    assert captions.caption(view) == (
        "Share of the Bitcoin network's hashrate: change from September 2019 to January 2022, in percentage "
        "points. China fell from 75.5% to 21.1%; the United States rose from 4.1% to 37.8%. Germany and "
        "Ireland are likely inflated (VPN); the sample changed with the October 2021 release."
    )
    film = views.choose(timemaps["shift"], "film")
    zeros = "the zeros of China in July 2021 and August 2021 are at least partly a measuring artefact."
    assert captions.caption(film).endswith(zeros)
    assert "China is reported as zero in July 2021 and August 2021." in captions.long_description(film)
    july = views.choose(timemaps["shift"], "slices", ["2021-07"])
    assert captions.caption(july) == (
        "Share of the Bitcoin network's hashrate, July 2021, in %. Highest: the United States with 35.1%, "
        "then Kazakhstan with 13.8%. Germany and Ireland are likely inflated (VPN); the zero of China is at "
        "least partly a measuring artefact."
    )
    assert "China is reported as zero." in captions.long_description(july)
    description = captions.long_description(july)
    for text in (
        "China: reported as zero; CCAF speaks of covert mining, so the zero is at least partly a measuring",
        "Germany and Ireland: starred by the source: likely inflated by addresses routed through VPN",
        "Caveat: Foundry, a pool of the United States, joined with the October 2021 release",
        "Not given by the source: countries beyond the nine named each month",
        "Data up to January 2022; retrieved 23 November 2026.",
    ):
        assert text in description


@pytest.mark.parametrize("name", MAPS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_caption_is_short_enough_to_print(timemaps: Any, chinese: Any, name: str, kind: views.Kind) -> None:
    for content, most in ((timemaps[name], 350), (chinese[name], 160)):
        for layer in content.layers:
            view = views.choose(content, kind, (), layer.metric.name)
            text = captions.caption(view)
            assert len(text) <= most
            known = re.search(r" rose from | fell from |升至|降至", text) is not None or kind == "slices"
            assert len(re.findall(r"\.(?: |$)|。", text)) <= 4 - known  # else both ends are told, one by one
            assert text.lower().count("hashrate") <= 1
            assert len(captions.long_description(view)) > len(text)


def test_a_measure_says_once_what_it_is_a_share_of(timemaps: Any, chinese: Any) -> None:
    for content, told in (
        (timemaps["shift"], ["Share of the Bitcoin network's hashrate, in %"]),
        (timemaps["china-provinces"], ["Share of mainland China's hashrate, in %"]),
        (timemaps["revenue-canaan"], ["Share of Canaan's revenue, in %"]),
        (chinese["shift"], ["占比特币全网算力的份额，单位：%"]),
        (chinese["china-provinces"], ["占中国大陆算力的份额，单位：%"]),
    ):
        assert [notes.subtitle(views.choose(content, "slices"))] == told
    assert catalogue.measure("Sales", "%", "of all sales") == ("Sales", "% of all sales")
    assert catalogue.measure("Share of network hashrate", "%", "of something else") == (
        "Share of network hashrate", "% of something else",
    )  # fmt: skip


def test_chinese_provinces_have_their_names_in_chinese(chinese: Any) -> None:
    content = chinese["china-provinces"]
    assert [unit.name for unit in content.units if re.search("[A-Za-z]", unit.name)] == []
    assert "四川从49.5%降至0%。" in captions.caption(views.choose(content, "difference"))


def test_changes_that_rounding_hides_and_ties_are_told(timemaps: Any) -> None:
    rows = [("CHN", "2019", 1.001), ("CHN", "2020", 1.004), ("USA", "2019", 5.25), ("USA", "2020", 5.25)]
    table = pd.DataFrame(rows, columns=["region", "period", "value"])
    assert "China, +0.003\u00a0EH/s." in made(table, unit="EH/s").caption(kind="difference")
    table["value"] = 2.0
    same = made(table, unit="EH/s")
    assert "Highest of those stated: China and the United States with 2\u00a0EH/s each." in same.caption(
        "2019"
    )
    assert "No figure on the map changed." in same.caption(kind="difference")


def test_aggregates_lower_bounds_and_estimates_are_called_so(timemaps: Any) -> None:
    canaan = timemaps["revenue-canaan"]
    view = views.choose(canaan, "slices", ["2017"])
    assert "Overseas (all but China; not split) with 8.5%" in captions.caption(view)
    assert "which the source does not split: Overseas (all but China)." in captions.long_description(view)
    assert "1 figure on the map is derived from others." in captions.long_description(view)
    bound = captions.caption(views.choose(canaan, "slices", ["2025-Q2"]))
    assert "China with at least 50%" in bound
    ends = captions.caption(views.choose(canaan, "difference"))
    assert "North America (not split) with 31.0%; 69.0% is not stated by the source." in ends
    luxor = captions.caption(views.choose(timemaps["hashrate-since-2025"], "slices"))
    assert "All figures are estimates" in luxor
    moved = captions.caption(views.choose(timemaps["hashrate-since-2025"], "difference"))
    assert "The United States rose from 36.0% to 36.7%." in moved
    assert "not every other change is known exactly" in moved.lower()
    states = gt.choropleth("cbeci-us-states")
    assert "Georgia with at least 30%" in states.caption()
    assert "at most 30.2% is not stated by the source" in states.caption()


def test_amounts_of_periods_of_different_length_are_not_compared_in_silence(timemaps: Any) -> None:
    view = views.choose(timemaps["revenue-bitmain"], "difference", ["2017", "2018-H1"], "revenue")
    assert "The two periods differ in length; from a draft prospectus." in captions.caption(view)
    assert "The two periods differ in length" in captions.alt_text(view)
    same = views.choose(timemaps["revenue-bitmain"], "difference", ["2015", "2016"], "revenue")
    assert "differ in length" not in captions.caption(same)
    share = views.choose(timemaps["revenue-bitmain"], "difference", ["2017", "2018-H1"], "revenue_share")
    assert "differ in length" not in captions.caption(share)


def test_a_slice_in_part_says_so() -> None:
    quarters = gt.choropleth("cbeci-countries", slices="quarter")
    for caption in (
        quarters.caption("2019-Q3"),
        quarters.caption("2019-Q3", "2020-Q1"),
        quarters.caption("2019-Q3", "2020-Q1", kind="difference"),
    ):
        assert "Q3 2019: 1 of 3 months observed" in caption
    chinese = gt.choropleth("cbeci-countries", slices="quarter", lang="zh")
    assert "3个月中有1个月的数据" in chinese.caption("2019-Q3")


def test_a_series_says_itself_what_its_captions_say_in_few_words(tmp_path: Path) -> None:
    """Of a day that figures must stand on both sides of, and of notes on figures, in words of its own."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    path = tmp_path / "data/reference/series.toml"
    text = path.read_text(encoding="utf-8").replace(
        "the sample changed with the October 2021 release", "ours"
    )
    text = text.replace('across = "2021-05-01"', 'across = "2021-11-01"')
    text = text.replace("likely inflated by addresses", "starred by the source")
    path.write_text(text, encoding="utf-8")
    made, shipped = (gt.choropleth("cbeci-countries", data_folder=d / "data") for d in (tmp_path, ROOT))
    early, late = (
        views.View(made.content, "difference", (20, 25)),
        views.View(made.content, "difference", (0, 27)),
    )
    assert "ours" not in captions.caption(early)
    assert "ours" in captions.caption(late)
    inflated = "likely inflated (VPN)"
    assert inflated in captions.caption(late)
    text = path.read_text(encoding="utf-8").replace("starred by the source", "nothing of the kind")
    path.write_text(text, encoding="utf-8")
    made = gt.choropleth("cbeci-countries", data_folder=tmp_path / "data")
    assert inflated not in captions.caption(views.View(made.content, "difference", (0, 27)))
    assert inflated in captions.caption(views.View(shipped.content, "difference", (0, 27)))


@pytest.mark.parametrize("name", MAPS)
def test_everything_of_the_default_maps_can_be_said(timemaps: Any, chinese: Any, name: str) -> None:
    for content in (timemaps[name], chinese[name]):
        for view in every_view(content):
            check_text(view)


def check_text(view: views.View) -> None:
    """What holds for any text: nothing left to fill in, no odd spaces, an alt text that is not too long."""
    said = captions.caption(view), captions.alt_text(view), captions.long_description(view)
    assert len(said[1]) <= 250
    for text in said:
        assert not re.search(r"\{\w+\}|\bnan\b|\binf\b|None|\n|  ", text), text
        assert text[-1] in ".。…"
    if view.content.lang == "en":
        assert not re.search(r"\b1 (regions|figures|changes|periods)\b", said[0])
        assert not re.search(r"\b([02-9]|\d\d+) (region|figure|change|period)\b", said[0])


def test_time_maps_say_it_themselves(timemaps: Any) -> None:
    shift = timemaps["shift"]
    assert shift.caption("2021-07") == captions.caption(views.choose(shift, "slices", ["2021-07"]))
    assert shift.alt_text(kind="difference") == captions.alt_text(views.choose(shift, "difference"))
    assert "EH/s" in shift.caption(metric="hashrate")
    with pytest.raises(SpecError, match="no slice '1999'"):
        shift.caption("1999")


def test_sources_are_named_with_licence_and_day(timemaps: Any, chinese: Any) -> None:
    assert captions.source_line(timemaps["shift"]) == (
        "Source: Cambridge Centre for Alternative Finance (CCAF), Cambridge Bitcoin Electricity Consumption "
        "Index, Bitcoin Mining Map, Evolution of country share (licence: CC BY-NC-SA 4.0; published 2022; "
        "retrieved 23 November 2026)."
    )
    luxor = captions.source_line(timemaps["hashrate-since-2025"])
    assert re.match(r"Source: Luxor Technology, Hashrate Index, \d documents \(licence: none stated;", luxor)
    canaan = timemaps["revenue-canaan"]
    assert all(origin.publisher in captions.source_line(canaan) for origin in canaan.origins)
    assert captions.source_line(canaan).startswith("Sources: ")
    assert captions.data_as_of(chinese["shift"]) == "数据截至2022年1月；获取于2026年11月23日。"
    bare = TimeMap(replace(timemaps["shift"].content, origins=()))
    assert captions.source_line(bare) == ""
    assert captions.data_as_of(bare) == "Data up to January 2022."
    only = [replace(o, retrieved="", published="2022-05") for o in timemaps["shift"].origins]
    published = TimeMap(replace(timemaps["shift"].content, origins=tuple(only)))
    assert captions.data_as_of(published) == "Data up to January 2022; published May 2022."
    odd = TimeMap(replace(published.content, origins=tuple(replace(o, published="spring") for o in only)))
    assert "published spring" in captions.source_line(odd)


HOSTILE = '<script>{value} & "|_*[]() \\input\n\u202e مرحبا'


def made(table: pd.DataFrame, **more: Any) -> Any:
    return gt.choropleth(table, region="region", period="period", value="value", **more)


def test_hostile_names_stay_text_on_one_line() -> None:
    content = made(
        pd.DataFrame({"region": ["CHN", "USA"], "period": ["2021", "2021"], "value": [1.0, 2.0]}), unit="EH/s"
    )
    units = tuple(replace(unit, name=HOSTILE, label=HOSTILE) for unit in content.units)
    metric = replace(content.layers[0].metric, title=HOSTILE)
    spoilt = TimeMap(
        replace(content.content, units=units, layers=(replace(content.layers[0], metric=metric),))
    )
    text = captions.caption(views.choose(spoilt, "slices"))
    assert " ".join(HOSTILE.split()) in text
    assert "\n" not in text
    assert len(captions.alt_text(views.choose(spoilt, "slices"))) <= 250
    long = TimeMap(
        replace(
            spoilt.content, layers=(replace(content.layers[0], metric=replace(metric, title="x " * 400)),)
        )
    )
    assert captions.alt_text(views.choose(long, "slices")).endswith("…")
    assert len(captions.alt_text(views.choose(long, "slices"))) == 250


STATUSES = st.sampled_from([MISSING, REPORTED, ESTIMATED, LOWER_BOUND])
NUMBERS = st.sampled_from([0.0, 0.0, 0.01, 1.0, 1.0, 2.5, 12.04, 99.97, 33.333]) | st.integers(-400, 400).map(
    lambda n: n / 4
)


@st.composite
def contents(draw: Any) -> Any:
    """A real content with other figures: missing, zero, tied, negative, bounded; with a whole or none."""
    count, width = draw(st.integers(1, 6)), draw(st.integers(1, 3))
    shape = count, width
    cells = count * width
    status = np.array(draw(st.lists(STATUSES, min_size=cells, max_size=cells)), dtype=np.uint8).reshape(shape)
    values = np.array(draw(st.lists(NUMBERS, min_size=cells, max_size=cells))).reshape(shape)
    values = np.where(status == MISSING, np.nan, values)
    base = _base(draw(st.sampled_from(["en", "zh"])))
    whole = draw(st.sampled_from([None, 100.0]))
    known = (status != MISSING).any(axis=0)
    unstated = np.where(known, draw(st.sampled_from([0.0, 0.004, 60.04])) if whole else 0.0, np.nan)
    nothing = ~(np.nan_to_num(values) != 0).any(axis=0)  # shares of nothing: the join says a whole of zero
    layer = replace(
        base.layers[0],
        metric=replace(base.layers[0].metric, whole=whole, unit=draw(st.sampled_from(["%", "EH/s", ""]))),
        digits=draw(st.integers(0, 3)),
        values=values,
        half=np.full(shape, draw(st.sampled_from([0.0, 0.005, 0.5]))),
        bounds=np.full(shape, np.nan),
        bound_status=np.zeros(shape, dtype=np.uint8),
        status=status,
        mapped=np.where(known, np.nansum(values, axis=0), np.nan),
        stated=np.where(known, 0.0, np.nan),
        unstated=unstated,
        whole=np.where(known, np.nan if whole is None else np.where(nothing, 0.0, whole), np.nan),
        rounding=np.where(known, 0.0, np.nan),
        bounded=(status == LOWER_BOUND).any(axis=0),
        stated_bounded=np.zeros(width, dtype=bool),
        partial=("",) * width,
        slice_notes=((),) * width,
    )
    return TimeMap(
        replace(
            base.content, units=base.units[:count], slices=base.slices[:width], layers=(layer,), opening=0
        )
    )


@cache
def _base(lang: str) -> Any:
    rows = [
        {"region": region, "period": period, "value": 1.0}
        for region in ("CHN", "USA", "CAN", "RUS", "KAZ", "DEU")
        for period in ("2019", "2020", "2021")
    ]
    return made(pd.DataFrame(rows), unit="%", lang=lang)


@settings(max_examples=150)
@given(contents())
def test_no_figures_make_a_caption_untrue(content: Any) -> None:
    layer = content.layers[0]
    for t, step in enumerate(content.slices):
        view = views.choose(content, "slices", [step.iso])
        check_text(view)
        known = {u: layer.values[u, t] for u in range(len(content.units)) if layer.status[u, t]}
        found = reading(content, layer, t)
        assert set(found.known) == set(known)
        land = {
            code
            for code, shape in zip(content.boundaries.codes, content.boundaries.shapes, strict=True)
            if shape
        }
        assert found.absent == len(land - {content.units[u].code for u in known})
        levels = sorted({float(v) for v in known.values()}, reverse=True)
        ranks = [{u for u, v in known.items() if v == level} for level in [*levels, None, None][:2]]
        assert [set(found.first), set(found.second)] == ranks
        exact = {u for u in known if layer.status[u, t] != LOWER_BOUND}
        assert set(found.zeros) == {u for u in exact if known[u] == 0}
        if content.lang == "en":
            true_of_a_slice(captions.long_description(view), content, t, known)
            short_of_a_slice(captions.caption(view), content, t, known)
    for kind in KINDS:
        if kind != "difference" or len(content.slices) > 1:
            check_text(views.choose(content, kind))
    if len(content.slices) > 1:
        true_of_a_change(content)


def true_of_a_slice(text: str, content: Any, t: int, known: dict[int, float]) -> None:
    layer = content.layers[0]
    if not known:
        assert "No region of the map has a figure." in text
        return
    most = max(known.values())
    bounds = [u for u in known if layer.status[u, t] == LOWER_BOUND]
    assert ("Every figure on the map is" in text) == (not any(known.values()) and not bounds)
    top = [u for u, v in known.items() if v == most]
    if len(top) == 1 and most and len(known) > 1:
        whom = "on the map|of those stated|stated on the map"
        shown = re.search(rf"Highest (?:{whom}): (.+?), (at least |under |over )?([−\d.,]+)", text)
        assert shown is not None
        assert shown[1] == content.units[top[0]].name
        assert (shown[2] == "at least ") == (top[0] in bounds)
        number = float(shown[3].rstrip(",.").replace("−", "-").replace(",", ""))
        assert abs(number - most) <= 0.5 + 0.5 * bool(shown[2])
        assert shown[2] is None or (number >= most if shown[2] == "under " else number <= most)
        assert (number == 0) == (most == 0)
    assert ("the order is not certain" in text) == shaken(layer, t, known)
    assert ("lower bound" in text) == bool(bounds)


def shaken(layer: Any, t: int, known: dict[int, float]) -> bool:
    """Whether a lower bound may be as high as what stands above or beside it."""
    below = np.nanmin(layer.values, initial=0) < 0  # in any slice: then nothing says that the others are not
    limited = layer.metric.whole is not None and not below
    room = (layer.unstated[t] if any(known.values()) else layer.metric.whole) if limited else np.inf
    bounds = [u for u in known if layer.status[u, t] == LOWER_BOUND and room]
    return any(0 <= v - known[u] <= room for u in bounds for other, v in known.items() if other != u)


def short_of_a_slice(text: str, content: Any, t: int, known: dict[int, float]) -> None:
    layer = content.layers[0]
    assert ("order is not certain" in text) == shaken(layer, t, known)
    estimates = [u for u in known if layer.status[u, t] == ESTIMATED]
    assert ("estimate" in text) == bool(estimates)
    assert ("ll figures are estimates" in text) == (len(estimates) == len(known) > 1)


def true_of_a_change(content: Any) -> None:
    layer, last = content.layers[0], len(content.slices) - 1
    found = movement(content, layer, 0, last)
    moved, inexact, rounded, unknown = {}, 0, 0, 0
    half = layer.half[:, [0, last]].sum(axis=1)
    for u in range(len(content.units)):
        before, after = layer.status[u, 0], layer.status[u, last]
        if before and after and LOWER_BOUND not in {before, after}:
            change = round(layer.values[u, last] - layer.values[u, 0], layer.digits + 3)
            if 0 < abs(change) < half[u] - 1e-9:
                rounded += 1
            else:
                moved[u] = change
        else:
            inexact += bool(before and after)
            unknown += bool(before) != bool(after)
    counts = (found.exact, found.inexact, found.rounded, found.unknown)
    assert counts == (len(moved), inexact, rounded, unknown)
    assert found.gain == max([*moved.values(), 0])
    assert found.loss == min([*moved.values(), 0])
    assert set(found.gainers) == {u for u, v in moved.items() if v == found.gain and v > 0}
    assert set(found.losers) == {u for u, v in moved.items() if v == found.loss and v < 0}
    view = views.choose(content, "difference")
    text, short = captions.long_description(view), captions.caption(view)
    if content.lang == "en":
        if " rose from " in short or " fell from " in short:
            assert moved
            hidden = layer.metric.whole is not None and not found.sure
            assert ("ot every other change is known exactly" in short) == bool(
                inexact or rounded or unknown or hidden
            )
        moves = bool(found.gain or found.loss)  # the rest is for tests/map/test_ranking.py
        loose = not found.sure if moves else bool(rounded or unknown)
        assert ("known exactly" in text) == (not moved or bool(inexact) or loose)
        assert ("percentage points" in text.split(". ", 1)[1]) == (
            layer.metric.unit == "%" and bool(found.gain or found.loss)
        )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_sentence_ends_twice(lang: str) -> None:
    for series in ("cbeci-countries", "canaan-revenue"):
        made = gt.choropleth(series, lang=lang)
        text = captions.long_description(views.choose(made.content, "slices"))
        assert not re.findall(r"[^.][.。]。|[^.]\.\.(?!\.)", text)


@pytest.mark.parametrize(
    ("figures", "texts"),
    [
        ((0.12, 0.14, 0.3), ("0.12", "0.14", "0.30")),
        ((0.0121, 0.0124, 0.5), ("0.0121", "0.0124", "0.5")),
        ((0.1, 0.2, 0.2), ("0.1", "0.2", "0.2")),
        ((35.12, 35.14, 0.3), ("35.1", "35.1", "0.3")),
    ],
)
def test_amounts_under_1_read_equal_only_if_they_are(
    figures: tuple[float, ...], texts: tuple[str, ...]
) -> None:
    rows = [(name, "2020", value) for name, value in zip(("Japan", "France", "China"), figures, strict=True)]
    frame = pd.DataFrame(rows, columns=["country", "period", "value"])
    made = gt.choropleth(frame, unit="USD/kWh", over_time="mean", groups=["JPN", "FRA", "CHN"])
    japan, france, china = (f"{text}\u00a0USD/kWh" for text in texts)
    assert made.layers[0].sentences == (f"2020: Japan {japan}, France {france}, China {china}",)
    shown = [text for _, text in notes.figures(views.choose(made.content, "slices"), 0)]
    assert shown == [japan, france, china]
    highest = max(zip(figures, (japan, france, china), strict=True))[1]
    assert highest in made.caption()


def test_a_mean_of_some_months_says_so_beside_its_name() -> None:
    """A year's price of which three months are known is not a year's price."""
    months = [("China", f"2020-{n:02}", 22.0) for n in (1, 2, 3)]
    months += [("United States", f"2020-{n:02}", 30.0) for n in range(1, 13)]
    frame = pd.DataFrame(months, columns=["country", "month", "price"])
    for lang, part in (("en", "China (named in 3 of 12 months)"), ("zh", "12个月中有3个月列出")):
        shown = gt.choropleth(frame, unit="USD/MWh", over_time="mean", slices="year", lang=lang)
        for text in (shown.caption(), shown.alt_text()):
            assert part in text
            assert text.count("12") == 1


def test_shares_of_one_are_told_as_exactly_as_shares_of_a_hundred() -> None:
    """A share of 0.04 was "under 0.1", and 0.7553 as 0.7561 read "0.8"."""
    frame = pd.DataFrame({"country": ["China", "USA"], "period": "2019", "share": [0.7553, 0.0406]})
    for whole, told in ((1, "China with 0.755; next"), (100, "China with 75.5; next")):
        shown = gt.choropleth(frame.assign(share=frame["share"] * whole), whole=whole, over_time="mean")
        assert told in shown.caption()
