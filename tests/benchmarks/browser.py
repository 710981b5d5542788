"""What a page costs in real headless Chromium: the first picture, a step, the longest task.

All tools are measured alike. First picture: from the start of navigation to the first animation frame in
which the tool's own sign of a drawn map is there. A step: the tool's own control is moved one slice on,
then two animation frames pass; Chromium's counter TaskDuration (main thread: script, style, layout,
painting) is read before and after all steps and divided by their number. `call` is the median time of the
call alone: for geotrack all script of a step, but not for tools that draw later. Longest task: of those
over 50 ms that PerformanceObserver reports while stepping; 0 means none. `own step` is the call when a reader
moves the slider: it speaks the sentence and writes the permalink too.
"""

from __future__ import annotations

import mimetypes
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, Route

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

HOOKS = """
window.bench = { first: 0, longest: 0, from: Infinity };
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) {
    if (startTime >= bench.from) bench.longest = Math.max(bench.longest, duration);
  }
}).observe({ entryTypes: ["longtask"] });
// mount() returns what a page's script can do; nobody keeps it, so it is kept here
let library;
Object.defineProperty(window, "geotrack", {
  get: () => library,
  set(value) {
    const mount = (...all) => {
      bench.app = value.mount(...all);
      bench.app.then((app) => (bench.control = app));
      return bench.app;
    };
    library = { ...value, mount };
  },
});
(function look() {
  let there = false;
  try { there = READY; } catch { /* not yet */ }
  if (there) bench.first = performance.now();
  else requestAnimationFrame(look);
})();
"""

STEPS = """
async ([step, from, count]) => {
  const go = eval(step);
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const times = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    go(from + i);
    times.push(performance.now() - start);
    await frame();
    await frame();
  }
  return times;
}
"""

PLAY = """
async (milliseconds) => {
  const speed = document.querySelector(".gt-speed");
  speed.value = "4";
  speed.dispatchEvent(new Event("change"));
  document.querySelector(".gt-loop").checked = true;
  bench.longest = 0;
  bench.from = performance.now();
  document.querySelector(".gt-play").click();
  await new Promise((done) => setTimeout(done, milliseconds));
  document.querySelector(".gt-play").click();
  return bench.longest;
}
"""


@dataclass(frozen=True)
class Controls:
    """How a tool's page is read and moved.

    Parameters
    ----------
    ready : JavaScript that is true once the map is drawn.
    step : JavaScript of a function that shows slice i, the way the page's own control does.
    files : part of an address -> what is served for it; all other addresses get an empty answer.
    """

    ready: str
    step: str
    files: Mapping[str, bytes]


def launch(playwright: Playwright) -> Browser:
    """Start the system's Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-headless-shell")
    return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)


def measure(browser: Browser, path: Path, controls: Controls, slices: int) -> dict[str, float]:
    """Return figures in ms of fresh pages: first, call, thread, longest; for geotrack also of playing."""
    with _opened(browser, path, controls) as page:
        found = {"first": page.evaluate("bench.first")} | _steps(page, controls, slices)
        ours = page.evaluate("Boolean(bench.app)")
    if ours:  # on a page of its own: a reader presses play before anything has run once
        with _opened(browser, path, controls) as page:
            found |= _play(browser, page)
            found["own step"] = median(page.evaluate(STEPS, ["(t) => bench.control.go(t)", 0, 20]))
    return {key: round(value, 2) for key, value in found.items()}


@contextmanager
def _opened(browser: Browser, path: Path, controls: Controls) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1100, "height": 900}, bypass_csp=True)
    try:
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.add_init_script(HOOKS.replace("READY", controls.ready))
        page.route(lambda url: url.startswith("http"), lambda route: _serve(route, controls.files))
        page.goto(path.as_uri(), wait_until="commit")
        page.wait_for_function("bench.first > 0")
        page.evaluate("Promise.resolve(bench.app).then(() => 0)")
        yield page
    finally:
        context.close()


def _serve(route: Route, files: Mapping[str, bytes]) -> None:
    found = [body for part, body in files.items() if part in route.request.url]
    kind = mimetypes.guess_type(route.request.url)[0] or "text/plain"
    headers = {"access-control-allow-origin": "*"}
    route.fulfill(body=found[0] if found else b"", content_type=kind, headers=headers)


def _steps(page: Page, controls: Controls, slices: int) -> dict[str, float]:
    page.wait_for_timeout(500)
    count = min(20, slices - 5)
    page.evaluate(STEPS, [controls.step, 1, 3])  # warm
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.evaluate("bench.from = performance.now()")
    before = _metrics(session)
    times = page.evaluate(STEPS, [controls.step, 4, count])
    after = _metrics(session)
    page.wait_for_timeout(100)
    return {
        "call": median(times),
        "thread": 1000 * (after["TaskDuration"] - before["TaskDuration"]) / count,
        "longest": page.evaluate("bench.longest"),
    }


def _play(browser: Browser, page: Page) -> dict[str, float]:
    """Play for six seconds; `play` is the longest task over 50 ms, `play cpu` the most that any task worked.

    On a busy machine a task's time runs on while another process has the core; its processor time does not.
    """
    page.wait_for_timeout(500)  # what loading leaves behind is no part of playing
    session = browser.new_browser_cdp_session()
    events: list[dict[str, Any]] = []
    ended: list[Any] = []
    session.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
    session.on("Tracing.tracingComplete", lambda _: ended.append(True))
    config = {"includedCategories": ["toplevel", "disabled-by-default-devtools.timeline"]}
    session.send("Tracing.start", {"traceConfig": config, "transferMode": "ReportEvents"})
    longest = page.evaluate(PLAY, 6000)
    session.send("Tracing.end")
    while not ended:
        page.wait_for_timeout(50)
    names = {(e["pid"], e["tid"]): e["args"]["name"] for e in events if e.get("name") == "thread_name"}
    mains = [e for e in events if names.get((e["pid"], e["tid"])) == "CrRendererMain"]
    work = [e["tdur"] / 1000 for e in mains if e["name"] == "RunTask" and "tdur" in e]
    return {"play": longest, "play cpu": max(work)}


def _metrics(session: Any) -> dict[str, float]:
    return {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
