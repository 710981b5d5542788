"""axe-core on a page: injected once, and asked for what is wrong alone."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

THERE = "() => 'axe' in window"
RUN = """async (within) => {
  const options = { resultTypes: ["violations"], preload: false, iframes: false };
  const seen = (nodes) => nodes.slice(0, 4).map((node) => node.html.slice(0, 120));
  return (await axe.run(within, options)).violations.map((v) => `${v.id}: ${v.help}: ${seen(v.nodes)}`);
}"""


def violations(page: Page, within: str = "html") -> list[str]:
    """Return axe-core's findings in a form that says where they are."""
    if not page.evaluate(THERE):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(RUN, within)
    return found
