"""Every check of the reference files finds what it is for, and nothing in sound ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from geotrack.store.checks.reference import Reference, check_reference, level_findings
from geotrack.store.schema import event_faults, series_faults

METRIC = {
    "name": "share",
    "title": "Share",
    "unit": "%",
    "kind": "intensive",
    "over_time": "mean",
    "whole": 100,
}
TABLE: dict[str, Any] = {"title": "Demo", "level": "CN", "boundaries": "shapes", "crosswalk": "demo"}
TABLE |= {"metrics": [METRIC], "caveats": ["One."], "method": "", "missing": ""}
ORIGIN = {
    "id": "o",
    "publisher": "P",
    "title": "T",
    "url": "https://example.org/a?b#c",
    "licence": "none stated",
}
EVENT = {"date": "2021-05-21", "topic": "mining", "region": "CHN", "label": "Ban", "url": "http://www.gov.cn/x",
         "note": ""}  # fmt: skip


def region(code: str, level: str, parent: str = "") -> dict[str, str]:
    return {"code": code, "level": level, "parent": parent}


def member(code: str, rule: str = "include", aggregate: str = "west") -> dict[str, str]:
    return {"aggregate": aggregate, "rule": rule, "member": code}


REGIONS = [
    region("CHN", "country"),
    region("CN-SC", "subdivision", "CHN"),
    region("west", "aggregate", "CHN"),
    region("other", "remainder"),
]
HELD = Reference(
    regions=REGIONS,
    aggregates=[member("*"), member("CN-SC", "exclude")],
    events=[EVENT],
    origins=[ORIGIN],
    series={"demo": TABLE},
    crosswalks={"demo": [{"label": "Szechwan", "region": "CN-SC"}, {"label": "Rest", "region": "other"}]},
    boundaries={"shapes": {"title": "Shapes", "level": "CN", "sha256": "abc"}},
    hashes={"shapes": "abc"},
)


def found(**changed: Any) -> list[str]:
    return [str(finding) for finding in check_reference(replace(HELD, **changed))]


def of_table(**changed: Any) -> list[str]:
    return found(series={"demo": TABLE | changed})


def of_metric(**changed: Any) -> list[str]:
    return of_table(metrics=[METRIC | changed])


def test_sound_files_have_no_findings() -> None:
    assert found() == []
    assert of_table(complement=["CHN", "west"]) == []
    assert check_reference(Reference()) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"kind": "foo"}, "kind = 'foo'; expected one of intensive, extensive"),
        ({"kind": []}, "kind = []; expected one of intensive, extensive"),
        ({"over_time": "max"}, "over_time = 'max'; expected one of mean, sum, last"),
        ({"whole": "100"}, "whole = '100'; expected a number such as 100.0, without quotes"),
        ({"whole": 0}, "whole = 0; expected a number such as 100.0, without quotes"),
        ({"whole": float("inf")}, "whole = inf; expected a number such as 100.0, without quotes"),
        ({"tolerance": True}, "tolerance = True; expected a number such as 0.05, without quotes"),
        ({"complete": "yes"}, "complete = 'yes'; expected true or false, without quotes"),
        ({"unit": ""}, "unit = ''; expected text in quotes, not empty"),
        ({"denominator": 1}, "denominator = 1; expected text in quotes"),
        ({"hole": 1}, "unknown key 'hole'; expected some of name, title, unit, kind, over_time, whole, "
                      "tolerance, complete, signed, denominator"),
    ],
)  # fmt: skip
def test_a_metric_is_checked_key_by_key(changed: dict[str, Any], message: str) -> None:
    assert of_metric(**changed) == [f"error: series.toml, [demo]: metric 'share': {message} [series]"]


READING = {"name": "as-before", "becomes": "before", "title": "as before", "assumption": "As before."}
DOUBT = {"figures": "zeros", "assumption": "True, or as before.", "readings": [READING]}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"level": "ZZ"}, "level 'ZZ' has no regions; expected one of country, CN"),
        ({"level": 1}, "level = 1; expected a level in quotes, such as \"country\" or \"CN\""),
        ({"boundaries": "nowhere"},
         "boundaries 'nowhere' is not there; expected one of those of boundaries.toml: shapes"),
        ({"crosswalk": "gone"},
         "crosswalk 'gone' is not there; expected one of the files of crosswalk/: demo"),
        ({"caveats": "One."}, "caveats = 'One.'; expected a list of texts"),
        ({"overlaps": True}, "overlaps = True; expected in quotes, which periods lie within others"),
        ({"caveats": [""]}, "caveats = ['']; expected a list of texts"),
        ({"metrics": []}, "metrics = []; expected at least one metric"),
        ({"metrics": {"name": "x"}}, "metrics = {'name': 'x'}; expected at least one metric"),
        ({"metrics": [METRIC, METRIC]}, "metric 'share' is given twice; keep one of each name"),
        ({"metrics": ["share"]}, "metric 1: 'share'; expected a table of name, title, unit, kind, over_time, "
                                 "whole, tolerance, complete, signed, denominator"),
        ({"name": "x"}, "unknown key 'name'; expected some of title, level, metrics, boundaries, crosswalk, "
                        "events, method, caveats, missing, overlaps, complement, samples, short, marks, "
                        "doubts, moves"),
        *((each, f"complement = {each['complement']!r}; expected the codes of two parts that make up the "
                 'whole, such as ["CHN", "canaan-overseas"]')
          for each in ({"complement": "CHN"}, {"complement": ["CHN"]}, {"complement": ["CHN", "CHN"]},
                       {"complement": ["CHN", ""]}, {"complement": ["CHN", "west", "CN-SC"]})),
        ({"complement": ["CHN", "QQQ"]}, "complement 'QQQ'; expected a code of regions.csv"),
        ({"moves": ""}, "moves = ''; expected what moves, in words, such as \"machines\""),
        ({"doubts": "stars"}, "doubts = 'stars'; expected a list of tables, such as [{ figures = \"stars\", "
                              'assumption = "...", readings = [...] }]'),
        ({"doubts": [{**DOUBT, "figures": "ones"}]},
         "doubts: figures = 'ones'; expected one of stars, zeros"),
        ({"doubts": [{**DOUBT, "readings": []}]}, "doubts: readings = []; expected at least one reading"),
        ({"doubts": [DOUBT, {**DOUBT, "readings": [{**READING, "name": "b"}]}]},
         "doubts: figures 'zeros' is given twice; keep one of each name"),
        ({"doubts": [{**DOUBT, "readings": [READING, READING]}]},
         "doubts: reading 'as-before' is given twice; keep one of each name"),
        ({"doubts": [{**DOUBT, "figures": ["zeros"]}]},
         "doubts: figures = ['zeros']; expected one of stars, zeros"),
        ({"doubts": ["zeros"]}, "doubts: 'zeros'; expected a table of figures, assumption, readings"),
        *(({"doubts": [{**DOUBT, "readings": [{**READING, **reading}]}]}, f"doubts: reading{message}")
          for reading, message in (
            ({"becomes": "less"}, ": becomes = 'less'; expected one of spread, given, before, after"),
            ({"name": "As before"},
             ": name = 'As before'; expected a short name in small letters, such as \"stars-spread\""),
            ({"name": "reported"}, " 'reported' is given twice; keep one of each name"),
            ({"becomes": "spread"}, " 'as-before': zeros that are 'spread'; expected before or after"),
            ({"to": "CHN"},
             " 'as-before': the key \"to\" goes with becomes = \"given\", and names the region that gets "
             "them"),
        )),
        ({"doubts": [{**DOUBT, "figures": "stars",
                      "readings": [{**READING, "becomes": "given", "to": "QQQ"}]}]},
         "doubts: to 'QQQ'; expected a code of regions.csv"),
        ({"complement": ["CHN", "west"], "metrics": [{k: v for k, v in METRIC.items() if k != "whole"}]},
         "complement is given, and no metric has a whole that two parts could make up; leave it out"),
    ],
)  # fmt: skip
def test_a_series_is_checked_key_by_key(changed: dict[str, Any], message: str) -> None:
    assert of_table(**changed) == [f"error: series.toml, [demo]: {message} [series]"]


def test_what_a_series_must_have_is_named() -> None:
    assert series_faults({"metrics": [{"name": "share"}]}) == [
        "no title; expected text in quotes, not empty",
        'no level; expected a level in quotes, such as "country" or "CN"',
        "metric 'share': no title; expected text in quotes, not empty",
        "metric 'share': no unit; expected text in quotes, not empty",
    ]


def test_boundaries_are_known_if_they_have_a_table_and_a_file() -> None:
    [gone, missing] = found(hashes={})
    assert gone.startswith("error: series.toml, [demo]: boundaries 'shapes' is not there")
    assert missing == (
        "warning: boundaries/shapes.topojson: no such file, though boundaries.toml describes it [boundaries]"
    )


def test_hashes_are_in_step_with_the_files() -> None:
    assert found(boundaries={"shapes": {"title": "S", "level": "FR", "sha256": "abc"}}) == [
        "warning: boundaries/shapes.topojson: level 'FR' has no regions; tables of one's own cannot name it: "
        "expected one of country, CN [boundaries]"
    ]
    where = "error: boundaries/shapes.topojson: "
    advice = "restore the file, or write it anew with scripts/make_boundaries.py [boundaries]"
    assert found(hashes={"shapes": "def"}) == [
        f"{where}its sha256 is def, boundaries.toml says abc; {advice}"
    ]
    assert found(boundaries={"shapes": {"title": "S", "level": "CN"}}) == [
        f"{where}its sha256 is abc, boundaries.toml says none; {advice}"
    ]
    assert found(hashes={"shapes": "abc", "more": "x"}) == [
        "error: boundaries/more.topojson: no table [more] in boundaries.toml; no origin, no map: add it "
        "[boundaries]"
    ]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"date": "21 May 2021"}, "date '21 May 2021'; expected an ISO day such as 2021-05-21"),
        ({"date": "20210521"}, "date '20210521'; expected an ISO day such as 2021-05-21"),
        ({"date": "2021-05-32"}, "date '2021-05-32'; expected an ISO day such as 2021-05-21"),
        ({"topic": ""}, "topic ''; expected that of the series whose maps show it, such as mining"),
        ({"region": "QQQ"}, "region 'QQQ'; expected a code of regions.csv"),
        ({"label": " "}, "label ''; expected what happened, in words"),
        ({"url": ""}, "url ''; expected an address that begins with https:// or http://"),
    ],
)
def test_an_event_has_a_day_a_place_words_and_an_address(changed: dict[str, str], message: str) -> None:
    assert found(events=[EVENT, EVENT | changed]) == [f"error: events.csv, row 3: {message} [events]"]


def test_a_series_names_a_topic_that_has_events() -> None:
    assert of_table(events="mining") == of_table(events="") == []
    assert of_table(events="minning") == [
        "error: series.toml, [demo]: events 'minning' is not there; expected one of the topics of "
        "events.csv: mining [series]"
    ]
    assert found(series={"demo": TABLE | {"events": "mining"}}, events=()) == []  # they could not be read


def test_the_region_of_an_event_is_left_alone_where_regions_are_not_known() -> None:
    assert event_faults(EVENT | {"region": "QQQ"}) == []
    assert found(regions=(), events=[EVENT | {"region": "QQQ"}]) == []


@pytest.mark.parametrize("url", ["", "example.org", "ftp://example.org", "https://", "https://a b", "http:///x",
                                 "javascript:alert(1)", "https://example.org\n"])  # fmt: skip
def test_an_origin_has_an_address_to_go_to(url: str) -> None:
    assert found(origins=[ORIGIN | {"url": url}]) == [
        f"error: origins.csv, row 2: url {url!r}; expected an address that begins with https:// or http:// "
        "[origins]"
    ]


def test_an_origin_names_publisher_title_and_licence_once() -> None:
    assert found(origins=[ORIGIN, ORIGIN | {"publisher": "", "licence": " "}]) == [
        "error: origins.csv, row 3: publisher, licence must be given; no origin, no number [origins]",
        "error: origins.csv, row 3: id 'o' stands in row 2 already; keep one [origins]",
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (region("CN-XJ", "subdivision", "QQQ"),
         "parent 'QQQ' of CN-XJ; expected the code of a country of this file"),
        (region("CN-XJ", "subdivision"), "parent '' of CN-XJ; expected the code of a country of this file"),
        (region("east", "aggregate", "west"),
         "parent 'west' of east; expected the code of a country of this file"),
        (region("CHN", "country"), "code 'CHN' stands in row 2 already; keep one"),
    ],
)  # fmt: skip
def test_regions_have_parents_and_codes_of_their_own(row: dict[str, str], message: str) -> None:
    assert found(regions=[*REGIONS, row]) == [f"error: regions.csv, row 6: {message} [regions]"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (member("QQQ"), "'QQQ'; expected a code of regions.csv"),
        (member("CHN", aggregate="weest"), "'weest'; expected a code of regions.csv"),
        (member("CHN", aggregate="*"), "'*'; expected a code of regions.csv"),
        (member("CHN", "but"), "rule 'but'; expected include or exclude"),
    ],
)
def test_aggregates_name_codes_and_rules_that_are_known(row: dict[str, str], message: str) -> None:
    assert found(aggregates=[row]) == [f"error: aggregates.csv, row 2: {message} [aggregates]"]


def test_crosswalks_lead_to_regions_and_name_a_label_once() -> None:
    rows = [{"label": "Sichuan", "region": "CN-SC"}, {"label": "Sichuan", "region": "QQQ"}]
    assert found(crosswalks={"demo": rows}) == [
        "error: crosswalk/demo.csv, row 3: 'Sichuan' leads to 'QQQ'; expected a code of regions.csv "
        "[crosswalk]",
        "error: crosswalk/demo.csv, row 3: label 'Sichuan' stands in row 2 already; keep one [crosswalk]",
    ]


def test_a_level_is_judged_by_the_regions_there_are() -> None:
    assert level_findings("demo", "CN", {"country", "CN"}) == []
    [finding] = level_findings("demo", "ZZ", {"US", "country", "CN"})
    assert str(finding) == (
        "error: series.toml, [demo]: level 'ZZ' has no regions; expected one of country, CN, US [series]"
    )
