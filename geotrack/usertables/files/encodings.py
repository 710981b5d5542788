"""The encoding of a text: what its bytes prove, else what they look like, for the user to say."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from geotrack.errors import AmbiguousError, Choice, ParseError, Question, SpecError
from geotrack.usertables.files import scripts

SAMPLE, JUDGED = 20_000_000, 300_000
"""Bytes from the beginning that an encoding is told from, and of their lines beyond ASCII."""


class Found(NamedTuple):
    """An encoding, as Python calls it, and how people do."""

    codec: str
    told: str


def find(content: bytes, name: str, said: str = "") -> Found:
    """Return the encoding of a text.

    Bytes that are no UTF-8 may be any of dozens of encodings: one is taken only where the letters beyond
    ASCII make words as its languages write them; else the likely ones are offered, with a sample of each.

    Parameters
    ----------
    said : the user's word.

    Raises
    ------
    ParseError : NUL characters, or bytes that the encoding does not have.
    SpecError : there is no encoding of that name.
    AmbiguousError : several encodings may be meant.
    """
    if said:
        return _said(content, name, said)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _utf16(content, name)
    if unmarked := _unmarked(content):
        return unmarked
    nul = content.find(b"\0")
    _refuse_nul(nul, content.count(b"\n", 0, max(nul, 0)), name)
    if content.startswith(codecs.BOM_UTF8):
        return Found("utf-8-sig", "UTF-8 with a byte order mark")
    return Found("utf-8", "UTF-8") if _mostly_utf8(content) else _eight_bits(content, name)


def _said(content: bytes, name: str, said: str) -> Found:
    try:
        plain = said.strip().lower().replace("windows-", "cp").replace("-", "_")
        codec = codecs.lookup(_WIDER.get(plain, plain))
        if not codec._is_text_encoding:
            raise LookupError
        text = content.decode(codec.name)
    except LookupError as error:
        raise SpecError(
            f"encoding = {said!r} is not known; expected one such as utf-8, gb18030, shift_jis, windows-1251"
        ) from error
    except UnicodeError as error:
        at = getattr(error, "start", 0)
        raise ParseError(
            f"{name}: line {content.count(10, 0, at) + 1} is not in the encoding {said} (byte {at}); "
            "say another one: --encoding, or leave it out"
        ) from error
    place = text.find("\0")
    _refuse_nul(place, text.count("\n", 0, max(place, 0)), name)
    marked = codec.name == "utf-8" and content.startswith(codecs.BOM_UTF8)
    return Found("utf-8-sig" if marked else codec.name, f"{said}, as you say")


_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "sjis": "cp932", "euc_kr": "cp949"}
"""What texts that call themselves so are in: the same, with all that was added."""


def _utf16(content: bytes, name: str) -> Found:
    try:
        text = content.decode("utf-16")
    except UnicodeDecodeError as error:
        raise ParseError(
            f"{name}: byte {error.start} is no UTF-16 ({error.reason}), though the file begins as such; "
            "save it anew as CSV in UTF-8"
        ) from error
    _refuse_nul(text.find("\0"), text.count("\n", 0, max(text.find("\0"), 0)), name)
    return Found("utf-16", "UTF-16")


def _unmarked(content: bytes) -> Found | None:
    """Tell UTF-16 without its mark: every other byte of ASCII is NUL, and the text has lines and no NUL."""
    head = content[:4000]
    for codec, at in (("utf-16-le", 1), ("utf-16-be", 0)):
        if len(content) % 2 or head[at::2].count(0) * 10 < len(head) or head[1 - at :: 2].count(0):
            continue
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and "\n" in text:
            return Found(codec, "UTF-16 without a byte order mark")
    return None


def _refuse_nul(place: int, lines: int, name: str) -> None:
    if place >= 0:
        raise ParseError(
            f"{name}: line {lines + 1} holds a NUL character; expected text: this is another kind of file, a "
            "damaged one, or UTF-16 without its mark; save the table as CSV in UTF-8"
        )


def _mostly_utf8(content: bytes) -> bool:
    """Tell UTF-8, if need be with some damage, from encodings where few letters in a row look like it."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("utf-8", errors="surrogateescape")
        letters, broken = "[^\0-\x7f\udc80-\udcff]", len(re.findall("[\udc80-\udcff]", text))
        beside = re.search(f"[\udc80-\udcff]{letters}|{letters}[\udc80-\udcff]", text)
        # side by side with what is none they may be chance: half a character of Big5, and another's
        return len(re.findall(letters, text)) >= (4 if beside else 1) * broken
    return True


OFFERED = 8
"""Readings of a text that are offered at most."""


def _eight_bits(content: bytes, name: str) -> Found:
    """Return the encoding that a text's words prove; else offer those that it reads plausibly in."""
    sample = content[:SAMPLE].rpartition(b"\n")[0] or content[:SAMPLE]
    lines = b"\n".join(dict.fromkeys(line for line in sample.split(b"\n") if not line.isascii()))
    found = scripts.readings(lines[:JUDGED].rpartition(b"\n")[0] if len(lines) > JUDGED else lines)
    if not found:  # what is no character is refused where it stands
        return Found("cp1252", "Windows-1252, as it is no UTF-8")
    best = found[0]
    if scripts.sure(found):
        shown = f": {best.shown}" if best.shown else ""
        return Found(best.codec, f"{best.name}, told from its letters{shown}")
    likely = [each for each in found if each.score >= max(best.score * 0.4, 0.1)][:OFFERED] or found[:3]
    choices = tuple(Choice("encoding", each.encoding, f"{each.name}: {each.shown}") for each in likely)
    raise AmbiguousError(Question(f"{name}: the text is no UTF-8; it looks like {best.name}", choices))
