"""ShiftResult: a measured shift that shows itself as text, table, JSON and HTML."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geotrack.errors import under_old_name
from geotrack.map.measures import Tracks
from geotrack.measure import lines
from geotrack.measure import text as measure_text
from geotrack.measure.aligned import plain_values
from geotrack.measure.lines import Crossing
from geotrack.measure.values import Measured
from geotrack.model import STATUSES

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class ShiftResult(Measured):
    """A frozen result: what was measured stands in the fields of `Measured`.

    Examples
    --------
    >>> import geotrack as gt
    >>> found = gt.choropleth("cbeci-countries").shift("2019-09", "2022-01")
    >>> found.row("CHN").change
    -54.42
    """

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Return a verb by its old name."""
            return under_old_name(self, name, {"text": "to_text"})

    def __str__(self) -> str:
        """Return paragraph, tables and sparklines."""
        return measure_text.text(self)

    def to_text(self, width: int = 0) -> str:
        """Return paragraph, tables and sparklines, folded into a terminal's columns.

        Parameters
        ----------
        width : int, optional
            Columns of the terminal; 0, or if not given: as wide as it is.

        Returns
        -------
        str
            Lines of plain text in the map's language.
        """
        return measure_text.text(self, width)

    def __repr__(self) -> str:
        """Say in a line what it is."""
        return f"<ShiftResult {self.id!r}: {self.first.iso} to {self.last.iso}, {self.scenario}>"

    def _repr_html_(self) -> str:
        """Display in a notebook."""
        return measure_text.markup(self)

    def to_frame(self) -> pd.DataFrame:
        """Return the rows as a table.

        Returns
        -------
        DataFrame
            One row per group, region and rest: code, name, kind, before, after (%), change (points), status,
            hashrate_before, hashrate_after, grew, gained (EH/s), lower, upper and derived (names of the
            columns that are lower bounds, upper ones, or follow from other figures), rest (whether a share is
            what the other of two parts leaves), as_listed (whether it is the sum of a group's listed members
            only), other_sum (whether the two shares are of sums of other regions), way ("rose", "fell",
            "same", or "open" where what is not stated, rounding, or another reading of figures in doubt
            decides); NaN where missing.
        """
        import pandas as pd

        return pd.DataFrame(
            [
                plain_values(asdict(row))
                | {name: " ".join(getattr(row, name)) for name in ("lower", "upper", "derived")}
                for row in self.rows
            ]
        )

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain values for JSON.

        Returns
        -------
        dict of str to object
            Figures, rows, crossings, flows, tracks, assumptions, notes and sources; None where there is no
            figure.
        """
        slices = {"first": self.first.iso, "last": self.last.iso}
        told: dict[str, Any] = {
            "id": self.id, "title": self.title, "method": self.method, **slices,
            "scenario": self.scenario, "assumption": self.assumption,
            "metric": self.metric, "denominator": self.denominator,
            "figures": [asdict(figure) for figure in self.figures],
            "rows": [asdict(row) for row in self.rows],
            "crossings": [_crossing(each, self.lang) for each in self.crossings],
            "readings": [{"scenario": r.scenario, **_crossing(r.crossing, self.lang)} for r in self.readings],
            "flows": {
                "what": measure_text.what_flows(self), "unique": self.flows_unique, "work": self.flow_work,
                "dual": self.flow_dual, "largest_first": [asdict(flow) for flow in self.flows],
            },
            "tracks": _tracks(self.tracks), "names": dict(self.names),
            "assumptions": list(measure_text.assumptions(self)), "notes": list(self.notes),
            "sources": self.sources, "lang": self.lang, "paragraph": measure_text.paragraph(self),
        }  # fmt: skip
        return dict(plain_values(told))


def _crossing(found: Crossing, lang: str) -> dict[str, Any]:
    turns = [
        {"before": t.before.iso, "after": t.after.iso, "ahead": t.ahead, "certain": t.certain,
         "skipped": t.skipped}
        for t in found.turns
    ]  # fmt: skip
    plain = {key: getattr(found, key) for key in ("first", "second", "kind", "certain", "compared", "open")}
    return plain | {"turns": turns, "sentence": lines.sentence(found, lang)}


def _tracks(found: Tracks) -> dict[str, Any]:
    arrays = {key: each for key, each in vars(found).items() if isinstance(each, np.ndarray)}
    return arrays | {
        "slices": [step.iso for step in found.slices],
        "lines": dict(found.lines),
        "most": dict(found.most),
        "statuses": {code: [STATUSES[each] for each in line] for code, line in found.statuses.items()},
        "bands": {
            code: {name: {"low": low, "high": high} for name, (low, high) in ends.items()}
            for code, ends in found.bands.items()
        },
    }
