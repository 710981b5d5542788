"""The engines that sum records: DuckDB in this process, Spark where the data lie, or one that is given."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from geotrack import files
from geotrack.aggregation.recordfiles import CSV, INSTANT, MOMENT, Files, kind_of
from geotrack.errors import GeotrackError, ParseError, SpecError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

DUCKDB, SPARK = "duckdb", "spark"
KNOWN = f"{DUCKDB}, spark://host:7077 (a cluster), sc://host (Spark Connect) or local[2] (Spark, here)"
Progress = Callable[[str], None]
_MEMORY = re.compile(r"([1-9][0-9]*) ?(MB|GB)", re.ASCII)
BROADCAST = 64 * 1024 * 1024
"""Bytes up to which Spark hands a table to every worker; tiles of countries are above its own limit."""


_NUMBERS = count()
"""Names of what is made in an engine are used once."""


@dataclass
class Engine:
    """An engine that is connected to, with what the one needs that the other does not.

    Parameters
    ----------
    name : "duckdb", "spark", or the name of another backend of Ibis.
    con : the backend.
    session : of Spark; else None.
    """

    name: str
    con: Any
    session: Any = None
    made: list[str] = field(default_factory=list)

    def records(self, found: Files) -> ir.Table:
        """Return the table that files are; a CSV's cells as text, as each engine would guess their types."""
        paths, name = list(found.paths), self._name("records")
        if self.session is not None:
            reader = self.session.read.options(**_SPARK_CSV) if found.format == CSV else self.session.read
            load = reader.csv if found.format == CSV else reader.parquet
            load(
                paths if found.format == CSV else paths[0], *([] if found.format == CSV else paths[1:])
            ).createOrReplaceTempView(name)
            return self.con.table(name)
        if found.format == CSV:
            told = dict.fromkeys(found.header, "VARCHAR")  # nothing is guessed from the first lines
            return self.con.read_csv(paths, table_name=name, columns=told or None, **_DUCK_CSV)
        return self.con.read_parquet(paths, table_name=name)

    def table(self, name: str) -> ir.Table:
        """Return a table that the engine knows by its name."""
        *place, last = name.split(".")
        try:
            return self.con.table(last, database=tuple(place) or None)
        except Exception as error:
            raise SpecError(
                f"table = {name!r}: {self.name} knows none of this name; {_first(error)}"
            ) from error

    def kinds(self, table: ir.Table, columns: Sequence[str]) -> Mapping[str, str]:
        """Return what a table's columns hold, in the words of `recordfiles`."""
        schema = table.schema()
        if lost := [name for name in columns if name not in schema]:
            there = ", ".join(schema)
            raise ParseError(f"records: no column {', '.join(map(repr, lost))}; there are: {there}")
        found = {name: kind_of(schema[name].to_pyarrow()) for name in columns}
        if self.session is not None:  # Ibis shows both kinds of time as one
            told = dict(self.session.table(table.get_name()).dtypes)
            zones = {"timestamp": INSTANT, "timestamp_ntz": MOMENT}
            found |= {name: zones[told[name]] for name in columns if told.get(name) in zones}
        return found

    def small(self, what: str, table: pa.Table) -> ir.Table:
        """Bring a small table to the engine."""
        name = self._name(what)
        if self.session is not None:
            self.session.createDataFrame(table).createOrReplaceTempView(name)
            return self.con.table(name)
        if self.name == DUCKDB:  # a table of Ibis' own would stay in a connection that is the user's
            self.con.con.register(f"{name}_given", table)
            self._run(f'CREATE TEMP TABLE "{name}" AS FROM "{name}_given"')
            self.con.con.unregister(f"{name}_given")
            return self.con.table(name)
        return self.con.create_table(name, table, temp=True)

    def keep(self, table: ir.Table) -> ir.Table:
        """Compute a table once, in the engine, for the questions that are asked of it."""
        name = self._name("groups")
        if self.session is not None:
            self.session.sql(self.con.compile(table)).cache().createOrReplaceTempView(name)
            return self.con.table(name)
        return self.con.create_table(name, table, temp=True)

    def tidy(self) -> None:
        """Leave nothing in an engine of the user's own."""
        for name in self.made:
            if self.session is not None:
                self.session.catalog.uncacheTable(name)
                self.session.catalog.dropTempView(name)
            elif self.name == DUCKDB:
                kind = "VIEW" if name.startswith("geotrack_records") else "TABLE"
                self._run(f'DROP {kind} IF EXISTS "{name}"')
            else:
                self.con.drop_table(name, force=True)
        self.made.clear()

    @contextmanager
    def watched(self, progress: Progress | None) -> Iterator[None]:
        """Tell how far the engine is, once a second, as it says itself."""
        if progress is None:
            yield
            return
        over = Event()

        def look() -> None:
            while not over.wait(1.0):
                if said := self._how_far():
                    progress(said)

        watcher = Thread(target=look, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()

    def _how_far(self) -> str:
        """Return how far a query is: DuckDB's percentage, Spark's tasks; "" where it does not say."""
        try:
            if self.session is not None:
                tracker = self.session.sparkContext.statusTracker()
                stages = [tracker.getStageInfo(each) for each in tracker.getActiveStageIds()]
                done, tasks = (
                    sum(s.numCompletedTasks for s in stages if s),
                    sum(s.numTasks for s in stages if s),
                )
                return f"{done:,} of {tasks:,} tasks of {len(stages)} stages" if tasks else ""
            percent = self.con.con.query_progress()
            return f"{percent:.0f}%" if percent > 0 else ""
        except Exception:  # whatever an engine says of itself is no matter of the figures
            return ""

    def fetch(self, table: ir.Table) -> list[dict[str, Any]]:
        """Return the rows of a small result; of Spark without pandas, whose version it does not know."""
        if self.session is not None:
            told: list[dict[str, Any]] = self.session.sql(self.con.compile(table)).toArrow().to_pylist()
            return told
        rows: list[dict[str, Any]] = table.to_pyarrow().to_pylist()
        return rows

    def _run(self, statement: str) -> None:
        """Run a statement of DuckDB to its end: what it returns, though nothing, keeps others waiting."""
        self.con.raw_sql(statement).fetchall()

    def _name(self, what: str) -> str:
        self.made.append(f"geotrack_{what}_{next(_NUMBERS)}")
        return self.made[-1]


_DUCK_CSV = {"header": True, "all_varchar": True, "delim": ",", "quote": '"', "escape": '"', "nullstr": ""}
_SPARK_CSV = {
    "header": True, "inferSchema": False, "sep": ",", "quote": '"', "escape": '"', "mode": "FAILFAST",
    "enforceSchema": False, "multiLine": True, "encoding": "UTF-8",
}  # fmt: skip


@contextmanager
def connected(engine: Any, memory: str = "") -> Iterator[Engine]:
    """Connect to an engine by its name or address, or take a backend of Ibis or a session of Spark as it is.

    Raises
    ------
    SpecError : no such engine, or what it needs is not installed.
    """
    if memory and not _MEMORY.fullmatch(memory):
        raise SpecError(f"--memory {memory}: expected a size such as 4GB or 500MB")
    if engine is not None and not isinstance(engine, str):
        mine = _given(engine, memory)
        try:
            yield mine
        finally:
            mine.tidy()
    elif engine in (None, "", DUCKDB):
        with _duckdb(memory) as found:
            yield found
    elif re.match(r"(spark|sc)://.+|local(\[.+\])?$", str(engine)):
        with _spark(str(engine), memory) as found:
            yield found
    else:
        raise SpecError(f"--engine {engine}: is not known; expected {KNOWN}")


@contextmanager
def _duckdb(memory: str) -> Iterator[Engine]:
    try:
        import duckdb  # noqa: F401
        import ibis
    except ImportError as error:
        raise SpecError(
            f"aggregating needs {error.name or 'ibis'}, which is not installed; run: "
            "pip install 'geotrack[engine]'"
        ) from error
    with files.workplace() as spill:
        more = {"memory_limit": memory.replace(" ", "")} if memory else {}
        con = ibis.duckdb.connect(temp_directory=str(spill), **more)
        try:
            con.raw_sql("SET TimeZone = 'UTC'")
            yield Engine(DUCKDB, con)
        finally:
            con.disconnect()


@contextmanager
def _spark(address: str, memory: str) -> Iterator[Engine]:
    try:
        import ibis
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise SpecError(
            f"--engine {address} needs {error.name or 'pyspark'}, which is not installed; run: "
            "pip install 'geotrack[spark]'"
        ) from error
    if SparkSession.getActiveSession() is not None:  # it would be taken for this one, and stopped with it
        raise SpecError(f"--engine {address}: a session of Spark is open here already; give it as engine=")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=NO_PANDAS)
        session = _session(SparkSession.builder, address, memory)
        try:
            if not address.startswith("sc://"):
                session.sparkContext.setLogLevel("OFF")
            _refuse_zone("Spark", session.conf.get("spark.sql.session.timeZone"))
            yield Engine(SPARK, ibis.pyspark.connect(session), session)
        finally:
            session.stop()


NO_PANDAS = "PySpark does not yet fully support pandas"
"""What PySpark says of pandas 3, which is not used here: results come as tables of Arrow."""


def _session(builder: Any, address: str, memory: str) -> Any:
    """Open a session of Spark."""
    builder = builder.appName("geotrack aggregate")
    builder = builder.remote(address) if address.startswith("sc://") else builder.master(address)
    settings = _SPARK | ({"spark.sql.shuffle.partitions": "8"} if address.startswith("local") else {})
    if memory:
        size = memory.replace(" ", "").removesuffix("B").lower()
        settings |= {"spark.driver.memory": size, "spark.executor.memory": size}
    for key, value in settings.items():
        if not (address.startswith("sc://") and not key.startswith("spark.sql.")):
            builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except Exception as error:
        raise SpecError(_no_spark(address, error)) from error


_SPARK = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.autoBroadcastJoinThreshold": str(BROADCAST),
    "spark.sql.csv.parser.columnPruning.enabled": "false",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


def _no_spark(address: str, error: Exception) -> str:
    if "JAVA_GATEWAY_EXITED" in str(error) or isinstance(error, FileNotFoundError):
        return (
            f"--engine {address}: Spark needs Java, which did not start; install a JRE of version 17 or later"
        )
    return (
        f"--engine {address}: Spark did not answer: {_first(error)}; expected the address of a master or a "
        "server that runs, such as spark://host:7077"
    )


def _given(engine: Any, memory: str) -> Engine:
    """Take an engine of the user's own; its settings are theirs, but a zone other than UTC is refused."""
    if memory:
        raise SpecError("memory: an engine that is given has a limit of its own; set it there")
    if hasattr(engine, "sql") and hasattr(engine, "createDataFrame"):
        import ibis

        _refuse_zone("Spark", engine.conf.get("spark.sql.session.timeZone"))
        return Engine(SPARK, ibis.pyspark.connect(engine), engine)
    name = getattr(engine, "name", "")
    if not name or not hasattr(engine, "table"):
        raise SpecError(
            f"engine: found {type(engine).__name__}; expected {KNOWN}, a backend of Ibis, or a SparkSession"
        )
    if name == DUCKDB:
        _refuse_zone("DuckDB", engine.raw_sql("SELECT current_setting('TimeZone')").fetchall()[0][0])
    session = getattr(engine, "_session", None) if name == "pyspark" else None
    return Engine(SPARK if session is not None else name, engine, session)


def _refuse_zone(who: str, zone: str) -> None:
    """Refuse a session whose days are not those of UTC: records of an evening would be in another month."""
    if zone not in ("UTC", "Etc/UTC", "GMT", "Z", "+00:00"):
        raise SpecError(f"engine: the time zone of this session of {who} is {zone}; set it to UTC first")


def _first(error: BaseException) -> str:
    """Return an error's first line without the name of its kind; of a CSV's line also what was expected."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    first = re.sub(r"^[A-Z][\w ]* Error: ", "", lines[0])
    more = [line for line in lines[1:] if line.startswith("Expected Number of Columns")]
    return ", ".join([first.replace("CSV Error on Line:", "line"), *more])[:300]


@contextmanager
def told(found: Files) -> Iterator[None]:
    """Tell an engine's error in a sentence, with the file that it names, in the place of a page of Java."""
    try:
        yield
    except GeotrackError:
        raise
    except Exception as error:
        text = str(error)
        named = next((path for path in found.paths if path in text or path.rpartition("/")[2] in text), "")
        where = f"{named}: " if named else ""
        raise ParseError(
            f"{where}the engine cannot read or sum the records: {_cause(text) or _first(error)}"
        ) from error


def _cause(text: str) -> str:
    """Return what a page of Java says first that is no name of a class."""
    found = re.findall(r"(?:Caused by: )?[\w.$]+(?:Exception|Error): ([^\n]+)", text)
    return found[-1][:300] if found else ""
