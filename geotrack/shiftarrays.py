"""A measured shift as arrays per slice, for a page: whole numbers in fixed units, None where not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from geotrack import bounding, centroids, flows, measures, scenarios, shares, sphere
from geotrack.content import Content
from geotrack.measured import Tracks
from geotrack.scenarios import Scenario
from geotrack.shares import PERCENT, Members, Shares
from geotrack.shiftgroups import groups_of

HUNDREDTHS = 100  # shares and flows in hundredths of a point, degrees in hundredths
THOUSANDTHS = 1000  # lengths
TEN_THOUSANDTHS = 10_000  # HHI

SCALES: Mapping[str, int] = {
    "lon": HUNDREDTHS, "lat": HUNDREDTHS, "reach": 1, "length": THOUSANDTHS, "length_low": THOUSANDTHS,
    "length_high": THOUSANDTHS, "hhi_low": TEN_THOUSANDTHS, "hhi_high": TEN_THOUSANDTHS,
    "effective_low": HUNDREDTHS, "effective_high": HUNDREDTHS, "since_first": HUNDREDTHS,
    "since_previous": HUNDREDTHS,
}  # fmt: skip


def arrays(content: Content, groups: Sequence[str] = (), every_pair: bool = False) -> dict[str, Any]:
    """Return what a page needs to show a shift in step with its slices.

    Parameters
    ----------
    groups : as in `shifting.measure`. The map's first metric is measured.
    every_pair : flows between all pairs of slices, not only from the first and from the previous one.

    Returns
    -------
    dict
        rows : codes of the regions, in the order of all that follows; "rest" is the place after the last.
        places : [longitude, latitude] of each row in hundredths of a degree, or None.
        scales : name -> what one unit is divided by.
        scenarios : name -> title, assumption, tracks (name -> whole numbers per slice, None where not known),
            lines (code -> shares); of readings other than "reported" also shares (rows × slices), rest.
        bands : code -> assumption -> [low, high], of the reported figures.
        flows : see `flow_arrays`, of the reported figures.
    """
    wanted, layer = groups_of(content, groups, None), content.layers[0]
    table, spots = shares.shares_of(content, layer, wanted), centroids.places(content)
    told = {each.name: (each, each.read(table)) for each in scenarios.SCENARIOS}
    readings = {
        name: (each, measures.Reading(read, spots)) for name, (each, read) in told.items() if read is not None
    }
    codes = [group.code for group in wanted]
    families: dict[str, list[measures.Reading]] = {}
    for each, reading in readings.values():
        if each.family:
            families.setdefault(each.family, []).append(reading)
    found = bounding.bands(readings["reported"][1], families, codes, content.series.name)
    count = len(content.slices)
    steps = [(t, s) for t in range(count) for s in range(t + 1, count)]
    near = {(0, t) for t in range(1, count)} | set(pairwise(range(count)))
    return {
        "rows": list(table.codes),
        "places": _whole(sphere.degrees(spots), HUNDREDTHS),
        "scales": {**SCALES, "share": HUNDREDTHS, "flow": HUNDREDTHS},
        "scenarios": {name: _reading(each, reading, wanted) for name, (each, reading) in readings.items()},
        "bands": {
            code: {name: [_whole(end, HUNDREDTHS) for end in ends] for name, ends in named.items()}
            for code, named in found.items()
        },
        "flows": flow_arrays(table, spots, [p for p in steps if every_pair or p in near]),
    }


def flow_arrays(table: Shares, spots: np.ndarray, pairs: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """Return least-movement flows between pairs of slices, end to end in flat arrays.

    Returns
    -------
    dict
        pairs : [first, last] of each. ends : how many flows all pairs up to this one have.
        source, target : rows, the number of rows for the rest. amount, low, high : hundredths of a point; low
        and high only where they differ from amount in some flow. variation : per pair, hundredths of a point.
    """
    found = [_flows(table, spots, pair) for pair in pairs]
    flat = {
        name: np.concatenate([getattr(each, name) for each in found]) if found else np.zeros(0)
        for name in ("source", "target", "amount", "low", "high")
    }
    several = any(not each.unique for each in found)
    named = ("amount", "low", "high") if several else ("amount",)
    return {
        "pairs": [list(pair) for pair in pairs],
        "ends": np.cumsum([len(each.amount) for each in found]).astype(int).tolist(),
        "source": flat["source"].astype(int).tolist(),
        "target": flat["target"].astype(int).tolist(),
        **{name: _whole(flat[name], HUNDREDTHS) for name in named},
        "variation": _whole(np.array([each.least for each in found]), HUNDREDTHS),
    }


def _flows(table: Shares, spots: np.ndarray, pair: tuple[int, int]) -> flows.Flows:
    """The flows of a pair; none where a slice adds up to nothing."""
    before, after = (table.values[:, t] for t in pair)
    if not np.isfinite(table.rest[list(pair)]).all():
        before = after = np.full(len(table.codes), np.nan)
    return flows.flows(before, after, spots, PERCENT)


def _reading(each: Scenario, reading: measures.Reading, wanted: Sequence[Members]) -> dict[str, Any]:
    codes = [group.code for group in wanted]
    found: Tracks = measures.tracks(reading, codes, {})
    told: dict[str, Any] = {
        "title": each.title,
        "assumption": each.assumption,
        "tracks": {name: _whole(getattr(found, name), scale) for name, scale in SCALES.items()},
        "lines": {code: _whole(line, HUNDREDTHS) for code, line in found.lines.items()},
    }
    if each.family:  # the reported figures are on the page already
        told["shares"] = _whole(reading.shares.values, HUNDREDTHS)
        told["rest"] = _whole(reading.shares.rest, HUNDREDTHS)
    return told


def _whole(values: np.ndarray, scale: int) -> Any:
    """Whole numbers in units of 1 / scale, as nested lists; None where not known."""
    if values.ndim > 1:
        return [_whole(row, scale) for row in values]
    return [round(float(each) * scale) if np.isfinite(each) else None for each in values]
