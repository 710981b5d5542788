"""Updates from sources that fail in every way: what is said, how the command ends, that no file changes."""

from __future__ import annotations

import dataclasses
import functools
import json
import os
import re
import shutil
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from datafolders import of_series
from sources import (
    CHARTS,
    MEMPOOL,
    NEXT_PAGE,
    POST,
    ROOT,
    blockchain,
    chart,
    coin_page,
    days,
    hurry,
    instance,
    mempool,
    payloads,
    rows_of,
    state,
)
from sourceserver import (
    Exchange,
    Handler,
    SourceServer,
    bomb,
    broken,
    busy,
    captcha,
    chunked,
    empty,
    ends_after,
    forbidden,
    half,
    half_chunked,
    in_turn,
    mislabelled,
    missing,
    packed,
    page,
    pages,
    redirect,
    sends,
    silent,
    slow_body,
    slow_headers,
    wrong_length,
)

from geotrack import cli
from geotrack.errors import ParseError
from geotrack.sources import PROVIDERS
from geotrack.sources.edgar.source import FILERS
from geotrack.sources.network import coinmetrics
from geotrack.update import update

Run = Callable[..., Any]
SOURCES = ("cbeci", "mempool", "blockchain", "coinmetrics", "edgar-canaan", "edgar-hive")
NAMES = {provider.name: provider for provider in PROVIDERS}
CANAAN = FILERS[0]
HAND = "download the file by hand and give it with --from FILE"


@dataclass(frozen=True)
class Fault:
    """What a source does instead of answering, and how the command ends; `make` is told the sound body."""

    make: Callable[[bytes], Handler]
    says: str  # a pattern
    code: int = 9
    limits: tuple[tuple[str, float], ...] = ()


def twice(content: bytes) -> Handler:
    return wrong_length(content, len(content) * 2)


SOON = (("total", 0.4),)

FAULTS = {
    "captcha": Fault(
        lambda c: captcha(),
        r"403 Forbidden, titled 'Just a moment...': a page that keeps scripts out \(captcha\)",
    ),
    "forbidden": Fault(lambda c: forbidden(), "403 Forbidden: the source refuses this program"),
    "gone": Fault(
        lambda c: missing(), "404 Not Found: nothing is there; look for the file on the source's pages"
    ),
    "busy": Fault(
        lambda c: busy(9, c, wait="1"), r"429 Too Many Requests; it asks to wait 1 s; .*\(asked 2 times\)"
    ),
    "busy for long": Fault(
        lambda c: busy(9, c, wait="3600"),
        r"it asks to wait 3600 s; .*\(geotrack waits \d+(\.\d+)? s at most\)",
    ),
    "broken": Fault(
        lambda c: broken(9, c), r"500 Internal Server Error: the source is in trouble; .*\(asked 2 times\)"
    ),
    "away": Fault(lambda c: broken(9, c, 503), r"503 Service Unavailable: the source is in trouble"),
    "silent": Fault(
        lambda c: silent(), r"silent for 0.1 s; try again later.*\(asked 2 times\)", limits=(("read", 0.1),)
    ),
    "slow headers": Fault(
        lambda c: slow_headers(), "not done within 0.4 s, the most that one file may take", limits=SOON
    ),
    "slow body": Fault(
        lambda c: slow_body(), "not done within 0.4 s, the most that one file may take", limits=SOON
    ),
    "closed half-way": Fault(half, "the connection was closed half-way; try again later"),
    "closed between chunks": Fault(half_chunked, "the connection was closed half-way; try again later"),
    "closed at once": Fault(lambda c: ends_after(b""), "the connection was closed half-way; try again later"),
    "stated too long": Fault(twice, "the connection was closed half-way; try again later"),
    "stated too short": Fault(lambda c: wrong_length(c, len(c) - 2), "longer than its Content-Length says"),
    "stated as nonsense": Fault(
        lambda c: wrong_length(c, "many"), "expected a reply that says how long it is"
    ),
    "bomb": Fault(lambda c: bomb(), "more than 2 MiB, the most that is read of one file"),
    "too large": Fault(
        lambda c: sends(bytes(2**21 + 1)), "more than 2 MiB, the most that is read of one file"
    ),
    "half a gzip": Fault(
        lambda c: sends(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", headers={"Content-Encoding": "gzip"}),
        "the packed reply ends half-way",
    ),
    "no gzip": Fault(
        lambda c: sends(c, headers={"Content-Encoding": "gzip"}), "the packed reply is damaged; expected gzip"
    ),
    "a page": Fault(
        lambda c: page(), "the source answered with a web page instead of data, titled 'Maintenance'"
    ),
    "a captcha as 200": Fault(
        lambda c: sends(captcha_page()),
        r"a page that keeps scripts out \(captcha\), titled 'Just a moment...'",
    ),
    "empty": Fault(lambda c: empty(), "empty; expected data", 3),
    "only blanks": Fault(lambda c: sends(b" \r\n\t"), "empty; expected data", 3),
    "half of the bytes": Fault(lambda c: sends(c[: len(c) // 2]), "(no JSON: |no well-formed XML|XML)", 3),
    "no UTF-8": Fault(lambda c: sends(c[:40] + b"\xff\xfe" + c[40:]), r"is no UTF-8|not well-formed", 3),
    "another form": Fault(lambda c: sends(b'{"rows": [], "version": 2}'), "expected", 3),
    "a list": Fault(lambda c: sends(b"[1, 2]"), "expected", 3),
    "no such status": Fault(lambda c: sends(b"", 599), "599 no known status: the source is in trouble"),
    "not modified, unasked": Fault(lambda c: sends(b"", 304), "304 Not Modified: expected 200 OK"),
    "redirect to a file": Fault(
        lambda c: redirect("file:///etc/passwd"), "redirects to 'file:///etc/passwd'; expected https at"
    ),
    "redirect to another host": Fault(
        lambda c: redirect("https://evil.example/x"),
        "redirects to 'https://evil.example/x'; expected https at",
    ),
    "redirect to http": Fault(
        lambda c: redirect("http://{host}/x"), "redirects to 'http://.*; expected https at"
    ),
    "redirect with a password": Fault(
        lambda c: redirect("https://jo:hunter2@{host}/x"), r"redirects to 'https://.*; expected https at"
    ),
    "redirect to nowhere": Fault(lambda c: redirect(""), "redirects to nowhere; expected https at"),
    "redirect in a circle": Fault(lambda c: redirect("{url}"), "more than 5 redirects, the last to"),
}
"""Every fault that any source can have."""


def captcha_page() -> bytes:
    return b"<!doctype html><title>Just a moment...</title><body>Complete the captcha to go on.</body>"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our data, which every fault must leave as they are: one copy for all of them shows if one does not."""
    ignore = shutil.ignore_patterns("*.topojson", "*.py", "raw")
    return Path(shutil.copytree(ROOT / "data", tmp_path_factory.mktemp("kept") / "data", ignore=ignore))


@pytest.fixture(scope="module")
def before(kept: Path) -> dict[str, bytes | None]:
    return state(kept)


@pytest.fixture
def asks(
    sources_played: SourceServer, run: Run, kept: Path, before: dict[str, bytes | None]
) -> Iterator[Callable[..., Any]]:
    """Run `geotrack update ...` on data that must stay as they are, with a message and no traceback."""

    def answer(*args: object, **options: Any) -> Any:
        told = run("update", *args, "--data", kept)
        assert "Traceback" not in told.err + told.out
        assert state(kept) == before
        return told

    yield answer
    assert state(kept) == before


def aimed(fault: Fault, url: str, content: bytes) -> Handler:
    """Make a fault's handler; in a redirect, {host} is the source's own, {url} the very address."""
    made = fault.make(content)
    host = url.split("/")[2]

    def answer(exchange: Exchange) -> None:
        own = exchange.reply

        def reply(body: bytes = b"", status: int = 200, headers: Any = None) -> None:
            told = {
                name: value.replace("{host}", host).replace("{url}", url)
                for name, value in (headers or {}).items()
            }
            own(body, status, told)

        exchange.reply = reply  # type: ignore[method-assign]
        made(exchange)

    return answer


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("source", SOURCES)
def test_a_fault_changes_nothing_and_is_told(
    source: str, fault: Fault, sources_played: SourceServer, asks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first file that is asked for."""
    hurry(monkeypatch, **dict(fault.limits))
    url, content = next(iter(payloads()[source].items()))
    sources_played.route(url, aimed(fault, url, content))
    answer = asks(source)
    assert answer.code == fault.code, answer.err
    assert re.search(fault.says, answer.err), answer.err
    assert answer.err.startswith(f"geotrack: {source}: {'refused' if fault.code == 9 else 'invalid'}: ")
    if fault.code == 9:
        assert f"; then: geotrack update {source} --from FILE" in answer.err


LATE = {
    name: FAULTS[name]
    for name in ("captcha", "broken", "closed half-way", "bomb", "a page", "empty", "no UTF-8")
}


@pytest.mark.parametrize("fault", [FAULTS[name] for name in LATE], ids=LATE)
@pytest.mark.parametrize("source", ["cbeci", "coinmetrics", "edgar-canaan"])
def test_a_fault_of_the_last_file_spoils_all(
    source: str, fault: Fault, sources_played: SourceServer, asks: Any
) -> None:
    """What came before it is not written either."""
    *_, (url, content) = payloads()[source].items()
    sources_played.route(url, aimed(fault, url, content))
    if source == "edgar-canaan":  # the name of the filing was right: its folder lists it
        items = [{"name": url.rpartition("/")[2]}]
        listing = json.dumps({"directory": {"item": items}}).encode()
        sources_played.route(f"{url.rpartition('/')[0]}/index.json", listing)
    answer = asks(source)
    assert answer.code == fault.code, answer.err
    assert re.search(fault.says, answer.err), answer.err


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    "make",
    [
        lambda c: broken(1, c),
        lambda c: broken(1, c, 503),
        lambda c: busy(1, c, wait="2"),
        lambda c: in_turn(half(c), sends(c)),
        mislabelled,
        lambda c: mislabelled(c, "application/octet-stream"),
        packed,
        chunked,
        lambda c: sends(b"\xef\xbb\xbf" + c),
    ],
    ids=["500", "503", "429", "half", "as HTML", "as anything", "gzip", "chunks", "BOM"],
)
def test_what_is_no_fault_succeeds(
    source: str, make: Callable[[bytes], Handler], sources_played: SourceServer, asks: Any
) -> None:
    for url, content in payloads()[source].items():
        sources_played.route(url, make(content))
    answer = asks(source, "--dry-run")
    assert (answer.code, answer.err) == (0, "")


def test_a_wait_that_is_asked_for_is_kept(
    sources_played: SourceServer, asks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than a file may take in all: then it is not waited for."""
    clock = hurry(monkeypatch, total=5.0)
    sources_played.route(MEMPOOL, busy(1, payloads()["mempool"][MEMPOOL], wait="4"))
    assert asks("mempool", "--dry-run").code == 0
    assert clock.slept >= 4  # on the tests' clock, which update asks
    sources_played.route(MEMPOOL, busy(1, payloads()["mempool"][MEMPOOL], wait="6"))
    answer = asks("mempool", "--dry-run")
    assert answer.code == 9
    assert "it asks to wait 6 s" in answer.err


def test_a_captcha_tells_how_to_go_on_by_hand(sources_played: SourceServer, asks: Any) -> None:
    sources_played.route(f"{CHARTS}absolute_mining_countries", captcha())
    err = asks("cbeci").err
    assert HAND in err
    assert "By hand: open https://ccaf.io/cbeci/api/v1.2.0/download/mining_countries in a browser" in err
    assert "then: geotrack update cbeci --from FILE" in err


# What only one source can do wrong


def doubled(content: bytes) -> bytes:
    """Each point of a chart twice, the second time with another figure (synthetic)."""
    data = json.loads(content)["data"]
    return json.dumps({"data": [*data, *({**point, "y": 0.5} for point in data)]}).encode()


def renamed(content: bytes, was: str, now: str) -> bytes:
    return content.replace(was.encode(), now.encode())


def two_figures_a_day(write: Callable[[Any], bytes]) -> bytes:
    points = list(days())
    return write(iter([*points, *((day, value + 1) for day, value in points)]))


CHINA_CHART = f"{CHARTS}mining_map_provinces/cn"
SHARES_CHART = f"{CHARTS}mining_countries"
SUBMISSIONS, RECAST, FIRST = payloads()["edgar-canaan"]
BAD_SUM = (("country:CN", 2020, 600), ("can:OverseasMember", 2020, 300), ("", 2020, 1000))
UNKNOWN = (("country:CN", 2020, 600), ("can:AtlantisMember", 2020, 400), ("", 2020, 1000))
OWN = {
    "cbeci: a key changed": (
        SHARES_CHART,
        lambda c: renamed(c, '"y"', '"value"'),
        "expected .*y \\(a number from 0",
    ),
    "cbeci: duplicate months": (SHARES_CHART, doubled, "more than once|twice|again"),
    "cbeci: EH/s for shares": (
        SHARES_CHART,
        lambda c: chart(rows_of("cbeci-countries"), "hashrate"),
        "named after the route mining_countries, but holds figures of absolute",
    ),
    "cbeci: provinces of another country": (
        CHINA_CHART,
        lambda c: payloads()["cbeci"][f"{CHARTS}mining_map_provinces/us"],
        "but holds figures of mining_map_provinces_us",
    ),
    "mempool: a key changed": (
        MEMPOOL,
        lambda c: renamed(c, "avgHashrate", "hashrate"),
        "expected an object with timestamp, avgHashrate",
    ),
    "mempool: duplicate days": (
        MEMPOOL,
        lambda c: two_figures_a_day(mempool),
        "expected one figure for one moment",
    ),
    "mempool: another unit": (MEMPOOL, lambda c: mempool(days(times=10**-6)), "this looks like another unit"),
    "blockchain: a key changed": (
        "blockchain",
        lambda c: renamed(c, '"values"', '"points"'),
        "expected a list named",
    ),
    "blockchain: duplicate days": (
        "blockchain",
        lambda c: two_figures_a_day(blockchain),
        "expected one figure for one moment",
    ),
    "blockchain: another unit": ("blockchain", lambda c: renamed(c, "TH/s", "GH/s"), "expected TH/s"),
    "coinmetrics: a key changed": (
        coinmetrics.URL,
        lambda c: renamed(c, '"HashRate"', '"Hash"'),
        "expected an object with asset, time, HashRate",
    ),
    "coinmetrics: another asset": (coinmetrics.URL, lambda c: renamed(c, '"btc"', '"bch"'), "expected .*btc"),
    "coinmetrics: next page elsewhere": (
        coinmetrics.URL,
        lambda c: renamed(c, NEXT_PAGE, "https://evil.example/v4"),
        "expected one that begins with https://community-api",
    ),
    "coinmetrics: next page a file": (
        coinmetrics.URL,
        lambda c: renamed(c, NEXT_PAGE, "file:///etc/passwd"),
        "expected one that begins with https://community-api",
    ),
    "edgar-canaan: a key changed": (
        SUBMISSIONS,
        lambda c: renamed(c, "filingDate", "filed"),
        "no list of filings; expected EDGAR's",
    ),
    "edgar-canaan: another company": (
        SUBMISSIONS,
        lambda c: renamed(c, "1780652", "1318605"),
        "expected Canaan Inc., CIK 1780652",
    ),
    "edgar-canaan: places that do not add up": (FIRST, lambda c: instance(CANAAN, BAD_SUM), "1000"),
    "edgar-canaan: a member that is not known": (
        FIRST,
        lambda c: instance(CANAAN, UNKNOWN),
        "can:AtlantisMember",
    ),
    "edgar-canaan: another company's filing": (
        FIRST,
        lambda c: instance(FILERS[1], UNKNOWN),
        "expected a filing of Canaan Inc.",
    ),
}
"""Address, what becomes of its body, and what is said of it."""


@pytest.mark.parametrize(("url", "spoil", "says"), OWN.values(), ids=OWN)
def test_a_source_that_has_changed_is_refused(  # noqa: PLR0917 (a case and three fixtures)
    url: str,
    spoil: Callable[[bytes], bytes],
    says: str,
    sources_played: SourceServer,
    asks: Any,
    request: pytest.FixtureRequest,
) -> None:
    source = request.node.callspec.id.partition(":")[0]
    address = next(iter(payloads()[source])) if url == source else url
    sound = payloads()[source][address]
    assert spoil(sound) != sound
    sources_played.route(address, spoil(sound))
    answer = asks(source)
    assert answer.code in (3, 4, 6, 9), answer.err
    assert answer.err.startswith(f"geotrack: {source}: ")
    assert re.search(says, answer.err), answer.err


def test_pages_without_end_are_given_up(sources_played: SourceServer, asks: Any) -> None:
    """Each leads to another address: 40 pages are asked for, and no more."""
    points = list(days())[:1]

    def another(number: int) -> bytes:
        return coin_page(points, f"{coinmetrics.URL}&next_page_token={number}")

    sources_played.route(coinmetrics.URL, pages(another))
    for number in range(50):
        sources_played.route(f"{coinmetrics.URL}&next_page_token={number}", another(number + 1))
    answer = asks("coinmetrics")
    assert answer.code == 9
    assert "40 pages and no end; expected one or two; nothing was read" in answer.err
    assert len(sources_played.requests) == coinmetrics.MOST_PAGES


def test_pages_in_a_circle_are_given_up(sources_played: SourceServer, asks: Any) -> None:
    points = list(days())
    sources_played.route(NEXT_PAGE, coin_page(points[40:], coinmetrics.URL))
    answer = asks("coinmetrics")
    assert answer.code == 9
    assert "page 2 leads back to page 1, a loop; expected pages that end" in answer.err
    assert len(sources_played.requests) == 2


SAVED = {
    "captcha": (lambda c: captcha_page(), "captcha", 9),
    "empty": (lambda c: b"", "no list|empty|expected", 3),
    "no UTF-8": (lambda c: c[:50] + b"\xff" + c[50:], "is no UTF-8; expected", 3),
    "a country twice": (
        lambda c: c.replace(b"Russia", b"China"),
        "given twice: 'China'; expected each once",
        3,
    ),
    "rows are missing": (lambda c: renamed(c, "Top 10", "Top 12"), "12", 3),
    "header changed": (
        lambda c: b"quarter,land,share\n2026-Q3,China,12%\n",
        "header 'quarter,land,share' is not known",
        3,
    ),
}


@pytest.mark.parametrize(("spoil", "says", "code"), SAVED.values(), ids=SAVED)
def test_a_saved_post_that_cannot_be_read(
    spoil: Callable[[bytes], bytes], says: str, code: int, asks: Any, tmp_path: Path
) -> None:
    post = tmp_path / "post.html"
    post.write_bytes(spoil(POST.read_bytes()))
    answer = asks("luxor", "--from", post)
    assert answer.code == code, answer.err
    assert re.search(says, answer.err), answer.err


# Secrets


def test_no_secret_of_a_proxy_is_told(
    sources_played: SourceServer, asks: Any, run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = os.environ["HTTPS_PROXY"].replace("http://", "http://jo:hunter2@")
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, proxy)
    sources_played.proxy_status = 407
    answer = asks("mempool")
    assert answer.code == 9
    assert "the proxy that the environment names (HTTPS_PROXY) does not let this through: 407" in answer.err
    assert "hunter2" not in answer.err + answer.out
    sources_played.proxy_status = 200
    assert run("update", "network", "--data", data).code == 0
    assert any("proxy-authorization" in each.headers for each in sources_played.tunnels)
    assert not any("proxy-authorization" in each.headers for each in sources_played.requests)
    told_nowhere("hunter2", data)
    told_nowhere("am86aHVudGVyMg", data)  # the same in base64


def test_no_token_of_an_address_is_told(
    sources_played: SourceServer, asks: Any, run: Run, data: Path, tmp_path: Path
) -> None:
    points = list(days())
    secret = f"{coinmetrics.URL}&api_key=hunter2"
    sources_played.route(coinmetrics.URL, coin_page(points[:40], secret))
    sources_played.route(secret, forbidden())
    answer = asks("coinmetrics", "--summary", tmp_path / "diff.md")
    assert answer.code == 9
    summary = (tmp_path / "diff.md").read_text(encoding="utf-8")
    assert "hunter2" not in answer.err + answer.out + summary
    sources_played.route(secret, redirect("https://evil.example/?token=hunter2"))
    answer = asks("coinmetrics", "--json")
    assert answer.code == 9
    assert "hunter2" not in answer.err + answer.out
    sources_played.route(secret, coin_page(points[40:]))
    answer = run("update", "coinmetrics", "--data", data)
    assert answer.code == 0
    assert "hunter2" not in answer.err + answer.out
    raw = data / "raw" / "coinmetrics" / "hashrate-1"
    for path in raw.rglob("payload"):
        path.unlink()  # as the source sent it, its own address in it
    told_nowhere("hunter2", data)


def told_nowhere(word: str, folder: Path) -> None:
    told = [path for path, content in state(folder).items() if content and word.encode() in content]
    assert told == []


# The disk


def test_a_full_disk_leaves_the_old_data(
    sources_played: SourceServer, asks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write

    def full(handle: int, content: bytes) -> int:
        if "/.update/" in str(Path(f"/proc/self/fd/{handle}").readlink()):
            raise OSError(28, "No space left on device")
        return real(handle, content)

    monkeypatch.setattr(os, "write", full)
    answer = asks("mempool")
    assert answer.code == 8
    assert "the update cannot be written: No space left on device; nothing was changed" in answer.err


# Killed


def test_a_kill_at_any_moment_of_the_commit_leaves_old_data_or_new(
    sources_played: SourceServer, run: Run, tmp_path: Path
) -> None:
    """`geotrack update` kills itself at each of 20 points, from its first change of the disk to its last."""
    data = of_series(tmp_path / "data", ("cbeci-countries", "cbeci-china-provinces", "cbeci-us-states"))
    steps = tmp_path / "steps"

    def update(folder: Path, at: int) -> int:
        """Update in a child that kills itself before its n-th change of the disk; return its wait status."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # threads of the server: not the child's
            child = os.fork()
        if child:
            return os.waitpid(child, 0)[1]
        try:
            counted(at, steps)
            sys.argv = ["geotrack", "update", "cbeci", "--offline", "--data", str(folder)]
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            cli.main()
        except SystemExit as end:
            os._exit(int(end.code or 0))
        finally:
            os._exit(99)
        return 0

    saved(run, data, tmp_path / "earlier")
    old = state(data)
    whole = copy_of(data, tmp_path / "whole")
    assert update(whole, at=10**9) == 0
    new = state(whole)
    assert new != old
    count = int(steps.read_text(encoding="utf-8"))
    assert count > 20
    found = {"old": 0, "new": 0}
    for n in range(20):
        folder = copy_of(data, tmp_path / f"killed-{n}")
        status = update(folder, at=1 + n * (count - 1) // 19)
        assert os.WIFSIGNALED(status)
        staged = (folder / ".update").exists()
        answer = run("check", "--data", folder)
        assert answer.code == 0
        assert ("An update that was interrupted" in answer.err) == staged, answer.err
        now = state(folder)
        assert now in (old, new)
        found["old" if now == old else "new"] += 1
    assert min(found.values()) >= 3, found


def saved(run: Run, data: Path, earlier: Path) -> None:
    """Save what CBECI answers beside old figures, so that an update without the web has much to write."""
    copy_of(data, earlier)
    assert run("update", "cbeci", "--data", data).code == 0
    shutil.copytree(earlier, data, dirs_exist_ok=True)
    (data / "observations" / "cbeci-map-countries.csv").unlink()
    (data / "updates.csv").unlink()


def copy_of(folder: Path, to: Path) -> Path:
    return Path(shutil.copytree(folder, to))


def counted(at: int, steps: Path) -> None:
    """Let this process kill itself before its n-th change of the disk, and count these."""
    calls = 0

    def wrapped(real: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(real)
        def call(*given: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*given, **named)

        return call

    for name in ("mkdir", "replace", "unlink", "rmdir", "rename", "fsync"):
        setattr(os, name, wrapped(getattr(os, name)))
    leave = os._exit

    def end(code: int) -> None:
        steps.write_text(str(calls), encoding="utf-8")
        leave(code)

    os._exit = end  # type: ignore[assignment]


def test_a_fault_of_ours_is_one_source_s_and_the_others_are_brought_up_to_date(
    sources_played: SourceServer, data: Path
) -> None:
    def parse(files: object) -> Any:
        raise ZeroDivisionError("of a parser's own")

    broken_one = dataclasses.replace(NAMES["mempool"], parse=parse)
    options = update.Options(datetime(2026, 10, 20, tzinfo=UTC))
    found = list(update.update(data, [broken_one, NAMES["blockchain"]], options, lambda name, what: None))
    assert [(outcome.source, outcome.status) for outcome in found] == [
        ("mempool", "invalid"),
        ("blockchain", "new"),
    ]
    told = found[0].message
    assert told.startswith("mempool: ZeroDivisionError: of a parser's own (test_update_faults.py, line ")
    assert "a fault of geotrack itself" in told
    assert isinstance(found[0].error, ParseError)
    assert isinstance(found[0].error.__cause__, ZeroDivisionError)
    assert not (data / "raw" / "mempool").exists()
    assert update.exit_code(found) == 11


def test_half_a_character_in_an_answer_is_told_and_the_others_are_brought_up_to_date(
    sources_played: SourceServer, data: Path, run: Run
) -> None:
    answer = json.loads(mempool(days()))
    answer["note"] = "\ud800"
    sources_played.route(MEMPOOL, sends(json.dumps(answer).encode()))
    told = run("update", "mempool", "blockchain", "--data", data)
    assert told.code == 11
    assert "geotrack: mempool" in told.err
    assert "surrogates not allowed" in told.err
    assert "blockchain: new" in told.out
