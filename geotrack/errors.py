"""The errors a user can meet, each with the exit code that the command line answers with."""

from __future__ import annotations

import errno
import re
import shlex
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any


class GeotrackError(Exception):
    """Base of every error that is the input's fault, not the program's.

    The message says where, what was found, what was expected and what to do next. The command line
    prints it without a traceback and exits with `exit_code`.
    """

    exit_code = 1

    def retold(self, message: str) -> GeotrackError:
        """Return the same fault in other words; an error that carries more than words keeps it."""
        return type(self)(message)

    def within(self, where: str) -> GeotrackError:
        """Return the same fault, with the place where it was found before it."""
        return self.retold(f"{where}: {self}")

    def in_python(self) -> GeotrackError:
        """Return the same fault, the options that it names written as arguments of a call."""
        return self.retold(_OPTION.sub(_argument, str(self)))


class ParseError(GeotrackError):
    """A file or a cell that cannot be read as what it should be."""

    exit_code = 3


class RegionError(GeotrackError):
    """Names or codes of regions that nothing matches; lists them all at once."""

    exit_code = 4


class BoundaryError(GeotrackError):
    """Boundaries that cannot be used: no code column, unknown CRS, no shapes."""

    exit_code = 5


class ValidationError(GeotrackError):
    """Observations that fail a check: duplicates, overlaps, sums, ranges, units."""

    exit_code = 6


class SpecError(GeotrackError):
    """A map's specification with an unknown key, a wrong value or an unknown name."""

    exit_code = 7


@dataclass(frozen=True)
class Choice:
    """One answer to a question.

    Parameters
    ----------
    option, value : what answers it, such as "dates" and "mdy"; no value where the user has to write it.
    means : what would be read then, shown by samples: "9/1/19 = 1 September 2019".
    """

    option: str
    value: str = ""
    means: str = ""

    def __str__(self) -> str:
        answer = f"--{self.option.replace('_', '-')} {_quoted(self.value) if self.value else '...'}"
        return f"{answer} ({self.means})" if self.means else answer

    @property
    def keyword(self) -> str:
        """Return the answer as an argument of `choropleth`."""
        answer = f"{self.option}={self.value!r}" if self.value else f"{self.option}=..."
        return f"{answer} ({self.means})" if self.means else answer


def _quoted(value: str) -> str:
    """Write a value as a shell takes it: in quotes that keep what a shell would make something else of."""
    if set(value) & set('"$`\\!\n'):
        return shlex.quote(value)
    return value if value and not set(value) & set(" \t'&|;<>*?()#[]{}~^=") else f'"{value}"'


@dataclass(frozen=True)
class Question:
    """What a table leaves open, with the answers there are.

    Parameters
    ----------
    found : where, and what was found, in words that end without a full stop.
    choices : at least one.
    """

    found: str
    choices: tuple[Choice, ...]

    @property
    def answers(self) -> object:
        """Return what tells a question from another: what may be said, or what was found if that is open."""
        said = tuple((choice.option, choice.value) for choice in self.choices)
        return said if all(value for _, value in said) else (self.found, said)

    def told(self, python: bool = False) -> str:
        """Say the question with its answers; `python`: as arguments of a call."""
        said = [choice.keyword if python else str(choice) for choice in self.choices]
        return f"{self.found}; say which: {' or '.join(said)}"


class AmbiguousError(SpecError):
    """What may be read in several ways: all open questions, each with the options that answer it."""

    def __init__(self, *questions: Question, python: bool = False) -> None:
        self.questions = questions
        super().__init__(self.told(python))

    def within(self, where: str) -> GeotrackError:
        """Return the same questions, with the place where they came up before them."""
        within = [replace(each, found=f"{where}: {each.found}") for each in self.questions]
        return AmbiguousError(*within)

    def in_python(self) -> GeotrackError:
        """Return the same questions, answered by arguments of a call."""
        return AmbiguousError(*self.questions, python=True)

    def told(self, python: bool = False) -> str:
        """Say all questions; `python`: with the answers as arguments of a call."""
        lines = [question.told(python) for question in self.questions]
        if len(lines) == 1:
            return lines[0]
        return "\n  ".join([f"{len(lines)} things are open:", *lines])


def _argument(found: re.Match[str]) -> str:
    """Write an option as an argument: --over-time mean -> over_time='mean'."""
    value = (found[2] or "").strip("\"'")
    open_ = not value or (value.isupper() and value.isalpha())  # a placeholder such as COLUMN
    return f"{found[1].replace('-', '_')}={'...' if open_ else repr(value)}"


_OPTION = re.compile(r"""--([a-z][a-z-]*)(?: ("[^"]*"|'[^']*'|[.,](?![^\s;)])|[^\s;,()]+))?""")


class Doubts:
    """Questions and faults as they come up, so that all of them are told at once."""

    def __init__(self) -> None:
        self.questions: list[Question] = []
        self.faults: list[GeotrackError] = []

    def add(self, *questions: Question | None) -> None:
        """Take questions; one that is asked already is asked once: an answer holds for all columns."""
        for each in questions:
            if each and each.answers not in [one.answers for one in self.questions]:
                self.questions.append(each)

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Take what is raised within; what follows there is left undone."""
        try:
            yield
        except AmbiguousError as error:
            self.add(*error.questions)
        except GeotrackError as error:
            self.faults.append(error)

    def refuse(self) -> None:
        """Raise what came up: the first fault, which says the others and the questions too."""
        if not self.faults:
            if self.questions:
                raise AmbiguousError(*self.questions)
            return
        first = self.faults[0]
        if len(self.faults) == 1 and not self.questions:
            raise first
        told = [str(fault) for fault in self.faults]
        told += [str(AmbiguousError(*self.questions))] if self.questions else []
        raise first.retold("\n".join(told)) from first


class OutputError(GeotrackError):
    """A place that cannot be written; what stood there before still stands."""

    exit_code = 8


def of_system(error: OSError) -> GeotrackError:
    """Return as an error of ours what the system refuses beyond what its caller expects, a long name say."""
    where = f"{str(error.filename)[:200]}: " if error.filename else ""
    told = f"{where}{error.strerror or error}"
    if error.errno == errno.ENAMETOOLONG:
        return SpecError(f"{told}; expected a shorter name")
    return GeotrackError(f"{told}; nothing was written there")


class FetchError(GeotrackError):
    """A source that did not answer, or refused."""

    exit_code = 9


class AcceptError(GeotrackError):
    """Warnings about new figures that nobody accepted; nothing was written."""

    exit_code = 10


class PartlyError(GeotrackError):
    """Some sources were brought up to date, others refused or could not be read."""

    exit_code = 11


def under_old_name(record: object, name: str, renamed: Mapping[str, str]) -> Callable[..., Any]:
    """Return the verb that `__getattr__` is asked for by its old name; called, it says the new one.

    Parameters
    ----------
    renamed : old name -> new name, of all of the record's class.

    Raises
    ------
    AttributeError : no verb ever had this name.
    """
    kind = type(record).__name__
    if name not in renamed:
        raise AttributeError(f"{kind!r} object has no attribute {name!r}")
    verb, told = getattr(record, renamed[name]), f"{kind}.{name}() is {renamed[name]}() now; write that"

    @wraps(verb)
    def called(*args: Any, **options: Any) -> Any:
        warnings.warn(told, DeprecationWarning, stacklevel=2)
        return verb(*args, **options)

    return called


LINE = "\n  "
"""Before each line of a list in a message."""


def first_few(items: Iterable[str], sep: str = "; ", *, count: int = 0, most: int = 10) -> str:
    """List the first items, and say how many more there are: "a; b; and 3 more", "a, b and 3 more".

    Parameters
    ----------
    items : the first of them, or all.
    sep : what stands between two; a line break begins a line of its own for what is left.
    count : how many there are, if more than the items given.
    most : how many are listed.
    """
    words = list(items)
    left = max(count, len(words)) - len(words[:most])
    listed = sep.join(words[:most])
    return f"{listed}{' ' if sep == ', ' else sep}{and_more(left)}" if left > 0 else listed


def and_more(left: int, what: str = "") -> str:
    """Say how many more there are; `what`: one of them, such as "row"."""
    return f"and {left:,} more{what and f' {what}'}{'s' if what and left != 1 else ''}"


def refuse_unknown(what: str, value: str, known: Sequence[str]) -> None:
    """Refuse a choice that there is not; "", the usual one, need not be named."""
    if value not in known:
        raise SpecError(f"{what} {value!r} is not known; expected one of: {', '.join(filter(None, known))}")
