"""The page's pure functions against the same in Python, on random input of a fixed seed."""

from __future__ import annotations

import base64
import random
import re
import zlib
from collections import Counter
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from classifier import classify
from shapely.geometry import Point, Polygon

from geotrack.map.classes import Breaks, breaks
from geotrack.render.page.packing import pack, packed_values

PARTS = (Path(__file__).parent / "parts.js").read_text(encoding="utf-8")
RUN = "([name, calls]) => calls.map((args) => window.geotrackParts[name](...args))"


@pytest.fixture(scope="module")
def parts(chromium, maps):
    """Run a part of the page on many arguments at once."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(maps.path("shift").as_uri())
    page.wait_for_selector("html[data-ready=true]", state="attached")
    page.evaluate(PARTS)
    run = lambda name, calls: page.evaluate(RUN, [name, calls])  # noqa: E731
    run.page = page
    yield run
    context.close()


def decimal(scaled, digits, least):
    exact = Decimal(scaled).scaleb(-digits)
    whole, _, fraction = f"{abs(exact):,.{digits}f}".partition(".")
    while len(fraction) > least and fraction.endswith("0"):
        fraction = fraction[:-1]
    text = whole + ("." + fraction if fraction else "")
    return ("−" if scaled < 0 else "") + (text if scaled else "0")


def numbers(count=400):
    rng = random.Random(11)
    sizes = [rng.randrange(10 ** rng.randint(1, 15)) for _ in range(count)]
    return [
        (n * rng.choice((1, 1, -1)), rng.randint(0, 6)) for n in [0, 1, 5, 10, 99, 100, 999, 1000, *sizes]
    ]


def test_decimal_is_exact(parts):
    calls = [(n, digits, least) for n, digits in numbers() for least in (0, min(1, digits), digits)]
    assert parts("decimal", calls) == [decimal(*call) for call in calls]


def test_plain_is_read_by_machines(parts):
    calls = numbers()
    for text, (n, digits) in zip(parts("plain", calls), calls, strict=True):
        assert Decimal(text) == Decimal(n).scaleb(-digits)
        assert set(text) <= set("-.0123456789")


def test_classes_are_pythons_classes(parts):
    rng = np.random.default_rng(3)
    for method in ("skewed", "quantiles", "equal", [0, 1, 10, 100, 5000]):
        values = np.round(rng.lognormal(1, 1.6, 600).clip(0.01, 4999), 2)
        values[:40] = 0
        found = breaks(values, method)
        edges = [float(f"{edge * 100:.10g}") for edge in found.edges]
        probes = np.unique(
            np.concatenate([values, [e for e in found.edges if e >= values[values > 0].min()]])
        )
        probes = probes[(probes == 0) | (probes >= found.edges[0])]
        probes = np.round(probes[probes <= found.edges[-1]], 2)
        metric = {"breaks": {"edges": edges, "zero": found.zero}}
        seen = parts("classOf", [(metric, round(float(v) * 100)) for v in probes])
        assert seen == (classify(probes, found).astype(int) - 1).tolist()


@pytest.mark.parametrize(
    ("edges", "zero"), [((), True), ((5.0, 5.0), False), ((5.0, 5.0), True), ((1.0, 2.0), False)]
)
def test_classes_at_their_smallest(parts, edges, zero):
    values = ([0.0] if zero else []) + sorted(set(edges))
    wanted = (classify(np.array(values), Breaks(edges, "", zero)).astype(int) - 1).tolist()
    metric = {"breaks": {"edges": list(edges), "zero": zero}}
    assert parts("classOf", [(metric, v) for v in values]) == wanted


def test_a_field_comes_back_from_csv(parts):
    import csv
    import io

    rng = random.Random(5)
    texts = ["".join(rng.choices("ab ,;\"'\n\r\t=+-@é🪙|", k=rng.randint(0, 9))) for _ in range(500)]
    line = ",".join(parts("field", [(text,) for text in texts]))
    (row,) = csv.reader(io.StringIO(line, newline=""))
    risky = tuple("=+-@\t\r")
    assert row == ["'" + text if text.startswith(risky) else text for text in texts]


def test_ticks_are_few_even_and_reach_the_top(parts):
    rng = random.Random(9)
    tops = [
        1,
        2,
        5,
        10,
        100,
        0.003,
        7.5,
        2845467,
        *(rng.random() * 10 ** rng.randint(-3, 9) for _ in range(200)),
    ]
    for top, ticks in zip(tops, parts("ticksOf", [(t,) for t in tops]), strict=True):
        steps = np.diff(ticks)
        assert ticks[0] == 0
        assert ticks[-1] >= top * (1 - 1e-9)
        assert ticks[-2] < top * (1 + 1e-9)
        assert 4 <= len(ticks) <= 6
        assert np.allclose(steps, steps[0])
        mantissa = steps[0] / 10 ** np.floor(np.log10(steps[0]) + 1e-9)
        assert min(abs(mantissa - m) for m in (1, 2, 2.5, 5, 10)) < 1e-6
    assert parts("ticksOf", [(0,), (-3,)]) == [[0, 1], [0, 1]]


def test_values_are_unpacked_as_they_were(parts):
    rng = np.random.default_rng(8)
    table = rng.integers(-(2**50), 2**50, size=(9, 31))
    status = rng.integers(0, 5, size=table.shape)
    table[0], status[1], status[2] = 0, 0, 1
    table[status == 0] = 0  # a missing value is no value; the page keeps zeros in its place
    data = zlib.decompress(base64.b64decode(packed_values(table, status > 0)), -15)
    found = parts.page.evaluate(
        """([bytes, units, slices, status]) =>
          [...window.geotrackParts.readValues(Uint8Array.from(bytes), units, slices, status)]""",
        [list(data), *table.shape, status.ravel().tolist()],
    )
    assert found == table.ravel().tolist()


# ---- geometry ----------------------------------------------------------------------------------


def unpacked(parts, boundaries):
    """Return the regions' rings as the page reads them, in the boundaries' units."""
    packed = pack(boundaries)
    data = zlib.decompress(base64.b64decode(packed.data), -15)
    found = parts.page.evaluate(
        """(bytes) => {
          const geometry = window.geotrackParts.readGeometry(Uint8Array.from(bytes), (x, y) => [x, y]);
          return {
            arcs: geometry.arcs.map((arc) => [...arc]),
            regions: geometry.regions.map(({ rings, x, y, box }) => ({ rings, x, y, box })),
          };
        }""",
        list(data),
    )
    return packed, found


def ring_of(refs, arcs):
    points = []
    for ref in refs:
        flat = arcs[ref if ref >= 0 else ~ref]
        arc = list(zip(flat[::2], flat[1::2], strict=True))
        points += (arc if ref >= 0 else arc[::-1])[1 if points else 0 :]
    return points


@pytest.mark.parametrize("map_id_own", ["shift", "china-provinces"])
def test_geometry_is_unpacked_as_it_was(parts, maps, map_id_own):
    boundaries = maps.timemaps[map_id_own].boundaries
    packed, found = unpacked(parts, boundaries)
    assert len(found["regions"]) == len(boundaries.codes)
    for i, region in enumerate(found["regions"]):
        assert sum(len(polygon) for polygon in boundaries.shapes[i]) == len(region["rings"])
        x, y = (packed.scale * region[k] + packed.translate[n] for n, k in enumerate("xy"))
        assert (x, y) == pytest.approx(tuple(boundaries.points[i]), abs=packed.scale)
        rings = [ring_of(refs, found["arcs"]) for refs in region["rings"]]
        assert all(ring[0] == ring[-1] for ring in rings)
        every = [(region["x"], region["y"]), *(p for ring in rings for p in ring)]
        xs, ys = zip(*every, strict=True)
        assert region["box"] == [min(xs), min(ys), max(xs), max(ys)]


def test_outline_is_the_border_of_the_whole(parts, maps):
    boundaries = maps.timemaps["shift"].boundaries
    _, found = unpacked(parts, boundaries)
    codes = list(boundaries.codes)
    for names in (("CHN",), ("USA", "CAN", "MEX"), ("FRA", "DEU", "CHE", "AUT"), tuple(codes)):
        members = [codes.index(name) for name in names]
        seen = Counter(
            ref if ref >= 0 else ~ref
            for m in members
            for refs in found["regions"][m]["rings"]
            for ref in refs
        )
        wanted = sorted(arc for arc, count in seen.items() if count % 2)
        assert sorted(parts("outline", [(found, members)])[0]) == wanted
        inner = [arc for arc, count in seen.items() if count == 2]
        assert len(names) == 1 or inner


def test_scan_conversion_is_even_odd_at_pixel_centres(parts):
    rng = np.random.default_rng(4)
    for _ in range(12):
        angles = np.sort(rng.random(9)) * 2 * np.pi
        radius = 4 + 12 * rng.random(9)
        outer = np.c_[20 + radius * np.cos(angles), 18 + radius * np.sin(angles)]
        hole = np.array([[19, 17], [21.3, 17.2], [20.5, 19.4]])
        arcs = [np.r_[ring, ring[:1]].ravel().tolist() for ring in (outer, hole)]
        region = {"rings": [[0], [-2]], "box": [*outer.min(0), *outer.max(0)]}
        view = {"k": 1.3, "x": 2.25, "y": 1.5, "dpr": 1}
        spans = parts.page.evaluate(
            """([region, arcs, view]) => {
              const spans = [];
              window.geotrackParts.scan(region, arcs, view, 48, 44, (...span) => spans.push(span));
              return spans;
            }""",
            [region, arcs, view],
        )
        image = np.zeros((44, 48), dtype=bool)
        for row, start, end in spans:
            assert not image[row, start:end].any()
            image[row, start:end] = True
        shift = np.array([view["x"], view["y"]])
        first, second = (Polygon(ring * view["k"] + shift).buffer(0) for ring in (outer, hole))
        shape = first.symmetric_difference(second)
        edge = shape.boundary.buffer(1e-6)
        for row in range(44):
            for x in range(48):
                centre = Point(x + 0.5, row + 0.5)
                if not edge.intersects(centre):
                    assert image[row, x] == shape.contains(centre), (row, x)


def test_a_key_of_the_permalink_is_taken_once(parts):
    found = parts.page.evaluate("""() => {
      const { registryOf, joined } = window.geotrackParts;
      const key = (name) => ({ links: { [name]: { read() {} } } });
      const told = [];
      const registry = registryOf(() => ({ ...key("r"), show: (t) => told.push(["last", t]) }));
      const refused = (act) => { try { act(); return ""; } catch (error) { return error.message; } };
      registry.add({ ...key("t"), show: (t) => told.push(["first", t]) });
      registry.add(null);
      const keys = Object.keys(registry.links());
      registry.each("show", 3);
      const t = refused(() => registry.add(key("t")));
      const r = refused(() => registryOf(() => key("r")).add(key("r")));
      return { keys, told, t, r, both: refused(() => joined(key("in").links, undefined, key("in").links)) };
    }""")
    assert found["keys"] == ["t", "r"]
    assert found["told"] == [["first", 3], ["last", 3]]
    assert [found[name] for name in ("t", "r", "both")] == [
        f"permalink key {key} is taken twice" for key in ("t", "r", "in")
    ]


def test_a_page_whose_controls_take_one_key_does_not_open(browse, maps, watch):
    watch.expected = ("permalink key t is taken twice",)
    text = maps.path("shift").read_text(encoding="utf-8")
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    page = browse(
        text.replace("links:{theme:{", "links:{t:{read(){}},theme:{", 1), ready="section[data-ready=error]"
    )
    assert page.locator(".gt-error").is_visible()
