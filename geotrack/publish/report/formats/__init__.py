"""The formats of a report, by suffix. A new one is a module here and a line below."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from geotrack.publish.report.document import Document

Files = dict[Path, str | bytes]


def _html(document: Document, out: Path) -> Files:
    from geotrack.publish.report.formats.html import article

    return {out: article(document)}


def _markdown(document: Document, out: Path) -> Files:
    from geotrack.publish.report.formats.markdown import markdown

    text, files = markdown(document, f"{out.stem}_files")
    return {out: text, **{out.parent / name: content for name, content in files.items()}}


def _word(document: Document, out: Path) -> Files:
    from geotrack.publish.report.formats.word import word

    return {out: word(document)}


def _pdf(document: Document, out: Path) -> Files:
    from geotrack.publish.report.formats.pdf import typeset

    return {out: typeset(document)}


FORMATS: dict[str, Callable[[Document, Path], Files]] = {
    ".html": _html,
    ".md": _markdown,
    ".docx": _word,
    ".pdf": _pdf,
}
"""By suffix: what makes a report's files, path -> content; each loads its libraries when it is called."""
