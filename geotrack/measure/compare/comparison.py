"""What several sources say of one question, side by side: text, table, JSON and HTML."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from geotrack.errors import under_old_name
from geotrack.language import catalogue
from geotrack.language.figures import written
from geotrack.language.numbers import digits_of
from geotrack.language.text import one_line
from geotrack.measure.aligned import plain_values, table, wrapped
from geotrack.model import AT_MOST, LOWER_BOUND, REPORTED, SAID, brief

if TYPE_CHECKING:
    import pandas as pd
    from _typeshed import DataclassInstance


WIDTH = 100  # columns of the sentences
DIGITS = 4  # decimals of a cell

STATUS_OF = {
    "value": "status", "amount": "status", "first": "first_status", "second": "second_status",
    "first_value": "first_status", "second_value": "second_status", "points": "status",
    "before": "before_status", "after": "after_status",
}  # fmt: skip
"""Field of a record -> that with its status, where it has one: a bound is written as one."""

PLACES = ("region", "source", "target")
"""Fields of a record that are codes of regions."""


@dataclass(frozen=True)
class Section:
    """A table of records of one kind.

    Parameters
    ----------
    columns : field of a record -> head of its column. names : code of a region -> its name, for readers;
        records keep codes.
    """

    title: str
    columns: Mapping[str, str]
    records: tuple[DataclassInstance, ...]
    lang: str = catalogue.ENGLISH
    names: Mapping[str, str] = field(default_factory=dict)

    __repr__ = brief

    def cells(self) -> list[list[str]]:
        """Return the records as text."""
        return [[self._cell(record, name) for name in self.columns] for record in self.records]

    def _cell(self, record: DataclassInstance, name: str) -> str:
        if name in PLACES:
            return self.names.get(getattr(record, name), getattr(record, name))
        return _cell(record, name, self.lang)


@dataclass(frozen=True)
class Comparison:
    """Sections beside each other, never joined into one line.

    Parameters
    ----------
    name, title : str
        Short name and wording of the question.
    said : tuple of str
        What follows, and what does not, a sentence each.
    sections : tuple of Section
        Tables, one per source or kind of record.
    notes : tuple of str, optional
        The series' methods and caveats.
    lang : str, optional
        Language of what geotrack says; English if not given.
    """

    name: str
    title: str
    said: tuple[str, ...]
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    lang: str = catalogue.ENGLISH

    __repr__ = brief

    @property
    def told(self) -> str:
        """The title and what is said, as one paragraph."""
        title = catalogue.said(self.lang, "caption", "sentence", text=self.title)
        return catalogue.joint("gap", self.lang).join((title, *self.said))

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Return a verb by its old name."""
            return under_old_name(self, name, {"text": "to_text"})

    def __str__(self) -> str:
        """Return sentences and tables."""
        return self.to_text()

    def to_text(self, width: int = 0) -> str:
        """Return what is said, tables and notes, folded into a terminal's columns.

        Parameters
        ----------
        width : int, optional
            Columns of the terminal; 0, or if not given: tables and notes as wide as they are.

        Returns
        -------
        str
            Lines of plain text in the comparison's language.
        """
        parts = [wrapped(self.told, min(width or WIDTH, WIDTH))]
        for section in self.sections:
            head = list(section.columns.values())
            drawn = table(head, section.cells(), width) if section.records else say(self.lang, "none")
            parts.append(f"{wrapped(section.title, width)}\n{drawn}")
        parts.append("\n".join(wrapped(note, width, "- ") for note in self.notes))
        return "\n\n".join(part for part in parts if part)

    def to_frame(self) -> pd.DataFrame:
        """Return the records of the first section as a table.

        Returns
        -------
        DataFrame
            One row per record and a column per field; regions are codes.
        """
        import pandas as pd

        return pd.DataFrame([plain_values(asdict(record)) for record in self.sections[0].records])

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values for JSON.

        Returns
        -------
        dict of str to object
            Sentences, notes and the records of all sections; None where there is no figure.
        """
        sections = [{"title": s.title, "records": [asdict(r) for r in s.records]} for s in self.sections]
        told = {"name": self.name, "title": self.title, "said": list(self.said), "sections": sections}
        return dict(plain_values(told | {"notes": list(self.notes)}))

    def _repr_html_(self) -> str:
        """Display in a notebook, every text escaped."""
        tables = "".join(
            f"<p>{html.escape(one_line(s.title))}</p>{_html(list(s.columns.values()), s.cells())}"
            for s in self.sections
        )
        return f"<div><p>{html.escape(one_line(self.told))}</p>{tables}</div>"


def say(lang: str, key: str, **values: str) -> str:
    """Return what the catalogue says of comparisons."""
    return catalogue.said(lang, "compare", key, **values)


def section(
    lang: str,
    key: str,
    columns: Mapping[str, str],
    records: Sequence[DataclassInstance],
    names: Mapping[str, str] | None = None,
    **values: str,
) -> Section:
    """Return a table of records: `key` names its title in the catalogue, `columns` a head for each field."""
    words = catalogue.words_of(lang, "heads")
    heads = {each: str(words[name]) for each, name in columns.items()}
    return Section(say(lang, key, **values), heads, tuple(records), lang, names or {})


def _html(head: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    lines = [("th", head), *(("td", line) for line in cells)]
    return (
        "<table>"
        + "".join(
            f"<tr>{''.join(f'<{tag}>{html.escape(one_line(cell))}</{tag}>' for cell in line)}</tr>"
            for tag, line in lines
        )
        + "</table>"
    )


def _cell(record: DataclassInstance, field: str, lang: str) -> str:
    value = getattr(record, field)
    if isinstance(value, bool):
        return say(lang, "yes" if value else "no")
    if isinstance(value, int):
        return catalogue.number(value, 0, lang)
    if isinstance(value, float):
        digits, status = digits_of(np.array(value)), _bound(record, field)
        if math.isnan(value):
            return "–"
        return written(value, status, digits=digits, lang=lang, most=DIGITS, least=0)
    if field in STATUS_OF.values():
        return str(cast("Mapping[str, str]", catalogue.words_of(lang)["status"]).get(value, value))
    return catalogue.term(value, lang) if field == "unit" else str(value)


def _bound(record: DataclassInstance, field: str) -> int:
    status = SAID.index(getattr(record, STATUS_OF.get(field, ""), SAID[REPORTED]))
    return status if status in {LOWER_BOUND, AT_MOST} else REPORTED
