"""Records summed by DuckDB are what plain Python makes of them, record by record."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ibis
import pytest
from aggregation import hardrecords as cases
from aggregation.oracle import Record
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from geotrack.aggregation import run

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


def write(records: list[Record], folder: Path, how: str) -> str:
    if how == "csv":
        return cases.write_csv(records, folder, 2)
    zone = None if how == "naive" else "UTC"
    return cases.write_parquet(records, folder, 3 if how == "several" else 1, how != "bare", zone)
