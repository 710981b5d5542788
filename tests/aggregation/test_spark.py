"""Spark makes the same bytes as DuckDB of the same records, and refuses what it would get wrong in silence.

One session for all, as it takes long to start; `-m spark` runs these alone.
"""

from __future__ import annotations

import gc
import os
import random
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from aggregation import hardrecords as hard
from aggregation.oracle import Record

from geotrack.aggregation import engines, expression, run
from geotrack.errors import SpecError

pytestmark = [
    pytest.mark.spark,
    pytest.mark.xdist_group("spark"),
    # Connections to Java that Spark leaves to the garbage.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings(f"ignore:{engines.NO_PANDAS}"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
FREE = {"min_count": 1, "max_share": 1}


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """A session of Spark; where it cannot be had the reason is said, or the tests fail if it is required."""
    lacking = [
        what
        for what, there in (("Java", shutil.which("java")), ("pyspark", find_spec("pyspark")))
        if not there
    ]
    if lacking:
        told = f"{' and '.join(lacking)} not found: run `sh tests/programs.sh` and pip install '.[spark]'"
        if os.environ.get("GEOTRACK_REQUIRE_SPARK"):
            pytest.fail(told, pytrace=False)
        pytest.skip(told)
    with engines.connected("local[2]", "2GB") as engine:
        yield engine.session
        context = type(engine.session.sparkContext)
    context._gateway.shutdown()  # Java goes with it, and its memory
    context._gateway = context._jvm = None
    gc.collect()


def many(count: int) -> list[Record]:
    """Hard records, the same each time; some of them twice."""
    chosen = random.Random(14)
    pools = hard.TIMES, hard.NAMES, hard.POINTS, hard.OWNERS, hard.SITES, hard.VALUES
    made = []
    for _ in range(count):
        time, label, point, owner, site, value = (chosen.choice(pool) for pool in pools)
        made.append(Record(time, label, *point, owner, site, value))
    return made + made[::7]


def test_spark_makes_the_same_bytes_and_refuses_what_it_would_get_wrong(session: Any, tmp_path: Path) -> None:
    records = many(1500)
    for how in ("several", "naive", "csv"):
        privacy = hard.SPEC["privacy"] if how == "several" else FREE  # asks Spark again and again
        folder = tmp_path / how
        folder.mkdir()
        if how == "csv":
            found = hard.write_csv(records, folder, 2)
        else:
            found = hard.write_parquet(records, folder, 2, how == "naive", None if how == "naive" else "UTC")
        spec = hard.spec_of(folder, found, duplicates="keep" if how == "naive" else "drop", privacy=privacy)
        by_spark = run.aggregate(spec, hard.places(), session)
        by_duckdb = run.aggregate(spec, hard.places())
        assert by_spark.csv == by_duckdb.csv
        assert by_spark.quality == by_duckdb.quality
        assert by_spark.quality["rows_read"] == len(records)
    assert hard.seen(run.aggregate(spec, hard.places())).duplicates > len(records) // 8
    the_tiles_are_handed_to_every_worker(session, spec)
    assert session.catalog.listTables() == []  # nothing of ours is left in a session of the user's own
    session.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
    with pytest.raises(SpecError, match="time zone of this session of Spark is Asia/Tokyo; set it to UTC"):
        run.aggregate(spec, hard.places(), session)
    session.conf.set("spark.sql.session.timeZone", "UTC")
    with pytest.raises(SpecError, match="a session of Spark is open here already; give it as engine="):
        run.aggregate(spec, hard.places(), "local[2]")


def the_tiles_are_handed_to_every_worker(session: Any, spec: Any) -> None:
    """The plan broadcasts the small tables: a join that sorts would put each cell of a city on one worker."""
    found = run.recordfiles.find(spec.records, spec.folder, spec.columns)
    with engines.connected(session) as engine:
        made = run.Run(spec, hard.places(), engine, found)
        groups = expression.by_contributor(made.records, spec, made.kinds, made._small())
        plan = session.sql(engine.con.compile(groups))._jdf.queryExecution().executedPlan().toString()
    assert plan.count("BroadcastHashJoin") == 3
    assert "SortMergeJoin" not in plan
