"""What several sources say of one question: side by side, never one line; parts of countries; machines."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace

import counts
import numpy as np
import pytest

from geotrack.errors import SpecError
from geotrack.measure import levels
from geotrack.measure.compare import disagreement, leadlag, machines, questions
from geotrack.measure.compare import parts as compare_parts
from geotrack.measure.compare.comparison import Comparison, Section
from geotrack.measure.compare.leadlag import Span
from geotrack.measure.compare.parts import Part
from geotrack.measure.lines import Line
from geotrack.model import DERIVED, LOWER_BOUND, MISSING, REPORTED
from geotrack.store.folder import DataFolder

READING = disagreement.SourceFigure(
    "a",
    "A",
    "counts",
    "of the network",
    "CHN",
    "2019-12-01",
    "2020-01-01",
    "December 2019",
    65.0,
    "%",
    "estimated",
)


def line(*values: float) -> Line:
    figures = np.array(values)
    return Line("Country", figures, np.where(np.isnan(figures), MISSING, REPORTED).astype(np.uint8))


# disagreement


def test_figures_of_one_period_and_quantity_are_subtracted() -> None:
    other = replace(READING, series="b", value=73.46)
    [found] = disagreement.differences([READING, other])
    assert (found.points, found.first, found.second) == (8.46, "a", "b")


@pytest.mark.parametrize(
    ("first", "second", "status", "told"),
    [
        ("reported", "reported", "reported", "8.46"),
        ("estimated", "reported", "estimated", "8.46"),
        ("reported", "lower bound", "lower bound", "at least 8.46"),
        ("lower bound", "estimated", "upper bound", "at most 8.46"),
        ("lower bound", "lower bound", "missing", "–"),
    ],
)
def test_a_difference_is_as_sure_as_the_less_sure_of_its_two_figures(
    first: str, second: str, status: str, told: str
) -> None:
    readings = [replace(READING, status=first), replace(READING, series="b", value=73.46, status=second)]
    [found] = disagreement.differences(readings)
    assert found.status == status
    columns = {name: name for name in ("points", "first_status", "second_status")}
    assert Section("", columns, (found,)).cells() == [[told, first, second]]


def test_an_expert_estimate_is_told_beside_the_difference_it_is_part_of() -> None:
    differences = questions.compare("china-share", DataFolder.of(None)).sections[1]
    assert "exact" not in differences.columns.values()
    [cells] = differences.cells()
    assert cells == [
        "December 2019", "China", "coinshares-countries", "65", "estimated", "cbeci-countries", "73.46",
        "reported", "8.46",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        {"end": "2020-02-01"},
        {"quantity": "of a survey"},
        {"region": "USA"},
        {"unit": "EH/s"},
        {"series": "a"},
    ],
)
def test_figures_of_another_kind_are_not(other: dict[str, str]) -> None:
    assert disagreement.differences([READING, replace(READING, **{"series": "b", **other})]) == ()


def test_coinshares_and_cambridge_differ_in_2019() -> None:
    [found] = questions.compare("china-share", DataFolder.of(None)).sections[1].records
    assert (found.period, found.first_value, found.second_value) == ("December 2019", 65, 73.46)
    assert found.points == 8.46


def test_the_united_states_share_has_no_two_sources_of_one_period() -> None:
    told = questions.compare("us-share", DataFolder.of(None))
    values = {(r.series, r.period): r.value for r in told.sections[0].records}
    assert values["cambridge-survey", "June 2024 to September 2024"] == 75.4
    assert values["luxor-countries", "Q3 2026"] == 36.7
    assert values["cbeci-countries", "January 2022"] == 37.84
    assert told.sections[1].records == ()
    assert "never as one line" in " ".join(str(told).split())


def test_the_first_release_differs_by_a_tenth_of_a_point_at_most() -> None:
    told = questions.compare("vintages", DataFolder.of(None))
    countries = [r for r in told.sections[0].records if r.first == "cbeci-countries-first-vintage"]
    assert {r.period for r in countries} == {"January 2020", "February 2020", "March 2020"}
    assert max(abs(r.points) for r in countries) == pytest.approx(0.1)
    assert any(r.region == "CHN" and r.first_value == 65.08 for r in told.sections[0].records)


# revenue against hashrate


MONTHS = [Span(f"2020-{m:02}-01", f"2020-{m + 1:02}-01", 10.0 * m) for m in range(1, 12)]


def test_a_period_is_paired_with_the_mean_over_its_days() -> None:
    [pair] = leadlag.align([Span("2020-01-01", "2020-04-01", 5.0)], MONTHS)
    assert pair.second == pytest.approx((31 * 10 + 29 * 20 + 31 * 30) / 91)
    assert leadlag.align([Span("2019-12-01", "2020-02-01", 5.0)], MONTHS) == ()
    [later] = leadlag.align([Span("2020-01-01", "2020-02-01", 5.0)], MONTHS, 1)
    assert later.second == 40


def test_a_gap_within_a_period_is_not_filled() -> None:
    gap = [MONTHS[0], MONTHS[2]]
    assert leadlag.align([Span("2020-01-01", "2020-04-01", 5.0)], gap) == ()


def test_too_few_points_give_no_correlation() -> None:
    found = leadlag.lag([Span(m.start, m.end, m.value) for m in MONTHS[:9]], MONTHS)
    assert math.isnan(found.r)
    assert (found.points, found.refused) == (9, "few")
    enough = leadlag.lag([Span(m.start, m.end, 3 - 2 * m.value) for m in MONTHS], MONTHS)
    assert (enough.points, enough.r, enough.refused) == (11, pytest.approx(-1), "")
    flat = leadlag.lag([Span(m.start, m.end, 1.0) for m in MONTHS], MONTHS)
    assert flat.refused == "flat"
    told = questions._refused(leadlag.Lag(0, 1, math.nan, "few"), "en")
    assert told.refused == "1 point; fewer than 10 give no correlation"
    assert questions._refused(enough, "en") == enough


def test_a_bound_is_no_point() -> None:
    spans = [
        Span(m.start, m.end, m.value, "reported" if m is not MONTHS[0] else "upper bound") for m in MONTHS
    ]
    assert leadlag.lag(spans, MONTHS).points == 10


def test_canaan_has_two_periods_with_a_hashrate_and_no_correlation() -> None:
    told = questions.compare("revenue", DataFolder.of(None))
    pairs = told.sections[1].records
    assert [(p.start, p.first) for p in pairs] == [("2020-01-01", 4.9), ("2021-01-01", 78.4)]
    assert pairs[0].second == pytest.approx(
        (31 * (100 - 72.69) + 29 * (100 - 72.98) + 31 * (100 - 67.06)) / 91
    )
    for section in told.sections:
        if "correlation" in section.title:
            assert all(lag.refused for lag in section.records)
    spans = {(s.start, s.end): s for s in told.sections[0].records}
    assert (spans["2018-01-01", "2019-01-01"].value, spans["2018-01-01", "2019-01-01"].derived) == (
        23.9,
        True,
    )
    assert not spans["2021-01-01", "2021-04-01"].derived  # as stated
    bound = spans["2025-04-01", "2025-07-01"]  # at least half in China is at most half abroad
    assert (bound.value, bound.status, bound.exact, bound.derived) == (50, "upper bound", False, True)
    assert ["2025-04-01", "2025-07-01", "at most 50", "upper bound"] in told.sections[0].cells()


def test_a_bound_is_written_as_one_in_every_table_of_a_comparison() -> None:
    """Whatever the record: its status is beside its value."""
    least, most = "lower bound", "upper bound"
    pair = leadlag.align([Span("2020-01-01", "2020-02-01", 49.96, least)],
                         [Span("2020-01-01", "2020-02-01", 14.83, most)])  # fmt: skip
    [gap] = disagreement.differences([replace(READING, status=least), replace(READING, series="b")])
    sightings = [
        machines.Sighting("USA", f"{y}-01-01", f"{y}-01-02", "x_machines_owned", "X", 7.0, "", status, "o")
        for y, status in ((2020, least), (2021, "reported"))
    ]
    [stock] = machines.stocks(sightings)
    cases: list[tuple[object, dict[str, str]]] = [
        (pair[0], {"first": "at least 49.96", "second": "at most 14.83"}),
        (gap, {"first_value": f"at least {READING.value:g}", "second_value": f"{READING.value:g}"}),
        (stock, {"before": "at least 7", "after": "7", "change": "–"}),
        (Part("2020", "A", "A", 1 / 3, most), {"value": "at most 0.3334"}),
    ]
    for record, told in cases:
        assert Section("", {name: name for name in told}, (record,)).cells() == [list(told.values())]


# levels


def test_a_parts_share_of_the_world_is_the_product() -> None:
    parts = np.array([[50.0, 0.0], [20.0, 0.0], [np.nan, 0.0]])
    status = np.array([[REPORTED, REPORTED], [LOWER_BOUND, REPORTED], [MISSING, REPORTED]])
    found = levels.nest(line(60.0, 40.0, np.nan, 30.0), parts, status, {0: 0, 1: 1, 2: 0})
    assert found.values[:2, 0].tolist() == [30, 12]
    assert found.status[:, 0].tolist() == [DERIVED, LOWER_BOUND, MISSING]
    assert found.unsplit[0] == 18
    assert found.split.tolist() == [True, False, False, False]
    assert found.why[1:] == ("zero", "country", "parts")
    assert np.isnan(found.values[:, 1:]).all()


def test_countries_with_their_parts_count_nothing_twice() -> None:
    told = questions.compare("levels", DataFolder.of(None))
    sums: dict[str, float] = {}
    codes: dict[str, set[str]] = {}
    for part in told.sections[0].records:
        sums[part.period] = sums.get(part.period, 0) + part.value
        codes.setdefault(part.period, set()).add(part.code)
    assert len(sums) == counts.slices("cbeci-countries")
    assert all(99.97 < total < 100.03 for total in sums.values())
    assert not any("CHN" in each and "CN-SC" in each for each in codes.values())
    assert "CHN" in codes["July 2021"]  # the provinces' nine zeros tell nothing: China stands for itself
    assert {"US-GA", "USA-rest"} <= codes["December 2021"]


def test_provinces_stop_and_china_goes_on() -> None:
    told = questions.compare("provinces", DataFolder.of(None))
    rows = {(p.period, p.code): p for p in told.sections[0].records}
    assert rows["April 2020", "CN-XJ"].value == pytest.approx(55.18 * 64.81 / 100, abs=0.01)
    assert rows["April 2020", "CN-XJ"].status == "derived"
    assert rows["July 2021", "CHN"].note == "not split: the parts add up to 0, not to 100"
    assert rows["August 2021", "CHN"].note == "not split: the source gives no parts"
    months = counts.slices("cbeci-countries")
    assert f"22 of {months} months (September 2019 to June 2021)" in " ".join(str(told).split())


def test_a_states_lower_bound_stays_one() -> None:
    rows = {
        (p.period, p.code): p for p in questions.compare("states", DataFolder.of(None)).sections[0].records
    }
    assert rows["December 2021", "US-GA"].status == "lower bound"
    assert rows["December 2021", "USA-rest"].note.startswith("at most")
    assert compare_parts.CHINA[0] == "CHN"


def test_the_parts_of_china_and_what_is_in_none_add_up_to_china() -> None:
    rows = questions.compare("levels", DataFolder.of(None)).sections[0].records
    april = {p.code: p.value for p in rows if p.period == "April 2020"}
    assert april["CN-XJ"] == pytest.approx(35.7622, abs=5e-5)  # 55.18 % of 64.81 %
    assert "CHN" not in april
    assert sum(v for code, v in april.items() if code.startswith(("CN-", "CHN-"))) == pytest.approx(64.81)
    [july] = [p for p in rows if p.period == "July 2021" and p.code.startswith("CHN")]
    assert july.note == "not split: the parts add up to 0, not to 100"


def test_a_folder_reads_each_series_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    own = DataFolder._read
    monkeypatch.setattr(DataFolder, "_read", lambda f, s, *a: read.append(s.name) or own(f, s, *a))
    folder = DataFolder.of(None)
    alone = [
        str(questions.compare(name, DataFolder.of(None))) for name in ("us-share", "china-share", "vintages")
    ]
    read.clear()
    assert [str(questions.compare(name, folder)) for name in ("us-share", "china-share", "vintages")] == alone
    assert read.count("cbeci-countries") == 1
    assert len(read) == len(set(read))


def test_a_folder_says_which_series_there_are() -> None:
    with pytest.raises(SpecError, match="series 'nope' is not known; expected one of: cbeci-countries"):
        DataFolder.of(None).table("nope")


# machines


def test_bit_digitals_fleet_left_china() -> None:
    stocks = questions.compare("machines", DataFolder.of(None)).sections[1].records
    china = [
        (s.first, s.last, s.before, s.after) for s in stocks if s.region == "CHN" and "Bit Digital" in s.title
    ]
    assert china == [("2021-04-30", "2021-06-30", 35090, 9484), ("2021-06-30", "2021-09-30", 9484, 0)]


def test_the_surveys_moves_are_reported_with_their_bounds() -> None:
    moves = questions.compare("machines", DataFolder.of(None)).sections[0].records
    told = {(m.target, m.status): m.amount for m in moves if m.title.startswith("Fourteen")}
    assert told["", "lower bound"] == 2_000_000
    assert told["USA", "reported"] == 87_200
    assert told["RUS", "lower bound"] == 205_000
    assert all(m.source == "CHN" for m in moves)


def test_a_place_that_is_not_named_on_a_day_is_missing_not_empty() -> None:
    seen = [
        machines.Sighting("CAN", day, "2021-12-31", "x_machines_owned", "X", 5, "machines", "reported", "o")
        for day in ("2021-06-30", "2021-04-30")
    ]
    [stock] = machines.stocks([*seen, replace(seen[0], region="USA")])
    assert (stock.region, stock.first, stock.change) == ("CAN", "2021-04-30", 0)
    assert machines.hashrates([replace(seen[0], unit="EH/s"), replace(seen[0], region="total", unit="EH/s")])


# how it is told


@pytest.mark.parametrize("question", questions.QUESTIONS)
def test_every_question_shows_itself(question: str, run: Callable[..., object]) -> None:
    text, told = run("compare", question), run("compare", question, "--json")
    assert (text.code, told.code, text.err) == (0, 0, "")
    parsed = json.loads(told.out)
    assert parsed["name"] == question
    assert parsed["notes"]
    assert run("compare", question, "--csv").out.count("\n") == len(parsed["sections"][0]["records"]) + 1


def test_an_unknown_question_lists_what_there_is() -> None:
    with pytest.raises(SpecError, match="compare: no question 'x'; expected one of: us-share, china-share"):
        questions.compare("x", DataFolder.of(None))


def test_words_from_data_never_become_markup() -> None:
    hostile = replace(READING, publisher="<script>\n\u202eTurned")
    section = Section("<b>", {"publisher": "<i>", "value": "v"}, (hostile,))
    told = Comparison("x", "<script>", ("said",), (section,))
    html = told._repr_html_()
    assert "<script" not in html
    assert "<b>" not in html
    assert "\u202e" not in html + str(told)
