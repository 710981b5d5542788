"""The modules of geotrack as trees, what they import, and how many lines of code they have."""

from __future__ import annotations

import ast
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
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            found |= {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and part.value}
    return frozenset(found)


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
    """What a module calls, with the line."""
    nodes = (node for node in ast.walk(trees()[name]) if isinstance(node, ast.Call))
    return ((ast.unparse(node.func), node.lineno) for node in nodes)


def lines(node: ast.AST) -> set[int]:
    """The numbers of the lines on which code begins or ends: of no comment, no docstring, no empty line."""
    texts = [n for n in ast.walk(node) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)]
    left_out = {*texts, *(each.value for each in texts)}
    kinds = (ast.stmt, ast.expr, ast.arg, ast.alias)
    nodes = [each for each in ast.walk(node) if isinstance(each, kinds) and each not in left_out]
    return {line for each in nodes for line in (each.lineno, each.end_lineno or 0)}
