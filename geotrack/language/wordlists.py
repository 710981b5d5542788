"""Words of a language, as CLDR has them: names of countries, languages, currencies, months and days."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

WORD = re.compile("(?:[^\\W\\d_]|[\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0e31-\u0e4e])+")
"""A run of letters, with the marks that stand on them."""


@cache
def words(lang: str) -> frozenset[str]:
    """Return the words of a language that have a letter beyond ASCII, in small letters.

    Parameters
    ----------
    lang : as Babel calls it: "de", "zh_Hant".
    """
    found = (word for name in _names(lang) for word in WORD.findall(unicodedata.normalize("NFC", name)))
    return frozenset(word.casefold() for word in found if not word.isascii())


def _names(lang: str) -> Iterator[str]:
    from babel import Locale

    locale: Any = Locale.parse(lang)
    yield from (name for kind in _KINDS for name in getattr(locale, kind).values())
    for kind in (locale.months, locale.days, locale.quarters):
        for widths in kind.values():
            yield from (name for width in ("wide", "abbreviated") for name in widths[width].values())
    yield from (zone.get("city") or "" for zone in locale.time_zones.values())
    yield from (text for widths in locale._data["unit_patterns"].values() for text in _texts(widths))
    yield from _texts(locale._data["date_fields"])


def _texts(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found.replace("{0}", "")
    elif isinstance(found, dict):
        for each in found.values():
            yield from _texts(each)


_KINDS = ("territories", "languages", "currencies", "scripts")
