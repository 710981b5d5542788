"""What pages say, letter by letter: a small made-up one, what each feature changes in it, and a real one.

The pages in tests/golden/ keep everything that a reader or a machine reads: texts, sentences, origins, labels
and markup. Left out is what other tests look at: script and style stand as [geotrack.js] and [page.css],
packed tables as the hash of what they unpack to (how they are squeezed may differ), the version as [version].
That all of it is so in every process is said in test_sameness.

After a change that is meant, look at the difference and accept it:

    pytest tests/test_golden.py --accept-golden && git diff tests/golden
"""

from __future__ import annotations

import base64
import difflib
import hashlib
import io
import json
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pytest
import shapely

import geotrack as gt
from geotrack.publish import site
from geotrack.timemap import TimeMap
from geotrack.version import version

GOLDEN = Path(__file__).parent / "golden"
PACKED = {"data", "modes", "tables", "values", "status", "origin", "note"}
REAL, PLAINEST = "shift", "shares"
SOURCE = {
    "publisher": "The office",
    "title": "Table 7",
    "url": "https://example.org/table-7",
    "licence": "CC-BY-4.0",
    "published": "2026-01-05",
    "note": "Counted by hand, once a year.",
}
SHAPES = {
    "N1": ("West", shapely.box(10, 50, 11, 51)),
    "N2": ("East", shapely.box(11, 50, 12, 51)),
    "N3": ("South", shapely.box(10, 49, 12, 50)),
    "N4": ("Isle", shapely.Point(13, 49.5).buffer(0.01)),
}
PLAIN = """
N1,2024-01-01,2025-01-01,share,60,%,reported,
N2,2024-01-01,2025-01-01,share,30.25,%,estimated,
N1,2025-01-01,2026-01-01,share,45,%,reported,as printed
N3,2025-01-01,2026-01-01,share,0,%,reported,
N4,2025-01-01,2026-01-01,share,5.5,%,reported,
"""
BOUNDS = """
CHN,2023-01-01,2024-01-01,share,95.1,%,reported,
CHN,2024-01-01,2025-01-01,share,50,%,lower bound,half or more
CHN,2025-01-01,2026-01-01,share,76.1,%,reported,
canaan-overseas,2025-01-01,2026-01-01,share,20.5,%,reported,
"""
AMOUNTS = """
N1,2024-01-01,2025-01-01,output,123456.7,t,reported,
N2,2024-01-01,2025-01-01,output,0.004,t,reported,
N1,2025-01-01,2026-01-01,output,98765,t,reported,
"""
RATES = """
N1,2024-01-01,2025-01-01,price,0.081,USD/kWh,reported,
N2,2024-01-01,2025-01-01,price,0.101,USD/kWh,reported,
N1,2025-01-01,2026-01-01,price,0.079,USD/kWh,reported,
"""
MONTHS = "".join(
    f"N1,2025-{m:02}-01,2025-{m + 1:02}-01,share,{40 + m},%,reported,\n" for m in (1, 2, 3, 4, 5, 8)
)
HOSTILE = """
N1,2025-01-01,2026-01-01,share,60,%,reported,<script>alert(1)</script> & "=1+1"
"""
MOVED = """
CHN,2024-01-01,2025-01-01,share,70,%,reported,
USA,2024-01-01,2025-01-01,share,20,%,reported,
CHN,2025-01-01,2026-01-01,share,30,%,reported,
USA,2025-01-01,2026-01-01,share,50,%,reported,
"""

SHIFTED = {"CHN": "China", "USA": "America"}


def made(rows: str, *, own: bool = True, **options: Any) -> TimeMap:
    """A map of a table, on four shapes in the north of nowhere, or on our countries."""
    table = "region,start,end,metric,value,unit,status,note\n" + rows.lstrip()
    frame = pd.read_csv(io.StringIO(table), keep_default_na=False)
    if own:
        shapes = [(code, title, shape) for code, (title, shape) in SHAPES.items()]
        columns = dict(zip(("code", "name", "geometry"), zip(*shapes, strict=True), strict=True))
        options |= {"boundaries": geopandas.GeoDataFrame(columns, crs="EPSG:4326"), "code": "code"}
    return gt.choropleth(frame, id="own", title="Own", source=SOURCE, **options)


FEATURES: dict[str, Callable[[], TimeMap]] = {
    "shares": lambda: made(PLAIN, whole=100),
    "groups": lambda: made(PLAIN, whole=100, groups={"N1": "The West"}, rest="All others"),
    "bounds": lambda: made(BOUNDS, own=False, whole=100),
    "amounts": lambda: made(AMOUNTS),
    "rates": lambda: made(RATES),
    "quarters": lambda: made(MONTHS, whole=100, slices="quarter", over_time="mean"),
    "hostile": lambda: made(HOSTILE, whole=100),
    "chinese": lambda: made(BOUNDS, own=False, whole=100, lang="zh"),
    "compact": lambda: made(PLAIN, whole=100).with_view(theme="dark", layout="compact", fixed=True),
    "modes": lambda: made(MOVED, own=False, whole=100, groups=SHIFTED, shift=True),
}


def agree(shown: str, name: str, accept: bool) -> None:
    """Compare with what was agreed, or agree to it."""
    golden = GOLDEN / name
    if accept:
        golden.write_text(shown, encoding="utf-8", newline="\n")
    agreed = golden.read_text(encoding="utf-8") if golden.exists() else ""
    assert shown.splitlines() == agreed.splitlines(), (
        f"{name} differs from tests/golden/{name}; if that is meant, run "
        "`pytest tests/test_golden.py --accept-golden` and look at the difference"
    )


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--accept-golden"))


@pytest.fixture(scope="module")
def plain() -> str:
    """The page that has none of the features."""
    return normalised(FEATURES[PLAINEST]().to_html())


def test_a_plain_page_says_what_was_agreed(plain: str, accept: bool) -> None:
    agree(plain, f"{PLAINEST}.html", accept)


@pytest.mark.parametrize("name", [name for name in FEATURES if name != PLAINEST])
def test_a_feature_makes_the_agreed_difference(name: str, plain: str, accept: bool) -> None:
    """The lines that go and come: what all pages have stands once."""
    shown = normalised(FEATURES[name]().to_html())
    lines = list(difflib.unified_diff(plain.splitlines(), shown.splitlines(), n=0, lineterm=""))[2:]
    agree(
        "\n".join("@@" if line.startswith("@@ ") else line for line in lines) + "\n", f"{name}.diff", accept
    )


def test_the_real_page_says_what_was_agreed(maps: Any, accept: bool) -> None:
    agree(normalised(maps.path(REAL).read_text(encoding="utf-8")), f"{REAL}.html", accept)


def test_a_gallery_says_what_was_agreed(tmp_path: Path, accept: bool) -> None:
    built = [FEATURES[name]().with_view(id=name) for name in ("shares", "rates")]
    for timemap in built:
        (tmp_path / f"{timemap.id}.json").write_text("{}", encoding="utf-8")
    page = site.gallery(built, tmp_path).path
    agree(normalised(page.read_text(encoding="utf-8")), "gallery.html", accept)


def test_the_real_manifest_says_what_was_agreed(maps: Any, accept: bool) -> None:
    found = json.loads((maps.folder / f"{REAL}.json").read_text(encoding="utf-8"))
    page = maps.path(REAL).read_bytes()
    assert found["files"] == {f"{REAL}.html": hashlib.sha256(page).hexdigest()}
    del found["files"]  # the hash of script and style too
    found["inputs"] = sorted(found["inputs"])  # their hashes are another test's matter
    text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True)
    agree(text.replace(f"geotrack {version()}", "geotrack [version]") + "\n", f"{REAL}.json", accept)


def test_no_golden_page_is_left_over() -> None:
    expected = {f"{name}.html" for name in (PLAINEST, REAL, "gallery")} | {f"{REAL}.json"}
    expected |= {f"{name}.diff" for name in FEATURES if name != PLAINEST}
    assert {path.name for path in GOLDEN.iterdir()} == expected


def test_normalising_keeps_the_text_and_drops_the_rest(maps: Any) -> None:
    page = maps.path(REAL).read_text(encoding="utf-8")
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
