"""Figures as an update tells them: in its diff, and where something about them is suspicious."""

from __future__ import annotations

from decimal import Decimal

from geotrack.language.catalogue import aside, with_unit
from geotrack.language.figures import verbatim
from geotrack.model import LOWER_BOUND, REPORTED
from geotrack.store.revision import number

MOST_DIGITS = 60  # before or behind the point; beyond, a difference would fill the page

BOUND, *ASIDE = WEAK = ("lower bound", "derived", "estimated")
"""Statuses that are told with a figure, as it is not just reported; the weakest first."""


def figure_text(value: str, unit: str, status: str = "") -> str:
    """Tell a figure with its unit, and what is known of it; as it stands if it is no number, or endless."""
    found = number(value)
    if found is None or not is_short(found):
        return with_unit(value, unit)
    text = verbatim(found, LOWER_BOUND if status == BOUND else REPORTED, unit=unit)
    return aside(text, status) if status in ASIDE else text


def is_short(value: Decimal) -> bool:
    """Tell whether a number can be written out: 1e999999 cannot."""
    return abs(value.adjusted()) <= MOST_DIGITS
