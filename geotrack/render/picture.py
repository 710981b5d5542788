"""The picture of an exhibit, for the formats that cannot move."""

from __future__ import annotations

from dataclasses import replace

from geotrack.document import Exhibit
from geotrack.views import View


def picture(exhibit: Exhibit, suffix: str) -> bytes:
    """Return an exhibit as a picture; of an interactive map its opening slice."""
    from geotrack.render.figure import figure

    assert exhibit.view is not None
    view: View = replace(exhibit.view, kind="slices") if exhibit.kind == "map" else exhibit.view
    return figure(view, suffix, **exhibit.options)  # type: ignore[arg-type]
