"""Who is cited in a report, in what order, and in which words: numbers, or author and date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from geotrack.errors import SpecError
from geotrack.language.text import one_line
from geotrack.map import localised
from geotrack.model import Origin, Provider
from geotrack.publish.report.document import Cite, Document, Source


class Register:
    """The origins that a report cites, and those that it only draws on, each once and in order.

    Parameters
    ----------
    origins : every origin of the data folder, by id.
    """

    def __init__(self, origins: Mapping[str, Origin]) -> None:
        self.origins = origins
        self.cited: dict[str, None] = {}
        self.used: dict[str, None] = {}

    def use(self, ids: Iterable[str]) -> None:
        """Note that a number or a picture draws on origins."""
        self.used |= dict.fromkeys(id for id in ids if id in self.origins)

    def cite(self, ids: Iterable[str]) -> Cite:
        """Note that origins are cited here."""
        found = tuple(dict.fromkeys(id for id in ids if id in self.origins))
        self.cited |= dict.fromkeys(found)
        return Cite(found)

    def sources(self, style: str, lang: str) -> tuple[Source, ...]:
        """Return the source list: those cited in order of appearance, then those used without being cited.

        Parameters
        ----------
        style : "numeric" or "author-date". lang : of what we say of them, such as that no licence is stated.
        """
        order = list(dict.fromkeys([*self.cited, *self.used]))
        labels = _dated(self.origins, order) if style == "author-date" else {}
        return tuple(
            Source(number, labels.get(id, str(number)), localised.origin(self.origins[id], lang))
            for number, id in enumerate(order, 1)
        )


def resolve(
    name: str,
    origins: Mapping[str, Origin],
    of_series: Mapping[str, Sequence[str]],
    providers: Sequence[Provider],
) -> tuple[str, ...]:
    """Return the origins that a name stands for: an origin's own id, a series', or a provider's.

    Parameters
    ----------
    of_series : name of a series -> ids of the origins that its figures name.

    Raises
    ------
    SpecError : it is none of these; says what there is.
    """
    if name in origins:
        return (name,)
    if name in of_series:
        return tuple(of_series[name])
    fed = [s for p in providers if name in {p.name, p.group} for s in p.series if s in of_series]
    if fed:
        return tuple(dict.fromkeys(id for series in fed for id in of_series[series]))
    names = [*origins, *of_series, *(p.name for p in providers)]
    near = get_close_matches(name, names, n=3)
    hint = f"perhaps {' or '.join(near)}? Else" if near else "expected"
    raise SpecError(
        f"cite({name!r}): no such source; {hint} the id of an origin, a provider "
        f"({', '.join(p.name for p in providers)}) or a series ({', '.join(of_series)})"
    )


def words_of(cite: Cite, document: Document) -> list[tuple[str, int]]:
    """Return what a citation says, each part with the number of the source that it leads to.

    >>> # numeric: [("1", 1), ("3–5", 3)]; by author and date: [("Canaan Inc. 2021", 2)]
    """
    sources = [document.numbers[id] for id in cite.origins]
    if document.meta.citations == "author-date":
        return [(source.label, source.number) for source in sources]
    numbers = sorted(source.number for source in sources)
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    # a run of two is no range
    parts = [part for run in runs for part in ([run] if len(run) > 2 else [[n] for n in run])]
    return [(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]), run[0]) for run in parts]


def brackets(document: Document) -> tuple[str, str]:
    """Return what stands around a citation."""
    return ("(", ")") if document.meta.citations == "author-date" else ("[", "]")


def _dated(origins: Mapping[str, Origin], order: Sequence[str]) -> dict[str, str]:
    """Author and year; a letter tells apart two of one author and year."""
    plainly = {id: f"{_author(origins[id])} {_year(origins[id])}" for id in order}
    labels: dict[str, str] = {}
    for id, label in plainly.items():
        same = [other for other in order if plainly[other] == label]
        labels[id] = label + (_letter(same.index(id)) if len(same) > 1 else "")
    return labels


def _author(origin: Origin) -> str:
    """The publisher's own short name, if it gives one in brackets: "... (CCAF)" is CCAF."""
    text = one_line(origin.publisher)
    short = re.search(r"\(([A-Z][A-Za-z&]{1,9})\)", text)
    return short[1] if short else text


def _year(origin: Origin) -> str:
    return origin.published[:4] or "n.d."


def _letter(place: int) -> str:
    return chr(ord("a") + place) if place < 26 else f"-{place + 1}"
