"""Pieces for web pages: a rendered map as markup. Pure: what is written where is decided elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape

from geotrack.captions.card import NARROW, Card
from geotrack.captions.card import USUAL as WIDE
from geotrack.errors import SpecError
from geotrack.files import PACKAGE
from geotrack.language.text import plain
from geotrack.render.page import hosting

FOLLOW = PACKAGE / "render/page/static/follow.js"
RIGHTS = "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox"
USUAL = f"{WIDE}px"


def iframe(card: Card, src: str, width: str = USUAL, layout: str = "compact", follow: bool = True) -> str:
    """Return a frame that shows a hosted page, its caption, and the script that follows the page's height.

    Parameters
    ----------
    card : what is said of the map.
    src : address of the page, with the hash that `asked` makes.
    width : greatest width, in "px" or "%".
    follow : whether the script stands there; without it the frame has a fixed ratio.
    """
    frame = (
        f'<iframe data-geotrack="{_attribute(card.id)}" src="{_attribute(src)}" '
        f'title="{_attribute(card.title)}" loading="lazy" referrerpolicy="no-referrer" '
        f'sandbox="{RIGHTS}" style="{_size(card, width, layout)}"></iframe>'
    )
    return _figure(frame, card, width) + (f"\n<script>\n{_script()}</script>" if follow else "")


def srcdoc(card: Card, page: str, width: str = USUAL, layout: str = "compact") -> str:
    """Return one frame that carries the whole page, with its caption; nothing is loaded, now or in years.

    In single quotes, of which a page has few: four bytes for each of thousands of double quotes are spared.
    """
    carried = page.replace("&", "&amp;").replace("'", "&#39;")
    frame = (
        f'<iframe data-geotrack="{_attribute(card.id)}" title="{_attribute(card.title)}" loading="lazy" '
        f'sandbox="{RIGHTS}" style="{_size(card, width, layout)}" srcdoc=\'{carried}\'></iframe>'
    )
    return _figure(frame, card, width)


def inline(card: Card, fragment: str, width: str = "100%") -> str:
    """Return a map as a block of the page itself, with its caption."""
    return _figure(fragment, card, width)


def oembed(card: Card, url: str, width: str = USUAL, src: str = "", layout: str = "compact") -> str:
    """Return the oEmbed answer (version 1.0, type "rich") for a page, as JSON.

    Parameters
    ----------
    url : address of the folder of pages, see `hosting.checked`; not "".
    src : address that the frame shows; the page in its compact layout if not given.
    """
    shown = src or hosting.page(url, card.id) + asked(layout="compact")
    wide, high = card.size(width, layout)
    answer = {
        "version": "1.0",
        "type": "rich",
        "title": card.title,
        "author_name": "; ".join(card.publishers),
        "provider_name": "geotrack",
        "provider_url": url,
        "html": iframe(card, shown, f"{wide}px", layout, follow=False),
        "width": wide,
        "height": high,
        "thumbnail_url": hosting.file(url, card.id, ".og.png"),
        "thumbnail_width": hosting.PICTURE[0],
        "thumbnail_height": hosting.PICTURE[1],
    }
    return json.dumps(answer, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def asked(layout: str = "", at: str = "", metric: str = "", theme: str = "", fixed: bool = False) -> str:
    """Return the hash by which a hosted page takes the look that a piece asks for.

    Examples
    --------
    >>> asked(layout="compact", at="2021-07", fixed=True)
    '#layout=compact&t=2021-07&fixed=1'
    """
    wanted: Mapping[str, str] = {
        "layout": "compact" if layout == "compact" else "",
        "t": at,
        "m": metric,
        "theme": theme,
        "fixed": "1" if fixed else "",
    }
    pairs = [f"{key}={hosting.quoted(value)}" for key, value in wanted.items() if value]
    return "#" + "&".join(pairs) if pairs else ""


def width_of(text: str) -> str:
    """Return a greatest width as CSS writes it: "720" and "720px" are pixels, "100%" a part of the page.

    Raises
    ------
    SpecError : neither, or too small or large to be meant.
    """
    found = re.fullmatch(r"([0-9]{1,4})(px|%)?", text)
    number, unit = (int(found[1]), found[2] or "px") if found else (0, "px")
    least, most = (200, 4000) if unit == "px" else (10, 100)
    if not least <= number <= most:
        raise SpecError(
            f"--width {text!r} is not allowed; expected 200 to 4000 pixels (720px) or 10% to 100%"
        )
    return f"{number}{unit}"


def _figure(content: str, card: Card, width: str) -> str:
    lang, style = _attribute(card.lang), f"margin:0;max-width:{width}"
    caption = escape(card.caption, quote=False)  # the source stands in the map itself
    return (
        f'<figure class="geotrack-figure" lang="{lang}" style="{style}">\n'
        f'{content}\n<figcaption dir="auto">{caption}</figcaption>\n</figure>'
    )


def _size(card: Card, width: str, layout: str) -> str:
    """A fixed ratio until a script knows better; on a phone as high as the text needs that folds there."""
    wide, high = card.size(width, layout)
    least = f"clamp({high}px,(640px - 100vw)*99,{NARROW[layout]}px)"
    return f"display:block;width:100%;aspect-ratio:{wide}/{high};min-height:{least};border:0"


def _script() -> str:
    lines = FOLLOW.read_text(encoding="utf-8").splitlines()
    return "".join(f"{line}\n" for line in lines if not line.startswith("//"))


def _attribute(text: str) -> str:
    """Escape a text for an attribute in double quotes; in one line, for editors that break at newlines."""
    return escape(plain(text))
