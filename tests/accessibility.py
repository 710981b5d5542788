"""axe-core on a page: injected once, and asked for what is wrong alone."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

THERE = "() => 'axe' in window"
RUN = """async ([within, spared, rules]) => {
  const options = { resultTypes: ["violations"], preload: false, iframes: false };
  if (rules) options.runOnly = rules;
  const seen = (nodes) => nodes.slice(0, 4).map((node) => node.html.slice(0, 120));
  const context = { include: [within], exclude: spared };
  return (await axe.run(context, options)).violations.map((v) => `${v.id}: ${v.help}: ${seen(v.nodes)}`);
}"""
OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that look at colours, of those that axe-core runs by itself."""


def violations(page: Page, within: str = "html", *, spared: tuple[str, ...] = ()) -> list[str]:
    """Return axe-core's findings in a form that says where they are.

    spared : parts that another call looks at, of which nothing is asked here.
    """
    return _findings(page, [within, spared, None])


def unreadable(page: Page, within: str = "html", *, spared: tuple[str, ...] = ()) -> list[str]:
    """Return the findings of the rules about colours alone: no other can find more in another theme."""
    return _findings(page, [within, spared, OF_COLOURS])


def darken(page: Page) -> None:
    """Let the reader's scheme be dark from now on, and wait until the page has heard of it."""
    page.emulate_media(color_scheme="dark")
    # the frame before which it is told, and one in which what it draws has been drawn
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def _findings(page: Page, asked: list[Any]) -> list[str]:
    if not page.evaluate(THERE):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(RUN, asked)
    return found
