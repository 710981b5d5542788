"""What every provider reads bytes with: text, JSON with exact decimals, refusals told from data."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

import pandas as pd

from geotrack.errors import FetchError, ParseError
from geotrack.model import LABELLED_COLUMNS

GUARDS = re.compile(
    r"captcha|just a moment|cf-chl|are you a robot|not a bot|verify you are human|you have been blocked|"
    r"attention required|\| cloudflare|access denied(?! for user)"
)
"""Words of pages that stand between a script and a source. "Cloudflare" alone is also on its pages of one
that is in trouble, and a broken database says "Access denied for user"."""

MOST_DIGITS = 40
"""Digits before or behind the point; no figure has more, and 1e999999 would fill the memory."""


def text_of(name: str, content: bytes) -> str:
    """Return a file's text.

    Raises
    ------
    ParseError : empty, or not UTF-8.
    FetchError : a web page instead of data.
    """
    if not content.strip():
        raise ParseError(f"{name}: empty; expected data; the source gave no reason, try again later")
    refuse_page(name, content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParseError(
            f"{name}: byte {error.start} is no UTF-8 ({content[error.start : error.start + 4]!r}); "
            "expected text in UTF-8: fetch it again, or save it as UTF-8"
        ) from error


def is_guard(text: str) -> bool:
    """Tell whether a page stands between a script and a source, whether it was fetched or saved."""
    return GUARDS.search(text.casefold()) is not None


def refuse_page(name: str, content: bytes) -> None:
    """Refuse a web page that came instead of data.

    Raises
    ------
    FetchError : says what the page is titled, and whether it looks like a guard against scripts.
    """
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not re.match(
        rb"<(!doctype\s+html|html|head|body|\?xml[^>]*>\s*<(!doctype\s+)?html)", head, re.IGNORECASE
    ):
        return
    page = content[:20_000].decode(
        "utf-8", errors="replace"
    )  # enough for a title; bounded against hostile ones
    title = re.search(r"<title[^>]{0,200}>(.{1,500}?)</title>", page, re.IGNORECASE | re.DOTALL)
    named = " ".join(html.unescape(title.group(1)).split())[:80] if title else ""
    what = "a page that keeps scripts out (captcha)" if is_guard(page) else "a web page instead of data"
    raise FetchError(f"{name}: the source answered with {what}{f', titled {named!r}' if named else ''}")


_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def json_of(name: str, content: bytes) -> Any:
    """Return a file's JSON, its numbers as Decimal or int: no digit is lost.

    Raises
    ------
    ParseError : no JSON, or numbers that are none (NaN).
    FetchError : a web page instead of data.
    """
    text = text_of(name, content)

    def refuse(constant: str) -> NoReturn:
        raise ParseError(f"{name}: {constant} is no number; expected JSON with numbers or null")

    try:
        found = json.loads(text, parse_float=Decimal, parse_constant=refuse)
        if _HALF.search(text):  # "\\ud83d\\ude00" is whole; a half alone is no text, and could not be written
            json.dumps(found, ensure_ascii=False, default=str).encode("utf-8")
        return found
    except (ValueError, RecursionError, InvalidOperation) as error:
        start = " ".join(text[:60].split())
        raise ParseError(
            f"{name}: no JSON: {error}; it begins {start!r}; expected the source's JSON"
        ) from error


def decimal_of(value: object) -> Decimal | None:
    """Return a JSON number or a number's text as an exact Decimal; None if it is none."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        if isinstance(value, str) and not re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d{1,3})?", value, re.ASCII):
            return None
        read = Decimal(value)
    except (InvalidOperation, ValueError):
        return None
    return read if read.is_finite() and abs(read.adjusted()) < MOST_DIGITS else None


def plain(value: Decimal) -> str:
    """Write a number without exponent, and without zeros that shifting the point left behind."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def month_of(moment: datetime) -> tuple[str, str]:
    """Return the month around a moment: its first day, and the first day after it."""
    after = (moment.year + moment.month // 12, moment.month % 12 + 1)
    return f"{moment.year:04d}-{moment.month:02d}-01", f"{after[0]:04d}-{after[1]:02d}-01"


def moment_of(seconds: object) -> datetime | None:
    """Return the moment of seconds since 1970 (UTC), or None if it is none between 2009 and 2100."""
    number = decimal_of(seconds)
    if number is None or not 1_230_000_000 <= number <= 4_102_444_800:
        return None
    return datetime.fromtimestamp(int(number), UTC)


def frame_of(rows: list[dict[str, str]]) -> pd.DataFrame:
    """Return rows as a frame in LABELLED_COLUMNS, "" where a row says nothing."""
    table = {column: [row.get(column, "") for row in rows] for column in LABELLED_COLUMNS}
    return pd.DataFrame(table, dtype="str")
