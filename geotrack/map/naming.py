"""Names of maps that were given none: from title and content, so that two maps of a page have two names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from geotrack.language.text import slug

MOST_LETTERS = 40  # of the title
DIGITS = 8  # of the hash: one chance in four thousand million that two maps of a page agree


def name_of(title: str, shown: Any, numbers: Sequence[int] | None = None) -> str:
    """Return a short name for files, addresses and ids: the same for the same map.

    Parameters
    ----------
    title : of the map, or of what it shows.
    shown : all that makes the map what it is, as plain values.
    numbers : the last of them where it is a list: whole numbers, perhaps millions.

    Examples
    --------
    >>> name_of("Où l'on mine", {"data": [1, 2]})
    'ou-l-on-mine-0d1f69e8'
    """
    name = slug(title)[:MOST_LETTERS].strip("-") or "map"
    said = json.dumps(shown, ensure_ascii=False, sort_keys=True, default=str)
    if numbers is not None:  # as json writes them, in a third of the time
        said = f"{said[:-1]}, {numbers!r}]"
    return f"{name}-{hashlib.sha256(said.encode('utf-8')).hexdigest()[:DIGITS]}"
