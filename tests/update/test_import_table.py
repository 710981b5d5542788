"""The import of a user's own table by the command line, on a copy of the data; all figures are synthetic."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import geotrack as gt
from geotrack.errors import ParseError, SpecError
from geotrack.store import reading
from geotrack.store.checks import folder as checks
from geotrack.store.folder import DataFolder
from geotrack.update import import_table

Run = Callable[..., Any]

SAID = [
    "--publisher",
    "Me",
    "--title",
    "My survey",
    "--url",
    "https://example.org/s",
    "--licence",
    "CC BY 4.0",
]
WIDE = "country,2026-01,2026-02\nNamibia,10.5,11\nUnited States,40,42.5\nChina,20.25,21\n"
JANUARY, FEBRUARY = ("2026-01-01", "2026-02-01"), ("2026-02-01", "2026-03-01")
FIGURES = {
    ("NAM", *JANUARY): "10.5", ("NAM", *FEBRUARY): "11",
    ("USA", *JANUARY): "40", ("USA", *FEBRUARY): "42.5",
    ("CHN", *JANUARY): "20.25", ("CHN", *FEBRUARY): "21",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr("sys.stdin", io.StringIO())  # a pipe: nobody can be asked


def written(data: Path, series: str = "mine") -> dict[tuple[str, str, str], str]:
    """The figures of a series, as text."""
    raw = reading.read_raw(reading.observations_path(data, series))
    keys = zip(raw["region"], raw["start"], raw["end"], strict=True)
    return dict(zip(keys, raw["value"], strict=True))


def state(data: Path) -> dict[str, bytes]:
    """Every file of a folder, but for the empty one that is locked."""
    return {
        path.relative_to(data).as_posix(): path.read_bytes()
        for path in sorted(data.rglob("*"))
        if path.is_file() and path.stat().st_size
    }


def file(content: str | bytes, name: str = "table.csv") -> Path:
    path = Path(name)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def brought(run: Run, data: Path, path: Path | str, *more: object, said: list[str] = SAID) -> Any:
    """Import a table in shares; a fault fails the test."""
    answer = run("import", path, "--series", "mine", "--unit", "%", *said, "--yes", "--data", data, *more)
    assert (answer.code, answer.err) == (0, ""), answer
    return answer


def again(run: Run, data: Path, path: Path | str, *more: object) -> Any:
    return run("import", path, "--series", "mine", "--data", data, *more)


def refused(answer: Any, code: int, *words: str) -> str:
    assert answer.code == code, answer
    assert answer.err.startswith("geotrack: ")
    assert "Traceback" not in answer.err
    assert all(word in answer.err for word in words), answer.err
    return str(answer.err)


# --- what a file may be ----------------------------------------------------------------------------------

LONG = "\n".join(
    ["iso,month,share", "NAM,2026-01,10.5", "NA,2026-02,11", "USA,2026-01,40", "US,2026-02,42.5",
     "CHN,2026-01,20.25", "CN,2026-02,21", ""]
)  # fmt: skip
SEMICOLONS = "Land;2026-01;2026-02\nNamibia;10,5;11\nUnited States;40;42,5\nChina;20,25;21\n"
FILES = {
    "commas": WIDE.encode(),
    "long, codes, NA is Namibia": LONG.encode(),
    "semicolons and decimal commas": SEMICOLONS.encode(),
    "byte order mark": b"\xef\xbb\xbf" + WIDE.encode(),
    "tabs": WIDE.replace(",", "\t").encode(),
    "carriage returns": WIDE.replace("\n", "\r\n").encode(),
    "UTF-16": WIDE.replace(",", "\t").encode("utf-16"),
    "percent signs": re.sub(r"(?<=,)([0-9.]+)(?=[,\n])", r"\1 %", WIDE.partition("\n")[2]).encode(),
}
FILES["percent signs"] = b"country,2026-01,2026-02\n" + FILES["percent signs"]


@pytest.mark.parametrize("kind", FILES)
def test_a_text_file_is_read_whatever_its_dialect(run: Run, data: Path, kind: str) -> None:
    brought(run, data, file(FILES[kind]))
    assert written(data) == FIGURES


def test_windows_1252_is_read_by_its_letters(run: Run, data: Path) -> None:
    text = "Land;2026-01\nCôte d'Ivoire;1,5\nTürkiye;2,5\nCuraçao;3,5\n"
    answer = brought(run, data, file(text.encode("cp1252")))
    assert "Windows-1252" in answer.out
    assert written(data) == {("CIV", *JANUARY): "1.5", ("TUR", *JANUARY): "2.5", ("CUW", *JANUARY): "3.5"}


def test_a_workbook_is_read_by_its_sheet_with_its_dates_and_percents(run: Run, data: Path) -> None:
    path = workbook(Path("book.xlsx"))
    options = ("import", path, "--series", "mine", *SAID, "--yes", "--data", data, "--freq", "month")
    refused(run(*options), 7, "2 sheets hold data: Old; Shares; say which: --sheet")
    answer = run(*options, "--sheet", "Shares")
    assert (answer.code, answer.err) == (0, "")
    assert "sheet 'Shares'" in answer.out
    assert written(data) == FIGURES
    assert 'sheet = "Shares"' in (data / "imports" / "mine.toml").read_text()
    assert again(run, data, path).code == 0  # the sheet is remembered, too


def workbook(path: Path) -> Path:
    """A book with a cover and two sheets; dates are dates, shares are fractions shown as percents."""
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Cover"
    book.active.append(["About", "this"])
    book.active.append(["Who", "Me"])
    other = book.create_sheet("Old")
    other.append(["region", "date", "share"])
    other.append(["CHN", date(2020, 1, 1), 0.5])
    sheet = book.create_sheet("Shares")
    sheet.append(["region", "date", "share"])
    for (region, start, _), value in FIGURES.items():
        sheet.append([region, date.fromisoformat(start), float(value) / 100])
        sheet.cell(sheet.max_row, 3).number_format = "0.00%"
    book.save(path)
    return path


def test_parquet_is_read_wide_and_long(run: Run, data: Path) -> None:
    pd.read_csv(io.StringIO(WIDE)).to_parquet("wide.parquet")
    brought(run, data, "wide.parquet")
    assert written(data) == FIGURES
    keys = list(FIGURES)
    frame = pd.DataFrame(
        {
            "region": [key[0] for key in keys],
            "date": pd.to_datetime([key[1] for key in keys]),
            "share": [float(value) for value in FIGURES.values()],
        }
    )
    frame.to_parquet("long.parquet")
    answer = run("import", "long.parquet", "--series", "other", "--unit", "%", "--freq", "month", *SAID,
                 "--yes", "--data", data)  # fmt: skip
    assert (answer.code, answer.err) == (0, "")
    assert written(data, "other") == FIGURES


# --- the mapping: shown, then applied, then remembered ---------------------------------------------------


def test_the_mapping_is_shown_and_nothing_is_written_where_nobody_can_agree(run: Run, data: Path) -> None:
    before = state(data)
    answer = run("import", file(WIDE), "--series", "mine", "--unit", "%", *SAID, "--data", data)
    refused(answer, 7, "nothing was written: look at the mapping above, then run it again with --yes")
    for line in ("region = column 'country': 'Namibia'", "'10.5' -> 10.5%", "source's licence = CC BY 4.0"):
        assert line in answer.out
    assert state(data) == before


def test_a_person_is_asked(run: Run, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    before = state(data)
    for said, code in (("n\n", 0), ("y\n", 0)):
        monkeypatch.setattr("sys.stdin", Terminal(said))
        answer = run("import", file(WIDE), "--series", "mine", "--unit", "%", *SAID, "--data", data)
        assert answer.code == code
        assert "Apply this?" in answer.err
        assert (state(data) == before) == (said == "n\n")
    assert written(data) == FIGURES


def test_a_dry_run_shows_the_diff_and_writes_nothing(run: Run, data: Path) -> None:
    before = state(data)
    answer = brought(run, data, file(WIDE), "--dry-run")
    assert "6 figures added" in answer.out
    assert "nothing was written (--dry-run)" in answer.out
    assert state(data) == before


def test_next_month_needs_the_file_and_the_series_only(run: Run, data: Path) -> None:
    brought(run, data, file(WIDE))
    mapping = (data / "imports" / "mine.toml").read_text(encoding="utf-8")
    assert 'region = "country"' in mapping
    assert 'publisher = "Me"' in mapping
    more = WIDE.replace("-02\n", "-02,2026-03\n").replace("11\n", "11,12\n")
    more = more.replace("42.5\n", "42.5,44\n").replace("21\n", "21,22\n")
    answer = again(run, data, file(more, "next.csv"))
    assert (answer.code, answer.err) == (0, "")
    assert "as remembered" in answer.out
    assert "3 added, 6 unchanged" in answer.out
    march = ("2026-03-01", "2026-04-01")
    assert written(data) == FIGURES | {("NAM", *march): "12", ("USA", *march): "44", ("CHN", *march): "22"}
    assert (data / "imports" / "mine.toml").read_text(encoding="utf-8") == mapping


def test_the_same_bytes_again_write_nothing(run: Run, data: Path) -> None:
    brought(run, data, file(WIDE))
    before = state(data)
    answer = again(run, data, "table.csv")
    assert (answer.code, answer.err) == (0, "")
    assert "unchanged: these very bytes were imported before" in answer.out
    assert state(data) == before
    assert "1 unchanged" in brought(run, data, "table.csv").out  # all said once more
    assert state(data) == before


def test_the_day_of_publication_is_of_one_file_only(run: Run, data: Path) -> None:
    brought(run, data, file(WIDE), "--published", "2026-03-04")
    assert {o.published for o in reading.read_origins(data).values() if o.title == "My survey"} == {
        "2026-03-04"
    }
    assert "2026-03-04" not in (data / "imports" / "mine.toml").read_text(encoding="utf-8")
    assert again(run, data, file(WIDE.replace("10.5", "10.6"), "corrected.csv")).code == 0
    told = json.loads(run("history", "mine", "NAM", "2026-01", "--json", "--data", data).out)
    assert told[0]["published"] == told[0]["since"] == "2026-03-04"
    assert told[1]["published"] == ""  # of the second file nobody said it
    assert told[1]["since"] == told[1]["retrieved"] > "2026-03-04"


def test_json_holds_the_rows_and_keeps_the_mapping_apart(run: Run, data: Path) -> None:
    answer = run("import", file(WIDE), "--series", "mine", "--unit", "%", *SAID, "--yes", "--json",
                 "--data", data)  # fmt: skip
    told = json.loads(answer.out)
    assert told["exit_code"] == answer.code == 0
    assert [source["status"] for source in told["sources"]] == ["new"]
    assert len(told["rows"]) == 6
    assert "region = column 'country'" in answer.err


def test_a_file_that_lost_a_column_is_refused_in_words(run: Run, data: Path) -> None:
    brought(run, data, file(LONG))
    before = state(data)
    lost = LONG.replace("iso,month,share", "iso,month,percentage")
    said = refused(again(run, data, file(lost)), 3, "mine.toml", "column 'share' is gone", "'percentage'")
    assert "--region, --period, --value" in said
    assert state(data) == before
    answer = brought(run, data, "table.csv", "--value", "percentage")  # said anew, it is read and remembered
    assert "1 unchanged" in answer.out
    assert 'values = ["percentage"]' in (data / "imports" / "mine.toml").read_text(encoding="utf-8")


def test_a_broken_memory_is_refused(run: Run, data: Path) -> None:
    brought(run, data, file(WIDE))
    (data / "imports" / "mine.toml").write_text("layout = ", encoding="utf-8")
    refused(again(run, data, "table.csv"), 3, "mine.toml: no TOML", "remove it and say the mapping anew")


# --- what a file says of what was there before ------------------------------------------------------------


def test_a_file_without_months_of_before_needs_somebody_s_word(run: Run, data: Path) -> None:
    brought(run, data, file(WIDE))
    before = state(data)
    march = file("country,2026-02,2026-03\nNamibia,11,12\nUnited States,42.5,44\nChina,21,22\n")
    said = refused(again(run, data, march), 10, "1 period of the last version gone: January 2026", "--accept")
    assert "nothing was written" in said
    assert state(data) == before
    answer = again(run, data, march, "--accept", "the survey dropped its pilot")
    assert (answer.code, answer.err) == (0, "")
    assert {key[1] for key in written(data)} == {"2026-02-01", "2026-03-01"}
    log = (data / "updates.csv").read_text(encoding="utf-8").splitlines()
    assert log[-1].endswith(",the survey dropped its pilot")
    kept = reading.read_vintages(data, "mine")
    assert set(kept["why"]) == {"withdrawn: the survey dropped its pilot"}
    assert sorted(kept["value"]) == ["10.5", "20.25", "40"]


def test_a_partial_file_keeps_other_periods(run: Run, data: Path) -> None:
    brought(run, data, file(WIDE), "--partial")
    march = file("country,2026-03\nNamibia,12\nUnited States,44\nChina,22\n")
    answer = again(run, data, march)
    assert (answer.code, answer.err) == (0, "")
    assert len(written(data)) == 9
    assert written(data).items() >= FIGURES.items()
    assert "partial = true" in (data / "imports" / "mine.toml").read_text(encoding="utf-8")


def test_a_revised_figure_keeps_the_old_one(run: Run, data: Path) -> None:
    brought(run, data, file(WIDE))
    answer = again(run, data, file(WIDE.replace("42.5", "42.7"), "corrected.csv"))
    assert (answer.code, answer.err) == (0, "")
    assert "42.5" in answer.out
    assert "42.7" in answer.out
    told = json.loads(run("history", "mine", "United States", "2026-02", "--json", "--data", data).out)
    assert [(row["value"], row["why"]) for row in told] == [("42.5", "revised"), ("42.7", "")]
    assert told[0]["sha256"] != told[1]["sha256"]


# --- what a new series is good for ------------------------------------------------------------------------


def test_a_new_series_can_be_checked_listed_shown_and_drawn(run: Run, data: Path, tmp_path: Path) -> None:
    brought(run, data, file(WIDE), "--whole", "100")
    series = reading.read_series(data)["mine"]
    assert (series.title, series.level, series.metrics[0].whole) == ("My survey", "country", 100)
    checked = run("check", "mine", "--data", data)
    assert (checked.code, checked.out.splitlines()[-1]) == (0, "0 errors, 0 warnings")
    assert run("check", "--data", data).code == 0
    assert "My survey" in run("sources", "--data", data).out
    assert "Namibia" in run("show", "mine", "--data", data).out
    answer = run("build", file('series = "mine"\n', "mine.toml"), "--data", data, "--out", tmp_path / "out")
    assert (answer.code, answer.err) == (0, "")
    page = (tmp_path / "out" / "mine.html").read_text(encoding="utf-8")
    assert "My survey" in page
    assert "Namibia" in page
    shown = gt.choropleth("mine", data_folder=data)
    shown.save("own.html")
    assert "My survey" in Path("own.html").read_text(encoding="utf-8")


def test_subdivisions_are_drawn_on_their_own_map(run: Run, data: Path, tmp_path: Path) -> None:
    answer = brought(run, data, file("state,2026-01\nGeorgia,30\nTX,20\nUS-NY,5\n"), "--level", "US")
    assert "level = US" in answer.out
    assert {key[0] for key in written(data)} == {"US-GA", "US-TX", "US-NY"}
    assert reading.read_series(data)["mine"].boundaries == "us-states"
    assert run("build", file('series = "mine"\n', "mine.toml"), "--data", data, "--out", tmp_path).code == 0


def test_a_file_may_go_into_a_series_that_was_there(run: Run, data: Path) -> None:
    before = reading.read_raw(reading.observations_path(data, "foundry-us-states"))
    newer = file("state,month,share\nGeorgia,2026-01,30\nTexas,2026-01,20\n")
    options = [
        "--level",
        "US",
        "--partial",
        "--metric",
        reading.read_series(data)["foundry-us-states"].metrics[0].name,
    ]
    answer = run("import", newer, "--series", "foundry-us-states", "--unit", "%", *options, *SAID, "--yes",
                 "--accept", "synthetic", "--data", data)  # fmt: skip
    assert (answer.code, answer.err) == (0, "")
    assert len(written(data, "foundry-us-states")) == len(before) + 2
    assert run("check", "foundry-us-states", "--data", data).code == 0


# --- what is refused --------------------------------------------------------------------------------------


def test_unknown_regions_are_all_listed_with_names_near_them(run: Run, data: Path) -> None:
    before = state(data)
    table = file(
        WIDE.replace("China", "Chnia").replace("Namibia", "Namibyia").replace("United States", "Utopia")
    )
    answer = run("import", table, "--series", "mine", "--unit", "%", *SAID, "--yes", "--data", data)
    refused(
        answer,
        4,
        "3 label(s) match no region",
        "'Chnia' (perhaps China",
        "'Namibyia' (perhaps Namibia",
        "Utopia",
        "run the import again with --crosswalk",
    )
    made = state(data)
    text = made.pop("imports/mine.crosswalk.csv").decode()
    assert text.splitlines()[::2] == ["label,region,note", "Utopia,,perhaps Ethiopia?"]
    assert made == before


def test_a_comma_that_may_be_two_things_is_refused(run: Run, data: Path) -> None:
    before, table = state(data), file('country;2026-01\nNamibia;"1,234"\nChina;"2,345"\n')
    options = ("import", table, "--series", "mine", "--unit", "EH/s", *SAID, "--yes", "--data", data)
    refused(
        run(*options),
        7,
        "'1,234' may be a number with three decimals or thousands",
        "--decimal . ('1,234' = 1234) or --decimal , ('1,234' = 1.234)",
    )
    assert state(data) == before
    assert run(*options, "--decimal", ",").code == 0
    assert set(written(data).values()) == {"1.234", "2.345"}


def test_bad_cells_are_named_by_row_and_column(run: Run, data: Path) -> None:
    before = state(data)
    table = file(LONG.replace("2026-01,40", "2026-01,forty").replace("CN,2026-02", "CN,soon"))
    answer = run("import", table, "--series", "mine", "--unit", "%", *SAID, "--yes", "--data", data)
    refused(answer, 3, "row 4", "'forty'", "column 'share'", "row 7", "'soon'", "column 'month'")
    assert state(data) == before


def test_sums_above_the_whole_are_refused(run: Run, data: Path) -> None:
    before, table = state(data), file(WIDE.replace("42.5", "92.5"))
    answer = run(
        "import", table, "--series", "mine", "--unit", "%", "--whole", "100", *SAID, "--yes", "--data", data
    )
    refused(answer, 6, "add up to 124.5", "nothing was written")
    assert state(data) == before


def test_a_region_said_twice_is_refused(run: Run, data: Path) -> None:
    before, table = state(data), file(WIDE + "NAM,1,2\n")
    answer = run("import", table, "--series", "mine", "--unit", "%", *SAID, "--yes", "--data", data)
    refused(answer, 6, "2 rows for one figure", "NAM")
    assert state(data) == before


def test_who_published_it_must_be_said_once(run: Run, data: Path) -> None:
    before = state(data)
    answer = run("import", file(WIDE), "--series", "mine", "--unit", "%", "--yes", "--data", data)
    refused(answer, 7, "no origin, no number", "--publisher, --title, --url, --licence must be given, once")
    answer = run("import", "table.csv", "--series", "mine", "--unit", "%", *SAID[2:], "--yes", "--data", data)
    assert "--publisher must be given" in refused(answer, 7, "no origin, no number")
    assert state(data) == before


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["table.csv", "--series", "My Series"], 7, "--series 'My Series'; expected small letters"),
        (["table.csv", "--series", "../up"], 7, "expected small letters"),
        (["none.csv", "--series", "mine"], 3, "none.csv: cannot be read: No such file"),
        ([".", "--series", "mine"], 3, "cannot be read"),
        (["table.csv", "--series", "mine", "--region", "nation"], 7, "region = 'nation' is no column"),
        (["table.csv", "--series", "mine", "--sheet", "x"], 7, "no Excel file"),
        (["table.csv", "--series", "mine", "--level", "FR"], 7, "level = 'FR' is not known"),
        (["table.csv", "--series", "mine", "--whole", "0"], 7, "whole = 0.0; expected a number above zero"),
        (["table.csv", "--series", "mine", "--published", "soon"], 7, "--published 'soon'; expected a day"),
        (["table.csv", "--series", "mine", "--url", "file:///x"], 7, "--url 'file:///x'; expected"),
    ],
)  # fmt: skip
def test_a_mistake_is_said(run: Run, data: Path, arguments: list[str], code: int, words: str) -> None:
    before = state(data)
    file(WIDE)
    answer = run("import", "--unit", "%", *SAID, *arguments, "--yes", "--data", data)
    refused(answer, code, words)
    assert state(data) == before


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"<!doctype html><p>Just a moment", "web page"),
        (b"%PDF-1.7", "PDF"),
        (b"country,2026-01\n", "no rows"),
    ],
)
def test_what_is_no_table_is_said(run: Run, data: Path, content: bytes, words: str) -> None:
    before = state(data)
    answer = run("import", file(content), "--series", "mine", "--unit", "%", *SAID, "--yes", "--data", data)
    refused(answer, 3, "table.csv", words)
    assert state(data) == before


# --- hostile cells ----------------------------------------------------------------------------------------

HOSTILE = '<script>alert(1)</script>\n"=cmd()|calc" </title>'


def test_hostile_cells_stay_text_everywhere(run: Run, data: Path, tmp_path: Path) -> None:
    cell = '"' + HOSTILE.replace('"', '""') + '"'
    table = file(
        f"country,month,share,note,{cell}\nNamibia,2026-01,10,{cell},=1+1\nChina,2026-01,5,=cmd(),x\n"
    )
    title = ["--publisher", HOSTILE, "--title", HOSTILE, "--url", "https://example.org", "--licence", HOSTILE]
    answer = brought(run, data, table, said=title)
    assert "\x1b" not in answer.out
    raw = reading.read_raw(reading.observations_path(data, "mine"))
    assert sorted(raw["note"]) == sorted([HOSTILE, "=cmd()"])
    assert reading.read_series(data)["mine"].title == HOSTILE
    assert run("check", "--data", data).code == 0
    assert run("sources", "--data", data).code == 0
    answer = run("build", file('series = "mine"\n', "mine.toml"), "--data", data, "--out", tmp_path / "out")
    assert answer.code == 0, answer
    page = (tmp_path / "out" / "mine.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "alert(1)" in page  # it is there, as text


def test_a_folder_that_cannot_be_written_loses_nothing(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(data)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    answer = run("import", file(WIDE), "--series", "mine", "--unit", "%", *SAID, "--yes", "--data", data)
    refused(answer, 8, "No space left on device")
    monkeypatch.undo()
    assert {name: content for name, content in state(data).items() if not name.startswith(".")} == before


def test_the_shipped_data_are_not_written(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    answer = run("import", file(WIDE), "--series", "mine", "--unit", "%", *SAID, "--yes")
    refused(answer, 8, "this is the copy that ships with geotrack", "run `geotrack init`")


def test_the_library_says_the_same(data: Path) -> None:
    with pytest.raises(ParseError, match=r"none.csv: cannot be read: .*; expected a table"):
        import_table.prepare(data, Path("none.csv"), "mine", {})
    assert checks.check(data) is not None


# --- what a reviewer tried


def table_of(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(["country,month,share", *rows, ""]), encoding="utf-8")
    return path


def test_a_revision_counts_from_the_day_it_was_published(run: Run, data: Path, tmp_path: Path) -> None:
    source = ("--publisher", "P", "--title", "T", "--url", "https://example.org", "--licence", "none stated")
    given = ("--series", "mine", "--unit", "%", "--data", data, "--yes", *source)
    first = table_of(tmp_path / "a.csv", "United States,2024-01,37.84")
    assert run("import", first, *given, "--published", "2024-02-10").code == 0
    second = table_of(tmp_path / "b.csv", "United States,2024-01,36.5", "United States,2024-02,36.7")
    assert run("import", second, *given, "--published", "2024-03-10").code == 0
    for day, wanted in (("2024-03-09", [37.84]), ("2024-03-10", [36.5, 36.7])):
        assert list(DataFolder.of(data).table("mine", day).observations["value"]) == wanted


@pytest.mark.parametrize(
    ("figures", "message"),
    [(("0.6", "0.4"), "these are fractions"), (("60", "70"), "look for a region counted twice")],
)
def test_what_a_whole_rules_out_is_refused(
    run: Run, data: Path, tmp_path: Path, figures: tuple[str, str], message: str
) -> None:
    source = ("--publisher", "P", "--title", "T", "--url", "https://example.org", "--licence", "none stated")
    path = table_of(tmp_path / "a.csv", f"China,2024-01,{figures[0]}", f"Canada,2024-01,{figures[1]}")
    given = ("--series", "mine", "--data", data, "--yes", "--unit", "%", "--whole", "100", *source)
    answer = run("import", path, *given)
    assert answer.code == 6, answer
    assert message in answer.err


def test_what_a_series_is_already_is_not_changed_in_passing(run: Run, data: Path, tmp_path: Path) -> None:
    source = ("--publisher", "P", "--title", "T", "--url", "https://example.org", "--licence", "none stated")
    given = ("--series", "mine", "--unit", "%", "--data", data, "--yes", *source)
    path = table_of(tmp_path / "a.csv", "China,2024-01,60")
    assert run("import", path, *given).code == 0
    answer = run("import", table_of(path, "China,2024-01,61"), *given, "--whole", "100")
    assert answer.code == 7
    assert "described in series.toml already" in answer.err


def test_a_column_that_seems_to_be_meant_is_not_passed_over(run: Run, data: Path, tmp_path: Path) -> None:
    source = ("--publisher", "P", "--title", "T", "--url", "https://example.org", "--licence", "none stated")
    given = ("--series", "mine", "--unit", "%", "--data", data, "--yes", *source)
    wide = tmp_path / "wide.csv"
    wide.write_text("country,2024-01,2024-02,2024 YTD\nChina,1,2,3\n", encoding="utf-8")
    answer = run("import", wide, *given)
    assert answer.code == 7
    assert "--ignore '2024 YTD'" in answer.err.replace('"', "'")
    units = tmp_path / "units.csv"
    units.write_text("country,month,value,unit\nChina,2024-01,5,EH/s\n", encoding="utf-8")
    answer = run("import", units, *given)
    assert answer.code == 7
    assert "leave --unit out" in answer.err


def test_an_edited_mapping_is_applied_to_the_same_file(run: Run, data: Path, tmp_path: Path) -> None:
    source = ("--publisher", "P", "--title", "T", "--url", "https://example.org", "--licence", "none stated")
    path = table_of(tmp_path / "a.csv", "China,2024-01,60")
    assert run("import", path, "--series", "mine", "--unit", "%", "--data", data, "--yes", *source).code == 0
    again = run("import", path, "--series", "mine", "--data", data)
    assert "imported before" in again.out
    kept = data / "imports" / "mine.toml"
    kept.write_text('status = "estimated"\n' + kept.read_text(encoding="utf-8"), encoding="utf-8")
    answer = run("import", path, "--series", "mine", "--data", data, "--accept", "a test")
    assert answer.code == 0, answer
    assert list(DataFolder.of(data).table("mine").observations["status"]) == ["estimated"]


def test_shown_as_csv_a_figure_has_the_digits_it_was_given(run: Run, data: Path, tmp_path: Path) -> None:
    source = ("--publisher", "P", "--title", "T", "--url", "https://example.org", "--licence", "none stated")
    path = table_of(tmp_path / "a.csv", "China,2024-01,21.110", "Canada,2024-01,0.30000000000000004")
    assert run("import", path, "--series", "mine", "--unit", "%", "--data", data, "--yes", *source).code == 0
    told = run("show", "mine", "--csv", "--data", data).out
    assert ",21.110,%," in told
    assert ",0.30000000000000004,%," in told


def test_an_imported_series_has_no_events_but_those_it_names(run: Run, data: Path) -> None:
    brought(run, data, file("country,2021-05,2021-06\nNamibia,10.5,11\n"))
    assert gt.choropleth("mine", data_folder=data).events == ()
    assert len(gt.choropleth("cbeci-countries", data_folder=data).events) > 5
    for asked in (True, ["2021-05-21"]):
        with pytest.raises(SpecError, match=r"belongs to series mine; .* \[mine\].* \(there: mining\)"):
            gt.choropleth("mine", data_folder=data, events=asked)
    path = data / "reference" / "series.toml"
    text = path.read_text(encoding="utf-8").replace("[mine]\n", '[mine]\nevents = "harvests"\n')
    path.write_text(text, encoding="utf-8")
    with (data / "reference" / "events.csv").open("a", encoding="utf-8", newline="") as rows:
        rows.write("2021-06-01,harvests,NAM,Rain,https://example.org/rain,\n")
    assert [e.label for e in gt.choropleth("mine", data_folder=data).events] == ["Rain"]
    dates = [e.date for e in gt.choropleth("cbeci-countries", data_folder=data).events]
    assert "2021-05-21" in dates
    assert "2021-06-01" not in dates
    with pytest.raises(SpecError, match=r"no event on 2021-05-21; expected some of 2021-06-01"):
        gt.choropleth("mine", data_folder=data, events=["2021-05-21"])
