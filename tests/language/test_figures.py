"""The one writer of a figure: what is said is never beyond what is known, whoever says it."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from babel import Locale
from hypothesis import assume, example, given
from hypothesis import strategies as st

from geotrack.language import catalogue, figures, numbers
from geotrack.language.figures import changed, compared, ends, verbatim, written
from geotrack.model import AT_MOST, DERIVED, ESTIMATED, LOWER_BOUND, MISSING, REPORTED, STATUSES

CASES = json.loads((Path(__file__).parent / "figures.json").read_text(encoding="utf-8"))
"""What this writer and the page's both write; tests/browser/test_figures.py runs them through the page."""

STATUS = {name: place for place, name in enumerate((*STATUSES, "at most"))}
NUMBERS = st.integers(-(10**9), 10**9) | st.integers(-(10**4), 10**4)
DIGITS = st.integers(0, 9)
KNOWN = st.sampled_from([REPORTED, ESTIMATED, DERIVED, LOWER_BOUND, AT_MOST])
MOST = st.none() | st.integers(0, 3)
WHOLES = st.sampled_from([None, 100.0, 1.0])


def told(case: dict[str, Any]) -> str:
    value = float("nan") if case["value"] is None else float(case["value"])
    how = {name: case[name] for name in ("digits", "unit", "lang", "most")}
    if case["kind"] == "change":
        return changed(value, **how)
    return written(value, STATUS[case["status"]], whole=case["whole"], **how)


def said(text: str) -> tuple[str, Decimal]:
    """Return the word before a number, and the number."""
    found = re.fullmatch(r"(at least |at most |under |over |)([+−±]?)([\d,]+(?:\.\d+)?)", text)
    assert found is not None, text
    return found[1].strip(), Decimal(("-" if found[2] == "−" else "") + found[3].replace(",", ""))


@pytest.mark.parametrize("case", CASES, ids=[" ".join(str(each) for each in c.values()) for c in CASES])
def test_figures_are_written_as_agreed(case: dict[str, Any]) -> None:
    assert told(case) == case["text"]


@given(NUMBERS, DIGITS, KNOWN, MOST, WHOLES)
@example(4996, 2, LOWER_BOUND, 1, 100.0)
@example(1483, 2, AT_MOST, 1, 100.0)
@example(4, 2, REPORTED, 1, 100.0)
def test_what_is_said_is_never_beyond_what_is_known(
    whole: int, digits: int, status: int, most: int | None, of: float | None
) -> None:
    exact = Decimal(whole).scaleb(-digits)
    word, number = said(written(float(exact), status, digits=digits, whole=of, most=most))
    assert word in {LOWER_BOUND: {"at least"}, AT_MOST: {"at most"}}.get(status, {"", "under", "over"})
    step = Decimal(1).scaleb(-(digits if most is None else min(digits, most)))
    if word in {"at least", "over"}:
        assert number <= exact
        assert exact < number + step
    elif word in {"at most", "under"}:
        assert number >= exact
        assert exact > number - step
    else:
        assert abs(number - exact) <= step / 2
    mark = {0} | ({Decimal(of)} if of else set())
    if word not in {"under", "over"}:  # what is over 100 is not the whole either
        assert (number in mark) <= (exact in mark)
    if exact == 0:
        assert number == 0


@given(st.tuples(NUMBERS, NUMBERS), DIGITS, KNOWN, MOST, WHOLES)
@example((4, 0), 2, REPORTED, 1, 100.0)
def test_equal_figures_read_equal_and_unequal_ones_keep_their_order(
    pair: tuple[int, int], digits: int, status: int, most: int | None, of: float | None
) -> None:
    low, high = sorted(Decimal(each).scaleb(-digits) for each in pair)
    write = partial(written, status=status, digits=digits, whole=of, most=most)
    texts = [write(float(each)) for each in (low, high)]
    if low == high:
        assert texts[0] == texts[1]
    elif texts[0] == texts[1]:
        assert texts[0] != write(0.0)
    assert said(texts[0])[1] <= said(texts[1])[1]


@given(NUMBERS, DIGITS, MOST)
@example(4, 2, 1)
def test_a_change_has_its_sign_and_is_none_only_where_nothing_changed(
    whole: int, digits: int, most: int | None
) -> None:
    exact = Decimal(whole).scaleb(-digits)
    text = changed(float(exact), digits=digits, most=most)
    assert text[0] == ("+" if exact > 0 else "−" if exact < 0 else "±")
    number = said(text)[1]
    assert (number == 0) == (exact == 0)
    assert abs(number - exact) <= Decimal(1).scaleb(-min(digits, digits if most is None else most)) / 2


DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=6)


@given(DECIMALS, st.sampled_from([REPORTED, LOWER_BOUND]))
@example(Decimal("236499762108771800000000000000.25"), REPORTED)
def test_a_figure_is_told_to_its_last_digit_however_long(value: Decimal, status: int) -> None:
    word, number = said(verbatim(value, status))
    assert (word, number) == ("at least" if status == LOWER_BOUND else "", value)


@given(DECIMALS, DECIMALS.filter(bool))
@example(Decimal(1), Decimal(-1_000_000))
@example(Decimal("0.25"), Decimal("236499762108771800000000000000.25"))
def test_what_is_relative_to_what_was_keeps_its_sign_or_is_under_a_tenth(
    change: Decimal, was: Decimal
) -> None:
    assume(change)
    text = compared(change, was)
    word, number = said(text.removesuffix("%"))
    part = Fraction(change) / abs(Fraction(was)) * 100
    if word:
        assert (text, abs(part) < Fraction(1, 20)) == ("under 0.1%", True)
    else:
        assert text[0] == ("+" if part > 0 else "−")
        assert abs(Fraction(number) - part) <= Fraction(1, 20)


@given(NUMBERS, NUMBERS, DIGITS, st.integers(0, 3))
def test_an_interval_holds_what_lies_within_it(one: int, other: int, digits: int, most: int) -> None:
    low, high = sorted((Decimal(one).scaleb(-digits), Decimal(other).scaleb(-digits)))
    texts = ends(float(low), float(high), digits=digits, most=most, signed=True)
    assert said(texts[0])[1] <= low <= high <= said(texts[1])[1]


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=40), st.integers(0, 3))
def test_a_sum_is_said_as_the_sum_of_its_decimals(values: list[float], digits: int) -> None:
    """Of 35.12 + 10.83 arithmetic makes 45.949999999999996, a lower bound of 45.95 all the same."""
    exact = [Decimal(round(value * 10**digits)).scaleb(-digits) for value in values]
    total = float(np.sum([float(each) for each in exact]))
    for status in (LOWER_BOUND, AT_MOST, REPORTED):
        assert said(written(total, status, digits=digits))[1] == sum(exact)


@given(st.floats(1e-9, 1e6) | st.floats(-1e6, -1e-9), st.integers(0, 6))
def test_settled_bounds_are_at_their_safe_side(value: float, digits: int) -> None:
    low, near, high = (
        float(numbers.settled(np.array(value), digits, status)) for status in (LOWER_BOUND, REPORTED, AT_MOST)
    )
    noise = 1e-11 * max(1.0, abs(value))
    assert low <= value + noise
    assert high >= value - noise
    assert low <= near <= high
    assert abs(near - value) <= 0.5 * 10.0**-digits + noise


@given(st.lists(NUMBERS, min_size=1, max_size=20), DIGITS)
@example([999_999_999], 1)
@example([15], 8)
@example([15, 4 * 10**8], 8)
def test_a_figure_has_the_digits_that_it_came_with(whole: list[int], scale: int) -> None:
    exact = [Decimal(n).scaleb(-scale) for n in whole]
    needed = max(max(0, -int(each.normalize().as_tuple().exponent)) for each in exact)
    assert numbers.digits_of(np.array([float(e) for e in exact] + [np.nan])) == needed


@pytest.mark.parametrize(
    ("values", "digits"),
    [
        ([0.00000015, 3.0], 8), ([4e-7], 7), ([1.5e-20, 0.0], 21), ([np.nan], 0), ([], 0),
        ([99_999_999.9], 1), ([123_456_789_012.34], 2), ([1e-300, 5e-324], 60),
        # computed: no digits of their own
        ([1 / 3], 6), ([100 / 3, 12.5], 6), ([1 / 3e7], 13), ([1 / 3e7, 12.5], 9), ([0.1 + 0.2], 1),
        ([0.1 * 3 - 0.3, 12.0], 13), ([1e12 / 3], 4),
    ],
)  # fmt: skip
def test_computed_numbers_have_no_digits_of_their_own(values: list[float], digits: int) -> None:
    assert numbers.digits_of(np.array(values, dtype=np.float64)) == digits


@given(
    st.lists(st.just(np.nan) | st.floats(-1e300, 1e300) | st.decimals(-(10**6), 10**6, places=9).map(float))
)
def test_a_figure_of_many_has_the_digits_that_it_has_alone(values: list[float]) -> None:
    many = np.array(values, dtype=np.float64)
    assert numbers.digits_each(many).tolist() == [numbers.digits_of(np.array(each)) for each in many]


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15), st.integers(0, 12))
def test_every_double_is_written(value: float, digits: int) -> None:
    assume(abs(value) > 1e-12)
    text = written(value, digits=digits, most=1)
    assert said(text)[1] != 0 or said(text)[0]


@pytest.mark.parametrize("lang", catalogue.languages())
def test_percent_is_written_as_cldr_has_it(lang: str) -> None:
    """English is pinned in the code, as Babel takes a while to be loaded."""
    locale = Locale.parse(str(catalogue._catalogue(lang)["locale"]))
    wanted = re.sub("[#0.,]+", "{value}", locale.percent_formats[None].pattern)
    assert catalogue.percent(lang) == wanted
    assert catalogue.with_unit("46.0", "%", lang) == wanted.replace("{value}", "46.0")


@pytest.mark.parametrize(
    ("language", "text"), [("fr", "44,3\u00a0%"), ("de", "44,3\u00a0%"), ("tr", "%44,3"), ("ar_EG", None)]
)
def test_a_language_writes_percent_its_own_way(
    monkeypatch: pytest.MonkeyPatch, language: str, text: str | None
) -> None:
    monkeypatch.setattr(catalogue, "_locale", lambda lang: Locale.parse(language))
    catalogue._percent.cache_clear()
    found = written(44.3, digits=1, unit="%", lang="zh")
    catalogue._percent.cache_clear()
    assert found == text if text else "44" in found


@pytest.mark.parametrize("lang", catalogue.languages())
def test_no_line_ends_between_a_number_and_its_unit(lang: str) -> None:
    texts = [written(44.3, digits=1, unit=unit, lang=lang) for unit in ("%", "EH/s", "% of GDP")]
    texts += [changed(44.3, digits=1, unit=unit, lang=lang) for unit in ("%", "EH/s")]
    assert not any(re.search(r"\d ", text) for text in texts)


def test_a_missing_figure_is_no_zero() -> None:
    assert written(0.0, MISSING, digits=1) == written(float("nan"), digits=1) == "no data"
    assert figures.points("%", "zh") == "个百分点"
