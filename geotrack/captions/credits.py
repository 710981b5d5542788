"""Whom a piece credits: publishers, documents, licences and days, and up to when its figures reach."""

from __future__ import annotations

from collections.abc import Iterable

from geotrack import periods
from geotrack.errors import ParseError
from geotrack.language import catalogue
from geotrack.language.catalogue import aside, joint, said
from geotrack.language.text import plain
from geotrack.map.content import Content, Shows, content_of
from geotrack.model import Origin

MOST_TITLES = 2  # of a publisher: more are a number
MOST_MENDED = 10  # regions by name; of more their number


def source_line(shown: Content | Shows) -> str:
    """Return who published the figures, in which documents, under which licence, and when they were read."""
    content = content_of(shown)
    by: dict[str, list[Origin]] = {}
    if content.origins and all(origin.unstated for origin in content.origins):
        return said(content.lang, "caption", "sourceUnstated")
    for origin in content.origins:
        by.setdefault(origin.publisher, []).append(origin)
    lang, gap = content.lang, catalogue.joint("semicolon", content.lang)
    items = []
    for publisher, origins in by.items():
        titles = list(dict.fromkeys(plain(origin.title) for origin in origins))
        named = catalogue.joined(titles, lang)
        if len(titles) > MOST_TITLES:
            named = catalogue.counted(lang, "caption", "documents", len(titles))
        licences = catalogue.joined(list(dict.fromkeys(plain(o.licence) for o in origins)), lang)
        facts = [catalogue.said(lang, "caption", "licence", text=licences)]
        facts += _dates(lang, "published", [o.published for o in origins])
        facts += _dates(lang, "retrieved", [o.retrieved for o in origins])
        texts = {"publisher": plain(publisher), "titles": named, "facts": gap.join(facts)}
        once = len(titles) == 1 and named.startswith(texts["publisher"])  # "Craft, Craft, Canaan company ..."
        items.append(catalogue.said(lang, "caption", "sourceOnce" if once else "sourceItem", **texts))
    return catalogue.counted(lang, "caption", "source", len(items), items=gap.join(items)) if items else ""


def data_as_of(shown: Content | Shows) -> str:
    """Return up to when the figures reach, and when they were last read (else: published)."""
    content = content_of(shown)
    lang, period = content.lang, content.slices[-1].label
    for key, days in (
        ("dataRetrieved", [o.retrieved for o in content.origins]),
        ("dataPublished", [o.published for o in content.origins]),
    ):
        if latest := max((day[:10] for day in days if day), default=""):
            return catalogue.said(lang, "caption", key, period=period, day=_day(latest, lang))
    return catalogue.said(lang, "caption", "dataAsOf", period=period)


def _dates(lang: str, key: str, days: Iterable[str]) -> list[str]:
    known = sorted(day[:10] for day in days if day)
    if not known:
        return []
    first, last = _day(known[0], lang), _day(known[-1], lang)
    text = first if first == last else catalogue.said(lang, "period", "span", start=first, end=last)
    return [catalogue.said(lang, "caption", key, day=text)]


def _day(text: str, lang: str) -> str:
    try:
        return catalogue.period(*periods.parse(text), lang)
    except ParseError:
        return plain(text)


def boundary_facts(content: Content) -> dict[str, str]:
    """Return where the shapes come from and how they see the world."""
    info = content.boundaries.info
    names = (
        "name",
        "title",
        "publisher",
        "url",
        "licence",
        "licence_url",
        "vintage",
        "viewpoint",
        "sha256",
        "note",
    )
    return {name: str(getattr(info, name)) for name in names} | {"crs": content.boundaries.crs}


def mended(shown: Content | Shows) -> str:
    """Return whose outlines crossed themselves and were mended, a sentence; "" where all are as given."""
    content = content_of(shown)
    known = dict(zip(content.boundaries.codes, content.boundaries.names, strict=True))
    names = [known[code] for code in content.boundaries.mended if code in known]
    if not names:
        return ""
    told = catalogue.joined([*names[:MOST_MENDED], *(["…"] if names[MOST_MENDED:] else [])], content.lang)
    return catalogue.counted(content.lang, "caption", "mended", len(names), regions=told)


def citation(content: Content, version: str) -> str:
    """Return the sentence to cite the map by, with every publisher it drew on."""
    start, end = content.slices[0].label, content.slices[-1].label
    comma, semicolon = (joint(key, content.lang) for key in ("comma", "semicolon"))
    told = (
        o.publisher
        if o.unstated
        else aside(comma.join([o.publisher, o.title, o.url]), o.licence, content.lang)
        for o in content.origins
    )
    sources = semicolon.join(dict.fromkeys(told))
    about = {"title": content.title, "start": start, "end": end, "version": version, "sources": sources}
    return said(content.lang, "more", "citation", **about)
