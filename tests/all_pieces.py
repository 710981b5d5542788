"""Write a piece of every kind that geotrack makes into a folder: `python all_pieces.py FOLDER`.

`test_sameness` runs it in two processes that have nothing in common but the data.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

import folium

import geotrack as gt
from geotrack.map import views
from geotrack.map.views import excerpt
from geotrack.publish import atlas, embed, site
from geotrack.publish.report import report
from geotrack.publish.report.formats import FORMATS as REPORTS
from geotrack.render.film.animation import SUFFIXES, animation
from geotrack.render.picture.encode import SUFFIXES as PICTURES
from geotrack.render.picture.figure import figure
from geotrack.render.table.export import FORMATS, export
from geotrack.timemap import TimeMap

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
FORMS = sorted(set(embed.FORMS) - {"oembed"})
TEMPLATE = """+++
title = "T"
+++
{{ share("CHN", "2019-09") }} {{ cite("canaan-revenue") }}

{{ figure("hashrate-share", at=["2019-09", "2022-01"]) }}

{{ map("hashrate-share") }}

{{ table("hashrate-share") }}
"""
LARGE = "shift"  # the one map with modes: its page is embedded whole, once


def pages(folder: Path) -> dict[str, TimeMap]:
    """Write every default map and the gallery, as `geotrack build` does; return the maps."""
    built = [site.build(path, folder, DATA).timemap for path in reversed(atlas.find([]))]
    maps = [timemap for timemap in built[::-1] if timemap]
    site.gallery(maps, folder)
    return {path.stem: timemap for path, timemap in zip(atlas.find([]), maps, strict=True)}


def pictures(maps: Mapping[str, TimeMap]) -> Iterator[tuple[str, bytes]]:
    """Yield figures, films and tables."""
    chosen = views.choose(maps["shift"], "slices", ["2021-07"])
    for suffix in PICTURES:
        yield f"figure{suffix}", figure(chosen, suffix)
    revenue = gt.choropleth("canaan-revenue", metrics=["revenue_share"], data_folder=DATA)
    film = views.choose(revenue, "film", [step.iso for step in revenue.slices][::4])
    for suffix in SUFFIXES:
        yield f"film{suffix}", animation(film, suffix, width=320)
    for name in ("revenue-canaan", "shift"):
        for suffix in FORMATS:
            yield f"{name}{suffix}", export(excerpt(maps[name]), suffix)


def folium_maps() -> Iterator[tuple[str, str]]:
    """Yield a folium map with a layer of folium's own, saved twice; folium's ids are random."""
    shown = gt.choropleth("cbeci-countries", metrics=["share"], data_folder=DATA).to_folium()
    folium.PolyLine([(39.9, 116.4), (39.7, -105.0)]).add_to(shown)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("folium.html", "folium-again.html"):
            shown.save(Path(folder) / name)
            yield name, (Path(folder) / name).read_text(encoding="utf-8")


def words() -> Iterator[tuple[str, str]]:
    """Yield what is said of a map, and of its shift."""
    chinese = gt.choropleth("cbeci-countries", lang="zh", data_folder=DATA)
    yield "words.txt", "|".join((chinese.caption(kind="film"), chinese.alt_text()))
    moved = gt.choropleth("cbeci-countries", data_folder=DATA).shift("2019-09", "2022-01")
    yield "shift.txt", f"{moved}"
    yield "shift.json", json.dumps(moved.to_dict())
    yield "shift.html", moved._repr_html_()


def main(folder: Path, maps: Mapping[str, TimeMap] | None = None) -> None:
    """Write all of them; the pages unless they are there."""
    maps = maps or pages(folder / "maps")
    for name, content in pictures(maps):
        (folder / name).write_bytes(content)
    for name, text in chain(words(), folium_maps()):
        (folder / name).write_text(text, encoding="utf-8")
    template = folder / "template.md"
    template.write_text(TEMPLATE, encoding="utf-8")
    for suffix in REPORTS:
        report.write(report.make(template, folder / f"report{suffix[1:]}" / f"report{suffix}", str(DATA)))
    for form in FORMS:
        out = folder / f"embedded-{form}"
        name = LARGE if form == "inline" else "hashrate-share"
        url = "https://example.org/"
        embed.piece(embed.Wish(name, form, out=out, data=DATA, url=url, pages=folder / "maps", at="2021-07"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
