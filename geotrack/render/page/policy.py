"""The policy of a page: it names its own scripts and styles by their hashes, and nothing else may run.

A page in a frame of a page (`srcdoc`) keeps the policies of both: the outer one names what the inner names.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterable

from markupsafe import escape

PLACE = "geotrack-policy"
"""What a template is handed for its policy; `stated` puts the policy there."""

POLICY = "; ".join(
    ("default-src 'none'", "script-src {}", "style-src {}", "img-src data: blob:", "base-uri 'none'",
     "form-action 'none'")
)  # fmt: skip
OPEN = POLICY.format("'unsafe-inline'", "'unsafe-inline'")
"""Of a page with others' layers, which may bring scripts and styles of their own; it asks no host either."""

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_UNSCRIPTED = re.compile(r"<noscript>\s*<style>(.*?)</style>", re.DOTALL)
_ATTRIBUTE = re.compile(r'\sstyle="([^"]*)"')
_FRAME = re.compile(r'\ssrcdoc="([^"]*)"')
_STATED = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')


def stated(text: str, scripts: str = "", frames: str = "", unpacked: Iterable[str] = ()) -> str:
    """Return a page with its policy in its place.

    Parameters
    ----------
    scripts : the elements of its scripts, as they were made: one that found another way into the page is not
        named, and does not run.
    frames : the elements of its frames, as they were made.
    unpacked : scripts that the page's own script adds to it.
    """
    found = dict.fromkeys([*(_hash(each) for each in _SCRIPT.findall(scripts)), *map(_hash, unpacked)])
    own_styles = [*_STYLE.findall(text.partition("</head>")[0]), *_UNSCRIPTED.findall(text)]
    styles = dict.fromkeys(map(_hash, own_styles))
    outside = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
    if own := dict.fromkeys(_hash(html.unescape(each)) for each in _ATTRIBUTE.findall(outside)):
        styles |= dict.fromkeys(["'unsafe-hashes'", *own])
    for inner in _FRAME.findall(frames):
        its = _named(html.unescape(inner))
        found |= dict.fromkeys(its.get("script-src", ()))
        styles |= dict.fromkeys(its.get("style-src", ()))
    told = POLICY.format(" ".join(found) or "'none'", " ".join(styles) or "'none'")
    return text.replace(PLACE, str(escape(told)), 1)


def _named(page: str) -> dict[str, list[str]]:
    """Return what the policy of a page in a frame names, by its directives."""
    policy = _STATED.search(page)
    parts = html.unescape(policy[1]).split("; ") if policy else []
    return {name: sources.split(" ") for name, _, sources in (part.partition(" ") for part in parts)}


def _hash(content: str) -> str:
    """Return a text's hash as policies name it, of its characters as browsers read them."""
    plain = content.replace("\r\n", "\n").replace("\r", "\n")
    return f"'sha256-{base64.b64encode(hashlib.sha256(plain.encode('utf-8')).digest()).decode('ascii')}'"
