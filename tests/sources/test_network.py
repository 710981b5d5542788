"""The network's hashrate of three sources: exact means of days, gaps said, other units and pages refused."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geotrack.errors import FetchError, GeotrackError, ParseError
from geotrack.model import LABELLED_COLUMNS, File, Provider
from geotrack.sources.network import blockchain, coinmetrics, daily, mempool
from geotrack.store.reading import series_of
from geotrack.store.schema import series_faults

HERE = Path(__file__).parent / "payloads" / "network"
MODULES = {"mempool": mempool, "blockchain": blockchain, "coinmetrics": coinmetrics}
PROVIDERS: list[Provider] = [m.PROVIDER for m in MODULES.values()]
every_provider = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda p: p.name)

Months = dict[tuple[str, str], tuple[str, str]]


def recorded(name: str) -> bytes:
    return (HERE / name).read_bytes()


def months(frame: pd.DataFrame) -> Months:
    """(month, metric) -> (value, note)."""
    assert tuple(frame.columns) == LABELLED_COLUMNS
    keys = zip(frame["start"].str[:7], frame["metric"], strict=True)
    found = dict(zip(keys, zip(frame["value"], frame["note"], strict=True), strict=True))
    assert len(found) == len(frame), "a month is there twice"
    return found


def reply(name: str, points: list[tuple[datetime, int]]) -> bytes:
    """A source's reply of points in TH/s (synthetic figures)."""
    seconds = [(int(moment.timestamp()), value) for moment, value in points]
    shapes: dict[str, Any] = {
        "mempool": {"hashrates": [{"timestamp": t, "avgHashrate": v * 10**12} for t, v in seconds]},
        "blockchain": {"status": "ok", "unit": "TH/s", "values": [{"x": t, "y": v} for t, v in seconds]},
        "coinmetrics": {
            "data": [
                {"asset": "btc", "time": f"{m:%Y-%m-%dT%H:%M:%S}.000000000Z", "HashRate": str(v)}
                for m, v in points
            ]
        },
    }
    return json.dumps(shapes[name]).encode()


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def span(first: str, count: int, step: int = 1, value: int = 500_000_000) -> list[tuple[datetime, int]]:
    return [(at(first) + timedelta(days=step * i), value) for i in range(count)]


# --- the shapes that are documented


def test_one_real_point_of_mempool_keeps_its_digits() -> None:
    frame = mempool.parse({"saved": recorded("mempool.json")})
    note = "partial month: 1 of 31 days observed, from 2022-05-14, to 2022-05-14"
    assert months(frame) == {
        ("2022-05", "hashrate"): ("236.499762", note),
        ("2022-05", "days_observed"): ("1", note),
    }
    assert set(frame["file"]) == {"saved"}


# 45 synthetic days from 1 October 2026: 900 EH/s and 1 EH/s more every day
OCTOBER, NOVEMBER = 900 + 15, 931 + Fraction(13, 2)


@pytest.mark.parametrize(
    ("module", "file", "tail"),
    [
        (mempool, "mempool-days.json", 0),
        (blockchain, "blockchain-api.json", Fraction(1, 2)),
        (blockchain, "blockchain-export.json", Fraction(1, 2)),
        (blockchain, "blockchain-export.csv", Fraction(1, 2)),
        (blockchain, "blockchain-api.csv", Fraction(1, 2)),
    ],
)
def test_a_recorded_shape_gives_its_months(module: Any, file: str, tail: Fraction) -> None:
    frame = module.parse({"any-name": recorded(file)})
    partial = "partial month: 14 of 30 days observed, to 2026-11-14"
    # half a TH/s more is half a millionth of an EH/s: rounded to even
    assert months(frame) == {
        ("2026-10", "hashrate"): (value_of(OCTOBER + tail / 10**6), ""),
        ("2026-10", "days_observed"): ("31", ""),
        ("2026-11", "hashrate"): (value_of(NOVEMBER + tail / 10**6), partial),
        ("2026-11", "days_observed"): ("14", partial),
    }


def value_of(mean: Fraction | int) -> str:
    """Six decimals, half to even, by another way than the providers'."""
    with localcontext() as context:
        context.prec = 400
        exact = Decimal(Fraction(mean).numerator) / Decimal(Fraction(mean).denominator)
        rounded = exact.quantize(Decimal("0.000001"), ROUND_HALF_EVEN)
    return f"{rounded:f}".rstrip("0").rstrip(".")


def test_pages_are_joined_and_a_null_is_a_day_that_was_not_observed() -> None:
    pages = {f"hashrate-{n}": recorded(f"coinmetrics-{n}.json") for n in (1, 2)}
    frame = coinmetrics.parse(pages)
    found = months(frame)
    partial = "partial month: 13 of 30 days observed, to 2026-11-13"
    assert found["2026-10", "hashrate"] == ("915.000001", "")  # .0000005 and a little: up
    assert found["2026-11", "hashrate"] == ("937.000001", partial)
    assert found["2026-11", "days_observed"] == ("13", partial)
    assert months(coinmetrics.parse(dict(reversed(pages.items())))) == found
    assert set(frame["file"]) == {"hashrate-1"}  # where the last day of a month stands


def test_one_page_alone_is_read_too() -> None:
    found = months(coinmetrics.parse({"x": recorded("coinmetrics-2.json")}))
    assert found["2026-10", "days_observed"] == (
        "20",
        "partial month: 20 of 31 days observed, to 2026-10-20",
    )


@every_provider
def test_rows_say_what_they_are(provider: Provider) -> None:
    frame = provider.parse({"f": reply(provider.name, span("2020-02-01", 29))})
    assert frame.to_dict("records") == [
        {
            "series": f"network-{provider.name}",
            "label": "Bitcoin network",
            "lookup": "network",
            "start": "2020-02-01",
            "end": "2020-03-01",
            "metric": metric,
            "value": value,
            "unit": unit,
            "status": "derived",
            "note": "",
            "file": "f",
            "published": "",
        }
        for metric, value, unit in (("hashrate", "500", "EH/s"), ("days_observed", "29", "days"))
    ]


@every_provider
def test_the_series_is_described(provider: Provider) -> None:
    text = Path(daily.__file__).with_name(f"{provider.name}.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    assert tuple(tables) == provider.series
    [(name, table)] = tables.items()
    assert series_faults(table) == []
    series = series_of(name, table)
    assert [(m.name, m.unit, m.over_time) for m in series.metrics] == [
        ("hashrate", "EH/s", "mean"),
        ("days_observed", "days", "sum"),
    ]
    assert (series.crosswalk, series.level, series.boundaries) == ("network", "country", "countries-110m")
    assert "half-even to 6 decimals" in series.method


# --- which days were observed


@every_provider
@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (span("2021-01-01", 31), {"2021-01": ""}),
        (span("2021-01-01", 30), {"2021-01": "partial month: 30 of 31 days observed, to 2021-01-30"}),
        (span("2021-01-02", 30), {"2021-01": "partial month: 30 of 31 days observed, from 2021-01-02"}),
        (
            span("2021-01-05", 10),
            {"2021-01": "partial month: 10 of 31 days observed, from 2021-01-05, to 2021-01-14"},
        ),
        (
            [p for p in span("2021-01-01", 59) if p[0].day != 1 or p[0].month == 1],
            {"2021-01": "", "2021-02": "27 of 28 days observed"},
        ),
        (
            [p for p in span("2021-01-01", 31) if not 10 <= p[0].day < 15],
            {"2021-01": "26 of 31 days observed"},
        ),
        (
            span("2021-01-03", 22, step=4),  # to 28 March
            {
                month: f"{n} of {of} days observed; thinned series, about one in 4 days: {n} points"
                for month, n, of in (("2021-01", 8, 31), ("2021-02", 7, 28), ("2021-03", 7, 31))
            },
        ),
        (
            span("2021-01-03", 12, step=4),  # to 16 February: more than one step is lacking
            {
                "2021-01": "8 of 31 days observed; thinned series, about one in 4 days: 8 points",
                "2021-02": "partial month: 4 of 28 days observed, to 2021-02-16; "
                "thinned series, about one in 4 days: 4 points",
            },
        ),
    ],
)
def test_a_month_says_what_was_not_observed(
    provider: Provider, points: list[tuple[datetime, int]], expected: dict[str, str]
) -> None:
    found = months(provider.parse({"f": reply(provider.name, points)}))
    assert {month: note for (month, _), (_, note) in found.items()} == expected


@every_provider
def test_a_month_without_any_day_has_no_row(provider: Provider) -> None:
    points = span("2021-01-01", 31) + span("2021-03-01", 31)
    found = months(provider.parse({"f": reply(provider.name, points)}))
    assert {month for month, _ in found} == {"2021-01", "2021-03"}


@every_provider
def test_several_points_a_day_count_as_one(provider: Provider) -> None:
    # synthetic: day 1 has three points, mean 200; day 2 has one, 400
    points = [(at("2021-01-01") + timedelta(hours=h), v * 10**6) for h, v in ((0, 100), (8, 200), (16, 300))]
    found = months(provider.parse({"f": reply(provider.name, [*points, (at("2021-01-02"), 400 * 10**6)])}))
    assert found["2021-01", "hashrate"][0] == "300"
    assert found["2021-01", "days_observed"][0] == "2"


@every_provider
def test_the_early_years_are_not_taken(provider: Provider) -> None:
    early = [(at("2009-01-05"), 0), (at("2012-12-31"), 22), *span("2014-12-01", 31, value=300_000)]
    found = months(provider.parse({"f": reply(provider.name, early + span("2015-01-01", 31, value=300_000))}))
    assert found == {("2015-01", "hashrate"): ("0.3", ""), ("2015-01", "days_observed"): ("31", "")}


@every_provider
def test_the_same_point_twice_is_one(provider: Provider) -> None:
    points = span("2021-01-01", 31)
    once, twice = (provider.parse({"f": reply(provider.name, p)}) for p in (points, points + points[::-1]))
    pd.testing.assert_frame_equal(once, twice)


# --- means, computed by another way

TIMES = st.lists(st.integers(0, 86_399), min_size=1, max_size=3, unique=True)
TABLES = st.dictionaries(
    st.dates(date(2015, 1, 1), date(2015, 4, 30)) | st.dates(date(2024, 1, 1), date(2024, 3, 31)),
    st.lists(
        st.tuples(st.integers(0, 86_399), st.integers(10**5, 10**11)),
        min_size=1,
        max_size=3,
        unique_by=lambda point: point[0],
    ),
    min_size=1,
    max_size=80,
)


@pytest.mark.parametrize("name", MODULES)
@given(table=TABLES)
@settings(max_examples=60, deadline=None)
def test_the_months_are_the_means_of_a_written_table(
    name: str, table: dict[date, list[tuple[int, int]]]
) -> None:
    points = [
        (datetime(d.year, d.month, d.day, tzinfo=UTC) + timedelta(seconds=s), v)
        for d, of in table.items()
        for s, v in of
    ]
    found = months(MODULES[name].parse({"f": reply(name, points)}))
    expected = {}
    for month in {(d.year, d.month) for d in table}:
        days = [of for d, of in table.items() if (d.year, d.month) == month]
        total = sum(Fraction(sum(v for _, v in of), len(of)) for of in days)
        key = f"{month[0]}-{month[1]:02d}"
        expected[key, "hashrate"] = value_of(total / len(days) / 10**6)
        expected[key, "days_observed"] = str(len(days))
    assert {key: value for key, (value, _) in found.items()} == expected


@given(TABLES)
@settings(max_examples=30, deadline=None)
def test_the_three_shapes_of_blockchain_com_say_the_same(table: dict[date, list[tuple[int, int]]]) -> None:
    points = [
        (int(datetime(d.year, d.month, d.day, tzinfo=UTC).timestamp()) + s, v)
        for d, of in table.items()
        for s, v in of
    ]
    sheet = io.StringIO()
    csv.writer(sheet, quoting=csv.QUOTE_ALL).writerows([("x", "y"), *((t * 1000, v) for t, v in points)])
    shapes = [
        json.dumps({"values": [{"x": t, "y": v} for t, v in points]}).encode(),
        json.dumps({"hash-rate": [{"x": t * 1000, "y": str(v)} for t, v in points]}).encode(),
        b"\xef\xbb\xbf" + sheet.getvalue().encode(),
        "".join(f"{datetime.fromtimestamp(t, UTC):%Y-%m-%d %H:%M:%S},{v}\n" for t, v in points).encode(),
    ]
    first, *others = (blockchain.parse({"f": shape}) for shape in shapes)
    for other in others:
        pd.testing.assert_frame_equal(first, other)


def test_big_numbers_lose_no_digit() -> None:
    # two synthetic points that a float cannot tell apart
    exact = b'{"hashrates": [{"timestamp": 1609459200, "avgHashrate": 150000000500000000000},'
    more = exact + b'{"timestamp": 1609545600, "avgHashrate": 150000000500000000001}]}'
    assert months(mempool.parse({"f": more}))["2021-01", "hashrate"][0] == "150.000001"
    same = exact + b'{"timestamp": 1609545600, "avgHashrate": 1.500000005e+20}]}'
    assert months(mempool.parse({"f": same}))["2021-01", "hashrate"][0] == "150"


# --- what is refused


def broken(name: str, *pairs: tuple[str, str], points: int = 3) -> bytes:
    """A reply whose text was changed."""
    text = reply(name, span("2021-01-01", points)).decode()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def refused(
    provider: Provider, content: bytes, message: str, error: type[GeotrackError] = ParseError
) -> None:
    with pytest.raises(error, match=message) as caught:
        provider.parse({"saved": content})
    assert type(caught.value) is error


LIST_KEYS = {"mempool": "hashrates", "blockchain": "values", "coinmetrics": "data"}
VALUE_KEYS = {"mempool": "avgHashrate", "blockchain": "y", "coinmetrics": "HashRate"}
TIME_KEYS = {"mempool": "timestamp", "blockchain": "x", "coinmetrics": "time"}
UNITS = {"mempool": "H/s", "blockchain": "TH/s", "coinmetrics": "TH/s"}


def points_with(name: str, key: str, values: list[object]) -> bytes:
    """A reply whose points have other values under a key."""
    read = json.loads(reply(name, span("2021-01-01", len(values))))
    for point, value in zip(read[LIST_KEYS[name]], values, strict=True):
        point[key] = value
    return json.dumps(read).encode()


@every_provider
def test_a_key_that_changed_is_named(provider: Provider) -> None:
    key = LIST_KEYS[provider.name]
    content = broken(provider.name, (f'"{key}"', '"series"'))
    wanted = "hash-rate" if provider.name == "blockchain" else key
    refused(provider, content, f"^saved: found the keys .*series; expected a list named '{wanted}'")


@every_provider
def test_a_point_without_its_keys_is_named(provider: Provider) -> None:
    key = VALUE_KEYS[provider.name]
    content = broken(provider.name, (f'"{key}"', '"rate"'), points=12)
    refused(
        provider, content, f"^saved: point 1: .*rate; .*; and 2 more; expected an object with .*{key} for"
    )
    flat = json.dumps({LIST_KEYS[provider.name]: [5, None, {}, []]}).encode()
    refused(provider, flat, "point 1: 5; point 2: null; point 3: no key; point 4: a list; expected an object")


@every_provider
@pytest.mark.parametrize("content", [b"[1, 2]", b"{}", b'{"data": {}, "hashrates": 1, "values": null}'])
def test_another_form_is_refused(provider: Provider, content: bytes) -> None:
    refused(provider, content, r"^saved: found (a list|a table|the keys .*); expected a list named")


@every_provider
def test_a_value_that_is_no_number_is_named(provider: Provider) -> None:
    values = ["n/a", "1,5", True, [1], {"a": 1}, -1, "-3", "1e999", ""]
    message = (
        "^saved: point 1: hashrate 'n/a'; point 2: hashrate '1,5'; point 3: hashrate True; "
        "point 4: hashrate a list; point 5: hashrate a table; point 6: hashrate -1; point 7: hashrate '-3'; "
        "point 8: hashrate '1e999'; point 9: hashrate ''; "
        f"expected a time between 2009 and 2100 and a number of 0 or more in {UNITS[provider.name]}"
    )
    refused(provider, points_with(provider.name, VALUE_KEYS[provider.name], values), message)


@every_provider
def test_faults_are_counted_beyond_ten(provider: Provider) -> None:
    content = points_with(provider.name, VALUE_KEYS[provider.name], ["?"] * 25)
    refused(provider, content, r"point 10: hashrate '\?'; and 15 more; expected")


@pytest.mark.parametrize("name", ["mempool", "blockchain"])
def test_null_is_no_day_where_the_source_never_says_so(name: str) -> None:
    refused(MODULES[name].PROVIDER, points_with(name, VALUE_KEYS[name], [None, 5]), "point 1: hashrate null")


@every_provider
@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_nan_is_refused(provider: Provider, constant: str) -> None:
    read = reply(provider.name, span("2021-01-01", 3)).decode()
    bare = re.sub(
        rf'"{VALUE_KEYS[provider.name]}": "?\d+"?', f'"{VALUE_KEYS[provider.name]}": {constant}', read
    )
    refused(provider, bare.encode(), f"^saved: {constant} is no number")
    quoted = points_with(provider.name, VALUE_KEYS[provider.name], [constant])
    refused(provider, quoted, f"point 1: hashrate '{constant}'")


@every_provider
def test_times_out_of_range_are_named(provider: Provider) -> None:
    times: list[object] = [0, 10**9, 9 * 10**9, None, "soon", True]
    if provider.name == "coinmetrics":
        times += [
            "2008-12-20T00:00:00Z",
            "2101-01-01T00:00:00Z",
            "2021-02-30T00:00:00Z",
            "2021-01-01T25:00:00Z",
        ]
    content = points_with(provider.name, TIME_KEYS[provider.name], times)
    shown = "; ".join(f"point {i}: time {daily.shown(t)}" for i, t in enumerate(times, 1))
    refused(provider, content, f"^saved: {re.escape(shown)}; expected a time between 2009 and 2100")


@every_provider
def test_figures_that_contradict_each_other_are_refused(provider: Provider) -> None:
    points = [*span("2021-01-01", 3), (at("2021-01-02"), 600_000_000)]
    message = (
        f"^network-{provider.name}: 2021-01-02T00:00:00Z: 500 EH/s in saved and 600 EH/s in saved; "
        "expected one figure for one moment"
    )
    refused(provider, reply(provider.name, points), message)


@every_provider
def test_a_day_of_nothing_is_refused(provider: Provider) -> None:
    points = [*span("2021-01-01", 3), (at("2021-01-04"), 0)]
    refused(provider, reply(provider.name, points), "^network-.*: 2021-01-04; expected more than 0 EH/s")


@every_provider
@pytest.mark.parametrize("value", [500, 99_999, 5 * 10**14])
def test_figures_in_another_unit_are_refused(provider: Provider, value: int) -> None:
    message = f"2021-01-01: {value / 10**6:.4g} EH/s".replace("+", r"\+")
    content = reply(provider.name, span("2021-01-01", 3, value=value))
    refused(
        provider, content, f"^network-.*: {message}; .*expected 0.1 to 100000 EH/s .*looks like another unit"
    )


@every_provider
@pytest.mark.parametrize("points", [[], span("2012-01-01", 40)])
def test_no_points_are_refused(provider: Provider, points: list[tuple[datetime, int]]) -> None:
    refused(
        provider, reply(provider.name, points), "^network-.*: no points from 2015-01-01 on; expected daily"
    )


@every_provider
def test_no_files_are_refused(provider: Provider) -> None:
    with pytest.raises(ParseError, match="no points from 2015-01-01 on"):
        provider.parse({})


@every_provider
def test_pages_and_damage_are_refused(provider: Provider) -> None:
    guard = b"<!DOCTYPE html><title>Just a moment...</title><p>captcha"
    refused(provider, guard, "^saved: the source answered with a page that keeps scripts out", FetchError)
    refused(provider, b" \n", "^saved: empty")
    refused(provider, b'{"a": "\xff"}', "^saved: byte 7 is no UTF-8")
    refused(provider, b'{"a": ', "^saved: no JSON")


@every_provider
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"error": {"type": "bad_parameter", "message": "Bad parameter \'metrics\'."}}', "Bad parameter"),
        (b'{"error": "rate limited"}', "rate limited"),
        (b'{"status": "not-found", "message": "no chart of that name"}', "no chart of that name"),
        (b'{"status": 503}', "503"),
    ],
)
def test_an_error_of_the_source_is_passed_on(provider: Provider, content: bytes, said: str) -> None:
    refused(provider, content, f"^saved: the source answered with an error: .*{said}", FetchError)


# --- blockchain.com alone


def test_a_mean_of_seven_days_is_another_measure() -> None:
    content = recorded("blockchain-export-7d.json")
    refused(
        blockchain.PROVIDER, content, "^saved: average '7D'; expected daily figures; a mean over more days"
    )


@pytest.mark.parametrize("average", ["", None, "1", 1, "1D", "24hours", "24 hours", "Raw"])
def test_daily_averages_are_read(average: object) -> None:
    read = json.loads(recorded("blockchain-export.json")) | {"average": average}
    assert len(blockchain.parse({"f": json.dumps(read).encode()})) == 4


@pytest.mark.parametrize("average", ["30D", "7 days", 7, ["1D"], {"1D": 1}])
def test_other_averages_are_refused(average: object) -> None:
    read = json.loads(recorded("blockchain-export.json")) | {"average": average}
    refused(blockchain.PROVIDER, json.dumps(read).encode(), "^saved: average .*expected daily figures")


@pytest.mark.parametrize("unit", ["USD", "EH/s", None, ["TH/s"], ""])
def test_a_chart_in_another_unit_is_refused(unit: object) -> None:
    content = broken("blockchain", ('"TH/s"', json.dumps(unit)))
    refused(blockchain.PROVIDER, content, "^saved: unit .*; expected TH/s; is it another chart")


def test_a_chart_that_says_no_unit_is_read() -> None:
    content = broken("blockchain", ('"unit": "TH/s", ', ""), points=31)
    assert months(blockchain.parse({"f": content}))["2021-01", "hashrate"] == ("500", "")


def test_other_charts_of_an_export_are_not_mixed_in() -> None:
    read = json.loads(recorded("blockchain-export.json"))
    read["market-price"] = [{"x": point["x"], "y": 10**9} for point in read["market-price"]]
    swapped = {**read, "metric1": "market-price", "metric2": "hash-rate"}
    want = months(blockchain.parse({"f": recorded("blockchain-export.json")}))
    assert months(blockchain.parse({"f": json.dumps(swapped).encode()})) == want
    del read["hash-rate"]
    message = "^saved: found the keys .*market-price.*; expected a list named 'hash-rate'"
    refused(blockchain.PROVIDER, json.dumps(read).encode(), message)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b'"Timestamp","market-price"\n1609459200,30000\n',
            "header 'Timestamp,market-price'; expected x,y or",
        ),
        (b"hello\n", "header 'hello'; expected x,y or timestamp,hash-rate or timestamp,value"),
        (b"x,y\n1609459200,5,6\n1609459200\n", "row 2: columns: 3; row 3: columns: 1; expected two columns"),
        (b"x,y\n1609459200,five\n", "row 2: hashrate 'five'"),
        (
            b"x,y\n1609459200,5e8\n1609545600000,5e8\n",
            "row 2 has .* and .*row 3 has|row 3 has .* and row 2 has",
        ),
        (b"x,y\n\n2021-01-01,-5\n", "row 3: hashrate '-5'"),
        (b"x,y\n", "no points from 2015-01-01 on"),
        (b"\xef\xbb\xbf", "no points from 2015-01-01 on"),
        (b"\x1c", "no points from 2015-01-01 on"),
        (b"x,y\n1609459200," + b"9" * 140_000, "no CSV: field larger than field limit"),
    ],
)
def test_csv_that_is_no_hashrate_is_refused(content: bytes, message: str) -> None:
    refused(blockchain.PROVIDER, content, message)


def test_seconds_and_milliseconds_in_one_file_are_refused() -> None:
    content = points_with("blockchain", "x", [1609459200, 1609545600000, 1609632000])
    message = (
        "times in seconds and in milliseconds: .*1609459200|times in seconds and in milliseconds: point 2"
    )
    refused(blockchain.PROVIDER, content, message)


def test_csv_with_a_named_header_is_read() -> None:
    rows = "".join(f"{m:%Y-%m-%d %H:%M:%S},{v}\r\n" for m, v in span("2021-01-01", 31))
    for header in ("Timestamp,hash-rate", "timestamp,value"):
        found = months(blockchain.parse({"f": f"{header}\r\n{rows}".encode()}))
        assert found["2021-01", "hashrate"] == ("500", "")


# --- coin metrics alone


def test_another_asset_is_refused() -> None:
    content = points_with("coinmetrics", "asset", ["btc", "bch", None])
    refused(coinmetrics.PROVIDER, content, "^saved: point 2: 'bch'; point 3: null; expected the asset btc")


class Server:
    """A fake `get` that answers from a table and remembers what was asked."""

    def __init__(self, pages: Callable[[str], bytes]) -> None:
        self.pages, self.asked = pages, list[str]()

    def __call__(self, url: str, *, once: bool = False) -> File:
        assert not once
        self.asked.append(url)
        return File(self.pages(url), url, "2026-11-23T09:18:02Z")


def test_mempool_asks_once_for_all() -> None:
    get = Server(lambda _: recorded("mempool.json"))
    assert list(mempool.fetch(get)) == ["hashrate"]
    assert get.asked == ["https://mempool.space/api/v1/mining/hashrate/all"]


def test_blockchain_asks_for_daily_points_that_are_not_thinned() -> None:
    get = Server(lambda _: recorded("blockchain-api.json"))
    assert list(blockchain.fetch(get)) == ["hash-rate"]
    [url] = get.asked
    assert url.startswith("https://api.blockchain.info/charts/hash-rate?")
    for part in ("rollingAverage=24hours", "start=2019-09-01", "format=json", "sampled=false"):
        assert part in url


def test_coin_metrics_is_asked_page_by_page() -> None:
    pages = {coinmetrics.URL: recorded("coinmetrics-1.json")}
    second = json.loads(pages[coinmetrics.URL])["next_page_url"]
    pages[second] = recorded("coinmetrics-2.json")
    get = Server(pages.__getitem__)
    files = coinmetrics.fetch(get)
    assert get.asked == [coinmetrics.URL, second]
    assert {name: file.content for name, file in files.items()} == {
        "hashrate-1": pages[coinmetrics.URL],
        "hashrate-2": pages[second],
    }


@pytest.mark.parametrize("end", ['{"data": []}', '{"data": [], "next_page_url": null}', "[]"])
def test_the_last_page_names_no_other(end: str) -> None:
    get = Server(lambda _: end.encode())
    assert list(coinmetrics.fetch(get)) == ["hashrate-1"]


def test_a_page_that_leads_back_is_a_loop() -> None:
    get = Server(lambda _: json.dumps({"data": [], "next_page_url": coinmetrics.URL}).encode())
    with pytest.raises(FetchError, match="page 1 leads back to page 1, a loop; expected pages that end"):
        coinmetrics.fetch(get)
    assert len(get.asked) == 1


def test_pages_without_end_are_given_up() -> None:
    get = Server(lambda url: json.dumps({"next_page_url": f"{url}0"}).encode())
    with pytest.raises(FetchError, match="40 pages and no end; expected one or two"):
        coinmetrics.fetch(get)
    assert len(get.asked) == coinmetrics.MOST_PAGES


@pytest.mark.parametrize(
    "url",
    [
        "http://community-api.coinmetrics.io/v4/x",
        "https://community-api.coinmetrics.io.example.org/v4",
        "https://community-api.coinmetrics.io@example.org/",
        "https://example.org/",
        "file:///etc/passwd",
        "/v4/timeseries",
        7,
        ["https://community-api.coinmetrics.io/v4"],
    ],
)
def test_pages_elsewhere_are_not_asked_for(url: object) -> None:
    get = Server(lambda _: json.dumps({"data": [], "next_page_url": url}).encode())
    with pytest.raises(FetchError, match=r"^hashrate-1: the next page is at .*not followed"):
        coinmetrics.fetch(get)
    assert get.asked == [coinmetrics.URL]


def test_a_page_that_is_no_json_stops_the_paging() -> None:
    with pytest.raises(FetchError, match="hashrate-1: the source answered with a web page"):
        coinmetrics.fetch(Server(lambda _: b"<html><title>Sorry</title>"))


@every_provider
def test_a_provider_asks_its_own_hosts_only(provider: Provider) -> None:
    get = Server(lambda _: reply(provider.name, span("2021-01-01", 3)))
    assert provider.fetch is not None
    provider.fetch(get)
    assert provider.group == "network"
    for url in get.asked:
        assert url.split("/")[:2] == ["https:", ""]
        assert url.split("/")[2] in provider.hosts
        assert url in provider.by_hand


# --- whatever comes, only our own errors escape

KEYS = ["hashrates", "timestamp", "avgHashrate", "values", "hash-rate", "x", "y", "unit", "average"]
KEYS += ["status", "error", "message", "data", "asset", "time", "HashRate", "next_page_url"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=15,
)
SAMPLES = sorted(path.name for path in HERE.iterdir() if path.suffix != ".md")


def survives(content: bytes) -> None:
    for module in MODULES.values():
        try:
            found = module.parse({"f": content})
        except GeotrackError as error:
            message = str(error)
        else:
            assert tuple(found.columns) == LABELLED_COLUMNS
            message = ""
        assert len(message) < 3000


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
@settings(max_examples=300, deadline=None)
def test_whatever_comes_only_our_errors_escape(content: bytes) -> None:
    survives(content)


@given(st.sampled_from(SAMPLES), st.data())
@settings(max_examples=200, deadline=None)
def test_a_damaged_reply_is_read_or_refused(name: str, data: st.DataObject) -> None:
    whole = recorded(name)[:2000] if data.draw(st.booleans()) else recorded(name)
    place = data.draw(st.integers(0, len(whole)))
    put = data.draw(
        st.binary(max_size=6) | st.sampled_from([b"1e400", b"null", b"NaN", b"-", b"\x00", b"{" * 3000])
    )
    cut = data.draw(st.integers(0, 30))
    survives(whole[:place] + put + whole[place + cut :])


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"hashrates": ' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"unit": ' + b"[" * 900 + b"]" * 900 + b', "values": []}',
        b'{"hashrates": [{"timestamp": ' + b"9" * 5000 + b', "avgHashrate": 1}]}',
        b'{"hashrates": [{"timestamp": 1609459200, "avgHashrate": 1e99999999}]}',
        b'{"hashrates": [{"timestamp": 1609459200, "avgHashrate": 0.' + b"1" * 50_000 + b"}]}",
        b"1609459200," + b"9" * 5000,
        b"9" * 5000 + b",1",
    ],
)
def test_hostile_sizes_are_refused(content: bytes) -> None:
    survives(content)
