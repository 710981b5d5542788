"""Numerals as people write them: one style for a column, every cell read by it to the digit, or refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from unicodedata import decimal as digit_of

import numpy as np
from numpy.typing import NDArray

from geotrack.errors import AmbiguousError, Choice, Question, SpecError
from geotrack.usertables.cells import Objects, objects

SPACES = "\u00a0\u2009\u202f\u2007 "
APOSTROPHES = "'’"
ARABIC_POINT, ARABIC_COMMA = "\u066b", "\u066c"
"""The decimal sign and the sign between thousands of Arabic and Persian, which are nothing else."""

MOST_DIGITS = 40
"""Digits of a figure; no figure has more, and 1e999999 would fill the memory."""


@dataclass(frozen=True)
class Style:
    """How a column writes numbers.

    Parameters
    ----------
    decimal : ".", "," or ARABIC_POINT.
    thousands : "", ",", ".", " " (any space), "'" (any apostrophe) or ARABIC_COMMA.
    percent : whether its cells end with a percent sign; then a cell without one is refused, but for zero.
    indian : whether thousands are parted as in India: 12,34,567.
    """

    decimal: str = "."
    thousands: str = ""
    percent: bool = False
    indian: bool = False

    def __str__(self) -> str:
        parts = [f"decimal {_SIGNS[self.decimal]}"]
        if self.thousands:
            between = "thousands and hundreds of thousands" if self.indian else "thousands"
            parts.append(f"{_NAMES[self.thousands]} between {between}")
        return ", ".join([*parts, *(["percent signs"] if self.percent else [])])


_SIGNS = {".": "point", ",": "comma", ARABIC_POINT: ARABIC_POINT}
_NAMES = {",": "commas", ".": "points", " ": "spaces", "'": "apostrophes", ARABIC_COMMA: ARABIC_COMMA}


def style_of(cells: Collection[str], decimal: str = "") -> Style:
    """Tell how numbers are written, from all distinct cells of a column.

    A cell tells the decimal sign if the sign can be no separator of thousands ("1,5", "0,123", "1.234,5"),
    and the separator if it can be no decimal sign ("1,234,567", "1 234"). If cells disagree, most of them
    decide; `convert_distinct` then refuses the others.

    Parameters
    ----------
    cells : text; cells that are no numbers tell nothing.
    decimal : "." or ",", if the user says so.

    Raises
    ------
    SpecError
        Nothing tells whether "1,234" is a bit more than one or more than a thousand; or `decimal` is neither.
    """
    if decimal not in ("", ".", ","):
        raise SpecError(f'decimal = {decimal!r} is not known; expected "." or ","')
    if not decimal and shown_plain(cells):
        return Style()
    counts = Counter(shape_of(cell.strip()) for cell in cells)
    decimals, separators, either = _evidence(counts)
    if not decimal and not decimals and either:  # 0,123 is no thousand: only now is every cell looked at
        decimals = _leading_zeros(cells, either)
    thousands = _thousands(separators, either, decimal or _most(decimals))
    sign = decimal or _most(decimals) or _other(thousands, set(either.values()))
    if not sign and either:
        example = next(cell for cell in cells if shape_of(cell.strip()) in either)
        raise AmbiguousError(_question(example))
    percent = any("%" in shape and _body(shape) is not None for shape in counts)
    indian = thousands not in ("", sign) and any(_is_indian(shape, thousands) for shape in counts)
    return Style(sign or ".", thousands if thousands != sign else "", percent, indian)


def _question(example: str) -> Question:
    """Ask which sign is the decimal sign, by what a cell would be."""
    found = f"{example!r} may be a number with three decimals or thousands, and no cell tells which"
    style = {sign: Style(sign, _other(sign, {",", "."})) for sign in ".,"}
    means = {sign: f"{example!r} = {convert_distinct([example], each)[0][0]}" for sign, each in style.items()}
    return Question(found, tuple(Choice("decimal", sign, means[sign]) for sign in ".,"))


def _is_indian(shape: str, thousands: str) -> bool:
    """Tell 00,00,000 and its like: two digits between some signs, three behind the last."""
    sign = re.escape(thousands)
    return re.match(rf"0{{1,2}}(?:{sign}00(?!0))++{sign}000(?![0{sign}])", (_body(shape) or "")) is not None


def convert_distinct(cells: Collection[str], style: Style) -> tuple[Objects, NDArray[np.bool_]]:
    """Read cells as numbers, the distinct ones of a column: few differ, and each is looked at.

    Parameters
    ----------
    cells : text.
    style : as `style_of` tells.

    Returns
    -------
    (texts, bad)
        Plain decimal numbers with the digits that the cells have ("1.234,50 %" -> "1234.50"), "" where a cell
        is empty; and where a cell is no number of this style ("" there too).
    """
    change = str.maketrans(
        {style.decimal: "."} | dict.fromkeys(_signs(style.thousands)) | {"%": None, "−": "-", "+": None}
    )
    fits = re.compile(_pattern(style)).fullmatch
    as_it_is = style.decimal == "." and not style.percent
    if as_it_is and all_plain(cells):
        return objects(list(cells)), np.zeros(len(cells), dtype=bool)
    texts, bad = [], []
    for cell in cells:
        kept = cell.strip()
        if not (as_it_is and PLAIN(kept)):
            kept = _tidy(kept.translate(change)) if fits(kept) else ""
        texts.append(kept)
        bad.append(not kept and not cell.isspace() and cell != "")
    return objects(texts), np.array(bad, dtype=bool)


_WHOLE, _DECIMALS = r"(?:0|[1-9][0-9]{0,15}+)", r"\.[0-9]{1,20}+"
_PLAIN = rf"-?{_WHOLE}(?:{_DECIMALS})?+"
PLAIN = re.compile(_PLAIN).fullmatch
_ALL_PLAIN = re.compile(rf"(?:{_WHOLE}{_DECIMALS}\n|(?:{_PLAIN})?+\n)*+")  # what most cells are first
_DECIMAL_POINT = re.compile(r"(?m)^-?(?:0|[0-9]{4,})\.|\.(?:[0-9]{1,2}|[0-9]{4,})$")


def western(cell: str) -> str:
    """Return a cell with the digits of whatever script as 0 to 9, and full-width signs as usual ones."""
    if cell.isascii() or not any(c.isdecimal() for c in cell):
        return cell
    digits = (str(digit_of(c)) if c.isdecimal() else c for c in cell)
    return "".join(digits).translate(_FULL_WIDTH)


_FULL_WIDTH = str.maketrans("．，％－＋\u066a\u3000", ".,%-+% ")


def all_plain(cells: Collection[str]) -> bool:
    """Tell whether all cells are plain numbers or empty, at once: most columns are, and some are long."""
    return _plain_lines(cells) is not None


def shown_plain(cells: Collection[str]) -> bool:
    """Tell whether all cells are plain numbers or empty, and one shows that the point is the decimal sign."""
    lines = _plain_lines(cells)
    return lines is not None and _DECIMAL_POINT.search(lines) is not None


def _plain_lines(cells: Collection[str]) -> str | None:
    lines = "\n".join([*cells, ""])
    plain = lines.count("\n") == len(cells) and _ALL_PLAIN.fullmatch(lines) is not None
    return lines if plain else None


def shape_of(cell: str) -> str:
    """Return a cell with each digit as 0, all spaces and all apostrophes as one: few differ in a column."""
    return cell.translate(_SHAPE)


_SHAPE = str.maketrans(
    dict.fromkeys("123456789", "0")
    | dict.fromkeys(SPACES, " ")
    | dict.fromkeys(APOSTROPHES, "'")
    | {"−": "-"}
)
_BODY = re.compile(rf"[-+]? ?([0., '{ARABIC_POINT}{ARABIC_COMMA}]+)(?:[eE][-+]?0+)? ?%?")


def _body(shape: str) -> str | None:
    """Return the part of a shape with digits and separators; None if it is no number's."""
    found = _BODY.fullmatch(shape)
    return found[1].strip() if found and "0" in found[1] else None


def _evidence(counts: Counter[str]) -> tuple[Counter[str], Counter[str], dict[str, str]]:
    """Return how many cells have a sign as decimal, and between thousands; and shapes that may be either."""
    decimals: Counter[str] = Counter()
    separators: Counter[str] = Counter()
    either = {}
    for shape, count in counts.items():
        body = _body(shape)
        for group in " '":
            if body and re.fullmatch(rf"0{{1,3}}({group}000)+([.,]0*)?", body):
                separators[group] += count
        signs = re.sub("[^.,]", "", body or "")
        arabic = [(decimals, ARABIC_POINT), (separators, ARABIC_COMMA)]
        if told := [(kind, sign) for kind, sign in arabic if sign in (body or "")]:
            for kind, sign in told:
                kind[sign] += count
        elif len(set(signs)) == 2 and signs.count(signs[-1]) == 1:
            decimals[signs[-1]] += count
            separators[signs[0]] += count
        elif len(signs) > 1 and len(set(signs)) == 1:
            separators[signs[0]] += count
        elif len(signs) == 1 and re.fullmatch(r"0{1,3}[.,]000", body or ""):
            either[shape] = signs
        elif len(signs) == 1:
            decimals[signs] += count
    return decimals, separators, either


def _leading_zeros(cells: Iterable[str], either: dict[str, str]) -> Counter[str]:
    """Count the cells like 0,123 by their sign."""
    kept = ((cell, shape_of(cell)) for cell in map(str.strip, cells))
    return Counter(either[shape] for cell, shape in kept if shape in either and cell.lstrip("+-− ")[0] == "0")


def _thousands(separators: Counter[str], either: dict[str, str], decimal: str) -> str:
    """Return the sign between thousands: the one that must be, or that may be and is not the decimal one."""
    known = Counter({sign: count for sign, count in separators.items() if sign != decimal})
    if not known and decimal:
        known = Counter(sign for sign in either.values() if sign != decimal)
    return _most(known)


def _other(thousands: str, open_: set[str]) -> str:
    """Return the decimal sign that is left once the sign between thousands is known."""
    if thousands == ARABIC_COMMA:
        return ARABIC_POINT
    left = open_ - {thousands}
    if thousands and len(left) == 1:
        return left.pop()
    return {",": ".", ".": ","}.get(thousands, "")


def _most(counts: Counter[str]) -> str:
    return max(counts, key=lambda sign: (counts[sign], sign == "."), default="")


def _signs(thousands: str) -> str:
    return {" ": SPACES, "'": APOSTROPHES}.get(thousands, thousands)


def _pattern(style: Style) -> str:
    """Return the regular expression of a style's numbers."""
    point = re.escape(style.decimal)
    signs = _signs(style.thousands)
    groups = f"|[1-9][0-9]{{0,2}}(?:[{signs}][0-9]{{3}})+" if style.thousands else ""
    if style.indian:
        groups = f"|[1-9][0-9]?(?:[{signs}][0-9]{{2}})*[{signs}][0-9]{{3}}"
    whole = f"(?:[0-9]+{groups})"
    number = f"(?:{whole}(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][-+]?[0-9]{{1,3}})?"
    zero = f"0*(?:{point}0*)?"
    gap = f"[{SPACES}]?"
    return rf"[-+−]?(?:{number}{gap}%|{zero})" if style.percent else rf"[-+−]?{number}"


def _tidy(text: str) -> str:
    """Write a number plainly; "" if it has more digits than any figure."""
    text = text.strip(SPACES)
    if PLAIN(text):
        return text
    if not text.strip("-."):
        return ""
    number = Decimal(text)
    if len(number.as_tuple().digits) > MOST_DIGITS or abs(number.adjusted()) > MOST_DIGITS:
        return ""
    return f"{number:f}"
