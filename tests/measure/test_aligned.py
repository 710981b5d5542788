"""Columns of text: folded to a terminal's width, and nothing lost."""

from __future__ import annotations

import pytest

import geotrack as gt
from geotrack.cli import printing
from geotrack.measure.aligned import columns_of, one_line, table, wrapped
from geotrack.measure.compare import questions
from geotrack.store.folder import DataFolder


@pytest.mark.parametrize("width", [80, 100])
def test_a_shift_fits_a_terminal_and_loses_no_word(width: int) -> None:
    found = gt.choropleth("cbeci-countries").shift("2019-09", "2022-01")
    folded, whole = found.to_text(width), found.to_text()
    assert max(map(columns_of, folded.splitlines())) <= width
    assert sorted(folded.replace("─", "").split()) == sorted(whole.replace("─", "").split())
    assert whole == str(found)
    assert "7.35 to 72.63 (sample)" in folded  # an interval and its assumption stay together


@pytest.mark.parametrize(
    ("question", "width"),
    [("us-share", 100), ("vintages", 100), ("revenue", 80), ("machines", 80), ("levels", 80)],
)
def test_a_comparison_fits_a_terminal(question: str, width: int) -> None:
    found = questions.compare(question, DataFolder.of(None))
    assert max(map(columns_of, found.to_text(width).splitlines())) <= width
    assert found.to_text() == str(found)


def test_numbers_are_never_folded_and_wide_words_are() -> None:
    drawn = table(["name of the place", "change, points"], [["x" * 40, "+1,234.56"], ["中" * 20, "−2"]], 30)
    assert "+1,234.56" in drawn
    assert max(map(columns_of, drawn.splitlines())) <= 30
    assert drawn.count("中") == 20
    assert drawn.replace("\n", "").replace(" ", "").count("x") == 40


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_chinese_is_folded_between_its_letters_and_no_number_is_torn(width: int) -> None:
    """Its letters are two columns wide, without spaces between them; marks stay with what they belong to."""
    words = "中国从75.53%降至21.11%（−54.42个百分点；66.76至39.60 EH/s）。" * 3
    lines = wrapped(words, width, "- ").splitlines()
    assert max(map(columns_of, lines)) <= width
    assert "".join(lines).replace("- ", "").replace(" ", "") == words.replace(" ", "")
    assert not [line for line in lines[1:] if line.strip().startswith(("，", "。", "；", "）", "%"))]
    assert not [line for line in lines if line.endswith(("（", "."))]
    cells = [["总变差：换了地区的份额", "至少58.05%", "57.960至58.140（舍入）；58.05至64.16（其余）"]]
    drawn = table(["指标", "数值", "区间（按假设）"], cells, width)
    assert max(map(columns_of, drawn.splitlines())) <= width
    assert all(number in drawn for number in ("58.05%", "57.960", "58.140", "64.16"))


def test_a_text_without_a_width_is_one_line() -> None:
    assert wrapped("a\nb\u202ec", 0, "- ") == "- a bc"
    assert one_line("a\tb\x1b[2J") == "a b [2J"
    assert wrapped("one two three four five", 14, "- ") == "- one two\n  three four\n  five"


def test_a_pipe_has_no_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr("sys.stdout.isatty", lambda: False)
    assert printing.columns() == 0
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert printing.columns() == 60
