"""What every default map says, letter by letter; that it is so in every process is said in test_sameness.

The pages in tests/golden/ keep everything that a reader or a machine reads: texts, sentences, origins, labels
and markup. Left out is what other tests look at: script and style stand as [geotrack.js] and [page.css],
packed tables as the hash of what they unpack to (how they are squeezed may differ), the version as [version].

After a change that is meant, look at the difference and accept it:

    pytest tests/test_golden.py --accept-golden && git diff tests/golden
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from pathlib import Path

import pytest

from geotrack.publish import site
from geotrack.version import version

GOLDEN = Path(__file__).parent / "golden"
MAPS = sorted(path.stem for path in site.find([]))
PAGES = [*MAPS, "index"]
PACKED = {"data", "modes", "tables", "values", "status", "origin", "note"}


@pytest.fixture
def built(maps):
    return maps.folder


@pytest.mark.parametrize("name", PAGES)
def test_page_says_what_was_agreed(built, name, request):
    shown = normalised((built / f"{name}.html").read_text(encoding="utf-8"))
    golden = GOLDEN / f"{name}.html"
    if request.config.getoption("--accept-golden"):
        GOLDEN.mkdir(exist_ok=True)
        golden.write_text(shown, encoding="utf-8", newline="\n")
    agreed = golden.read_text(encoding="utf-8") if golden.exists() else ""
    assert shown.splitlines() == agreed.splitlines(), (
        f"{name}.html differs from tests/golden/{name}.html; if that is meant, run "
        "`pytest tests/test_golden.py --accept-golden` and look at the difference"
    )


@pytest.mark.parametrize("name", MAPS)
def test_manifest_says_what_was_agreed(built, name, request):
    found = json.loads((built / f"{name}.json").read_text(encoding="utf-8"))
    page = (built / f"{name}.html").read_bytes()
    assert found["files"] == {f"{name}.html": hashlib.sha256(page).hexdigest()}
    del found["files"]  # the hash of script and style too
    found["inputs"] = sorted(found["inputs"])  # their hashes are another test's matter
    text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True)
    shown = text.replace(f"geotrack {version()}", "geotrack [version]") + "\n"
    golden = GOLDEN / f"{name}.json"
    if request.config.getoption("--accept-golden"):
        golden.write_text(shown, encoding="utf-8", newline="\n")
    assert shown.splitlines() == golden.read_text(encoding="utf-8").splitlines()


def test_no_golden_page_is_left_over():
    assert sorted(path.stem for path in GOLDEN.glob("*.html")) == sorted(PAGES)
    assert sorted(path.stem for path in GOLDEN.glob("*.json")) == sorted(MAPS)


def test_normalising_keeps_the_text_and_drops_the_rest(built):
    page = (built / "shift.html").read_text(encoding="utf-8")
    shown = normalised(page)
    assert "L.version" not in shown
    assert "function mount" not in shown
    assert len(shown) < len(page) / 4
    for text in ("China 75.5%", "North America", "State Council", "sha256", "Equal Earth"):
        assert text in shown
    for old, new in (("75.5%", "75.4%"), ('"digits":', '"digit":'), ("Play", "Go")):
        assert old in page
        assert normalised(page.replace(old, new, 1)) != shown


def normalised(page: str) -> str:
    """Replace what is not text: script, style, packed tables, version."""
    page = re.sub(r"<style>.*?</style>", "<style>[page.css]</style>", page, count=1, flags=re.DOTALL)
    for name, start in (("leaflet.js", "window.L"), ("geotrack.js", "window.geotrack")):
        script = rf"<script>\n?if \(!{re.escape(start)}(?:\?\.whole)?\).*?</script>"
        page = re.sub(script, f"<script>[{name}]</script>", page, count=1, flags=re.DOTALL)
    page = re.sub(
        r'(<script type="application/(?:ld\+)?json"[^>]*>)(.*?)(</script>)',
        lambda found: found[1] + "\n" + readable(found[2]) + "\n" + found[3],
        page,
        flags=re.DOTALL,
    )
    page = re.sub(r' d="M[^"]*"', ' d="[path]"', page)
    return page.replace(f"geotrack {version()}", "geotrack [version]")


def readable(text: str) -> str:
    """Write JSON in lines, packed tables as the hash of what they hold."""

    def unpacked(value: object, key: str = "") -> object:
        if isinstance(value, dict):
            return {name: unpacked(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [unpacked(item) for item in value]
        if key == "script":
            return "[modes.js]"
        if key in PACKED and isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9+/]{8,}={0,2}", value):
            return f"[packed {short(zlib.decompress(base64.b64decode(value), -15))}]"
        return float(f"{value:.6g}") if isinstance(value, float) else value  # the last digits are PROJ's

    table = unpacked(json.loads(text))
    if isinstance(table, dict) and "version" in table:
        table["version"] = "[version]"
    return json.dumps(table, ensure_ascii=False, indent=1)


def short(data: str | bytes) -> str:
    """Return twelve digits of a hash."""
    return hashlib.sha256(data.encode("utf-8") if isinstance(data, str) else data).hexdigest()[:12]
