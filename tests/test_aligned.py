"""Columns of text: folded to a terminal's width, and nothing lost."""

from __future__ import annotations

import pytest

import geotrack as gt
from geotrack import comparing
from geotrack.aligned import columns_of, one_line, table, wrapped
from geotrack.cli import printing


@pytest.mark.parametrize("width", [80, 100])
def test_a_shift_fits_a_terminal_and_loses_no_word(width: int) -> None:
    found = gt.choropleth("cbeci-countries").shift("2019-09", "2022-01")
    folded, whole = found.text(width), found.text()
    assert max(map(columns_of, folded.splitlines())) <= width
    assert sorted(folded.replace("─", "").split()) == sorted(whole.replace("─", "").split())
    assert whole == str(found)
    assert "7.36 to 72.62 (sample)" in folded  # an interval and its assumption stay together


@pytest.mark.parametrize(
    ("question", "width"),
    [("us-share", 100), ("vintages", 100), ("revenue", 80), ("machines", 80), ("levels", 80)],
)
def test_a_comparison_fits_a_terminal(question: str, width: int) -> None:
    found = comparing.compare(question)
    assert max(map(columns_of, found.text(width).splitlines())) <= width
    assert found.text() == str(found)


def test_numbers_are_never_folded_and_wide_words_are() -> None:
    drawn = table(["name of the place", "change, points"], [["x" * 40, "+1,234.56"], ["中" * 20, "−2"]], 30)
    assert "+1,234.56" in drawn
    assert max(map(columns_of, drawn.splitlines())) <= 30
    assert drawn.count("中") == 20
    assert drawn.replace("\n", "").replace(" ", "").count("x") == 40


def test_a_text_without_a_width_is_one_line() -> None:
    assert wrapped("a\nb\u202ec", 0, "- ") == "- a b c"
    assert one_line("a\tb\x1b[2J") == "a b [2J"
    assert wrapped("one two three four five", 14, "- ") == "- one two\n  three four\n  five"


def test_a_pipe_has_no_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr("sys.stdout.isatty", lambda: False)
    assert printing.columns() == 0
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert printing.columns() == 60
