"""The command, the function and the docs: from records to a map, each step as it is written down."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from aggregation import hardrecords as hard

import geotrack as gt
from geotrack.aggregation import expression, recordfiles, specification
from geotrack.aggregation.outcome import COLUMNS

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "aggregate.md").read_text(encoding="utf-8")


def block(name: str) -> str:
    """A block of the docs, by the comment before it."""
    [found] = re.findall(rf"<!-- {name} -->\n```\w+\n(.*?)```", DOCS, flags=re.DOTALL)
    return str(found)


@pytest.fixture(scope="module")
def telemetry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up records, fewer than in the docs."""
    folder = tmp_path_factory.mktemp("telemetry")
    command = [sys.executable, ROOT / "scripts" / "make_records.py", folder, "--rows", "20000"]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def test_the_walk_of_the_docs_ends_at_a_map(
    telemetry: Path, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(telemetry)
    first, *steps = [shlex.split(line) for line in block("walk").splitlines()]
    assert first == ["python", "scripts/make_records.py", ".", "--rows", "5000000"]
    printed = []
    for program, *words in steps:
        assert program == "geotrack"
        answer = run(*words)
        assert (answer.code, answer.err) == (0, ""), words
        printed.append(answer.out)
    assert "20,000 rows in 1 files" in printed[0]
    assert re.search(r"hashrate: 20,000 rows read = [\d,]+ placed \+ .* \+ 66 duplicates", printed[1])
    assert (
        "now: geotrack import telemetry.csv --series telemetry-regions --over-time mean --publisher Nobody"
        in printed[1]
    )
    page = (telemetry / "maps" / "telemetry-regions.html").read_text(encoding="utf-8")
    assert "Kazakhstan" in page
    assert "Records without a place" in page
    assert not any(f"owner-{n}" in page for n in range(40))


def test_the_specification_in_the_docs_is_one_and_all_keys_are_told(tmp_path: Path) -> None:
    path = tmp_path / "telemetry.toml"
    path.write_text(block("specification"), encoding="utf-8")
    assert [metric.name for metric in specification.read(path).metrics] == ["hashrate", "owners"]
    for key in specification.CHECKS:
        assert re.search(rf"^\| .*`{key}`.* \|", DOCS, flags=re.MULTILINE), key


def test_function_and_command_say_the_same_and_a_second_run_writes_the_same_bytes(
    telemetry: Path, run: Callable[..., Any], tmp_path: Path
) -> None:
    spec, out = telemetry / "telemetry.toml", tmp_path / "x.csv"
    answer = run("aggregate", spec, "-o", out, "--json")
    told = json.loads(answer.out)
    made = gt.aggregate(spec, ibis.duckdb.connect(), data_folder=ROOT / "data")
    assert out.read_bytes() == made.csv
    assert told["quality"] == made.quality
    assert list(made.table.columns) == list(COLUMNS)
    assert made.table["value"].notna().any()
    origin = json.loads(out.with_suffix(".origin.json").read_text(encoding="utf-8"))
    assert origin["publisher"] == "Nobody"
    assert origin["boundaries"]["name"] == "countries-110m"
    assert "owner-" not in out.read_text() + json.dumps(origin)


def test_metrics_are_left_out_without_another_result(telemetry: Path, run: Callable[..., Any]) -> None:
    text = (telemetry / "telemetry.toml").read_text(encoding="utf-8")
    text += '\n[[metric]]\nname = "records"\nis = "count"\nof = "records"\n'
    spec = telemetry / "two.toml"
    spec.write_text(text, encoding="utf-8")
    both = gt.aggregate(spec, metrics=())
    assert both.mixed.startswith("over time these combine in several ways (hashrate: mean, records: sum)")
    one = gt.aggregate(spec, metrics=["records"])
    assert one.rows == tuple(row for row in both.rows if row[3] == "records")
    assert "--over-time sum" in one.next_command(Path("x.csv"))
    assert run("aggregate", spec, "-o", telemetry / "y.csv", "--metric", "speed").code == 7
    assert not (telemetry / "y.csv").exists()


def test_a_run_without_a_place_to_write_to_sums_nothing(telemetry: Path, run: Callable[..., Any]) -> None:
    spec = telemetry / "telemetry.toml"
    for out in ((), ("-o", telemetry / "x.xlsx")):
        answer = run("aggregate", spec, *out)
        assert (answer.code, answer.err.startswith("geotrack: nothing was summed: expected -o")) == (7, True)
    answer = run("aggregate", spec, "-o", telemetry / "x.csv", "--min-count", 0)
    assert "--min-count 0: expected 1 or more" in answer.err
    looked = json.loads(run("aggregate", spec, "--dry-run", "--json").out)
    assert (looked["rows"], looked["slices"], looked["engine"]) == (20_000, 12, "duckdb")
    assert looked["unmatched"] == []


def test_a_higher_count_hides_more_and_the_whole_stays(telemetry: Path) -> None:
    spec = telemetry / "telemetry.toml"
    wholes = []
    for least in (1, 5, 30):
        made = gt.aggregate(spec, min_count=least)
        wholes.append((made.quality["hidden"], made.table.groupby("start")["value"].sum().round(1).to_dict()))
    assert wholes[0][0] < wholes[1][0] < wholes[2][0]
    for _, sums in wholes[1:]:  # but for what each row is rounded by
        assert all(abs(sums[day] - wholes[0][1][day]) < 0.2 for day in sums)


@pytest.mark.parametrize("dialect", ["bigquery", "trino", "snowflake", "duckdb"])
def test_the_expression_compiles_to_the_sql_of_warehouses(dialect: str, tmp_path: Path) -> None:
    """None of these was run but DuckDB and Spark; that it stays possible is seen here."""
    spec = hard.spec_of(tmp_path, "x.parquet")
    schema = {name: recordfiles.kind_of(type_) for name, type_ in zip(
        hard.table([]).column_names, hard.table([]).schema.types, strict=True
    )}  # fmt: skip
    records = ibis.table(ibis.Schema.from_pyarrow(hard.table([]).schema), name="records")
    days = ibis.table({"day": "date", "number": "int64", "slice": "int64"}, name="days")
    labels = ibis.table({"label": "string", "region": "int64"}, name="labels")
    tiles = ibis.table(dict.fromkeys(hard.TILES.table(), "int64"), name="tiles")
    groups = expression.by_contributor(records, spec, schema, expression.Small(days, labels, tiles))
    sql = str(ibis.to_sql(expression.by_place(groups, spec), dialect=dialect))
    assert all(name in sql for name in ("records", "days", "labels", "tiles"))
    assert "isnan" not in sql.casefold().replace("_", "")
    hidden = ibis.table({"slice": "int64", "place": "int64"}, name="hidden")
    assert "hidden" in str(ibis.to_sql(expression.of_pool(groups, hidden, spec), dialect=dialect))


def test_no_identifier_is_asked_of_the_engine(tmp_path: Path) -> None:
    """What comes back is counted, summed or a maximum: numbers alone."""
    spec = hard.spec_of(tmp_path, "x.parquet")
    columns = {"slice": "int64", "place": "int64", "owner0": "string", "owner1": "int32"}
    sums = ("records", "again", *expression.HOW, "n0", "s0", "f0_0", "f0_1", "f0_2")
    groups = ibis.table(columns | dict.fromkeys(sums, "int64"), name="groups")
    shown = expression.by_place(groups, spec).schema()
    assert all(type_.is_numeric() for type_ in shown.values())
    assert not [name for name in shown if name.startswith("owner") and name != "owners0"]
    pool = expression.of_pool(groups, ibis.table({"slice": "int64", "place": "int64"}, name="hidden"), spec)
    assert all(type_.is_numeric() for type_ in pool.schema().values())
    assert pa.types.is_integer(pool.schema()["n0"].to_pyarrow())
