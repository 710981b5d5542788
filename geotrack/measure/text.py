"""A measured shift in words: a paragraph, tables, sparklines for the terminal, HTML for a notebook."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from geotrack.language import catalogue
from geotrack.language.figures import changed, written
from geotrack.language.figures import ends as ends_of
from geotrack.language.numbers import DUST
from geotrack.language.text import one_line
from geotrack.map import measures
from geotrack.measure import lines
from geotrack.measure.aligned import MOST_RIGHT, table, wrapped
from geotrack.measure.intervals import ASSUMPTIONS, Interval
from geotrack.measure.shares import side
from geotrack.measure.sparklines import sparklines
from geotrack.measure.values import NOT_EXACT, Headline, Measured, Row
from geotrack.model import AT_MOST, LOWER_BOUND, PERCENT, REPORTED

MOST_ROWS = 30
MOST_FLOWS = 5
MOST_NAMED = 12
WIDTH = 100  # columns of the paragraph
KEPT = 9  # decimals that the measures keep

Cells = tuple[list[str], list[list[str]]]


def paragraph(m: Measured) -> str:
    """Return the answer in a few sentences: what is known first, what is not known last."""
    groups = [row for row in m.rows if row.kind == "group"] or [row for row in m.rows if row.code in m.names]
    told = [_about(m), *(_moved(row, m) for row in groups if row.status != "missing")]
    told += [lines.sentence(each, m.lang) for each in m.crossings]
    told += list(_otherwise(m))
    told += list(_measures(m))
    told += [m.estimates] if m.estimates else []
    for key, ways in (("risen", {"rose"}), ("fallen", {"fell"}), ("unknown", {"same", "open"})):
        told += _missing(key, [row for row in groups if row.status == "missing" and row.way in ways], m)
    return _joined(m, (one_line(each) for each in told))


def text(m: Measured, width: int = 0) -> str:
    """Return paragraph, tables and sparklines for a terminal.

    Parameters
    ----------
    width : columns of the terminal, into which all is folded; 0: tables and notes as wide as they are.
    """
    parts = [wrapped(paragraph(m), min(width or WIDTH, WIDTH))]
    for head, cells, before, after in _tables(m):
        told = [wrapped(before, width)] if before else []
        told += [table(head, cells, width)] if cells else []
        told += [wrapped(line, width) for line in after]
        parts.append("\n".join(told))
    parts.append("\n".join(sparklines(m)))
    parts.append("\n".join(wrapped(line, width, "- ") for line in assumptions(m)))
    parts.append("\n".join(wrapped(note, width, "- ") for note in (*m.notes, m.sources) if note))
    return "\n\n".join(part for part in parts if part)


def markup(m: Measured) -> str:
    """Return the same as HTML, every text escaped."""
    parts = [_html_line(paragraph(m))]
    for head, cells, before, after in _tables(m):
        parts += [_html_line(before)] if before else []
        parts += [_html_table(head, cells)] if cells else []
        parts += [_html_line(line) for line in after]
    said = (*assumptions(m), *m.notes, m.sources)
    notes = "".join(f"<li>{html.escape(one_line(note))}</li>" for note in said if note)
    return f"<div>{''.join(parts)}<ul>{notes}</ul></div>"


def _tables(m: Measured) -> Iterator[tuple[list[str], list[list[str]], str, list[str]]]:
    """The tables: head, cells, what is said before one, and after it of what it leaves out."""
    yield *rows(m), "", _missing("absent", [row for row in m.rows if not _given(row)], m)
    yield *figures(m), "", _undefined(m)
    if m.flows:
        yield *flows(m), _joined(m, [what_flows(m), *([] if m.flows_unique else [_say(m, "several")])]), []


def what_flows(m: Measured) -> str:
    """Say what a least-movement flow is, and what it is not."""
    return _say(m, "flowsOf", moves=m.moves) if m.moves else _say(m, "flowsOnly")


def rows(m: Measured) -> Cells:
    """Head and cells of the table of shares, of all that has a figure in one of the two slices."""
    amounts = any(np.isfinite(row.hashrate_after) for row in m.rows)
    ends = [step.iso for step in (m.first, m.last)]
    head = ["", *ends, _say(m, "change")]
    if amounts:
        head += [*(_say(m, "hashrate", slice=end) for end in ends), _say(m, "grew"), _say(m, "gained")]
    cells, shown = [], [row for row in m.rows if _given(row) and not _nothing(row)]
    for row in shown[:MOST_ROWS]:
        line = [_named(row, m), _share(row, "before", m), _share(row, "after", m), points(row, m)]
        if amounts:
            line += [_at_least(row, name, m) for name in ("hashrate_before", "hashrate_after")]
            line += [signed(row.grew, 2, m.lang), signed(row.gained, 2, m.lang)]
        cells.append(line)
    if len(shown) > MOST_ROWS:
        cells.append([_say(m, "more", count=str(len(shown) - MOST_ROWS)), *[""] * (len(head) - 1)])
    return head, cells


def figures(m: Measured) -> Cells:
    """Head and cells of the table of headline figures that are known, an interval for each assumption."""
    semicolon = catalogue.joint("semicolon", m.lang)
    return [_say(m, key) for key in ("figure", "value", "interval")], [
        [figure.title, value(figure, m.lang), semicolon.join(_intervals(figure, m)) or _bounded_by(figure, m)]
        for figure in m.figures
        if _known(figure, m) and not _empty(figure)
    ]


def flows(m: Measured) -> Cells:
    """Head and cells of the table of the largest flows."""
    cells = []
    for flow in m.flows[:MOST_FLOWS]:
        ends = [flow.source_name, flow.target_name]
        line = [*ends, _plain(flow.amount, 2, m.lang), _plain(flow.km, 0, m.lang)]
        span = Interval(flow.low, flow.high, "")
        cells.append([*line, "" if m.flows_unique else _between(span, 2, m, sign=False)])
    if len(m.flows) > MOST_FLOWS:
        more = sum(flow.amount for flow in m.flows[MOST_FLOWS:])
        said = _say(m, "more", count=str(len(m.flows) - MOST_FLOWS))
        cells.append([said, "", _plain(more, 2, m.lang), "", ""])
    head = [_say(m, key) for key in ("from", "target", "amount", "km")]
    return [*head, "" if m.flows_unique else _say(m, "leastMost")], cells


def assumptions(m: Measured) -> Iterator[str]:
    """Say what each assumption is that an interval here rests on. None of them is a confidence interval."""
    shown = [figure for figure in m.figures if not _empty(figure)]
    used = dict.fromkeys(each.assumption for figure in shown for each in figure.intervals)
    for name in used:
        text = catalogue.term({**ASSUMPTIONS, **m.doubts}[name], m.lang)
        yield _say(m, "assumption", name=_assumption(name, m), text=text)


# ---- figures in words: every number that is said here is written by one of these --------------------------


def value(figure: Headline, lang: str = catalogue.ENGLISH) -> str:
    """Return a figure with unit and bound, marked where it is derived; words where it is not defined."""
    if not np.isfinite(figure.value):
        return _said(lang, "anywhere" if measures.within(figure.key) else "notDefined")
    dress, most = partial(_with_unit, unit=figure.unit, lang=lang), figure.digits
    if figure.unit == "points" and figure.bound not in measures.BOUNDED:
        told = dress(signed(figure.value, most, lang))
        told = _said(lang, "notExact", value=told) if figure.bound == NOT_EXACT else told
    else:
        status = measures.BOUNDED.get(figure.bound, REPORTED)
        whole = PERCENT if figure.unit == "%" else None
        status = side(figure.value, status) if whole and figure.key.startswith("share.") else status
        told = written(figure.value, status, digits=KEPT, lang=lang, whole=whole, most=most, dress=dress)
    return _said(lang, "derived", value=told) if figure.derived else told


def _spanning(figure: Headline, m: Measured) -> str:
    """Return a figure for a sentence, which says no more than its intervals: with a range, or as their end.

    A bound is the end of all that is assumed of the source's shares, as `_left_open` has it.
    """
    low, high = _left_open(figure.key, figure.value, m)
    if figure.bound in measures.BOUNDED:
        least = measures.BOUNDED[figure.bound] == LOWER_BOUND
        return value(replace(figure, value=low if least else high), m.lang)
    told = value(figure, m.lang)
    if high - low <= DUST:
        return told
    between = _between(Interval(low, high, ""), figure.digits, m, sign=False)
    return _say(m, "ranging", value=told, interval=_with_unit(between, figure.unit, m.lang))


def signed(amount: float, digits: int, lang: str = catalogue.ENGLISH) -> str:
    """Return a change with its sign, a dash where missing."""
    return changed(amount, digits=KEPT, lang=lang, most=digits) if np.isfinite(amount) else "–"


def points(row: Row, m: Measured) -> str:
    """Return a change of share; words where it is not known exactly, or which way alone."""
    if row.status == "missing":
        return str(_say(m, {"rose": "up", "fell": "down"}.get(row.way, "notKnown")))
    told = signed(row.change, m.digits, m.lang)
    return _say(m, "notExact", value=told) if row.status == "lower bound" else told


def _at_least(row: Row, name: str, m: Measured) -> str:
    """A share or a hashrate, a bound marked as one."""
    amount, share = getattr(row, name), name in {"before", "after"}
    if not np.isfinite(amount) and not share:
        return "–"
    status = LOWER_BOUND if name in row.lower else AT_MOST if name in row.upper else REPORTED
    shown = {"unit": "%", "whole": PERCENT, "most": m.digits} if share else {"most": 2}
    status = side(amount, status) if share else status
    return written(amount, status, digits=KEPT, lang=m.lang, **shown)


def _between(each: Interval, digits: int, m: Measured, sign: bool) -> str:
    """The two ends of an interval."""
    low, high = ends_of(each.low, each.high, digits=KEPT, lang=m.lang, most=digits, signed=sign)
    return _say(m, "between", low=low, high=high)


def _plain(amount: float, digits: int, lang: str) -> str:
    return written(amount, digits=KEPT, lang=lang, most=digits) if np.isfinite(amount) else "–"


def _with_unit(told: str, unit: str, lang: str) -> str:
    own = {"km": "distance", "°": "degrees", "points": "points"}.get(unit)
    return _said(lang, own, value=told) if own else catalogue.with_unit(told, unit, lang)


# ---- sentences --------------------------------------------------------------------------------------------


def _about(m: Measured) -> str:
    names = {"title": m.title, "first": m.first.label, "last": m.last.label}
    if m.scenario == "reported":
        return _say(m, "about", **names)
    stop = catalogue.joint("stop", m.lang)
    return _say(m, "aboutRead", **names, scenario=m.scenario, assumption=m.assumption.removesuffix(stop))


def _otherwise(m: Measured) -> Iterator[str]:
    for title in dict.fromkeys(each.scenario for each in m.readings):
        told = (lines.sentence(each.crossing, m.lang) for each in m.readings if each.scenario == title)
        yield _say(m, "otherwise", scenario=title, text=_joined(m, told))


def _moved(row: Row, m: Measured) -> str:
    """What a group's share did; which way it went is not said where its interval leaves that open."""
    row = _within_intervals(row, m)
    before, after = (_at_least(row, name, m) for name in ("before", "after"))
    if len(row.derived) == 2:
        after = _say(m, "allDerived", value=after)
    else:
        before, after = _share(row, "before", m), _share(row, "after", m)
    if row.other_sum:
        return _say(m, "otherSum", name=_named(row, m), before=before, after=after)
    low, high = _left_open(f"share.{row.code}.change", row.change, m)
    key = "sameRounded" if row.way == "same" and high - low > 2 * DUST else row.way
    return _say(m, key, name=_named(row, m), before=before, after=after, change=_by(row, m))


def _within_intervals(row: Row, m: Measured) -> Row:
    """Return a row whose bounds are none that an interval goes beyond: see `_left_open`."""
    found: dict[str, Any] = {}
    for way, names in enumerate((row.lower, row.upper)):
        for name in (n for n in names if n in {"before", "after"} and row.code in m.names):
            found[name] = _left_open(f"share.{row.code}.{name}", getattr(row, name), m)[way]
    return replace(row, **found)


def _left_open(key: str, value: float, m: Measured) -> tuple[float, float]:
    """The least and the greatest that a figure may be, by all that is assumed of the source's shares.

    Sentences are about these shares: what its sample leaves out, of which nothing is known, is none of them.
    """
    open_ = [i for f in m.figures if f.key == key for i in f.intervals if i.assumption != "sample"]
    return min([value, *(i.low for i in open_)]), max([value, *(i.high for i in open_)])


def _by(row: Row, m: Measured) -> str:
    """By how many points, and what that was in hashrate."""
    key = "pointsNotExact" if row.status == "lower bound" else "points"
    told = _say(m, key, value=signed(row.change, m.digits, m.lang))
    if not np.isfinite(row.hashrate_before + row.hashrate_after):
        return told
    ends = {name: _at_least(row, f"hashrate_{name}", m) for name in ("before", "after")}
    return _say(m, "withHashrate", points=told, **ends)


def _measures(m: Measured) -> Iterator[str]:
    found = {figure.key: figure for figure in m.figures}

    def known(*keys: str) -> bool:
        return all(key in found and np.isfinite(found[key].value) for key in keys)

    if known("variation", "hhi.after") and _certain("variation", m):
        told = _spanning(found["variation"], m)
        key = "othersOf" if m.denominator else "others"
        what = _say(m, "variationOf", moves=m.moves) if m.moves else _say(m, "variationOnly")
        yield _upper(_say(m, key, value=told, of=m.denominator, what=what))
    several = sum(row.kind == "region" and np.isfinite(row.change) for row in m.rows) > 1
    for key, figure in (("centre", "length"), ("number", "effective")):
        ends = {end: f"{figure}.{end}" for end in ("before", "after")}
        if key == "centre" and not (several and known("moved") and _certain("moved", m)):
            continue
        if known(*ends.values()):
            told = _spanning(found["moved"], m) if key == "centre" else ""
            yield _say(m, key, km=told, **{end: _spanning(found[of], m) for end, of in ends.items()})


def _certain(key: str, m: Measured) -> bool:
    """Whether something moved wherever the rest lies, and however figures were rounded."""
    return _left_open(key, m.figure(key).value, m)[0] > 2 * DUST


def _missing(key: str, rows: Sequence[Row], m: Measured) -> list[str]:
    """One short sentence of those that have no figure, or of whom the change is not known."""
    names = [_named(row, m) for row in rows]
    if len(names) > MOST_NAMED:
        names = [*names[:MOST_NAMED], _say(m, "more", count=str(len(names) - MOST_NAMED))]
    return [_say(m, key, names=catalogue.joined(names, m.lang))] if names else []


def _undefined(m: Measured) -> list[str]:
    """One short sentence of the figures that the slices do not define; a measure of both is named once."""
    lost = {figure.key: figure.title for figure in m.figures if not _known(figure, m)}
    titles: dict[str, None] = {}
    for key, title in lost.items():
        root, _, part = key.rpartition(".")
        other = {"before": "after", "after": "before"}.get(part, "")
        both = f"{root}.{other}" in lost and root in catalogue.words_of(m.lang, "shift")
        titles[_say(m, root) if both else title] = None
    semicolon = catalogue.joint("semicolon", m.lang)
    return [_say(m, "undefined", names=semicolon.join(titles))] if titles else []


def _intervals(figure: Headline, m: Measured) -> Iterator[str]:
    for each in figure.intervals:
        digits = figure.digits + (each.assumption == "rounding")
        told = _between(each, digits, m, sign=figure.unit == "points")
        yield _say(m, "under", interval=told, assumption=_assumption(each.assumption, m))


def _bounded_by(figure: Headline, m: Measured) -> str:
    """What stands for the interval of a point on the globe: the distance within which it lies."""
    by, part = measures.measure_of(figure.key).within, figure.key.rpartition(".")[2]
    if not by:
        return _say(
            m, "isBound" if figure.bound in measures.BOUNDED and np.isfinite(figure.value) else "noInterval"
        )
    reach = m.figure(f"{by}.{part}").value
    told = value(m.figure(f"{by}.{part}"), m.lang)
    if np.isfinite(reach):
        told = _say(m, "within", km=ends_of(0.0, reach, digits=KEPT, lang=m.lang, most=0)[1])
    return _say(m, "under", interval=told, assumption=_assumption("remainder", m))


def _known(figure: Headline, m: Measured) -> bool:
    """Whether a figure is defined, or says that the rest may put a centre, which is, anywhere."""
    part = figure.key.rpartition(".")[2]
    keys = {f"{key}.{part}" for key in measures.within(figure.key)}
    centre = [each for each in m.figures if each.key in keys]
    return bool(np.isfinite([figure.value, *(each.value for each in centre)]).any())


def _empty(figure: Headline) -> bool:
    """Whether a share says nothing: at least 0, and all of it possible."""
    least = figure.bound == "at least" and figure.value <= 0
    return least and any(each.low <= 0 and each.high >= PERCENT for each in figure.intervals)


def _given(row: Row) -> bool:
    return bool(np.isfinite([row.before, row.after]).any())


def _nothing(row: Row) -> bool:
    """Whether a row is a rest of which there is none."""
    return row.kind == "rest" and row.before == row.after == 0


def _named(row: Row, m: Measured) -> str:
    """A row's name, with what it is: a group's listed members only, or what the other of two parts leaves."""
    if row.as_listed:
        return _say(m, "asListed", name=row.name)
    says_so = row.name.endswith((")", "）"))
    return _say(m, "theRest", name=row.name) if row.rest and not says_so else row.name


def _share(row: Row, name: str, m: Measured) -> str:
    told = _at_least(row, name, m)
    return _say(m, "derived", value=told) if name in row.derived else told


def _assumption(name: str, m: Measured) -> str:
    return catalogue.said(m.lang, "assumptions", name)


def _joined(m: Measured, sentences: Sequence[str] | Iterator[str]) -> str:
    return catalogue.joint("gap", m.lang).join(sentences)


def _say(m: Measured, key: str, **values: str) -> str:
    return _said(m.lang, key, **values)


def _said(lang: str, key: str, **values: str) -> str:
    return catalogue.said(lang, "shift", key, **values)


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _html_line(line: str) -> str:
    return f"<p>{html.escape(one_line(line))}</p>"


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
