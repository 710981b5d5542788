"""Real headless Chromium for every test here, without a network: a page that asks for a host, or that logs an
error, fails its test.

Without Chromium the tests fail and say how to install it; GEOTRACK_NO_BROWSER=1 leaves them out.
"""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from chromium import installed
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Route,
    WebError,
    sync_playwright,
)

HERE = Path(__file__).parent
MAPS = ("china-provinces", "hashrate-since-2025", "revenue-canaan", "shift")
"""Maps that each show what no other does: another projection, quarters with estimates, periods of a company's
own with bounds and an aggregate, the modes of a shift. The others open, in `test_map_opens_from_disk`."""

FLAGS = [
    "--no-sandbox", "--no-zygote", "--disable-gpu", "--in-process-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
LOCAL = ("file:", "data:", "blob:", "about:")
NO_CHROMIUM = (
    "Chromium was not found, and the browser tests need it. Install it (`apt-get install chromium`, or "
    "`playwright install chromium`), or set GEOTRACK_NO_BROWSER=1 to leave these tests out."
)

# What mount() returns is kept for the tests, so that the page needs no hook of its own for them.
KEEP_MOUNTED = """(() => {
  let kept = window.geotrack; // there already where a frame was quicker than this script
  window.gtMounted ??= {};
  Object.defineProperty(window, "geotrack", {
    configurable: true,
    get: () => kept,
    set(api) {
      const mount = api.mount;
      api.mount = (id, map) => (window.gtMounted[id] = mount(id, map).then((found) => ({ ...found, map })));
      kept = api;
    },
  });
})();"""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark all tests of this folder; leave them out where the environment says so."""
    mine = [item for item in items if item.path.is_relative_to(HERE)]
    for item in mine:
        item.add_marker(pytest.mark.browser)
    if os.environ.get("GEOTRACK_NO_BROWSER") == "1":
        config.hook.pytest_deselected(items=mine)
        items[:] = [item for item in items if item not in mine]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `map_id` once for each of `MAPS`."""
    if "map_id" in metafunc.fixturenames:
        metafunc.parametrize("map_id", MAPS)


@dataclass
class Watch:
    """What a page asked for and complained about."""

    problems: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()  # what the page is meant to complain about, whenever it comes: said words


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Start Chromium once; package scope ends its event loop before other tests need one of their own."""
    with sync_playwright() as playwright:
        found = installed()
        own = Path(playwright.chromium.executable_path)
        if not found and not own.exists():
            pytest.fail(NO_CHROMIUM, pytrace=False)
        browser = playwright.chromium.launch(executable_path=found or own, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Collect what went wrong; fail at the end of the test."""
    seen = Watch()
    yield seen
    wrong = [problem for problem in seen.problems if not any(words in problem for words in seen.expected)]
    assert not wrong, "the page complained or asked for the network:\n" + "\n".join(wrong)


@dataclass(frozen=True)
class Tabs:
    """Tabs of Chromium in which one test after the other opens its maps; a new one costs as much as a map."""

    chromium: Browser
    idle: list[Page] = field(default_factory=list)

    def new(self, *, spied: bool = True, **options: Any) -> Page:
        """Open a tab in a context of its own."""
        context = self.chromium.new_context(accept_downloads=True, **options)
        context.set_default_timeout(60_000)  # a busy machine is no fault of the page
        page = context.new_page()
        if spied:
            page.add_init_script(KEEP_MOUNTED)
        return page

    def take(self) -> Page:
        """Return a tab that knows nothing of the tests before."""
        return self.idle.pop() if self.idle else self.new()

    def leave(self, page: Page) -> None:
        """Empty a tab for the next test; one that was closed, or more than are ever wanted, is given up."""
        for other in page.context.pages:
            if other != page:
                other.close()
        if page.is_closed() or len(self.idle) > 1:
            page.context.close()
            return
        page.goto("about:blank")
        page.mouse.move(-1, -1)
        page.emulate_media(media="null", color_scheme="null", reduced_motion="null", forced_colors="null")
        self.idle.append(page)


@pytest.fixture(scope="package")
def tabs(chromium: Browser) -> Tabs:
    """The tabs of this worker's Chromium."""
    return Tabs(chromium)


@pytest.fixture
def browse(tabs: Tabs, watch: Watch, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Open a page (a path, a URL or HTML) in an empty tab and wait until its maps are ready.

    Parameters of the function: target; hash: with its "#"; size: (width, height); dark: the reader's scheme;
    allow: URL prefix -> body served for it, every other host is refused; clock: stop the page's time, to be
    moved by `page.clock`; ready: selector to wait for ("" waits for nothing); options: of the context.
    """
    used: list[tuple[Page, Callable[[], None], bool]] = []

    def open_page(
        target: Path | str,
        *,
        hash: str = "",
        size: tuple[int, int] = (1280, 900),
        dark: bool = False,
        allow: Mapping[str, bytes | None] | None = None,
        clock: bool = False,
        ready: str = "html[data-ready=true]",
        spied: bool = True,
        **options: Any,
    ) -> Page:
        viewport, scheme = {"width": size[0], "height": size[1]}, "dark" if dark else "light"
        # what a server sends is kept by the context, and a clock stays stopped
        again = spied and not (allow or clock or options)
        if again:
            page = tabs.take()
            page.set_viewport_size(viewport)
            page.emulate_media(color_scheme=scheme)
        else:
            page = tabs.new(spied=spied, viewport=viewport, color_scheme=scheme, **options)
        used.append((page, _guard(page.context, watch, allow or {}), again))
        if clock:
            page.clock.install(time=datetime(2024, 1, 1))
        page.goto(_url(target, tmp_path) + hash)
        if ready:
            page.wait_for_selector(ready, state="attached")
        if clock:
            page.clock.pause_at(datetime(2024, 1, 1, 1))
        return page

    yield open_page
    for page, unguard, again in used:
        if again:
            tabs.leave(page)
            unguard()
        else:
            page.context.close()


@pytest.fixture
def inside() -> Callable[..., Any]:
    """Run `(m, arg) => ...` in the page, m being what mount() returned for the first map, or for `id`."""

    def run(page: Any, function: str, arg: Any = None, id: str = "") -> Any:
        return page.evaluate(
            f"""async ([id, arg]) => {{
              const m = await (id ? window.gtMounted[id] : Object.values(window.gtMounted)[0]);
              return ({function})(m, arg);
            }}""",
            [id, arg],
        )

    return run


def _guard(context: BrowserContext, watch: Watch, allow: Mapping[str, bytes | None]) -> Callable[[], None]:
    """Watch all that a context's pages ask for and complain about, until what is returned is called."""

    def refuse(route: Route, request: Request) -> None:
        watch.requests.append(request.url)
        for prefix, body in allow.items():
            if request.url.startswith(prefix):
                kind = mimetypes.guess_type(prefix)[0] or ""
                return route.continue_() if body is None else route.fulfill(body=body, content_type=kind)
        watch.problems.append(f"request: {request.url}")
        return route.abort()

    def complain(message: ConsoleMessage) -> None:
        if message.type == "error":
            watch.problems.append(f"console: {message.text}")

    def fail(error: WebError) -> None:
        watch.problems.append(f"error: {error.error}")

    def end() -> None:
        context.unroute_all()
        context.remove_listener("console", complain)
        context.remove_listener("weberror", fail)

    context.route(lambda url: not url.startswith(LOCAL), refuse)
    context.on("console", complain)
    context.on("weberror", fail)
    return end


def _url(target: Path | str, folder: Path) -> str:
    if isinstance(target, Path):
        return target.as_uri()
    if target.startswith(("http:", "file:")):
        return target
    path = folder / f"page-{len(list(folder.glob('page-*.html')))}.html"
    path.write_text(target, encoding="utf-8")
    return path.as_uri()
