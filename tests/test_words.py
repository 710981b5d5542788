"""Numbers as people read them, and templates."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geotrack import words

CENTS = st.integers(-(10**9), 10**9)


@given(CENTS, st.integers(0, 6), st.integers(0, 4))
def test_numbers_round_half_away_from_zero(whole: int, scale: int, digits: int) -> None:
    exact = Decimal(whole).scaleb(-scale)
    shown = words.number(float(exact), digits).replace(",", "").replace("−", "-")
    expected = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    assert Decimal(shown) == expected
    assert len(shown.partition(".")[2]) == digits


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (45.95, 1, "46.0"), (0.05, 1, "0.1"), (2.5, 0, "3"), (1234567.5, 1, "1,234,567.5"),
        (-0.04, 1, "0.0"), (-2.5, 0, "−3"), (0, 2, "0.00"), (1e-7, 6, "0.000000"),
    ],
)  # fmt: skip
def test_numbers_as_people_read_them(value: float, digits: int, text: str) -> None:
    assert words.number(value, digits) == text


@given(st.lists(CENTS, min_size=1, max_size=20), st.integers(0, 6))
@example([999_999_999], 1)
def test_the_fewest_decimals_that_write_every_value(whole: list[int], scale: int) -> None:
    exact = [Decimal(n).scaleb(-scale) for n in whole]
    digits = words.digits_of(np.array([float(e) for e in exact] + [np.nan]))
    needed = max(max(0, -int(e.normalize().as_tuple().exponent)) for e in exact)
    assert digits == needed


def test_decimals_end_at_six() -> None:
    assert words.digits_of(np.array([1 / 3])) == words.MOST_DIGITS == 6
    assert words.digits_of(np.array([np.nan])) == 0


def test_a_unit_follows_its_number() -> None:
    assert words.with_unit("46.0", "%") == "46.0 %"
    assert words.with_unit("3", "") == "3"


def test_a_typo_in_a_template_is_seen_and_no_error() -> None:
    assert words.fill("{slice}: {CHN} {CHM}", {"slice": "July", "CHN": "0 %"}) == "July: 0 % {CHM}"


def test_a_value_that_looks_like_a_placeholder_stays_as_it_is() -> None:
    assert words.fill("{a} {b}", {"a": "{b}", "b": "1"}) == "{b} 1"
