"""Updates, told in lines, as JSON and as Markdown. All figures are synthetic."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geotrack.errors import AcceptError, FetchError, ValidationError
from geotrack.language.text import plain
from geotrack.model import OBSERVATION_COLUMNS, VINTAGE_COLUMNS, Finding, Metric, Series
from geotrack.store import revision
from geotrack.update import difference
from geotrack.update.plan import SeriesPlan
from geotrack.update.update import STATUSES, Outcome

NAMES = {"CHN": "China", "USA": "United States", "other": "Other"}
LEVELS = {"CHN": "country", "USA": "country", "other": "remainder"}
SERIES = Series("shares", "Shares", "country", (Metric("share", "Share", "%", "intensive"),))
WARNING = Finding("large revision", "warning", "shares, share, CHN", "70 -> 60%, revised by 14%")

Figures = dict[tuple[str, str], str]
OLD: Figures = {("CHN", "2021-01"): "70", ("USA", "2021-01"): "10", ("CHN", "2021-02"): "65"}
NEW: Figures = {("CHN", "2021-01"): "60", ("USA", "2021-01"): "10", ("USA", "2021-03"): "12.5"}


def frame(figures: Figures, note: str = "") -> pd.DataFrame:
    rows = [
        {
            **{"region": region, "start": f"{month}-01", "end": f"{month[:5]}{int(month[5:]) + 1:02}-01"},
            **{"metric": "share", "value": value, "unit": "%", "status": "reported", "origin": "o"},
            **{"label": region, "note": note},
        }
        for (region, month), value in figures.items()
    ]
    return pd.DataFrame(rows, columns=list(OBSERVATION_COLUMNS), dtype="str")


def step(old: Figures, new: Figures, earlier: int = 0, warnings: Sequence[Finding] = ()) -> SeriesPlan:
    before = frame(old)
    kept = pd.DataFrame([dict.fromkeys(VINTAGE_COLUMNS, "x")] * earlier, columns=list(VINTAGE_COLUMNS))
    return SeriesPlan(
        SERIES,
        before,
        revision.compare("shares", before, frame(new), whole=True),
        kept,
        (),
        tuple(warnings),
        LEVELS,
    )


def outcome(status: str = "changed", **said: object) -> Outcome:
    return Outcome("cbeci", status, **{"steps": (step(OLD, NEW),), **said})  # type: ignore[arg-type]


def failed(status: str, error: Exception, **said: object) -> Outcome:
    return Outcome("cbeci", status, str(error), error=error, **said)  # type: ignore[arg-type]


# Lines


def test_what_changed_is_told_below_what_became_of_the_source() -> None:
    assert difference.lines(outcome(), NAMES) == [
        "cbeci: changed",
        "  shares: 1 added, 1 revised, 1 withdrawn, 1 unchanged",
        "  1 figure added: March 2021 (new, 1)",
        "  1 figure revised:",
        "    China, January 2021: 70% -> 60% (−10\u00a0points, −14.3%)",
        "  1 figure withdrawn:",
        "    China, February 2021: 65%",
        "  Period gone: February 2021",
        "  Newest period: February 2021 -> March 2021",
        "  United States, share: not listed (February 2021) -> 12.5% (March 2021)",
        "  China, share: 65% (February 2021) -> not listed (March 2021)",
    ]


def test_what_was_accepted_is_told() -> None:
    [*_, last] = difference.lines(outcome(findings=(WARNING,)), NAMES)
    assert last == f"  accepted {WARNING}"


def test_a_source_without_news_says_why() -> None:
    told = Outcome("cbeci", "unchanged", "nothing newer")
    assert difference.lines(told, NAMES) == ["cbeci: unchanged: nothing newer"]


def test_what_stopped_a_source_is_told_once() -> None:
    told = failed("refused", FetchError("cbeci: 403 Forbidden"))
    assert difference.lines(told, NAMES) == ["cbeci: refused: 403 Forbidden"]


def test_what_waits_for_a_reason_tells_what_would_change() -> None:
    told = failed("needs accepting", AcceptError("cbeci: warnings: 1"), steps=(step(OLD, NEW),))
    first, second, *_ = difference.lines(told, NAMES)
    assert first == "cbeci: needs accepting: warnings: 1"
    assert second.strip() == "shares: 1 added, 1 revised, 1 withdrawn, 1 unchanged"


def test_figures_that_cannot_be_right_are_not_told_as_a_change() -> None:
    told = failed("invalid", ValidationError("cbeci: errors: 1"), steps=(step(OLD, NEW),))
    assert difference.lines(told, NAMES) == ["cbeci: invalid: errors: 1"]
    assert difference.told_rows([told], NAMES) == []
    assert difference.counted([told]) == 0


def test_earlier_filings_are_counted() -> None:
    told = difference.lines(outcome(steps=(step(OLD, NEW, earlier=2),)), NAMES)
    assert any(re.search(r"shares: 2 .*earlier", line) for line in told)


# Rows and sums


def test_rows_name_source_and_series() -> None:
    rows = difference.told_rows([outcome()], NAMES)
    assert [(row["kind"], row["name"], row["period"], row["old"], row["new"]) for row in rows] == [
        ("added", "United States", "2021-03", "", "12.5"),
        ("revised", "China", "2021-01", "70", "60"),
        ("withdrawn", "China", "2021-02", "65", ""),
    ]
    assert {(row["source"], row["series"]) for row in rows} == {("cbeci", "shares")}
    assert difference.counted([outcome(), outcome()]) == 6


def test_no_more_rows_of_a_series_are_made_than_are_wanted() -> None:
    assert len(difference.told_rows([outcome()], NAMES, most=2)) == 2
    assert difference.counted([outcome()]) == 3


def test_the_summary_counts_in_one_order() -> None:
    outcomes = [failed("refused", FetchError("x")), outcome(), outcome("unchanged"), outcome()]
    assert difference.summary(outcomes, dry=False) == "2 changed, 1 unchanged, 1 refused"
    assert difference.summary(outcomes[1:2], dry=True) == "1 changed; nothing was written (--dry-run)"
    assert difference.summary([], dry=False) == ""


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_is_counted(status: str) -> None:
    assert difference.summary([outcome(status)], dry=False) == f"1 {status}"


# JSON


def test_the_report_says_all_that_a_script_asks_for() -> None:
    notice = Finding("disagreement", "warning", "2021-01", "10% apart")
    told = outcome(findings=(WARNING,), written=(Path("observations", "shares.csv"),))
    report = json.loads(json.dumps(difference.report([told], NAMES, [notice], 0, dry=False)))
    assert {key: report[key] for key in ("exit_code", "dry_run", "notices")} == {
        "exit_code": 0,
        "dry_run": False,
        "notices": [vars(notice)],
    }
    [source] = report["sources"]
    assert source == {
        "source": "cbeci",
        "status": "changed",
        "message": "",
        "series": [
            {
                "series": "shares",
                "added": 1,
                "revised": 1,
                "withdrawn": 1,
                "unchanged": 1,
                "new_regions": [],
                "headline": [
                    "Newest period: February 2021 -> March 2021",
                    "United States, share: not listed (February 2021) -> 12.5% (March 2021)",
                    "China, share: 65% (February 2021) -> not listed (March 2021)",
                ],
            }
        ],
        "findings": [vars(WARNING)],
        "written": ["observations/shares.csv"],
    }
    assert report["rows"] == difference.told_rows([told], NAMES)


# Markdown


def table_of(text: str) -> list[list[str]]:
    """The cells of the table, as Markdown shows them."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[shown(cell.strip()) for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def shown(text: str) -> str:
    """What a reader sees of a text: escapes and entities resolved."""
    text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)
    return re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), text)


def test_the_markdown_is_sentences_and_a_table() -> None:
    text = difference.markdown([outcome()], NAMES, [], dry=False)
    assert text.startswith(
        "## Update of regional data\n\n1 changed.\n\n- cbeci: changed\n  - shares: 1 added"
    )
    assert table_of(text) == [
        ["series", "kind", "name", "period", "metric", "old", "new", "unit", "status", "change"],
        ["---"] * 10,
        ["shares", "added", "United States", "2021-03", "share", "", "12.5", "%", "reported", ""],
        ["shares", "revised", "China", "2021-01", "share", "70", "60", "%", "reported", "-10"],
        ["shares", "withdrawn", "China", "2021-02", "share", "65", "", "%", "reported", ""],
    ]
    assert text.endswith("|\n")
    assert not text.endswith("\n\n")


def test_without_changes_there_is_no_table() -> None:
    text = difference.markdown([outcome("unchanged", message="nothing newer", steps=())], NAMES, [], dry=True)
    assert text == (
        "## Update of regional data\n\n1 unchanged; nothing was written (--dry-run).\n\n"
        "- cbeci: unchanged: nothing newer\n"
    )


def test_a_long_table_is_cut_and_says_so() -> None:
    many = {(f"R{n:04}", "2021-01"): "0.1" for n in range(1, 1 + difference.MOST_ROWS + 1234)}
    text = difference.markdown([outcome(steps=(step({}, many),))], NAMES, [], dry=False)
    assert len(table_of(text)) == 2 + difference.MOST_ROWS
    assert text.endswith("\n\nand 1,234 more rows\n")


def test_notices_and_failures_are_in_it() -> None:
    notice = Finding("disagreement", "warning", "2021-01", "10% apart")
    text = shown(
        difference.markdown([failed("refused", FetchError("cbeci: 403"))], NAMES, [notice], dry=False)
    )
    assert "- cbeci: refused: 403\n" in text
    assert f"- {notice}\n" in text


HOSTILE = st.text(
    st.one_of(st.sampled_from("<>&@|`*_[]()!#\\\n\r~"), st.characters(exclude_categories=["Cs"])), max_size=30
)


@settings(deadline=None)
@given(name=HOSTILE, message=HOSTILE)
def test_whatever_a_source_says_stays_text(name: str, message: str) -> None:
    """No markup, link, mention, image or further line or cell comes of a name or a message."""
    names = {**NAMES, "USA": name}
    told = [outcome(message=message), failed("refused", FetchError(f"x {message}"))]
    text = difference.markdown(told, names, [], dry=False)
    assert not re.search(r"[<>@]|(?<!\\)(?:\\\\)*[`*_\[\]!]", text.replace("## ", ""))
    assert {len(row) for row in table_of(text)} == {10}
    cell = table_of(text)[2][2]
    assert cell == plain(name)
    begins = re.compile(r"(- |  - |\| |## Update|[0-9]+ changed)")
    assert all(begins.match(line) for line in text.split("\n") if line)
