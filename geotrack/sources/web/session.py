"""Web: one session that asks sources for files, within limits, and says in words what went wrong.

A call of `Session.get` runs in a thread of its own, so that its total time holds even where no time limit of
the libraries reaches: a name server that hangs, headers or a body that drip in. Redirects, repeats and
decompression are done by us and not by requests, because each has a limit that requests does not know.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Self
from urllib.parse import urljoin

import requests
from requests.utils import get_environ_proxies
from urllib3.exceptions import HTTPError, MaxRetryError
from urllib3.util.retry import RequestHistory, Retry

from geotrack.errors import FetchError
from geotrack.secrecy import scrub
from geotrack.sources.web import bodies
from geotrack.sources.web.addresses import host_of, may_ask, place_of
from geotrack.sources.web.manners import LIMITS, Limits
from geotrack.sources.web.refusals import LATER, LOOK, PROXY, PassingError, failure, refusal, seconds

BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


def bundle(where: str) -> str | bool:
    """Return the environment's bundle of trusted certificates, else True: the library's. Never False.

    Raises
    ------
    FetchError : the bundle is not there.
    """
    for name in BUNDLES:
        if path := os.environ.get(name):
            if Path(path).exists():
                return path
            raise FetchError(
                f"{where}: not asked; {name} names {path}, which is not there; correct or unset it"
            )
    return True


def usable(where: str, proxies: Mapping[str, str]) -> dict[str, str]:
    """Return the environment's proxies, by scheme, if what they are for https is an address.

    Raises
    ------
    FetchError : it is none; the address is not shown, it may hold a password.
    """
    for scheme in ("https", "all"):
        if proxies.get(scheme) and not host_of(proxies[scheme]):
            raise FetchError(
                f"{where}: not asked; {PROXY} is no address; expected http://host:port; correct it"
            )
    return dict(proxies)


MOVED = frozenset((301, 302, 303, 307, 308))


@dataclass(frozen=True)
class Reply:
    """What a source answered: 200 with its bytes, or 304 with none."""

    content: bytes
    status: int
    url: str  # the last one, after redirects, scrubbed
    etag: str
    last_modified: str
    media: str


class _Web(requests.Session):
    """A requests session that reads no ~/.netrc, keeps no cookies, and leaves redirects to us."""

    def __init__(self, agent: str) -> None:
        super().__init__()
        self.trust_env = False  # proxies and bundle are handed in with each request
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self.headers.update({"User-Agent": agent, "Accept-Encoding": "gzip"})

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Name none: requests would read the body of a redirect whole, however large it is."""


@dataclass(frozen=True)
class _Ask:
    """One call of `get`: what is asked, where it may lead, and when it must be over."""

    url: str
    where: str
    hosts: frozenset[str]
    headers: Mapping[str, str]
    per_second: float
    ends: float


class Session:
    """A session with the web: connections, and when each host was asked last.

    Parameters
    ----------
    agent : the User-Agent, of `agent()`.
    limits : how long, how much and how often.
    clock, sleep : of the module `time`; tests hand in their own.
    """

    def __init__(
        self,
        agent: str,
        limits: Limits = LIMITS,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._web = _Web(agent)
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._turns: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._web.close()

    def get(
        self,
        url: str,
        *,
        hosts: Collection[str] = (),
        headers: Mapping[str, str] | None = None,
        per_second: float = 2.0,
    ) -> Reply:
        """Ask for what stands at an address.

        Parameters
        ----------
        url : https.
        hosts : where it and its redirects may lead; else its own host only.
        headers : e.g. If-None-Match; sent to the url's own host only.
        per_second : requests a second to a host, at most, repeats and redirects included.

        Raises
        ------
        FetchError : anything but 200, or 304 where `headers` ask for it; says where, why and what to do next.
        """
        allowed = frozenset(host.lower() for host in hosts) or frozenset([host_of(url)])
        ask = _Ask(
            url, place_of(url), allowed, dict(headers or {}), per_second, self._clock() + self._limits.total
        )
        done: SimpleQueue[Reply | Exception] = SimpleQueue()

        def work() -> None:
            try:
                done.put(self._persist(ask))
            except Exception as error:
                done.put(error)

        threading.Thread(target=work, name=f"geotrack {ask.where}", daemon=True).start()
        try:
            found = done.get(timeout=self._limits.total)
        except Empty:
            raise self._late(ask) from None
        if isinstance(found, Exception):
            raise found
        return found

    def _persist(self, ask: _Ask) -> Reply:
        """Ask again while it may help."""
        # urllib3 repeats at once the first time; a history of one makes it wait from the start.
        retry = Retry(
            self._limits.tries - 1,
            backoff_factor=self._limits.backoff / 2,
            backoff_jitter=self._limits.backoff,
            backoff_max=self._limits.longest_wait,
            history=(RequestHistory("GET", None, None, None, None),),
        )
        while True:
            try:
                return self._follow(ask)
            except PassingError as error:
                self._left(ask)
                try:
                    retry = retry.increment("GET", error=error)
                except MaxRetryError:
                    raise FetchError(f"{error} (asked {self._limits.tries} times)") from None
                self._wait(ask, retry, error)

    def _wait(self, ask: _Ask, retry: Retry, error: PassingError) -> None:
        wait = retry.get_backoff_time() if error.asks is None else error.asks
        most = min(self._limits.longest_wait, self._left(ask))
        if wait > most:
            raise FetchError(f"{error} (geotrack waits {seconds(most)} at most)") from None
        self._sleep(wait)

    def _follow(self, ask: _Ask) -> Reply:
        """Ask, and follow redirects to where they may lead."""
        if not may_ask(ask.url, ask.hosts):
            raise FetchError(
                f"{ask.where}: not asked; expected an address that begins https://, without a name or "
                f"password, at {_named(ask)}; correct the address"
            )
        url = ask.url
        for _ in range(self._limits.redirects + 1):
            self._turn(ask, host_of(url))
            with self._in_words(ask), self._send(ask, url) as response:
                if response.status_code not in MOVED:
                    return self._read(ask, url, response)
                url = _next(ask, url, response.headers.get("Location", ""))
        raise FetchError(
            f"{ask.where}: more than {self._limits.redirects} redirects, the last to {place_of(url)}; {LOOK}"
        )

    @contextmanager
    def _in_words(self, ask: _Ask) -> Iterator[None]:
        try:
            yield
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise failure(ask.where, error, self._limits.connect, self._limits.read) from None

    def _send(self, ask: _Ask, url: str) -> requests.Response:
        left = self._left(ask)
        return self._web.get(
            url,
            headers=dict(ask.headers) if host_of(url) == host_of(ask.url) else {},
            timeout=(min(self._limits.connect, left), min(self._limits.read, left)),
            proxies=usable(ask.where, get_environ_proxies(url)),
            verify=bundle(ask.where),
            allow_redirects=False,
            stream=True,
        )

    def _read(self, ask: _Ask, url: str, response: requests.Response) -> Reply:
        """Return a reply, or refuse its status."""
        status, said, content = response.status_code, response.headers, b""
        conditions = {"if-none-match", "if-modified-since"} & {name.lower() for name in ask.headers}
        if status == 200:
            content = bodies.read(ask.where, said, response.raw, self._limits.size, lambda: self._left(ask))
        elif status != 304 or not conditions:
            page = bodies.glance(ask.where, said, response.raw, lambda: self._left(ask))
            raise refusal(ask.where, status, page, said.get("Retry-After", ""))
        validators = (said.get("ETag", ""), said.get("Last-Modified", ""))
        return Reply(content, status, scrub(url), *validators, said.get("Content-Type", ""))

    def _turn(self, ask: _Ask, host: str) -> None:
        """Wait until the host may be asked again."""
        with self._lock:
            now = self._clock()
            at = max(now, self._turns.get(host, now))
            if at > ask.ends:
                raise self._late(ask)
            self._turns[host] = at + 1 / ask.per_second
        if at > now:
            self._sleep(at - now)

    def _left(self, ask: _Ask) -> float:
        left = ask.ends - self._clock()
        if left <= 0:
            raise self._late(ask)
        return left

    def _late(self, ask: _Ask) -> FetchError:
        total = seconds(self._limits.total)
        return FetchError(f"{ask.where}: not done within {total}, the most that one file may take; {LATER}")


def _next(ask: _Ask, url: str, location: str) -> str:
    """Return where a redirect leads, or refuse it."""
    location = location.encode("latin-1").decode("utf-8", errors="replace")
    try:
        target = urljoin(url, location)
    except ValueError:
        target = ""
    if not location or not may_ask(target, ask.hosts):
        to = ascii(scrub(target or location)[:200]) if location else "nowhere"
        raise FetchError(f"{ask.where}: redirects to {to}; expected https at {_named(ask)}; {LOOK}")
    return target


def _named(ask: _Ask) -> str:
    return " or ".join(sorted(filter(None, ask.hosts))) or "a host"
