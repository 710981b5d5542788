"""What a note says of a figure that speaks of a part of its period: written, found again, and translated.

Other notes, on figures and on sources, are translated here too, part by part and sentence by sentence. The
words of parts are the catalogue's English ones. They are stored with figures, too, so that whoever changes
them there gives these figures a new note at the next update.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import cast

from geotrack import periods
from geotrack.errors import ParseError
from geotrack.language.catalogue import ENGLISH, counted, joint, period, said, term, words_of

OBSERVED, NAMED, MONTH, LATEST = "{unit}sObserved", "{unit}sNamed", "partialMonth", "latestFigure"
"""Keys of the catalogue's [more]."""
_NEXT = re.compile(r"(?<=\.) (?=[A-Z])")
"""Where a sentence ends and the next begins."""
_HOLDS = {"some": r"\d+", "all": r"\d+", "text": ".+", "period": r"\S+"}


def observed(some: int, all_of: int, unit: str) -> str:
    """Say how much of a period has figures: "5 of 12 months observed"; the unit is "month" or "day"."""
    return _counted(OBSERVED.format(unit=unit), some, all_of)


def named(some: int, all_of: int, unit: str) -> str:
    """Say how much of a period a region is named in, where others have more: "named in 4 of 5 months"."""
    return _counted(NAMED.format(unit=unit), some, all_of)


def month(text: str) -> str:
    """Say of a month that it is not whole, and `text` of what there is."""
    return said(ENGLISH, "more", MONTH, text=text)


def latest(start: str, end: str) -> str:
    """Say when the last figure of a slice is, as ISO 8601 writes it."""
    return said(ENGLISH, "more", LATEST, period=periods.iso(start, end))


def observing() -> str:
    """Return the pattern of notes of means that rest on some days of their period; may be more in a note."""
    return "|".join(re.sub(r"\(\?P<\w+>", "(?:", text) for text in _patterns(OBSERVED.format(unit="day")))


def note(text: str, lang: str = ENGLISH) -> str:
    """Return a note of figures in a language, part by part where it has several; a user's own as it is."""
    whole = term(text, lang)
    if whole != text:
        return whole
    parts = text.split("; ")
    said_so = [partial(term(part, lang), lang) for part in parts]
    return text if said_so == parts else joint("semicolon", lang).join(said_so)


def sentences(text: str, lang: str = ENGLISH) -> str:
    """Return a note of a source in a language, sentence by sentence; one that has no term is as it is."""
    if lang == ENGLISH:
        return text
    parts = _NEXT.split(text)
    told = [term(part, lang) for part in parts]
    return text if told == parts else joint("gap", lang).join(told)


def naming(text: str, lang: str = ENGLISH) -> str:
    """Return what a note in a language says of how much of a period a region is named in; "" if nothing."""
    parts = text.split(joint("semicolon", lang))
    keys = [NAMED.format(unit=unit) for unit in ("month", "day")]
    return next((part for part in parts for key in keys if _read(key, part, lang)), "")


def partial(text: str, lang: str = ENGLISH) -> str:
    """Return what is said of less than a slice ("named in 2 of 3 months") in a language."""
    if found := _read(LATEST, text):
        try:
            return said(lang, "more", LATEST, period=period(*periods.parse(found["period"]), lang))
        except ParseError:  # somebody's own words
            return text
    if lang == ENGLISH:
        return text
    if (found := _read(MONTH, text)) and (inner := partial(found["text"], lang)) != found["text"]:
        return said(lang, "more", MONTH, text=inner)
    for key in (form.format(unit=unit) for form in (OBSERVED, NAMED) for unit in ("month", "day")):
        if found := _read(key, text):
            return _counted(key, int(found["some"]), int(found["all"]), lang)
    return text


@cache
def _counted(key: str, some: int, all_of: int, lang: str = ENGLISH) -> str:
    return counted(lang, "more", key, all_of, some=f"{some}", all=f"{all_of}")


def _read(key: str, text: str, lang: str = ENGLISH) -> Mapping[str, str] | None:
    """Return what a text says, if it is one of a key's."""
    matches = (re.fullmatch(pattern, text) for pattern in _patterns(key, lang))
    return next((found.groupdict() for found in matches if found), None)


@cache
def _patterns(key: str, lang: str = ENGLISH) -> tuple[str, ...]:
    """Return what finds the texts of a key again: in each of its forms, what {stands} in it."""
    forms = words_of(lang, "more")[key]
    texts = [forms] if isinstance(forms, str) else cast("Mapping[str, str]", forms).values()
    return tuple(
        re.sub(r"\\\{(\w+)\\\}", lambda found: f"(?P<{found[1]}>{_HOLDS[found[1]]})", re.escape(text))
        for text in texts
    )
