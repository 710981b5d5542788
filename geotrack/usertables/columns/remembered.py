"""What an earlier table told of its periods, where a later one does not tell it, or tells otherwise."""

from __future__ import annotations

from collections import abc
from dataclasses import replace
from typing import Any

import numpy as np

from geotrack.errors import AmbiguousError, Choice, Question
from geotrack.periods import label, parse_column
from geotrack.usertables.columns.mapping import Mapping
from geotrack.usertables.columns.spans import Spans, found
from geotrack.usertables.columns.wordsaround import words_around
from geotrack.usertables.periods.columnread import meaning
from geotrack.usertables.periods.texts import written
from geotrack.usertables.reading import UserTable
from geotrack.usertables.words.yearwords import in_text


def otherwise(known: Mapping, table: UserTable, given: abc.Mapping[str, Any]) -> list[Question]:
    """Ask where what is remembered of periods would make others of these than they are by themselves.

    Parameters
    ----------
    known : how the earlier table was read.
    given : what the user says now, of which nobody is asked.
    """
    if known.as_said or any(column not in table.columns for column in known.used):
        return []  # that columns are gone is said elsewhere
    asked = [] if {"period_words", "freq", "year_ends"} & given.keys() else [_lost_words(known, table)]
    asked += [] if "freq" in given else [_other_days(known, table)]
    return [each for each in asked if each]


def refuse_otherwise(known: Mapping, table: UserTable) -> None:
    """Ask what `otherwise` finds, where nothing is said now.

    Raises
    ------
    AmbiguousError : something is open.
    """
    if asked := otherwise(known, table, {}):
        raise AmbiguousError(*asked)


def only_said(mapping: Mapping, table: UserTable) -> bool:
    """Tell whether periods are read as the user says, though they tell otherwise, or nothing, themselves."""
    return bool(_lost_words(mapping, table) or _other_days(mapping, table))


def _lost_words(known: Mapping, table: UserTable) -> Question | None:
    """Ask about years below a title that is gone."""
    if not known.period_words or words_around(known, table):
        return None
    said, ending = _spans(known, table), in_text(known.period_words, "")
    years = [text for each in said for text in each.texts if written(text).is_year]
    if not years or not ending:
        return None
    year = years[0]
    meant = ending.of_year(int(written(year).iso))
    return Question(
        f"the words {known.period_words!r} said of an earlier table which periods its years are, and here "
        f"no line says it: {year!r}",
        (
            Choice(
                "period_words", known.period_words, f"{year} = {meaning(meant)}" if meant else "as before"
            ),
            Choice("freq", "year", f"{year} = the year {year}, as it stands"),
        ),
    )


def _other_days(known: Mapping, table: UserTable) -> Question | None:
    """Ask about days that are none of what the days of an earlier table stood for."""
    if not known.freq:
        return None
    both = zip(_spans(known, table), _spans(replace(known, freq=""), table), strict=True)
    return next((asked for one, alone in both if (asked := _otherwise(known.freq, one, alone))), None)


def _otherwise(freq: str, said: Spans, alone: Spans) -> Question | None:
    if said.faults or said.questions or alone.faults:
        return None
    for asked in alone.questions:  # which the answer that is remembered answers, if it is one of its own
        if Choice("freq", freq) not in [replace(choice, means="") for choice in asked.choices]:
            return replace(asked, choices=(*asked.choices, Choice("freq", freq, "as in an earlier table")))
    if alone.questions:
        return None
    read = zip(said.texts, said.starts, said.ends, alone.starts, alone.ends, strict=True)
    other = [each for each in read if each[1:3] != each[3:]]
    if not other:
        return None
    inside = [each for each in other if each[1] < each[3] and each[4] < each[2]]
    text, start, end, first, last = (inside or other)[0]
    told = dict(alone.settled).get("freq", "day")
    return Question(
        f"days stood for a {freq} in an earlier table, and tell otherwise here: {text!r}",
        (
            Choice("freq", freq, f"{text} = {label(start, end)}"),
            Choice("freq", told, f"{text} = {label(first, last)}"),
        ),
    )


def _spans(mapping: Mapping, table: UserTable) -> list[Spans]:
    return found(table, mapping, np.ones(len(table.frame), dtype=bool), parse_column)
