"""The terminal or pipe that commands print to: its encoding may lack letters, and its reader may leave."""

from __future__ import annotations

import codecs
import errno
import io
import os
import signal
import sys
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

GONE = {errno.EPIPE} | ({errno.EINVAL} if os.name == "nt" else set())
"""What a pipe says whose reader has left."""
PLAIN = {
    "−": "-", "–": "-", "—": "-", "─": "-", "×": "x", "·": "|", "•": "*", "→": "->", "≤": "<=", "≥": ">=",
    "“": '"', "”": '"', "‘": "'", "’": "'", "€": "EUR", "：": ": ", "，": ", ", "、": ", ", "。": ".",
    "\u2028": "\n", "\u2029": "\n", "\u2068": "", "\u2069": "",
}  # fmt: skip
"""Signs that plain letters can stand for; of letters with accents the letters do."""


class ReaderGone(Exception):
    """Whoever read our output has left (`geotrack show ... | head`): nothing is wrong."""


def prepare() -> None:
    """Make sure that there are streams to print to, and that no character can stop them."""
    codecs.register_error("geotrack", _otherwise)
    for name in ("stdout", "stderr"):
        stream: Any = getattr(sys, name)
        if stream is None:  # closed by whoever started us: `>&-`
            setattr(sys, name, io.StringIO())
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="geotrack")


INTERRUPTED = 130
"""The exit code of a command that Ctrl-C ended, as shells have it."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt meanwhile; before and after, it ends the process without a word."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before not in (_USUAL, signal.SIG_DFL):
        yield  # ignored by whoever started us, or another program's affair
        return
    hook = sys.unraisablehook
    try:
        sys.unraisablehook = _unraisable
        signal.signal(signal.SIGINT, _USUAL)
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        sys.unraisablehook = hook


_USUAL = signal.default_int_handler


def _unraisable(found: Any) -> None:
    """End where Python would say that it ignores a KeyboardInterrupt, and go on."""
    if found.exc_type is KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.raise_signal(signal.SIGINT)
    sys.__unraisablehook__(found)


def _otherwise(error: UnicodeError) -> tuple[str, int]:
    """Write what an encoding lacks in plain letters; see `codecs.register_error`."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(letter: str) -> str:
    if letter in PLAIN:
        return PLAIN[letter]
    if "\udc80" <= letter <= "\udcff":  # a byte of a file's name that is no text
        return f"\\x{ord(letter) - 0xDC00:02x}"
    return unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode("ascii") or "?"


def writable(text: str) -> bool:
    """Return whether stdout's encoding has all of a text's characters."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def tell(text: str) -> None:
    """Say something on stderr, if there is still somebody who hears it."""
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        silence(sys.stderr)


def flush() -> str:
    """Give out what has been printed; return why that cannot be done, "" if it can or nobody reads it."""
    reason = ""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError as error:
            silence(stream)
            reason = reason or ("" if error.errno in GONE else error.strerror or str(error))
    return reason


def silence(*streams: TextIO) -> None:
    """Let streams lead nowhere, so that what they hold back is no fault when the program ends."""
    for stream in streams:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
