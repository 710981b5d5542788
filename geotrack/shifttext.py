"""A measured shift in words: a paragraph, tables, sparklines for the terminal, HTML for a notebook."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

import numpy as np

from geotrack.aligned import MOST_RIGHT, columns_of, one_line, table, wrapped
from geotrack.language.figures import changed, ends, written
from geotrack.measured import Figure, Measured, Row
from geotrack.messages import with_unit
from geotrack.model import AT_MOST, LOWER_BOUND, REPORTED
from geotrack.uncertainty import ASSUMPTIONS

BLOCKS = "▁▂▃▄▅▆▇█"
MOST_ROWS = 30
MOST_FLOWS = 5
KEPT = 9  # decimals that the measures keep
PERCENT = 100.0
BOUNDS = {"": REPORTED, "at least": LOWER_BOUND, "at most": AT_MOST}
WIDTH = 100  # columns of the paragraph


def paragraph(m: Measured) -> str:
    """Return the answer in a few sentences."""
    told = [f"{m.title}, {m.first.label} to {m.last.label}" + _reading(m) + "."]
    told += [_moved(row) for row in m.rows if row.kind == "group"]
    told += [str(each) for each in m.crossings]
    told += list(_otherwise(m))
    told += list(_measures(m))
    return " ".join(one_line(each) for each in told)


def text(m: Measured, width: int = 0) -> str:
    """Return paragraph, tables and sparklines for a terminal.

    Parameters
    ----------
    width : columns of the terminal, into which all is folded; 0: tables and notes as wide as they are.
    """
    parts = [
        wrapped(paragraph(m), min(width or WIDTH, WIDTH)),
        table(*rows(m), width),
        table(*figures(m), width),
    ]
    if m.flows:
        said = f"{FLOWS}{'' if m.flows_unique else ' ' + SEVERAL}"
        parts.append(f"{wrapped(said, width)}\n{table(*flows(m), width)}")
    parts.append("\n".join(sparklines(m)))
    parts.append("\n".join(wrapped(line, width, "- ") for line in assumptions(m)))
    parts.append("\n".join(wrapped(note, width, "- ") for note in (*m.notes, m.sources) if note))
    return "\n\n".join(part for part in parts if part)


def markup(m: Measured) -> str:
    """Return the same as HTML, every text escaped."""
    tables = [_html_table(*rows(m)), _html_table(*figures(m))]
    if m.flows:
        tables.append(f"<p>{html.escape(FLOWS)}</p>" + _html_table(*flows(m)))
    said = (*assumptions(m), *m.notes, m.sources)
    notes = "".join(f"<li>{html.escape(one_line(note))}</li>" for note in said if note)
    return f"<div><p>{html.escape(paragraph(m))}</p>{''.join(tables)}<ul>{notes}</ul></div>"


FLOWS = (
    "Least-movement flows: the smallest set of net changes consistent with the shares, not observed "
    "movements of machines."
)
SEVERAL = "Other flows are as short: each amount may lie between least and most."

Cells = tuple[list[str], list[list[str]]]


def rows(m: Measured) -> Cells:
    """Head and cells of the table of shares."""
    amounts = any(np.isfinite(row.hashrate_after) for row in m.rows)
    head = ["", m.first.iso, m.last.iso, "change, points"]
    if amounts:
        head += [f"{m.first.iso}, EH/s", f"{m.last.iso}, EH/s", "grew with network", "gained share"]
    cells = []
    for row in m.rows[:MOST_ROWS]:
        line = [row.name, _at_least(row, "before", "%"), _at_least(row, "after", "%"), points(row)]
        if amounts:
            line += [_at_least(row, "hashrate_before"), _at_least(row, "hashrate_after")]
            line += [signed(row.grew, 2), signed(row.gained, 2)]
        cells.append(line)
    if len(m.rows) > MOST_ROWS:
        cells.append([f"and {len(m.rows) - MOST_ROWS} more", *[""] * (len(head) - 1)])
    return head, cells


def figures(m: Measured) -> Cells:
    """Head and cells of the table of headline figures, with an interval for each assumption."""
    return ["figure", "value", "interval, by assumption"], [
        [figure.title, value(figure), "; ".join(_intervals(figure)) or _bounded_by(figure, m)]
        for figure in m.figures
    ]


def flows(m: Measured) -> Cells:
    """Head and cells of the table of the largest flows."""
    cells = []
    for flow in m.flows[:MOST_FLOWS]:
        line = [flow.source_name, flow.target_name, _plain(flow.amount), _plain(flow.km, 0)]
        between = " to ".join(ends(flow.low, flow.high, digits=KEPT, most=2))
        cells.append([*line, "" if m.flows_unique else between])
    if len(m.flows) > MOST_FLOWS:
        more = sum(flow.amount for flow in m.flows[MOST_FLOWS:])
        cells.append([f"and {len(m.flows) - MOST_FLOWS} more", "", _plain(more), "", ""])
    return ["from", "to", "points", "km", "" if m.flows_unique else "least to most"], cells


def assumptions(m: Measured) -> Iterator[str]:
    """Say what each assumption is that an interval here rests on. None of them is a confidence interval."""
    used = dict.fromkeys(each.assumption for figure in m.figures for each in figure.intervals)
    yield from (f"{name}: {ASSUMPTIONS[name]}" for name in used)


def sparklines(m: Measured) -> Iterator[str]:
    """A line of blocks per group, over all slices: · missing, _ zero."""
    width = max((columns_of(one_line(m.names.get(code, code))) for code in m.tracks.lines), default=0)
    for code, line in m.tracks.lines.items():
        name = one_line(m.names.get(code, code))
        known = line[np.isfinite(line)]
        if len(known):
            low, high = percent(float(known.min())), percent(float(known.max()))
            yield f"{name}{' ' * (width - columns_of(name))}  {spark(line)}  {low} to {high}"


def spark(line: np.ndarray) -> str:
    """Return a line's sparkline; it begins at zero."""
    top = float(np.nanmax(line)) if np.isfinite(line).any() else 0.0
    return "".join(_block(float(each), top) for each in line)


def value(figure: Figure) -> str:
    """Return a figure with its unit, "not defined" where it is not."""
    if not np.isfinite(figure.value):
        return "anywhere" if figure.key.startswith("reach") else "not defined"
    if figure.unit == "points" and not figure.bound:
        return with_unit(signed(figure.value, figure.digits), figure.unit)
    status, most = BOUNDS[figure.bound], figure.digits
    return written(figure.value, status, digits=KEPT, unit=figure.unit, most=most, least=most)


def _at_least(row: Row, name: str, unit: str = "") -> str:
    amount = getattr(row, name)
    if not np.isfinite(amount):
        return "no data" if unit else "–"
    status = LOWER_BOUND if name in row.lower else REPORTED
    return written(amount, status, digits=KEPT, unit=unit, whole=PERCENT if unit else None, most=2)


def points(row: Row) -> str:
    """Return a change of share; words where it is not known exactly."""
    if row.status == "missing":
        return "not known"
    return signed(row.change, 2) + (" (not exact)" if row.status == "lower bound" else "")


def percent(share: float) -> str:
    """Return a share with two decimals, "no data" where missing."""
    return written(share, digits=KEPT, unit="%", whole=PERCENT, most=2)


def signed(amount: float, digits: int) -> str:
    """Return a change with its sign, a dash where missing."""
    if not np.isfinite(amount):
        return "–"
    return changed(amount, digits=KEPT, most=digits)


def _html_table(head: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    first = "".join(f"<th>{html.escape(one_line(cell))}</th>" for cell in head)
    body = "".join(
        f"<tr>{''.join(_html_cell(one_line(cell), place) for place, cell in enumerate(line))}</tr>"
        for line in cells
    )
    return f"<table><thead><tr>{first}</tr></thead><tbody>{body}</tbody></table>"


def _html_cell(cell: str, place: int) -> str:
    side = "right" if place and len(cell) <= MOST_RIGHT else "left"
    return f'<td style="text-align:{side}">{html.escape(cell)}</td>'


def _reading(m: Measured) -> str:
    return "" if m.scenario == "reported" else f" (read as {m.scenario}: {m.assumption.rstrip('.')})"


def _otherwise(m: Measured) -> Iterator[str]:
    for title in dict.fromkeys(each.scenario for each in m.readings):
        told = " ".join(str(each.crossing) for each in m.readings if each.scenario == title)
        yield f"Read otherwise ({title}): {told}"


def _moved(row: Row) -> str:
    if row.status == "missing":
        return f"{row.name}: not known in both slices."
    verb = "rose" if row.change > 0 else "fell" if row.change < 0 else "did not change:"
    before, after = (_at_least(row, name, "%") for name in ("before", "after"))
    told = f"{row.name} {verb} from {before} to {after} ({points(row)} points"
    if np.isfinite(row.hashrate_before + row.hashrate_after):
        told += f"; {_at_least(row, 'hashrate_before')} to {_at_least(row, 'hashrate_after')}\u00a0EH/s"
    return told + ")."


def _measures(m: Measured) -> Iterator[str]:
    found = {figure.key: figure for figure in m.figures}
    if found["variation"].value > 0:
        whole = m.denominator.removeprefix("of ") or "the whole"
        told = (
            f"{_upper(value(found['variation']))} of the shares of {whole} lie in other regions than before"
        )
        yield f"{told} (total variation; shares, not machines)."
    several = sum(row.kind == "region" and np.isfinite(row.change) for row in m.rows) > 1
    if several and np.isfinite(found["moved"].value):
        ends = [value(found[f"length.{part}"]) for part in ("before", "after")]
        yield (
            f"The mean centre moved {value(found['moved'])}; its length R, near 1 if all is in one place, "
            f"went from {ends[0]} to {ends[1]}: between two far poles the point is unstable, so read both."
        )
    ends = [value(found[f"effective.{part}"]) for part in ("before", "after")]
    if "not defined" not in ends:
        yield f"The effective number of regions (1 / HHI) went from {ends[0]} to {ends[1]}."


def _intervals(figure: Figure) -> Iterator[str]:
    for each in figure.intervals:
        digits = figure.digits + (each.assumption == "rounding")
        low, high = ends(each.low, each.high, digits=KEPT, most=digits, signed=figure.unit == "points")
        yield f"{low} to {high} ({each.assumption})"


def _bounded_by(figure: Figure, m: Measured) -> str:
    """What stands for the interval of a point on the globe: the distance within which it lies."""
    kind, _, part = figure.key.partition(".")
    if kind not in {"lon", "lat"}:
        return "a bound itself" if kind == "reach" and np.isfinite(figure.value) else "none known"
    reach = m.figure(f"reach.{part}").value
    _, far = ends(0.0, reach, digits=KEPT, most=0) if np.isfinite(reach) else ("", "")
    return f"within {far}\u00a0km (remainder)" if far else "anywhere (remainder)"


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _plain(amount: float, digits: int = 2) -> str:
    return written(amount, digits=KEPT, most=digits) if np.isfinite(amount) else "–"


def _block(each: float, top: float) -> str:
    if not np.isfinite(each):
        return "·"
    return "_" if each <= 0 else BLOCKS[min(int(each / top * len(BLOCKS)), len(BLOCKS) - 1)]
