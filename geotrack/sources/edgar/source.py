"""The source SEC EDGAR: revenue by place, as eight companies tag it in the XBRL of their filings.

What is measured: revenue by place as the company assigns it (the filings' geographic axis), usually where its
customers are; one that mines itself may mean its sites. Never where machines that it sold run. US GAAP filers
tag it on srt:StatementGeographicalAxis (before 2018 us-gaap:), IFRS filers on
ifrs-full:GeographicalAreasAxis. Cadence: annual reports (20-F, 40-F, 10-K) once a year, half-years or
quarters where a 6-K or 10-Q carries XBRL; most quarterly releases carry none.

Rules, each against a mistake that is easily made (splits.py has them in full):

* The geographic axis is the only axis of a fact: segment x place would be counted twice.
* A figure's key is (axis, member, start, end): one filing repeats earlier years and mixes 3- and 6-month
  spans.
* The places of a period add up to the undimensioned total within the rounding that `decimals` states; else
  nothing of the filer is loaded, and all that does not add up is listed.
* A recast figure of a later filing does not replace the first one here: both are returned, each with its
  filing.
* A member is named as the filing writes it. One that neither is a country nor stands in the filer's crosswalk
  (data/reference/crosswalk/edgar-<filer>.csv) stops the load.

Known limits: a company's own revenue concepts, tables in text only, and filings without XBRL are not read.
The addresses of index.json and of extracted instances are as documented, not tried by us against the live
site.

Terms: filings are public; the text stays the company's. The SEC asks for a User-Agent with a contact address
and at most 10 requests a second. A filing never changes: it is asked for once, under its accession number.

Of an instance (Tesla, 10-Q for 30 June 2024, tsla-20240630_htm.xml; read in a public copy, November 2026):

    <context id="c-312">
      <entity><identifier scheme="http://www.sec.gov/CIK">0001318605</identifier>
        <segment><xbrldi:explicitMember dimension="srt:StatementGeographicalAxis">country:US</...></segment>
      </entity>
      <period><startDate>2024-04-01</startDate><endDate>2024-06-30</endDate></period>
    </context>
    <us-gaap:Revenues contextRef="c-312" decimals="-6" unitRef="usd">13256000000</us-gaap:Revenues>

Of submissions/CIK##########.json, parallel arrays:

    {"cik": "1780652", "filings": {"recent": {"accessionNumber": ["0001104659-23-047189"], "form": ["20-F"],
     "filingDate": ["2023-04-19"], "primaryDocument": ["can-20221231x20f.htm"], "isXBRL": [1],
     "isInlineXBRL": [1]}, "files": [{"name": "CIK0001780652-submissions-001.json"}]}}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial

import pandas as pd

from geotrack.errors import ParseError, first_few
from geotrack.model import File, Get, Provider
from geotrack.sources.edgar import xbrl
from geotrack.sources.edgar.filings import (
    ACCESSION,
    ARCHIVES,
    SUBMISSIONS,
    Filer,
    Filing,
    filings,
    instances,
    pages,
)
from geotrack.sources.edgar.splits import CONCEPTS, splits
from geotrack.sources.payload import frame_of, plain, text_of

TOTAL = "Total (undimensioned)"
NO_TOTAL = "no total in the filing to check against"


def fetch(filer: Filer, get: Get) -> dict[str, File]:
    """Ask for a filer's list of filings, and for the instances of each that carries XBRL.

    Returns
    -------
    "submissions" and its older pages ("submissions-001"); each instance under its accession number, with the
    day of filing as `published`; and the listing of a folder ("<accession>-index") where one was needed.

    Raises
    ------
    ParseError
        The list or a listing has another shape than documented.
    FetchError
        From `get`.
    """
    files = {"submissions": get(f"{SUBMISSIONS}CIK{filer.cik:010d}.json")}
    for page in pages(filer, "submissions", files["submissions"].content):
        files[f"submissions-{page[-8:-5]}"] = get(SUBMISSIONS + page)
    listed = {f.accession: f for name, file in files.items() for f in filings(filer, name, file.content)}
    for filing in listed.values():
        if filing.wanted:
            files |= instances(filer, filing, get)
    return files


def parse(filer: Filer, files: Mapping[str, bytes]) -> pd.DataFrame:
    """Return the revenue by place that instances hold, checked against their totals.

    Parameters
    ----------
    filer : whose filings these are.
    files : any of what `fetch` returns, or one instance under any name. Lists of filings give the days of
        filing and the forms; without them `published` is "".

    Raises
    ------
    ParseError
        Damaged or foreign files, figures that contradict each other, places that do not add up: all of them.
    FetchError
        A web page instead of data.
    """
    is_list = {name: text_of(name, content).lstrip()[:1] in ("{", "[") for name, content in files.items()}
    register = {f.accession: f for name in files if is_list[name] for f in filings(filer, name, files[name])}
    rows: list[dict[str, str]] = []
    faults: list[str] = []
    for name in sorted(name for name in files if not is_list[name]):
        accession = ACCESSION.match(name)
        try:
            rows += _rows(filer, name, files[name], register.get(accession[0]) if accession else None)
        except ParseError as error:
            faults.append(str(error))
    if faults:
        raise ParseError("\n".join(faults))
    kept = _amended(rows, {f.accession: (f.form.endswith("/A"), f.accession) for f in register.values()})
    return frame_of(sorted(kept, key=lambda row: (row["published"], row["file"])))


def _amended(rows: list[dict[str, str]], rank: Mapping[str, tuple[bool, str]]) -> list[dict[str, str]]:
    """Leave out what an amendment of the same day, or a later number of it, says anew."""
    last: dict[tuple[str, ...], tuple[bool, str]] = {}
    for row in rows:
        if row["published"]:
            key = _key(row)
            last[key] = max(last.get(key, (False, "")), rank.get(row["file"][:20], (False, row["file"])))
    return [
        row
        for row in rows
        if not row["published"] or rank.get(row["file"][:20], (False, row["file"])) == last[_key(row)]
    ]


def _key(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row[column] for column in ("published", "label", "start", "end", "metric"))


def _rows(filer: Filer, name: str, content: bytes, filing: Filing | None) -> Iterator[dict[str, str]]:
    """Yield the figures of an instance, period by period, each period's total behind its places."""
    instance = xbrl.read(name, content, CONCEPTS)
    foreign = sorted(one[:20] for one in instance.entities if one.lstrip("0") != str(filer.cik))
    if foreign:
        raise ParseError(
            f"{name}: of CIK {first_few(foreign, ', ')}; expected a filing of {filer.title}, CIK {filer.cik}"
        )
    known = {"series": filer.series, "status": "reported", "file": name}
    known["published"] = filing.filed if filing else ""
    source = f"{filing.form} {filing.accession}" if filing else f"filing {name}"
    for split in splits(filer, name, instance.facts):
        for member, fact in split.places.items():
            place = member.removeprefix("country:") if member.startswith("country:") else ""
            note = _note(source, fact, "" if split.total else NO_TOTAL)
            yield known | _figure(fact) | {"label": member, "lookup": place, "note": note}
        if split.total:
            rest = f"{_thousands(split.rest)} {split.total.unit} thousand without a place: {filer.partial}"
            note = _note(source, split.total, rest if filer.partial and split.rest > 0 else "")
            yield known | _figure(split.total) | {"label": TOTAL, "lookup": "total", "note": note}


def _figure(fact: xbrl.Fact) -> dict[str, str]:
    return {
        "start": fact.start,
        "end": fact.end,
        "metric": f"revenue_{fact.unit.lower()}",
        "value": _thousands(fact.value),
        "unit": f"{fact.unit} thousand",
    }


def _thousands(amount: Decimal) -> str:
    return plain(amount.scaleb(-3))  # exact: an amount has at most 24 digits


def _note(source: str, fact: xbrl.Fact, more: str) -> str:
    """Say where a figure is from, and how far it is rounded if that is coarser than its unit."""
    digits = -(fact.decimals or 0)
    rounded = f"rounded to {10**digits:,} {fact.unit}" if digits > 3 else ""
    return "; ".join(filter(None, (source, fact.concept, rounded, more)))


FILERS = (
    Filer("canaan", "Canaan Inc.", 1780652, ("USD", "CNY")),
    Filer("bitdeer", "Bitdeer Technologies Group", 1899123),
    Filer(
        "bitfufu",
        "BitFuFu Inc.",
        1921158,
        partial="the note splits by continent and leaves self-mining revenue out",
    ),
    Filer("ebang", "Ebang International Holdings Inc.", 1799290),
    Filer("bit-mining", "BIT Mining Limited", 1517496, ("USD", "CNY")),
    Filer("nano-labs", "Nano Labs Ltd", 1872302, ("USD", "CNY")),
    Filer("hive", "HIVE Digital Technologies Ltd.", 1720424, ("USD", "CAD")),
    Filer("bitfarms", "Bitfarms Ltd.", 1812477, ("USD", "CAD")),
)


def _provider(filer: Filer) -> Provider:
    folder = f"{ARCHIVES}/{filer.cik}/<accession number without dashes>/"
    return Provider(
        name=f"edgar-{filer.slug}",
        group="edgar",
        title=f"{filer.title}: revenue by place in the XBRL of its SEC filings",
        publisher=f"{filer.title}, through SEC EDGAR",
        url=f"https://www.sec.gov/cgi-bin/browse-edgar?action=getcompany&CIK={filer.cik:010d}",
        licence="public filing; its text stays the company's",
        note="As tagged by the company, by place as it assigns it: usually the customers'.",
        series=(filer.series,),
        fetch=partial(fetch, filer),
        parse=partial(parse, filer),
        hosts=("data.sec.gov", "www.sec.gov"),
        whole=False,
        open=True,
        contact=True,
        per_second=4.5,  # to each of the two hosts: nine in all
        by_hand=(
            f"open the filing's folder, {folder}; save the file that ends in _htm.xml (older filings: the "
            ".xml without _cal, _def, _lab or _pre), and name it after the accession number"
        ),
    )


EDGAR: tuple[Provider, ...] = tuple(map(_provider, FILERS))
