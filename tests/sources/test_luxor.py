"""Luxor: saved posts and small tables, the project's own rows given back, and every fault.

Figures are those of data/observations, or synthetic where a comment says so; payloads/luxor has a README.
"""

from __future__ import annotations

import html
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geotrack.errors import FetchError, GeotrackError, ParseError
from geotrack.model import LABELLED_COLUMNS
from geotrack.sources.luxor import post as pages
from geotrack.sources.luxor import source
from geotrack.store.crosswalk import read_crosswalk
from geotrack.store.matching import harmonise
from geotrack.store.reading import read_raw
from geotrack.store.regions import Regions

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "data" / "reference"
PAYLOADS = Path(__file__).parent / "payloads" / "luxor"
POST = (PAYLOADS / "q3-2026.html").read_text(encoding="utf-8")
COPIED = (PAYLOADS / "q3-2026.txt").read_text(encoding="utf-8")
TABLE = (PAYLOADS / "q2-2025.csv").read_text(encoding="utf-8")
KEPT = ["region", "start", "end", "metric", "value", "unit", "status", "label"]
HEAD = "<h2>Top 2 Countries by Market Share (Q3 2026)</h2>"
NEWLY = "sum of the shares that the source lists; not rescaled"


def parse(content: str | bytes, name: str = "export") -> pd.DataFrame:
    rows = source.parse({name: content.encode() if isinstance(content, str) else content})
    assert list(rows.columns) == list(LABELLED_COLUMNS)
    assert set(rows["file"]) == {name}
    return rows


def post(*rows: str, count: int | None = None, quarter: str = "Q3 2026") -> str:
    number = len(rows) if count is None else count
    items = "".join(f"<li>{row}</li>" for row in rows)
    return f"<html><h2>Top {number} Countries by Market Share ({quarter})</h2><ul>{items}</ul></html>"


def triples(rows: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(zip(rows["label"], rows["metric"], rows["value"], strict=True))


def with_regions(rows: pd.DataFrame) -> pd.DataFrame:
    wanted = rows["lookup"].where(rows["lookup"] != "", rows["label"])
    crosswalk = read_crosswalk(REFERENCE / "crosswalk" / "luxor.csv")
    return rows.assign(region=wanted.map(harmonise(wanted, Regions.read(REFERENCE), "country", crosswalk)))


def observed(start: str) -> pd.DataFrame:
    rows = read_raw(ROOT / "data" / "observations" / "luxor-countries.csv")
    return rows[rows["start"] == start]


def same(found: pd.DataFrame, wanted: pd.DataFrame) -> None:
    frames = [frame[KEPT].sort_values(["metric", "region"], ignore_index=True) for frame in (found, wanted)]
    pd.testing.assert_frame_equal(*frames, check_dtype=False)


# The project's own rows come back


@pytest.mark.parametrize("text", [POST, COPIED, "\ufeff" + POST, POST.replace("\n", "\r\n")])
def test_the_post_gives_the_project_s_rows_of_the_quarter_back(text: str) -> None:
    rows = parse(text)
    assert len(rows) == 21
    same(with_regions(rows), observed("2026-07-01"))
    assert set(rows["series"]) == {"luxor-countries"}


def test_a_table_gives_the_project_s_shares_back_and_their_sum() -> None:
    rows = with_regions(parse(TABLE))
    same(rows[rows["metric"] == "share"], observed("2025-04-01"))
    [coverage] = rows[rows["metric"] == "coverage"].to_dict("records")
    # 36.025 + 15.652 + 13.727 + 3.602 + 2.919 + 2.484
    assert (coverage["region"], coverage["label"]) == ("total", "All six listed countries")
    assert (coverage["value"], coverage["note"], coverage["status"]) == ("74.409", NEWLY, "estimated")


def test_nothing_is_rescaled_and_about_is_said() -> None:
    rows = parse(POST)
    assert sum(map(Decimal, rows.loc[rows["metric"] == "share", "value"])) == Decimal("85.1")
    assert set(rows.loc[rows["metric"] == "hashrate", "note"]) == {"approximate"}
    assert set(rows.loc[rows["metric"] == "share", "note"]) == {""}
    assert list(rows.loc[rows["metric"] == "coverage", "lookup"]) == ["total"]


def test_nothing_is_fetched_and_the_way_by_hand_is_told() -> None:
    provider = source.PROVIDER
    assert provider.fetch is None
    assert not provider.whole
    assert not provider.open
    assert provider.series == ("luxor-countries",)
    assert "https://hashrateindex.com/blog/global-hashrate-heatmap-update-q3-2026/" in provider.by_hand


# Posts; figures are synthetic from here on


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ("Norway — 1.7% (~16 EH/s)", ("Norway", "1.7", "16", "approximate")),
        ("Norway – 1.70 % ( 16.0 eh/s )", ("Norway", "1.70", "16.0", "")),
        ("Norway-1.7%(~1,016.5 EH/s)", ("Norway", "1.7", "1016.5", "approximate")),
        ("Guinea-Bissau - 1.7% (16 EH/s).", ("Guinea-Bissau", "1.7", "16", "")),
        ("Côte d’Ivoire &mdash; 1.7%&nbsp;(~16&#160;EH/s)", ("Côte d’Ivoire", "1.7", "16", "approximate")),
        ("<b>Trinidad &amp; Tobago</b> <i>—</i> 1.7% (16 EH/s)", ("Trinidad & Tobago", "1.7", "16", "")),
        ("3. 🇳🇴\u200b Norway — 1.7% (~16 EH/s);", ("Norway", "1.7", "16", "approximate")),
        ("• Norway — 2% (~16 EH/s)", ("Norway", "2", "16", "approximate")),
    ],
)
def test_rows_are_read_as_people_write_them(row: str, wanted: tuple[str, str, str, str]) -> None:
    rows = parse(post(row))
    assert triples(rows)[:2] == [(wanted[0], "share", wanted[1]), (wanted[0], "hashrate", wanted[2])]
    assert rows["note"][1] == wanted[3]


def test_a_row_without_eh_s_has_a_share_only() -> None:
    assert triples(parse(post("Norway — 1.7%"))) == [
        ("Norway", "share", "1.7"),
        ("All 1 listed countries", "coverage", "1.7"),
    ]


@pytest.mark.parametrize("tag", ["p", "div", "li", "h3", "td", "span><br"])
def test_rows_may_stand_in_any_block(tag: str) -> None:
    close = f"</{tag.partition('>')[0]}>"
    rows = "".join(f"<{tag}>{row}{close}" for row in ("Oman — 2.8%", "Canada — 2.6%"))
    assert triples(parse(HEAD + rows))[:2] == [("Oman", "share", "2.8"), ("Canada", "share", "2.6")]


@pytest.mark.parametrize(
    ("quarter", "start", "end"),
    [("Q1 2027", "2027-01-01", "2027-04-01"), ("q4 2027", "2027-10-01", "2028-01-01")],
)
def test_the_heading_tells_the_quarter(quarter: str, start: str, end: str) -> None:
    rows = parse(post("Norway — 1.7%", quarter=quarter))
    assert set(zip(rows["start"], rows["end"], strict=True)) == {(start, end)}


def test_a_post_of_two_quarters_gives_both() -> None:
    both = post("Norway — 1.7%", quarter="Q2 2026") + post("Norway — 1.8%", "Oman — 2%")
    rows = parse(both)
    assert list(rows["start"]) == ["2026-04-01"] * 2 + ["2026-07-01"] * 3
    assert list(rows.loc[rows["metric"] == "coverage", "value"]) == ["1.7", "3.8"]


def test_a_list_shown_twice_is_read_once_but_not_if_it_differs() -> None:
    once = post("Norway — 1.7%", "Oman — 2%")
    assert parse(once + once).equals(parse(once))
    with pytest.raises(
        ParseError, match="export: 2026-Q3: given twice: 'Norway', 'Oman'; expected each once"
    ):
        parse(once + post("Norway — 1.8%", "Oman — 2%"))


def test_the_list_ends_with_the_next_heading() -> None:
    more = "<h3>By growth</h3><p>Ethiopia — 2.4% (~23 EH/s)</p>"
    assert len(parse(post("Norway — 1.7%") + more)) == 2


@pytest.mark.parametrize("count", [1, 3, 0])
def test_another_number_of_rows_than_the_heading_says_is_refused(count: int) -> None:
    text = post("Norway — 1.7%", "Oman — 2%", "Qatar has about 1% now", count=count)
    message = (
        rf"'Top {count} Countries.*is followed by 2 rows \(Norway, Oman\); expected {count}; "
        r"lines not read: 'Qatar has about 1% now'; the post has changed"
    )
    with pytest.raises(ParseError, match=message):
        parse(text)


@pytest.mark.parametrize("row", ["Norway 1.7%", "Norway — 1,7%", "Norway — many", "— 1.7%", "N\x01 — 1%"])
def test_a_heading_without_a_row_is_refused(row: str) -> None:
    with pytest.raises(
        ParseError, match=r"is there, but no row below it; expected a saved post.*into a table"
    ):
        parse(post(row))


def test_a_page_without_the_heading_says_which_headings_it_has() -> None:
    page = "<html><h1>Global Hashrate Heatmap</h1><h2>The largest countries</h2><p>Norway — 1.7%</p></html>"
    with pytest.raises(
        ParseError, match="headings found: 'Global Hashrate Heatmap'; 'The largest countries';"
    ):
        parse(page)
    with pytest.raises(ParseError, match="no list of countries; headings found: none; expected a saved post"):
        parse("<p>Nothing</p>")


def test_a_guard_s_page_is_told_from_a_post() -> None:
    with pytest.raises(FetchError, match=r"keeps scripts out \(captcha\).*open the post in a browser"):
        parse((PAYLOADS / "captcha.html").read_bytes())
    # The word in a script, or in a post that has its list, is no guard.
    script = "<script>captcha()</script>"
    assert len(parse(script + POST)) == 21
    with pytest.raises(ParseError, match="no list of countries"):
        parse(script + "<p>Nothing</p>")


@pytest.mark.parametrize("bad", ["<![x", f"<p>&#{'9' * 5000};</p>"])
def test_what_no_parser_reads_is_refused(bad: str) -> None:
    with pytest.raises(ParseError, match=r"export: (no HTML|no list of countries)"):
        parse(bad)


@pytest.mark.parametrize("open_tag", ["<p ", "<a b='", "<!--", "<![if ", "</", "<? "])
def test_tags_that_never_end_are_not_looked_at_again_and_again(open_tag: str) -> None:
    # Half a million characters: were each tag's rest searched anew, this would take many minutes.
    with pytest.raises(ParseError, match=r"no list of countries|no HTML"):
        parse("<p>" + open_tag * 100_000)


def test_a_page_of_more_tags_than_a_post_has_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    many = "<b>" * (pages.MOST_TAGS - POST.count("<"))
    assert len(parse(POST + many)) == 21
    monkeypatch.setattr(pages.Reader, "feed", lambda reader, text: pytest.fail("it was parsed"))
    with pytest.raises(ParseError, match=r"export: 200,001 tags; expected a post, .* at most 200,000; save"):
        parse(POST + many + "<")


def test_a_page_that_was_cut_off_is_refused() -> None:
    cut = POST[: POST.index("Norway")] + "Norway <b "
    with pytest.raises(ParseError, match=r"is followed by 9 rows \(.*Indonesia\); expected 10"):
        parse(cut)


def test_other_encodings_are_refused() -> None:
    with pytest.raises(ParseError, match="byte 8 is no UTF-8; expected a saved post"):
        parse(b"<p>C\xc3\xb4te\xf4</p>")


def test_shares_above_a_hundred_are_refused() -> None:
    with pytest.raises(ParseError, match=r"2026-Q3: shares add up to 100\.1%; expected at most 100"):
        parse(post("Norway — 60%", "Oman — 40.1%"))
    assert triples(parse(post("Norway — 60%", "Oman — 40%")))[-1][2] == "100"


# Tables


@pytest.mark.parametrize(
    "text",
    [
        "Quarter,Country,Share,EH/s\nQ3 2026,Norway,1.7%,~16\n",
        "period;region;market share;hashrate\n2026-Q3;Norway;1.7 %;~16 EH/s\n",
        "SHARE (%)\tHashrate (EH/s)\tCountry\tQuarter\n1.7\t~16\tNorway\t2026Q3\n\n",
        '\ufeff"quarter","country","share","hashrate"\r\n"2026 Q3"," Norway ","1.7","~16"\r\n',
    ],
)
def test_tables_are_read_in_every_shape(text: str) -> None:
    rows = parse(text)
    assert triples(rows) == [
        ("Norway", "share", "1.7"),
        ("Norway", "hashrate", "16"),
        ("All 1 listed countries", "coverage", "1.7"),
    ]
    assert set(zip(rows["start"], rows["end"], strict=True)) == {("2026-07-01", "2026-10-01")}
    assert list(rows["note"]) == ["", "approximate", NEWLY]


def test_an_empty_hashrate_is_missing() -> None:
    rows = parse("quarter,country,share,hashrate\n2026-Q3,Norway,1.7%,\n")
    assert set(rows["metric"]) == {"share", "coverage"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("2026-09,Norway,1.7%,16", "line 2: quarter '2026-09'; expected a quarter such as 2026-Q3"),
        ("2026-Q5,Norway,1.7%,16", "line 2: quarter '2026-Q5'"),
        ("2026-Q3,,1.7%,16", "line 2: country ''"),
        ("2026-Q3,Nor\x00way,1.7%,16", "line 2: country"),
        ("2026-Q3,Norway,,16", "line 2: share ''"),
        ('2026-Q3,Norway,"1,7%",16', "line 2: share '1,7%'"),
        ("2026-Q3,Norway,-1.7%,16", "line 2: share '-1.7%'"),
        ("2026-Q3,Norway,1.7%,sixteen", "line 2: hashrate 'sixteen'"),
        ("2026-Q3,Norway,1.7%,16 PH/s", "line 2: hashrate '16 PH/s'"),
        ("2026-Q3,Norway,1.7%", "line 2: 3 cells instead of 4"),
        ("\n".join(["2026-Q3,Norway"] * 12), "line 11: 2 cells instead of 4; and 2 more; expected"),
    ],
)
def test_a_bad_line_is_named_with_its_cell(line: str, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        parse(f"quarter,country,share,hashrate\n{line}\n")


@pytest.mark.parametrize(
    "header", ["quarter,country", "quarter,country,share,share", "quarter,country,share,pools", "", "{}"]
)
def test_an_unknown_header_says_what_was_found_and_what_is_known(header: str) -> None:
    with pytest.raises(
        ParseError, match=r"header '.*' is not known; expected a saved post .* or a table with"
    ):
        parse(f"{header}\n2026-Q3,Norway,1.7%\n" if header else "")


def test_a_table_that_cannot_be_meant_is_refused() -> None:
    head = "quarter,country,share\n"
    with pytest.raises(ParseError, match="a header but no row"):
        parse(head)
    with pytest.raises(ParseError, match="2026-Q3: given twice: 'Norway'"):
        parse(f"{head}2026-Q3,Norway,1.7%\n2026-Q3,Norway,1.7%\n")
    with pytest.raises(
        ParseError, match=r"add up to 1 or less, like fractions; expected percents such as 36\.7%"
    ):
        parse(f"{head}2026-Q3,Norway,0.017\n2026-Q3,Oman,0.2\n")
    assert len(parse(f"{head}2026-Q3,Norway,0.017%\n")) == 2  # the sign says what it is
    with pytest.raises(ParseError, match="export: no table"):
        parse(f'{head}2026-Q3,"Norway,1.7%\n')
    with pytest.raises(ParseError, match=r"shares add up to 1234\.0%"):
        parse(f'{head}2026-Q3,Norway,"1,234.0"\n')


# Properties and fuzz

COUNTRIES = st.text("abcdefghijklmnopqrstuvwxyzåéñ", min_size=1, max_size=12).map(str.title)
FIGURES = st.decimals(0, 8, places=3)
LISTS = st.dictionaries(
    COUNTRIES, st.tuples(FIGURES, st.none() | st.integers(0, 5000)), min_size=1, max_size=12
)


def wanted(listed: dict[str, tuple[Decimal, int | None]]) -> set[tuple[str, str, str]]:
    shares = {(country, "share", str(share)) for country, (share, _) in listed.items()}
    return shares | {
        (country, "hashrate", str(ehs)) for country, (_, ehs) in listed.items() if ehs is not None
    }


@settings(deadline=None)
@given(LISTS, st.sampled_from("—–-"), st.sampled_from(["", "~"]), st.sampled_from(["{}", "{:,}"]))
def test_a_post_gives_what_was_written(
    listed: dict[str, tuple[Decimal, int | None]], dash: str, about: str, digits: str
) -> None:
    rows = [
        f"{html.escape(country)} {dash} {share}%"
        + (f" ({about}{digits.format(ehs)} EH/s)" if ehs is not None else "")
        for country, (share, ehs) in listed.items()
    ]
    found = parse(post(*rows))
    assert set(triples(found)[:-1]) == wanted(listed)
    assert Decimal(triples(found)[-1][2]) == sum(share for share, _ in listed.values())


@settings(deadline=None)
@given(LISTS, st.sampled_from(",;\t"), st.sampled_from(["", "%"]))
def test_a_table_gives_what_was_written(
    listed: dict[str, tuple[Decimal, int | None]], comma: str, percent: str
) -> None:
    lines = [
        comma.join(["2026-Q3", country, f"{share}{percent}", "" if ehs is None else str(ehs)])
        for country, (share, ehs) in listed.items()
    ]
    lines.append(comma.join(["2026-Q3", "Remainder Test", f"4{percent}", ""]))
    text = "\n".join([comma.join(["quarter", "country", "share", "hashrate"]), *lines])
    found = parse(text)
    assert set(triples(found)[:-1]) == wanted({**listed, "Remainder Test": (Decimal(4), None)})


def survives(content: bytes) -> None:
    """Only the project's own errors escape; what comes through is text that a file can hold."""
    rows, said = [], ""
    try:
        rows = source.parse({"x": content}).to_dict("records")
    except GeotrackError as error:
        said = str(error)
    assert rows or said.startswith("x:")
    said.encode()
    for row in rows:
        assert Decimal(row["value"]) >= 0
        assert row["start"] < row["end"]
        "".join(row.values()).encode()


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode(errors="replace")))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    survives(content)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([POST, COPIED, TABLE]), st.data())
def test_any_damage_to_a_payload_is_read_or_refused(text: str, data: st.DataObject) -> None:
    content = bytearray(text.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=6))
    survives(bytes(content))


PIECES = [
    "<",
    ">",
    "<!",
    "<![",
    "<!--",
    "&#",
    "&",
    '"',
    "<h2>",
    "<br>",
    "Top 1 Countries by Market Share (Q3 2026)",
]
PIECES += [
    "\n",
    "Norway — 1.7% (~16 EH/s)",
    "quarter,country,share",
    "2026-Q3,",
    "-" * 50,
    "9" * 60,
    " ",
    "<script>",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=20))
def test_any_mixture_of_tags_and_rows_is_read_or_refused(pieces: list[str]) -> None:
    survives("".join(pieces).encode(errors="replace"))
