"""The four cases: boundaries of growing number, and synthetic figures on them, the same for every tool.

Figures. One value per region and month, in percent with two decimals, from `numpy.random.default_rng(SEED)`:
a level per region drawn from a lognormal (median 1 %, sigma 1.5: few large, many small), which then walks
at random in its logarithm, 3 % a month; above 100 it is cut off. Of all cells 5 % are missing, each by
chance, which is harder to pack than gaps that hang together.
"""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely

from geotrack.geo.topology import decode, rings, shape_of

SEED = 20210701
BOUNDARIES = Path(__file__).parents[2] / "data" / "reference" / "boundaries"
US_ATLAS = "us-atlas@3.0.1"


@dataclass(frozen=True)
class Case:
    """Regions and figures, as a user would hold them before choosing a tool.

    Parameters
    ----------
    name : "177 x 29": regions x slices.
    shapes : columns id, name, geometry (lon/lat); one row per region.
    shipped : geotrack's name of these boundaries, "" for boundaries of the user's own.
    periods : months, "2019-09".
    values : percent, regions x slices; NaN where missing.
    """

    name: str
    shapes: geopandas.GeoDataFrame
    shipped: str
    periods: tuple[str, ...]
    values: np.ndarray

    def table(self) -> pd.DataFrame:
        """Return one row per region and month: region, period, value; missing cells have no row."""
        regions = np.repeat(self.shapes["id"].to_numpy(), len(self.periods))
        frame = pd.DataFrame(
            {
                "region": regions,
                "period": np.tile(np.array(self.periods, dtype=object), len(self.shapes)),
                "value": self.values.ravel(),
            }
        )
        return frame.dropna(ignore_index=True)


def cases(counties: Path | None = None) -> Iterator[Case]:
    """Yield the cases, the smallest first.

    Parameters
    ----------
    counties : counties-10m.json of npm's us-atlas, or its tarball; fetched with `npm pack` if not given.
    """
    yield _case(shipped("countries-110m"), 29, "countries-110m")
    yield _case(shipped("countries-50m"), 120, "countries-50m")
    yield _case(us_counties(counties), 120)
    yield _case(hexagons(100, 100), 240)


def _case(shapes: geopandas.GeoDataFrame, slices: int, name: str = "") -> Case:
    months = pd.period_range("2003-01", periods=slices, freq="M").astype(str)
    values = figures(len(shapes), slices)
    return Case(f"{len(shapes):,} x {slices}", shapes, name, tuple(months), values)


def figures(regions: int, slices: int) -> np.ndarray:
    """Return the synthetic figures described above, regions x slices."""
    random = np.random.default_rng(SEED)
    level = random.lognormal(0.0, 1.5, (regions, 1))
    walk = np.cumsum(random.normal(0.0, 0.03, (regions, slices)), axis=1)
    values = np.round(np.minimum(level * np.exp(walk), 100.0), 2)
    values[random.random(values.shape) < 0.05] = np.nan
    return values


def shipped(name: str) -> geopandas.GeoDataFrame:
    """Return those of geotrack's own boundaries that are polygons."""
    frame = _read_topojson((BOUNDARIES / f"{name}.topojson").read_text(encoding="utf-8"))
    return frame.reset_index(drop=True)


def us_counties(path: Path | None = None) -> geopandas.GeoDataFrame:
    """Return the counties of the United States: npm's us-atlas (ISC; data of the Census Bureau)."""
    return _read_topojson(_counties_text(path), "counties").reset_index(drop=True)


def _counties_text(path: Path | None) -> str:
    if path and path.suffix == ".json":
        return path.read_text(encoding="utf-8")
    data = path.read_bytes() if path else npm_pack(US_ATLAS)
    return member(data, "counties-10m.json").decode("utf-8")


def npm_pack(package: str) -> bytes:
    """Return a package's tarball from the npm registry that this machine is set up for."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["npm", "pack", package, "--silent"], cwd=folder, check=True, capture_output=True, text=True
        )
        return (Path(folder) / done.stdout.split()[-1]).read_bytes()


def member(tarball: bytes, name: str) -> bytes:
    """Return one file of an npm tarball."""
    with tarfile.open(fileobj=io.BytesIO(tarball)) as archive:
        found = archive.extractfile(f"package/{name}")
        if found is None:
            raise FileNotFoundError(name)
        return found.read()


def _read_topojson(text: str, only: str = "") -> geopandas.GeoDataFrame:
    topology: dict[str, Any] = json.loads(text)
    if only:
        topology["objects"] = {only: topology["objects"][only]}
    arcs, geometries = decode(topology)
    rows, shapes = [], []
    for geometry in geometries:
        found = [[r for r in p if len(r) > 3] for p in rings(shape_of(geometry), arcs)]
        polygons = [shapely.Polygon(r[0], r[1:]) for r in found if r]
        if polygons:
            rows.append({"id": str(geometry["id"]), "name": geometry["properties"]["name"]})
            shapes.append(shapely.make_valid(shapely.MultiPolygon(polygons)))
    frame = geopandas.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")
    return frame.set_geometry(frame.geometry.map(_polygons_only))


def _polygons_only(shape: Any) -> Any:
    """Mending can leave lines beside polygons; no tool draws those."""
    if shape.geom_type != "GeometryCollection":
        return shape
    parts = [p for p in shapely.get_parts(shapely.get_parts(shape)) if p.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


def hexagons(columns: int, rows: int) -> geopandas.GeoDataFrame:
    """Return a grid of hexagons that share their corners to the last digit."""
    corners = np.array([(0, -2), (1, -1), (1, 1), (0, 2), (-1, 1), (-1, -1)])
    shapes, table = [], []
    for row in range(rows):
        for column in range(columns):
            centre = np.array([2 * column + row % 2, 3 * row])
            shapes.append(shapely.Polygon((centre + corners) * (0.6, 0.25) + (-60.0, -37.0)))
            table.append({"id": f"h{row:02d}{column:02d}", "name": f"Hexagon {row}-{column}"})
    return geopandas.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")
