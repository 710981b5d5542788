"""What is said, and what is found, of a column of texts that are periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from geotrack import periods
from geotrack.errors import Choice, Question


@dataclass(frozen=True)
class Said:
    """What the user says of periods: `freq`, `dates`, `year_ends`, `ends` of a mapping."""

    freq: str = ""
    dates: str = ""
    year_ends: int = 0
    ends: str = ""


@dataclass
class Read:
    """The distinct texts of a column, read.

    Parameters
    ----------
    texts : as they are written.
    iso : what `periods.parse_column` is to read, "" where a text is no period.
    statuses, notes : what marks behind the texts say of the figures.
    lost : why texts are no period (what they are, what is expected) -> which.
    freq : what days stand for, as said, or as the other texts tell.
    how : in words, what was decided.
    questions : what is open.
    settled : whether `freq` is what the texts tell, to be kept for the next file, which may not tell it.
    words : around the texts, that say which periods they are; kept for the same reason.
    """

    texts: Sequence[str]
    iso: list[str]
    statuses: list[str]
    notes: list[str]
    freq: str = ""
    lost: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    how: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    settled: bool = False
    words: str = ""

    def lose(self, texts: Sequence[str], what: str, expected: str) -> None:
        """Note texts that cannot be read."""
        if texts:
            self.lost.setdefault((what, expected), []).extend(texts)

    def ask(self, found: str, *choices: Choice) -> None:
        """Note a question."""
        self.questions.append(Question(found, choices))


def meaning(iso: str) -> str:
    """Name a period for people: "2019-09" is "September 2019"."""
    return periods.label(*periods.parse(iso))


def sample(pairs: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{text} = {meaning(iso)}" for text, iso in pairs[:2])


def months_of(iso: str) -> int:
    """Return the number of a period's first month, counted from the year 0."""
    start = date.fromisoformat(periods.parse(iso)[0])
    return start.year * 12 + start.month


@lru_cache(maxsize=100_000)
def length_of(iso: str) -> str:
    """Return how long a period is: "day", "week", "month", "quarter", "half", "year"; else ""."""
    start, end = map(date.fromisoformat, periods.parse(iso))
    if (days := (end - start).days) in (1, 7):
        return "day" if days == 1 else "week"
    months = (end.year - start.year) * 12 + end.month - start.month if start.day == end.day == 1 else 0
    return next((name for name, count in periods.MONTHS_IN.items() if count == months), "")
