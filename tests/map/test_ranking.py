"""Superlatives are said only where what is not stated could not change them; an oracle tries it out."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import geotrack as gt
from geotrack.captions import captions, cards
from geotrack.captions.readings import movement
from geotrack.language import catalogue
from geotrack.map import join, ranking, views
from geotrack.map.content import Unit
from geotrack.map.sentences import with_sentences
from geotrack.measure import lines
from geotrack.measure.lines import Line
from geotrack.model import LOWER_BOUND, MISSING, REPORTED
from geotrack.publish.report import report
from geotrack.render.notebook import alt_of
from geotrack.render.page.gallery import gallery
from geotrack.timemap import TimeMap

ROOT = Path(__file__).parents[2]
STATES = [REPORTED, REPORTED, LOWER_BOUND, MISSING]
PLENTY = 1000.0  # what nobody knows may be this much
HIDDEN = -1  # a party that no figure speaks for


@dataclass(frozen=True)
class World:
    """What is true of regions, and what a source states of it.

    Parameters
    ----------
    true : region -> its amount in each slice. The first `places` regions have a place on the map.
    parts : per unit the regions that it speaks for. told : unit -> per slice the figure and its status.
    kind : "none", "whole", "total" or "complete": what is known of the sum.
    """

    true: tuple[tuple[int, ...], ...]
    places: int
    parts: tuple[tuple[int, ...], ...]
    told: tuple[tuple[tuple[int, int], ...], ...]
    kind: str
    lang: str

    @property
    def width(self) -> int:
        return len(self.true[0])

    def outside(self, r: int, t: int) -> bool:
        """Whether a map does not speak of a region: no shape here, no figure, no whole that limits it."""
        return (
            r >= self.places and self.kind == "none" and (r not in self.parts[-1] or not self.told[-1][t][1])
        )

    @property
    def sums(self) -> list[int]:
        return [sum(row[t] for row in self.true) for t in range(self.width)]

    def stated(self, t: int) -> dict[int, int]:
        """Unit -> figure, of those that have one."""
        return {u: cells[t][0] for u, cells in enumerate(self.told) if cells[t][1] != MISSING}

    def drawn(self, u: int) -> bool:
        return any(region < self.places for region in self.parts[u]) and u < len(self.parts) - 1

    def bound(self, u: int, t: int) -> bool:
        return self.told[u][t][1] == LOWER_BOUND


@st.composite
def worlds(draw: Any, width: int = 0) -> World:
    """Complete tables, of which some regions are hidden, some stated together, some as at least so much.

    The last unit is "Other": regions without a place of their own. Every world has a region outside the map.
    """
    places, width = draw(st.integers(1, 5)), width or draw(st.integers(1, 2))
    amounts = st.lists(st.integers(0, 12), min_size=width, max_size=width)
    true = [draw(amounts) for _ in range(places + 1)]
    kind = draw(st.sampled_from(["none", "whole", "total", "complete"]))
    roles = [draw(st.sampled_from(["own", "own", "own", "sum", "other", "hidden"])) for _ in range(places)]
    roles.append(draw(st.sampled_from(["other", "hidden"])))
    if kind == "complete":
        roles = ["other" if role == "hidden" else role for role in roles]
    if kind == "whole":  # the same in every slice: the region outside has what the others leave
        most = max(sum(row[t] for row in true[:-1]) for t in range(width)) + draw(st.integers(0, 12))
        true[-1] = [max(most, 1) - sum(row[t] for row in true[:-1]) for t in range(width)]
    parts = [(r,) for r, role in enumerate(roles) if role == "own"]
    together = tuple(r for r, role in enumerate(roles[:-1]) if role == "sum")
    parts += [together] if together else []
    parts.append(tuple(r for r, role in enumerate(roles) if role == "other"))
    told = []
    for part in parts:
        cells = []
        for t in range(width):
            amount = sum(true[r][t] for r in part)
            ways = ["exact", "exact", "bound"] + ["missing"] * (kind != "complete")
            way = draw(st.sampled_from(ways)) if part else "missing"
            less = draw(st.integers(0, amount)) if way == "bound" else 0
            status = {"exact": REPORTED, "bound": LOWER_BOUND, "missing": MISSING}[way]
            cells.append((amount - less, status))
        told.append(tuple(cells))
    rows = tuple(tuple(row) for row in true)
    return World(rows, places, tuple(parts), tuple(told), kind, draw(st.sampled_from(["en", "zh"])))


def _base(lang: str) -> Any:
    rows = [("CHN", "2019", 1.0), ("CHN", "2020", 1.0)]
    table = pd.DataFrame(rows, columns=["region", "period", "value"])
    return gt.choropleth(table, region="region", period="period", value="value", unit="EH/s", lang=lang)


BASE = {lang: _base(lang) for lang in ("en", "zh")}


def content_of(world: World) -> Any:
    """The world as a map knows it."""
    base, units = BASE[world.lang], []
    for u, part in enumerate(world.parts):
        members = tuple(r for r in part if r < world.places) if world.drawn(u) else ()
        kind = "remainder" if not members else "region" if len(part) == 1 else "aggregate"
        units.append(Unit(f"U{u}", f"N{u}", "", kind, members))
    cells = [list(row) for row in world.told]
    if world.kind == "total":
        units.append(Unit("total", "Total", "", "whole"))
        cells.append([(amount, REPORTED) for amount in world.sums])
    status = np.array([[s for _, s in row] for row in cells], dtype=np.uint8)
    values = np.where(status == MISSING, np.nan, np.array([[float(v) for v, _ in row] for row in cells]))
    wholes = np.array([unit.kind == "whole" for unit in units])
    whole = float(world.sums[0]) if world.kind == "whole" else None
    limit = np.array([float(amount) for amount in world.sums]) if world.kind == "total" else whole
    mapped = np.array([bool(unit.members) for unit in units])
    rest = join.remainder(values, mapped, limit, 0.05, wholes, status=status)
    metric = replace(base.layers[0].metric, whole=whole, complete=world.kind == "complete")
    layer = replace(
        base.layers[0], metric=metric, digits=0, values=values, status=status,
        mapped=rest.mapped, stated=rest.stated, unstated=rest.unstated, rounding=rest.rounding,
        whole=rest.whole, bounded=rest.mapped_at_least, stated_bounded=rest.stated_at_least,
        partial=("",) * world.width,
        slice_notes=((),) * world.width,
        note=np.full(values.shape, -1),
    )  # fmt: skip
    slices = base.slices[: world.width]
    labels = [step.label for step in slices]
    layer = with_sentences(layer, "", units, (), labels, regions=world.places, lang=world.lang)
    codes = tuple(f"R{r}" for r in range(world.places))
    shapes = SimpleNamespace(
        codes=codes, names=codes, mended=(), shapes=tuple((r,) for r in range(world.places))
    )
    return TimeMap(
        replace(
            base.content,
            units=tuple(units),
            slices=slices,
            layers=(layer,),
            opening=0,
            boundaries=shapes,
            origins=(),
        )
    )


def completions(world: World, t: int) -> list[dict[int, float]]:
    """Party -> amount, in several worlds that agree with what is stated; "Other" is one region's in all."""
    stated = {u: float(amount) for u, amount in world.stated(t).items()}
    limited = world.kind in {"whole", "total"}
    left = world.sums[t] - sum(stated.values()) if limited else PLENTY
    seen = {r for u in stated if world.drawn(u) for r in world.parts[u]}
    somebody = limited or len(seen) < world.places
    hidden = {HIDDEN: 0.0} if somebody or world.kind == "complete" else {}
    found = [stated | hidden]
    found += [stated | hidden | {u: stated[u] + left} for u in stated if world.bound(u, t)]
    return found + ([stated | {HIDDEN: left}] if somebody and world.kind != "complete" else [])


def leaders(amounts: dict[int, float], without: set[int]) -> set[int]:
    left = {party: amount for party, amount in amounts.items() if party not in without}
    return {party for party, amount in left.items() if amount == max(left.values())}


def expected(world: World, t: int) -> tuple[set[int], set[int], bool, bool, bool]:
    """First, second, whether each is known, and whether the whole order is: by trying it out."""
    own = {u: amount for u, amount in world.stated(t).items() if world.drawn(u)}
    levels = sorted(set(own.values()), reverse=True)
    ranks = [{u for u, amount in own.items() if amount == level} for level in [*levels, None, None][:2]]
    tried = completions(world, t)
    known = all(leaders(each, set()) == ranks[0] for each in tried)
    after = known and bool(ranks[1]) and all(leaders(each, ranks[0]) == ranks[1] for each in tried)
    kept = all(
        (each[a] > each[b]) == (own[a] > own[b]) and (each[a] == each[b]) == (own[a] == own[b])
        for each in tried for a in own for b in own
    )  # fmt: skip
    return ranks[0], ranks[1], known, after, kept


TIED = World(
    ((5,), (5,), (1,), (0,)),
    3,
    ((0,), (1,), (2,), ()),
    (((5, 1),), ((5, 3),), ((1, 1),), ((0, 0),)),
    "none",
    "en",
)
"""All are listed; of two with the same figure one may have more."""

LOST = World(
    ((9, 3), (8, 0), (0, 0)), 2, ((0,), (1,), ()),
    (((9, 1), (3, 1)), ((1, 3), (0, 1)), ((0, 0), (0, 0))), "none", "en",
)  # fmt: skip
"""The second had at least one, and may have lost more than the first."""

INSIDE = World(
    ((2, 8), (7, 1), (1, 5), (0, 0)), 3, ((0,), (0, 1), (2,), ()),
    (((2, 1), (0, 0)), ((9, 1), (9, 1)), ((1, 1), (5, 1)), ((0, 0), (0, 0))), "none", "en",
)  # fmt: skip
"""The first is stated at first by itself and then in a sum: it may have gained more than the third."""


@settings(max_examples=150, deadline=None)
@given(worlds())
@example(TIED)
def test_the_highest_is_known_just_where_no_completion_has_another(world: World) -> None:
    content = content_of(world)
    [layer] = content.layers
    among = ranking.parties(content.units, world.places)
    for t in range(world.width):
        first, second, known, after, kept = expected(world, t)
        found = ranking.ranks(layer, among, t)
        assert (set(found.first), set(found.second)) == (first, second)
        assert not first or (found.scope == "known") == known
        assert not second or not known or (found.next_scope == "known") == after
        assert found.sure == kept
        off = max((v for u, v in world.stated(t).items() if not world.drawn(u)), default=-1)
        for units, scope in ((first, found.scope), (second, found.next_scope)):
            if units and scope != "known":  # "of those stated" is true of all that is stated
                assert (scope == "placed") == (off >= layer.values[min(units), t])
        check_truth(world, t, found)
        check_words(content, t, known, after)


def check_truth(world: World, t: int, found: ranking.Ranks) -> None:
    """What is called known is true in the world that the statements were made from."""
    sums = {r for u in world.stated(t) if world.drawn(u) and len(world.parts[u]) > 1 for r in world.parts[u]}
    own = {world.parts[u][0]: u for u in world.stated(t) if world.drawn(u) and len(world.parts[u]) == 1}
    amounts: dict[Any, int] = {
        own.get(r, f"region {r}"): row[t]
        for r, row in enumerate(world.true)
        if r not in sums and not world.outside(r, t)
    }
    amounts |= {
        u: sum(world.true[r][t] for r in world.parts[u])
        for u in world.stated(t)
        if world.drawn(u) and len(world.parts[u]) > 1
    }
    if found.scope == "known":
        assert leaders(amounts, set()) == set(found.first)
    if found.second and found.next_scope == "known":
        assert leaders(amounts, set(found.first)) == set(found.second)


def claims(text: str, lang: str) -> tuple[bool, bool]:
    """Whether a text says without reserve who is the highest, and who comes next."""
    first = second = False
    for sentence in re.split(r"(?<=[.。]) ?", text):
        if lang == "en":
            free = re.search(r"\bhighest(?! of those stated| stated on the map)", sentence, re.IGNORECASE)
            first |= bool(free) and "of those stated on the map share" not in sentence
            second |= first and bool(re.search(r", then |; second: ", sentence))
        else:
            free = (
                "最高" in sentence
                and "所列数字中最高" not in sentence
                and "所列数字中" not in sentence.split("最高")[0]
            )
            first |= free
            second |= free and bool(re.search("(?<!所列数字中)其次", sentence))
    return first, second


def check_words(content: Any, t: int, known: bool, after: bool) -> None:
    """Every text says just what is known; with one figure only captions say that it is the only one."""
    [layer] = content.layers
    view = views.choose(content, "slices", [content.slices[t].iso])
    said = [captions.caption(view), captions.alt_text(view), captions.long_description(view)]
    given_ = (layer.status[:, t] != MISSING) & [bool(unit.members) for unit in content.units]
    several = given_.sum() > 1 and bool(np.nanmax(np.where(given_, layer.values[:, t], -1)) > 0)
    two = len(set(layer.values[given_, t].tolist())) > 1
    for text in said:
        first, second = claims(text, content.lang)
        assert first == (known and several), text
        assert not second or after, text
        assert second == (after and several and two and "share the" not in text and "并列" not in text), text
    assert claims(layer.sentences[t], content.lang)[0] == (known and bool(given_.any())), layer.sentences[t]


def widest(world: World) -> tuple[float, float]:
    """How far up and down anything may have moved that is not known exactly, by trying it out."""
    other, ends = len(world.parts) - 1, [completions(world, t) for t in (0, 1)]

    def may(u: int, t: int) -> list[float]:
        if u in world.stated(t):
            return [amounts[u] for amounts in ends[t]]
        return [0.0] + [
            amounts[party] for amounts in ends[t] for party in (HIDDEN, other) if party in amounts
        ]

    moved = [(0.0, 0.0)]
    for u in (*range(other), HIDDEN):  # HIDDEN: any region that is named in neither slice
        stated = [u in world.stated(t) for t in (0, 1)]
        exact = all(stated) and not any(world.bound(u, t) for t in (0, 1))
        if u == HIDDEN or (world.drawn(u) and any(stated) and not exact):
            moved += [(after - before, before - after) for before in may(u, 0) for after in may(u, 1)]
    return max(up for up, _ in moved), max(down for _, down in moved)


@settings(max_examples=150, deadline=None)
@given(worlds(width=2))
@example(LOST)
@example(INSIDE)
def test_who_moved_most_is_said_only_where_nobody_may_have_moved_more(world: World) -> None:
    content = content_of(world)
    found = movement(content, content.layers[0], 0, 1)
    if not found.gainers + found.losers:
        return
    up, down = widest(world)
    sure = (not found.gain or found.gain > up) and (not found.loss or -found.loss > down)
    several = any(len(part) > 1 for part in world.parts[:-1])  # whose members may be those that are missing
    assert sure or not found.sure
    assert found.sure or not sure or several
    assert not found.sure or world not in (LOST, INSIDE)
    for text in (
        captions.alt_text(views.choose(content, "difference")),
        captions.long_description(views.choose(content, "difference")),
    ):
        plain = "argest" in text and "nown exactly, largest" not in text
        plain |= "幅最大" in text and "在确切已知的变化中" not in text
        assert plain == found.sure


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-3, 9), st.sampled_from(STATES)), min_size=1, max_size=5), st.booleans()
)
def test_a_highest_figure_over_time_is_known_where_no_other_slice_may_exceed_it(
    cells: list[tuple[int, int]], gaps: bool
) -> None:
    signed = min(value for value, _ in cells) < 0
    status = np.array([state for _, state in cells], dtype=np.uint8)
    values = np.where(status == MISSING, np.nan, np.array([float(value) for value, _ in cells]))
    if (status == MISSING).all():
        return
    floor = -PLENTY if signed else 0.0
    spans = [
        (floor, PLENTY) if state == MISSING else (value, PLENTY if state == LOWER_BOUND else value)
        for value, state in zip(values.tolist(), status.tolist(), strict=True)
    ] + [(floor, PLENTY)] * gaps
    for highest, pick in ((True, np.nanargmax), (False, np.nanargmin)):
        chosen = int(pick(values))
        low, high = spans[chosen]
        others = [span for i, span in enumerate(spans) if i != chosen]
        known = all(s[1] <= low for s in others) if highest else all(s[0] >= high for s in others)
        line = Line("", values, status)
        assert lines.lasts(line, chosen, highest=highest, gaps=gaps, signed=signed) == known


def small(rows: dict[str, Any], lang: str = "en", **more: Any) -> Any:
    """A map of one table: name of a country -> its figure in 2020, or (figure, "lower bound")."""
    cells = [
        (name, *(cell if isinstance(cell, tuple) else (cell, "reported"))) for name, cell in rows.items()
    ]
    table = pd.DataFrame(cells, columns=["region", "value", "status"]).assign(period="2020")
    return gt.choropleth(table, region="region", period="period", value="value", lang=lang, **more)


def squares() -> Any:
    """Three regions that are all there is."""
    import geopandas
    from shapely.geometry import box

    return geopandas.GeoDataFrame(
        {"code": ["A", "B", "C"]}, geometry=[box(x, 0, x + 9, 9) for x in (0, 10, 20)], crs="EPSG:4326"
    )


SHARE: dict[str, Any] = {"unit": "%", "whole": 100}
ALL: dict[str, Any] = {"boundaries": squares, "code": "code"}
SMALL: dict[str, tuple[dict[str, Any], dict[str, Any], str, str, str]] = {
    # name: figures, options; the sentence, and the beginnings of caption and alt text after what is shown
    "what is left is less than the second": (
        {"China": 60, "Kazakhstan": 25}, SHARE, "highest in China, 60%",
        "Highest: China with 60%, then Kazakhstan with 25%.",
        "Highest on the map: China, 60%; second: Kazakhstan, 25%.",
    ),
    "less than the first": (
        {"China": 60, "Kazakhstan": 15}, SHARE, "highest in China, 60%",
        "Highest: China with 60%; next of those stated: Kazakhstan with 15%; 25% is not stated",
        "Highest on the map: China, 60%; next of those stated: Kazakhstan, 15%.",
    ),
    "more than the first": (
        {"China": 30, "Kazakhstan": 15}, SHARE, "highest of those stated: China, 30%",
        "Highest of those stated: China with 30%, then Kazakhstan with 15%; 55% is not stated",
        "Highest of those stated: China, 30%; second: Kazakhstan, 15%.",
    ),
    "just as much as the first": (
        {"China": 40, "Kazakhstan": 20}, SHARE, "highest of those stated: China, 40%",
        "Highest of those stated: China with 40%, then Kazakhstan with 20%; 40% is not stated",
        "Highest of those stated: China, 40%; second: Kazakhstan, 20%.",
    ),
    "one figure of less than half": (
        {"China": 4.9}, SHARE, "only figure on the map: China, 4.9%",
        "Only figure on the map: China with 4.9%; 95.1% is not stated",
        "Only figure on the map: China, 4.9%.",
    ),
    "one figure of more": (
        {"China": 95.1}, SHARE, "highest in China, 95.1%",
        "Only figure on the map: China with 95.1%.", "Only figure on the map: China, 95.1%.",
    ),
    "others have no place": (
        {"China": 55, "Kazakhstan": 15, "Other": 30}, SHARE, "highest in China, 55%",
        "Highest: China with 55%; next stated on the map: Kazakhstan with 15%; 30% has no place",
        "Highest on the map: China, 55%; next stated on the map: Kazakhstan, 15%.",
    ),
    "others have more than the first": (
        {"China": 25, "Kazakhstan": 15, "Other": 60}, SHARE, "highest stated on the map: China, 25%",
        "Highest stated on the map: China with 25%, then Kazakhstan with 15%; 60% has no place on the map",
        "Highest stated on the map: China, 25%; second: Kazakhstan, 15%.",
    ),
    "a lower bound below that may be above": (
        {"China": 40, "Kazakhstan": (35, "lower bound")}, SHARE, "highest of those stated: China, 40%",
        "Highest of those stated: China with 40%, then Kazakhstan with at least 35%. The order is",
        "Highest of those stated: China, 40%; second: Kazakhstan, at least 35%. Where figures",
    ),
    "a lower bound that stays below": (
        {"China": 60, "Kazakhstan": (30, "lower bound")}, SHARE, "highest in China, 60%",
        "Highest: China with 60%, then Kazakhstan with at least 30%.",
        "Highest on the map: China, 60%; second: Kazakhstan, at least 30%. 2 regions",
    ),
    "a lower bound above": (
        {"China": (50.1, "lower bound"), "Kazakhstan": 10}, SHARE, "highest in China, at least 50",
        "Highest: China with at least 50.1%; next of those stated: Kazakhstan with 10",
        "Highest on the map: China, at least 50.1%; next of those stated: Kazakhstan, 10",
    ),
    "a tie of those stated": (
        {"China": 5, "Kazakhstan": 5, "Russia": 1}, {"unit": "EH/s"},
        "highest of those stated: 2 regions, 5 EH/s each",
        "Highest of those stated: China and Kazakhstan with 5 EH/s each, then Russia with 1 EH/s.",
        "Highest of those stated: China and Kazakhstan, 5 EH/s each; second: Russia, 1 EH/s.",
    ),
    "a tie of many": (
        {"China": 5, "Kazakhstan": 5, "Russia": 5, "Canada": 5, "Iran": 1}, {"unit": "EH/s"},
        "highest of those stated: 4 regions, 5 EH/s each",
        "Highest of those stated: 4 regions with 5 EH/s each, then Iran with 1 EH/s.",
        "4 regions of those stated on the map share the highest figure, 5 EH/s.",
    ),
    "an amount": (
        {"China": 60, "Kazakhstan": 25}, {"unit": "EH/s"}, "highest of those stated: China, 60 EH/s",
        "Highest of those stated: China with 60 EH/s, then Kazakhstan with 25 EH/s.",
        "Highest of those stated: China, 60 EH/s; second: Kazakhstan, 25 EH/s.",
    ),
    "an amount beside its total": (
        {"China": 60, "Kazakhstan": 25, "Total": 90}, {"unit": "EH/s", "missing": "others"},
        "highest in China, 60 EH/s",
        "Highest: China with 60 EH/s, then Kazakhstan with 25 EH/s.",
        "Highest on the map: China, 60 EH/s; second: Kazakhstan, 25 EH/s.",
    ),
    "changes, of which one that is not stated may be higher beside one below zero": (
        {"China": 60, "Kazakhstan": -25, "Total": 35}, {"unit": "EH/s"},
        "highest of those stated: China, 60 EH/s",
        "Highest of those stated: China with 60 EH/s, then Kazakhstan with −25 EH/s.",
        "Highest of those stated: China, 60 EH/s; second: Kazakhstan, −25 EH/s.",
    ),
    "every region there is": (
        {"A": 3, "B": 2, "C": 1}, ALL | {"unit": "t"}, "highest in A, 3 t",
        "Highest: A with 3 t, then B with 2 t.", "Highest on the map: A, 3 t; second: B, 2 t.",
    ),
    "a rate of every region": (
        {"A": 3, "B": 2, "C": 1}, ALL | {"unit": "years", "kind": "intensive"},
        "highest in A, 3 years",
        "Highest: A with 3 years, then B with 2 years.",
        "Highest on the map: A, 3 years; second: B, 2 years.",
    ),
    "every region but one": (
        {"A": 3, "B": 2}, ALL | {"unit": "t"}, "highest of those stated: A, 3 t",
        "Highest of those stated: A with 3 t, then B with 2 t.",
        "Highest of those stated: A, 3 t; second: B, 2 t.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SMALL)
def test_a_small_map_says_of_whom_somebody_is_the_highest(name: str) -> None:
    rows, options, sentence, caption, alt = SMALL[name]
    options = {key: value() if callable(value) else value for key, value in options.items()}
    found = small(rows, **options)
    assert plain(found.layers[0].sentences[0]).startswith(f"2020: {sentence}")
    assert plain(found.caption()).split(". ", 1)[1].startswith(caption), found.caption()
    assert plain(found.alt_text()).split(". ", 1)[1].startswith(alt), found.alt_text()
    chinese = small(rows, "zh", **options)
    texts = [chinese.layers[0].sentences[0], chinese.caption(), chinese.alt_text()]
    for text, english in zip(texts, (sentence, caption, alt), strict=True):
        assert claims(text, "zh") == claims(english, "en"), text
        assert ("所列数字中" in text) == ("stated on the map" in english or "of those stated" in english), (
            text
        )


def test_of_a_rate_a_member_may_have_more_than_its_aggregate() -> None:
    world = World(
        ((5,), (2,), (1,), (0,)), 3, ((0,), (1, 2), ()), (((5, 1),), ((3, 1),), ((0, 0),)), "none", "en"
    )
    [layer], among = content_of(world).layers, ranking.parties(content_of(world).units, 3)
    assert ranking.ranks(layer, among, 0).scope == "known"
    rate = replace(layer, metric=replace(layer.metric, kind="intensive"))
    assert ranking.ranks(rate, among, 0).scope == "stated"


def plain(text: str) -> str:
    """With spaces that break: numbers and their units may be tied."""
    return re.sub("[\u00a0\u202f]", " ", text)


def test_no_output_of_a_map_says_more_than_is_known(tmp_path: Path) -> None:
    found = gt.choropleth("foundry-us-states").with_view(at="last")
    found.save_table(tmp_path / "a.geojson")
    found.save_figure(tmp_path / "a.svg")
    found.save_film(tmp_path / "a.gif", width=400)
    (tmp_path / "a.md").write_text('{{ figure("foundry-us-states", at="last") }}', encoding="utf-8")
    [exhibit] = report.compose(tmp_path / "a.md", ROOT / "data").exhibits
    told = {
        "geojson": (tmp_path / "a.geojson").read_text("utf-8"),
        "figure": (tmp_path / "a.svg").read_text("utf-8"),
        "film": (tmp_path / "a.gif").read_bytes().decode("utf-8", "replace"),
        "page": found.to_html(),
        "piece of a page": found.to_fragment(),
        "gallery": gallery([found]),
        "notebook": alt_of(found),
        "map among others": json.dumps(cards.kept(found.content)),
        "caption of a report": exhibit.caption,
        "alt text of a report": exhibit.alt,
        "long description of a report": exhibit.long,
    }
    for name, text in told.items():
        assert "ighest of those stated" in text, name
        assert not re.search(r"[Hh]ighest(:| on the map| in (Texas|New York|Georgia))", text), name
        assert not re.search(r"(?<!nown exactly, )[Ll]argest (gain|loss) on the map", text), name


def test_shipped_series_say_who_is_highest_where_the_rest_is_less() -> None:
    def first(series: str, when: str) -> str:
        found = gt.choropleth(series)
        names = [step.iso for step in found.slices]
        return plain(found.layers[0].sentences[names.index(when)]).split(": ", 1)[1]

    assert first("cbeci-countries", "2022-01") == "highest in United States, 37.8%"
    assert first("foundry-us-states", "2023-07") == "highest of those stated: Texas, 28.5%"
    assert first("cbeci-us-states", "2021-12") == "highest of those stated: Georgia, at least 30%"
    assert first("cbeci-countries-first-vintage", "2019-09") == "highest of those stated: Russia, 5.9%"
    for when, part in (("2020-Q1", "Overseas"), ("2022", "China")):  # of two parts the one with less
        assert not re.match(f"highest in {part}", first("canaan-revenue", when))


def test_what_is_written_of_the_flagship_is_known() -> None:
    """README, the gallery and the map itself: at first most is in China, at last the United States lead."""
    [share, hashrate] = gt.choropleth("cbeci-countries").layers
    units = gt.choropleth("cbeci-countries").units
    among = ranking.parties(units, 252)
    for layer in (share, hashrate):
        for t, code in ((0, "CHN"), (-1, "USA")):
            found = ranking.ranks(layer, among, range(len(layer.mapped))[t])
            assert ([units[u].code for u in found.first], found.scope) == ([code], "known")
    assert "the United States led" in str(catalogue.words_of("en", "more")["galleryLead"])
    assert "United States led with 38%" in " ".join((ROOT / "README.md").read_text("utf-8").split())
