"""A spoiled data folder: check and build refuse the same things, with a message and never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geotrack.errors import SpecError
from geotrack.store import reading
from geotrack.store.checks import folder

Run = Callable[..., Any]
SHARE = "75.53,%,reported,cbeci_map_countries,Mainland China,"


def spoil(data: Path, file: str, old: str, new: str) -> None:
    """Put a text in place of the first such one; append it where there is no old one."""
    path = data / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")


def errors(data: Path, *names: str) -> list[str]:
    return [str(finding) for finding in folder.check(data, names) if finding.severity == "error"]


SERIES, EVENTS, REGIONS = "reference/series.toml", "reference/events.csv", "reference/regions.csv"
TOML = "reference/boundaries/boundaries.toml"
CASES = {  # file, old text, new text; what check says; exit code of build and what it says, or 0
    "a short row": (
        (REGIONS, "", "QQQ\n"),
        "regions.csv: expected 5 cells in each row",
        (
            3,
            "regions.csv: expected 5 cells in each row (code, name, level, parent, aliases); row 372 has 1",
        ),
    ),
    "text for a number": (
        (SERIES, "whole = 100.0", 'whole = "100"'),
        "series.toml, [cbeci-countries]: metric 'share': whole = '100'",
        (
            3,
            "[cbeci-countries]: metric 'share': whole = '100'; expected a number such as 100.0, without",
        ),
    ),
    "broken boundaries.toml": (
        (TOML, "[countries-110m]", "[countries-110m"),
        "boundaries/boundaries.toml: cannot be read as tables of boundaries",
        (5, "boundaries.toml: cannot be read as tables of boundaries: "),
    ),
    "broken series.toml": (
        (SERIES, "[cbeci-countries]", "[cbeci-countries"),
        "series.toml: cannot be read as tables of series",
        (3, "series.toml: cannot be read as tables of series"),
    ),
    "a day in words": (
        (EVENTS, "2021-05-21,mining", "21 May 2021,mining"),
        "events.csv, row 2: date '21 May 2021'",
        (3, "events.csv: row 2: date '21 May 2021'; expected an ISO day such as 2021-05-21"),
    ),
    "an event nowhere": (
        (EVENTS, "2021-05-21,mining,CHN", "2021-05-21,mining,QQQ"),
        "events.csv, row 2: region 'QQQ'",
        (3, "events.csv: row 2: region 'QQQ'; expected a code of regions.csv"),
    ),
    "an event without a page": (
        (EVENTS, "http://www.gov.cn/guowuyuan/2021-05/21/content_5610192.htm", ""),
        "events.csv, row 2: url ''",
        (3, "events.csv: row 2: url ''; expected an address"),
    ),
    "a kind": (
        (SERIES, 'kind = "intensive"', 'kind = "foo"'),
        "metric 'share': kind = 'foo'",
        (3, "kind = 'foo'; expected one of intensive, extensive"),
    ),
    "over time": (
        (SERIES, 'over_time = "mean"', 'over_time = "max"'),
        "metric 'share': over_time = 'max'",
        (3, "over_time = 'max'; expected one of mean, sum, last"),
    ),
    "an unknown key": (
        (SERIES, "tolerance =", "tolerence ="),
        "metric 'share': unknown key 'tolerence'",
        (3, "unknown key 'tolerence'; expected some of name, title"),
    ),
    "unknown boundaries": (
        (SERIES, '"countries-110m"', '"countries-10m"'),
        "boundaries 'countries-10m' is not there",
        (5, "boundaries: 'countries-10m' is not known"),
    ),
    "an unknown level": (
        (SERIES, 'level = "country"', 'level = "ZZ"'),
        "series.toml, [cbeci-countries]: level 'ZZ' has no regions",
        (6, "level 'ZZ' has no regions; expected one of country, CA, CN, US"),
    ),
    "a parent": (
        (REGIONS, "subdivision,CHN", "subdivision,QQQ"),
        "parent 'QQQ' of CN-AH",
        (4, "regions.csv: parents that are no country of this file: CN-AH (QQQ)"),
    ),
    "no crosswalk": (
        (SERIES, 'crosswalk = "cbeci"', 'crosswalk = "gone"'),
        "series.toml, [cbeci-countries]: crosswalk 'gone' is not there",
        (0, ""),  # labels were resolved when the observations were made
    ),
    "a crosswalk to nowhere": (
        ("reference/crosswalk/cbeci.csv", "Mainland China,CHN", "Mainland China,QQQ"),
        "crosswalk/cbeci.csv, row 5: 'Mainland China' leads to 'QQQ'",
        (0, ""),
    ),
    "an origin without an address": (
        ("reference/origins.csv", "https://ccaf.io/cbnsi/cbeci/mining_map", "ccaf.io"),
        "url 'ccaf.io'; expected an address that begins with https:// or http://",
        (3, "url 'ccaf.io'; expected an address that begins with https:// or http://"),
    ),
    "an unknown member": (
        ("reference/aggregates.csv", "include,AGO", "include,QQQ"),
        "aggregates.csv, row 2: 'QQQ'; expected a code of regions.csv",
        (4, "aggregates.csv: codes that regions.csv does not list: QQQ"),
    ),
    "boundaries out of step": (
        (TOML, "356c7204", "356c7205"),
        "boundaries/countries-110m.topojson: its sha256 is 356c7204",
        (5, "countries-110m.topojson: its sha256 is 356c7204"),
    ),
    "a disputed code": (
        ("reference/disputed.csv", "ESH,territory", "QQQ,territory"),
        "disputed.csv: codes that regions.csv does not list: QQQ",
        (4, "disputed.csv: codes that regions.csv does not list: QQQ"),
    ),
    "a blank before a value": (
        ("observations/cbeci-countries.csv", SHARE, f" {SHARE}"),
        "value ' 75.53'; expected a number such as 75.53",
        (6, "value ' 75.53'; expected a number such as 75.53"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_check_and_build_refuse_the_same(run: Run, data: Path, tmp_path: Path, case: str) -> None:
    change, told, (code, message) = CASES[case]
    spoil(data, *change)
    answer = run("check", "--data", data)
    assert (answer.code, answer.err) == (6, "")
    [line] = [line for line in answer.out.splitlines() if told in line]
    assert line.startswith("error: ")
    answer = run("build", "hashrate-share", "--data", data, "--out", tmp_path / "out")
    assert answer.code == code
    assert message in answer.err
    assert (tmp_path / "out").exists() == (code == 0)


def test_one_fault_is_told_once_and_stops_no_other_check(data: Path) -> None:
    assert errors(data) == []
    spoil(data, REGIONS, "", "QQQ\n")
    spoil(data, SERIES, 'kind = "intensive"', 'kind = "foo"')
    spoil(data, "observations/canaan-revenue.csv", ",2018-01-01,", ",1 January 2018,")
    found = errors(data)
    assert [line.split(": ")[1] for line in found] == [
        "regions.csv",
        "series.toml, [cbeci-countries]",
        "canaan-revenue, row 26",
    ]


def test_a_series_at_fault_stops_no_other_series(data: Path) -> None:
    spoil(data, SERIES, 'kind = "intensive"', 'kind = "foo"')
    spoil(data, "observations/luxor-countries.csv", ",36.7,%", ",36.7,percent")
    assert [line.split(": ")[1].split(",")[0] for line in errors(data)] == ["series.toml", "luxor-countries"]


def test_files_that_cannot_be_read_are_findings(data: Path) -> None:
    (data / "reference" / "events.csv").unlink()
    (data / "reference" / "crosswalk" / "luxor.csv").write_bytes(b"\xff")
    (data / "reference" / "origins.csv").write_text("id\n")
    (data / "observations" / "ebang-revenue.csv").unlink()
    found = errors(data)
    starts = ["error: events.csv: no such file; expected a CSV with the columns date, topic",
              "error: origins.csv: no column publisher, title, url, licence",
              "error: crosswalk/luxor.csv: cannot be read as CSV: "]  # fmt: skip
    for line, start in zip(found[:3], starts, strict=True):
        assert line.startswith(start)
    assert "ebang-revenue.csv: no such file" in found[3]
    assert len(found) == 4


def test_of_a_series_named_only_its_own_is_told(data: Path) -> None:
    spoil(data, EVENTS, "2021-05-21,mining,CHN", "21 May 2021,mining,QQQ")
    spoil(data, "reference/crosswalk/cbeci.csv", "Mainland China,CHN", "Mainland China,QQQ")
    used, page = "\ncbeci_map_countries,", "https://ccaf.io/cbnsi/cbeci/mining_map"
    before, row = (data / "reference/origins.csv").read_text(encoding="utf-8").split(used)
    row = used + row.replace(page, "ccaf.io", 1)
    (data / "reference/origins.csv").write_text(before.replace(page, "ccaf.org") + row, encoding="utf-8")
    spoil(data, TOML, "356c7204", "356c7205")
    spoil(data, SERIES, 'level = "US"', 'level = "ZZ"')
    own = [line.split(": ")[1] for line in errors(data, "cbeci-countries")]
    at = f"origins.csv, row {before.count(chr(10)) + 2}"
    assert own == [at, "crosswalk/cbeci.csv, row 5", "boundaries/countries-110m.topojson"]
    assert [line.split(": ")[1] for line in errors(data, "company-hashrate-canada")] == []
    assert "series.toml, [cbeci-us-states]" in [
        line.split(": ")[1] for line in errors(data, "cbeci-us-states")
    ]


def test_a_series_that_is_not_there_is_said() -> None:
    with pytest.raises(SpecError, match="series 'x' is not known; expected one of: cbeci-countries, "):
        folder.check(reading.data_folder(None), ["x"])


def test_the_shipped_reference_files_have_no_finding() -> None:
    held, unread = folder.read(Path(__file__).parents[2] / "data")
    assert unread == []
    assert folder.reference.check_reference(held) == []
    assert all(row["url"].startswith("http") for row in held.origins)
