"""Shorthand in square brackets, as British offices write it in cells: [x], [c], [low], [note 1], 12 [p]."""

from __future__ import annotations

import re

MEANS = {
    "x": ("", "not available"), "z": ("", "not applicable"), "c": ("", "confidential"),
    "w": ("", "none recorded in the survey"), "u": ("", "of low reliability"),
    "low": ("", "low: it rounds to zero, and is not zero"), "b": ("", "break in the series"),
    "p": ("", "provisional"), "r": ("", "revised"), "e": ("estimated", ""), "f": ("estimated", "a forecast"),
    "er": ("", "error"), "d": ("", "definition differs, see the source"), "k": ("", "low: it rounds to zero"),
    "ns": ("", "not statistically significant"), "s": ("", "statistically significant at the 0.05 level"),
    "ss": ("", "statistically significant at the 0.01 level"),
    "sss": ("", "statistically significant at the 0.001 level"),
}  # fmt: skip
"""Letters in brackets, by the convention of the Government Analysis Function -> a status, and a note."""

NOTE = r"\[notes? ?[0-9]{1,2}(?:,? ?(?:and ?)?(?:notes? ?)?[0-9]{1,2})*\]"
LETTERS = rf"\[(?:{'|'.join(sorted(MEANS, key=len, reverse=True))})\]"
"""Patterns for texts in whatever letters."""

_ALONE = re.compile(rf"(?:(?:{LETTERS}|{NOTE})\s*)+", re.IGNORECASE)
_ONE = re.compile(rf"{LETTERS}|{NOTE}", re.IGNORECASE)


def is_alone(cell: str) -> bool:
    """Tell a cell that says why it has no figure."""
    return cell.startswith("[") and _ALONE.fullmatch(cell) is not None


def keys(mark: str) -> list[str]:
    """Return the keys of a mark in `MEANS`, or in a legend: "p", "note1"; none if it is no such mark."""
    if not _ONE.fullmatch(mark):
        return []
    inside = mark.strip("[]").casefold()
    return [f"note{n}" for n in re.findall(r"\d+", inside)] if inside.startswith("note") else [inside]


def reason(cell: str) -> str:
    """Return in words why a cell has no figure; "" if it does not say it."""
    told = [
        MEANS[key][1] or MEANS[key][0] for mark in _ONE.findall(cell) for key in keys(mark) if key in MEANS
    ]
    return "; ".join(told)
