"""Figures in doubt: every reading is played by hand on made-up series, and holds in all that is said of them.

The oracle reads plain dictionaries, one period after the other, and knows no tables, shares or slices.
A series of lower bounds is played as everything that these may stand for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from random import Random

import numpy as np
import pandas as pd
import pytest

from geotrack.errors import SpecError
from geotrack.map.compose import compose
from geotrack.map.content import Content
from geotrack.map.measures import measure_of
from geotrack.map.otherwise import layer_otherwise, shown
from geotrack.map.spec import Spec
from geotrack.map.unstated import cuts_of
from geotrack.measure import scenarios, shift
from geotrack.measure.result import ShiftResult
from geotrack.model import LOWER_BOUND, DoubtfulFigures, Metric, Origin, OtherReading, Series, Table
from geotrack.store.folder import DataFolder

DATA = DataFolder.of(None)
STARRED, TAKER = ("DEU", "IRL"), "CHN"
PLACES = ("CHN", "USA", "CAN", *STARRED, "other")
READINGS = {
    "stars": (
        OtherReading("spread", "spread", "spread", "Spread."),
        OtherReading("given", "given", "given", "Given.", TAKER),
    ),
    "zeros": (
        OtherReading("before", "before", "as before", "As before."),
        OtherReading("after", "after", "as after", "As after."),
    ),
}
NAMES = [each.name for several in READINGS.values() for each in several]
DOUBTS = tuple(DoubtfulFigures(kind, f"Some {kind}.", several) for kind, several in READINGS.items())  # type: ignore[arg-type]
SHARES = Metric("share", "Share", "%", "intensive", whole=100.0)
AMOUNTS = Metric("amount", "Amount", "t", "extensive", over_time="sum")
LAST = Metric("amount", "Amount", "t", "extensive", over_time="last")

Period = tuple[int, int]
Figures = dict[tuple[str, Period], float]
"""What a region has in a year and month."""


def month(t: int) -> Period:
    return 2019 + t // 12, t % 12 + 1


def named(value: object) -> str:
    return f"{value.name}-{value.over_time}" if isinstance(value, Metric) else str(value)


def table_of(
    figures: Figures, metric: Metric, bounds: Collection[tuple[str, Period]] = (), parts: tuple[str, ...] = ()
) -> Table:
    """The observations of a series of such figures."""
    rows = [
        {"region": code, "value": value, "metric": metric.name, "unit": metric.unit, "origin": "made",
         "start": f"{y}-{m:02}-01", "end": f"{y + m // 12}-{m % 12 + 1:02}-01", "note": "",
         "status": "lower bound" if (code, (y, m)) in bounds else "reported",
         "label": f"{code} *" if code in STARRED else code}
        for (code, (y, m)), value in sorted(figures.items(), key=lambda each: (each[0][1], each[0][0]))
    ]  # fmt: skip
    frame = pd.DataFrame(rows).astype({"start": "datetime64[ns]", "end": "datetime64[ns]", "value": float})
    series = Series("made", "Made", "country", (metric,), complement=parts, doubts=DOUBTS)
    origin = Origin("made", "Made up", "Made up", "https://example.org", "CC0")
    return Table(series, frame, {"made": origin}, {})


def map_of(table: Table, **asked: str) -> Content:
    shapes = DATA.boundaries("countries-110m")
    return compose(Spec("made", events=False, **asked), "made", table, shapes, DATA.regions)  # type: ignore[arg-type]


def plain_of(table: Table) -> Table:
    """The same series with no figure in doubt."""
    return replace(table, series=replace(table.series, doubts=()))


def cut_as(content: Content, table: Table, asked: dict[str, str]) -> tuple[np.ndarray, np.ndarray]:
    """Values and statuses of a series, cut by itself, in the rows of a map."""
    [metric] = table.series.metrics
    spec = Spec("made", **asked)  # type: ignore[arg-type]
    [found] = cuts_of(shown(table, spec, DATA.regions), [metric], spec, table.series.complement, DATA.regions)
    rows = [found.units.index(unit.code) for unit in content.units]
    return found.values[rows], found.status[rows]


def played(figures: Figures, metric: Metric, name: str, void: set[Period] | None = None) -> Figures:
    """A series' exact figures as a reading has them, by hand; `void`: periods in which nothing can be so."""
    periods = sorted({period for _, period in figures})
    at = [{c: v for (c, p), v in figures.items() if p == period} for period in periods]
    found: Figures = {}
    for t, (period, now) in enumerate(zip(periods, at, strict=True)):
        whole = 100.0 if metric.whole else sum(now.values())
        stars = sum(now.get(code, 0.0) for code in STARRED)
        new = dict(now)
        if name == "spread" and stars >= whole and void is not None:
            void.add(period)
        if name == "spread" and 0 < stars < whole:
            new = {c: 0.0 if c in STARRED else v * whole / (whole - stars) for c, v in now.items()}
        if name == "given" and stars:
            new = {c: 0.0 if c in STARRED else v for c, v in now.items()}
            new[TAKER] = now.get(TAKER, 0.0) + stars
        if name in {"before", "after"}:
            fills = {c: fill(at, t, c, metric, name) for c, v in now.items() if v == 0}
            known = {c: part for c, part in fills.items() if part}
            taken = sum(known.values())
            if taken >= 1 - 1e-9 and void is not None:
                void.add(period)
            if known and taken < 1 - 1e-9 and whole:
                new = {c: known[c] * whole if c in known else v * (1 - taken) for c, v in now.items()}
        found |= {(code, period): value for code, value in new.items()}
    return found


def fill(at: list[dict[str, float]], t: int, code: str, metric: Metric, name: str) -> float:
    """The part of the whole that a zero is read as; 0 if it stands between no figures above zero."""
    found = []
    for way in (-1, 1):
        s = t + way
        while 0 <= s < len(at) and at[s].get(code) == 0:
            s += way
        if not 0 <= s < len(at) or code not in at[s]:
            return 0.0
        found.append(at[s][code] / (100.0 if metric.whole else sum(at[s].values())))
    return found[name == "after"]


def made_up(random: Random, count: int, whole: bool) -> Figures:
    """Figures of some months: some missing, some zero; shares leave something of the whole."""
    found: Figures = {}
    for t in range(count):
        left = 100.0
        for code in random.sample(PLACES, len(PLACES)):
            if random.random() < 0.08:
                continue
            most = (
                random.choice([0.0, left / 3, left / 4]) if whole else random.choice([0.0, 40.0, 50.0, 90.0])
            )
            value = float(round(random.uniform(0, most), 1)) if most else 0.0
            left -= value
            found[code, month(t)] = value
    return found


CUTS: tuple[dict[str, str], ...] = (
    {}, {"slices": "quarter"}, {"slices": "year"}, {"since": "2019-05", "until": "2020-03"},
    {"slices": "quarter", "since": "2019-04", "until": "2020-03"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("metric", "asked"),
    [*((SHARES, asked) for asked in CUTS), (AMOUNTS, CUTS[1]), (AMOUNTS, CUTS[3]), (LAST, CUTS[2])],
    ids=named,
)
def test_a_reading_of_a_map_is_the_map_of_the_series_read_so(metric: Metric, asked: dict[str, str]) -> None:
    changed = 0
    for seed in range(4):
        figures = made_up(Random(seed), 18, metric.whole is not None)
        content = map_of(table_of(figures, metric), **asked)
        for name in NAMES:
            void: set[Period] = set()
            read = layer_otherwise(content, content.layers[0], [name])
            true = table_of(played(figures, metric, name, void), metric)
            values, status = cut_as(content, true, asked)
            if void:
                continue
            told = content.layers[0] if read is None else read
            changed += read is not None
            assert told.values == pytest.approx(values, nan_ok=True)
            if name != "given":  # what is given to a region without a figure is "at least"
                assert ((told.status == LOWER_BOUND) == (status == LOWER_BOUND)).all()
    assert changed > 3


def sampled(random: Random, figures: Figures, bounds: set[tuple[str, Period]], metric: Metric) -> Figures:
    """Everything that a series may be whose lower bounds, of which some are more, take what is left."""
    found = dict(figures)
    for period in {p for _, p in figures}:
        left = 100.0 - sum(v for (_, p), v in figures.items() if p == period) if metric.whole else 80.0
        for code in random.sample(PLACES, len(PLACES)):
            if (code, period) in bounds:
                more = random.choice([0.0, left / 2, left])
                found[code, period] += more
                left -= more
    return found


@pytest.mark.parametrize(
    ("metric", "asked"),
    [(SHARES, CUTS[0]), (SHARES, CUTS[4]), (AMOUNTS, CUTS[0]), (AMOUNTS, CUTS[1])],
    ids=named,
)
def test_a_bound_that_is_read_otherwise_holds_whatever_it_stands_for(
    metric: Metric, asked: dict[str, str]
) -> None:
    tried = 0
    for seed in range(3):
        random = Random(seed)
        figures = made_up(random, 15, metric.whole is not None)
        # a zero that is "at least 0" is no zero in doubt: it is none of the others' either
        bounds = {key for key, value in figures.items() if value and random.random() < 0.15}
        content = map_of(table_of(figures, metric, bounds), **asked)
        ends = scenarios.read_otherwise(content, content.layers[0])
        names = [n for n in NAMES if layer_otherwise(content, content.layers[0], [n]) is not None]
        for name, (least, most) in zip(names, ends, strict=True):
            for _ in range(3):
                void: set[Period] = set()
                true = played(sampled(random, figures, bounds, metric), metric, name, void)
                if void:  # a bound cannot stand for so much if the reading is to hold
                    continue
                values, status = cut_as(content, table_of(true, metric), asked)
                values = np.where(status == LOWER_BOUND, np.nan, values)
                with np.errstate(invalid="ignore"):
                    wrong = (values < least - 1e-6) | (values > most + 1e-6)
                assert not wrong.any(), (seed, name, np.argwhere(wrong)[:3])
                tried += int((np.isfinite(values) & np.isfinite(least)).sum())
    assert tried > 30


def all_of(told: ShiftResult, key: str) -> tuple[float, float]:
    """The least and the most of a figure by all that is assumed of it."""
    figure = told.figure(key)
    ends = [figure.value, *(end for each in figure.intervals for end in (each.low, each.high))]
    return min(ends), max(ends)


def at_least(text: str) -> Iterator[tuple[str, float]]:
    """What a paragraph says of measures: the key, and which bound of it."""
    if found := re.search(r"At least ([\d.]+)%", text):
        yield "variation", float(found[1])
    if found := re.search(r"from at most ([\d.]+) to at most ([\d.]+)\.", text):
        yield "effective.before", float(found[1])
        yield "effective.after", float(found[2])


@pytest.mark.parametrize(
    ("metric", "asked"), [(SHARES, CUTS[0]), (SHARES, CUTS[1]), (AMOUNTS, CUTS[0])], ids=named
)
def test_no_figure_and_no_sentence_of_a_shift_says_more_than_a_reading(
    metric: Metric, asked: dict[str, str]
) -> None:
    numbers, ways, said = 0, 0, 0
    for seed in range(3 if metric.whole else 8):  # of amounts few go a way that is known
        figures = made_up(Random(seed), 6, metric.whole is not None)
        content, groups = map_of(table_of(figures, metric), **asked), ["CHN", "north-america"]
        told = shift.measure(content, groups=groups)
        text = " ".join(str(told).replace("\u00a0", "").split())
        for name in NAMES:
            void: set[Period] = set()
            true = table_of(played(figures, metric, name, void), metric)
            if void or layer_otherwise(content, content.layers[0], [name]) is None:
                continue
            plain = shift.measure(map_of(plain_of(true), **asked), groups=groups)
            known = {each.key for each in told.figures if np.isfinite(each.value)}
            for figure in (each for each in plain.figures if each.key in known):
                if measure_of(figure.key).spanned and np.isfinite(figure.value):
                    low, high = all_of(told, figure.key)
                    assert low - 1e-6 <= figure.value <= high + 1e-6, (seed, name, figure.key)
                    numbers += 1
            for row in (each for each in plain.rows if each.kind != "rest"):
                own = told.row(row.code).way
                assert own in {"open", row.way} or row.way == "open", (seed, name, row.code, own, row.way)
                ways += own != "open"
            for key, bound in at_least(text):
                value = plain.figure(key).value
                assert value >= bound - 1e-6 if key == "variation" else value <= bound + 1e-6
                said += 1
    assert min(numbers, ways, said) > 4, (numbers, ways, said)


# what of a time is cut away, and what follows from a part


def told(name: str, table: Table, **asked: str) -> dict[str, list[float]]:
    """The rows of a map as a reading has them."""
    content = map_of(table, **asked)
    read = layer_otherwise(content, content.layers[0], [name])
    assert read is not None
    return {unit.code: row.tolist() for unit, row in zip(content.units, read.values, strict=True)}


def series_of(*rows: tuple[str, tuple[float, ...]]) -> Figures:
    return {(code, month(t)): value for code, values in rows for t, value in enumerate(values)}


ZERO = series_of(("CHN", (40.0, 0.0, 0.0, 20.0)), ("USA", (60.0, 50.0, 100.0, 80.0)))


def test_what_is_cut_away_tells_still_what_a_zero_may_be() -> None:
    table = table_of(ZERO, SHARES)
    assert told("after", table, until="2019-03")["CHN"] == [40, 20, 20]
    assert told("before", table, since="2019-02", until="2019-02")["CHN"] == [40]
    assert told("before", table, slices="quarter")["CHN"] == pytest.approx([(31 + 28 + 31) * 40 / 90, 20])
    row = shift.measure(map_of(table, until="2019-02"), groups=["CHN"]).row("CHN")
    assert (row.before, row.after, row.way) == (40, 0, "open")


def test_a_zero_that_is_cut_away_is_no_doubt_of_what_is_left() -> None:
    content = map_of(table_of(ZERO, SHARES), since="2019-04")
    assert layer_otherwise(content, content.layers[0], ["before"]) is None
    with pytest.raises(SpecError, match="a shift is between two"):
        shift.measure(content)
    assert layer_otherwise(map_of(table_of(ZERO, SHARES)), content.layers[0], ["spread"]) is None


def test_the_part_that_follows_from_another_follows_its_reading() -> None:
    stated = series_of(("CHN", (40.0, 0.0, 30.0)))
    table = table_of(stated, SHARES, parts=("CHN", "canaan-overseas"))
    assert told("before", table) == {"CHN": [40, 40, 30], "canaan-overseas": [60, 60, 70]}
    row = shift.measure(map_of(table), "2019-01", "2019-02").row("canaan-overseas")
    assert (row.before, row.after, row.way) == (60, 100, "open")
    own = {key: value for key, value in stated.items() if key[1] != month(1)} | {("CHN", month(1)): 100.0}
    content = map_of(table_of(own, SHARES, parts=("CHN", "canaan-overseas")))
    assert layer_otherwise(content, content.layers[0], ["before"]) is None  # nobody stated that zero


def test_a_starred_sum_or_member_is_taken_out_of_what_holds_it() -> None:
    figures = series_of(("DEU", (10.0, 10.0)), ("europe", (30.0, 30.0)), ("USA", (50.0, 50.0)))
    read = told("given", table_of(figures | series_of(("CHN", (5.0, 5.0))), SHARES))
    assert [read[code][0] for code in ("CHN", "DEU", "europe", "USA")] == [15, 0, 20, 50]


def test_two_zeros_that_cannot_both_be_as_before_may_each_be_so() -> None:
    figures = series_of(
        ("CHN", (60.0, 0.0, 0.0, 60.0)), ("USA", (40.0, 60.0, 0.0, 40.0)), ("CAN", (0.0, 40.0, 100.0, 0.0))
    )
    content = map_of(table_of(figures, SHARES))
    found = shift.measure(content, "2019-02", "2019-03", groups=["CHN", "USA", "CAN"])
    assert [found.row(code).way for code in ("CHN", "USA", "CAN")] == ["open"] * 3
    [most] = [i.high for i in found.figure("share.CHN.after").intervals if i.assumption == "zeros"]
    assert most == 100


def test_a_star_on_a_bound_leaves_the_others_at_least_what_they_have() -> None:
    figures = series_of(("DEU", (10.0, 20.0)), ("USA", (40.0, 41.0)))
    table = table_of(figures, SHARES, [("DEU", month(0))])
    read = told("spread", table)
    assert read["USA"] == pytest.approx([40 * 100 / 90, 41 * 100 / 80])
    assert read["DEU"] == [0, 0]
    found = shift.measure(map_of(table), groups=["USA", "DEU"])
    assert found.row("USA").way == "open"  # spread, January may be anything up to 80%
    [stars] = [i for i in found.figure("share.USA.before").intervals if i.assumption == "stars"]
    assert stars.high == pytest.approx(40 * 100 / 90 + 100 - 40 * 100 / 90)
    assert "Germany: at least 0%, then 20%" in " ".join(str(found).replace("\u00a0", " ").split())
