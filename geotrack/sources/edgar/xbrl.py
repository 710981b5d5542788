"""The reader of XBRL instances: facts with their periods, currencies and axes. It knows no company.

Pure: bytes in, facts out, no network and no taxonomy. What it takes from the standard:

* Names are told apart by the address of their namespace, never by its prefix; the year in it does not matter.
* Only facts over a period (startDate, endDate) in one currency (an ISO 4217 measure) are returned: an instant
  is a balance, and a share or a rate is no amount. Facts that are nil say nothing.
* An instance holds full amounts: scale is applied already. `decimals` says how far they are rounded.
* All axes of a fact are given, typed ones and free content of a segment too, so that "the only axis" can be
  asked.

A file that declares a document type or entities is refused unread: no instance has a reason to.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from geotrack.errors import ParseError
from geotrack.sources.payload import text_of

MOST_BYTES = 150_000_000
"""The largest instance that is read; those of large companies have about 20 million bytes."""

MOST_ELEMENTS = 2_000_000
"""Of an instance; those of large companies have about 300,000."""

MOST_ADDRESS = 1_000
"""Characters of the address of a namespace, which stands in each name of its elements."""

MOST_LEVELS = 40
"""Elements within elements; an instance has six."""

FAMILIES = {
    "us-gaap": re.compile(r"https?://(www\.)?(fasb\.org|xbrl\.us)/us-gaap/"),
    "srt": re.compile(r"https?://(www\.)?(fasb\.org|xbrl\.us)/srt/"),
    "ifrs-full": re.compile(r"https?://xbrl\.ifrs\.org/taxonomy/.*ifrs-full"),
    "country": re.compile(r"https?://xbrl\.(sec\.gov|us)/country/"),
    "iso4217": re.compile(r"http://www\.xbrl\.org/2003/iso4217$"),
}
"""Addresses of the namespaces whose names mean the same in every filing, by the prefix they are known by."""

_XBRLI = "{http://www.xbrl.org/2003/instance}"
_XBRLDI = "{http://xbrl.org/2006/xbrldi}"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{1,6})?", re.ASCII)  # 24 digits: thousands of them add up exactly
_DECIMALS = re.compile(r"[+-]?(\d|1[0-8])", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(T00:00:00)?", re.ASCII)


@dataclass(frozen=True)
class Fact:
    """An amount of money over a period.

    Parameters
    ----------
    concept : e.g. "us-gaap:Revenues".
    unit : currency, ISO 4217: "USD".
    start, end : ISO days, the end excluded.
    axes : (axis, member) of its context; none for the company as a whole. A company's own names are as
        written, the standard ones under the prefixes of FAMILIES; a typed or unknown part has an axis that
        begins with "?".
    value : the full amount.
    decimals : digits behind the point that are exact, negative before it (-3: thousands); None if all are.
    """

    concept: str
    unit: str
    start: str
    end: str
    axes: tuple[tuple[str, str], ...]
    value: Decimal
    decimals: int | None

    @property
    def half(self) -> Decimal:
        """How far the true amount may lie from the value: half a unit of its last exact digit."""
        return Decimal(0) if self.decimals is None else Decimal(f"0.5e{-self.decimals}")


@dataclass(frozen=True)
class Instance:
    """What was read: the identifiers of the companies that the contexts name (CIKs), and the facts."""

    entities: frozenset[str]
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class _Context:
    start: str  # as written; "" for an instant
    end: str
    axes: tuple[tuple[str, str], ...]


@dataclass
class _Parts:
    """What has been met so far; facts may stand before their contexts, so that they are put together last."""

    name: str
    concepts: Collection[str]
    spaces: dict[str, list[str]] = field(
        default_factory=dict
    )  # addresses in scope by prefix, inner ones last
    declared: list[str] = field(default_factory=list)  # prefixes in scope, in the order that they came
    entities: set[str] = field(default_factory=set)
    contexts: dict[str, _Context] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    facts: list[tuple[str, dict[str, str], str]] = field(default_factory=list)  # concept, attributes, text


def read(name: str, content: bytes, concepts: Collection[str]) -> Instance:
    """Return the facts of some concepts that an instance holds.

    Parameters
    ----------
    name : of the file, for messages.
    content : the bytes of an XBRL 2.1 instance (`..._htm.xml`, or `<name>-<date>.xml` of older filings).
    concepts : names such as "us-gaap:Revenues"; other facts are not looked at.

    Raises
    ------
    ParseError
        Not XML or no instance, entities or a document type declared, too large, too deep, too many
        elements or an address of a namespace that is too long; a fact of these
        concepts without a context or unit, or with a period, number or `decimals` that is none.
    FetchError
        A web page instead of data.
    """
    parts = _Parts(name, concepts)
    try:
        for element in _elements(parts, _safe(name, content)):
            _take(parts, element)
    except ElementTree.ParseError as error:
        raise ParseError(
            f"{name}: no XML: {error}; expected an XBRL instance; fetch the file again"
        ) from error
    facts = (_fact(parts, *one) for one in parts.facts)
    return Instance(frozenset(parts.entities), tuple(fact for fact in facts if fact is not None))


def _safe(name: str, content: bytes) -> bytes:
    """Return the bytes to parse: UTF-8 without a declaration, without anything that could expand."""
    if len(content) > MOST_BYTES:
        raise ParseError(f"{name}: {len(content):,} bytes; expected an instance of at most {MOST_BYTES:,}")
    elements = content.count(b"<") - content.count(b"</")
    if elements > MOST_ELEMENTS:
        raise ParseError(
            f"{name}: {elements:,} elements; expected an instance of at most {MOST_ELEMENTS:,}; the file was "
            "not read"
        )
    text = text_of(name, content)
    declared = re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE)
    if declared:
        raise ParseError(
            f"{name}: declares {declared.group(0)!r}; expected an XBRL instance, which has no document "
            "type and no entities; the file was not read"
        )
    return re.sub(r"\A\s*<\?xml\b[^>]*\?>", "", text).encode()


def _elements(parts: _Parts, content: bytes) -> Iterator[Element]:
    """Yield elements as they end, their namespaces in scope; those below the root are emptied afterwards."""
    depth = 0
    for event, item in ElementTree.iterparse(BytesIO(content), ("start-ns", "end-ns", "start", "end")):
        if event == "start-ns":
            prefix, address = item
            if len(address) > MOST_ADDRESS:
                raise ParseError(
                    f"{parts.name}: the address of the prefix {prefix[:40]!r} has {len(address):,} "
                    f"characters; expected at most {MOST_ADDRESS:,}"
                )
            parts.declared.append(prefix)
            parts.spaces.setdefault(prefix, []).append(address)
        elif event == "end-ns":
            parts.spaces[parts.declared.pop()].pop()
        elif event == "start":
            if depth == 0:
                _refuse_root(parts.name, item)
            depth += 1
            if depth > MOST_LEVELS:
                raise ParseError(
                    f"{parts.name}: more than {MOST_LEVELS} elements within one another; expected six"
                )
        else:
            depth -= 1
            yield item
            if depth == 1:
                item.clear()


def _refuse_root(name: str, root: Element) -> None:
    if root.tag != f"{_XBRLI}xbrl":
        local = root.tag.rpartition("}")[2]
        inline = "; this is the inline document: save what EDGAR extracted from it, <name>_htm.xml"
        raise ParseError(
            f"{name}: the outermost element is {local!r}; expected 'xbrl', that of an XBRL instance"
            + (inline if local == "html" else "")
        )


def _take(parts: _Parts, element: Element) -> None:
    tag = element.tag
    if tag == f"{_XBRLDI}explicitMember":
        element.set("dimension", _qualified(parts, element.get("dimension", "")))
        element.text = _qualified(parts, element.text or "")
    elif tag == f"{_XBRLI}measure":
        element.text = _qualified(parts, element.text or "")
    elif tag == f"{_XBRLI}context":
        _put(parts, parts.contexts, element, _context(parts, element))
    elif tag == f"{_XBRLI}unit":
        measures = [child.text or "" for child in element if child.tag == f"{_XBRLI}measure"]
        single = len(measures) == len(element) == 1 and measures[0].startswith("iso4217:")
        _put(parts, parts.units, element, measures[0].removeprefix("iso4217:") if single else "")
    elif "contextRef" in element.attrib:
        uri, _, local = tag.removeprefix("{").rpartition("}")
        concept = f"{_family(uri)}:{local}"
        if concept in parts.concepts:
            parts.facts.append((concept, dict(element.attrib), element.text or ""))


def _put(parts: _Parts, table: dict[str, Any], element: Element, value: object) -> None:
    own = element.get("id", "")
    if own in table:
        raise ParseError(
            f"{parts.name}: the id {own!r} is given twice; expected one context or unit of each id"
        )
    table[own] = value


def _family(uri: str) -> str:
    """Return the prefix that a standard namespace is known by, or ""."""
    return next((name for name, address in FAMILIES.items() if address.match(uri)), "")


def _qualified(parts: _Parts, text: str) -> str:
    """Return a name in text by its namespace: under the known prefix, else as the company writes it."""
    prefix, colon, local = text.strip().rpartition(":")
    uri = next(reversed(parts.spaces.get(prefix, [])), None)
    if uri is None and colon:
        raise ParseError(f"{parts.name}: the prefix of {text.strip()!r} is not declared; the file is damaged")
    family = _family(uri or "")
    if not family and prefix in FAMILIES:  # a company's own name in a well-known one's clothes
        return f"{{{uri}}}{local}"
    return f"{family or prefix}:{local}"


def _context(parts: _Parts, element: Element) -> _Context:
    parts.entities.add((element.findtext(f"{_XBRLI}entity/{_XBRLI}identifier") or "").strip())
    held = element.findall(f"{_XBRLI}entity/{_XBRLI}segment/*") + element.findall(f"{_XBRLI}scenario/*")
    explicit = f"{_XBRLDI}explicitMember"
    axes = [
        (one.get("dimension", ""), one.text or "")
        if one.tag == explicit
        else (f"? {one.get('dimension', one.tag)}", "")
        for one in held
    ]
    start, end = (element.findtext(f"{_XBRLI}period/{_XBRLI}{day}") or "" for day in ("startDate", "endDate"))
    return _Context(start.strip(), end.strip(), tuple(sorted(axes)))


def _fact(parts: _Parts, concept: str, said: dict[str, str], text: str) -> Fact | None:
    """Return a fact, or None if it is nil, of an instant, or no amount of money."""
    where = f"{parts.name}, {concept} in context {said['contextRef']!r}"
    context, unit = parts.contexts.get(said["contextRef"]), parts.units.get(said.get("unitRef", ""))
    if context is None:
        raise ParseError(f"{where}: there is no such context; the file is damaged, fetch it again")
    if said.get(_NIL) in ("true", "1") or not context.start:
        return None
    if unit is None:
        raise ParseError(f"{where}: there is no unit {said.get('unitRef', '')!r}; the file is damaged")
    if not unit:
        return None
    if not _NUMBER.fullmatch(text.strip()):
        raise ParseError(
            f"{where}: {text.strip()[:40]!r}; expected a plain decimal number of at most 18 digits"
        )
    start, end = _days(where, context)
    return Fact(concept, unit, start, end, context.axes, Decimal(text.strip()), _decimals(where, said))


def _decimals(where: str, said: dict[str, str]) -> int | None:
    text = said.get("decimals", "INF").strip()
    if text != "INF" and not _DECIMALS.fullmatch(text):
        raise ParseError(f"{where}: decimals {text!r}; expected a whole number such as -3, or INF")
    return None if text == "INF" else int(text)


def _days(where: str, context: _Context) -> tuple[str, str]:
    """Return the first day and the first day after: an end that is a day is the last, a midnight is not."""
    begins, ends = _MOMENT.fullmatch(context.start), _MOMENT.fullmatch(context.end)
    try:
        if begins and ends:
            first, last = date.fromisoformat(begins[1]), date.fromisoformat(ends[1])
            after = last if ends[2] else last + timedelta(1)
            if first < after:
                return first.isoformat(), after.isoformat()
    except (ValueError, OverflowError):
        pass
    raise ParseError(
        f"{where}: period {context.start!r} to {context.end!r}; expected ISO days, the first before the last"
    )
