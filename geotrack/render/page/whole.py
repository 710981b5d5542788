"""A page around a rendered map: everything it needs inline, and its block for other pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

from geotrack.language import catalogue
from geotrack.map.content import Content
from geotrack.render.page import assets, policy
from geotrack.render.page.block import block, element_id
from geotrack.render.page.head import tags
from geotrack.render.page.leaflet_map import Rendered
from geotrack.render.page.modes import shown
from geotrack.render.page.payload import script_json
from geotrack.version import version


def page_of(content: Content, parts: Rendered) -> str:
    """Return the whole page.

    It forbids itself every host; only a map with tiles or a reader's own plugins needs the network.
    """
    outside = bool(content.tiles or _links(parts.code)) or "http" in "".join([*parts.head, parts.code])
    own, scripts = not (outside or parts.layers or parts.head), _scripts(content, parts)
    text = (
        assets.templates()
        .get_template("page.html.j2")
        .render(
            title=content.title,
            description=content.description or content.title,
            opening=content.slices[content.opening],
            lang=content.lang,
            dir="ltr",
            csp="" if outside else policy.PLACE if own else policy.OPEN,
            css=_css(content, parts),
            cards=tags(content),
            block=block(content, parts.html, alone=True, heading=1),
            scripts=scripts,
            version=version(),
        )
    )
    if own:
        text = policy.stated(text, scripts, unpacked=[assets.built("shift.js")] if shown(content) else [])
    return text + "\n"


def fragment_of(content: Content, parts: Rendered) -> str:
    """Return a block of HTML that can stand beside others in one page."""
    body = block(content, parts.html, alone=False, heading=2)
    style = Markup("<style>\n{}\n</style>").format(_css(content, parts, guest=True))
    return str(Markup("\n").join([style, body, _scripts(content, parts)]))


def framed(text: str, ratio: float) -> str:
    """Return a page as a frame that carries it whole, for notebooks; it takes the page's height by script."""
    height = round(900 / ratio) + 620
    return (
        f'<iframe srcdoc="{escape(text)}" title="geotrack map" loading="lazy" data-geotrack="" '
        f'sandbox="allow-scripts allow-downloads allow-popups" '
        f'style="width:100%;height:{height}px;border:0"></iframe>'
        f"<script>{assets.built('follow.js')}</script>"  # without a line break: a notebook's HTML is one line
    )


def _scripts(content: Content, parts: Rendered) -> Markup:
    """Leaflet and our script, each once a page, the map, and then what others add to it.

    The map begins before anything of others: what they ask their hosts for may come late or never.
    """
    compact = content.layout == "compact"
    # a full map beside a compact one needs what that one left out
    name, wanted = ("compact.js", "!window.geotrack") if compact else ("page.js", "!window.geotrack?.whole")
    own = [
        f"if (!window.L) {{\n{assets.leaflet()}\n}}",
        f"if ({wanted}) (function () {{\n{assets.built(name)}\n}})();",
        f'{parts.script}\nwindow.geotrack.mount("{element_id(content)}", {parts.name});',
    ]
    foreign = _foreign(content, parts) if parts.layers or parts.head else ()
    return Markup("\n").join([*map(_script, own), *foreign])


def _foreign(content: Content, parts: Rendered) -> Iterator[Markup]:
    """Yield what others add, each layer in a script of its own that tells when it is through.

    At the end the page says which are not, and which files did not arrive.
    """
    root = element_id(content)
    missing = f"window.geotrack.lost('{root}',this)"
    yield from map(_script, assets.needed(parts.code))
    for tag in (*_links(parts.code), *parts.head):
        yield Markup(_TAG.sub(rf'\1 onerror="{missing}"', str(tag)))
    for n, (_, text) in enumerate(parts.layers):
        yield _script(f'{text}\nwindow.geotrack.added("{root}",{n});')
    words = catalogue.words_of(content.lang, "more")
    names = [name for name, _ in parts.layers]
    told = ",".join(
        script_json(value)
        for value in (root, names, words["lost"], catalogue.joint("separator", content.lang))
    )
    yield _script(f"window.geotrack.missed({told});")


_TAG = re.compile(r"^(\s*<(?:script|link)\b)(?=[^>]*>\s*(?:</script>)?\s*$)")
"""A tag that asks for a file, and nothing else."""


def _script(text: str) -> Markup:
    return Markup("<script>\n{}\n</script>").format(assets.script(text))


def _css(content: Content, parts: Rendered, guest: bool = False) -> Markup:
    return assets.css(guest, bool(parts.layers or parts.head)) + (
        "\n" + assets.built("shift.css") if shown(content) else ""
    )


def _links(script: str) -> list[Markup]:
    """Links to what only its host has (folium.Icon's Bootstrap, Font Awesome), if a layer asks for it."""
    if "AwesomeMarkers" not in script:
        return []
    import folium  # no page of ours has such a layer: only one that a reader added asks for it

    ours = ("leaflet", "jquery")
    styles = [url for name, url in folium.Map.default_css if not name.startswith(ours)]
    codes = [url for name, url in folium.Map.default_js if not name.startswith(ours)]
    lines = [Markup('<link rel="stylesheet" href="{}">').format(url) for url in styles]
    return lines + [Markup('<script src="{}"></script>').format(url) for url in codes]
