"""The documents say what there is: commands, keys, tables, examples; nothing that does not belong."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pytest
import shapely
from sources import POST

from geotrack import cli, errors
from geotrack.map import spec
from geotrack.render.film import animation
from geotrack.sources import PROVIDERS

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "maps/README.md", "data/README.md", "docs/aggregate.md")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text_of(name), flags=re.DOTALL)


def commands() -> dict[str, set[str]]:
    """Every command with its options, as typer knows them."""
    import typer.main

    group: Any = typer.main.get_command(cli.app)
    return {
        name: {o for p in command.params for o in p.opts if o.startswith("--")} - {"--help"}
        for name, command in group.commands.items()
        if not command.hidden
    }


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_command_and_option_is_in_the_readme(command: str) -> None:
    [row] = [line for line in text_of("README.md").splitlines() if line.startswith(f"| `geotrack {command}")]
    shared = {"--data"}  # said once for all below the table
    assert all(f"`{option}`" in row for option in commands()[command] - shared)
    assert "`--data`" in text_of("README.md")


def test_the_readme_names_no_command_that_is_not_there() -> None:
    text = "".join(text_of(name) for name in DOCUMENTS)
    named = set(re.findall(r"(?:`|^|&& |then )geotrack ([a-z]+)", text, flags=re.MULTILINE))
    assert named
    assert named <= set(commands())


def test_every_exit_code_is_in_the_readme() -> None:
    said = text_of("README.md").partition("Exit codes:")[2].replace("\n", " ")
    for error in vars(errors).values():
        if isinstance(error, type) and issubclass(error, errors.GeotrackError):
            assert f" {error.exit_code} " in said.partition(". ")[0] + " "


@pytest.mark.parametrize("key", [f.name for f in fields(spec.Spec)])
def test_every_key_of_a_specification_is_documented(key: str) -> None:
    rows = [line.split("|")[1] for line in text_of("maps/README.md").splitlines() if line.startswith("| `")]
    assert sum(f"`{key}`" in cell for cell in rows) == 1


def test_no_key_is_documented_that_is_not_there() -> None:
    rows = [line.split("|")[1] for line in text_of("maps/README.md").splitlines() if line.startswith("| `")]
    assert {key for cell in rows for key in re.findall(r"`(\w+)`", cell)} == {
        f.name for f in fields(spec.Spec)
    }


def test_the_specification_in_the_documents_is_one() -> None:
    import tomllib

    [example] = blocks("maps/README.md", "toml")
    assert spec.check(tomllib.loads(example), "maps/README.md").series == "cbeci-countries"


@pytest.mark.parametrize("number", range(len(blocks("README.md", "python"))))
def test_the_readme_s_python_runs(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    block = blocks("README.md", "python")[number]
    exec(compile(block, f"README.md, block {number + 1}", "exec"), {})
    written = re.findall(r'\.save\("([^"]+)"\)', block)
    assert written
    assert all((tmp_path / name).stat().st_size > 50_000 for name in written)


def test_there_is_python_in_the_readme() -> None:
    assert len(blocks("README.md", "python")) >= 2


def examples(text: str, command: str) -> list[str]:
    """The examples of a command's help; a long one goes on in the next lines."""
    parts = (" ".join(part.split()) for part in re.split(r"\n *\n", text))
    return [part.removeprefix("geotrack ") for part in parts if part.startswith(f"geotrack {command}")]


def prepare(command: str, request: pytest.FixtureRequest, run: Callable[..., Any]) -> None:
    """Put into the current folder what the examples take to be there; synthetic figures."""
    shutil.copy(ROOT / "maps" / "hashrate-share.toml", "my-map.toml")
    Path("my-report.md").write_text('{{ share("CHN", "2019-09") }}', encoding="utf-8")
    if command == "update":  # of data that every source's first update has passed
        request.getfixturevalue("sources_played")
        request.getfixturevalue("current")
        shutil.copy(POST, "saved-post.html")
    elif command == "animate":  # the first and the last frame: what a film shows is test_animation's matter
        choose = animation.choose
        request.getfixturevalue("monkeypatch").setattr(
            animation,
            "choose",
            lambda tm, kind, names, metric: choose(tm, kind, names[:: len(names) - 1], metric),
        )
    elif command == "build":  # of two maps: that all are built is test_cli's matter
        Path("maps").mkdir()
        for name in ("shift", "hashrate-share"):
            shutil.copy(ROOT / "maps" / f"{name}.toml", "maps")
    elif command == "embed":  # of pages that were built: else it says that it builds them
        assert run("build", "shift", "hashrate-share").code == 0
    elif command in {"import", "add"}:
        assert run("init").code == 0
    if command == "aggregate":
        assert script("make_records.py", str(Path.cwd()), "--rows", "3000").returncode == 0
    if command == "map":
        pd.DataFrame({"country": ["China", "France"], "2023": [1.5, 40]}).to_excel(
            "revenue.xlsx", index=False
        )
        towns = {"id": ["N", "S"], "2023": [1, 2]}
        pd.DataFrame(towns).to_csv("districts.csv", index=False)
        shapes = [shapely.box(0, 1, 1, 2), shapely.box(0, 0, 1, 1)]
        geopandas.GeoDataFrame({"id": ["N", "S"]}, geometry=shapes, crs=4326).to_file("districts.geojson")
        shares = {"country": ["China", "United States"], "period": "2021-12", "share": [21.1, 37.8]}
        pd.DataFrame(shares).to_csv("shares.csv", index=False)
        pd.DataFrame({"state": ["Texas", "Ohio"], "year": 2021, "value": 1}).to_csv("states.csv", index=False)
        request.getfixturevalue("monkeypatch").setattr("typer.launch", lambda address: 0)
    if command == "import":
        table = pd.DataFrame(
            {"country": ["Namibia", "United States"], "2026-01": [1.5, 40], "2026-02": [2, 41.5]}
        )
        table.to_excel("survey.xlsx", index=False)
        table.assign(**{"2026-03": [2.5, 42]}).to_excel("survey-of-next-month.xlsx", index=False)


@pytest.mark.parametrize("command", sorted(commands()))
def test_the_examples_in_the_help_run(
    command: str,
    run: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.chdir(tmp_path)
    prepare(command, request, run)
    found = examples(run(command, "--help").out, command)
    assert found
    for example in found:
        answer = run(*shlex.split(example.partition(" > ")[0]))
        assert (answer.code, answer.err) == (0, ""), example


def test_examples_are_found_whole() -> None:
    text = "Examples:\n\n  geotrack add x\n  --more\n\n  geotrack add y\n\nOptions:\n  --z  as geotrack add z"
    assert examples(text, "add") == ["add x --more", "add y"]


def test_the_docstring_of_choropleth_is_true() -> None:
    import doctest

    from geotrack import api, timemap
    from geotrack.measure import result

    for module in (api, timemap, result):
        assert doctest.testmod(module).attempted > 0
        assert doctest.testmod(module).failed == 0


def script(name: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / name), *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_readme_s_tables_are_in_step_with_data_and_maps() -> None:
    done = script("make_readme.py", "--check")
    assert done.returncode == 0, f"{done.stderr} (make readme)"
    for path in (ROOT / "maps").glob("*.toml"):
        assert f"[`{path.stem}`](maps/{path.name})" in text_of("README.md")


def test_a_table_out_of_step_is_told(tmp_path: Path) -> None:
    for name in ("data", "maps", "scripts"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("*.html", "raw"))
    stale = text_of("README.md").replace("| 580 |", "| 579 |")
    assert stale != text_of("README.md")
    (tmp_path / "README.md").write_text(stale, encoding="utf-8")
    command = [sys.executable, str(tmp_path / "scripts" / "make_readme.py")]
    done = subprocess.run([*command, "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "README.md is out of step; run this without --check\n")
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == stale
    subprocess.run(command, capture_output=True, check=True)
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == text_of("README.md")
    (tmp_path / "README.md").write_text("no markers")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == "README.md: expected <!-- maps --> and <!-- /maps --> once each\n"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_within_the_project_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", text_of(name))
    here = [target for target in links if "://" not in target]
    lost = [target for target in here if not ((ROOT / name).parent / target).exists()]
    assert not lost


# --- what must not be in any file ------------------------------------------------------------------------

# put together here, so that this file does not hold them itself
REGISTRIES = ["pypi" + ".org", "python" + "hosted.org", "npm" + "js.", "un" + "pkg.com", "crates" + ".io"]
REGISTRIES += ["ana" + "conda.org", "golang" + ".org", "maven" + ".org", "ruby" + "gems.org"]
MACHINE = [f"/{top}/" for top in ("wo" + "rk", "ro" + "ot", "ho" + "me")] + ["/tm" + "p/"]


def tracked() -> list[Path]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: the list of tracked files is not known")
    trusted = f"safe.directory={ROOT}"  # whoever cloned it: a new computer's git trusts nobody else's clone
    command = ["git", "-c", trusted, "ls-files", "-z"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_tracked_file_names_a_registry_or_a_path_of_this_machine() -> None:
    found = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" in content[:8000]:
            continue
        other = path.parent.name == "offices"  # tables of offices are in other encodings too
        text = content.decode("utf-8", errors="replace" if other else "strict")
        found += [f"{path.relative_to(ROOT)}: {bad}" for bad in REGISTRIES if bad in text]
        found += [
            f"{path.relative_to(ROOT)}: {bad}"
            for bad in MACHINE
            if re.search(rf"(?<![\w.:/}}-]){re.escape(bad)}", text)
        ]
    assert not found


def test_no_output_and_no_snapshot_is_tracked() -> None:
    names = [path.relative_to(ROOT).as_posix() for path in tracked()]
    assert len(names) > 50
    assert not [n for n in names if re.match(r"maps/.*\.(html|json)$", n) or n.endswith((".pyc", ".whl"))]
    kept = [n.split("/")[2] for n in names if n.startswith("data/raw/") and not n.endswith("origin.json")]
    assert set(kept) <= {provider.name for provider in PROVIDERS if provider.open}
    large = [
        n
        for n in names
        if (ROOT / n).stat().st_size > 1_000_000 and not n.startswith(("data/raw/", "data/obs"))
    ]
    assert not large
