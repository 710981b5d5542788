"""The page: asks nobody for anything, lets no text become markup, and is the same every time."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import folium
import folium.plugins
import pytest

from geotrack.errors import SpecError
from geotrack.render.page import assets
from geotrack.render.page.block import element_id, link
from geotrack.render.page.folium_map import TimeFoliumMap
from geotrack.render.page.html import fragment, page
from geotrack.render.page.payload import payload, script_json
from geotrack.timemap import TimeMap
from geotrack.version import version

ROOT = Path(__file__).parents[3]
MAPS = sorted(path.stem for path in (ROOT / "maps").glob("*.toml"))
NASTY = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!--",
    '" onload="alert(1)',
    "{{7*7}}",
]
FETCHING = {"src", "srcset", "data", "poster", "background", "action", "formaction", "xlink:href"}


class Page(HTMLParser):
    """A page taken apart as a browser does: tags with their attributes, scripts and styles as text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": []}
        self.inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {k: v or "" for k, v in attrs}))
        self.inside = tag if tag in self.texts else ""
        if self.inside:
            self.texts[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts[self.inside][-1] += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def pages(timemaps: Mapping[str, TimeMap]) -> dict[str, str]:
    return {name: page(timemap) for name, timemap in timemaps.items()}


def policy(text: str) -> list[str]:
    return [m["content"] for m in Page(text).all("meta") if m.get("http-equiv") == "Content-Security-Policy"]


@pytest.mark.parametrize("name", MAPS)
def test_a_default_page_asks_no_host_for_anything(pages: Mapping[str, str], name: str) -> None:
    found = Page(pages[name])
    for tag, attributes in found.tags:
        asked = {
            k: v for k, v in attributes.items() if k in FETCHING or (k == "href" and tag in {"link", "base"})
        }
        assert all(v.startswith("data:") for v in asked.values()), (tag, asked)
    styles = " ".join(found.texts["style"]) + " ".join(a.get("style", "") for _, a in found.tags)
    assert "@import" not in styles
    assert all(url.startswith(("data:", "#")) for url in re.findall(r"url\(\s*[\"']?([^)\"']*)", styles))
    assert not [t for t, _ in found.tags if t in {"iframe", "object", "embed", "base", "img"}]


@pytest.mark.parametrize("name", MAPS)
def test_a_default_page_forbids_itself_every_host(pages: Mapping[str, str], name: str) -> None:
    [found] = policy(pages[name])
    assert found.startswith("default-src 'none'; script-src 'sha256-")
    assert found.endswith("; img-src data: blob:; base-uri 'none'; form-action 'none'")
    assert "http" not in found
    assert "inline" not in found


def test_a_page_with_tiles_may_ask_their_host(timemaps: Mapping[str, TimeMap]) -> None:
    tiled = TimeMap(replace(timemaps["shift"].content, tiles="OpenStreetMap"))
    text = page(tiled)
    assert policy(text) == []
    assert "tile.openstreetmap.org" in text


def test_unknown_tiles_are_refused(timemaps: Mapping[str, TimeMap]) -> None:
    with pytest.raises(SpecError, match=r"shift: tiles = 'Moon' is not known to folium.*expected a name"):
        page(TimeMap(replace(timemaps["shift"].content, tiles="Moon")))


def test_the_same_map_gives_the_same_page_and_its_ids(
    timemaps: Mapping[str, TimeMap], pages: Mapping[str, str]
) -> None:
    assert page(timemaps["shift"]) == pages["shift"]
    assert not re.search(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", pages["shift"])  # folium's random ids
    assert 'id="map_shift_1"' in pages["shift"]


@pytest.mark.parametrize("name", MAPS)
def test_no_id_occurs_twice(pages: Mapping[str, str], name: str) -> None:
    found = Page(pages[name])
    ids = [a["id"] for _, a in found.tags if "id" in a]
    assert len(ids) == len(set(ids))
    named = {
        i
        for _, a in found.tags
        for i in (a.get("aria-labelledby", "") + " " + a.get("aria-describedby", "")).split()
    }
    assert named <= set(ids)


def test_two_fragments_can_share_a_page(timemaps: Mapping[str, TimeMap]) -> None:
    one, other = fragment(timemaps["shift"]), fragment(timemaps["revenue-canaan"])
    ids = [{a["id"] for _, a in Page(text).tags if "id" in a} for text in (one, other)]
    assert ids[0]
    assert not ids[0] & ids[1]
    assert "<html" not in one
    assert "<h1" not in one
    names = [
        {a["name"] for a in Page(text).all("input") if a.get("type") == "radio"} for text in (one, other)
    ]
    assert not names[0] & names[1]  # radio buttons of two maps are two choices
    maps = [re.findall(r"var (map_\w+) = L\.map", text) for text in (one, other)]
    assert len(maps[0]) == len(maps[1]) == 1
    assert maps[0] != maps[1]


def test_folium_s_own_lists_stay_as_they_were(timemaps: Mapping[str, TimeMap]) -> None:
    before = [list(folium.Map.default_js), list(folium.Map.default_css)]
    made = TimeFoliumMap(timemaps["shift"])
    made.get_root().render()
    assert made.default_js == made.default_css == []
    assert before == [folium.Map.default_js, folium.Map.default_css]
    assert before[0], "folium's list is class-level and not empty"
    assert "leaflet.js" in folium.Map(location=[0, 0], zoom_start=1).get_root().render()


def test_a_folium_layer_can_be_added(timemaps: Mapping[str, TimeMap]) -> None:
    made = timemaps["shift"].to_folium()
    folium.CircleMarker([30, 104], popup="Sichuan").add_to(made)
    text = made.get_root().render()
    assert "L.circleMarker" in text
    assert isinstance(made, folium.Map)


def test_a_bare_map_carries_none_of_leaflet_s_rules_for_what_it_has_not(
    timemaps: Mapping[str, TimeMap],
) -> None:
    def styles(text: str) -> str:
        return " ".join(re.findall(r"<style[^>]*>(.*?)</style>", text, flags=re.DOTALL))

    made = timemaps["shift"].to_folium()
    bare = styles(made.get_root().render())
    folium.CircleMarker([30, 104], popup="Sichuan").add_to(made)
    full = styles(made.get_root().render())
    for rule in (".leaflet-popup-content", ".leaflet-marker-icon", ".leaflet-control-layers-toggle"):
        assert rule not in bare
        assert rule in full
    for rule in (".leaflet-control-zoom", ".leaflet-zoom-box", ".leaflet-container", "@media print"):
        assert rule in bare  # zoom, and the box that a drag with the shift key draws
    assert bare.count("{") == bare.count("}")
    for text in (bare, full):
        assert ".leaflet-pane > canvas" in text  # styles know no entities
        assert "&" not in text


def test_the_map_begins_before_anything_of_others(timemaps: Mapping[str, TimeMap]) -> None:
    """What a plugin asks its host for may never come, and a browser waits for it."""
    made = timemaps["shift"].to_folium()
    folium.Marker([30, 104], icon=folium.Icon("blue", icon="cloud"), popup="Sichuan").add_to(made)
    folium.plugins.MarkerCluster([[30, 104]]).add_to(made)
    text = made.get_root().render()
    begun = text.index('window.geotrack.mount("geotrack-shift"')
    asked = [found.start() for found in re.finditer(r'<(script|link)[^>]*(src|href)="http', text)]
    assert len(asked) > 5
    assert begun < min(asked)
    tags = [text[start : text.index(">", start)] for start in asked]
    assert all("onerror=\"window.geotrack.lost('geotrack-shift',this)\"" in tag for tag in tags)
    assert text.count("window.geotrack.added(") == 2
    assert text.count('window.geotrack.missed("geotrack-shift",["Marker","MarkerCluster"],') == 1


@pytest.mark.parametrize("text", NASTY)
def test_no_text_becomes_markup(timemaps: Mapping[str, TimeMap], text: str) -> None:
    shift = timemaps["shift"]
    plain = page(shift)
    layer = replace(shift.layers[0], sentences=tuple(text for _ in shift.slices))
    assert shift.series.method
    assert shift.series.missing
    said: Any = {"method": text, "missing": text, "caveats": tuple(text for _ in shift.series.caveats)}
    spoilt = TimeMap(
        replace(
            shift.content,
            title=text,
            description=text,
            units=(replace(shift.units[0], name=text, label=text), *shift.units[1:]),
            groups=tuple(replace(g, name=text) for g in shift.groups),
            events=tuple(replace(e, label=text) for e in shift.events),
            event_places=tuple(text for _ in shift.events),
            origins=tuple(
                replace(o, publisher=text, title=text, licence=text, note=text) for o in shift.origins
            ),
            notes=tuple(text for _ in shift.notes),
            series=replace(shift.series, **said),
            layers=(layer, *shift.layers[1:]),
            projection=text,
            data_hashes={f"{text}{i}": "0" * 64 for i in range(len(shift.data_hashes))},
        )
    )
    found = Page(page(spoilt))
    assert [t for t, _ in found.tags] == [t for t, _ in Page(plain).tags]
    assert not [a for _, a in found.tags if any(k.startswith("on") for k in a)]
    [carried] = [t for t in found.texts["script"] if t.startswith('{"format"')]
    read, wanted = json.loads(carried), json.loads(str(script_json(payload(spoilt, version()))))
    assert {key: read[key] for key in wanted} == wanted
    assert set(read) - set(wanted) == {"modes", "script"}  # of a shift, packed: no text in them is markup


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "//host/x", "/x", "ftp://x",
        "", "not stated", "https://a b", "https://", " https://a", "https://a\n", "https://a\njavascript:x",
    ],
)  # fmt: skip
def test_only_web_addresses_become_links(url: str) -> None:
    assert link(url) == ""


def test_web_addresses_become_links() -> None:
    assert link("https://ccaf.io/cbnsi?a=1#b") == "https://ccaf.io/cbnsi?a=1#b"
    assert link("http://example.org") == "http://example.org"


def test_a_source_without_a_web_address_is_named_without_a_link(timemaps: Mapping[str, TimeMap]) -> None:
    shift = timemaps["shift"]
    origins = tuple(replace(o, url="javascript:alert(1)", licence_url="javascript:2") for o in shift.origins)
    events = tuple(replace(e, url="javascript:3") for e in shift.events)
    found = Page(page(TimeMap(replace(shift.content, origins=origins, events=events))))
    assert not [a for a in found.all("a") if not a["href"].startswith("https://")]


def test_every_link_out_is_marked(pages: Mapping[str, str]) -> None:
    links = Page(pages["shift"]).all("a")
    assert len(links) > 5
    assert all("noopener" in a["rel"] for a in links)


@pytest.mark.parametrize("end", ["</script>", "</SCRIPT >", "</Script\n>", "<!--", "<script"])
def test_no_script_can_be_ended_by_its_text(end: str) -> None:
    made = str(assets.script(f'var x = "{end}";'))
    assert not re.search(r"</script|<!--", made, flags=re.IGNORECASE)


def test_ids_are_safe_whatever_the_name(timemaps: Mapping[str, TimeMap]) -> None:
    odd = TimeMap(replace(timemaps["shift"].content, id='a b"<é>'))
    assert element_id(odd) == "geotrack-a-b----"
    assert element_id(TimeMap(replace(odd.content, id=""))) == "geotrack-map"
    assert [t for t, _ in Page(page(odd)).tags] == [t for t, _ in Page(page(timemaps["shift"])).tags]


def test_a_notebook_shows_the_page_in_a_frame(timemaps: Mapping[str, TimeMap]) -> None:
    both: tuple[Any, ...] = (timemaps["shift"], timemaps["shift"].to_folium().get_root())
    for shown in both:
        frame = Page(shown._repr_html_())
        [attributes] = frame.all("iframe")
        assert attributes["srcdoc"] == page(timemaps["shift"])
        assert "allow-same-origin" not in attributes["sandbox"]
        # beside it the script that follows the page's height, and the picture for those who let no frames
        # through, see tests/render/test_notebook.py
        assert [t for t, _ in frame.tags if t not in {"style", "div", "img"}] == ["iframe", "script"]


def test_the_root_says_where_it_stands(pages: Mapping[str, str]) -> None:
    [root] = Page(pages["shift"]).all("section")
    assert root["data-ready"] == "false"
    assert root["data-slice"] == "2019-09"
    [html] = Page(pages["hashrate-share"]).all("html")
    assert html["data-slice"] == "2022-01"


def test_the_theme_is_the_reader_s_unless_said(timemaps: Mapping[str, TimeMap]) -> None:
    def theme(text: str) -> Any:
        return Page(text).all("section")[0].get("data-theme")

    assert theme(page(timemaps["shift"])) is None
    assert theme(page(TimeMap(replace(timemaps["shift"].content, theme="dark")))) == "dark"


def test_without_script_the_page_still_has_its_figures(pages: Mapping[str, str]) -> None:
    start = pages["shift"].index("<noscript>")
    inside = pages["shift"][start : pages["shift"].index("</noscript>")]
    assert "75.53%" in inside
    assert "September 2019" in inside


@pytest.mark.parametrize("name", MAPS)
def test_a_page_is_written_without_folium_as_folium_writes_it(
    timemaps: Mapping[str, TimeMap], pages: Mapping[str, str], name: str
) -> None:
    assert TimeFoliumMap(timemaps[name].content).get_root().render() == pages[name]
    odd = replace(timemaps[name].content, id="Ünï-1 x<y")
    assert TimeFoliumMap(odd).get_root().render() == page(odd)
