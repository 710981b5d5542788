"""A report's template: its front matter, and its text with every call worked out, or the line at fault."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from types import TracebackType
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from markupsafe import Markup

from geotrack.errors import GeotrackError, ParseError, SpecError
from geotrack.files import toml_of
from geotrack.language.text import one_line
from geotrack.publish.escaping import escaped
from geotrack.publish.report.document import OPEN, SHUT, Meta
from geotrack.publish.report.limits import MOST_CELLS, MOST_MADE, BoundedEnvironment

FENCE = "+++"
DROPPED = ("lipsum", "cycler", "joiner")
"""Of Jinja's own: lipsum is random, the others have no use in a text."""

CITATIONS = ("numeric", "author-date")


@dataclass(frozen=True)
class Template:
    """A template as read: its front matter and its text, whose lines keep their numbers.

    Parameters
    ----------
    lang : that its front matter says it is written in, "" where it says none.
    """

    path: Path
    meta: Meta
    text: str
    lang: str = ""


def read(path: Path) -> Template:
    """Read a template.

    Raises
    ------
    SpecError : no such file, or a front matter with an unknown key or a value that is no text.
    ParseError : not UTF-8, or a front matter that is no TOML or does not end.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError) as error:
        raise SpecError(f"{path}: no such template; expected a Markdown file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ParseError(f"{path}: cannot be read as text in UTF-8: {error}") from error
    text = text.replace("\r\n", "\n").replace(OPEN, "").replace(SHUT, "")
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        return Template(path, Meta(), text)
    ends = [i for i, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE]
    if not ends:
        raise ParseError(f"{path}, line 1: the front matter does not end; expected a second line {FENCE}")
    head, body = lines[1 : ends[0]], lines[ends[0] + 1 :]
    # empty lines in its place: a line of the text keeps the number that an editor shows
    table = _front(path, "\n".join(head))
    meta = Meta(**{key: one_line(value) for key, value in table.items()})
    return Template(path, meta, "\n".join([""] * (ends[0] + 1) + body), table.get("lang", ""))


def _front(path: Path, text: str) -> dict[str, str]:
    try:
        table = toml_of(text)
    except ValueError as error:
        told = re.sub(r"line (\d+)", lambda found: f"line {int(found[1]) + 1}", str(error))
        raise ParseError(f"{path}: the front matter is not TOML: {told}") from error
    known = [f.name for f in fields(Meta)]
    unknown = [key for key in table if key not in known]
    if unknown:
        raise SpecError(
            f"{path}: front matter: unknown key {', '.join(map(repr, unknown))}; "
            f"expected some of: {', '.join(known)}"
        )
    odd = [key for key, value in table.items() if not isinstance(value, str)]
    if odd:
        raise SpecError(
            f'{path}: front matter: {odd[0]} = {table[odd[0]]!r} is no text; put it in quotes: "..."'
        )
    if table.get("citations", CITATIONS[0]) not in CITATIONS:
        raise SpecError(
            f"{path}: front matter: citations = {table['citations']!r} is not known; "
            f"expected one of: {', '.join(CITATIONS)}"
        )
    return table


def fill(template: Template, functions: Mapping[str, Callable[..., Any]]) -> str:
    """Work out every call of a template.

    Parameters
    ----------
    functions : what the template may call, by name. Their text is data: it is escaped for Markdown.

    Returns
    -------
    str : Markdown.

    Raises
    ------
    GeotrackError : what a call raised, with the template's file and line in front.
    SpecError : unknown names, wrong arguments, and whatever else is at fault with the template's code.
    ParseError : the template's syntax.
    """
    environment = BoundedEnvironment(
        template.text, undefined=_Lost, autoescape=True, keep_trailing_newline=True,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.finalize = lambda value: environment.shown(_shown(value))
    for name in DROPPED:
        environment.globals.pop(name, None)
    environment.filters.pop("random", None)
    environment.globals.update(functions)
    path = template.path
    try:
        return _whole(environment.from_string(template.text).generate())
    except TemplateSyntaxError as error:
        raise ParseError(f"{path}, line {error.lineno}: {error.message}") from error
    except GeotrackError as error:
        line = _line(error.__traceback__)  # none of the text as a whole
        raise error.within(f"{path}, line {line}" if line else str(path)) from error
    except SecurityError as error:
        raise SpecError(f"{path}, line {_line(error.__traceback__)}: not allowed: {error}") from error
    except UndefinedError as error:
        told = _undefined(str(error), list(functions))
        raise SpecError(f"{path}, line {_line(error.__traceback__)}: {told}") from error
    except Exception as error:  # whatever an expression does wrong: it is the template's own
        told = _misused(error, functions)
        raise SpecError(f"{path}, line {_line(error.__traceback__)}: {told}; see README, Reports") from error


def _whole(pieces: Iterable[str]) -> str:
    """Join what a template writes, piece by piece as it comes."""
    found, size, cells = [], 0, 0
    for piece in pieces:
        found.append(piece)
        size += len(piece)
        cells += piece.count("|")
        if cells > MOST_CELLS:
            raise SpecError(
                f'the tables of the text have more cells than the {MOST_CELLS:,} expected at most (each "|" '
                "counts): show the rows that the text speaks of, and give the rest as a file of its own "
                "(geotrack export)"
            )
        if size > MOST_MADE:
            raise SpecError(f"the text is too long; expected at most {MOST_MADE:,} characters")
    return "".join(found)


class _Lost(StrictUndefined):
    """What is not there: an attribute that a figure has not is told with those that it has."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        told: str = super()._undefined_message
        known = getattr(type(self._undefined_obj), "__annotations__", {})
        return (
            f"no attribute {self._undefined_name!r}; expected one of: {', '.join(known)}" if known else told
        )


def _misused(error: Exception, functions: Mapping[str, Callable[..., Any]]) -> str:
    """Say what is wrong with a call in the template's words: no class of ours, but what the call takes."""
    found = re.match(r"(?:[\w.<>]+\.)?(\w+)\(\) (.*)", str(error))
    if isinstance(error, TypeError) and found and found[1] in functions:
        taken = ", ".join(inspect.signature(functions[found[1]]).parameters)
        return f"{found[1]}() {found[2]}; it takes {taken}"
    told = f"{type(error).__name__}: {error}"
    return f"{told}; is all text in quotes?" if isinstance(error, (AttributeError, TypeError)) else told


def line_of_call() -> int:
    """Return the line of the template that is calling a function just now, 0 outside of one."""
    frame: Any = sys._getframe(1)
    while frame is not None:
        compiled = frame.f_globals.get("__jinja_template__")
        if compiled is not None:
            return int(compiled.get_corresponding_lineno(frame.f_lineno))
        frame = frame.f_back
    return 0


def _shown(value: Any) -> Any:
    """What stands in the text for a value: text is text, and becomes neither Markdown nor HTML."""
    if isinstance(value, (Markup, StrictUndefined)):
        return value
    return Markup(escaped("" if value is None else str(value)))


def _line(trace: TracebackType | None) -> int:
    """Return the template's line at which an error was raised; Jinja puts its lines into the trace."""
    line = 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _undefined(told: str, known: list[str]) -> str:
    found = re.match(r"'(\w+)' is undefined$", told)
    if not found:
        return told
    near = get_close_matches(found[1], known, n=1)
    hint = f"perhaps {near[0]}? There are" if near else "expected one of"
    return f"{found[1]!r} is not known; {hint}: {', '.join(sorted(known))}"
