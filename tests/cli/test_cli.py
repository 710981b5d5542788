"""The command line: what it prints where, how it ends, and that a mistake never ends in a traceback."""

from __future__ import annotations

import html
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geotrack import cli, errors
from geotrack.cli import lists
from geotrack.model import OBSERVATION_COLUMNS
from geotrack.store import reading

ROOT = Path(__file__).parents[2]
STORY = "from-china-to-north-america"  # the report that is built with the maps
SERIES = list(reading.read_series(ROOT / "data"))
COMMANDS = (
    *("map", "build", "check", "series", "show", "history", "update", "import", "add", "init"),
    *("embed", "report", "figure", "animate", "export", "shift", "compare"),
)
Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("NO_COLOR", "1")


def shell(command: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which `geotrack` is the command."""
    geotrack = f"{shlex.quote(sys.executable)} -W error -m geotrack"
    text = f'set -o pipefail; geotrack() {{ {geotrack} "$@"; }}; {command}'
    return subprocess.run(["bash", "-c", text], capture_output=True, text=True, check=False, **options)


def sound(answer: Any, code: int) -> str:
    """A fault's answer: nothing on stdout but what it says is done, one message on stderr."""
    assert answer.code == code, answer
    assert "Traceback" not in answer.err
    assert answer.err.startswith("geotrack: ")
    return str(answer.err)


# --- help and version ------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_examples(run: Run, command: str) -> None:
    answer = run(command, "--help")
    assert (answer.code, answer.err) == (0, "")
    assert "Example" in answer.out
    assert f"geotrack {command} " in answer.out.replace("\n", " \n")


@pytest.mark.parametrize("command", COMMANDS)
def test_what_stands_for_a_value_is_a_word_in_capitals(run: Run, command: str) -> None:
    help = run(command, "--help").out
    usage = help.partition("\n\n")[0].partition(f" {command} [OPTIONS]")[2].split()
    word = "[A-Z]+(?:-[A-Z]+)*"
    assert not [each for each in usage if not re.fullmatch(rf"{word}|\[{word}\](?:\.\.\.)?", each)]
    told = help.rpartition("\nOptions:\n")
    assert re.findall(r"^  (\S+)", told[0].partition("\nArguments:\n")[2], re.MULTILINE) == usage
    options = re.findall(r"^  (-.*?)(?:  |$)", told[2], re.MULTILINE)
    assert "-h, --help" in options
    form = re.compile(rf"(?:-\w, )?--[\w-]+(?:, --[\w-]+)?(?: {word}){{0,2}}")
    assert not [each for each in options if not form.fullmatch(each)]


OF_A_TABLE = (
    "brackets", "combining", "decimals", "ends", "fill", "frequencies", "kinds", "levels", "orders", "read",
    "scaled",
)  # fmt: skip
HELPS = [
    *(
        (name, "languages")
        for name in ("map", "build", "figure", "animate", "export", "embed", "report", "shift")
    ),
    ("compare", "languages"),
    ("export", "tables"),
    ("report", "reports"),
    ("figure", "pictures"),
    ("figure", "widths"),
    ("animate", "films"),
    ("shift", "scenarios"),
    ("compare", "questions"),
    ("update", "sources"),
    *(("map", name) for name in ("files", "slices")),
    ("figure", "presets"),
    ("embed", "layouts"),
    ("add", "statuses"),
    *((name, "themes") for name in ("animate", "embed", "figure")),
    *((name, each) for name in ("map", "import") for each in OF_A_TABLE),
]


def test_every_list_of_a_help_is_asked_of_its_register(run: Run) -> None:
    import typer.main

    group: Any = typer.main.get_command(cli.app)
    texts = {
        name: " ".join([command.help or "", *(getattr(each, "help", None) or "" for each in command.params)])
        for name, command in group.commands.items()
    }
    named = {(name, found) for name, text in texts.items() for found in re.findall(r"\{(\w+)\}", text)}
    assert named == set(HELPS)
    for name, which in HELPS:
        wanted = ", ".join(lists.LISTS[which]())
        assert re.sub(r"\s+", "", wanted) in re.sub(r"\s+", "", run(name, "--help").out), (name, which)


def test_help_says_where_to_begin_and_what_the_codes_mean(run: Run) -> None:
    answer = run("-h")
    assert answer.code == 0
    assert "geotrack build" in answer.out
    assert all(command in answer.out for command in COMMANDS)
    assert all(f"{code} " in answer.out.partition("Exit codes:")[2] for code in range(12))


def test_no_command_shows_the_help(run: Run) -> None:
    answer = run()
    assert "Commands:" in answer.out + answer.err


def test_the_version_is_the_installed_one(run: Run) -> None:
    import geotrack

    assert run("--version").out == f"geotrack {geotrack.__version__}\n"


@pytest.mark.parametrize("arguments", [["nonsense"], ["show"], ["build", "--nonsense"], ["show", "a", "b"]])
def test_wrong_usage_ends_with_two(run: Run, arguments: list[str]) -> None:
    answer = run(*arguments)
    assert answer.code == 2
    assert "Usage:" in answer.err
    assert answer.out == ""


def test_the_command_line_starts_without_the_heavy_libraries() -> None:
    heavy = {
        "pandas",
        "geopandas",
        "folium",
        "numpy",
        "shapely",
        "pyproj",
        "jinja2",
        "matplotlib",
        "requests",
    }
    code = f"import sys, geotrack.cli; sys.exit(str({heavy} & set(sys.modules)).replace('set()', '') or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_building_a_map_of_shipped_boundaries_loads_only_what_it_needs(tmp_path: Path) -> None:
    slow = {"geopandas", "folium", "branca", "scipy", "matplotlib", "tomlkit", "markdown_it"}
    code = (
        "import sys; from geotrack.cli import main; "
        f"sys.argv = ['geotrack', 'build', 'shift', '--out', {str(tmp_path)!r}]\n"
        "try: main()\n"
        f"except SystemExit as end: sys.exit(end.code or ', '.join({slow} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), "a second of start-up that no default map needs"


def test_importing_a_table_loads_nothing_that_asks_the_web(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "own.csv").write_text("country,period,value\nChina,2020,2\nCanada,2020,1\n", encoding="utf-8")
    said = ("publisher=P", "title=T", "url=https://example.org", "licence=MIT", "unit=MW", "over-time=mean")
    options = ["--series=own", f"--data={tmp_path / 'data'}", "--yes", *(f"--{text}" for text in said)]
    slow = {"requests", "urllib3", "folium", "scipy", "matplotlib"}
    code = (
        "import sys; from geotrack.cli import main; "
        f"sys.argv = ['geotrack', 'import', {str(tmp_path / 'own.csv')!r}, *{options!r}]\n"
        "try: main()\n"
        f"except SystemExit as end: sys.exit(end.code or ', '.join({slow} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), "half a second of start-up that no import needs"
    assert "2 figures added" in done.stdout


# --- build ------------------------------------------------------------------------------------------------


def test_build_writes_all_maps_and_the_gallery(run: Run, tmp_path: Path) -> None:
    answer = run("build", "--out", tmp_path / "site")
    assert (answer.code, answer.err) == (0, "")
    maps = [*sorted(path.stem for path in (ROOT / "maps").glob("*.toml")), STORY]
    expected = [*(f"{m}.html" for m in maps), *(f"{m}.json" for m in maps), "index.html", "index.json"]
    assert sorted(p.name for p in (tmp_path / "site").iterdir()) == sorted(expected)
    lines = answer.out.splitlines()
    assert [Path(line.split("  ")[0]).name for line in lines] == [*(f"{m}.html" for m in maps), "index.html"]
    assert all(line.endswith(" kB") for line in lines)


def test_build_writes_what_is_named_and_says_so_in_json(run: Run, tmp_path: Path) -> None:
    answer = run("build", "hashrate-share", "--out", tmp_path, "--json")
    told = json.loads(answer.out)
    assert answer.code == 0
    assert told["failed"] == []
    [written] = told["written"]
    assert written == {
        "map": "hashrate-share",
        "file": str(tmp_path / "hashrate-share.html"),
        "bytes": (tmp_path / "hashrate-share.html").stat().st_size,
    }
    assert sorted(p.name for p in tmp_path.iterdir()) == ["hashrate-share.html", "hashrate-share.json"]


def spec_file(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


FAULTS = [
    ('series = "cbeci-countries"\ncolour = 1', 7, "unknown key 'colour'"),
    ('series = "cbeci-countries"\nslices = "week"', 7, "slices = 'week' is not allowed"),
    ('series = "cbeci-countries"\nclasses = "5"', 7, "classes = '5' is not allowed"),
    ("series = 3", 7, "series = 3 is not allowed"),
    ('series = "cbeci"', 7, "series 'cbeci' is not known"),
    ('title = "T"', 7, 'key "series" is missing'),
    ('series = "cbeci-countries', 7, "not TOML"),
    ('series = "cbeci-countries"\nmetrics = ["x"]', 7, "metrics: 'x' not known"),
    ('series = "cbeci-countries"\ngroups = ["XX"]', 7, "groups: 'XX' not possible"),
    ('series = "cbeci-countries"\npalette = "x"', 7, "palette = 'x' is unknown"),
    ('series = "cbeci-countries"\nprojection = "x"', 7, "projection = 'x' cannot be used"),
    ('series = "cbeci-countries"\ntiles = "x"', 7, "tiles = 'x' is not known"),
    ('series = "cbeci-countries"\nopening = "x"', 7, "opening = 'x' is no slice"),
    ('series = "cbeci-countries"\nevents = ["1999-01-01"]', 7, "events: no event on 1999-01-01"),
    ('series = "cbeci-countries"\nboundaries = "x"', 5, "boundaries: 'x' is not known"),
]


@pytest.mark.parametrize(("text", "code", "message"), FAULTS, ids=[f[2] for f in FAULTS])
def test_a_faulty_specification_ends_with_its_code_and_leaves_what_was_there(
    run: Run, tmp_path: Path, text: str, code: int, message: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.html").write_text("earlier")
    path = spec_file(tmp_path, text)
    said = sound(run("build", path, "--out", out), code)
    assert str(path) in said
    assert message in said
    assert len(said) < 1500
    assert [(p.name, p.read_text()) for p in out.iterdir()] == [("mine.html", "earlier")]


def test_a_missing_specification_is_said(run: Run, tmp_path: Path) -> None:
    said = sound(run("build", tmp_path / "none.toml", "--out", tmp_path), 7)
    assert "none.toml: no such specification" in said
    said = sound(run("build", "nonsense", "--out", tmp_path), 7)
    assert "no map 'nonsense'; expected a path that ends in .toml or one of: china-provinces" in said


def test_one_fault_stops_no_other_map(run: Run, tmp_path: Path) -> None:
    bad = spec_file(tmp_path, 'series = "x"', "bad.toml")
    worse = spec_file(tmp_path, 'series = "cbeci-countries"\nboundaries = "x"', "worse.toml")
    answer = run("build", bad, "hashrate-share", worse, "--out", tmp_path / "out")
    assert answer.code == 7  # the first fault's
    assert answer.err.count("geotrack: ") == 2
    assert "hashrate-share.html" in answer.out
    assert "2 of 3 not built; what stood there before still stands" in answer.out
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "hashrate-share.html",
        "hashrate-share.json",
    ]
    told = json.loads(run("build", bad, "hashrate-share", "--out", tmp_path / "out", "--json").out)
    assert [w["map"] for w in told["written"]] == ["hashrate-share"]
    assert "is not known" in told["failed"][0]["error"]


@pytest.mark.parametrize("place", ["file", "file/below", "/dev/null", "/proc/geotrack"])
def test_a_folder_that_cannot_be_written_is_said(run: Run, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("earlier")
    said = sound(run("build", "hashrate-share", "--out", tmp_path / place), 8)
    assert "cannot be written" in said
    assert "Choose another place, or make this one writable" in said
    assert (tmp_path / "file").read_text() == "earlier"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_full_disk_leaves_every_earlier_map(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("maps").mkdir()
    small = ("hashrate-share", "revenue-canaan")
    for name in small:
        shutil.copy(ROOT / "maps" / f"{name}.toml", "maps")
    Path("maps", f"{STORY}.md").write_text('{{ share("CHN", "2019-09") }}', encoding="utf-8")
    names = [*small, STORY, "index"]
    before = {f"{name}{suffix}": b"earlier" for name in names for suffix in (".html", ".json")}
    out = tmp_path / "out"
    out.mkdir()
    for name, content in before.items():
        (out / name).write_bytes(content)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    said = sound(run("build", "--data", ROOT / "data", "--out", out), 8)
    assert said.count("No space left on device") == len([*small, STORY])
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before


# --- data at fault ----------------------------------------------------------------------------------------


def test_a_folder_without_data_is_said(run: Run, tmp_path: Path) -> None:
    for command in (["build", "shift"], ["check"], ["series"], ["show", "cbeci-countries"]):
        said = sound(run(*command, "--data", tmp_path), 3)
        assert "no geotrack data here; expected a folder with datapackage.json" in said


CHINA = "CHN,2019-09-01,2019-10-01,share,75.53,%,reported,cbeci_map_countries,Mainland China,"
CORRUPTED = [
    (CHINA.replace("CHN", "CHX"), 6, "region 'CHX' is unknown"),
    (CHINA.replace("cbeci_map_countries", "hearsay"), 6, "origin 'hearsay' is unknown"),
    (CHINA.replace("2019-10-01", "2019-11-01"), 6, "overlap|lies within"),
    (CHINA.replace("75.53", "75.53%"), 3, "expected a plain number"),
    (CHINA.replace("2019-09-01", "Sept 2019"), 3, "expected an ISO day"),
]


@pytest.mark.parametrize("fault", CORRUPTED, ids=[c[2] for c in CORRUPTED])
def test_corrupted_data_end_every_command_with_their_code(
    run: Run, data: Path, tmp_path: Path, fault: tuple[str, int, str]
) -> None:
    row, code, message = fault
    path = data / "observations" / "cbeci-countries.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(CHINA, row), encoding="utf-8")
    for command in (["show", "cbeci-countries"], ["build", "shift", "--out", str(tmp_path / "out")]):
        said = sound(run(*command, "--data", data), code)
        assert any(word in said for word in message.split("|"))
    assert not (tmp_path / "out").exists()
    answer = run("check", "--data", data)
    assert answer.code == 6
    assert answer.out.startswith("error: ") or "\nerror: " in answer.out
    assert "cbeci-countries" in answer.out


def test_a_missing_column_is_said_by_every_command(run: Run, data: Path) -> None:
    path = data / "observations" / "cbeci-countries.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("region,", "place,", 1), encoding="utf-8")
    for command in (["show", "cbeci-countries"], ["series"], ["build", "shift", "--out", str(data / "out")]):
        assert "column region missing; expected region, start" in sound(run(*command, "--data", data), 3)
    assert "column region missing" in run("check", "--data", data).out


# --- check ------------------------------------------------------------------------------------------------


def test_check_finds_no_error_in_the_shipped_data(run: Run) -> None:
    answer = run("check")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines()[-1].startswith("0 errors, ")
    found = json.loads(run("check", "--json").out)
    assert len(found) == len(answer.out.splitlines()) - 1
    assert all(set(f) == {"check", "severity", "where", "message"} for f in found)
    assert {f["severity"] for f in found} <= {"warning"}


def test_check_takes_series_by_name(run: Run) -> None:
    assert all(line.split()[1] in {"cbeci-countries,", "warnings"} or line[0].isdigit()
               for line in run("check", "cbeci-countries").out.splitlines())  # fmt: skip
    assert "series 'x' is not known; expected one of" in sound(run("check", "x"), 7)


# --- sources ----------------------------------------------------------------------------------------------


def test_the_list_has_every_series(run: Run) -> None:
    answer = run("series")
    assert (answer.code, answer.err) == (0, "")
    assert all(name in answer.out for name in SERIES)
    rows = json.loads(run("series", "--json").out)
    assert [row["series"] for row in rows] == SERIES
    assert all(row["publishers"] and row["licences"] and row["rows"] for row in rows)


# --- show -------------------------------------------------------------------------------------------------


def as_table(text: str) -> pd.DataFrame:
    import io

    frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    return frame.assign(value=frame["value"].astype("float64"))


@pytest.mark.parametrize("name", SERIES)
def test_csv_is_the_data_file(run: Run, name: str) -> None:
    answer = run("show", name, "--csv", "--stored")
    assert (answer.code, answer.err) == (0, "")
    found = as_table(answer.out)
    expected = as_table((ROOT / "data" / "observations" / f"{name}.csv").read_text(encoding="utf-8"))
    assert list(found.columns) == list(OBSERVATION_COLUMNS)
    pd.testing.assert_frame_equal(found, expected)
    assert "\r" not in answer.out


def test_show_has_what_follows_from_the_figures_and_marks_it(run: Run) -> None:
    """Of two parts of a whole the one that is not stated; of a lower bound it is at most the rest."""
    told = as_table(run("show", "canaan-revenue", "--csv").out)
    stored = as_table(run("show", "canaan-revenue", "--csv", "--stored").out)
    own = ~told["note"].str.startswith("Derived: ")
    pd.testing.assert_frame_equal(told[own].reset_index(drop=True), stored)
    most = told[(told["status"] == "upper bound") & (told["metric"] == "revenue_share")].to_dict("records")
    assert [(each["region"], each["start"], each["value"]) for each in most] == [
        ("canaan-overseas", "2025-04-01", 50), ("CHN", "2025-07-01", 69),
    ]  # fmt: skip
    assert most[0]["note"].startswith("Derived: at most 100 − 50; ")
    assert most[1]["note"].startswith("Derived: at most 100 − 31, the least that is known of the other part")
    added = told[(told["status"] == "derived") & (told["metric"] == "revenue_share")]
    assert list(zip(added["region"], added["start"], added["value"], strict=True)) == [
        ("canaan-overseas", "2017-01-01", 8.5), ("canaan-overseas", "2018-01-01", 23.9),
        ("canaan-overseas", "2019-01-01", 12.1),
        ("CHN", "2020-01-01", 95.1), ("CHN", "2021-01-01", 21.6),
        ("canaan-overseas", "2022-01-01", 97.2), ("canaan-overseas", "2024-01-01", 69.7),
    ]  # fmt: skip
    table = run("show", "canaan-revenue", "--metric", "revenue_share", "--region", "CHN").out
    [row] = [line for line in table.splitlines() if "2021-01-01" in line]
    assert "21.6" in row
    assert "derived" in row
    assert "Derived: 100 − 78.4; the source states the other part only." in row
    rows = json.loads(run("show", "canaan-revenue", "--region", "CHN", "--json").out)
    assert [r["value"] for r in rows if r["start"] == "2021-01-01" and r["metric"] == "revenue_share"] == [
        21.6
    ]


def test_show_takes_a_metric_and_a_region(run: Run) -> None:
    answer = run("show", "cbeci-countries", "--metric", "share", "--region", "CHN", "--json")
    rows = json.loads(answer.out)
    assert len(rows) == 29
    assert {(row["region"], row["metric"]) for row in rows} == {("CHN", "share")}
    assert rows[0]["start"] == "2019-09-01"
    assert rows[0]["value"] == 75.53


def test_show_prints_a_table(run: Run) -> None:
    answer = run("show", "canaan-revenue", "--metric", "revenue_share")
    assert "Mainland China" in answer.out
    assert "lower bound" in answer.out
    assert "91.5" in answer.out


def test_what_looks_like_markup_is_shown_as_it_is(run: Run, data: Path) -> None:
    path = data / "observations" / "cbeci-countries.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("Mainland China,", "[bold]China[/],"), encoding="utf-8"
    )
    assert "[bold]China[/]" in run("show", "cbeci-countries", "--region", "CHN", "--data", data).out


def test_what_cannot_be_shown_is_said(run: Run) -> None:
    assert "series 'x' is not known" in sound(run("show", "x"), 7)
    assert "no metric 'x'; expected one of: " in sound(run("show", "cbeci-countries", "--metric", "x"), 7)
    assert "no region 'XX'; expected one of: " in sound(run("show", "cbeci-countries", "--region", "XX"), 7)
    revenue = ("show", "bitmain-revenue", "--metric", "revenue")
    assert "no region 'europe'; expected one of: CHN" in sound(run(*revenue, "--region", "europe"), 7)


# --- as a process -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["", "--csv", "--json"])
def test_a_reader_that_leaves_is_no_fault(form: str) -> None:
    done = shell(f"geotrack show network-hashrate {form} | head -n 1", cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_that_never_came_is_no_fault() -> None:
    done = shell("geotrack show network-hashrate --json | true", cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("encoding", "command", "code", "said"),
    [
        ("cp1252", "geotrack shift cbeci-countries", 0, "to 21.11% (-54.42 points"),
        ("cp437", "geotrack series", 0, "cbeci-countries"),
        ("ascii", "geotrack build '/nowhere/m\udcffñ中.toml'", 7, "/nowhere/m\\xffn?.toml: no such"),
        ("utf-8", "geotrack build '/nowhere/m\udcffñ中.toml'", 7, "/nowhere/m\\xffñ中.toml: no such"),
    ],
)
def test_any_encoding_of_the_console_will_do(encoding: str, command: str, code: int, said: str) -> None:
    """What the encoding lacks is written otherwise, in tables and messages, names of files among them."""
    done = shell(command, cwd=ROOT, env=os.environ | {"PYTHONIOENCODING": encoding}, encoding=encoding)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert said in done.stdout + done.stderr


def test_what_programs_read_says_the_same_in_any_encoding() -> None:
    """JSON and HTML have escapes of their own; the page reads them."""
    text = "中 − é 😀"
    page = f'<p>{text}</p><script>x = "{text}";</script><i>{text}</i>'
    code = (
        "import pandas; from geotrack.cli import console, printing; console.prepare(); "
        f"printing.print_json([{text!r}]); print('---'); printing.print_markup({page!r}); print('---'); "
        f"printing.print_csv(pandas.DataFrame({{'a': [{text!r}]}}))"
    )
    environment = os.environ | {"PYTHONIOENCODING": "cp1252"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment)
    data, markup, table = done.stdout.decode("cp1252").split("---\n")
    assert json.loads(data) == [text]
    first, script, last = re.split(r"</?script>", markup.strip())
    assert html.unescape(first) == f"<p>{text}</p>"
    assert html.unescape(last) == f"<i>{text}</i>"
    assert json.loads(script.removeprefix("x = ").removesuffix(";")) == text
    assert table == "a\n\\u4e2d \\u2212 é \\U0001f600\n"


@pytest.mark.parametrize(
    ("command", "code"),
    [("geotrack series >&-", 0), ("geotrack show nonsense 2>&-", 7), ("geotrack series > /dev/full", 8)],
)
def test_streams_that_lead_nowhere_are_no_fault_of_the_program(command: str, code: int) -> None:
    done = shell(command, cwd=ROOT)
    assert done.returncode == code
    message = "geotrack: what was printed cannot be written: No space left on device\n"
    assert done.stderr == (message if code == 8 else "")


def test_the_process_ends_with_the_code_and_one_message(tmp_path: Path) -> None:
    done = shell("geotrack show nonsense", cwd=tmp_path)
    assert done.returncode == 7
    assert done.stdout == ""
    assert done.stderr.startswith("geotrack: series 'nonsense' is not known")
    assert "Traceback" not in done.stderr


def test_output_that_is_no_terminal_has_no_colours(tmp_path: Path) -> None:
    done = shell("unset NO_COLOR; geotrack series", cwd=tmp_path)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout


def test_an_unknown_language_says_which_there_are_and_keeps_what_was_there(run: Run, tmp_path: Path) -> None:
    assert run("build", "hashrate-share", "--out", tmp_path).code == 0
    before = (tmp_path / "hashrate-share.html").read_bytes()
    answer = run("build", "hashrate-share", "--lang", "tlh", "--out", tmp_path)
    assert answer.code == errors.SpecError.exit_code
    assert "lang = 'tlh' is not known; expected one of: en, zh" in answer.err
    assert (tmp_path / "hashrate-share.html").read_bytes() == before
    assert run("build", "hashrate-share", "--lang", "zh", "--out", tmp_path).code == 0
    assert b'<html lang="zh"' in (tmp_path / "hashrate-share.html").read_bytes()


def test_the_help_lists_the_commands_in_the_order_of_a_task_and_cuts_none(run: Run) -> None:
    listed = run("--help").out.partition("Commands:")[2].partition("Exit codes")[0]
    found = re.findall(r"(?m)^  (\w+) ", listed)
    assert found == [
        "map", "build", "figure", "animate", "export", "embed", "report", "shift", "compare", "series",
        "show", "history", "check", "aggregate", "init", "import", "add", "update",
    ]  # fmt: skip
    assert "..." not in listed
    assert "shapes for a GIS; the suffix decides." in " ".join(listed.split())


def test_the_old_name_of_a_command_works_and_says_the_new_one(run: Run) -> None:
    old, new = run("sources", "--json"), run("series", "--json")
    assert (old.code, old.out) == (new.code, new.out)
    assert "geotrack series" in old.err
    assert new.err == ""
