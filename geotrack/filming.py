"""A film of a map: which slices, made and written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geotrack.errors import SpecError
from geotrack.files import write
from geotrack.map.content import Content
from geotrack.map.views import View, choose, metric_of, place_of

if TYPE_CHECKING:
    from geotrack.render.animation import Film


@dataclass(frozen=True, eq=False)
class Shot:
    """A film that was written."""

    path: Path
    view: View
    film: Film


def shoot(
    content: Content,
    path: Path | str,
    *,
    metric: str = "",
    first: str = "",
    last: str = "",
    tell: Callable[[str], None] | None = None,
    **options: Any,
) -> Shot:
    """Make a moving picture and write it; what stood there stays if it cannot be made or written.

    Parameters
    ----------
    path : ends in .gif, .webp or .mp4.
    metric, first, last : as of `scene`.
    tell, options : as of `render.animation.film`.

    Raises
    ------
    SpecError : a name, an option or an extra that is not there; a size that cannot be kept to.
    OutputError : the place cannot be written.
    """
    from geotrack.render.animation import film

    path = Path(path)
    view = scene(content, metric, first, last)
    made = film(view, path.suffix.lower(), tell=tell, **options)
    write(path, made.content)
    return Shot(path, view, made)


def scene(content: Content, metric: str = "", first: str = "", last: str = "") -> View:
    """Choose the slices of a film.

    Parameters
    ----------
    metric : name of a metric of the map; its first if not given.
    first, last : slices that the film begins and ends with, such as "2020-01"; all if not given.

    Raises
    ------
    SpecError : a name that the map does not have, or a last slice before the first.
    """
    start, end = place_of(content, first or "first"), place_of(content, last or "last")
    if end < start:
        raise SpecError(
            f"{content.id}: a film from {first or 'first'!r} to {last!r} runs backwards; swap them"
        )
    names = [step.iso for step in content.slices[start : end + 1]]
    metric_of(content, metric)  # an unknown one is refused before anything is drawn
    return choose(content, "film", names, metric)


def facts(shot: Shot) -> dict[str, Any]:
    """Return what was made, for scripts."""
    film = shot.film
    return {
        "map": shot.view.content.id,
        "file": str(shot.path),
        "bytes": len(film.content),
        "frames": film.frames,
        "width": film.width,
        "height": film.height,
        "seconds": film.seconds,
        "slices": [step.iso for step in shot.view.steps],
        "metric": shot.view.layer.metric.name,
        "reduced": film.done,
    }


def told(shot: Shot) -> str:
    """Say what was made, in a line."""
    film = shot.film
    size = f"{len(film.content) / 1000:,.0f} kB"
    line = f"{shot.path}  {size}, {film.frames} frames, {film.width} × {film.height} px, {film.seconds:.1f} s"
    return f"{line}; {film.done}" if film.done else line
