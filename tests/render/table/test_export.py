"""Exported files read back by other programs: figures, statuses, sources, shapes; nothing runs."""

from __future__ import annotations

import csv
import gc
import importlib
import io
import json
import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet
import pytest
import shapely
from shapely.geometry import Point, box

import geotrack as gt
from geotrack.errors import OutputError, SpecError
from geotrack.geo import boundaries as geo_boundaries
from geotrack.geo import globe
from geotrack.map.views import excerpt
from geotrack.model import SAID
from geotrack.render.table import sheet as sheets
from geotrack.render.table.export import FORMATS, export
from geotrack.store import reading
from geotrack.timemap import TimeMap

ROOT = Path(__file__).parents[3]
MAPS = sorted(path.stem for path in (ROOT / "maps").glob("*.toml"))
every_map = pytest.mark.parametrize("name", MAPS)
every_format = pytest.mark.parametrize("suffix", FORMATS)
HOSTILE = [
    "=1+1", "+49", "-5", "@SUM(A1)", "#N/A", "<script>alert(1)</script>", 'a "b", c', "a | b_*[]()",
    "\\input{x}", "& &amp;", "שלום עולם", "line\nbreak", "_x0041_", "'quoted'",
    "_x0041_x0042_", "<r><t>bold</t></r>",
]  # fmt: skip


def book_of(timemap: TimeMap, **chosen: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(export(excerpt(timemap, **chosen), ".xlsx")))


def rows_of(book: Any, name: str) -> list[dict[str, Any]]:
    header, *rows = book[name].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def collection(timemap: TimeMap, **chosen: Any) -> Any:
    return json.loads(export(excerpt(timemap, **chosen), ".geojson"))


def own(names: list[str], shapes: list[Any], **more: Any) -> TimeMap:
    """A map of one's own: values in two months, the second one of the last region missing."""
    gdf = gpd.GeoDataFrame({"code": names, "name": names}, geometry=shapes, crs="EPSG:4326")
    rows = [(name, month, i + 0.25) for i, name in enumerate(names) for month in ("2020-01", "2020-02")]
    frame = pd.DataFrame(rows[:-1], columns=["code", "period", "value"]).assign(note="a note")
    return gt.choropleth(frame, boundaries=gdf, **more)


@pytest.fixture(scope="module")
def hostile() -> TimeMap:
    shapes = [box(i, 0, i + 1, 1) for i in range(len(HOSTILE))]
    source = {"publisher": "=P()", "title": "+T", "url": "javascript:alert(1)", "licence": "-L"}
    return own(HOSTILE, shapes, title="=cmd|' /C calc'!A0", unit="@u", source=source)


# ---- Excel -------------------------------------------------------------------------------------


@every_map
def test_a_workbook_has_every_figure_by_slice(timemaps: Mapping[str, TimeMap], name: str) -> None:
    timemap = timemaps[name]
    book = book_of(timemap)
    for layer in timemap.layers:
        tail = f" {layer.metric.name}" if len(timemap.layers) > 1 else ""
        data, status = rows_of(book, f"Data{tail}"), rows_of(book, f"Status{tail}")
        assert [row["Code"] for row in data] == [unit.code for unit in timemap.units]
        for u, (values, words) in enumerate(zip(data, status, strict=True)):
            for t, step in enumerate(timemap.slices):
                found, (value, known) = values[step.iso], layer.cell(u, t)
                assert words[step.iso] == SAID[known]
                assert (found is None) == (known == 0)
                assert found is None or (type(found) in {int, float} and abs(found - value) < 1e-9)


def test_a_workbook_is_captioned_as_its_map_is(
    timemaps: Mapping[str, TimeMap], run: Any, tmp_path: Path
) -> None:
    about = {row["What"]: row["In words"] for row in rows_of(book_of(timemaps["shift"]), "About")}
    names = [step.iso for step in timemaps["shift"].slices]
    assert about["Caption"] == timemaps["shift"].caption(*names)
    assert about["Metric share"] == "Share of the Bitcoin network's hashrate, in %"
    last = {row["What"]: row["In words"] for row in rows_of(book_of(timemaps["shift"], at=["last"]), "About")}
    assert last["Caption"] == timemaps["shift"].caption("last")
    run("export", "shift", tmp_path / "zh.xlsx", "--lang", "zh", "--data", ROOT / "data")
    book = openpyxl.load_workbook(tmp_path / "zh.xlsx")
    assert book["数据 share"]["B3"].value == "中国"
    assert "中国从75.5%降至21.1%" in {row["项目"]: row["文字说明"] for row in rows_of(book, "说明")}["图注"]


def test_missing_zero_and_at_least_are_three_things(timemaps: Mapping[str, TimeMap]) -> None:
    cells = book_of(timemaps["shift"])["Data share"]
    [row] = [row for row in cells.iter_rows() if row[0].value == "CHN"]
    [place] = [cell.column for cell in cells[1] if cell.value == "2021-07"]
    assert (row[place - 1].value, row[place - 1].number_format) == (0, "#,##0.00")
    assert "covert" in row[place - 1].comment.text
    cells = book_of(timemaps["revenue-canaan"])["Data"]
    at = {cell.value: cell.column - 1 for cell in cells[1]}
    china = next(row for row in cells.iter_rows() if row[0].value == "CHN")
    bound, most = china[at["2025-Q2"]], china[at["2025-Q3"]]
    missing = next(row for row in cells.iter_rows() if row[0].value == "USA")[at["2025-Q3"]]
    assert (most.value, most.number_format) == (69, '"≤ "#,##0.0;"≤ "-#,##0.0')
    assert (bound.value, bound.number_format) == (50, '"≥ "#,##0.0;"≥ "-#,##0.0')
    assert bound.comment.text.startswith("Lower bound: at least this much.")
    assert missing.value is None
    assert missing.fill.patternType == "lightUp"


@every_map
def test_a_workbook_s_tidy_rows_are_the_frame(timemaps: Mapping[str, TimeMap], name: str) -> None:
    found = pd.DataFrame(rows_of(book_of(timemaps[name]), "Tidy"))
    for column in ("start", "end"):
        found[column] = found[column].dt.strftime("%Y-%m-%d")
    expected = timemaps[name].to_frame()
    pd.testing.assert_frame_equal(found.fillna({"note": ""}), expected, check_dtype=False)


@every_map
def test_the_parts_of_every_period_add_up(timemaps: Mapping[str, TimeMap], name: str) -> None:
    timemap, told = timemaps[name], 0
    rows = rows_of(book_of(timemap), "Periods")
    assert len(rows) == len(timemap.layers) * len(timemap.slices)
    wholes = {layer.metric.name: layer.metric.whole for layer in timemap.layers}
    for row in rows:
        parts = [
            row[key]
            for key in ("On the map", "Without a place on the map", "Not stated by the source", "Rounding")
        ]
        if row["Whole"] is None:  # nothing is left over of what has no whole
            assert parts[2:] == [None, None]
            assert wholes[row["Metric"]] is None or parts[0] is None
            continue
        told += 1
        assert sum(parts) == pytest.approx(row["Whole"], abs=1e-9)
        # a slice whose figures are all zero is a share of nothing (Chinese provinces, July 2021)
        assert wholes[row["Metric"]] in {None, row["Whole"]} or not any(parts)
        assert row["In words"]
    assert told >= len(timemap.slices)


def test_what_is_not_stated_beside_a_lower_bound_is_at_most(timemaps: Mapping[str, TimeMap]) -> None:
    cells = book_of(timemaps["revenue-canaan"])["Periods"]
    [row] = [row for row in cells.iter_rows() if row[1].value == "2025-Q2"]
    shown = {head.value: cell.number_format[:3] for head, cell in zip(cells[1], row, strict=True)}
    assert (shown["On the map"], shown["Not stated by the source"], shown["Whole"]) == ('"≥ ', '"≤ ', "#,#")


@every_map
def test_a_workbook_names_its_sources(timemaps: Mapping[str, TimeMap], name: str) -> None:
    timemap = timemaps[name]
    book = book_of(timemap)
    rows = rows_of(book, "Sources")
    assert [row["Id"] for row in rows] == [origin.id for origin in timemap.origins]
    assert all(row["Publisher"] and row["Title"] and row["Licence"] for row in rows)
    links = [row[3].hyperlink.target for row in book["Sources"].iter_rows(min_row=2)]
    assert links == [origin.url for origin in timemap.origins]
    about = [(row["What"], row["In words"]) for row in rows_of(book, "About")]
    assert ("Title", timemap.title) in about
    assert [text for what, text in about if what == "Caveat"] == list(timemap.series.table_caveats)
    assert ("Boundaries", timemap.boundaries.info.title) in about
    assert all(origin.publisher in dict(about)["To cite"] for origin in timemap.origins)


def test_a_workbook_is_laid_out_to_be_read(timemaps: Mapping[str, TimeMap]) -> None:
    book = book_of(timemaps["shift"])
    assert book.sheetnames == [
        "Data share", "Data hashrate", "Status share", "Status hashrate", "Tidy", "Periods", "Sources",
        "About",
    ]  # fmt: skip
    assert {cells.title: cells.freeze_panes for cells in book}["Data share"] == "C2"
    assert all(cells.freeze_panes and cells["A1"].font.bold for cells in book)
    assert all(8 <= d.width <= 100 for cells in book for d in cells.column_dimensions.values())
    assert book["Tidy"].auto_filter.ref == book["Tidy"].dimensions


@pytest.mark.parametrize("enabled", [True, False])
def test_python_looks_for_garbage_after_an_export_as_before_it(
    timemaps: Mapping[str, TimeMap], monkeypatch: pytest.MonkeyPatch, enabled: bool
) -> None:
    (gc.enable if enabled else gc.disable)()
    try:
        export(excerpt(timemaps["shift"]), ".xlsx")
        assert gc.isenabled() is enabled
        monkeypatch.setattr(sheets, "MOST_ROWS", 5)
        with pytest.raises(OutputError):
            export(excerpt(timemaps["shift"]), ".xlsx")
        assert gc.isenabled() is enabled
    finally:
        gc.enable()


def test_hostile_text_stays_text_in_a_workbook(hostile: TimeMap) -> None:
    book = book_of(hostile)
    kinds = {
        cell.data_type
        for cells in book
        for row in cells.iter_rows()
        for cell in row
        if cell.value is not None
    }
    assert kinds <= {"s", "n", "d"}
    data = book["Data"]
    names = [row[1] for row in data.iter_rows(min_row=2)]
    assert [cell.value for cell in names] == [unit.name for unit in hostile.units]
    assert all(cell.quotePrefix == cell.value.startswith(sheets.RUNS) for cell in names)
    assert not any(cell.hyperlink for cell in book["Sources"][2])
    assert dict(book["About"].iter_rows(values_only=True, max_col=2))["Title"] == hostile.title
    parts = zipfile.ZipFile(io.BytesIO(export(excerpt(hostile), ".xlsx")))
    assert not any(b"<f>" in parts.read(part) for part in parts.namelist())
    texts = parts.read("xl/sharedStrings.xml")
    assert b"<t>_x005F_x0041_</t>" in texts  # what openpyxl reads as Excel does
    # XlsxWriter would mask the first of two codes that share a sign only, and take <r> for markup of its own
    assert b">_</t></r>" in texts
    assert b"&gt;&lt;t&gt;bold&lt;/t&gt;&lt;/r&gt;</t>" in texts


def test_what_a_sheet_cannot_hold_is_replaced_by_a_sign() -> None:
    assert sheets.sound("a\x00b\x1fc\ufffed\ud800") == "a\ufffdb\ufffdc\ufffdd?"
    assert sheets.sound("a\r\nb\rc") == "a\nb\nc"
    assert sheets.sound("é" * 40_000) == "é" * 32_766 + "…"
    assert sheets.sound("🪙" * 20_000) == "🪙" * 16_383 + "…"  # two of the units that Excel counts


def test_names_of_sheets_fit_and_differ() -> None:
    taken: list[str] = []
    for name in (
        "Data " + "x" * 40,
        "Data " + "X" * 40,
        "a/b:c*[d]?\\",
        "History",
        "''",
        "Data " + "🪙" * 20,
    ):
        taken.append(sheets.fitting(name, taken))
    assert taken == [
        "Data " + "x" * 26, "Data " + "X" * 22 + " (2)", "a_b_c__d___", "History (2)", "Sheet",
        "Data " + "🪙" * 13,
    ]  # fmt: skip
    assert all(len(name.encode("utf-16-le")) <= 62 for name in taken)


def test_days_before_excel_s_calendar_stay_text() -> None:
    assert sheets.day("1899-12-31") == "1899-12-31"
    assert sheets.day("2020-W01") == sheets.day("2020-W01")
    assert str(sheets.day("2020-01-01")) == "2020-01-01"


def test_too_many_rows_are_refused(timemaps: Mapping[str, TimeMap], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 100)
    with pytest.raises(
        OutputError, match=r"sheet 'Tidy': over 100 rows or .*export \.csv or \.parquet, or fewer"
    ):
        export(excerpt(timemaps["shift"]), ".xlsx")


def test_comments_end_where_excel_would_grow_slow(hostile: TimeMap, monkeypatch: pytest.MonkeyPatch) -> None:
    from geotrack.render.table import workbook

    monkeypatch.setattr(workbook, "MOST_COMMENTS", 3)
    cells = book_of(hostile)["Data"]
    assert sum(cell.comment is not None for row in cells.iter_rows() for cell in row) == 3


# ---- CSV ---------------------------------------------------------------------------------------


@every_map
def test_a_csv_is_the_frame(timemaps: Mapping[str, TimeMap], name: str) -> None:
    text = export(excerpt(timemaps[name]), ".csv").decode("utf-8-sig")
    found = pd.read_csv(io.StringIO(text), keep_default_na=False)
    expected = timemaps[name].to_frame()
    risky = expected["note"].str.match(r"[=+\-@\t\r]")
    expected["note"] = expected["note"].where(~risky, "'" + expected["note"])
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def wide_lines(part: Any) -> list[str]:
    return export(part, ".csv", wide=True).decode("utf-8-sig").splitlines()


def test_a_wide_csv_has_a_row_per_unit_and_a_column_per_slice(timemaps: Mapping[str, TimeMap]) -> None:
    timemap = timemaps["revenue-canaan"]
    rows = list(csv.DictReader(io.StringIO(export(excerpt(timemap), ".csv", wide=True).decode("utf-8-sig"))))
    assert [row["code"] for row in rows] == [unit.code for unit in timemap.units]
    names = [f"revenue_share_{step.iso}" for step in timemap.slices]
    known = [f"{name}_status" for name in names]
    tidy = timemap.to_frame()
    noted = set(tidy.loc[tidy["note"] != "", "start"])
    notes = [f"{n}_note" for n, s in zip(names, timemap.slices, strict=True) if s.start in noted]
    assert notes
    assert list(rows[0]) == ["code", "name", "kind", *names, *known, *notes]
    china = rows[0]
    told = tidy[(tidy["region"] == "CHN") & (tidy["start"] == "2025-04-01")]["note"].tolist()
    assert told == [china["revenue_share_2025-Q2_note"]]
    assert (china["revenue_share_2025-Q2"], china["revenue_share_2025-Q2_status"]) == ("50", "lower bound")
    assert (china["revenue_share_2025-Q3"], china["revenue_share_2025-Q3_status"]) == ("69", "upper bound")
    states = next(row for row in rows if row["code"] == "USA")
    assert (states["revenue_share_2025-Q3"], states["revenue_share_2025-Q3_status"]) == ("", "missing")
    zeros = wide_lines(excerpt(timemaps["shift"], ["2021-07"], "share"))
    china = next(line for line in zeros if line.startswith("CHN"))
    assert china.startswith('CHN,China,region,0,reported,"reported as zero; ')


def test_a_csv_runs_nothing(hostile: TimeMap) -> None:
    for wide in (False, True):
        text = export(excerpt(hostile), ".csv", wide=wide).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
        assert {"'=1+1", "'@SUM(A1)", 'a "b", c'} <= {row[0] for row in rows}


# ---- GeoJSON and GeoParquet --------------------------------------------------------------------


@every_map
def test_geojson_has_every_region_and_figure(
    timemaps: Mapping[str, TimeMap], name: str, tmp_path: Path
) -> None:
    timemap = timemaps[name]
    frame = gpd.read_file(timemap.save_table(tmp_path / "a.geojson")).set_index("code")
    assert frame.crs.to_epsg() == 4326
    within = {timemap.boundaries.codes[i] for u in timemap.units if u.kind == "region" for i in u.members[1:]}
    assert set(frame.index) == {*timemap.boundaries.codes, *(unit.code for unit in timemap.units)} - within
    assert frame.index.is_unique
    for layer in timemap.layers:
        for u, unit in enumerate(timemap.units):
            for t, step in enumerate(timemap.slices):
                column = f"{layer.metric.name}_{step.iso}"
                found, (value, known) = frame.at[unit.code, column], layer.cell(u, t)
                assert frame.at[unit.code, f"{column}_status"] == SAID[known]
                assert pd.isna(found) if known == 0 else abs(found - value) < 1e-9
    listed = {unit.code for unit in timemap.units}
    others = frame[~frame.index.isin(listed)].filter(like="_status")
    assert others.isna().all(axis=None)


@every_map
def test_shapes_are_valid_and_turned_as_rfc_7946_wants(timemaps: Mapping[str, TimeMap], name: str) -> None:
    timemap = timemaps[name]
    found = collection(timemap)["features"]
    seen = 0
    for feature in found:
        shape = feature["geometry"]
        if shape is None:
            assert feature["properties"]["kind"] != "region"
            continue
        parsed = shapely.geometry.shape(shape)
        assert parsed.is_valid, feature["properties"]["code"]
        west, south, east, north = parsed.bounds
        assert -180 <= west <= east <= 180
        assert -90 <= south <= north <= 90
        for polygon in getattr(parsed, "geoms", [parsed] if shape["type"] == "Polygon" else []):
            seen += 1
            assert polygon.exterior.is_ccw
            assert not any(hole.is_ccw for hole in polygon.interiors)
            steps = np.abs(np.diff(shapely.get_coordinates(polygon.exterior)[:, 0]))
            assert not ((steps > 180) & (steps < 360)).any()  # nothing jumps over 180 degrees
    assert seen > 30


@every_map
def test_shapes_are_those_of_the_map(timemaps: Mapping[str, TimeMap], name: str) -> None:
    """Projected as the map is, each region's exported shape has the area that is drawn."""
    boundaries = timemaps[name].boundaries
    parts = {f["properties"]["code"]: f["geometry"] for f in collection(timemaps[name])["features"]}
    shapes = dict(zip(boundaries.codes, boundaries.shapes, strict=True))
    for unit in timemaps[name].units:  # parts that show a country's figure are in its shape
        if unit.kind == "region":
            for part in (boundaries.codes[i] for i in unit.members[1:]):
                shapes[unit.code] += shapes.pop(part)
    codes = [code for code, shape in shapes.items() if shape]
    exported = gpd.GeoSeries([shapely.geometry.shape(parts[code]) for code in codes], crs="EPSG:4326")
    drawn = [
        shapely.MultiPolygon([shapely.Polygon(p[0], p[1:]) for p in globe.rings(shape, boundaries.arcs)])
        for shape in shapes.values()
        if shape
    ]
    areas = exported.to_crs(boundaries.crs).area.to_numpy()
    assert areas == pytest.approx([shape.area for shape in drawn], rel=1e-4)
    dots = [code for code, shape in shapes.items() if not shape]
    assert {parts[code]["type"] for code in dots} <= {"Point"}


def test_an_aggregate_has_its_members_shape_without_borders(timemaps: Mapping[str, TimeMap]) -> None:
    found = {f["properties"]["code"]: f for f in collection(timemaps["revenue-canaan"])["features"]}
    whole = shapely.geometry.shape(found["north-america"]["geometry"])
    assert found["north-america"]["properties"]["members"] == "CAN MEX USA"
    parts = shapely.union_all([shapely.geometry.shape(found[c]["geometry"]) for c in ("CAN", "MEX", "USA")])
    assert whole.equals(parts)
    assert found["other"]["geometry"] is None
    assert (found["other"]["properties"]["kind"], found["other"]["properties"]["revenue_share_2018"]) == (
        "remainder",
        3.4,
    )


def test_a_collection_says_where_it_is_from(timemaps: Mapping[str, TimeMap]) -> None:
    timemap = timemaps["revenue-canaan"]
    told = collection(timemap)
    assert told["bbox"] == [-180, -90, 180, 83.65]
    metadata = told["metadata"]
    assert metadata["title"] == timemap.title
    assert metadata["caveats"] == list(timemap.series.table_caveats)
    assert [source["url"] for source in metadata["sources"]] == [origin.url for origin in timemap.origins]
    assert metadata["boundaries"]["licence"] == timemap.boundaries.info.licence
    for row in metadata["periods"]:
        assert sum(row[part] for part in ("mapped", "stated", "unstated", "rounding")) == pytest.approx(
            row["whole"]
        )
    assert {"rounding", "mapped_at_least"} <= set(metadata["periods"][0])


@every_map
def test_geoparquet_is_the_geojson(timemaps: Mapping[str, TimeMap], name: str, tmp_path: Path) -> None:
    ours = gpd.read_parquet(timemaps[name].save_table(tmp_path / "a.parquet"))
    other = gpd.read_file(timemaps[name].save_table(tmp_path / "a.geojson"))
    assert ours.crs.to_string() == "OGC:CRS84"
    assert list(ours["code"]) == list(other["code"])
    assert (ours.geometry.isna() == other.geometry.isna()).all()
    there = ours.geometry.notna()
    assert all(a.equals_exact(b, 0) for a, b in zip(ours.geometry[there], other.geometry[there], strict=True))
    columns = [column for column in ours.columns if column != "geometry"]
    assert set(columns) == set(other.columns) - {"geometry"}
    for column in columns:
        a, b = ours[column], other[column]
        assert ((a == b) | (a.isna() & b.isna())).all(), column
    numbers = [
        column for column in columns if column.split("_")[-1] in {s.iso for s in timemaps[name].slices}
    ]
    assert numbers
    assert (ours[numbers].dtypes == "float64").all()


def test_geoparquet_states_its_format_and_sources(timemaps: Mapping[str, TimeMap], tmp_path: Path) -> None:
    path = timemaps["hashrate-share"].save_table(tmp_path / "a.parquet")
    metadata = pyarrow.parquet.read_schema(path).metadata
    geo = json.loads(metadata[b"geo"])
    assert geo == {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {
            "geometry": {
                "encoding": "WKB",
                "geometry_types": ["MultiPolygon", "Point", "Polygon"],
                "orientation": "counterclockwise",
                "edges": "planar",
                "bbox": [-180, -90, 180, 83.65],
            }
        },
    }
    told = json.loads(metadata[b"geotrack"])
    assert [source["id"] for source in told["sources"]] == [o.id for o in timemaps["hashrate-share"].origins]


def test_parquet_without_pyarrow_says_what_to_install(
    timemaps: Mapping[str, TimeMap], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importlib.import_module

    def without(name: str) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name)

    monkeypatch.setattr(importlib, "import_module", without)
    with pytest.raises(
        SpecError, match=r"needs pyarrow, which is not installed; pip install 'geotrack\[parquet\]'"
    ):
        export(excerpt(timemaps["shift"]), ".parquet")


# ---- boundaries of one's own -------------------------------------------------------------------


def test_own_shapes_come_back_as_they_were_given(tmp_path: Path) -> None:
    ring = box(-10, -10, 10, 10).difference(box(-2, -2, 2, 2))  # with a hole, which another region fills
    over = box(170, -20, 190, -10)  # over 180 degrees
    cap = gpd.GeoSeries([Point(0, 0).buffer(2_000_000)], crs="EPSG:3031").to_crs("EPSG:4326")[0]
    shapes = [ring, box(-2, -2, 2, 2), over, cap, Point(50, 50)]
    timemap = own(["ring", "hole", "over", "pole", "dot"], shapes, projection="EPSG:3031")
    for suffix, read in ((".geojson", gpd.read_file), (".parquet", gpd.read_parquet)):
        frame = read(timemap.save_table(tmp_path / f"a{suffix}")).set_index("code")
        assert frame.geometry.is_valid.all()
        assert frame.at["ring", "geometry"].equals(ring)
        assert frame.at["hole", "geometry"].equals(shapes[1])
        assert frame.at["over", "geometry"].equals(
            shapely.union_all([box(170, -20, 180, -10), box(-180, -20, -170, -10)])
        )
        assert frame.at["pole", "geometry"].covers(Point(30, -85))
        assert frame.at["pole", "geometry"].bounds[:3:2] == (-180, 180)
        assert frame.at["dot", "geometry"].equals(Point(50, 50))
        assert np.isnan(frame.at["dot", "value_2020-02"])
        assert frame.at["dot", "value_2020-02_status"] == "missing"


def test_a_map_on_tiles_is_in_degrees_already() -> None:
    timemap = own(["a", "b"], [box(0, 0, 1, 1), box(1, 0, 2, 1)], tiles="OpenStreetMap")
    assert timemap.boundaries.crs == "EPSG:4326"
    found = [shapely.geometry.shape(feature["geometry"]) for feature in collection(timemap)["features"]]
    assert [shape.bounds for shape in found] == [(0, 0, 1, 1), (1, 0, 2, 1)]


def test_an_aggregate_of_dots_has_no_outline() -> None:
    shapes = globe.shapes_of(own(["a", "b"], [Point(0, 0), box(1, 0, 2, 1)]).boundaries)
    assert globe.dissolved(shapes, [0]) == ()
    assert globe.box_of(shapes) == (0, 0, 2, 1)


def test_projected_boundaries_without_their_degrees_go_back_by_proj() -> None:
    shapes = geo_boundaries.read(ROOT / "data" / "reference" / "boundaries", "china-provinces")
    projected = geo_boundaries.project(shapes)
    assert geo_boundaries.in_degrees(projected) is shapes
    assert geo_boundaries.in_degrees(geo_boundaries.project(projected, "EPSG:3857")) is shapes
    lonely = geo_boundaries.in_degrees(geo_boundaries.replace(projected, degrees=None))
    assert np.abs(np.concatenate(lonely.arcs) - np.concatenate(shapes.arcs)).max() < 1e-7


def test_hostile_names_travel_whole(hostile: TimeMap, tmp_path: Path) -> None:
    names = [unit.name for unit in hostile.units]
    for suffix, read in ((".geojson", gpd.read_file), (".parquet", gpd.read_parquet)):
        frame = read(hostile.save_table(tmp_path / f"a{suffix}"))
        assert sorted(frame["name"]) == sorted(names)


# ---- what is chosen, and where it goes ---------------------------------------------------------


def test_slices_and_metric_are_chosen(timemaps: Mapping[str, TimeMap], tmp_path: Path) -> None:
    timemap = timemaps["shift"]
    book = book_of(timemap, at=["last", "2021-07", "2021-07"], metric="hashrate")
    assert [cell.value for cell in book["Data"][1]][4:] == ["2021-07", "2022-01"]
    assert {row["metric"] for row in rows_of(book, "Tidy")} == {"hashrate"}
    path = timemap.save_table(tmp_path / "a.csv", at="first", metric="share")
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
    assert {(row["start"], row["metric"]) for row in rows} == {("2019-09-01", "share")}


def test_an_excerpt_names_the_sources_of_its_figures_only(timemaps: Mapping[str, TimeMap]) -> None:
    timemap = timemaps["revenue-canaan"]
    metadata = collection(timemap, at=["2018"])["metadata"]
    figures = timemap.to_frame()
    used = set(figures.loc[figures["start"] == "2018-01-01", "origin"])
    assert {source["id"] for source in metadata["sources"]} == used
    assert 0 < len(used) < len(timemap.origins)
    assert "(2018 to 2018)" in metadata["citation"]
    assert "Reuters" not in metadata["citation"]


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"at": "2031"}, r"shift: no slice '2031'; expected one of: 2019-09, .*2022-01"),
        ({"metric": "revenue"}, r"shift: no metric 'revenue'; expected one of: share, hashrate"),
    ],
)
def test_unknown_names_are_refused(
    timemaps: Mapping[str, TimeMap], tmp_path: Path, chosen: dict[str, str], message: str
) -> None:
    with pytest.raises(SpecError, match=message):
        timemaps["shift"].save_table(tmp_path / "a.csv", **chosen)  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("file", "said"), [("a.xls", r"\.xls"), ("a", "a file without a suffix")])
def test_another_suffix_is_refused(
    timemaps: Mapping[str, TimeMap], tmp_path: Path, file: str, said: str
) -> None:
    with pytest.raises(
        SpecError, match=rf"no export to {said}; expected one of: \.xlsx, \.csv, \.geojson, \.parquet"
    ):
        timemaps["shift"].save_table(tmp_path / file)


def test_wide_is_of_csv(timemaps: Mapping[str, TimeMap], tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"wide is a layout of \.csv, not of \.xlsx"):
        timemaps["shift"].save_table(tmp_path / "a.xlsx", wide=True)


@every_format
def test_a_place_that_cannot_be_written_keeps_what_stood_there(
    timemaps: Mapping[str, TimeMap], tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"out{suffix.upper()}"
    path.write_text("earlier")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"cannot be written: No space left on device; what stood there"):
        timemaps["shift"].save_table(path)
    assert [file.read_text() for file in tmp_path.iterdir()] == ["earlier"]


def test_a_workbook_holds_no_moment_of_its_making(timemaps: Mapping[str, TimeMap]) -> None:
    made = zipfile.ZipFile(io.BytesIO(export(excerpt(timemaps["shift"]), ".xlsx")))
    assert {info.date_time for info in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    core = made.read("docProps/core.xml").decode()
    newest = max(day for o in timemaps["shift"].origins for day in (o.published, o.retrieved))
    assert core.count(f">{newest}T00:00:00Z<") == 2


# ---- the command -------------------------------------------------------------------------------


def test_the_command_writes_and_says_so(run: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "new" / "out.xlsx"
    answer = run("export", "china-provinces", path, "--at", "first", "--metric", "share", "--json")
    assert answer.code == 0
    assert json.loads(answer.out) == {
        "map": "china-provinces",
        "file": str(path),
        "bytes": path.stat().st_size,
    }
    assert openpyxl.load_workbook(path)["Data"].max_column == 5


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (
            ("nowhere", "a.csv"),
            7,
            "no map 'nowhere'; expected a path that ends in .toml or one of: china-provinces",
        ),
        (("shift", "a.doc"), 7, "no export to .doc; expected one of: .xlsx, .csv, .geojson, .parquet"),
        (("shift", "a.csv", "--at", "2031"), 7, "no slice '2031'; expected one of"),
        (("shift", "a.csv", "--metric", "x"), 7, "no metric 'x'; expected one of: share, hashrate"),
        (("shift", "a.geojson", "--wide"), 7, "wide is a layout of .csv, not of .geojson"),
    ],
)
def test_mistakes_end_with_one_message(
    run: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    args: tuple[str, ...],
    code: int,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = run("export", *args)
    assert (answer.code, answer.out) == (code, "")
    assert answer.err.count("\n") == 1
    assert message in answer.err
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_told(run: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("earlier")
    answer = run("export", "shift", tmp_path / "file" / "out.csv")
    assert answer.code == 8
    assert "cannot be written" in answer.err
    assert (tmp_path / "file").read_text() == "earlier"


def test_a_figure_stands_in_every_format(timemaps: Mapping[str, TimeMap], tmp_path: Path) -> None:
    """Of one figure of the data, followed by hand."""
    raw = reading.read_raw(reading.observations_path(ROOT / "data", "cbeci-countries"))
    [value] = raw.query("region == 'USA' and start == '2022-01-01' and metric == 'share'")["value"].astype(
        float
    )
    timemap = timemaps["hashrate-share"]
    [feature] = [f for f in collection(timemap)["features"] if f["properties"]["code"] == "USA"]
    frame = gpd.read_parquet(timemap.save_table(tmp_path / "a.parquet")).set_index("code")
    [row] = [r for r in rows_of(book_of(timemap), "Data share") if r["Code"] == "USA"]
    assert value == 37.84
    assert (feature["properties"]["share_2022-01"], frame.at["USA", "share_2022-01"], row["2022-01"]) == (
        value,
    ) * 3
