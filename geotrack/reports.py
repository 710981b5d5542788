"""The reports that ship beside the default maps: finding them, building them, telling whether they are stale."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geotrack import report, spec, store
from geotrack.document import Document
from geotrack.errors import SpecError
from geotrack.inputs import changes, inputs_of, sha256
from geotrack.template import Template, read

NO_REPORT = "README.md"


@dataclass(frozen=True)
class Card:
    """What the gallery says of a report: enough to link it."""

    id: str
    title: str
    description: str


def known() -> dict[str, Path]:
    """Return the templates in the folder of specifications, by name."""
    found = sorted(store.spec_folder().glob("*.md"))
    return {path.stem: path for path in found if path.name != NO_REPORT}


def find(name: str) -> Path:
    """Return a template by its path, or by the name of one that ships.

    Raises
    ------
    SpecError : neither; says what there is.
    """
    path, named = Path(name), known()
    if name in named and not path.is_file():
        return named[name]
    if path.is_file():
        return path
    raise SpecError(
        f"no template {name!r}; expected the path of a Markdown file or one of: {', '.join(named) or 'none'}"
    )


def watched(document: Document, template: Path, data: Path | str | None = None) -> list[Path]:
    """Return the files whose change makes a report stale: the template, its maps, its series."""
    folder, specs = store.data_folder(data), store.spec_folder()
    series = [store.observations_path(folder, name) for name in document.uses["series"]]
    reference = [folder / "reference" / name for name in ("series.toml", "origins.csv", "aggregates.csv")]
    return [template, *(specs / f"{name}.toml" for name in document.uses["maps"]), *series, *reference]


def changed(paths: Iterable[Path], out: Path, data: Path | None = None) -> list[tuple[Path, tuple[str, ...]]]:
    """Return which reports must be built, and why; see `site.changed`."""
    folder = store.data_folder(data)
    found = []
    for path in paths:
        page = out / f"{path.stem}.html"
        why = changes(page, _inputs(path, folder, _uses(page.with_suffix(".json"))))
        found += [(path, why)] if why else []
    return found


def build(path: Path, out: Path, data: Path | None = None) -> Path:
    """Build one report as a page beside the maps, and its manifest; return the page.

    Raises
    ------
    GeotrackError : see `report.compose`; what stood in the folder before still stands.
    """
    folder, page = store.data_folder(data), out / f"{path.stem}.html"
    made = report.make(path, page, folder)
    text = str(made.files[page])
    manifest = {
        "files": {page.name: sha256(text.encode("utf-8"))},
        "inputs": _inputs(path, folder, made.document.uses),
        "uses": {key: list(names) for key, names in made.document.uses.items()},
        "sources": [source.origin.id for source in made.document.sources],
        "title": made.document.meta.title,
    }
    lines = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    store.write_all({page: text, page.with_suffix(".json"): lines})
    return page


def cards(paths: Iterable[Path]) -> list[Card]:
    """Return what the gallery says of reports."""
    read_all: list[tuple[Path, Template]] = [(path, read(path)) for path in paths]
    return [
        Card(path.stem, template.meta.title or path.stem, template.meta.description)
        for path, template in read_all
    ]


def _inputs(path: Path, folder: Path, uses: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return the hash of each input: the template, and all that its maps and series are made of.

    Which these are the last build noted; a template that calls for others has another hash itself.
    """
    found = {path.name: sha256(path.read_bytes())}
    specs = store.spec_folder()
    for name in uses.get("maps", ()):
        if (specs / f"{name}.toml").is_file():
            found |= inputs_of(folder, specs / f"{name}.toml", spec.read(specs / f"{name}.toml"))
    for name in uses.get("series", ()):
        found |= inputs_of(folder, path, spec.Spec(series=name))
    return found


def _uses(manifest: Path) -> dict[str, list[str]]:
    """Return what the last build drew on; nothing if that is not known, which makes it stale."""
    try:
        table: Any = json.loads(manifest.read_bytes())
        return {key: [str(name) for name in names] for key, names in dict(table["uses"]).items()}
    except (OSError, KeyError, TypeError, ValueError):
        return {}
