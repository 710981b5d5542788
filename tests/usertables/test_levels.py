"""States or countries: asked where the codes are both, or where they are no countries' at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from geotrack.store.regions import Regions
from geotrack.usertables.levels import level_question

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
    question = level_question(labels.split(), REGIONS, column)
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
