"""Which four digits are a year: one rule for names of columns, cells and words."""

from __future__ import annotations

YEAR = r"(?:1[6-9]|2[01])\d\d"
"""A pattern of the years that figures are from; other ones are years only where a text says so: "Q1 2563"."""

FIRST, LAST = 1600, 2199


def is_usual(year: int) -> bool:
    """Tell a year that figures may be from; another may be of another calendar, or no year."""
    return FIRST <= year <= LAST
