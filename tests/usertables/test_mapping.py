"""A user's table becomes labelled rows by a mapping, which is found, shown, remembered and checked."""

from __future__ import annotations

import json
import tomllib
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geotrack import periods, usertables
from geotrack.errors import AmbiguousError, GeotrackError, ParseError, SpecError
from geotrack.model import LABELLED_COLUMNS, STATUSES
from geotrack.store.reading import series_of
from geotrack.store.schema import series_faults
from geotrack.usertables import (
    Mapping,
    describe,
    fits,
    from_toml,
    guess,
    series_table,
    series_toml,
    stated,
    to_toml,
)
from geotrack.usertables.columns.mapping import CHOICES, SOURCE, STATED, is_period
from geotrack.usertables.frame import FrameTable
from geotrack.usertables.questions.guess import NAMES
from geotrack.usertables.reading import UserTable, read

# All figures here are synthetic.

SHARES = "Region;Period;Share\nNA;2024-06;75,53 %\nIran;2024-06;1.234,5 %\nUSA;2024-07;\n"
WIDE = "code,note,2024-06,Jul 2024,2024-Q3\nUSA,x,1.5,,2.25\nNA,,0,3,\n"


def table_of(text: str, **more: Any) -> UserTable:
    return read(text.encode(), "t.csv", **more)


def rows_of(text: str, columns: str = "label start end metric value unit", **given: Any) -> list[list[str]]:
    table = table_of(text)
    return apply(table, guess(table, given))[columns.split()].to_numpy().tolist()


def apply(table: UserTable, how: Mapping) -> pd.DataFrame:
    return usertables.apply(table, how, "mine", periods.parse_column)


# Found, or given


def test_a_long_table_is_read_by_the_usual_names() -> None:
    table = table_of(SHARES)
    how = guess(table, {})
    assert how == Mapping(
        "long",
        "Region",
        ("Share",),
        ("share",),
        ("%",),
        period="Period",
        columns=("Region", "Period", "Share"),
    )
    assert apply(table, how).to_numpy().tolist() == [
        ["mine", "NA", "", "2024-06-01", "2024-07-01", "share", "75.53", "%", "reported", "", "table", ""],
        ["mine", "Iran", "", "2024-06-01", "2024-07-01", "share", "1234.5", "%", "reported", "", "table", ""],
    ]  # fmt: skip


def test_labelled_rows_are_text_in_the_columns_of_the_model() -> None:
    table = table_of(SHARES)
    made = apply(table, guess(table, {}))
    assert tuple(made.columns) == LABELLED_COLUMNS
    assert all(isinstance(cell, str) for cell in made.to_numpy().ravel())
    assert made.index.tolist() == [0, 1]


def test_columns_with_other_names_are_told_by_what_stands_in_them() -> None:
    rows = rows_of("Land;Monat;Anteil (%)\nPolen;2024-06;1,5\nSpanien;2024-07;2,25\n")
    assert rows == [
        ["Polen", "2024-06-01", "2024-07-01", "anteil", "1.5", "%"],
        ["Spanien", "2024-07-01", "2024-08-01", "anteil", "2.25", "%"],
    ]


def test_a_wide_table_has_a_row_for_each_cell_with_a_figure() -> None:
    table = table_of(WIDE)
    how = guess(table, {"unit": "EH/s", "metric": "hashrate"})
    assert (how.layout, how.region, how.note, how.columns) == ("wide", "code", "note", ("code", "note"))
    assert apply(table, how)[["label", "start", "end", "value", "note"]].to_numpy().tolist() == [
        ["USA", "2024-06-01", "2024-07-01", "1.5", "x"],
        ["USA", "2024-07-01", "2024-10-01", "2.25", "x"],
        ["NA", "2024-06-01", "2024-07-01", "0", ""],
        ["NA", "2024-07-01", "2024-08-01", "3", ""],
    ]


def test_one_column_that_is_a_period_makes_a_wide_table_if_there_is_no_other() -> None:
    assert rows_of("name,2024-06\nUSA,5%\n") == [["USA", "2024-06-01", "2024-07-01", "share", "5", "%"]]
    assert rows_of("name,year,2024\nUSA,2020,5\n", unit="%", value="2024")[0][1] == "2020-01-01"


def test_first_days_and_days_after_stand_for_a_period() -> None:
    rows = rows_of(
        "region,start,end,value\nUSA,2024-06-01,2024-06-04,5\n", "start end", unit="%", ends="excluded"
    )
    assert rows == [["2024-06-01", "2024-06-04"]]


def test_days_mean_what_is_said_of_them() -> None:
    text = "region,date,value\nUSA,2024-01-01,5\nUSA,2024-02-01,6\n"
    assert rows_of(text, "end", unit="%") == [["2024-02-01"], ["2024-03-01"]]
    assert rows_of(text, "end", unit="%", freq="day") == [["2024-01-02"], ["2024-02-02"]]


def test_a_column_called_percent_is_in_percent() -> None:
    assert rows_of("region,month,percent\nUSA,2024,5\n", "metric unit") == [["percent", "%"]]
    assert rows_of("region,month,Share in percent\nUSA,2024,5\n", "unit", value="Share in percent") == [["%"]]


def test_several_columns_of_figures_are_several_metrics() -> None:
    text = "region;month;Share;Hashrate (EH/s)\nUSA;2024-06;1,5 %;10,25\nNA;2024-06;2 %;\n"
    assert rows_of(text, "label metric value unit", value=["Share", "Hashrate (EH/s)"]) == [
        ["USA", "share", "1.5", "%"],
        ["USA", "hashrate", "10.25", "EH/s"],
        ["NA", "share", "2", "%"],
    ]
    rows = rows_of(
        text, "metric unit", value=["Share", "Hashrate (EH/s)"], metric=["s", "h"], unit=["%", "x/s"]
    )
    assert rows == [["s", "%"], ["h", "x/s"], ["s", "%"]]


def test_columns_may_tell_metric_unit_status_and_note() -> None:
    head = "region,month,value,metric,unit,status,note\n"
    text = head + "USA,2024-06,5,share,%,,\nUSA,2024-06,7,rate,EH/s,Estimated,odd\n"
    assert rows_of(text, "metric unit status note") == [
        ["share", "%", "reported", ""],
        ["rate", "EH/s", "estimated", "odd"],
    ]


def test_what_is_given_wins_over_what_is_found() -> None:
    text = "region,code,month,date,value,other,Comment\nx,USA,2024-06,2020,1,2,c\n"
    rows = rows_of(
        text,
        "label start metric value unit status note",
        region="code",
        period="DATE",
        value="other",
        metric="m",
        unit="u/s",
        status="estimated",
    )
    assert rows == [["USA", "2020-01-01", "m", "2", "u/s", "estimated", "c"]]


def test_words_for_no_figure_can_be_said() -> None:
    text = "region,month,value\nUSA,2024-06,5\nNA,2024-06,n/a\nFRA,2024-06, - \n"
    assert rows_of(text, "label value", unit="%", empty=["n/a", "-"]) == [["USA", "5"]]


def test_numbers_that_the_file_holds_as_numbers_have_a_decimal_point() -> None:
    table = table_of("region,month,value\nUSA,2024-06,1.234\nNA,2024-06,5.678\n")
    how = guess(table, {"unit": "%"})
    with pytest.raises(SpecError, match=r"column 'value': '1\.234' may be a number with three decimals"):
        apply(table, how)
    assert apply(replace(table, numeric=frozenset({"value"}), memo={}), how)["value"].tolist() == [
        "1.234",
        "5.678",
    ]


@pytest.mark.parametrize(
    ("text", "given", "message"),
    [
        (SHARES, {"region": "Land"}, r"region = 'Land' is no column of the table; columns: 'Region', 'Per"),
        (SHARES, {"nonsense": 1}, "nonsense: not known; expected some of value, layout, region"),
        (SHARES, {"decimal": ";"}, r"decimal = ';' is not known; expected one of: \., ,"),
        (SHARES, {"freq": "week"}, "freq = 'week' is not known"),
        (SHARES, {"over_time": "max"}, "over_time = 'max' is not known; expected one of: mean, sum"),
        (SHARES, {"whole": -1}, "whole = -1; expected a number above zero"),
        (SHARES, {"source": {"author": "x"}}, "source: author not known; expected some of publisher, title"),
        (SHARES, {"status": "guess"}, "status = 'guess' is no column of the table"),
        (SHARES, {"status": "missing"}, "status = 'missing' is no column of the table"),
        (SHARES, {"metric": ["a", "b"]}, "metric: 2 are given for 1 columns of figures; expected 1"),
        (SHARES, {"unit": ["a", "b"]}, "unit: 2 are given for 1 columns of figures; expected 1 or 1"),
        (SHARES, {"layout": "wide"}, r"layout = 'wide', but no column is a period such as 2019"),
        (WIDE, {"layout": "wide", "value": "2024-06", "unit": "%"}, "value: a wide table has its figures in"),
        ("a,b,c\n1,2,3\n", {},
         r"(?s)3 things are open:.*no column for the region; columns: 'a', 'b', 'c'; say which: "
         r"--region \.\.\."
         r".*no column for the value; .*--value a \(1\) or --value b \(2\).*no column has periods; .*"),
        ("region,month,value\nUSA,2024,5\n", {}, "no unit of column 'value' is said; .*--unit %"),
        ("region,2023,2024\nUSA,5,6\n", {}, "no unit is said; .*say which: --unit %"),
        ("region,month,v (%),v [%]\nUSA,2024,5,6\n", {"value": ["v (%)", "v [%]"]},
         "metrics v, v: two have the same name; say them: --metric NAME for each"),
    ],
)  # fmt: skip
def test_what_cannot_be_found_says_which_option_to_give(
    text: str, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(SpecError, match=message):
        guess(table_of(text), given)


@pytest.mark.parametrize(
    "text",
    ["2024", "2024-06", "2024-6", "202406", "2024/06", "06/2024", "2024-06-01", "2024-06-01 00:00",
     "2024-Q1",
     "2024Q1", "Q1 2024", "2024-H1", "H2 2024", "2024-W05", "Jun 2024", "September 2024", "sept. 2024",
     "2024-01/2024-03", "01.06.2024"],
)  # fmt: skip
def test_what_looks_like_a_period(text: str) -> None:
    assert is_period(text)


@pytest.mark.parametrize(
    "text", ["", "x", "1234", "20240", "2024-13-45x", "Mayo", "May", "75.53", "9999", "Q1", "-"]
)
def test_what_does_not_look_like_a_period(text: str) -> None:
    assert not is_period(text)


# Refused, with rows and columns


def refusal(text: str, **given: Any) -> str:
    table = table_of(text)
    with pytest.raises(ParseError) as refused:
        apply(table, guess(table, {"unit": "%", **given}))
    return str(refused.value)


def test_bad_numbers_are_named_by_row_and_column() -> None:
    message = refusal("region,month,value\nUSA,2024-06,5\nNA,2024-06,n#a\n\nFRA,2024-06,7;5\n")
    assert (
        "2 cells are no number: row 3, column 'value': 'n#a'; row 5, column 'value': '7;5'; expected"
        in message
    )
    assert "--empty WORD" in message
    assert "row 3, column '2024-07': 'y'; expected" in refusal("region,2024-06,2024-07\nUSA,1,2\nNA,3,y\n")


def test_all_bad_cells_are_counted_and_ten_listed() -> None:
    message = refusal("region,month,value\n" + "USA,2024-06,5\n" + "NA,2024-06,y\n" * 1200)
    assert "1,200 cells are no number: row 3, column" in message
    assert message.count("row ") == 10
    assert "; and 1190 more; expected" in message


def test_everything_that_is_wrong_is_told_at_once() -> None:
    message = refusal("region,month,value,status\n,2024-13,5,sure\nUSA,,6,\nUSA,2024-06,y,\n,,,\n")
    assert message.splitlines() == [
        "the table cannot be read by this mapping:",
        "  1 cell is no number: row 4, column 'value': 'y'; expected numbers written alike; if a word "
        "stands for no figure, say --empty WORD; if the decimal sign was mistaken, say --decimal . or "
        "--decimal ,",
        "  column 'month': 1 cell is empty, beside a figure: row 3: ''; expected a period such as 2019-09",
        "  column 'month': 1 cell is no period: row 2: '2024-13'; expected " + periods.EXPECTED,
        "  column 'region': 1 cell is empty, beside a figure: row 2: ''; expected a name or a code",
        "  column 'status': 1 cell is no status: row 2: 'sure'; expected one of reported, estimated, "
        "lower bound, derived, or a flag such as p, e, b",
    ]


def test_rows_without_a_figure_need_nothing_else() -> None:
    assert rows_of("region,month,value\n,nonsense,\nUSA,2024,5\n", "label", unit="%") == [["USA"]]


def test_a_table_without_any_figure_is_refused() -> None:
    assert "no figure: every cell of 'value' is empty; expected numbers" in refusal(
        "region,month,value\nUSA,2024,\n"
    )


def test_columns_that_look_like_periods_and_are_none_are_named() -> None:
    message = refusal("region,2024-06,30.02.2024,2024-W54\nUSA,1,2,3\n")
    assert (
        "names of columns that are no period: '30.02.2024'; '2024-W54'; expected 2019-09 (a month)" in message
    )


def test_years_into_the_next_are_asked_about_in_columns_and_in_names_of_columns() -> None:
    for text, where in (
        ("region,month,value\nUSA,2009/10,5\nUSA,2010/11,6\n", "column 'month'"),
        ("region,2009/10,2010/11\nUSA,1,2\n", "the names of columns"),
    ):
        with pytest.raises(AmbiguousError, match=f"{where}: '2009/10', '2010/11' may be financial years or"):
            guess(table_of(text), {"unit": "%"})


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    message = refusal("region,start,end,value\nUSA,2024-06-04,2024-06-04,5\n", ends="excluded")
    assert (
        "column 'end': 1 cell is not after the start: row 2: '2024-06-04'; expected the first day after"
        in message
    )


def test_percent_signs_beside_another_unit_are_refused() -> None:
    message = refusal("region,month,value\nUSA,2024,5 %\n", unit="EH/s")
    assert "cells have percent signs, but their unit is 'EH/s'; say --unit %, or correct them" in message


def test_an_empty_unit_or_metric_is_refused() -> None:
    text = "region,month,value,unit,metric\nUSA,2024,5,,\n"
    assert "column 'unit': 1 cell is empty, beside a figure: row 2: ''; expected text" in refusal(
        text, unit="unit"
    )


def test_a_column_of_rubbish_instead_of_periods_is_refused_in_good_time() -> None:
    rows = "".join(f"USA,rubbish {n},5\n" for n in range(3000))
    assert "column 'month': 1,000 cells are no period: row 2: 'rubbish 0'" in refusal(
        "region,month,value\n" + rows
    )


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            *[st.one_of(st.text(max_size=4), st.sampled_from(["", "USA", "2024", "1.5", "5 %", "x"]))] * 3
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from([{}, {"unit": "%"}, {"region": "a", "period": "b", "value": "c", "unit": "%"}]),
)
def test_any_cells_are_read_or_refused(rows: list[tuple[str, ...]], given: dict[str, str]) -> None:
    frame = pd.DataFrame(rows, columns=["a", "b", "c"], dtype=object)
    table = UserTable(frame, ())
    try:
        how = guess(table, given)
        describe(how, table)
        made = apply(table, how)
    except GeotrackError:
        return
    [column] = how.values
    assert len(made) == sum(1 for cell in frame[column] if cell.strip())


# Shown


def test_a_mapping_is_shown_with_cells_as_they_are_read() -> None:
    table = table_of(
        "Land;Monat;Anteil;Rest\nPolen;2024-06;75,53 %;a\nSpanien;2024-07;1.000,5 %;b\nIran;2024-07;;c\n"
    )
    given = {
        "value": "Anteil",
        "region": "Land",
        "whole": 100,
        "partial": True,
        "source": {"publisher": "Me"},
    }
    assert describe(guess(table, given | {"freq": "month", "empty": ["x"]}), table) == [
        "file: UTF-8, cells between semicolons, 3 rows",
        "layout: long, a row for each region and period",
        "region = column 'Land': 'Polen', 'Spanien', 'Iran'",
        "period = column 'Monat': '2024-06', '2024-07'",
        "value of metric 'anteil' = column 'Anteil': '75,53 %' -> 75.53%, '1.000,5 %' -> 1000.5%",
        "status = reported",
        "a day stands for a = month",
        "level = country",
        "whole = 100",
        "partial = yes: periods that the file does not name are kept",
        "words for no figure = 'x'",
        "source's publisher = Me",
        "left out: 1 cell without a figure",
        "not used: 'Rest'",
    ]


def test_a_wide_mapping_shows_the_names_of_its_columns() -> None:
    table = table_of(WIDE)
    lines = describe(guess(table, {"unit": "%"}), table)
    assert "layout: wide, a row for each region and a column for each period" in lines
    assert "period = the names of 3 columns: '2024-06', 'Jul 2024' = July 2024, '2024-Q3'" in lines
    assert "value of metric 'share' = their cells: '1.5' -> 1.5%, '2.25' -> 2.25%, '0' -> 0%" in lines
    assert "note = column 'note': 'x'" in lines
    assert "left out: 2 cells without a figure" in lines


# Remembered

NAME = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)
MAPPINGS = st.builds(
    Mapping,
    layout=st.just("long"),
    region=NAME,
    values=st.tuples(NAME),
    metrics=st.tuples(NAME),
    units=st.just(()),
    unit=NAME,
    period=NAME,
    status=st.one_of(NAME, st.sampled_from(STATED)),
    note=st.one_of(st.just(""), NAME),
    decimal=st.sampled_from(["", *CHOICES["decimal"]]),
    freq=st.sampled_from(["", *CHOICES["freq"]]),
    level=st.sampled_from(["country", "CN", "US"]),
    whole=st.one_of(st.none(), st.floats(1e-3, 1e9)),
    over_time=st.sampled_from(["", *CHOICES["over_time"]]),
    sheet=st.one_of(st.just(""), NAME),
    partial=st.booleans(),
    empty=st.lists(NAME, max_size=2).map(tuple),
    columns=st.lists(NAME, max_size=3).map(tuple),
    source=st.dictionaries(st.sampled_from(SOURCE), NAME),
)


@settings(deadline=None)
@given(MAPPINGS)
def test_a_mapping_that_was_written_is_read_back(how: Mapping) -> None:
    assert from_toml(to_toml(how), "m.toml") == how


def test_a_mapping_is_short_in_its_file() -> None:
    how = guess(table_of(SHARES), {"source": {"publisher": 'The "Team"', "url": "https://example.org"}})
    assert to_toml(how).splitlines()[1:] == [
        'layout = "long"',
        'region = "Region"',
        'values = ["Share"]',
        'metrics = ["share"]',
        'units = ["%"]',
        'period = "Period"',
        'columns = ["Region", "Period", "Share"]',
        "",
        "[source]",
        r'publisher = "The \"Team\""',
        'url = "https://example.org"',
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x", "m.toml: no TOML: .*; correct it, or remove it and say the mapping anew"),
        ("", "m.toml: cannot be read as a mapping: no layout; no region; correct it"),
        ('layout = "long"\nregion = "a"\nfoo = 1', "unknown key 'foo'; expected some of layout, region"),
        ('layout = "tall"\nregion = 5', "layout = 'tall'; expected one of long, wide; region = 5; exp"),
        ('layout = "wide"\nregion = "a"\nwhole = -1\npartial = 1', "whole = -1; expected.*partial = 1; e"),
        ('layout = "wide"\nregion = "a"\nempty = [1]', r"empty = \[1\]; expected a list of texts"),
        ('layout = "wide"\nregion = "a"\n[source]\nauthor = "x"', "source = .*; expected a table with texts"),
        ('layout = "long"\nregion = "a"\nvalues = ["v"]\nmetrics = ["m"]\nunits = ["%"]\nstart = "s"',
         "mapping: no period; expected a column, or start and end; correct it"),
        ('layout = "long"\nregion = "a"', r"no values; .*no period; .*metrics = \[\]; expected 1.*units"),
    ],
)  # fmt: skip
def test_a_mappings_file_that_is_wrong_is_refused(text: str, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        from_toml(text, "m.toml")


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_a_mapping_or_refused(text: str) -> None:
    for content in (text, f"{text}\nlayout = 'wide'\nregion = 'a'", f"region = 'a'\nlayout = 'wide'\n{text}"):
        try:
            from_toml(content, "m.toml")
        except GeotrackError:
            continue


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.booleans(), st.integers(), st.floats(allow_nan=False), NAME,
        st.sampled_from([*CHOICES["layout"], *CHOICES["freq"], "%", 100, -1]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from([*SOURCE, "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)  # fmt: skip


def inline(value: Any) -> str:
    """A value as TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {inline(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    return json.dumps(value).replace("\x7f", "\\u007f").replace("Infinity", "inf")


@settings(deadline=None, max_examples=200)
@given(
    st.dictionaries(st.sampled_from([f.name for f in fields(Mapping)]), VALUES),
    st.sampled_from([{}, {"layout": "wide", "region": "code"}, {"layout": "long", "region": "code"}]),
)
def test_any_values_are_a_mapping_or_refused_and_one_that_is_can_be_used(
    said: dict[str, Any], sound: dict[str, str]
) -> None:
    text = "\n".join(f"{key} = {inline(value)}" for key, value in (said | sound).items())
    try:
        how = from_toml(text, "m.toml")
        assert from_toml(to_toml(how), "m.toml") == how
        fits(how, table_of(WIDE))
        describe(how, table_of(WIDE))
        apply(table_of(WIDE), how)
    except GeotrackError:
        return


STYLES = [(".", ""), (".", ","), (".", "'"), (",", ""), (",", "."), (",", "\u202f"), (",", "\u00a0")]


@settings(deadline=None)
@given(
    st.lists(st.decimals(0, 10**9, places=2), min_size=1, max_size=6),
    st.sampled_from(STYLES),
    st.sampled_from(["", "%", "\u00a0%"]),
    st.sampled_from([("utf-8-sig", ";"), ("utf-16", "\t"), ("cp1252", "|"), ("utf-8", ",")]),
)
def test_figures_written_in_any_style_are_read_to_the_digit(
    numbers: list[Decimal], style: tuple[str, str], percent: str, kind: tuple[str, str]
) -> None:
    decimal, thousands = style
    assume((kind[0], thousands) != ("cp1252", "\u202f"))
    cells = [f"{n:,f}".replace(",", "T").replace(".", decimal).replace("T", thousands) for n in numbers]
    rows = [f'"Côte, d’Ivoire"{kind[1]}2024-06{kind[1]}"{cell}{percent}"' for cell in cells]
    text = "\n".join([kind[1].join(["region", "month", "value"]), *rows, ""])
    table = read(text.encode(kind[0]), "t.csv")
    made = apply(table, guess(table, {"unit": "%"}))
    assert made["value"].tolist() == [f"{n:f}" for n in numbers]
    assert set(made["label"]) == {"Côte, d’Ivoire"}


@pytest.mark.parametrize(
    ("text", "given"),
    [
        (SHARES, {}),
        (SHARES, {"whole": 100, "decimal": ",", "source": {"publisher": "x"}, "partial": True, "empty": "-"}),
        (WIDE, {"unit": "EH/s", "metric": "h"}),
        ("region,start,end,value,unit,metric,status\nUSA,2024-01-01,2024-02-01,5,%,a,\n", {}),
        ("region,month,x,y\nUSA,2024,5,6\n", {"value": ["x", "y"], "unit": ["%", "EH/s"]}),
    ],
)
def test_what_is_remembered_finds_the_same_mapping_again(text: str, given: dict[str, Any]) -> None:
    table = table_of(text)
    how = from_toml(to_toml(guess(table, given)), "m.toml")
    assert how == guess(table, given)
    assert guess(table, stated(how)) == how
    assert fits(how, table) == []


def test_a_header_that_changed_is_told() -> None:
    how = guess(
        table_of("Land;Monat;Anteil;Rest\nPolen;2024-06;75,53 %;a\n"), {"region": "Land", "value": "Anteil"}
    )
    new = table_of("Land;Monat;Anteile;Mehr\nPolen;2024-07;75,53 %;a\n")
    assert fits(how, new) == [
        "column 'Anteil' is gone; perhaps it is 'Anteile' now",
        "column 'Rest' is gone (it was not used)",
        "column 'Anteile' is new",
        "column 'Mehr' is new",
    ]
    with pytest.raises(
        ParseError, match=r"the header changed: no column 'Anteil'; .*say anew which columns to take"
    ):
        apply(new, how)
    with pytest.raises(ParseError, match="the header changed"):
        describe(how, new)


def test_a_wide_table_of_next_month_fits() -> None:
    how = guess(table_of(WIDE), {"unit": "%"})
    new = table_of("code,note,2024-07,2024-08\nUSA,x,1.5,2.25\n")
    assert fits(how, new) == []
    assert apply(new, how)["start"].tolist() == ["2024-07-01", "2024-08-01"]
    assert fits(how, table_of("code,note,June\nUSA,x,1.5\n")) == [
        "column 'June' is new",
        "no column is a period any more",
    ]


# The series


def test_a_table_makes_a_series_without_faults() -> None:
    table = table_of(SHARES)
    how = guess(table, {"whole": 100, "source": {"title": 'My "survey"'}})
    made = series_table(how, apply(table, how))
    block = series_toml("mine", made)
    assert tomllib.loads(block) == {"mine": made}
    assert series_faults(made) == []
    series = series_of("mine", made)
    assert (series.title, series.level, series.boundaries) == ('My "survey"', "country", "countries-110m")
    [metric] = series.metrics
    assert (metric.name, metric.title, metric.unit, metric.kind) == ("share", 'My "survey"', "%", "intensive")
    assert (metric.over_time, metric.whole, metric.tolerance) == (
        "mean",
        100.0,
        0.01,
    )  # two figures, two decimals


def test_each_metric_of_a_series_has_its_unit() -> None:
    table = table_of("region,month,Share,Blocks\nUSA,2024,5 %,6\nNA,2024,6 %,\n")
    given = {"value": ["Share", "Blocks"], "unit": ["%", "blocks"], "over_time": "sum", "level": "US"}
    how = guess(table, given)
    made = series_table(how, apply(table, how), boundaries="us-states")
    assert series_faults(made) == []
    assert (made["level"], made["boundaries"]) == ("US", "us-states")
    assert [(m["name"], m["title"], m["unit"], m["kind"], m["over_time"]) for m in made["metrics"]] == [
        ("share", "Share", "%", "intensive", "sum"),
        ("blocks", "Blocks", "blocks", "extensive", "sum"),
    ]


def test_a_series_whose_periods_combine_somehow_must_say_how() -> None:
    table = table_of("region,month,value,unit\nUSA,2024,5,blocks\n")
    how = guess(table, {})
    with pytest.raises(SpecError, match="metric 'value' in blocks: how periods combine must be said"):
        series_table(how, apply(table, how))


def test_a_name_that_is_no_bare_key_is_quoted() -> None:
    assert series_toml("a.b", {"title": "x", "metrics": [{"name": "m"}]}).startswith('["a.b"]\n')


def test_names_and_statuses_are_those_of_the_model() -> None:
    assert set(STATED) == set(STATUSES) - {"missing"}
    kinds = {*NAMES, *(f.name for f in fields(Mapping))}
    assert kinds >= {"region", "period", "start", "end", "metric", "unit", "status", "note"}


def test_days_in_three_columns_are_days() -> None:
    for names in ("Year,Month,Day", "Año,Mes,Día", "Jahr,Monat,Tag", "年,月,日"):
        content = f"Country,{names},Value\nDEU,2020,1,31,1.5\nDEU,2020,02,29,2.5\nDEU,,,,\n".encode()
        table, name = read(content, "t.csv"), names.replace(",", "-")
        assert table.frame[name].tolist() == ["2020-01-31", "2020-02-29", ""]
        assert table.how[-1].startswith("days: columns")
        assert FrameTable(table.frame.replace(name, "x")).table.columns == ("Country", name, "Value")
    memory = FrameTable(pd.DataFrame({"Year": [2020], "Month": [2], "Day": [29], "Value": [1.5]})).table
    assert memory.frame["Year-Month-Day"].tolist() == ["2020-02-29"]
    kept = read(b"Country,Year,Month,Day,Value\nDEU,2021,2,29,1.5\n", "t.csv")
    assert kept.columns == ("Country", "Year", "Month", "Day", "Value")
