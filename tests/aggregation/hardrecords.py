"""Records that are hard: midnights, halves, vertices, poles, NaN, duplicates; and the regions they lie in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import geopandas
import pyarrow as pa
import shapely
from aggregation import oracle
from aggregation.oracle import Record
from pyarrow import csv, parquet

from geotrack.aggregation import run, specification
from geotrack.geo.boundaries import from_geodataframe
from geotrack.geo.slabs import SIDE
from geotrack.geo.tiles import tiles
from geotrack.store.folder import DataFolder
from geotrack.store.matching import match

ROOT = Path(__file__).parents[2]
DATA = DataFolder(ROOT / "data")
NAN, INF = math.nan, math.inf


def _ring(*points: tuple[float, float]) -> list[tuple[int, int]]:
    return [(round(x * SIDE), round(y * SIDE)) for x, y in points]


REGIONS = {
    "DEU": _ring((10, 50), (11.5, 50.25), (11.25, 51.5), (9.5, 51)),
    "FRA": _ring((10, 50), (9.5, 51), (8.25, 49.75)),
    "CHN": _ring((10, 50), (8.25, 49.75), (10.5, 48.5), (11.5, 50.25)),
    "FJI": _ring((179, -17), (180, -17), (180, -16), (179, -16)),
    "RUS": _ring((-180, 66), (-179.25, 66), (-179.25, 67), (-180, 67)),
    "ATA": _ring((-1, -90), (1, -90), (0.5, -89.5), (-0.5, -89.5)),
}
SHAPES = from_geodataframe(
    geopandas.GeoDataFrame(
        {"id": list(REGIONS)},
        geometry=[shapely.Polygon([(x / SIDE, y / SIDE) for x, y in ring]) for ring in REGIONS.values()],
        crs=4326,
    ),
    code="id",
)
TILES = tiles(SHAPES)
LABELS = {
    "China": "CHN", "Germany": "DEU", "DE": "DEU", "Deutschland": "DEU", "other": "?", "test": "-",
    "Kiribati": "KIR",
}  # fmt: skip
MONTHS = [(date(2021, 1, 1), date(2021, 2, 1)), (date(2021, 2, 1), date(2021, 3, 1))]

_MIDNIGHTS = [datetime(2021, month, 1, tzinfo=UTC) for month in (1, 2, 3)]
_TICK = timedelta(microseconds=1)
TIMES: list[datetime | None] = [
    None,
    datetime(1969, 12, 31, 23, 59, 59, 999999, UTC),
    *(
        at + shift
        for at in _MIDNIGHTS
        for shift in (-_TICK, 0 * _TICK, timedelta(hours=9), timedelta(days=9))
    ),
]
NAMES: list[str | None] = [
    None,
    None,
    None,
    "",
    "China",
    "Germany",
    "DE",
    "Deutschland",
    "other",
    "test",
    "Nowhere",
    "Kiribati",
]
POINTS: list[tuple[float | None, float | None]] = [
    (None, None), (None, 50.5), (10.5, None), (NAN, NAN), (INF, 50.0), (10.5, -INF), (0.0, 0.0), (-0.0, 0.0),
    (10.0, 50.0), (11.5, 50.25), (11.25, 51.5), (9.5, 51.0), (8.25, 49.75), (10.5, 48.5),  # vertices
    (9.75, 50.5), (10.75, 50.125), (9.125, 49.875), (9.7499999, 50.5), (9.75000005, 50.5),
    (9.75, 50.49999995),
    (10.5, 50.5), (10.6, 49.7), (9.4, 50.1), (10.0, 49.99999994), (10.0, 49.99999996),
    (180.0, 66.5), (-180.0, 66.5), (180.0, -16.5), (-180.0, -16.5), (179.5, -16.5), (180.0000001, 0.0),
    (0.0, -90.0), (0.0, 90.0), (0.0, 90.00000001), (0.0, 90.0000001), (200.0, 5.0),
    (1e300, 1e300), (120.0, 1.0),
]  # fmt: skip
OWNERS: list[str | None] = [None, "a", "b", "c", "d", "e", "f", 'naïve, "q"']
SITES: list[int | None] = [None, 1, 2]
VALUES: list[float | None] = [
    None, NAN, INF, -INF, -0.0, 0.0, 0.0005, 0.0015, 0.0025, 2.5, 1.0005, 1.0015, 100.0, 123456.789, 1e-9,
    -1e-9,
    -0.0004, -0.0006, -1.0, 1e12, 2.0**50 / 1000, 2.0**50 / 1000 + 1, 9.3e15, 1e300, -1e300, 5e-324, 0.1, 0.3,
]  # fmt: skip

SPEC: dict[str, Any] = {
    "time": "ts", "timezone": "UTC", "label": "country", "lon": "lon", "lat": "lat",
    "boundaries": "countries-110m", "unmatched": "remainder", "contributor": ["owner", "site"],
    "slices": {"every": "month", "from": "2021-01", "to": "2021-02"},
    "metric": [
        {
            "name": "hashrate", "is": "rate", "column": "value", "unit": "TH/s", "digits": 3,
            "interval": "10min",
        }
    ],
    "privacy": {"min_count": 3, "max_share": 0.8},
}  # fmt: skip


def spec_of(folder: Path, records: str, **more: Any) -> specification.RecordSpec:
    """The specification of these records."""
    crosswalk = folder / "crosswalk.csv"
    crosswalk.write_text("label,region\ntest,-\n", encoding="utf-8")
    return specification.check(
        {**SPEC, "records": records, "crosswalk": "crosswalk.csv", "duplicates": "drop", **more},
        "spec",
        folder,
    )


def places() -> run.Whereabouts:
    """Where these records may lie."""
    shapes = DATA.boundaries("countries-110m")
    for at, code in enumerate(shapes.codes):
        oracle.ORDER[code] = at
    oracle.ORDER["KIR"] = len(shapes.codes)
    return run.Whereabouts(
        shapes,
        {code: region.level for code, region in DATA.regions.table.items()},
        lambda labels: match(labels, DATA.regions, crosswalk={"test": "-"}),
        lambda: TILES,
    )


def expected(records: Sequence[Record], drop: bool) -> oracle.Expected:
    """What must come out of these records."""
    return oracle.aggregated(records, REGIONS, LABELS, MONTHS, drop=drop)


def seen(made: Any) -> oracle.Expected:
    """What came out, in the words of the oracle."""
    quality, hashrate = made.quality, made.quality["metrics"]["hashrate"]
    rows = [
        (region, start, end, value, "*" if region == "records-suppressed" else note)
        for region, start, end, _, value, _, _, note in made.rows
    ]
    return oracle.Expected(
        rows, quality["rows_read"], quality["duplicates"],
        hashrate["placed"], hashrate["remainder"], hashrate["rejected"], quality["disagree"],
    )  # fmt: skip


def table(records: Sequence[Record], zone: str | None = "UTC") -> pa.Table:
    """Records as a table of Arrow."""
    times = [
        None if each.time is None else each.time.replace(tzinfo=UTC if zone else None) for each in records
    ]
    columns = {
        "ts": pa.array(times, pa.timestamp("us", zone)),
        "country": pa.array([each.label for each in records], pa.string()),
        "lon": pa.array([each.lon for each in records], pa.float64()),
        "lat": pa.array([each.lat for each in records], pa.float64()),
        "owner": pa.array([each.owner for each in records], pa.string()),
        "site": pa.array([each.site for each in records], pa.int32()),
        "value": pa.array([each.value for each in records], pa.float64()),
        "more": pa.array([None] * len(records), pa.string()),
    }
    return pa.table(columns)


def write_parquet(
    records: Sequence[Record], folder: Path, parts: int = 1, statistics: bool = True, zone: str | None = "UTC"
) -> str:
    """Write records into so many files; return their glob."""
    whole, size = table(records, zone), -(-len(records) // parts)
    for part in range(parts):
        parquet.write_table(
            whole.slice(part * size, size), folder / f"part-{part}.parquet", write_statistics=statistics
        )
    return "part-*.parquet"


def write_csv(records: Sequence[Record], folder: Path, parts: int = 1) -> str:
    """Write records as text, as a database hands them out; return their glob."""
    size = -(-len(records) // parts)
    for part in range(parts):
        texts = [[text_of(cell) for cell in record] for record in records[part * size : (part + 1) * size]]
        names = ["ts", "country", "lon", "lat", "owner", "site", "value"]
        columns = {name: pa.array([row[at] for row in texts], pa.string()) for at, name in enumerate(names)}
        csv.write_csv(pa.table(columns), folder / f"part-{part}.csv")
    return "part-*.csv"


def text_of(cell: Any) -> str | None:
    """A cell as text; to the last bit of a float."""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return None if cell is None else repr(cell) if isinstance(cell, float) else str(cell)
