"""The few functions that most users need."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from geotrack.errors import BoundaryError, GeotrackError, SpecError, of_system

if TYPE_CHECKING:
    import geopandas
    import pandas as pd

    from geotrack.aggregation.outcome import Aggregation
    from geotrack.geo.boundaries import Boundaries
    from geotrack.map.spec import Spec
    from geotrack.timemap import TimeMap

Call = TypeVar("Call", bound=Callable[..., Any])

KINDS: tuple[str, ...] = ("intensive", "extensive")


def _with_arguments(call: Call) -> Call:
    """Let what a call refuses name its arguments, where the command line's errors name options."""

    @wraps(call)
    def called(*args: Any, **options: Any) -> Any:
        try:
            return call(*args, **options)
        except GeotrackError as error:
            raise error.in_python() from error
        except OSError as error:
            raise of_system(error) from error

    return cast("Call", called)


@_with_arguments
def choropleth(
    data: Any,
    *,
    id: str = "",
    boundaries: str | Path | geopandas.GeoDataFrame | None = None,
    code: str | None = None,
    region: Hashable | None = None,
    period: Hashable | None = None,
    value: Hashable | None = None,
    metric: Hashable | None = None,
    freq: str | None = None,
    unit: str | Sequence[str] = "",
    whole: float | None = None,
    tolerance: float | None = None,
    over_time: str = "",
    kind: str = "",
    level: str = "",
    source: Mapping[str, str] | None = None,
    missing: str = "",
    data_folder: Path | str | None = None,
    **spec: Any,
) -> TimeMap:
    """Make a time-sliced map of a series, or of a table of your own.

    Parameters
    ----------
    data : str, Path or table
        Name of a series (see `series`); or a table: the path of a file (CSV, Excel, Parquet, ...), a
        DataFrame of pandas or polars, a table of Arrow, a relation of DuckDB or Ibis, a dict of columns, or
        records. Long (a row for each region and period) or wide (a column for each period). The shapes of a
        GeoDataFrame are used as boundaries.
    id : str, optional
        Short name of the map: of its files, and of its permalinks where several maps share a page. If not
        given, a series' own map has the series' name, any other one made of its title and what it shows.
    boundaries : str, Path, GeoDataFrame or GeoSeries, optional
        Name of shipped boundaries, a file, a GeoDataFrame of your own, or a GeoSeries with codes as its
        index. Those of the series or of `level` if not given.
    code : str, optional
        Column of your boundaries that holds the regions' codes; found by its name if not given.
    region, period, value, metric : str or other column label, optional
        Columns of your table; found by their names, or by what stands in them, if not given. Regions may be
        names or codes, periods anything from "2021-07" and "Q1 2021" to dates. `value` may be several.
    freq : {"day", "month", "quarter", "half", "year"}, optional
        What a date stands for, where your periods are dates. A column of first or last days of months reads
        as months if not given.
    unit : str or sequence of str, optional
        Unit of your values, e.g. "%"; one for each column of `value`, where there are several.
    whole : float, optional
        What a period's values add up to, in their unit (100 for shares); the remainder is then a number on
        the page.
    tolerance : float, optional
        How far a period's sum may lie from `whole` by rounding, in the unit of the values; half a unit of
        your last decimal for each value of a period if not given.
    over_time : {"mean", "sum", "last"}, optional
        How your values combine in a longer slice. Shares and rates (by their unit or name, or where `whole`
        is given) are averaged if not given; else it must be said.
    kind : {"intensive", "extensive"}, optional
        "intensive" of a rate or a price, which has no sum over regions: no total, no remainder, no group of
        several; "extensive" of an amount. If not given, told from unit, names and title ("%", "g/kWh",
        "price"; "EH/s", "MW"); else what has over_time = "mean" and no `whole` is a rate.
    level : str, optional
        Level of your regions: "country" (if not given, and nothing speaks for another), or a country's ISO
        3166-1 alpha-2 code, such as "US", for its subdivisions, if the data folder has boundaries of them.
        That of `boundaries`, where these are of subdivisions, need not be given.
    source : mapping of str to str, optional
        The publisher, title, url and licence of your figures, for the page's footer.
    missing : str, optional
        What your table does not list, in words ("all but the five largest countries"). A total that is more
        than its regions is refused without it; with it the difference is shown as not stated, unless figures
        are below zero.
    data_folder : Path or str, optional
        Where series are read from; found by itself if not given.
    **spec : object, optional
        The keys of a map's specification: title, metrics, slices, groups, breaks, tiles, lang (of what
        geotrack says: "zh"), ... (see maps/README.md). Of a table also what `geotrack map` is told of it:
        sheet, start, end, status, note, decimal, empty, ... (see `geotrack map --help`).

    Returns
    -------
    TimeMap
        The finished map: save it, show it in a notebook, measure it.

    Raises
    ------
    GeotrackError
        Whatever cannot be used; the message says where, what was found and what to do.

    See Also
    --------
    series : Names of the series there are.
    load : The figures of a series, without a map.

    Examples
    --------
    >>> import geotrack as gt
    >>> gt.choropleth("cbeci-countries", metrics=["share"], title="Bitcoin mining", id="mining")
    <TimeMap 'mining': Bitcoin mining; 29 slices, September 2019 to January 2022>
    """
    from geotrack.build import modes, own
    from geotrack.map import spec as specs

    said = {"region": region, "period": period, "value": value, "metric": metric, "freq": freq, "unit": unit}
    said |= {"whole": whole, "tolerance": tolerance, "over_time": over_time, "kind": kind, "source": source}
    said |= {"missing": missing, "level": level} | {key: spec.pop(key) for key in own.OPTIONS if key in spec}
    table, shapes = _drawn_on(boundaries, code, spec)
    named = isinstance(data, str) and not specs.is_file(data)
    wanted = specs.check({"series": data if named else specs.OWN} | table, "choropleth()")
    if named:
        _refuse_idle(said)
        return modes.build(wanted, id or _name(data, table, shapes), data_folder, shapes=shapes)
    return _own_map(data, wanted, said, shapes, id=id, code=code, said_of_map=table, folder=data_folder)


def load(
    series: str, data_folder: Path | str | None = None, as_of: str = "", derived: bool = False
) -> pd.DataFrame:
    """Return a series' observations, as they are stored.

    Parameters
    ----------
    series : str
        Name of the series (see `series`).
    data_folder : Path or str, optional
        Where it is read from; found by itself if not given.
    as_of : str, optional
        A day such as "2023-05-01": the figures as they were known then, without later revisions. As they
        are known now if not given.
    derived : bool, optional
        Whether to add the figures that follow from them, status "derived": where two parts make up the whole
        (`complement` in series.toml) and the source states one. The other takes in all else that the source
        lists for the period; where a lower bound is stated it is at most the rest, status "upper bound":
        no figures to be added up. False if not given; maps, reports
        and `geotrack show` have them always.

    Returns
    -------
    DataFrame
        One row per figure: region, start, end (datetimes, the end excluded), metric, value (float, in the
        row's unit), unit, status, origin, label, note.

    Raises
    ------
    SpecError
        There is no such series, or nothing of it was known on that day.
    ValidationError
        Its data fail a check.

    See Also
    --------
    series : Names of the series there are.
    """
    from geotrack.store import complement
    from geotrack.store.folder import DataFolder

    data = DataFolder.of(data_folder)
    table = data.table(series, as_of)
    return complement.completed(table, beside=data.regions) if derived else table.observations


def series(data_folder: Path | str | None = None) -> list[str]:
    """Return the names of the series there are.

    Parameters
    ----------
    data_folder : Path or str, optional
        Where they are read from; found by itself if not given.

    Returns
    -------
    list of str
        Names that `load` and `choropleth` take.

    See Also
    --------
    load : The figures of a series.
    choropleth : A map of a series.
    """
    from geotrack.store import reading

    return list(reading.read_series(reading.data_folder(data_folder)))


@_with_arguments
def aggregate(
    spec: str | Path,
    engine: Any = None,
    *,
    metrics: Sequence[str] = (),
    min_count: int | None = None,
    memory: str = "",
    data_folder: Path | str | None = None,
) -> Aggregation:
    """Sum raw records, with a time, a place and an amount each, to a table of regions.

    Needs `pip install geotrack[engine]`; with Spark `geotrack[spark]` and Java.

    Parameters
    ----------
    spec : str or Path
        The specification, a .toml: see docs/aggregate.md.
    engine : str, backend of Ibis or SparkSession, optional
        "duckdb" (if not given), "spark://host:7077", "sc://host" or "local[2]"; or a connection of your own,
        whose session must be in UTC.
    metrics : sequence of str, optional
        Names of metrics whose rows are wanted; all if not given. What is hidden is so by all of them.
    min_count : int, optional
        How many contributors a region of a slice must have to be shown; what the specification says if not
        given.
    memory : str, optional
        How much an engine of ours may take, such as "4GB"; what is more goes to disk. The engine's own
        limit if not given.
    data_folder : Path or str, optional
        Where regions and boundaries are read from; found by itself if not given.

    Returns
    -------
    Aggregation
        The table, what became of every row read, and where it comes from.

    Raises
    ------
    GeotrackError
        The specification, the records or the engine cannot be used; or rows are lost on the way.

    See Also
    --------
    choropleth : A map of the table.
    """
    from geotrack.build import records

    said: dict[str, Any] = {"metrics": metrics, "min_count": min_count, "memory": memory}
    return records.aggregate(spec, engine, data=data_folder, **said)


def _name(series: str, said: Mapping[str, Any], own: Boundaries | None, frame: Any = None) -> str:
    """Name a map by its title and all that is said of it: two maps of a page must not share a name."""
    import pandas as pd

    from geotrack.map.naming import name_of

    if frame is None and not said and own is None:
        return series
    rows = [] if frame is None else pd.util.hash_pandas_object(frame, index=False).tolist()
    shapes = [] if own is None else [own.codes, own.names]
    return name_of(str(said.get("title") or series), [series, said, shapes], rows)


def _drawn_on(boundaries: Any, code: str | None, spec: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    """Return the specification with the name of shipped boundaries, and shapes of the user's own."""
    from geotrack.map.spec import is_file

    if isinstance(boundaries, str) and not is_file(boundaries):
        return {**spec, "boundaries": boundaries}, None
    return dict(spec), None if boundaries is None else _shapes(boundaries, code)


def _shapes(boundaries: Any, code: str | None) -> Any:
    from geotrack.geo.boundaries import from_geodataframe, read_file

    if isinstance(boundaries, (str, Path)):
        return read_file(boundaries, code=code)
    if hasattr(boundaries, "geometry") and hasattr(boundaries, "crs"):
        return from_geodataframe(boundaries, code=code)
    raise BoundaryError(
        f"boundaries: found {type(boundaries).__name__}; expected the name of shipped "
        "boundaries, a path or a GeoDataFrame"
    )


def _own_map(
    data: Any,
    wanted: Spec,
    said: Mapping[str, Any],
    shapes: Any,
    *,
    id: str,
    code: str | None,
    said_of_map: Mapping[str, Any],
    folder: Path | str | None,
) -> TimeMap:
    """Read a user's table and make its map; `said` is said of the table."""
    from geotrack.build import modes, own
    from geotrack.store.folder import DataFolder

    _refuse_types(said)
    given = {key: value for key, value in said.items() if key != "source"}
    held = DataFolder.of(folder)
    regions = None if shapes is not None or wanted.boundaries else held.regions
    found = own.read(data, given, wanted=wanted, regions=regions, levels=held.levels, shapes=shapes)
    if shapes is None and not wanted.boundaries:
        shapes = found.shapes(code or "")
    id = id or _name("", {**said_of_map, **said}, shapes, found.observations)
    return modes.build_own(wanted, id, found, shapes=shapes, source=said["source"], data=folder)


def _refuse_types(said: Mapping[str, object]) -> None:
    unit, whole, tolerance, source = (said[name] for name in ("unit", "whole", "tolerance", "source"))
    kind, missing = said["kind"], said["missing"]
    wrong = [
        f"{name} = {value!r}: expected {wanted}"
        for name, value, fits, wanted in [
            ("unit", unit, _is_text(unit), 'text such as "%", or a list of one for each value'),
            ("whole", whole, whole is None or _positive(whole), "a number above zero"),
            ("tolerance", tolerance, tolerance is None or tolerance == 0 or _positive(tolerance), "a number"),
            ("source", source, source is None or isinstance(source, Mapping), "a dict: publisher, url"),
            ("kind", kind, kind in ("", *KINDS), f'"{KINDS[0]}" (a rate) or "{KINDS[1]}" (an amount)'),
            ("missing", missing, isinstance(missing, str), "text"),
        ]
        if not fits
    ]
    if wrong:
        raise SpecError(f"choropleth(): {'; '.join(wrong)}")


def _is_text(value: object) -> bool:
    """Tell a text, or a list of them."""
    each = value if isinstance(value, Sequence) else [value]
    return all(isinstance(text, str) for text in each)


def _positive(value: object) -> bool:
    real = isinstance(value, numbers.Real) and not isinstance(value, bool)
    return real and math.isfinite(value) and value > 0  # type: ignore[arg-type,operator]


def _refuse_idle(given: Mapping[str, object]) -> None:
    idle = [name for name, value in given.items() if value not in (None, "")]
    if idle:
        raise SpecError(
            f"choropleth(): {', '.join(idle)} can be said of a table of your own only; "
            "a named series brings its own: leave it out"
        )
