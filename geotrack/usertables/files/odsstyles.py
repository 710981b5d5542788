"""What the styles of an OpenDocument file say of its sheets: which are hidden, raised, or show less."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Set
from typing import NamedTuple
from xml.etree.ElementTree import Element, fromstring

from geotrack.usertables.figures import formats


class Styles(NamedTuple):
    """Names of styles.

    Parameters
    ----------
    hidden : of sheets that nobody sees.
    raised : of parts of texts, and of cells, that are raised.
    powers : of cells whose numbers are shown divided -> by which power of ten.
    beside : of cells whose numbers are shown with a currency or a text -> which, see `formats`.
    """

    hidden: Set[str] = frozenset()
    raised: Set[str] = frozenset()
    powers: Mapping[str, int] = {}
    beside: Mapping[str, str] = {}


def local(tag: str) -> str:
    """Return the name of an element or an attribute without its namespace."""
    return tag.rpartition("}")[2]


def of(element: Element, key: str, default: str = "") -> str:
    """Return an attribute, whatever its namespace."""
    return next((text for name, text in element.attrib.items() if local(name) == key), default)


def styles(archive: zipfile.ZipFile, content: Element) -> Styles:
    """Return what the styles of a file say, those of its content and those that have names."""
    named = "styles.xml" in archive.namelist()
    roots = [*([fromstring(archive.read("styles.xml"))] if named else []), content]
    every = [one for root in roots for one in root.iter() if local(one.tag) in ("style", *_NUMBERS)]
    factors = {of(one, "name"): _power(one) for one in every if local(one.tag) in _NUMBERS}
    texts = {of(one, "name"): _beside(one) for one in every if local(one.tag) in _NUMBERS}
    kept = {of(one, "name"): one for one in every if local(one.tag) == "style"}
    numbers = {name: factors.get(_number_style(kept, name), 0) for name in kept}
    return Styles(
        {name for name, one in kept.items() if any(of(part, "display") == "false" for part in one)},
        {name for name, one in kept.items() if any(map(_is_raised, one))},
        {name: power for name, power in numbers.items() if power},
        {name: text for name in kept if (text := texts.get(_number_style(kept, name), ""))},
    )


_NUMBERS = ("number-style", "currency-style")


def _is_raised(part: Element) -> bool:
    """Tell whether a style raises text: "super 58%", or by a share of its height, "33% 58%"."""
    position = of(part, "text-position").split()
    return bool(position) and re.fullmatch(r"super|\+?(?![0.]*%)[0-9.]+%", position[0]) is not None


def _number_style(kept: Mapping[str, Element], name: str) -> str:
    """Return the style of numbers that a style of cells has, by itself or from those that it is made from."""
    seen: set[str] = set()
    while name in kept and name not in seen:
        if found := of(kept[name], "data-style-name"):
            return found
        seen.add(name)
        name = of(kept[name], "parent-style-name")
    return ""


def _power(style: Element) -> int:
    factors = (of(part, "display-factor") for part in style)
    return next((len(f) - 1 for f in factors if re.fullmatch("10+", f)), 0)


def _beside(style: Element) -> str:
    """Return what a style of numbers shows beside them."""
    sides: list[list[str]] = [[], []]
    behind = 0
    for part in style:
        if local(part.tag) in ("text", "currency-symbol"):
            sides[behind].append(part.text or "")
        behind = behind or int(local(part.tag) in ("number", "scientific-number", "fraction"))
    return formats.worded(["".join(side) for side in sides], _power(style))
