"""Describe the data folder: datapackage.json (Frictionless Data Package v1) and the table in README.md.

    python data/make_datapackage.py            # writes both
    python data/make_datapackage.py --check    # says whether both are in step, writes nothing

Nothing in either is dated by a clock: the same files give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import tomllib
from pathlib import Path

from geotrack.model import LEVELS, OBSERVATION_COLUMNS, STATUSES
from geotrack.regions import AGGREGATE_COLUMNS, CROSSWALK_COLUMNS, DISPUTED_COLUMNS, REGION_COLUMNS
from geotrack.store import EVENT_COLUMNS, ORIGIN_COLUMNS

DATA = Path(__file__).resolve().parent
BEGIN, END = "<!-- series: begin -->", "<!-- series: end -->"

NONE = "none stated"
MIT = [{"name": "MIT", "title": "MIT", "path": "https://opensource.org/license/mit"}]
NONE_STATED = (
    "Licence: none stated by the publisher; clear it before shipping these figures inside a product."
)
FIELDS = {
    "region": "Code: ISO 3166-1 alpha-3, ISO 3166-2, or a slug (aggregate, remainder, whole).",
    "start": "First day of the period, included.",
    "end": "First day after the period, excluded.",
    "metric": "Name of the metric within its series (reference/series.toml).",
    "value": "As the source states it, in `unit`.",
    "unit": "Unit of the value.",
    "status": "Whether the figure is reported, estimated, a lower bound or derived.",
    "origin": "Id in reference/origins.csv.",
    "label": "The region as the source writes it.",
    "note": "The source's caveat on this very figure.",
}
ISO_CODES = {
    "title": "pycountry 26.2.16 (LGPL-2.1-only), codes and names of ISO 3166-1 and 3166-2; iso3166-1.json "
    "sha256 f01b812b57fba9f31ff621bf33e7c7570a01964dbeb5be2167e94decf538c89f, iso3166-2.json sha256 "
    "78c90ef7fc25b5c2631aac5f089bc9ff6ec22c025c05b6ddbc087a1f1be2e46a; common names and aliases by hand",
    "path": "https://github.com/pycountry/pycountry",
}
M49 = {"title": "United Nations: Standard Country or Area Codes for Statistical Use (M49)"}
PUBLISHERS_OF_FIGURES = {"title": "The publishers of the figures, one by one in reference/origins.csv"}
PUBLISHERS = {"title": "The publishers that the table names, each with the address of its page"}
TABLES = {  # name of the table: columns, key, title, description
    "regions": (
        REGION_COLUMNS,
        "code",
        "Codes, names and aliases of regions",
        "Codes are facts; names by hand.",
    ),
    "aggregates": (
        *(AGGREGATE_COLUMNS, "", "Members of aggregates, by rule"),
        "The companies' own (Overseas) follow their filings; Africa, Asia and Europe follow UN M49.",
    ),
    "disputed": (
        *(DISPUTED_COLUMNS, "code", "Notes on disputed territories"),
        "One neutral sentence each, of general knowledge: no single source.",
    ),
    "events": (
        *(EVENT_COLUMNS, "", "Dated events, each with the page that evidences it"),
        "The words are ours, the pages named are their publishers'.",
    ),
    "origins": (
        *(ORIGIN_COLUMNS, "id", "Where every figure came from"),
        "The table is ours; its column licence holds the terms of each origin's figures.",
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="say whether both files are in step")
    check = parser.parse_args().check
    wanted = {DATA / "datapackage.json": datapackage(), DATA / "README.md": readme()}
    stale = [p.name for p, text in wanted.items() if not p.exists() or p.read_text("utf-8") != text]
    if check:
        raise SystemExit(f"out of step: {', '.join(stale)}; run this without --check" if stale else 0)
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    print(f"written: {', '.join(stale) or 'nothing to change'}")


def datapackage() -> str:
    """Return the text of datapackage.json."""
    package = {
        "profile": "data-package",
        "name": "geotrack",
        "title": "Where Bitcoin is mined and where its machines are sold: published figures, with sources",
        "description": (
            "Figures as published, by source. Code is MIT, data keep their publishers' terms (README.md). "
            "CBECI's are CC BY-NC-SA 4.0: non-commercial, share-alike."
        ),
        "resources": [*observation_resources(), *reference_resources(), *boundary_resources()],
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def readme() -> str:
    """Return README.md with the table of series between its markers brought up to date."""
    text = (DATA / "README.md").read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{series_table()}\n\n{END}{after}"


def observation_resources() -> list[dict]:
    origins = {row["id"]: row for row in rows(DATA / "reference/origins.csv")}
    return [
        observation_resource(name, series, origins) for name, series in sorted(series_of_the_folder().items())
    ]


def observation_resource(name: str, series: dict, origins: dict[str, dict]) -> dict:
    path = DATA / "observations" / f"{name}.csv"
    used = used_origins([name], origins)
    licences, unstated = licences_of(used)
    about = [series.get("method", ""), *series.get("caveats", ()), f"Missing: {series['missing']}"]
    return resource(
        path,
        name,
        title=series["title"],
        description=" ".join(a for a in [*about, NONE_STATED if unstated else ""] if a),
        schema=observation_schema([m["name"] for m in series["metrics"]]),
        sources=sources_of(used),
        licenses=licences,
    )


def observation_schema(metrics: list[str]) -> dict:
    types = {"start": "date", "end": "date", "value": "number"}
    limits = {
        "metric": {"enum": metrics},
        "status": {"enum": [s for s in STATUSES if s != "missing"]},
        "label": {"required": True},
    }
    fields = [
        {
            "name": column,
            "type": types.get(column, "string"),
            "description": FIELDS[column],
            "constraints": {"required": column != "note"} | limits.get(column, {}),
        }
        for column in OBSERVATION_COLUMNS
    ]
    return {
        "fields": fields,
        "primaryKey": ["region", "start", "end", "metric"],
        "foreignKeys": [
            foreign_key("region", "regions", "code"),
            foreign_key("origin", "origins", "id"),
        ],
        "missingValues": [""],
    }


def foreign_key(field: str, name: str, other: str) -> dict:
    return {"fields": field, "reference": {"resource": name, "fields": other}}


def reference_resources() -> list[dict]:
    folder = DATA / "reference"
    sources = {"regions": [ISO_CODES], "aggregates": [M49, PUBLISHERS_OF_FIGURES], "disputed": []}
    sources |= {"events": event_sources(folder / "events.csv"), "origins": [PUBLISHERS]}
    tables = [
        resource(
            folder / f"{name}.csv",
            name,
            title=title,
            description=description,
            schema=text_schema(columns, key),
            sources=sources[name],
            licenses=MIT,
        )
        for name, (columns, key, title, description) in TABLES.items()
    ]
    series = resource(
        folder / "series.toml",
        "series",
        title="What each series is",
        description="Our words, after what the publishers say of their figures.",
        sources=[PUBLISHERS_OF_FIGURES],
        licenses=MIT,
    )
    return [*tables, series, *crosswalk_resources(folder / "crosswalk")]


def event_sources(path: Path) -> list[dict]:
    return [{"title": f"{row['date']}: {row['label']}", "path": row["url"]} for row in rows(path)]


def crosswalk_resources(folder: Path) -> list[dict]:
    origins = {row["id"]: row for row in rows(DATA / "reference/origins.csv")}
    users: dict[str, list[str]] = {}
    for name, series in sorted(series_of_the_folder().items()):
        users.setdefault(series["crosswalk"], []).append(name)
    return [
        resource(
            path,
            f"crosswalk-{path.stem}",
            title=f"Labels of {path.stem} to codes",
            description=f"The publishers' spellings in {', '.join(users[path.stem])}; we add the codes.",
            schema=text_schema(CROSSWALK_COLUMNS, "label"),
            sources=sources_of(used_origins(users[path.stem], origins)),
            licenses=MIT,
        )
        for path in sorted(folder.glob("*.csv"))
    ]


def used_origins(series: list[str], origins: dict[str, dict]) -> list[dict]:
    """Return the origins that the figures of some series name."""
    used = {row["origin"] for name in series for row in rows(DATA / "observations" / f"{name}.csv")}
    return [origins[key] for key in sorted(used)]


def sources_of(origins: list[dict]) -> list[dict]:
    return [{"title": f"{o['publisher']}: {o['title']}", "path": o["url"]} for o in origins]


def text_schema(columns: tuple[str, ...], key: str) -> dict:
    fields: list[dict] = [{"name": column, "type": "string"} for column in columns]
    for field in fields:
        if field["name"] == "level":
            field["constraints"] = {"enum": list(LEVELS)}
    # "NA" is Namibia's code: nothing but an empty cell is a missing value.
    return {"fields": fields, "missingValues": [""]} | ({"primaryKey": [key]} if key else {})


def boundary_resources() -> list[dict]:
    folder = DATA / "reference" / "boundaries"
    described = tomllib.loads((folder / "boundaries.toml").read_text("utf-8"))
    return [
        resource(
            folder / f"{name}.topojson",
            f"boundaries-{name}",
            title=about["title"],
            description=f"{about['viewpoint']} {about['note']} Licence: {about['licence']}.",
            sources=[{"title": f"{about['package']} {about['version']}", "path": about["url"]}],
            licenses=boundary_licences(about),
        )
        for name, about in sorted(described.items())
    ] + [
        resource(
            folder / "boundaries.toml",
            "boundaries",
            title="What each boundary file is",
            description="Our words on the packages that the table names.",
            sources=[
                {"title": title, "path": url}
                for title, url in sorted(
                    {(f"{a['package']} {a['version']}", a["url"]) for a in described.values()}
                )
            ],
            licenses=MIT,
        )
    ]


def boundary_licences(about: dict) -> list[dict]:
    """Return the licences of "X" or "X (of whom); package Y": the lines' own first, with its address."""
    own, _, package = about["licence"].partition("; package ")
    first = {"name": spdx(own), "title": own, "path": about["licence_url"]}
    return [first, *([{"name": package, "title": f"{package} (the package)"}] if package else [])]


def resource(path: Path, name: str, **about: object) -> dict:
    """Return a Frictionless resource: path, size, hash and what is said about it, empty parts left out."""
    content = path.read_bytes()
    head = {"name": name, "path": path.relative_to(DATA).as_posix()}
    if path.suffix == ".csv":
        head |= {"profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv"}
    else:
        head |= {"profile": "data-resource", "format": path.suffix[1:]}
    tail = {
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    return head | tail | {key: value for key, value in about.items() if value}


def licences_of(origins: list[dict]) -> tuple[list[dict], bool]:
    """Return the licences, with their addresses if they have one, and whether any origin states none."""
    every = {(o["licence"], o["licence_url"]) for o in origins}
    licences = [
        {"name": spdx(text), "title": text} | ({"path": url} if url else {}) for text, url in sorted(every)
    ]
    return licences, any(text == NONE for text, _ in every)


def spdx(licence: str) -> str:
    """Return the short name of a licence text such as "CC BY-NC-SA 4.0 (of the copy: ...)"."""
    return licence.partition(" (")[0].replace(" ", "-")


def series_table() -> str:
    head = ["series", "level", "metrics (unit)", "from", "to", "rows", "licence"]
    origins = {row["id"]: row for row in rows(DATA / "reference/origins.csv")}
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    for name, series in sorted(series_of_the_folder().items()):
        found = rows(DATA / "observations" / f"{name}.csv")
        metrics = ", ".join(f"`{m['name']}` ({m['unit']})" for m in series["metrics"])
        if len(series["metrics"]) > 12:
            metrics = f"{len(series['metrics'])} metrics, see reference/series.toml"
        licences = sorted(
            {spdx(origins[r["origin"]]["licence"]).replace("none-stated", "none stated") for r in found}
        )
        start, end = min(r["start"] for r in found), max(r["end"] for r in found)
        cells = [f"`{name}`", series["level"], metrics, start, end, str(len(found)), ", ".join(licences)]
        lines.append(" | ".join(cells))
    return "\n".join(f"| {line} |" for line in lines)


def series_of_the_folder() -> dict[str, dict]:
    return tomllib.loads((DATA / "reference/series.toml").read_text("utf-8"))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


if __name__ == "__main__":
    main()
