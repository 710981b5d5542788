"""Templates, names that keep their direction, and texts on one line."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping

GAP = re.compile(r"[^\S\u00a0\u202f]+")
"""Where a line may be broken: no-break spaces hold a number and its unit together."""

# Letters that NFKD does not take apart into a base letter and a mark; signs of footnotes are none.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", **dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹ªº")}
)


class _Folding(dict[int, str]):
    """What becomes of each sign of a name: letters, digits and vowel marks stay, accents and the rest go.

    Apostrophes that Unicode takes for letters go, too. Each sign is looked at once.
    """

    def __missing__(self, number: int) -> str:
        sign = chr(number)
        vowel = unicodedata.category(sign)[0] == "M" and not "\u0300" <= sign <= "\u036f"
        kept = vowel or (sign.isalnum() and not "\u02b0" <= sign <= "\u02ff")
        return self.setdefault(number, sign if kept else "")


_FOLDING = _Folding({ord("&"): "and"})


@functools.lru_cache(2**15)
def name_key(text: str) -> str:
    """Return a name without case, spaces, punctuation and accents of letters; marks of vowels are letters.

    Names with one key are the same name: "Côte d’Ivoire" and "COTE D'IVOIRE".
    """
    folded = text.casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", folded.translate(_LETTERS))
    return folded.translate(_FOLDING)


def slug(text: str) -> str:
    """Return a text as small letters, digits and hyphens, for names of files, series, metrics and maps.

    Letters lose their accents ("Łódź" is "lodz", "Größe" "grosse"); of other scripts nothing is left.
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS)).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "-", plain.decode("ascii")).strip("-")


def fill(template: str, values: Mapping[str, str]) -> str:
    """Replace {key} by its value; a key that is not there stays, so that a typo is seen."""
    return re.sub(r"\{([^{}]*)\}", lambda found: values.get(found[1], found[0]), template)


def isolated(name: str) -> str:
    """Keep a right-to-left name from turning the figures beside it round."""
    turns = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in name)
    return f"\u2068{name}\u2069" if turns else name


JOINERS = frozenset("\u00ad\u200c\u200d")
"""Signs without a width that words need: soft hyphens; what joins, or parts, letters of Persian or Hindi."""


def one_line(text: str) -> str:
    """Return a text of the data on one line: no control, no turn of the direction, no sign of nobody's."""
    kinds = ((sign, unicodedata.category(sign)) for sign in text)
    kept = (
        " " if kind in {"Cc", "Zl", "Zp"} else sign
        for sign, kind in kinds
        if sign in JOINERS or kind not in {"Cf", "Co", "Cs"}
    )
    return plain("".join(kept))


def columns_of(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def plain(text: str) -> str:
    """Return a text on one line."""
    return " ".join(pieces(text)).strip()


def pieces(text: str) -> list[str]:
    """Return what stands between the places where a line may be broken."""
    return [piece for piece in GAP.split(text) if piece]
