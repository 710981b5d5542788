"""Instances: what is a fact, whose names are whose, and what is refused unread.

All figures are synthetic but those of the fragment of a filing of Tesla.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geotrack.errors import FetchError, GeotrackError, ParseError
from geotrack.sources.edgar import xbrl
from geotrack.sources.edgar.xbrl import Fact, read

PAYLOADS = Path(__file__).parent / "payloads" / "edgar"
TESLA = (PAYLOADS / "tsla-20240630_htm.xml").read_bytes()
REVENUES = ("us-gaap:Revenues", "ifrs-full:Revenue")
HEAD = (
    '<xbrl xmlns="http://www.xbrl.org/2003/instance" xmlns:xbrldi="http://xbrl.org/2006/xbrldi" '
    'xmlns:iso4217="http://www.xbrl.org/2003/iso4217" xmlns:us-gaap="http://fasb.org/us-gaap/2020-01-31" '
    'xmlns:srt="http://fasb.org/srt/2020-01-31" xmlns:country="http://xbrl.sec.gov/country/2020-01-31" '
    'xmlns:can="http://www.canaan-creative.com/20201231" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)
PERIOD = "<startDate>2020-01-01</startDate><endDate>2020-12-31</endDate>"
PLACE = '<xbrldi:explicitMember dimension="srt:StatementGeographicalAxis">country:CN</xbrldi:explicitMember>'
UNIT = '<unit id="usd"><measure>iso4217:USD</measure></unit>'
ONE = '<us-gaap:Revenues contextRef="a" unitRef="usd" decimals="-3">5000</us-gaap:Revenues>'


def context(segment: str = "", period: str = PERIOD, own: str = "a", scenario: str = "") -> str:
    held = f"<segment>{segment}</segment>" if segment else ""
    entity = f'<entity><identifier scheme="http://www.sec.gov/CIK">0000000001</identifier>{held}</entity>'
    return f'<context id="{own}">{entity}<period>{period}</period>{scenario}</context>'


def instance(*parts: str, head: str = HEAD) -> bytes:
    return ('<?xml version="1.0" encoding="utf-8"?>' + head + "".join(parts) + "</xbrl>").encode()


def facts(*parts: str, head: str = HEAD) -> tuple[Fact, ...]:
    return read("x", instance(*parts, head=head), REVENUES).facts


def test_a_real_fragment_reads_as_it_stands() -> None:
    found = read("tsla", TESLA, REVENUES)
    us = (("srt:StatementGeographicalAxis", "country:US"),)
    assert found.entities == {"0001318605"}
    assert [(f.start, f.end, f.value) for f in found.facts] == [
        ("2024-04-01", "2024-07-01", Decimal(13256000000)),
        ("2023-04-01", "2023-07-01", Decimal(11332000000)),
        ("2024-01-01", "2024-07-01", Decimal(23018000000)),
    ]
    assert {(f.concept, f.unit, f.axes, f.decimals) for f in found.facts} == {
        ("us-gaap:Revenues", "USD", us, -6)
    }


def test_a_fact_may_stand_before_its_context() -> None:
    assert facts(ONE, UNIT, context(PLACE)) == facts(context(PLACE), UNIT, ONE)


@pytest.mark.parametrize(
    ("decimals", "half"),
    [
        ('decimals="-6"', "500000"),
        ('decimals="0"', "0.5"),
        ('decimals="2"', "0.005"),
        ('decimals="INF"', "0"),
        ("", "0"),
    ],
)
def test_decimals_say_how_far_a_figure_is_rounded(decimals: str, half: str) -> None:
    [fact] = facts(context(), UNIT, ONE.replace('decimals="-3"', decimals))
    assert fact.half == Decimal(half)


@pytest.mark.parametrize(
    ("period", "days"),
    [
        (PERIOD, ("2020-01-01", "2021-01-01")),
        (
            "<startDate> 2024-04-01 </startDate><endDate>2025-03-31</endDate>",
            ("2024-04-01", "2025-04-01"),
        ),
        (
            "<startDate>2020-01-01T00:00:00</startDate><endDate>2021-01-01T00:00:00</endDate>",
            ("2020-01-01", "2021-01-01"),
        ),
        ("<startDate>2020-02-29</startDate><endDate>2020-02-29</endDate>", ("2020-02-29", "2020-03-01")),
    ],
)
def test_an_end_that_is_a_day_is_the_last_one_and_a_midnight_is_not(
    period: str, days: tuple[str, str]
) -> None:
    [fact] = facts(context(period=period), UNIT, ONE)
    assert (fact.start, fact.end) == days


@pytest.mark.parametrize(
    "parts",
    [
        (context(period="<instant>2020-12-31</instant>"), UNIT, ONE),
        (context(period="<forever/>"), UNIT, ONE),
        (context(), UNIT, ONE.replace("5000<", "<").replace("decimals", 'xsi:nil="true" decimals')),
        (context(), '<unit id="usd"><measure>xbrli:pure</measure></unit>'.replace("xbrli:", ""), ONE),
        (
            context(),
            '<unit id="usd"><divide><unitNumerator><measure>iso4217:USD</measure></unitNumerator>'
            "<unitDenominator><measure>srt:share</measure></unitDenominator></divide></unit>",
            ONE,
        ),
        (context(), UNIT, ONE.replace("Revenues", "Assets")),
        (context(), UNIT, ONE.replace("us-gaap:", "can:")),
    ],
    ids=[
        "an instant",
        "forever",
        "nil",
        "a share",
        "per share",
        "another concept",
        "a company's own concept",
    ],
)
def test_what_is_no_amount_over_a_period_is_left_out(parts: tuple[str, ...]) -> None:
    assert facts(*parts) == ()


def test_names_are_told_by_their_namespace_and_not_by_their_prefix() -> None:
    head = HEAD.replace("xmlns:us-gaap=", "xmlns:g=").replace("xmlns:country=", "xmlns:c=")
    head = head.replace("xmlns:srt=", "xmlns:s=").replace("xmlns:iso4217=", "xmlns:money=")
    parts = (context(PLACE), UNIT, ONE)
    renamed = [
        p.replace("us-gaap:", "g:")
        .replace("country:", "c:")
        .replace("srt:", "s:")
        .replace("iso4217:", "money:")
        for p in parts
    ]
    assert facts(*renamed, head=head) == facts(*parts)


def test_a_prefix_in_a_well_known_ones_clothes_is_not_believed() -> None:
    head = HEAD.replace("http://xbrl.sec.gov/country/2020-01-31", "http://example.com/us-gaap/")
    [fact] = facts(context(PLACE), UNIT, ONE, head=head)
    assert fact.axes == (("srt:StatementGeographicalAxis", "{http://example.com/us-gaap/}CN"),)
    own = HEAD.replace("http://fasb.org/us-gaap/2020-01-31", "http://example.com/us-gaap/")
    assert facts(context(PLACE), UNIT, ONE, head=own) == ()


@pytest.mark.parametrize(
    ("prefix", "uri"),
    [
        ("us-gaap", "http://xbrl.us/us-gaap/2009-01-31"),
        ("us-gaap", "http://fasb.org/us-gaap/2031"),
        ("ifrs-full", "http://xbrl.ifrs.org/taxonomy/2024-03-27/ifrs-full"),
        ("ifrs-full", "https://xbrl.ifrs.org/taxonomy/2019-03-27/ifrs-full"),
    ],
)
def test_the_year_of_a_namespace_does_not_matter(prefix: str, uri: str) -> None:
    head = HEAD.replace("<xbrl ", f'<xbrl xmlns:x="{uri}" ')
    own = {"us-gaap": "Revenues", "ifrs-full": "Revenue"}[prefix]
    one = f'<x:{own} contextRef="a" unitRef="usd" decimals="0">1</x:{own}>'
    assert [f.concept for f in facts(context(), UNIT, one, head=head)] == [f"{prefix}:{own}"]


def test_a_prefix_declared_within_holds_within_only() -> None:
    inner = PLACE.replace("<xbrldi:explicitMember", '<xbrldi:explicitMember xmlns:srt="http://example.com/a"')
    [first, second] = facts(context(inner), context(PLACE, own="b"), UNIT, ONE, ONE.replace('"a"', '"b"'))
    assert first.axes == (("{http://example.com/a}StatementGeographicalAxis", "country:CN"),)
    assert second.axes == (("srt:StatementGeographicalAxis", "country:CN"),)


def test_a_companys_own_member_is_named_as_written() -> None:
    [fact] = facts(context(PLACE.replace("country:CN", " can:OverseasMember\n")), UNIT, ONE)
    assert fact.axes == (("srt:StatementGeographicalAxis", "can:OverseasMember"),)


@pytest.mark.parametrize(
    "further",
    [
        '<xbrldi:explicitMember dimension="srt:ProductOrServiceAxis">can:A</xbrldi:explicitMember>',
        '<xbrldi:typedMember dimension="srt:StatementGeographicalAxis"><can:x>1</can:x></xbrldi:typedMember>',
        "<can:free/>",
    ],
)
def test_every_axis_counts_in_the_segment_and_in_the_scenario(further: str) -> None:
    [fact] = facts(context(PLACE + further), UNIT, ONE)
    assert len(fact.axes) == 2
    [fact] = facts(context(PLACE, scenario=f"<scenario>{further}</scenario>"), UNIT, ONE)
    assert len(fact.axes) == 2


def test_a_typed_member_is_no_place() -> None:
    typed = '<xbrldi:typedMember dimension="srt:StatementGeographicalAxis"><can:x/></xbrldi:typedMember>'
    [fact] = facts(context(typed), UNIT, ONE)
    assert fact.axes == (("? srt:StatementGeographicalAxis", ""),)


BOMB = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;">]>'
OUTSIDE = '<!doctype x SYSTEM "file:///etc/passwd">'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ((BOMB + HEAD + "&lol2;</xbrl>").encode(), r"declares '<!DOCTYPE'; expected an XBRL instance"),
        ((OUTSIDE + HEAD + "</xbrl>").encode(), r"declares '<!doctype'.*was not read"),
        (instance('<!ENTITY a "b">'), r"declares '<!ENTITY'"),
        (instance("&lol;"), r"x: no XML: undefined entity.*fetch the file again"),
        (b"<xbrl", r"x: no XML: .*expected an XBRL instance"),
        (b"{}", r"x: no XML: "),
        (b"", r"x: empty"),
        (b"\xff<a/>", r"no UTF-8"),
        ((HEAD + "</xbrl>").encode("utf-16"), r"no UTF-8"),
        (b"<?xml version='1.0' encoding='utf-16'?><a/>", r"outermost element is 'a'; expected 'xbrl'"),
        (b"<xbrl/>", r"outermost element is 'xbrl'; expected 'xbrl', that of an XBRL instance"),
        (b"<!-- inline --><x:html xmlns:x='y'/>", r"'html'.*inline document: save what EDGAR extracted"),
        (instance("<a>" * 60, "</a>" * 60), r"x: more than 40 elements within one another; expected six"),
        (instance(UNIT, ONE), r"us-gaap:Revenues in context 'a': there is no such context"),
        (instance(context(), ONE), r"there is no unit 'usd'"),
        (instance(context(), UNIT, ONE.replace('unitRef="usd"', "")), r"there is no unit ''"),
        (instance(context(), context(), UNIT, ONE), r"the id 'a' is given twice"),
        (instance(context(), UNIT, UNIT, ONE), r"the id 'usd' is given twice"),
        (instance(context(PLACE.replace("srt:", "q:"))), r"prefix of 'q:StatementGeographicalAxis' is not"),
        (instance(context(), UNIT, ONE.replace("5000", "5,000")), r"'5,000'; expected a plain"),
        (instance(context(), UNIT, ONE.replace("5000", "1e999999")), r"'1e999999'; expected a plain"),
        (instance(context(), UNIT, ONE.replace("5000", "9" * 19)), r"at most 18 digits"),
        (instance(context(), UNIT, ONE.replace("5000", "")), r"''; expected a plain decimal number"),
        (instance(context(), UNIT, ONE.replace('"-3"', '"-999999999"')), r"decimals '-999999999'; exp"),
        (instance(context(period=PERIOD.replace("2020-12", "2020-13")), UNIT, ONE), r"period .*2020-13-31"),
        (instance(context(period=PERIOD.replace("2020-12", "2019-12")), UNIT, ONE), r"the first before"),
        (instance(context(period=PERIOD.replace("2020-12", "9999-12")), UNIT, ONE), r"expected ISO days"),
        (instance(context(period="<startDate>1</startDate>"), UNIT, ONE), r"period '1' to ''"),
    ],
)  # fmt: skip
def test_what_is_no_instance_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        read("x", content, REVENUES)


def test_a_web_page_is_not_taken_for_data() -> None:
    with pytest.raises(FetchError, match="web page"):
        read("x", b"<!DOCTYPE html><html><title>Undeclared Automated Tool</title>", REVENUES)


def test_what_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xbrl, "MOST_BYTES", 10)
    with pytest.raises(ParseError, match=r"bytes; expected an instance of at most 10"):
        read("x", TESLA, REVENUES)


def test_what_has_too_many_elements_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xbrl, "_elements", lambda parts, content: pytest.fail("it was parsed"))
    many = "<a/>" * xbrl.MOST_ELEMENTS
    with pytest.raises(ParseError, match=r"x: 2,000,001 elements; expected an instance of at most 2,000,000"):
        read("x", instance(many).removeprefix(b'<?xml version="1.0" encoding="utf-8"?>'), REVENUES)


def test_an_address_that_every_name_would_repeat_is_refused() -> None:
    with pytest.raises(ParseError, match=r"x: the address of the prefix 'p' has 1,001 characters; expected"):
        facts(f'<p:a xmlns:p="{"u" * 1_001}"/>')
    assert facts(f'<p:a xmlns:p="{"u" * 1_000}"/>') == ()


def test_a_prefix_is_looked_up_and_not_searched_for_among_all(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    parts = xbrl._Parts("x", REVENUES)
    declared = "".join(f' xmlns:p{n}="u{n}"' for n in range(2_000))
    content = instance(
        "<unit id='a'>" + "<measure>p0:x</measure>" * 500 + "</unit>", head=HEAD[:-1] + declared + ">"
    )
    for element in xbrl._elements(parts, xbrl._safe("x", content)):
        if element.tag.endswith("measure"):
            looked = _Counted(parts.spaces, steps)
            parts.spaces = looked
            assert xbrl._qualified(parts, "p0:x") == "p0:x"
            parts.spaces = dict(looked)
    assert len(steps) == 500  # a step a name, whatever number of prefixes is declared
    assert parts.spaces == {prefix: [] for prefix in parts.spaces}


class _Counted(dict[str, list[str]]):
    """Prefixes, with a step for each that is looked up or gone through."""

    def __init__(self, known: dict[str, list[str]], steps: list[str]) -> None:
        super().__init__(known)
        self.steps = steps

    def get(self, prefix: str, other: Any = None) -> Any:
        self.steps.append(prefix)
        return super().get(prefix, other)

    def __iter__(self) -> Any:
        for prefix in super().__iter__():
            self.steps.append(prefix)
            yield prefix


def refuses_or_reads(content: bytes) -> None:
    """Only geotrack's own errors may escape."""
    try:
        found = read("x", content, REVENUES)
    except GeotrackError:
        return
    assert all(fact.start < fact.end and fact.value.is_finite() for fact in found.facts)


@given(st.binary(max_size=300))
def test_no_bytes_bring_it_down(content: bytes) -> None:
    refuses_or_reads(content)
    refuses_or_reads(b"<?xml version='1.0'?>" + content)


@given(st.data())
def test_no_damage_to_an_instance_brings_it_down(data: st.DataObject) -> None:
    words = st.sampled_from(
        [
            b"<",
            b">",
            b'"',
            b"",
            b"&",
            b"</period>",
            b"xmlns",
            b"\x00",
            b"INF",
            b"e9",
            b"-",
            b"<!ENTITY",
            b"]]>",
        ]
    )
    content = TESLA
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        gone = data.draw(st.integers(0, 30))
        content = content[:at] + data.draw(words | st.binary(max_size=6)) + content[at + gone :]
    refuses_or_reads(content)


@given(st.integers(-(10**18) + 1, 10**18 - 1), st.integers(0, 6))
def test_every_amount_is_exact(amount: int, digits: int) -> None:
    text = f"{Decimal(amount).scaleb(-digits):f}"
    [fact] = facts(context(), UNIT, ONE.replace("5000", text))
    assert fact.value == Decimal(text)
