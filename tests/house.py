"""The modules of geotrack as trees, what they import, and how many lines of code they have."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1] / "geotrack"


def name_of(path: Path) -> str:
    return ".".join(part for part in path.relative_to(ROOT).with_suffix("").parts if part != "__init__")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def trees() -> dict[str, ast.Module]:
    """By name; read when a test asks, not whenever tests are collected."""
    return {name_of(path): tree_of(path) for path in sorted(ROOT.rglob("*.py"))}


def room(name: str) -> str:
    return name.partition(".")[0]


@cache
def imports(name: str, *, typing_too: bool = False) -> frozenset[str]:
    """All that a module imports, inside functions too, as full dotted names."""
    typing = (
        n for n in trees()[name].body if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"
    )
    left_out = set() if typing_too else {part for each in typing for part in ast.walk(each)}
    found: set[str] = set()
    for node in set(ast.walk(trees()[name])) - left_out:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative imports hide where they lead"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset({*found, *(text for text in imported_by_text(name) if text)})


BY_TEXT = {"importlib.import_module", "builtins.__import__"}


def imported_by_text(name: str) -> list[str]:
    """What a module imports by its name as a text; as far as that stands there: "" if all of it is made."""
    found = []
    for node in ast.walk(trees()[name]):
        if isinstance(node, ast.Call) and resolved(name, node.func) in BY_TEXT:
            texts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
            found.append(next((text for text in texts if isinstance(text, str)), ""))
    return found


@cache
def meanings(name: str) -> dict[str, str]:
    """What a module's own names stand for: what it imports, under whatever name, in functions too."""
    found = dict[str, str]()
    for node in ast.walk(trees()[name]):
        if isinstance(node, ast.Import):
            found |= {each.asname: each.name for each in node.names if each.asname}
        elif isinstance(node, ast.ImportFrom):
            found |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
    for node in ast.walk(trees()[name]):  # another name for one of these: `found = DataFolder`
        if isinstance(node, ast.Assign):
            first, dot, rest = dotted(node.value).partition(".")
            names = [each.id for each in node.targets if isinstance(each, ast.Name) and first in found]
            found |= dict.fromkeys(names, f"{found.get(first)}{dot}{rest}")
    return found


def dotted(node: ast.AST) -> str:
    """A name as it is written, with its dots; "" of what is none."""
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return before and f"{before}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def resolved(name: str, node: ast.expr) -> str:
    """The full dotted name of what an expression stands for: "sys.exit", whatever it is called here."""
    first, dot, rest = dotted(node).partition(".")
    plain = isinstance(node, ast.Name) and hasattr(builtins, first)
    return meanings(name).get(first, f"builtins.{first}" if plain else first) + dot + rest


def ours(name: str, *, typing_too: bool = False) -> set[str]:
    """The modules of ours that a module imports."""
    found = set()
    for full in imports(name, typing_too=typing_too):
        if full.split(".")[0] == "geotrack":
            inner = full.removeprefix("geotrack").lstrip(".")
            while inner not in trees():
                inner = inner.rpartition(".")[0]
            found.add(inner)
    return found - {name}


def calls(name: str) -> Iterator[tuple[str, int]]:
    """What a module calls, by its full name, with the line."""
    nodes = (node for node in ast.walk(trees()[name]) if isinstance(node, ast.Call))
    return ((resolved(name, node.func), node.lineno) for node in nodes)


def mentions(name: str) -> Iterator[tuple[str, int]]:
    """What a module names, by its full name, with the line: to call it, or to hand it on."""
    nodes = (node for node in ast.walk(trees()[name]) if isinstance(node, (ast.Name, ast.Attribute)))
    return ((resolved(name, node), node.lineno) for node in nodes if isinstance(node.ctx, ast.Load))


def methods(name: str) -> Iterator[tuple[str, int]]:
    """What a module names behind a dot, with the line; what a module of ours has is not meant."""
    for node in ast.walk(trees()[name]):
        if isinstance(node, ast.Attribute) and not resolved(name, node).startswith("geotrack."):
            yield node.attr, node.lineno
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and opens(node):
            yield "open()", node.lineno


def opens(call: ast.Call) -> bool:
    """Whether it is called as a path's `open` is: with a mode, with how to read it, or with nothing."""
    first, *_ = [*call.args, None]
    told = {word.arg for word in call.keywords} & {"mode", "encoding", "newline", "buffering", "errors"}
    said = isinstance(first, ast.Constant) and isinstance(first.value, str)
    assert isinstance(call.func, ast.Attribute)
    return call.func.attr == "open" and bool(told or said or not (call.args or call.keywords))


def lines(node: ast.AST) -> set[int]:
    """The numbers of the lines on which code begins or ends: of no comment, no docstring, no empty line."""
    texts = [n for n in ast.walk(node) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)]
    left_out = {*texts, *(each.value for each in texts)}
    kinds = (ast.stmt, ast.expr, ast.arg, ast.alias)
    nodes = [each for each in ast.walk(node) if isinstance(each, kinds) and each not in left_out]
    return {line for each in nodes for line in (each.lineno, each.end_lineno or 0)}
