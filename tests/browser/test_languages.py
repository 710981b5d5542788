"""A page in Chinese: its words, numbers and dates, in what is seen, what is heard and what is downloaded."""

from __future__ import annotations

import csv
import io
import re

import folium
import pytest
from accessibility import violations

from geotrack.build import maps
from geotrack.language import catalogue
from geotrack.map import spec
from geotrack.publish import atlas, site

ENGLISH = ("Play", "Period", "no data", "since", "points", "Legend", "reported", "Remainder", "under ")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """All default maps and the gallery, as `geotrack build --lang zh` writes them."""
    out = tmp_path_factory.mktemp("zh")
    built = [site.build(path, out, lang="zh") for path in atlas.find([])]
    site.gallery([each.timemap for each in built], out)
    return out


def test_every_map_is_accessible_in_chinese(browse, folder, watch, map_id):
    page = browse(folder / f"{map_id}.html")
    assert page.locator("html").get_attribute("lang") == "zh"
    page.locator(".folium-map").press("Home")
    assert violations(page) == []
    page.locator(".folium-map").press("Escape")
    page.locator(".gt-view[value=table]").click()
    assert page.locator(".gt-table table").is_visible()
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    page.wait_for_function("() => document.documentElement.scrollWidth <= 320")
    assert watch.requests == []


def test_what_is_seen_and_heard_is_chinese(browse, folder):
    page = browse(folder / "shift.html", hash="#t=2021-07")
    assert page.locator(".gt-now").inner_text() == "2021年7月"
    assert page.locator(".gt-play").inner_text().strip().endswith("播放")
    assert page.locator(".gt-group-value").all_inner_texts()[:2] == ["0%", "46.0%"]
    assert "低于1" in page.locator(".gt-legend-box").inner_text()
    assert "无数据" in page.locator(".gt-legend-box").inner_text()
    page.locator(".folium-map").press("Home")
    spoken = page.locator(".gt-live").inner_text()
    for text in ("美国", "35.12%", "已报告", "2021年7月", "自2021年6月以来+", "个百分点"):
        assert text in spoken
    assert not any(word in spoken for word in ENGLISH)
    page.locator(".gt-next").click()
    assert "2021年8月" in page.locator(".gt-live").inner_text()
    assert "2021年8月" in page.locator(".gt-range").get_attribute("aria-valuetext")
    assert "其余" in page.locator(".gt-groups").inner_text()
    assert page.locator(".gt-chart").get_attribute("aria-label").startswith("占全网算力的份额随时间的变化")
    ticks = page.locator(".gt-chart .gt-tick").all_text_contents()
    assert "100%" in ticks
    assert "10月" in ticks


def test_the_table_and_the_foot_are_chinese(browse, folder):
    page = browse(folder / "shift.html", hash="#t=2021-07&v=table")
    table = page.locator(".gt-table")
    assert table.locator("caption").inner_text() == "占全网算力的份额，2021年7月"
    assert "地区" in table.locator("th[scope=col]").first.inner_text()
    assert table.locator("tr[data-region=CHN] td").first.inner_text().startswith("0%")
    foot = table.locator("tfoot").inner_text()
    for text in ("中国", "地图上的合计", "总计", "100.00%"):
        assert text in foot
    assert page.locator(".gt-events button").first.inner_text() == "2021年5月21日"
    # who published, and their documents, say in which language they are; what we say of them is Chinese
    assert page.locator('.gt-foot [lang="en"]').count() > 2
    assert page.locator('.gt-foot [lang="en"]').filter(has_text=re.compile("[\u4e00-\u9fff]")).count() == 0
    page.locator("input[value=hashrate]").check()
    assert "EH/s" in table.locator("tbody td").first.inner_text()


def test_amounts_have_their_unit_in_chinese_and_the_csv_the_data_s(browse, folder):
    page = browse(folder / "revenue-bitmain.html", hash="#m=revenue&v=table&t=2017")
    assert "千美元" in page.locator(".gt-table tbody td").first.inner_text()
    assert re.search(r"\d千美元", page.locator(".gt-table").inner_text())
    with page.expect_download() as download:
        page.locator(".gt-csv").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8"))))
    assert {row["unit"] for row in rows} == {"%", "USD thousand"}
    assert {row["status"] for row in rows} <= {"reported", "estimated", "lower bound", "derived"}


def test_the_panel_of_a_shift_speaks_the_language_and_what_does_not_says_so(browse, folder):
    page = browse(folder / "shift.html", hash="#t=2021-07&reading=zeros-as-before")
    panel = page.locator(".gt-panel").inner_text()
    assert re.search("美国在2021年.+至2021年.+之间超过中国。", panel)
    assert re.search(r"\d° 北，\d+\.\d° [东西]", panel)
    assert not [word for word in ("overtook", "starred", "month", "share", "spread") if word in panel]
    page.locator(".gt-modes label").nth(1).click()
    assert page.locator(".gt-sentence").inner_text().endswith("个百分点")
    told = page.locator(".gt-beside").inner_text()
    assert "美国的份额（按来源）" in told
    assert page.locator(".gt-beside details > :is(p, summary)[lang], .gt-beside details[lang]").count() == 0
    methods = page.locator(".gt-beside li span").all_text_contents()
    assert methods
    assert all(re.search("[\u4e00-\u9fff]", text) for text in methods)
    assert page.locator('.gt-beside li span[lang="en"]').count() == 0


HEARD = """() => [...document.querySelectorAll("section.geotrack, section.geotrack *")].flatMap((node) =>
  ["title", "aria-label", "alt", "placeholder", "aria-valuetext", "aria-roledescription"]
    .map((name) => node.getAttribute(name)).filter(Boolean))"""
MARKS = re.compile(
    r"[\u4e00-\u9fff）”] ?[,;:!?()]|[\u4e00-\u9fff）”] ?\.(?!\w)"
    r"|[,;:!?()] ?[\u4e00-\u9fff（“]|\. ?[\u4e00-\u9fff（“]|[,;:.] \d+[年月日]"
)
"""Marks of English beside Chinese, as in test_tongues."""


@pytest.mark.parametrize("name", ["shift", "revenue-canaan"])
def test_no_control_speaks_english_and_no_sentence_has_english_marks(browse, folder, name):
    """Titles and labels of Leaflet's controls too, in every mode of a shift."""
    page = browse(folder / f"{name}.html")
    page.locator(".folium-map").press("Home")
    for mode in page.locator(".gt-modes input").all() or [None]:
        if mode:
            mode.check()
        for view in ("table", "map"):
            page.locator(f".gt-view[value={view}]").click()
            heard = page.evaluate(HEARD)
            words = {word for text in heard for word in re.findall("[A-Za-z]{3,}", text)}
            assert words <= {"HHI", "Foundry"}, heard
            shown = page.locator("section.geotrack").inner_text() + "\n".join(heard)
            found = [shown[max(0, m.start() - 20) : m.end() + 20] for m in MARKS.finditer(shown)]
            assert not found
    assert {"放大", "缩小"} <= {*page.evaluate(HEARD)}
    assert not re.search(r"\d\s个百分点", page.locator("section.geotrack").inner_text())


def test_english_controls_are_english_and_what_is_added_speaks_the_map_s_language(browse):
    """A popup and a control of layers come after the page was made."""
    shown = {}
    for lang in ("en", "zh"):
        made = maps.build(
            spec.check({"series": "foundry-us-states", "lang": lang}, "here"), "map"
        ).to_folium()
        folium.Marker([40, -100], popup="x").add_to(made)
        folium.LayerControl().add_to(made)
        page = browse(made.get_root().render())
        page.locator(".leaflet-marker-icon").click()
        page.locator(".leaflet-popup-close-button").wait_for()
        titles = page.evaluate(HEARD)
        shown[lang] = [text for text in (*catalogue.words_of(lang, "controls").values(),) if text in titles]
    assert {"Zoom in", "Zoom out", "Layers", "Close popup"} <= {*shown["en"]}
    assert {"放大", "缩小", "图层", "关闭"} <= {*shown["zh"]}


def test_two_languages_share_a_page(browse):
    """Each map writes its numbers its own way."""
    made = []
    for lang in ("en", "zh"):
        table = {"series": "cbeci-countries", "metrics": ["share"], "lang": lang, "groups": ["CHN"]}
        made.append(maps.build(spec.check(table, "here"), f"map-{lang}").to_fragment())
    html = "<!DOCTYPE html><html lang='en'><title>x</title><body>" + "".join(made)
    page = browse(html, ready="section[data-ready=true]")
    page.wait_for_function("() => document.querySelectorAll('section[data-ready=true]').length === 2")
    value = "#geotrack-map-{} .gt-group-value"
    shown = [page.locator(value.format(lang)).first.inner_text() for lang in ("en", "zh")]
    assert shown == ["75.5%", "75.5%"]


def test_the_gallery_is_chinese(browse, folder):
    page = browse(folder / "index.html")
    assert page.locator("html").get_attribute("lang") == "zh"
    assert page.locator("h1").inner_text() == "比特币挖矿的迁移：地图"
    assert "2019年9月至2022年1月" in page.locator(".card").first.inner_text()
    assert violations(page) == []
