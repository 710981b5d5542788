"""What a template may take: steps are counted, what would grow without end is refused before it is made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any, cast

from jinja2 import TemplateSyntaxError, nodes
from jinja2.runtime import Context, markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer

from geotrack.errors import SpecError

MOST_STEPS = 5_000_000
"""Turns of loops, calls and filters, each with what it handles; a report of ours takes some thousands."""

MOST_CELLS = 100_000
"""Of a table, and of all that the text writes with "|": each becomes four objects of its reader."""

_CALL = 30
"""A call takes the time of so many turns of a loop."""

MOST_TEXT = 1_000_000
"""Characters or items of one value."""

MOST_MADE = 10_000_000
"""Characters of a report's text; and what one call may handle: what it is given, times its arguments."""

MOST_BITS = 4_000
"""Of a whole number: 1,200 digits."""

_WIDE = re.compile(r"\d{5}")


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, in which loops, calls, filters, products and joined texts count.

    Parameters
    ----------
    text : of the template; a turn of a loop may write all of it.
    """

    intercepted_binops = frozenset(("+", "*", "**", "%"))

    def __init__(self, text: str, **options: Any) -> None:
        super().__init__(**options)
        self.weight = 1 + len(text) // 100
        self.steps = 0
        for name, each in list(self.filters.items()):
            self.filters[name] = self._counting(each)
        self.filters |= {_COUNTED: self._turns, _JOINED: self._joined, _HELD: self._held}

    def tick(self, steps: int = 1) -> None:
        """Count steps; SpecError where there are too many."""
        self.steps += steps
        if self.steps > MOST_STEPS:
            raise SpecError(
                "the template takes too many steps: loops within loops, or macros that call themselves; "
                f"expected at most {MOST_STEPS:,}"
            )

    def shown(self, value: Any) -> Any:
        """Count what is written into the text."""
        self.tick(1 + _size(value) // 100)
        return _bounded(value)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Work out a sum, a product, a power or a format, unless it would be too large."""
        self.tick()
        if operator == "%" and isinstance(left, str):
            _refuse_wide(left, right)
        elif _is_whole(left) and _is_whole(right):
            bits = left.bit_length() * (abs(right) if operator == "**" else 1) + right.bit_length()
            _refuse(bits > MOST_BITS, "a number of too many digits")
        elif operator == "+":
            _refuse(_size(left) + _size(right) > MOST_TEXT, "a text or list that is too long")
        else:
            times = next((abs(each) for each in (left, right) if _is_whole(each)), 0)
            _refuse(max(_size(left), _size(right)) * times > MOST_TEXT, "a text or list that is too long")
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, obj: Any, /, *args: Any, **options: Any) -> Any:
        """Call a function, a macro or a method of a text."""
        held = getattr(getattr(obj, "__wrapped__", obj), "__self__", None)  # Jinja wraps str.format
        if isinstance(held, (str, list, tuple, dict)):
            self._handle((held, *args, *options.values()))
            if isinstance(held, str):
                _refuse(
                    getattr(obj, "__name__", "").startswith("format") and bool(_WIDE.search(held)), _WIDTH
                )
        self.tick(_CALL + self.weight)
        return _bounded(super().call(context, obj, *args, **options))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Let loops and joined texts go through filters that count."""
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            if loop.recursive:
                raise TemplateSyntaxError("recursive loops are not allowed", loop.lineno, name, filename)
            loop.iter = _filtered(cast("nodes.Expr", loop.iter), _COUNTED)
        return cast("nodes.Template", _Joining().visit(tree))

    def _counting(self, known: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(known)  # with it the mark of what Jinja hands over first: the context or the environment
        def counted(*args: Any, **options: Any) -> Any:
            given = args[1:] if hasattr(known, "jinja_pass_arg") else args
            _refuse(known.__name__ == "do_format" and bool(_WIDE.search(str(given[0]))), _WIDTH)
            self._handle((*given, *options.values()))
            _refuse(any(isinstance(each, str) and len(each) > MOST_TEXT for each in given), _LONG)
            return _bounded(known(*args, **options))

        return counted

    def _handle(self, given: tuple[Any, ...]) -> None:
        """Count what a call is given; what it makes is at most the first of it times the others."""
        first, *others = given or ("",)
        made = (_size(first) + 1) * (1 + sum(abs(n) if _is_whole(n) else _size(n) for n in others))
        _refuse(made > MOST_MADE, "a text or list that is too long")
        self.tick(_CALL + made // 5)

    def _turns(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self.tick(self.weight)
            yield item

    def _held(self, value: Any) -> Any:
        self.tick(1 + _size(value) // 5)
        return _bounded(value)

    def _joined(self, parts: list[Any]) -> str:
        _refuse(sum(map(_size, parts)) > MOST_TEXT, _LONG)
        self.tick()
        return (
            str(markup_join(parts)) if not any(hasattr(p, "__html__") for p in parts) else markup_join(parts)
        )


_COUNTED, _JOINED, _HELD = "a turn of a loop", "texts joined", "a list or table"
"""Names of filters that no template can write."""

_LONG = "a text that is too long"
_WIDTH = "a width of more than four digits"


class _Joining(NodeTransformer):
    """Turns `a ~ b` into a filter of the texts; what is put together of others goes through one, too."""

    def visit_List(self, node: nodes.List) -> nodes.Node:
        self.generic_visit(node)
        return _filtered(node, _HELD) if node.items else node

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:
        self.generic_visit(node)
        return _filtered(node, _HELD) if node.items else node

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:
        self.generic_visit(node)
        return _filtered(node, _HELD) if node.items and node.ctx == "load" else node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        parts = nodes.List(node.nodes, lineno=node.lineno)
        parts.set_environment(node.environment)  # type: ignore[arg-type]
        return _filtered(parts, _JOINED)


def _filtered(node: nodes.Expr, name: str) -> nodes.Filter:
    made = nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)
    made.set_environment(node.environment)  # type: ignore[arg-type]
    return made


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_HOLDING = (str, list, tuple, dict, range, Namespace)


def _size(value: Any) -> int:
    """Characters and items of a value and of what it holds, however often; counted up to twice MOST_TEXT."""
    total, left = 0, [value]
    while left and total <= 2 * MOST_TEXT:
        each = left.pop()
        if isinstance(each, Namespace):
            each = object.__getattribute__(each, "_Namespace__attrs")
        total += len(each) if isinstance(each, (str, list, tuple, dict, range)) else 1
        if isinstance(each, dict):
            left += [*each.keys(), *each.values()]
        elif isinstance(each, (list, tuple)):  # what is simple counts as an item already
            left += [part for part in each if isinstance(part, _HOLDING)]
    return total


def _bounded(value: Any) -> Any:
    _refuse(_size(value) > MOST_TEXT, _LONG)
    return value


def _refuse_wide(form: str, given: Any) -> None:
    stars = "*" in form and any(
        _is_whole(n) and abs(n) > 9_999 for n in (given if isinstance(given, tuple) else (given,))
    )
    _refuse(bool(_WIDE.search(form)) or stars, _WIDTH)


def _refuse(refused: bool, what: str) -> None:
    if refused:
        raise SpecError(f"{what}; expected at most {MOST_TEXT:,} characters, and numbers of 1,200 digits")
