"""TimeMap: a finished time map, which can be saved, shown in a notebook and handed to folium."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geotrack.content import Content
from geotrack.store import write
from geotrack.views import Kind, choose

if TYPE_CHECKING:
    import pandas as pd

    from geotrack.render.html import TimeFoliumMap


@dataclass(frozen=True, eq=False)
class TimeMap(Content):
    """A frozen result: what it shows stands in the fields of `Content`.

    Examples
    --------
    >>> import geotrack as gt
    >>> tm = gt.choropleth("cbeci-countries")
    >>> tm.save("out.html")  # doctest: +SKIP
    """

    def to_html(self) -> str:
        """Return the whole page as text; the same map gives the same text."""
        from geotrack.render.html import page

        return page(self)

    def to_fragment(self) -> str:
        """Return a block of HTML without <html>; several share a page if each map has an id of its own."""
        from geotrack.render.html import fragment

        return fragment(self)

    def to_folium(self) -> TimeFoliumMap:
        """Return the folium map: add any folium layer or plugin to it, then `.save()` it."""
        from geotrack.render.html import TimeFoliumMap

        return TimeFoliumMap(self)

    def save(self, path: Path | str) -> Path:
        """Write the page; the file that stood there stays if the place cannot be written.

        Raises
        ------
        OutputError : the place cannot be written.
        """
        path = Path(path)
        write(path, self.to_html())
        return path

    def to_frame(self) -> pd.DataFrame:
        """Return the figures shown as a tidy table.

        Returns
        -------
        DataFrame
            region, name, start, end, metric, value, unit, status, origin, label, note; one row per figure.
        """
        import pandas as pd

        from geotrack.model import STATUSES

        rows = []
        for layer in self.layers:
            for t, step in enumerate(self.slices):
                for u, unit in enumerate(self.units):
                    if not layer.status[u, t]:
                        continue
                    note = int(layer.note[u, t])
                    rows.append(
                        {
                            "region": unit.code,
                            "name": unit.name,
                            "start": step.start,
                            "end": step.end,
                            "metric": layer.metric.name,
                            "value": round(float(layer.values[u, t]), layer.digits),
                            "unit": layer.metric.unit,
                            "status": STATUSES[layer.status[u, t]],
                            "origin": self.origins[int(layer.origin[u, t])].id,
                            "label": unit.label or unit.name,
                            "note": self.notes[note] if note >= 0 else "",
                        }
                    )
        return pd.DataFrame(rows)

    def caption(self, *at: str, kind: Kind = "slices", metric: str = "") -> str:
        """Return a caption written from the data.

        Parameters
        ----------
        at : slices such as "2021-07", "first" or "last"; what is usual for the kind if none is given.
        kind : "map" (interactive), "slices" (a picture), "difference" or "film".
        metric : name of a metric; the map's first if not given.

        Raises
        ------
        SpecError : a slice or a metric that the map does not have.

        Examples
        --------
        >>> import geotrack as gt
        >>> tm = gt.choropleth("cbeci-countries")
        >>> text = tm.caption("2019-09", "2022-01", kind="difference")
        >>> text[text.index("Largest") :][:60]
        'Largest gain on the map: United States, +33.8 percentage poi'
        """
        from geotrack import captions

        return captions.caption(choose(self, kind, at, metric))

    def alt_text(self, *at: str, kind: Kind = "slices", metric: str = "") -> str:
        """Return an alt text of 250 characters at most; the parameters are those of `caption`."""
        from geotrack import captions

        return captions.alt_text(choose(self, kind, at, metric))

    def manifest(self, files: Mapping[str, str], inputs: Mapping[str, str] | None = None) -> str:
        """Return the map's facts with the hashes of the files made of it, as JSON.

        Parameters
        ----------
        files : name -> content.
        inputs : name -> sha256 of what it was made of (see `inputs.inputs_of`), if that is known.
        """
        from geotrack.render.block import version
        from geotrack.render.payload import facts

        table: dict[str, Any] = facts(self, version())
        table["files"] = {
            name: hashlib.sha256(text.encode("utf-8")).hexdigest() for name, text in files.items()
        }
        if inputs is not None:
            table["inputs"] = dict(inputs)
        return json.dumps(table, ensure_ascii=False, indent=2, sort_keys=True) + "\n"

    def _repr_html_(self) -> str:
        """Display in a notebook, in a frame of its own."""
        from geotrack.render.block import aspect
        from geotrack.render.html import framed

        return framed(self.to_html(), aspect(self))

    def __repr__(self) -> str:
        """Say in a line what it is."""
        first, last = self.slices[0].label, self.slices[-1].label
        return f"<TimeMap {self.id!r}: {self.title}; {len(self.slices)} slices, {first} to {last}>"
