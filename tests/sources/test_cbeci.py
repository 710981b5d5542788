"""CBECI: every documented shape, every fault, and the project's own rows given back.

Figures are those of data/observations, or synthetic where a comment says so; payloads/cbeci has a README.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import counts
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geotrack.errors import FetchError, GeotrackError, ParseError
from geotrack.model import LABELLED_COLUMNS, File
from geotrack.sources.cbeci import lists, source
from geotrack.store.crosswalk import read_crosswalk
from geotrack.store.matching import harmonise
from geotrack.store.reading import read_raw
from geotrack.store.regions import Regions
from geotrack.store.schema import series_faults
from geotrack.store.tables import read_toml

ROOT = Path(__file__).parents[2]
PAYLOADS = Path(__file__).parent / "payloads" / "cbeci"
KEPT = ["label", "start", "end", "metric", "value", "unit", "status", "note"]
CODES = {"Mainland China": "CN", "Germany *": "DE", "Ireland *": "IE", "Other": None}
HEADS = {
    "v1.1.0": "Date,Country,Share of global hashrate",
    "v1.2.0": "date,country,monthly_hashrate_%,monthly_absolute_hashrate_EH/S",
    "absolute": "Date,Country,Estimated absolute hashrate",
    "cn": "Date,Province,Share of Chinese hashrate",
    "us": "Date,State,US hashrate by state",
}
MS = 1_567_296_000_000  # 2019-09-01


def observed(series: str) -> pd.DataFrame:
    return read_raw(ROOT / "data" / "observations" / f"{series}.csv")


def payload(name: str) -> bytes:
    return (PAYLOADS / name).read_bytes()


def parse(content: bytes | str, name: str = "export") -> pd.DataFrame:
    rows = source.parse({name: content.encode() if isinstance(content, str) else content})
    assert list(rows.columns) == list(LABELLED_COLUMNS)
    assert set(rows["file"]) == {name}
    return rows


def milliseconds(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) * 1000


def record(y: object = 0.5, name: object = "Canada", x: object = MS, **more: object) -> dict[str, object]:
    return {"x": x, "y": y, "name": name, **more}


def chart(*records: object) -> str:
    return json.dumps({"data": list(records)})


def chart_of(rows: pd.DataFrame, metric: str, coded: bool = True) -> str:
    """A chart as the source writes it, its fractions with the digits of the percents."""
    lines = []
    for row in rows[rows["metric"] == metric].itertuples():
        y = Decimal(row.value).scaleb(-2) if metric == "share" else Decimal(row.value)
        code = f', "code": {json.dumps(CODES.get(row.label, "XX"))}' if coded else ""
        lines.append(f'{{"x": {milliseconds(row.start)}, "y": {y}, "name": {json.dumps(row.label)}{code}}}')
    return '{"data": [' + ",".join(lines) + "]}"


def table_of(rows: pd.DataFrame, head: str, *metrics: str, percent: str = "") -> str:
    """A download as the source writes it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADS[head].split(","))
    cells = rows.pivot(index=["start", "label"], columns="metric", values="value").reset_index()
    for _, row in cells.iterrows():
        signs = {"share": percent, "hashrate": ""}
        writer.writerow([row["start"], row["label"], *(row[m] + signs[m] for m in metrics)])
    return out.getvalue()


def same(found: pd.DataFrame, wanted: pd.DataFrame, columns: list[str] = KEPT) -> None:
    frames = [
        frame[columns].sort_values(["metric", "start", "label"], ignore_index=True)
        for frame in (found, wanted)
    ]
    pd.testing.assert_frame_equal(*frames, check_dtype=False)


def with_numbers(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows whose values are compared as numbers: a fraction of 0.08 does not say whether it was 8 or 8.0."""
    return rows.assign(value=rows["value"].map(lambda text: Decimal(text).normalize() + 0))


# The project's own rows come back


def test_the_four_column_csv_gives_all_rows_of_the_project_back() -> None:
    ours = observed("cbeci-countries")
    rows = parse(table_of(ours, "v1.2.0", "share", "hashrate", percent="%"))
    assert len(rows) == len(ours) == counts.figures("cbeci-countries")
    same(rows, ours)
    assert set(rows["series"]) == {"cbeci-countries"}


def test_the_two_charts_give_all_rows_of_the_project_back() -> None:
    ours = observed("cbeci-countries")
    names = ("mining_countries", "absolute_mining_countries")
    charts = [chart_of(ours, metric) for metric in ("share", "hashrate")]
    rows = source.parse({name: text.encode() for name, text in zip(names, charts, strict=True)})
    same(with_numbers(rows), with_numbers(ours))
    shares = rows[rows["metric"] == "share"]
    assert (shares["file"] == "mining_countries").all()
    # Text for text too: no share of the project ends in a zero behind the point.
    same(shares, ours[ours["metric"] == "share"])


def test_the_regions_are_those_of_the_project() -> None:
    ours = observed("cbeci-countries")
    regions = Regions.read(ROOT / "data" / "reference")
    crosswalk = read_crosswalk(ROOT / "data" / "reference" / "crosswalk" / "cbeci.csv")
    rows = parse(table_of(ours, "v1.2.0", "share", "hashrate", percent="%"))
    assert not rows["lookup"].any()
    found = harmonise(rows["label"], regions, "country", crosswalk)
    same(rows.assign(region=rows["label"].map(found)), ours, ["region", *KEPT])


@pytest.mark.parametrize(
    ("head", "metric", "percent"),
    [("v1.1.0", "share", ""), ("v1.1.0", "share", "%"), ("absolute", "hashrate", "")],
)
def test_the_three_column_downloads_give_the_rows_of_their_metric(
    head: str, metric: str, percent: str
) -> None:
    ours = observed("cbeci-countries").query("metric == @metric")
    same(parse(table_of(ours, head, metric, percent=percent)), ours)


@pytest.mark.parametrize("shape", ["csv", "chart", "chart without code"])
def test_provinces_come_back(shape: str) -> None:
    ours = observed("cbeci-china-provinces")
    text = table_of(ours, "cn", "share") if shape == "csv" else chart_of(ours, "share", shape == "chart")
    rows = parse(text)
    same(with_numbers(rows), with_numbers(ours))
    assert set(rows["series"]) == {"cbeci-china-provinces"}
    if shape == "csv":
        same(rows, ours)


# The files


@pytest.mark.parametrize(
    ("file", "series", "metrics", "count"),
    [
        ("mining_countries.json", "cbeci-countries", {"share"}, 30),
        ("absolute_mining_countries.json", "cbeci-countries", {"hashrate"}, 30),
        ("mining_map_countries.json", "cbeci-map-countries", {"share"}, 12),
        ("mining_map_provinces_cn.json", "cbeci-china-provinces", {"share"}, 18),
        ("mining_map_provinces_us.json", "cbeci-map-us-states", {"share"}, 4),
        ("mining_countries-v1.1.0.csv", "cbeci-countries", {"share"}, 30),
        ("mining_countries-v1.2.0.csv", "cbeci-countries", {"share", "hashrate"}, 60),
        ("absolute_mining_countries-v1.1.1.csv", "cbeci-countries", {"hashrate"}, 30),
        ("mining_provinces-cn.csv", "cbeci-china-provinces", {"share"}, 18),
        ("mining_provinces-us.csv", "cbeci-map-us-states", {"share"}, 4),
    ],
)
@pytest.mark.parametrize("name", ["export", "download (3)", ""])
def test_every_file_is_known_by_its_content(
    file: str, series: str, metrics: set[str], count: int, name: str
) -> None:
    for called in (name, Path(file).stem):
        for content in (
            payload(file),
            b"\xef\xbb\xbf" + payload(file),
            payload(file).replace(b"\r\n", b"\n"),
        ):
            rows = parse(content, called)
            assert set(rows["series"]) == {series}
            assert set(rows["metric"]) == metrics
            assert len(rows) == count
            assert set(rows["unit"]) == {source.UNITS[metric] for metric in metrics}
            assert set(rows["status"]) == {"reported"}
            assert not rows["published"].any()


def test_labels_of_every_file_lead_to_regions() -> None:
    reference = ROOT / "data" / "reference"
    regions = Regions.read(reference)
    blocks = {**read_toml(reference / "series.toml", "series"), **definitions()}
    for path in PAYLOADS.glob("mining_*"):
        rows = parse(path.read_bytes())
        block = blocks[rows["series"][0]]
        crosswalk = read_crosswalk(reference / "crosswalk" / f"{block['crosswalk']}.csv")
        wanted = rows["lookup"].where(rows["lookup"] != "", rows["label"])
        assert harmonise(wanted, regions, block["level"], crosswalk)


def definitions() -> dict[str, Any]:
    return read_toml(ROOT / "geotrack" / "sources" / "cbeci" / "cbeci.toml", "series")


def test_the_new_series_is_described_like_the_others() -> None:
    assert list(definitions()) == ["cbeci-map-countries", "cbeci-map-us-states"]
    for block in definitions().values():
        assert not series_faults(block)
        assert block["metrics"][0]["complete"] is False
    known = read_toml(ROOT / "data" / "reference" / "series.toml", "series")
    assert {*definitions(), *known} >= set(source.PROVIDER.series)


def test_the_map_s_countries_are_looked_up_by_code_and_a_null_is_missing() -> None:
    rows = parse(payload("mining_map_countries.json")).set_index("label")
    assert rows.loc["China", "lookup"] == "CN"
    assert rows.loc["Kosovo", "lookup"] == "XK"
    assert rows.loc["Georgia", "value"] == "0.03"
    assert rows.loc["Germany *", "note"] == source.STAR
    assert "Namibia" not in rows.index  # y is null


def test_fetch_asks_for_the_five_charts() -> None:
    asked: list[str] = []

    def get(url: str, *, once: bool = False) -> File:
        asked.append(url)
        assert not once
        return File(payload(f"{list(lists.ROUTES)[len(asked) - 1]}.json"), url, "2026-11-23T09:18:02Z")

    files = source.fetch(get)
    base = "https://ccaf.io/cbeci/api/charts/"
    assert sorted(asked) == [
        base + "absolute_mining_countries",
        base + "mining_countries",
        base + "mining_map_countries",
        base + "mining_map_provinces/cn",
        base + "mining_map_provinces/us",
    ]
    rows = source.parse({name: file.content for name, file in files.items()})
    assert set(rows["series"]) == set(source.PROVIDER.series)
    assert not rows.duplicated(["series", "label", "start", "metric"]).any()


def test_the_provider_says_whose_the_figures_are() -> None:
    provider = source.PROVIDER
    assert (provider.name, provider.group, provider.hosts) == ("cbeci", "cbeci", ("ccaf.io",))
    assert provider.licence == "CC BY-NC-SA 4.0"
    assert not provider.open
    assert provider.per_second == 1.0
    assert "https://ccaf.io/cbeci/api/v1.2.0/download/mining_countries" in provider.by_hand


# Figures


@pytest.mark.parametrize(
    ("y", "percent"),
    [
        ("0.7553", "75.53"),
        ("0.1", "10"),
        ("1", "100"),
        ("1.0", "100"),
        ("0", "0"),
        ("0.0", "0"),
        ("-0.0", "0"),
        ("1e-05", "0.001"),
        ("0.12345678901234567", "12.345678901234567"),
        # Synthetic: more digits than the context of decimal arithmetic keeps.
        ("0.123456789012345678901234567890123456789", "12.3456789012345678901234567890123456789"),
    ],
)
def test_fractions_become_percents_exactly(y: str, percent: str) -> None:
    text = f'{{"data": [{{"x": {MS}, "y": {y}, "name": "Canada"}}]}}'
    assert list(parse(text, "mining_countries")["value"]) == [percent]


def test_eh_s_keep_their_digits() -> None:
    text = f'{{"data": [{{"x": {MS}, "y": 66.760000001, "name": "Mainland China", "code": "CN"}}]}}'
    [row] = parse(text).to_dict("records")
    assert (row["metric"], row["value"], row["unit"]) == ("hashrate", "66.760000001", "EH/s")
    assert (row["start"], row["end"]) == ("2019-09-01", "2019-10-01")


def test_a_december_ends_with_the_year() -> None:
    assert list(parse(payload("mining_provinces-us.csv"))["end"]) == ["2022-01-01"] * 4


def test_null_and_empty_are_missing_not_zero() -> None:
    rows = parse(chart(record(None), record(0.9, "Other")), "mining_countries")
    assert list(rows["label"]) == ["Other"]
    rows = parse(f"{HEADS['v1.2.0']}\n2019-09-01,Canada,,0.94\n2019-09-01,Other,5%,\n")
    assert list(zip(rows["label"], rows["metric"], strict=True)) == [
        ("Canada", "hashrate"),
        ("Other", "share"),
    ]


def test_null_and_absent_codes_are_alike() -> None:
    rest = record(0.4, "Other")
    assert parse(chart(record(code=None), rest)).equals(parse(chart(record(), rest)))


@pytest.mark.parametrize("zero", ["0%", "0.0%", "0"])
def test_a_zero_of_the_blind_csv_says_that_it_may_be_missing(zero: str) -> None:
    rows = parse(f"{HEADS['v1.2.0']}\n2021-11-01,Canada,{zero},0\n2021-07-01,Mainland China,{zero},0\n")
    assert list(rows["note"]) == [source.CSV_ZERO] * 2 + [source.CHINA_ZERO] * 2
    assert list(rows["value"]) == [zero.removesuffix("%"), "0"] * 2


def test_a_zero_of_a_chart_or_of_the_first_csv_is_a_zero() -> None:
    assert list(parse(f"{HEADS['v1.1.0']}\n2021-11-01,Canada,0\n")["note"]) == [""]
    assert list(parse(chart(record(0), record(1, "Other")))["note"]) == ["", ""]


def test_zeros_are_explained_only_where_the_explanation_holds() -> None:
    lines = ["2021-09-01,Mainland China", "2020-05-01,Ireland *", "2020-06-01,Ireland *", "2020-06-01,Canada"]
    rows = parse("\n".join([HEADS["v1.1.0"], *(f"{line},0" for line in lines)]))
    star, true = source.STAR, source.TRUE_ZERO
    assert list(rows["note"]) == ["", f"{star}; {true}", star, ""]


def test_a_single_zero_of_a_province_is_no_dark_month() -> None:
    rows = parse(f"{HEADS['cn']}\n2021-07-01,Beijing,0\n2021-07-01,Sichuan,5\n2021-06-01,Gansu,0\n")
    assert list(rows["note"]) == ["", "", ""]


# Which chart it is


def names(count: int, y: str = "0.05", code: str | None = "CA") -> list[dict[str, object]]:
    """Synthetic: a list of so many names."""
    return [record(float(y), f"Country {n}", code=code) for n in range(count)]


@pytest.mark.parametrize(
    ("records", "name", "series", "metric"),
    [
        (names(12), "export", "cbeci-map-countries", "share"),
        (names(12, code=None), "mining_map_countries", "cbeci-map-countries", "share"),
        (names(12, y="5"), "export", "cbeci-countries", "hashrate"),
        (names(9), "mining_map_countries (1)", "cbeci-map-countries", "share"),
        (names(9), "Mining Countries", "cbeci-countries", "share"),
        ([*names(9), record(0.5, "Other")], "export", "cbeci-countries", "share"),
        ([record(100.0, "Other")], "absolute-mining-countries", "cbeci-countries", "hashrate"),
        ([record(0.0, "Other")], "absolute_mining_countries", "cbeci-countries", "hashrate"),
        ([record(0.3, "Georgia"), record(0.7, "Texas")], "export", "cbeci-map-us-states", "share"),
        ([record(0.3, "Georgia")], "mining_map_provinces_us", "cbeci-map-us-states", "share"),
        ([record(0.3, "Georgia")], "mining_map_countries", "cbeci-map-countries", "share"),
        ([record(1.0, "Other")], "mining_map_provinces_cn", "cbeci-china-provinces", "share"),
        (names(11, y="0"), "export", "cbeci-map-countries", "share"),
    ],
)
def test_content_and_name_tell_the_list(records: list[Any], name: str, series: str, metric: str) -> None:
    rows = parse(chart(*records), name)
    assert set(zip(rows["series"], rows["metric"], strict=True)) == {(series, metric)}


@pytest.mark.parametrize(
    ("records", "could"),
    [
        (names(9), "mining_map_countries or mining_countries"),
        (names(12, code=None), "mining_map_countries or mining_countries"),
        ([record(0.0), record(0.0, "Other")], "absolute_mining_countries or mining_countries"),
        ([record(0.3, "Georgia"), record(0.2, "Other")], "mining_map_provinces_us or mining_countries"),
        ([record(1.0, "Other")], "mining_map_provinces_cn or mining_map_provinces_us or mining_countries"),
    ],
)
def test_what_nothing_tells_is_refused_with_the_names_to_choose_from(records: list[Any], could: str) -> None:
    with pytest.raises(ParseError, match=rf"export: cannot tell which chart.*{could}.*rename the file"):
        parse(chart(*records))


@pytest.mark.parametrize(
    ("file", "name", "held"),
    [
        ("mining_countries.json", "absolute_mining_countries", "mining_countries"),
        ("mining_countries.json", "mining_map_countries", "mining_countries"),
        ("absolute_mining_countries.json", "mining_countries", "absolute_mining_countries"),
        ("mining_map_countries.json", "mining_countries", "mining_map_countries"),
        ("mining_map_provinces_cn.json", "mining_map_provinces_us", "mining_map_provinces_cn"),
        ("mining_countries.json", "mining_map_provinces_us", "mining_countries"),
    ],
)
def test_a_name_that_the_content_belies_is_refused(file: str, name: str, held: str) -> None:
    with pytest.raises(ParseError, match=rf"named after the route {name}, but holds figures of {held};"):
        parse(payload(file), name)


def test_provinces_and_states_in_one_file_are_refused() -> None:
    with pytest.raises(ParseError, match="names of Chinese provinces and of US states; expected one of them"):
        parse(chart(record(name="Sichuan"), record(name="Texas")))


def test_a_unit_that_changes_within_the_file_is_refused() -> None:
    later = milliseconds("2019-10-01")
    with pytest.raises(ParseError, match=r"adds up to 0\.9 in 2019-09 but to 90\.0 in 2019-10; expected"):
        parse(chart(record(0.9, "Other"), record(90.0, "Other", later)))


def test_percents_in_a_chart_are_refused() -> None:
    percents = chart(record(60.0), record(40.0, "Other"))
    with pytest.raises(ParseError, match="about 100 in every month, like percents; expected fractions"):
        parse(percents, "mining_countries")
    assert set(parse(percents, "absolute_mining_countries")["unit"]) == {"EH/s"}  # the name says so


def test_a_fraction_above_one_is_refused() -> None:
    with pytest.raises(ParseError, match=r"record 2: Texas 2019-09 is 7\.9; expected fractions from 0 to 1"):
        parse(chart(record(0.1, "Ohio"), record(7.9, "Texas")))


# Faults of charts


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (record(x=MS + 1), rf"record 2: x is {MS + 1}; expected x \(milliseconds of the first of a month"),
        (record(x=MS + 86_400_000), "record 2: x is"),
        (record(x=MS + 3_600_000), "record 2: x is"),
        (record(x=MS // 1000), "record 2: x is"),
        (record(x=str(MS)), "record 2: x is '"),
        (record(x=None), "record 2: x is None"),
        (record(x=True), "record 2: x is True"),
        (record(x=[]), "record 2: x is a list"),
        (record(x=10**300), "record 2: x is 1000"),
        (record(x=0), "record 2: x is 0"),
        (record(y="0.5"), r"record 2: y is '0\.5'; expected"),
        (record(y=-0.1), r"record 2: y is Decimal\('-0\.1'\)"),
        (record(y=True), "record 2: y is True"),
        (record(y={}), "record 2: y is an object"),
        (record(y=1e300), "record 2: y is"),
        (record(name=""), "record 2: name is ''"),
        (record(name=None), "record 2: name is None"),
        (record(name="Ca\x00nada"), r"record 2: name is 'Ca\\x00nada'"),
        (record(name="\ud800"), "no JSON: .*surrogates not allowed"),
        (record(code=7), "record 2: code is 7"),
        ({"x": MS, "name": "Canada"}, "record 2: has no y; its keys are 'x', 'name'"),
        ({}, r"record 2: has no x, y, name; its keys are \(none\)"),
        (["Canada"], "record 2: is a list, no object"),
        (None, "record 2: is None, no object"),
    ],
)
def test_a_bad_record_is_named_with_its_value(bad: object, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        parse(chart(record(0.5, "Other"), bad), "mining_countries")


def test_all_bad_records_are_told_the_first_ten_by_name() -> None:
    with pytest.raises(ParseError, match="record 10: x is 10; and 2 more; expected"):
        parse(chart(*(record(x=n) for n in range(1, 13))))


def test_what_is_no_chart_is_refused() -> None:
    with pytest.raises(
        FetchError, match=r"error, 'Not Implemented'.*v1\.1\.0, v1\.1\.1, v1\.2\.0 and v1\.5\.0"
    ):
        parse('{"error": "Not Implemented"}')
    with pytest.raises(ParseError, match='"data" is empty; expected records'):
        parse('{"data": []}')
    with pytest.raises(
        ParseError, match=r"found the keys 'status', 'values'; expected .*the source has changed"
    ):
        parse('{"status": "ok", "values": []}')
    with pytest.raises(ParseError, match=r"found the keys \(none\); expected"):
        parse("{}")
    with pytest.raises(ParseError, match="found a list; expected"):
        parse("[1]")
    with pytest.raises(ParseError, match="found the keys 'data'"):
        parse('{"data": {"x": 1}}')
    with pytest.raises(ParseError, match="y is null in all 1 records"):
        parse(chart(record(None)))
    with pytest.raises(ParseError, match="export: no JSON"):
        parse('{"data": [')
    with pytest.raises(ParseError, match="NaN is no number"):
        parse('{"data": [{"x": 1567296000000, "y": NaN, "name": "Canada"}]}')


def test_twice_in_a_chart_is_refused_with_all_that_are() -> None:
    both = [record(), record(0.1), record(0.2, "Other"), record(0.2, "Other")]
    with pytest.raises(ParseError, match="given twice: 2019-09 'Canada'; 2019-09 'Other'; expected"):
        parse(chart(*both))


# Faults of downloads


def test_an_unknown_header_says_what_was_found_and_what_is_known() -> None:
    with pytest.raises(ParseError) as caught:
        parse("month,country,share\n2019-09,Canada,1\n")
    message = str(caught.value)
    assert "header 'month,country,share' is not known" in message
    assert all(head in message for head in HEADS.values())
    assert "the source has changed" in message


@pytest.mark.parametrize(
    "content",
    [
        payload("data-v1.2.0.csv"),
        payload("data-v1.2.0.csv").partition(b"\n")[2],
        b'Month,"Monthly consumption, TWh","Cumulative consumption, TWh"\n',
        b"Date,Source,Share of Bitcoin's power mix (monthly average)\n",
    ],
)
def test_electricity_is_another_quantity(content: bytes) -> None:
    with pytest.raises(ParseError, match=r"electricity or emissions, another quantity.*/mining_countries"):
        parse(content)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("01/09/2019,Canada,1%,1", "line 2: date '01/09/2019'; expected date,country"),
        ("2019-09,Canada,1%,1", "line 2: date '2019-09'"),
        ("2019-09-02,Canada,1%,1", "line 2: date '2019-09-02'"),
        ("2019-13-01,Canada,1%,1", "line 2: date '2019-13-01'"),
        ("2008-09-01,Canada,1%,1", "line 2: date '2008-09-01'"),
        ("٢٠١٩-09-01,Canada,1%,1", "line 2: date '٢٠١٩-09-01'"),
        ("2019-09-01,Canada,1%", "line 2: 3 cells"),
        ("2019-09-01,Iran, Islamic Rep.,1%,1", "line 2: 5 cells"),
        ("2019-09-01,,1%,1", "line 2: name ''"),
        ("2019-09-01,Canada,101%,1", "line 2: share '101%'"),
        ("2019-09-01,Canada,-1%,1", "line 2: share '-1%'"),
        ("2019-09-01,Canada,-0%,1", "line 2: share '-0%'"),
        ("2019-09-01,Canada,1%%,1", "line 2: share '1%%'"),
        ("2019-09-01,Canada,%,1", "line 2: share '%'"),
        ("2019-09-01,Canada,nan,1", "line 2: share 'nan'"),
        ('2019-09-01,Canada,"1,5%",1', "line 2: share '1,5%'"),
        ("2019-09-01,Canada,1%,1%", "line 2: hashrate '1%'"),
        ("2019-09-01,Canada,1%,-1", "line 2: hashrate '-1'"),
        ("2019-09-01,Canada,1%,inf", "line 2: hashrate 'inf'"),
        ("2019-09-01,Canada,1%,1e999999", "line 2: hashrate '1e999999'"),
    ],
)
def test_a_bad_line_is_named_with_its_cell(line: str, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        parse(f"{HEADS['v1.2.0']}\n{line}\n")


def test_an_exponent_is_written_out() -> None:
    rows = parse(f"{HEADS['absolute']}\n2019-09-01,Canada,9.3e-05\n")
    assert list(rows["value"]) == ["0.000093"]


def test_a_table_without_figures_is_refused() -> None:
    for rest in ("", "\n\n", "2019-09-01,Canada,,\n"):
        with pytest.raises(ParseError, match="a header but no figure"):
            parse(f"{HEADS['v1.2.0']}\n{rest}")


def test_twice_in_a_download_is_refused_with_all_that_are() -> None:
    line = '2019-09-01,"Iran, Islamic Rep.",1%,1\n'
    with pytest.raises(ParseError, match=r"given twice: 2019-09 'Iran, Islamic Rep\.'; expected"):
        parse(f"{HEADS['v1.2.0']}\n{line}{line}")


def test_broken_quotes_are_refused() -> None:
    with pytest.raises(ParseError, match="export: no CSV"):
        parse(f'{HEADS["v1.2.0"]}\n2019-09-01,"Iran,1%,1\n')


def test_what_is_no_data_at_all_is_refused() -> None:
    with pytest.raises(FetchError, match=r"captcha.*'Just a moment\.\.\.'"):
        parse("<html><head><title>Just a moment...</title></head><body>captcha</body></html>")
    with pytest.raises(ParseError, match="export: empty"):
        parse(b" \n")
    with pytest.raises(ParseError, match="no UTF-8"):
        parse(HEADS["v1.1.0"].encode() + b"\n2019-09-01,C\xf4te d'Ivoire,1\n")


# Properties and fuzz

MONTHS = st.dates(datetime(2010, 1, 1).date(), datetime(2090, 1, 1).date()).map(lambda day: f"{day:%Y-%m}-01")
# These tell which chart it is.
PLACED = {
    place for known in lists.PLACES.values() for place in known.split(", ")
}  # these tell which chart it is
LABELS = st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=20).filter(
    lambda text: text.strip() and text.isprintable() and text not in PLACED
)
SHARES = st.decimals(0, 1, places=6)
LISTS = st.dictionaries(st.tuples(MONTHS, LABELS), SHARES, min_size=1, max_size=15)


@settings(deadline=None)
@given(LISTS, st.sampled_from(["mining_map_provinces_cn", "mining_map_provinces_us"]))
def test_a_chart_of_fractions_gives_what_was_written(
    figures: dict[tuple[str, str], Decimal], name: str
) -> None:
    figures[next(iter(figures))[0], "Gansu" if name.endswith("cn") else "Iowa"] = Decimal("0.25")
    records = [
        f'{{"x": {milliseconds(month)}, "y": {y}, "name": {json.dumps(label)}}}'
        for (month, label), y in figures.items()
    ]
    rows = parse('{"data": [' + ", ".join(records) + "]}", name)
    found = {(r.start, r.label): Decimal(r.value) for r in rows.itertuples()}
    assert found == {key: y * 100 for key, y in figures.items()}
    assert len(rows) == len(figures)


@settings(deadline=None)
@given(LISTS, st.sampled_from(sorted(HEADS)), st.sampled_from(["\n", "\r\n"]))
def test_a_download_gives_what_was_written(
    figures: dict[tuple[str, str], Decimal], head: str, ending: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=ending)
    writer.writerow(HEADS[head].split(","))
    sign = "%" if head == "v1.2.0" else ""
    for (month, label), y in figures.items():
        writer.writerow([month, label, f"{y}{sign}", *([y + 5] * (head == "v1.2.0"))])
    rows = parse(out.getvalue())
    metric = "hashrate" if head == "absolute" else "share"
    found = {(r.start, r.label): r.value for r in rows.itertuples() if r.metric == metric}
    assert found == {key: str(y) for key, y in figures.items()}
    if head == "v1.2.0":
        found = {(r.start, r.label): r.value for r in rows.itertuples() if r.metric == "hashrate"}
        assert found == {key: str(y + 5) for key, y in figures.items()}


def survives(content: bytes, name: str) -> None:
    """Only the project's own errors escape; what comes through is text that a file can hold."""
    rows, said = [], ""
    try:
        rows = source.parse({name: content}).to_dict("records")
    except GeotrackError as error:
        said = str(error)
    assert rows or said.startswith(f"{name}:")
    said.encode()
    for row in rows:
        assert Decimal(row["value"]) >= 0
        assert row["unit"] in ("%", "EH/s")
        assert row["start"] < row["end"]
        "".join(row.values()).encode()


NAMES = st.sampled_from(["export", *lists.ROUTES])
FILES = sorted(path.name for path in PAYLOADS.iterdir())


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode(errors="replace")), NAMES)
def test_any_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    survives(content, name)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(FILES), st.data(), NAMES)
def test_any_damage_to_a_payload_is_read_or_refused(file: str, data: st.DataObject, name: str) -> None:
    content = bytearray(payload(file))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=6))
    survives(bytes(content), name)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
TIMES = st.sampled_from([MS, MS + 2_592_000_000, 0, -1, 10**18])
YS = st.none() | st.floats(0, 2) | st.integers(-2, 200)
RECORDS = st.fixed_dictionaries(
    {
        "x": TIMES | JSON,
        "y": YS | JSON,
        "name": st.sampled_from(["Other", "Texas", "Gansu", "Georgia"]) | JSON,
    },
    optional={"code": st.sampled_from(["CN", None]) | JSON},
)


@settings(max_examples=200, deadline=None)
@given(JSON | st.fixed_dictionaries({"data": st.lists(RECORDS | JSON, max_size=12) | JSON}), NAMES)
def test_any_json_is_read_or_refused(value: object, name: str) -> None:
    survives(json.dumps(value).encode(), name)
