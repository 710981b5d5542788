"""Templates, names that keep their direction, and texts on one line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

GAP = re.compile(r"[^\S\u00a0\u202f]+")
"""Where a line may be broken: no-break spaces hold a number and its unit together."""


def fill(template: str, values: Mapping[str, str]) -> str:
    """Replace {key} by its value; a key that is not there stays, so that a typo is seen."""
    return re.sub(r"\{([^{}]*)\}", lambda found: values.get(found[1], found[0]), template)


def isolated(name: str) -> str:
    """Keep a right-to-left name from turning the figures beside it round."""
    turns = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in name)
    return f"\u2068{name}\u2069" if turns else name


def plain(text: str) -> str:
    """Return a text on one line."""
    return " ".join(pieces(text)).strip()


def pieces(text: str) -> list[str]:
    """Return what stands between the places where a line may be broken."""
    return [piece for piece in GAP.split(text) if piece]
