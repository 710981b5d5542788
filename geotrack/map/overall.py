"""What a source says of all regions together that is no whole of theirs, as of a rate: said in a note."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from geotrack.language import catalogue, partly
from geotrack.language.figures import written
from geotrack.language.numbers import digits_of
from geotrack.map.slices import Cut
from geotrack.model import MISSING


def no_whole(cut: Cut) -> bool:
    """Tell whether what is stated of all regions is no whole that what is not stated can be told from.

    It is none of a rate, nor where figures are below zero: what is not stated may then be anything.
    """
    return not cut.metric.adds_up or bool(cut.metric.whole is None and (cut.values < 0).any())


def with_overall(cut: Cut, wholes: Collection[str], lang: str) -> Cut:
    """Say of each overall figure that is no whole that it is the source's own; see `no_whole`.

    Parameters
    ----------
    wholes : codes of all regions together: "total", "world".
    """
    rows = [u for u, code in enumerate(cut.units) if code in wholes]
    if not (rows and no_whole(cut)):
        return cut
    notes, places = list(cut.notes), cut.note.copy()
    for i, t in np.argwhere(cut.status[rows] != MISSING).tolist():
        u, digits = rows[i], digits_of(cut.values[rows[i]])
        value, status = float(cut.values[u, t]), int(cut.status[u, t])
        told = written(value, status, digits=digits, unit=cut.metric.unit, lang=lang)
        text = catalogue.said(lang, "more", "overall", value=told)
        own = partly.note(notes[places[u, t]], lang) if places[u, t] >= 0 else ""
        text = catalogue.joint("gap", lang).join([text, own] if own else [text])
        notes += [text] if text not in notes else []
        places[u, t] = notes.index(text)
    return replace(cut, note=places, notes=tuple(notes))
