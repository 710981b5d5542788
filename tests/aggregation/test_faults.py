"""What cannot be summed rightly is refused before a run, in a sentence with the file and the column."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from aggregation import hardrecords as hard
from aggregation.oracle import Record
from pyarrow import parquet

from geotrack.aggregation import engines, outcome, run, specification
from geotrack.errors import GeotrackError, ParseError, SpecError, ValidationError

NOON = datetime(2021, 1, 5, 12, tzinfo=UTC)
SOUND = [Record(NOON, "China", 10.5, 50.5, f"o{n}", 1, 2.5) for n in range(6)]


def refused(spec: specification.RecordSpec, engine: Any = None) -> str:
    with pytest.raises(GeotrackError) as error:
        run.aggregate(spec, hard.places(), engine)
    told = str(error.value)
    assert "Error" not in told  # a class of somebody's program
    assert len(told.splitlines()) < 6
    return told


def test_all_faults_of_a_specification_are_told_at_once() -> None:
    table = {
        "records": "x.parquet", "timezone": "Asia/Tokyo", "duplicates": "maybe", "colour": 1, "lon": "x",
        "slices": {"every": "week", "from": "2021", "to": "2021"},
        "metric": [{"name": "Hash Rate", "is": "rate", "interval": "10 parsecs"}, {"is": "sum"}],
        "privacy": {"min_count": 0, "max_share": 1.5},
    }  # fmt: skip
    with pytest.raises(SpecError) as error:
        specification.check(table, "telemetry.toml")
    lines = str(error.value).splitlines()
    assert lines[0] == "telemetry.toml: 11 fault(s):"
    for told in (
        "time is missing; expected the name of a column",
        "boundaries is missing; expected the name of shipped boundaries",
        "'colour' is not known; expected one of: records, table, time",
        "timezone = 'Asia/Tokyo' is not allowed; expected \"UTC\"; another zone is refused",
        "duplicates = 'maybe' is not allowed; expected \"drop\"",
        "[slices]: every = 'week' is not allowed; expected one of 'month', 'quarter', 'half', 'year'",
        "[[metric]] 1: name = 'Hash Rate' is not allowed",
        "[[metric]] 1: interval = '10 parsecs' is not allowed",
        "[[metric]] 2: name is missing",
        "[privacy]: min_count = 0",
        "[privacy]: max_share = 1.5",
    ):
        assert any(told in line for line in lines), told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"table": "t"}, "expected records = paths of files, or table = the name of a table; one of them"),
        ({"lat": ""}, "lat = '' is not allowed"),
        ({"contributor": None}, "whose records they are is not said; expected contributor = columns"),
        ({"lon": None}, "lat is named alone; expected lon and lat"),
        ({"label": None, "lon": None, "lat": None}, "no place is named"),
        (
            {"slices": {"every": "quarter", "from": "2021-02", "to": "2021-06"}},
            "from = '2021-02' cuts a quarter in two; expected whole ones",
        ),
        ({"slices": {"every": "month", "from": "2021-03", "to": "2021-01"}}, "is after to '2021-01'"),
        (
            {"slices": {"every": "month", "from": "2021-03", "to": "soon"}},
            "[slices]: to = 'soon' is no period",
        ),
        ({"metric": [{"name": "n", "is": "count"}]}, "of is missing; a count needs it"),
        (
            {"metric": [{"name": "n", "is": "count", "of": "records", "digits": 2}]},
            "digits says nothing of a count",
        ),
        ({"metric": [{"name": "n", "is": "sum", "column": "value"}]}, "unit is missing; a sum needs it"),
        ({"metric": [{"name": "n", "is": "count", "of": "records"}] * 2}, "two metrics have one name"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_told(change: dict[str, Any], told: str) -> None:
    table = {**hard.SPEC, "records": "x.parquet", "duplicates": "drop", **change}
    with pytest.raises(SpecError, match=re.escape(told)):
        specification.check({key: value for key, value in table.items() if value is not None}, "spec")


def test_a_file_that_lacks_a_column_is_named_with_it(tmp_path: Path) -> None:
    hard.write_parquet(SOUND, tmp_path, 2)  # read as NULL by Spark, without a word
    parquet.write_table(hard.table(SOUND).drop(["value"]), tmp_path / "part-7.parquet")
    told = refused(hard.spec_of(tmp_path, "*.parquet"))
    assert f"{tmp_path}/part-7.parquet: column 'value' is missing; it has ts, country, lon" in told


def test_a_file_of_no_bytes_is_named(tmp_path: Path) -> None:
    hard.write_parquet(SOUND, tmp_path)  # left out by Spark, without a word
    (tmp_path / "part-8.parquet").touch()
    told = refused(hard.spec_of(tmp_path, "*.parquet"))
    assert f"files of no bytes, of which an engine would say nothing: {tmp_path}/part-8.parquet" in told


def test_a_file_that_holds_something_else_is_named(tmp_path: Path) -> None:
    hard.write_parquet(SOUND, tmp_path)
    (tmp_path / "part-9.parquet").write_bytes(b"no Parquet" * 9)
    told = refused(hard.spec_of(tmp_path, "*.parquet"))
    assert f"{tmp_path}/part-9.parquet: cannot be read as Parquet" in told
    (tmp_path / "part-9.parquet").unlink()
    narrow = hard.table(SOUND).set_column(6, "value", pa.array([1.5] * len(SOUND), pa.float32()))
    parquet.write_table(narrow, tmp_path / "part-9.parquet")
    told = refused(hard.spec_of(tmp_path, "*.parquet"))
    assert "part-9.parquet: column 'value' holds a number (float), that of" in told
    assert "part-0.parquet a number (double); write them alike" in told


@pytest.mark.parametrize(
    ("name", "column", "told"),
    [
        ("value", pa.array(["1.5"]), "column 'value' holds text; expected a decimal number or a number"),
        ("value", pa.array([True]), "column 'value' holds bool; expected"),
        (
            "value",
            pa.array(["1.2345"]).cast(pa.decimal128(9, 4)),
            "expected digits = 4 or more of its metric",
        ),
        ("owner", pa.array([1.5]), "column 'owner' holds a number (double); expected a whole number or text"),
        ("ts", pa.array([NOON], pa.timestamp("ns", "UTC")), "column 'ts' holds nanoseconds, which not every"),
        ("ts", pa.array([1.5]), "column 'ts' holds a number (double); expected a day or"),
        ("ts", pa.array([1609459200]), "time_unit: column 'ts' holds a whole number (int64); expected it of"),
    ],
)
def test_a_column_that_holds_what_cannot_be_used_is_named(
    tmp_path: Path, name: str, column: pa.Array, told: str
) -> None:
    table = hard.table(SOUND[:1])
    table = table.set_column(table.column_names.index(name), name, column)
    parquet.write_table(table, tmp_path / "x.parquet")
    assert told in refused(hard.spec_of(tmp_path, "x.parquet"))


def test_times_without_a_zone_need_one(tmp_path: Path) -> None:
    hard.write_parquet(SOUND, tmp_path, zone=None)
    table = {**hard.SPEC, "records": "*.parquet", "duplicates": "drop"}
    del table["timezone"]
    told = refused(specification.check(table, "spec", tmp_path))
    assert told.startswith("timezone is missing: column 'ts' holds a time without a zone; expected timezone")


def test_csv_files_need_the_same_columns_in_one_order(tmp_path: Path) -> None:
    hard.write_csv(SOUND, tmp_path)  # by Spark matched by their place
    text = (tmp_path / "part-0.csv").read_text(encoding="utf-8").splitlines()
    turned = [",".join(line.split(",")[::-1]) for line in text]
    (tmp_path / "part-1.csv").write_text("\n".join(turned), encoding="utf-8")
    told = refused(hard.spec_of(tmp_path, "part-*.csv"))
    assert f"{tmp_path}/part-1.csv: its columns are not those of {tmp_path}/part-0.csv in their order" in told


def test_a_line_of_a_csv_that_lacks_cells_is_told_with_its_file(tmp_path: Path) -> None:
    hard.write_csv(SOUND, tmp_path)
    with (tmp_path / "part-0.csv").open("a", encoding="utf-8") as lines:
        lines.write("2021-01-05T00:00:00Z,China\n")
    told = refused(hard.spec_of(tmp_path, "part-*.csv"))
    assert told.startswith(f"{tmp_path}/part-0.csv: the engine cannot read or sum the records: ")


def test_labels_that_no_region_has_are_refused_unless_they_are_to_be_no_place(tmp_path: Path) -> None:
    hard.write_parquet([*SOUND, SOUND[0]._replace(label="Nowhere")], tmp_path)
    told = refused(hard.spec_of(tmp_path, "*.parquet", unmatched="refuse"))
    assert told.startswith("column 'country': 1 label(s) match no region at level 'country':\n  'Nowhere'")
    assert told.endswith('(crosswalk = FILE), or say unmatched = "remainder": they are then no place')
    made = run.aggregate(hard.spec_of(tmp_path, "*.parquet"), hard.places())
    assert made.warnings[-1] == "labels of no region: 'Nowhere'"


def test_no_files_several_formats_and_unknown_engines_are_refused(tmp_path: Path) -> None:
    hard.write_parquet(SOUND, tmp_path)
    assert "no file is called 'lost/*.parquet'" in refused(hard.spec_of(tmp_path, "lost/*.parquet"))
    (tmp_path / "x.csv").write_text("a\n")
    assert "files of one format" in refused(hard.spec_of(tmp_path, "[px]*.*"))
    spec = hard.spec_of(tmp_path, "part-*.parquet")
    assert refused(spec, "oracle").startswith("--engine oracle: is not known; expected duckdb, spark://host")
    assert "found int; expected duckdb" in refused(spec, 5)
    with pytest.raises(SpecError, match="--memory plenty: expected a size such as 4GB"):
        run.aggregate(spec, hard.places(), memory="plenty")


def test_a_session_in_another_time_zone_is_refused(tmp_path: Path) -> None:
    hard.write_parquet(SOUND, tmp_path)
    con = ibis.duckdb.connect()
    con.raw_sql("SET TimeZone = 'Asia/Tokyo'")
    told = refused(hard.spec_of(tmp_path, "*.parquet"), con)
    assert told == "engine: the time zone of this session of DuckDB is Asia/Tokyo; set it to UTC first"


def test_java_that_is_not_there_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = engines._no_spark("local[2]", RuntimeError("[JAVA_GATEWAY_EXITED] Java gateway process exited"))
    assert (
        told
        == "--engine local[2]: Spark needs Java, which did not start; install a JRE of version 17 or later"
    )
    told = engines._no_spark("spark://host:7077", RuntimeError("An error: java.lang.IllegalStateException"))
    assert "did not answer" in told
    assert "a master" in told


def test_an_engine_that_is_not_installed_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for name, engine in (("duckdb", "duckdb"), ("pyspark.sql", "local[2]")):
        monkeypatch.setitem(sys.modules, name, None)
        with (
            pytest.raises(
                SpecError, match=r"which is not installed; run: pip install 'geotrack\[(engine|spark)\]'"
            ),
            engines.connected(engine),
        ):
            pass


def test_rows_that_are_lost_on_the_way_fail_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hard.write_parquet(SOUND, tmp_path)
    monkeypatch.setattr(run.Run, "_read", lambda self: 7)  # a file that came meanwhile
    told = refused(hard.spec_of(tmp_path, "*.parquet"))
    assert told.startswith(
        'metric "hashrate": 7 rows were read, but 6 placed + 0 without a place + 0 rejected'
    )


def test_what_is_hidden_and_shown_is_the_whole(tmp_path: Path) -> None:
    spec = hard.spec_of(tmp_path, "*.parquet")
    counted = outcome.Counted([{"slice": 0, "place": 1, "s0": 5}], 1)
    with pytest.raises(ValidationError, match="its parts are 0, the whole is 5; nothing is written"):
        outcome.kept_whole(counted, outcome.Published({}, set(), {}, set()), spec)


def test_a_table_that_the_engine_does_not_know_is_told(tmp_path: Path) -> None:
    con = ibis.duckdb.connect()
    spec = specification.check({**hard.SPEC, "table": "telemetry", "duplicates": "keep"}, "spec", tmp_path)
    with pytest.raises(SpecError, match="table = 'telemetry': duckdb knows none of this name"):
        run.aggregate(spec, hard.places(), con)
    con.con.register("telemetry", hard.table(SOUND))
    made = run.aggregate(spec, hard.places(), con)
    hard.write_parquet(SOUND, tmp_path)
    assert made.csv == run.aggregate(hard.spec_of(tmp_path, "*.parquet"), hard.places()).csv
    con.con.register("telemetry", hard.table(SOUND).drop(["value"]))
    with pytest.raises(ParseError, match="records: no column 'value'; there are: ts"):
        run.aggregate(spec, hard.places(), con)
