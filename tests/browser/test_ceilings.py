"""A page says what a part is at most in tooltip, speech, table, chips and CSV, and draws it as no data."""

from __future__ import annotations

import csv
import io

import pytest

import geotrack as gt

PART, SLICE = "canaan-overseas", "2025-Q2"


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ("at most 50%", "upper bound", "at most 50% (Overseas)")),
        ("zh", ("至多50%", "上限", "至多50%（海外）")),
    ],
)
def test_a_page_says_what_the_other_part_is_at_most(browse, inside, lang, said):
    most, bound, unstated = said
    tm = gt.choropleth(
        "canaan-revenue", metrics=["revenue_share"], groups=["CHN", PART], opening=SLICE, lang=lang
    )
    name = next(unit.name for unit in tm.units if unit.code == PART)
    page = browse(tm.to_html())
    layer, places = tm.layers[0], tm.boundaries.codes
    for code in ("BRA", "USA"):  # one that the table never lists, and one that has no figure in this slice
        spot = inside(page, "(m, i) => m.layer.spot(i)", places.index(code))
        page.locator(".folium-map").click(position=spot)
        assert page.locator(".gt-tip-name").inner_text() == name
        assert page.locator(".gt-tip-value").inner_text().replace("\u00a0", " ").startswith(f"{most} {bound}")
        spoken = page.locator("[aria-live]").all_text_contents()
        assert any(name in text and most in text and bound in text for text in spoken)
    chips = [" ".join(text.split()) for text in page.locator(".gt-groups li").all_inner_texts()]
    assert most in chips[1]
    assert unstated in chips[-1]
    assert any(most in text.replace("\u00a0", " ") for text in page.locator(".gt-label").all_inner_texts())
    assert unstated in page.locator(".gt-remainder").inner_text()
    assert most in page.locator(".gt-sentence").inner_text()
    page.locator(".gt-view[value=table]").click()
    row = page.locator(f'.gt-table tr[data-region="{PART}"]')
    assert most in row.inner_text()
    assert bound in row.inner_text()
    assert "gt-missing" in row.get_attribute("class")
    with page.expect_download() as waiting:
        page.locator(".gt-csv").click()
    found = csv.DictReader(io.StringIO(waiting.value.path().read_text(encoding="utf-8-sig"), newline=""))
    [told] = [row for row in found if row["region"] == PART and row["start"] == "2025-04-01"]
    frame = tm.to_frame()
    [own] = frame[(frame["region"] == PART) & (frame["start"] == "2025-04-01")].to_dict("records")
    assert told == {key: str(value) for key, value in own.items()} | {"value": "50"}
    assert told["status"] == "upper bound"
    drawn = inside(page, """(m, i) => {
      const { x, y } = m.layer.spot(i), { data } = m.layer.pens[0].getImageData(x, y, 1, 1);
      return "#" + [0, 1, 2].map((k) => data[k].toString(16).padStart(2, "0")).join("");
    }""", places.index("BRA"))  # fmt: skip
    assert drawn not in layer.light


def test_a_page_without_such_cells_says_nothing_of_them(browse):
    page = browse(gt.choropleth("canaan-revenue", metrics=["revenue_share"], opening="2021-Q1").to_html())
    assert "at most" not in page.locator(".gt-remainder").inner_text()


@pytest.mark.parametrize("size", [(1280, 900), (320, 700)])
@pytest.mark.parametrize("name", ["revenue-bitmain", "revenue-canaan"])
def test_a_label_breaks_before_its_figure_and_not_within(browse, inside, maps, name, size):
    page = browse(maps.path(name), size=size)
    for t in range(len(maps.timemaps[name].slices)):
        inside(page, "(m, t) => m.go(t)", t)
        lines = page.evaluate("""() => [...document.querySelectorAll(".gt-label-joined > span")].map(node => {
          const range = document.createRange();
          range.selectNodeContents(node);
          return new Set([...range.getClientRects()].map((box) => Math.round(box.y))).size;
        })""")
        assert set(lines) <= {1}
