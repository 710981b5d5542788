"""Addresses: a url's host, and whether it may be asked."""

from __future__ import annotations

from collections.abc import Collection

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from geotrack.secrecy import scrub


def host_of(url: str) -> str:
    """Return a url's host, with its port where that is unusual; "" if it has none."""
    parts = _parts(url)
    host = parts.host or ""
    return host if parts.port in (None, 443) else f"{host}:{parts.port}"


def place_of(url: str) -> str:
    """Return a url's host and path, for a message."""
    return f"{host_of(url)}{_parts(url).path or ''}" or scrub(url)[:200].encode("ascii", "replace").decode()


def may_ask(url: str, hosts: Collection[str]) -> bool:
    """Say whether a url is https, without a name or password, at one of the hosts."""
    parts = _parts(url)
    return parts.scheme == "https" and not parts.auth and bool(parts.host) and host_of(url) in hosts


def _parts(url: str) -> Url:
    try:
        return parse_url(url)
    except LocationParseError:
        return Url()
