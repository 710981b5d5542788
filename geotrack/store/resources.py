"""A resource of datapackage.json: what is said about one file (Frictionless Data Package v1)."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from geotrack.model import LEVELS, OBSERVATION_COLUMNS, STATUSES, VINTAGE_COLUMNS
from geotrack.store.crosswalk import CROSSWALK_COLUMNS
from geotrack.store.reading import EVENT_COLUMNS, ORIGIN_COLUMNS
from geotrack.store.regions import AGGREGATE_COLUMNS, DISPUTED_COLUMNS, REGION_COLUMNS

Resource = dict[str, Any]
Row = Mapping[str, str]

NONE = "none stated"
MIT = [{"name": "MIT", "title": "MIT", "path": "https://opensource.org/license/mit"}]
NONE_STATED = (
    "Licence: none stated by the publisher; clear it before shipping these figures inside a product."
)
WHOLE = (
    "Two parts make up the whole, {} and {}: where one is stated alone, the other follows; it is not stored."
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
    "since": "Day on which the figure became known.",
    "until": "Day on which it was replaced.",
    "why": "Why it was replaced.",
}
TYPES = {"start": "date", "end": "date", "since": "date", "until": "date", "value": "number"}
LOG_TYPES = {"at": "datetime"} | dict.fromkeys(
    ("added", "revised", "withdrawn", "unchanged", "warnings"), "integer"
)
OPTIONAL = {"note", "since", "why"}

ISO_CODES = {
    "title": "pycountry 26.2.16 (LGPL-2.1-only), codes and names of ISO 3166-1 and 3166-2; iso3166-1.json "
    "sha256 f01b812b57fba9f31ff621bf33e7c7570a01964dbeb5be2167e94decf538c89f, iso3166-2.json sha256 "
    "78c90ef7fc25b5c2631aac5f089bc9ff6ec22c025c05b6ddbc087a1f1be2e46a; common names and aliases by hand",
    "path": "https://github.com/pycountry/pycountry",
}
M49 = {"title": "United Nations: Standard Country or Area Codes for Statistical Use (M49)"}
PUBLISHERS_OF_FIGURES = {"title": "The publishers of the figures, one by one in reference/origins.csv"}
PUBLISHERS = {"title": "The publishers that the table names, each with the address of its page"}
SPELLINGS = {"title": "The publishers of the spellings"}
SOURCES: dict[str, list[dict[str, str]]] = {
    "regions": [ISO_CODES],
    "aggregates": [M49, PUBLISHERS_OF_FIGURES],
    "origins": [PUBLISHERS],
}
TABLES: dict[str, tuple[tuple[str, ...], str, str, str]] = {  # name: columns, key, title, description
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


def observations(
    path: str, content: bytes, name: str, series: Mapping[str, Any], used: Sequence[Row]
) -> Resource:
    """Describe a series' figures.

    Parameters
    ----------
    series : its table of series.toml.
    used : the rows of origins.csv that its figures name.
    """
    licences, unstated = _licences(used)
    missing = f"Missing: {series['missing']}" if series.get("missing") else ""
    parts = WHOLE.format(*series["complement"]) if series.get("complement") else ""
    about = [series.get("method", ""), *series.get("caveats", ()), series.get("overlaps", ""), parts, missing]
    about.append(NONE_STATED if unstated else "")
    return _resource(
        path,
        name,
        content,
        title=series.get("title", name),
        description=" ".join(text for text in about if text),
        schema=_figures_schema(OBSERVATION_COLUMNS, series, ["region", "start", "end", "metric"]),
        sources=_sources(used),
        licenses=licences,
    )


def vintages(
    path: str, content: bytes, name: str, series: Mapping[str, Any], used: Sequence[Row]
) -> Resource:
    """Describe the figures of a series that were replaced; parameters as of `observations`."""
    licences, unstated = _licences(used)
    what = "Figures that later ones replaced: since when and until when each stood, and why."
    return _resource(
        path,
        f"vintages-{name}",
        content,
        title=f"{series.get('title', name)}: earlier figures",
        description=f"{what} {NONE_STATED}" if unstated else what,
        schema=_figures_schema(VINTAGE_COLUMNS, series, []),
        sources=_sources(used),
        licenses=licences,
    )


def reference_table(path: str, content: bytes, name: str) -> Resource:
    """Describe one of TABLES."""
    columns, key, title, description = TABLES[name]
    sources = SOURCES.get(name, [])
    if name == "events":
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        sources = [{"title": f"{row['date']}: {row['label']}", "path": row["url"]} for row in rows]
    about = {"title": title, "description": description, "schema": _text_schema(columns, key)}
    return _resource(path, name, content, **about, sources=sources, licenses=MIT)


def series_file(path: str, content: bytes) -> Resource:
    """Describe series.toml."""
    return _resource(
        path,
        "series",
        content,
        title="What each series is",
        description="Our words, after what the publishers say of their figures.",
        sources=[PUBLISHERS_OF_FIGURES],
        licenses=MIT,
    )


def crosswalk(path: str, content: bytes, users: Sequence[str], used: Sequence[Row]) -> Resource:
    """Describe a crosswalk, of the series that use it; a source that has not delivered yet has none."""
    stem = PurePosixPath(path).stem
    where = f" in {', '.join(users)}" if users else ""
    return _resource(
        path,
        f"crosswalk-{stem}",
        content,
        title=f"Labels of {stem} to codes",
        description=f"The publishers' spellings{where}; we add the codes.",
        schema=_text_schema(CROSSWALK_COLUMNS, "label"),
        sources=_sources(used) or [SPELLINGS],
        licenses=MIT,
    )


def boundaries(path: str, content: bytes, about: Mapping[str, str]) -> Resource:
    """Describe a file of boundaries; `about` is its table of boundaries.toml."""
    own, _, package = about["licence"].partition("; package ")  # "X", or "X (of whom); package Y"
    licences = [{"name": spdx(own), "title": own, "path": about["licence_url"]}]
    return _resource(
        path,
        f"boundaries-{PurePosixPath(path).stem}",
        content,
        title=about["title"],
        description=f"{about['viewpoint']} {about['note']} Licence: {about['licence']}.",
        sources=[{"title": f"{about['package']} {about['version']}", "path": about["url"]}],
        licenses=[*licences, *([{"name": package, "title": f"{package} (the package)"}] if package else [])],
    )


def boundaries_file(path: str, content: bytes, described: Iterable[Mapping[str, str]]) -> Resource:
    """Describe boundaries.toml, of the packages that its tables name."""
    packages = sorted({(f"{a['package']} {a['version']}", a["url"]) for a in described})
    return _resource(
        path,
        "boundaries",
        content,
        title="What each boundary file is",
        description="Our words on the packages that the table names.",
        sources=[{"title": title, "path": url} for title, url in packages],
        licenses=MIT,
    )


def updates(path: str, content: bytes) -> Resource:
    """Describe the log of updates."""
    columns = tuple(content.decode("utf-8-sig").partition("\n")[0].strip().split(","))
    return _resource(
        path,
        "updates",
        content,
        title="What updates did",
        description="When, from which source, to which series; and why warnings were accepted.",
        schema=_text_schema(columns, "", LOG_TYPES),
        sources=[{"title": "geotrack update"}],
        licenses=MIT,
    )


def spdx(licence: str) -> str:
    """Return the short name of a licence text such as "CC BY-NC-SA 4.0 (of the copy: ...)"."""
    return licence.partition(" (")[0].replace(" ", "-")


def _figures_schema(columns: Sequence[str], series: Mapping[str, Any], key: list[str]) -> Resource:
    limits: dict[str, Any] = {
        "metric": {"enum": [metric["name"] for metric in series.get("metrics", ())]},
        "status": {"enum": [status for status in STATUSES if status != "missing"]},
    }
    fields = [
        {
            "name": column,
            "type": TYPES.get(column, "string"),
            "description": FIELDS[column],
            "constraints": {"required": column not in OPTIONAL} | limits.get(column, {}),
        }
        for column in columns
    ]
    keys = [_foreign_key("region", "regions", "code"), _foreign_key("origin", "origins", "id")]
    head = {"fields": fields} | ({"primaryKey": key} if key else {})
    return head | {"foreignKeys": keys, "missingValues": [""]}


def _foreign_key(field: str, name: str, other: str) -> Resource:
    return {"fields": field, "reference": {"resource": name, "fields": other}}


def _text_schema(columns: Sequence[str], key: str, types: Mapping[str, str] | None = None) -> Resource:
    fields: list[Resource] = [{"name": c, "type": (types or {}).get(c, "string")} for c in columns]
    for field in fields:
        if field["name"] == "level":
            field["constraints"] = {"enum": list(LEVELS)}
    # "NA" is Namibia's code: nothing but an empty cell is a missing value.
    return {"fields": fields, "missingValues": [""]} | ({"primaryKey": [key]} if key else {})


def _resource(path: str, name: str, content: bytes, **about: object) -> Resource:
    """Return path, size, hash and what is said about a file, empty parts left out."""
    suffix = PurePosixPath(path).suffix
    head = {"name": name, "path": path}
    if suffix == ".csv":
        head |= {"profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv"}
    else:
        head |= {"profile": "data-resource", "format": suffix[1:]}
    digest = hashlib.sha256(content).hexdigest()
    tail = {"encoding": "utf-8", "bytes": len(content), "hash": f"sha256:{digest}"}
    return {**head, **tail, **{key: value for key, value in about.items() if value}}


def _sources(origins: Iterable[Row]) -> list[dict[str, str]]:
    return [{"title": f"{o['publisher']}: {o['title']}", "path": o["url"]} for o in origins]


def _licences(origins: Iterable[Row]) -> tuple[list[dict[str, str]], bool]:
    """Return the licences, with their addresses if they have one, and whether any origin states none."""
    every = {(o["licence"], o["licence_url"]) for o in origins}
    licences = [
        {"name": spdx(text), "title": text} | ({"path": url} if url else {}) for text, url in sorted(every)
    ]
    return licences, any(text == NONE for text, _ in every)
