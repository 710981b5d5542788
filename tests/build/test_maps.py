"""From data to maps: the published figures arrive, the parts add up, and nothing is invented."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import geotrack as gt
from geotrack.build import maps, modes
from geotrack.errors import GeotrackError, ParseError, RegionError, SpecError, ValidationError
from geotrack.map import spec
from geotrack.map.content import Layer
from geotrack.model import DERIVED, LOWER_BOUND, MISSING, REPORTED, STATUSES
from geotrack.store.checks import folder as checks
from geotrack.store.folder import DataFolder
from geotrack.timemap import TimeMap

ROOT = Path(__file__).parents[2]
MAPS = sorted(path.stem for path in (ROOT / "maps").glob("*.toml"))
every_map = pytest.mark.parametrize("name", MAPS)


def build(**keys: Any) -> TimeMap:
    return maps.build(spec.check({"series": "cbeci-countries"} | keys, "test"), "test", ROOT / "data")


def step(timemap: TimeMap, iso: str) -> int:
    return [s.iso for s in timemap.slices].index(iso)


def cell(timemap: TimeMap, region: str, iso: str, metric: int = 0) -> tuple[float | None, str]:
    u = [unit.code for unit in timemap.units].index(region)
    layer, t = timemap.layers[metric], step(timemap, iso)
    status = int(layer.status[u, t])
    return (float(layer.values[u, t]) if status else None), STATUSES[status]


def seen(layer: Layer) -> np.ndarray:
    return np.asarray((layer.status != MISSING).any(axis=0))


@every_map
def test_the_parts_add_up_to_the_whole(timemaps: Mapping[str, TimeMap], name: str) -> None:
    timemap = timemaps[name]
    places = np.array([bool(u.members) for u in timemap.units])
    wholes = np.array([u.kind == "whole" for u in timemap.units])
    for layer in timemap.layers:
        here = seen(layer)
        values = np.nan_to_num(layer.values)
        np.testing.assert_allclose(layer.mapped[here], values[places].sum(axis=0)[here], atol=1e-9)
        np.testing.assert_allclose(layer.stated[here], values[~places & ~wholes].sum(axis=0)[here], atol=1e-9)
        total = (layer.mapped + layer.stated + layer.unstated + layer.rounding)[here]
        if layer.metric.whole is not None:
            nothing = values.sum(axis=0)[here] == 0
            np.testing.assert_allclose(total, np.where(nothing, 0, layer.metric.whole), rtol=1e-12)
            assert (np.abs(layer.rounding[here]) <= layer.metric.tolerance + 1e-9).all()
        else:
            assert not layer.unstated[here].any()
        assert np.isnan(layer.mapped[~here]).all()


@every_map
def test_groups_rest_and_remainder_are_the_sum_of_all(timemaps: Mapping[str, TimeMap], name: str) -> None:
    timemap = timemaps[name]
    units = [u for g in timemap.groups for u in g.units]
    assert len(units) == len(set(units))  # nothing is counted twice
    for layer in timemap.layers:
        here = seen(layer)
        grouped = np.nan_to_num(layer.groups).sum(axis=0)[here]
        total = (layer.mapped + layer.stated + layer.unstated)[here]
        np.testing.assert_allclose(grouped, total, atol=10.0**-layer.digits)


@every_map
def test_what_is_missing_has_no_value_and_what_has_one_a_status(
    timemaps: Mapping[str, TimeMap], name: str
) -> None:
    for layer in timemaps[name].layers:
        np.testing.assert_array_equal(np.isnan(layer.values), layer.status == MISSING)
        known = (layer.status != MISSING) | np.isfinite(layer.bounds)
        np.testing.assert_array_equal(layer.origin >= 0, known)
        assert not (layer.note >= 0)[~known].any()
        assert len(layer.sentences) == len(timemaps[name].slices)


@every_map
def test_events_lie_within_the_period_and_the_view_within_the_shapes(
    timemaps: Mapping[str, TimeMap], name: str
) -> None:
    timemap = timemaps[name]
    start, end = timemap.period
    assert all(start <= event.date < end for event in timemap.events)
    assert [e.date for e in timemap.events] == sorted(e.date for e in timemap.events)
    assert len(timemap.event_places) == len(timemap.events)
    west, south, east, north = timemap.bounds
    assert west < east
    assert south < north
    if "ATA" in timemap.boundaries.codes:
        assert (
            timemap.boundaries.points[timemap.boundaries.codes.index("ATA")][1] < south
        )  # nobody mines there


@every_map
def test_every_figure_has_its_origin_and_its_file(timemaps: Mapping[str, TimeMap], name: str) -> None:
    timemap = timemaps[name]
    used = {
        timemap.origins[i].id for layer in timemap.layers for i in np.unique(layer.origin[layer.origin >= 0])
    }
    assert used <= {o.id for o in timemap.origins}
    assert len(timemap.origins) == len({o.id for o in timemap.origins})
    assert {len(h) for h in timemap.data_hashes.values()} == {64}
    assert f"{timemap.series.name}.csv" in timemap.data_hashes


@every_map
def test_every_value_lies_in_a_class(timemaps: Mapping[str, TimeMap], name: str) -> None:
    timemap = timemaps[name]
    places = [u for u, unit in enumerate(timemap.units) if unit.members]
    for layer in timemap.layers:
        values = layer.values[places]
        values = values[~np.isnan(values)]
        if layer.zero:
            values = values[values != 0]
        assert values.min() >= layer.edges[0]
        assert values.max() <= layer.edges[-1]
        assert len(layer.labels) == len(layer.light) == len(layer.dark) == len(layer.edges) - 1 + layer.zero


def test_the_flagship_says_what_cambridge_published(timemaps: Mapping[str, TimeMap]) -> None:
    shift = timemaps["shift"]
    said = dict(zip([s.iso for s in shift.slices], shift.layers[0].sentences, strict=True))
    assert said["2019-09"] == "September 2019: China 75.5%, North America 5.1%"
    assert said["2021-07"] == "July 2021: China 0%, North America 46.0%"
    assert said["2022-01"] == "January 2022: China 21.1%, North America 44.3%"
    assert (shift.slices[0].iso, shift.slices[-1].iso, len(shift.slices)) == ("2019-09", "2022-01", 29)
    assert cell(shift, "CHN", "2021-07") == (0.0, "reported")  # zero is a figure


def test_the_maps_open_where_they_say(timemaps: Mapping[str, TimeMap]) -> None:
    assert timemaps["shift"].opening == 0
    assert timemaps["hashrate-share"].opening == 28
    opened = build(opening="2021-07")
    assert opened.slices[opened.opening].iso == "2021-07"


def test_north_america_holds_its_members_and_the_rest_all_others(timemaps: Mapping[str, TimeMap]) -> None:
    shift = timemaps["shift"]
    china, america, rest, remainder = shift.groups
    codes = {g.code: {shift.units[u].code for u in g.units} for g in shift.groups}
    assert codes["CHN"] == {"CHN"}
    assert {"USA", "CAN"} <= codes["north-america"]
    assert not codes["north-america"] & codes["rest"]
    assert (china.colour, america.colour, rest.colour, remainder.colour) == ("g0", "g1", "rest", "remainder")
    assert [g.kind for g in (china, america, rest, remainder)] == ["group", "group", "rest", "remainder"]
    names = [shift.boundaries.codes[i] for i in america.outline]
    assert {"USA", "CAN", "MEX"} <= set(names)
    assert remainder.units == ()


def test_canaan_states_one_side_and_the_other_follows(timemaps: Mapping[str, TimeMap]) -> None:
    canaan = timemaps["revenue-canaan"]
    assert cell(canaan, "canaan-overseas", "2020-Q1") == (4.9, "reported")
    assert cell(canaan, "CHN", "2020-Q1") == (95.1, "derived")
    assert cell(canaan, "canaan-overseas", "2021-Q1") == (78.4, "reported")
    assert cell(canaan, "CHN", "2018") == (76.1, "reported")
    assert cell(canaan, "canaan-overseas", "2018") == (None, "missing")  # no cell: beside three others
    assert canaan.layers[0].sentences[step(canaan, "2018")].endswith("China 76.1%, overseas 23.9%")
    assert round(float(canaan.layers[0].stated[step(canaan, "2018")]), 6) == 3.4  # the source's own "Other"


def test_canaan_of_a_bound_the_other_part_is_at_most_what_it_leaves(timemaps: Mapping[str, TimeMap]) -> None:
    canaan = timemaps["revenue-canaan"]
    assert cell(canaan, "CHN", "2025-Q2") == (50.0, "lower bound")
    assert cell(canaan, "canaan-overseas", "2025-Q2") == (None, "missing")
    assert "China at least 50%" in canaan.layers[0].sentences[step(canaan, "2025-Q2")]
    assert cell(canaan, "CHN", "2025-Q3") == (None, "missing")
    assert "China at most 69%" in canaan.layers[0].sentences[step(canaan, "2025-Q3")]
    assert round(float(canaan.layers[0].unstated[step(canaan, "2025-Q3")]), 6) == 69.0


def test_luxor_is_never_rescaled(timemaps: Mapping[str, TimeMap]) -> None:
    luxor = timemaps["hashrate-since-2025"]
    t = step(luxor, "2026-Q3")
    share = luxor.layers[0]
    assert round(float(share.mapped[t]), 6) == 85.1
    assert round(float(share.unstated[t]), 6) == 14.9
    remainder = [g.kind for g in luxor.groups].index("remainder")
    assert round(float(share.groups[remainder, t]), 6) == 14.9
    assert cell(luxor, "USA", "2026-Q3") == (36.7, "estimated")
    assert "2026-Q1" not in [s.iso for s in luxor.slices]  # no figure, no slice, nothing carried forward
    assert share.sentences[0] == "Q1 2025: China no data, North America at least 36%"


def test_bitmain_keeps_the_year_and_drops_its_half(timemaps: Mapping[str, TimeMap]) -> None:
    bitmain = timemaps["revenue-bitmain"]
    assert [s.iso for s in bitmain.slices] == ["2015", "2016", "2017", "2018-H1"]
    assert cell(bitmain, "CHN", "2017") == (48.2, "reported")
    total = [u.kind for u in bitmain.units].index("whole")
    assert bitmain.units[total].members == ()
    np.testing.assert_allclose(bitmain.layers[1].mapped, bitmain.layers[1].values[total])  # the stated total


def test_outside_china_is_drawn_on_every_other_country(timemaps: Mapping[str, TimeMap]) -> None:
    bitmain = timemaps["revenue-bitmain"]
    abroad = next(u for u in bitmain.units if u.code == "bitmain-overseas")
    drawn = {bitmain.boundaries.codes[i] for i in abroad.members}
    assert abroad.kind == "aggregate"
    assert "CHN" not in drawn
    assert {"USA", "CAN", "RUS", "KAZ"} <= drawn


def test_the_same_specification_gives_the_same_map(timemaps: Mapping[str, TimeMap]) -> None:
    again = modes.build(spec.read(ROOT / "maps" / "shift.toml"), "shift", ROOT / "data")
    assert again.to_html() == timemaps["shift"].to_html()


def test_longer_slices_average_shares_by_days() -> None:
    monthly, quarterly = build(metrics=["share"]), build(metrics=["share"], slices="quarter")
    months = [cell(monthly, "CHN", f"2020-0{m}")[0] or 0 for m in (1, 2, 3)]
    value, status = cell(quarterly, "CHN", "2020-Q1")
    assert value == pytest.approx(np.average(months, weights=[31, 29, 31]))
    assert status == "derived"
    assert quarterly.layers[0].digits <= monthly.layers[0].digits + 1


def test_since_and_until_bound_what_is_shown() -> None:
    found = build(since="2021-05", until="2021-07")
    assert [s.iso for s in found.slices] == ["2021-05", "2021-06", "2021-07"]
    assert all("2021-05-01" <= e.date < "2021-08-01" for e in found.events)


def test_events_can_be_chosen_or_left_out() -> None:
    assert [e.date for e in build(events=["2021-05-21"]).events] == ["2021-05-21"]
    assert build(events=False).events == ()
    assert len(build().events) > 5


def test_without_groups_the_sentence_names_the_highest() -> None:
    found = build(metrics=["share"], opening="last")
    assert found.groups == ()
    assert found.layers[0].sentences[-1] == "January 2022: highest in United States, 37.8%"


def test_groups_take_their_own_names() -> None:
    found = build(groups=["CHN", "north-america"], rest="")
    names = [(g.name, [found.units[u].code for u in g.units]) for g in found.groups]
    assert names[0] == ("China", ["CHN"])
    assert names[1] == ("North America", ["CAN", "USA"])
    assert [g.colour for g in found.groups] == ["g0", "g1", "remainder"]
    assert found.groups[1].note == "North America: Canada, United States; not listed by the source: Mexico."


@pytest.mark.parametrize("groups", [["USA", "north-america"], ["north-america", "USA"]])
def test_groups_that_share_a_region_are_refused(groups: list[str]) -> None:
    with pytest.raises(SpecError, match=r"groups: .* share United States, which would be counted twice"):
        build(groups=groups)


def test_what_a_sentence_cannot_fill_in_is_refused() -> None:
    for sentence, named in (("{slice}: {CHNA}", "'CHNA'"), ("{slice}: {CHN", "'{'")):
        with pytest.raises(SpecError, match=f"sentence: {re.escape(named)} cannot be filled in"):
            build(sentence=sentence)


def test_a_tie_has_no_winner() -> None:
    frame = pd.DataFrame({"region": ["CHN", "USA", "RUS"], "period": "2020", "value": [5, 5, 1]})
    assert gt.choropleth(frame).layers[0].sentences == ("2020: highest of those stated: 2 regions, 5 each",)


def test_a_region_without_a_shape_counts_in_the_remainder_by_name() -> None:
    found = build(metrics=["share"])
    undrawn = [u for u in found.units if u.kind == "remainder" and u.code != "other"]
    for unit in undrawn:
        assert unit.members == ()
        assert unit.name != unit.code
    fine = build(metrics=["share"], boundaries="countries-50m")
    assert {u.code for u in fine.units if u.kind == "remainder"} <= {u.code for u in found.units}


def test_tiles_ask_for_web_mercator_and_degrees() -> None:
    found = build(tiles="OpenStreetMap")
    assert found.boundaries.crs == "EPSG:4326"
    assert "Web Mercator" in found.projection


def test_a_projection_of_ones_own() -> None:
    assert build(projection="ESRI:54009").projection == "Projection: ESRI:54009."
    assert "Equal Earth" in build(projection="equal-earth").projection


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"series": "nonsense"}, "series 'nonsense' is not known; expected one of: cbeci-countries"),
    (
        {"metrics": ["share", "shares"]},
        "metrics: 'shares' not known in series cbeci-countries; expected one of: ",
    ),
    ({"groups": ["CHN", "XX", "YY"]}, "groups: 'XX', 'YY' not possible; expected at most 4 codes"),
    ({"groups": ["CHN", "USA", "CAN", "RUS", "KAZ"]}, "groups: 5 of them not possible; expected at most 4"),
    ({"palette": "Rainbow"}, "palette = 'Rainbow' is unknown; expected one of .*YlGnBu"),
    ({"projection": "EPSG:99999999"}, "projection = 'EPSG:99999999' cannot be used; expected equal-earth"),
    ({"opening": "2018-01"}, "opening = '2018-01' is no slice; expected .*2019-09, 2019-10"),
    ({"events": ["2020-01-01"]}, "events: no event on 2020-01-01; expected some of .*2021-05-21"),
    ({"since": "soon"}, "since = 'soon' is no period; expected 2019-09"),
    ({"until": "20th"}, "until = '20th' is no period"),
    ({"since": "2030"}, "since = '2030', until = '': no period of the data lies within"),
    ({"complement": ["CHN", "elsewhere"]}, "complement: 'elsewhere' not known"),
    ({"breaks": [0, 10, 20]}, "edges 0, 10, 20 do not span the values"),
]


@pytest.mark.parametrize(("keys", "message"), WRONG, ids=lambda v: repr(v)[:40])
def test_a_specification_at_fault_is_refused_with_what_is_known(keys: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        build(**keys)


def test_unknown_boundaries_list_those_there_are() -> None:
    with pytest.raises(
        GeotrackError, match=r"boundaries: 'moon' is not known; expected one of: .*countries-110m"
    ) as e:
        build(boundaries="moon")
    assert e.value.exit_code == 5


def test_boundaries_of_another_level_are_refused_in_words() -> None:
    with pytest.raises(ValidationError, match=r"none of its regions .*CHN.* lies within the boundaries"):
        build(boundaries="us-states")


# --- data at fault ----------------------------------------------------------------------------------------


def spoil(data: Path, old: str, new: str, count: int = 1) -> None:
    path = data / "observations" / "cbeci-countries.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


CHINA = "CHN,2019-09-01,2019-10-01,share,75.53,%,reported,cbeci_map_countries,Mainland China,"


@pytest.mark.parametrize(
    ("new", "error", "message"),
    [
        (
            CHINA.replace("CHN,", "CHX,"),
            ValidationError,
            r"region 'CHX' is unknown, in 1 row; expected a code",
        ),
        (
            CHINA.replace("cbeci_map_countries", "hearsay"),
            ValidationError,
            "origin 'hearsay' is unknown.*no origin",
        ),
        (CHINA.replace("75.53", "99.53"), ValidationError, r"figures add up to 123\.99; expected 100"),
        (
            CHINA.replace("75.53", "75.53%"),
            ParseError,
            r"column value: row \d+: '75.53%'; expected a plain number",
        ),
        (
            CHINA.replace("2019-10-01", "2019-11-01"),
            ValidationError,
            "periods overlap in part|one period lies within",
        ),
        (
            CHINA.replace("2019-09-01", "Sept"),
            ParseError,
            r"column start: row \d+: 'Sept'; expected an ISO day",
        ),
        (f"{CHINA}\n{CHINA}", ValidationError, "2 rows for one figure: 75.53, 75.53"),
        (CHINA.replace(",%,", ",percent,"), ValidationError, "unit 'percent'; the metric's is '%'"),
        (CHINA.replace("reported", "guessed"), ValidationError, "status 'guessed' is unknown"),
    ],
)
def test_corrupted_observations_are_refused(
    data: Path, new: str, error: type[Exception], message: str
) -> None:
    spoil(data, CHINA, new)
    with pytest.raises(error, match=message):
        DataFolder.of(data).table("cbeci-countries")
    findings = [str(f) for f in checks.check(data, ["cbeci-countries"])]
    assert any(f.startswith("error: cbeci-countries") for f in findings), findings


def test_a_missing_column_is_a_finding_and_stops_no_other_series(data: Path) -> None:
    spoil(data, "region,start,end", "place,start,end")
    with pytest.raises(
        ParseError, match=r"cbeci-countries\.csv: column region missing; expected region, start"
    ):
        DataFolder.of(data).table("cbeci-countries")
    (data / "observations" / "canaan-revenue.csv").unlink()
    errors = [f for f in checks.check(data) if f.severity == "error"]
    assert {f.where for f in errors} == {"cbeci-countries", "canaan-revenue"}
    assert "column region missing" in errors[0].message
    assert "no such file" in errors[1].message


def test_all_that_is_wrong_is_found_at_once(data: Path) -> None:
    spoil(data, CHINA, CHINA.replace("CHN,", "CHX,").replace("cbeci_map_countries", "hearsay"))
    findings = [f.check for f in checks.check(data, ["cbeci-countries"]) if f.severity == "error"]
    assert findings == ["unknown region", "unknown origin"]


def test_the_shipped_data_have_no_error() -> None:
    assert [f for f in checks.check(ROOT / "data") if f.severity == "error"] == []
    with pytest.raises(SpecError, match="'nonsense' is not known"):
        checks.check(ROOT / "data", ["nonsense"])


# --- a table of one's own ----------------------------------------------------------------------------------


def test_regions_follow_the_folder_not_a_memory_of_it(data: Path) -> None:
    assert DataFolder(data).regions.name("CHN") == "China"
    path = data / "reference" / "regions.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("CHN,China,", "CHN,Cathay,"), encoding="utf-8")
    assert DataFolder(data).regions.name("CHN") == "Cathay"


def test_numbers_too_large_for_a_page_are_refused() -> None:
    import geotrack as gt

    frame = pd.DataFrame({"country": ["CHN", "USA"], "year": [2020, 2020], "value": [1e17, 1.0]})
    with pytest.raises(
        ValidationError, match="1e\\+17 is too large to be shown exactly; state it in a larger unit"
    ):
        gt.choropleth(frame)
    frame["value"] = [4e15 + 0.5, 0.25]
    assert gt.choropleth(frame).layers[0].digits == 2  # its page has the figures as doubles, not scaled
    frame["value"] = [1e-41, 1.0]
    with pytest.raises(ValidationError, match="1e-41 is too small to be shown; state it in a smaller unit"):
        gt.choropleth(frame)


def test_unknown_labels_are_all_listed() -> None:
    import geotrack as gt

    frame = pd.DataFrame({"country": ["Chnia", "USA", "Kazahkstan"], "year": [2020] * 3, "value": [1, 2, 3]})
    with pytest.raises(
        RegionError, match=r"2 label\(s\)(?s:.)*'Chnia' \(perhaps China(?s:.)*'Kazahkstan' \(perhaps Kaz"
    ):
        gt.choropleth(frame)


def test_statuses_survive_into_the_map(timemaps: Mapping[str, TimeMap]) -> None:
    found = {int(s) for m in timemaps.values() for layer in m.layers for s in np.unique(layer.status)}
    assert {MISSING, REPORTED, LOWER_BOUND, DERIVED} <= found
