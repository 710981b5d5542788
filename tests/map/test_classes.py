"""One set of classes for all slices, checked against mapclassify."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geotrack.errors import SpecError, ValidationError
from geotrack.map.classes import (
    MOST_CLASSES,
    SKEWED_AT_MOST,
    Breaks,
    breaks,
    classes_of,
    colours,
    palette,
)
from geotrack.render.picture.ink import DARK

NAN = math.nan
POSITIVE = st.floats(1e-6, 1e9)
SHARES = st.one_of(st.just(0.0), st.just(NAN), st.decimals(0, 100, places=2).map(float))


def classify(values: np.ndarray, found: Breaks) -> np.ndarray:
    """0 missing, then the classes in the order of their labels."""
    return classes_of(found, np.asarray(values, dtype=float)) + 1  # type: ignore[arg-type]


def some(values: list[float]) -> bool:
    return any(v == v for v in values)  # noqa: PLR0124 - NaN differs from itself


def test_skewed_classes_climb_in_steps_of_1_2_5_and_zero_has_its_own() -> None:
    found = breaks(np.array([0, 0.5, 3, 7.2, 70, NAN]))
    assert found.edges == (0.5, 1, 2, 5, 10, 20, 50, 100)
    assert found.labels() == ("0", "0.5–1", "1–2", "2–5", "5–10", "10–20", "20–50", "50–100")
    assert (found.zero, found.kind, found.method, found.count) == (True, "sequential", "skewed", 8)


def test_where_the_ladder_is_too_long_its_lowest_steps_are_one_class() -> None:
    found = breaks(np.array([0.01, 3, 4, 7.2, 70]))
    assert found.edges == (0, 1, 2, 5, 10, 20, 50, 100)
    assert found.labels()[0] == "under 1"
    assert not found.zero


def test_where_most_values_would_be_in_that_class_the_steps_are_coarser() -> None:
    assert breaks(np.array([0.1, 0.2, 0.3, 0.6, 70])).edges == (0.1, 0.5, 1, 5, 10, 50, 100)
    assert breaks(np.array([*[0.011] * 8, 0.2, 70])).edges == (0.01, 0.1, 1, 10, 100)


def test_where_values_lie_close_the_widths_are_equal_and_round() -> None:
    assert breaks(np.array([30, 70, 45.0])).edges == (30, 40, 50, 60, 70)
    assert breaks(np.array([99.1, 99.2, 99.33])).labels() == (
        "99.1–99.15",
        "99.15–99.2",
        "99.2–99.25",
        "99.25–99.3",
        "99.3–99.35",
    )
    assert breaks(np.array([1.0, 1.0 + 1e-12])).edges == (1.0, 1.0 + 1e-12)


@given(st.lists(POSITIVE, min_size=1, max_size=40), st.integers(1, MOST_CLASSES))
def test_skewed_classes_span_the_values_and_the_top_one_is_not_empty(values: list[float], count: int) -> None:
    found = breaks(np.array(values), count=count)
    codes = classify(np.array(values), found)
    assert 1 <= found.count <= count
    assert codes.min() >= 1
    assert codes.max() == found.count
    assert list(found.edges) == sorted(found.edges)


@given(st.floats(1, 9.99), st.floats(0.7, 12))
def test_without_a_count_there_are_four_to_seven_classes(low: float, span: float) -> None:
    high = low * 10**span
    assert 4 <= breaks(np.array([low, *np.geomspace(low, high, 30), high])).count <= SKEWED_AT_MOST


@pytest.mark.parametrize("method", ["skewed", "quantiles", "equal"])
@given(st.lists(SHARES, min_size=1, max_size=60).filter(some))
@settings(max_examples=40)
def test_codes_say_missing_zero_or_class(method: str, values: list[float]) -> None:
    array = np.array(values)
    found = breaks(array, method)
    codes = classify(array, found)
    np.testing.assert_array_equal(codes == 0, np.isnan(array))
    assert found.zero == (0.0 in values)
    if found.zero:
        np.testing.assert_array_equal(codes == 1, array == 0)
    assert len(found.labels()) == found.count == len(colours(found))
    assert codes.max() <= found.count
    order = np.argsort(array)
    ascending = codes[order][codes[order] > 0].astype(int)
    assert (np.diff(ascending) >= 0).all()


def test_codes_keep_the_shape_and_close_the_last_class() -> None:
    codes = classify(np.array([[NAN, 0, 1], [2, 4, 5]]), Breaks((1, 2, 5), "edges", zero=True))
    assert codes.tolist() == [[0, 1, 2], [3, 3, 3]]


@given(st.lists(st.decimals("0.01", 100, places=2).map(float), min_size=6, unique=True), st.integers(2, 7))
@settings(deadline=None)
def test_quantiles_and_equal_widths_agree_with_mapclassify(values: list[float], count: int) -> None:
    import mapclassify

    array = np.array(values)
    for method, oracle in (("quantiles", mapclassify.Quantiles), ("equal", mapclassify.EqualInterval)):
        found = breaks(array, method, count)
        np.testing.assert_allclose(found.edges[1:], oracle(array, k=count).bins)


@given(
    st.lists(st.integers(1, 20).map(float), min_size=2).filter(lambda v: len(set(v)) > 1), st.integers(2, 7)
)
@settings(deadline=None)
def test_classes_agree_with_mapclassify_mirrored(values: list[float], count: int) -> None:
    """Negated values turn [lo, hi) into mapclassify's (lo, hi], and its classes are counted from above."""
    import mapclassify

    array = np.array(values)
    found = breaks(array, "quantiles", count)
    mirrored = mapclassify.UserDefined(-array, bins=sorted(-e for e in found.edges[:-1]))
    np.testing.assert_array_equal(classify(array, found), found.count - mirrored.yb)


def test_classes_are_pooled_over_slices_as_mapclassify_pools_them() -> None:
    import mapclassify

    table = np.array([[1, 2, 3.5], [4, 50, 6], [7, 8, 90], [10, 11, 12]])
    pooled = mapclassify.Pooled(table, classifier="Quantiles", k=4).global_classifier
    np.testing.assert_allclose(breaks(table, "quantiles", 4).edges[1:], pooled.bins)


def test_fewer_values_than_classes_make_fewer_classes() -> None:
    assert breaks(np.array([1.0, 1, 1, 2]), "quantiles").count <= 2
    found = breaks(np.array([0, 0, 3.0, 40]))
    assert classify(np.array([0, 3, 40]), found).tolist() == [1, 2, found.count]


@pytest.mark.parametrize("method", ["skewed", "quantiles", "equal"])
def test_a_constant_is_one_class(method: str) -> None:
    found = breaks(np.array([5.0, 5, NAN]), method)
    assert (found.edges, found.labels()) == ((5, 5), ("5",))
    assert classify(np.array([5.0, NAN]), found).tolist() == [1, 0]


def test_zeros_alone_are_one_class() -> None:
    found = breaks(np.array([0.0, NAN, -0.0]))
    assert (found.edges, found.labels(), found.count) == ((), ("0",), 1)
    assert classify(np.array([0.0, NAN]), found).tolist() == [1, 0]
    assert len(colours(found)) == 1


def test_zero_among_negative_values_is_a_value_like_any() -> None:
    found = breaks(np.array([-10.0, 0, 10]), "equal", 2)
    assert (found.zero, found.labels()) == (False, ("−10 to 0", "0 to 10"))


def test_edges_can_be_given() -> None:
    found = breaks(np.array([0, 3.0, 80]), [1, 5, 50, 100])
    assert (found.edges, found.zero, found.method) == ((1, 5, 50, 100), True, "edges")
    assert breaks(np.array([0, 3.0]), [0, 5]).labels() == ("0", "under 5")


INF = math.inf


@pytest.mark.parametrize(
    ("edges", "labels"),
    [
        ([-INF, 0, INF], ("under 0", "0 or more")),
        ([-INF, -5, 5, INF], ("under −5", "−5 to 5", "5 or more")),
        ([-10, 0, INF], ("−10 to 0", "0 or more")),
        ([-INF, 0, 10], ("under 0", "0–10")),
    ],
)
def test_classes_may_be_open(edges: list[float], labels: tuple[str, ...]) -> None:
    found = breaks(np.array([-3.0, 0, 9]), edges)
    assert (found.edges, found.labels()) == (tuple(edges), labels)
    assert len(colours(found)) == found.count == len(labels)
    low, zero, high = (labels[k - 1] for k in classify(np.array([-3.0, 0, 9]), found))
    assert (low, high) == (labels[0] if len(labels) == 2 else labels[1], labels[-1])
    assert zero == labels[-1] if len(labels) == 2 else labels[1]


def test_open_classes_of_amounts_have_zero_beside_them() -> None:
    found = breaks(np.array([0, 3.0, 80]), [0, 5, INF])
    assert found.labels() == ("0", "under 5", "5 or more")
    assert classify(np.array([0, 3, 5, 80.0]), found).tolist() == [1, 2, 3, 3]
    with pytest.raises(SpecError, match="edges -inf, inf cannot be used"):
        breaks(np.array([1.0]), [-INF, INF])


def test_diverging_classes_are_symmetric_and_the_pivot_is_a_class() -> None:
    found = breaks(np.array([-40.0, 0, 0.3, 12, NAN]), "diverging")
    assert found.edges == (-50, -20, -10, -5, 0, 5, 10, 20, 50)
    assert (found.kind, found.zero) == ("diverging", True)
    assert found.labels()[:3] == ("0", "−50 to −20", "−20 to −10")
    assert classify(np.array([0, -40, -0.1, 0.3, 12, NAN]), found).tolist() == [1, 2, 5, 6, 8, 0]


@given(
    st.lists(
        st.floats(-1e6, 1e6, allow_subnormal=False).filter(lambda v: v == 0 or abs(v) > 1e-9), min_size=1
    )
)
def test_diverging_classes_hold_every_value_on_its_own_side(values: list[float]) -> None:
    array = np.array(values)
    found = breaks(array, "diverging")
    codes = classify(array, found) - int(found.zero)
    np.testing.assert_array_equal(np.array(found.edges), -np.array(found.edges)[::-1])
    half = len(found.edges) // 2
    assert (codes[array < 0] <= half).all()
    assert (codes[array > 0] > half).all()


@pytest.mark.parametrize(
    ("values", "method", "more", "error", "message"),
    [
        ([NAN, NAN], "skewed", {}, ValidationError, "no value to classify; every cell is missing"),
        ([], "skewed", {}, ValidationError, "no value to classify"),
        ([1, math.inf], "equal", {}, ValidationError, "values to classify are infinite; expected finite"),
        ([-2, 1], "skewed", {}, ValidationError, "the least value is −2, and skewed classes are for amount"),
        ([1], "jenks", {}, SpecError, "method = 'jenks' is unknown; expected skewed, quantiles, equal, div"),
        ([1], "equal", {"count": 0}, SpecError, "classes = 0 is out of range; expected 1 to 12"),
        ([1], "equal", {"count": 13}, SpecError, "classes = 13 is out of range"),
        ([1], "diverging", {"count": 5}, SpecError, "classes = 5 is odd; diverging classes are as many"),
        ([1], [2, 1], {}, SpecError, "edges 2, 1 cannot be used; expected 2 to 13 ascending numbers"),
        ([1], [2], {}, SpecError, "edges 2 cannot be used"),
        ([1], [1, NAN], {}, SpecError, "edges 1, nan cannot be used"),
        ([0, 3, 80], [1, 50], {}, SpecError, "edges 1, 50 do not span the values, 0 to 80; add an edge"),
        ([0, 0.5], [1, 50], {}, SpecError, "edges 1, 50 do not span the values, 0 to 0.5"),
        ([-1, 3], [0, 50], {}, SpecError, "edges 0, 50 do not span the values, −1 to 3"),
    ],
)  # fmt: skip
def test_what_cannot_be_classed_is_refused(
    values: list[float], method: object, more: dict[str, int], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=re.escape(message)):
        breaks(np.array(values, dtype=float), method, **more)  # type: ignore[arg-type]


def test_large_numbers_are_grouped() -> None:
    assert breaks(np.array([9.0, 3e6]), [5, 20_000, 4_000_000]).labels() == ("5–20,000", "20,000–4,000,000")


SCHEMES = (
    "Blues", "BuGn", "BuPu", "GnBu", "Greens", "Greys", "Oranges", "OrRd", "PuBu", "PuBuGn", "PuRd",
    "Purples", "RdPu", "Reds", "YlGn", "YlGnBu", "YlOrBr", "YlOrRd", "viridis", "plasma", "inferno", "magma",
    "BrBG", "PiYG", "PRGn", "PuOr", "RdBu", "RdYlBu",
)  # fmt: skip
"""ColorBrewer's sequential schemes, matplotlib's, and the diverging ones that everybody can read."""


def light(colour: str) -> int:
    return sum(int(colour[i : i + 2], 16) for i in (1, 3, 5))


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize("n", [1, 2, 3, 7, 12])
def test_every_scheme_gives_as_many_colours_as_asked(name: str, n: int) -> None:
    for dark in (False, True):
        found = palette(name, n, dark=dark)
        assert len(set(found)) == n
        assert all(re.fullmatch("#[0-9a-f]{6}", c) for c in found)


def test_low_is_light_on_a_light_page_and_dark_on_a_dark_one() -> None:
    day, night = palette("YlGnBu", 6), palette("YlGnBu", 6, dark=True)
    assert day == night[::-1]
    assert light(day[0]) > light(day[-1])
    assert palette("viridis", 6) == palette("viridis", 6, dark=True)
    assert palette("YlGnBu_r", 6) == night


GROUND, NO_DATA = DARK.page, DARK.missing
DIVERGING = SCHEMES[-6:]


def cielab(colour: str, seen: np.ndarray | None = None) -> np.ndarray:
    """CIE 1976 L*, a*, b* for D65, as a normal eye sees it or one that lacks a cone."""
    coded = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    linear = linear if seen is None else np.clip(seen @ linear, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(np.maximum(to_xyz @ linear / [0.9505, 1, 1.089], 1e-9))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: str, other: str) -> float:
    """WCAG 2, from the lightness: L* is a function of luminance alone."""
    dark, light = sorted(((cielab(colour)[0] + 16) / 116) ** 3 + 0.05 for colour in (one, other))
    return float(light / dark)


def apart(one: str, other: str, seen: np.ndarray | None = None) -> float:
    return float(np.linalg.norm(cielab(one, seen) - cielab(other, seen)))


# Machado, Oliveira and Fernandes (2009), severity 1
PROTAN = np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]])  # fmt: skip
DEUTAN = np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                   [-0.011820, 0.042940, 0.968881]])  # fmt: skip


@pytest.mark.parametrize("name", [*DIVERGING, *(f"{name}_r" for name in DIVERGING)])
@pytest.mark.parametrize("n", [5, 9, 11])
def test_on_a_dark_page_a_change_stands_out_and_nought_recedes(name: str, n: int) -> None:
    found, half = palette(name, n, dark=True), n // 2
    low, middle, high = found[:half][::-1], found[half], found[half + 1 :]
    for side in (low, high):  # from the pivot outwards
        lightness = [cielab(colour)[0] for colour in (GROUND, NO_DATA, middle, *side)]
        assert lightness == sorted(lightness)
        assert all(b - a > 5 for a, b in pairwise(lightness[1:]))
        assert contrast(side[-1], GROUND) > 8
        assert all(apart(a, b) > 10 for a, b in pairwise((middle, *side)))
    assert contrast(middle, GROUND) < 2
    assert min(apart(middle, other) for other in (NO_DATA, GROUND)) > 10
    for eye in (None, PROTAN, DEUTAN):  # at the same distance from the pivot the sides differ by their hue
        assert all(apart(a, b, eye) > 12 for a, b in zip(low, high, strict=True)), (name, eye)


def test_the_sides_of_a_diverging_scheme_never_swap() -> None:
    for name in DIVERGING:
        day, night = palette(name, 7), palette(name, 7, dark=True)
        for i in (0, -1):  # a side keeps its hue, and is nearer to itself than to the other one
            hue, own, other = (
                cielab(c)[1:] / np.hypot(*cielab(c)[1:]) for c in (day[i], night[i], night[-1 - i])
            )
            assert hue @ own > hue @ other
        assert palette(f"{name}_r", 7, dark=True) == night[::-1]
    assert palette("RdBu", 2) == (palette("RdBu", 3)[0], palette("RdBu", 3)[2])


def test_an_unknown_palette_is_refused_with_those_that_exist() -> None:
    with pytest.raises(
        SpecError, match=r"palette = 'Rainbow' is unknown; expected one of Accent, Blues, .* viridis"
    ):
        palette("Rainbow", 5)


def test_a_qualitative_palette_has_only_its_own_colours() -> None:
    with pytest.raises(
        SpecError, match="palette = 'Set1' has no 12 colours; use a sequential one, such as YlGnBu"
    ):
        palette("Set1", 12)
    assert len(palette("Set1", 5)) == 5


def test_colours_follow_the_codes() -> None:
    middle = breaks(np.array([-40.0, 0, 12]), "diverging", 4)
    neutral, *sides = colours(middle)
    assert (*sides[:2], neutral, *sides[2:]) == palette("RdBu_r", 5)
    assert colours(breaks(np.array([-40.0, 12]), "diverging", 4)) == tuple(sides)
    assert colours(breaks(np.array([0.0]), "diverging")) == (palette("RdBu_r", 3)[1],)
    assert colours(breaks(np.array([0, 1, 70.0])), "Blues", dark=True) == palette("Blues", 7, dark=True)
