"""Labels of totals and subtotals: "Total revenue", "Grand total", "Total Europe", "World total"."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOTAL = r"(?:(?:grand|overall|sub)[ -]?)?totals?|subtotals?|insgesamt|gesamt|totale?s?|totaux"
_BEFORE = re.compile(
    rf"(?:{_TOTAL})\b\s*[:,–-]?\s*(?:of|for|in|de|di|von|für)?\s*\b(?P<of>\S.*)", re.IGNORECASE
)
_BEHIND = re.compile(rf"(?P<of>.*\S)\s*[:,(–-]?\s*\b(?:{_TOTAL})\)?:?", re.IGNORECASE)
_BARE = re.compile(r"sub[ -]?totals?:?", re.IGNORECASE)
_OF_ALL = re.compile(
    r"(?:(?:net|gross|consolidated|company|group|corporate|operating|external|reported|all|long-lived|product"
    r"|world(?:wide)?|global|segment|annual|the|and|&"
    r"|property|plant|equipment|assets?|revenues?|sales|turnover|income|profit|earnings"
    r"|exports?|imports?|trade|production|consumption|generation|capacity"
    r"|population|emissions|employees"
    r"|headcount|staff|users|subscribers|customers|shipments|orders|units|value|amount|gdp"
    r"|investments?|deposits|loans|segments|regions"
    r"|geograph(?:y|ies|ic areas)|areas|countries|umsatz(?:erlöse)?|erlöse|einwohner"
    r"|ventas|ingresos|net[ao]s?|chiffre d['’]affaires|produits|ricavi|vendite|receitas?|vendas)[ ,]*)+",
    re.IGNORECASE,
)
"""What all regions have together: no word of it is a place."""


def part(label: str) -> str:
    """Return of what a label is the total: "Europe" of "Total Europe"; "" of other names."""
    found = _BEFORE.fullmatch(label.strip()) or _BEHIND.fullmatch(label.strip())
    return found["of"].strip(" :,–-()") if found else ""


def is_subtotal(label: str) -> bool:
    """Tell a label that may be the total of some of the regions beside it."""
    of = part(label)
    return bool(of and not _OF_ALL.fullmatch(of)) or _BARE.fullmatch(label.strip()) is not None


def variants(label: str) -> Iterator[str]:
    """Yield how else a total may be written: "Total" of "Total net sales", "World" of "Total World"."""
    if of := part(label):
        yield "Total" if _OF_ALL.fullmatch(of) else of
