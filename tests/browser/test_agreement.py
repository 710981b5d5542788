"""Colour, tooltip, table and CSV say the same, in every slice and whichever way time moves."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from accessibility import darken
from classifier import classify
from shapely.geometry import Point, box

import geotrack as gt
from geotrack.map.classes import Breaks
from geotrack.map.shades import contrast

LOWER = 3  # the code of "lower bound" in model.STATUSES

# Per step of a walk through time: the colour under each region's label point as "#rrggbb", "" where nothing
# is painted, null outside the frame, "edge" where the pixel does not lie wholly within the region.
COLOURS = """async (m, steps) => {
  const { layer } = m;
  const [canvas] = layer.canvases;
  const hex = (data, at) => "#" + [0, 1, 2].map((k) => data[at + k].toString(16).padStart(2, "0")).join("");
  return steps.map((t) => {
    m.go(t, true);
    const { data } = layer.pens[0].getImageData(0, 0, canvas.width, canvas.height);
    return layer.geometry.regions.map((region, i) => {
      const { x, y } = layer.spot(i);
      const [px, py] = [x, y].map((v) => Math.floor(v * layer.view.dpr));
      if (px < 0 || py < 0 || px >= canvas.width || py >= canvas.height) return null;
      const corners = [[0, 0], [0, 1], [1, 0], [1, 1]].map(([a, b]) => (
        { x: (px + a) / layer.view.dpr, y: (py + b) / layer.view.dpr }));
      if (region.rings.length && corners.some((corner) => layer.at(corner) !== i)) return "edge";
      const at = 4 * (py * canvas.width + px);
      return data[at + 3] < 255 ? "" : hex(data, at);
    });
  });
}"""
CELLS = "rows => rows.map((row) => [row.dataset.region, row.cells[1].firstChild.textContent])"
THEME = "(m) => m.layer.theme"


def owners(timemap, layer, t):
    """Return per region the place of the unit that speaks for it in a slice, or -1."""
    found = np.full(len(timemap.boundaries.codes), -1)
    for kind in ("aggregate", "region"):  # a region's own figure comes before its aggregate's
        for u, unit in enumerate(timemap.units):
            if unit.kind == kind and layer.status[u, t]:
                found[list(unit.members)] = u
    return found


def blend(colour, one, other):
    """Tell whether a colour lies between two others: a stroke's edge over its ground."""
    if not colour:
        return False
    c, a, b = (np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)]) for text in (colour, one, other))
    low, high = np.minimum(a, b) - 2, np.maximum(a, b) + 2
    return bool(((c >= low) & (c <= high)).all())


def check_colours(timemap, layer, colours, theme, walk):
    """Compare what was seen with the class of each value; returns how many colours were compared.

    walk : pairs of a slice's place and the colours seen there, one per region.
    """
    drawn = np.array([bool(unit.members) for unit in timemap.units])[:, None] & (layer.status > 0)
    codes = classify(np.where(drawn, layer.values, np.nan), Breaks(layer.edges, "", layer.zero))
    dots = [not shape for shape in timemap.boundaries.shapes]
    listed = {i for unit in timemap.units if unit.kind == "region" for i in unit.members}
    compared = 0
    for t, row in walk:
        for i, u in enumerate(owners(timemap, layer, t)):
            where = f"{timemap.boundaries.codes[i]} in {timemap.slices[t].iso}: {row[i]}"
            own = u >= 0 and timemap.units[u].kind == "region"
            assert not own or row[i] is not None, f"{where}: has a value and lies outside the frame"
            spared = dots[i] and (i not in listed or (u >= 0 and not own))  # stands for nothing of its own
            if row[i] in {None, "edge"} or spared:
                continue
            if u < 0:
                assert row[i] not in colours, where
                assert blend(row[i], theme["missing"], theme["hatch"]), f"{where}: no data"
            else:
                wanted = colours[codes[u, t] - 1]
                seen = theme["bound"] if contrast(wanted, theme["bound"]) >= 3 else theme["page"]
                bound = layer.status[u, t] == LOWER and blend(row[i], wanted, seen)
                # a union of paths is a unit off where an edge runs close by
                assert blend(row[i], wanted, wanted) or bound, f"{where}: expected {wanted}"
                compared += 1
    return compared


def there_and_back(count):
    """Walk forward, backward and in leaps."""
    rng = np.random.default_rng(7)
    leaps = [int(t) for t in rng.permutation(count)]
    return [*range(count), *range(count - 1, -1, -1), *leaps]


def test_colours_are_the_classes_of_the_values(browse, maps, inside, map_id):
    """Whichever way time moves; in the dark, where only the colours are others, once through it."""
    timemap = maps.timemaps[map_id]
    page = browse(maps.path(map_id), size=(1280, 900))
    count = len(timemap.slices)
    own = [unit.kind == "region" for unit in timemap.units]
    cells = sum(int((layer.status[own] > 0).sum()) for layer in timemap.layers)
    for dark, steps in ((False, there_and_back(count)), (True, [*range(count)])):
        if dark:
            darken(page)
        compared = 0
        for m, layer in enumerate(timemap.layers):
            if len(timemap.layers) > 1:
                page.locator(".gt-metric input").nth(m).check()
            seen = inside(page, COLOURS, steps)
            walk = zip(steps, seen, strict=True)
            colours = layer.dark if dark else layer.light
            compared += check_colours(timemap, layer, colours, inside(page, THEME), walk)
        # but for the few that are smaller than a pixel
        assert compared >= len(steps) // count * cells * 0.97


def test_members_of_an_undivided_aggregate_take_its_colour(browse, maps, inside):
    timemap = maps.timemaps["revenue-canaan"]
    layer = timemap.layers[0]
    page = browse(maps.path("revenue-canaan"))
    u = [unit.code for unit in timemap.units].index("canaan-overseas")
    spoken = [t for t in range(len(timemap.slices)) if layer.status[u, t]]
    place = {code: i for i, code in enumerate(timemap.boundaries.codes)}
    silent = [t for t in range(len(timemap.slices)) if owners(timemap, layer, t)[place["BRA"]] < 0]
    assert spoken
    for t in spoken[:3]:
        page.locator(".folium-map").press("Escape")
        inside(page, "(m, t) => m.go(t)", t)
        spot = inside(page, "(m, i) => m.layer.spot(i)", place["BRA"])
        page.locator(".folium-map").hover(position=spot)
        # the figure is the aggregate's: it is never said of Brazil
        assert page.locator(".gt-tip-name").inner_text() == timemap.units[u].name
        assert "Brazil is one of its regions" in page.locator(".gt-tip-within").inner_text()
    for t in silent[:2]:
        row = inside(page, COLOURS, [t])[0]
        assert row[place["BRA"]] not in layer.light


@pytest.mark.parametrize("m", [0, 1], ids=["share", "hashrate"])
def test_tooltip_and_table_agree(browse, maps, inside, m):
    timemap = maps.timemaps["shift"]
    layer = timemap.layers[m]
    page = browse(maps.path("shift"), hash=f"#m={layer.metric.name}")
    page.locator(".folium-map").scroll_into_view_if_needed()
    compared = 0
    for t in (0, len(timemap.slices) // 2, len(timemap.slices) - 1):
        inside(page, "(m, t) => m.go(t)", t)
        page.locator(".gt-view[value=table]").click()
        cells = dict(page.eval_on_selector_all(".gt-table tbody tr", CELLS))
        page.locator(".gt-view[value=map]").click()
        frame = page.locator(".gt-frame").bounding_box()
        spots = inside(page, "(m) => m.page.codes.map((_, i) => m.layer.spot(i))")
        for i, u in enumerate(owners(timemap, layer, t)):
            if u < 0:
                continue
            page.mouse.move(frame["x"] + 1 + spots[i]["x"], frame["y"] + 1 + spots[i]["y"])
            name, value = page.evaluate(
                """() => [document.querySelector(".gt-tip-name").textContent,
                          document.querySelector(".gt-tip-value").firstChild.textContent]"""
            )
            assert (name, value) == (timemap.units[u].name, cells[timemap.units[u].code])
            assert float(re.search(r"[\d.]+", value.replace(",", ""))[0]) == pytest.approx(
                float(layer.values[u, t])
            )
            compared += 1
    assert compared > 20


@pytest.mark.parametrize("scale", ["countries-110m", "countries-50m"])
def test_a_territory_has_its_own_figure_or_says_whose_it_shows(browse, inside, scale):
    """France with and without French Guiana: land under another's colour is named with the other's figure."""
    rows = [("FRA", "2020", 100.0), ("FRA", "2021", 90.0), ("NOR", "2020", 7.0)]
    alone = pd.DataFrame(rows, columns=["region", "period", "value"])
    both = pd.concat([alone, pd.DataFrame([("GUF", "2021", 1.0)], columns=alone.columns)])
    said = []
    for frame in (alone, both):
        timemap = gt.choropleth(frame, boundaries=scale, unit="EH/s")
        page = browse(timemap.to_html())
        seen = inside(page, COLOURS, [0, 1])
        layer = timemap.layers[0]
        theme = inside(page, THEME)
        assert check_colours(timemap, layer, layer.light, theme, enumerate(seen)) >= 4
        places = {code: timemap.boundaries.codes.index(code) for code in ("FRA", "GUF", "SJM")}
        inside(page, "(m) => m.go(0, true)")
        for code in places.values():
            page.locator(".folium-map").hover(position=inside(page, "(m, i) => m.layer.spot(i)", code))
            told = [page.locator(f".gt-tip-{part}") for part in ("name", "value", "within")]
            said.append(tuple(each.first.inner_text() if each.count() else "" for each in told))
    own, guiana, svalbard = said[:3]
    assert own[0] == "France"
    assert own[2] == ""
    assert guiana[0] == "French Guiana"
    assert guiana[1].startswith("100\u00a0EH/s")
    assert guiana[2] == "In the figure of France; not listed by itself."
    assert svalbard == (
        "Svalbard and Jan Mayen",
        svalbard[1],
        "In the figure of Norway; not listed by itself.",
    )
    assert said[4] == ("French Guiana", "no data", "")


# ---- a user's own grid: regions that come and go, painted as paths and through the index image --


def comers_and_goers(side, slices=6, dots=0):
    """Return a map of side × side cells of which about half have a value in each slice."""
    cells = [box(x, y, x + 1, y + 1) for y in range(side) for x in range(side)]
    cells += [Point(i + 0.8, i + 0.2) for i in range(dots)]
    codes = [f"cell {i}" for i in range(len(cells))]
    shapes = gpd.GeoDataFrame({"code": codes, "name": codes}, geometry=cells, crs="EPSG:3857")
    rng = np.random.default_rng(side)
    there = rng.random((len(cells), slices)) < 0.5
    there[0] = [t == 2 for t in range(slices)]  # one that is there but once
    values = np.round(rng.lognormal(2, 1.5, there.shape), 1)
    values[1] = 0.0  # a true zero is a value
    rows = [
        (codes[i], f"2020-{t + 1:02d}", values[i, t], "lower bound" if i % 5 == 4 else "reported")
        for i in range(len(cells))
        for t in range(slices)
        if there[i, t]
    ]
    table = pd.DataFrame(rows, columns=["code", "month", "value", "status"])
    return gt.choropleth(table, boundaries=shapes, unit="MW", title="Cells", projection="EPSG:3857")


@pytest.mark.parametrize(("side", "whole"), [(12, False), (36, True)], ids=["paths", "index image"])
def test_regions_that_vanish_are_drawn_as_missing(browse, inside, side, whole):
    timemap = comers_and_goers(side)
    page = browse(timemap.to_html())
    assert inside(page, "(m) => m.layer.painter.whole") is whole
    steps = there_and_back(len(timemap.slices))
    layer = timemap.layers[0]
    for dark in (False, True):
        if dark:
            darken(page)
        seen = inside(page, COLOURS, steps)
        colours = layer.dark if dark else layer.light
        walk = zip(steps, seen, strict=True)
        compared = check_colours(timemap, layer, colours, inside(page, THEME), walk)
        assert compared == 3 * int((layer.status > 0).sum())


def test_dots_lie_over_their_neighbours_and_vanish_with_their_figures(browse, inside):
    """A dot within a cell is neither painted over when the cell changes nor left behind when it goes."""
    timemap = comers_and_goers(12, dots=12)
    page = browse(timemap.to_html())
    around = """(m, t) => {
      const read = () => m.page.codes.slice(144).map((_, k) => {
        const { x, y } = m.layer.spot(144 + k);
        const { data } = m.layer.pens[0].getImageData(x - 2, y - 2, 5, 5);
        return [...data].join();
      });
      const steps = [t + 3, t + 1, t];
      for (const step of steps) m.go(step % m.page.slices.length, true);
      const stepped = read();
      m.layer.draw();
      return read().filter((fresh, k) => fresh !== stepped[k]).length;
    }"""
    for t in range(len(timemap.slices)):
        assert inside(page, around, t) == 0, t
    colours = inside(page, COLOURS, [0])[0][144:]
    layer = timemap.layers[0]
    spoken = owners(timemap, layer, 0)[144:] >= 0
    assert 0 < spoken.sum() < 12
    assert [colour in layer.light for colour in colours] == spoken.tolist()


def test_a_dot_that_its_aggregate_takes_over_is_wiped_off(browse, inside):
    """A dot with a figure of its own, then none drawn: what lies beneath it shows again."""
    timemap = comers_and_goers(12, dots=3)
    page = browse(timemap.to_html())
    before, dotted, after = inside(
        page,
        """(m) => {
          const plain = (i) => (i < 144 ? { colour: "#336699" } : { missing: true, quiet: true });
          const dot = (i) => (i < 144 ? plain(i) : { colour: "#ff0000" });
          const { x, y } = m.layer.spot(144);
          const read = (changed, style) => {
            m.layer.painter.paint(changed, style);
            return [...m.layer.pens[0].getImageData(x - 2, y - 2, 4, 4).data].join();
          };
          const every = [...m.page.codes.keys()];
          return [read(every, plain), read([144], dot), read([144], plain)];
        }""",
    )
    assert before == after != dotted


@pytest.mark.parametrize("side", [12, 36], ids=["paths", "index image"])
def test_missing_is_hatched_in_both_painters(browse, inside, side):
    timemap = comers_and_goers(side)
    page = browse(timemap.to_html())
    i = int(np.flatnonzero(owners(timemap, timemap.layers[0], 0) < 0)[0])
    found = inside(
        page,
        """(m, i) => {
          const { x, y } = m.layer.spot(i);
          const { data } = m.layer.pens[0].getImageData(x - 4, y - 4, 9, 9);
          const { missing, hatch } = m.layer.theme;
          const red = [missing, hatch].map((colour) => parseInt(colour.slice(1, 3), 16));
          return red.map((ink) => [...data].filter((v, k) => k % 4 === 0 && Math.abs(v - ink) < 9).length);
        }""",
        i,
    )
    assert min(found) >= 4


def test_borders_follow_the_members_of_an_aggregate(browse, maps, inside):
    page = browse(maps.path("revenue-canaan"))
    changed = inside(
        page,
        """(m) => [[1, 2], [1, 2], [3, 4]].map((regions) => m.layer.join([{ unit: 0, regions }]))""",
    )
    assert changed == [True, False, True]


@pytest.mark.parametrize("side", [12, 36], ids=["paths", "index image"])
def test_lower_bounds_are_hatched_in_both_painters(browse, inside, side):
    timemap = comers_and_goers(side)
    page = browse(timemap.to_html())
    u = next(u for u, unit in enumerate(timemap.units) if timemap.layers[0].status[u, 0] == LOWER)
    region = timemap.units[u].members[0]
    layer = timemap.layers[0]
    colour = layer.light[classify(layer.values[u, :1], Breaks(layer.edges, "", layer.zero))[0] - 1]
    strokes = inside(
        page,
        """(m, [t, i, seen]) => {
          m.go(t, true);
          const { x, y } = m.layer.spot(i);
          const { data } = m.layer.pens[0].getImageData(x - 4, y - 4, 9, 9);
          const ink = parseInt(m.layer.theme[seen].slice(1, 3), 16);
          return [...data].filter((v, k) => k % 4 === 0 && Math.abs(v - ink) < 60).length;
        }""",
        [0, region, "bound" if contrast(colour, "#17191c") >= 3 else "page"],
    )
    assert strokes >= 5
    assert page.locator(".gt-swatch-bound").count() == 1


def test_the_index_image_finds_regions_under_the_pointer(browse, inside):
    timemap = comers_and_goers(36)
    page = browse(timemap.to_html())
    wrong = inside(page, "(m) => m.page.codes.filter((_, i) => m.layer.at(m.layer.spot(i)) !== i)")
    assert wrong == []
    page = browse(comers_and_goers(12).to_html())
    wrong = inside(page, "(m) => m.page.codes.filter((_, i) => m.layer.at(m.layer.spot(i)) !== i)")
    assert wrong == []


def test_csv_of_a_users_own_map(browse, tmp_path):
    timemap = comers_and_goers(12)
    page = browse(timemap.to_html())
    with page.expect_download() as waiting:
        page.locator(".gt-csv").click()
    waiting.value.save_as(tmp_path / "own.csv")
    shown = pd.read_csv(tmp_path / "own.csv", keep_default_na=False)
    frame = timemap.to_frame()
    keys = ["start", "region"]
    shown, frame = (f.sort_values(keys, ignore_index=True) for f in (shown, frame))
    assert shown[[*keys, "value", "status"]].equals(frame[[*keys, "value", "status"]])
