"""Bad input, by command: one line that says what exists, the right exit code, and the old output kept."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

MAPS = "one of: china-provinces, hashrate-share"
SERIES = "series 'nope' is not known; expected one of: cbeci-countries"
SLICES = "no slice '1999-01'; expected one of: 2019-09, 2019-10"
METRICS = "no metric 'nope'; expected one of: share, hashrate"
LANGS = "lang = 'xx' is not known; expected one of: en, zh"
THEMES = "expected one of: light, dark"
REGIONS = "CAN, CHN, DEU, IRL, IRN, KAZ, MYS, RUS, USA, "
FIGURE = ("figure", "hashrate-share", "-o", "old.png")
FILM = ("animate", "hashrate-share", "old.gif")
EMBED = ("embed", "hashrate-share", "--as", "srcdoc", "-o", "old.html")
EXPORT = ("export", "hashrate-share", "old.csv")
BUILD = ("build", "hashrate-share", "--out", "maps")
REPORT = ("report", "story.md", "-o", "old.html")
IMPORT = ("import", "t.csv", "--series", "a" * 300, "--over-time", "sum", "--kind", "extensive", "--dry-run")
SHIFT = ("shift", "cbeci-countries", "--csv")

LONG = "a" * 300
TOO_LONG = "File name too long; expected a shorter name"

CASES: dict[str, tuple[tuple[str, ...], int, str]] = {
    # maps, series, questions, templates
    "build: map": (("build", "nope", "--out", "maps"), 7, MAPS),
    "figure: map": (("figure", "nope", "-o", "old.png"), 7, MAPS),
    "animate: map": (("animate", "nope", "old.gif"), 7, MAPS),
    "embed: map": (("embed", "nope", "-o", "old.html"), 7, MAPS),
    "export: map": (("export", "nope", "old.csv"), 7, MAPS),
    "report: template": (("report", "nope", "-o", "old.html"), 7, "one of: from-china-to-north-america"),
    "shift: series": (("shift", "nope"), 7, SERIES),
    "show: series": (("show", "nope"), 7, SERIES),
    "check: series": (("check", "nope"), 7, SERIES),
    "history: series": (("history", "nope", "China", "2021-09"), 7, SERIES),
    "compare: question": (("compare", "nope"), 7, "no question 'nope'; expected one of: us-share"),
    "update: source": (("update", "nope", "--dry-run"), 7, "no source 'nope'; expected some of cbeci"),
    # names that no system takes
    "map: long name": (("map", LONG, "-o", "old.html"), 7, TOO_LONG),
    "map: long boundaries": (("map", "t.csv", "--boundaries", LONG, "-o", "old.html"), 7, TOO_LONG),
    "map: long shapes": (("map", "t.csv", "--boundaries", f"{LONG}.geojson", "-o", "old.html"), 7, TOO_LONG),
    "build: long place": (
        ("build", "hashrate-share", "--out", LONG),
        8,
        "cannot be written: File name too long",
    ),
    "report: long name": (("report", LONG, "-o", "old.html"), 7, TOO_LONG),
    "import: long series": (IMPORT, 7, "expected small letters, digits and hyphens, at most 80"),
    "init: long place": (("init", LONG), 8, "cannot be written: File name too long"),
    # slices
    "figure: slice": ((*FIGURE, "--at", "1999-01"), 7, SLICES),
    "figure: difference": ((*FIGURE, "--between", "1999-01", "2022-01"), 7, SLICES),
    "animate: slice": ((*FILM, "--from", "1999-01"), 7, SLICES),
    "embed: slice": ((*EMBED, "--at", "1999-01"), 7, SLICES),
    "export: slice": ((*EXPORT, "--at", "1999-01"), 7, SLICES),
    "shift: slice": ((*SHIFT, "--from", "1999-01"), 7, SLICES),
    # regions and groups
    "show: region": (("show", "cbeci-countries", "--region", "Nowhere"), 7, REGIONS),
    "history: region": (("history", "cbeci-countries", "Nowhere", "2021-09"), 7, REGIONS),
    "shift: group": ((*SHIFT, "--group", "Nowhere"), 7, REGIONS),
    "shift: scenario": ((*SHIFT, "--scenario", "nope"), 7, "expected one of: reported, stars-spread"),
    # metrics
    "figure: metric": ((*FIGURE, "--metric", "nope"), 7, METRICS),
    "animate: metric": ((*FILM, "--metric", "nope"), 7, METRICS),
    "embed: metric": ((*EMBED, "--metric", "nope"), 7, METRICS),
    "export: metric": ((*EXPORT, "--metric", "nope"), 7, METRICS),
    "shift: metric": ((*SHIFT, "--metric", "nope"), 7, METRICS),
    # languages and themes
    "build: language": ((*BUILD, "--lang", "xx"), 7, LANGS),
    "figure: language": ((*FIGURE, "--lang", "xx"), 7, LANGS),
    "animate: language": ((*FILM, "--lang", "xx"), 7, LANGS),
    "embed: language": ((*EMBED, "--lang", "xx"), 7, LANGS),
    "report: language": ((*REPORT, "--lang", "xx"), 7, LANGS),
    "figure: theme": ((*FIGURE, "--theme", "nope"), 7, THEMES),
    "animate: theme": ((*FILM, "--theme", "nope"), 7, THEMES),
    "embed: theme": ((*EMBED, "--theme", "nope"), 7, THEMES),
    # suffixes, sizes, forms
    "figure: suffix": (("figure", "hashrate-share", "-o", "old.jpg"), 7, "expected one of: .png, .pdf, .svg"),
    "animate: suffix": (("animate", "hashrate-share", "old.avi"), 7, "expected one of: .gif, .webp, .mp4"),
    "export: suffix": (
        ("export", "hashrate-share", "old.ods"),
        7,
        "expected one of: .xlsx, .csv, .geojson, .parquet",
    ),
    "report: suffix": (
        ("report", "story.md", "-o", "old.odt"),
        7,
        "expected one of: .html, .md, .docx, .pdf",
    ),
    "figure: width": ((*FIGURE, "--width", "wide"), 7, "expected a length such as 89mm"),
    "figure: preset": ((*FIGURE, "--preset", "nope"), 7, "expected one of: colour, grey"),
    "embed: form": (
        ("embed", "hashrate-share", "--as", "nope"),
        7,
        "expected one of: iframe, inline, srcdoc",
    ),
    "embed: layout": ((*EMBED, "--layout", "nope"), 7, "expected one of: full, compact"),
    "build: address": ((*BUILD, "--url", "nope"), 7, "expected one such as https://example.org/maps/"),
    "build: day": ((*BUILD, "--as-of", "nope"), 7, "as_of = 'nope' is no period; expected 2019-09"),
}
TEMPLATES: dict[str, tuple[str, int, str]] = {
    "function": ('{{ shar("CHN", "2019-09") }}', 7, "'shar' is not known; perhaps share?"),
    "region": ('{{ share("Nowhere", "2019-09") }}', 4, "expected one of: Canada (CAN), China (CHN)"),
    "period": ('{{ share("CHN", "1999-01") }}', 3, "there is one for: 2019-09 to 2022-01"),
    "map": ('{{ map("nope") }}', 7, MAPS),
    "slice": ('{{ figure("shift", at="1999-01") }}', 7, SLICES),
    "metric": ('{{ map("shift", metric="nope") }}', 7, METRICS),
    "source": ('{{ cite("nope") }}', 7, "expected the id of an origin, a provider (cbeci"),
    "argument": (
        '{{ figure("shift", theme="dark") }}',
        7,
        "unexpected keyword argument 'theme'; it takes name",
    ),
}
EXTRAS = {
    "mp4": (("animate", "hashrate-share", "old.mp4"), "imageio_ffmpeg"),
    "parquet": (("export", "hashrate-share", "old.parquet"), "pyarrow.parquet"),
    "word": (("report", "story.md", "-o", "old.docx"), "pypandoc"),
    "pdf": (("report", "story.md", "-o", "old.pdf"), "typst"),
}


@pytest.fixture
def refused(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[tuple[str, ...], int, str], None]:
    """Run a command beside earlier outputs of every name; it must fail with one line and touch none."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "maps").mkdir()
    (tmp_path / "story.md").write_text('{{ share("CHN", "2019-09") }}\n', encoding="utf-8")
    suffixes = (
        *("png", "jpg", "gif", "avi", "mp4", "html", "csv", "ods"),
        *("parquet", "odt", "docx", "pdf"),
    )
    for name in (*(f"old.{suffix}" for suffix in suffixes), "maps/hashrate-share.html", "maps/index.html"):
        (tmp_path / name).write_text("earlier", encoding="utf-8")

    def check(command: tuple[str, ...], code: int, message: str) -> None:
        before = {p: p.read_bytes() for p in sorted(tmp_path.rglob("*")) if p.is_file()}
        answer = run(*command)
        assert (answer.code, answer.err.count("\n")) == (code, 1), answer
        assert answer.err.startswith("geotrack: ")
        assert message in answer.err
        assert {p: p.read_bytes() for p in sorted(tmp_path.rglob("*")) if p.is_file()} == before

    return check


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_one_line_that_says_what_exists(refused: Callable[..., None], case: str) -> None:
    refused(*CASES[case])


@pytest.mark.parametrize("case", TEMPLATES)
def test_a_mistake_in_a_template_is_told_with_its_line(
    refused: Callable[..., None], tmp_path: Path, case: str
) -> None:
    text, code, message = TEMPLATES[case]
    (tmp_path / "story.md").write_text(f"# A\n\n{text}\n", encoding="utf-8")
    refused(REPORT, code, message)
    refused(REPORT, code, "geotrack: story.md, line 3: ")


@pytest.mark.parametrize("extra", EXTRAS)
def test_a_missing_extra_says_what_to_type(
    refused: Callable[..., None], monkeypatch: pytest.MonkeyPatch, extra: str
) -> None:
    command, module = EXTRAS[extra]
    monkeypatch.setitem(sys.modules, module, None)
    refused(command, 7, f"pip install 'geotrack[{extra}]'")
