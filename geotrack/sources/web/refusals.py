"""Refusals: why a source did not deliver, in words, and what to do next.

The words are ours: what the libraries say holds addresses, and with these the passwords of proxies.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from http import HTTPStatus

from urllib3 import exceptions as library
from urllib3.util.retry import Retry

from geotrack.errors import FetchError
from geotrack.secrecy import scrub
from geotrack.sources.payload import is_guard

BY_HAND = "download the file by hand and give it with --from FILE"
LATER = f"try again later, or {BY_HAND}"
LOOK = f"look at the address in a browser, or {BY_HAND}"

PASSING = frozenset((429, 500, 502, 503, 504))
GONE = frozenset((404, 410))
REFUSED = frozenset((401, 403))

PROXY = "the proxy that the environment names (HTTPS_PROXY)"
HALF_WAY = "the connection was closed half-way; try again later"
FAILURES: tuple[tuple[tuple[type[BaseException], ...], bool, str], ...] = (
    # What is in the error, whether it may pass in a moment, and the words for it; the first row that fits
    # counts. Behind a proxy, urllib3 takes a source that hangs up for a proxy that refuses: this comes first.
    ((ConnectionResetError, ConnectionAbortedError, BrokenPipeError), True, HALF_WAY),
    (
        (library.ProxyError,),
        False,
        f"{PROXY} does not let this through{{tunnel}}; correct its address or password",
    ),
    (
        (ssl.SSLCertVerificationError,),
        False,
        "its certificate is not trusted ({why}); behind a company's proxy, let REQUESTS_CA_BUNDLE name the "
        "file of its certificates",
    ),
    ((library.NameResolutionError,), False, "no such host is known; check the network and try again"),
    ((library.NewConnectionError,), False, "no connection; check the network and try again"),
    ((library.ConnectTimeoutError,), True, "no connection within {connect}; try again later"),
    ((library.ReadTimeoutError, TimeoutError), True, "silent for {read}; try again later"),
    ((library.ProtocolError,), True, HALF_WAY),
    (
        (library.SSLError, ssl.SSLError),
        False,
        "no safe connection (TLS); check REQUESTS_CA_BUNDLE and the network",
    ),
)
UNKNOWN = ((), False, "could not be asked ({kind}); check the address, the proxy and the network")


class PassingError(FetchError):
    """A failure that may be over in a moment; `asks` is the wait that the source asked for, in seconds."""

    def __init__(self, message: str, asks: float | None = None) -> None:
        super().__init__(message)
        self.asks = asks


def refusal(where: str, status: int, page: str, retry_after: str = "") -> FetchError:
    """Return a status in words.

    Parameters
    ----------
    where : host and path.
    status : anything that is no delivery.
    page : the body as text, as far as it came.
    retry_after : the header.
    """
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "no known status"
    start = f"{where}: {status} {phrase}{_titled(page)}"
    if status in PASSING | REFUSED and is_guard(page):
        return FetchError(f"{start}: a page that keeps scripts out (captcha); {BY_HAND}")
    if status in PASSING:
        asks = wait_asked(retry_after)
        wait = "" if asks is None else f"; it asks to wait {seconds(asks)}"
        why = "" if status == 429 else ": the source is in trouble"
        return PassingError(f"{start}{why}{wait}; {LATER}", asks)
    if status in REFUSED:
        return FetchError(f"{start}: the source refuses this program; {BY_HAND}")
    if status in GONE:
        return FetchError(
            f"{start}: nothing is there; look for the file on the source's pages, then {BY_HAND}"
        )
    if status >= 500:
        return FetchError(f"{start}: the source is in trouble; {LATER}")
    return FetchError(f"{start}: expected 200 OK; {LOOK}")


def failure(where: str, error: Exception, connect: float, read: float) -> FetchError:
    """Return a library's error in words of ours; nothing of its text goes along."""
    chain = list(_chain(error))
    known = (row for row in FAILURES if any(isinstance(each, row[0]) for each in chain))
    _, passing, words = next(known, UNKNOWN)
    told = {
        "connect": seconds(connect),
        "read": seconds(read),
        "kind": type(error).__name__,
        "why": next(
            (each.verify_message for each in chain if isinstance(each, ssl.SSLCertVerificationError)), ""
        ),
        "tunnel": "".join(re.findall(r"Tunnel connection failed(: \d{3})\b", str(error))[:1]),
    }
    return (PassingError if passing else FetchError)(f"{where}: {words.format_map(told)}, or {BY_HAND}")


def wait_asked(retry_after: str) -> float | None:
    """Return the seconds of a Retry-After (a number or a date); None if it says nothing that can be read."""
    try:
        return Retry().parse_retry_after(retry_after)
    except (library.HTTPError, ValueError, OverflowError):
        return None


def seconds(number: float) -> str:
    """Write a time."""
    return f"{number:.3g} s" if number < 10 else f"{number:.0f} s"


def _titled(page: str) -> str:
    title = re.search(r"(?is)<title[^>]{0,200}>(.{1,500}?)</title>", page[:20_000])
    return f", titled {scrub(' '.join(title.group(1).split()))[:80]!a}" if title else ""


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and those that it wraps."""
    yield error
    for each in (*error.args, getattr(error, "reason", None), getattr(error, "original_error", None)):
        if isinstance(each, BaseException):
            yield from _chain(each)
