"""The message catalogue: what geotrack says, in the languages of locales/, with their numbers and dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Protocol, cast

from geotrack import periods
from geotrack.errors import SpecError
from geotrack.files import toml_of
from geotrack.language.numbers import rounded
from geotrack.language.text import fill, plain
from geotrack.model import Metric


class Place(Protocol):
    """A region, as far as its name goes."""

    @property
    def code(self) -> str:
        """Its code in regions.csv."""
        ...

    @property
    def name(self) -> str:
        """Its English name."""
        ...

    @property
    def alpha2(self) -> str:
        """A country's ISO 3166-1 alpha-2 code, "" if it has none."""
        ...


FOLDER = Path(__file__).parent / "locales"
ENGLISH = "en"
MINUS = "\u2212"  # what Babel writes as a hyphen
DEGREE = "°"
HAN = re.compile(r"[\u3400-\u9fff]")
"""How a unit begins that stands beside its number, without a space."""

PERCENT = "{value}%"
"""Percent in English: pinned, as Babel takes a while to be loaded. A test compares it with CLDR's."""


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages there are."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def known(lang: str) -> str:
    """Return a language's code as it is.

    Raises
    ------
    SpecError : there is no catalogue for it; lists those there are.
    """
    if lang not in languages():
        raise SpecError(f"lang = {lang!r} is not known; expected one of: {', '.join(languages())}")
    return lang


def words_of(lang: str = ENGLISH, part: str = "page") -> Mapping[str, object]:
    """Return the messages of a part of a language's catalogue, by key.

    Parameters
    ----------
    part : a table of the catalogue: "page" (what a page's script reads), "more", "caption", ...

    Raises
    ------
    SpecError : there is no catalogue for the language.
    """
    return cast("Mapping[str, object]", _catalogue(known(lang))[part])


def said(lang: str, part: str, key: str, **values: str) -> str:
    """Return a message with its {words} filled in, whatever these hold."""
    return fill(str(words_of(lang, part)[key]), values)


def joint(key: str, lang: str = ENGLISH) -> str:
    """Return what stands between the parts of what is said: a colon, a comma, the gap between sentences."""
    return str(words_of(lang, "joints")[key])


def aside(text: str, note: str, lang: str = ENGLISH) -> str:
    """Put what is said by the way after a text: "Share (%)"; nothing where there is none."""
    return f"{text}{joint('open', lang)}{note}{joint('shut', lang)}" if note else text


def counted(lang: str, part: str, key: str, count: int, **values: str) -> str:
    """Return a message in the form that a number of things asks for; {count} is the number."""
    forms = cast("Mapping[str, str]", words_of(lang, part)[key])
    return fill(forms[plural(count, lang)], {"count": number(count, 0, lang)} | values)


def plural(count: int, lang: str = ENGLISH) -> str:
    """Return the language's form for a number of things: in English "one" or "other"."""
    if lang == ENGLISH:
        return "one" if count == 1 else "other"
    return str(_locale(lang).plural_form(count))


def term(text: str, lang: str = ENGLISH) -> str:
    """Return a text of the data (a measure, a unit, a method, a caveat) in a language, or as it is."""
    return str(words_of(lang, "terms").get(text) or _of_data(lang)["texts"].get(text, text))


def ours(text: str, lang: str = ENGLISH) -> bool:
    """Whether a text of a result is in its language, and not in that of the data that it came with."""
    if lang == ENGLISH or text in _translated(lang):
        return True
    # as a note of several sentences, each of which ends as sentences do here
    parts = re.split(f"(?<={re.escape(joint('stop', lang))})(?=.)", text)
    return len(parts) > 1 and all(part.strip() in _translated(lang) for part in parts)


def no_sum(metric: Metric, lang: str = ENGLISH) -> list[str]:
    """Say of a rate that it has no sum, and why; of any other metric nothing."""
    return [] if metric.adds_up else [said(lang, "page", "noSumWhy", metric=term(metric.title, lang))]


def measure(title: str, unit: str, denominator: str, lang: str = ENGLISH) -> tuple[str, str]:
    """Return what is measured, and its unit, so that neither says what the other does.

    Parameters
    ----------
    title, denominator : of a metric, in the language.

    Examples
    --------
    >>> measure("Share of network hashrate", "%", "of the Bitcoin network's hashrate")
    ("Share of the Bitcoin network's hashrate", '%')
    """
    name, unit, of = plain(title), term(unit, lang), plain(denominator)
    for short, full in words_of(lang, "measures").items():
        if name == term(short, lang) and of and of in str(full):
            return str(full), unit
    if not of or of.removeprefix("of ").lower() in name.lower():
        return name, unit
    return name, f"{unit} {of}".strip()


def number(value: float, digits: int, lang: str = ENGLISH) -> str:
    """Write a number that is no figure, such as a count: 1234.5 -> "1,234.5", half away from zero.

    Parameters
    ----------
    digits : decimals; all are written.
    """
    return decimal(rounded(value, digits), lang)


def decimal(exact: Decimal, lang: str = ENGLISH) -> str:
    """Write a decimal number with the decimals that it has, in the marks of a language."""
    if lang == ENGLISH:
        return f"{exact:,f}".replace("-", MINUS)
    from babel.numbers import format_decimal

    places = max(0, -int(exact.as_tuple().exponent))
    pattern = re.sub(
        r"\.[#0]+", f".{'0' * places}" if places else "", _locale(lang).decimal_formats[None].pattern
    )
    return str(format_decimal(exact, format=pattern, locale=_locale(lang))).replace("-", MINUS)


def with_unit(text: str, unit: str, lang: str = ENGLISH) -> str:
    """Put a unit after a number, on the same line: "46.0%", "66.76 EH/s", "12.5% of GDP", "52.1°"."""
    if not unit:
        return text
    if unit == "%" or unit.startswith("% "):
        return percent(lang).replace("{value}", text) + unit[1:]
    if unit == DEGREE or HAN.match(term(unit, lang)):
        return text + term(unit, lang)
    return said(lang, "number", "unit", value=text, unit=term(unit, lang))


def percent(lang: str = ENGLISH) -> str:
    """Return how a language writes percent, as CLDR has it: "{value}%" in English and Chinese."""
    return PERCENT if lang == ENGLISH else _percent(lang)


def period(start: str, end: str, lang: str = ENGLISH) -> str:
    """Name a period [start, end) of ISO days for people: "July 2021", "2021年7月"."""
    return periods.label(start, end) if lang == ENGLISH else _period(start, end, lang)


def class_words(keys: Iterable[str], lang: str = ENGLISH) -> dict[str, str]:
    """Return the templates that classes are named with, by `classes.LABELS`'s keys."""
    return {key: str(words_of(lang, "page" if key == "under" else "more")[key]) for key in keys}


def region_name(code: str, english: str, lang: str = ENGLISH) -> str:
    """Return a country's name.

    Parameters
    ----------
    code : ISO 3166-1 alpha-2; any other code, of a subdivision too, keeps its English name.
    """
    if lang == ENGLISH:
        return english
    return str(_locale(lang).territories.get(code, english)) if len(code) == 2 else english


def place(region: Place, lang: str = ENGLISH) -> str:
    """Return the name of a region of regions.csv: as the catalogue has it by its code, or as Babel has it."""
    known = _of_data(lang)["names"].get(region.code)
    return str(known) if known else region_name(region.alpha2, term(region.name, lang), lang)


def listed(names: Sequence[str], lang: str = ENGLISH) -> str:
    """Join names as people do: "A, B and C"."""
    if lang == ENGLISH:
        return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""
    from babel.lists import format_list

    return str(format_list(list(names), locale=_locale(lang)))


def joined(names: Sequence[str], lang: str = ENGLISH) -> str:
    """Join the items of a list that is no sentence: "A, B, C"."""
    return joint("separator", lang).join(names)


def number_format(lang: str) -> dict[str, Any]:
    """Return how a page's script writes numbers and months; nothing for English, which it knows by itself."""
    if lang == ENGLISH:
        return {}
    from babel.numbers import get_decimal_symbol, get_group_symbol

    locale = _locale(lang)
    return {
        "decimal": get_decimal_symbol(locale),
        "group": get_group_symbol(locale),
        "minus": MINUS,
        "percent": percent(lang),
        "unit": words_of(lang, "number")["unit"],
        "points": words_of(lang, "more")["points"],
        "months": [locale.months["stand-alone"]["abbreviated"][month] for month in range(1, 13)],
    }


def _period(start: str, end: str, lang: str) -> str:
    """Name a period by the catalogue's patterns and Babel's months and days."""
    first, last = date.fromisoformat(start), date.fromisoformat(end) - timedelta(days=1)
    year, _, part = periods.iso(start, end).partition("-")
    kind = {"Q": "quarter", "H": "half"}.get(part[:1], "")
    if kind:
        names = cast("Sequence[str]", words_of(lang, "period")["quarters" if kind == "quarter" else "halves"])
        return said(lang, "period", kind, year=str(first.year), **{kind: names[int(part[1]) - 1]})
    if not part and year.isdigit():
        return said(lang, "period", "year", year=str(first.year))
    if first.day == 1 and (last + timedelta(days=1)).day == 1:
        ends = [_month(first, lang), _month(last, lang)]
    else:
        ends = [_day(first, lang), _day(last, lang)]
    return ends[0] if ends[0] == ends[1] else said(lang, "period", "span", start=ends[0], end=ends[1])


def _month(day: date, lang: str) -> str:
    from babel.dates import format_skeleton

    return str(format_skeleton("yMMMM", day, locale=_locale(lang)))


def _day(day: date, lang: str) -> str:
    from babel.dates import format_date

    return str(format_date(day, "long", locale=_locale(lang)))


@cache
def _percent(lang: str) -> str:
    return re.sub(r"[#0.,]+", "{value}", str(_locale(lang).percent_formats[None].pattern).partition(";")[0])


@cache
def _locale(lang: str) -> Any:
    from babel import Locale

    return Locale.parse(str(_catalogue(lang)["locale"]))


@cache
def _catalogue(lang: str) -> dict[str, Any]:
    return toml_of((FOLDER / f"{lang}.toml").read_bytes())


@cache
def _of_data(lang: str) -> Mapping[str, Mapping[str, str]]:
    """Return what a language says of the data that ship: regions' names by code, texts by their English."""
    path = FOLDER / "data" / f"{known(lang)}.toml"
    return toml_of(path.read_bytes()) if path.exists() else {"names": {}, "texts": {}}


@cache
def _translated(lang: str) -> frozenset[str]:
    return frozenset([*_of_data(lang)["texts"].values(), *map(str, words_of(lang, "terms").values())])
