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
    names = (*_names(lang), _OF_TABLES.get(lang, ""))
    found = (word for name in names for word in WORD.findall(unicodedata.normalize("NFC", name)))
    return frozenset(word.lower() for word in found if not word.isascii())


@cache
def whole(lang: str) -> frozenset[str]:
    """Return what may be all that a cell holds, in small letters: names of countries, words that tables have.

    Parameters
    ----------
    lang : as Babel calls it.
    """
    from babel import Locale

    found = [*Locale.parse(lang).territories.values(), *_OF_TABLES.get(lang, "").split()]
    texts = {unicodedata.normalize("NFC", text).lower() for text in found}
    return frozenset(
        text for text in (*texts, *(t.replace(" & ", " and ") for t in texts)) if not text.isascii()
    )


_OF_TABLES = {
    "de": "Großbritannien Weißrussland Außenhandel Straße Straßen Größe Maße groß große außer außerhalb"
    " einschließlich ausschließlich schließlich gemäß weiß Fuß Erlöse Umsätze Umsatzerlöse Länder Bevölkerung"
    " für über übrige Übrige Zuschüsse Beschäftigte Erwerbstätige Preise Verkäufe Währung jährlich geschätzt"
    " vorläufig Veränderung Schätzung männlich Haushalte Überschuss Gebühren",
    "fr": "à où dès année années région régions département départements période dépenses recettes bénéfice"
    " société sociétés élevé estimé provisoire révisé données année pays étranger intérieur marché marchés"
    " énergie électricité"
    " pétrole hôpital hôtels étudiants ménages salariés chômage quantité",
    "es": "año años población región país países según también número millón españoles producción exportación"
    " importación exportaciones importaciones energía código categoría tasa índice inversión",
    "pt": "não população região regiões país países período milhões preço preços produção exportação"
    " importação exportações importações são código índice número emissões participação",
    "it": "città età attività quantità più però società popolazione unità",
    "ca": "població any país regió producció",
    "sv": "år län kön ålder område värde kvartal månad befolkning",
    "da": "år område måned værdi køn befolkning",
    "nb": "år område måned verdi kjønn fylke befolkning",
    "fi": "väestö määrä kesäkuu yhteensä alue vuosi",
}
"""Words that tables are full of and CLDR lacks; ours."""


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
