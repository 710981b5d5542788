"""Bodies: a reply's bytes as they come in, whole or not at all, and never more than the limit."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from urllib3 import HTTPResponse
from urllib3.exceptions import HTTPError

from geotrack.errors import FetchError
from geotrack.sources.web.refusals import BY_HAND, LATER, PassingError

CHUNK = 2**16
LONGEST_PAGE = 2**18
"""Bytes of a refusal, which is read only to tell why."""

Headers = Mapping[str, str]
Check = Callable[[], object]


def read(where: str, headers: Headers, raw: HTTPResponse, size: int, check: Check) -> bytes:
    """Return a body, decompressed.

    Parameters
    ----------
    where : host and path, for messages.
    headers : of the reply; names in any case.
    raw : the reply, none of it read yet.
    size : bytes, at most: as sent, and decompressed.
    check : called before every piece; raises when the time is over.

    Raises
    ------
    FetchError : too large, cut off, longer than it says, of unclear length, or packed otherwise than by gzip.
    """
    length = headers.get("Content-Length")
    coding = headers.get("Transfer-Encoding", "").strip().lower()
    packed = "gzip" in headers.get("Content-Encoding", "").lower()  # which says itself where it ends
    if not (coding == "chunked" or (not coding and (packed if length is None else length.isdecimal()))):
        raise FetchError(
            f"{where}: a lost half could not be told: Content-Length is {length!a} and Transfer-Encoding "
            f"{coding!a}; expected a reply that says how long it is; {LATER}"
        )
    if not coding and length is not None and int(length[:20]) > size:
        raise _too_large(where, size)
    return b"".join(_pieces(where, headers, raw, size, check))


def glance(where: str, headers: Headers, raw: HTTPResponse, check: Check) -> str:
    """Return the text of a refusal as far as it can be had: its status matters more than its page."""
    out = bytearray()
    with suppress(FetchError, HTTPError, OSError, ValueError):
        for piece in _pieces(where, headers, raw, LONGEST_PAGE, check):
            out += piece
    return out.decode("utf-8", errors="replace")


def _pieces(where: str, headers: Headers, raw: HTTPResponse, size: int, check: Check) -> Iterator[bytes]:
    """Yield a body decompressed; in all at most one byte more than the size is unpacked."""
    encoding = headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError(f"{where}: packed as {encoding[:60]!a}; expected gzip or nothing; {LATER}")
    gzip = _Gzip(where) if "gzip" in encoding else None
    sent = unpacked = 0
    for chunk in _chunks(where, raw, check):
        piece = gzip.feed(chunk, size + 1 - unpacked) if gzip else chunk
        sent += len(chunk)
        unpacked += len(piece)
        if max(sent, unpacked) > size:
            raise _too_large(where, size)
        yield piece
    if gzip and sent and not gzip.ended:
        raise PassingError(f"{where}: the packed reply ends half-way; {LATER}")


def _chunks(where: str, raw: HTTPResponse, check: Check) -> Iterator[bytes]:
    """Yield a body as it comes in; urllib3 raises where it ends before its stated length."""
    while True:
        check()
        left = raw.length_remaining  # None where the reply comes in chunks
        if left == 1 and _goes_on(raw):
            raise FetchError(f"{where}: longer than its Content-Length says; {LATER}")
        chunk = raw.read1(CHUNK if left is None else max(1, min(CHUNK, left - 1)), decode_content=False)
        if not chunk:
            return
        yield chunk


def _goes_on(raw: HTTPResponse) -> bool:
    """Say whether more than the last byte has come in already."""
    buffered = getattr(getattr(raw, "_fp", None), "fp", None)  # urllib3 has no public way to look ahead
    return buffered is not None and len(buffered.peek(2)) > 1


def _too_large(where: str, size: int) -> FetchError:
    return FetchError(
        f"{where}: more than {size / 2**20:g} MiB, the most that is read of one file; look at the address "
        f"in a browser; if all is well there, {BY_HAND}"
    )


class _Gzip:
    """Packed bytes, unpacked no further than is asked for."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._member = zlib.decompressobj(31)

    @property
    def ended(self) -> bool:
        return self._member.eof

    def feed(self, chunk: bytes, most: int) -> bytes:
        out = bytearray()
        try:
            while chunk and len(out) < most:
                if self.ended:  # gzip files may stand one behind the other
                    self._member = zlib.decompressobj(31)
                out += self._member.decompress(chunk, most - len(out))
                chunk = self._member.unconsumed_tail or self._member.unused_data
        except zlib.error:
            raise FetchError(f"{self._where}: the packed reply is damaged; expected gzip; {LATER}") from None
        return bytes(out)
