"""What a page carries: text that cannot break out, and tables that read back as they were."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geotrack.captions.credits import citation
from geotrack.model import SAID
from geotrack.render.page import payload as room
from geotrack.render.page.payload import facts, payload, script_json, static_rows
from geotrack.timemap import TimeMap

ROOT = Path(__file__).parents[3]
MAPS = sorted(path.stem for path in (ROOT / "maps").glob("*.toml"))
every_map = pytest.mark.parametrize("name", MAPS)
NASTY = st.text() | st.sampled_from(
    [
        "</script>",
        "<!--",
        "<script>",
        "]]>",
        "&lt;/script&gt;",
        "\u2028",
        "\u2029",
        "\0",
        '"',
        "\\u003c",
        "{{ x }}",
    ]
)
JSON = st.recursive(
    NASTY | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NASTY, inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_no_text_can_end_the_script_or_begin_markup(value: Any) -> None:
    text = str(script_json(value))
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == value


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_json_has_no_word_for_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        script_json([number])


def varints(text: str) -> Iterator[int]:
    octets = iter(zlib.decompress(base64.b64decode(text), -15))
    for octet in octets:
        value, factor, more = octet & 127, 128, octet > 127
        while more:
            following = next(octets)
            value, factor, more = value + (following & 127) * factor, factor * 128, following > 127
        yield value


def read_values(text: str, status: np.ndarray) -> np.ndarray:
    """As decode.js does: first values of all units, then each unit's steps in the order of those."""
    read = (-(n + 1) // 2 if n % 2 else n // 2 for n in varints(text))
    values = np.full(status.shape, np.nan)
    first = [next(read) for _ in status]
    for u in sorted(range(len(first)), key=lambda u: (first[u], u)):
        value = None
        for t in np.flatnonzero(status[u]):
            value = first[u] if value is None else value + next(read)
            values[u, t] = value
    assert next(read, None) is None, "nothing is left over"
    return values


def read_places(text: str | None, shape: tuple[int, ...], status: np.ndarray, first: int) -> np.ndarray:
    if text is None:
        return np.where(status > 0, 0 if first == 0 else -1, -1)
    places = np.array(list(varints(text))).reshape(shape) - first
    return np.where(status > 0, places, -1)


@every_map
def test_cells_read_back_as_they_were(timemaps: Mapping[str, TimeMap], name: str) -> None:
    timemap = timemaps[name]
    carried = json.loads(str(script_json(payload(timemap, "0"))))
    for layer, metric in zip(timemap.layers, carried["metrics"], strict=True):
        shape = layer.values.shape
        status = np.frombuffer(zlib.decompress(base64.b64decode(metric["status"]), -15), dtype=np.uint8)
        np.testing.assert_array_equal(status.reshape(shape), layer.status)
        values = read_values(metric["values"], status.reshape(shape)) / 10.0 ** metric["digits"]
        np.testing.assert_allclose(values, layer.values, rtol=1e-12, atol=0)
        known = (layer.status > 0) | np.isfinite(layer.bounds)  # what is at most something has an origin
        np.testing.assert_array_equal(read_places(metric["origin"], shape, known, 0), layer.origin)
        np.testing.assert_array_equal(read_places(metric["note"], shape, known, 1), layer.note)


@every_map
def test_units_and_slices_read_back_as_they_were(timemaps: Mapping[str, TimeMap], name: str) -> None:
    timemap = timemaps[name]
    carried = json.loads(str(script_json(payload(timemap, "0"))))
    table = json.loads(zlib.decompress(base64.b64decode(carried["tables"]), -15))
    assert table["codes"] == list(timemap.boundaries.codes)
    for unit, there in zip(timemap.units, table["units"], strict=True):
        place = there["members"][0] if there["members"] else None
        code = there.get("code", place if place is None else table["codes"][place])
        read_name = there.get("name", place if place is None else table["regionNames"][place])
        assert (code, read_name) == (unit.code, unit.name)
        assert there.get("kind", "region") == unit.kind
        assert there.get("label", read_name) == unit.label or not unit.label
        assert tuple(there["members"]) == unit.members
    assert [s["iso"] for s in carried["slices"]] == [s.iso for s in timemap.slices]
    assert carried["opening"] == timemap.opening


@every_map
def test_sums_and_remainders_are_carried_to_the_last_digit(
    timemaps: Mapping[str, TimeMap], name: str
) -> None:
    timemap = timemaps[name]
    for layer, metric in zip(timemap.layers, payload(timemap, "0")["metrics"], strict=True):
        scale = 10.0**layer.digits
        for part in ("mapped", "stated", "unstated", "rounding"):
            wanted = getattr(layer, part)
            # of a slice without any figure nothing is said to be on the map: null, not zero
            np.testing.assert_allclose(
                np.array(metric["remainder"][part], dtype=float) / scale,
                wanted if part == "mapped" else np.nan_to_num(wanted),
                atol=0.51 / scale,
            )
        for row, there in zip(layer.groups, metric["groups"], strict=True):
            assert [n is None for n in there] == np.isnan(row).tolist()
        if layer.metric.whole:
            known = ~np.isnan(layer.mapped)
            parts = [metric["remainder"][p] for p in ("mapped", "stated", "unstated", "rounding")]
            total = np.sum(parts, axis=0)
            assert set(total[known]) <= {layer.metric.whole * scale, 0}
    assert sorted(payload(timemap, "0")["words"]["status"]) == sorted(SAID)


@every_map
def test_facts_name_every_source_with_its_licence(timemaps: Mapping[str, TimeMap], name: str) -> None:
    timemap = timemaps[name]
    found = facts(timemap, "1.2.3")
    assert [o["identifier"] for o in found["isBasedOn"]] == [o.id for o in timemap.origins]
    assert all(o["license"] and o["publisher"] and o["url"] for o in found["isBasedOn"])
    assert found["temporalCoverage"] == "/".join(timemap.period)
    assert found["boundaries"]["licence"]
    assert found["boundaries"]["viewpoint"]
    assert found["data"]
    json.dumps(found, allow_nan=False)


def test_a_citation_names_publisher_licence_and_version(timemaps: Mapping[str, TimeMap]) -> None:
    text = citation(timemaps["shift"], "1.2.3")
    assert text.startswith(
        "Bitcoin mining's move from China to North America (September 2019 to January 2022)."
    )
    assert "geotrack 1.2.3" in text
    assert "Cambridge" in text
    assert "CC BY-NC-SA 4.0" in text


def test_the_table_without_script_is_the_opening_slice(timemaps: Mapping[str, TimeMap]) -> None:
    rows = static_rows(timemaps["shift"])
    assert rows[0] == ("China", "75.53%")
    numbers = [float(text.removesuffix("%")) for _, text in rows]
    assert numbers == sorted(numbers, reverse=True)
    assert not any(name == "Total" for name, _ in static_rows(timemaps["revenue-bitmain"]))


def test_a_bound_is_never_shown_as_a_figure(timemaps: Mapping[str, TimeMap]) -> None:
    canaan = timemaps["revenue-canaan"]
    quarter = [s.iso for s in canaan.slices].index("2025-Q2")
    assert dict(static_rows(replace(canaan.content, opening=quarter)))["China"] == "at least 50%"


def test_periods_of_different_length_or_with_gaps_are_drawn_to_scale(timemaps: Mapping[str, TimeMap]) -> None:
    assert not room._spans(timemaps["shift"])
    assert room._spans(timemaps["revenue-canaan"])
    assert room._spans(timemaps["hashrate-since-2025"])  # quarters of one length, with a gap


@pytest.mark.parametrize("text", ["</script><b>", "<!--", "{{ 7*7 }}", "\u2028"])
def test_nasty_texts_travel_whole(timemaps: Mapping[str, TimeMap], text: str) -> None:
    spoilt = TimeMap(
        replace(timemaps["shift"].content, title=text, notes=(text, *timemaps["shift"].notes[1:]))
    )
    carried = json.loads(str(script_json(payload(spoilt, "0"))))
    assert carried["title"] == text
    assert carried["notes"][0] == text
