"""Every default map and the gallery open from disk, fit every width and scheme, and pass axe-core."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from accessibility import darken, unreadable, violations

ISO = re.compile(r"\d{4}(-\d\d(-\d\d)?|-Q[1-4]|-H[12])?|\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d")
WIDTHS = (1280, 768, 320)

EVERY = sorted(path.stem for path in (Path(__file__).parents[2] / "maps").glob("*.toml"))
FITS = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const frame = document.querySelector(".gt-frame");
  const canvas = document.querySelector(".gt-canvas");
  return wide <= 0 && (!frame || Math.abs(parseFloat(canvas.style.width) - frame.clientWidth) <= 1);
}"""


@pytest.mark.parametrize("name", EVERY)
def test_map_opens_from_disk(browse, maps, watch, name):
    page = browse(maps.path(name))
    timemap = maps.timemaps[name]
    root = page.locator("html")
    shown = root.get_attribute("data-slice")
    assert ISO.fullmatch(shown)
    assert shown == timemap.slices[timemap.opening].iso
    assert page.locator("section.geotrack").get_attribute("data-slice") == shown
    assert page.title() == timemap.title
    assert page.locator("h1").inner_text() == timemap.title
    assert page.locator(".gt-sentence").inner_text() == timemap.layers[0].sentences[timemap.opening]
    assert page.locator(".gt-error").is_hidden()
    assert watch.requests == []


def test_map_fits_every_width(browse, maps, map_id):
    page = browse(maps.path(map_id), size=(320, 640))
    assert page.evaluate(FITS)
    page.locator(".gt-view[value=table]").click()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
    page.locator(".gt-view[value=map]").click()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(FITS)


def test_map_is_accessible(browse, maps, map_id):
    """With a tooltip, that on a phone, and there as a table; again in the dark, where only colours differ."""
    page = browse(maps.path(map_id))
    tooltip(page)
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    page.wait_for_function(FITS)
    tooltip(page)
    assert violations(page) == []
    page.locator(".gt-view[value=table]").click()
    assert page.locator(".gt-table table").is_visible()
    assert violations(page) == []
    darken(page)
    assert unreadable(page) == []
    page.locator(".gt-view[value=map]").click()
    for width in (320, 1280):  # the tooltip stands by itself, or over the map
        page.set_viewport_size({"width": width, "height": 640})
        page.wait_for_function(FITS)
        tooltip(page)
        assert unreadable(page) == []


def tooltip(page):
    page.locator(".folium-map").press("Home")
    assert page.locator(".gt-tip").is_visible()


def test_what_is_not_accessible_is_found(browse):
    page = browse("<!DOCTYPE html><html><title>x</title><body><main><img src=data:,></main>", ready="")
    assert [each.split(":")[0] for each in violations(page)] == [
        "html-has-lang",
        "image-alt",
        "page-has-heading-one",
    ]


def test_gallery_fits_and_is_accessible(browse, maps, watch):
    page = browse(maps.folder / "index.html")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(FITS)
        assert width == 768 or violations(page) == []
    darken(page)
    assert unreadable(page) == []
    assert watch.requests == []


def test_gallery_links_every_map(browse, maps):
    page = browse(maps.folder / "index.html")
    hrefs = page.eval_on_selector_all("h2 a", "links => links.map((a) => a.getAttribute('href'))")
    assert sorted(hrefs) == sorted(f"{map_id}.html" for map_id in maps.timemaps)
    every = page.eval_on_selector_all("a", "links => links.map((a) => a.getAttribute('href'))")
    assert all((maps.folder / unquote(href)).is_file() for href in every)
    assert page.locator("svg.thumb").count() == len(hrefs)
    page.locator("h2 a").first.click()
    page.wait_for_selector("section.geotrack[data-ready=true]", state="attached")
    assert page.url.endswith(hrefs[0])


def test_forced_theme_overrides_the_reader(browse, maps):
    import geotrack as gt

    page_of = lambda theme: gt.choropleth("cbeci-countries", metrics=["share"], theme=theme).to_html()  # noqa: E731
    for theme, dark in (("dark", False), ("light", True)):
        page = browse(page_of(theme), dark=dark)
        ground = page.eval_on_selector(".geotrack", "root => getComputedStyle(root).backgroundColor")
        assert ground == {"dark": "rgb(20, 23, 26)", "light": "rgb(255, 255, 255)"}[theme]
        swatch = page.locator(".gt-swatch").first.evaluate("s => s.style.background")
        layer = gt.choropleth("cbeci-countries", metrics=["share"]).layers[0]
        wanted = layer.dark[0] if theme == "dark" else layer.light[0]
        assert swatch == f"rgb({', '.join(str(int(wanted[i : i + 2], 16)) for i in (1, 3, 5))})"


@pytest.mark.parametrize("as_table", [False, True])
def test_an_open_tooltip_leaves_no_trace_on_a_narrower_page(browse, maps, as_table):
    page = browse(maps.path("shift"))
    page.locator(".folium-map").press("Home")  # the highest: far to the right at first
    tip = page.locator(".gt-tip").first
    tip.wait_for()
    if as_table:
        page.locator(".gt-view[value=table]").click()
        assert not tip.is_visible()
    page.set_viewport_size({"width": 320, "height": 640})
    page.wait_for_function("() => document.documentElement.scrollWidth <= 320")
    assert tip.is_visible() != as_table
    if not as_table:  # it is put anew, where there is room
        page.wait_for_function("() => document.querySelector('.gt-tip').classList.contains('gt-docked')")


# ---- names on the map ----------------------------------------------------------------------------

# Per slice: each label's box and the ends of its lines, and how much of each region with a figure they hide.
NAMES = """(m, steps) => {
  const frame = document.querySelector(".gt-frame");
  const box = (node) => {
    const edge = frame.getBoundingClientRect(); // the sentence above may take another line
    const { x, y, width, height } = node.getBoundingClientRect();
    return { x: x - edge.x - frame.clientLeft, y: y - edge.y - frame.clientTop, width, height };
  };
  const { clientWidth: width, clientHeight: height } = frame;
  const whose = [];
  for (let y = 1; y < height; y += 3) {
    for (let x = 1; x < width; x += 3) whose.push([x, y, m.layer.at({ x, y })]);
  }
  return steps.map((t) => {
    m.go(t, true);
    const labels = [...document.querySelectorAll(".gt-frame .gt-label")].filter((node) => !node.hidden);
    const boxes = labels.map(box);
    const within = (b, x, y) => x >= b.x && x <= b.x + b.width && y >= b.y && y <= b.y + b.height;
    const hidden = {};
    for (const [x, y, region] of whose) {
      if (region < 0 || m.layer.style(region).quiet !== false) continue;
      const [all, lost] = hidden[region] ?? [0, 0];
      hidden[region] = [all + 1, lost + boxes.some((each) => within(each, x, y))];
    }
    const ends = [...document.querySelectorAll(".gt-leader")].map((line) => {
      const [x, y] = ["x2", "y2"].map((key) => Number(line.getAttribute(key)));
      return m.layer.at({ x, y });
    });
    return {
      frame: { width, height }, boxes, ends, hidden,
      names: labels.map((node) => node.querySelector("b").textContent),
      buttons: [...document.querySelectorAll(".gt-frame .leaflet-control")].map(box),
    };
  });
}"""
LEFT = """(m, [i, zoom]) => {
  const { x, y } = m.layer.spot(i);
  m.map.setView(m.map.containerPointToLatLng([x, y]), m.map.getZoom() + zoom, { animate: false });
  const labels = [...document.querySelectorAll(".gt-label")].filter((node) => !node.hidden);
  return labels.map((node) => node.firstChild.textContent);
}"""


def meets(a, b):
    return (
        a["x"] < b["x"] + b["width"] and b["x"] < a["x"] + a["width"]
        and a["y"] < b["y"] + b["height"] and b["y"] < a["y"] + a["height"]
    )  # fmt: skip


FITTED = """([width]) => innerWidth === width
  && document.querySelector(".gt-canvas").width === document.querySelector(".gt-frame").clientWidth"""


def check_names(timemap, steps, found):
    """Every group in front is labelled, within the frame, off other labels; a line leads to its region."""
    front = [group for group in timemap.groups if group.kind == "group"]
    seen = 0
    for t, told in zip(steps, found, strict=True):
        boxes, frame = told["boxes"], told["frame"]
        for box in boxes:
            assert 0 <= box["x"] <= box["x"] + box["width"] <= frame["width"]
            assert 0 <= box["y"] <= box["y"] + box["height"] <= frame["height"]
        apart = [*boxes, *told["buttons"]]
        assert not any(meets(a, b) for i, a in enumerate(apart) for b in apart[i + 1 :])
        for g, group in enumerate(front):
            places = {i for u in group.units for i in timemap.units[u].members}
            if timemap.layers[0].group_status[g, t] and all(
                timemap.units[u].kind == "region" for u in group.units
            ):
                assert group.name in told["names"]
                assert places & set(told["ends"]), f"{group.name}: no line leads to it"
        for region, (whole, lost) in told["hidden"].items():
            assert lost < 0.25 * whole + 1, (timemap.boundaries.names[int(region)], told["names"])
        seen += len(boxes)
    assert seen >= len(front)


def test_names_stand_beside_what_they_name_and_hide_no_figure(browse, maps, inside, map_id):
    timemap = maps.timemaps[map_id]
    page = browse(maps.path(map_id), size=(1280, 720))
    count = len(timemap.slices)
    steps = sorted({0, count // 2, count - 1})
    for size in ((1280, 720), (768, 1024), (390, 844), (320, 640)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.wait_for_function(FITTED, arg=[size[0]])
        check_names(timemap, steps, inside(page, NAMES, steps))


def test_a_name_stays_where_it_is_while_time_runs(browse, maps, inside):
    page = browse(maps.path("shift"), size=(1280, 720))
    steps = list(range(len(maps.timemaps["shift"].slices)))
    found = inside(page, NAMES, steps)
    assert len({(box["x"], box["y"]) for each in found for box in each["boxes"]}) == 2


def test_a_name_goes_with_its_region_out_of_the_frame(browse, maps, inside):
    page = browse(maps.path("shift"), size=(1280, 720))
    codes = maps.timemaps["shift"].boundaries.codes
    assert inside(page, LEFT, [codes.index("CHN"), 4]) == ["China"]
    assert inside(page, LEFT, [codes.index("DEU"), 0]) == []
