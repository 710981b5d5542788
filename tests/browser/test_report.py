"""The report that ships, in real Chromium: reads well at every width, asks nobody, and its map moves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from accessibility import darken, unreadable, violations

from geotrack.publish.report import report

ROOT = Path(__file__).parents[2]
MOVED = "document.documentElement.dataset.slice"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the report that ships."""
    path = tmp_path_factory.mktemp("report") / "story.html"
    return report.write(report.make(ROOT / "maps" / "from-china-to-north-america.md", path, ROOT / "data"))


def opened(browse: Callable[..., Any], path: Path, **options: Any) -> Any:
    """Open the report and wait until the map in it is drawn."""
    page = browse(path, ready="", **options)
    page.locator("iframe").scroll_into_view_if_needed()
    page.frame_locator("iframe").locator("html[data-ready=true]").wait_for(state="attached")
    return page


LISTENS = """
new MutationObserver(() => {
  if (document.querySelector("iframe") && window.listened === undefined) {
    window.listened = window.geotrackFollow === true;
  }
}).observe(document, { childList: true, subtree: true });
"""
"""Remembers whether the page heard its frames when it had its first one."""


def test_it_hears_a_map_that_tells_its_height_before_the_page_is_whole(
    browse: Callable[..., Any], story: Path
) -> None:
    page = browse("<p>", ready="", locale="en")  # a tab of its own, for its script
    page.add_init_script(LISTENS)
    page.goto(story.as_uri())
    assert page.evaluate("window.listened") is True


def test_it_fits_and_passes_axe(browse: Callable[..., Any], story: Path, watch: Any) -> None:
    page = opened(browse, story)
    # the map in its frame is tested by itself; the rules about scripts inside it have no place here
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page, "main") == []
    darken(page)
    assert unreadable(page, "main") == []
    assert watch.requests == []


def test_the_map_in_it_moves_and_takes_the_height_it_needs(browse: Callable[..., Any], story: Path) -> None:
    page = opened(browse, story)
    inner = page.frame_locator("iframe")
    before = inner.locator("html").get_attribute("data-slice")
    inner.get_by_role("button", name="Next period").click()
    inner.locator('html:not([data-slice="2019-09"])').wait_for(state="attached")
    assert before == "2019-09"
    assert inner.locator("html").get_attribute("data-slice") == "2019-10"
    page.wait_for_function("() => document.querySelector('iframe').style.height !== ''")
    high = page.evaluate("document.querySelector('iframe').getBoundingClientRect().height")
    page.set_viewport_size({"width": 400, "height": 800})
    page.wait_for_function(
        f"() => document.querySelector('iframe').getBoundingClientRect().height !== {high}"
    )
    frame = page.frames[1]
    assert frame.evaluate("document.documentElement.scrollHeight <= window.innerHeight + 1")


def test_references_and_citations_lead_somewhere(browse: Callable[..., Any], story: Path) -> None:
    page = browse(story, ready="")
    links = page.locator("a[href^='#']").evaluate_all("all => all.map(a => a.hash)")
    assert [link for link in links if page.locator(link).count() != 1] == []
    assert page.locator("a.ref").count() >= 5
    assert page.locator(".sources li").count() >= 8
    assert page.locator("figure").count() == 4
    assert all(
        alt and len(alt) > 20 for alt in page.locator("img").evaluate_all("all => all.map(i => i.alt)")
    )


def test_pictures_are_drawn_and_phones_get_their_own(browse: Callable[..., Any], story: Path) -> None:
    shapes = {}
    for width in (1280, 320):
        page = browse(story, ready="", size=(width, 800))
        page.wait_for_function("() => [...document.images].every(i => i.complete && i.naturalWidth > 0)")
        shapes[width] = page.locator("img").nth(1).evaluate("i => i.naturalWidth / i.naturalHeight")
    assert shapes[320] < shapes[1280] / 2  # panels below each other


def test_it_prints_on_a4(browse: Callable[..., Any], story: Path) -> None:
    import io

    from pypdf import PdfReader

    page = opened(browse, story)
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert 4 <= len(printed.pages) <= 10
    width, height = (float(side) for side in printed.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (595, 842)
    assert "China had 75.5%" in " ".join(printed.pages[0].extract_text().split())
