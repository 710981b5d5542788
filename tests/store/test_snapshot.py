"""Snapshots: what came is kept as it came, is told from what is damaged, and lies where it should."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geotrack.errors import ParseError
from geotrack.model import File, Provider
from geotrack.store import snapshot, transaction
from geotrack.store.snapshot import changed, entry, history, latest, slug, verify

PROVIDER = Provider(
    name="cbeci",
    group="cbeci",
    title="Mining map",
    publisher="Cambridge Centre for Alternative Finance, é",
    url="https://example.org/map",
    licence="CC BY 4.0",
    licence_url="https://example.org/licence",
    note="as published",
    series=("cbeci",),
    parse=lambda files: pd.DataFrame(),
)

# Synthetic bytes; the second is no text.
A = File(
    b'{"data": []}',
    "https://example.org/api?version=1",
    "2026-11-23T09:18:02Z",
    etag='"abc"',
    last_modified="Mon, 23 Nov 2026 09:00:00 GMT",
    media="application/json",
    published="2026-11-20",
)
B = replace(A, content=b"\xff\x00\r\n", retrieved="2026-12-01T00:00:00Z", etag="")


def put(folder: Path, file: File, name: str = "mining_countries", provider: Provider = PROVIDER) -> Path:
    """Write a snapshot as an update does; return its folder."""
    files = entry(provider, name, file)
    with transaction.locked(folder):
        transaction.commit(folder, files)
    [place] = {path.parent for path in files}
    return folder / place


def test_a_snapshot_is_read_as_it_was_written(tmp_path: Path) -> None:
    place = put(tmp_path, A)
    sha256 = hashlib.sha256(A.content).hexdigest()
    assert place == tmp_path / "raw/cbeci/mining_countries" / f"20261123T091802Z-{sha256[:12]}"
    [found] = latest(tmp_path, "cbeci").values()
    assert (found.provider, found.file, found.path) == ("cbeci", "mining_countries", place)
    assert found.payload() == A.content
    assert found.as_file() == replace(A, kept=True)
    assert found.meta == {
        "provider": "cbeci",
        "file": "mining_countries",
        "publisher": PROVIDER.publisher,
        "title": PROVIDER.title,
        "url": A.url,
        "licence": PROVIDER.licence,
        "licence_url": PROVIDER.licence_url,
        "published": A.published,
        "retrieved": A.retrieved,
        "sha256": sha256,
        "bytes": len(A.content),
        "media": A.media,
        "etag": A.etag,
        "last_modified": A.last_modified,
        "note": PROVIDER.note,
        "format": 1,
    }
    assert verify(tmp_path) == []


def test_the_same_input_gives_the_same_bytes() -> None:
    first, second = entry(PROVIDER, "map", A), entry(PROVIDER, "map", A)
    assert first == second
    payload, origin = first
    assert (payload.name, origin.name) == ("payload", "origin.json"), "the origin is there last"
    text = first[origin].decode()
    assert text.endswith("}\n")
    assert "\r" not in text
    assert PROVIDER.publisher in text, "letters are letters, for those who read a diff"
    keys = re.findall(r'^  "(\w+)":', text, re.MULTILINE)
    assert keys == sorted(keys)
    assert len(keys) == 16


def test_a_header_in_no_known_encoding_is_kept(tmp_path: Path) -> None:
    odd = replace(A, etag="\udcff\x00\u2028", media="text/plain; ä")
    put(tmp_path, odd)
    assert latest(tmp_path, "cbeci")["mining_countries"].as_file() == replace(odd, kept=True)


@given(content=st.binary(max_size=200), etag=st.text(max_size=20), media=st.text(max_size=20))
def test_any_bytes_and_headers_come_back(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, etag: str, media: str
) -> None:
    folder, file = tmp_path_factory.mktemp("raw"), replace(A, content=content, etag=etag, media=media)
    for path, written in entry(PROVIDER, "map", file).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(written)
    assert latest(folder, "cbeci")["map"].as_file() == replace(file, kept=True)


def test_bytes_are_changed_when_they_are_other_ones(tmp_path: Path) -> None:
    put(tmp_path, A)
    saved = latest(tmp_path, "cbeci")["mining_countries"]
    assert not changed(replace(A, retrieved="2027-01-01T00:00:00Z", etag="another"), saved)
    assert changed(B, saved)
    assert changed(A, None)


def test_the_newest_is_the_latest_even_if_it_is_what_stood_there_before(tmp_path: Path) -> None:
    again = replace(A, retrieved="2027-01-05T10:00:00Z")
    for file in (again, A, B):  # the order of writing says nothing
        put(tmp_path, file)
    put(tmp_path, A, "provinces")
    put(tmp_path, B, "mining_countries", replace(PROVIDER, name="another"))
    found = latest(tmp_path, "cbeci")
    assert set(found) == {"mining_countries", "provinces"}
    assert found["mining_countries"].meta["retrieved"] == again.retrieved
    assert changed(B, found["mining_countries"])
    contents = [one.payload() for one in history(tmp_path, "cbeci") if one.file == "mining_countries"]
    assert contents == [A.content, B.content, A.content]


def test_two_of_one_second_are_told_apart_by_name(tmp_path: Path) -> None:
    first, second = put(tmp_path, A), put(tmp_path, replace(B, retrieved=A.retrieved))
    assert latest(tmp_path, "cbeci")["mining_countries"].path == max(first, second)
    assert [one.path for one in history(tmp_path, "cbeci")] == sorted([first, second])


def test_nothing_is_there_yet(tmp_path: Path) -> None:
    assert latest(tmp_path, "cbeci") == {}
    assert history(tmp_path / "no", "cbeci") == []
    assert verify(tmp_path) == []


def test_bytes_that_are_absent_are_fine_and_none(tmp_path: Path) -> None:
    (put(tmp_path, A) / "payload").unlink()
    found = latest(tmp_path, "cbeci")["mining_countries"]
    assert found.payload() is None
    assert found.as_file() is None
    assert not changed(A, found), "the origin knows them"
    assert verify(tmp_path) == []


def test_bytes_that_git_left_behind_are_no_snapshot(tmp_path: Path) -> None:
    (put(tmp_path, A) / "origin.json").unlink()
    assert latest(tmp_path, "cbeci") == {}
    assert verify(tmp_path) == []


@pytest.mark.parametrize("content", [b"", b"{}", A.content + b" ", A.content.replace(b"d", b"e")])
def test_bytes_that_are_not_those_that_came_are_refused(tmp_path: Path, content: bytes) -> None:
    place = put(tmp_path, A)
    put(tmp_path, B)
    (place / "payload").write_bytes(content)
    found = history(tmp_path, "cbeci")[0]
    for read in (found.payload, found.as_file):
        with pytest.raises(ParseError, match=f"{place}/payload: corrupt: sha256 ") as caught:
            read()
        assert hashlib.sha256(content).hexdigest() in str(caught.value)
        assert f"expected {hashlib.sha256(A.content).hexdigest()}, 12 bytes" in str(caught.value)
        assert f"Restore the file, or delete the folder {place}" in str(caught.value)
    [finding] = verify(tmp_path)
    assert (finding.severity, finding.where) == (
        "error",
        (place / "payload").relative_to(tmp_path).as_posix(),
    )
    assert finding.message.startswith("corrupt: sha256 ")


def test_bytes_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    place = put(tmp_path, A)
    (place / "payload").unlink()
    (place / "payload").mkdir()
    with pytest.raises(ParseError, match="payload: cannot be read: Is a directory"):
        history(tmp_path, "cbeci")[0].payload()
    assert [finding.message for finding in verify(tmp_path)] == ["cannot be read: Is a directory"]


def without(key: str) -> Callable[[dict[str, Any]], object]:
    return lambda meta: meta.pop(key)


def setting(key: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda meta: meta.update({key: value})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (without("sha256"), "no text under sha256; expected provider, file"),
        (without("licence"), "no text under licence; expected provider, file"),
        (setting("etag", None), "no text under etag; expected provider, file"),
        (setting("bytes", "12"), "bytes '12' and format 1; expected a number of bytes, and format 1"),
        (setting("format", 2), "bytes 12 and format 2; expected a number of bytes, and format 1"),
        (setting("retrieved", "yesterday"), "retrieved 'yesterday'; expected a moment in UTC such as"),
        (setting("sha256", "abc"), "sha256 'abc'; expected 64 hexadecimal digits"),
        (setting("file", "../x"), "lies in cbeci/mining_countries/20261123T"),
        (setting("retrieved", B.retrieved), "expected cbeci/mining_countries/20261201T000000Z-"),
    ],
)
def test_a_broken_origin_is_named(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], why: str
) -> None:
    path = put(tmp_path, A) / "origin.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    change(meta)
    refused(tmp_path, path, json.dumps(meta).encode(), why)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"", "Expecting value"),
        (b'{"provider": ', "Expecting value"),
        (b"\xff", "can't decode"),
        (b"[]", "holds list; expected an object"),
        (b"[" * 100_000, ""),  # too deep: each Python says it in its own words
        (b"<<<<<<< HEAD", "Expecting value"),
    ],
)
def test_an_origin_that_is_no_json_is_named(tmp_path: Path, text: bytes, why: str) -> None:
    refused(tmp_path, put(tmp_path, A) / "origin.json", text, why)


def refused(folder: Path, path: Path, text: bytes, why: str) -> None:
    path.write_bytes(text)
    put(folder, B)
    where = path.relative_to(folder).as_posix()
    for read in (latest, history):
        with pytest.raises(ParseError, match="origins that cannot be read: 1") as caught:
            read(folder, "cbeci")
        assert f"{where}: " in str(caught.value)
        assert why in str(caught.value)
        assert "restore the file, or delete the folder and fetch anew" in str(caught.value)
    assert latest(folder, "another") == {}, "other sources are not stopped"
    [finding] = verify(folder)
    assert (finding.severity, finding.where) == ("error", where)
    assert why in finding.message


def test_all_broken_origins_are_counted_ten_of_them_by_name(tmp_path: Path) -> None:
    for number in range(12):
        (put(tmp_path, A, f"file-{number:02}") / "origin.json").write_bytes(b"")
    with pytest.raises(ParseError, match="origins that cannot be read: 12") as caught:
        latest(tmp_path, "cbeci")
    assert "file-09" in str(caught.value)
    assert "file-10" not in str(caught.value)
    assert str(caught.value).endswith("and 2 more")
    assert len(verify(tmp_path)) == 12


# Names

HOSTILE = (
    "",
    ".",
    "..",
    "../../x",
    "/etc/passwd",
    "a/b",
    "a\\b",
    "C:",
    "A",
    "ä",
    "a\n",
    "-a",
    "a-",
    "a.b",
    "x" * 65,
)
DEVICES = ("con", "nul", "com1", "lpt9")


@pytest.mark.parametrize("name", [*HOSTILE, *DEVICES])
def test_a_name_that_is_no_slug_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(
        ParseError, match="cannot name a folder of snapshots; expected at most 64 of a-z"
    ) as caught:
        entry(PROVIDER, name, A)
    assert str(caught.value).startswith(repr(name))
    if name:
        with pytest.raises(ParseError, match="cannot name a folder of snapshots"):
            entry(replace(PROVIDER, name=name), "map", A) if name.strip() else None
    with pytest.raises(ParseError, match="cannot name a folder of snapshots"):
        latest(tmp_path, name)


def test_a_file_that_does_not_say_when_it_came_is_refused() -> None:
    with pytest.raises(
        ParseError, match=r"cbeci, file map: retrieved '2026-11-23'; expected a moment in UTC"
    ):
        entry(PROVIDER, "map", replace(A, retrieved="2026-11-23"))


@pytest.mark.parametrize(
    ("text", "start"), [("Ünï code.csv", "uni-code-csv-"), ("../../x", "x-"), ("con", "con-")]
)
def test_any_name_is_made_a_slug(text: str, start: str) -> None:
    assert re.fullmatch(re.escape(start) + "[0-9a-f]{8}", slug(text))


def test_names_that_meet_are_kept_apart() -> None:
    texts = [
        "A b",
        "a b",
        "a-b",
        "a/b",
        "a\\b",
        "a  b",
        "é",
        "e",
        "表",
        "図",
        "",
        " ",
        "x" * 65,
        "x" * 66,
        *HOSTILE,
    ]
    assert len({slug(text) for text in texts}) == len(set(texts))
    assert slug("mining_countries") == "mining_countries"
    composed = "données.csv"
    assert slug(unicodedata.normalize("NFD", composed)) == slug(composed), (
        "one name, whichever system wrote it"
    )


@given(st.text(st.characters(), max_size=100))
def test_every_slug_is_safe_and_stays(text: str) -> None:
    made = slug(text)
    assert re.fullmatch(r"[a-z0-9][a-z0-9_-]*", made, re.ASCII)
    assert len(made) <= snapshot.LONGEST
    assert slug(made) == made
    assert entry(PROVIDER, made, A)
