"""Reports: numbers from the data, errors with their line, the same words in every format, text is text."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geotrack.errors import GeotrackError, OutputError, ParseError, RegionError, SpecError
from geotrack.language.text import one_line
from geotrack.publish.escaping import escaped
from geotrack.publish.report import report, shipped, watch
from geotrack.publish.report.document import Document
from geotrack.publish.report.formats import FORMATS
from geotrack.store import reading

ROOT = Path(__file__).parents[3]
STORY = ROOT / "maps" / "from-china-to-north-america.md"


def made_of(document: Document, out: Path) -> dict[Path, str | bytes]:
    return FORMATS[out.suffix](document, out)


@pytest.fixture
def told(tmp_path: Path) -> Callable[..., Document]:
    """Work out a template's text."""

    def work(text: str, data: Path = ROOT / "data", **options: Any) -> Document:
        path = tmp_path / "story.md"
        path.write_text(text, encoding="utf-8")
        return report.compose(path, data, **options)

    return work


@pytest.fixture
def text_of(told: Callable[..., Document]) -> Callable[..., str]:
    """The text that a template gives, as one line."""
    return lambda text, **options: " ".join(told(text, **options).text.split())


@pytest.fixture(scope="module")
def story() -> Document:
    """The report that ships."""
    return report.compose(STORY, ROOT / "data")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ('share("CHN", "2019-09")', "75.5%"),
        ('share("China", "2019-09", digits=2)', "75.53%"),
        ('share("North America", "2019-09")', "5.1%"),
        ('change("North America", "2019-09", "2022-01")', "+39.2 percentage points"),
        ('change("CHN", "2019-09", "2022-01")', "−54.4 percentage points"),
        ('change("CHN", "2019-09", "2022-01").verb', "fell"),
        ('change("CHN", "2019-09", "2022-01").size', "54.4 percentage points"),
        ('change("USA", "2019-09", "2022-01", metric="hashrate").verb', "rose"),
        # a lower bound leaves open which way it went, unless the other end is beyond it
        ('change("North America", "2025-Q1", "2026-Q3", series="luxor-countries").verb',
         "may have changed by"),
        ('change("CHN", "2024", "2025-Q2", series="canaan-revenue", metric="revenue_share").verb', "rose"),
        ('change("USA", "2024", "2025-Q1", series="asic-imports-us", metric="imports").verb', "fell"),
        # a change is as sure as the less sure of its two figures
        ('change("CHN", "2020-Q1", "2021-Q1", series="canaan-revenue", metric="revenue_share")',
         "−73.5 percentage points (derived)"),
        ('change("USA", "2025-Q1", "2026-Q3", series="luxor-countries")',
         "+0.7 percentage points (estimated)"),
        # China in 2025-Q3 is at most what North America leaves
        ('change("CHN", "2024", "2025-Q3", series="canaan-revenue", metric="revenue_share")',
         "+38.7 percentage points (not certain: one of the figures is a bound)"),
        ('crossing("USA", "CHN", scenario="reported")', "between June 2021 and July 2021"),
        ('crossing("USA", "CHN", scenario="zeros-as-before")', "between August 2021 and September 2021"),
        ('crossing("North America", "China")',
         "between June 2021 and July 2021 (read otherwise, between August 2021 and September 2021: zeros "
         "between two months read as the month before)"),
        ('crossing("CAN", "USA")', "in no period compared"),
        ('crossing("USA", "CAN")', "in every period compared"),
        ('crossing("CHN", "USA")',
         "in no period compared (read otherwise, between August 2021 and September 2021, and back between "
         "September 2021 and October 2021: starred countries' share read as China's)"),
        ('value("canaan-revenue", "canaan-overseas", "2020-Q1", "revenue_share")', "4.9%"),
        ('value("canaan-revenue", "Overseas", "2021-Q1", "revenue_share")', "78.4%"),
        ('value("canaan-revenue", "CHN", "2021-Q1")', "21.6% (derived)"),
        ('value("canaan-revenue", "CHN", "2021-Q1").status', "derived"),
        ('value("canaan-revenue", "CHN", "2021-Q1").note',
         "Derived: 100 − 78.4; the source states the other part only."),
        ('share("CHN", "2020-Q1", series="canaan-revenue", metric="revenue_share")', "95.1% (derived)"),
        ('crossing("Overseas", "CHN", series="canaan-revenue", metric="revenue_share")',
         "between Q1 2020 and Q1 2021 (2 periods leave it open)"),
        ('value("canaan-revenue", "CHN", "2025-Q2", "revenue_share")', "at least 50%"),
        ('value("canaan-revenue", "CHN", "2025-Q2", "revenue_share").status', "lower bound"),
        ('value("canaan-revenue", "Overseas", "2025-Q2", "revenue_share")', "at most 50% (derived)"),
        ('value("canaan-revenue", "Overseas", "2025-Q2", "revenue_share").status', "upper bound"),
        ('value("canaan-revenue", "total", "2021-Q1", "revenue_usd")', "US\\$61.5 million"),
        ('value("bitmain-revenue", "total", "2018-H1", "revenue")', "US\\$2.8 billion"),
        ('value("luxor-countries", "USA", "2026-Q3", "share")', "an estimated 36.7%"),
        ('value("cambridge-survey", "total", "2024-06/2024-09", "firms")', "49 firms"),
        ('share("CHN", "2021-07")', "0%"),
        ('highest("Sichuan", series="cbeci-china-provinces")', "61.1%"),
        ('highest("Sichuan", series="cbeci-china-provinces").period', "September 2020"),
        ('lowest("CHN")', "0%"),
        ('highest("CHN")', "75.5%"),
        ('highest("Texas", series="foundry-us-states")', "28.5% (of the figures stated)"),
        ('highest("Texas", series="foundry-us-states").period', "July 2023"),
        ('lowest("Texas", series="foundry-us-states").value', "8.43"),
        ('highest("USA", series="asic-imports-us", metric="imports")', "at least US\\$2.3 billion"),
        ('number(1234.56)', "1,234.6"),
        ('number(share("USA", "2022-01").value / share("USA", "2019-09").value, unit="times")', "9.3 times"),
        ('period("2018-H1")', "first half of 2018"),
        ('period("2021-05-21")', "21 May 2021"),
        ('name("north-america")', "North America"),
        ('first("cbeci-countries")', "2019-09"),
        ('last("cbeci-countries")', "2022-01"),
    ],
)  # fmt: skip
def test_a_call_says(text_of: Callable[..., str], call: str, said: str) -> None:
    assert text_of("{{ " + call + " }}").replace("\u00a0", " ") == said


def test_a_number_and_its_unit_stay_together(told: Callable[..., Document]) -> None:
    assert told('{{ change("CHN", "2019-09", "2022-01") }}').text == "−54.4\u00a0percentage points"
    assert told('{{ value("cbeci-countries", "CHN", "2019-09", "hashrate") }}').text == "66.8\u00a0EH/s"


def test_method_and_caveats_are_the_source_s_own(text_of: Callable[..., str]) -> None:
    series = reading.find_series(ROOT / "data", "canaan-revenue")
    text = text_of(
        '{{ method("canaan-revenue") }}{% for c in caveats("canaan-revenue") %}|{{ c }}{% endfor %}'
    )
    assert text.startswith(series.method[:40])
    assert text.count("|") == len(series.caveats)  # not what is said of the table as a whole
    assert "Overlapping" not in text


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ('\n{{ share("Chnia", "2019-09") }}', RegionError, r"line 2: no region 'Chnia' .*perhaps China"),
        ('{{ share("XX", "2019-09") }}', RegionError,
         r"line 1: no region 'XX' .*expected one of: Canada \(CAN\)"),
        ('\n\n{{ share("FRA", "2019-09") }}', RegionError,
         r"line 3: series cbeci-countries has no figure of France"),
        ('{{ share("CHN", "2023-01") }}', ParseError,
         r"line 1: no figure of China for January 2023 .*2019-09 to 2022-01"),
        ('{{ share("CHN", "2019-99") }}', ParseError, r"line 1: '2019-99' is no period; expected"),
        ('{{ change("North America", "2019-09", "2023-01") }}', ParseError,
         r"no figure of North America for Jan"),
        ('{{ share("CHN", "2019-09", series="cbeci") }}', SpecError,
         r"series 'cbeci' is not known; expected one of"),
        ('{{ value("cbeci-countries", "CHN", "2019-09", "sahre") }}', SpecError,
         r"no metric 'sahre'; expected one of: share"),
        ('{{ crossing("CHN", "FRA") }}', RegionError,
         r"line 1: series cbeci-countries has no figure of France"),
        ('{{ map("shfit") }}', SpecError, r"line 1: no map 'shfit'; expected one of: china-provinces"),
        ('a\n{{ figure("shift", at="2035-01") }}', SpecError,
         r"line 2: shift: no slice '2035-01'; expected one of"),
        ('{{ figure("shift", at="first", between=["first", "last"]) }}', SpecError,
         r"at and between exclude each other"),
        ('{{ table("shift", at="2035-01") }}', SpecError,
         r"no period '2035-01' in the table; expected some of: 2019-09"),
        ('{{ table("shift", at="2019-9x") }}', ParseError, r"'2019-9x' is no period"),
        ('{{ table("shfit") }}', SpecError, r"no map 'shfit'; expected one of"),
        ('\n{{ cite("cbceci") }}', SpecError, r"line 2: cite\('cbceci'\): no such source; perhaps cbeci\?"),
        ('{{ cite("#") }}', SpecError,
         r"cite\('#'\): no such source; expected the id of an origin, a provider"),
        ("{{ cite() }}", SpecError, r"cite\(\) needs a source"),
        ('{{ event("2021-05-22") }}', SpecError, r"no event on '2021-05-22'; expected one of: 2021-05-21"),
        ('\n\n{{ ref("fig-x") }}\n', SpecError,
         r"line 3: ref\('fig-x'\): nothing is shown under this name; .*there is no map"),
        ('{{ map("shift", id="a b") }}', SpecError, r"line 1: id = 'a b' cannot be used; expected letters"),
        ('{{ map("shift", id="x") }}\n{{ map("shift", id="x") }}', SpecError,
         r"line 2: id = 'x' .*none of: x"),
        ('{{ ref("x") }}{{ map("shift") }}', SpecError, r"line 1: ref\('x'\).*expected one of: fig-shift"),
        ("\n{{ shared }}", SpecError,
         r"line 2: 'shared' is not known; perhaps share\? There are: caveats, change"),
        ("{{ qqq(1) }}", SpecError, r"line 1: 'qqq' is not known; expected one of: caveats"),
        ('{{ share("CHN") }}', SpecError,
         r"line 1: share\(\) missing 1 required positional argument: 'period'; it takes region, period"),
        ('\n{{ figure("shift", theme="neon") }}', SpecError,
         r"line 2: figure\(\) got an unexpected keyword argument 'theme'; it takes name, at, between"),
        ('{{ share(5, "2019-09") }}', SpecError, r"line 1: AttributeError: .*; is all text in quotes\?"),
        ('\n{{ figure("shift", cols="two") }}', SpecError, r"line 2: cols = 'two' cannot be used; .*0 to 12"),
        ('\n{{ figure("shift", cols=99) }}', SpecError, r"line 2: cols = 99 cannot be used; .*0 to 12"),
        ('\n{{ table("shift", top=-1) }}', SpecError, r"line 2: top = -1 cannot be used; expected a whole"),
        ('\n{{ share("CHN", "2019-09", digits=-3) }}', SpecError, r"line 2: digits = -3 cannot be used"),
        ('{{ number(1.5, 0.5) }}', SpecError, r"digits = 0.5 cannot be used; expected a whole number"),
        ("\n{{ 1 / 0 }}", SpecError, r"line 2: ZeroDivisionError: division by zero; see README, Reports"),
        ('{{ share("CHN", "2019-09").nothing }}', SpecError,
         r"line 1: no attribute 'nothing'; expected one of: value,"),
        ("\n{% if %}", ParseError, r"line 2: Expected an expression"),
        ("{{ share( }}", ParseError, r"line 1: unexpected '}'"),
        ("{{ ''.__class__.__mro__ }}", SpecError, r"line 1: not allowed: access to attribute '__class__'"),
        ("{{ share.__globals__ }}", SpecError, r"line 1: not allowed: access to attribute '__globals__'"),
        ('{% include "/etc/passwd" %}', SpecError, r"line 1: TypeError: no loader for this environment"),
        ("{{ [1, 2]|random }}", ParseError, r"line 1: No filter named 'random'"),
        ("+++\ntitle = 'x'\n", ParseError,
         r"line 1: the front matter does not end; expected a second line \+\+\+"),
        ("+++\n\ntitle = \nlang = 'en'\n+++\n", ParseError, r"the front matter is not TOML: .*line 3"),
        ("+++\ntitel = 'x'\n+++\n", SpecError,
         r"front matter: unknown key 'titel'; expected some of: title, subtitle"),
        ("+++\ndate = 2026-01-01\n+++\n", SpecError,
         r"front matter: date = datetime.date.* is no text; put it in quotes"),
        ("+++\ncitations = 'mla'\n+++\n", SpecError,
         r"citations = 'mla' is not known; expected one of: numeric, author-date"),
        ("+++\nlang = 'xx'\n+++\n", SpecError,
         r"story.md: lang = 'xx' is not known; expected one of: en, zh"),
    ],
)  # fmt: skip
def test_what_cannot_be_said_stops_with_file_and_line(
    told: Callable[..., Document], text: str, kind: type[GeotrackError], message: str
) -> None:
    with pytest.raises(kind, match=message) as found:
        told(text)
    assert "story.md" in str(found.value).partition(" ")[0]


def test_lines_are_counted_with_the_front_matter(told: Callable[..., Document]) -> None:
    with pytest.raises(SpecError, match=r"story\.md, line 5: 'x' is not known"):
        told("+++\ntitle = 'T'\n+++\n\n{{ x }}")


def test_a_missing_cell_is_not_zero(told: Callable[..., Document]) -> None:
    with pytest.raises(
        ParseError, match=r"no figure of Canada for Q4 2025 .*there is one for: 2025-Q2, 2025-Q3, 2026-Q3"
    ):
        told('{{ value("luxor-countries", "CAN", "2025-Q4", "share") }}')
    with pytest.raises(ParseError, match="no figure of Canada for Q4 2025"):
        told('{{ change("CAN", "2025-Q2", "2025-Q4", series="luxor-countries") }}')
    [exhibit] = told(
        '{{ table("luxor-countries", at=["2025-Q2", "2025-Q4"], regions=["CAN", "USA"], change=true) }}'
    ).exhibits
    assert exhibit.table is not None
    assert exhibit.table.rows[0] == ("Canada", "2.9", "no figure", "change not known")
    assert exhibit.table.rows[1] == ("United States", "36.0", "37.8", "+1.7")


def test_a_template_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="no such template; expected a Markdown file"):
        report.compose(tmp_path / "none.md")
    (tmp_path / "bad.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ParseError, match=r"bad\.md: cannot be read as text in UTF-8"):
        report.compose(tmp_path / "bad.md")


# --- pieces ----------------------------------------------------------------------------------------------


def test_figures_and_tables_are_numbered_apart_and_referred_to_from_before(
    told: Callable[..., Document],
) -> None:
    document = told(
        '{{ ref("fig-hashrate-share") }} {{ ref("tab-shift") }} '
        '{{ map("shift") }} {{ table("shift", top=2) }}'
        '{{ figure("hashrate-share", at=["2019-09", "2022-01"]) }} {{ figure("shift") }}'
    )
    assert [(e.id, e.label) for e in document.exhibits] == [
        ("fig-shift", "Figure 1"), ("tab-shift", "Table 1"), ("fig-hashrate-share", "Figure 2"),
        ("fig-shift-2", "Figure 3"),
    ]  # fmt: skip
    html = made_of(document, Path("x.html"))[Path("x.html")]
    assert isinstance(html, str)
    assert (
        '<a class="ref" href="#fig-hashrate-share">Figure 2</a> <a class="ref" href="#tab-shift">Table 1</a>'
        in html
    )


def test_a_table_adds_up(told: Callable[..., Document]) -> None:
    [exhibit] = told('{{ table("hashrate-share", at=["2019-09", "2022-01"], top=5, change=true) }}').exhibits
    assert exhibit.table is not None
    assert exhibit.table.head == ("Region", "September 2019", "January 2022", "Change")
    assert exhibit.table.rows[0] == ("United States", "4.1", "37.8", "+33.8")
    assert exhibit.table.rows[-1] == ("All others", "12.0", "16.7", "+4.7")
    for column in (1, 2):
        assert abs(sum(float(row[column]) for row in exhibit.table.rows) - 100) < 0.35  # five roundings


def test_a_table_of_bounds_says_so(told: Callable[..., Document]) -> None:
    [exhibit] = told('{{ table("cbeci-us-states", at="2021-12") }}').exhibits
    assert exhibit.table is not None
    assert exhibit.table.rows[0][1].replace("\u00a0", " ") == "at least 30"
    assert exhibit.table.rows[-1] == ("All others", "at most 30.2")


def test_a_table_marks_what_is_no_plain_figure_or_says_so_of_all(told: Callable[..., Document]) -> None:
    derived, estimates = told(
        '{{ table("canaan-revenue", at=["2020-Q1", "2021-Q1"], top=2, change=true) }}\n\n'
        '{{ table("luxor-countries", top=1, change=true) }}'
    ).exhibits
    assert derived.table is not None
    assert estimates.table is not None
    rows = {row[0]: [cell.replace("\u00a0", " ") for cell in row[1:]] for row in derived.table.rows}
    assert rows["China"] == ["95.1 (derived)", "21.6 (derived)", "−73.5 (derived)"]
    assert rows["Overseas (all but China)"] == ["4.9", "78.4", "+73.5"]
    assert estimates.table.rows[0][1:] == ("36.0", "36.7", "+0.7")
    assert "All figures are estimates." in estimates.caption


def test_what_is_left_changes_only_where_all_rows_are_known(told: Callable[..., Document]) -> None:
    [exhibit] = told(
        '{{ table("luxor-countries", at=["2025-Q3", "2025-Q2"], top=5, metric="share", change=true) }}'
    ).exhibits
    assert exhibit.table is not None
    assert exhibit.table.rows[-1][-1] == "+1.1"
    [exhibit] = told(
        '{{ table("luxor-countries", at=["2025-Q2", "2025-Q3"], metric="share", top=6, change=true) }}'
    ).exhibits
    assert exhibit.table is not None
    assert "no figure" in [row[1] for row in exhibit.table.rows]
    assert exhibit.table.rows[-1][-1] == "change not known"


def test_groups_stand_in_tables(told: Callable[..., Document]) -> None:
    [exhibit] = told('{{ table("shift", at="2022-01", regions=["China", "North America"]) }}').exhibits
    assert exhibit.table is not None
    assert exhibit.table.rows == (("China", "21.1"), ("North America", "44.3"))


# --- citations -------------------------------------------------------------------------------------------


def test_sources_are_numbered_as_they_come_and_all_used_are_listed(told: Callable[..., Document]) -> None:
    document = told(
        '{{ value("canaan-revenue", "CHN", "2022", "revenue_share") }} {{ cite("cbeci-countries") }} '
        '{{ cite(share("CHN", "2019-09")) }}'
    )
    assert [source.origin.id for source in document.sources] == ["cbeci_map_countries", "CAN-REUTERS-2025"]
    assert [source.label for source in document.sources] == ["1", "2"]


def test_a_provider_stands_for_all_its_series(told: Callable[..., Document]) -> None:
    ids = [source.origin.id for source in told('{{ cite("cbeci") }}').sources]
    assert ids == ["cbeci_map_countries", "cbeci_map_provinces_cn"]
    assert [s.origin.id for s in told('{{ cite("luxor_heatmap_2026q3") }}').sources] == [
        "luxor_heatmap_2026q3"
    ]


def test_author_and_date_name_the_publisher_s_short_name(told: Callable[..., Document]) -> None:
    document = told('+++\ncitations = "author-date"\n+++\n{{ cite("cbeci-countries", "eia-facilities") }}')
    html = str(made_of(document, Path("x.html"))[Path("x.html")])
    assert (
        '(<a href="#source-1">CCAF 2022</a>; <a href="#source-2">U.S. Energy Information Administration'
        in html
    )


def test_neighbours_of_one_author_and_year_get_letters(told: Callable[..., Document]) -> None:
    document = told(
        '+++\ncitations = "author-date"\n+++\n{{ cite("cbeci-china-provinces", "cbeci-us-states") }}'
    )
    assert [source.label for source in document.sources] == ["CCAF n.d.a", "CCAF n.d.b"]


def test_runs_of_numbers_are_ranges(told: Callable[..., Document]) -> None:
    html = str(made_of(told('{{ cite("canaan-revenue") }}'), Path("x.html"))[Path("x.html")])
    assert re.search(r'\[<a href="#source-1">1–\d\d</a>\]', html)


def test_the_line_of_dates_names_the_newest_period_and_never_the_clock(told: Callable[..., Document]) -> None:
    line = told('{{ share("CHN", "2019-09") }}').as_of
    assert line == "Bitcoin mining by country (Cambridge CBECI): January 2022. Retrieved 23 November 2026."


# --- the report that ships ------------------------------------------------------------------------


def test_no_number_of_the_story_is_typed() -> None:
    text = STORY.read_text(encoding="utf-8").split("+++", 2)[2]
    assert not re.search(r"\d", re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.DOTALL))


def test_the_story_tells_what_the_data_say(story: Document) -> None:
    text = " ".join(story.text.replace("\u00a0", " ").split())
    for said in (
        "In September 2019 China had 75.5% of the network's hashrate and North America 5.1%",
        "China's share fell by 54.4 percentage points. North America's rose by 39.2 percentage points",
        "North America means the United States and Canada here",
        "As reported, the United States overtook China between June 2021 and July 2021, "
        "and North America as a whole between June 2021 and July 2021",
        "the months of the overtaking hang on them",
        "with China back in the figures, the United States had 27.7%",
        "For July 2021 and August 2021 Cambridge reports 0% and 0% for China",
        "In September 2021 the figure is 22.3% again".replace("In", "in"),
        "brought 4.9% of its revenue in Q1 2020 and 78.4% a year later",
        "Reuters has at least 50% from one unnamed person; the company did not confirm it",
        "an estimated 36.7% and China an estimated 12.2% for Q3 2026",
    ):
        assert said in text.replace("In September 2021", "in September 2021"), said
    kinds = [exhibit.kind for exhibit in story.exhibits]
    assert (kinds.count("map"), kinds.count("figure"), kinds.count("table")) == (1, 3, 2)
    assert 600 < len(re.sub(r"\ue000\d+\ue001", "", story.text).split()) < 1200  # about two pages


def spoil(data: Path, series: str, change: Callable[[dict[str, str]], dict[str, str] | None]) -> None:
    """Change the rows of a copied series."""
    path = data / "observations" / f"{series}.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(found for row in rows if (found := change(row)))
    path.write_text(out.getvalue(), encoding="utf-8")


def swapped(row: dict[str, str]) -> dict[str, str]:
    """January 2022 with two points of China's share given to the United States."""
    if row["start"] == "2022-01-01" and row["metric"] == "share" and row["region"] in {"CHN", "USA"}:
        row["value"] = {"CHN": "11.11", "USA": "47.84"}[row["region"]]
    return row


def test_text_figures_and_pictures_follow_the_data_together(data: Path, tmp_path: Path) -> None:
    template = tmp_path / "t.md"
    template.write_text(
        '{{ share("CHN", "2022-01") }}\n\n{{ figure("hashrate-share", at="2022-01") }}\n\n'
        '{{ table("hashrate-share", at="2022-01", top=2) }}\n\n{{ map("shift", at="last") }}',
        encoding="utf-8",
    )
    before = report.make(template, tmp_path / "a.md", data)
    spoil(data, "cbeci-countries", swapped)
    after = report.make(template, tmp_path / "a.md", data)
    old, new = (str(made.files[tmp_path / "a.md"]).replace("\u00a0", " ") for made in (before, after))
    assert old.startswith("# t\n\n21.1%")
    assert new.startswith("# t\n\n11.1%")
    assert "| United States | 37.8 |" in old
    assert "| United States | 47.8 |" in new
    for name in ("fig-hashrate-share.png", "fig-shift.html", "fig-shift.png"):
        path = tmp_path / "a_files" / name
        assert before.files[path] != after.files[path], name
    assert "47.84" not in str(before.files[tmp_path / "a_files" / "fig-shift.html"])


# --- text is text ---------------------------------------------------------------------------------

HOSTILE = '<script>alert(1)</script> "q" | _a_ *b* [x](javascript:y) `c` \\input{x} & #let $x$ {{ y }} '
HOSTILE += "\u202eabc \u05d0"


@pytest.fixture
def hostile(data: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Data whose titles, names and notes are hostile, and a template that shows them all."""
    for name, column in (
        ("regions.csv", "name"),
        ("origins.csv", "title"),
    ):
        path = data / "reference" / name
        rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        for row in rows:
            if row.get("code") == "CHN" or row.get("id") == "cbeci_map_countries":
                row[column] = HOSTILE if name == "regions.csv" else HOSTILE + " (CCAF)"
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        path.write_text(out.getvalue(), encoding="utf-8")
    template = tmp_path / "h.md"
    template.write_text(
        f'+++\ntitle = {json.dumps(HOSTILE)}\nauthor = {json.dumps(HOSTILE)}\n+++\n{{{{ name("CHN") }}}} and '
        '{{ name("CHN") }}\n\n- {{ name("CHN") }}\n\n{{ table("cbeci-countries", at="2022-01", top=3) }}\n\n'
        '<b>author</b> {{ cite("cbeci-countries") }}\n\n'
        '{{ figure("shift", at="2022-01", caption=name("CHN")) }}',
        encoding="utf-8",
    )
    return template, data


def test_hostile_names_are_text_on_the_page(hostile: tuple[Path, Path], tmp_path: Path) -> None:
    template, data = hostile
    page = str(report.make(template, tmp_path / "h.html", data).files[tmp_path / "h.html"])
    assert "<script>alert" not in page
    assert "<b>" not in page
    assert "&lt;b&gt;author" in page
    assert 'href="javascript' not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 6
    assert "\u202e" not in page.partition("<main>")[2].partition("<figure")[0]


def test_hostile_names_are_text_in_markdown(hostile: tuple[Path, Path], tmp_path: Path) -> None:
    from markdown_it import MarkdownIt

    template, data = hostile
    text = str(report.make(template, tmp_path / "h2.md", data).files[tmp_path / "h2.md"])
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    assert "<script>" not in html
    assert "<em>a</em>" not in html
    assert "<code>c" not in html
    assert "javascript:y" in html
    assert 'href="javascript' not in html
    [row] = [line for line in re.findall(r"<tr>.*?</tr>", html, flags=re.DOTALL) if "alert" in line]
    assert row.count("<td") == 2  # a bar in a name makes no cell


def test_hostile_names_are_text_in_word_and_pdf(hostile: tuple[Path, Path], tmp_path: Path) -> None:
    from pypdf import PdfReader

    template, data = hostile
    made = report.make(template, tmp_path / "h.docx", data).files[tmp_path / "h.docx"]
    assert isinstance(made, bytes)
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        xml = parts.read("word/document.xml").decode()
    words = "".join(re.findall(r"<w:t[^>]*>([^<]*)", xml))
    assert words.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 6
    assert words.count("[x](javascript:y) `c` \\input{x} &amp; #let $x$ {{ y }}") >= 6
    made = report.make(template, tmp_path / "h.pdf", data).files[tmp_path / "h.pdf"]
    assert isinstance(made, bytes)
    told = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).split())
    assert told.count("<script>alert(1)</script>") >= 5
    assert "#let $x$" in told
    assert "\\input{x}" in told


@pytest.mark.parametrize(
    "text",
    ["1. one", "2) two", "- dash", "+ plus", "# head", "> quote", "---", "===", "a | b", "*a*", "_a_", "`a`",
     "~~a~~",
     "<b>", "[a](b)", "![a](b)", "https://example.org", "&amp;", "\\", "75.5%", "−3", "+3.4", "a_b", "$x$"],
)  # fmt: skip
def test_escaped_text_reads_as_it_was(text: str) -> None:
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    html = reader.render(escaped(text))
    shown = html.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert shown == f"<p>{text}</p>\n"
    assert reader.render(f"before\n{escaped(text)}").startswith("<p>before\n")


def test_control_characters_and_turns_are_left_out() -> None:
    assert one_line("a\nb\tc\u202ed\ue0001\ue001\ufeff") == "a b cd1"


def test_the_author_s_raw_html_and_pictures(told: Callable[..., Document]) -> None:
    page = str(made_of(told("<i>x</i> [l](javascript:a) **yes**"), Path("x.html"))[Path("x.html")])
    assert "&lt;i&gt;x&lt;/i&gt; [l](javascript:a) <strong>yes</strong>" in page
    document = told("![p](https://example.org/a.png)")
    with pytest.raises(
        SpecError, match=r"near line 1 of the text: a picture by address, 'https://example.org/a.png'"
    ):
        made_of(document, Path("x.html"))


# --- files ----------------------------------------------------------------------------------------


def test_unknown_suffix_and_the_template_itself(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"unknown suffix '.odt'; expected one of: .html, .md, .docx, .pdf"):
        report.make(STORY, tmp_path / "x.odt")
    with pytest.raises(OutputError, match="this is the file that is read, and would be lost"):
        report.make(STORY, STORY)


@pytest.mark.parametrize(
    ("suffix", "library", "extra"),
    [(".docx", "pypandoc", "word"), (".pdf", "typst", "pdf"), (".pdf", "pypandoc", "pdf")],
)
def test_a_missing_extra_says_what_to_install(
    told: Callable[..., Document], monkeypatch: pytest.MonkeyPatch, suffix: str, library: str, extra: str
) -> None:
    document = told("text")
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(SpecError, match=rf"not installed; run: pip install 'geotrack\[{extra}\]'"):
        made_of(document, Path(f"x{suffix}"))


def test_pandoc_that_is_gone_or_fails(told: Callable[..., Document], monkeypatch: pytest.MonkeyPatch) -> None:
    import pypandoc

    def gone(*_: object, **__: object) -> None:
        raise OSError("No pandoc was found")

    def failed(*_: object, **__: object) -> None:
        raise RuntimeError("exitcode 83")

    document = told("text")
    monkeypatch.setattr(pypandoc, "convert_text", gone)
    with pytest.raises(
        SpecError, match=r"needs pandoc, which is not installed; run: pip install 'geotrack\[word\]'"
    ):
        made_of(document, Path("x.docx"))
    monkeypatch.setattr(pypandoc, "convert_text", failed)
    with pytest.raises(OutputError, match="pandoc could not make the report: exitcode 83"):
        made_of(document, Path("x.docx"))


def test_typst_that_fails_says_so(told: Callable[..., Document], monkeypatch: pytest.MonkeyPatch) -> None:
    from geotrack.publish.report.formats import pdf

    document = told("text")
    monkeypatch.setattr(pdf, "convert", lambda *_: b"#nothing()")
    with pytest.raises(OutputError, match="Typst could not set the report: unknown variable: nothing"):
        made_of(document, Path("x.pdf"))


def test_headings_that_skip_a_level_are_set_all_the_same(told: Callable[..., Document]) -> None:
    made = made_of(told("#### deep\n\n## flat\n\n# flatter"), Path("x.pdf"))[Path("x.pdf")]
    assert bytes(made[:5]) == b"%PDF-"  # type: ignore[arg-type]


def test_an_output_that_cannot_be_written_keeps_the_old(
    tmp_path: Path, told: Callable[..., Document]
) -> None:
    old = tmp_path / "x.html"
    old.write_text("old")
    blocked = tmp_path / "x.md"
    blocked.mkdir()
    made = report.Report(told("text"), {old: "new", blocked: "new"})
    with pytest.raises(OutputError, match=r"x\.md: cannot be written"):
        report.write(made)
    assert old.read_text() == "old"


def test_word_has_headings_captions_alt_texts_and_no_clock(story: Document) -> None:
    made = made_of(story, Path("x.docx"))[Path("x.docx")]
    assert isinstance(made, bytes)
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        xml, core = parts.read("word/document.xml").decode(), parts.read("docProps/core.xml").decode()
        styles = parts.read("word/styles.xml").decode()
        assert {entry.date_time[0] for entry in parts.infolist()} == {1980}
    assert "1980-01-01T00:00:00Z" in core
    assert "From China to North America" in core
    assert xml.count('w:val="Heading2"') >= 8
    assert xml.count('w:val="ImageCaption"') == 4
    assert xml.count('w:val="TableCaption"') == 2
    alts = re.findall(r'<wp:docPr descr="([^"]*)"', xml)
    assert len(alts) == 4
    assert all(len(alt) > 20 for alt in alts)
    anchors = set(re.findall(r'w:anchor="([^"]+)"', xml))
    assert anchors >= {"fig-change", "tab-shares", "source-1"}
    assert anchors <= set(re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]+)"', xml))
    assert "Georgia" in styles
    assert 'w:w="11906"' in xml
    assert "data:image" not in xml


def test_pdf_has_its_fonts_tags_and_texts(story: Document, tmp_path: Path) -> None:
    from pypdf import PdfReader

    path = tmp_path / "x.pdf"
    made = made_of(story, path)[path]
    assert isinstance(made, bytes)
    path.write_bytes(made)
    reader = PdfReader(path)
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "China had 75.5% of the network" in text
    assert "Figure 2" in text
    assert "Data as of" in text
    assert 3 <= len(reader.pages) <= 7
    assert reader.metadata is not None
    assert reader.metadata.title == "From China to North America"
    assert reader.metadata.creation_date is None or reader.metadata.creation_date.year == 1970
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert {page.mediabox.width for page in reader.pages} == {reader.pages[0].mediabox.width}
    if shutil.which("pdffonts"):
        done = subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True)
        rows = done.stdout.splitlines()[2:]
        assert rows
        assert all(re.search(r"\byes yes yes\b", row) for row in rows)
        assert "SourceSansPro" in done.stdout


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_word_file(story: Document, tmp_path: Path) -> None:
    from pypdf import PdfReader

    made = made_of(story, Path("x.docx"))[Path("x.docx")]
    assert isinstance(made, bytes)
    (tmp_path / "x.docx").write_bytes(made)
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "x.docx")],
        check=True, capture_output=True,
    )  # fmt: skip
    reader = PdfReader(tmp_path / "x.pdf")
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "China had 75.5%" in text
    assert "Table 2." in text
    assert sum(len(page.images) for page in reader.pages) >= 4


def test_markdown_carries_pictures_beside_it(tmp_path: Path) -> None:
    template = tmp_path / "t.md"
    template.write_text('{{ map("shift") }}\n\n{{ figure("shift", at="2022-01") }}', encoding="utf-8")
    made = report.make(template, tmp_path / "out" / "my story.md")
    names = [path.relative_to(tmp_path / "out").as_posix() for path in made.files]
    assert names == [
        "my story.md",
        "my story_files/fig-shift.png",
        "my story_files/fig-shift.html",
        "my story_files/fig-shift-2.png",
    ]
    text = str(next(iter(made.files.values())))
    assert "](<my story_files/fig-shift.png>)" in text
    assert "[Interactive map](<my story_files/fig-shift.html>)" in text


def test_another_language(told: Callable[..., Document]) -> None:
    document = told(
        '{{ share("CHN", "2019-09") }} {{ crossing("USA", "CHN") }} {{ map("shift") }} {{ name("CHN") }} '
        '{{ name("north-america") }} {{ name("US-CA") }} {{ value("canaan-revenue", "CHN", "2021-Q1") }}',
        lang="zh",
    )
    shown = document.exhibits[0]
    assert shown.label == "图1"
    # a picture is made in the language, and not only told in it
    assert "2019年9月" in shown.alt
    assert not re.search("(January|September) 20", shown.caption + shown.alt)
    assert shown.view is not None
    assert shown.view.content.slices[0].label == "2019年9月"
    assert "北美洲 加利福尼亚州 21.6%（推算）" in document.text  # CA is Canada's code, and a state's alias
    assert "2021年6月至2021年7月之间" in document.text
    assert "中国" in document.text
    page = str(made_of(document, Path("x.html"))[Path("x.html")])
    assert '<html lang="zh">' in page
    assert "来源" in page


# --- watching ----------------------------------------------------------------------------------------------


def test_it_is_made_again_when_a_file_changes(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("1")
    seen: list[str] = []

    def make() -> list[Path]:
        seen.append(first.read_text())
        return [first, second]

    changes = iter(["", "22", "", "gone", "b", "stop"])

    def wait() -> bool:
        change = next(changes)
        if change == "22":
            first.write_text("22")
        if change == "b":
            second.write_text("new")
        return change != "stop"

    assert watch.watch(make, wait) == 3
    assert seen == ["1", "22", "22"]


def test_what_changes_while_it_is_made_is_seen_next_time(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("1")
    made: list[str] = []

    def make() -> list[Path]:
        made.append(path.read_text())
        if len(made) == 2:
            path.write_text("333")
        return [path]

    steps = iter([True, True, True, False])

    def wait() -> bool:
        if len(made) == 1:
            path.write_text("22")
        return next(steps)

    assert watch.watch(make, wait) == 3
    assert made == ["1", "22", "333"]


# --- beside the maps ----------------------------------------------------------------------------------------


def test_reports_are_found_by_name_or_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert shipped.find("from-china-to-north-america") == Path("maps/from-china-to-north-america.md")
    with pytest.raises(
        SpecError, match=r"no template 'none\.md'; expected the path of a Markdown file or one of: from-ch"
    ):
        shipped.find("none.md")
    assert "README" not in shipped.known()


def test_a_report_is_stale_when_its_data_change(data: Path, tmp_path: Path) -> None:
    template = tmp_path / "t.md"
    template.write_text('{{ share("CHN", "2019-09") }} {{ table("hashrate-share") }}', encoding="utf-8")
    out = tmp_path / "out"
    assert shipped.changed([template], out, data)[0][1] == ("t.json: there is none",)
    built = shipped.build(template, out, data)
    assert (built.name, built.path, built.size) == ("t", out / "t.html", (out / "t.html").stat().st_size)
    assert shipped.changed([template], out, data) == []
    spoil(data, "canaan-revenue", lambda row: row | {"note": "x"})
    assert shipped.changed([template], out, data) == []  # it does not draw on it
    spoil(data, "cbeci-countries", swapped)
    assert shipped.changed([template], out, data)[0][1] == ("observations/cbeci-countries.csv changed",)
    shipped.build(template, out, data)
    template.write_text("other", encoding="utf-8")
    assert shipped.changed([template], out, data)[0][1] == ("t.md changed",)
    (out / "t.json").write_text('{"inputs": {}, "files": {"t.html": ""}, "uses": 3}')
    assert shipped.changed([template], out, data)


def test_the_command_writes_and_tells(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.md").write_text('{{ share("CHN", "2019-09") }} {{ table("shift", top=1) }}', encoding="utf-8")
    answer = run("report", "t.md")
    assert (answer.code, answer.out.split()[0]) == (0, "t.html")
    assert "75.5" in Path("t.html").read_text(encoding="utf-8")
    facts = json.loads(run("report", "t.md", "-o", "t2.html", "--json").out)
    assert facts["exhibits"][0]["label"] == "Table 1"
    assert facts["sources"] == ["cbeci_map_countries"]
    assert facts["uses"]["series"] == ["cbeci-countries"]
    assert list(facts["files"]) == ["t2.html"]
    answer = run("report", "t.md", "-o", "t.odt")
    assert (answer.code, answer.out) == (7, "")
    assert answer.err.startswith("geotrack: t.odt: unknown suffix")
    assert run("report", "t.md", "--watch", "--json").code == 2


def test_the_command_watches_until_it_is_stopped(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from geotrack.cli import report as command

    monkeypatch.chdir(tmp_path)
    template = Path("t.md")
    template.write_text("one", encoding="utf-8")
    texts = iter(["two", "{{ x }}", "three"])

    def wait() -> bool:
        text = next(texts, None)
        if text is None:
            raise KeyboardInterrupt
        template.write_text(text + " " * len(text), encoding="utf-8")
        return True

    monkeypatch.setattr(command, "_wait", wait)
    answer = run("report", "t.md", "--watch")
    assert answer.code == 130
    assert answer.out.count("t.html") == 3
    assert "t.md, line 1: 'x' is not known" in answer.err
    assert "three" in Path("t.html").read_text(encoding="utf-8")


def test_build_makes_the_story_and_the_gallery_links_it(
    run: Callable[..., Any], maps: Any, tmp_path: Path
) -> None:
    shutil.copytree(maps.folder, tmp_path, dirs_exist_ok=True)
    wrote = run("build", "--changed", "--out", tmp_path).out.splitlines()
    assert [Path(line.split("  ")[0]).stem for line in wrote] == ["from-china-to-north-america", "index"]
    assert '<a href="from-china-to-north-america.html">From China to North America</a>' in (
        tmp_path / "index.html"
    ).read_text(encoding="utf-8")
    assert (
        run("build", "--changed", "--out", tmp_path).out == "nothing has changed since the maps were built\n"
    )
    (tmp_path / "from-china-to-north-america.html").unlink()
    assert run("build", "--changed", "--out", tmp_path).out.split()[0] == str(
        tmp_path / "from-china-to-north-america.html"
    )
    answer = run("build", "from-china-to-north-america", "--out", tmp_path / "one")
    assert answer.code == 0
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == [
        "from-china-to-north-america.html",
        "from-china-to-north-america.json",
    ]
