"""The picture of an exhibit, in a width of its own for each format."""

from __future__ import annotations

from dataclasses import replace

from geotrack.map.views import View
from geotrack.publish.report.document import Exhibit


def picture(exhibit: Exhibit, suffix: str, width: str, cols: int = 0) -> bytes:
    """Return an exhibit as a picture; of an interactive map its opening slice.

    Its title stands in the caption below it, and is not drawn again.

    Parameters
    ----------
    suffix : ".png" or ".svg".
    width : of the column that it stands in, such as "156mm": letters are then as large as they should be.
    cols : panels side by side, where the template does not say.
    """
    from geotrack.render.picture.figure import figure

    assert exhibit.view is not None
    view: View = replace(exhibit.view, kind="slices") if exhibit.kind == "map" else exhibit.view
    return figure(view, suffix, width=width, title="", cols=exhibit.cols or cols)
