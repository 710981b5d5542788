"""What an update changes is told in words and as rows, with the source's own digits."""

from __future__ import annotations

from pathlib import Path

import counts
import pandas as pd
import pytest

from geotrack.model import OBSERVATION_COLUMNS, Metric, Series
from geotrack.store.reading import read_raw
from geotrack.store.revision import Change, compare
from geotrack.update import difference

COLUMNS = list(OBSERVATION_COLUMNS)
DATA = Path(__file__).parents[2] / "data"
NAMES = {"CHN": "China", "USA": "United States", "CAN": "Canada", "KAZ": "Kazakhstan", "total": "Total"}
SHARE = Metric("share", "Share", "%", "intensive", whole=100.0)
AMOUNT = Metric("hashrate", "Hashrate", "EH/s")
SERIES = Series("demo", "Demo", "country", (SHARE, AMOUNT))
METRICS = {m.name: m for m in SERIES.metrics}
LEVELS = {"total": "whole"}


def row(region: str, value: str, n: int = 1, metric: str = "share", **more: str) -> dict[str, str]:
    """A synthetic figure of a month of 2022."""
    unit = METRICS[metric].unit if metric in METRICS else ""
    cells = (
        region,
        f"2022-{n:02d}-01",
        f"2022-{n + 1:02d}-01",
        metric,
        value,
        unit,
        "reported",
        "o",
        region,
        "",
    )
    return dict(zip(COLUMNS, cells, strict=True)) | more


def table(*rows: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=COLUMNS, dtype="str")


def changed(old: pd.DataFrame, new: pd.DataFrame, whole: bool = True) -> Change:
    return compare("demo", old, new, whole=whole)


def told(old: pd.DataFrame, new: pd.DataFrame, metrics: dict[str, Metric] | None = None) -> list[str]:
    told = difference.words(changed(old, new), "Demo", NAMES, METRICS if metrics is None else metrics)
    return [line.replace("\u00a0", " ") for line in told]


def test_nothing_new_is_said_in_words() -> None:
    real = read_raw(DATA / "observations" / "cbeci-countries.csv")
    assert told(real, real) == [f"Demo: {counts.nothing_newer('cbeci-countries')}"]
    assert told(table(row("CHN", "1")), table(row("CHN", "1"))) == [
        "Demo: no newer period than January 2022; 1 figure unchanged"
    ]
    assert told(table(), table()) == ["Demo: 0 figures unchanged"]


def test_what_changes_is_told_in_sentences() -> None:
    old = table(row("USA", "37.84"), row("CHN", "21.11"), row("CAN", "6.48"), row("KAZ", "13"))
    new = table(
        row("USA", "37.90"), row("CHN", "21.11"), row("CAN", "6.5", status="estimated"), row("NOR", "1", 2)
    )
    assert told(old, new) == [
        "Demo: 1 added, 2 revised, 1 withdrawn, 1 unchanged",
        "1 figure added: February 2022 (new, 1)",
        "2 figures revised:",
        "  United States, January 2022, share 37.84% -> 37.90% (+0.06 points, +0.2%)",
        "  Canada, January 2022, share 6.48% -> 6.5% (+0.02 points, +0.3%), status reported -> estimated",
        "1 figure withdrawn:",
        "  Kazakhstan, January 2022, share 13%",
        "New region: NOR",
        "Region gone: Kazakhstan",
    ]


def test_a_change_without_a_newer_period_says_so() -> None:
    old = table(row("USA", "37", 1), row("USA", "38", 3), row("CAN", "5", 4))
    new = table(row("USA", "37", 1), row("USA", "39", 2), row("USA", "38", 3))
    assert told(old, new)[1:] == [
        "1 figure added: February 2022 (new, 1)",
        "1 figure withdrawn:",
        "  Canada, April 2022, share 5%",
        "Region gone: Canada",
        "Period gone: April 2022",
        "no newer period than March 2022",
    ]
    assert told(new, table())[-2:] == [
        "Region gone: United States",
        "Periods gone: January 2022, February 2022, March 2022",
    ]


@pytest.mark.parametrize(
    ("old", "new", "by"),
    [
        ({"value": "100"}, {"value": "90.5"}, "100 EH/s -> 90.5 EH/s (−9.5 EH/s, −9.5%)"),
        ({"value": "0"}, {"value": "5"}, "0 EH/s -> 5 EH/s (+5 EH/s)"),
        ({"value": "-2"}, {"value": "2"}, "−2 EH/s -> 2 EH/s (+4 EH/s, +200.0%)"),
        (
            {"value": "1000000"},
            {"value": "1000001"},
            "1,000,000 EH/s -> 1,000,001 EH/s (+1 EH/s, under 0.1%)",
        ),
        (
            {"value": "1"},
            {"value": "1000000"},
            "1 EH/s -> 1,000,000 EH/s (+999,999 EH/s, +99,999,900.0%)",
        ),
        (
            {"value": "236499762108771800000.25"},
            {"value": "236499762108771800000.5"},
            "236,499,762,108,771,800,000.25 EH/s -> 236,499,762,108,771,800,000.5 EH/s "
            "(+0.25 EH/s, under 0.1%)",
        ),
        (
            {"value": "50.05", "status": "lower bound"},
            {"value": "49.96", "status": "lower bound"},
            "at least 50.05 EH/s -> at least 49.96 EH/s (−0.09 EH/s, −0.2%)",
        ),
        ({"value": "5"}, {"value": "5", "unit": "TH/s"}, "5 EH/s -> 5 TH/s"),
        ({"value": "5"}, {"value": "5", "status": "estimated"}, "5 EH/s, status reported -> estimated"),
        ({"value": "5"}, {"value": "?"}, "5 EH/s -> ? EH/s"),
        ({"value": "5"}, {"value": "1e999999"}, "5 EH/s -> 1e999999 EH/s"),
        ({"value": "5"}, {"value": "1e-999999"}, "5 EH/s -> 1e-999999 EH/s"),
    ],
)
def test_a_revision_is_told_with_all_its_digits(old: dict[str, str], new: dict[str, str], by: str) -> None:
    tables = (table(row("USA", "", 1, "hashrate") | cells) for cells in (old, new))
    assert told(*tables, {"hashrate": AMOUNT})[2] == f"  United States, January 2022: {by}"


def test_long_lists_are_cut_and_counted() -> None:
    old = table(*(row(f"R{n:02d}", "1") for n in range(13)))
    lines = told(old, table(*(row(f"R{n:02d}", "2") for n in range(13))))
    assert lines[1] == "13 figures revised:"
    assert len([line for line in lines if line.startswith("  R")]) == 10
    assert lines[12] == "  and 3 more"
    lines = told(table(), table(*(row("USA", "1", n) for n in range(1, 12)), row("CAN", "1", 11)))
    assert lines[1].startswith("12 figures added: November 2022 (new, 2), October 2022 (new, 1), ")
    assert lines[1].endswith("February 2022 (new, 1) and 1 more")
    assert lines[2] == "New regions: Canada, United States"


def test_figures_added_to_a_known_period_are_not_called_new() -> None:
    old = table(row("USA", "1"), row("USA", "2", 2))
    lines = told(old, table(row("USA", "1"), row("USA", "2", 2), row("CAN", "1")))
    assert lines[1] == "1 figure added: January 2022 (1)"
    assert lines[-1] == "no newer period than February 2022"


def test_rows_hold_each_change() -> None:
    old = table(row("USA", "37.84"), row("CAN", "6.48"))
    new = table(row("USA", "37.90", origin="new"), row("NOR", "1", 2, origin="new"))
    change = changed(old, new)
    common = {"metric": "share", "unit": "%", "status": "reported", "change": "", "relative": ""}
    assert difference.rows(change, NAMES) == [
        {"kind": "added", "region": "NOR", "name": "NOR", "period": "2022-02", "old": "", "new": "1"}
        | {**common, "origin": "new"},
        {"kind": "revised", "region": "USA", "name": "United States", "period": "2022-01", "old": "37.84"}
        | {**common, "new": "37.90", "change": "+0.06", "relative": "+0.2%", "origin": "new"},
        {
            "kind": "withdrawn",
            "region": "CAN",
            "name": "Canada",
            "period": "2022-01",
            "old": "6.48",
            "new": "",
        }
        | {**common, "origin": "o"},
    ]
    assert [found["kind"] for found in difference.rows(change, NAMES, most=2)] == ["added", "revised"]
    assert difference.rows(changed(old, old), NAMES) == []


def test_a_period_that_is_none_is_shown_as_it_stands() -> None:
    change = changed(table(), table(row("USA", "1", start="soon", end="later")))
    assert difference.rows(change, NAMES)[0]["period"] == "soon/later"


def heads(old: pd.DataFrame, new: pd.DataFrame, levels: dict[str, str] | None = None) -> list[str]:
    told = difference.headline(changed(old, new), old, SERIES, NAMES, levels)
    return [line.replace("\u00a0", " ") for line in told]


def test_headlines_tell_the_newest_period_and_the_places_that_people_ask_for() -> None:
    old = table(row("USA", "37"), row("CHN", "2"), row("KAZ", "13"), row("other", "48"))
    new = [
        row("USA", "38.0", 2),
        row("CHN", "1.9", 2),
        row("KAZ", "12", 2),
        row("RUS", "11", 2),
        row("DEU", "3", 2),
    ]
    both = pd.concat([old, table(*new, row("other", "34", 2))], ignore_index=True)
    assert heads(old, both) == [
        "Newest period: January 2022 -> February 2022",
        "United States, share: 37% (January 2022) -> 38.0% (February 2022)",
        "Kazakhstan, share: 13% (January 2022) -> 12% (February 2022)",
        "RUS, share: not listed (January 2022) -> 11% (February 2022)",
        "China, share: 2% (January 2022) -> 1.9% (February 2022)",
    ]


def test_a_revision_of_the_newest_period_is_a_headline_and_of_an_older_one_is_none() -> None:
    old = table(row("USA", "37"), row("USA", "38", 2), row("CHN", "20", 2))
    newer = table(row("USA", "37"), row("USA", "38.5", 2), row("CHN", "20", 2))
    assert heads(old, newer) == ["United States, share, February 2022: 38% -> 38.5%"]
    assert heads(old, table(row("USA", "36"), row("USA", "38", 2), row("CHN", "20", 2))) == []
    assert heads(old, old) == []


def test_sums_of_amounts_are_headlines_to_the_last_digit() -> None:
    old = table(*(row(r, v, 1, "hashrate") for r, v in (("USA", "0.1"), ("CHN", "0.20"), ("other", "1"))))
    new = table(*(row(r, v, 1, "hashrate") for r, v in (("USA", "0.1"), ("CHN", "0.20"), ("other", "2"))))
    assert heads(old, new, LEVELS) == ["Sum, hashrate, January 2022: 1.30 EH/s -> 2.30 EH/s"]
    assert heads(old, new) == []  # without levels, a total might be added to its own parts
    stated = [table(row("USA", "1", 1, "hashrate"), row("total", v, 1, "hashrate")) for v in ("5", "6")]
    assert heads(*stated, LEVELS) == ["Total, hashrate, January 2022: 5 EH/s -> 6 EH/s"]


def test_metrics_whose_newest_periods_move_apart_are_named() -> None:
    old = table(row("USA", "37"), row("USA", "60", 1, "hashrate"))
    assert heads(old, pd.concat([old, table(row("USA", "38", 2))], ignore_index=True)) == [
        "Newest period of share: January 2022 -> February 2022",
        "United States, share: 37% (January 2022) -> 38% (February 2022)",
    ]


def test_first_and_last_figures_have_headlines_too() -> None:
    first = table(row("total", "37"))
    assert heads(table(), first) == [
        "Newest period: none -> January 2022",
        "Total, share: nothing -> 37% (January 2022)",
    ]
    assert heads(first, table())[1] == "Total, share: 37% (January 2022) -> nothing"
