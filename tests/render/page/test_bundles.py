"""What a page carries is what `web/` is built into: rebuilt where node and its packages are, and compared."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from geotrack.render.page import assets

ROOT = Path(__file__).parents[3]
WEB = ROOT / "web"
NODE = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
BUILT = ("page.js", "compact.js", "shift.js", "follow.js", "page.css", "shift.css")


def builds(folder: Path) -> subprocess.CompletedProcess[str]:
    assert NODE is not None
    command = [NODE, "build.js", "--check"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def packages() -> None:
    """Node and its packages, or no test; CI has them, for `make lint` goes before."""
    if NODE is None or not (WEB / "node_modules/esbuild").is_dir():
        assert os.environ.get("CI") != "true", "CI rebuilds the page's script: run `make lint` before"
        pytest.skip("needs node, and `npm ci` in web/ (`make lint` does both)")


@pytest.mark.usefixtures("packages")
def test_what_is_committed_is_what_is_built(tmp_path: Path) -> None:
    done = builds(WEB)
    assert (done.returncode, done.stderr) == (0, "")
    shutil.copytree(ROOT / "geotrack/render/page/static", tmp_path / "geotrack/render/page/static")
    shutil.copytree(WEB, tmp_path / "web", ignore=shutil.ignore_patterns("node_modules"))
    (tmp_path / "web/node_modules").symlink_to(WEB / "node_modules")
    (tmp_path / "tests/browser").mkdir(parents=True)
    shutil.copy(ROOT / "tests/browser/parts.js", tmp_path / "tests/browser")
    source = tmp_path / "web/page/scale.js"
    source.write_text(
        source.read_text(encoding="utf-8").replace("INSET = 10", "INSET = 11"), encoding="utf-8"
    )
    done = builds(tmp_path / "web")
    assert done.returncode == 1
    stale = "geotrack/render/page/static/page.js, geotrack/render/page/static/compact.js"
    assert done.stderr.startswith(f"{stale}: not what web/ is built into; run `npm run build`")


@pytest.mark.usefixtures("packages")
@pytest.mark.parametrize(
    ("room", "text", "rule"),
    [
        ("page", 'export { tracks } from "../shift/panel.js";', "no-restricted-imports"),
        ("page", 'export const get = () => import("../shift/panel.js");', "no-restricted-syntax"),
        ("map", "export const odd = (el) => Object.assign(el, { innerHTML: 1 });", "no-restricted-syntax"),
        ("map", 'export const odd = (el) => Object.assign(el, { "outerHTML": 1 });', "no-restricted-syntax"),
        ("shift", "export const odd = (el, text) => { el.innerHTML = text; };", "no-restricted-properties"),
        ("shift", 'export const odd = (el, text) => { el["srcdoc"] = text; };', "no-restricted-properties"),
        ("page", "export const odd = (x) => /** @type {any} */ (x);", "no-warning-comments"),
    ],
)
def test_what_eslint_is_to_see_is_seen(room: str, text: str, rule: str) -> None:
    assert NODE is not None
    command = [NODE, "node_modules/eslint/bin/eslint.js", "--format", "json", "--stdin"]
    command += ["--stdin-filename", f"{room}/odd.js"]
    done = subprocess.run(command, cwd=WEB, input=text, capture_output=True, text=True, check=False)
    [told] = json.loads(done.stdout)
    assert [each["ruleId"] for each in told["messages"]] == [rule]


ELEMENT = re.compile(r'  "\.([\w-]+)": HTML(\w*)Element( \| null)?;')
TAGS = {"Button": "button", "Details": "details", "Input": "input", "Select": "select"}


def test_what_the_script_looks_up_is_in_the_page() -> None:
    types = (WEB / "types.d.ts").read_text(encoding="utf-8").partition("interface Elements {")[2]
    template = (assets.STATIC / "map.html.j2").read_text(encoding="utf-8")
    lines = types.partition("}")[0].strip("\n").splitlines()
    for name, kind, _ in [found.groups() for line in lines if (found := ELEMENT.fullmatch(line))]:
        if name != "folium-map":  # that one is folium's
            tag = TAGS[kind] if kind else r"\w+"
            assert re.search(
                rf'<{tag}[^<>]* class="([\w -]+ )?{name}[ "]', re.sub(r"{%.*?%}", "", template)
            ), name
    assert len(lines) == sum(1 for line in lines if ELEMENT.fullmatch(line)) > 20


def test_each_is_one_script_or_style_without_remarks() -> None:
    for name in BUILT:
        text = str(assets.built(name))
        assert "/*" not in text, name
        assert text.count("\n") < 30, name


def test_a_compact_map_carries_less() -> None:
    assert len(assets.built("compact.js")) < 0.9 * len(assets.built("page.js"))
