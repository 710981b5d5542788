"""Takes the picture at the top of README.md: the flagship as a reader sees it, in real Chromium.

Run `make picture` after `geotrack build shift`; needs playwright and Chromium.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parents[1] / "maps"
SLICE = "2022-01"


def main() -> None:
    """Write maps/shift.png."""
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    told = ["sh", HERE.parent / "tests" / "programs.sh", "--chromium"]
    path = subprocess.run(told, capture_output=True, text=True, check=True).stdout.strip() or None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        page = browser.new_page(viewport={"width": 1100, "height": 800}, color_scheme="light")
        page.goto(f"{(HERE / 'shift.html').resolve().as_uri()}#t={SLICE}")
        page.wait_for_selector(f'html[data-ready="true"][data-slice="{SLICE}"]')
        track = page.locator(".gt-track").bounding_box()
        height = int(track["y"] + track["height"]) + 2
        page.screenshot(
            path=HERE / "shift.png", clip={"x": 0, "y": 0, "width": 1100, "height": height}, full_page=True
        )
        browser.close()


if __name__ == "__main__":
    main()
