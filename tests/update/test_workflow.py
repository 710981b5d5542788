"""The workflow that updates every week: its steps really run, in a clone; sources and gh are played."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from geotrack import cli
from geotrack.sources import PROVIDERS

yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / ".github" / "workflows" / "update.yml").read_text(encoding="utf-8")
WORKFLOW = yaml.safe_load(TEXT)
JOB = WORKFLOW["jobs"]["update"]
AUDIT = WORKFLOW["jobs"]["audit"]
STEPS = [step for step in JOB["steps"] if "run" in step]
BRANCH = JOB["env"]["BRANCH"]
BOT = JOB["env"]["BOT"]
BUILD = "Check and build"

needs_tools = pytest.mark.skipif(
    shutil.which("git") is None or shutil.which("bash") is None, reason="git and bash run the steps"
)

# --- what stands in it -------------------------------------------------------------------------------------


def test_it_runs_every_week_and_by_hand_and_never_twice_at_once() -> None:
    events = WORKFLOW[True]  # "on" is a truth value in YAML 1.1
    assert set(events) == {"schedule", "workflow_dispatch"}
    assert re.fullmatch(r"\d+ \d+ \* \* [0-6]", events["schedule"][0]["cron"])
    assert WORKFLOW["concurrency"] == {"group": "geotrack-update", "cancel-in-progress": False}
    assert JOB["timeout-minutes"] <= 60


def test_it_may_do_no_more_than_it_must() -> None:
    assert WORKFLOW["permissions"] == {}
    assert JOB["permissions"] == {"contents": "write", "pull-requests": "write"}
    [checkout] = [step for step in JOB["steps"] if step.get("uses", "").startswith("actions/checkout")]
    assert checkout["with"]["persist-credentials"] is False
    holders = [step["name"] for step in STEPS if "github.token" in str(step.get("env"))]
    assert holders == ["Open or update the pull request"]


WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.y*ml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_its_commit_and_says_which_version_that_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = [line.strip().removeprefix("- ") for line in text.splitlines() if "uses:" in line]
    told = [re.fullmatch(r"uses: ([\w./-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)", line) for line in lines]
    assert all(told), lines
    found = [
        step["uses"]
        for job in yaml.safe_load(text)["jobs"].values()
        for step in job["steps"]
        if "uses" in step
    ]
    assert found == [f"{one[1]}@{one[2]}" for one in told if one]
    assert len({one[1] for one in told if one}) == len(
        {one.groups() for one in told if one}
    )  # one version of each


def test_it_uses_two_actions() -> None:
    used = {step["uses"].partition("@")[0] for step in JOB["steps"] + AUDIT["steps"] if "uses" in step}
    assert used == {"actions/checkout", "actions/setup-python"}


def test_whatever_it_installs_has_the_hashes_of_constraints() -> None:
    scripts = "\n".join(step["run"] for job in (JOB, AUDIT) for step in job["steps"] if "run" in step)
    lines = [line.strip() for line in scripts.splitlines() if "pip install" in line]
    assert lines
    for line in lines:
        named = re.search(r"--require-hashes -r (\S+)", line)
        assert named or "--no-deps --no-build-isolation ." in line, line
        assert named is None or (ROOT / named[1]).is_file()


def test_known_faults_are_looked_for_beside_the_update_with_no_more_rights_than_to_read() -> None:
    assert AUDIT["permissions"] == {"contents": "read"}
    assert "needs" not in JOB
    assert AUDIT["steps"][0]["with"] == {"persist-credentials": False}
    assert "pip-audit --require-hashes" in AUDIT["steps"][-1]["run"]


def test_no_text_from_outside_becomes_a_part_of_a_script() -> None:
    assert not [step["name"] for step in STEPS if "${{" in step["run"]]


def commands() -> dict[str, set[str]]:
    import typer.main

    group: Any = typer.main.get_command(cli.app)
    return {
        name: {o for p in command.params for o in p.opts if o.startswith("--")}
        for name, command in group.commands.items()
    }


def test_every_command_and_option_in_it_exists() -> None:
    scripts = "\n".join(step["run"] for step in STEPS).replace("\\\n", " ")
    lines = [line.strip() for line in scripts.splitlines() if line.strip().startswith("geotrack ")]
    found = {line.split()[1]: set(re.findall(r"(?<![\w-])--[a-z-]+", line)) for line in lines}
    assert found["update"] == {"--accept", "--json", "--summary"}
    assert set(found) == {"update", "check", "build"}
    unknown = {name: options - commands()[name] for name, options in found.items()}
    assert not any(unknown.values()), unknown


def test_the_scripts_that_it_runs_are_there() -> None:
    named = re.findall(r"python (scripts/\w+\.py)", TEXT)
    assert named == ["scripts/make_datapackage.py", "scripts/make_readme.py"]
    assert all((ROOT / name).is_file() for name in named)


# --- what it does ------------------------------------------------------------------------------------------

GEOTRACK = """
import json, os, subprocess, sys
from pathlib import Path
if sys.argv[1] != "update":
    sys.exit(subprocess.run([sys.executable, "-m", "geotrack", *sys.argv[1:]]).returncode)
with open(os.environ["CALLS"], "a") as file:
    file.write(json.dumps(["geotrack", *sys.argv[1:]]) + "\\n")
play = json.loads(Path(os.environ["PLAY"]).read_text(encoding="utf-8"))
for name, text in play["files"].items():
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")
if play["summary"]:
    Path(sys.argv[sys.argv.index("--summary") + 1]).write_text(play["summary"], encoding="utf-8")
print(json.dumps({"sources": play["sources"]}))
sys.exit(play["code"])
"""
GH = """
import json, os, sys
with open(os.environ["CALLS"], "a") as file:
    file.write(json.dumps(["gh", *sys.argv[1:]]) + "\\n")
if sys.argv[1:3] == ["pr", "list"]:
    print(os.environ["OPEN"], end="")
"""
NEW = [{"source": "luxor", "status": "changed"}, {"source": "cbeci", "status": "unchanged"}]
DIFF = "## Update of regional data\n\n- luxor: changed\n  - USA 36.7 % -> 36.6 %\n"
LUXOR = "data/observations/luxor-countries.csv"
SPENT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def git(folder: Path, *args: str) -> str:
    done = subprocess.run(
        ["git", *args], cwd=folder, env=os.environ | SPENT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def commit(folder: Path, who: str, message: str) -> None:
    git(folder, "add", "--all")
    git(folder, "-c", f"user.name={who}", "-c", f"user.email={who}@example.org", "commit", "-qm", message)


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bare repository of data, one map and what the steps read."""
    folder = tmp_path_factory.mktemp("origin")
    project = folder / "project"
    ignore = shutil.ignore_patterns("raw", "__pycache__", ".update")
    shutil.copytree(ROOT / "data", project / "data", ignore=ignore)
    shutil.copytree(ROOT / "scripts", project / "scripts", ignore=ignore)
    (project / "maps").mkdir()
    for name in ("README.md", ".gitignore", "maps/shift.toml"):
        shutil.copy(ROOT / name, project / name)
    for name in ("make_datapackage.py", "make_readme.py"):
        command = [sys.executable, str(project / "scripts" / name)]
        subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True, capture_output=True)
    git(project, "init", "-q", "-b", "main")
    commit(project, "somebody", "Begin")
    git(folder, "clone", "-q", "--bare", "project", "origin.git")
    return folder / "origin.git"


@dataclass
class Runner:
    """A machine that runs the steps of the workflow."""

    folder: Path
    remote: Path
    open: str = ""  # number of the pull request that is open
    inputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def clone(self) -> Path:
        return self.folder / "clone"

    def __post_init__(self) -> None:
        git(self.folder, "clone", "-q", str(self.remote), "clone")
        (self.folder / "bin").mkdir()
        for name, text in (("geotrack", GEOTRACK), ("gh", GH), ("python", "")):
            code = self.folder / f"{name}.txt"
            code.write_text(text, encoding="utf-8")
            command = f'exec "{sys.executable}" {f"{code}" if text else ""} "$@"'
            (self.folder / "bin" / name).write_text(f"#!/bin/sh\n{command}\n", encoding="utf-8")
            (self.folder / "bin" / name).chmod(0o755)

    def plays(self, code: int = 0, summary: str = DIFF, sources: Any = NEW, **files: str) -> Runner:
        """What `geotrack update` is to answer: path=text are the files it writes."""
        play = {"code": code, "summary": summary, "sources": sources, "files": files}
        (self.folder / "play.json").write_text(json.dumps(play), encoding="utf-8")
        return self

    def run(self, *left_out: str) -> int:
        """Run the steps, but for the installation and those left out; return the job's exit code."""
        outputs: dict[str, str] = {}
        for step in STEPS:
            if step["name"] in {"Install", *left_out} or not _holds(step.get("if", ""), outputs):
                continue
            code = self._step(step)
            if code:
                return code
            lines = self._text("output").split()
            outputs |= {
                f"steps.{step.get('id')}.outputs.{k}": v for k, _, v in (p.partition("=") for p in lines)
            }
        return 0

    def _step(self, step: Mapping[str, Any]) -> int:
        script = self.folder / "step.sh"
        script.write_text(step["run"], encoding="utf-8")
        (self.folder / "output").write_text("")
        said = {"github.token": "secret", "github.ref_name": "main", "vars.GEOTRACK_CONTACT": ""}
        said |= {"inputs.sources": "", "inputs.accept": "", **self.inputs}
        given = {key: _filled(value, said) for key, value in {**JOB["env"], **step.get("env", {})}.items()}
        files = {
            "GITHUB_OUTPUT": "output",
            "GITHUB_STEP_SUMMARY": "summary",
            "CALLS": "calls",
            "PLAY": "play.json",
        }
        given |= {key: str(self.folder / name) for key, name in files.items()}
        given |= {"RUNNER_TEMP": str(self.folder), "OPEN": self.open, "PYTHONPATH": str(ROOT), **SPENT}
        given["PATH"] = f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        environment = {k: v for k, v in os.environ.items() if k != "GEOTRACK_DATA"} | given
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        done = subprocess.run(
            command, cwd=self.clone, env=environment, capture_output=True, text=True, check=False
        )
        with (self.folder / "log").open("a", encoding="utf-8") as file:
            file.write(done.stdout + done.stderr)
        return done.returncode

    def _text(self, name: str) -> str:
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.exists() else ""

    @property
    def log(self) -> str:
        return self._text("log")

    @property
    def summary(self) -> str:
        return self._text("summary")

    def calls(self, tool: str) -> list[list[str]]:
        calls = [json.loads(line) for line in self._text("calls").splitlines()]
        return [call[1:] for call in calls if call[0] == tool]

    @property
    def branches(self) -> list[str]:
        return git(self.remote, "branch", "--format=%(refname:short)").split()

    def pushed(self) -> list[str]:
        return git(self.remote, "diff", "--name-only", "main", BRANCH).splitlines()


def _holds(condition: str, outputs: Mapping[str, str]) -> bool:
    if not condition:
        return True
    found = re.fullmatch(r"(steps\.\w+\.outputs\.\w+) == '(\w+)'", condition)
    assert found, condition
    return outputs.get(found[1]) == found[2]


def _filled(text: str, said: Mapping[str, str]) -> str:
    return re.sub(r"\$\{\{ ([\w.]+) \}\}", lambda found: said[found[1]], text)


@pytest.fixture
def runner(origin: Path, tmp_path: Path) -> Runner:
    return Runner(tmp_path, Path(shutil.copytree(origin, tmp_path / "origin.git")))


def revised(runner: Runner, new: str = "36.6") -> dict[str, str]:
    text = (runner.clone / LUXOR).read_text(encoding="utf-8")
    assert ",36.7," in text
    return {LUXOR: text.replace(",36.7,", f",{new},")}  # a synthetic figure


@needs_tools
def test_new_figures_become_a_pull_request_whose_text_is_the_diff(runner: Runner) -> None:
    assert runner.plays(**revised(runner)).run() == 0, runner.log
    assert runner.calls("geotrack") == [["update", "--json", "--summary", f"{runner.folder}/summary.md"]]
    assert runner.branches == [BRANCH, "main"]
    assert runner.pushed() == ["data/datapackage.json", LUXOR]  # the package's hash of it, too
    assert git(runner.remote, "log", "--format=%ae %s", f"main..{BRANCH}") == (
        f"{BOT} Update regional data: luxor"
    )
    shown = git(runner.remote, "show", f"{BRANCH}:{LUXOR}")
    assert shown + "\n" == (runner.clone / LUXOR).read_text(encoding="utf-8")
    body = f"{runner.folder}/body.md"
    titled = ["--title", "Update regional data: luxor", "--body-file", body]
    assert runner.calls("gh") == [
        ["auth", "setup-git"],
        [
            "pr",
            "list",
            *f"--head {BRANCH} --base main --state open --json number --jq".split(),
            ".[0].number // empty",
        ],
        ["pr", "create", "--base", "main", "--head", BRANCH, *titled],
    ]
    assert Path(body).read_text(encoding="utf-8") == DIFF
    assert runner.summary == DIFF
    assert (runner.clone / "maps" / "shift.html").exists()
    assert "0 errors" in runner.log


@needs_tools
def test_the_next_run_brings_the_open_pull_request_up_to_date(runner: Runner) -> None:
    assert runner.plays(**revised(runner)).run(BUILD) == 0, runner.log
    git(runner.clone, "switch", "-q", "main")  # the next machine begins with a clone of its own
    runner.open = "7"
    assert runner.plays(**revised(runner, "36.5"), summary="again\n").run(BUILD) == 0, runner.log
    assert runner.calls("gh")[-1][:3] == ["pr", "edit", "7"]
    assert (runner.folder / "body.md").read_text(encoding="utf-8") == "again\n"
    assert git(runner.remote, "rev-list", "--count", f"main..{BRANCH}") == "1"
    assert ",36.5," in git(runner.remote, "show", f"{BRANCH}:{LUXOR}")


ORIGIN_FILE = "data/raw/luxor/post/20261123T091802Z-0123456789ab/origin.json"


@needs_tools
@pytest.mark.parametrize("files", [{}, {ORIGIN_FILE: "{}"}], ids=["nothing", "other bytes, same figures"])
def test_nothing_new_is_no_pull_request(runner: Runner, files: dict[str, str]) -> None:
    assert runner.plays(**files, summary="8 unchanged.\n").run() == 0, runner.log
    assert runner.branches == ["main"]
    assert runner.calls("gh") == []
    assert "No figure changed." in runner.log
    assert runner.summary == "8 unchanged.\n"


@needs_tools
def test_what_came_is_proposed_where_some_sources_refused(runner: Runner) -> None:
    summary = f"{DIFF}- cbeci: refused: 403\n"
    payload = ORIGIN_FILE.replace("origin.json", "payload")
    files = revised(runner) | {ORIGIN_FILE: "{}", payload: "raw"}
    assert runner.plays(code=11, summary=summary, **files).run(BUILD) == 0, runner.log
    assert "::warning::Some sources refused" in runner.log
    assert runner.calls("gh")[-1][:2] == ["pr", "create"]
    assert (runner.folder / "body.md").read_text(encoding="utf-8") == summary
    assert runner.pushed() == [LUXOR, ORIGIN_FILE]  # the bytes stay, their origin goes along


@needs_tools
@pytest.mark.parametrize(
    ("code", "summary", "said"),
    [
        (10, "luxor: needs accepting: a jump\n", "::error::Warnings need accepting"),
        (9, "cbeci: refused\n", "::error::geotrack update ended with exit code 9; nothing was written."),
        (6, "luxor: invalid\n", "::error::geotrack update ended with exit code 6"),
        (2, "", "::error::geotrack update ended with exit code 2"),
    ],
)
def test_a_job_that_brought_nothing_fails_and_shows_why(
    runner: Runner, code: int, summary: str, said: str
) -> None:
    assert runner.plays(code=code, summary=summary).run() == code
    assert said in runner.log
    assert summary in runner.log
    assert runner.summary == summary
    assert runner.branches == ["main"]
    assert runner.calls("gh") == []


@needs_tools
def test_data_that_fail_the_check_are_not_proposed(runner: Runner) -> None:
    assert runner.plays(**revised(runner, "-1")).run() == 6, runner.log
    assert "luxor-countries" in runner.log
    assert runner.branches == ["main"]
    assert runner.calls("gh") == []


@needs_tools
def test_somebody_s_commits_on_the_branch_are_not_lost(runner: Runner) -> None:
    assert runner.plays(**revised(runner)).run(BUILD) == 0, runner.log
    (runner.clone / LUXOR).write_text("mine\n", encoding="utf-8")
    commit(runner.clone, "reviewer", "Correct it")
    git(runner.clone, "push", "-q", "origin", f"HEAD:{BRANCH}")
    before = git(runner.remote, "rev-parse", BRANCH)
    git(runner.clone, "switch", "-q", "main")
    assert runner.plays(**revised(runner, "36.5")).run(BUILD) == 1
    assert f"::error::{BRANCH} holds somebody's commits" in runner.log
    assert git(runner.remote, "rev-parse", BRANCH) == before


@needs_tools
def test_sources_and_a_reason_are_passed_on_as_they_are(runner: Runner) -> None:
    reason = 'recomputed; see "notes" $(touch pwned) `touch pwned`'
    runner.inputs = {"inputs.sources": "luxor  network", "inputs.accept": reason}
    assert runner.plays().run() == 0, runner.log
    [call] = runner.calls("geotrack")
    assert call[:6] == ["update", "luxor", "network", "--accept", reason, "--json"]
    assert git(runner.clone, "status", "--porcelain") == ""


@needs_tools
def test_a_long_diff_is_cut_where_a_line_ends(runner: Runner) -> None:
    lines = [f"| row {i} | " + "é" * 80 for i in range(2000)]
    assert runner.plays(**revised(runner), summary="\n".join(lines) + "\n").run(BUILD) == 0, runner.log
    body = (runner.folder / "body.md").read_text(encoding="utf-8")
    assert len(body) < 65536
    kept = body.splitlines()
    assert kept[-1] == "The rest stands in the summary of the job."
    assert kept[:-2] == lines[: len(kept) - 2]
    assert len(runner.summary) > 100_000


# --- what git keeps ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ignored(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bool]:
    if shutil.which("git") is None:
        pytest.skip("git tells what is ignored")
    folder = tmp_path_factory.mktemp("rules")
    shutil.copy(ROOT / ".gitignore", folder)
    git(folder, "init", "-q")

    def tell(path: str) -> bool:
        command = ["git", "check-ignore", "--quiet", "--no-index", path]
        return subprocess.run(command, cwd=folder, env=os.environ | SPENT, check=False).returncode == 0

    return tell


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_raw_bytes_are_in_git_where_their_licence_lets_them_be(
    provider: Any, ignored: Callable[[str], bool]
) -> None:
    folder = f"data/raw/{provider.name}/some_file/20261123T091802Z-0123456789ab"
    assert ignored(f"{folder}/payload") == (not provider.open)
    assert not ignored(f"{folder}/origin.json")


def test_what_an_update_stages_is_not_in_git_and_what_it_writes_is(ignored: Callable[[str], bool]) -> None:
    staged = ("data/.update/journal.json", "data/.update.lock", "data/raw/other/file/1/payload")
    assert [ignored(path) for path in staged] == [True, True, True]
    written = ("data/updates.csv", "data/vintages/luxor-countries.csv", "data/imports/mine.toml")
    assert [ignored(path) for path in written] == [False, False, False]


def test_the_readme_shows_it_as_it_is() -> None:
    assert f"```yaml\n{TEXT.rstrip()}\n```" in (ROOT / "README.md").read_text(encoding="utf-8")
