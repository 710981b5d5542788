"""Bring the facts tables into geotrack's observations, for every series of data/reference/series.toml.

    python scripts/make_observations.py --facts ../shared/facts

Writes data/observations/<series>.csv and the sha256 column of data/reference/origins.csv (whose other
columns are kept by hand). No figure is invented, smoothed, rescaled or filled in. Nothing is dropped
silently: every row of a table in `facts_routes.ROUTES` becomes an observation, and a table that is not used
is listed in `facts_routes.NOT_USED` with the reason; anything else stops the script.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import re
import tomllib
from datetime import date, timedelta
from pathlib import Path

from facts_routes import NOT_USED, ROUTES, Route
from facts_wording import WORDING

from geotrack.model import OBSERVATION_COLUMNS, STATUSES, Origin
from geotrack.store.crosswalk import read_crosswalk
from geotrack.store.matching import harmonise
from geotrack.store.regions import Regions

DATA = Path(__file__).resolve().parents[1] / "data"
REFERENCE = DATA / "reference"

Row = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--facts", type=Path, required=True, help="folder of the facts tables")
    facts = parser.parse_args().facts
    written = write_observations(facts, DATA / "observations")
    write_origins(facts, REFERENCE / "origins.csv")
    print(f"{len(written)} series, {sum(written.values())} observations")


def write_observations(facts: Path, folder: Path) -> dict[str, int]:
    """Write one file per series; return how many rows each has."""
    check_every_table_is_decided(facts)
    series = tomllib.loads((REFERENCE / "series.toml").read_text("utf-8"))
    regions = Regions.read(REFERENCE)
    rows: dict[str, list[Row]] = {name: [] for name in series}
    for table in ROUTES:
        for fact in read_facts(facts / table):
            for route in ROUTES[table](fact):
                rows[route.series].append(observation(fact, route, series[route.series], regions))
    for name, found in rows.items():
        refuse_repeated_keys(name, found)
        write_csv(folder / f"{name}.csv", OBSERVATION_COLUMNS, sorted(found, key=sort_key))
    return {name: len(found) for name, found in rows.items()}


def write_origins(facts: Path, path: Path) -> None:
    """Fill the sha256 of the facts table that each origin's rows came from (the first, if there are two)."""
    hashes: dict[str, str] = {}
    for table in ROUTES:
        sha256 = hashlib.sha256((facts / table).read_bytes()).hexdigest()
        for fact in read_facts(facts / table):
            hashes.setdefault(fact["source_id"], sha256)
    origins = {row["id"]: row for row in read_facts(path)}
    if set(origins) != set(hashes):
        raise SystemExit(
            f"{path}: one row per source is wanted; these differ: {sorted(set(origins) ^ set(hashes))}"
        )
    rows = [origins[key] | {"sha256": hashes[key]} for key in sorted(origins)]
    for row in rows:
        Origin(**row)  # refuses an origin without publisher, title, url or licence
    write_csv(path, tuple(rows[0]), rows)


def observation(fact: Row, route: Route, series: dict, regions: Regions) -> Row:
    metric = next((m for m in series["metrics"] if m["name"] == route.metric), None)
    if metric is None or metric["unit"] != route.unit or route.status not in STATUSES:
        raise SystemExit(f"series.toml: {route.series} lacks {route.metric} in {route.unit}: {fact}")
    label = route.label or fact["region_name"]
    start, end = period(fact)
    return {
        "region": region_code(label, fact, series, regions),
        "start": start,
        "end": end,
        "metric": route.metric,
        "value": fact["value"],
        "unit": route.unit,
        "status": route.status,
        "origin": fact["source_id"],
        "label": label,
        "note": "; ".join(dict.fromkeys(WORDING.get(n, n) for n in route.notes if WORDING.get(n, n))),
    }


def region_code(label: str, fact: Row, series: dict, regions: Regions) -> str:
    """Return the label's code; the facts' own code, where it has one for this level, must be the same."""
    crosswalk = series.get("crosswalk", "")
    known = read_crosswalk(REFERENCE / "crosswalk" / f"{crosswalk}.csv") if crosswalk else {}
    code = harmonise([label], regions, series["level"], known)[label]
    stated = fact.get("iso_a3" if series["level"] == "country" else "iso_3166_2", "")
    if stated not in ("", code):
        raise SystemExit(f"{label!r} is {code} to us and {stated} in the facts: {fact}")
    return code


def period(fact: Row) -> tuple[str, str]:
    """Return the half-open period of a fact, as ISO days."""
    first, _, last = fact.get("period", "").partition("/")
    if not first:
        first, last = fact["period_start"], fact["period_end"]
    return span(first)[0].isoformat(), span(last or first)[1].isoformat()


def span(text: str) -> tuple[date, date]:
    """Return [start, end) of "2021", "2018-H1", "2025-Q2", "2021-07" or "2021-06-30"."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text), date.fromisoformat(text) + timedelta(days=1)
    year, _, part = text.partition("-")
    months = {"": 12, "H": 6, "Q": 3}.get(part[:1], 1)
    number = int(part[1:] if part[:1] in ("H", "Q") else part or 1)
    first = months * (number - 1)
    after = first + months
    return date(int(year), first + 1, 1), date(int(year) + after // 12, after % 12 + 1, 1)


def check_every_table_is_decided(facts: Path) -> None:
    tables = {path.name for path in facts.glob("*.csv")}
    undecided = tables ^ (set(ROUTES) | set(NOT_USED))
    if undecided:
        raise SystemExit(f"neither used nor listed as not used, or missing: {sorted(undecided)}")


def refuse_repeated_keys(name: str, rows: list[Row]) -> None:
    keys = [(r["region"], r["start"], r["end"], r["metric"]) for r in rows]
    repeated = sorted({k for k in keys if keys.count(k) > 1})
    if repeated:
        raise SystemExit(f"{name}: two figures for one region, period and metric: {repeated}")


def sort_key(row: Row) -> tuple[str, ...]:
    return (row["metric"], row["start"], row["region"], row["end"])


def read_facts(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write_csv(path: Path, columns: tuple[str, ...], rows: list[Row]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.getvalue(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
