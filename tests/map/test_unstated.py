"""What is known of a part that is not stated is said wherever its cell is, and in no sum, rank or colour."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

import geotrack as gt
from geotrack.captions import captions, notes
from geotrack.language import catalogue
from geotrack.map.classes import speakers
from geotrack.map.ranking import parties, ranks
from geotrack.map.unstated import of_groups
from geotrack.map.views import View, choose, excerpt
from geotrack.measure import page_modes
from geotrack.measure.compare.questions import compare
from geotrack.model import AT_MOST, DERIVED, LOWER_BOUND, MISSING
from geotrack.publish.report import report
from geotrack.publish.report.book import Book
from geotrack.publish.report.citations import Register
from geotrack.publish.report.quotes import Quotes
from geotrack.render import notebook
from geotrack.render.page import payload
from geotrack.render.table.export import export
from geotrack.store.folder import DataFolder
from geotrack.timemap import TimeMap

SLICE, PART = "2025-Q2", "canaan-overseas"
SAID = {"en": "at most 50%", "zh": "至多50%"}
SHORT = {"en": "at most 50% (Overseas)", "zh": "至多50%（海外）"}


@cache
def canaan(lang: str = "en") -> TimeMap:
    return gt.choropleth(
        "canaan-revenue", metrics=["revenue_share"], groups=["CHN", PART], opening=SLICE, lang=lang
    )


def view(lang: str) -> View:
    return choose(canaan(lang), "slices", [SLICE])


def part_of(tm: TimeMap) -> int:
    return [unit.code for unit in tm.units].index(PART)


def exported(lang: str, suffix: str, **how: Any) -> bytes:
    return export(excerpt(canaan(lang)), suffix, **how)


def svg(lang: str) -> str:
    data = canaan(lang).to_figure(".svg", at=[SLICE]).decode()
    return " ".join(html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", data))


def script(lang: str) -> str:
    """What a page says without a script, and before it runs."""
    return " ".join(text for row in payload.static_rows(canaan(lang)) for text in row)


def row_of(data: bytes) -> dict[str, str]:
    found = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    [row] = [row for row in found if row["region"] == PART and row["start"] == "2025-04-01"]
    return row


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("what", "said", "wanted"),
    [
        ("sentence", lambda lang: canaan(lang).layers[0].sentences[canaan(lang).opening], SAID),
        ("figure's row", lambda lang: notes.figures(view(lang), view(lang).slices[0])[1][1], SAID),
        ("figure's map", svg, {"en": "at most 50%, not split", "zh": "至多50%，未细分"}),
        ("film's row", lambda lang: notes.figures_of(view(lang), view(lang).slices[0])[1][1], SAID),
        ("film's remainder", lambda lang: notes.figures_of(view(lang), view(lang).slices[0])[-1][1], SHORT),
        ("figure's remainder", lambda lang: notes.remainder(view(lang), view(lang).slices[0]), SHORT),
        ("caption", lambda lang: captions.caption(view(lang)), SHORT),
        ("description", lambda lang: captions.long_description(view(lang)), SHORT),
        ("page without script", script, SAID),
        ("notebook", lambda lang: notebook.table(canaan(lang)), SAID),
        ("note", lambda lang: " ".join(notes.notes(view(lang))),
         {"en": "at most 100 − 50", "zh": "至多100 − 50"}),
    ],
)  # fmt: skip
def test_it_is_said_wherever_its_cell_is(
    what: str, said: Callable[[str], str], wanted: dict[str, str], lang: str
) -> None:
    told = " ".join(said(lang).split())
    assert wanted[lang] in told, what


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_tables_have_it_as_an_upper_bound(lang: str) -> None:
    tidy = row_of(exported(lang, ".csv"))
    assert (tidy["value"], tidy["status"], tidy["origin"]) == ("50", "upper bound", "CAN-REUTERS-2025")
    wide = list(csv.DictReader(io.StringIO(exported(lang, ".csv", wide=True).decode("utf-8-sig"))))[
        part_of(canaan(lang))
    ]
    assert (wide[f"revenue_share_{SLICE}"], wide[f"revenue_share_{SLICE}_status"]) == ("50", "upper bound")
    collection = json.loads(exported(lang, ".geojson"))
    [land] = [f["properties"] for f in collection["features"] if f["properties"]["code"] == PART]
    assert (land[f"revenue_share_{SLICE}"], land[f"revenue_share_{SLICE}_status"]) == (50, "upper bound")
    assert {"en": "An upper bound", "zh": "上限"}[lang] in collection["metadata"]["reading"]
    data, status, *_ = openpyxl.load_workbook(io.BytesIO(exported(lang, ".xlsx"))).worksheets
    place = next(cell for cell in data[1] if cell.value == SLICE).column - 1
    cell, word = ([*sheet.iter_rows()][1 + part_of(canaan(lang))][place] for sheet in (data, status))
    assert (cell.value, cell.number_format) == (50, '"≤ "#,##0.0;"≤ "-#,##0.0')
    assert word.value == {"en": "upper bound", "zh": "上限"}[lang]


@pytest.mark.parametrize(("lang", "nothing"), [("en", "no figure"), ("zh", "无数据")])
def test_a_report_s_table_has_it_and_no_rest_beside_it(tmp_path: Path, lang: str, nothing: str) -> None:
    template = tmp_path / "t.md"
    call = 'table("canaan-revenue", metric="revenue_share", at=["2020-Q1", "2025-Q2"], top=6)'
    template.write_text("{{ " + call + " }}", encoding="utf-8")
    [exhibit] = report.compose(template, lang=lang).exhibits
    assert exhibit.table is not None
    rows = {name: cells for name, *cells in exhibit.table.rows}
    part = rows[{"en": "Overseas (all but China)", "zh": "海外（中国以外）"}[lang]]
    assert part[0] == "4.9"
    assert SAID[lang].rstrip("%") in part[1]
    assert [*rows.values()][-1] == ["0", "0"]  # all others: the part is all that is left
    assert [cells for cells in rows.values() if cells == [nothing, nothing]]  # others have none still
    assert "CAN-REUTERS-2025" in exhibit.origins


def test_a_change_to_it_is_not_one_without_a_figure() -> None:
    text = captions.alt_text(choose(canaan(), "difference", ["2024", SLICE]))
    assert "2 changes are not known exactly" in text
    assert "has no figure" not in text


def test_it_is_no_figure() -> None:
    """Nothing adds it up, ranks it or colours it: on the map and what is not stated are the whole still."""
    tm = canaan()
    layer, t, u = tm.layers[0], tm.opening, part_of(tm)
    assert layer.cell(u, t) == (50.0, AT_MOST)
    assert (layer.status[u, t], layer.group_status[1, t]) == (MISSING, MISSING)
    assert np.isnan(layer.values[u, t])
    assert np.isnan(layer.groups[1, t])
    assert (layer.mapped[t], layer.stated[t], layer.unstated[t], layer.whole[t]) == (50, 0, 50, 100)
    assert u not in ranks(layer, parties(tm.units, len(tm.boundaries.codes)), t).order
    assert u not in speakers(tm, layer, t)


@pytest.mark.parametrize(
    ("figures", "most"),
    [
        ([("CHN", 49.96, "lower bound")], [50.04]),
        ([("USA", 100.0, "lower bound")], [0.0]),
        ([("CHN", 60.0, "reported")], []),  # the other part is derived, a figure
        ([("CHN", 30.0, "lower bound"), ("USA", 40.0, "reported")], []),
        ([("CHN", 30.0, "lower bound"), ("CAN", 10.0, "reported")], []),  # not alone: `show` has none either
    ],
)
def test_it_follows_where_show_has_it(figures: list[tuple[str, float, str]], most: list[float]) -> None:
    known = [("CHN", 60.0, "reported", "2019"), ("USA", 40.0, "reported", "2018")]
    data = pd.DataFrame(
        [*known, *((*each, "2020") for each in figures)], columns=["region", "value", "status", "period"]
    )
    layer = gt.choropleth(data, unit="%", whole=100, complement=["CHN", "USA"], title="Shares").layers[0]
    assert layer.bounds[:, 2][~np.isnan(layer.bounds[:, 2])].tolist() == most
    assert np.isnan(layer.bounds[:, :2]).all()
    assert np.isnan(layer.bounds[layer.status != MISSING]).all()


def test_a_page_carries_it_only_where_there_is_some() -> None:
    for tm, some in ((canaan(), True), (gt.choropleth("cbeci-countries"), False)):
        for layer in tm.layers:
            assert ("bounds" in payload._metric(tm, layer)) is some
    assert (
        np.isfinite(of_groups(canaan().layers[0], canaan().units, canaan().groups)).sum() == 2
    )  # the one by a bound, the other by what is listed


LISTED = "2025-Q3"  # names North America alone, which lies in the part


@pytest.mark.parametrize(("lang", "said"), [("en", "at least 31%"), ("zh", "至少31%")])
def test_a_part_is_at_least_what_is_listed_of_it_wherever_its_cell_is(lang: str, said: str) -> None:
    tm = canaan(lang)
    t, u, layer = [step.iso for step in tm.slices].index(LISTED), part_of(tm), tm.layers[0]
    assert (layer.status[u, t], layer.cell(u, t)) == (MISSING, (31.0, LOWER_BOUND))
    assert (layer.mapped[t], layer.unstated[t]) == (31, 69)  # counted once
    assert layer.groups[1, t] == layer.cell(u, t)[0]
    assert said in notes.aggregate_text(choose(tm, "slices", [LISTED]), layer, u, t)

    found = csv.DictReader(io.StringIO(exported(lang, ".csv").decode("utf-8-sig")))
    [row] = [each for each in found if (each["region"], each["start"]) == (PART, "2025-07-01")]
    assert (row["value"], row["status"], row["origin"]) == ("31", "lower bound", "CAN-CALL-2025Q3")
    assert row["note"] == tm.notes[layer.note[u, t]] != ""
    assert [u, t, 310, LOWER_BOUND] in payload._metric(tm, layer)["bounds"]


EXACT = "2018"  # lists China, the United States, other foreign countries and Other


def test_a_part_beside_others_is_the_same_in_every_output_and_counted_once() -> None:
    tm, t = canaan(), [step.iso for step in canaan().slices].index(EXACT)
    layer, u = tm.layers[0], part_of(canaan())
    assert layer.status[u, t] == MISSING
    assert layer.cell(u, t) == (23.9, DERIVED)
    groups = {group.code: layer.groups[g, t] for g, group in enumerate(tm.groups)}
    assert groups == {"CHN": 76.1, PART: 23.9, "remainder": 0.0}  # "Other" lies in the part
    assert layer.mapped[t] + layer.stated[t] + layer.unstated[t] + layer.rounding[t] == layer.whole[t]
    assert tm.layers[0].sentences[t] == "2018: China 76.1%, Overseas (all but China) 23.9%"

    found = csv.DictReader(io.StringIO(exported("en", ".csv").decode("utf-8-sig")))
    [row] = [each for each in found if (each["region"], each["start"]) == (PART, "2018-01-01")]
    assert (row["value"], row["status"]) == ("23.9", "derived")
    shown = gt.load("canaan-revenue", derived=True)
    mine = shown[(shown["region"] == PART) & (shown["start"] == "2018-01-01")]
    assert mine[["value", "status"]].to_numpy().tolist() == [[23.9, "derived"]]
    course = Book(DataFolder.of(None)).course("canaan-revenue", PART)
    assert course.cell(course.place(EXACT)) == (23.9, DERIVED)
    told = compare("revenue", DataFolder.of(None)).sections[0].records
    assert [(each.value, each.derived) for each in told if each.start == "2018-01-01"] == [(23.9, True)]


@pytest.mark.parametrize("own", [True, False])  # groups of the map, or those that a shift finds
def test_a_shift_derives_a_part_beside_others_and_takes_no_listed_member_for_nothing(own: bool) -> None:
    tm = canaan() if own else gt.choropleth("canaan-revenue")
    row = tm.shift("2018", "2021-Q1").row(PART)
    assert (row.before, row.after, row.change) == (23.9, 78.4, 54.5)
    assert (row.derived, row.way) == (("before",), "rose")
    assert "rest" not in [each.code for each in tm.shift("2018", "2021-Q1").rows]  # it is in the part
    least = tm.shift("2024", "2025-Q3")
    assert (least.row(PART).after, least.row(PART).lower) == (31.0, ("after",))
    assert "69.7% (derived), then at least 31%" in " ".join(str(least).split())
    [interval] = [i for i in least.figure(f"share.{PART}.after").intervals if i.assumption == "remainder"]
    assert (interval.low, interval.high) == (31.0, 100.0)


def test_every_output_tells_of_a_change_the_status_of_its_figures() -> None:
    told = canaan().shift("2018", "2024")
    assert {row.code: row.status for row in told.rows[:2]} == {"CHN": "reported", PART: "derived"}
    assert [told.figure(f"share.{code}.change").derived for code in ("CHN", PART)] == [False, True]
    quotes = Quotes(Book(DataFolder.of(None)), Register(DataFolder.of(None).origins), "en")
    how = {"series": "canaan-revenue", "metric": "revenue_share"}
    said = [quotes.change(code, "2018", "2024", **how).status for code in ("CHN", PART)]
    assert said == ["reported", "derived"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_plain_text_says_a_part_that_is_all_of_the_rest_once(lang: str) -> None:
    told = notebook.table(canaan(lang)).splitlines()
    assert sum(SAID[lang] in line for line in told) == 1
    at = gt.choropleth("canaan-revenue", metrics=["revenue_share"], opening=EXACT, lang=lang)
    [beside] = [line for line in notebook.table(at).splitlines() if "23.9%" in line]
    assert beside.endswith({"en": "(derived)", "zh": "（推算）"}[lang])


def test_a_report_says_of_a_part_at_least_what_is_listed_of_it() -> None:
    """As the chip and the shift do: of overseas Q3 2025 has North America's share alone."""
    quotes = Quotes(Book(DataFolder.of(None)), Register(DataFolder.of(None).origins), "en")
    told = {"series": "canaan-revenue", "metric": "revenue_share"}
    assert quotes.share(PART, "2025-Q3", **told) == "at least 31%"
    assert quotes.share("north-america", "2025-Q3", **told) == "31.0%"
    assert quotes.share(PART, "2024", **told) == "69.7% (derived)"


@pytest.mark.parametrize(
    ("lang", "fell"),
    [("en", "China fell from 91.5% to at most 69% (derived)"), ("zh", "中国从91.5%降到至多69%（推算）")],
)
def test_what_is_listed_of_one_part_limits_the_other_wherever_it_is_told(lang: str, fell: str) -> None:
    tm, start = canaan(lang), "2025-07-01"
    t, u = [step.iso for step in tm.slices].index(LISTED), [unit.code for unit in tm.units].index("CHN")
    assert tm.layers[0].cell(u, t) == (69, AT_MOST)
    assert "69" in tm.notes[tm.layers[0].note[u, t]] or "31" in tm.notes[tm.layers[0].note[u, t]]
    told = gt.choropleth("canaan-revenue", lang=lang).shift("2017", LISTED)
    row = told.row("CHN")
    assert (row.after, row.upper, row.derived, row.way) == (69, ("after",), ("after",), "fell")
    assert fell in str(told).replace("\u00a0", "").replace("\n", " " if lang == "en" else "").replace(
        " %", "%"
    )
    shown = gt.load("canaan-revenue", derived=True)
    mine = shown[(shown["metric"] == "revenue_share") & (shown["start"] == start)]
    known = dict(zip(mine["region"], zip(mine["value"], mine["status"], strict=True), strict=True))
    assert known["CHN"] == (69, "upper bound")
    assert known[PART] == (31, "lower bound")
    spans = compare("revenue", DataFolder.of(None), lang).sections[0].records
    assert [(each.value, each.status) for each in spans if each.start == start] == [(31, "lower bound")]
    quotes = Quotes(Book(DataFolder.of(None), lang), Register(DataFolder.of(None).origins), lang)
    quote = quotes.value("canaan-revenue", "CHN", LISTED)
    assert (quote.value, quote.status, quote.origins) == (69, "upper bound", ("CAN-CALL-2025Q3",))


def test_a_lower_bound_of_one_part_caps_the_other_though_some_of_it_is_listed() -> None:
    rows = [("CHN", 2019, 60, "reported"), ("CHN", 2020, 50, "lower bound"), ("CAN", 2020, 10, "reported")]
    rows += [("CAN", 2021, 10, "reported"), ("USA", 2021, 20, "reported"), (PART, 2022, 30, "reported")]
    frame = pd.DataFrame(rows, columns=["region", "period", "value", "status"])
    tm = gt.choropleth(frame, unit="%", whole=100, complement=["CHN", PART], title="Shares")
    found = {unit.code: [tm.layers[0].cell(u, t) for t in (1, 2)] for u, unit in enumerate(tm.units)}
    assert found[PART] == [(50, AT_MOST), (30, LOWER_BOUND)]  # by the other, and by what is listed
    assert found["CHN"] == [(50, LOWER_BOUND), (70, AT_MOST)]
    for t, year in ((0, "2020"), (1, "2021")):
        told = tm.shift("2019", year)
        for code in ("CHN", PART):
            row, (value, status) = told.row(code), found[code][t]
            assert (row.after, "after" in row.upper, "after" in row.lower) == (
                value, status == AT_MOST, status == LOWER_BOUND,
            )  # fmt: skip


def test_what_a_shift_knows_of_the_way_alone_it_says_in_words_too() -> None:
    told = gt.choropleth("canaan-revenue", metrics=["contract_liabilities_share"], groups=["north-america"])
    shift = told.shift("2021-Q1", LISTED)
    assert (shift.row("north-america").status, shift.row("north-america").way) == ("missing", "rose")
    assert "Rose, by how much is not known: North America." in " ".join(str(shift).split())
    assert "Change not known: North America" not in " ".join(str(shift).split())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_difference_calls_not_known_only_what_is_not_known(lang: str) -> None:
    tm = canaan(lang)
    words = catalogue.words_of(lang)
    for ends, told in (
        (("2017", LISTED), (words["notExact"], words["notExact"])),  # at most 69%, at least 31%
        (("2018", "2021-Q1"), ("−54.5", "+54.5")),  # derived beside other figures, and known for that
    ):
        view = choose(tm, "difference", ends)
        texts = [text for group, text in notes.figures(view, 0) if group.code in ("CHN", PART)]
        layer = notes.moved(view)
        texts[1:] = [*texts[1:], notes.aggregate_text(view, layer, part_of(tm), 0)]
        assert len(texts) == 3
        assert all(each in text for each, text in zip((*told, told[1]), texts, strict=True))
        assert not any(str(words["notKnown"]) == text for text in texts)


def test_the_share_that_changed_region_is_at_least_what_a_part_of_two_changed() -> None:
    modes = page_modes.modes_of(canaan().content)
    tracks, t = modes.readings[0].tracks, [step.iso for step in canaan().slices].index(LISTED)
    assert tracks.since_first[t] == pytest.approx(22.5)
    low, high = (each[t] for each in tracks.bands[PART]["rounding"])
    assert (low, high) == (31, 31)
    told = canaan().shift("2017", LISTED).figure(f"share.{PART}.after")
    assert [each.assumption for each in told.intervals] == ["remainder"]  # a lower bound has no two sides


def test_of_amounts_no_part_follows_from_the_total_and_the_other_on_the_map_or_in_a_shift() -> None:
    """A total may be of another statement than its parts; the other follows of a metric with a whole."""
    rows = [("CHN", 2020, 20, "reported"), (PART, 2020, 50, "reported"), ("total", 2020, 70, "reported")]
    rows += [("CHN", 2021, 5, "reported"), ("total", 2021, 30, "reported")]
    rows += [(PART, 2022, 7, "lower bound"), ("total", 2022, 30, "reported")]
    frame = pd.DataFrame(rows, columns=["region", "period", "value", "status"])
    tm = gt.choropleth(
        frame,
        unit="t",
        over_time="sum",
        complement=["CHN", PART],
        groups=["CHN", PART],
        title="Tonnes",
        missing="what one of the two does not state",
    )
    for t, year in ((1, "2021"), (2, "2022")):
        for u, unit in enumerate(tm.units):
            if unit.code not in ("CHN", PART):
                continue
            row = tm.shift("2020", year).row(unit.code)
            value, status = tm.layers[0].cell(u, t)
            assert np.isnan(row.after) == (status == MISSING)
            assert np.isnan(row.after) or row.after == pytest.approx(100 * value / 30)
    told = " ".join(tm.shift("2020", "2022").to_text().split())
    assert "derived" not in told


@pytest.mark.parametrize(
    ("rows", "ends", "told"),
    [
        # "Other" is in no row of the second year: it is no zero, nor is what is left of no total
        (
            [("China", 2020, 94.5), ("Other", 2020, 5.5), ("China", 2021, 93.5)],
            ("2020", "2021"),
            "Without a place on the map 5.5 t → no data",
        ),
        (
            [("Total", 2020, 5000), ("China", 2020, 4000), ("USA", 2020, 600), ("China", 2021, 4100)],
            ("2020", "2021"),
            "Not stated by the source 400 t → no data",
        ),
        (
            [("China", 2020, 94.5), ("Other", 2020, 5.5), ("China", 2021, 93.5), ("Other", 2021, 0)],
            ("2020", "2021"),
            "Without a place on the map 5.5 t → 0 t",
        ),
    ],
)
def test_a_difference_says_no_zero_of_what_a_slice_does_not_tell(
    rows: list[tuple[str, int, float]], ends: tuple[str, str], told: str
) -> None:
    frame = pd.DataFrame(rows, columns=["region", "period", "value"])
    tm = gt.choropleth(frame, unit="t", over_time="sum", missing="others", title="Tonnes")
    assert notes.remainder(choose(tm.content, "difference", ends), 0).replace("\u00a0", " ") == told
