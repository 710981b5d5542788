"""How the web is asked: who asks, how long, how much and how often; `session` asks, and is slow to load."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version as version_of

from geotrack.errors import SpecError, first_few


@dataclass(frozen=True)
class Limits:
    """How long, how much and how often.

    Parameters
    ----------
    connect, read : seconds until a connection stands, and between two pieces of a reply.
    total : seconds for one call of `get`: repeats, redirects and waiting included.
    size : bytes of a reply, as sent and decompressed.
    tries : attempts in all.
    backoff : seconds that the wait between attempts starts from; it doubles, and a chance part is added.
    longest_wait : seconds; a source that asks for a longer wait is told no.
    redirects : how many are followed.
    """

    connect: float = 10.0
    read: float = 30.0
    total: float = 120.0
    size: int = 64 * 2**20
    tries: int = 4
    backoff: float = 0.5
    longest_wait: float = 60.0
    redirects: int = 5


LIMITS = Limits()


def agent(version: str, contact: str) -> str:
    """Return the User-Agent: who asks, and how to reach the person behind it.

    Raises
    ------
    SpecError : a contact that no header can hold.
    """
    contact = contact.strip()
    bad = sorted({c for c in contact if not c.isprintable() or ord(c) > 255})
    if bad or len(contact) > 200:
        found = first_few(map(ascii, bad), ", ") if bad else f"{len(contact)} characters"
        raise SpecError(
            f"contact {contact[:60]!a}: found {found}; expected one line of at most 200 Latin letters, "
            "as a web request's header holds them; write a name and an address such as jo@example.org"
        )
    return f"geotrack/{version} ({contact or 'no contact given'}) python-requests/{version_of('requests')}"
