"""A drawn sheet as the bytes of a PNG, PDF or SVG file: fonts within, described in words, no dates."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from geotrack.errors import SpecError
from geotrack.render.picture.drawing import Drawing
from geotrack.render.picture.fonts import FAMILY
from geotrack.version import version

SUFFIXES = (".png", ".pdf", ".svg")
_PAIRS = {"M": 1, "L": 1, "C": 3, "Q": 2, "z": 0}
"""Points of each step that matplotlib writes."""
_BLANK = {ord(letter): " " for letter in _PAIRS}
_CODES = np.array([*_BLANK], dtype=np.uint8)
_COUNTS, _NAMES = np.zeros(128, dtype=np.int64), np.full(128, "", dtype=object)
_COUNTS[_CODES], _NAMES[_CODES] = [*_PAIRS.values()], [letter.lower() for letter in _PAIRS]
_Codes: TypeAlias = NDArray[np.uint8]
_Whole: TypeAlias = NDArray[np.int64]
_NAMES_KEPT = (1, 2, 13, 14)
"""Of a font's names family, style and licence: its licence goes with it."""
FAMILIES = (FAMILY, "geotrack second", "geotrack third")  # in an SVG, in the order of a font chain


@dataclass(frozen=True)
class About:
    """What a file says of its picture.

    Parameters
    ----------
    title : one line. alt : what is seen, in a sentence or two. description : the same at length.
    source : publishers and licences. lang : of these texts.
    """

    title: str
    alt: str
    description: str
    source: str
    lang: str = "en"


def suffix_of(wanted: str) -> str:
    """Return a suffix in lower case; SpecError says which there are."""
    suffix = wanted.lower()
    if suffix not in SUFFIXES:
        raise SpecError(f"suffix {wanted!r} is not one of a figure; expected one of: {', '.join(SUFFIXES)}")
    return suffix


def encoded(sheet: Drawing, suffix: str, about: About, dpi: int) -> bytes:
    """Return a sheet as a file's bytes; the same sheet gives the same bytes. Use it within `own_settings`.

    Parameters
    ----------
    suffix : of SUFFIXES. dpi : of a PNG.
    """
    return {".png": _png, ".pdf": _pdf, ".svg": _svg}[suffix](sheet, about, dpi)


def _png(sheet: Drawing, about: About, dpi: int) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    told = {"Title": about.title, "Description": about.alt, "Source": about.source, "Software": None}
    target = io.BytesIO()
    # whole pixels: 1200 px are 1200 px, not 1199 for a last bit of a double
    pixels = [round(side / 72 * dpi) for side in (sheet.width, sheet.height)]
    sheet.figure.set_size_inches((pixels[0] + 1e-6) / dpi, (pixels[1] + 1e-6) / dpi)
    sheet.ax.set_xlim(0, pixels[0] * 72 / dpi)
    sheet.ax.set_ylim(pixels[1] * 72 / dpi, 0)
    FigureCanvasAgg(sheet.figure)
    sheet.figure.savefig(target, format="png", dpi=dpi, metadata=told, pil_kwargs={"optimize": False})
    return target.getvalue()


def _pdf(sheet: Drawing, about: About, dpi: int) -> bytes:
    from matplotlib import rc_context
    from matplotlib.backends.backend_pdf import FigureCanvasPdf

    told = {
        "Title": about.title,
        "Subject": about.alt,
        "Keywords": about.source,
        "Creator": f"geotrack {version()}",
        "Producer": None,
        "CreationDate": None,
    }
    target = io.BytesIO()
    FigureCanvasPdf(sheet.figure)
    # matplotlib would pass outlines of PostScript (most Chinese fonts have them) off as TrueType, which
    # readers refuse; as Type 3 they are drawn, and still text
    kind = 3 if any(_postscript(path) for path in _used(sheet)) else 42
    with rc_context({"pdf.fonttype": kind}):
        sheet.figure.savefig(target, format="pdf", dpi=72, metadata=told)
    return target.getvalue()


def _used(sheet: Drawing) -> set[str]:
    """The font files that draw the letters written."""
    drawn = (sheet.fonts.drawn_by(letters, weight) for weight, letters in sheet.written.items())
    return {path for each in drawn for path, letters in each if letters}


def _postscript(path: str) -> bool:
    from fontTools.ttLib import TTFont

    with TTFont(path, fontNumber=getattr(path, "face_index", 0), lazy=True) as font:
        return "glyf" not in font


def _svg(sheet: Drawing, about: About, dpi: int) -> bytes:
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    target = io.StringIO()
    FigureCanvasSVG(sheet.figure)
    sheet.figure.savefig(
        target, format="svg", dpi=72, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
    )
    text = target.getvalue()
    body = text[text.index("<svg") :]
    body = re.sub(r' d="([^"]*)"', lambda found: f' d="{_shorter(found[1])}"', body)
    body = re.sub(r"font(?:-family)?: [^\";]*'gt(\d+)-[^\";]*", _named, body)
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r' transform="rotate\(-0 [^)]*\)"', "", body)
    head, _, rest = body.partition(">")
    told = (
        f'<title id="geotrack-title">{escape(about.title, quote=False)}</title>'
        f'<desc id="geotrack-desc">{escape(about.description, quote=False)}</desc>'
    )
    labels = f' role="img" lang="{about.lang}" aria-labelledby="geotrack-title geotrack-desc"'
    style = f'<style type="text/css">{_faces(sheet)}</style>'
    return f"{head}{labels}>\n {told}\n {style}{rest}".encode()


def _named(found: re.Match[str]) -> str:
    """Name fonts as the world does: matplotlib wrote names of ours, which lead to the very files."""
    names = ", ".join(f"'{name}'" for name in FAMILIES)
    return f"font-weight: {found[1]}; font-family: {names}, sans-serif"


def _shorter(path: str) -> str:
    """A path in hundredths of a point, relative: a third of the length."""
    codes = np.frombuffer(path.encode(), dtype=np.uint8)
    letters = codes[codes >= ord("A")]
    if not np.isin(letters, _CODES).all():
        return path
    pairs = _COUNTS[letters]
    numbers = np.fromstring(path.translate(_BLANK), sep=" ")
    if 2 * pairs.sum() != len(numbers):
        return path
    points = np.rint(numbers.reshape(-1, 2) * 100).astype(np.int64)
    steps = points - np.repeat(_starts(letters, pairs, points), pairs, axis=0)
    return _joined(letters, pairs, _hundredths(steps))


def _starts(letters: _Codes, pairs: _Whole, points: _Whole) -> _Whole:
    """Where each step of a path starts from: where the one before ended, or the ring that it closed began."""
    done = np.cumsum(pairs)
    begun = np.maximum.accumulate(np.where(letters == ord("M"), done, 0))
    ended = np.where(pairs > 0, done, begun)
    found: _Whole = np.vstack([[[0, 0]], points])[np.append(0, ended)[:-1]]
    return found


def _joined(letters: _Codes, pairs: _Whole, numbers: NDArray[np.object_]) -> str:
    """Steps one behind the other: a letter, then its numbers, a space between two."""
    parts = np.full(len(letters) + 2 * numbers.size, " ", dtype=object)
    places = np.arange(len(letters)) + 4 * (np.cumsum(pairs) - pairs)
    parts[places] = _NAMES[letters]
    parts[places[pairs > 0] + 1] = ""
    behind = np.repeat(np.arange(len(letters)), pairs) + 4 * np.arange(len(numbers))
    parts[behind + 2], parts[behind + 4] = numbers[:, 0], numbers[:, 1]
    return "".join(parts.tolist())


def _hundredths(values: _Whole) -> NDArray[np.object_]:
    """Whole hundredths as numbers, as short as they can be written."""
    texts = _short_ones()
    near = len(texts) // 2
    small = np.abs(values) <= near
    found: NDArray[np.object_] = texts[np.where(small, values + near, 0)]
    found[~small] = [*map(_hundredth, values[~small].tolist())]
    return found


@lru_cache(maxsize=1)
def _short_ones() -> NDArray[np.object_]:
    """What is written of steps up to ten points, backwards first: most are that short."""
    return np.array([_hundredth(value) for value in range(-1000, 1001)], dtype=object)


@lru_cache(maxsize=4096)
def _hundredth(value: int) -> str:
    return f"{value / 100:.2f}".rstrip("0").rstrip(".").replace("-0.", "-.") if value else "0"


def _faces(sheet: Drawing) -> str:
    """The letters used, as fonts within the file: each letter in the font that draws it."""
    faces = []
    for weight, letters in sorted(sheet.written.items()):
        for place, (path, drawn) in enumerate(sheet.fonts.drawn_by(letters, weight)):
            if drawn:
                data = base64.b64encode(_subset(path, getattr(path, "face_index", 0), drawn)).decode()
                faces.append(
                    f"@font-face{{font-family:'{FAMILIES[min(place, 2)]}';font-weight:{weight};"
                    f"src:url(data:font/woff;base64,{data}) format('woff')}}"
                )
    return "".join(faces)


@lru_cache(maxsize=32)
def _subset(path: str, face: int, letters: str) -> bytes:
    """A font cut down to some letters; kept, because a picture in two widths has the same ones."""
    import uharfbuzz
    from fontTools.ttLib import TTFont

    wish = uharfbuzz.SubsetInput()
    wish.flags = uharfbuzz.SubsetFlags.NO_HINTING
    for kept, given in ((wish.unicode_set, map(ord, letters)), (wish.name_id_set, _NAMES_KEPT)):
        kept.clear()
        kept.update(given)
    cut = uharfbuzz.subset(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(path), face), wish)
    target = io.BytesIO()
    with TTFont(io.BytesIO(cut.blob.data), recalcTimestamp=False, recalcBBoxes=False) as font:
        font.flavor = "woff"
        font.save(target, reorderTables=False)
    return target.getvalue()
