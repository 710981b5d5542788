"""Decimals of figures of every size, against Python's decimal numbers: what was given is what is written."""

from __future__ import annotations

import csv
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

import geotrack as gt
from geotrack.language.numbers import digits_of, repeats, settled
from geotrack.model import AT_MOST, LOWER_BOUND
from geotrack.render.page.payload import static_rows

WIDE = Context(prec=700)
SIDES = {0: ROUND_HALF_UP, LOWER_BOUND: ROUND_FLOOR, AT_MOST: ROUND_CEILING}
LAST_BITS = 8  # what a sum of doubles may miss by, where that is a small part of the last decimal

figures = st.builds(
    lambda number, places, sign: sign * float(f"{number}e-{places}"),
    st.integers(0, 17).flatmap(lambda n: st.integers(10**n // 10, 10**n - 1)),
    st.integers(0, 30),
    st.sampled_from([1, -1]),
)


def places(value: float) -> int:
    """Decimals that a double's shortest text has."""
    return max(-int(Decimal(repr(value)).normalize().as_tuple().exponent), 0)


@given(figures, st.integers(0, 30), st.sampled_from([0, LOWER_BOUND, AT_MOST]))
@example(549379700000000.0, 0, 0)
@example(3000000000000.25, 2, 0)
@example(-3000000000000.25, 2, 0)
@example(435225238000.356, 4, 0)
@example(385540224628.8662, 4, 0)
@example(123456789012.5, 4, 0)
@example(123456789012.346, 2, LOWER_BOUND)
@example(123456789012.344, 2, AT_MOST)
@example(0.9999999999995, 2, LOWER_BOUND)
@example(2.675, 2, 0)
def test_a_figure_is_the_one_that_was_given(value: float, digits: int, status: int) -> None:
    found = float(settled(np.array(value), digits, status))
    own, unit = Decimal(repr(value)), Decimal(1).scaleb(-digits)
    if places(value) <= digits:
        assert found == value
        return
    wanted = own.quantize(unit, SIDES[status], WIDE)
    if found != float(wanted):  # then only what a sum may have missed by lies between
        near = abs(own) if status else abs(own) + unit / 2
        off = abs(near - near.quantize(unit, ROUND_HALF_UP, WIDE))
        assert len(own.normalize().as_tuple().digits) > 15 or not status
        assert off <= max(Decimal(LAST_BITS * np.spacing(abs(value))), Decimal(10) ** -12 if status else 0)
        assert off <= unit / 1000
        assert abs(Decimal(repr(found)) - wanted) <= unit * Decimal("1.001")


@given(st.lists(figures, min_size=1, max_size=4))
@example([385540224628.8662])
@example([385540224628.8662, 0.001])
def test_digits_write_large_figures_in_full(values: list[float]) -> None:
    """As many as a double surely holds; of more, only last bits of small numbers are thought computed."""
    assume(all(places(value) <= 6 for value in values))
    table = np.array(values)
    found = settled(table, digits_of(table))
    assert np.all(np.abs(found - table) <= LAST_BITS * np.spacing(np.abs(table)))
    large = np.abs(table) * 1e6 > 1e12
    held = np.array([len(Decimal(repr(v)).normalize().as_tuple().digits) <= 15 for v in values])
    assert (found == table)[large | held].all()


def test_sums_that_miss_by_last_bits_are_what_people_add() -> None:
    for value, digits, status, wanted in (
        (0.1 + 0.2, 1, AT_MOST, 0.3),
        (35.12 + 10.83, 2, LOWER_BOUND, 45.95),
        (100 - 99.9, 1, LOWER_BOUND, 0.1),
        (1.005 * 1, 2, 0, 1.01),
        (2.6749999999999994, 2, 0, 2.68),
    ):
        assert float(settled(np.array(value), digits, status)) == wanted


@pytest.mark.parametrize(
    "given_figures",
    [
        ("549379700000000", "2080198500000000", "8479666500000000"),
        ("435225238000.356", "385540224628.8662", "12.3456"),
        ("123456789012.5", "0.001", "7"),
    ],
)
def test_every_output_has_the_figures_of_the_table(given_figures: tuple[str, ...], tmp_path: Path) -> None:
    names = ("Japan", "South Korea", "Vietnam")
    rows = [(name, "2020", float(value)) for name, value in zip(names, given_figures, strict=True)]
    table = pd.DataFrame(rows, columns=["country", "period", "value"])
    made = gt.choropleth(table, unit="LCU", over_time="sum")
    wanted = dict(zip(("JPN", "KOR", "VNM"), given_figures, strict=True))
    with made.save_table(tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["region"]: row["value"] for row in csv.DictReader(file)} == wanted
    book = openpyxl.load_workbook(made.save_table(tmp_path / "x.xlsx"))
    cells = {row[0].value: row[4].value for row in book["Data"].iter_rows(min_row=2)}
    assert {code: cells[code] for code in wanted} == {code: float(v) for code, v in wanted.items()}
    told = {float(text.removesuffix("\u00a0LCU").replace(",", "")) for _, text in static_rows(made)}
    assert told == {float(value) for value in given_figures}


@given(st.lists(st.integers(0, 40), max_size=12), st.sampled_from([41, 41_000]))
def test_a_number_that_occurs_twice_is_found(numbers: list[int], most: int) -> None:
    assert repeats(np.array(numbers, dtype=np.int64), most) == (len({*numbers}) < len(numbers))
