"""Surroundings: the bundle of certificates and the proxy that the environment names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from geotrack.addresses import host_of
from geotrack.errors import FetchError
from geotrack.refusals import PROXY

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
