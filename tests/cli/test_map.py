"""`geotrack map`: from a file to a map in one command, in an empty folder."""

from __future__ import annotations

import json
import os
import pty
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pytest
from shapely.geometry import box

import geotrack as gt

Run = Callable[..., Any]

SHARES = "Country;Period;Share (%)\nChina;2019-09;75,53\nUnited States;2019-09;4,06\nChina;2022-01;21,11\n"
MACHINES = "country,year,machines\nChina,2023,10\nCanada,2023,20\nChina,2024,30\n"
MONTHS = "country,month,blocks\nChina,2023-01,10\nCanada,2023-02,20\nChina,2024-01,30\n"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shares.csv").write_text(SHARES, encoding="utf-8")
    Path("machines.csv").write_text(MACHINES, encoding="utf-8")
    Path("months.csv").write_text(MONTHS, encoding="utf-8")


def test_a_table_is_a_map_with_nothing_asked(run: Run) -> None:
    answer = run("map", "shares.csv", "-o", "out.html")
    assert answer.code == 0, answer
    assert "region = column 'Country': 'China', 'United States'" in answer.out
    assert "'75,53' -> 75.53%" in answer.out
    assert (
        "keep it:   geotrack init && geotrack import shares.csv --series shares --unit % --publisher"
        in answer.out
    )
    page = Path("out.html").read_text(encoding="utf-8")
    assert "not stated" in page
    frame = gt.choropleth("shares.csv").to_frame()
    assert frame["value"].tolist() == gt.choropleth(Path("shares.csv")).to_frame()["value"].tolist()
    assert sorted(frame["value"]) == [4.06, 21.11, 75.53]


@pytest.mark.parametrize("suffix", [".html", ".png", ".svg", ".pdf", ".gif", ".xlsx", ".csv", ".geojson"])
def test_the_suffix_decides_what_is_written(run: Run, suffix: str) -> None:
    answer = run("map", "shares.csv", "-o", f"out{suffix}", "--json")
    assert answer.code == 0, answer
    told = json.loads(answer.out)
    assert told["file"] == f"out{suffix}"
    assert told["bytes"] == Path(f"out{suffix}").stat().st_size > 100
    assert told["reading"]["columns"] == {
        "region": ["Country"], "period": ["Period"], "value": ["Share (%)"]
    }  # fmt: skip
    assert told["reading"]["regions"] == {"China": "CHN", "United States": "USA"}
    assert "Canada" in told["reading"]["without figures"]


def test_an_unknown_suffix_is_refused_with_those_there_are(run: Run) -> None:
    answer = run("map", "shares.csv", "-o", "out.docx")
    assert (answer.code, Path("out.docx").exists()) == (7, False)
    assert "'.docx' is not known; expected one of: .html, .htm, .png" in answer.err


def test_standard_input_is_a_table(run: Run, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "geotrack", "map", "-", "-o", "piped.html"]
    done = subprocess.run(command, input=SHARES.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert b"keep it" not in done.stdout
    assert Path("piped.html").stat().st_size > 100_000


def test_what_is_open_is_refused_with_its_answers_and_asked_only_where_it_matters(run: Run) -> None:
    answer = run("map", "months.csv", "--slices", "year")
    assert answer.code == 7
    assert "metric 'blocks': how periods combine must be said" in answer.err
    assert "--over-time mean (a share or a rate) or --over-time sum (an amount)" in answer.err
    assert not Path("months.html").exists()
    assert run("map", "months.csv", "--slices", "year", "--over-time", "sum").code == 0
    assert run("map", "months.csv").code == 0  # no period is combined with another
    assert run("map", "machines.csv", "--slices", "year").code == 0
    with pytest.raises(gt.SpecError, match=r"over_time='mean' \(a share or a rate\) or over_time='sum'"):
        gt.choropleth("months.csv", slices="year")


def test_a_fault_is_json_too(run: Run) -> None:
    answer = run("map", "months.csv", "--slices", "year", "--json")
    told = json.loads(answer.out)
    assert (answer.code, told["code"], told["kind"]) == (7, 7, "AmbiguousError")
    [question] = told["questions"]
    assert [choice["value"] for choice in question["choices"]] == ["mean", "sum", "last"]


@pytest.mark.parametrize(
    "words",
    [["map", "--json"], ["map", "a.csv", "--jsno", "--json"], ["map", "a.csv", "--table", "x", "--json"]],
)
def test_wrong_usage_is_json_too(words: list[str], run: Run) -> None:
    answer = run(*words)
    told = json.loads(answer.out)
    assert (answer.code, told["code"], told["kind"]) == (2, 2, "UsageError")
    assert told["error"] in answer.err


@pytest.mark.parametrize(
    "table", ["country,period,value\nFrance,2020,4\nFrance,2020-Q1,1\n", "country,2020,2020-Q1\nFrance,4,1\n"]
)
def test_periods_within_others_have_a_way_out_down_all_roads(table: str, run: Run) -> None:
    Path("nested.csv").write_text(table, encoding="utf-8")
    assert run("init", "project").code == 0
    said = ["--overlaps", "years beside their quarters"]
    kept = ["--series", "nested", "--unit", "USD", "--over-time", "sum", "--publisher", "A", "--title", "B"]
    kept += ["--url", "https://example.org", "--licence", "CC0-1.0", "--yes", "--data", "project/data"]
    for words in (["map", "nested.csv"], ["import", "nested.csv", *kept]):
        answer = run(*words)
        assert answer.code == 6
        assert "--overlaps WORDS" in answer.err
        assert run(*words, *said).code == 0, run(*words, *said)
    with pytest.raises(gt.ValidationError, match=r"overlaps=\.\.\."):
        gt.choropleth("nested.csv")
    gt.choropleth("nested.csv", overlaps="years beside their quarters")


def on_a_terminal(words: list[str], typed: bytes) -> tuple[int, str]:
    """Run a command in front of a terminal; return its code, and all that the terminal shows."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "geotrack", *words]
    with subprocess.Popen(command, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE) as process:
        os.write(ours, typed)
        out, _ = process.communicate()
    os.close(theirs)
    asked = os.read(ours, 100_000).decode()
    os.close(ours)
    return process.returncode, asked + out.decode()


def test_a_terminal_is_asked_by_numbers(tmp_path: Path) -> None:
    code, asked = on_a_terminal(["map", "months.csv", "--slices", "year", "-o", "a.html"], b"2\n")
    assert code == 0, asked
    assert "2  sum (an amount)" in asked
    assert "over time = sum" in asked


def test_no_other_number_is_taken_for_an_answer(tmp_path: Path) -> None:
    code, asked = on_a_terminal(["map", "months.csv", "--slices", "year", "-o", "a.csv"], b"7\n0\n2\n")
    assert code == 0, asked
    assert asked.count("1 to 3") == 3
    assert "over time = sum" in asked


def test_a_specification_builds_the_same_map(run: Run) -> None:
    answer = run(
        "map", "shares.csv", "--title", "Mine", "--group", "CHN", "--spec", "mine.toml", "-o", "mine.html"
    )
    assert answer.code == 0, answer
    assert run("build", "mine.toml", "--out", "built").code == 0
    assert Path("built/mine.html").read_bytes() == Path("mine.html").read_bytes()
    text = Path("shares.csv").read_text(encoding="utf-8")
    Path("shares.csv").write_text(text.replace("75,53", "75,54"), encoding="utf-8")
    assert run("build", "mine.toml", "--out", "built", "--changed").out.startswith("built/mine.html")
    assert "75.54" in Path("built/mine.html").read_text(encoding="utf-8")


def test_a_specification_keeps_all_that_was_said(run: Run) -> None:
    """The crosswalk and what the table lacks, too; where the crosswalk changes, the map is built anew."""
    rows = "where,year,value\nTotal,2020,20\nXland,2020,7\nChina,2020,8\n"
    Path("own.csv").write_text(rows, encoding="utf-8")
    Path("which.csv").write_text("label,region\nXland,DEU\n", encoding="utf-8")
    Path("specs").mkdir()
    said = [
        "--crosswalk",
        "which.csv",
        "--missing",
        "small ones",
        "--spec",
        "specs/own.toml",
        "-o",
        "own.html",
    ]
    assert run("map", "own.csv", *said).code == 0
    assert run("build", "specs/own.toml", "--out", "built").code == 0
    assert Path("built/own.html").read_bytes() == Path("own.html").read_bytes()
    assert "nothing has changed" in run("build", "specs/own.toml", "--out", "built", "--changed").out
    Path("which.csv").write_text("label,region\nXland,FRA\n", encoding="utf-8")
    assert run("build", "specs/own.toml", "--out", "built", "--changed").out.startswith("built/own.html")
    assert "France" in Path("built/own.html").read_text(encoding="utf-8")


def test_a_label_that_nothing_matches_is_refused_with_what_to_do(run: Run) -> None:
    Path("own.csv").write_text("where,year,value\nXland,2020,7\nChina,2020,8\n", encoding="utf-8")
    Path("own.toml").write_text('table = "own.csv"\n', encoding="utf-8")
    answer = run("map", "own.csv")
    assert answer.code == 4, answer
    assert "Or give each a code in a file with the columns label,region,note: --crosswalk FILE" in answer.err
    answer = run("build", "own.toml")
    assert answer.code == 4, answer
    assert "own.toml: 1 label(s) match no region at level 'country':\n  'Xland'" in answer.err
    with pytest.raises(gt.RegionError) as raised:
        gt.choropleth("own.csv")
    assert [lost.label for lost in raised.value.lost] == ["Xland"]


def test_what_cannot_be_written_is_refused_before_anything_is_read(run: Run) -> None:
    assert "'.docx' is not known" in run("map", "nowhere.csv", "-o", "out.docx").err
    command = [sys.executable, "-m", "geotrack", "map", "-", "--spec", "s.toml", "-o", "out.html"]
    done = subprocess.run(command, input=SHARES.encode(), capture_output=True, check=False)
    assert (done.returncode, b"save it as a file" in done.stderr) == (7, True)
    assert not Path("out.html").exists()


API = """[{"page": 1, "pages": 1}, [
{"indicator": {"value": "GDP"}, "countryiso3code": "FRA", "date": "2021", "value": 1.5, "unit": ""}]]"""


@pytest.mark.parametrize(
    ("name", "table", "said"),
    [
        ("kept.csv", SHARES, ["--whole", "100"]),
        ("kept.csv", MACHINES, ["--over-time", "sum", "--missing", "small ones"]),
        ("kept.csv", MACHINES, []),
        ("kept.csv", "country,year,month,rate,blocks\nChina,2023,1,5,6\nCanada,2023,2,7,8\n",
         ["--value", "rate", "--value", "blocks", "--unit", "%", "--unit", "blocks", "--over-time", "mean"]),
        ("kept.json", API, []),
        ("kept.csv", "Three months ended September 30\n\nCountry,2021,2022\nChina,1,2\nFrance,2,3\n", []),
        ("kept.csv", "name,2021\nAlabama,5\nAlaska,6\n", ["--boundaries", "us-states"]),
        ("cbeci-countries.csv", MACHINES, []),
    ],
)  # fmt: skip
def test_the_commands_that_are_told_work_to_the_letter(
    run: Run, name: str, table: str, said: list[str]
) -> None:
    if name == "kept.csv":
        Path("maps").mkdir()  # `geotrack init` would write over it
    Path(name).write_text(table, encoding="utf-8")
    answer = run("map", name, *said, "-o", "kept.out.html")
    assert answer.code == 0, answer
    [line] = [line for line in answer.out.splitlines() if line.startswith("keep it:")]
    told = line.removeprefix("keep it:").replace("https://...", "https://example.org")
    for command in told.split("&&"):
        answer = run(*shlex.split(command)[1:])
        assert answer.code == 0, answer
    [now] = [line.removeprefix("now: ") for line in answer.out.splitlines() if line.startswith("now: ")]
    answer = run(*shlex.split(now)[1:])
    assert answer.code == 0, answer


def test_what_is_imported_has_a_map(run: Run) -> None:
    assert run("init", "project").code == 0
    os.chdir("project")
    given = ["--publisher", "Me", "--title", "Mine", "--url", "https://example.org", "--licence", "CC0"]
    answer = run("import", "../shares.csv", "--series", "mine", "--unit", "%", *given, "--yes")
    assert answer.code == 0, answer
    assert answer.out.rstrip().endswith("now: geotrack build mine")
    assert run("build", "mine").code == 0
    assert Path("maps/mine.html").stat().st_size > 100_000


def test_a_table_reads_alike_from_a_file_and_from_memory() -> None:
    frame = pd.read_csv("shares.csv", sep=";", dtype=str)
    from_file, from_memory = gt.choropleth("shares.csv"), gt.choropleth(frame)
    pd.testing.assert_frame_equal(from_file.to_frame(), from_memory.to_frame())
    assert from_memory.reading.columns == from_file.reading.columns


def test_a_map_says_what_codes_of_two_letters_were_read_as() -> None:
    """They may be of another list: CH is Switzerland to ISO, and China to FIPS."""
    frame = pd.DataFrame({"code": ["ZA", "CH"], "year": 2020, "value": 1})
    told = repr(gt.choropleth(frame, title="Codes"))
    assert told.splitlines()[1:] == ["  regions by two-letter code: ZA = South Africa; CH = Switzerland"]
    assert len(repr(gt.choropleth(frame.assign(code=["ZAF", "CHE"]))).splitlines()) == 1


def test_figures_are_drawn_on_shapes_of_ones_own_and_a_specification_keeps_them(
    run: Run, tmp_path: Path
) -> None:
    shapes = geopandas.GeoDataFrame({"nr": ["A", "B"]}, geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs=4326)
    shapes.to_file("districts.geojson")
    Path("t.csv").write_text("district,2019,2020\nA,5,6\nB,7,8\n")
    refused = run("map", "t.csv")
    assert "or draw them on shapes of your own: --boundaries FILE" in refused.err
    refused = run("map", "t.csv", "--boundaries", "districts.geojson")
    assert "name yours: --code COLUMN" in refused.err
    made = run("map", "t.csv", "--boundaries", "districts.geojson", "--code", "nr", "--spec", "s.toml")
    assert "regions: 2 by name or code of the boundaries" in made.out
    assert "keep it:" not in made.out
    assert 'boundaries = "districts.geojson"\ncode = "nr"' in Path("s.toml").read_text()
    assert run("build", "s.toml", "-o", "built").code == 0


def test_a_table_is_never_written_over(run: Run, tmp_path: Path) -> None:
    """`map t.csv -o t.csv` put an export in the place of the user's own table."""
    table, spec = tmp_path / "t.csv", tmp_path / "t.toml"
    table.write_text("country,year,value\nChina,2020,1\n", encoding="utf-8")
    before = table.read_bytes()
    os.link(table, tmp_path / "same.csv")
    for out in (table, tmp_path / "." / "t.csv", tmp_path / "same.csv"):
        answer = run("map", str(table), "-o", str(out))
        assert (answer.code, table.read_bytes()) == (8, before)
        assert "this is the file that is read, and would be lost" in answer.err
    assert run("map", str(table), "-o", str(tmp_path / "t.html"), "--spec", str(table)).code == 8
    assert run("map", str(table), "-o", str(tmp_path / "t.html"), "--spec", str(spec)).code == 0
    assert run("export", str(spec), str(table)).code == 8
    assert table.read_bytes() == before
    assert run("export", str(spec), str(tmp_path / "out.csv")).code == 0
