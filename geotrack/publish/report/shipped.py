"""The reports that ship beside the default maps: found, built, and told when they are stale."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geotrack import files
from geotrack.errors import SpecError
from geotrack.files import json_of, sha256
from geotrack.map import spec
from geotrack.publish import site
from geotrack.publish.manifest import changes, inputs_of
from geotrack.store import reading
from geotrack.store.folder import Data, DataFolder

if TYPE_CHECKING:
    from geotrack.publish.report.document import Document

NO_REPORT = "README.md"


def known() -> dict[str, Path]:
    """Return the templates in the folder of specifications, by name."""
    found = sorted(reading.spec_folder().glob("*.md"))
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


def split(names: Sequence[str]) -> tuple[list[str], list[Path]]:
    """Return which names are maps' (or nothing's, which `atlas.find` says), and the templates of the others.

    Without a name: no map's name, and every report that ships.
    """
    named = known()
    if not names:
        return [], list(named.values())
    return [name for name in names if name not in named], [named[name] for name in names if name in named]


def watched(document: Document, template: Path, data: Path | str | None = None) -> list[Path]:
    """Return the files whose change makes a report stale: the template, its maps, its series."""
    folder, specs = reading.data_folder(data), reading.spec_folder()
    series = [reading.observations_path(folder, name) for name in document.uses["series"]]
    reference = [folder / "reference" / name for name in ("series.toml", "origins.csv", "aggregates.csv")]
    return [template, *(specs / f"{name}.toml" for name in document.uses["maps"]), *series, *reference]


def changed(paths: Iterable[Path], out: Path, data: Path | None = None) -> list[tuple[Path, tuple[str, ...]]]:
    """Return which reports must be built, and why; see `site.changed`."""
    folder = reading.data_folder(data)
    found = []
    for path in paths:
        page = out / f"{path.stem}.html"
        why = changes(page, _inputs(path, folder, _uses(page.with_suffix(".json"))))
        found += [(path, why)] if why else []
    return found


def build(path: Path, out: Path, data: Data = None, lang: str = "") -> site.Built:
    """Build one report as a page beside the maps, and its manifest; in the language of its template.

    Parameters
    ----------
    lang : of the maps beside it; where it is another, what was built says so.

    Raises
    ------
    GeotrackError : see `report.compose`; what stood in the folder before still stands.
    """
    from geotrack.publish.report import report  # a build of maps alone needs none of it

    folder, page = DataFolder.of(data).now(), out / f"{path.stem}.html"
    made = report.make(path, page, folder)
    text = str(made.files[page])
    manifest = {
        "files": {page.name: sha256(text.encode("utf-8"))},
        "inputs": _inputs(path, folder.path, made.document.uses),
        "uses": {key: list(names) for key, names in made.document.uses.items()},
        "sources": [source.origin.id for source in made.document.sources],
        "title": made.document.meta.title,
    }
    lines = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    files.write_all({page: text, page.with_suffix(".json"): lines})
    return site.Built(path.stem, page, page.stat().st_size, note=_kept(made.document.meta.lang, lang))


def cards(paths: Iterable[Path]) -> list[dict[str, str]]:
    """Return what the gallery says of reports: id, title, description and language each."""
    from geotrack.publish.report.template import read

    found = [(path.stem, read(path).meta) for path in paths]
    return [
        {"id": id, "title": meta.title or id, "description": meta.description, "lang": meta.lang}
        for id, meta in found
    ]


def _kept(own: str, lang: str) -> str:
    """Say of a report in another language than the one asked for that it keeps its own."""
    if not lang or lang == own:
        return ""
    return f"in {own!r}, the language of its template; --lang {lang} is of the maps"


def _inputs(path: Path, folder: Path, uses: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return the hash of each input: the template, and all that its maps and series are made of.

    Which these are the last build noted; a template that calls for others has another hash itself.
    """
    found = {path.name: sha256(path.read_bytes())}
    events = folder / "reference/events.csv"
    found |= {"reference/events.csv": sha256(events.read_bytes())} if events.is_file() else {}
    specs = reading.spec_folder()
    for name in uses.get("maps", ()):
        if (specs / f"{name}.toml").is_file():
            found |= inputs_of(folder, specs / f"{name}.toml", spec.read(specs / f"{name}.toml"))
    for name in uses.get("series", ()):
        found |= inputs_of(folder, path, spec.Spec(series=name))
    return found


def _uses(manifest: Path) -> dict[str, list[str]]:
    """Return what the last build drew on; nothing if that is not known, which makes it stale."""
    try:
        table: Any = json_of(manifest.read_bytes())
        return {key: [str(name) for name in names] for key, names in dict(table["uses"]).items()}
    except (OSError, KeyError, TypeError, ValueError):
        return {}
