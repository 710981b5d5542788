"""A card: what a piece says of a map, as plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ROOM = {"compact": 300, "full": 1850}
"""CSS pixels of height that a page needs beside its map, by layout; measured on the default maps."""
NARROW = {"compact": 780, "full": 3400}
"""Height of a page on a phone, where its text folds."""
USUAL = 760
"""Greatest width of a piece in an article, in CSS pixels."""


@dataclass(frozen=True)
class Card:
    """What a piece says of a map.

    Parameters
    ----------
    id : the map's.
    title, caption, alt, source : plain text in the language `lang`.
    more : what the link to the full map says.
    slice : name of the slice that is spoken of.
    publishers : of the figures.
    aspect : width by height of the map's frame.
    """

    id: str
    title: str
    caption: str
    alt: str
    source: str
    more: str = "Full map"
    slice: str = ""
    lang: str = "en"
    publishers: tuple[str, ...] = ()
    aspect: float = 2.0

    def size(self, width: str, layout: str) -> tuple[int, int]:
        """Return about how large the page is at a greatest width as CSS writes it, in CSS pixels."""
        wide = int(width[:-2]) if width.endswith("px") else USUAL
        return wide, round((wide / max(self.aspect, 1.6) + ROOM[layout]) / 10) * 10


def from_table(table: Mapping[str, Any], at: str, metric: str, fixed: bool = False) -> Card | None:
    """Return the card that a manifest keeps for a slice and a metric; None if it keeps none.

    Parameters
    ----------
    table : of the manifest, see `cards.kept`.
    at, metric : "" for those that the page opens with.
    fixed : whether the slice is all that is shown.
    """
    try:
        names: Sequence[str] = table["slices"]
        place = {"": table["opening"], "first": 0, "last": len(names) - 1}.get(at)
        t = names.index(at) if place is None else place
        name = metric or table["metric"]
        if fixed:
            caption, alt = table["fixed"][name][names[t]]
        else:
            caption, alt = table["map"][name]  # of all slices, whichever it opens with
        said = {key: table[key] for key in ("id", "title", "source", "lang", "aspect", "more")}
        return Card(caption=caption, alt=alt, slice=names[t], publishers=tuple(table["publishers"]), **said)
    except (KeyError, IndexError, TypeError, ValueError):
        return None
