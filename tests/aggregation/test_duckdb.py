"""Records summed by DuckDB are what plain Python makes of them, record by record."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from aggregation import hardrecords as cases
from aggregation.oracle import Record
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from geotrack.aggregation import run, specification

RECORDS = st.lists(
    st.builds(
        lambda time, label, point, owner, site, value: Record(time, label, *point, owner, site, value),
        st.sampled_from(cases.TIMES),
        st.sampled_from(cases.NAMES),
        st.one_of(
            st.sampled_from(cases.POINTS),
            st.tuples(st.floats(8, 12), st.floats(48, 52)),
        ),
        st.sampled_from(cases.OWNERS),
        st.sampled_from(cases.SITES),
        st.one_of(st.sampled_from(cases.VALUES), st.floats(0, 10), st.floats()),
    ),
    max_size=90,
)


@pytest.fixture(scope="module")
def duckdb() -> Iterator[Any]:
    """A connection of the user's own, in which nothing is left."""
    con = ibis.duckdb.connect()
    con.raw_sql("SET TimeZone = 'UTC'")
    con.raw_sql("SET threads = 2")
    yield con
    assert con.raw_sql("SHOW ALL TABLES").fetchall() == []
    con.disconnect()


@settings(max_examples=20, phases=[Phase.explicit, Phase.generate])
@given(
    records=RECORDS,
    again=st.integers(0, 5),
    how=st.sampled_from(["one", "several", "bare", "naive", "csv"]),
    drop=st.booleans(),
)
def test_records_become_what_plain_python_makes_of_them(
    duckdb: Any, records: list[Record], again: int, how: str, drop: bool
) -> None:
    records = [*records, *records[:again]]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = write(records, folder, how)
        spec = cases.spec_of(folder, found, duplicates="drop" if drop else "keep")
        made = run.aggregate(spec, cases.places(), duckdb)
    if how == "csv":  # where there is no telling an empty cell from an empty text
        records = [each._replace(label=each.label or None) for each in records]
    assert cases.seen(made) == cases.expected(records, drop)


@pytest.mark.parametrize(("unit", "ticks"), [("s", 1), ("ms", 1000), ("us", 1_000_000)])
def test_whole_numbers_count_from_1970_before_it_too(
    duckdb: Any, tmp_path: Path, unit: str, ticks: int
) -> None:
    firsts = [-86400, -1, 0, 86399, 31 * 86400 - 1, 31 * 86400, -(2**62) // ticks, 2**62 // ticks]
    times = [*(each * ticks for each in firsts), *(each * ticks + ticks - 1 for each in firsts[:6]), None]
    columns = {"ts": pa.array(times, pa.int64()), "country": ["China"] * len(times)}
    parquet.write_table(pa.table(columns), tmp_path / "x.parquet")
    spec = specification.check(
        {
            **{"records": "x.parquet", "time": "ts", "time_unit": unit, "label": "country"},
            **{"boundaries": "countries-110m", "duplicates": "keep"},
            "slices": {"every": "month", "from": "1969-12", "to": "1970-01"},
            "metric": [{"name": "n", "is": "count", "of": "records"}],
            "privacy": {"min_count": 1, "max_share": 1},
        },
        "spec",
        tmp_path,
    )
    made = run.aggregate(spec, cases.places(), duckdb)
    assert [(row[1], row[4]) for row in made.rows] == [("1969-12-01", "4"), ("1970-01-01", "6")]
    why = made.quality["metrics"]["n"]["why_rejected"]
    assert (why["no_time"], why["outside_slices"]) == (1, 4)


def test_a_table_without_a_place_says_why(duckdb: Any, tmp_path: Path) -> None:
    cases.write_csv([Record(None, "China", 1.0, 1.0, "a", 1, 1.0)] * 3, tmp_path)
    made = run.aggregate(cases.spec_of(tmp_path, "part-*.csv", duplicates="keep"), cases.places(), duckdb)
    assert (made.rows, made.warnings) == ((), ("hashrate: nothing has a place: 3 no time",))


def write(records: list[Record], folder: Path, how: str) -> str:
    if how == "csv":
        return cases.write_csv(records, folder, 2)
    zone = None if how == "naive" else "UTC"
    return cases.write_parquet(records, folder, 3 if how == "several" else 1, how != "bare", zone)
