"""Words for time in every language of CLDR: names of months and quarters, and headers of their columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

Meanings = dict[str, set[tuple[str, int]]]
"""Language -> what a word means in it: ("month", 5), ("quarter", 1)."""

_ENGLISH = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

_FIELDS = {
    "year": "year yr jahr année annee an ano año anno rok jaar år 年 年份 年度 연도 년도 год",
    "half": "half half_year semester halbjahr semestre halfjaar halvår półrocze pololetí 半年 半期 полугодие",
    "quarter": "quarter qtr quartal trimestre trimester kwartaal kvartal kwartał 季度 季 四半期 분기 квартал",
    "month": "month mon mth monat mois mes mês mese miesiąc maand måned månad 月 月份 월 месяц",
    "week": "week wk kw kalenderwoche woche semaine semana settimana 周 週 주 неделя",
    "day": "day tag jour día dia giorno dag 日 일 день",
}
"""What columns are called, beside the words that CLDR has for lengths of time."""


def plain(word: str) -> str:
    """Return a word as it is looked up: without case, full stops and spaces around."""
    kept = unicodedata.normalize("NFKC", word).casefold()
    return re.sub(r"\s+", " ", kept).strip(" .,\u200e\u200f")


def english(word: str) -> int:
    """Return the number of a month by its English name, whole or its first three letters; 0 if it is none."""
    word = "sep" if word == "sept" else word
    return next((n for n, name in enumerate(_ENGLISH, start=1) if word in (name, name[:3])), 0)


def meanings(word: str) -> Meanings:
    """Return what a word, as `plain` has it, means in each language that knows it as a name of time.

    Languages that are official in some country go first: "mai" is May, though it is August in Taroko. The
    names of all languages are loaded at the first call that may need them, which takes a second or two.
    """
    if not any(map(str.isalpha, word)) or re.search(r"\d{3}", word):
        return {}  # no name has three digits: "2021-05", "may 2021"
    known = _names().get(word, {})
    return {code: what for code, what in known.items() if code.split("_")[0] in _official()} or known


def decided(names: set[str]) -> dict[str, tuple[str, int]]:
    """Return what the names of a column's months and quarters mean; one that is in doubt is left out.

    English first; else by the languages that know all of the names, if they agree; else each name for itself,
    if it means one thing wherever it is known. A word in plain letters may be none of time: "gas", "set",
    "can" are months somewhere. So one that is such a word elsewhere too, or that only a language knows in
    which few tables are written, counts only beside another name of its language that is not English.
    """
    english_ones = {name: ("month", n) for name in names if (n := english(name))}
    if len(english_ones) == len(names):
        return english_ones
    known = {name: meanings(name) for name in names}
    common = set.intersection(*({*by} for by in known.values()))
    proven = common if len(names) - len(english_ones) > 1 else set()
    found = {}
    for name, by in known.items():
        means = {what for code, all_ in by.items() if not common or code in common for what in all_}
        if len(means) == 1 and (proven or name in english_ones or _is_plainly_time(name, by)):
            found[name] = means.pop()
        elif not common and name in english_ones:
            found[name] = english_ones[name]
    return found


def decided_among(words: set[str]) -> dict[str, tuple[str, int]]:
    """Return what those of some words mean that are months and quarters; see `decided`.

    Words in plain letters of which no language that tables are often written in knows one are none, as are
    several words: the names of all languages need not be loaded then.
    """
    if not any(english(word) or word in _usual_names() or _is_foreign(word) for word in words):
        return {}
    return decided({word for word in words if english(word) or meanings(word)})


def _is_foreign(word: str) -> bool:
    return not word.isascii() and " " not in word and not re.search("[\u3040-\u9fff\uac00-\ud7a3]", word)


@cache
def _usual_names() -> frozenset[str]:
    return frozenset(_names_in(_languages(usual=True)))


def _is_plainly_time(name: str, known: Meanings) -> bool:
    """Tell a name that stands for nothing but time, also where it stands alone."""
    if not (name.isascii() and name.isalpha()):
        return True
    return name not in _WORDS_OF_TABLES and any(code.split("_")[0] in _USUAL for code in known)


_CODES = (
    "bg bs ca cs da de el en es et fi fr ga hr hu id is it ka lt lv mk ms nb nl nn no pl pt ro ru sk sl "
    "sq sr sv tr uk vi"
)
_USUAL = frozenset(_CODES.split())
"""Languages in plain letters, or with words in them, that tables are often written in."""

_DOUBTFUL = (
    "ago ara art aus avg can cap col elo gas gen gru hep kas kol led lip lis lut maa mac mag mal man mas "
    "mon no out pri pro sa se set sie stu sty sun svi tem tra tri uti was"
)
_WORDS_OF_TABLES = frozenset(_DOUBTFUL.split())
"""Months of some language that are words, codes or abbreviations of what tables hold."""


_MORE_CODES = "af ar az be bn eu fa gl he hi hy is kk lb sw th ur uz"
"""Languages whose months titles of tables may name, beside those that tables are often written in."""


def months_of_tables() -> dict[str, int]:
    """Return names of months in the languages of most tables that mean one month in all of them."""
    codes = {*_USUAL, *_MORE_CODES.split(), *_PLACES}
    found: dict[str, set[int]] = {}
    for code, locale in _languages():
        for name, n in _named(locale.months) if code in codes else ():
            if len(word := plain(name)) > 2 and word[0].isalpha() and not re.search(r"[\d'’\"]", word):
                found.setdefault(word, set()).add(n)
    for name, n in (pair for names in _BESIDE_CLDR.values() for pair in names.items()):
        found.setdefault(name, set()).add(n)
    taken = {word for word, numbers in found.items() if len(numbers) > 1} | _WORDS_OF_TABLES
    english_ones = {word: english(word) for word in found if english(word)}
    return {word: min(numbers) for word, numbers in found.items() if word not in taken} | english_ones


def words() -> tuple[str, ...]:
    """Return all names of months and quarters, as `plain` has them."""
    return tuple(_names())


def month(name: str) -> int:
    """Return the number of a month by a name that is English, or means one month wherever known; else 0."""
    kind, n = decided({plain(name)}).get(plain(name), ("", 0))
    return n if kind == "month" else 0


def field(header: str) -> str:
    """Return what its header says of a column: "year", "half", "quarter", "month", "week", "day"; else ""."""
    word = re.sub(r"[\s_-]+", "_", plain(header))
    known = _usual_fields().get(word)
    if known is None and word and len(word) <= 20 and not word.isascii():
        known = _fields().get(word.replace("_", " "))  # those in plain letters stand in the list above
    return known or ""


@cache
def _usual_fields() -> dict[str, str]:
    return {word: kind for kind, words in _FIELDS.items() for word in words.split()}


@cache
def _fields() -> dict[str, str]:
    """Return the words of all languages for lengths of time that mean one in all of them."""
    found: dict[str, set[str]] = {}
    for _, locale in _languages():
        for kind in _FIELDS:
            forms = (
                locale._data["unit_patterns"].get(f"duration-{kind}", {}).get("long", {})
                if kind != "half"
                else {}
            )
            for pattern in forms.values():
                if isinstance(pattern, str):
                    found.setdefault(plain(pattern.replace("{0}", "")), set()).add(kind)
    return {word: next(iter(kinds)) for word, kinds in found.items() if word and len(kinds) == 1}


@cache
def _names() -> dict[str, Meanings]:
    """Return all names of months and quarters, those in the middle of a date and those that stand alone."""
    return _names_in(_languages())


_BESIDE_CLDR = {"de": {"mrz": 3}}
"""Abbreviations that are usual, and that CLDR lacks."""


def _names_in(languages: Iterable[tuple[str, Any]]) -> dict[str, Meanings]:
    found: dict[str, Meanings] = {}
    for code, locale in languages:
        for kind, widths in (("month", locale.months), ("quarter", locale.quarters)):
            for name, n in _named(widths):
                if any(letter.isalpha() for letter in name):
                    found.setdefault(plain(name), {}).setdefault(code, set()).add((kind, n))
        for name, n in _BESIDE_CLDR.get(code, {}).items():
            found.setdefault(name, {}).setdefault(code, set()).add(("month", n))
    return found


def _named(contexts: Any) -> Iterator[tuple[str, int]]:
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            yield from ((name, n) for n, name in contexts[context][width].items())


@cache
def _languages(*, usual: bool = False) -> tuple[tuple[str, Any], ...]:
    from babel import Locale, localedata

    codes = [*_USUAL] if usual else localedata.locale_identifiers()
    kept = [code for code in codes if code in _PLACES or re.fullmatch("[a-z]+(_[A-Z][a-z]{3})?", code)]
    return tuple((code, Locale.parse(code)) for code in kept)


_PLACES = ("ar_DZ", "ar_IQ", "ar_MA", "ar_MR", "be_TARASK", "de_AT", "fr_CA", "fr_MA", "oc_ES", "sr_Cyrl_ME")
"""Places whose months have names of their own; those of all others are their language's."""


@cache
def _official() -> frozenset[str]:
    from babel.core import get_global
    from babel.languages import get_official_languages

    return frozenset(
        code.split("_")[0]
        for territory in get_global("territory_languages")
        for code in get_official_languages(territory, de_facto=True)
    )
