"""Flags, footnote marks and words for no figure: parted from figures, never read as digits; or refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geotrack import periods
from geotrack.errors import GeotrackError, ParseError
from geotrack.usertables import apply, describe, guess
from geotrack.usertables.figures import marks
from geotrack.usertables.figures.numerals import convert_distinct, style_of
from geotrack.usertables.reading import read


def parted(*cells: str, legend: dict[str, str] | None = None) -> list[tuple[str, str] | None]:
    """Each cell's number and marks; None where it is refused, ("", "") where a word stands for no figure."""
    bare = marks.bare(cells, (), legend)
    texts, bad = convert_distinct(bare.cells, style_of(bare.cells))
    return [None if wrong else (text, mark) for text, mark, wrong in zip(texts, bare.marks, bad, strict=True)]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["11.2 p", "12", "13.5"], [("11.2", "p"), ("12", ""), ("13.5", "")]),
        (["11.2p", "12", "13.5"], [("11.2", "p"), ("12", ""), ("13.5", "")]),
        (["11,2 (e)", "12,5"], [("11.2", "(e)"), ("12.5", "")]),
        (["11.2 bep", ":"], [("11.2", "bep"), ("", "")]),
        (["11.2 e", "12.5 e", ":"], [("11.2", "e"), ("12.5", "e"), ("", "")]),
        (["11.2 e", "12.5 e"], [("11.2", "e"), ("12.5", "e")]),
        (["11.2 p", "12.5 e"], [("11.2", "p"), ("12.5", "e")]),
        (["12*", "5.5", "6"], [("12", "*"), ("5.5", ""), ("6", "")]),
        (["12¹", "5²", "6"], [("12", "¹"), ("5", "²"), ("6", "")]),
        (["12 1)", "5 (2)", "1 234 1)"], [("12", "1)"), ("5", "(2)"), ("1234", "1)")]),
        (["5 % p", "6 %", "7%"], [("5", "p"), ("6", ""), ("7", "")]),
        (["1e5", "2.5"], [("100000", ""), ("2.5", "")]),
        (["$1,234.5", "$12"], [("1234.5", ""), ("12", "")]),
        (["1.234,5 €", "12,25 €"], [("1234.5", ""), ("12.25", "")]),
        (["$5", "6", "$ —", "$7"], [("5", ""), ("6", ""), ("", ""), ("7", "")]),
        (["0.00000015", "1 r", "3"], [("0.00000015", ""), ("1", "r"), ("3", "")]),
        # what is no flag, or may be something else, is refused
        (["1.2b", "3.4", "5"], [None, ("3.4", ""), ("5", "")]),
        (["11.2e", "12.5e"], [None, None]),
        (["11.2 s", "12.5 s"], [None, None]),
        (["1.2k", "3.4M", "5"], [None, None, ("5", "")]),
        (["3.4 Mio.", "5 EH/s", "5"], [None, None, ("5", "")]),
        (["(1,234)", "5"], [None, ("5", "")]),
        (["$5", "€6"], [None, None]),
        (["$5", "€6", "7"], [None, None, ("7", "")]),
        (["12.51)", "5.5"], [None, ("5.5", "")]),
        (["~5", "<1", "5-", "6"], [None, None, None, ("6", "")]),
        (["5 z", "6", "7"], [None, ("6", ""), ("7", "")]),
        (["p", "e", "5"], [None, None, ("5", "")]),
    ],
)
def test_figures_are_parted_from_what_stands_beside_them(cells: list[str], expected: list[object]) -> None:
    assert parted(*cells) == expected


def test_notes_below_the_table_make_flags_of_letters_that_offices_do_not_use() -> None:
    legend = marks.legend_of(
        ["b = from 2019 on by another method", "¹ without islands", "(P) provisoire", "2) x"]
    )
    assert legend == {
        "b": "from 2019 on by another method",
        "1": "without islands",
        "P": "provisoire",
        "2": "x",
    }
    assert parted("1.2b", "3.4", legend=legend) == [("1.2", "b"), ("3.4", "")]
    assert marks.told("b ¹", legend) == ("", "from 2019 on by another method; without islands")
    assert marks.told("*", {}) == ("", "marked * in the table")
    assert marks.told("bep", {}) == ("estimated", "break in the series; provisional")


@pytest.mark.parametrize(
    "word",
    ["n.a.", "N/A", "-", "–", "—", "..", "...", "…", ":", ": c", ":u", "x", "X", "k.A.", "n/d", "s.d.", "н/д",
     "不详", "nd", "NA", "#N/A", ".", "/", "NaN", "null", "Keine Angabe", "нет данных"],
)  # fmt: skip
def test_words_for_no_figure_are_none(word: str) -> None:
    assert parted("5", word) == [("5", ""), ("", "")]
    assert not marks.is_figure(word)


TABLE = """Country;2019;2020;2021
Norway¹;11,2 p;:;12,5
Spain;-;9,75 b;n.a.
Chad;3;4,5*;-

1) with Svalbard
* from June on
"""


def test_marks_become_statuses_and_notes_and_are_told() -> None:
    """Case 5: marks in cells; what is left out is counted by its word."""
    table = read(TABLE.encode(), "t.csv")
    mapping = guess(table, {"unit": "TWh", "over_time": "sum"})
    rows = apply(table, mapping, "s", periods.parse_column)
    assert rows[["label", "start", "value", "status", "note"]].to_numpy().tolist() == [
        ["Norway", "2019-01-01", "11.2", "reported", "provisional; with Svalbard"],
        ["Norway", "2021-01-01", "12.5", "reported", "with Svalbard"],
        ["Spain", "2020-01-01", "9.75", "reported", "break in the series"],
        ["Chad", "2019-01-01", "3", "reported", ""],
        ["Chad", "2020-01-01", "4.5", "reported", "from June on"],
    ]
    lines = describe(mapping, table)
    assert "skipped: 2 lines below the table: '1) with Svalbard'; '* from June on'" in lines
    assert (
        "left out: 4 cells without a figure: '-' (2); ':' (1); 'n.a.' (1); a dash is no figure, not zero"
        in lines
    )
    assert (
        "marks beside figures: 'p' (1): provisional; 'b' (1): break in the series; '*' (1): from June on"
        in lines
    )


def test_years_marked_in_the_header_have_a_status_and_a_note() -> None:
    """Case 5."""
    content = "Country;2019;2020p;2021e;2022¹\nNorway;1;2;3;4\nSpain;5;6;7;8\n1) half of the year\n"
    table = read(content.encode(), "t.csv")
    rows = apply(table, guess(table, {"unit": "TWh", "over_time": "sum"}), "s", periods.parse_column)
    assert rows[["start", "value", "status", "note"]].to_numpy().tolist()[:4] == [
        ["2019-01-01", "1", "reported", ""],
        ["2020-01-01", "2", "reported", "provisional"],
        ["2021-01-01", "3", "estimated", "estimated"],
        ["2022-01-01", "4", "reported", "half of the year"],
    ]


@pytest.mark.parametrize(
    ("flag", "status", "note"),
    [
        ("p", "reported", "provisional"), ("E", "estimated", ""), ("be", "estimated", "break in the series"),
        ("A", "reported", ""), ("F", "estimated", "a forecast"), ("Estimated value", "estimated", ""),
        ("lower bound", "lower bound", ""), ("", "reported", ""), ("u", "reported", "of low reliability"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("column", ["status", "OBS_FLAG", "OBS_STATUS", "Flag"])
def test_a_column_of_flags_becomes_statuses_and_notes(column: str, flag: str, status: str, note: str) -> None:
    table = read(f"region,period,value,{column}\nNOR,2019,5,{flag}\nNOR,2020,,M\n".encode(), "t.csv")
    rows = apply(table, guess(table, {"unit": "TWh", "over_time": "sum"}), "s", periods.parse_column)
    assert rows[["value", "status", "note"]].to_numpy().tolist() == [["5", status, note]]


@pytest.mark.parametrize(
    ("flag", "message"),
    [
        ("sure", "1 cell is no status: row 2: 'sure'"),
        ("M", "1 cell is a flag for no figure, beside a figure: row 2: 'M'"),
    ],
)
def test_flags_that_nobody_knows_or_that_deny_the_figure_are_refused(flag: str, message: str) -> None:
    table = read(f"region,period,value,status\nNOR,2019,5,{flag}\n".encode(), "t.csv")
    with pytest.raises(ParseError) as refused:
        apply(table, guess(table, {"unit": "TWh", "over_time": "sum"}), "s", periods.parse_column)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("1.2k", "letters behind a number may be a factor"),
        ("$5", "a sign of a currency is read where no figure of its column has another one"),
        ("<5", "a bound or an approximation is no figure"),
    ],
)
def test_cells_that_look_like_numbers_are_refused_with_what_to_do(cell: str, hint: str) -> None:
    other = "€7.5" if cell == "$5" else "7.5"
    table = read(f"region,period,value\nNOR,2019,{cell}\nESP,2019,{other}\n".encode(), "t.csv")
    with pytest.raises(ParseError) as refused:
        apply(
            table,
            guess(table, {"unit": "TWh", "over_time": "sum", "value": "value"}),
            "s",
            periods.parse_column,
        )
    assert hint in str(refused.value)
    assert "row 2, column 'value'" in str(refused.value)


@settings(deadline=None)
@given(st.lists(st.text("0123456789.,'pebr*¹) (%$€:-", max_size=10), max_size=6))
def test_no_digit_is_lost_or_won(cells: list[str]) -> None:
    """What is read has the digits of the cell, but for marks of the kinds that are taken off."""
    try:
        found = parted(*dict.fromkeys(cells))
    except GeotrackError:
        return
    for cell, read_ in zip(dict.fromkeys(cells), found, strict=True):
        if read_ and read_[0]:
            beside = cell
            for mark in read_[1].split():
                beside = (
                    beside.replace(mark, "", 1) if not mark.endswith(")") else beside[: beside.rindex(mark)]
                )
            digits = [c for c in beside if c.isascii() and c.isdigit()]
            kept = [c for c in read_[0] if c.isdigit()]
            assert int("".join(kept)) == int("".join(digits)) or "e" in cell.lower()
