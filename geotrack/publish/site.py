"""The folder of finished maps: writes pages and manifests, makes the gallery."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from geotrack.build import maps
from geotrack.build import modes as build_modes
from geotrack.errors import GeotrackError, SpecError
from geotrack.files import refuse_over, sha256, write_all
from geotrack.map import spec
from geotrack.model import Series
from geotrack.publish import atlas
from geotrack.publish.manifest import HOSTED, changes, inputs_of
from geotrack.store.folder import Data, DataFolder
from geotrack.timemap import TimeMap


@dataclass(frozen=True)
class Built:
    """A file that was written; `note` is what its reader did not ask for and must know."""

    name: str
    path: Path
    size: int
    timemap: TimeMap | None = None
    note: str = ""

    @property
    def made(self) -> TimeMap:
        """The map of a page; a gallery has none."""
        assert self.timemap is not None
        return self.timemap


def changed(
    paths: Sequence[Path],
    out: Path,
    data: Path | None = None,
    as_of: str = "",
    lang: str = "",
    *,
    url: str = "",
) -> list[tuple[Path, tuple[str, ...]]]:
    """Return which maps must be built, and why: their page or manifest is not as it was, or an input changed.

    Parameters
    ----------
    paths : of specifications, see `atlas.find`.
    out : folder of the finished maps.
    as_of, lang, url : as of `build`.
    """
    folder = DataFolder.of(data).path
    found = [(path, _reasons(path, out, folder, as_of, lang, url=url)) for path in paths]
    return [(path, why) for path, why in found if why]


def _reasons(path: Path, out: Path, folder: Path, as_of: str, lang: str, *, url: str) -> tuple[str, ...]:
    try:
        wanted = _wanted(path, folder, as_of, lang)
    except SpecError:  # the build says what is wrong
        return (f"{path.name} cannot be read",)
    return changes(out / f"{path.stem}.html", inputs_of(folder, path, wanted) | _hosted(url))


def _wanted(path: Path, data: Path | None, as_of: str, lang: str) -> spec.Spec:
    wanted = atlas.read(path, data)
    return replace(wanted, as_of=as_of or wanted.as_of, lang=lang or wanted.lang)


def build(
    path: Path, out: Path, data: Data = None, as_of: str = "", lang: str = "", *, url: str = ""
) -> Built:
    """Build one map: the page and its manifest.

    Parameters
    ----------
    data : their folder, or one that was opened for the map before; what changed since is read anew.
    as_of : a day, "2023-05-01": figures as they were known then, whatever the specification says.
    lang : "zh": language of what geotrack says, whatever the specification says.
    url : address of the folder in the web: the page then names its picture and its oEmbed answer, which are
        written beside it.

    Raises
    ------
    GeotrackError : what stood in the folder before still stands.
    """
    folder = DataFolder.of(data)
    wanted = _wanted(path, folder.path, as_of, lang)
    try:
        # before the build: what changes meanwhile is then seen as changed, and built next time
        inputs = inputs_of(folder.path, path, wanted) | _hosted(url)
        built = build_modes.build(wanted, path.stem, folder.now()).with_view(url=url)
        files = _files(built)
    except GeotrackError as error:
        raise error.within(str(path)) from error
    page = out / f"{path.stem}.html"
    written: dict[Path, str | bytes] = {out / name: content for name, content in files.items()}
    write_all(written | {page.with_suffix(".json"): built.manifest(files, inputs)})
    return Built(path.stem, page, page.stat().st_size, built)


def _files(timemap: TimeMap) -> dict[str, str | bytes]:
    """Return the page; where it is known where that stands, its picture and its oEmbed answer too."""
    shown = timemap.content
    files: dict[str, str | bytes] = {f"{shown.id}.html": timemap.to_html()}
    if shown.url:
        from geotrack.captions import cards
        from geotrack.map import views
        from geotrack.publish import web_pieces
        from geotrack.render.picture.figure import figure

        picture = figure(views.choose(timemap, "slices"), ".png", width="og")
        card = cards.card_of(views.choose(timemap, "map"))
        files |= {
            f"{shown.id}.og.png": picture,
            f"{shown.id}.oembed.json": web_pieces.oembed(card, shown.url),
        }
    return files


def _hosted(url: str) -> dict[str, str]:
    return {HOSTED: sha256(url.encode("utf-8"))} if url else {}


def gallery(timemaps: Sequence[TimeMap], out: Path, stories: Sequence[Mapping[str, str]] = ()) -> Built:
    """Write index.html, which links the maps with a thumbnail, a sentence, period and source each.

    `stories`, the reports' id, title and description, stand above them.

    Its manifest, index.json, holds the hashes of the maps' manifests: a gallery of earlier maps is seen.
    """
    from geotrack.render.page.gallery import gallery as render

    shown = [timemap.content for timemap in timemaps]
    path, text = out / "index.html", render(shown, stories)
    inputs = _manifests([*(content.id for content in shown), *(story["id"] for story in stories)], out)
    manifest = {"files": {path.name: sha256(text.encode("utf-8"))}, "inputs": inputs}
    lines = json.dumps(manifest, indent=2, sort_keys=True) + "\n"
    write_all({path: text, path.with_suffix(".json"): lines})
    return Built("index", path, path.stat().st_size)


def renewed_gallery(
    paths: Sequence[Path],
    out: Path,
    data: Path | None = None,
    built: Sequence[Built] = (),
    *,
    as_of: str = "",
    lang: str = "",
    stories: Sequence[Mapping[str, str]] = (),
) -> Built | None:
    """Write the gallery if it is not of the maps that are there now, else nothing.

    Parameters
    ----------
    paths : of all maps, see `atlas.find`; each has a page and a manifest.
    built : what was built in this run; the other maps are put together again, their pages stay.

    Raises
    ------
    GeotrackError : a map that cannot be put together.
    """
    names = [*(path.stem for path in paths), *(story["id"] for story in stories)]
    if not changes(out / "index.html", _manifests(names, out)):
        return None
    known = {each.name: each.timemap for each in built}
    return gallery(
        [known.get(path.stem) or _timemap(path, data, as_of, lang, modes=False) for path in paths],
        out,
        stories,
    )


def timemap(
    name: str, data: Path | None = None, lang: str = "", *, modes: bool = True, out: Path | None = None
) -> TimeMap:
    """Put one map together by its name, or by the path of its specification; writes nothing.

    Parameters
    ----------
    modes : whether with those of a shift, if the specification asks for them; a picture is the same without,
        in a tenth of the time.
    out : where something of it will be written: not over a file that the map is made from.

    Raises
    ------
    GeotrackError : no such map, or whatever of it cannot be used.
    """
    [path] = atlas.find([name], data)
    if out:
        refuse_over(out, [path, *spec.files_of(_wanted(path, data, "", lang))])
    return _timemap(path, data, "", lang, modes=modes)


def _timemap(path: Path, data: Path | None, as_of: str, lang: str, *, modes: bool = True) -> TimeMap:
    wanted = _wanted(path, data, as_of, lang)
    try:
        if not modes:
            return maps.build(wanted, path.stem, data)
        return build_modes.build(wanted, path.stem, data)
    except GeotrackError as error:
        raise error.within(str(path)) from error


def _manifests(names: Iterable[str], out: Path) -> dict[str, str]:
    files = [out / f"{name}.json" for name in names]
    return {path.name: sha256(path.read_bytes()) for path in files if path.is_file()}


def sources(data: Path | None = None) -> list[dict[str, Any]]:
    """Return one row per series: title, period, number of rows, metrics, publishers, licences, retrieved."""
    folder = DataFolder.of(data)
    return [_source(folder, series) for series in folder.series.values()]


def _source(folder: DataFolder, series: Series) -> dict[str, Any]:
    frame = folder.stored(series.name)
    used = [folder.origins[o] for o in dict.fromkeys(frame["origin"]) if o in folder.origins]
    return {
        "series": series.name,
        "title": series.title,
        "start": min(frame["start"]),
        "end": max(frame["end"]),
        "rows": len(frame),
        "metrics": [metric.name for metric in series.metrics],
        "publishers": list(dict.fromkeys(o.publisher for o in used)),
        "licences": list(dict.fromkeys(o.licence for o in used)),
        "retrieved": list(dict.fromkeys(o.retrieved for o in used if o.retrieved)),
    }
