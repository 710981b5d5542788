"""The few functions that most users need: series, tables of their own, boundaries of their own, mistakes."""

from __future__ import annotations

import re
import warnings
from datetime import date
from pathlib import Path
from typing import Any

import counts
import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

import geotrack as gt
from geotrack.errors import (
    BoundaryError,
    GeotrackError,
    ParseError,
    RegionError,
    SpecError,
    ValidationError,
)
from geotrack.model import OBSERVATION_COLUMNS

ROOT = Path(__file__).parents[1]


def table(**columns: Any) -> pd.DataFrame:
    given: dict[str, Any] = {
        "country": ["China", "United States", "China", "United States"],
        "period": ["2019-09", "2019-09", "2022-01", "2022-01"],
        "share": [75.53, 4.06, 21.11, 37.84],
    }
    return pd.DataFrame(given | columns)


def squares(**columns: Any) -> geopandas.GeoDataFrame:
    """Two neighbours in the north of nowhere."""
    given: dict[str, Any] = {"code": ["N1", "N2"], "name": ["West", "East"]}
    shapes = [shapely.box(10, 50, 11, 51), shapely.box(11, 50, 12, 51)]
    return geopandas.GeoDataFrame(given | columns, geometry=shapes, crs="EPSG:4326")


def figures(timemap: Any) -> dict[tuple[str, str], float]:
    frame = timemap.to_frame()
    return {(r, s): v for r, s, v in frame[["region", "start", "value"]].itertuples(index=False)}


EXPECTED = {
    ("CHN", "2019-09-01"): 75.53,
    ("USA", "2019-09-01"): 4.06,
    ("CHN", "2022-01-01"): 21.11,
    ("USA", "2022-01-01"): 37.84,
}


# --- series ----------------------------------------------------------------------------------------------


def test_every_name_of_the_public_module_is_there() -> None:
    assert all(getattr(gt, name) for name in gt.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        gt.nonsense  # noqa: B018


@pytest.mark.parametrize("name", gt.series(ROOT / "data"))
def test_every_series_loads_with_its_types(name: str) -> None:
    frame = gt.load(name)
    assert list(frame.columns) == list(OBSERVATION_COLUMNS)
    assert frame["value"].dtype == np.float64
    for column in ("start", "end"):
        assert pd.api.types.is_datetime64_any_dtype(frame[column])
        assert frame[column].dt.tz is None
    assert (frame["start"] < frame["end"]).all()
    for column in set(OBSERVATION_COLUMNS) - {"start", "end", "value"}:
        assert all(isinstance(cell, str) for cell in frame[column])


def test_a_series_is_a_map_in_one_line(tmp_path: Path) -> None:
    timemap = gt.choropleth("cbeci-countries")
    assert timemap.id == "cbeci-countries"
    assert len(timemap.slices) == counts.slices("cbeci-countries")
    assert timemap.save(tmp_path / "out.html").stat().st_size > 100_000


def test_a_series_takes_the_keys_of_a_specification() -> None:
    timemap = gt.choropleth("cbeci-countries", id="q", metrics=["share"], slices="quarter", groups=["CHN"])
    assert timemap.id == "q"
    assert [layer.metric.name for layer in timemap.layers] == ["share"]
    assert timemap.slices[1].iso == "2019-Q4"
    assert [g.code for g in timemap.groups] == ["CHN", "rest", "remainder"]


def test_a_series_on_other_boundaries() -> None:
    coarse = gt.choropleth("cbeci-countries", metrics=["share"])
    fine = gt.choropleth("cbeci-countries", metrics=["share"], boundaries="countries-50m")
    assert sum(map(len, fine.boundaries.arcs)) > 3 * sum(map(len, coarse.boundaries.arcs))
    assert figures(fine) == figures(coarse)


def test_series_of_another_folder(data: Path) -> None:
    path = data / "observations" / "cbeci-countries.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",75.53,", ",75.54,"), encoding="utf-8")
    assert (
        figures(gt.choropleth("cbeci-countries", metrics=["share"], data_folder=data))["CHN", "2019-09-01"]
        == 75.54
    )
    assert gt.load("cbeci-countries", data)["value"].eq(75.54).any()
    assert gt.series(data) == gt.series()


# --- a table of one's own ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "countries",
    [
        ["China", "United States"], ["CHN", "USA"], ["CN", "US"], ["china", " united states "],
        ["Mainland China", "USA"],
    ],
)  # fmt: skip
def test_names_and_codes_of_countries_are_known(countries: list[str]) -> None:
    assert figures(gt.choropleth(table(country=countries * 2), unit="%", whole=100)) == EXPECTED


@pytest.mark.parametrize(
    "periods",
    [
        ["2019-09", "2022-01"], ["2019-09-01", "2022-01-01"], ["Sep 2019", "January 2022"],
        [pd.Timestamp("2019-09-01"), pd.Timestamp("2022-01-01")], [date(2019, 9, 1), date(2022, 1, 1)],
        [pd.Period("2019-09", "M"), pd.Period("2022-01", "M")],
    ],
)  # fmt: skip
def test_periods_are_read_as_people_write_them(periods: list[Any]) -> None:
    made = gt.choropleth(table(period=np.repeat(np.array(periods, dtype=object), 2)), unit="%", whole=100)
    assert figures(made) == EXPECTED
    assert [s.label for s in made.slices] == ["September 2019", "January 2022"]


@pytest.mark.parametrize(
    ("periods", "isos"),
    [
        (["2020-Q1", "Q2 2020"], ["2020-Q1", "2020-Q2"]), ([2019, 2020], ["2019", "2020"]),
        (["2019-H1", "2020"], ["2019-H1", "2020"]),
    ],
)  # fmt: skip
def test_quarters_halves_and_years(periods: list[Any], isos: list[str]) -> None:
    made = gt.choropleth(table(period=[p for p in periods for _ in (1, 2)]), unit="%")
    assert [s.iso for s in made.slices] == isos


def test_columns_of_any_name_can_be_named() -> None:
    frame = table().rename(columns={"country": "where", "period": "since", "share": "x"})
    made = gt.choropleth(frame, region="where", period="since", value="x", unit="%", whole=100)
    assert figures(made) == EXPECTED


def test_shares_leave_a_remainder_and_amounts_do_not() -> None:
    shares = gt.choropleth(table(), unit="%", whole=100).layers[0]
    assert shares.unstated.round(6).tolist() == [20.41, 41.05]
    amounts = gt.choropleth(table(), unit="EH/s").layers[0]
    assert amounts.unstated.tolist() == [0, 0]
    assert (shares.metric.kind, shares.metric.over_time) == ("intensive", "mean")
    # a rate per second is averaged over a quarter, and so is what is called a share; an amount must be named
    assert (amounts.metric.kind, amounts.metric.over_time) == ("extensive", "mean")
    machines = table().rename(columns={"share": "machines"})
    assert gt.choropleth(machines, value="machines").layers[0].metric.over_time == "sum"
    with pytest.raises(
        SpecError, match=r"'machines': how periods combine must be said.*over_time='sum' \(an amount\)"
    ):
        gt.choropleth(machines, value="machines", slices="quarter")
    gt.choropleth(machines, value="machines", slices="quarter", over_time="sum")
    assert gt.choropleth(table(), over_time="last").layers[0].metric.over_time == "last"


def test_a_column_of_units_is_taken() -> None:
    made = gt.choropleth(table(unit="EH/s"))
    assert made.layers[0].metric.unit == "EH/s"
    assert made.layers[0].sentences[0].endswith("75.5\u00a0EH/s")


def test_provinces_and_states_have_their_levels() -> None:
    frame = pd.DataFrame({"state": ["Georgia", "Texas"], "year": [2021, 2021], "share": [34.2, 17.1]})
    made = gt.choropleth(frame, level="US", unit="%", whole=100)
    assert [u.code for u in made.units] == ["US-GA", "US-TX"]
    assert made.boundaries.info.name == "us-states"
    frame = pd.DataFrame({"region": ["Sichuan", "Xinjiang"], "period": "2020-07", "value": [60, 20]})
    assert [u.code for u in gt.choropleth(frame, level="CN").units] == ["CN-SC", "CN-XJ"]


def test_since_bounds_a_table_of_one_s_own() -> None:
    assert [s.iso for s in gt.choropleth(table(), since="2020").slices] == ["2022-01"]


def test_a_map_without_a_name_is_named_after_what_it_shows() -> None:
    a, b = (
        gt.choropleth(table(), title="Où l'on mine"),
        gt.choropleth(table(), title="Où l'on mine", theme="dark"),
    )
    assert re.fullmatch(r"ou-l-on-mine-[0-9a-f]{8}", a.id)
    assert a.id == gt.choropleth(table(), title="Où l'on mine").id
    changed = table().assign(share=lambda found: found["share"] / 2)
    named = {
        a.id,
        b.id,
        gt.choropleth(changed, title="Où l'on mine").id,
        gt.choropleth(table(), lang="zh").id,
    }
    assert len(named) == 4
    assert re.fullmatch(r"map-[0-9a-f]{8}", gt.choropleth(table()).id)
    assert gt.choropleth(table(), id="mine").id == "mine"
    shares, rates = (gt.choropleth("cbeci-countries", metrics=[name]).id for name in ("share", "hashrate"))
    assert shares != rates
    assert gt.choropleth("cbeci-countries").id == "cbeci-countries"


def test_events_are_drawn_on_one_s_own_map_only_if_asked_for() -> None:
    assert gt.choropleth(table()).events == ()
    assert gt.choropleth(table(), events=False).events == ()
    assert [e.date for e in gt.choropleth(table(), events=["2021-05-21"]).events] == ["2021-05-21"]
    with pytest.raises(SpecError, match="no event belongs to a table of one's own; name the dates"):
        gt.choropleth(table(), events=True)


def test_the_source_of_a_table_stands_in_the_footer() -> None:
    source = {"publisher": "Me", "title": "My figures", "url": "https://example.org", "licence": "CC0"}
    made = gt.choropleth(table(), source=source)
    assert made.origins[0].publisher == "Me"
    assert "https://example.org" in made.to_html()
    assert "not stated" in gt.choropleth(table()).origins[0].licence


def test_a_user_s_table_is_not_changed_and_nothing_warns() -> None:
    frame = table()
    before = frame.copy()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gt.choropleth(frame, unit="%", whole=100).to_html()
    pd.testing.assert_frame_equal(frame, before)


def test_a_gap_is_a_gap_and_zero_a_figure() -> None:
    made = gt.choropleth(table(share=[75.53, None, 0, 37.84]), unit="%", whole=100)
    assert figures(made) == {
        ("CHN", "2019-09-01"): 75.53, ("CHN", "2022-01-01"): 0.0, ("USA", "2022-01-01"): 37.84
    }  # fmt: skip


# --- boundaries of one's own -------------------------------------------------------------------------------


def own(**columns: Any) -> pd.DataFrame:
    given: dict[str, Any] = {"region": ["N1", "N2"], "period": ["2020", "2020"], "value": [1.0, 2.0]}
    return pd.DataFrame(given | columns)


@pytest.mark.parametrize("labels", [["N1", "N2"], ["West", "east "]])
def test_boundaries_of_one_s_own_bring_their_names_and_codes(labels: list[str]) -> None:
    made = gt.choropleth(own(region=labels), boundaries=squares())
    assert [(u.code, u.name, u.members) for u in made.units] == [("N1", "West", (0,)), ("N2", "East", (1,))]
    assert "+proj=laea" in made.boundaries.crs
    made.to_html()


def codes_of(region: list[str], **columns: Any) -> list[tuple[str, str, str]]:
    made = gt.choropleth(own(region=region), boundaries=squares(**columns))
    return [(u.code, u.name, u.kind) for u in made.units]


def test_a_region_of_one_s_own_is_not_its_namesake() -> None:
    found = codes_of(["Georgia", "Other"], name=["Georgia", "East"])
    assert found == [("N1", "Georgia", "region"), ("other", "Other", "remainder")]
    with pytest.raises(RegionError, match=r"(?s)1 label.*'Goergia' \(perhaps Georgia"):
        codes_of(["Goergia", "East"], name=["Georgia", "East"])


def test_codes_of_two_letters_take_what_is_written_otherwise() -> None:
    found = codes_of(["USA", "Mainland China"], code=["US", "CN"], name=["États-Unis", "Chine"])
    assert found == [("CN", "Chine", "region"), ("US", "États-Unis", "region")]


def test_a_name_of_two_regions_is_no_name() -> None:
    with pytest.raises(RegionError, match=r"(?s)1 label.*'West'"):
        codes_of(["West", "N2"], name=["West", "West"])
    assert codes_of(["N1", "N2"], name=["West", "West"]) == [
        ("N1", "West", "region"),
        ("N2", "West", "region"),
    ]


def test_boundaries_without_names_take_those_of_the_registry() -> None:
    shapes = squares(code=["CHN", "XX"]).drop(columns=["name"])
    made = gt.choropleth(own(region=["CHN", "XX"]), boundaries=shapes)
    assert [u.name for u in made.units] == ["China", "XX"]


def test_one_s_own_codes_can_be_grouped() -> None:
    made = gt.choropleth(own(), boundaries=squares(), groups=["N2"])
    assert [(g.code, g.name, g.units) for g in made.groups[:2]] == [
        ("N2", "East", (1,)),
        ("rest", "Other named regions", (0,)),
    ]


def test_the_column_of_codes_can_be_named() -> None:
    shapes = squares(key=["A", "B"])
    made = gt.choropleth(own(region=["A", "B"]), boundaries=shapes, code="key")
    assert [u.code for u in made.units] == ["A", "B"]


@pytest.mark.parametrize("as_text", [True, False])
def test_boundaries_may_be_a_file(tmp_path: Path, as_text: bool) -> None:
    path = tmp_path / "mine.geojson"
    squares().to_file(path)
    made = gt.choropleth(own(), boundaries=str(path) if as_text else path)
    assert made.boundaries.info.name == "mine"
    assert len(made.boundaries.info.sha256) == 64


def test_a_series_on_boundaries_of_one_s_own() -> None:
    shapes = squares().assign(code=["CHN", "USA"])
    made = gt.choropleth("cbeci-countries", metrics=["share"], boundaries=shapes)
    assert {u.code for u in made.units if u.kind == "region"} == {"CHN", "USA"}
    kazakhstan = next(u for u in made.units if u.code == "KAZ")
    assert kazakhstan.kind == "remainder"
    assert made.layers[0].mapped[0] == pytest.approx(75.53 + 4.06)


# --- mistakes ----------------------------------------------------------------------------------------------


def without_crs() -> geopandas.GeoDataFrame:
    return squares().set_crs(None, allow_override=True)


BAD: list[tuple[str, Any, dict[str, Any], type[GeotrackError], str]] = [
    (
        "two names that match nothing",
        table(country=["Chnia", "Untied States"] * 2),
        {},
        RegionError,
        r"(?s)2 label\(s\) match no region.*'Chnia' \(perhaps China.*'Untied States' \(perhaps .*United",
    ),
    (
        "a duplicate",
        table(period=["2019-09"] * 4),
        {},
        ValidationError,
        r"2 rows for one figure: 75\.53, 21\.11; keep one",
    ),
    (
        "two names of one country",
        table(country=["China", "CHN", "USA", "CAN"], period="2019-09"),
        {},
        ValidationError,
        r"CHN: 2 rows for one figure",
    ),
    (
        "no number",
        table(share=["75.53", "lots", "21.11", "37.84"]),
        {},
        ParseError,
        r"1 cell is no number: row 3, column 'share': 'lots'; expected numbers .* say empty=\.\.\.",
    ),
    (
        "percent signs",
        table(share=["75.53 %", "4.06 %", "21.11", "37.84"]),
        {},
        ParseError,
        r"2 cells are no number: row 4, column 'share': '21\.11'; row 5",
    ),
    (
        "no period",
        table(period=["2019-09", "soon", "2022-01", "later"]),
        {},
        ParseError,
        r"(?s)period.*2 cells are no period.*row 3: 'soon'; row 5: 'later'; expected 2019-09",
    ),
    (
        "an empty table",
        table().head(0),
        {},
        ParseError,
        "the table has no rows; expected one for each region and period",
    ),
    (
        "no column of regions",
        table().drop(columns="country"),
        {},
        SpecError,
        "no column for the region; .*region=",
    ),
    ("a column that is not there", table(), {"value": "hash"}, SpecError, "'hash' is no column"),
    (
        "more than the whole",
        table(),
        {"unit": "%", "whole": 50},
        ValidationError,
        "out of range; expected 0 to 50",
    ),
    (
        "a sum above the whole",
        table(share=[75, 40, 1, 1]),
        {"unit": "%", "whole": 100},
        ValidationError,
        "figures add up to 115; expected 100 at most",
    ),
    (
        "an infinite value",
        table(share=[np.inf, 1, 1, 1]),
        {},
        GeotrackError,
        "(?s)row 2.*inf|no finite number",
    ),
    ("no table", [1, 2], {}, SpecError, r"found list; expected a series' name or a DataFrame"),
    (
        "an unknown level",
        table(),
        {"level": "FR"},
        SpecError,
        "level = 'FR' is not known; expected one of: country, CN",
    ),
    (
        "an unknown way to combine",
        table(),
        {"over_time": "max"},
        SpecError,
        "over_time = 'max' is not known; expected",
    ),
    (
        "an unknown key of the source",
        table(),
        {"source": {"author": "me"}},
        SpecError,
        "source: .*author.*expected publisher, title, url and licence",
    ),
    (
        "an empty publisher",
        table(),
        {"source": {"publisher": " "}},
        SpecError,
        "source: origin user: publisher must be",
    ),
    (
        "an unknown key",
        table(),
        {"colour": "red"},
        SpecError,
        r"choropleth\(\): unknown key 'colour'; expected one of: series",
    ),
    (
        "an unknown series",
        "cbeci",
        {},
        SpecError,
        "series 'cbeci' is not known; expected one of: cbeci-countries",
    ),
    (
        "an unknown metric",
        "cbeci-countries",
        {"metrics": ["x"]},
        SpecError,
        "metrics: 'x' not known in series",
    ),
    (
        "unknown boundaries",
        table(),
        {"boundaries": "moon"},
        BoundaryError,
        "'moon' is not known; expected one of: ",
    ),
    (
        "boundaries of no kind",
        table(),
        {"boundaries": 110},
        BoundaryError,
        "boundaries: found int; expected the name",
    ),
    (
        "boundaries without codes",
        own(),
        {"boundaries": squares().drop(columns=["code"])},
        BoundaryError,
        r"no column of codes; found: name; expected one of iso_a3.*name yours: code=",
    ),
    (
        "a column of codes that is not there",
        own(),
        {"boundaries": squares(), "code": "key"},
        BoundaryError,
        "no column of codes; found: code, name; expected 'key'",
    ),
    (
        "boundaries without a CRS",
        own(),
        {"boundaries": without_crs()},
        BoundaryError,
        r"coordinate system is not known \(crs is None\); expected a CRS.*set_crs",
    ),
    (
        "codes twice",
        own(),
        {"boundaries": squares(code=["N1", "N1"])},
        BoundaryError,
        "codes more than once: N1",
    ),
    (
        "a file that is not there",
        own(),
        {"boundaries": "none.geojson"},
        BoundaryError,
        r"none\.geojson: no such file",
    ),
    (
        "regions that the boundaries have not",
        own(region=["N1", "N9"]),
        {"boundaries": squares()},
        RegionError,
        "'N9'",
    ),
    ("a palette", table(), {"palette": "x"}, SpecError, "palette = 'x' is unknown"),
    (
        "an opening",
        table(),
        {"opening": "2020-01"},
        SpecError,
        "opening = '2020-01' is no slice; expected .*2019-09, 2022-01",
    ),
]


@pytest.mark.parametrize(
    ("data", "options", "error", "message"), [b[1:] for b in BAD], ids=[b[0] for b in BAD]
)
def test_a_mistake_is_said_with_what_was_found_and_expected(
    data: Any, options: dict[str, Any], error: type[GeotrackError], message: str
) -> None:
    with pytest.raises(error, match=message) as raised:
        gt.choropleth(data, **options)
    assert raised.value.exit_code > 1


def test_a_file_that_is_no_map_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.geojson"
    path.write_text("not json")
    with pytest.raises(BoundaryError, match=r"x\.geojson: cannot be read as boundaries.*expected GeoJSON"):
        gt.choropleth(own(), boundaries=path)


def test_a_shapefile_without_prj_has_no_crs(tmp_path: Path) -> None:
    squares().to_file(tmp_path / "x.shp")
    (tmp_path / "x.prj").unlink()
    with pytest.raises(BoundaryError, match="coordinate system is not known"):
        gt.choropleth(own(), boundaries=tmp_path / "x.shp")
    assert gt.choropleth("cbeci-countries").bounds  # the next map is none the worse
