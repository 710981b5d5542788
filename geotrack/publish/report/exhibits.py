"""A report's maps, figures and tables: numbered, captioned, told to who cannot see them, and referred to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from geotrack.build import maps
from geotrack.captions import captions
from geotrack.errors import SpecError
from geotrack.language.text import one_line
from geotrack.map import spec, views
from geotrack.publish.report.book import Book
from geotrack.publish.report.citations import Register
from geotrack.publish.report.document import OPEN, SHUT, TOKEN, Exhibit, Link, Meta, Piece, Ref, said
from geotrack.publish.report.quotes import Quotes, within
from geotrack.publish.report.table import WantedTable, tabulate
from geotrack.publish.report.template import line_of_call
from geotrack.store import reading

if TYPE_CHECKING:
    from geotrack.map.content import Content

MOST_COLUMNS, MOST_ROWS = 12, 10_000


class Exhibits:
    """What a template may show.

    Parameters
    ----------
    book : the figures. quotes : how they are written. register : notes the origins drawn on.
    meta : of the report.
    """

    def __init__(self, book: Book, quotes: Quotes, register: Register, meta: Meta) -> None:
        self.book, self.quotes, self.register, self.meta = book, quotes, register, meta
        self.pieces: list[Piece] = []
        self.maps: dict[str, None] = {}
        self.content = cache(self._content)

    def functions(self) -> dict[str, Callable[..., str]]:
        """Return the functions of a template, by name."""
        return {
            "map": self.map,
            "figure": self.figure,
            "table": self.table,
            "ref": self.ref,
            "event": self.event,
        }

    def map(self, name: str, at: str = "", metric: str = "", caption: str = "", id: str = "") -> str:
        """Show a default map: interactive in HTML, elsewhere a picture with a link."""
        view = views.choose(self.content(name), "map", [at] if at else [], metric)
        if at or metric:
            view = replace(view, content=replace(view.content, opening=view.slices[0]))
        return self._drawn("map", name, view, caption=caption, id=id)

    def figure(
        self,
        name: str,
        at: Sequence[str] | str = (),
        between: Sequence[str] = (),
        metric: str = "",
        *,
        cols: int = 0,
        caption: str = "",
        id: str = "",
    ) -> str:
        """Show a picture of slices of a map, or of the difference `between` two."""
        if at and between:
            raise SpecError("figure(): at and between exclude each other; give one of them")
        within("cols", cols, MOST_COLUMNS)
        kind: views.Kind = "difference" if between else "slices"
        wanted = views.several(between or at)
        view = views.choose(self.content(name), kind, wanted, metric)
        return self._drawn("figure", name, view, caption=caption, id=id, cols=cols)

    def table(
        self,
        name: str,
        at: Sequence[str] | str = (),
        top: int = 0,
        regions: Sequence[str] = (),
        *,
        metric: str = "",
        change: bool = False,
        caption: str = "",
        id: str = "",
    ) -> str:
        """Show figures of a series, or of a map's series, as a table.

        Parameters
        ----------
        at : periods, a column each; the first and the last that the series has if not given.
        top : so many regions, those with the highest figures in the last period; else all.
        regions : these only, in this order; groups too.
        change : add a column of what changed from the first period to the last.
        """
        within("top", top, MOST_ROWS)
        asked = views.several(at)
        series, measured = self._series(name, metric)
        wanted = WantedTable(series, measured, asked, top, tuple(regions), change, caption)
        table, said, origins = tabulate(wanted, self.book, self.quotes)
        exhibit = Exhibit("table", "", "", one_line(said), origins, table=table)
        return self._shown(exhibit, id, f"tab-{name}")

    def ref(self, id: str) -> str:
        """Name an exhibit where it is spoken of: "Figure 1"; it may stand before or after."""
        return self.token(Ref(id, line_of_call()))

    def event(self, day: str, text: str = "") -> str:
        """Name a dated event with a link to where it is told: its own words, or `text` in their place."""
        known = self.book.data.events
        found = [event for event in known if event.date == day]
        if not found:
            days = ", ".join(dict.fromkeys(event.date for event in known))
            raise SpecError(f"no event on {day!r}; expected one of: {days}")
        return self.token(Link(one_line(text or found[0].label), found[0].url))

    def check(self, path: Path, text: str) -> None:
        """Refuse references that lead nowhere, and exhibits that the text does not show once.

        Raises
        ------
        SpecError : names the lines and the ids that there are.
        """
        times = Counter(map(int, TOKEN.findall(text)))
        for place, piece in enumerate(self.pieces):
            if isinstance(piece, Exhibit) and times[place] != 1:
                raise SpecError(
                    f"{path}, line {piece.line}: {piece.label} ({piece.id}) is shown {times[place]} times; "
                    "expected once: write its call where it stands"
                )
        ids = [piece.id for piece in self.pieces if isinstance(piece, Exhibit)]
        lost = [piece for piece in self.pieces if isinstance(piece, Ref) and piece.id not in ids]
        if lost:
            raise SpecError(
                f"{path}, line {lost[0].line}: ref({lost[0].id!r}): nothing is shown under this name; "
                f"expected one of: {', '.join(ids) or 'none: there is no map, figure or table'}"
            )

    def token(self, piece: Piece) -> str:
        """Keep a piece, and return what holds its place in the text."""
        self.pieces.append(piece)
        return f"{OPEN}{len(self.pieces) - 1}{SHUT}"

    def _content(self, name: str) -> Content:
        folder = reading.spec_folder()
        known = sorted(path.stem for path in folder.glob("*.toml"))
        if name in known:
            wanted = spec.read(folder / f"{name}.toml")
            self.maps[name] = None
        elif name in self.book.data.series:
            wanted = spec.Spec(series=name)
        else:
            raise SpecError(f"no map {name!r}; expected one of: {', '.join(known)}, or the name of a series")
        content = maps.build(replace(wanted, lang=self.meta.lang), name, self.book.data).content
        self.book.table(content.series.name)
        return content

    def _drawn(
        self,
        kind: str,
        name: str,
        view: views.View,
        *,
        caption: str,
        id: str,
        cols: int = 0,
    ) -> str:
        origins = tuple(origin.id for origin in view.content.origins)
        link = f"{self.meta.maps.rstrip('/') or '.'}/{name}.html" if kind == "map" and self.meta.maps else ""
        text = one_line(caption or captions.caption(view))
        exhibit = Exhibit(
            kind, "", "", text, origins, alt=one_line(captions.alt_text(view)), view=view, link=link,
            long=one_line(captions.long_description(view)), cols=cols,
        )  # fmt: skip
        return self._shown(exhibit, id, f"fig-{name}")

    def _shown(self, exhibit: Exhibit, id: str, usual: str) -> str:
        shown = [piece for piece in self.pieces if isinstance(piece, Exhibit)]
        word = "table" if exhibit.kind == "table" else "figure"
        number = 1 + sum((piece.kind == "table") == (word == "table") for piece in shown)
        self.register.use(exhibit.origins)
        self.register.cite(exhibit.origins)
        known = replace(
            exhibit,
            id=_free(id, usual, [piece.id for piece in shown]),
            label=self._say(word, number=str(number)),
            line=line_of_call(),
        )
        return f"\n\n{self.token(known)}\n\n"

    def _series(self, name: str, metric: str) -> tuple[str, str]:
        folder = reading.spec_folder()
        if name in {path.stem for path in folder.glob("*.toml")} and name not in self.book.data.series:
            wanted = spec.read(folder / f"{name}.toml")
            self.maps[name] = None
            return wanted.series, metric or next(iter(wanted.metrics), "") or self.book.metric(
                wanted.series, ""
            ).name
        if name not in self.book.data.series:
            self._content(name)  # says what there is
        return name, self.book.metric(name, metric).name

    def _say(self, key: str, **values: str) -> str:
        return said(self.meta.lang, key, **values)


def _free(id: str, usual: str, taken: Sequence[str]) -> str:
    """Return the id asked for, or the usual one with a number if it is taken."""
    if id and (not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", id) or id.startswith("source") or id in taken):
        raise SpecError(
            f"id = {id!r} cannot be used; expected letters, digits and hyphens, as in fig-change, not "
            f"beginning with source, and none of: {', '.join(taken) or 'nothing yet'}"
        )
    numbered = (f"{usual}-{number}" for number in count(2))
    return id or next(name for name in chain([usual], numbered) if name not in taken)
