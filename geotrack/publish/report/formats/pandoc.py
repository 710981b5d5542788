"""What Word and PDF have in common: the report as plain HTML, and pandoc, which reads it."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from geotrack.errors import OutputError, SpecError
from geotrack.files import workplace
from geotrack.publish.report.document import Document, Exhibit, said
from geotrack.publish.report.formats.picture import picture
from geotrack.publish.report.formats.prose import caption, entry, prose, table
from geotrack.render.page.block import link
from geotrack.version import version


def pages(document: Document, suffix: str, width: str) -> tuple[str, Mapping[str, bytes]]:
    """Return the report as plain HTML without a head, and its pictures by name.

    Parameters
    ----------
    suffix : of the pictures, ".png" or ".svg". width : of the text's column, such as "156mm".
    """
    files: dict[str, bytes] = {}

    def draw(exhibit: Exhibit) -> Markup:
        if exhibit.kind == "table":
            return table(exhibit, document) + Markup("\n")
        name = f"picture-{len(files) + 1}{suffix}"
        files[name] = picture(exhibit, suffix, width)
        shown = Markup('<img src="{}" alt="{}" style="width:100%">').format(name, exhibit.alt)
        return Markup('<figure id="{}">{}<figcaption>{}{}</figcaption></figure>\n').format(
            exhibit.id, shown, caption(exhibit, document), _interactive(exhibit, document)
        )

    words, made = document.words, said(document.meta.lang, "madeWith", version=version())
    foot = Markup("<p><strong>{}</strong> {}</p>\n").format(words["asOf"], document.as_of)
    entries = Markup("\n").join(
        Markup('<li id="source-{}">{}</li>').format(source.number, entry(source, document))
        for source in document.sources
    )
    if entries:
        foot += Markup("<h2>{}</h2>\n<ol>\n{}\n</ol>\n").format(words["sources"], entries)
    return prose(document, draw) + foot + Markup("<p>{}</p>\n").format(made), files


def convert(html: str, to: str, options: list[str], files: Mapping[str, bytes], extra: str) -> bytes:
    """Return what pandoc makes of HTML.

    Parameters
    ----------
    to : pandoc's name of the format. files : pictures by name.
    extra : what to install where pandoc is absent.

    Raises
    ------
    SpecError : pandoc is not installed. OutputError : it failed, and says how.
    """
    wanted = SpecError(
        f"this format needs pandoc, which is not installed; run: pip install 'geotrack[{extra}]'"
    )
    try:
        import pypandoc
    except ImportError as error:
        raise wanted from error
    with workplace() as folder:
        for name, content in files.items():
            (folder / name).write_bytes(content)
        made = folder / "made"
        try:
            # no identifiers of pandoc's own: they could be those of a figure
            pypandoc.convert_text(
                html, to, "html-auto_identifiers-native_divs", outputfile=str(made),
                extra_args=[f"--resource-path={folder}", *options], cworkdir=str(folder),
            )  # fmt: skip
        except OSError as error:
            raise wanted from error
        except RuntimeError as error:
            raise OutputError(f"pandoc could not make the report: {error}") from error
        return made.read_bytes()


def _interactive(exhibit: Exhibit, document: Document) -> Markup:
    if not exhibit.link:
        return Markup("")
    words, target = document.words["interactive"], exhibit.link
    if "://" in target and not link(target):
        return Markup("")
    return Markup(' <a href="{}">{}</a>').format(target, words)
