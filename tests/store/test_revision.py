"""What a delivery changes: added, revised, withdrawn; and what stays stays as it was."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geotrack.model import OBSERVATION_COLUMNS
from geotrack.store.reading import read_raw
from geotrack.store.revision import Change, compare, number, same_number, when

COLUMNS = list(OBSERVATION_COLUMNS)
JANUARY, FEBRUARY, MARCH = (f"2022-0{n}-01" for n in (1, 2, 3))
REAL = Path(__file__).parents[2] / "data" / "observations" / "cbeci-countries.csv"


def row(region: str, value: str, start: str = JANUARY, **more: str) -> dict[str, str]:
    """A synthetic figure of a month."""
    end = f"2022-{int(start[5:7]) + 1:02d}-01"
    cells = (region, start, end, "share", value, "%", "reported", "first", region.title(), "")
    return dict(zip(COLUMNS, cells, strict=True)) | more


def table(*rows: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=COLUMNS, dtype="str")


def cells(frame: pd.DataFrame) -> set[tuple[str, ...]]:
    return set(frame[COLUMNS].itertuples(index=False, name=None))


def counts(change: Change) -> tuple[int, int, int, int]:
    return len(change.added), len(change.revised), len(change.withdrawn), change.unchanged


def test_a_change_is_added_revised_withdrawn_and_unchanged() -> None:
    old = table(row("CHN", "20"), row("USA", "30"), row("CAN", "5"))
    new = table(
        row("CHN", "20.0", origin="second"), row("USA", "31", origin="second"), row("KAZ", "9", FEBRUARY)
    )
    change = compare("demo", old, new, whole=True)
    assert counts(change) == (1, 1, 1, 1)
    assert not change.nothing
    revised = change.revised.iloc[0]
    assert (revised["value"], revised["old_value"]) == ("31", "30")
    assert (revised["origin"], revised["old_origin"]) == ("second", "first")
    assert (revised["old_unit"], revised["old_status"], revised["old_label"]) == ("%", "reported", "Usa")
    assert cells(change.added) == cells(new.tail(1))
    assert cells(change.withdrawn) == cells(old.tail(1))
    assert (change.new_regions, change.gone_regions) == (("KAZ",), ("CAN",))
    assert (change.new_periods, change.gone_periods) == (((FEBRUARY, MARCH),), ())


def test_a_new_caveat_on_the_same_number_is_news() -> None:
    old = table(row("DEU", "3.06", note=""))
    change = compare("demo", old, table(row("DEU", "3.06", note="starred by the source")), whole=True)
    assert list(change.revised["old_note"]) == [""]
    assert list(change.merged["note"]) == ["starred by the source"]


def test_an_unchanged_figure_keeps_its_row_with_the_origin_that_said_it_first() -> None:
    old = table(row("CHN", "75.50", note="as it was"))
    new = table(row("CHN", "75.5", origin="second", label="China", note="as it was"))
    change = compare("demo", old, new, whole=True)
    assert change.nothing
    assert cells(change.merged) == cells(old)


@pytest.mark.parametrize("other", [{"value": "21"}, {"unit": "EH/s"}, {"status": "estimated"}])
def test_a_figure_is_revised_by_another_value_unit_or_status(other: dict[str, str]) -> None:
    old, new = table(row("CHN", "20")), table(row("CHN", "20") | other)
    change = compare("demo", old, new, whole=True)
    assert counts(change) == (0, 1, 0, 0)
    assert cells(change.merged) == cells(new)


def test_a_partial_delivery_replaces_only_the_metrics_and_periods_it_names() -> None:
    old = table(
        row("CHN", "20"), row("USA", "30"), row("CHN", "21", FEBRUARY), row("CHN", "7", metric="hashrate")
    )
    change = compare("demo", old, table(row("CHN", "22")), whole=False)
    assert counts(change) == (0, 1, 1, 0)
    assert list(change.withdrawn["region"]) == ["USA"]
    assert cells(change.merged) == {*cells(old.tail(2)), *cells(table(row("CHN", "22")))}


def test_a_first_delivery_is_all_new() -> None:
    new = table(row("CHN", "20"), row("USA", "30"))
    change = compare("demo", pd.DataFrame(columns=COLUMNS), new, whole=True)
    assert counts(change) == (2, 0, 0, 0)
    assert cells(change.merged) == cells(new)
    assert change.new_regions == ("CHN", "USA")


def test_an_empty_delivery_withdraws_all_or_nothing() -> None:
    old, new = table(row("CHN", "20")), pd.DataFrame(columns=COLUMNS)
    assert counts(compare("demo", old, new, whole=True)) == (0, 0, 1, 0)
    assert compare("demo", old, new, whole=False).nothing
    assert compare("demo", new, new, whole=True).nothing


def test_rows_that_share_a_key_are_all_kept_for_validate_to_find() -> None:
    new = table(row("CHN", "20"), row("CHN", "20"), row("CHN", "21"), row("USA", "1"), row("USA", "2"))
    change = compare("demo", table(row("CHN", "20.0")), new, whole=True)
    assert sorted(change.merged["value"]) == ["1", "2", "20.0", "20.0", "21"]


def test_other_columns_and_another_index_do_no_harm() -> None:
    old = table(row("CHN", "20"))
    new = table(row("USA", "1"), row("CHN", "20")).assign(published="2022-05-01").iloc[::-1]
    change = compare("demo", old.set_axis([7]), new.astype(object), whole=True)
    assert counts(change) == (1, 0, 0, 1)
    assert list(change.merged.columns) == COLUMNS


def test_cells_that_are_no_numbers_are_compared_as_text() -> None:
    old, new = table(row("CHN", "n/a"), row("USA", "NaN")), table(row("CHN", "-"), row("USA", "NaN"))
    assert counts(compare("demo", old, new, whole=True)) == (0, 1, 0, 1)


def test_the_same_file_again_changes_nothing() -> None:
    old = read_raw(REAL)
    change = compare("cbeci-countries", old, old.sample(frac=1, random_state=1), whole=True)
    assert change.nothing
    pd.testing.assert_frame_equal(change.merged, old)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("75.50", "75.5", True),
        ("1e3", "1000", True),
        ("-0", "0.00", True),
        ("1.00000000000000000000000000000001", "1", False),
        ("12", "12.1", False),
        ("abc", "abd", False),
        ("abc", "abc", True),
        ("sNaN", "1", False),
        ("1e99999999999999999999", "1", False),
    ],
)
def test_numbers_are_compared_to_the_last_digit(one: str, other: str, same: bool) -> None:
    assert same_number(one, other) is same


def test_a_text_that_is_no_number_is_none() -> None:
    assert number("n/a") is None
    assert number("inf") is None
    assert str(number("1.50")) == "1.50"


def test_a_period_is_named_for_people_or_as_it_stands() -> None:
    assert when(JANUARY, FEBRUARY) == "January 2022"
    assert when("soon", "0001-01-01") == "soon/0001-01-01"
    assert when("0001-01-01", "0001-01-01") == "0001-01-01/0001-01-01"


figures = st.dictionaries(
    st.tuples(
        st.sampled_from(["CHN", "USA", "other"]),
        st.sampled_from([JANUARY, FEBRUARY, MARCH]),
        st.sampled_from(["share", "hashrate"]),
    ),
    st.tuples(
        st.sampled_from(["0", "0.0", "1", "1.0", "1.00", "2", "x"]),
        st.sampled_from(["%", "EH/s"]),
        st.sampled_from(["reported", "estimated"]),
        st.sampled_from(["first", "second"]),
    ),
)


def tabled(found: dict[tuple[str, ...], tuple[str, ...]]) -> pd.DataFrame:
    made = (
        row(region, value, start, metric=metric, unit=unit, status=status, origin=origin)
        for (region, start, metric), (value, unit, status, origin) in found.items()
    )
    return table(*made)


def meaning(frame: pd.DataFrame) -> set[tuple[object, ...]]:
    """What a table says: keys with number, unit and status; not who said it, nor with how many digits."""
    return {
        (r.region, r.start, r.end, r.metric, number(r.value) if r.value != "x" else "x", r.unit, r.status)
        for r in frame.itertuples()
    }


@settings(deadline=None)
@given(figures, figures, st.booleans())
def test_a_delivery_applied_twice_equals_once(
    before: dict[tuple[str, ...], tuple[str, ...]], after: dict[tuple[str, ...], tuple[str, ...]], whole: bool
) -> None:
    old, new = tabled(before), tabled(after)
    once = compare("demo", old, new, whole=whole)
    twice = compare("demo", once.merged, new, whole=whole)
    assert twice.nothing
    assert cells(twice.merged) == cells(once.merged)


@settings(deadline=None)
@given(figures, figures)
def test_a_whole_delivery_becomes_the_table(
    before: dict[tuple[str, ...], tuple[str, ...]], after: dict[tuple[str, ...], tuple[str, ...]]
) -> None:
    old, new = tabled(before), tabled(after)
    change = compare("demo", old, new, whole=True)
    assert meaning(change.merged) == meaning(new)
    assert len(change.merged) == len(new) == len(change.added) + len(change.revised) + change.unchanged
    assert len(old) == len(change.withdrawn) + len(change.revised) + change.unchanged
    assert cells(change.merged) <= cells(old) | cells(new)


@settings(deadline=None)
@given(figures, figures)
def test_a_partial_delivery_leaves_the_rest_alone(
    before: dict[tuple[str, ...], tuple[str, ...]], after: dict[tuple[str, ...], tuple[str, ...]]
) -> None:
    old, new = tabled(before), tabled(after)
    named = {(start, metric) for _, start, metric in after}
    rest = {key: value for key, value in before.items() if key[1:] not in named}
    change = compare("demo", old, new, whole=False)
    assert meaning(change.merged) == meaning(tabled(rest)) | meaning(new)
    assert cells(tabled(rest)) <= cells(change.merged)
