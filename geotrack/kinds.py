"""Kinds of values: what a key of a file that people write may hold, and the words for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

Wanted = tuple[Callable[[Any], bool], str]
"""What tells whether a value is allowed, and the words for what is."""


def is_text(value: object) -> bool:
    """Tell whether it is text, be it empty."""
    return isinstance(value, str)


def is_word(value: object) -> bool:
    """Tell whether it is text that says something."""
    return isinstance(value, str) and bool(value.strip())


def is_day(text: str) -> bool:
    """Tell whether a text is a day that there is, as ISO 8601 writes it: 2021-05-21."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_flag(value: object) -> bool:
    """Tell whether it is true or false."""
    return isinstance(value, bool)


def is_number(value: object) -> bool:
    """Tell whether it is a number that is finite; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def is_list(value: Any, of: Callable[[Any], bool] = is_text) -> bool:
    """Tell whether it is a list, be it empty, of such values."""
    return isinstance(value, list | tuple) and all(map(of, value))


def one_of(allowed: Iterable[str], say: Callable[[str], str] = str) -> Wanted:
    """Return what wants one of a few words; `say`: how the words tell them."""
    known = tuple(allowed)
    return (lambda value: value in known), f"one of {', '.join(map(say, known))}"
