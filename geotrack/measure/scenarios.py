"""Named readings of a map's figures: what if those that its series has in doubt were otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from geotrack.errors import SpecError
from geotrack.language.numbers import DUST
from geotrack.map.content import Content, Layer
from geotrack.map.otherwise import layer_otherwise
from geotrack.measure.lines import Line
from geotrack.measure.shares import Members, Shares, groups_of, is_row, open_count, shares_of, wholes
from geotrack.model import LOWER_BOUND, MISSING, PERCENT, REPORTED, SAID, Series


@dataclass(frozen=True)
class Scenario:
    """A reading of the figures.

    Parameters
    ----------
    name : for the command line. family : what it is about; an interval spans the scenarios of a family.
    title : for people. assumption : in a sentence.
    """

    name: str
    family: str
    title: str
    assumption: str


AS_REPORTED = Scenario(SAID[REPORTED], "", "as reported", "The figures as their source reports them.")


def scenarios(series: Series) -> tuple[Scenario, ...]:
    """Return the scenarios of a series: as reported, and the readings of its figures that are in doubt."""
    declared = [
        Scenario(each.name, doubt.figures, each.title, each.assumption)
        for doubt in series.doubts
        for each in doubt.readings
    ]
    return AS_REPORTED, *declared


def scenario(series: Series, name: str) -> Scenario:
    """Return a series' scenario of a name; SpecError says which there are."""
    known = {each.name: each for each in scenarios(series)}
    if name not in known:
        declares = "" if series.doubts else f" (series {series.name} has no figures in doubt)"
        raise SpecError(f"no scenario {name!r}; expected one of: {', '.join(known)}{declares}")
    return known[name]


def families(series: Series) -> Mapping[str, str]:
    """Return what an interval over the readings of each kind of figures in doubt rests on."""
    return {doubt.figures: doubt.assumption for doubt in series.doubts}


def read(
    content: Content, layer: Layer, table: Shares, chosen: Sequence[Scenario], *, alone: bool = False
) -> Shares | None:
    """Return shares as scenarios read them; None where these change none of the layer's figures.

    Parameters
    ----------
    table : the layer's shares, made with `alone` as of `shares.shares_of`.
    chosen : of each family one at most; as reported, nothing is read otherwise.
    """
    names = [each.name for each in chosen if each.family]
    if not names:
        return table
    told = layer_otherwise(content, layer, names)
    return None if told is None else _read(content, told, table, alone=alone)


def beside(
    content: Content, layer: Layer, table: Shares, chosen: Scenario
) -> Iterator[tuple[Scenario, Shares]]:
    """Yield the scenarios beside a chosen one that change something, with the shares as they read them.

    Those of the chosen one's family stand in its place; those of another are read with it.
    """
    own = [chosen.name] if chosen.family else []
    for each in scenarios(content.series):
        if each.name == chosen.name or not (each.family or chosen.family):
            continue
        names = [] if each.family in {"", chosen.family} else own
        names = [*names, each.name] if each.family else names
        if layer_otherwise(content, layer, names, than=own) is None:
            continue
        told = layer_otherwise(content, layer, names)
        yield each, table if told is None else _read(content, told, table)


def _read(content: Content, told: Layer, table: Shares, *, alone: bool = False) -> Shares:
    """Return the shares of a layer that is read otherwise, with the groups of the one that is not."""
    return replace(shares_of(content, told, alone=alone), groups=table.groups)


Ends = tuple[np.ndarray, np.ndarray]
"""The least and the most that figures may be."""


def read_otherwise(content: Content, layer: Layer) -> tuple[Ends, ...]:
    """Return what a layer's figures may be as its series' other scenarios read them: what rose is open then.

    Returns
    -------
    Tables like `layer.values` for each scenario that changes something, NaN where it says nothing.
    """
    if not _readable(content, layer):
        return ()
    kept, found = [u for u, unit in enumerate(content.units) if is_row(unit)], []
    for _, told in _amounts_otherwise(content, layer):
        least, most = (np.full(layer.values.shape, np.nan) for _ in range(2))
        limits = [told(code).limits for code in (content.units[u].code for u in kept)]
        least[kept], most[kept] = (np.array(each) for each in zip(*limits, strict=True))
        found.append((least, most))
    return tuple(found)


def lines_otherwise(content: Content, layer: Layer, codes: Sequence[str]) -> dict[Scenario, Line]:
    """Return the sum of some regions as each scenario reads it that changes something of the layer.

    Values are in the unit of the layer's metric; what is left of the whole for each is, too.
    """
    if not _readable(content, layer):
        return {}
    [group] = groups_of(content, layer, {" ".join(codes): codes})
    return {each: told(group.code) for each, told in _amounts_otherwise(content, layer, [group])}


def _amounts_otherwise(
    content: Content, layer: Layer, wanted: Sequence[Members] = ()
) -> Iterator[tuple[Scenario, Callable[[str], Line]]]:
    """Yield each scenario that changes something, and what gives a line as it reads it, in its unit."""
    table = shares_of(content, layer, wanted, alone=True)
    for each in scenarios(content.series):
        told = layer_otherwise(content, layer, [each.name]) if each.family else None
        if told is not None:
            read_ = shares_of(content, told, wanted, alone=True)
            yield each, partial(_amounts, content, (layer, told), (table, read_))


def _amounts(content: Content, layers: tuple[Layer, Layer], tables: tuple[Shares, Shares], code: str) -> Line:
    """Return a line of shares that are read otherwise in the unit of its metric.

    Parameters
    ----------
    layers, tables : as they are told, and as they are read. What is read in a sum that nobody knows, as a
        figure of it is a lower bound, may be anything, and so may what of the sum nothing is left of.
    """
    lines = [table.line(code) for table in tables]
    wholes_ = [wholes(content, layer) / PERCENT for layer in layers]
    (told, values), line = (each.values * whole for each, whole in zip(lines, wholes_, strict=True)), lines[1]
    room = np.full(len(values), np.inf) if line.room is None else line.room * wholes_[1]
    unknown = open_count(content, layers[0]) > 0
    unknown |= np.isnan(wholes_[1])  # nothing is left of its sum that is known
    loose = unknown & (lines[0].status != MISSING) & ~(np.abs(values - told) <= DUST)
    return replace(
        line,
        values=np.where(loose, 0.0, values),
        status=np.where(loose, LOWER_BOUND, line.status).astype(np.uint8),
        room=np.where(unknown, np.inf, room),
    )


def _readable(content: Content, layer: Layer) -> bool:
    """Whether a layer's figures can be read as shares; NaN is not below 0."""
    return bool(content.series.doubts) and layer.metric.adds_up and not (layer.values < 0).any()
