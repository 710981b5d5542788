"""The message catalogue: every language says everything, and writes numbers and days as it does."""

from __future__ import annotations

import re
import string
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from geotrack import periods
from geotrack.build import maps
from geotrack.errors import SpecError
from geotrack.language import catalogue, partly
from geotrack.map import spec
from geotrack.model import SAID

OTHERS = [lang for lang in catalogue.languages() if lang != "en"]
DAYS = st.dates(date(1990, 1, 1), date(2040, 1, 1))


def leaves(table: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], str]:
    """Every message with the way to it."""
    if isinstance(table, str):
        return {path: table}
    items = table.items() if isinstance(table, dict) else enumerate(table)
    return {way: text for key, item in items for way, text in leaves(item, (*path, str(key))).items()}


def is_counted(path: tuple[str, ...]) -> bool:
    return path[-1] in {"zero", "one", "two", "few", "many", "other"} and len(path) == 3


def placeholders(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("lang", OTHERS)
def test_every_language_says_everything_that_english_says(lang: str) -> None:
    """The same keys, and in each message the same {words}; counted ones have the language's own forms."""
    own, english = (leaves(catalogue._catalogue(code)) for code in (lang, "en"))
    plain = [{path for path in table if not is_counted(path)} for table in (own, english)]
    assert plain[0] == plain[1]
    for path in plain[1]:
        assert placeholders(own[path]) == placeholders(english[path]), path
        assert own[path].strip() or path == ("joints", "gap"), path
    forms = Locale.parse(own["locale",]).plural_form.tags | {"other"}
    phrases = [{path[:2] for path in table if is_counted(path)} for table in (own, english)]
    assert phrases[0] == phrases[1]
    for part, key in phrases[0]:
        assert {path[2] for path in own if path[:2] == (part, key) and is_counted(path)} == forms
        wanted = placeholders(english[part, key, "other"])
        assert placeholders(own[part, key, "other"]) == wanted, (part, key)


def test_the_catalogue_has_english_and_chinese() -> None:
    assert catalogue.languages() == ("en", "zh")
    for lang in catalogue.languages():
        assert catalogue.words_of(lang)["status"].keys() == set(SAID)  # type: ignore[attr-defined]


@pytest.mark.parametrize("lang", ["xx", "", "EN", "../en"])
def test_an_unknown_language_says_which_there_are(lang: str) -> None:
    with pytest.raises(SpecError, match=r"lang = .* is not known; expected one of: en, zh$"):
        catalogue.words_of(lang)
    with pytest.raises(SpecError, match="expected one of: en, zh"):
        maps.build(spec.check({"series": "cbeci-countries", "lang": lang}, "here"), "x")


@given(st.integers(-(10**9), 10**9), st.integers(0, 6), st.integers(0, 4))
def test_numbers_round_half_away_from_zero(whole: int, scale: int, digits: int) -> None:
    exact = Decimal(whole).scaleb(-scale)
    shown = catalogue.number(float(exact), digits).replace(",", "").replace("−", "-")
    assert Decimal(shown) == exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    assert len(shown.partition(".")[2]) == digits


@given(st.integers(-(10**9), 10**9), st.integers(0, 4), st.integers(0, 4))
def test_babel_writes_english_numbers_as_we_do(whole: int, scale: int, digits: int) -> None:
    """So that a language's way differs from English where Babel says so, and nowhere else."""
    value = whole / 10**scale
    assert catalogue.number(value, digits, "zh") == catalogue.number(value, digits)


def test_a_language_brings_its_own_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_locale", lambda lang: Locale.parse("de"))
    monkeypatch.setattr(catalogue, "_percent", catalogue._percent.__wrapped__)  # it remembers what it read
    assert catalogue.number(-1234567.25, 2, "zh") == "−1.234.567,25"
    assert catalogue.decimal(Decimal("1234.5"), "zh") == "1.234,5"
    assert catalogue.number(0.5, 0, "zh") == "1"
    found = catalogue.number_format("zh")
    assert (found["decimal"], found["group"], found["minus"]) == (",", ".", "−")
    assert catalogue.listed(["A", "B", "C"], "zh") == "A, B und C"


@given(DAYS, st.integers(1, 800))
def test_the_catalogue_names_english_periods_as_they_were(start: date, length: int) -> None:
    """The patterns that a translator reads are those that English pages use."""
    ends = start.isoformat(), (start + timedelta(days=length)).isoformat()
    assert catalogue._period(*ends, "en") == periods.label(*ends) == catalogue.period(*ends)


@pytest.mark.parametrize(
    ("start", "end", "english", "chinese"),
    [
        ("2021-07-01", "2021-08-01", "July 2021", "2021年7月"),
        ("2020-01-01", "2020-04-01", "Q1 2020", "2020年第一季度"),
        ("2019-01-01", "2019-07-01", "first half of 2019", "2019年上半年"),
        ("2019-07-01", "2020-01-01", "second half of 2019", "2019年下半年"),
        ("2021-01-01", "2022-01-01", "2021", "2021年"),
        ("2021-06-30", "2021-07-01", "30 June 2021", "2021年6月30日"),
        ("2024-06-01", "2024-10-01", "June 2024 to September 2024", "2024年6月至2024年9月"),
        ("2019-02-01", "2020-02-01", "February 2019 to January 2020", "2019年2月至2020年1月"),
        ("2020-01-27", "2020-02-03", "27 January 2020 to 2 February 2020", "2020年1月27日至2020年2月2日"),
    ],
)
def test_periods_in_two_languages(start: str, end: str, english: str, chinese: str) -> None:
    assert catalogue.period(start, end) == catalogue._period(start, end, "en") == english
    assert catalogue.period(start, end, "zh") == chinese


def test_names_of_countries_are_babels() -> None:
    assert catalogue.region_name("CN", "China", "zh") == "中国"
    assert catalogue.region_name("CN", "China") == "China"
    assert catalogue.region_name("US-TX", "Texas", "zh") == "Texas"
    assert catalogue.region_name("", "Atlantis", "zh") == "Atlantis"
    assert catalogue.region_name("QQ", "Atlantis", "zh") == "Atlantis"


def test_units_and_terms() -> None:
    assert catalogue.with_unit("46.0", "%") == "46.0%"
    assert catalogue.with_unit("46.0", "%", "zh") == "46.0%"
    assert catalogue.with_unit("3", "", "zh") == "3"
    assert catalogue.with_unit("3", "USD thousand", "zh") == "3千美元"
    assert catalogue.term("Hashrate", "zh") == "算力"
    assert catalogue.term("Something else", "zh") == "Something else"
    assert catalogue.ours("算力", "zh")
    assert not catalogue.ours("Something else", "zh")
    assert partly.partial("2 of 3 months observed", "zh") == "3个月中有2个月的数据"
    assert partly.partial("1 of 30 days observed", "zh") == "30天中有1天的数据"
    assert partly.partial("2 of 3 months observed") == "2 of 3 months observed"


def test_lists() -> None:
    assert [catalogue.listed(list("ABC"[:n])) for n in range(4)] == ["", "A", "A and B", "A, B and C"]
    assert catalogue.listed(["甲", "乙", "丙"], "zh") == "甲、乙和丙"


def test_english_terms_are_themselves() -> None:
    """They are looked up by what the data say."""
    assert all(key == text for key, text in catalogue.words_of("en", "terms").items())


@pytest.fixture(scope="module")
def chinese() -> Any:
    wanted = spec.check(
        {"series": "cbeci-countries", "lang": "zh", "groups": ["CHN", "north-america"]}, "here"
    )
    return maps.build(wanted, "zh")


def test_a_chinese_map_speaks_chinese(chinese: Any) -> None:
    assert chinese.lang == "zh"
    assert chinese.slices[22].label == "2021年7月"
    assert chinese.layers[0].sentences[22] == "2021年7月：中国 0%、北美洲 46.0%"
    assert {"中国", "美国", "加拿大"} <= {unit.name for unit in chinese.units}
    assert "法国" in chinese.boundaries.names
    assert chinese.layers[0].metric.title == "占全网算力的份额"
    assert chinese.layers[0].labels[1].startswith("低于") or "–" in chinese.layers[0].labels[1]
    assert chinese.title == "各国的比特币挖矿（剑桥 CBECI）"
    assert chinese.groups[1].note == "北美洲：加拿大、美国；来源未列出：墨西哥。"
    assert "2022年1月" in repr(chinese)


def test_the_page_says_its_language_and_what_is_english(chinese: Any) -> None:
    page = chinese.to_html()
    assert page.startswith('<!DOCTYPE html>\n<html lang="zh"')
    assert '<span lang="en">Cambridge Centre' in page  # who published
    assert '<span dir="auto">剑桥替代金融中心' in page
    assert '"numberFormat":{"decimal":"."' in page
    assert "numberFormat:" not in page.split('class="gt-data"')[1]
    said = re.search(r'"chartLabel":"(.*?)"', page)
    assert said is not None
    assert said[1].startswith("占全网算力的份额随时间的变化")


def test_names_of_ones_own_boundaries_stay_as_they_are() -> None:
    import geopandas
    import pandas as pd
    from shapely.geometry import box

    import geotrack as gt

    shapes = geopandas.GeoDataFrame(
        {"code": ["CHN", "FRA"], "name": ["Middle Kingdom", "France"]},
        geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)],
        crs="EPSG:4326",
    )
    table = pd.DataFrame({"region": ["CHN", "FRA"], "period": ["2021", "2021"], "value": [1.0, 2.0]})
    made = gt.choropleth(table, boundaries=shapes, lang="zh", unit="EH/s")
    assert [unit.name for unit in made.units] == ["Middle Kingdom", "France"]
    assert 'lang="en"' not in made.to_html()  # in what language they wrote, nobody knows
