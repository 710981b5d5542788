"""Figures: real files, read back; colours by class, text within the frame, the same bytes each time."""

from __future__ import annotations

import io
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from PIL import Image
from pypdf import PdfReader

import geotrack as gt
from geotrack.errors import OutputError, SpecError
from geotrack.map import views
from geotrack.map.classes import palette
from geotrack.map.shades import contrast
from geotrack.measure.changes import moved
from geotrack.model import LOWER_BOUND
from geotrack.publish import site
from geotrack.render.picture import encode, fonts, sizes
from geotrack.render.picture import figure as room
from geotrack.render.picture.drawing import Drawing, own_settings
from geotrack.render.picture.fonts import Fonts
from geotrack.render.picture.ground import ground_of
from geotrack.render.picture.ink import DARK, LIGHT, fills, ink_of
from geotrack.render.picture.panels import Panel, label_aggregates
from geotrack.timemap import TimeMap

THREE = ("2019-09", "2021-07", "2022-01")
SVG = "{http://www.w3.org/2000/svg}"
NASTY = '<script>alert(1)</script> $\\frac{a}{b}$ \\input{x} & "quoted" | _*[]()\nשלום'


def picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def count(image: Image.Image, colour: str) -> int:
    return int((np.asarray(image.convert("RGB")) == rgb(colour)).all(axis=2).sum())


def texts(data: bytes) -> list[str]:
    return ["".join(node.itertext()) for node in ET.fromstring(data).iter(f"{SVG}text")]


@pytest.fixture(scope="module")
def shift(timemaps: Mapping[str, TimeMap]) -> TimeMap:
    return timemaps["shift"]


@pytest.fixture(scope="module")
def svg(shift: TimeMap) -> bytes:
    return shift.to_figure(".svg", at=THREE)


@pytest.mark.parametrize(
    ("slice_", "theme"), [("2019-09", "light"), ("2021-07", "light"), ("2022-01", "dark")]
)
def test_china_has_the_colour_of_its_class(shift: TimeMap, slice_: str, theme: str) -> None:
    layer, t = shift.layers[0], views.place_of(shift, slice_)
    view = views.choose(shift, "slices", (slice_,))
    ink = DARK if theme == "dark" else LIGHT
    to = room.Setting(sizes.size_of("183mm"), ink, Fonts())
    with own_settings():
        grid = room._grid(view, to, 0, 9.0, 0.0)
    china = shift.boundaries.codes.index("CHN")
    image = picture(shift.to_figure(".png", at=[slice_], theme=theme)).convert("RGB")
    from geotrack.map.classes import class_of

    value = float(layer.values[[u.code for u in shift.units].index("CHN"), t])
    colours = layer.dark if theme == "dark" else layer.light
    # the map lies above the remainder's line: find it from the page's lower end of its colour
    wanted = colours[class_of(layer, value)]
    x = (3 + grid.ground.points[china, 0]) * 300 / 72
    column = [image.getpixel((round(x), y)) for y in range(image.height)]
    assert column.count(rgb(wanted)) > 60
    assert image.getpixel((2, 2)) == rgb(ink.page)


def test_a_png_has_its_size_resolution_and_words(shift: TimeMap) -> None:
    image = picture(shift.to_figure(".png", at=THREE))
    assert image.width == round(183 / 25.4 * 300)
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert "China" in image.info["Description"]
    assert image.info["Title"] == shift.title
    assert "Cambridge" in image.info["Source"]
    assert not {"Software", "Creation Time"} & set(image.info)


@pytest.mark.parametrize(
    ("width", "dpi", "pixels"),
    [
        ("1200px", 0, 1200),
        ("og", 0, 1200),
        ("web", 192, 2400),
        ("slide", 72, 960),
        ("89mm", 0, 1051),
        ("12.1cm", 100, 476),
    ],
)
def test_widths(shift: TimeMap, width: str, dpi: int, pixels: int) -> None:
    image = picture(shift.to_figure(".png", width=width, dpi=dpi))
    assert image.width == pixels
    assert width != "og" or image.height == 630


def test_the_presets_are_what_their_sources_say() -> None:
    millimetres = {name: sizes.size_of(name).width / sizes.POINTS["mm"] for name in sizes.PRESETS}
    expected = {
        "nature-single": 89,
        "nature-double": 183,
        "science-single": 57,
        "science-double": 121,
        "science-triple": 184,
        "a4": 170,
    }
    assert {name: round(millimetres[name], 6) for name in expected} == expected
    assert sizes.size_of("slide").width == pytest.approx(959.76)


def test_a_pdf_embeds_truetype_fonts_and_says_what_it_shows(shift: TimeMap) -> None:
    reader = PdfReader(io.BytesIO(shift.to_figure(".pdf", at=THREE)))
    [page] = reader.pages
    assert float(page.mediabox.width) == pytest.approx(183 / 25.4 * 72, abs=0.01)
    text = " ".join(page.extract_text().split())
    for words in (
        "China 75.5%",
        "North America 46.0%",
        "Without a place on the map 9.0%",
        "covert mining",
    ):
        assert words in text
    told = reader.metadata
    assert told is not None
    assert told.title == shift.title
    assert "China" in str(told.subject)
    assert "/CreationDate" not in told
    fonts = [f.get_object() for f in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    inner = [f["/DescendantFonts"][0].get_object() for f in fonts]
    assert {f["/Subtype"] for f in inner} == {"/CIDFontType2"}  # TrueType
    assert all("/FontFile2" in f["/FontDescriptor"].get_object() for f in inner)
    assert not list(page.images)


def test_pdffonts_finds_every_font_embedded(
    shift: TimeMap, tmp_path: Path, program: Callable[[str], str]
) -> None:
    path = shift.save_figure(tmp_path / "out.pdf", at=THREE)
    told = subprocess.run([program("pdffonts"), path], capture_output=True, text=True, check=True).stdout
    lines = told.splitlines()[2:]
    assert len(lines) >= 3
    assert all("TrueType" in line and re.search(r"yes yes yes", line) for line in lines)


@pytest.fixture(scope="module")
def chinese() -> TimeMap:
    """A map in Chinese; its letters come from a real font, which tests/programs.sh installs."""
    assert Fonts().system, "no Chinese font was found, and this test needs one: run `sh tests/programs.sh`"
    return site.timemap("shift", lang="zh")


def test_chinese_is_drawn_and_embedded_by_a_font_that_readers_take(
    chinese: TimeMap, tmp_path: Path, program: Callable[[str], str]
) -> None:
    path = chinese.save_figure(tmp_path / "zh.pdf", at=["2019-09", "2022-01"])
    told = subprocess.run([program("pdffonts"), path], capture_output=True, text=True, check=True)
    assert not told.stderr  # "Mismatch between font type and embedded font file" is a font that is not drawn
    lines = told.stdout.splitlines()[2:]
    assert any("CJK" in line for line in lines)
    assert all("yes yes yes" in line for line in lines)
    said = PdfReader(path).pages[0].extract_text()
    assert {"2019年9月", "北美洲", "无数据"} <= set(re.findall(r"[\u4e00-\u9fff\d]+", said))


def test_an_svg_in_chinese_holds_every_letter_and_a_png_draws_them(chinese: TimeMap) -> None:
    data = chinese.to_figure(".svg", at=["2022-01"])
    assert {"2022年1月", "无数据"} <= set(texts(data))
    test_the_embedded_fonts_hold_every_letter(data)
    with own_settings():
        sheet = Drawing(80, 14, LIGHT, Fonts())
        for x, letter in enumerate("算力"):
            sheet.text(20 + 30 * x, 11, letter, 10)
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        canvas: Any = FigureCanvasAgg(sheet.figure)
        canvas.draw()
        pixels = np.asarray(canvas.buffer_rgba())[..., 0]
        first, second = pixels[:, 20:30], pixels[:, 50:60]
    assert (first < 128).any()
    assert (second < 128).any()
    assert not np.array_equal(first, second)  # two letters, not two boxes for what is missing


def test_an_svg_is_text_with_its_fonts_and_no_script(svg: bytes, shift: TimeMap) -> None:
    root = ET.fromstring(svg)
    assert len(svg) < 400_000
    assert root.find(f"{SVG}title").text == shift.title  # type: ignore[union-attr]
    assert "China" in str(root.find(f"{SVG}desc").text)  # type: ignore[union-attr]
    assert {"September 2019", "July 2021", "January 2022", "no data", "status in dispute"} <= set(texts(svg))
    assert not list(root.iter(f"{SVG}script"))
    assert not list(root.iter(f"{SVG}image"))
    text = svg.decode()
    assert re.findall(r"@font-face\{font-family:'Source Sans Pro';font-weight:(\d+)", text) == [
        "400",
        "600",
        "700",
    ]
    assert not re.search(r'(href|url\()\s*=?\s*["\']?http', text.replace("http://www.w3.org", ""))
    assert "gt400" not in text
    assert "<dc:date>" not in text


def test_the_embedded_fonts_hold_every_letter(svg: bytes) -> None:
    import base64

    from fontTools.ttLib import TTFont

    letters = set("".join(texts(svg))) - {" "}
    held: set[int] = set()
    for data in re.findall(r"base64,([^)]*)\)", svg.decode()):
        held |= set(TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap())
    assert {ord(letter) for letter in letters} <= held


@pytest.mark.parametrize(("weight", "word"), [(400, "AVATAR Ty. fi ffl ½"), (700, "Wave To, V.A.")])
def test_a_cut_font_sets_its_letters_as_the_whole_one_does(weight: int, word: str) -> None:
    import uharfbuzz
    from fontTools.ttLib import TTFont

    def shaped(data: bytes) -> list[tuple[object, ...]]:
        font, buffer = uharfbuzz.Font(uharfbuzz.Face(data)), uharfbuzz.Buffer()
        buffer.add_str(word)
        buffer.guess_segment_properties()
        uharfbuzz.shape(font, buffer)
        placed = zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        return [(each.cluster, *at.position, *font.get_glyph_extents(each.codepoint)) for each, at in placed]

    path = Fonts().files[weight][0]
    with TTFont(io.BytesIO(encode._subset(path, 0, "".join(sorted(set(word)))))) as cut:
        assert cut.flavor == "woff"
        assert set(cut.getBestCmap()) == {*map(ord, word)}
        assert str(cut["name"].getDebugName(1)).startswith("Source Sans Pro")
        assert "Open Font License" in str(cut["name"].getDebugName(13))
        cut.flavor = None
        cut.save(small := io.BytesIO())
    found = shaped(Path(path).read_bytes())
    assert shaped(small.getvalue()) == found
    plain = uharfbuzz.Font(uharfbuzz.Face(Path(path).read_bytes()))
    widths = [plain.get_glyph_h_advance(plain.get_nominal_glyph(ord(letter))) for letter in word]
    assert [each[3] for each in found] != widths, "these letters are kerned"


@pytest.mark.parametrize("width", [*sizes.PRESETS, "50mm"])
@pytest.mark.parametrize("name", ["shift", "revenue-canaan", "hashrate-since-2025"])
def test_no_text_leaves_the_frame_or_meets_another(
    timemaps: Mapping[str, TimeMap], name: str, width: str
) -> None:
    timemap, size = timemaps[name], sizes.size_of(width)
    data = timemap.to_figure(".svg", width=width)
    root = ET.fromstring(data)
    high = float(root.attrib["viewBox"].split()[3])
    fonts, boxes = Fonts(), []
    for node in root.iter(f"{SVG}text"):
        style = node.attrib["style"]
        points = float(re.search(r"font-size: ([\d.]+)px", style)[1])  # type: ignore[index]
        weight = int(re.search(r"font-weight: (\d+)", style)[1])  # type: ignore[index]
        assert points >= 6
        wide = fonts.width(str(node.text), points, weight)
        x = float(node.attrib["x"]) - (wide / 2 if "middle" in style else 0)
        boxes.append((x, float(node.attrib["y"]), x + wide, points))
    assert boxes
    assert all(x >= -0.1 and right <= size.width + 0.1 for x, _, right, _ in boxes)
    assert all(points * 0.7 <= y <= high for _, y, _, points in boxes)
    for i, (x, y, right, points) in enumerate(boxes):
        for x2, y2, right2, points2 in boxes[i + 1 :]:
            apart = right <= x2 or right2 <= x or abs(y - y2) >= 0.9 * min(points, points2)
            assert apart, (width, list(root.iter(f"{SVG}text"))[i].text)


def test_a_difference_is_symmetric_about_zero_and_in_points(shift: TimeMap) -> None:
    view = views.choose(shift, "difference", ("2022-01", "2019-09"))
    layer = moved(view)
    assert layer.edges == tuple(-edge for edge in layer.edges[::-1])
    assert layer.labels == shift.modes.changes[0].labels
    china = [u.code for u in shift.units].index("CHN")
    assert layer.values[china, 0] == pytest.approx(21.11 - 75.53, abs=0.02)
    said = texts(shift.to_figure(".svg", between=("2019-09", "2022-01")))
    assert "−54.4\u00a0points" in said
    assert "+39.2\u00a0points" in said
    assert "−100 to −50" in said
    assert "change not known" in said
    assert any("percentage points" in line for line in said)
    assert any("6.1% → 9.0%" in line for line in said)
    image = picture(shift.to_figure(".png", between=("2019-09", "2022-01")))
    assert count(image, layer.light[layer.labels.index("−100 to −50")]) > 10_000  # China


def test_the_grey_preset_has_no_colour_and_a_pattern_a_class(shift: TimeMap) -> None:
    image = np.asarray(picture(shift.to_figure(".png", at=THREE, preset="grey")).convert("RGB")).astype(int)
    assert np.ptp(image, axis=2).max() <= 20  # the ink itself is a bluish grey
    found = fills(shift.layers[0], ink_of("", "grey"))
    assert len({(fill.colour, fill.hatch) for fill in found}) == len(found)
    assert len({fill.hatch for fill in found[1:]}) == len(found) - 1
    twelve = replace(shift.layers[0], edges=tuple(range(13)), zero=False, labels=("",) * 12)
    assert len({fill.hatch for fill in fills(twelve, ink_of("dark", "grey"))}) >= 6
    both = replace(shift.layers[0], edges=(-2.0, -1.0, 0.0, 1.0, 2.0), zero=True, labels=("",) * 5)
    assert len({(fill.colour, fill.hatch) for fill in fills(both, ink_of("", "grey"))}) == 5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_strokes_of_a_lower_bound_are_seen_on_every_class(theme: str) -> None:
    """A bound in the darkest class had strokes of nearly its own colour, and looked like a figure."""
    ink = ink_of(theme)
    for name in ("YlGnBu", "Blues", "RdBu_r", "viridis"):
        for colour in palette(name, 9, dark=ink.dark):
            assert contrast(colour, ink.strokes(colour).line) >= 3


def test_a_lower_bound_is_drawn_with_them(shift: TimeMap) -> None:
    layer = shift.layers[0]
    china = [unit.code for unit in shift.units].index("CHN")
    status = np.where(np.arange(len(shift.units))[:, None] == china, LOWER_BOUND, layer.status)
    bound = replace(layer, status=status.astype(np.uint8))
    with own_settings():
        panel = Panel(Drawing(300.0, 200.0, LIGHT, Fonts()), shift, ground_of(shift, 300.0, 200.0), 0.0, 0.0)
        for t, edge in (
            (0, LIGHT.page),
            (22, LIGHT.bound),
        ):  # 75.5% is in the darkest class, 0 in the lightest
            panel.show(bound, t)
            drawn = [fill.line for fill, look in panel._bounds.items() if look.get_paths()]
            assert drawn == [edge]


def test_aggregates_are_one_shape_with_a_label(timemaps: Mapping[str, TimeMap]) -> None:
    canaan = timemaps["revenue-canaan"]
    said = texts(canaan.to_figure(".svg", at=["2017", "2021-Q1"]))
    assert said.count("Overseas (all but China)") == 2
    assert "8.5%, not split" in said
    assert "78.4%, not split" in said


@pytest.mark.parametrize(("slice_", "shown"), [("2017", "CHN"), ("2025-Q3", "USA")])
@pytest.mark.parametrize("width", [150.0, 200.0, 300.0, 500.0])
def test_a_label_stands_beside_what_it_names_and_hides_no_other_figure(
    timemaps: Mapping[str, TimeMap], width: float, slice_: str, shown: str
) -> None:
    canaan = timemaps["revenue-canaan"]
    view = views.choose(canaan, "slices", [slice_])
    with own_settings():
        sheet = Drawing(width, 400.0, LIGHT, Fonts())
        panel = Panel(sheet, canaan, ground_of(canaan, width, 400.0), 0.0, 0.0)
        joined = panel.show(view.layer, view.slices[0])
        named = [(canaan.units[u].name, "31.0%, not split", regions) for u, regions in joined]
        # a second one, so that there is something to keep off
        artists = label_aggregates(
            panel, [*named, ("China", "91.5%", [canaan.boundaries.codes.index("CHN")])], 7.0
        )
    boxes = [artist.get_bbox() for artist in artists if isinstance(artist, Rectangle)]
    first, second = boxes
    for box in boxes:
        assert box.xmin >= 0 <= box.ymin
        assert box.xmax <= panel.ground.width
        assert box.ymax <= panel.ground.height
    assert not first.overlaps(second)
    for code in (shown, "CHN"):
        path = panel.ground.regions[canaan.boundaries.codes.index(code)]
        assert hidden(path, boxes) < (0.05 if width >= 300 else 0.3), code
    ends = [tuple(artist.get_xydata()[1]) for artist in artists if isinstance(artist, Line2D)]
    places = {regions[0] for _, _, regions in named} | {canaan.boundaries.codes.index("CHN")}
    reached = {
        i
        for i, path in enumerate(panel.ground.regions)
        for end in ends
        if path is not None and path.contains_point(end)
    }
    assert canaan.boundaries.codes.index("CHN") in reached
    if slice_ == "2025-Q3":  # one land of three regions: one line, to the largest
        assert reached - {canaan.boundaries.codes.index("CHN")} <= set(named[0][2])
        assert len(reached) == 2
    else:
        assert len(places) == len(reached) + 1  # of all the world but China there is no line


def hidden(path: Any, boxes: Sequence[Any]) -> float:
    """The part of a region under boxes."""
    low, high = path.get_extents().min, path.get_extents().max
    grid = np.stack(np.meshgrid(*np.linspace(low, high, 60).T), axis=-1).reshape(-1, 2)
    inside = grid[path.contains_points(grid)]
    under = [((inside >= box.min) & (inside <= box.max)).all(axis=1) for box in boxes]
    return float(np.any(under, axis=0).mean())


def test_a_user_s_settings_of_matplotlib_change_nothing_and_stay(shift: TimeMap) -> None:
    import matplotlib as mpl

    plain = shift.to_figure(".svg")
    with mpl.rc_context({"font.size": 30, "hatch.linewidth": 9, "text.usetex": True, "svg.fonttype": "path"}):
        assert shift.to_figure(".svg") == plain
        assert mpl.rcParams["hatch.linewidth"] == 9


@pytest.mark.parametrize("suffix", [".svg", ".pdf", ".png"])
def test_hostile_names_stay_text(shift: TimeMap, suffix: str) -> None:
    group = replace(shift.groups[0], name=NASTY)
    nasty = TimeMap(
        replace(
            shift.content,
            title=NASTY * 3,
            groups=(group, *shift.groups[1:]),
            notes=(NASTY,) * len(shift.notes),
        )
    )
    data = nasty.to_figure(suffix, at=THREE, width="89mm")
    if suffix == ".svg":
        root = ET.fromstring(data)
        assert not list(root.iter(f"{SVG}script"))
        assert any("$\\frac{a}{b}$" in line for line in texts(data))
    elif suffix == ".pdf":
        assert "<script>alert(1)</script>" in PdfReader(io.BytesIO(data)).pages[0].extract_text()
    else:
        assert picture(data).info["Title"].startswith("<script>")


def test_a_figure_of_one_s_own_table() -> None:
    table = pd.DataFrame(
        {"country": ["Singapore", "China", "Chile"], "period": ["2021"] * 3, "value": [3.0, 2.0, -1.0]}
    )
    mine = gt.choropleth(table, breaks="diverging")
    said = texts(mine.to_figure(".svg", title=""))
    assert "2021" in said
    assert mine.title not in said


def test_a_slice_without_figures_says_so(shift: TimeMap) -> None:
    layer = shift.layers[0]
    status = layer.status.copy()
    status[:, 0] = 0
    empty = TimeMap(replace(shift.content, layers=(replace(layer, status=status), *shift.layers[1:])))
    assert "no figure for this period" in texts(empty.to_figure(".svg", at=["first", "last"]))


def test_lower_bounds_are_in_the_legend_where_there_are_some(shift: TimeMap) -> None:
    layer = shift.layers[0]
    status = np.where(layer.status > 0, 3, 0).astype(np.uint8)
    bounds = TimeMap(
        replace(
            shift.content, layers=(replace(layer, status=status, group_status=layer.group_status * 0 + 3),)
        )
    )
    said = texts(bounds.to_figure(".svg"))
    assert "lower bound" in said
    assert "at least 75.5%" in said
    assert "lower bound" not in texts(shift.to_figure(".svg"))
    assert "change not known exactly" in texts(bounds.to_figure(".svg", between=("first", "last")))


def test_a_map_with_tiles_is_drawn_in_mercator_without_them() -> None:
    tiles = gt.choropleth("cbeci-countries", tiles="OpenStreetMap")
    said = texts(tiles.to_figure(".svg"))
    assert "Drawn without the map's background of tiles." in said
    assert any("Web Mercator" in line for line in said)


def test_in_a_given_height_the_notes_on_the_groups_in_front_are_kept_and_the_others_counted(
    shift: TimeMap,
) -> None:
    said = " ".join(texts(shift.to_figure(".svg", at=THREE, width="og")))
    assert "China (July 2021): reported as zero; CCAF speaks of covert mining" in said
    assert "More notes, which stand on the map's page: 2." in said
    assert "Cambridge Centre for Alternative Finance" in said


def test_twelve_panels_fill_their_rows(shift: TimeMap) -> None:
    at = [step.iso for step in shift.slices[:12]]
    data = shift.to_figure(".svg", at=at)
    rows = {
        node.attrib["y"]
        for node in ET.fromstring(data).iter(f"{SVG}text")
        if node.text and node.text[-4:-2] == "20"
    }
    assert len([line for line in texts(data) if line in {s.label for s in shift.slices}]) == 12
    assert rows
    wide = picture(shift.to_figure(".png", at=at[:4], cols=4, dpi=100))
    tall = picture(shift.to_figure(".png", at=at[:4], cols=1, dpi=100))
    assert wide.height < tall.height


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"width": "12 parsecs"}, "expected a length such as 89mm"),
        ({"width": "1mm"}, "is 1 mm wide; expected 50 to"),
        ({"width": "1200x20px"}, "a height, if given"),
        ({"preset": "blue"}, "preset 'blue' is not known; expected one of: colour, grey"),
        ({"theme": "pink"}, "theme 'pink' is not known; expected one of: light, dark"),
        ({"cols": 99}, "cols = 99 is out of range; expected 1 to 12"),
        ({"dpi": 5}, "dpi = 5 is out of range; expected 36 to 1200"),
        ({"font": "no.ttf"}, "font = 'no.ttf' cannot be read as a font"),
        ({"at": ["1999"]}, "no slice '1999'"),
        ({"metric": "foo"}, "no metric 'foo'; expected one of: share, hashrate"),
        ({"at": ["first"], "between": ("first", "last")}, "at and between exclude each other"),
        (
            {"at": ["first"] * 14, "width": "1200x300px"},
            "do not fit into",
        ),
    ],
)
def test_what_cannot_be_used_is_refused(shift: TimeMap, options: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError, match=re.escape(message)):
        shift.to_figure(".png", **options)


def test_an_unknown_suffix_is_refused(shift: TimeMap) -> None:
    with pytest.raises(
        SpecError, match=r"'\.gif' is not one of a figure; expected one of: \.png, \.pdf, \.svg"
    ):
        shift.to_figure(".gif")


def test_a_place_that_cannot_be_written_keeps_what_stands_there(shift: TimeMap, tmp_path: Path) -> None:
    (tmp_path / "out.png").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        shift.save_figure(tmp_path / "out.png")
    old = tmp_path / "old.png"
    old.write_bytes(b"old")
    with pytest.raises(SpecError):
        shift.save_figure(old, width="12 parsecs")
    assert old.read_bytes() == b"old"


def box_font(path: Path, letters: str) -> str:
    """A small font that draws every one of some letters as a box."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for corner in ((100, 700), (900, 700), (900, 0)):
        pen.lineTo(corner)
    pen.closePath()
    names = [".notdef", *(f"u{ord(letter):04X}" for letter in letters)]
    builder = FontBuilder(1000)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(letter): f"u{ord(letter):04X}" for letter in letters})
    builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 100)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Boxes", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)
    return str(path)


def test_letters_that_no_font_has(shift: TimeMap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Fonts, "system", {})
    with pytest.raises(
        SpecError, match=r"no font here has the letters 算 力; install .* fonts-noto-cjk, or .*--font"
    ):
        shift.to_figure(".png", title="算力")
    font = box_font(tmp_path / "boxes.ttf", "算力")
    for suffix in (".png", ".pdf", ".svg"):
        data = shift.to_figure(suffix, title="算力", font=font)
        assert data
    assert "算力" in texts(data)
    assert b"geotrack second" in data


def test_lines_break_where_they_may() -> None:
    fonts = Fonts()
    for line in fonts.wrap("Bitcoin mining's move from China to North America", 8, 700, 80):
        assert fonts.width(line, 8, 700) <= 80
    broken = fonts.wrap("x" * 200, 8, 400, 100)
    assert "".join(broken) == "x" * 200
    assert all(fonts.width(line, 8, 400) <= 100 for line in broken)
    assert fonts.clean("a\x00b\nc\u202e🚀") == "ab c\u202e□" or fonts.clean("🚀") in {"□", "🚀"}


@pytest.mark.parametrize("options", [{"between": ("2019-09", "2022-01")}, {"at": ["2022-01"]}])
def test_a_link_s_preview_shows_every_caveat_beside_its_map(shift: TimeMap, options: dict[str, Any]) -> None:
    said = " ".join(texts(shift.to_figure(".svg", width="og", **options)))
    assert "Germany *" in said
    assert "likely inflated" in said
    assert "not listed by the source: Mexico" in " ".join(said.split())
    assert "More notes" not in said


def test_a_map_of_a_given_height_is_larger_beside_its_words_than_below_them(shift: TimeMap) -> None:
    view = views.choose(shift, "slices", ["2022-01"])
    to = room.Setting(sizes.size_of("og"), LIGHT, Fonts())
    with own_settings():
        head = room._head(view, view.layer, view.slices, to, None)
        stacked, _ = room._stacked(view, to, 1, head, 1.1 * to.size.text)
        beside = room._beside(view, to, head, 1.1 * to.size.text)
    assert beside is not None
    assert beside.grid.ground.height > 1.25 * stacked.ground.height
    square = replace(to, size=sizes.size_of("1080x1080px"))
    with own_settings():
        head = room._head(view, view.layer, view.slices, square, None)
        assert room._beside(view, square, head, 1.1 * square.size.text) is None


def test_a_figure_names_the_sources_of_what_it_shows_and_no_others(timemaps: Mapping[str, TimeMap]) -> None:
    canaan = timemaps["revenue-canaan"]
    late = " ".join(texts(canaan.to_figure(".svg", at=["2025-Q3"], width="og")))
    assert "Reportify" in late
    assert "Reuters" not in late
    both = " ".join(texts(canaan.to_figure(".svg", at=["2022", "2025-Q3"])))
    assert "Reportify" in both
    assert "Reuters" in both


def test_a_note_that_regions_share_stands_once(shift: TimeMap) -> None:
    said = " ".join(" ".join(texts(shift.to_figure(".svg", at=["2019-09", "2022-01"]))).split())
    assert "Germany *; Ireland * (January 2022): starred by the source" in said


def test_a_difference_of_which_nothing_is_known_says_so(timemaps: Mapping[str, TimeMap]) -> None:
    said = texts(timemaps["revenue-canaan"].to_figure(".svg", between=("2017", "2025-Q3")))
    assert any(
        line.startswith("No region has an exact figure in both slices: no change is known.") for line in said
    )
    assert not any(
        "no change is known" in line
        for line in texts(timemaps["shift"].to_figure(".svg", between=("2019-09", "2022-01")))
    )


def test_a_map_without_unit_and_metric_of_its_own_says_neither_twice() -> None:
    figures = pd.DataFrame(
        {
            "region": ["CHN", "USA"] * 2,
            "period": ["2020", "2020", "2021", "2021"],
            "value": [1.0, 2.0, 3.0, 1.0],
        }
    )
    own = gt.choropleth(figures, title="Machines sold", unit="machines")
    assert texts(own.to_figure(".svg", at=["2020"])).count("Machines sold") == 1
    assert "Machines sold: change from 2020 to 2021, in machines" in texts(
        own.to_figure(".svg", between=("2020", "2021"))
    )


@given(
    text=st.text("ab fi,;中国。\u00e9-", max_size=120),
    width=st.floats(8, 120),
    weight=st.sampled_from([400, 700]),
)
@settings(max_examples=60, deadline=None)
def test_lines_are_as_full_as_word_by_word(text: str, width: float, weight: int) -> None:
    """Words are placed by a guess and measured at the end of a line only: the lines are the same."""
    own = Fonts()
    lines, line = [], ""
    for word in fonts._words(own.clean(text)):
        if not line or own.width((line + word).rstrip(), 8, weight) <= width:
            line += word
        else:
            lines.append(line)
            line = word
        while len(line.strip()) > 1 and own.width(line.rstrip(), 8, weight) > width:
            fits = own._fitting(line, 8, weight, width)
            lines.append(line[:fits])
            line = line[fits:]
    assert own.wrap(text, 8, weight, width) == tuple(p.strip() for p in [*lines, line] if p.strip())


def test_a_font_is_cut_once_for_the_same_letters(timemaps: Mapping[str, TimeMap]) -> None:
    view = views.choose(timemaps["shift"], "slices", ["2021-07"])
    room.figure(view, ".svg", width="183mm", title="")
    cut = encode._subset.cache_info().misses
    room.figure(view, ".svg", width="183mm", title="")
    assert encode._subset.cache_info().misses == cut


def points_of(path: str) -> list[tuple[float, float]]:
    """Every point of an SVG path of m, l and z, absolute or relative, where a reader of SVG puts it."""
    found, at, start = [], (0.0, 0.0), (0.0, 0.0)
    for command, numbers in re.findall(r"([MLmlz])([^MLmlz]*)", path):
        if command == "z":
            at = start
            continue
        x, y = map(float, re.findall(r"-?(?:\d+\.?\d*|\.\d+)", numbers))
        at = (x + at[0], y + at[1]) if command.islower() else (x, y)
        start = at if command in "Mm" else start
        found.append(at)
    return found


@given(
    rings=st.lists(
        st.lists(st.tuples(st.floats(-99, 999), st.floats(-99, 999)), min_size=3, max_size=6), max_size=4
    )
)
def test_a_shortened_path_leads_where_the_long_one_did(rings: list[list[tuple[float, float]]]) -> None:
    """Rings that do not end where they began, too: after z a reader is back at the ring's first point."""
    long = "\n".join("M " + "\nL ".join(f"{x:.6f} {y:.6f}" for x, y in ring) + "\nz" for ring in rings)
    short = points_of(encode._shorter(long))
    assert len(short) == sum(map(len, rings))
    for a, b in zip(short, points_of(long), strict=True):
        assert a == pytest.approx(b, abs=0.0051)
