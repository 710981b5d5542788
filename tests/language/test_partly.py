"""What a note says of a part of a period is written, found and translated by the catalogue's text."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import geotrack as gt
from geotrack.language import catalogue, partly

EDITED = {
    "{some} of {all} month observed": "figures for {some} (of {all} month)",
    "{some} of {all} months observed": "figures for {some} (of {all} months)",
    "{some} of {all} days observed": "figures for {some} (of {all} days)",
    "named in {some} of {all} months": "listed {some} months of {all}",
    "partial month: {text}": "[{text}] so far",
    "latest figure: {period}": "last: {period}.",
}
CACHES = (catalogue._catalogue, partly._patterns, partly._counted)


@pytest.fixture(params=["as it is", "edited"])
def words(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The catalogue, and one whose English texts an editor changed."""
    folder = catalogue.FOLDER
    for lang in ("en", "zh"):
        text = (folder / f"{lang}.toml").read_text(encoding="utf-8")
        if request.param == "edited" and lang == "en":
            for old, new in EDITED.items():
                assert f'"{old}"' in text
                text = text.replace(f'"{old}"', f'"{new}"')
        (tmp_path / f"{lang}.toml").write_text(text, encoding="utf-8")
    shutil.copytree(folder / "data", tmp_path / "data")
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    for each in CACHES:
        each.cache_clear()
    yield
    monkeypatch.undo()
    for each in CACHES:
        each.cache_clear()


@pytest.mark.usefixtures("words")
def test_an_edit_of_the_english_text_changes_what_is_said_and_what_is_found_again() -> None:
    said = {
        partly.observed(2, 3, "month"): "3个月中有2个月的数据",
        partly.observed(0, 1, "month"): "1个月中有0个月的数据",
        partly.named(1, 2, "month"): "2个月中有1个月列出",
        partly.named(91, 1461, "day"): "1461天中有91天列出",
        partly.month(partly.observed(20, 30, "day")): "不完整的月份：30天中有20天的数据",
        partly.latest("2021-01-01", "2021-04-01"): "最新数字：2021年第一季度",
        partly.month("see the annex"): partly.month("see the annex"),  # somebody's own words
    }
    assert {text: partly.note(text, "zh") for text in said} == said
    whole = "; ".join(["my own", partly.named(1, 2, "month")])
    assert partly.note(whole, "zh") == "my own；2个月中有1个月列出"
    assert re.search(
        partly.observing(), f"spliced; {partly.month(partly.observed(7, 31, 'day'))}, to 2026-11-14"
    )
    assert not re.search(partly.observing(), partly.observed(2, 3, "month"))


@pytest.mark.usefixtures("words")
def test_a_map_says_it_in_the_words_of_the_catalogue() -> None:
    rows = {"region": ["CHN", "USA"], "period": ["2021-01", "2021-02"], "value": [1.0, 2.0], "unit": "EH/s"}
    said = {"slices": "quarter", "over_time": "mean"}
    english, chinese = (gt.choropleth(rows, lang=lang, **said) for lang in ("en", "zh"))
    assert english.layers[0].partial[0] == partly.observed(2, 3, "month")
    assert chinese.layers[0].partial[0] == "3个月中有2个月的数据"


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("", ""),
        ("Confidence: A.", "可信度：A。"),
        ("The site's terms were not read. Lags the daily values.", "未读取网站的条款。滞后于每日数值。"),
        ("Lags the daily values. See the annex.", "滞后于每日数值。See the annex."),  # a user's own beside it
        ("Bought from Acme Inc. Do not share.", "Bought from Acme Inc. Do not share."),
        ("Confidence: B (2022, 2024); D (2025-Q2).", "可信度：B（2022年、2024年）；D（2025-Q2）。"),
    ],
)
def test_a_note_of_a_source_is_told_sentence_by_sentence(text: str, chinese: str) -> None:
    assert partly.sentences(text) == text
    assert partly.sentences(text, "zh") == chinese
