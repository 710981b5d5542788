"""Tiles: each point in at most one region, as exact arithmetic and as sjoin have it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import chain
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geotrack.errors import BoundaryError
from geotrack.geo import slabs
from geotrack.geo import tiles as module
from geotrack.geo.boundaries import Boundaries, BoundaryInfo, from_geodataframe, project, read
from geotrack.geo.tiles import Tiles, cell_of, place, tiles
from geotrack.geo.topology import build, rings

FOLDER = Path("data/reference/boundaries")
SIDE = 10**7
Point = tuple[int, int]
Ring = Sequence[Point]


def bounded(regions: Mapping[str, Sequence[Ring]]) -> Boundaries:
    """Boundaries of rings in 1e-7 degrees, each ring a polygon of its own."""
    shapes = [[[np.array([*ring, ring[0]]) / SIDE] for ring in found] for found in regions.values()]
    arcs, referenced = build(shapes)
    codes = tuple(regions)
    points = np.zeros((len(codes), 2))
    return Boundaries(BoundaryInfo("made up", "made up"), codes, codes, arcs, referenced, points, "EPSG:4326")


def box(x0: int, y0: int, x1: int, y1: int) -> list[Point]:
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def placed(made: Tiles, points: Sequence[Point]) -> list[str]:
    x, y = np.array(points, dtype=np.int64).T
    return [made.names[n] if n >= 0 else "" for n in place(made, x, y).tolist()]


def exact(regions: Mapping[str, Sequence[Ring]], point: Point) -> list[str]:
    """In which regions a point lies: an odd number of edges pass on or below it."""
    x, y = point
    return [code for code, found in regions.items() if sum(_below(ring, x, y) for ring in found) % 2]


def _below(ring: Ring, x: int, y: int) -> int:
    edges = [sorted(each) for each in zip(ring, [*ring[1:], ring[0]], strict=True)]
    return sum(
        a[1] + Fraction((b[1] - a[1]) * (x - a[0]), b[0] - a[0]) <= y for a, b in edges if a[0] <= x < b[0]
    )


LATTICE = st.tuples(st.integers(-6, 6), st.integers(-6, 6))


@st.composite
def coverages(draw: st.DrawFn) -> tuple[dict[str, list[Ring]], list[Point]]:
    """Triangles between some points, each of one of four regions or of none; and points to ask about."""
    step = draw(st.sampled_from([1, 2, 3_333_333, SIDE // 2, SIDE]))
    left, low = (draw(st.sampled_from(each)) * SIDE + draw(st.integers(-1, 1)) for each in ((-7, 8), (-9, 7)))
    corners = draw(st.lists(LATTICE, min_size=3, max_size=14, unique=True))
    triangles = shapely.get_parts(shapely.delaunay_triangles(shapely.MultiPoint(corners)))
    regions: dict[str, list[Ring]] = {code: [] for code in "ABCD"}
    for triangle in triangles:
        owner = draw(st.sampled_from("ABCD-"))
        if owner in regions:
            ring = shapely.get_coordinates(triangle)[:3].astype(int).tolist()
            regions[owner].append([(left + x * step, low + y * step) for x, y in ring])
    return regions, _asked(regions, draw)


def _asked(regions: Mapping[str, Sequence[Ring]], draw: st.DrawFn) -> list[Point]:
    """Vertices, what is beside them, middles of edges, and points of cells' corners."""
    vertices = sorted({point for found in regions.values() for ring in found for point in ring})
    beside = [(x + dx, y + dy) for x, y in vertices for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    edges = [(a, b) for found in regions.values() for ring in found for a in ring for b in ring]
    middles = [((a[0] + b[0]) // 2, (a[1] + b[1]) // 2) for a, b in edges]
    corners = [(x // SIDE * SIDE - n, y // SIDE * SIDE - n) for x, y in vertices for n in (0, 1)]
    anywhere = [(x + draw(st.integers(-SIDE, SIDE)), y + draw(st.integers(-SIDE, SIDE))) for x, y in vertices]
    return [*beside, *middles, *corners, *anywhere, (0, 0)]


@settings(max_examples=150, deadline=None)
@given(coverages())
def test_points_lie_where_exact_arithmetic_has_them(
    case: tuple[dict[str, list[Ring]], list[Point]],
) -> None:
    regions, points = case
    found = placed(tiles(bounded(regions)), points)
    for point, code in zip(points, found, strict=True):
        assert exact(regions, point) == [code] * bool(code), point


def test_points_on_edges_and_vertices_have_one_region() -> None:
    made = tiles(
        bounded(
            {
                "west": [box(0, 0, 5, 10)],
                "east": [box(5, 0, 10, 10)],
                "north": [[(0, 10), (10, 10), (5, 20)]],
            }
        )
    )
    points = [(5, 3), (0, 0), (10, 3), (3, 10), (5, 10), (5, 20), (0, 10), (3, 0), (0, 3), (-1, 3)]
    expected = ["east", "west", "", "north", "north", "", "", "west", "west", ""]
    assert placed(made, points) == expected


def test_holes_islands_and_slivers_in_one_cell_are_told_apart() -> None:
    lake = box(2000, 2000, 8000, 8000)
    regions = {
        "land": [box(0, 0, 10_000, 10_000), lake, box(3000, 3000, 4000, 4000)],  # and an island in its lake
        "other": [box(5000, 5000, 6000, 6000), [(10_000, 0), (10_001, 0), (10_001, 9_999_999)]],
    }
    made = tiles(bounded(regions))
    points = [(1, 1), (2500, 2500), (3500, 3500), (5500, 5500), (10_000, 1), (10_000, 0), (10_001, 3)]
    assert placed(made, points) == ["land", "", "land", "other", "", "", ""]
    assert set(made.table()["cell"].tolist()) == {90 * 360 + 180}


def test_the_globe_has_both_poles_and_one_line_at_180_degrees() -> None:
    full, pole = 180 * SIDE, 90 * SIDE
    made = tiles(bounded({"south": [box(-full, -pole, full, 0)], "north": [box(-full, 0, full, pole)]}))
    points = [(x, y) for y in (-pole, -1, 0, pole - 1, pole) for x in (-full, 0, full - 1, full)]
    assert placed(made, points) == ["south"] * 8 + ["north"] * 12
    assert placed(made, [(full + 1, 0), (0, pole + 1), (0, -pole - 1)]) == ["", "", ""]
    assert len(made.table()["cell"]) == 180 * 360
    east = tiles(bounded({"cap": [[(full - 5, pole - 9), (full, pole - 9), (full, pole), (full - 5, pole)]]}))
    assert placed(east, [(full - 1, pole), (full, pole), (full - 6, pole)]) == ["cap", "", ""]


class Rounded(int):
    """An integer of an engine that divides as Snowflake does: to six places, and rounds."""

    def __add__(self, other: int) -> Rounded:
        return Rounded(int(self) + other)

    def __sub__(self, other: int) -> Rounded:
        return Rounded(int(self) - other)

    def __mod__(self, other: int) -> Rounded:
        return Rounded(int(self) % other)

    def __floordiv__(self, other: int) -> Rounded:
        return Rounded(round(Fraction(int(self), other), 6) // 1)


def test_cells_are_numbered_by_whole_numbers_alone() -> None:
    full, pole = 180 * SIDE, 90 * SIDE
    points = [(-full, -pole), (full, -pole), (full - 1, pole), (-1, pole - 1), (0, 0), (-full, pole)]
    expected = [0, 0, 179 * 360 + 359, 179 * 360 + 179, 90 * 360 + 180, 179 * 360]
    assert [cell_of(x, y) for x, y in points] == expected
    assert cell_of(*np.array(points).T).tolist() == expected
    assert [cell_of(Rounded(x), Rounded(y)) for x, y in points] == expected


def test_long_edges_leave_no_gap_and_move_by_no_more_than_a_unit() -> None:
    a, b = (-60 * SIDE - 3, -31 * SIDE + 1), (77 * SIDE + 5, 40 * SIDE + 2)
    regions: dict[str, Sequence[Ring]] = {"above": [[a, b, (a[0], b[1])]], "below": [[b, a, (b[0], a[1])]]}
    boundaries = bounded(regions)
    edges = slabs.edges_of(boundaries)
    assert max(np.abs(edges.bx - edges.ax).max(), np.abs(edges.by - edges.ay).max()) <= slabs.LONGEST
    made = tiles(boundaries)
    for x in np.linspace(a[0] + 99, b[0] - 99, 400).astype(int).tolist():
        y = a[1] + (b[1] - a[1]) * (x - a[0]) // (b[0] - a[0])
        near = [(x, y + n) for n in (-2, -1, 0, 1, 2)]
        found = placed(made, near)
        assert found[0] == "below", near
        assert found[-1] == "above", near
        assert sorted(found, reverse=True) == found == [code or "gap" for code in found]


def test_products_of_differences_fit_64_bits() -> None:
    table = tiles(read(FOLDER, "countries-110m")).table()
    row = table["cell"] // 360
    most = 0.0
    for which in "lu":
        ax, ay, bx, by = (table[f"{which}{end}"].astype(float) for end in ("ax", "ay", "bx", "by"))
        far_x = np.maximum(np.abs(table["x0"] - ax), np.abs(table["x1"] - ax))
        far_y = np.maximum(np.abs(row * SIDE - 90 * SIDE - ay), np.abs((row + 1) * SIDE - 90 * SIDE - ay))
        most = max(most, ((bx - ax) * far_y + np.abs(by - ay) * far_x).max())
    assert 0 < most < 2**53


@pytest.mark.parametrize(
    ("other", "meets"),
    [
        (box(1000, 0, 2000, 1000), False),
        (box(999, 0, 2000, 1000), True),
        (box(0, 1000, 1000, 2000), False),
        (box(0, 999, 1000, 2000), True),
        (box(200, 200, 300, 300), True),  # within
        (box(0, 0, 1000, 1000), True),  # the same
        (box(-SIDE, -SIDE, SIDE, SIDE), True),  # about it, in other cells too
        ([(0, 0), (1000, 1000), (3_000_000, 1000), (3_000_000, 0)], True),
        ([(1000, 0), (3_000_000, 1), (3_000_000, 0)], False),
        ([(999, 0), (3_000_000, 1), (3_000_000, 0)], False),  # on each other by less than a unit
    ],
)
def test_regions_that_lie_on_each_other_are_refused_by_name(other: Ring, meets: bool) -> None:
    boundaries = bounded({"AAA": [box(0, 0, 1000, 1000)], "far": [box(5, 5000, 9, 5009)], "BBB": [other]})
    if not meets or other[0] == (-SIDE, -SIDE):
        boundaries = bounded({"AAA": [box(0, 0, 1000, 1000)], "BBB": [other]})
    if not meets:
        assert tiles(boundaries).names == ["AAA", "BBB"]
        return
    with pytest.raises(BoundaryError, match=r"made up: regions that lie on each other.*: AAA and BBB \(near"):
        tiles(boundaries)


def test_a_corner_on_a_neighbours_straight_edge_is_no_overlap() -> None:
    """On the grid the corner is beside the edge, to either side; the neighbours have no gap there either."""
    a, b = (3, 1), (3 * SIDE + 8, SIDE + 11)
    corners = [
        (x, a[1] + round(Fraction((b[1] - a[1]) * (x - a[0]), b[0] - a[0])))
        for x in range(99, b[0], 7_654_321)
    ]
    regions: dict[str, Sequence[Ring]] = {
        "A": [[a, b, (a[0], b[1])]],
        "B": [[a, *corners, b, (b[0], a[1])]],
        "C": [[(a[0] - 5, a[1]), a, (b[0], a[1]), (b[0], a[1] - 9)]],
    }
    edges = slabs.edges_of(bounded(regions))
    assert [pair[:2] for pair in slabs.overlaps(edges, slabs.slabs_of(edges))] == [(0, 1)]
    made = tiles(bounded(regions))
    for x, y in corners:
        for at in (x - 1, x, x + 1, x + 3_210_987):
            edge = a[1] + (b[1] - a[1]) * (at - a[0]) // (b[0] - a[0])
            found = placed(made, [(at, edge + n) for n in range(-3, 5)])
            assert found == sorted(found, reverse=True), (x, y)
            assert (found[0], found[-1]) == ("B", "A")


def test_rings_that_are_not_closed_are_refused_by_name() -> None:
    line = np.array([[0, 0], [1, 0], [1, 1]], dtype=float)
    info, codes = BoundaryInfo("broken", "broken"), ("AAA",)
    broken = Boundaries(info, codes, codes, (line,), ((((0,),),),), np.zeros((1, 2)), "EPSG:4326")
    with pytest.raises(BoundaryError, match="broken: rings that are not closed: AAA"):
        tiles(broken)


def test_boundaries_of_dots_alone_have_no_rows_and_no_point_has_a_region() -> None:
    frame = geopandas.GeoDataFrame({"code": ["a"]}, geometry=[shapely.Point(1, 2)], crs=4326)
    made = tiles(from_geodataframe(frame))
    assert made.names == ["a"]
    assert [len(column) for column in made.table().values()] == [0] * 12
    assert placed(made, [(SIDE, 2 * SIDE)]) == [""]


SHIPPED = sorted(path.stem for path in FOLDER.glob("*.topojson"))


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_boundaries_agree_with_sjoin(name: str) -> None:
    boundaries = read(FOLDER, name)
    made = tiles(boundaries)
    assert len(made.table()["cell"]) < 200_000
    every_row_has_some_of_its_cell(made)
    x, y = scattered(boundaries, 20_000)
    found = place(made, x, y)
    assert (found >= 0).sum() > 4000
    expected = joined(boundaries, x, y)
    odd = np.flatnonzero(found != expected)
    lines = shapely.union_all([shapely.MultiLineString(list(boundaries.arcs))])
    assert (shapely.distance(shapely.points(x[odd] / SIDE, y[odd] / SIDE), lines) <= 1 / SIDE).all()
    assert len(odd) < 20


def every_row_has_some_of_its_cell(made: Tiles) -> None:
    table = made.table()
    south = (table["cell"] // 360 - 90) * SIDE
    west = (table["cell"] % 360 - 180) * SIDE
    assert ((table["x0"] >= west) & (table["x0"] < table["x1"]) & (table["x1"] <= west + SIDE)).all()
    lower, upper = (
        [
            table[f"{which}ay"]
            + (table[f"{which}by"] - table[f"{which}ay"])
            * ((table[end] - table[f"{which}ax"]) / (table[f"{which}bx"] - table[f"{which}ax"]))
            for end in ("x0", "x1")
        ]
        for which in "lu"
    )
    assert (np.minimum(*lower) < south + SIDE).all()
    assert (np.maximum(*upper) > south).all()


def scattered(boundaries: Boundaries, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Points anywhere and, as many, about vertices: a tenth of a degree off at most times."""
    rng = np.random.default_rng(14)
    vertices = np.concatenate(boundaries.arcs) * SIDE
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    anywhere = rng.uniform(low, high, (count // 2, 2))
    about = vertices[rng.integers(len(vertices), size=count // 2)] + rng.normal(0, SIDE / 10, (count // 2, 2))
    limit = np.array([180 * SIDE - 1, 90 * SIDE])
    x, y = np.rint(np.clip(np.concatenate([anywhere, about]), -limit, limit)).astype(np.int64).T
    return x, y


def joined(boundaries: Boundaries, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The same by geopandas, from shapes in degrees."""
    shapes = [
        shapely.MultiPolygon(
            [shapely.Polygon(found[0], found[1:]) for found in rings(shape, boundaries.arcs)]
        )
        for shape in boundaries.shapes
    ]
    regions = geopandas.GeoDataFrame({"at": range(len(shapes))}, geometry=shapes, crs=4326)
    points = geopandas.GeoDataFrame(geometry=shapely.points(x / SIDE, y / SIDE), crs=4326)
    within = geopandas.sjoin(points, regions, predicate="within")
    assert within.index.is_unique
    found = np.full(len(x), -1)
    found[within.index] = within["at"]
    return found


def test_a_sql_engine_finds_the_same_by_one_join_and_four_comparisons() -> None:
    boundaries = read(FOLDER, "us-states")
    made = tiles(boundaries)
    x, y = scattered(boundaries, 5000)
    engine = sqlite3.connect(":memory:")
    table = made.table()
    engine.execute(f"create table tiles ({', '.join(table)})")
    engine.executemany(
        f"insert into tiles values ({', '.join('?' * len(table))})",
        zip(*(column.tolist() for column in table.values()), strict=True),
    )
    engine.execute("create index found on tiles (cell)")
    engine.execute("create table points (n, x, y)")
    engine.executemany(
        "insert into points values (?, ?, ?)", zip(range(len(x)), x.tolist(), y.tolist(), strict=True)
    )
    conditions = re.findall(r"^    (.*?)(?: {3,}.*)?$", str(module.__doc__), re.MULTILINE)
    assert len(conditions) == 4
    rows = engine.execute(f"select n, region from points, tiles where {' and '.join(conditions)}").fetchall()
    assert len({n for n, _ in rows}) == len(rows) > 1000
    expected = place(made, x, y)
    assert dict(rows) == {n: at for n, at in enumerate(expected.tolist()) if at >= 0}


def test_tiles_are_cut_once_and_read_from_their_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boundaries = read(FOLDER, "us-states")
    made = tiles(boundaries, cache=tmp_path / "new")
    (kept,) = (tmp_path / "new").iterdir()
    assert made.hash in kept.name

    def never(*_: object) -> None:
        raise AssertionError("cut again")

    with monkeypatch.context() as patched:
        patched.setattr(slabs, "slabs_of", never)
        again = tiles(boundaries, cache=tmp_path / "new")
        projected = tiles(project(boundaries), cache=tmp_path / "new")
    for each in (again, projected):
        assert (each.hash, each.names) == (made.hash, made.names)
        assert each.columns.tobytes() == made.columns.tobytes()
    whole = kept.read_bytes()
    for damaged in (b"", whole[:-48], whole[:-1], whole[:999] + bytes([whole[999] ^ 1]) + whole[1000:]):
        kept.write_bytes(damaged)
        assert tiles(boundaries, cache=tmp_path / "new").columns.tobytes() == made.columns.tobytes()
        assert kept.read_bytes() == whole


def test_the_hash_is_of_codes_and_shapes() -> None:
    regions = {"A": [box(0, 0, 9, 9)], "B": [box(9, 0, 12, 9)]}
    found = [
        tiles(bounded(each)).hash
        for each in (
            regions,
            {"A": regions["B"], "B": regions["A"]},
            {"A": regions["A"], "C": regions["B"]},
            {"A": regions["A"], "B": [box(9, 0, 12, 10)]},
        )
    ]
    assert len({*found}) == 4
    assert found[0] == tiles(bounded(regions)).hash


def test_ten_thousand_small_regions_in_few_cells_are_cut() -> None:
    step = 30_000
    regions = {
        f"r{n}": [box(x := n % 100 * step, y := n // 100 * step, x + step, y + step)] for n in range(10_000)
    }
    made = tiles(bounded(regions))
    assert len(made.table()["cell"]) == 10_000
    points = list(
        chain.from_iterable([(n * step, n * step), (n * step + step - 1, n * step)] for n in range(100))
    )
    assert placed(made, points) == [f"r{n * 101}" for n in range(100) for _ in range(2)]
