"""Pieces for documents: a map's picture with caption, alt text and source, in Markdown and LaTeX."""

from __future__ import annotations

import re

from geotrack.captions.card import Card
from geotrack.language.text import one_line
from geotrack.publish.escaping import escaped

LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
    '"': r"\char34{}",  # babel makes the plain one a command in some languages
    "\u00a0": "~",
    "\u202f": r"\,",
    "−": r"\ensuremath{-}",  # what pdfLaTeX does not know by itself
    "×": r"\texttimes{}",
    "≤": r"\ensuremath{\leq}",
    "≥": r"\ensuremath{\geq}",
}


def markdown(card: Card, picture: str, link: str) -> str:
    """Return a picture that links to the full map, and its caption, in Markdown.

    Parameters
    ----------
    picture : address of the picture as the document sees it: plain letters only, or quoted.
    link : address of the full map.
    """
    caption = _shown(f"{card.caption} {card.source}")
    image = f"![{_shown(card.alt)}]({_target(picture)})"
    return f"[{image}]({_target(link)})\n\n{caption} [{_shown(card.more)}]({_target(link)})\n"


def latex(card: Card, picture: str) -> str:
    r"""Return a figure environment with \includegraphics, alt text, \caption and \label.

    Parameters
    ----------
    picture : name of the picture's file: plain letters, digits, "-" and "." only.
    """
    caption = escaped_latex(f"{card.caption} {card.source}")
    needs = "graphicx of 2021 or later (alt texts)"
    needs += "" if _plain(caption) else "; XeLaTeX or LuaLaTeX with a font for this language"
    return (
        f"% needs {needs}\n\\begin{{figure}}[htbp]\n  \\centering\n"
        f"  \\includegraphics[width=\\linewidth,alt={{{escaped_latex(card.alt)}}}]{{{picture}}}\n"
        f"  \\caption{{{caption}}}\n  \\label{{fig:{file_name(card.id)}}}\n\\end{{figure}}\n"
    )


def _shown(text: str) -> str:
    """Write a text in one line of Markdown, as it is."""
    return escaped(one_line(text))


def escaped_latex(text: str) -> str:
    """Write a text so that LaTeX sets it as it is: no command, no special character, in one line."""
    return "".join(LATEX.get(c, c) for c in one_line(text))


def file_name(stem: str) -> str:
    """Return the stem of a picture's file that every document can name without quoting."""
    return re.sub(r"[^A-Za-z0-9-]+", "-", stem).strip("-") or "map"


def _plain(text: str) -> bool:
    """Whether pdfLaTeX sets it: Latin letters and usual punctuation."""
    return all(ord(c) < 0x250 or c in "–—‘’“”…•€™" for c in text)


def _target(address: str) -> str:
    """Write an address for a link's round brackets."""
    return re.sub(r"[()<>\\\s]", lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), address)
