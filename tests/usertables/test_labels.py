"""A user's own labels find the user's own regions: their codes and names win, and nothing is guessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pytest
import shapely

import geotrack as gt
from geotrack.errors import BoundaryError, ParseError, RegionError, SpecError
from geotrack.geo import boundaries
from geotrack.store.regions import Regions
from geotrack.usertables import labels as usertables_labels

REFERENCE = Path(__file__).parents[2] / "data" / "reference"
REGISTRY = Regions.read(REFERENCE)


def squares(code: list[Any], **columns: Any) -> geopandas.GeoDataFrame:
    shapes = [shapely.box(i, 0, i + 1, 1) for i in range(len(code))]
    return geopandas.GeoDataFrame({"code": code} | columns, geometry=shapes, crs="EPSG:4326")


def table(region: list[Any]) -> pd.DataFrame:
    return pd.DataFrame({"region": region, "year": 2020, "value": range(1, len(region) + 1)})


def units(region: list[Any], shapes: Any, **options: Any) -> list[tuple[str, str, str]]:
    made = gt.choropleth(table(region), boundaries=shapes, **options)
    return [(u.code, u.name, u.kind) for u in made.units]


def refuse(message: str, region: list[Any], shapes: Any = None, **options: Any) -> str:
    with pytest.raises(RegionError, match=message) as raised:
        gt.choropleth(table(region), boundaries=shapes, **options)
    return str(raised.value)


def extended(code: list[Any], **columns: Any) -> Regions:
    return usertables_labels.with_own(REGISTRY, boundaries.from_geodataframe(squares(code, **columns)))


# --- codes and names of one's own win ----------------------------------------------------------------------


def test_a_code_of_one_s_own_is_not_the_country_of_that_code() -> None:
    shapes = squares(["CHE", "LEI"], name=["Chemnitz", "Leipzig"])
    expected = [("CHE", "Chemnitz", "region"), ("LEI", "Leipzig", "region")]
    assert units(["CHE", "LEI"], shapes) == expected
    assert units(["Chemnitz", "leipzig"], shapes) == expected
    refuse(r"1 label\(s\) match no region of the boundaries:\n  'Switzerland'\n", ["Switzerland"], shapes)


def test_words_of_the_registry_are_plain_regions_where_they_have_shapes() -> None:
    codes, names = ["other", "total", "africa"], ["Other town", "Total town", "Africa town"]
    made = gt.choropleth(table(codes), boundaries=squares(codes, name=names))
    assert [(u.code, u.name, u.kind) for u in made.units] == [
        ("africa", "Africa town", "region"),
        ("other", "Other town", "region"),
        ("total", "Total town", "region"),
    ]
    assert made.layers[0].mapped.tolist() == [6]
    assert [u.name for u in gt.choropleth(table(codes), boundaries=squares(codes)).units] == [
        "africa",
        "other",
        "total",
    ]


def test_remainders_and_wholes_are_known_where_they_have_no_shape() -> None:
    assert units(["A", "Other"], squares(["A"])) == [("A", "A", "region"), ("other", "Other", "remainder")]


@pytest.mark.parametrize("label", ["BL", "France", "north-america"])
def test_countries_are_not_known_beside_boundaries_that_have_none(label: str) -> None:
    refuse(
        rf"match no region of the boundaries:\n  '{label}'",
        [label],
        squares(["BE", "HE"], name=["Berlin", "Hessen"]),
    )


def test_bavaria_is_not_belarus() -> None:
    shapes = squares(["BY", "HE"], name=["Bayern", "Hessen"])
    assert units(["BY", "Hessen"], shapes) == [("BY", "Bayern", "region"), ("HE", "Hessen", "region")]
    assert units(["BY", "HE"], squares(["BY", "HE"]))[0] == ("BY", "BY", "region")
    for label in ("Belarus", "BLR"):
        refuse(f"match no region .*\n  '{label}'", [label], shapes)
    states = squares(["CA", "CO", "GA"], name=["California", "Colorado", "Georgia"])
    assert units(["Georgia"], states) == [("GA", "Georgia", "region")]
    refuse("match no region .*\n  'Canada'", ["Canada"], states)


@pytest.mark.parametrize(
    ("code", "name", "label", "expected"),
    [
        (["US", "CN"], ["États-Unis", "Chine"], "USA", ("US", "États-Unis", "region")),
        (["US", "CN"], ["US", "CN"], "United States of America", ("US", "United States", "region")),
        (["CHN", "XX"], ["China", "Nowhere"], "Mainland China", ("CHN", "China", "region")),
        (["CHN", "XX"], ["CHN", "XX"], "PRC", ("CHN", "China", "region")),
        (["CHN", "XX"], ["mainland  CHINA", "XX"], "PRC", ("CHN", "mainland  CHINA", "region")),
        (["US-TX", "US-GA"], ["Texas", "Georgia"], "TX", ("US-TX", "Texas", "region")),
    ],
)
def test_a_country_s_own_row_is_kept(code: Any, name: Any, label: str, expected: Any) -> None:
    assert units([label], squares(code, name=name)) == [expected]


def test_a_foreign_name_is_no_country_s_unless_all_codes_are() -> None:
    refuse("'PRC'", ["PRC"], squares(["CHN", "XX"], name=["Chine", "Nulle part"]))


def test_a_country_without_a_shape_counts_in_the_remainder_of_a_map_of_countries() -> None:
    shapes = squares(["CHN", "DEU"], name=["China", "Germany"])
    assert units(["China", "FR"], shapes) == [("CHN", "China", "region"), ("FRA", "France", "remainder")]


def test_aggregates_are_of_the_user_s_codes() -> None:
    found = extended(["US", "MX", "CHN"], name=["United States", "Mexico", "Chinook"])
    codes = ("US", "MX", "CHN", "USA")
    assert found.members("north-america", codes) == ("US", "MX")
    assert found.table["CHN"].name == "Chinook"
    assert "africa" not in extended(["africa"], name=["Africa town"]).rules
    assert "africa" not in extended(["africa"], name=["Africa town"]).aggregates


def test_what_is_said_of_a_territory_is_not_said_of_its_namesake() -> None:
    assert "TWN" in REGISTRY.disputed
    assert "TWN" in REGISTRY.territories
    found = extended(["TWN", "CTY"], name=["Town", "City"])
    assert "TWN" not in found.disputed
    assert "TWN" not in found.territories
    kept = extended(["TWN"], name=["Taiwan"])
    assert "TWN" in kept.disputed
    assert "TWN" in kept.territories


def test_shipped_boundaries_leave_the_registry_as_it_is() -> None:
    shapes = boundaries.read(REFERENCE / "boundaries", "us-states")
    assert usertables_labels.with_own(REGISTRY, shapes) is REGISTRY


# --- labels ------------------------------------------------------------------------------------------------


def test_a_name_of_several_regions_is_refused_with_their_codes() -> None:
    shapes = squares(["A", "C", "B"], name=["Springfield", "C town", "Springfield"])
    refuse(
        r"^1 label\(s\) match no region, or several of the boundaries:\n  'springfield' \(ambiguous: A, B\)\n"
        r"Nothing is guessed: use a name or a code of the boundaries \(codes: A, C, B\); 'other' takes",
        ["springfield", "C town"],
        shapes,
    )
    assert [name for _, name, _ in units(["A", "B"], shapes)] == ["Springfield", "Springfield"]


def test_a_code_to_the_letter_wins_over_its_other_case() -> None:
    shapes = squares(["a", "A", "b"])
    assert [code for code, _, _ in units(["A", "a", "B"], shapes)] == ["A", "a", "b"]
    refuse(r"'XY' \(ambiguous: Xy, xy\)", ["XY"], squares(["Xy", "xy"]))


def test_a_code_wins_over_a_name() -> None:
    assert units(["A", "B"], squares(["A", "B"], name=["B", "A"])) == [
        ("A", "B", "region"),
        ("B", "A", "region"),
    ]


@pytest.mark.parametrize("codes", [[1, 2], [1.0, 2.0], ["1", "2"], ["1.0", "2.0"]])
@pytest.mark.parametrize("labels", [[1, 2], [1.0, 2.0], ["1", "2"], ["1.0", " 2 "]])
def test_whole_numbers_match_however_they_are_stored(codes: list[Any], labels: list[Any]) -> None:
    found = units(labels, squares(codes))
    assert [(float(code), kind) for code, _, kind in found] == [(1, "region"), (2, "region")]


def test_zeros_before_a_number_are_not_guessed() -> None:
    refuse(r"'1'", [1], squares(["01", "02"]))


@pytest.mark.parametrize("label", ["Côte d’Or", "cote d'or", "COTE  D OR", "Cote-d'Or"])
def test_case_accents_and_punctuation_of_names_do_not_matter(label: str) -> None:
    assert units([label], squares(["X1"], name=["Côte-d’Or"])) == [("X1", "Côte-d’Or", "region")]


def test_marks_of_other_scripts_and_hyphens_in_codes_do_matter() -> None:
    refuse("'का'", ["का"], squares(["X1"], name=["कि"]))
    refuse("'1-1'", ["1-1"], squares(["11"]))
    assert units(["1-1"], squares(["11", "1-1"])) == [("1-1", "1-1", "region")]


def test_a_region_without_a_name_is_called_by_its_code() -> None:
    assert units(["A", "B"], squares(["A", "B"], name=["One", None])) == [
        ("A", "One", "region"),
        ("B", "B", "region"),
    ]


def test_a_region_whose_geometry_is_empty_is_said_to_be_so() -> None:
    shapes = squares(["A", "BE", "SGP"], name=["One", "Berlin", "Singapore"])
    shapes.loc[1:, "geometry"] = None
    for label in ("be", "Berlin"):
        refuse(rf"  '{label}' \(in the boundaries, but its geometry is empty\)\n", [label], shapes)
    shapes.loc[0, ["code", "name"]] = ["CHN", "China"]  # a map of countries
    refuse(r"  'BE' \(in the boundaries, but its geometry is empty\)\n", ["BE"], shapes)
    assert units(["CHN", "SGP"], shapes)[1] == ("SGP", "Singapore", "remainder")


# --- what an error says ------------------------------------------------------------------------------------


def test_names_and_codes_of_the_boundaries_are_suggested_before_all_others() -> None:
    shapes = squares(["SN-1", "SN-2"], name=["Chemnitz", "Leipzig"])
    text = refuse(r"'Lepzig' \(perhaps Leipzig \(SN-2\)\?\)\n  'B'\n", ["Lepzig", "B"], shapes)
    assert "(codes: SN-1, SN-2)" in text
    assert "crosswalk" not in text
    refuse(r"'SN1' \(perhaps Chemnitz \(SN-1\)\?\)", ["SN1"], shapes)
    world = squares(["CHN", "X1"], name=["China", "Germania"])
    refuse(r"'Germani' \(perhaps Germania \(X1\) or Germany", ["Germani"], world)


def test_many_codes_and_many_labels_are_listed_in_part() -> None:
    codes = [f"R{i}" for i in range(12)]
    text = refuse(
        r"codes: R0, R1, .*, R9, \.\.\. \(12 in all\)\)", [f"R{i}x" for i in range(11)], squares(codes)
    )
    assert text.count("perhaps") == 10
    assert "'R10x'" in text


def test_labels_beside_shipped_boundaries_are_told_of_codes_not_of_files() -> None:
    text = refuse(
        r"^2 label\(s\) match no region at level 'country':\n  'Chnia' \(perhaps China.*\)\n"
        r"  'Iran, Isl\. Rep\.' \(perhaps Iran\?\)\nNothing is guessed: use a name or a code of ISO 3166; "
        "'other' takes what has no place on the map",
        ["Chnia", "Iran, Isl. Rep."],
    )
    assert "crosswalk" not in text


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({"publisher": 3, "url": None}, "source: publisher = 3, url = None is no text; expected publisher"),
        ({"author": "me"}, "source: .*'author'; expected publisher, title, url and licence"),
        ({"publisher": " "}, "source: origin user: publisher must be given.*; expected publisher"),
    ],
)
def test_a_source_is_made_of_texts(source: Any, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        gt.choropleth(table(["CHN"]), source=source)


# --- the ways in -------------------------------------------------------------------------------------------


def test_columns_without_names_make_a_map() -> None:
    frame = pd.DataFrame([["CHN", 2020, 1]])
    made = gt.choropleth(frame, region=0, period=1, value=2)
    assert [(m.metric.name, m.values.tolist()) for m in made.layers] == [("value", [[1.0]])]


def test_a_series_of_shapes_makes_a_map() -> None:
    shapes = squares(["A", "B"], name=["One", "Two"])
    assert units(["A", "B"], shapes.set_index("code").geometry)[0] == ("A", "A", "region")
    with pytest.raises(BoundaryError, match="a GeoSeries whose index holds no codes"):
        gt.choropleth(table(["A"]), boundaries=shapes.geometry)


def test_half_a_character_is_refused_at_reading() -> None:
    frame = table(["CHN"]).assign(region=pd.Series(["\ud800"], dtype=object))
    with pytest.raises(ParseError, match=r"column 'region': row 2 .* holds half a character"):
        gt.choropleth(frame)


# --- names in other languages, numbers, crosswalks, and what has no figure ---------------------------------


def test_countries_of_one_s_own_are_known_in_other_languages_and_by_number() -> None:
    shapes = boundaries.from_geodataframe(squares(["USA", "DEU", "CHN"]))
    regions = usertables_labels.with_own(REGISTRY, shapes)
    labels = ["Deutschland", "Vereinigte Staaten", "Other", "Frankreich"]
    assert usertables_labels.match_labels(labels, "country", regions, shapes).codes == {
        "Deutschland": "DEU", "Vereinigte Staaten": "USA", "Other": "other", "Frankreich": "FRA",
    }  # fmt: skip
    numbers = usertables_labels.match_labels(["156", "840.0"], "country", regions, shapes)
    assert [match.code for match in numbers.matches] == ["CHN", "USA"]


def test_districts_are_no_countries_in_any_language_and_their_numbers_are_their_own() -> None:
    shapes = boundaries.from_geodataframe(squares(["156", "840"], name=["Mitte", "Nord"]))
    regions = usertables_labels.with_own(REGISTRY, shapes)
    found = usertables_labels.match_labels(["156", "840.0", "mitte"], "country", regions, shapes)
    assert [(match.code, match.name, match.how) for match in found.matches] == [
        ("156", "Mitte", "boundaries"), ("840", "Nord", "boundaries"), ("156", "Mitte", "boundaries"),
    ]  # fmt: skip
    for label in ("Deutschland", "276", "Norden"):
        with pytest.raises(RegionError, match="match no region of the boundaries"):
            usertables_labels.match_labels([label], "country", regions, shapes)


def test_a_crosswalk_leads_to_districts_and_wins() -> None:
    shapes = boundaries.from_geodataframe(squares(["A", "B"], name=["Mitte", "Nord"]))
    regions = usertables_labels.with_own(REGISTRY, shapes)
    taught = {"Mitte": "B", "elsewhere": "other"}
    found = usertables_labels.match_labels(["Mitte", "A", "elsewhere"], "country", regions, shapes, taught)
    assert list(found.codes.values()) == ["B", "A", "other"]
    with pytest.raises(RegionError, match=r"neither the boundaries nor regions.csv list: 'x' -> 'C'"):
        usertables_labels.match_labels(["A"], "country", regions, shapes, {"x": "C"})


def test_rows_that_are_left_out_are_in_no_table() -> None:
    shapes = boundaries.from_geodataframe(squares(["A", "B"]))
    regions = usertables_labels.with_own(REGISTRY, shapes)
    made = gt.choropleth(table(["A", "B"]), boundaries=squares(["A", "B"]))
    frame = pd.DataFrame(
        {"region": ["A", "memo"], "start": "2020-01-01", "end": "2021-01-01", "value": [1, 2]}
    )
    series = made.series
    labels = frame["region"].unique()
    matched = usertables_labels.match_labels(labels, "country", regions, shapes, {"memo": "-"})
    found = usertables_labels.user_table(frame, series, matched, {})
    assert found.observations["region"].tolist() == ["A"]
