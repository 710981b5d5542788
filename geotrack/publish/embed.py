"""A piece of a map for somebody's page or document: what it is made of, and where its files go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geotrack.captions.card import Card, from_table
from geotrack.errors import SpecError, refuse_unknown
from geotrack.files import write_all
from geotrack.model import LAYOUTS, THEMES
from geotrack.publish import atlas, document_pieces, manifest, web_pieces
from geotrack.render.page import hosting
from geotrack.store import reading

if TYPE_CHECKING:
    from geotrack.timemap import TimeMap


@dataclass(frozen=True)
class Wish:
    """What is asked for.

    Parameters
    ----------
    map : name of a default map, or path of a .toml file.
    form : one of FORMS.
    url : address of the folder of pages in the web; "" if it is not known.
    layout, at, fixed, metric, theme : as of `TimeMap.with_view`.
    width : greatest width, see `web_pieces.width_of`; "" for the usual one.
    lang : language of what geotrack says; the specification's if "".
    id : a name of its own for permalinks to a second block of the same map.
    out : file to write to.
    pages : folder of the finished maps; maps, or maps/LANG where another language is asked for.
    data : the data folder.
    """

    map: str
    form: str = "iframe"
    url: str = ""
    layout: str = ""
    at: str = ""
    fixed: bool = False
    metric: str = ""
    theme: str = ""
    width: str = ""
    lang: str = ""
    id: str = ""
    out: Path | None = None
    pages: Path | None = None
    data: Path | None = None


@dataclass(frozen=True)
class Piece:
    """What came of it.

    Parameters
    ----------
    card : what it says of the map.
    text : the markup; "" if there is none to print.
    files : files that belong to it, by path.
    size : width and height in CSS pixels, of a frame.
    built : the page that was built for it.
    """

    card: Card
    text: str
    files: Mapping[Path, str | bytes] = field(default_factory=dict)
    size: tuple[int, int] = (0, 0)
    built: Path | None = None


@dataclass(frozen=True)
class EmbedForm:
    """A form of a piece.

    Parameters
    ----------
    make : makes it.
    picture : suffix of the picture that it is about; "" if it is of a page.
    block : whether it becomes a part of somebody's page: as wide as its place, with a name of its own.
    needs : field of a wish that it cannot do without -> what to give.
    printed : whether its text is printed where no file is asked for; else what was written is told.
    entities : whether a character may stand as a reference such as &#8239; in its text.
    """

    make: Callable[[Wish], Piece]
    picture: str = ""
    block: bool = False
    needs: Mapping[str, str] = field(default_factory=dict)
    printed: bool = True
    entities: bool = True


def piece(wish: Wish) -> Piece:
    """Make a piece; files that belong to it are written, or none of them.

    Raises
    ------
    SpecError : an unknown map, form, slice, metric, layout, theme, or an address or width that cannot be.
    OutputError : a file cannot be written; what stood there still stands.
    """
    wish = _checked(wish)
    made = FORMS[wish.form].make(wish)
    own: dict[Path, str | bytes] = {}
    if wish.out and made.text and wish.out not in made.files:
        own = {wish.out: made.text}
    files = {**made.files, **own}
    if files:
        write_all(files)
    return replace(made, files=files)


def _checked(wish: Wish) -> Wish:
    refuse_unknown("--as", wish.form, tuple(FORMS))
    refuse_unknown("--layout", wish.layout, ("", *LAYOUTS))
    refuse_unknown("--theme", wish.theme, THEMES)
    form = FORMS[wish.form]
    if form.picture and (wish.layout or wish.fixed or wish.width):
        pages = ", ".join(name for name, each in FORMS.items() if not each.picture)
        raise SpecError(f"--as {wish.form} is a picture: --layout, --fixed and --width are of {pages}")
    if wish.id and not form.block:
        blocks = ", ".join(name for name, each in FORMS.items() if each.block)
        raise SpecError(f"--id is of blocks: --as {blocks}; a frame needs none")
    for option, given in form.needs.items():
        if not getattr(wish, option):
            raise SpecError(f"--as {wish.form} needs {given}")
    width = web_pieces.width_of(wish.width or ("100%" if form.block else web_pieces.USUAL))
    return replace(wish, url=hosting.checked(wish.url), layout=wish.layout or "compact", width=width)


# ---- pieces of the web -----------------------------------------------------------------------------------


def _iframe(wish: Wish) -> Piece:
    card, built = _hosted_card(wish)
    at = card.slice if wish.at or wish.fixed else ""
    hash = web_pieces.asked(wish.layout, at=at, metric=wish.metric, theme=wish.theme, fixed=wish.fixed)
    src = hosting.page(wish.url, card.id) + hash
    text = web_pieces.iframe(card, src, wish.width, wish.layout)
    return Piece(card, text, size=card.size(wish.width, wish.layout), built=built)


def _hosted_card(wish: Wish) -> tuple[Card, Path | None]:
    """Return what the built page's manifest says, and load no more; build the page where it must be."""
    [path] = atlas.find([wish.map])
    table = _manifest(path, wish)
    card = from_table(table["embed"], wish.at, wish.metric, wish.fixed) if table else None
    if card:
        return card, None
    from geotrack.captions import cards
    from geotrack.map import views
    from geotrack.publish import site

    if table:  # of a slice or a metric that the manifest does not keep, or that there is not
        timemap, page = _timemap(wish, modes=False), None
    else:
        done = site.build(path, _folder(wish), wish.data, lang=wish.lang, url=wish.url)
        timemap, page = done.made, done.path
    shown = replace(timemap.content, fixed=wish.fixed)
    return cards.card_of(views.choose(shown, "map", _names(wish), wish.metric)), page


def _manifest(path: Path, wish: Wish) -> Mapping[str, Any]:
    """Return the manifest of a page that is as it would be built now; else nothing."""
    page = _folder(wish) / f"{path.stem}.html"
    return manifest.current(page, reading.data_folder(wish.data), path, wish.lang)


def _inline(wish: Wish) -> Piece:
    timemap, card = _shown(wish)
    return Piece(
        card,
        web_pieces.inline(card, timemap.to_fragment(), wish.width),
        size=card.size(wish.width, wish.layout),
    )


def _srcdoc(wish: Wish) -> Piece:
    timemap, card = _shown(wish)
    text = web_pieces.srcdoc(card, timemap.to_html(), wish.width, wish.layout)
    return Piece(card, text, size=card.size(wish.width, wish.layout))


def _shown(wish: Wish) -> tuple[TimeMap, Card]:
    from geotrack.captions import cards
    from geotrack.map import views

    look = _timemap(wish).with_view(
        at=wish.at, metric=wish.metric, layout=wish.layout, fixed=wish.fixed, theme=wish.theme, url=wish.url
    )
    return look.with_view(id=wish.id), cards.card_of(views.choose(look, "map"))


def _oembed(wish: Wish) -> Piece:
    """Build the page with its address: picture, oEmbed answer and discovery link come with it."""
    from geotrack.captions import cards
    from geotrack.map import views
    from geotrack.publish import site

    [path] = atlas.find([wish.map])
    done = site.build(path, _folder(wish), wish.data, lang=wish.lang, url=wish.url)
    shown = replace(done.made.content, fixed=wish.fixed)
    card = cards.card_of(views.choose(shown, "map", _names(wish), wish.metric))
    at = card.slice if wish.at or wish.fixed else ""
    hash = web_pieces.asked(wish.layout, at=at, metric=wish.metric, theme=wish.theme, fixed=wish.fixed)
    answer = web_pieces.oembed(
        card, wish.url, wish.width, hosting.page(wish.url, card.id) + hash, wish.layout
    )
    beside = _folder(wish) / f"{card.id}.oembed.json"
    return Piece(card, answer, {beside: answer}, card.size(wish.width, wish.layout))


# ---- pieces of documents ---------------------------------------------------------------------------------


def _markdown(wish: Wish) -> Piece:
    card, picture, data = _picture(wish)
    link = hosting.page(wish.url, card.id)
    return Piece(card, document_pieces.markdown(card, hosting.quoted(picture.name), link), {picture: data})


def _latex(wish: Wish) -> Piece:
    card, picture, data = _picture(wish)
    return Piece(card, document_pieces.latex(card, picture.name), {picture: data})


def _docx(wish: Wish) -> Piece:
    from geotrack.publish.docx import docx

    card, _, data = _picture(wish)
    link = hosting.page(wish.url, card.id) if wish.url else ""
    return Piece(card, "", {wish.out or Path(): docx(card, data, link)})


def _picture(wish: Wish) -> tuple[Card, Path, bytes]:
    """Return what is said of the picture, where it goes (beside the document) and the picture."""
    from geotrack.captions import cards
    from geotrack.map import views
    from geotrack.render.picture.figure import figure

    timemap, suffix = _timemap(wish, modes=False), FORMS[wish.form].picture
    view = views.choose(timemap, "slices", _names(wish), wish.metric)
    stem, folder = (wish.out.stem, wish.out.parent) if wish.out else (view.content.id, Path())
    name = f"{document_pieces.file_name(stem)}{suffix}"
    return cards.card_of(view), folder / name, figure(view, suffix)


def _timemap(wish: Wish, *, modes: bool = True) -> TimeMap:
    from geotrack.publish import site

    return site.timemap(wish.map, wish.data, wish.lang, modes=modes)


def _folder(wish: Wish) -> Path:
    return wish.pages or Path("maps", *([wish.lang] if wish.lang else []))


def _names(wish: Wish) -> list[str]:
    return [wish.at] if wish.at else []


FORMS: Mapping[str, EmbedForm] = {
    "iframe": EmbedForm(_iframe),
    "inline": EmbedForm(_inline, block=True),
    "srcdoc": EmbedForm(_srcdoc),
    "oembed": EmbedForm(
        _oembed,
        needs={"url": "--url, the address of the pages' folder, such as https://example.org/maps/"},
        printed=False,
    ),
    "markdown": EmbedForm(_markdown, picture=".png"),
    "latex": EmbedForm(_latex, picture=".pdf", entities=False),
    "docx": EmbedForm(_docx, picture=".png", needs={"out": "-o FILE, such as -o map.docx"}),
}
"""The forms of a piece, by name; a new one is its function and its line here."""
