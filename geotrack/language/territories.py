"""Names of countries in every language that Babel has, by the keys that `text.name_key` gives."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from geotrack.language import longnames
from geotrack.language.text import name_key

COMMON = (
    "en", "de", "fr", "es", "it", "pt", "nl", "ru", "zh", "ja", "ko", "ar", "pl", "tr", "sv", "da", "no",
    "nb", "nn", "fi", "cs", "sk", "hu", "ro", "bg", "el", "uk", "hr", "sr", "bs", "sl", "mk", "sq", "et",
    "lv", "lt", "is", "ga", "ca", "eu", "gl", "id", "ms", "vi", "th", "hi", "bn", "ur", "fa", "he", "fil",
    "sw", "af", "am", "az", "be", "hy", "ka", "kk", "ky", "uz", "tg", "mn", "my", "km", "lo", "si", "ta",
    "te", "ml", "kn", "mr", "gu", "pa", "ne", "ps", "zu", "cy", "lb", "mt", "yue",
)  # fmt: skip
"""Languages that a single label may be in; of the others (Breton, Ewe, ...) a column must have two labels."""

_MADE_UP = {"tok", "root"}

_TWINS = {"CD", "CG", "KP", "KR", "MF", "SX", "VG", "VI"}
"""Countries that share a name: what stands in brackets tells them apart, and is not left out."""

_SHORT = (("vi", "US", "Mỹ"),)
"""Short names of CLDR that Babel leaves out, where they tell what language a column is in."""

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})

Meanings = dict[str, dict[str, frozenset[str]]]


@cache
def spoken(common: bool) -> Meanings:
    """Return what names mean: key -> ISO 3166-1 alpha-2 code -> the languages that have it so.

    Parameters
    ----------
    common : whether only names in the COMMON languages are wanted; reading all takes twice as long.
    """
    found: dict[str, dict[str, frozenset[str]]] = {}
    if not common:
        found = {key: dict(codes) for key, codes in spoken(True).items()}
    full: dict[str, tuple[str, str]] = {}
    for lang, code, name in _names(common):
        for key in _keys(lang, code, name):
            codes = found.setdefault(key, {})
            codes[code] = codes.get(code, frozenset()) | {lang}
        if lang in longnames.FORMS and code not in _TWINS:
            full |= {name_key(each): (code, lang) for each in longnames.with_forms(lang, name)}
    for key, (code, lang) in full.items():  # where it is no other country's name: 도미니카, 도미니카 공화국
        found.setdefault(key, {code: frozenset({lang})})
    return found


def language(lang: str) -> str:
    """Return a language's English name, its code if it has none."""
    from babel import Locale

    return str(Locale("en").languages.get(lang, lang))


def _names(common: bool) -> Iterator[tuple[str, str, str]]:
    from babel.localedata import locale_identifiers

    seen: set[tuple[str, str, str]] = set()
    if common:
        yield from _SHORT
        yield from longnames.names()
    for identifier in locale_identifiers():
        lang = identifier.partition("_")[0]
        if lang in _MADE_UP or common != (lang in COMMON):
            continue
        for code, name in _territories(identifier).items():
            if len(code) == 2 and code.isalpha() and (lang, code, name) not in seen:
                seen.add((lang, code, name))
                yield lang, code, name


def _territories(identifier: str) -> Mapping[str, str]:
    """Read a locale's own names; by `localedata.load` all 1,100 locales would stay in memory."""
    from babel.localedata import resolve_locale_filename

    data = pickle.loads(Path(resolve_locale_filename(identifier)).read_bytes())
    return data.get("territories") or {}


def _keys(lang: str, code: str, name: str) -> set[str]:
    """Return the keys of a name: as it is, without what stands in brackets behind it, without umlauts."""
    names = {name}
    if code not in _TWINS and name.endswith((")", "）")):
        names.add(name.replace("（", "(").rpartition("(")[0])
    if lang == "de":
        names |= {each.translate(_UMLAUTS) for each in names}
    return {key for each in names if (key := name_key(each))}
