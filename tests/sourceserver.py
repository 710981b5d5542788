"""A real server on this machine that plays every https host, for tests of what geotrack asks of the web.

It is a proxy: whoever has `SourceServer.env()` in the environment reaches it for each host, and it ends TLS
with a certificate of that host, made by an authority that only `env()` trusts. Nothing leaves the machine.

    with SourceServer() as server:
        server.route("https://ccaf.io/cbeci/api/charts/mining_countries", b'{"data": []}')
        server.route("https://mempool.space/api", broken(2, b"{}"))      # 500, 500, then 200
        subprocess.run(..., env={**os.environ, **server.env()})
        server.asked("ccaf.io")                                          # what was asked of it

Tests that take the fixture `source_server` have the environment set already. A handler is a function of an
`Exchange`; slow ones end when the client or the server goes, so that no test waits for them.
"""

from __future__ import annotations

import functools
import gzip
import itertools
import re
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO, Self

import pytest
import trustme

Headers = Mapping[str, str]

CAPTCHA = (
    b"<!doctype html><html><head><title>Just a moment...</title></head>"
    b"<body>Complete the captcha to go on.</body></html>"
)
PAGE = b"<!doctype html><html><head><title>Maintenance</title></head><body>Back soon.</body></html>"


@dataclass(frozen=True)
class Request:
    """What was asked: `target` is the path with its query; names of headers are in lower case."""

    method: str
    host: str
    target: str
    headers: dict[str, str]

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.target}"


@dataclass
class Exchange:
    """One request, and the way to answer it."""

    request: Request
    number: int  # of this request among those to the same route, from 0
    closing: threading.Event
    stream: BinaryIO
    keep: bool = True  # whether the connection serves another request

    def raw(self, content: bytes) -> None:
        """Send bytes as they are."""
        self.stream.write(content)
        self.stream.flush()

    def reply(self, content: bytes = b"", status: int = 200, headers: Headers | None = None) -> None:
        """Send a whole answer, with its length unless `headers` say something else."""
        said = {"Content-Type": "application/json", **(headers or {})}
        if "Transfer-Encoding" not in said and status != 304:
            said.setdefault("Content-Length", str(len(content)))
        self.raw(head(status, said) + content)

    def drip(self, pieces: Iterator[bytes], every: float = 0.02) -> None:
        """Send piece after piece, until client or server goes."""
        self.keep = False
        for piece in pieces:
            if self.closing.is_set():
                return
            self.raw(piece)
            self.closing.wait(every)


Handler = Callable[[Exchange], None]


def head(status: int, headers: Headers) -> bytes:
    """Return a status line and headers; a value may hold anything, for tests of bad ones."""
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unknown"
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


class SourceServer:
    """The server: routes, what was asked, and what went wrong in a handler."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.tunnels: list[Request] = []  # the CONNECT requests, with what the proxy was told
        self.proxy_status = 200  # what CONNECT is answered with
        self._routes: dict[str, Handler] = {}
        self._counts: dict[str, int] = {}
        self._problems: list[BaseException] = []
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._folder = tempfile.TemporaryDirectory()
        self._bundle = Path(self._folder.name) / "authority.pem"
        _authority().cert_pem.write_to_path(self._bundle)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        if self._problems:
            raise AssertionError("a handler failed") from self._problems[0]

    def env(self) -> dict[str, str]:
        """Return the environment in which every https host is this server."""
        proxy, bundle = f"http://127.0.0.1:{self.port}", str(self._bundle)
        told = {"HTTPS_PROXY": proxy, "HTTP_PROXY": proxy, "ALL_PROXY": "", "NO_PROXY": ""}
        bundles = dict.fromkeys(("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"), bundle)
        return {**told, **{name.lower(): value for name, value in told.items()}, **bundles}

    def route(
        self, url: str, answer: Handler | bytes | str, *, status: int = 200, headers: Headers | None = None
    ) -> None:
        """Answer an address; one without a query answers all queries. The last route of an address counts."""
        content = answer.encode() if isinstance(answer, str) else answer
        handler = content if callable(content) else sends(content, status, headers)
        self._routes[url.removeprefix("https://")] = handler
        self._counts.pop(url.removeprefix("https://"), None)

    def asked(self, host: str = "") -> list[str]:
        """Return the addresses that were asked, in order, of one host or of all."""
        return [each.url for each in self.requests if not host or each.host == host]

    def close(self) -> None:
        """End all that goes on, and wait for it to end."""
        self._closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            still_open = list(self._open)
        for each in still_open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive(), f"{thread.name} does not end"
        self._folder.cleanup()

    def _start(self, work: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=work, args=args, name=f"source server {self.port}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open.add(client)
            self._start(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        """Serve one connection; a client that goes away is no problem, a handler's mistake is one."""
        try:
            self._tunnel(client)
        except (OSError, ValueError) as error:
            if isinstance(error, ValueError) and not self._closing.is_set():
                self._problems.append(error)
        except Exception as error:
            self._problems.append(error)
        finally:
            with self._lock:
                self._open.discard(client)
            client.close()

    def _tunnel(self, client: socket.socket) -> None:
        with client.makefile("rb", buffering=0) as plain:
            asked = _read_request(plain, "")
        if asked is None:
            return
        if asked.method != "CONNECT":
            self.requests.append(asked)
            client.sendall(head(501, {"Content-Length": "0", "Connection": "close"}))
            return
        self.tunnels.append(asked)
        length = {} if self.proxy_status == 200 else {"Content-Length": "0"}
        client.sendall(head(self.proxy_status, length))
        if self.proxy_status != 200:
            return
        name, _, port = asked.target.rpartition(":")
        host = name if port == "443" else asked.target
        with _context(name).wrap_socket(client, server_side=True) as secure:
            with self._lock:
                self._open.add(secure)
            try:
                self._answer_all(secure, host)
            finally:
                with self._lock:
                    self._open.discard(secure)

    def _answer_all(self, secure: ssl.SSLSocket, host: str) -> None:
        with secure.makefile("rwb") as stream:
            while not self._closing.is_set():
                asked = _read_request(stream, host)
                if asked is None:
                    return
                exchange = self._record(asked, stream)
                self._handler(asked)(exchange)
                if not exchange.keep or asked.headers.get("connection") == "close":
                    return

    def _key(self, asked: Request) -> str:
        exact = f"{asked.host}{asked.target}"
        return exact if exact in self._routes else exact.partition("?")[0]

    def _handler(self, asked: Request) -> Handler:
        return self._routes.get(self._key(asked), missing())

    def _record(self, asked: Request, stream: BinaryIO) -> Exchange:
        with self._lock:
            self.requests.append(asked)
            number = self._counts.get(self._key(asked), 0)
            self._counts[self._key(asked)] = number + 1
        return Exchange(asked, number, self._closing, stream)


# What is right: handlers


def sends(content: bytes, status: int = 200, headers: Headers | None = None) -> Handler:
    """Answer with a body."""
    return lambda exchange: exchange.reply(content, status, headers)


def validated(content: bytes, etag: str = '"1"', last_modified: str = "") -> Handler:
    """Answer with validators, and with 304 to who sends one of them back."""

    def answer(exchange: Exchange) -> None:
        asked = exchange.request.headers
        told = {"ETag": etag, "Last-Modified": last_modified}
        headers = {name: value for name, value in told.items() if value}
        same = asked.get("if-none-match") == etag if "if-none-match" in asked else False
        same = same or bool(last_modified and asked.get("if-modified-since") == last_modified)
        exchange.reply(b"" if same else content, 304 if same else 200, headers)

    return answer


def packed(content: bytes) -> Handler:
    """Answer with a body packed by gzip."""
    return sends(gzip.compress(content, mtime=0), headers={"Content-Encoding": "gzip"})


def chunked(content: bytes, size: int = 1000) -> Handler:
    """Answer with a body in chunks."""
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    body = b"".join(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces)
    return sends(body + b"0\r\n\r\n", headers={"Transfer-Encoding": "chunked"})


def in_turn(*handlers: Handler) -> Handler:
    """Let each handler answer once, and the last one ever after."""
    return lambda exchange: handlers[min(exchange.number, len(handlers) - 1)](exchange)


def pages(make: Callable[[int], bytes]) -> Handler:
    """Answer the n-th request (from 0) with `make(n)`: paging, or a loop of pages that never ends."""
    return lambda exchange: exchange.reply(make(exchange.number))


# What goes wrong: handlers


def captcha() -> Handler:
    """403 with a page that keeps scripts out."""
    return sends(CAPTCHA, 403, {"Content-Type": "text/html"})


def forbidden() -> Handler:
    """403 in plain text."""
    return sends(b"Forbidden", 403, {"Content-Type": "text/plain"})


def missing() -> Handler:
    """404 as an API says it."""
    return sends(b'{"error": "Not Implemented"}', 404)


def busy(times: int, content: bytes = b"{}", wait: str = "0") -> Handler:
    """429 that asks to wait, some times, then 200."""
    return in_turn(*[sends(b"", 429, {"Retry-After": wait})] * times, sends(content))


def broken(times: int, content: bytes = b"{}", status: int = 500) -> Handler:
    """500 some times, then 200."""
    return in_turn(*[sends(b"", status)] * times, sends(content))


def silent() -> Handler:
    """No answer at all."""
    return lambda exchange: exchange.drip(itertools.repeat(b""))


def slow_headers() -> Handler:
    """Headers that come in for ever, so that no pause is ever long."""
    lines = (f"X-{number}: {number}\r\n".encode() for number in itertools.count())
    return lambda exchange: exchange.drip(itertools.chain([b"HTTP/1.1 200 OK\r\n"], _letters(lines)))


def slow_body(length: int = 10**6) -> Handler:
    """A body that comes in byte by byte."""
    start = head(200, {"Content-Length": str(length)})
    return lambda exchange: exchange.drip(itertools.chain([start], itertools.repeat(b" ", length)))


def half(content: bytes) -> Handler:
    """Half of the body, then the connection is closed."""
    return wrong_length(content[: len(content) // 2], len(content))


def half_chunked(content: bytes) -> Handler:
    """One chunk of two, then the connection is closed."""
    start = head(200, {"Transfer-Encoding": "chunked"})
    return ends_after(start + f"{len(content):x}\r\n".encode() + content + b"\r\n")


def wrong_length(content: bytes, length: int | str) -> Handler:
    """A body whose stated length is another one; then the connection is closed."""
    return ends_after(head(200, {"Content-Type": "text/csv", "Content-Length": str(length)}) + content)


def ends_after(content: bytes) -> Handler:
    """Send bytes as they are, then close the connection."""

    def answer(exchange: Exchange) -> None:
        exchange.keep = False
        exchange.raw(content)

    return answer


def bomb(size: int = 64 * 2**20) -> Handler:
    """A small packed body that unpacks to a large one."""
    return sends(_bomb(size), headers={"Content-Encoding": "gzip"})


def page(content: bytes = PAGE) -> Handler:
    """200 with a web page instead of data."""
    return sends(content, headers={"Content-Type": "text/html; charset=utf-8"})


def mislabelled(content: bytes, media: str = "text/html; charset=utf-8") -> Handler:
    """The right body under a wrong content type."""
    return sends(content, headers={"Content-Type": media})


def empty() -> Handler:
    """200 with nothing."""
    return sends(b"")


def redirect(to: str, status: int = 302) -> Handler:
    """A redirect to any address, good or bad."""
    return sends(b"", status, {"Location": to} if to else {})


@pytest.fixture
def source_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SourceServer]:
    """A server that plays every https host for this test, and for the commands that it starts."""
    with SourceServer() as server:
        for name, value in server.env().items():
            monkeypatch.setenv(name, value)
        yield server


@functools.cache
def _authority() -> trustme.CA:
    return trustme.CA()


@functools.cache
def _context(host: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _authority().issue_cert(host).configure_cert(context)
    return context


@functools.cache
def _bomb(size: int) -> bytes:
    return gzip.compress(bytes(size), mtime=0)


def _letters(lines: Iterator[bytes]) -> Iterator[bytes]:
    return (line[at : at + 1] for line in lines for at in range(len(line)))


def _read_request(stream: BinaryIO, host: str) -> Request | None:
    """Read a request; None where the connection was closed instead."""
    lines = []
    while (line := stream.readline(65536)).strip():
        lines.append(line.decode("latin-1").rstrip("\r\n"))
    if not lines or not line:
        return None
    method, target, _ = lines[0].split(" ", 2)
    pairs = (re.split(r":\s*", each, maxsplit=1) for each in lines[1:])
    return Request(method, host, target, {name.lower(): value for name, value in pairs})
