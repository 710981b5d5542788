"""What a page carries is what `web/` is built into: rebuilt where node and its packages are, and compared."""

from __future__ import annotations

import os
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


def test_each_is_one_script_or_style_without_remarks() -> None:
    for name in BUILT:
        text = str(assets.built(name))
        assert "/*" not in text, name
        assert text.count("\n") < 30, name


def test_a_compact_map_carries_less() -> None:
    assert len(assets.built("compact.js")) < 0.9 * len(assets.built("page.js"))
