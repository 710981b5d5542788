"""Whether something rose or fell is said alike by shift, caption, alt text and report, or by none of them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from random import Random

import datafolders
import pytest

import geotrack as gt
from geotrack.build import maps
from geotrack.captions import captions
from geotrack.captions.phrases import Phrases
from geotrack.captions.readings import movement
from geotrack.errors import GeotrackError, ParseError
from geotrack.language import catalogue
from geotrack.map import views
from geotrack.map.content import Content, Layer
from geotrack.map.spec import Spec
from geotrack.measure.shift import measure
from geotrack.model import OBSERVATION_COLUMNS
from geotrack.publish.report.book import Book
from geotrack.publish.report.citations import Register
from geotrack.publish.report.quotes import Quotes
from geotrack.store.folder import DataFolder

SAYS = {"rose": "rose", "fell": "fell", "did not change": "same", "may have changed by": "open"}
TABLES, YEARS = 36, range(2018, 2022)
PLACES = {"CHN": "China", "USA": "United States", "CAN": "Canada", "DEU": "Germany *", "other": "Other"}
DOUBTS = """
[[{name}.doubts]]
figures = "stars"
assumption = "Some of the starred."
readings = [
  {{ name = "spread", becomes = "spread", title = "spread", assumption = "Spread." }},
  {{ name = "given", becomes = "given", to = "USA", title = "given", assumption = "Given." }},
]

[[{name}.doubts]]
figures = "zeros"
assumption = "Some of the zeros."
readings = [
  {{ name = "before", becomes = "before", title = "as before", assumption = "As before." }},
  {{ name = "after", becomes = "after", title = "as after", assumption = "As after." }},
]
"""
SERIES = """
[{name}]
title = "Made up"
level = "country"

[[{name}.metrics]]
name = "share"
title = "Share"
unit = "%"
kind = "intensive"
whole = 100.0
"""


def figures(random: Random) -> Iterator[tuple[str, str, str, str]]:
    """Shares of some years: some missing, some zero, some at least so much; what is left is nobody's."""
    for year in YEARS:
        left = 100.0
        for code in random.sample(list(PLACES), len(PLACES)):
            if random.random() < 0.15:
                continue
            most = random.choice([0.0, 1.0, left / 3, left])
            value = round(random.uniform(0, min(most, left)), random.choice([0, 1]))
            value = value if value <= left else 0.0
            left -= value
            yield code, str(year), f"{value:g}", random.choice(["reported"] * 5 + ["lower bound"])


@pytest.fixture(scope="module")
def random_tables(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """Made-up series, two of three with figures in doubt, beside Cambridge's."""
    folder = datafolders.of_series(tmp_path_factory.mktemp("ways") / "data", ["cbeci-countries"])
    said = folder / "reference" / "series.toml"
    with (folder / "observations" / "cbeci-countries.csv").open(encoding="utf-8") as file:
        origin = next(csv.DictReader(file))["origin"]
    texts = [said.read_text(encoding="utf-8")]
    for number in range(TABLES):
        name, random = f"made-{number}", Random(number)
        texts.append(SERIES.format(name=name) + (DOUBTS.format(name=name) if number % 3 else ""))
        with (folder / "observations" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.DictWriter(file, OBSERVATION_COLUMNS, lineterminator="\n")
            rows.writeheader()
            for code, year, value, status in figures(random):
                rows.writerow(
                    {"region": code, "start": f"{year}-01-01", "end": f"{int(year) + 1}-01-01",
                     "metric": "share", "value": value, "unit": "%", "status": status, "origin": origin,
                     "label": PLACES[code], "note": ""}
                )  # fmt: skip
    said.write_text("\n".join(texts), encoding="utf-8")
    return DataFolder.of(folder)


def ways(content: Content, layer: Layer, ends: tuple[str, str]) -> dict[str, str]:
    """Which way each region and group went by a shift; nothing of what none is measured of."""
    try:
        told = measure(content, *ends, groups=groups_of(content), metric=layer.metric.name)
    except GeotrackError:
        return {}
    text = " ".join(told.to_text().split())
    for row in told.rows:
        found = re.search(rf"{re.escape(row.name)} (rose|fell) from \S+ to [^(]*\([^)]*points", text)
        assert found is None or found[1] == row.way or len({r.name for r in told.rows}) < len(told.rows)
    return {row.code: row.way for row in told.rows if row.kind != "rest"}


def groups_of(content: Content) -> list[str]:
    return [code for code in ("north-america", "CHN") if code in content.aggregates or _row(content, code)]


def _row(content: Content, code: str) -> bool:
    return any(unit.code == code for unit in content.units)


def said_by_captions(content: Content, layer: Layer, ends: tuple[str, str]) -> Iterator[tuple[str, str]]:
    """What caption, alt text and long description say went up and down: (code, way)."""
    view = views.choose(content, "difference", ends, layer.metric.name)
    found = movement(content, layer, *view.slices)
    yield from ((content.units[u].code, "rose") for u in found.gainers)
    yield from ((content.units[u].code, "fell") for u in found.losers)
    said = Phrases(content, layer)
    names = {said.name(u): unit.code for u, unit in enumerate(content.units)}
    caption = captions.caption(view)
    for who, way in re.findall(r"(?:\. |; )(?:[Tt]he )?([A-Z][^.;]*?) (rose|fell) from ", caption):
        yield names[who], way
    for text in (captions.alt_text(view), captions.long_description(view)):
        for word, who in re.findall(
            r"argest (gain|loss)(?: on the map)?: (?:the )?([A-Z][\w ]*), [+−]", text
        ):
            if who in names:
                yield names[who], {"gain": "rose", "loss": "fell"}[word]


def said_by_reports(
    quotes: Quotes, content: Content, layer: Layer, ends: tuple[str, str]
) -> Iterator[tuple[str, str]]:
    """What reports say of every region of a map, and of its groups, where both slices have a figure."""
    codes = [unit.code for unit in content.units if unit.kind in {"region", "aggregate"}]
    for code in dict.fromkeys([*codes, *groups_of(content)]):
        try:
            quote = quotes.change(code, *ends, series=content.series.name, metric=layer.metric.name)
        except (ParseError, GeotrackError):
            continue
        yield code, SAYS[quote.verb]


def contradictions(
    quotes: Quotes, content: Content, pairs: Sequence[tuple[str, str]]
) -> Iterator[tuple[object, ...]]:
    """Every change of which two say what cannot both be; ("told",) for each that several say the same of."""
    for layer in content.layers:
        for ends in pairs:
            by_shift = ways(content, layer, ends) if layer.metric.whole else {}
            by_report = dict(said_by_reports(quotes, content, layer, ends))
            for code, way in said_by_captions(content, layer, ends):
                for who, other in (("shift", by_shift), ("report", by_report)):
                    if code in other:
                        told = () if other[code] == way else (content.id, code, ends, layer.metric.name)
                        yield ("told", way) if not told else (*told, f"caption {way}", who, other[code])
            for code in by_shift.keys() & by_report.keys():
                one, other = by_shift[code], by_report[code]
                same = ("told", one)
                yield same if one == other else (content.id, code, ends, "shift", one, "report", other)


def quotes_of(data: DataFolder) -> Quotes:
    return Quotes(Book(data), Register(data.origins), catalogue.ENGLISH)


def test_random_tables_are_told_alike(random_tables: DataFolder) -> None:
    quotes, told = quotes_of(random_tables), []
    for number in range(TABLES):
        name = f"made-{number}"
        content = maps.build(Spec(name, events=False), name, random_tables).content
        steps = [step.iso for step in content.slices]
        told += contradictions(quotes, content, [*pairwise(steps), (steps[0], steps[-1])])
    assert not [each for each in told if each[0] != "told"]
    assert {way for _, way in told} == {"rose", "fell", "same", "open"}


MOST = 5
"""Pairs of neighbouring slices that are tried of each shipped series, but all of those in doubt."""


def test_every_shipped_series_is_told_alike() -> None:
    data, found = DataFolder.of(None), []
    quotes, seen = quotes_of(data), set()
    for name, series in data.series.items():
        try:
            content = maps.build(Spec(name, events=False), name, data).content
        except GeotrackError:  # nothing of it is on a map, and so in no caption
            continue
        pairs = list(pairwise(step.iso for step in content.slices))
        step = 1 if series.doubts else max(1, len(pairs) // MOST)
        told = list(contradictions(quotes, content, pairs[::step]))
        found += [each for each in told if each[0] != "told"]
        seen |= {name for each in told if each[0] == "told"}
    assert not found
    assert {"cbeci-countries", "canaan-revenue", "luxor-countries"} <= seen


def test_what_a_report_says_of_russia_is_what_a_shift_says() -> None:
    quotes = quotes_of(DataFolder.of(None))
    told = gt.choropleth("cbeci-countries").shift("2021-06", "2021-07", groups=["RUS", "IRN", "USA"])
    for code, way in (("RUS", "open"), ("IRN", "open"), ("USA", "rose"), ("CHN", "open")):
        assert told.row(code).way == way
        assert SAYS[quotes.change(code, "2021-06", "2021-07").verb] == way
    assert "Russia: 8.90" in str(told)
