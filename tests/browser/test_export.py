"""The CSV that is exported is the CSV that the page hands out, but for the ends of its lines."""

from __future__ import annotations

import csv
import io
import re

import geopandas as gpd
import pandas as pd
from shapely.geometry import box

import geotrack as gt


def downloaded(browse, page_path, tmp_path) -> bytes:
    page = browse(page_path)
    with page.expect_download() as waiting:
        page.locator(".gt-csv").click()
    waiting.value.save_as(tmp_path / "page.csv")
    return (tmp_path / "page.csv").read_bytes()


def test_it_is_the_page_s_own(browse, maps, map_id, tmp_path):
    ours = maps.timemaps[map_id].save_table(tmp_path / "ours.csv").read_bytes()
    assert ours.count(b"\n") > 10
    assert b"\r" not in ours
    page = downloaded(browse, maps.path(map_id), tmp_path)
    if maps.timemaps[
        map_id
    ].modes:  # the page of a shift hands out its measures too, in sections of their own
        page = figures_of(page)
    assert page == ours.replace(b"\n", b"\r\n")


def figures_of(page: bytes) -> bytes:
    """The section of a shift's CSV that every map has, without the columns that name sections."""
    head, *rows = csv.reader(io.StringIO(page.decode("utf-8-sig"), newline=""))
    own = head.index("section")
    assert len({row[own] for row in rows}) > 1
    out = io.StringIO(newline="")
    kept = [row[:own] for row in rows if row[own] == "figures"]
    csv.writer(out, lineterminator="\r\n").writerows([head[:own], *kept])
    return out.getvalue().encode("utf-8-sig")


def test_it_is_the_page_s_own_of_hostile_text(browse, tmp_path):
    names = ["=1+1", "@SUM(A1)", "+49", "-5", 'a "b", c', "line\nbreak", "<script>", "שלום"]
    shapes = gpd.GeoDataFrame(
        {"code": names}, geometry=[box(i, 0, i + 1, 1) for i in range(len(names))], crs="EPSG:4326"
    )
    frame = pd.DataFrame({"code": names, "period": "2020-01", "value": [i - 2.25 for i in range(len(names))]})
    frame["value"] = frame["value"].abs()
    timemap = gt.choropleth(frame, boundaries=shapes, unit="=kg")
    timemap.save(tmp_path / "own.html")
    ours = timemap.save_table(tmp_path / "ours.csv").read_bytes()
    page = downloaded(browse, tmp_path / "own.html", tmp_path)
    assert page == re.sub(rb"\n(?!break)", b"\r\n", ours)
    assert ours.count(b"'=kg") == len(names)
