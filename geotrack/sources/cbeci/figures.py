"""Figures of CBECI's charts (JSON) and downloads (CSV), as they are written."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from geotrack.errors import FetchError, ParseError, first_few
from geotrack.sources.payload import decimal_of, moment_of, month_of, plain

COUNTRIES = "cbeci-countries"
MAP = "cbeci-map-countries"
PROVINCES = "cbeci-china-provinces"
STATES = "cbeci-map-us-states"
MIDNIGHT = time(0, 0)
OTHER_QUANTITIES = ("electricity", "consumption", "power", "date and time", "timestamp", "mmtcde", "emission")


@dataclass(frozen=True)
class ChartFigure:
    """One figure as read: `value` is exact, in the chart's own unit; `text` has the source's digits."""

    where: str
    start: str
    end: str
    label: str
    value: Decimal
    text: str = ""
    code: str = ""
    metric: str = ""


@dataclass(frozen=True)
class Form:
    """A CSV of the source, known by its header.

    Parameters
    ----------
    header : as the source writes it.
    series : what it feeds.
    metrics : of the columns after the second.
    versions : of the API that write it, for messages.
    blind : whether the source writes a missing figure as zero in it.
    """

    header: tuple[str, ...]
    series: str
    metrics: tuple[str, ...]
    versions: str
    blind: bool = False


FORMS = (
    Form(("Date", "Country", "Share of global hashrate"), COUNTRIES, ("share",), "v1.1.0"),
    Form(
        ("date", "country", "monthly_hashrate_%", "monthly_absolute_hashrate_EH/S"),
        COUNTRIES,
        ("share", "hashrate"),
        "v1.1.1, v1.2.0, v1.5.0",
        blind=True,
    ),
    Form(("Date", "Country", "Estimated absolute hashrate"), COUNTRIES, ("hashrate",), "absolute"),
    Form(("Date", "Province", "Share of Chinese hashrate"), PROVINCES, ("share",), "provinces"),
    Form(("Date", "State", "US hashrate by state"), STATES, ("share",), "states"),
)


def chart(name: str, payload: Any) -> list[ChartFigure]:
    """Return the figures of a chart; those of null are missing and have none.

    Raises
    ------
    ParseError
        Other keys or values than documented, no figure at all, a month and a name given twice.
    FetchError
        The source's own error message.
    """
    records = _records(name, payload)
    faults = [f"record {n}: {fault}" for n, record in enumerate(records, 1) for fault in _faults(record)]
    if faults:
        raise ParseError(
            f"{name}: {first_few(faults)}; expected x (milliseconds of the first of a month, 00:00 UTC), "
            "y (a number from 0, or null), name, and a code or none; "
            "the source has changed, or the file is damaged"
        )
    figures = [_figure(n, record) for n, record in enumerate(records, 1) if record["y"] is not None]
    if not figures:
        raise ParseError(
            f"{name}: y is null in all {len(records)} records; expected figures; try again later"
        )
    _refuse_twice(name, figures)
    return figures


def _records(name: str, payload: Any) -> list[Any]:
    if isinstance(payload, dict) and "error" in payload:
        raise FetchError(
            f"{name}: the source answered with an error, {_shown(payload['error'])}; expected data; charts "
            "have no version, the download of countries exists as v1.1.0, v1.1.1, v1.2.0 and v1.5.0"
        )
    records = payload.get("data") if isinstance(payload, dict) else None
    if not isinstance(records, list):
        keys = f"the keys {_keys(payload)}" if isinstance(payload, dict) else "a list"
        raise ParseError(f'{name}: found {keys}; expected {{"data": [records]}}; the source has changed')
    if not records:
        raise ParseError(f'{name}: "data" is empty; expected records; the source gave none, try again later')
    return records


def _faults(record: Any) -> list[str]:
    if not isinstance(record, dict):
        return [f"is {_shown(record)}, no object"]
    absent = [key for key in ("x", "y", "name") if key not in record]
    if absent:
        return [f"has no {', '.join(absent)}; its keys are {_keys(record)}"]
    y, code = record["y"], record.get("code")
    number = None if isinstance(y, str) else decimal_of(y)
    good = {
        "x": _month(record["x"]) is not None,
        "y": y is None or (number is not None and number >= 0),
        "name": _is_label(record["name"]),
        "code": code is None or (isinstance(code, str) and code.isprintable() and len(code) <= 10),
    }
    return [f"{key} is {_shown(record[key])}" for key in good if not good[key]]


def _figure(n: int, record: Mapping[str, Any]) -> ChartFigure:
    start, end = _month(record["x"]) or ("", "")  # checked before
    value = Decimal(record["y"]).copy_abs()  # -0.0 is zero
    return ChartFigure(f"record {n}", start, end, record["name"], value, code=record.get("code") or "")


def _month(x: object) -> tuple[str, str] | None:
    """Return the month that milliseconds begin, or None if they begin none."""
    number = None if isinstance(x, str) else decimal_of(x)
    if number is None or number != int(number) or int(number) % 1000:
        return None
    moment = moment_of(int(number) // 1000)
    return month_of(moment) if moment and (moment.day, moment.time()) == (1, MIDNIGHT) else None


def table(name: str, text: str) -> tuple[Form, list[ChartFigure]]:
    """Return a download's form and its figures; those of empty cells are missing and have none.

    Raises
    ------
    ParseError
        No CSV, a header that is none of FORMS, cells that are no month, name or figure, a month and a name
        given twice.
    """
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        lines = [(reader.line_num, cells) for cells in reader if any(cells)]
    except csv.Error as error:
        raise ParseError(f"{name}: no CSV: {error}; the file is damaged, fetch it again") from error
    form = _form(name, lines[0][1] if lines else [])
    faults: list[str] = []
    figures = [figure for n, cells in lines[1:] for figure in _cells(form, n, cells, faults)]
    if faults:
        raise ParseError(
            f"{name}: {first_few(faults)}; expected {','.join(form.header)}: the first of a month such as "
            "2019-09-01, a name, a share from 0 to 100 with or without a percent sign, EH/s from 0; "
            "the source has changed, or the file is damaged"
        )
    if not figures:
        raise ParseError(f"{name}: a header but no figure; expected rows below it; fetch the file again")
    _refuse_twice(name, figures)
    return form, figures


def _form(name: str, header: list[str]) -> Form:
    found = [cell.strip().casefold() for cell in header]
    for form in FORMS:
        if found == [cell.casefold() for cell in form.header]:
            return form
    forms = "; ".join(f"{','.join(form.header)} ({form.versions})" for form in FORMS)
    if any(word in cell for cell in found for word in OTHER_QUANTITIES):
        raise ParseError(
            f"{name}: CBECI's electricity or emissions, another quantity than the mining map's; "
            f"expected one of: {forms}; download /mining_countries or /mining_provinces, not /data"
        )
    raise ParseError(
        f"{name}: header {_shown(','.join(header))} is not known; expected one of: {forms}; "
        "the source has changed, or this is another file"
    )


def _cells(form: Form, n: int, cells: list[str], faults: list[str]) -> Iterator[ChartFigure]:
    """Give a line's figures; an empty cell is missing and has none."""
    if len(cells) != len(form.header):
        faults.append(f"line {n}: {len(cells)} cells")
        return
    month, label = _month_of_day(cells[0]), cells[1]
    faults += [] if month else [f"line {n}: date {_shown(cells[0])}"]
    faults += [] if _is_label(label) else [f"line {n}: name {_shown(label)}"]
    for metric, cell in zip(form.metrics, map(str.strip, cells[2:]), strict=True):
        text = cell.removesuffix("%") if metric == "share" else cell
        value = None if text.startswith("-") else decimal_of(text)
        if cell and (value is None or (metric == "share" and value > 100)):
            faults.append(f"line {n}: {metric} {_shown(cell)}")
        elif month and value is not None:
            written = plain(value) if "e" in text.casefold() else text
            yield ChartFigure(f"line {n}", *month, label, value, written, metric=metric)


def _month_of_day(text: str) -> tuple[str, str] | None:
    """Return the month that an ISO day begins, or None if it begins none between 2009 and 2100."""
    if not re.fullmatch(r"(2009|20[1-9]\d)-(0[1-9]|1[0-2])-01", text, re.ASCII):
        return None
    return month_of(datetime.fromisoformat(text))


def sums_of(figures: Sequence[ChartFigure]) -> dict[str, Decimal]:
    """Return what the figures of each month add up to."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for figure in figures:
        sums[figure.start] += figure.value
    return dict(sums)


def _refuse_twice(name: str, figures: Sequence[ChartFigure]) -> None:
    counts = Counter((figure.start, figure.label, figure.metric) for figure in figures)
    twice = [f"{start[:7]} {label!r}" for (start, label, _), count in counts.items() if count > 1]
    if twice:
        raise ParseError(
            f"{name}: given twice: {first_few(dict.fromkeys(twice))}; expected a month and a name once; "
            "nothing tells which is right, ask the source"
        )


def _is_label(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable() and len(value) <= 100


def _keys(table: Mapping[str, Any]) -> str:
    return first_few(map(_shown, table), ", ") or "(none)"


def _shown(value: object) -> str:
    """Return a value for a message; a list or an object only by what it is."""
    if value is None or isinstance(value, bool | int | str | Decimal):
        return repr(value)[:80]
    return "a list" if isinstance(value, list) else "an object"
