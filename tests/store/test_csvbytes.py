"""Large tables are sorted and written as Python's own tools would, only quicker."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geotrack.model import OBSERVATION_COLUMNS
from geotrack.store import csvbytes
from geotrack.store.csvbytes import ORDER, csv_bytes, sort_rows

# All figures here are synthetic.


def written(frame: pd.DataFrame) -> bytes:
    """What csv.writer writes; told of "\\r\\n", versions of Python agree on which cells to quote."""
    lines = []
    for row in [list(frame.columns), *frame.to_numpy().tolist()]:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\r\n").writerow(row)
        lines.append(text.getvalue().removesuffix("\r\n") + "\n")
    return "".join(lines).encode()


CELL = st.one_of(
    st.sampled_from(["", "a", "b", ",", '"', "x,y", 'say "x"', "\r", "\n", "\r\n", " ", "NA", "1.5", "Côte"]),
    st.text(st.characters(codec="utf-8"), max_size=5),
)


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    width = draw(st.integers(1, 4))
    names = draw(st.lists(CELL, min_size=width, max_size=width, unique=True))
    rows = draw(st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=8))
    return pd.DataFrame(rows, columns=names, dtype=draw(st.sampled_from(["str", "object"])))


@settings(deadline=None)
@given(frames())
def test_the_bytes_are_those_of_the_csv_module(frame: pd.DataFrame) -> None:
    assert csv_bytes(frame) == written(frame)


@settings(deadline=None)
@given(frames())
def test_so_they_are_when_columns_are_too_rich_to_be_joined(frame: pd.DataFrame) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csvbytes, "FEW", 1)
        patch.setattr(csvbytes, "CHUNK", 2)
        assert csv_bytes(frame) == written(frame)


@settings(deadline=None)
@given(frames())
def test_what_is_written_is_read_back(frame: pd.DataFrame) -> None:
    text = io.StringIO(csv_bytes(frame).decode(), newline="")
    assert list(csv.reader(text, strict=True)) == [list(frame.columns), *frame.to_numpy().tolist()]


def test_without_carriage_returns_it_is_what_this_pythons_csv_writes() -> None:
    frame = pd.DataFrame({"a": ["x", 'y "z"', "p,q", ""], "b": ["1\n2", "", "é", "x"]})
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows(frame.to_numpy().tolist())
    assert csv_bytes(frame) == text.getvalue().encode()


@pytest.mark.parametrize("storage", ["python", "pyarrow"])
@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(*[CELL] * 5), max_size=8))
def test_it_does_not_matter_how_pandas_stores_text(storage: str, rows: list[tuple[str, ...]]) -> None:
    with pd.option_context("mode.string_storage", storage):
        frame = pd.DataFrame(rows, columns=[*ORDER, "value"], dtype="str")
        assert frame.empty or frame["value"].array.dtype.storage == storage
        expected = pd.DataFrame(sorted(rows, key=lambda row: row[:4]), columns=frame.columns, dtype=object)
        assert csv_bytes(sort_rows(frame)) == written(expected)


def test_an_empty_table_is_its_header() -> None:
    frame = pd.DataFrame({column: pd.Series(dtype="str") for column in OBSERVATION_COLUMNS})
    assert csv_bytes(frame) == ",".join(OBSERVATION_COLUMNS).encode() + b"\n"
    assert csv_bytes(sort_rows(frame)) == csv_bytes(frame)
    assert csv_bytes(pd.DataFrame()) == b"\n"


def test_categories_are_written_as_their_texts() -> None:
    frame = pd.DataFrame({"a": ["x", "y", "x"], "b": ["1", "2", "3"]})
    assert csv_bytes(frame.astype("category")) == csv_bytes(frame)


KEY = st.sampled_from(["", "a", "B", "b", "aa", "Z", "é", "2024-01-01", "2024-01-02", "\U0001f600", "\ufb01"])


@settings(deadline=None)
@given(st.lists(st.tuples(KEY, KEY, KEY, KEY), max_size=12), st.sampled_from(["str", "object"]))
def test_rows_are_sorted_as_tuples_of_text(rows: list[tuple[str, ...]], kind: str) -> None:
    frame = pd.DataFrame(rows, columns=list(ORDER), dtype=kind)
    frame["value"] = [str(n) for n in range(len(rows))]
    expected = sorted(((*row, str(n)) for n, row in enumerate(rows)), key=lambda row: row[:4])
    found = sort_rows(frame)
    assert found.to_numpy().tolist() == [list(row) for row in expected]
    assert found.index.tolist() == list(range(len(rows)))


def test_keys_that_differ_in_every_row_do_not_overflow() -> None:
    """Four columns of 60,000 texts have more combinations than an integer of 64 bits."""
    texts = [f"{n * 7919 % 60_000:05d}" for n in range(60_000)]
    frame = pd.DataFrame(dict.fromkeys(ORDER, texts))
    assert sort_rows(frame)["end"].tolist() == sorted(texts)
