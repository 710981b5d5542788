"""Where finished pages stand in the web: addresses, checked and put together."""

from __future__ import annotations

import re

from geotrack import secrecy
from geotrack.errors import SpecError

ADDRESS = re.compile(r"https?://[\w.\-\[\]:]+(?:/[\w.~%!$&()*+,;=:@/\-]*)?", re.ASCII)
UNTOUCHED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

PICTURE = (1200, 630)
"""Pixels of the picture that stands beside a page."""


def checked(url: str) -> str:
    """Return the folder's address, with a slash at its end; "" stays.

    Raises
    ------
    SpecError : not an address that a page of this folder can have.
    """
    if told := secrecy.fault("--url", url):
        raise SpecError(told)
    if url and not ADDRESS.fullmatch(url):
        raise SpecError(
            f"--url {url!r} is not the address of a folder of pages; expected one such as "
            "https://example.org/maps/ (http or https, without ? and #)"
        )
    return url if not url or url.endswith("/") else url + "/"


def page(url: str, name: str) -> str:
    """Return the address of a map's page: relative if the folder's is not known.

    Parameters
    ----------
    url : of the folder, see `checked`.
    name : the map's id, the stem of its files.
    """
    return file(url, name, ".html")


def file(url: str, name: str, suffix: str) -> str:
    """Return the address of one of a map's files."""
    return f"{url}{quoted(name)}{suffix}"


def quoted(text: str) -> str:
    """Write a text as a part of an address: what is no plain letter or digit as %XX of its UTF-8."""
    return "".join(chr(b) if b in UNTOUCHED else f"%{b:02X}" for b in text.encode("utf-8"))
