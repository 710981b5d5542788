"""The page's writer of figures writes what Python's does, and no figure of a page is smaller than it is."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path

import pandas as pd
import pytest

import geotrack as gt
from geotrack.language import catalogue
from geotrack.language.figures import changed, points, written
from geotrack.model import STATUSES
from geotrack.render.page.payload import edges

CASES = json.loads((Path(__file__).parents[1] / "language" / "figures.json").read_text(encoding="utf-8"))
PARTS = (Path(__file__).parent / "parts.js").read_text(encoding="utf-8")
STATUS = {name: place for place, name in enumerate((*STATUSES, "at most"))}
RUN = """([words, calls]) => calls.map(([name, lang, args]) => {
  const how = args.at(-1);
  for (const key of Object.keys(how)) if (how[key] === null && key !== "whole") delete how[key];
  return window.geotrackParts[name](...args.slice(0, -1), { ...how, words: words[lang] });
})"""


@pytest.fixture
def run(browse, maps):
    """Write many figures in a page of its own."""
    page = browse(maps.path("revenue-canaan"))
    page.evaluate(PARTS)
    words = {lang: dict(catalogue.words_of(lang)) for lang in catalogue.languages()}
    return lambda calls: page.evaluate(RUN, [words, calls])


def call(scaled, scale, *, kind, digits, unit, lang, status=1, whole=None, most=None):
    """Return how the page is asked for a figure: its unit is in its own language already."""
    term = catalogue.term(unit, lang)
    how = {"digits": digits, "scale": scale, "unit": term, "most": most}
    how |= {"style": catalogue.number_format(lang) or None}
    if kind == "change":
        return ("changed", lang, [scaled, how | {"unit": points(term, lang)}])
    return ("written", lang, [scaled, status, how | {"whole": whole}])


def test_figures_are_written_as_agreed(run):
    calls, texts = [], []
    for case in CASES:
        value = float(case["value"] or 0)
        whole = round(value * 10 ** case["digits"])
        asked = {name: case.get(name) for name in ("kind", "digits", "unit", "whole", "most", "lang")}
        status = STATUS[case.get("status", "reported")]
        ways = [(value, 0), *([(whole, case["digits"])] if abs(whole) < 2**53 else [])]  # as they travel
        calls += [call(*way, status=status, **asked) for way in ways]
        texts += [case["text"]] * len(ways)
    assert run(calls) == texts


def test_random_figures_are_written_as_python_does(run):
    rng = random.Random(20)
    calls, texts = [], []
    for _ in range(4000):
        digits, most = rng.randint(0, 9), rng.choice((None, 0, 1, 2))
        n = rng.choice((1, 1, 1, -1)) * rng.randrange(10 ** rng.randint(1, 12))
        value, whole = n / 10**digits, rng.choice((None, 100.0, 1.0))
        if rng.random() < 0.2:  # beside the whole
            n = (100 if whole is None else int(whole)) * 10**digits + rng.randint(-3, 3)
            value = n / 10**digits
        lang, unit = rng.choice(("en", "zh")), rng.choice(("", "%", "EH/s", "°", "% of GDP", "USD thousand"))
        how = {"digits": digits, "unit": unit, "lang": lang, "most": most}
        scaled = rng.choice(((n, digits), (value, 0)))
        if rng.random() < 0.3:
            texts.append(changed(value, **how))
            calls.append(call(*scaled, kind="change", **how))
        else:
            status = rng.randint(1, 5)
            texts.append(written(value, status, whole=whole, **how))
            calls.append(call(*scaled, kind="figure", status=status, whole=whole, **how))
    found = run(calls)
    assert [(c, f, t) for c, f, t in zip(calls, found, texts, strict=True) if f != t] == []


def test_open_classes_are_drawn_as_the_figure_draws_them(browse, tmp_path):
    values = {"FRA": -7.5, "DEU": -0.5, "NOR": 0.0, "ITA": 4.0, "ESP": 12.0}
    frame = pd.DataFrame(
        [(code, "2022", v) for code, v in values.items()], columns=["region", "period", "value"]
    )
    timemap = gt.choropleth(frame, unit="°", breaks=[-math.inf, -5, 0, 5, math.inf])
    labels = ["under −5", "−5 to 0", "0 to 5", "5 or more"]
    page = browse(timemap.to_html(), hash="#t=2022")
    legend = page.locator(".gt-legend").first.inner_text()
    assert [label for label in labels if label in legend.replace("\u00a0", " ")] == labels
    page.evaluate(PARTS)
    (layer,) = timemap.layers
    shown = {"breaks": {"edges": edges(layer.edges, layer), "zero": layer.zero}}
    of = "([metric, values]) => values.map((v) => window.geotrackParts.classOf(metric, v))"
    scaled = [round(value * 10**layer.digits) for value in values.values()]
    assert page.evaluate(of, [shown, scaled]) == [0, 1, 2, 2, 3]
    drawn = timemap.save_figure(tmp_path / "f.svg").read_text(encoding="utf-8")
    assert all(colour in drawn for colour in layer.light)
    for name in ("t.csv", "t.xlsx", "t.geojson"):
        assert timemap.save_table(tmp_path / name).stat().st_size


SMALL = {"FRA": 0.00000015, "DEU": 0.0000004, "NOR": 3.0, "ITA": 0.0}
LARGE = {"FRA": 0.00000015, "DEU": 123_456_789.25, "NOR": 3.0, "ITA": 0.0}  # no whole numbers hold them


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (SMALL, {"FRA": "0.00000015 t", "DEU": "0.0000004 t", "NOR": "3.0 t", "ITA": "0 t"}),
        (LARGE, {"FRA": "0.00000015 t", "DEU": "123,456,789.25 t", "NOR": "3.0 t", "ITA": "0 t"}),
    ],
    ids=["small", "small beside large"],
)
def test_small_figures_are_shown_as_they_are(browse, inside, tmp_path, values, texts):
    rows = [(code, period, value * factor) for code, value in values.items() for period, factor in
            (("2022", 1.0), ("2023", 2.0))]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["region", "period", "value"])
    timemap = gt.choropleth(frame, unit="t", groups=["FRA", "NOR", "ITA"])
    page = browse(timemap.to_html(), hash="#t=2022&r=FRA")
    assert page.locator(".gt-tip-value").first.inner_text().startswith(texts["FRA"].replace(" ", "\u00a0"))
    page.locator(".gt-view[value=table]").click()
    cells = dict(page.eval_on_selector_all(
        ".gt-table tbody tr", "rows => rows.map((row) => [row.dataset.region, row.cells[1].textContent])"
    ))  # fmt: skip
    assert cells == {code: text.replace(" ", "\u00a0") for code, text in texts.items()}
    inside(page, "(m) => m.go(1)")
    rows = page.eval_on_selector_all(
        ".gt-table tbody tr", "rows => rows.map((row) => [row.dataset.region, row.cells[3].textContent])"
    )
    assert dict(rows)["FRA"].startswith("+0.00000015\u00a0t")  # exact, whatever a double adds
    chips = page.locator(".gt-groups").first.inner_text()
    assert "France" in chips
    assert "under 0.1\u00a0t" in chips
    page.evaluate(PARTS)
    said = inside(page, "(m) => window.geotrackParts.csvOf(m.page)")
    assert ",0.00000015,t,reported," in said
    assert timemap.save_table(tmp_path / "x.csv").read_text(encoding="utf-8-sig") == said.replace(
        "\r\n", "\n"
    )
