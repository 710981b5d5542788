"""States or countries: asked where the codes are both, or where they are no countries' at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from geotrack.store.matching import UnmatchedError, match
from geotrack.store.regions import Regions
from geotrack.usertables.questions.levels import level_question

REGIONS = Regions.read(Path(__file__).parents[2] / "data" / "reference")


@pytest.mark.parametrize(
    ("labels", "column", "levels"),
    [
        ("GA KY NE", "state", "US country"),
        ("GA KY NE", "State code", "US country"),
        ("GA KY NE Total", "us_state", "US country"),
        ("Georgia", "State", "US country"),
        ("NL PE NU", "Province", "CA country"),
        ("BJ FJ SC", "省份", "CN country"),
        ("SC SD", "province", "CN US country"),
        ("GA KY TX", "region", "US"),
        ("GA KY TX", "country", "US"),
        ("Texas Ohio", "name", "US"),
        ("Ontario Quebec other", "region", "CA"),
        ("四川 云南", "地区", "CN"),
        ("1 2 4 56.0", "fips", "US"),
        ("06 48", "FIPS", "US"),
        ("6 48 36", "state", "US"),
        ("California Texas United_States", "State", "US"),
        ("California Texas Puerto_Rico", "State", "US"),
        ("Ontario Québec Kanada", "Region", "CA"),
        ("全国 北京 新疆", "地区", "CN"),
        # the name says something else, or all labels are codes of one list of parts
        ("BE BW BY SN TH NI", "Bundesland", "country"),
        ("BE BW BY SN TH NI", "code", "country"),
        ("BE NI TH", "Land", "country"),
        ("PA PE PR", "UF", "country"),
        ("BE LU", "Kanton", "country"),
        ("de fr es", "Language", "country"),
        ("GE BA", "ticker", "country"),
        ("Granada Cuba", "Provincia", "country"),
        ("Lebanon Jordan", "MunicipalityName", "country"),
        ("德国 法国", "城市", "country"),
        ("GA DE IN AL AR CO", "code", "US country"),
        ("GA DE IN AL AR CO", "iso2", ""),
        # few labels, under names that say states of the United States and nothing else
        ("CA GA", "ST", "US country"),
        ("CA", "st", "US country"),
        ("CA GA", "USPS", "US country"),
        ("CA GA", "Jurisdiction", "US country"),
        ("SK NL", "Prov", "CA country"),
        ("DE IN CO AL", "code", "US country"),
        ("DE IN CO AL", "geo", ""),
        ("ES RO SE MT", "code", ""),
        ("Deutschland Frankreich", "Land", ""),
        ("DE FR", "Land", ""),
        ("Lebanon Springfield", "City", ""),
        ("Peru Chile", "Country/City", ""),
        ("Kanada Mexiko Frankreich", "Staat", ""),
        ("德国 法国", "市场", ""),
        # no question: countries, or nobody says that they are states
        ("GA KY NE", "country", ""),
        ("GA KY NE", "region", ""),
        ("GA KY NE", "statement", ""),
        ("CA MX US", "state", ""),
        ("China Georgia", "state", ""),
        ("Total", "state", ""),
        ("", "state", ""),
        ("1 2 4", "rank", ""),
        ("3 7", "fips", ""),
    ],
)
def test_the_level_is_asked_where_it_is_in_doubt(labels: str, column: str, levels: str) -> None:
    question = level_question([label.replace("_", " ") for label in labels.split()], REGIONS, column)
    assert (
        " ".join(choice.value for choice in question.choices if question) == levels
        if question
        else not levels
    )


def test_the_answers_show_both_readings() -> None:
    question = level_question(["GA", "KY", "NE"], REGIONS, "state")
    assert question is not None
    assert question.told() == (
        "column 'state': GA, KY, NE may be states, provinces or countries; say which: "
        "--level US (GA = Georgia (US-GA), KY = Kentucky (US-KY), NE = Nebraska (US-NE)) or "
        "--level country (GA = Gabon (GAB), KY = Cayman Islands (CYM), NE = Niger (NER))"
    )
    question = level_question(["GA", "TX"], REGIONS, "region")
    assert question is not None
    assert question.found == "column 'region': TX is no country's name or code"


def test_what_has_no_place_at_a_level_is_said_before_it_is_chosen() -> None:
    question = level_question(["Texas", "Ohio", "Puerto Rico", "United States"], REGIONS, "State")
    assert question is not None
    assert question.choices[0].means.endswith("; no place there: Puerto Rico")


@pytest.mark.parametrize(
    ("level", "label"),
    [("US", "United States"), ("US", "USA"), ("US", "Total U.S."), ("US", "Vereinigte Staaten"),
     ("US", "United States (total)"), ("CN", "全国"), ("CN", "中国"), ("CN", "China"), ("CN", "全国总计"),
     ("CA", "Canada"), ("CA", "National total"), ("CA", "Canadá")],
)  # fmt: skip
def test_the_country_itself_is_the_total_of_its_parts(level: str, label: str) -> None:
    parts = {"US": "Texas", "CN": "四川", "CA": "Ontario"}
    found = match([parts[level], label], REGIONS, level)
    assert found.codes[label] == "total"
    assert any("the total of its parts" in line for line in found.doubtful())


def test_another_country_is_no_total() -> None:
    with pytest.raises(
        UnmatchedError, match=r"'Puerto Rico' \(Puerto Rico \(PRI\) has no place at level 'US'"
    ):
        match(["Texas", "Puerto Rico"], REGIONS, "US")
    with pytest.raises(UnmatchedError, match=r"'Canada' \(Canada \(CAN\) has no place"):
        match(["Texas", "Canada"], REGIONS, "US")
