"""Passwords and keys of addresses are refused, said, and nowhere kept or shown."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import geotrack as gt
from geotrack.errors import GeotrackError, SpecError
from geotrack.secrecy import fault, faults, scrub

Run = Callable[..., Any]
ROOT = Path(__file__).parents[1]
SECRET = "s3cret"
ADDRESSES = [
    f"https://jo:{SECRET}@example.org/a",
    f"https://{SECRET}@example.org/a",
    *(
        f"https://example.org/a?b=1&{key}={SECRET}"
        for key in (
            "api_key",
            "apikey",
            "token",
            "key",
            "X-Amz-Signature",
            "access_token",
            "pw",
            "api%5Fk%65y",
        )
    ),
    f"https://example.org/a#id_token={SECRET}",
]
SAID = ("--publisher", "Me", "--title", "Mine", "--licence", "CC BY 4.0")


def nowhere(folder: Path) -> None:
    for path in folder.rglob("*"):
        assert SECRET not in path.name
        assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "t.csv"
    path.write_text("country,year,revenue\nCanada,2021,3\nChina,2021,100\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_with_a_secret_is_refused_and_kept_nowhere(
    address: str, run: Run, data: Path, table: Path, tmp_path: Path
) -> None:
    read = ("--unit", "USD", "--over-time", "sum", *SAID, "--url", address)
    figure = (
        "--region",
        "CHN",
        "--period",
        "2021",
        "--metric",
        "revenue_share",
        "--value",
        "1",
        "--page",
        "2",
    )
    page = tmp_path / "out.html"
    for command in (
        ("import", table, "--series", "mine", *read, "--yes", "--data", data),
        ("add", "canaan-revenue", *figure, "--unit", "%", *SAID, "--url", address, "--data", data),
        (
            "map",
            table,
            "--unit",
            "USD",
            "--over-time",
            "sum",
            "--publisher",
            "Me",
            "--url",
            address,
            "-o",
            page,
        ),
        ("build", "shift", "--url", address, "--data", data, "--out", tmp_path),
        ("embed", "shift", "--as", "iframe", "--url", address, "--data", data),
    ):
        answer = run(*command)
        assert answer.code == 7, (command, answer)
        assert "holds a name, a password or a key" in answer.err, (command, answer)
        assert SECRET not in answer.out + answer.err
    assert not page.exists()
    nowhere(tmp_path)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_map_of_a_source_with_a_secret_is_refused(address: str, table: Path) -> None:
    source = {"publisher": "Me", "title": "T", "licence": "CC BY 4.0"}
    for told in ({**source, "url": address}, {**source, "url": "https://x.org", "note": f"from {address}"}):
        with pytest.raises(SpecError, match=r"holds a name, a password or a key") as caught:
            gt.choropleth(table, unit="USD", over_time="sum", source=told)
        assert SECRET not in str(caught.value)


def test_a_specification_with_a_secret_is_refused(run: Run, table: Path, tmp_path: Path) -> None:
    spec = tmp_path / "m.toml"
    spec.write_text(
        f'table = "{table}"\n[reading]\nunit = "USD"\nover_time = "sum"\n'
        f'[reading.source]\npublisher = "Me"\ntitle = "T"\nlicence = "none"\nurl = "{ADDRESSES[0]}"\n',
        encoding="utf-8",
    )
    answer = run("build", spec, "--out", tmp_path / "o")
    assert answer.code == 7, answer
    assert "holds a name, a password or a key" in answer.err
    assert SECRET not in answer.out + answer.err
    assert not list(tmp_path.rglob("*.html"))


def test_a_data_folder_with_a_secret_is_refused(run: Run, data: Path) -> None:
    path = data / "reference" / "origins.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    rows[1][rows[0].index("url")] = ADDRESSES[2]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    answer = run("check", "--data", data)
    assert answer.code == 6, answer
    assert "holds a name, a password or a key" in answer.out + answer.err
    assert SECRET not in answer.out + answer.err


def test_variables_with_a_secret_are_not_told(run: Run, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOTRACK_CONTACT", f"Jo {ADDRESSES[0]}")
    answer = run("update", "edgar-canaan", "--data", data)
    assert answer.code == 7, answer
    assert "GEOTRACK_CONTACT holds a name, a password or a key" in answer.err
    monkeypatch.setenv("GEOTRACK_DATA", ADDRESSES[0])
    more = run("check")
    assert more.code != 0
    assert SECRET not in answer.err + more.err + more.out


def test_what_is_no_secret_is_left_alone() -> None:
    for text in (
        "https://x.org/?keyword=hash&author=me&monkey=1&dockey=3&page=2",
        "mailto:jo@x.org",
        "a@b.org",
        "key=1",
    ):
        assert scrub(text) == text
    with (ROOT / "data" / "reference" / "origins.csv").open(encoding="utf-8", newline="") as file:
        assert not [row["id"] for row in csv.DictReader(file) if faults(row)]
    assert SECRET not in fault("--url", ADDRESSES[0])
    assert issubclass(SpecError, GeotrackError)
