"""A figure that is replaced is not lost: when it counted, until when, and the table of any day."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geotrack.model import OBSERVATION_COLUMNS, VINTAGE_COLUMNS, Origin
from geotrack.store.revision import KEY, compare
from geotrack.store.vintages import as_of, history, known_on, merge, settle, superseded

COLUMNS = list(OBSERVATION_COLUMNS)
MAY = ("2022-05-01", "2022-06-01")
KNOWN = {"first": "2022-07-01", "second": "2022-08-01", "third": "2022-09-01"}
NONE = pd.DataFrame(columns=list(VINTAGE_COLUMNS))


def row(region: str, value: str, origin: str = "first", **more: str) -> dict[str, str]:
    """A synthetic figure of May 2022."""
    cells = (region, *MAY, "share", value, "%", "reported", origin, region.title(), "")
    return dict(zip(COLUMNS, cells, strict=True)) | more


def table(*rows: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=COLUMNS, dtype="str")


def cells(frame: pd.DataFrame, *columns: str) -> list[tuple[str, ...]]:
    return list(frame[list(columns)].itertuples(index=False, name=None))


def same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    return set(cells(one, *COLUMNS)) == set(cells(other, *COLUMNS)) and len(one) == len(other)


def test_what_is_replaced_or_withdrawn_becomes_a_vintage() -> None:
    old = table(row("CHN", "20", note="starred"), row("USA", "30"), row("CAN", "5"))
    new = table(row("CHN", "21", "second", label="China"), row("USA", "30.0", "second"))
    found = superseded(compare("demo", old, new, whole=True), KNOWN, "2022-08-03", "the source says so")
    assert list(found.columns) == list(VINTAGE_COLUMNS)
    assert cells(found, "region", "value", "origin", "label", "note", "since", "until", "why") == [
        ("CHN", "20", "first", "Chn", "starred", "2022-07-01", "2022-08-03", "revised: the source says so"),
        ("CAN", "5", "first", "Can", "", "2022-07-01", "2022-08-03", "withdrawn: the source says so"),
    ]


def test_a_figure_counts_since_the_one_before_it_was_replaced() -> None:
    first, second, third = (
        table(row("CHN", v, o)) for v, o in (("1", "first"), ("2", "second"), ("3", "third"))
    )
    one = superseded(compare("demo", first, second, whole=True), KNOWN, "2022-08-20")
    two = superseded(compare("demo", second, third, whole=True), KNOWN, "2022-09-20", existing=one)
    assert cells(two, "value", "since", "until", "why") == [("2", "2022-08-20", "2022-09-20", "revised")]


def test_a_figure_that_is_replaced_before_it_was_known_counted_at_no_time() -> None:
    change = compare("demo", table(row("CHN", "1", "third")), table(row("CHN", "2")), whole=True)
    assert cells(superseded(change, KNOWN, "2022-08-01"), "since", "until") == [("2022-08-01", "2022-08-01")]
    assert cells(superseded(change, {}, "2022-08-01"), "since", "until") == [("", "2022-08-01")]


def test_nothing_replaced_leaves_no_vintage() -> None:
    change = compare("demo", table(row("CHN", "1")), table(row("CHN", "1.0")), whole=True)
    found = superseded(change, KNOWN, "2022-08-01")
    assert found.empty
    assert list(found.columns) == list(VINTAGE_COLUMNS)


def settled(*rows: dict[str, str]) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    latest, earlier = settle(pd.DataFrame(list(rows), columns=[*COLUMNS, "published"], dtype="str"))
    assert list(latest.columns) == COLUMNS
    assert list(earlier.columns) == list(VINTAGE_COLUMNS)
    return cells(latest, "value", "origin"), cells(earlier, "value", "origin", "since", "until", "why")


def said(value: str, origin: str, published: str, **more: str) -> dict[str, str]:
    return row("CHN", value, origin, published=published, **more)


def test_the_latest_filing_wins_and_the_earlier_ones_are_kept() -> None:
    latest, earlier = settled(
        said("3", "c", "2024-03-01"), said("1", "a", "2022-03-01"), said("2", "b", "2023-03-01")
    )
    assert latest == [("3", "c")]
    assert sorted(earlier) == [
        ("1", "a", "2022-03-01", "2023-03-01", "recast"),
        ("2", "b", "2023-03-01", "2024-03-01", "recast"),
    ]


def test_a_figure_that_is_repeated_keeps_the_filing_that_said_it_first() -> None:
    assert settled(said("1.0", "b", "2023-03-01"), said("1", "a", "2022-03-01")) == ([("1", "a")], [])
    filings = [("1", "a", "2022"), ("2", "b", "2023"), ("2.0", "c", "2024"), ("1", "d", "2025")]
    latest, earlier = settled(*(said(value, origin, f"{year}-03-01") for value, origin, year in filings))
    assert latest == [("1", "d")]
    assert sorted(row[:4] for row in earlier) == [
        ("1", "a", "2022-03-01", "2023-03-01"),
        ("2", "b", "2023-03-01", "2025-03-01"),
    ]


def test_another_unit_or_status_is_another_figure() -> None:
    latest, earlier = settled(said("1", "a", "2022-03-01"), said("1", "b", "2023-03-01", status="estimated"))
    assert (latest, len(earlier)) == ([("1", "b")], 1)


def test_what_one_day_contradicts_stays_for_validate_to_find() -> None:
    day = "2023-03-01"
    latest, earlier = settled(
        said("0", "z", "2022-03-01"), said("1", "a", day), said("2", "b", day), said("1.0", "c", day)
    )
    assert latest == [("1", "a"), ("2", "b")]
    assert earlier == [("0", "z", "2022-03-01", day, "recast")]
    assert settled(said("1", "a", day), said("1.0", "b", day)) == ([("1", "a")], [])


def test_filings_without_a_day_have_no_order() -> None:
    assert settled(said("1", "a", ""), said("1", "b", "")) == ([("1", "a")], [])
    assert sorted(settled(said("1", "a", ""), said("2", "b", "2023-03-01"))[0]) == [("1", "a"), ("2", "b")]


def test_figures_of_one_filing_pass_as_they_are() -> None:
    rows = table(row("CHN", "1"), row("USA", "2"))
    latest, earlier = settle(rows.assign(published=""))
    pd.testing.assert_frame_equal(latest, rows)
    assert earlier.empty


def vintage(value: str, since: str, until: str, why: str = "revised", **more: str) -> dict[str, str]:
    return row("CHN", value) | more | {"since": since, "until": until, "why": why}


def vintages(*rows: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(VINTAGE_COLUMNS), dtype="str")


def test_vintages_are_merged_each_once_in_one_order() -> None:
    one = vintages(vintage("2", "2022-02-01", "2022-03-01"), vintage("1", "2022-01-01", "2022-02-01"))
    other = vintages(
        vintage("1", "2022-01-01", "2022-02-01"), vintage("9", "2021-01-01", "2022-01-01", region="CAN")
    )
    found = merge(one, other)
    assert [*found["value"]] == ["9", "1", "2"]
    pd.testing.assert_frame_equal(found, merge(other, one))
    pd.testing.assert_frame_equal(found, merge(found, one))
    pd.testing.assert_frame_equal(found, merge(NONE, found))
    assert merge(NONE, NONE).empty


def test_a_figure_that_a_filing_recast_is_not_told_again_by_the_update() -> None:
    recast = vintage("1", "2022-01-01", "2022-02-01", "recast")
    found = merge(vintages(vintage("1", "2022-01-01", "2022-02-11", "revised")), vintages(recast))
    assert cells(found, "until", "why") == [("2022-02-01", "recast")]


@pytest.mark.parametrize(
    ("published", "retrieved", "day"),
    [
        ("2022-03-15", "2026-11-22", "2022-03-15"),
        ("2022", "2026-11-22", "2022-12-31"),
        ("2020-05", "2026-11-22T09:00:00Z", "2020-05-31"),
        ("2024-Q1", "2026-11-22", "2024-03-31"),
        ("2026", "2026-11-22", "2026-11-22"),  # it was there before the year was over
        ("", "2026-11-22T09:00:00Z", "2026-11-22"),
        ("in spring", "2026-11-22", "2026-11-22"),
        ("2022-03", "", "2022-03-31"),
        ("", "", ""),
    ],
)
def test_an_origin_is_known_on_the_last_day_it_may_have_come_out(
    published: str, retrieved: str, day: str
) -> None:
    assert known_on(Origin("a", "b", "c", "d", "e", published=published, retrieved=retrieved)) == day


def test_the_table_of_a_day_holds_what_counted_then() -> None:
    now = table(row("CHN", "3", "third"), row("USA", "30"))
    then = vintages(
        vintage("1", "2022-07-01", "2022-08-01"),
        vintage("2", "2022-08-01", "2022-09-05"),
        vintage("5", "2022-07-01", "2022-08-01", "withdrawn", region="CAN"),
    )

    def of(day: str) -> list[tuple[str, ...]]:
        return sorted(cells(as_of(now, then, KNOWN, day), "region", "value"))

    assert of("2022-06-30") == []
    assert of("2022-07-01") == [("CAN", "5"), ("CHN", "1"), ("USA", "30")]
    assert of("2022-08-01") == [("CHN", "2"), ("USA", "30")]
    assert of("2022-09-04") == [("CHN", "2"), ("USA", "30")]
    assert of("2022-09-05") == [("CHN", "3"), ("USA", "30")]
    assert same(as_of(now, NONE, {}, "2000-01-01"), now)


def test_the_history_tells_all_that_was_said_the_oldest_first() -> None:
    now = table(row("CHN", "3", "third"), row("USA", "30"), row("CHN", "7", metric="hashrate"))
    then = vintages(
        vintage("2", "2022-08-01", "2022-09-05"), vintage("1", "2022-07-01", "2022-08-01", "recast")
    )
    found = history(now, then, KNOWN, "CHN", MAY, "share")
    assert list(found.columns) == list(VINTAGE_COLUMNS)
    assert cells(found, "value", "origin", "since", "until", "why") == [
        ("1", "first", "2022-07-01", "2022-08-01", "recast"),
        ("2", "first", "2022-08-01", "2022-09-05", "revised"),
        ("3", "third", "2022-09-05", "", ""),
    ]
    assert [*history(now, then, KNOWN, "CHN", MAY)["metric"]] == ["hashrate", "share", "share", "share"]
    assert history(now, then, KNOWN, "KAZ", MAY).empty


values = st.dictionaries(st.sampled_from(["CHN", "USA", "CAN"]), st.sampled_from(["0", "1", "1.0", "2", "3"]))


@settings(deadline=None, max_examples=30)
@given(st.lists(values, min_size=1, max_size=5))
def test_every_day_can_be_had_again_whatever_the_updates(tables: list[dict[str, str]]) -> None:
    """Each delivery comes on a day of its own; the table of that day is then what it was on that day."""
    now, kept = table(), NONE
    known: dict[str, str] = {}
    seen: list[tuple[str, pd.DataFrame]] = []
    said: set[tuple[str, ...]] = set()
    for n, delivered in enumerate(tables, start=1):
        day = f"2022-{n:02d}-10"
        known[f"o{n}"] = day
        change = compare("demo", now, table(*(row(r, v, f"o{n}") for r, v in delivered.items())), whole=True)
        kept = merge(kept, superseded(change, known, day, existing=kept))
        now = change.merged
        seen.append((day, now))
        said |= {(*key, value) for *key, value in cells(now, *KEY, "value")}
    for day, then in seen:
        assert same(as_of(now, kept, known, day), then)
        assert same(as_of(now, kept, known, f"{day[:8]}28"), then)
    assert as_of(now, kept, known, "2022-01-09").empty
    told = set()
    for region in ("CHN", "USA", "CAN"):
        found = history(now, kept, known, region, MAY)
        told |= {(*key, value) for *key, value in cells(found, *KEY, "value")}
        assert (found["until"][:-1] <= found["since"][1:].to_numpy()).all()  # one counts at a time
    assert told == said


filings = st.lists(
    st.tuples(
        st.sampled_from(["CHN", "USA"]),
        st.sampled_from(["1", "1.0", "2"]),
        st.sampled_from(["", "2022-01-01", "2022-02-01", "2022-03-01"]),
    ),
    max_size=8,
)


@settings(deadline=None)
@given(filings)
def test_no_figure_is_lost_by_settling_and_none_is_made(found: list[tuple[str, str, str]]) -> None:
    rows = pd.DataFrame(
        [row(r, v, f"o{n}") | {"published": p} for n, (r, v, p) in enumerate(found)],
        columns=[*COLUMNS, "published"],
        dtype="str",
    )
    latest, earlier = settle(rows)
    numbers = [
        {(r, float(v)) for r, v in cells(frame, "region", "value")} for frame in (rows, latest, earlier)
    ]
    assert numbers[0] == numbers[1] | numbers[2]
    assert set(latest["region"]) == set(rows["region"])
    assert (earlier["since"] < earlier["until"]).all()
    again, nothing = settle(latest.assign(published="2022-09-01"))
    assert same(again, latest)
    assert nothing.empty
