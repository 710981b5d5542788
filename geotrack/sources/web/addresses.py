"""Addresses: a url's host, whether it may be asked, and how it is shown without its secrets."""

from __future__ import annotations

import re
from collections.abc import Collection

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

SECRETS = re.compile("key|token|secret|passw|pwd|signature|auth|credential|^sig$", re.IGNORECASE)
"""What a query key is called, in part, whose value nobody else may see."""


def scrub(text: str) -> str:
    """Return a text without the names and passwords of its urls, and without values that look like keys."""
    # A password may hold a raw "/" or "#"; what stands behind the colon is then no port.
    text = re.sub(r"//(?:[^\s/?#]*@|[^\s/:@?#]*:(?!\d*(?:[/?#\s]|$))\S{0,500}@)", "//", text)
    return re.sub(r"([?&;#])([^?&;#=\s]*)=([^&#\s'\"<>]+)", _hide, text)


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


def _hide(pair: re.Match[str]) -> str:
    sign, key, value = pair.groups()
    return f"{sign}{key}={'***' if SECRETS.search(key) else value}"


def _parts(url: str) -> Url:
    try:
        return parse_url(url)
    except LocationParseError:
        return Url()
