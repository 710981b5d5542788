"""Fonts of a picture: Source Sans Pro, fallbacks for other scripts, widths, lines of text."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from geotrack.errors import SpecError
from geotrack.language.text import plain

FAMILY = "Source Sans Pro"
FILES = {400: "SourceSansPro-Regular.ttf", 600: "SourceSansPro-Semibold.ttf", 700: "SourceSansPro-Bold.ttf"}
DEJAVU = {400: "DejaVuSans.ttf", 600: "DejaVuSans-Bold.ttf", 700: "DejaVuSans-Bold.ttf"}
EAST_ASIAN = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "Noto Sans CJK JP",
    "Arial Unicode MS",
)
UNKNOWN = "\u25a1"  # drawn for a symbol that no font has; letters are an error instead


@dataclass(frozen=True)
class Fonts:
    """The fonts of one picture.

    Parameters
    ----------
    extra : a font file of the user's, for what the shipped ones lack.
    """

    extra: str = ""

    @cached_property
    def files(self) -> dict[int, tuple[str, ...]]:
        """Per weight the font files, in the order in which a letter is looked for."""
        import font_source_sans_pro
        import matplotlib

        own = Path(font_source_sans_pro.font_directory)
        dejavu = Path(matplotlib.get_data_path(), "fonts", "ttf")
        more = (self._named(),) if self.extra else ()
        return {weight: (str(own / FILES[weight]), *more, str(dejavu / DEJAVU[weight])) for weight in FILES}

    def _named(self) -> str:
        from matplotlib.ft2font import FT2Font

        try:
            FT2Font(self.extra)
        except (OSError, RuntimeError) as error:
            raise SpecError(
                f"font = {self.extra!r} cannot be read as a font: {error}; expected a .ttf, .otf or .ttc file"
            ) from error
        return self.extra

    @cached_property
    def system(self) -> dict[int, str]:
        """Per weight a font of this computer that holds Chinese letters; nothing where there is none."""
        entries = _installed()
        for name in EAST_ASIAN:
            faces = [(e, _path(e)) for e in entries if e.name == name and e.style == "normal"]
            faces = sorted((face for face in faces if _opens(face[1])), key=lambda face: face[1])
            if faces:
                nearest = {w: min(faces, key=lambda face: abs(_weight(face[0].weight) - w)) for w in FILES}
                return {weight: path for weight, (_, path) in nearest.items()}
        return {}

    def chain(self, weight: int) -> tuple[str, ...]:
        """Return the files of a weight, the system's Chinese font last if there is one."""
        return (*self.files[weight], *([self.system[weight]] if self.system else []))

    @cached_property
    def families(self) -> dict[int, tuple[str, ...]]:
        """Per weight the names under which matplotlib finds these very files, and nothing else."""
        from matplotlib.font_manager import FontEntry, fontManager

        known = {entry.name for entry in fontManager.ttflist}
        found: dict[int, tuple[str, ...]] = {}
        for weight in FILES:
            names = {f"gt{weight}-{sha256(p.encode()).hexdigest()[:12]}": p for p in self.chain(weight)}
            found[weight] = tuple(names)
            # in front, and called as what is asked for is called: matplotlib looks no further
            fontManager.ttflist[:0] = [
                FontEntry(fname=path, name=name, weight="normal", size="scalable", **_face(path))
                for name, path in names.items()
                if name not in known
            ]
        return found

    def clean(self, text: str) -> str:
        """Return text on one line, without control characters, each letter of which some font has.

        Raises
        ------
        SpecError : letters that no font here has; says what to install.
        """
        shown = "".join(c for c in plain(text) if unicodedata.category(c) not in {"Cc", "Cs", "Co"})
        lacking = [c for c in dict.fromkeys(shown) if not self._has(c)]
        letters = [c for c in lacking if unicodedata.category(c)[0] in "LN"]
        if letters:
            raise SpecError(
                f"no font here has the letters {' '.join(letters[:8])}; install one that has, for Chinese "
                "e.g. Debian's package fonts-noto-cjk, or name a font file with --font"
            )
        return "".join(c if c not in lacking else _instead(c) for c in shown)

    def _has(self, letter: str) -> bool:
        return ord(letter) < 127 or any(ord(letter) in charmap for charmap in self._charmaps)

    @cached_property
    def _charmaps(self) -> list[Any]:
        return [_charmap(path) for path in self.chain(400)]

    def drawn_by(self, letters: Iterable[str], weight: int) -> list[tuple[str, str]]:
        """Return for each font file of a weight the letters that it draws."""
        left, found = set(letters), []
        for path in self.chain(weight):
            charmap = _charmap(path)
            here = {letter for letter in left if ord(letter) in charmap}
            found.append((path, "".join(sorted(here))))
            left -= here
        return found

    def width(self, text: str, size: float, weight: int = 400) -> float:
        """Return how wide a line of text is, in the unit of `size`."""
        known = self._widths[weight]
        if text not in known:
            known[text] = _width(self.chain(weight), text)
        return known[text] * size

    @cached_property
    def _widths(self) -> dict[int, dict[str, float]]:
        """Per weight the widths that were measured, by whichever picture with these files."""
        return {weight: _measured(self.chain(weight)) for weight in FILES}

    def wrap(self, text: str, size: float, weight: int, width: float) -> tuple[str, ...]:
        """Break text into lines that fit; a word that is wider than a line is broken too."""
        lines, line, words = [], "", _words(self.clean(text))
        while words:
            fits = self._fitting_words(line, words, size, weight, width)
            if line and not fits:
                lines.append(line)
                line = ""
                continue
            line += "".join(words[: max(1, fits)])
            words = words[max(1, fits) :]
            while len(line.strip()) > 1 and self.width(line.rstrip(), size, weight) > width:
                fits = self._fitting(line, size, weight, width)
                lines.append(line[:fits])
                line = line[fits:]
        return tuple(part.strip() for part in [*lines, line] if part.strip())

    def _fitting_words(self, line: str, words: list[str], size: float, weight: int, width: float) -> int:
        """Return how many words fit behind a line's beginning: guessed letter by letter, then measured."""
        left = width - sum(self.width(letter, size, weight) for letter in line)
        fits = 0
        for word in words:
            left -= sum(self.width(letter, size, weight) for letter in word)
            if left < 0:
                break
            fits += 1

        def wide(count: int) -> bool:
            return self.width((line + "".join(words[:count])).rstrip(), size, weight) > width

        while fits and wide(fits):
            fits -= 1
        while fits < len(words) and not wide(fits + 1):
            fits += 1
        return fits

    def _fitting(self, word: str, size: float, weight: int, width: float) -> int:
        low, high = 1, len(word)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.width(word[:middle], size, weight) <= width else (low, middle)
        return low


@lru_cache(maxsize=16)
def _charmap(path: str) -> dict[int, int]:
    """The letters of a font; a report's pictures ask for those of the same few."""
    from matplotlib.font_manager import get_font

    return dict(get_font(path).get_charmap())


@lru_cache(maxsize=16)
def _measured(chain: tuple[str, ...]) -> dict[str, float]:
    """Widths by text; a report's pictures have most of their letters and words in common."""
    return {}


def _width(chain: tuple[str, ...], text: str) -> float:
    from matplotlib.font_manager import get_font
    from matplotlib.ft2font import LoadFlags

    font = get_font(list(chain))
    font.set_size(100, 72)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0] / 6400)


def _words(text: str) -> list[str]:
    """Parts between which a line may end: words with the space after them, and each Chinese letter."""
    words = [""]
    for letter in text:
        words[-1] += letter
        if letter == " " or (unicodedata.east_asian_width(letter) in "WF"):
            words.append("")
    closed: list[str] = []
    for word in filter(None, words):  # no line begins with a closing mark
        if closed and unicodedata.category(word[0]) in {"Po", "Pe", "Pf"}:
            closed[-1] += word
        else:
            closed.append(word)
    return closed


def _instead(letter: str) -> str:
    """What stands for a letter that no font has: nothing for what is not seen, a space for a space."""
    kind = unicodedata.category(letter)
    return " " if kind == "Zs" else "" if kind in {"Cf", "Mn", "Me", "Zl", "Zp"} else UNKNOWN


def _weight(weight: int | str) -> int:
    """A font's weight as a number: some name it."""
    return (
        weight if isinstance(weight, int) else {"bold": 700, "semibold": 600, "light": 300}.get(weight, 400)
    )


def _installed() -> list[Any]:
    """Faces of the fonts that are in this computer's folders now, for matplotlib and for us.

    matplotlib writes its list of fonts once, when it is first used, and believes it ever after: what was
    installed since is not in it. The folders are asked here, and what is new is added for this process; the
    list in the user's cache is matplotlib's, and stays.
    """
    from matplotlib import font_manager

    manager = font_manager.fontManager
    listed = {entry.fname for entry in manager.ttflist}
    for path in sorted(set(_font_files()) - listed):
        with suppress(Exception):  # as matplotlib does: what cannot be read as a font is none
            manager.addfont(path)
    return list(manager.ttflist)


def _font_files() -> list[str]:
    from matplotlib import font_manager

    if sys.platform != "darwin":
        return list(font_manager.findSystemFonts())
    # there matplotlib would ask a program that takes seconds
    return list(
        font_manager.findSystemFonts([*font_manager.X11FontDirectories, *font_manager.OSXFontDirectories])
    )


def _path(entry: Any) -> str:
    """Return what matplotlib opens a face by; since 3.11 it tells the faces of a collection apart."""
    from matplotlib import font_manager

    index = getattr(entry, "index", 0)
    return font_manager.FontPath(entry.fname, index) if index else str(entry.fname)


def _opens(path: str) -> bool:
    """Say whether a listed face is still there: fonts are removed, and replaced, after they were listed."""
    from matplotlib.font_manager import get_font

    try:
        get_font(path)
    except (OSError, RuntimeError):
        return False
    return True


def _face(path: str) -> dict[str, Any]:
    index = getattr(path, "face_index", 0)
    return {"index": index} if index else {}
