"""The page of a rate has no sum below the map, in its groups, table or chart, and the reason in its place."""

from __future__ import annotations

import pandas as pd
import pytest

import geotrack as gt

LIFE = [("CHN", 78.1), ("USA", 77.0), ("CAN", 81.2)]
REVENUE = [("CHN", 3000.5), ("USA", 1623.1)]


def table(rows, **more):
    return pd.DataFrame(rows, columns=["region", "value"]).assign(period="2020", **more)


def read(page):
    """What stands in the chips, below the map and in the table's foot, line by line."""
    lines = """(selector) => [...document.querySelectorAll(selector)].map(
      (node) => node.checkVisibility() ? node.innerText.trim().split(/\\s+/).join(" ") : "")"""
    page.locator(".gt-view[value=table]").click()
    found = [
        page.evaluate(lines, each) for each in (".gt-groups li", ".gt-remainder div", ".gt-table tfoot tr")
    ]
    page.locator(".gt-view[value=map]").click()
    return found


@pytest.mark.parametrize(
    ("lang", "groups", "below"),
    [
        ("en", ["China 78.1 years", "North America no sum: a rate"], ["Sum of the figures no sum: a rate"]),
        ("zh", ["中国 78.1 years", "北美洲 无合计：比率"], ["数字合计 无合计：比率"]),
    ],
)
def test_a_page_of_rates_adds_nothing_up_and_says_why(browse, lang, groups, below):
    tm = gt.choropleth(
        table(LIFE), unit="years", title="Life expectancy", groups=["CHN", "north-america"], lang=lang
    )
    page = browse(tm.to_html())
    assert read(page) == [groups, below, [*groups, *below]]
    assert page.locator(".gt-chart .gt-line").count() == 1
    text = page.locator("section.geotrack").inner_text()
    assert all(each not in text for each in ("236.3", "158.2"))
    assert ("rates do not add up" if lang == "en" else "比率不能跨地区相加") in text


def test_a_page_of_rates_and_amounts_changes_what_it_says_with_the_metric(browse):
    rows = [table(LIFE, metric="life expectancy", unit="years"), table(REVENUE, metric="revenue", unit="USD")]
    rows.append(table([("other", 5.2)], metric="revenue", unit="USD"))
    page = browse(gt.choropleth(pd.concat(rows), groups={"north-america": "America"}, rest="").to_html())
    noted = ["Sum of the figures no sum: a rate"]
    assert read(page) == [["America no sum: a rate", ""], noted, ["America no sum: a rate", *noted]]
    assert page.locator(".gt-chart-box").is_hidden()
    page.locator(".gt-metric input").nth(1).check()
    summed = ["On the map 4,623.6 USD", "Without a place on the map 5.2 USD"]
    assert read(page) == [
        ["America 1,623.1 USD", "Remainder 5.2 USD"],
        summed,
        ["America 1,623.1 USD", *summed],
    ]
    assert page.locator(".gt-chart-box").is_visible()


def test_a_stated_total_leaves_what_it_leaves(browse):
    tm = gt.choropleth(
        table([*REVENUE, ("Total", 5000.2)]),
        unit="USD",
        over_time="sum",
        groups=["CHN", "USA"],
        missing="all others",
    )
    page = browse(tm.to_html())
    below = ["On the map 4,623.6 USD", "Not stated by the source 376.6 USD", "Whole 5,000.2 USD"]
    assert read(page)[:2] == [
        ["China 3,000.5 USD", "United States 1,623.1 USD", "Remainder 376.6 USD"],
        below,
    ]


def test_without_a_whole_nothing_is_left_over(browse):
    page = browse(gt.choropleth(table(REVENUE), unit="USD", over_time="sum", groups=["CHN", "USA"]).to_html())
    assert read(page)[:2] == [["China 3,000.5 USD", "United States 1,623.1 USD"], ["On the map 4,623.6 USD"]]
    assert "not stated by" not in page.locator("section.geotrack").inner_text().casefold()


def test_prices_under_1_read_equal_only_if_they_are(browse):
    prices = table([("CHN", 0.12), ("USA", 0.14), ("JPN", 0.3)])
    tm = gt.choropleth(prices, unit="USD/kWh", over_time="mean", groups=["CHN", "USA", "JPN"])
    chips, _, _ = read(browse(tm.to_html()))
    assert chips == ["China 0.12 USD/kWh", "United States 0.14 USD/kWh", "Japan 0.30 USD/kWh"]
