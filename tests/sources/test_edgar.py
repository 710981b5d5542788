"""Filings of the SEC: which places make a split, what must add up, and what is asked of EDGAR.

The figures are synthetic but for the fragment of a filing of Tesla. The accession numbers and days of filing
of Canaan's 20-F of 2020 and 2022 are real; what else EDGAR answers has its documented shape only.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geotrack.errors import FetchError, GeotrackError, ParseError, RegionError
from geotrack.model import LABELLED_COLUMNS, File
from geotrack.sources.edgar import source
from geotrack.sources.edgar.filings import Filer
from geotrack.sources.edgar.source import EDGAR, FILERS, fetch, parse
from geotrack.store.crosswalk import read_crosswalk
from geotrack.store.matching import harmonise
from geotrack.store.regions import Regions
from geotrack.store.schema import series_faults

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "data" / "reference"
TESLA = Path(__file__).parent / "payloads" / "edgar" / "tsla-20240630_htm.xml"
CANAAN = {filer.slug: filer for filer in FILERS}["canaan"]
HIVE = {filer.slug: filer for filer in FILERS}["hive"]
BITFUFU = {filer.slug: filer for filer in FILERS}["bitfufu"]
GAAP, IFRS = "srt:StatementGeographicalAxis", "ifrs-full:GeographicalAreasAxis"
SEGMENT = "us-gaap:StatementBusinessSegmentsAxis"
YEAR = "2020-01-01/2020-12-31"
FY2020, FY2022 = "0001193125-21-123558", "0001104659-23-047189"
REGIONS = Regions.read(REFERENCE)

Row = tuple[Any, ...]  # place or None for the total, amount, and what is not as usual


def fact(place: str | None, amount: object, period: str = YEAR, **said: Any) -> dict[str, Any]:
    """A fact to write into an instance; `axes` replaces the one of its place."""
    axis = said.pop("axis", GAAP)
    axes = said.pop("axes", ((axis, place),) if place else ())
    usual = {"concept": "us-gaap:Revenues", "unit": "USD", "decimals": "-3"}
    return usual | said | {"amount": amount, "period": period, "axes": axes}


def instance(*facts: Mapping[str, Any], cik: int = CANAAN.cik, more: str = "") -> bytes:
    """An instance in the shape that EDGAR extracts from an inline document."""
    contexts, figures = [], []
    for n, one in enumerate(facts, 1):
        first, _, last = one["period"].partition("/")
        days = (
            f"<startDate>{first}</startDate><endDate>{last}</endDate>"
            if last
            else f"<instant>{first}</instant>"
        )
        members = "".join(
            f'<xbrldi:explicitMember dimension="{axis}">{member}</xbrldi:explicitMember>'
            for axis, member in one["axes"]
        )
        segment = f"<segment>{members}</segment>" if members else ""
        contexts.append(
            f'<context id="c-{n}"><entity><identifier scheme="http://www.sec.gov/CIK">{cik:010d}</identifier>'
            f"{segment}</entity><period>{days}</period></context>"
        )
        nil = ' xsi:nil="true"' if one["amount"] is None else ""
        amount = "" if one["amount"] is None else one["amount"]
        figures.append(
            f'<{one["concept"]} contextRef="c-{n}" unitRef="{one["unit"]}" decimals="{one["decimals"]}"{nil}>'
            f"{amount}</{one['concept']}>"
        )
    units = [
        f'<unit id="{unit}"><measure>iso4217:{unit}</measure></unit>'
        for unit in sorted({one["unit"] for one in facts})
    ]
    head = (
        '<?xml version="1.0" encoding="utf-8"?><xbrl xmlns="http://www.xbrl.org/2003/instance" '
        'xmlns:xbrldi="http://xbrl.org/2006/xbrldi" xmlns:iso4217="http://www.xbrl.org/2003/iso4217" '
        'xmlns:us-gaap="http://fasb.org/us-gaap/2020-01-31" xmlns:srt="http://fasb.org/srt/2020-01-31" '
        'xmlns:ifrs-full="http://xbrl.ifrs.org/taxonomy/2024-03-27/ifrs-full" '
        'xmlns:country="http://xbrl.sec.gov/country/2020-01-31" xmlns:can="http://can.example/2020" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    )
    return (head + "".join([*contexts, *units, *figures]) + more + "</xbrl>").encode()


def submissions(*rows: Mapping[str, Any], filer: Filer = CANAAN, pages: tuple[str, ...] = ()) -> bytes:
    """EDGAR's list of a company's filings; a column that no row has is left out."""
    table = {key: [row[key] for row in rows] for key in (rows[0] if rows else row_of(FY2020))}
    listed = [{"name": name, "filingCount": 1} for name in pages]
    return json.dumps({"cik": str(filer.cik), "filings": {"recent": table, "files": listed}}).encode()


def row_of(accession: str, **said: Any) -> dict[str, Any]:
    usual = {
        "accessionNumber": accession,
        "filingDate": "2021-04-21",
        "form": "20-F",
        "primaryDocument": "can-20201231.htm",
        "isXBRL": 1,
        "isInlineXBRL": 1,
    }
    return usual | said


def listing(*names: str) -> bytes:
    """index.json of a filing's folder."""
    return json.dumps({"directory": {"name": "/Archives/x", "item": [{"name": n} for n in names]}}).encode()


def figures(table: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    return list(zip(table["label"], table["start"], table["end"], table["value"], strict=True))


# The split of the year 2020 that most tests begin with.
SOUND = (fact("country:CN", 600_000), fact("can:OverseasMember", 400_000), fact(None, 1_000_000))


# --- figures


def test_a_real_fragment_gives_a_row_for_each_period() -> None:
    tesla = Filer("tesla", "Tesla, Inc.", 1318605)
    table = parse(tesla, {"tsla-20240630_htm": TESLA.read_bytes()})
    assert tuple(table.columns) == LABELLED_COLUMNS
    assert figures(table) == [
        ("country:US", "2023-04-01", "2023-07-01", "11332000"),
        ("country:US", "2024-01-01", "2024-07-01", "23018000"),
        ("country:US", "2024-04-01", "2024-07-01", "13256000"),
    ]
    assert set(table["lookup"]) == {"US"}
    assert set(table["metric"]) == {"revenue_usd"}
    assert set(table["unit"]) == {"USD thousand"}
    assert set(table["published"]) == {""}
    [note] = set(table["note"])
    assert note == (
        "filing tsla-20240630_htm; us-gaap:Revenues; rounded to 1,000,000 USD; "
        "no total in the filing to check against"
    )


def test_a_split_is_read_with_its_total_and_its_filing() -> None:
    rows = [row_of(FY2020)]
    table = parse(CANAAN, {"submissions": submissions(*rows), FY2020: instance(*SOUND)})
    assert table.to_dict("records") == [
        {
            "series": "edgar-canaan-revenue",
            "label": label,
            "lookup": lookup,
            "start": "2020-01-01",
            "end": "2021-01-01",
            "metric": "revenue_usd",
            "value": value,
            "unit": "USD thousand",
            "status": "reported",
            "note": f"20-F {FY2020}; us-gaap:Revenues",
            "file": FY2020,
            "published": "2021-04-21",
        }
        for label, lookup, value in [
            ("can:OverseasMember", "", "400"),
            ("country:CN", "CN", "600"),
            ("Total (undimensioned)", "total", "1000"),
        ]
    ]


def test_values_are_thousands_to_the_last_digit() -> None:
    parts = [fact("country:CN", "123456789012345.67", decimals="2"), fact("country:US", "0.01", decimals="2")]
    table = parse(CANAAN, {"x": instance(*parts)})
    assert list(table["value"]) == ["123456789012.34567", "0.00001"]


def test_an_ifrs_filer_has_its_own_axis_and_fiscal_year() -> None:
    year = "2023-04-01/2024-03-31"
    said: dict[str, Any] = {"concept": "ifrs-full:Revenue", "axis": IFRS}
    parts = [fact(f"country:{code}", 10_000, year, **said) for code in ("CA", "SE", "IS")]
    table = parse(HIVE, {"x": instance(*parts, fact(None, 30_000, year, **said), cik=HIVE.cik)})
    assert figures(table)[-1] == ("Total (undimensioned)", "2023-04-01", "2024-04-01", "30")
    assert list(table["lookup"]) == ["CA", "IS", "SE", "total"]


def test_the_axis_of_filings_before_2018_is_known() -> None:
    table = parse(CANAAN, {"x": instance(fact("country:CN", 5000, axis="us-gaap:StatementGeographicalAxis"))})
    assert figures(table) == [("country:CN", "2020-01-01", "2021-01-01", "5")]


def test_spans_of_three_and_six_months_with_one_end_stay_apart() -> None:
    quarter, half = "2024-04-01/2024-06-30", "2024-01-01/2024-06-30"
    parts = [
        fact(place, amount, period)
        for period, amounts in ((quarter, (30_000, 20_000, 50_000)), (half, (70_000, 40_000, 110_000)))
        for place, amount in zip(("country:CN", "country:US", None), amounts, strict=True)
    ]
    table = parse(CANAAN, {"x": instance(*parts)})
    assert [(start, value) for _, start, _, value in figures(table)] == [
        *(("2024-01-01", value) for value in ("70", "40", "110")),
        *(("2024-04-01", value) for value in ("30", "20", "50")),
    ]


def test_each_currency_is_a_metric_of_its_own() -> None:
    yuan = [replaced | {"unit": "CNY", "amount": replaced["amount"] * 7} for replaced in SOUND]
    table = parse(CANAAN, {"x": instance(*SOUND, *yuan)})
    assert list(zip(table["metric"], table["unit"], table["value"], strict=True)) == [
        ("revenue_cny", "CNY thousand", "2800"),
        ("revenue_cny", "CNY thousand", "4200"),
        ("revenue_cny", "CNY thousand", "7000"),
        ("revenue_usd", "USD thousand", "400"),
        ("revenue_usd", "USD thousand", "600"),
        ("revenue_usd", "USD thousand", "1000"),
    ]


@pytest.mark.parametrize(
    "beside",
    [
        fact("country:CN", 999_000, "2020-12-31"),
        fact("country:CN", 999_000, "2020-12-31", concept="us-gaap:NoncurrentAssets"),
        fact("country:CN", 999_000, concept="us-gaap:NoncurrentAssets"),
        fact("country:CN", 999_000, axes=((GAAP, "country:CN"), (SEGMENT, "can:A"))),
        fact("country:CN", 999_000, axes=((SEGMENT, "can:A"),)),
        fact("country:CN", 999_000, axes=((GAAP, "srt:SegmentGeographicalDomain"),)),
        fact("country:KZ", None),
        fact("country:CN", 600_400, decimals="-3"),
    ],
    ids=["an instant", "assets", "cost", "segment x place", "segment", "all places", "nil", "rounded"],
)  # fmt: skip
def test_what_is_no_revenue_of_a_place_changes_nothing(beside: dict[str, Any]) -> None:
    expected = parse(CANAAN, {"x": instance(*SOUND)})
    pd.testing.assert_frame_equal(parse(CANAAN, {"x": instance(*SOUND, beside)}), expected)


def test_of_duplicates_the_most_exact_is_taken() -> None:
    exact = [
        fact("country:CN", 600_123, decimals="0"),
        fact("can:OverseasMember", 400_000),
        fact(None, 1_000_000),
    ]
    table = parse(CANAAN, {"x": instance(*SOUND, *exact)})
    assert list(table["value"]) == ["400", "600.123", "1000"]


def test_a_filing_without_revenue_by_place_gives_no_rows() -> None:
    table = parse(CANAAN, {"x": instance(fact(None, 1000)), "submissions": submissions()})
    assert table.empty
    assert tuple(table.columns) == LABELLED_COLUMNS


def test_a_recast_figure_stands_beside_the_first_report() -> None:
    later = instance(fact("country:CN", 650_000), fact("can:OverseasMember", 400_000), fact(None, 1_050_000))
    rows = [row_of(FY2022, filingDate="2023-04-19"), row_of(FY2020)]
    files = {"submissions": submissions(*rows), FY2022: later, FY2020: instance(*SOUND)}
    table = parse(CANAAN, files)
    china = table[table["label"] == "country:CN"]
    assert list(zip(china["published"], china["file"], china["value"], strict=True)) == [
        ("2021-04-21", FY2020, "600"),
        ("2023-04-19", FY2022, "650"),
    ]
    assert list(china["note"].str.split(";").str[0]) == [f"20-F {FY2020}", f"20-F {FY2022}"]
    pd.testing.assert_frame_equal(parse(CANAAN, dict(reversed(files.items()))), table)


def test_an_amendment_of_the_same_day_has_the_last_word() -> None:
    amended, first = "0001193125-21-000009", "0001193125-21-000010"
    files = {
        "submissions": submissions(row_of(first), row_of(amended, form="20-F/A")),
        first: instance(*SOUND),
        amended: instance(
            fact("country:CN", 610_000), fact("can:OverseasMember", 390_000), fact(None, 1_000_000)
        ),
    }
    table = parse(CANAAN, files)
    assert set(table["file"]) == {amended}
    assert {row[0]: row[3] for row in figures(table)}["country:CN"] == "610"


def test_any_part_of_what_is_fetched_can_be_parsed() -> None:
    assert parse(CANAAN, {"submissions": submissions()}).empty
    assert parse(CANAAN, {f"{FY2020}-index": listing("a.xml")}).empty
    assert parse(CANAAN, {}).empty
    older = json.dumps({key: [value] for key, value in row_of(FY2020).items()}).encode()
    table = parse(CANAAN, {"submissions-001": older, f"{FY2020}-2": instance(*SOUND)})
    assert set(table["published"]) == {"2021-04-21"}
    assert set(table["file"]) == {f"{FY2020}-2"}


# --- sums


@pytest.mark.parametrize("off", [-1500, 0, 1500])
def test_places_add_up_within_the_rounding_of_all_figures(off: int) -> None:
    parts = (*SOUND[:2], fact(None, 1_000_000 + off))  # half a thousand for each of three figures
    assert len(parse(CANAAN, {"x": instance(*parts)})) == 3


@pytest.mark.parametrize(
    ("total", "reason"),
    [
        (1_001_501, r"part of the revenue has no place \(to be declared as partial\)"),
        (998_499, r"a place is counted twice \(a subtotal to be declared\)"),
        (600_000, r"perhaps can:OverseasMember: the figure is the excess\)"),
    ],
)
def test_places_that_do_not_add_up_are_refused(total: int, reason: str) -> None:
    parts = (*SOUND[:2], fact(None, total))
    message = (
        rf"{FY2020}: the revenue by place of Canaan Inc. was not read:\n  2020-01-01/2021-01-01, "
        rf"us-gaap:Revenues by {GAAP}: can:OverseasMember 400000, country:CN 600000 add up to 1000000 USD; "
        rf"expected the total, {total} \(us-gaap:Revenues\), within 1500: .*{reason}\n"
        r"Compare with the filing; what is known of a filer stands in geotrack/sources/edgar/source.py"
    )
    with pytest.raises(ParseError, match=message):
        parse(CANAAN, {FY2020: instance(*parts)})


def test_all_that_does_not_add_up_is_listed_of_all_filings() -> None:
    years = [f"{year}-01-01/{year}-12-31" for year in range(2001, 2014)]
    parts = [one for year in years for one in (fact("country:CN", 5000, year), fact(None, 90_000, year))]
    files = {name: instance(*parts) for name in ("one", "two")}
    with pytest.raises(ParseError) as caught:
        parse(CANAAN, files | {"sound": instance(*SOUND)})
    text = str(caught.value)
    assert text.count("was not read") == 2
    assert text.count("\n  and 3 more\n") == 2
    assert text.count("90000") == 20


def test_a_declared_subtotal_is_left_out_where_the_sum_needs_it_only() -> None:
    filer = replace(CANAAN, subtotals=("can:OverseasMember",))
    nested = (*SOUND, fact("country:US", 300_000), fact("country:SG", 100_000))
    earlier = [dict(one) | {"period": "2019-01-01/2019-12-31"} for one in SOUND]
    table = parse(filer, {"x": instance(*nested, *earlier)})
    labels = table.groupby("start")["label"].agg(list).to_dict()
    assert labels == {
        "2019-01-01": ["can:OverseasMember", "country:CN", "Total (undimensioned)"],
        "2020-01-01": ["country:CN", "country:SG", "country:US", "Total (undimensioned)"],
    }
    with pytest.raises(ParseError, match=r"counted twice \(a subtotal to be declared, perhaps can:Overseas"):
        parse(CANAAN, {"x": instance(*nested)})


def test_a_partial_split_may_stay_below_its_total_and_says_by_how_much() -> None:
    parts = [fact("srt:AsiaMember", 30_000), fact("srt:NorthAmericaMember", 20_000), fact(None, 84_100)]
    table = parse(BITFUFU, {"x": instance(*parts, cik=BITFUFU.cik)})
    assert list(table["value"]) == ["30", "20", "84.1"]
    assert table["note"].iloc[-1].endswith("; 34.1 USD thousand without a place: " + BITFUFU.partial)
    whole = parse(BITFUFU, {"x": instance(*parts[:2], fact(None, 50_000), cik=BITFUFU.cik)})
    assert "without a place" not in whole["note"].iloc[-1]
    with pytest.raises(ParseError, match=r"add up to 50000 USD; expected the total, 40000"):
        parse(BITFUFU, {"x": instance(*parts[:2], fact(None, 40_000), cik=BITFUFU.cik)})


NET = "us-gaap:RevenueFromContractWithCustomerExcludingAssessedTax"


def test_of_two_concepts_the_one_that_reaches_its_total_is_taken() -> None:
    short = fact("country:CN", 600_000)
    net = [fact("country:CN", 500_000, concept=NET), fact("country:US", 450_000, concept=NET)]
    total = fact(None, 950_000, concept=NET)
    table = parse(CANAAN, {"x": instance(short, fact(None, 1_000_000), *net, total)})
    assert list(table["value"]) == ["500", "450", "950"]
    assert table["note"].str.contains(NET).all()


def test_of_two_concepts_that_both_add_up_the_first_of_the_order_is_taken() -> None:
    net = [dict(one) | {"concept": NET, "amount": one["amount"] // 2} for one in SOUND]
    table = parse(CANAAN, {"x": instance(*net, *SOUND)})
    assert list(table["value"]) == ["400", "600", "1000"]
    untotalled = parse(CANAAN, {"x": instance(*net[:2], *SOUND[:2])})
    assert list(untotalled["value"]) == ["400", "600"]


def test_the_total_of_another_concept_will_do_if_it_is_the_only_one() -> None:
    net = [dict(one) | {"concept": NET} for one in SOUND[:2]]
    table = parse(CANAAN, {"x": instance(*net, SOUND[2])})
    assert list(table["value"]) == ["400", "600", "1000"]
    assert table["note"].iloc[-1] == "filing x; us-gaap:Revenues"


def test_two_values_for_one_figure_are_refused() -> None:
    again = [fact("country:CN", 601_001), fact(None, 1_002_000)]
    message = (
        r"two values for one figure: 2020-01-01/2021-01-01, us-gaap:Revenues, country:CN: 600000 and 601001"
        r", .*the total: 1000000 and 1002000; expected one; compare with the filing"
    )
    with pytest.raises(ParseError, match=message):
        parse(CANAAN, {"x": instance(*SOUND, *again)})


def test_a_currency_without_a_metric_is_refused() -> None:
    euro = [dict(one) | {"unit": "EUR"} for one in SOUND]
    with pytest.raises(ParseError, match=r"2020-01-01/2021-01-01: revenue in EUR; expected USD or CNY"):
        parse(CANAAN, {"x": instance(*euro)})


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=8), st.sampled_from([-6, -3, 0]))
def test_figures_rounded_for_print_always_add_up(exact: list[int], decimals: int) -> None:
    unit = 10**-decimals

    def rounded(amount: int) -> int:
        return (amount + unit // 2) // unit * unit

    codes = ("CN", "US", "CA", "KZ", "SG", "HK", "RU", "MY")
    parts = [
        fact(f"country:{code}", rounded(n), decimals=decimals) for code, n in zip(codes, exact, strict=False)
    ]
    table = parse(CANAAN, {"x": instance(*parts, fact(None, rounded(sum(exact)), decimals=decimals))})
    assert len(table) == len(exact) + 1


# --- members


def test_an_unknown_member_reaches_the_crosswalk_which_stops_the_load() -> None:
    parts = [fact("country:CN", 5000), fact("can:MoonMember", 5000), fact("country:QQ", 5000)]
    table = parse(CANAAN, {"x": instance(*parts)})
    crosswalk = read_crosswalk(REFERENCE / "crosswalk" / "edgar-canaan.csv")
    with pytest.raises(RegionError, match=r"(?s)2 label\(s\) match no region.*'can:MoonMember'.*'QQ'"):
        harmonise(table["lookup"].where(table["lookup"] != "", table["label"]), REGIONS, "country", crosswalk)


def test_the_members_that_are_known_have_a_place() -> None:
    table = parse(CANAAN, {"x": instance(*SOUND)})
    crosswalk = read_crosswalk(REFERENCE / "crosswalk" / "edgar-canaan.csv")
    looked = table["lookup"].where(table["lookup"] != "", table["label"])
    codes = harmonise(looked, REGIONS, "country", crosswalk)
    assert codes == {"can:OverseasMember": "canaan-overseas", "CN": "CHN", "total": "total"}
    assert "canaan-overseas" in REGIONS.aggregates


def test_every_filer_has_a_provider_a_series_and_a_crosswalk() -> None:
    tables = tomllib.loads((Path(source.__file__).parent / "edgar.toml").read_text(encoding="utf-8"))
    assert [p.name for p in EDGAR] == [
        f"edgar-{name}"
        for name in ("canaan", "bitdeer", "bitfufu", "ebang", "bit-mining", "nano-labs", "hive", "bitfarms")
    ]
    assert [p.series for p in EDGAR] == [(name,) for name in tables]
    for provider, filer in zip(EDGAR, FILERS, strict=True):
        table = tables[filer.series]
        assert series_faults(table) == []
        assert table["crosswalk"] == provider.name
        assert set(read_crosswalk(REFERENCE / "crosswalk" / f"{provider.name}.csv").values()) <= set(
            REGIONS.table
        )
        assert [(m["name"], m["unit"]) for m in table["metrics"]] == [
            (f"revenue_{unit.lower()}", f"{unit} thousand") for unit in filer.currencies
        ]
        assert table["overlaps"].startswith("Overlapping periods")
        assert provider.contact
        assert provider.open
        assert provider.per_second * len(provider.hosts) < 10  # the SEC counts all its hosts together


# --- what cannot be read


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (instance(*SOUND, cik=1318605), r"x: of CIK 0001318605; expected a filing of Canaan Inc"),
        (submissions(filer=HIVE), r"x: the filings of CIK 1720424; expected Canaan Inc., CIK 1780652"),
        (b"[]", r"x: no list of filings; expected EDGAR's, with accessionNumber, form, filingD"),
        (b"{}", r"x: no list of filings"),
        (b'{"filings": 5}', r"x: no list of filings"),
        (b'{"filings": {"recent": {"form": ["20-F"]}}}', r"x: no list of filings.*of equal length"),
        (submissions(row_of(FY2020)).replace(b'["20-F"]', b"[]"), r"of equal length"),
        (submissions(row_of("../../etc")), r"filings '../../etc' of '2021-04-21'; expected numbers such as"),
        *(
            (submissions(row_of(FY2020, filingDate=day)), rf"of '{day}'; expected .*ISO days")
            for day in ("2021-13-45", "2021-02-29", "0000-01-01", "20210421", "2021-04-21T00:00:00", "")
        ),
        (submissions(row_of(FY2020, filingDate="yesterday")), r"of 'yesterday'; expected .*ISO days"),
        (submissions(*[row_of("?")] * 12), r"and 2 more; expected numbers"),
        (b"{", r"x: no JSON"),
        (b"data", r"x: no XML"),
        (b"", r"x: empty"),
        (b"<a/>", r"expected 'xbrl'"),
    ],
)  # fmt: skip
def test_what_is_none_of_these_files_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        parse(CANAAN, {"x": content})


def test_a_page_of_the_guard_is_a_refusal_of_the_source() -> None:
    with pytest.raises(FetchError, match="web page"):
        parse(CANAAN, {"x": b"<html><title>Request Rate Threshold Exceeded</title></html>"})


def reads_or_refuses(files: dict[str, bytes]) -> None:
    """Only geotrack's own errors may escape."""
    try:
        table = parse(CANAAN, files)
    except GeotrackError:
        return
    assert tuple(table.columns) == LABELLED_COLUMNS


@given(st.binary(max_size=200))
def test_no_bytes_bring_it_down(content: bytes) -> None:
    reads_or_refuses({"x": content})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cik", "filings", "recent", "files", *row_of(FY2020)]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_no_list_brings_it_down(value: Any) -> None:
    reads_or_refuses({"x": json.dumps(value).encode()})
    with pytest.raises(GeotrackError):
        fetch(CANAAN, Web({SUBMISSIONS: json.dumps([value]).encode()}))


@given(st.data())
def test_no_damage_to_a_filing_brings_it_down(data: st.DataObject) -> None:
    content = instance(*SOUND)
    words = st.sampled_from(
        [b"<", b'"', b"", b"9" * 25, b"-", b"c-2", b"country:", b"Revenues", b"can:", b"EUR"]
    )
    for _ in range(data.draw(st.integers(1, 4))):
        at, gone = data.draw(st.integers(0, len(content))), data.draw(st.integers(0, 30))
        content = content[:at] + data.draw(words | st.binary(max_size=6)) + content[at + gone :]
    reads_or_refuses({"x": content, "submissions": submissions(row_of(FY2020))})


# --- what is asked

SUBMISSIONS = "https://data.sec.gov/submissions/CIK0001780652.json"
FOLDER = f"https://www.sec.gov/Archives/edgar/data/1780652/{FY2020.replace('-', '')}/"


class Web:
    """A fake of the way to the web: known addresses answer, others are not there; it notes what was asked."""

    def __init__(self, pages: Mapping[str, bytes]) -> None:
        self.pages = pages
        self.asked: list[tuple[str, bool]] = []

    def __call__(self, url: str, *, once: bool = False) -> File:
        self.asked.append((url, once))
        if url not in self.pages:
            raise FetchError(f"{url}: 404")
        return File(self.pages[url], url, "2026-11-23T09:18:02Z")

    @property
    def once(self) -> list[str]:
        return [url for url, once in self.asked if once]


def test_an_inline_report_is_asked_for_by_its_documents_name() -> None:
    get = Web({SUBMISSIONS: submissions(row_of(FY2020)), FOLDER + "can-20201231_htm.xml": instance(*SOUND)})
    files = fetch(CANAAN, get)
    assert get.asked == [(SUBMISSIONS, False), (FOLDER + "can-20201231_htm.xml", True)]
    assert list(files) == ["submissions", FY2020]
    assert files[FY2020].published == "2021-04-21"
    assert files["submissions"].published == ""
    assert len(parse(CANAAN, {name: file.content for name, file in files.items()})) == 3


OLD = ("R2.xml", "FilingSummary.xml", "can-20201231_cal.xml", "can-20201231_def.xml", "can-20201231_lab.xml")


@pytest.mark.parametrize(
    ("row", "names", "expected"),
    [
        ({"form": "6-K"}, ("ex99-1_htm.xml", "form6k.htm", *OLD), ["ex99-1_htm.xml"]),
        ({"form": "40-F/A"}, ("b_htm.xml", "a_htm.xml"), ["a_htm.xml", "b_htm.xml"]),
        ({"isInlineXBRL": 0}, (*OLD, "can-20201231.xml", "can-20201231_pre.xml"), ["can-20201231.xml"]),
        ({"isInlineXBRL": 0}, (*OLD, "report.xml"), ["report.xml"]),
        ({"isInlineXBRL": 0}, OLD, []),
        ({"primaryDocument": "../../x.htm"}, ("../../x_htm.xml", "a/b_htm.xml"), []),
        ({}, ("other_htm.xml",), ["other_htm.xml"]),
    ],
    ids=[
        "an exhibit",
        "two",
        "an old one",
        "undated",
        "no XBRL",
        "names that lead elsewhere",
        "a missed guess",
    ],
)
def test_else_the_folders_listing_tells_the_name(
    row: dict[str, Any], names: tuple[str, ...], expected: list[str]
) -> None:
    pages = {FOLDER + name: instance(*SOUND) for name in expected}
    get = Web(
        pages | {SUBMISSIONS: submissions(row_of(FY2020, **row)), FOLDER + "index.json": listing(*names)}
    )
    files = fetch(CANAAN, get)
    assert [url for url in get.once if url in get.pages] == [FOLDER + "index.json", *pages]
    assert len(set(get.asked)) == len(get.asked)
    keys = [FY2020, f"{FY2020}-2"][: len(expected)]
    assert list(files) == ["submissions", f"{FY2020}-index", *keys]
    assert {file.published for name, file in files.items() if name != "submissions"} == {"2021-04-21"}
    parse(CANAAN, {name: file.content for name, file in files.items()})


def test_a_filing_that_is_listed_but_does_not_answer_is_not_passed_over() -> None:
    get = Web(
        {SUBMISSIONS: submissions(row_of(FY2020)), FOLDER + "index.json": listing("can-20201231_htm.xml")}
    )
    with pytest.raises(FetchError, match=r"can-20201231_htm.xml: 404"):
        fetch(CANAAN, get)
    assert len(set(get.asked)) == len(get.asked)


@pytest.mark.parametrize(
    "row", [{"isXBRL": 0, "isInlineXBRL": 0}, {"form": "SC 13G"}, {"form": "8-K"}, {"form": "F-6"}]
)
def test_filings_without_xbrl_and_other_forms_are_left_out(row: dict[str, Any]) -> None:
    get = Web({SUBMISSIONS: submissions(row_of(FY2020, **row))})
    assert list(fetch(CANAAN, get)) == ["submissions"]
    assert get.once == []


def test_a_list_without_marks_of_xbrl_is_looked_into() -> None:
    bare = {key: value for key, value in row_of(FY2020).items() if not key.startswith("is")}
    get = Web({SUBMISSIONS: submissions(bare), FOLDER + "index.json": listing("can-20201231.xml"),
               FOLDER + "can-20201231.xml": instance(*SOUND)})  # fmt: skip
    assert list(fetch(CANAAN, get)) == ["submissions", f"{FY2020}-index", FY2020]


def test_older_pages_of_the_list_are_read_and_nothing_is_asked_twice() -> None:
    page = "CIK0001780652-submissions-001.json"
    older = {key: [value] for key, value in row_of(FY2020).items()}
    pages = {
        SUBMISSIONS: submissions(row_of(FY2020), pages=(page,)),
        f"https://data.sec.gov/submissions/{page}": json.dumps(older).encode(),
        FOLDER + "can-20201231_htm.xml": instance(*SOUND),
    }
    get = Web(pages)
    assert list(fetch(CANAAN, get)) == ["submissions", "submissions-001", FY2020]
    assert [url for url, _ in get.asked] == list(pages)


@pytest.mark.parametrize(
    ("pages", "message"),
    [
        ({SUBMISSIONS: submissions(pages=("../x.json",))}, r"older pages named '../x.json'; expected"),
        ({SUBMISSIONS: submissions(pages=("CIK0000000001-submissions-001.json",))}, r"such as CIK0001780652"),
        ({SUBMISSIONS: b"[]"}, r"submissions: no list of filings"),
        (
            {SUBMISSIONS: submissions(row_of(FY2020, form="6-K")), FOLDER + "index.json": b'{"directory":1}'},
            rf"{FY2020}-index: no listing of a folder; expected directory.item",
        ),
    ],
)  # fmt: skip
def test_lists_of_another_shape_are_refused(pages: dict[str, bytes], message: str) -> None:
    with pytest.raises(ParseError, match=message):
        fetch(CANAAN, Web(pages))


def test_the_providers_are_bound_to_their_filers() -> None:
    ask: Callable[..., dict[str, File]] | None = EDGAR[0].fetch
    assert ask is not None
    get = Web({SUBMISSIONS: submissions()})
    assert list(ask(get)) == ["submissions"]
    assert len(EDGAR[0].parse({"x": instance(*SOUND)})) == 3
    assert all(url.split("/")[2] in EDGAR[0].hosts for url, _ in get.asked)
