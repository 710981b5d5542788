"""Tables of cells: what the page's script reads back is what went in."""

from __future__ import annotations

import base64
import gzip
import zlib
from collections.abc import Callable

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import geotrack as gt
from geotrack.geo import boundaries
from geotrack.render.page.packing import deflated, packed_values
from geotrack.store import reading

SHAPES = arrays.array_shapes(min_dims=2, max_dims=2, max_side=7)
SIZES = st.integers(-(2**40), 2**40) | st.integers(0, 300)


def reader(text: str) -> Callable[[], int]:
    """Signed varints of a packed text, one at a call; `done` in decode.js is StopIteration here."""
    octets = iter(zlib.decompress(base64.b64decode(text), -15))

    def signed() -> int:
        number, shift = 0, 0
        while True:
            octet = next(octets)
            number |= (octet & 127) << shift
            shift += 7
            if octet < 128:
                return (number >> 1) ^ -(number & 1)

    return signed


def unpacked(text: str, known: np.ndarray) -> np.ndarray:
    """Read values as readValues() in decode.js does; 0 where missing."""
    signed = reader(text)
    values = np.zeros(known.shape, dtype=np.int64)
    first = [signed() for _ in known]
    for u in sorted(range(len(first)), key=lambda u: (first[u], u)):
        value = None
        for t in np.flatnonzero(known[u]):
            value = first[u] if value is None else value + signed()
            values[u, t] = value
    with np.testing.assert_raises(StopIteration):
        signed()  # nothing is left over
    return values


@given(st.data(), SHAPES)
def test_values_return_as_they_were(data: st.DataObject, shape: tuple[int, ...]) -> None:
    scaled = data.draw(arrays.arrays(np.int64, shape, elements=SIZES))
    known = data.draw(arrays.arrays(np.bool_, shape))
    found = unpacked(packed_values(scaled, known), known)
    np.testing.assert_array_equal(found, np.where(known, scaled, 0))


@given(st.data(), SHAPES)
def test_what_stands_in_a_missing_cell_never_reaches_the_page(
    data: st.DataObject, shape: tuple[int, ...]
) -> None:
    known = data.draw(arrays.arrays(np.bool_, shape))
    one, other = (data.draw(arrays.arrays(np.int64, shape, elements=SIZES)) for _ in range(2))
    other = np.where(known, one, other)
    assert packed_values(one, known) == packed_values(other, known)


def test_a_missing_cell_takes_no_room() -> None:
    scaled = np.array([[5, 9, 6, 2]])
    full = packed_values(scaled[:, [0, 2, 3]], np.ones((1, 3), dtype=bool))
    assert packed_values(scaled, np.array([[True, False, True, True]])) == full


def test_deflated_is_raw_deflate_in_base64() -> None:
    assert zlib.decompress(base64.b64decode(deflated(b"geotrack" * 9)), -15) == b"geotrack" * 9


def test_a_page_of_179_regions_and_29_slices_stays_small() -> None:
    """As many countries as 1:110m draws, with figures as noisy as real ones; no clock is read."""
    world = boundaries.read(reading.data_folder() / "reference" / "boundaries", "countries-110m")
    codes = [code for code, shape in zip(world.codes, world.shapes, strict=True) if shape]
    assert len(codes) == 179
    random = np.random.default_rng(7)
    months = pd.period_range("2019-09", periods=29, freq="M").astype(str)
    frame = pd.DataFrame(
        {
            "region": np.repeat(codes, 29),
            "period": np.tile(months, len(codes)),
            "value": np.round(random.lognormal(0, 1, 29 * len(codes)), 2),
        }
    )
    page = gt.choropleth(frame, unit="%").to_html().encode()
    assert len(page) <= 380_000
    assert len(gzip.compress(page, 9)) <= 115_000
