"""Moving pictures of a map: GIF, WebP and MP4."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, TypedDict, Unpack

import numpy as np

from geotrack.captions.captions import alt_text
from geotrack.errors import SpecError
from geotrack.files import line_of
from geotrack.language.text import plain
from geotrack.map.content import Content
from geotrack.map.views import View, choose, metric_of, place_of
from geotrack.model import brief
from geotrack.render.film.frames import Stage
from geotrack.render.film.gif import MOST_COLOURS, gif, webp
from geotrack.render.film.mp4 import encoder, mp4
from geotrack.render.film.reel import Reel, choose_colours, record
from geotrack.render.picture.drawing import own_settings

SUFFIXES = (".gif", ".webp", ".mp4")
WIDTHS = (240, 3840)
PACE = 2.0  # slices a second
HOLD = 2.0  # seconds of the first and the last slice
LINGER = 3  # a frame with an event or a note stays so many times as long: it must be read
MOST_FPS = 50.0  # browsers slow down frames that are shorter than 20 ms
MB = 1_000_000
SHRINKS = (1.0, 0.85, 0.7, 0.6, 0.5, 0.42, 0.35, 0.3, 0.25)
COLOURS = (MOST_COLOURS, 127, 63, 31)
RATES = (18, 23, 28, 33)  # of MP4, see `mp4`


@dataclass(frozen=True)
class Film:
    """A moving picture.

    Parameters
    ----------
    content : the file.
    width, height : pixels. frames : one per slice. seconds : how long it runs.
    quality : the colours of a GIF or WebP, the rate factor of an MP4.
    done : what was done to keep to the size, in words; "" if nothing was.
    """

    content: bytes
    width: int
    height: int
    frames: int
    seconds: float
    quality: int
    done: str = ""

    __repr__ = brief


class FilmOptions(TypedDict, total=False):
    """How a film looks: the options of `film`, for whoever hands them on."""

    width: int
    fps: float | None
    seconds: float | None
    hold: float | None
    loop: int
    theme: str
    max_mb: float | None


class FilmWish(FilmOptions, total=False):
    """The same, and what it shows: the options of `TimeMap.to_film`."""

    metric: str
    first: str
    last: str


def animation(view: View, suffix: str, **options: Unpack[FilmOptions]) -> bytes:
    """Return a moving picture as bytes; see `film`."""
    return film(view, suffix, **options).content


def film(
    view: View,
    suffix: str,
    *,
    width: int = 960,
    fps: float | None = None,
    seconds: float | None = None,
    hold: float | None = None,
    loop: int = 0,
    theme: str = "",
    max_mb: float | None = None,
    tell: Callable[[str], None] | None = None,
) -> Film:
    """Make a moving picture, a frame per slice. The same view gives the same bytes.

    Parameters
    ----------
    view : of kind "film".
    suffix : ".gif", ".webp" or ".mp4".
    width : pixels, 240 to 3840; an odd one is made even.
    fps : slices a second, 2 if neither it nor `seconds` is given. A frame with an event or a note that
        the one before had not stays three times as long.
    seconds : how long the whole film is, the held frames included.
    hold : seconds of the first and the last frame, 2 if not given.
    loop : how often a GIF or WebP is shown; 0 for ever. An MP4 has no such thing: its player decides.
    theme : "light" or "dark"; "" for the map's own.
    max_mb : size that the file must not exceed, in millions of bytes. Colours are taken away first (of an
        MP4: quality), then pixels.
    tell : called with each slice's name as it is drawn.

    Raises
    ------
    SpecError : a suffix, an option or an extra that is not there; a size that cannot be kept to.
    OutputError : the encoder of MP4 failed.
    """
    _refuse(suffix, width, fps, loop, max_mb)
    qualities = RATES if suffix == ".mp4" else COLOURS
    smallest: Film | None = None
    for shrink in SHRINKS:
        wide = int(width * shrink) // 2 * 2
        if shrink < 1 and wide < WIDTHS[0]:
            break
        with own_settings():
            stage = Stage(view, wide, theme)
            times = durations(stage.reads(), fps, seconds, hold)
            reel = record(_told(stage.frames(), view, tell if shrink == 1 else None))
        for quality in qualities if shrink == 1 else qualities[2:]:
            content = _encoded(stage, reel, suffix, quality=quality, times=times, loop=loop)
            done = _done(suffix, quality, wide, width // 2 * 2, max_mb)
            made = Film(content, reel.width, reel.height, reel.count, sum(times) / 1000, quality, done)
            if max_mb is None or len(content) <= max_mb * MB:
                return made
            smallest = made if smallest is None or len(content) < len(smallest.content) else smallest
    raise SpecError(_too_large(smallest, max_mb))


def durations(
    reads: Sequence[bool], fps: float | None = None, seconds: float | None = None, hold: float | None = None
) -> list[int]:
    """Return how long each frame stays, in milliseconds, multiples of 10.

    Parameters
    ----------
    reads : whether a frame has an event or a note to be read.
    fps, seconds, hold : as of `film`.

    Raises
    ------
    SpecError : both `fps` and `seconds`, or too few seconds for the frames.
    """
    if fps is not None and seconds is not None:
        raise SpecError("fps and seconds exclude each other; give one of them")
    held = HOLD if hold is None else hold
    if not 0 <= held <= 60:
        raise SpecError(f"hold = {held:g} is out of range; expected 0 to 60 seconds")
    weights = [LINGER if said else 1 for said in reads]
    ends = {0, len(reads) - 1}
    within = sum(weight for i, weight in enumerate(weights) if i not in ends)
    step = 1 / (fps or PACE) if seconds is None else _step(seconds, held, len(ends), within)
    lengths = [max(held, step) if i in ends else step * weight for i, weight in enumerate(weights)]
    sums = np.rint(np.cumsum([0.0, *lengths]) * 100).astype(int)
    return [max(2, int(b - a)) * 10 for a, b in pairwise(sums)]


def _step(seconds: float, held: float, ends: int, within: int) -> float:
    """How long a frame stays in a film of given length; the held ones are never shorter than the others."""
    least = held * ends + within / MOST_FPS
    if not least <= seconds <= 3600:
        raise SpecError(
            f"seconds = {seconds:g} is out of range; with these frames and {held * ends:g} s for those held, "
            f"expected {least:.1f} to 3600"
        )
    alike = seconds / (within + ends)
    return alike if alike >= held else (seconds - held * ends) / within


def _told(frames: Iterator[Any], view: View, tell: Callable[[str], None] | None) -> Iterator[Any]:
    for step in view.steps:
        if tell is not None:
            tell(step.label)
        yield next(frames)


def _encoded(stage: Stage, reel: Reel, suffix: str, *, quality: int, times: list[int], loop: int) -> bytes:
    comment = plain(alt_text(stage.view))
    if suffix == ".mp4":
        return mp4(reel, times, quality, stage.fonts.clean(stage.view.content.title), comment)
    table = choose_colours(reel, max(quality, len(stage.colours())), stage.colours())
    return gif(reel, table, times, loop, comment) if suffix == ".gif" else webp(reel, table, times, loop)


def _refuse(suffix: str, width: int, fps: float | None, loop: int, max_mb: float | None) -> None:
    if suffix not in SUFFIXES:
        raise SpecError(f"suffix {suffix!r} is no moving picture; expected one of: {', '.join(SUFFIXES)}")
    if not WIDTHS[0] <= width <= WIDTHS[1]:
        raise SpecError(f"width = {width} is out of range; expected {WIDTHS[0]} to {WIDTHS[1]} pixels")
    if fps is not None and not 0.05 <= fps <= MOST_FPS:
        raise SpecError(f"fps = {fps:g} is out of range; expected 0.05 to {MOST_FPS:g} slices a second")
    if not 0 <= loop <= 65535:
        raise SpecError(f"loop = {loop} is out of range; expected 0 (for ever) to 65535")
    if max_mb is not None and not max_mb > 0:
        raise SpecError(f"max_mb = {max_mb:g} is out of range; expected a size above 0, in millions of bytes")
    if suffix == ".mp4":
        encoder()  # a minute of drawing comes before it is needed


def _done(suffix: str, quality: int, wide: int, wanted: int, max_mb: float | None) -> str:
    what = {
        True: f"rate factor {quality} instead of {RATES[0]}",
        False: f"{quality + 1} colours instead of 256",
    }
    best = RATES[0] if suffix == ".mp4" else MOST_COLOURS
    parts = [what[suffix == ".mp4"]] if quality != best else []
    parts += [f"{wide} px wide instead of {wanted}"] if wide != wanted else []
    return f"{', '.join(parts)}, to stay within {max_mb:g} MB" if parts else ""


def _too_large(smallest: Film | None, max_mb: float | None) -> str:
    made = smallest or Film(b"", 0, 0, 0, 0, 0)
    return (
        f"max_mb = {max_mb:g} cannot be kept to: the smallest that {made.frames} frames come to is "
        f"{len(made.content) / MB:.3f} MB ({made.width} × {made.height} px); allow more, or show fewer slices"
    )


@dataclass(frozen=True, eq=False)
class Shot:
    """A film, and what it shows."""

    view: View
    film: Film


def shoot(
    content: Content,
    suffix: str,
    *,
    metric: str = "",
    first: str = "",
    last: str = "",
    tell: Callable[[str], None] | None = None,
    **options: Unpack[FilmOptions],
) -> Shot:
    """Make a moving picture of a map.

    Parameters
    ----------
    metric, first, last : as of `scene`.
    suffix, tell, options : as of `film`.

    Raises
    ------
    SpecError : a name, an option or an extra that is not there; a size that cannot be kept to.
    OutputError : the encoder of MP4 failed.
    """
    view = scene(content, metric, first, last)
    return Shot(view, film(view, suffix, tell=tell, **options))


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


def facts(shot: Shot, path: Path) -> dict[str, Any]:
    """Return what was made and written there, for scripts."""
    film = shot.film
    return {
        "map": shot.view.content.id,
        "file": str(path),
        "bytes": len(film.content),
        "frames": film.frames,
        "width": film.width,
        "height": film.height,
        "seconds": film.seconds,
        "slices": [step.iso for step in shot.view.steps],
        "metric": shot.view.layer.metric.name,
        "reduced": film.done,
    }


def told(shot: Shot, path: Path) -> str:
    """Say what was made and written there, in a line."""
    film = shot.film
    size = f"{film.frames} frames, {film.width} × {film.height} px, {film.seconds:.1f} s"
    line = f"{line_of(path, len(film.content))}, {size}"
    return f"{line}; {film.done}" if film.done else line
