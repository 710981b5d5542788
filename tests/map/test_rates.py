"""A rate has no sum in any output, and each says why; a total is held against its parts."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

import geotrack as gt
from geotrack.captions import captions, notes
from geotrack.captions import notes as captions_notes
from geotrack.errors import SpecError, ValidationError
from geotrack.map import views
from geotrack.model import DERIVED, LOWER_BOUND, MISSING, REPORTED
from geotrack.publish.report import report
from geotrack.render import notebook
from geotrack.render.page.payload import payload
from geotrack.store import reading
from geotrack.store.folder import DataFolder
from geotrack.timemap import TimeMap

REASON = {"en": "no sum, because rates do not add up over regions", "zh": "无合计，因为比率不能跨地区相加"}
SHORT = {"en": "no sum: a rate", "zh": "无合计：比率"}
CAPTION = {"en": "Rates, which have no sum", "zh": "比率，没有合计"}

LIFE = {"CHN": (78.1, 78.2), "USA": (77.0, 76.4), "CAN": (81.2, 81.6), "world": (72.3, 71.1)}
SUMS = ("236.3", "236.2", "158.2", "158.0", "155.1", "154.6")
"""Of all three, of North America, of all but Canada: what must stand nowhere."""


def plain(text: str) -> str:
    """A text with plain spaces: how a figure is written is told elsewhere."""
    return " ".join(text.split())


def table(figures: dict[str, tuple[float, ...]], **more: Any) -> pd.DataFrame:
    rows = [
        (code, str(2020 + i), value) for code, values in figures.items() for i, value in enumerate(values)
    ]
    return pd.DataFrame(rows, columns=["region", "period", "value"]).assign(**more)


def life(lang: str = "en", **more: Any) -> TimeMap:
    said = {
        "unit": "years",
        "title": "Life expectancy",
        "over_time": "mean",
        "groups": ["CHN", "north-america"],
    }
    return gt.choropleth(table(LIFE), id="life", lang=lang, **(said | more))


# --- every output -----------------------------------------------------------------------------------------


def cells(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def exported(tm: TimeMap, folder: Path, suffix: str) -> bytes:
    return tm.save_table(folder / f"out{suffix}").read_bytes()


def page_of(tm: TimeMap, _: Path) -> str:
    return json.dumps([payload(tm, "1"), tm.to_html()], ensure_ascii=False)


def captions_of(tm: TimeMap, _: Path) -> str:
    kinds = ("map", "slices", "difference", "film")
    return " ".join(tm.caption(kind=kind) for kind in kinds)


def alt_texts_of(tm: TimeMap, _: Path) -> str:
    return " ".join(tm.alt_text(kind=kind) for kind in ("map", "slices", "difference", "film"))


def description_of(tm: TimeMap, _: Path) -> str:
    return captions.long_description(views.choose(tm, "slices", ["first", "last"]))


def figure_of(tm: TimeMap, _: Path) -> str:
    found = []
    for view in (views.choose(tm, "slices", ["first", "last"]), views.choose(tm, "difference")):
        found += notes.notes(view) + [notes.remainder(view, t) for t in view.slices]
        found += [text for t in view.slices for _, text in notes.figures(view, t)]
    return " | ".join(found)


def film_of(tm: TimeMap, _: Path) -> str:
    view = views.choose(tm, "film")
    said = [text for t in view.slices for row in captions_notes.figures_of(view, t) for text in row]
    return " | ".join([*said, *captions_notes.foot_of(view)])


def geojson_of(tm: TimeMap, folder: Path) -> str:
    """All but the shapes, whose coordinates may be any number."""
    told = json.loads(exported(tm, folder, ".geojson"))
    return json.dumps(
        [told["metadata"], *(each["properties"] for each in told["features"])], ensure_ascii=False
    )


OUTPUTS: dict[str, Callable[[TimeMap, Path], str]] = {
    "page": page_of,
    "figure": figure_of,
    "film": film_of,
    "description": description_of,
    "notebook": lambda tm, _: notebook.table(tm),
    "workbook": lambda tm, folder: json.dumps(
        cells(exported(tm, folder, ".xlsx")), default=str, ensure_ascii=False
    ),
    "geojson": geojson_of,
    "captions": captions_of,
    "alt texts": alt_texts_of,
    "csv": lambda tm, folder: exported(tm, folder, ".csv").decode(),
}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("output", OUTPUTS)
def test_no_output_adds_rates_up_and_each_says_why(output: str, lang: str, tmp_path: Path) -> None:
    text = OUTPUTS[output](life(lang), tmp_path)
    assert [each for each in SUMS if each in text] == []
    if output not in ("alt texts", "csv", "captions"):  # these have figures of regions only, or little room
        assert REASON[lang] in text
    if output == "captions":
        assert text.count(CAPTION[lang]) == 4
    if output in ("page", "figure", "film"):
        assert SHORT[lang] in text


def test_a_workbook_of_rates_has_no_whole(tmp_path: Path) -> None:
    sheets = cells(exported(life(), tmp_path, ".xlsx"))
    assert sheets["Periods"][0] == (
        "Metric", "Slice", "Period", "Start", "End (excluded)", "Unit", "In words", "Partial", "Notes",
    )  # fmt: skip
    assert "add up to the whole" not in json.dumps(sheets["About"])
    metadata = json.loads(exported(life(), tmp_path, ".geojson"))["metadata"]
    assert metadata["metrics"][0]["adds_up"] is False
    assert {
        row[name] for row in metadata["periods"] for name in ("mapped", "stated", "unstated", "whole")
    } == {None}


def test_a_group_that_one_unit_is_all_of_has_its_figure() -> None:
    tm = life(groups=["CHN", "north-america", "USA"][:2])
    assert [group.single for group in tm.groups] == [True, False]
    assert tm.layers[0].groups[0].tolist() == [78.1, 78.2]
    assert tm.layers[0].group_status.tolist() == [[REPORTED] * 2, [MISSING] * 2]
    said = [plain(text) for text in tm.layers[0].sentences]
    assert said == ["2020: China 78.1 years", "2021: China 78.2 years"]
    # what the source itself states of an aggregate is no sum of ours
    own = gt.choropleth(
        table({"CHN": (78.1,), "north-america": (77.9,)}), unit="years", title="Life expectancy",
        groups=["north-america"],
    )  # fmt: skip
    assert own.layers[0].groups[0].tolist() == [77.9]
    # one member with a figure is not the group
    part = gt.choropleth(table({"CHN": (78.1,), "USA": (77.0,)}), unit="years", title="Life expectancy",
                         groups=["north-america"])  # fmt: skip
    assert np.isnan(part.layers[0].groups[0]).all()
    assert "China" in part.layers[0].sentences[0]


def test_a_sentence_of_an_author_s_says_that_there_is_no_sum() -> None:
    told = life(sentence="{slice}: {north-america}; {CHN}").layers[0].sentences[0]
    assert plain(told) == "2020: no sum: a rate; 78.1 years"


def test_shares_of_rates_are_refused_in_one_sentence() -> None:
    refusal = "'value' in years is a rate, .* no sum to have a share of, and no shift; .* kind=\"extensive\""
    with pytest.raises(SpecError, match=refusal) as raised:
        life().shift()
    assert "\n" not in str(raised.value)


# --- which tables are of rates ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "adds_up"),
    [
        ({"unit": "years", "over_time": "mean"}, False),
        ({"unit": "years", "title": "Life expectancy"}, False),
        ({"unit": "g/kWh"}, False),
        ({"unit": "%"}, False),
        ({"unit": "USD", "title": "Price of a machine", "over_time": "last"}, False),
        ({"unit": "%", "whole": 1000}, True),
        ({"unit": "%", "kind": "extensive"}, True),
        ({"unit": "years", "over_time": "mean", "kind": "extensive"}, True),
        ({"unit": "EH/s", "over_time": "mean"}, True),
        ({"unit": "MW", "over_time": "mean"}, True),
        ({"unit": "USD thousand", "over_time": "sum"}, True),
        ({"unit": "USD thousand", "over_time": "sum", "kind": "intensive"}, False),
        ({}, True),
    ],
)
def test_a_table_adds_up_by_what_is_said_and_by_what_its_unit_tells(
    more: dict[str, Any], adds_up: bool
) -> None:
    regions = {code: values for code, values in LIFE.items() if code != "world"}
    layer = gt.choropleth(table(regions), groups=["north-america"], **more).layers[0]
    assert layer.metric.adds_up is adds_up
    assert np.isfinite(layer.mapped).all() == adds_up
    if adds_up:
        assert layer.groups[0].tolist() == pytest.approx([158.2, 158.0])
    else:
        assert np.isnan(layer.groups[0]).all()


def test_each_metric_of_a_table_is_a_rate_or_an_amount_by_itself() -> None:
    frame = pd.concat([
        table({"CHN": (10.0,), "USA": (20.0,)}, metric="price", unit="USD/kWh"),
        table({"CHN": (30.0,), "USA": (40.0,)}, metric="revenue", unit="USD"),
    ])  # fmt: skip
    price, revenue = gt.choropleth(frame).layers
    assert (price.metric.kind, price.metric.over_time) == ("intensive", "mean")
    assert (revenue.metric.kind, revenue.metric.over_time) == ("extensive", "sum")
    assert np.isnan(price.mapped[0])
    assert revenue.mapped.tolist() == [70]


@pytest.mark.parametrize("more", [{"kind": "rate"}, {"kind": None}, {"missing": 3}])
def test_what_is_said_of_a_table_must_be_something(more: dict[str, Any]) -> None:
    with pytest.raises(SpecError, match=f"{next(iter(more))} = .*expected"):
        life(**more)


def test_series_that_ship_keep_their_sums_but_for_rates() -> None:
    folder = reading.data_folder(None)
    rates = {
        f"{name}/{metric.name}"
        for name, series in reading.read_series(folder).items()
        for metric in series.metrics
        if not metric.adds_up
    }
    assert rates == {
        "luxor-countries/coverage", "cambridge-survey/sample_share_of_network",
        "minermetrics-countries/group_share", "press-ethiopia-2024/group_share",
        "eia-facilities/electricity_share_low",
        "eia-facilities/electricity_share_high", "company-hashrate/btbt_fleet_share_arrived",
        "company-hashrate/btbt_fleet_share_deployed_or_awaiting",
        "company-hashrate/btbt_hashrate_share_deployed_or_coming",
    }  # fmt: skip
    provinces = gt.choropleth("cbeci-press-china-provinces").layers[
        0
    ]  # shares of the world: parts of one thing
    assert provinces.mapped.tolist() == pytest.approx([60.64])
    assert np.isnan(gt.choropleth("minermetrics-countries", metrics=["group_share"]).layers[0].mapped).all()


# --- over time --------------------------------------------------------------------------------------------


def months(code: str, values: dict[int, float]) -> list[tuple[str, str, float]]:
    return [(code, f"2021-{month:02d}", value) for month, value in values.items()]


SPARSE = months("CHN", {1: 100.0, 2: 100.0, 3: 106.0})
FULL = months("USA", dict.fromkeys(range(1, 13), 50.0))


def test_a_year_of_a_rate_is_the_mean_of_the_months_observed() -> None:
    frame = pd.DataFrame(SPARSE + FULL, columns=["region", "period", "value"])
    tm = gt.choropleth(frame, unit="USD/kWh", slices="year")
    layer, china = tm.layers[0], [unit.code for unit in tm.units].index("CHN")
    assert layer.values[china, 0] == pytest.approx((31 * 100 + 28 * 100 + 31 * 106) / 90)
    assert layer.status[china, 0] == DERIVED
    assert tm.notes[layer.note[china, 0]] == "named in 3 of 12 months"
    assert not layer.bounded.any()
    alone = gt.choropleth(frame[frame["region"] == "CHN"], unit="USD/kWh", slices="year")
    assert alone.layers[0].partial[0] == "3 of 12 months observed"
    assert alone.layers[0].status.tolist() == [[DERIVED]]
    assert alone.layers[0].values[0, 0] == layer.values[china, 0]


@pytest.mark.parametrize("more", [{"unit": "EH/s"}, {"unit": "%", "whole": 1200}])
def test_a_year_of_what_adds_up_counts_unnamed_months_as_nothing(more: dict[str, Any]) -> None:
    frame = pd.DataFrame(SPARSE + FULL, columns=["region", "period", "value"])
    tm = gt.choropleth(frame, slices="year", **more)
    china = [unit.code for unit in tm.units].index("CHN")
    assert tm.layers[0].values[china, 0] == pytest.approx((31 * 100 + 28 * 100 + 31 * 106) / 365)
    assert tm.layers[0].status[china, 0] == LOWER_BOUND


# --- totals, and what is left of a whole ------------------------------------------------------------------

REVENUE = {"CHN": (3000.5,), "USA": (1623.1,)}
PERCENT = {"unit": "%", "whole": 100}
SAID = {"unit": "USD thousand", "title": "Revenue", "groups": ["CHN", "USA"]}


def test_a_total_that_is_more_than_its_parts_is_refused_until_it_is_said_what_is_missing() -> None:
    frame = table(REVENUE | {"Total": (5000.0,)})
    words = "Total 5,000 of 2020, its parts add up to 4,623.6: 376.4 are not in the table.*missing=..."
    with pytest.raises(ValidationError, match=words):
        gt.choropleth(frame, **SAID)
    tm = gt.choropleth(frame, **SAID, missing="all but the two largest")
    layer = tm.layers[0]
    assert [
        float(a[0]) for a in (layer.mapped, layer.unstated, layer.rounding, layer.whole)
    ] == pytest.approx([4623.6, 376.4, 0, 5000])
    assert tm.groups[-1].kind == "remainder"
    assert layer.groups[-1].tolist() == [376.4]
    page = tm.to_html()
    assert "Not given by the source: all but the two largest" in page
    assert payload(tm, "1")["metrics"][0]["totals"] == [True]
    view = views.choose(tm, "slices")
    assert plain(notes.remainder(view, 0)) == "Not stated by the source 376.4 USD thousand"
    assert [plain(" ".join(row)) for row in captions_notes.rest_of(view, 0)][-1] == plain(
        notes.remainder(view, 0)
    )
    assert tm.with_view(fixed=True).layers[0].whole.tolist() == [5000]


@pytest.mark.parametrize("total", [4623.6, 4624.0, 4623.5])
def test_a_total_that_its_parts_add_up_to_leaves_nothing(total: float) -> None:
    layer = gt.choropleth(table(REVENUE | {"Total": (total,)}), **SAID).layers[0]
    assert layer.unstated.tolist() == [0]
    assert layer.rounding[0] == pytest.approx(total - 4623.6)


@pytest.mark.parametrize(
    ("figures", "more", "words"),
    [
        (REVENUE | {"Total": (4000.0,)}, {}, "Total 4,000 of 2020, its parts add up to 4,623.6: 623.6 too"),
        ({"CHN": (70.0,), "USA": (30.0,), "Total": (90.0,)}, PERCENT, "Total 90 of 2020.*: 10 too much"),
        ({"CHN": (0.7553,), "USA": (0.0406,)}, PERCENT, "these are fractions; multiply them by"),
        ({"CHN": (0.75,), "USA": (0.25,), "World": (1.0,)}, PERCENT, "these are fractions"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_whatever_is_missing(
    figures: dict[str, tuple[float, ...]], more: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        gt.choropleth(table(figures), missing="some", **more)


@pytest.mark.parametrize(
    "figures",
    [
        {"CHN": (60.0,), "USA": (25.0,), "Total": (100.0,)},
        {"CHN": (0.8,)},  # one figure tells of no fractions
        {"CHN": (0.3,), "USA": (0.1,)},
    ],
)
def test_shares_may_leave_something_of_their_whole(figures: dict[str, tuple[float, ...]]) -> None:
    layer = gt.choropleth(table(figures), unit="%", whole=100).layers[0]
    assert layer.unstated[0] == pytest.approx(
        100 - sum(v for code, (v,) in figures.items() if code != "Total")
    )


def test_the_world_s_mean_is_no_total_of_rates() -> None:
    assert life().layers[0].values.shape[0] == 4


MARGIN = {"CHN": (12.0,), "USA": (8.0,), "DEU": (-3.0,)}


@pytest.mark.parametrize(
    ("figures", "more", "passes"),
    [
        ({"CHN": (40.0,), "USA": (30.0,), "KAZ": (15.0,), "Total": (110.0,)}, {}, False),
        ({"CHN": (60.0,), "USA": (25.0,), "Total": (100.0,)}, {}, False),  # with whole=100 it is the whole
        ({"CHN": (40.0,), "USA": (30.0,), "Total": (10.0,)}, {}, False),
        ({"CHN": (40.0,), "USA": (30.0,), "Total": (110.0,)}, {"missing": "all others"}, True),
        ({"CHN": (40.0,), "USA": (30.0,), "KAZ": (15.0,), "Total": (85.0,)}, {}, True),  # the sum
        ({"CHN": (33.3,), "USA": (33.3,), "KAZ": (33.3,), "Total": (100.0,)}, {}, True),  # the sum, rounded
        (MARGIN | {"Total": (7.0,)}, {}, True),  # the overall figure of rates
        (MARGIN | {"World": (-3.0,)}, {}, True),
        (MARGIN | {"World": (-5.0,)}, {}, False),
        ({"CHN": (5.2,), "USA": (2.5,), "World": (3.1,)}, {"title": "Growth"}, True),
    ],
)
def test_a_total_in_percent_is_the_sum_or_lies_among_its_parts_or_is_asked_about(
    figures: dict[str, tuple[float, ...]], more: dict[str, Any], passes: bool
) -> None:
    if passes:
        tm = gt.choropleth(table(figures), unit="%", **more)
        view = views.choose(tm, "slices", ["2020"])
        [total] = [unit for unit in tm.units if unit.kind == "whole"]
        assert not total.members  # no region
        assert "the source's own figure for all together; it is not drawn" in captions.long_description(view)
        assert any(line.strip().startswith(total.name) for line in notebook.table(tm).splitlines())
        return
    words = "is neither the sum of its parts, .*, nor among them, .*missing="
    with pytest.raises(ValidationError, match=words):
        gt.choropleth(table(figures), unit="%", **more)


def test_a_year_s_total_is_held_against_its_quarters() -> None:
    quarters = [("CHN", f"2021-Q{q}", 10.4) for q in range(1, 5)]
    for total, left in ((41.6, 0), (42, 0), (50, 8.4)):
        frame = pd.DataFrame([*quarters, ("Total", "2021", total)], columns=["region", "period", "value"])
        layer = gt.choropleth(frame, slices="year", over_time="sum").layers[0]
        assert layer.unstated[0] == pytest.approx(left)
    with pytest.raises(
        ValidationError, match=r"more than the total that the source states .*2021: 41.6 of 40"
    ):
        gt.choropleth(frame.replace(50, 40), slices="year", over_time="sum")


@pytest.mark.parametrize("output", OUTPUTS)
def test_where_no_whole_is_given_nothing_is_said_to_be_left(output: str, tmp_path: Path) -> None:
    source = {"publisher": "P", "title": "T", "url": "https://example.org", "licence": "CC0"}
    tm = gt.choropleth(table({"CHN": (3000.5, 1.5), "USA": (1623.1, 2.5)}), source=source, **SAID)
    assert [group.name for group in tm.groups] == ["China", "United States"]
    text = OUTPUTS[output](tm, tmp_path)
    if output == "page":  # whose dictionary has the words of other pages
        [metric] = payload(tm, "1")["metrics"]
        assert metric["remainder"].pop("unstated") == metric["remainder"].pop("rounding") == [0, 0]
        assert not {"totals", "addsUp", "lacks"} & metric.keys()
        text = json.dumps(metric).replace('"remainder"', "")
    if output == "geojson":
        assert text.count('"unstated": null, "rounding": null, "whole": null') == 2
        text = text.replace('"unstated": null', "").replace("nothing is said of a rest", "")
    assert [
        words for words in ("stated by", "ot stated", "unstated", "emainder", "Whole") if words in text
    ] == []


def test_shares_of_an_amount_are_of_its_stated_totals() -> None:
    figures = {"CHN": (30.0, 20.0), "USA": (10.0, 20.0), "Total": (50.0, 50.0)}
    shares = gt.choropleth(table(figures), over_time="sum", missing="some").shift()
    assert [(row.code, row.before, row.after) for row in shares.rows if row.code in ("CHN", "rest")] == [
        ("CHN", 60, 40), ("rest", 20, 20),
    ]  # fmt: skip
    assert shares.notes[0] == "Shares are of the total that the source states for a slice."


# --- imports, reports, the command line -------------------------------------------------------------------

ORIGIN = (
    "--publisher",
    "P",
    "--title",
    "T",
    "--url",
    "https://example.org",
    "--licence",
    "none stated",
    "--yes",
)


def brought(run: Callable[..., Any], data: Path, text: str, *more: object, series: str = "mine") -> Any:
    path = data.parent / "table.csv"
    path.write_text(text, encoding="utf-8")
    return run("import", path, "--series", series, "--data", data, *ORIGIN, *more)


PRICES = "country,2024,2025\nChina,0.081,0.079\nCanada,0.101,0.112\nUnited States,0.162,0.173\n"


def test_an_imported_price_has_no_sum(run: Callable[..., Any], data: Path, tmp_path: Path) -> None:
    answer = brought(run, data, PRICES, "--unit", "USD/kWh", "--metric", "price")
    assert answer.code == 0, answer
    assert (
        "over regions = no sum: a rate; --whole 100 for shares of one whole, --kind extensive" in answer.out
    )
    assert "Sum" not in answer.out
    assert DataFolder.of(data).table("mine").series.metrics[0].kind == "intensive"
    answer = run("shift", "mine", "--data", data)
    assert (answer.code, answer.out) == (7, "")
    assert "metric 'price' in USD/kWh is a rate" in answer.err
    story = tmp_path / "story.md"
    story.write_text('{{ value("mine", "Canada", "2025", digits=3) }}', encoding="utf-8")
    assert "0.112" in report.compose(story, data).text
    for call in (
        'value("mine", "North America", "2025")',
        'share("North America", "2025", series="mine", metric="price")',
        'table("mine", regions=["north-america"])',
    ):
        story.write_text(f"{{{{ {call} }}}}", encoding="utf-8")
        with pytest.raises(
            SpecError, match="a rate has no sum that could stand for it; name one of its regions: Canada"
        ):
            report.compose(story, data)


def test_an_import_is_what_it_is_said_to_be(run: Callable[..., Any], data: Path) -> None:
    text = "country,2024,2025\nChina,100,110\nCanada,20,30\n"
    answer = brought(run, data, text, "--unit", "units", "--over-time", "mean", series="a")
    assert "over regions = no sum" in answer.out
    answer = brought(
        run, data, text, "--unit", "units", "--over-time", "mean", "--kind", "extensive", series="b"
    )
    assert "kind = extensive" in answer.out
    assert "Sum, value: nothing -> 140 units" in plain(answer.out)
    kinds = {name: reading.find_series(data, name).metrics[0].kind for name in ("a", "b")}
    assert kinds == {"a": "intensive", "b": "extensive"}
    answer = brought(
        run, data, text.replace("110", "111"), "--unit", "units", "--kind", "intensive", series="b"
    )
    assert (answer.code, "--kind intensive, there extensive" in answer.err) == (7, True)
    answer = brought(run, data, text, "--unit", "units", "--kind", "rate", series="c")
    assert (answer.code, "expected one of: intensive, extensive" in answer.err) == (7, True)


def test_an_imported_total_is_accepted_or_not_written(run: Callable[..., Any], data: Path) -> None:
    text = "country,2021\nChina,3000.5\nUnited States,1623.1\nTotal,5000\n"
    given = ("--unit", "USD thousand", "--over-time", "sum", "--metric", "revenue")
    answer = brought(run, data, text, *given)
    assert answer.code == 10, answer
    assert "Total 5,000 of 2021, its parts add up to 4,623.6: 376.4 are not in the table" in answer.err
    assert "mine" not in reading.read_series(data)
    assert brought(run, data, text, *given, "--accept", "the report lists two").code == 0
    assert gt.choropleth("mine", data_folder=data).layers[0].unstated.tolist() == pytest.approx([376.4])
    assert "376.4 are not in the table" in run("check", "mine", "--data", data).out
    answer = brought(run, data, text.replace("5000", "4000"), *given, "--accept", "why not")
    assert (answer.code, "its parts add up to 4,623.6: 623.6 too much" in answer.err) == (6, True)


def test_fractions_are_told_in_the_delivery_though_the_series_is_right(
    run: Callable[..., Any], data: Path
) -> None:
    given = ("--unit", "%", "--whole", "100", "--partial")
    assert brought(run, data, "country,2024\nChina,60\nCanada,40\n", *given).code == 0
    answer = brought(run, data, "country,2025\nChina,0.6\nCanada,0.4\n", *given, "--accept", "yes")
    assert (answer.code, "these are fractions" in answer.err) == (6, True)


def test_a_group_that_the_source_gives_has_its_figure() -> None:
    rows = [
        ("World", "2020", 0.04),
        ("Japan", "2020", 0.2),
        ("Japan", "2021", 0.25),
        ("Germany", "2021", 0.3),
    ]
    table = pd.DataFrame(rows, columns=["country", "period", "value"])
    made = gt.choropleth(table, unit="USD/kWh", over_time="mean", groups=["world", "JPN"])
    first, last = made.layers[0].sentences
    assert "World 0.04" in first
    assert "World: no data" in last or "World no data" in last
    assert "no sum" not in first + last
    assert not {"noSum"} & {made.layers[0].lacking(group) for group in made.groups if group.code == "world"}
