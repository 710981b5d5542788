"""What comes with figures, in the language of a result: series, sources, events, notes on boundaries."""

from __future__ import annotations

from dataclasses import replace

from geotrack.geo.topology import BoundaryInfo
from geotrack.language import catalogue
from geotrack.language.partly import note, sentences
from geotrack.model import DoubtfulFigures, Event, Metric, Origin, Series, Slice

__all__ = ["boundaries", "event", "metric", "note", "origin", "series", "step"]


def series(told: Series, lang: str) -> Series:
    """Return a series whose titles, method, caveats and gaps are in a language, where it has them."""
    if lang == catalogue.ENGLISH:
        return told
    return replace(
        told,
        title=catalogue.term(told.title, lang),
        method=catalogue.term(told.method, lang),
        caveats=tuple(catalogue.term(text, lang) for text in told.caveats),
        missing=catalogue.term(told.missing, lang),
        overlaps=catalogue.term(told.overlaps, lang),
        short=tuple(replace(each, text=catalogue.term(each.text, lang)) for each in told.short),
        marks=tuple(replace(each, words=catalogue.term(each.words, lang)) for each in told.marks),
        metrics=tuple(metric(each, lang) for each in told.metrics),
        doubts=tuple(_doubt(each, lang) for each in told.doubts),
        moves=str(catalogue.words_of(lang, "moving").get(told.moves, catalogue.term(told.moves, lang))),
    )


def _doubt(told: DoubtfulFigures, lang: str) -> DoubtfulFigures:
    readings = tuple(
        replace(
            each, title=catalogue.term(each.title, lang), assumption=catalogue.term(each.assumption, lang)
        )
        for each in told.readings
    )
    return replace(told, assumption=catalogue.term(told.assumption, lang), readings=readings)


def metric(told: Metric, lang: str) -> Metric:
    """Return a metric whose title and denominator are in a language; its unit stays, a key."""
    title, denominator = (catalogue.term(text, lang) for text in (told.title, told.denominator))
    return replace(told, title=title, denominator=denominator)


def origin(told: Origin, lang: str) -> Origin:
    """Return a source with what we say of it in a language: no licence stated, nobody named."""
    ours = ("publisher", "title", "url", "licence")
    said = {name: catalogue.term(getattr(told, name), lang) for name in ours}
    return replace(told, **said, note=sentences(told.note, lang))


def step(told: Slice, lang: str) -> Slice:
    """Return a slice under the name that a language gives it."""
    return replace(told, label=catalogue.period(told.start, told.end, lang))


def event(told: Event, lang: str) -> Event:
    """Return an event that is told in a language."""
    return replace(told, label=catalogue.term(told.label, lang), note=catalogue.term(told.note, lang))


def boundaries(told: BoundaryInfo, lang: str) -> BoundaryInfo:
    """Return what is said of boundaries in a language."""
    names = ("title", "vintage", "viewpoint", "note")
    return replace(told, **{name: catalogue.term(getattr(told, name), lang) for name in names})
