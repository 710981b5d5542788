"""Numbers as people write them are read to the digit, or refused."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geotrack.errors import SpecError
from geotrack.usertables.figures.numerals import SPACES, Style, convert_distinct, style_of


def read(*cells: str, decimal: str = "") -> list[str | None]:
    """Read cells in the style that they tell; None where one is refused."""
    texts, bad = convert_distinct(cells, style_of(cells, decimal))
    return [None if wrong else text for text, wrong in zip(texts, bad, strict=True)]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["75.53", "0", "12", ""], ["75.53", "0", "12", ""]),
        (["75,53 %", "1.234,50 %", "0"], ["75.53", "1234.50", "0"]),
        (["1,234,567", "1.234"], ["1234567", "1.234"]),
        (["1,234", "12.5"], ["1234", "12.5"]),
        (["1.234", "12,5"], ["1234", "12.5"]),
        (["0,123", "1,234"], ["0.123", "1.234"]),
        (["1\u00a0234,5", "1\u202f234", "1\u2009234 ", "1 234"], ["1234.5", "1234", "1234", "1234"]),
        (["1 234", "1,234"], ["1234", "1.234"]),
        (["1'234.5", "1’234"], ["1234.5", "1234"]),
        (["-5", "−5", "+5", "-0.50"], ["-5", "-5", "5", "-0.50"]),
        ([".5", "5.", "007", "00.10"], ["0.5", "5", "7", "0.10"]),
        (["1e3", "1.5E-3", "2.50e+2", "1E5"], ["1000", "0.0015", "250", "100000"]),
        (["75.53%", "75.5\u202f%", "0.00"], ["75.53", "75.5", "0.00"]),
        (["  12.5\u00a0"], ["12.5"]),
        (["1,23,456", "12,34,567.5", "12,345", "123,456"], ["123456", "1234567.5", "12345", None]),
        (["1,234,567", "12,34,567"], [None, "1234567"]),
        (["123456789012345678901234567890.5"], ["123456789012345678901234567890.5"]),
    ],
)
def test_numbers_keep_their_digits(cells: list[str], expected: list[str]) -> None:
    assert read(*cells) == expected


@pytest.mark.parametrize(
    "cell",
    ["1,2345", "(5)", "%5", "n/a", "-", "NA", "NaN", "inf", "1.2.3", "1e999", "٣.5", "- 5",
     "1 5", "5-", "0x10", "1_000", "1,234.5,6", "TRUE", ",", ".", "%", "e5", "1e", "0e77", "1.5\n2",
     "0,123.5", "5 EH/s"],
)  # fmt: skip
def test_what_is_no_number_is_refused(cell: str) -> None:
    assert read("1.5", "1,234.5", cell) == ["1.5", "1234.5", None]


def test_of_cells_that_disagree_the_fewer_are_refused() -> None:
    assert read("1.5", "2.25", "3,5") == ["1.5", "2.25", None]
    assert read("1,5", "2,25", "3.5") == ["1.5", "2.25", None]


def test_a_cell_without_the_percent_sign_of_the_others_is_refused() -> None:
    assert read("5%", "3", "0", "0.0") == ["5", None, "0", "0.0"]


@pytest.mark.parametrize(
    "cells", [["1,234"], ["1.234", "567"], ["1,234", "1.234"], ["12.345", "99.999", "x"]]
)
def test_three_digits_behind_one_sign_may_be_either_and_must_be_said(cells: list[str]) -> None:
    with pytest.raises(
        SpecError, match=r"'1.*' may be a number with three decimals or thousands.*--decimal \."
    ):
        style_of(cells)


def test_the_decimal_sign_may_be_said() -> None:
    assert read("1,234", "567", decimal=",") == ["1.234", "567"]
    assert read("1,234", "567", decimal=".") == ["1234", "567"]
    assert read("1.234", decimal=".") == ["1.234"]
    with pytest.raises(SpecError, match=r'decimal = \'x\' is not known; expected "\." or ","'):
        style_of(["1"], "x")


def test_a_style_says_what_it_is() -> None:
    assert str(style_of(["1.234,5 %"])) == "decimal comma, points between thousands, percent signs"
    assert str(Style()) == "decimal point"


def test_nothing_is_read_from_nothing() -> None:
    assert style_of([]) == Style()
    assert [part.tolist() for part in convert_distinct([], Style())] == [[], []]


WRITTEN = st.builds(
    Style, st.sampled_from([".", ","]), st.sampled_from(["", " ", "'", "other"]), st.booleans()
)


def written(number: Decimal, style: Style) -> str:
    """Write a number in a style, as a person does."""
    other = {".": ",", ",": "."}[style.decimal]
    text = f"{number:,f}".replace(",", "T").replace(".", "D")
    mark = other if style.thousands == "other" else style.thousands
    return text.replace("T", mark).replace("D", style.decimal) + (" %" if style.percent else "")


@settings(deadline=None)
@given(st.lists(st.decimals(-(10**9), 10**9, places=4), min_size=1, max_size=8), WRITTEN)
def test_what_is_written_in_any_style_is_read_back(numbers: list[Decimal], style: Style) -> None:
    """Four decimals tell the decimal sign."""
    assert [Decimal(text or "NaN") for text in read(*(written(n, style) for n in numbers))] == numbers


@settings(deadline=None)
@given(
    st.lists(st.text("0123456789.,'%-+eE \u00a0\u202f−n/a()", max_size=12), max_size=6),
    st.sampled_from(" .,"),
)
def test_whatever_stands_there_is_a_number_or_refused(cells: list[str], decimal: str) -> None:
    try:
        style = style_of(cells, decimal.strip())
    except SpecError:
        return
    texts, bad = convert_distinct(cells, style)
    for cell, text, wrong in zip(cells, texts, bad, strict=True):
        if wrong or not cell.strip():
            assert text == ""
        else:
            assert np.isfinite(float(text))
            assert text == f"{Decimal(text):f}"
            digits = [c for c in cell.lower().partition("e")[0] if c.isdigit()]
            assert "".join(digits).lstrip("0").rstrip("0") in text.replace(".", "")


@settings(deadline=None)
@given(st.lists(st.text(max_size=8), max_size=5))
def test_any_text_at_all_is_read_or_refused(cells: list[str]) -> None:
    try:
        texts, bad = convert_distinct([*cells, ""], style_of(cells))
    except SpecError:
        return
    assert len(texts) == len(bad) == len(cells) + 1


def test_all_spaces_are_known() -> None:
    for space in SPACES:
        assert read(f"1{space}234{space}567,25") == ["1234567.25"]


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["1.234", "12.345", "1234.567", "0.123", "1.5", "5", "", "-7.25", "1.2345", "1\n2"])
    )
)
def test_the_quick_way_for_plain_numbers_finds_what_the_thorough_one_does(cells: list[str]) -> None:
    """A cell with an outer space is not plain, and is read the same."""
    quick, thorough = [], []
    for variant, found in ((cells, quick), ([f" {cell}" for cell in cells], thorough)):
        try:
            style = style_of(variant)
            texts, bad = convert_distinct(variant, style)
            found += [style, texts.tolist(), bad.tolist()]
        except SpecError:
            continue
    assert quick == thorough
