"""What the data say in other languages: every text of ours has its Chinese, and no result mixes both."""

from __future__ import annotations

import contextlib
import csv
import html
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import geotrack as gt
from geotrack.captions import captions
from geotrack.errors import GeotrackError
from geotrack.language import catalogue, partly
from geotrack.map import localised, spec, views
from geotrack.measure.compare import questions
from geotrack.model import File, Origin
from geotrack.publish.report import report, template
from geotrack.publish.report import shipped as report_shipped
from geotrack.render import notebook
from geotrack.render.page import gallery
from geotrack.render.table.rows import TIDY
from geotrack.sources import PROVIDERS
from geotrack.store import resources
from geotrack.store.folder import DataFolder
from geotrack.timemap import TimeMap
from geotrack.update import delivery
from geotrack.update.collect import BY_HAND
from geotrack.usertables import labels

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "data" / "reference"
DATA = DataFolder.of(ROOT / "data")
WORD = re.compile(r"[A-Za-z][A-Za-z'’]*[A-Za-z]")
ENGLISH = re.compile(r"\b[a-z]{3,}\b")
CODE = re.compile(
    r"https?://[!-~]+|\b[0-9a-f]{8,}\b|\b[\w/-]*\w\.(?:cc|cn|co|com|csv|io|json|net|news|pdf)\b(?:/[\w-]+)*"
    r"|[\w-]+[_/][\w/-]+|\{[\w-]+\}|\b[A-Za-z]+\d+\b",
    re.ASCII,
)
"""Addresses, hashes, names of columns and files, what a sentence fills in, and words such as sha256."""

KEPT = re.compile(
    r"https?://[!-~]*[\w/]|\b[\w/-]+\.(?:csv|json|pdf)\b|@ \w+|\b[A-Z]+\d*(?:-\w+)+\b", re.ASCII
)
"""What a note of a source has in every language: addresses, files, commits, the ids of other sources."""

QUOTED = re.compile(r"“[^”]*”")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ASCII_BESIDE = re.compile(
    r"[\u4e00-\u9fff）”] ?[,;:!?()]|[\u4e00-\u9fff）”] ?\.(?!\w)"
    r"|[,;:!?()] ?[\u4e00-\u9fff（“]|\. ?[\u4e00-\u9fff（“]|[,;:.] \d+[年月日]"
)
"""A mark of English directly beside a Chinese character, or with a space between them."""


def rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def specs() -> list[spec.Spec]:
    return [spec.read(path) for path in sorted((ROOT / "maps").glob("*.toml"))]


def prose() -> Iterator[str]:
    """Every text of ours that comes with the data, and that a page, a table or a report shows."""
    for series in DATA.series.values():
        yield from (series.title, series.method, series.missing, *series.table_caveats)
        yield from (*(each.text for each in series.short), *(each.words for each in series.marks))
        for doubt in series.doubts:
            yield doubt.assumption
            yield from (text for each in doubt.readings for text in (each.title, each.assumption))
        for metric in series.metrics:
            yield from (metric.title, metric.denominator, metric.unit)
    for name in ("aggregates.csv", "disputed.csv", "events.csv"):
        for row in rows(name):
            yield from (row[key] for key in ("label", "note") if key in row)
    for about in tomllib.loads((REFERENCE / "boundaries" / "boundaries.toml").read_text("utf-8")).values():
        yield from (about[key] for key in ("title", "vintage", "viewpoint", "note"))
    for each in specs():
        yield from (each.title, each.description, each.sentence)


def notes() -> Iterator[str]:
    """The notes on figures."""
    for name in DATA.series:
        yield from DATA.table(name).observations["note"].unique()


@cache
def sources() -> frozenset[str]:
    """What we say of sources, sentence by sentence: of those that ship, and of those that updates bring."""
    file = File(b"", "", "2026-11-23T09:18:02Z")
    updated = [
        delivery.origin_of(source, name, file, {}) for source in PROVIDERS for name in ("x", f"{BY_HAND}x")
    ]
    told = [origin.note for origin in (*DATA.origins.values(), *updated)]
    return frozenset(sentence for note in told for sentence in re.split(r"(?<=\.) (?=[A-Z])", note))


@cache
def names() -> frozenset[str]:
    """Words that stay: of who published, of companies whose measures these are, of codes."""
    known = [text for origin in DATA.origins.values() for text in (origin.publisher, origin.url, origin.id)]
    for series in DATA.series.values():
        known += [series.name, *series.crosswalk, *(metric.name for metric in series.metrics)]
        known += [metric.title.partition(":")[0] for metric in series.metrics if ":" in metric.title]
    return frozenset(WORD.findall(" ".join(known).replace("_", " "))) | {"geotrack"}


@cache
def places() -> frozenset[str]:
    """Words of places and measures in English, that no Chinese result has, but for who is named after one."""
    told = [region.name for region in DATA.regions.table.values()]
    told += [
        text for s in DATA.series.values() for m in s.metrics for text in (m.title, m.unit, m.denominator)
    ]
    return frozenset(word for word in WORD.findall(" ".join(told)) if re.search("[a-z]{2}", word)) - names()


def left(text: str, kept: Iterable[str] = ()) -> list[str]:
    """The English words of a text that is no name: small ones, and those of places and measures.

    Parameters
    ----------
    kept : texts of others that stand in it as they are.
    """
    for each in sorted(filter(None, kept), key=len, reverse=True):
        text = text.replace(each, " ")
    text = CODE.sub(" ", text)
    return [w for w in WORD.findall(text) if w not in names() and (ENGLISH.fullmatch(w) or w in places())]


def english_marks(text: str, kept: Iterable[str] = ()) -> list[str]:
    """Where marks of English stand beside Chinese in a text."""
    for each in sorted(filter(None, kept), key=len, reverse=True):
        text = text.replace(each, "X" if each.isascii() else "文")
    return [text[max(0, m.start() - 15) : m.end() + 15] for m in ASCII_BESIDE.finditer(text)]


def test_marks_of_english_are_found() -> None:
    for text in ("作者: T", "T (未注明). 许可", "T. 许可", "份额 (%)", "9月. 两个", "T, 2020年", "截至; 二"):
        assert english_marks(text), text
    for text in ("作者：T（未注明）。许可", "约1.5亿", "geotrack 0.1.0。数据", "3:1"):
        assert not english_marks(text), text


def test_what_we_say_in_chinese_has_chinese_marks() -> None:
    ours = [text for part in catalogue._catalogue("zh").values() for text in strings(part)]
    ours += catalogue._of_data("zh")["texts"].values()
    assert not [marks for text in ours if (marks := english_marks(text))]


def test_every_text_of_the_data_has_its_chinese() -> None:
    """A text that is added or changed here asks for its Chinese; what nothing says any more goes."""
    known = catalogue._of_data("zh")
    lost = {text for text in prose() if left(catalogue.term(text, "zh"))}
    lost |= {text for text in notes() if left(partly.note(text, "zh"))}
    assert not lost
    regions = DATA.regions.table.values()
    assert not [
        r.code for r in regions if left(catalogue.place(r, "zh")) or catalogue.place(r, "zh") == r.name
    ]
    assert not known["names"].keys() - DATA.regions.table.keys()
    used = {
        *(region.name for region in regions),
        *prose(),
        *notes(),
        *(part for note in notes() for part in note.split("; ")),
        *sources(),
        *(origin.licence for origin in DATA.origins.values()),
    }
    used |= {resources.NONE, *labels.UNSTATED.values()}
    assert not known["texts"].keys() - used


def test_every_sentence_on_a_source_has_its_chinese() -> None:
    """Addresses, files and what a publisher wrote stay in it, the latter in quotation marks."""
    chinese = {sentence: partly.sentences(sentence, "zh") for sentence in sources()}
    assert not [text for text, told in chinese.items() if not CHINESE.search(told)]
    lost = {text: words for text, told in chinese.items() if (words := left(QUOTED.sub(" ", told)))}
    assert not lost
    for text, told in chinese.items():
        assert sorted(KEPT.findall(told)) == sorted(KEPT.findall(text))
    for origin in DATA.origins.values():
        sentences = re.split(r"(?<=\.) (?=[A-Z])", origin.note)
        assert localised.origin(origin, "zh").note == "".join(chinese[sentence] for sentence in sentences)
        assert localised.origin(origin, "en").note == origin.note


def test_what_a_note_is_known_by_is_known_in_every_language() -> None:
    marks = {each for series in DATA.series.values() for each in series.marks}
    assert {each.says for each in marks} == {"inflated", "artefact"}
    for mark in marks:
        assert any(mark.words in text for text in notes())
        for text in notes():
            chinese = catalogue.term(mark.words, "zh")
            assert (mark.words in text) == (chinese in partly.note(text, "zh")), text


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("named in 1 of 2 months", "named in 1 of 2 months", "2个月中有1个月列出"),
        ("named on 91 of 366 days", "named on 91 of 366 days", "366天中有91天列出"),
        ("latest figure: 2021-Q1", "latest figure: Q1 2021", "最新数字：2021年第一季度"),
        ("latest figure: who knows", "latest figure: who knows", "latest figure: who knows"),
        (
            "partial month: 20 of 30 days observed",
            "partial month: 20 of 30 days observed",
            "不完整的月份：30天中有20天的数据",
        ),
        (
            "rounded; named in 2 of 3 months",
            "rounded; named in 2 of 3 months",
            "经过舍入；3个月中有2个月列出",
        ),
        ("audited; see the annex", "audited; see the annex", "audited; see the annex"),  # a user's own
    ],
)
def test_notes_in_two_languages(text: str, english: str, chinese: str) -> None:
    assert (partly.note(text), partly.note(text, "zh")) == (english, chinese)


def drawn(name: str) -> TimeMap | None:
    try:
        return gt.choropleth(name, lang="zh", data_folder=ROOT / "data")
    except GeotrackError:
        return None  # a total has no place on a map


def sheets(path: Path) -> Iterator[str]:
    """The words of a workbook; its tidy sheet has the columns and codes of the CSV."""
    for sheet in openpyxl.load_workbook(path).worksheets:
        yield sheet.title
        table = [[cell for cell in row if isinstance(cell.value, str)] for row in sheet.iter_rows()]
        if [cell.value for cell in table[0]] != list(TIDY):
            cells = (str(cell.value) for row in table for cell in row)
            yield from (text for text in cells if text not in DATA.regions.table)
            yield from (cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment)


def visible(page: str) -> Iterator[str]:
    """What a page shows without its script, and the words that its script has."""
    texts = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    yield html.unescape(re.sub(r"<[^>]*>", "\n", texts))
    yield from map(html.unescape, re.findall(r'(?:aria-label|title|alt)="([^"]*)"', texts))
    found = re.search(r'<script[^>]*class="gt-data"[^>]*>(.*?)</script>', page, flags=re.DOTALL)
    assert found is not None
    table = json.loads(found[1])
    for key in ("title", "words", "slices", "groups", "events", "notes", "citation", "numberFormat"):
        yield from strings(table[key])
    for metric in table["metrics"]:
        for key in ("title", "unitShown", "denominator", "chartLabel", "sentences", "breaks"):
            yield from strings(metric.get(key))


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        # names of colours, codes and units of the CSV are read by the script only
        yield from (s for k, v in value.items() if k not in {"id", "colour", "unit"} for s in strings(v))
    elif isinstance(value, list):
        yield from (text for each in value for text in strings(each))


def of_others(made: TimeMap) -> list[str]:
    """What publishers wrote: their names, documents and licences, and the labels of their tables."""
    told = [each.name for each in fields(Origin) if each.name != "note"]
    kept = [str(getattr(origin, name)) for origin in made.origins for name in told]
    kept += [text for origin in made.origins for text in QUOTED.findall(origin.note)]
    info = made.boundaries.info
    kept += [info.publisher, info.url, info.licence, info.licence_url, made.series.name, made.id]
    return kept + [unit.label for unit in made.units] + list(made.data_hashes)


@pytest.mark.parametrize("name", list(DATA.series))
def test_no_english_is_left_in_a_chinese_result(name: str, tmp_path: Path) -> None:
    made = drawn(name)
    if made is None:
        return
    said = [repr(made).replace("TimeMap", ""), made.caption(), made.alt_text(), made.to_html()]
    told = [*said[:-1], captions.long_description(views.choose(made, "slices")), *visible(said[-1])]
    if len(made.slices) > 1:
        told += [made.caption(kind="difference"), made.caption(kind="film")]
    told += notebook.table(made).splitlines()
    with contextlib.suppress(GeotrackError):  # one slice, or a rate
        shift = made.shift()
        told += [*str(shift).splitlines(), *map(html.unescape, re.split(r"<[^>]*>", shift._repr_html_()))]
    told += sheets(made.save_table(tmp_path / "map.xlsx"))
    told += strings([json.loads(made.manifest({}))["boundaries"][key] for key in ("viewpoint", "note")])
    assert CHINESE.search(made.caption())
    kept = of_others(made)
    odd = {text.strip()[:200]: words for text in told if (words := left(text, kept))}
    assert not odd
    assert not [marks for text in told if (marks := english_marks(text, kept))]


def test_no_english_is_left_in_a_chinese_report(tmp_path: Path) -> None:
    """Methods, caveats, the newest figures and the list of sources, of every series."""
    asked = [
        f'{{{{ method("{n}") }}}} {{% for c in caveats("{n}") %}}{{{{ c }}}} {{% endfor %}}'
        for n in DATA.series
    ]
    asked += [f'{{{{ cite("{name}") }}}}' for name in DATA.series]
    path = tmp_path / "story.md"
    path.write_text("\n\n".join(asked), encoding="utf-8")
    made = report.compose(template.read(path), ROOT / "data", lang="zh")
    origins = [str(getattr(o, each.name)) for o in DATA.origins.values() for each in fields(o)]
    assert not left(f"{made.text}\n{made.as_of}", origins)
    assert not english_marks(f"{made.text}\n{made.as_of}", origins)
    assert "未注明" in {source.origin.licence for source in made.sources}


@pytest.mark.parametrize("question", questions.QUESTIONS)
def test_no_english_is_left_in_a_chinese_comparison(question: str) -> None:
    """Publishers' names stay, and codes; names of series are theirs too."""
    told, english = (questions.compare(question, DATA, lang) for lang in ("zh", "en"))
    if question not in {"levels", "provinces", "states"}:  # they have a column of codes
        cells = {cell for section in english.sections for line in section.cells() for cell in line}
        assert not cells & {*DATA.regions.table, *DATA.regions.aggregates}
        assert not any(re.match(r"-\d", cell) for cell in cells)
    codes = [*DATA.regions.table, *(f"{code}-rest" for code in ("CHN", "USA"))]
    texts = [told.told, *told.notes, *(t for s in told.sections for t in (s.title, *s.columns.values()))]
    for section in told.sections:
        texts += [cell for line in section.cells() for cell in line if cell not in codes]
    assert not [text for text in texts if left(text, [*DATA.series, *DATA.origins])]
    assert not [marks for text in texts if (marks := english_marks(text, DATA.origins))]
    assert [len(s.records) for s in told.sections] == [len(s.records) for s in english.sections]
    assert len(told.notes) == len(english.notes)


def test_a_table_of_ones_own_names_nobody_in_english() -> None:
    import pandas as pd

    frame = pd.DataFrame({"region": ["GA", "TX"], "period": ["2021", "2021"], "value": [1.5, 2.5]})
    made = gt.choropleth(frame, level="US", lang="zh", unit="EH/s", title="表")
    assert {unit.name for unit in made.units} == {"佐治亚州", "得克萨斯州"}
    told = [made.caption(), captions.source_line(made), *visible(made.to_html())]
    info = made.boundaries.info
    assert not [text for text in told if left(text, [info.publisher, info.licence, made.id, "user"])]


def test_a_table_without_a_title_is_called_so_in_chinese() -> None:
    import pandas as pd

    rows = [(region, year, 50.0) for region in ("CHN", "USA") for year in ("2021", "2022")]
    frame = pd.DataFrame(rows, columns=["region", "period", "value"])
    made = gt.choropleth(frame, lang="zh", unit="EH/s", over_time="sum", missing="其他")
    for text in (repr(made), str(made.shift())):
        assert "自有表格" in text
        assert "table of one" not in text


@pytest.mark.parametrize(
    ("lang", "period", "said"),
    [
        ("en", ["2021"], "表; 1 slice, 2021>"),
        ("en", ["2021", "2022"], "表; 2 slices, 2021 to 2022>"),
        ("zh", ["2021"], "表；1期，2021年>"),
        ("zh", ["2021", "2022"], "表；2期，2021年至2022年>"),
    ],
)
def test_one_slice_is_said_once(lang: str, period: list[str], said: str) -> None:
    import pandas as pd

    frame = pd.DataFrame({"region": "GA", "period": period, "value": 1.5})
    line, *_ = repr(gt.choropleth(frame, level="US", lang=lang, title="表")).splitlines()
    assert line.endswith(said)


def test_a_story_is_in_the_language_of_its_template(tmp_path: Path) -> None:
    """A mixture of two languages is refused where one report is asked for, and not made beside maps."""
    path = tmp_path / "story.md"
    path.write_text('+++\nlang = "en"\n+++\n\n{{ method("cbeci-countries") }}\n', encoding="utf-8")
    with pytest.raises(GeotrackError, match="its front matter says that it is written in 'en'"):
        report.compose(path, ROOT / "data", lang="zh")
    built = report_shipped.build(path, tmp_path, ROOT / "data", lang="zh")
    assert '<html lang="en"' in built.path.read_text(encoding="utf-8")
    assert built.note == "in 'en', the language of its template; --lang zh is of the maps"
    assert not report_shipped.build(path, tmp_path, ROOT / "data", lang="en").note
    [card] = report_shipped.cards([path])
    page = gallery.gallery([gt.choropleth("foundry-us-states", lang="zh", data_folder=ROOT / "data")], [card])
    assert '<html lang="zh"' in page
    assert '<section class="story" lang="en">' in page
    shipped = template.read(ROOT / "maps" / "from-china-to-north-america.md")
    assert shipped.lang == "en"


def test_english_percent_is_written_as_in_english() -> None:
    """In whatever we wrote; what stands in quotation marks is a source's."""
    texts = [*prose(), *notes(), *(origin.note for origin in DATA.origins.values())]
    for path in sorted((ROOT / "geotrack" / "sources").rglob("*.toml")):
        texts += strings(tomllib.loads(path.read_text(encoding="utf-8")))
    assert not [text for text in texts if re.search(r"\d\s+%", re.sub(r'"[^"]*"', "", text))]
