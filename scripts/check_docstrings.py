"""Check that the docstrings of public names are numpydoc: python scripts/check_docstrings.py

numpydoc's own validator parses them; what it does not look at, who raises what and when, is looked at here.
Each fault is a line, `file: name: code message`; the exit code is 1 if there is any.
"""

from __future__ import annotations

import builtins
import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from numpydoc.docscrape import get_doc_object
from numpydoc.validate import validate

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the clone's own, not one that is installed

from geotrack import errors  # noqa: E402

MODULES = ("geotrack", "geotrack.captions")
"""What these list in `__all__` is public."""

RESULTS = (
    "geotrack.timemap.TimeMap",
    "geotrack.aggregation.outcome.Aggregation",
    "geotrack.measure.result.ShiftResult",
    "geotrack.measure.compare.comparison.Comparison",
    "geotrack.render.page.folium_map.TimeFoliumMap",
)
"""Classes that users are handed: they, and their public methods and properties, are public."""

LEFT_OUT = {
    "EX01": "an example stands where it teaches something, and each is run",
    "SA01": "a See Also stands where there is something to see",
    "ES01": "where one line says it all, a second paragraph would only repeat it",
}
"""Code of numpydoc -> why it is no fault here."""


def public() -> Iterator[str]:
    """Yield the full name of each public class, function, method and property; constants say nothing."""
    for module in MODULES:
        names = (f"{module}.{name}" for name in importlib.import_module(module).__all__)
        yield from (name for name in names if callable(found(name)))
    for result in RESULTS:
        for each in _ours(found(result)):
            yield full_name(each)
            for name, value in vars(each).items():
                if not name.startswith("_") and hasattr(type(value), "__get__"):
                    yield f"{full_name(each)}.{name}"


def found(name: str) -> Any:
    """Return what a full name stands for."""
    module, _, last = name.rpartition(".")
    try:
        return getattr(importlib.import_module(module), last)
    except ModuleNotFoundError:
        return getattr(found(module), last)


def full_name(each: type) -> str:
    """Return the name by which a class is imported."""
    return f"{each.__module__}.{each.__qualname__}"


def _ours(result: type) -> list[type]:
    """Return a class and those that it inherits from; folium's are documented by folium."""
    return [each for each in result.__mro__ if each.__module__.startswith("geotrack.")]


def faults(name: str) -> Iterator[tuple[str, str]]:
    """Yield code and message of all that is wrong with the docstring of a name."""
    it = found(name)
    # fields are documented by the class that declares them, which is public too
    inherits = hasattr(it, "__dataclass_fields__") and not inspect.get_annotations(it)
    for code, message in validate(name)["errors"]:
        if code not in LEFT_OUT and not (inherits and code == "PR01"):
            yield code, message
    for raised in get_doc_object(it)["Raises"]:
        yield from _raised(raised.type, " ".join(raised.desc), raised.name)


def _raised(error: str, when: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with an entry under Raises: the line of an error's name, the condition below it."""
    if name or not all(hasattr(errors, each) or hasattr(builtins, each) for each in error.split(", ")):
        yield "RS01", f'Raises "{name or error}": expected the name of an error alone in its line'
    if not when:
        yield "RS02", f'Raises "{name or error}" does not say when'
    elif not (when[0].isupper() or not when[0].isalpha()) or not when.endswith("."):
        yield "RS03", f'Raises "{name or error}": the condition should be a sentence'


def main() -> int:
    """Print every fault; return 1 if there is any."""
    count = 0
    for name in public():
        file = Path(validate(name)["file"] or "?")
        for code, message in faults(name):
            print(
                f"{file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}: {name}: {code} {message}"
            )
            count += 1
    print(f"{count} faults in docstrings" if count else "docstrings are numpydoc", file=sys.stderr)
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main())
