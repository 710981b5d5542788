"""Secrecy: names, passwords and keys in addresses, which nobody else may see, taken out or refused."""

from __future__ import annotations

import re
from collections.abc import Mapping

SECRETS = re.compile(
    r"(?:^|[^a-z]|api|access|auth|client|consumer|private|shared)key(?:s?$|[^a-z]|id)"
    r"|token|secret|passw|pwd|signature|auth(?!or(?!i))|credential|^(?:sig|pw|pass)$",
    re.IGNORECASE,
)
"""What a query key is called, in part, whose value nobody else may see: no "keyword", "dockey", "author"."""


def scrub(text: str) -> str:
    """Return a text without the names and passwords of its urls, and without values that look like keys."""
    # A password may hold a raw "/" or "#"; what stands behind the colon is then no port.
    text = re.sub(r"//(?:[^\s/?#]*@|[^\s/:@?#]*:(?!\d*(?:[/?#\s]|$))\S{0,500}@)", "//", text)
    return re.sub(r"([?&;#])([^?&;#=\s]*)=([^&#\s'\"<>]+)", _hide, text)


def fault(what: str, text: str) -> str:
    """Say that a text holds what nobody else may see, without saying it; "" if it does not."""
    shown = scrub(text)
    if shown == text:
        return ""
    return (
        f"{what} holds a name, a password or a key for an address, which pages would show everybody: "
        f"without it, {shown!r}; leave it out"
    )


def faults(texts: Mapping[str, object]) -> list[str]:
    """Say which of some texts hold what nobody else may see, see `fault`."""
    return [said for what, text in texts.items() if isinstance(text, str) and (said := fault(what, text))]


def _hide(pair: re.Match[str]) -> str:
    sign, key, value = pair.groups()
    plain = re.sub("%([0-9A-Fa-f]{2})", lambda found: chr(int(found[1], 16)), key)
    return f"{sign}{key}={'***' if SECRETS.search(plain) else value}"
