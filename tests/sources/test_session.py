"""What is asked of the web, within which limits, and what is said when it does not deliver.

All payloads are synthetic. The server is real, on this machine; no test depends on how long something takes.
"""

from __future__ import annotations

import gzip
import io
import re
import socket
import ssl
import threading
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import requests
import sourceserver as sources
from hypothesis import given
from hypothesis import strategies as st
from sourceserver import Handler, SourceServer
from urllib3.exceptions import ConnectTimeoutError, InvalidHeader, MaxRetryError

from geotrack.errors import FetchError, SpecError
from geotrack.secrecy import scrub
from geotrack.sources.payload import text_of
from geotrack.sources.web import refusals
from geotrack.sources.web.manners import Limits, agent
from geotrack.sources.web.session import BUNDLES, Reply, Session

URL = "https://ccaf.io/cbeci/api/charts/mining_countries"
BODY = b'{"data": []}'
QUICK = Limits(connect=5, read=5, total=20, size=2**20, backoff=0)
SHORT = replace(QUICK, total=0.4)
BY_HAND = "give it with --from FILE"
Ask = Callable[..., Reply]


@pytest.fixture
def ask(source_server: SourceServer) -> Ask:
    """Ask for an address in a session of its own, as fast as it may be asked."""

    def get(url: str = URL, *, limits: Limits = QUICK, per_second: float = 1e6, **more: object) -> Reply:
        with Session(agent("1", "jo@example.org"), limits) as session:
            return session.get(url, per_second=per_second, **more)  # type: ignore[arg-type]

    return get


class Clock:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.sleeps: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds


# What is right


def test_a_reply_is_its_bytes_and_its_validators(source_server: SourceServer, ask: Ask) -> None:
    told = {"ETag": '"7"', "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT", "Content-Type": "text/csv"}
    source_server.route(URL, BODY, headers=told)
    found = ask()
    assert found == Reply(BODY, 200, URL, '"7"', "Mon, 01 Jan 2024 00:00:00 GMT", "text/csv")


@pytest.mark.parametrize("make", [sources.sends, sources.packed, sources.chunked])
@pytest.mark.parametrize("size", [0, 1, 2, 100, 8191, 8192, 8193, 65_537, 300_000])
def test_every_way_to_send_a_body_gives_the_body(
    source_server: SourceServer, ask: Ask, make: Callable[[bytes], Handler], size: int
) -> None:
    body = bytes(number * 7 % 251 for number in range(size))
    source_server.route(URL, make(body))
    assert ask().content == body


def test_gzip_files_that_stand_behind_each_other_are_one(source_server: SourceServer, ask: Ask) -> None:
    body = gzip.compress(b"one ") + gzip.compress(b"two")
    source_server.route(URL, body, headers={"Content-Encoding": "gzip"})
    assert ask().content == b"one two"


def test_a_packed_body_without_length_says_itself_where_it_ends(
    source_server: SourceServer, ask: Ask
) -> None:
    start = sources.head(200, {"Content-Encoding": "gzip"})
    source_server.route(URL, sources.ends_after(start + gzip.compress(BODY)))
    assert ask().content == BODY


def test_the_request_says_honestly_who_asks(source_server: SourceServer, ask: Ask) -> None:
    source_server.route(URL, BODY)
    ask()
    [asked] = source_server.requests
    assert asked.method == "GET"
    assert (
        asked.headers["user-agent"] == f"geotrack/1 (jo@example.org) python-requests/{requests.__version__}"
    )
    assert asked.headers["accept-encoding"] == "gzip"
    assert not {"cookie", "authorization", "referer"} & set(asked.headers)


def test_what_did_not_change_is_304_without_bytes(source_server: SourceServer, ask: Ask) -> None:
    source_server.route(URL, sources.validated(BODY, '"7"', "Mon, 01 Jan 2024 00:00:00 GMT"))
    assert ask().content == BODY
    for condition in ({"If-None-Match": '"7"'}, {"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"}):
        found = ask(headers=condition)
        assert (found.status, found.content, found.etag) == (304, b"", '"7"')
    assert ask(headers={"If-None-Match": '"6"'}).status == 200


def test_304_that_nobody_asked_for_is_refused(source_server: SourceServer, ask: Ask) -> None:
    source_server.route(URL, b"", status=304)
    with pytest.raises(
        FetchError, match="304 Not Modified: expected 200 OK; look at the address in a browser"
    ):
        ask()


def test_one_connection_serves_many_requests(source_server: SourceServer) -> None:
    source_server.route(URL, BODY)
    with Session(agent("1", ""), QUICK) as session:
        for _ in range(3):
            session.get(URL, per_second=1e6)
    assert (len(source_server.tunnels), len(source_server.requests)) == (1, 3)


def test_pages_are_followed_by_who_asks(source_server: SourceServer, ask: Ask) -> None:
    source_server.route(URL, sources.pages(lambda number: f'{{"page": {number}}}'.encode()))
    assert [ask(f"{URL}?page={number}").content for number in range(2)] == [b'{"page": 0}', b'{"page": 1}']
    assert source_server.asked("ccaf.io") == [f"{URL}?page=0", f"{URL}?page=1"]


@pytest.mark.parametrize("handler", [sources.page(), sources.mislabelled(BODY), sources.empty()])
def test_what_a_body_means_is_for_the_parser(source_server: SourceServer, ask: Ask, handler: Handler) -> None:
    source_server.route(URL, handler)
    assert ask().content in (sources.PAGE, BODY, b"")


# What a source refuses


@pytest.mark.parametrize(
    ("handler", "words", "next_step"),
    [
        (
            sources.captcha(),
            "403 Forbidden, titled 'Just a moment...': a page that keeps scripts out",
            BY_HAND,
        ),
        (sources.forbidden(), "403 Forbidden: the source refuses this program", BY_HAND),
        (sources.missing(), "404 Not Found: nothing is there", "look for the file on the source's pages"),
        (sources.sends(b"", 501), "501 Not Implemented: the source is in trouble", "try again later"),
        (sources.sends(b"", 206), "206 Partial Content: expected 200 OK", "look at the address in a browser"),
        (
            sources.sends(b"", 799),
            "799 no known status: expected 200 OK|799 no known status: the source",
            BY_HAND,
        ),
    ],
)
def test_a_refusal_says_where_why_and_what_to_do_next(
    source_server: SourceServer, ask: Ask, handler: Handler, words: str, next_step: str
) -> None:
    source_server.route(URL, handler)
    with pytest.raises(FetchError, match=f"^ccaf.io/cbeci/api/charts/mining_countries: ({words})") as caught:
        ask(f"{URL}?page=2")
    assert next_step in str(caught.value)
    assert "?page" not in str(caught.value)
    assert len(source_server.requests) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_captcha_is_told_under_any_status(source_server: SourceServer, ask: Ask, status: int) -> None:
    source_server.route(URL, sources.CAPTCHA, status=status)
    with pytest.raises(FetchError, match="keeps scripts out"):
        ask()
    assert len(source_server.requests) == 1


@pytest.mark.parametrize(
    ("status", "text", "guard"),
    [
        (403, "<title>Access Denied</title>", True),
        (403, "<title>Attention Required! | Cloudflare</title>", True),
        (403, "<p>Verify you are human by completing the action below.</p>", True),
        (403, "<title>Not for you</title>", False),
        # Of a source in trouble, that may be over in a moment:
        (502, "<title>ccaf.io | 502: Bad gateway</title><p>Performance & security by Cloudflare</p>", False),
        (500, "<p>SQLSTATE[HY000] [1045] Access denied for user 'web'@'localhost'</p>", False),
    ],
)
def test_a_page_is_a_guard_online_and_as_a_saved_file_alike(
    source_server: SourceServer, ask: Ask, status: int, text: str, guard: bool
) -> None:
    page = f"<!doctype html>{text}"
    source_server.route(URL, page, status=status)
    with pytest.raises(FetchError) as online:
        ask()
    with pytest.raises(FetchError) as saved:
        text_of("saved.html", page.encode())
    assert ["keeps scripts out (captcha)" in str(each.value) for each in (online, saved)] == [guard, guard]
    assert (len(source_server.requests) > 1) == (status >= 500)


def test_a_refusal_that_is_cut_off_is_a_refusal_still(source_server: SourceServer, ask: Ask) -> None:
    start = sources.head(403, {"Content-Length": "9999", "Content-Encoding": "br"})
    source_server.route(URL, sources.ends_after(start))
    with pytest.raises(FetchError, match="403 Forbidden: the source refuses this program"):
        ask()


def test_a_title_is_shown_short_plain_and_without_secrets(source_server: SourceServer, ask: Ask) -> None:
    page = "<title>\x1b[31m no https://jo:pw@x.org " + "x" * 300 + "</title>"
    source_server.route(URL, page, status=403)
    with pytest.raises(FetchError, match=re.escape(r"titled '\x1b[31m no https://x.org xxx")) as caught:
        ask()
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("page", ["<title" * 40_000, "<title>" + "x" * 250_000])
def test_a_page_made_to_hold_us_up_does_not(page: str) -> None:
    assert "403 Forbidden: the source refuses" in str(refusals.refusal("x", 403, page))


# What may be over in a moment


@pytest.mark.parametrize(
    "handler", [sources.busy(3, BODY), *(sources.broken(3, BODY, s) for s in (500, 502, 503, 504))]
)
def test_a_source_in_trouble_is_asked_again(source_server: SourceServer, ask: Ask, handler: Handler) -> None:
    source_server.route(URL, handler)
    assert ask().content == BODY
    assert source_server.asked() == [URL] * 4


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        (sources.broken(99), "500 Internal Server Error: the source is in trouble; try again later"),
        (sources.busy(99), "429 Too Many Requests; it asks to wait 0 s; try again later"),
        (sources.half(BODY * 9), "the connection was closed half-way"),
        (sources.half_chunked(BODY), "the connection was closed half-way"),
        (sources.wrong_length(BODY, 99), "the connection was closed half-way"),
        (sources.ends_after(b""), "the connection was closed half-way"),
        (sources.ends_after(b"no HTTP at all\r\n\r\n"), "the connection was closed half-way"),
    ],
)
def test_trouble_that_stays_is_told_after_the_last_attempt(
    source_server: SourceServer, ask: Ask, handler: Handler, words: str
) -> None:
    source_server.route(URL, handler)
    with pytest.raises(FetchError, match=rf"{re.escape(words)}.*\(asked 4 times\)$"):
        ask()
    assert len(source_server.requests) == 4


def test_a_connection_that_broke_once_is_no_matter(source_server: SourceServer, ask: Ask) -> None:
    source_server.route(URL, sources.in_turn(sources.half(BODY * 9), sources.sends(BODY)))
    assert ask().content == BODY


def test_one_try_is_one_try(source_server: SourceServer, ask: Ask) -> None:
    source_server.route(URL, sources.broken(1))
    with pytest.raises(FetchError, match=r"\(asked 1 times\)"):
        ask(limits=replace(QUICK, tries=1))


def test_waits_double_and_hold_a_chance_part(source_server: SourceServer) -> None:
    source_server.route(URL, sources.broken(3, BODY))
    clock = Clock()
    with Session("x", replace(QUICK, backoff=1), clock=clock, sleep=clock.sleep) as session:
        assert session.get(URL, per_second=1e6).content == BODY
    first, second, third = clock.sleeps
    assert 1 <= first < 2 <= second < 3
    assert 4 <= third < 5


def test_the_wait_that_a_source_asks_for_is_kept(source_server: SourceServer) -> None:
    source_server.route(URL, sources.busy(1, BODY, wait="7"))
    clock = Clock()
    with Session("x", QUICK, clock=clock, sleep=clock.sleep) as session:
        assert session.get(URL, per_second=1e6).content == BODY
    assert clock.sleeps == [7]


@pytest.mark.parametrize("wait", ["Mon, 01 Jan 2001 00:00:00 GMT", "soon", "", "-1", "9" * 5000])
def test_a_wait_that_is_over_or_unreadable_is_no_wait(
    source_server: SourceServer, ask: Ask, wait: str
) -> None:
    source_server.route(URL, sources.busy(1, BODY, wait=wait))
    assert ask().content == BODY


@pytest.mark.parametrize(
    ("wait", "limits", "words"),
    [
        ("3600", QUICK, "it asks to wait 3600 s; .*geotrack waits (20|19) s at most"),
        ("61", replace(QUICK, total=600), "it asks to wait 61 s; .*geotrack waits 60 s at most"),
        ("30", replace(QUICK, longest_wait=600), "it asks to wait 30 s; .*geotrack waits (20|19) s at most"),
        ("Fri, 01 Jan 2100 00:00:00 GMT", QUICK, "it asks to wait [0-9]{5,} s; "),
    ],
)
def test_a_wait_that_is_too_long_is_told_at_once(
    source_server: SourceServer, ask: Ask, wait: str, limits: Limits, words: str
) -> None:
    source_server.route(URL, sources.busy(9, wait=wait))
    with pytest.raises(FetchError, match=words):
        ask(limits=limits)
    assert len(source_server.requests) == 1


# Time


@pytest.mark.parametrize("handler", [sources.silent(), sources.slow_headers(), sources.slow_body()])
def test_the_total_time_holds_however_slowly_a_reply_drips(
    source_server: SourceServer, ask: Ask, handler: Handler
) -> None:
    source_server.route(URL, handler)
    with pytest.raises(
        FetchError, match=r"^ccaf.io/.*: not done within 0.4 s, the most that one file may take"
    ):
        ask(limits=SHORT)


def test_the_time_is_looked_at_while_a_body_drips(source_server: SourceServer) -> None:
    # The thread that waits for the reply has all the time there is; the clock of the reader runs out.
    source_server.route(URL, sources.slow_body())
    times = iter([0.0] * 12)
    with (
        Session("x", QUICK, clock=lambda: next(times, 99.0)) as session,
        pytest.raises(FetchError, match="not done within 20 s"),
    ):
        session.get(URL)


def test_a_name_server_that_hangs_does_not_hold_us_up(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def hang(*_: object, **__: object) -> None:
        over.wait(30)
        raise socket.gaierror("synthetic")

    monkeypatch.setenv("https_proxy", "")
    monkeypatch.setenv("HTTPS_PROXY", "")
    monkeypatch.setattr(socket, "getaddrinfo", hang)
    with pytest.raises(FetchError, match=r"not done within 0.4 s"):
        ask(limits=SHORT)
    over.set()


def test_a_source_that_falls_silent_is_asked_again(source_server: SourceServer, ask: Ask) -> None:
    source_server.route(URL, sources.silent())
    with pytest.raises(FetchError, match=r"silent for 0.1 s; try again later.*\(asked 2 times\)"):
        ask(limits=replace(QUICK, read=0.1, tries=2))


def test_a_host_is_asked_no_faster_than_it_allows(source_server: SourceServer) -> None:
    other = "https://mempool.space/api"
    source_server.route(URL, sources.in_turn(sources.sends(b"", 500), sources.sends(BODY)))
    source_server.route(other, BODY)
    clock = Clock()
    with Session("x", QUICK, clock=clock, sleep=clock.sleep) as session:
        session.get(URL, per_second=4)  # and once more, because of the 500
        session.get(URL, per_second=4)
        assert [wait for wait in clock.sleeps if wait] == [0.25, 0.25]
        session.get(other, per_second=4)
        assert [wait for wait in clock.sleeps if wait] == [0.25, 0.25]
    assert len(source_server.asked("ccaf.io")) == 3


def test_a_turn_that_comes_too_late_is_not_waited_for(source_server: SourceServer) -> None:
    source_server.route(URL, BODY)
    clock = Clock()
    with Session("x", QUICK, clock=clock, sleep=clock.sleep) as session:
        session.get(URL, per_second=0.01)
        with pytest.raises(FetchError, match="not done within 20 s"):
            session.get(URL, per_second=0.01)
    assert (clock.sleeps, len(source_server.requests)) == ([], 1)


# Size, length and packing


def test_a_bomb_is_refused_before_it_fills_the_memory(source_server: SourceServer, ask: Ask) -> None:
    source_server.route(URL, sources.bomb(64 * 2**20))
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="more than 1 MiB, the most that is read of one file"):
            ask()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * 2**20


@pytest.mark.parametrize("status", [302, 403, 500])
def test_a_bomb_in_a_reply_of_another_kind_is_not_read(
    source_server: SourceServer, ask: Ask, status: int
) -> None:
    body = gzip.compress(bytes(16 * 2**20))
    told = {"Content-Encoding": "gzip", "Location": "file:///x"}
    source_server.route(URL, body, status=status, headers=told)
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match=r"redirects to|403 Forbidden|500 Internal"):
            ask()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 6 * 2**20


@pytest.mark.parametrize(
    "handler",
    [
        sources.wrong_length(b"", 2**21),
        sources.wrong_length(b"", "9" * 5000),
        sources.chunked(bytes(2**20 + 1)),
        sources.sends(bytes(2**20 + 1)),
    ],
)
def test_a_body_above_the_limit_is_refused(source_server: SourceServer, ask: Ask, handler: Handler) -> None:
    source_server.route(URL, handler)
    with pytest.raises(FetchError, match="more than 1 MiB"):
        ask()
    assert len(source_server.requests) == 1


def test_a_body_at_the_limit_is_read(source_server: SourceServer, ask: Ask) -> None:
    for make in (sources.sends, sources.packed, sources.chunked):
        source_server.route(URL, make(bytes(2**20)))
        assert len(ask().content) == 2**20


@pytest.mark.parametrize("length", [1, 50, 99])
def test_a_body_longer_than_it_says_is_refused(source_server: SourceServer, ask: Ask, length: int) -> None:
    source_server.route(URL, sources.wrong_length(b"x" * 100, length))
    with pytest.raises(FetchError, match="longer than its Content-Length says; try again later"):
        ask()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Length": "many"},
        {"Content-Length": "-5"},
        {"Transfer-Encoding": "gzip, chunked"},
    ],
)
def test_a_reply_that_does_not_say_where_it_ends_is_refused(
    source_server: SourceServer, ask: Ask, headers: dict[str, str]
) -> None:
    source_server.route(URL, sources.ends_after(sources.head(200, headers) + b"a,b\n1,2\n"))
    with pytest.raises(FetchError, match="a lost half could not be told: Content-Length is "):
        ask()


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip", "gzip, br", "x\x7f"])
def test_other_ways_to_pack_are_refused(source_server: SourceServer, ask: Ask, encoding: str) -> None:
    source_server.route(URL, BODY, headers={"Content-Encoding": encoding})
    with pytest.raises(FetchError, match=f"packed as {re.escape(ascii(encoding))}; expected gzip or nothing"):
        ask()


def test_a_packed_body_that_is_damaged_is_refused(source_server: SourceServer, ask: Ask) -> None:
    for body in (b"no gzip", gzip.compress(BODY)[:-8] + b"12345678", gzip.compress(BODY) + b"more"):
        source_server.route(URL, body, headers={"Content-Encoding": "gzip"})
        with pytest.raises(FetchError, match="the packed reply is damaged; expected gzip"):
            ask()


def test_a_packed_body_that_was_cut_before_it_was_sent_is_refused(
    source_server: SourceServer, ask: Ask
) -> None:
    source_server.route(URL, gzip.compress(BODY)[:-1], headers={"Content-Encoding": "gzip"})
    with pytest.raises(FetchError, match="the packed reply ends half-way; try again later"):
        ask()


# Where a request may lead


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_on_the_same_host(source_server: SourceServer, ask: Ask, status: int) -> None:
    source_server.route(URL, sources.redirect("../moved?x=1", status))
    source_server.route("https://ccaf.io/cbeci/api/moved", BODY)
    found = ask(headers={"If-None-Match": '"1"'})
    assert (found.content, found.url) == (BODY, "https://ccaf.io/cbeci/api/moved?x=1")
    assert source_server.requests[-1].headers["if-none-match"] == '"1"'


def test_redirects_are_followed_to_a_listed_host_without_the_headers_for_the_first(
    source_server: SourceServer, ask: Ask
) -> None:
    source_server.route(URL, sources.redirect("https://files.ccaf.io/x"))
    source_server.route("https://files.ccaf.io/x", BODY)
    found = ask(hosts=("CCAF.io", "files.ccaf.io"), headers={"If-None-Match": '"1"', "X-Key": "s3cret"})
    assert (found.content, found.url) == (BODY, "https://files.ccaf.io/x")
    assert not {"if-none-match", "x-key"} & set(source_server.requests[-1].headers)


@pytest.mark.parametrize(
    "to",
    [
        "file:///etc/passwd",
        "http://ccaf.io/cbeci",
        "https://evil.example/x",
        "//evil.example/x",
        "https://ccaf.io@evil.example/x",
        "https://ccaf.io.evil.example/",
        "https://ccaf.io:8443/",
        "https://jo:s3cret@ccaf.io/",
        "ftp://ccaf.io/",
        "data:text/plain,x",
        "https://[::1",
        "",
    ],
)
def test_redirects_elsewhere_are_refused(source_server: SourceServer, ask: Ask, to: str) -> None:
    source_server.route(URL, sources.redirect(to))
    with pytest.raises(
        FetchError, match=r"redirects to .*; expected https at ccaf.io( or x.org)?;"
    ) as caught:
        ask(hosts=("ccaf.io", "x.org"))
    assert "s3cret" not in str(caught.value)
    assert source_server.asked() == [URL]


def test_redirects_in_a_circle_end(source_server: SourceServer, ask: Ask) -> None:
    source_server.route(URL, sources.redirect(URL))
    with pytest.raises(FetchError, match=r"more than 5 redirects, the last to ccaf.io/cbeci"):
        ask()
    assert len(source_server.requests) == 6


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("http://ccaf.io/", ()),
        ("file:///etc/passwd", ()),
        ("https://jo:s3cret@ccaf.io/", ()),
        ("https://other.example/", ("ccaf.io",)),
        ("https://[::1", ()),
        ("", ()),
    ],
)
def test_other_addresses_are_not_asked(
    source_server: SourceServer, ask: Ask, url: str, hosts: tuple[str, ...]
) -> None:
    with pytest.raises(FetchError, match="not asked; expected an address that begins https://") as caught:
        ask(url, hosts=hosts)
    assert "s3cret" not in str(caught.value)
    assert source_server.requests == []


def test_no_cookie_is_sent_back(source_server: SourceServer) -> None:
    source_server.route(URL, BODY, headers={"Set-Cookie": "id=1; Path=/"})
    with Session("x", QUICK) as session:
        session.get(URL, per_second=1e6)
        session.get(URL, per_second=1e6)
    assert all("cookie" not in asked.headers for asked in source_server.requests)


def test_no_password_is_read_from_a_file(
    source_server: SourceServer, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine ccaf.io login jo password s3cret\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    assert requests.utils.get_netrc_auth(URL) == ("jo", "s3cret")
    source_server.route(URL, BODY)
    ask()
    assert "authorization" not in source_server.requests[0].headers


# TLS and proxies


def test_a_certificate_of_an_unknown_authority_is_refused(
    source_server: SourceServer, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in BUNDLES:
        monkeypatch.delenv(name)
    with pytest.raises(FetchError, match=r"certificate is not trusted \(.*issuer.*REQUESTS_CA_BUNDLE"):
        ask()
    assert source_server.requests == []


def test_a_certificate_of_another_host_is_refused(
    source_server: SourceServer, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = sources._context("other.example")
    monkeypatch.setattr(sources, "_context", lambda _: context)
    with pytest.raises(FetchError, match=r"certificate is not trusted \(Hostname mismatch"):
        ask()
    assert source_server.requests == []


@pytest.mark.parametrize("name", BUNDLES)
def test_each_variable_names_the_bundle(
    source_server: SourceServer, ask: Ask, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    source_server.route(URL, BODY)
    for other in set(BUNDLES) - {name}:
        monkeypatch.setenv(other, "")
    assert ask().content == BODY
    monkeypatch.setenv(name, "/no/such/file")
    with pytest.raises(FetchError, match=f"not asked; {name} names /no/such/file, which is not there"):
        ask()


def test_a_bundle_without_certificates_is_told(
    source_server: SourceServer, ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "empty.pem").write_bytes(b"")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "empty.pem"))
    with pytest.raises(FetchError, match=r"no safe connection \(TLS\); check REQUESTS_CA_BUNDLE"):
        ask()


def test_the_proxy_gets_its_password_and_the_source_does_not(
    source_server: SourceServer, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _proxy(monkeypatch, f"http://jo:s3cret@127.0.0.1:{source_server.port}")
    source_server.route(URL, BODY)
    ask()
    assert source_server.tunnels[0].headers["proxy-authorization"].startswith("Basic ")
    assert "proxy-authorization" not in source_server.requests[0].headers


@pytest.mark.parametrize("status", [407, 502])
def test_a_proxy_that_refuses_is_told_without_its_password(
    source_server: SourceServer, ask: Ask, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    _proxy(monkeypatch, f"http://jo:s3cret@127.0.0.1:{source_server.port}")
    source_server.proxy_status = status
    with pytest.raises(
        FetchError, match=rf"the proxy .*\(HTTPS_PROXY\) does not let this through: {status};"
    ) as e:
        ask()
    assert "s3cret" not in str(e.value)
    assert "jo:" not in str(e.value)


@pytest.mark.parametrize(
    "proxy",
    [
        "http://jo:s3cret@127.0.0.1:1",
        "http://jo:s3cret@",
        "http://jo:s3cret@127.0.0.1:port",
        "http://jo:s3c/ret@127.0.0.1:1",
        "ftp://jo:s3cret@127.0.0.1:1",
        "socks5://jo:s3cret@127.0.0.1:1",
    ],
)
def test_a_proxy_that_is_not_there_is_told_without_its_password(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    _proxy(monkeypatch, proxy)
    with pytest.raises(FetchError, match=r"proxy|no connection|no such host") as caught:
        ask()
    assert "s3c" not in str(caught.value)
    assert "jo:" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_hosts_without_proxy_are_asked_directly(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with pytest.raises(FetchError, match=rf"^127.0.0.1:{port}/x: no connection; check the network"):
        ask(f"https://127.0.0.1:{port}/x")


def test_a_host_that_nobody_knows_is_told(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror("synthetic")

    _proxy(monkeypatch, "")
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(FetchError, match="no such host is known; check the network"):
        ask()


def test_a_mistake_of_ours_is_not_taken_for_the_sources(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def mistake(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(requests.Session, "get", mistake)
    with pytest.raises(ZeroDivisionError):
        ask()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (requests.ConnectTimeout(MaxRetryError(None, "/?key=s3cret", ConnectTimeoutError())), "within 10 s"),  # type: ignore[arg-type]
        (TimeoutError("s3cret"), "silent for 30 s"),
        (ConnectionResetError("s3cret"), "closed half-way"),
        (ssl.SSLError("s3cret"), r"no safe connection \(TLS\)"),
        (InvalidHeader("s3cret"), r"could not be asked \(InvalidHeader\)"),
        (ValueError("s3cret"), r"could not be asked \(ValueError\); check the address"),
    ],
)
def test_the_words_of_a_library_never_go_along(error: Exception, words: str) -> None:
    told = str(refusals.failure("ccaf.io/x", error, 10, 30))
    assert re.search(words, told)
    assert "s3cret" not in told


def _proxy(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, address)


# Secrets, and who asks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://jo:pw@x.org/a?b=1", "https://x.org/a?b=1"),
        ("see http://jo:p@w@x.org and https://ann@y.org.", "see http://x.org and https://y.org."),
        ("http://jo:p/w#?@x.org:8080", "http://x.org:8080"),
        ("https://x.org:8080/@name?a=b@c", "https://x.org:8080/@name?a=b@c"),
        (
            "https://x.org/a?api_key=1&b=2&Access-Token=3#x",
            "https://x.org/a?api_key=***&b=2&Access-Token=***#x",
        ),
        (
            "?X-Amz-Signature=1&sig=2&client_secret=3&passwd=4",
            "?X-Amz-Signature=***&sig=***&client_secret=***&passwd=***",
        ),
        ("https://x.org/#access_token=1", "https://x.org/#access_token=***"),
        ("'https://x.org/?auth=1'", "'https://x.org/?auth=***'"),
        ("https://x.org/?design=1&page_size=2&key=", "https://x.org/?design=1&page_size=2&key="),
        ("a // b, 1:2 @ 3", "a // b, 1:2 @ 3"),
    ],
)
def test_scrub_removes_names_passwords_and_keys(text: str, expected: str) -> None:
    assert scrub(text) == expected
    assert scrub(expected) == expected


@given(
    st.text(st.characters(exclude_categories=["Z", "C"], exclude_characters="&#'\"<>;?@"), min_size=1),
    st.text(),
)
def test_scrub_leaves_no_secret(secret: str, around: str) -> None:
    secret = f"s3cret{secret}"
    hidden = scrub(f"{around} https://jo:{secret}@x.org/a?b=1&token={secret}&c=2 {around}")
    assert f"jo:{secret}" not in hidden
    assert f"token={secret}" not in hidden


@pytest.mark.parametrize("text", ["?" + "key" * 100_000, "//a:b" * 20_000, "//" * 100_000, "?a=" * 50_000])
def test_scrub_is_not_held_up_by_a_long_text(text: str) -> None:
    assert len(scrub(text)) <= len(text)


def test_the_final_address_is_scrubbed(source_server: SourceServer, ask: Ask) -> None:
    source_server.route(URL, BODY)
    assert ask(f"{URL}?token=s3cret").url == f"{URL}?token=***"
    assert source_server.asked() == [f"{URL}?token=s3cret"]


def test_agent_says_when_there_is_no_contact() -> None:
    assert agent("1.2", " ").startswith("geotrack/1.2 (no contact given) python-requests/")
    assert "(J\xf6 jo@example.org)" in agent("1.2", "J\xf6 jo@example.org ")


@pytest.mark.parametrize(
    "contact", ["a\nX: b", "a\r\nb", "a\x00b", "a\x7fb", "jo@пример.рф", "\U0001f600 jo", "x" * 201]
)
def test_a_contact_that_no_header_can_hold_is_refused(contact: str) -> None:
    with pytest.raises(
        SpecError, match=r"expected one line of at most 200 Latin letters.*such as jo@example.org"
    ):
        agent("1", contact)


@given(st.text())
def test_every_contact_makes_a_header_or_is_refused(contact: str) -> None:
    try:
        line = agent("1", contact)
    except SpecError:
        return
    assert line.isprintable()
    requests.Request("GET", URL, headers={"User-Agent": line}).prepare()
    line.encode("latin-1")


# The server itself


def test_the_server_answers_404_to_what_it_was_not_told(source_server: SourceServer, ask: Ask) -> None:
    with pytest.raises(FetchError, match="404 Not Found"):
        ask("https://any.example/x")
    assert source_server.asked("any.example") == ["https://any.example/x"]


def test_the_server_tells_of_a_handlers_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    def mistake(_: sources.Exchange) -> None:
        raise ZeroDivisionError

    server = SourceServer()
    for name, value in server.env().items():
        monkeypatch.setenv(name, value)
    server.route(URL, mistake)

    def use() -> None:
        with server, Session("x", replace(QUICK, tries=1)) as session, pytest.raises(FetchError):
            session.get(URL)

    with pytest.raises(AssertionError, match="a handler failed"):
        use()


def test_a_request_that_is_no_tunnel_is_recorded_and_refused(source_server: SourceServer) -> None:
    with socket.create_connection(("127.0.0.1", source_server.port)) as client:
        client.sendall(b"GET http://ccaf.io/ HTTP/1.1\r\nHost: ccaf.io\r\n\r\n")
        assert io.BytesIO(client.recv(999)).readline().startswith(b"HTTP/1.1 501")
    assert source_server.requests[0].target == "http://ccaf.io/"
