"""A TimeMap shows itself in notebooks that are really executed, and in what they are turned into."""

from __future__ import annotations

import base64
import html
import re
import struct
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import folium
import nbformat
import numpy as np
import pandas as pd
import pytest
from chromium import installed
from nbclient import NotebookClient
from PIL import Image

import geotrack as gt
from geotrack.render import notebook as shows
from geotrack.timemap import TimeMap

# of the notebook's own libraries, and of their transport without a full event loop policy
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::RuntimeWarning")

CODE = (
    'import geotrack as gt\ngt.choropleth("cbeci-countries", metrics=["share"], title="<notebook>", '
    'groups={"CHN": "China"}, opening="2021-07")'
)
# what JupyterLab lets through of HTML in a notebook that is not trusted, of what is ours
# (packages/apputils/src/sanitizer.ts; `iframe` and `style` are not among its tags)
ALLOWED = {"div": {"class"}, "img": {"alt", "class", "height", "src", "width"}}

QUARTO = (
    "text/markdown",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "text/latex",
    "application/pdf",
    "text/plain",
)
"""In which order Quarto takes types for Word and PDF (src/core/jupyter/display-data.ts)."""


@pytest.fixture(scope="module")
def executed() -> Any:
    """A notebook with one map, executed."""
    made = nbformat.v4.new_notebook()
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made.cells = [nbformat.v4.new_markdown_cell("# Report"), nbformat.v4.new_code_cell(CODE)]
    for place, cell in enumerate(made.cells):
        cell["id"] = f"cell-{place}"
    NotebookClient(made, timeout=120).execute()
    return made


@pytest.fixture(scope="module")
def output(executed: Any) -> Any:
    return executed.cells[1].outputs[0]


@pytest.fixture
def pandoc(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Put the pandoc of the extra `word` on the PATH, under its own name."""
    import os

    import pypandoc

    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pandoc").symlink_to(pypandoc.get_pandoc_path())
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return tmp_path / "bin" / "pandoc"


def picture_of(data: Mapping[str, Any]) -> bytes:
    return base64.b64decode(data["image/png"])


def test_a_timemap_shows_itself_in_an_executed_notebook(output: Any) -> None:
    shown = output["data"]["text/html"]
    assert 'sandbox="allow-scripts' in shown
    page = html.unescape(shown.split('srcdoc="', 1)[1].split('" title=', 1)[0])
    assert page.startswith("<!DOCTYPE html>")
    assert "&lt;notebook&gt;" in page


def test_it_carries_a_picture_with_size_and_alternative_text(output: Any) -> None:
    png = picture_of(output["data"])
    assert len(png) <= 200_000
    told = output["metadata"]["image/png"]
    width, height = struct.unpack(">II", png[16:24])
    assert (told["width"], told["height"]) == (width // 2, height // 2) == (760, height // 2)
    assert "July 2021" in told["alt"]
    with Image.open(BytesIO(png)) as image:
        assert image.info["dpi"] == pytest.approx((192, 192), abs=0.1)
        pixels = np.asarray(image.convert("RGB")).reshape(-1, 3)
    zero = tuple(int(c) for c in bytes.fromhex("ffffd9"))  # China in July 2021: zero as reported
    assert (pixels == zero).all(axis=1).sum() > 2000


def test_it_carries_a_table_in_plain_text(output: Any) -> None:
    lines = output["data"]["text/plain"].splitlines()
    assert lines[0] == "<notebook>"
    assert lines[1].startswith("July 2021: Share of the Bitcoin network's hashrate, in %")
    rows = [re.split(r"\s{2,}", line.strip()) for line in lines[2:] if re.search(r"\d%$", line)]
    figures = [float(value.removesuffix("%")) for _, value in rows]
    assert rows[0][0] == "United States"
    listed = figures[: [name for name, _ in rows].index("China") + 1]
    assert listed == sorted(listed, reverse=True)
    assert sum(figures) == pytest.approx(100, abs=0.2)  # the remainder is there
    assert "Cambridge Centre for Alternative Finance" in lines[-1]


def test_no_type_takes_the_place_of_the_picture(output: Any) -> None:
    kinds = set(output["data"])
    assert kinds == {"text/html", "image/png", "text/plain"}
    assert next(kind for kind in QUARTO if kind in kinds) == "image/png"


def cleaned(text: str) -> str:
    """Clean HTML as JupyterLab does in a notebook that is not trusted, by its list of tags and attributes."""
    from html.parser import HTMLParser

    kept: list[str] = []

    class Cleaner(HTMLParser):
        silent = 0

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.silent += tag in {"style", "script"}
            if tag in ALLOWED:
                own = "".join(f' {k}="{html.escape(v or "")}"' for k, v in attrs if k in ALLOWED[tag])
                kept.append(f"<{tag}{own}>")

        def handle_endtag(self, tag: str) -> None:
            self.silent -= tag in {"style", "script"}
            kept.extend([f"</{tag}>"] if tag in ALLOWED else [])

        def handle_data(self, data: str) -> None:
            kept.extend([] if self.silent else [html.escape(data)])

    Cleaner().feed(text)
    return "".join(kept)


def test_in_an_untrusted_notebook_the_picture_is_left(output: Any) -> None:
    left = cleaned(output["data"]["text/html"])
    [source] = re.findall(r'<img src="data:image/png;base64,([^"]+)"', left)
    assert base64.b64decode(source) == picture_of(output["data"])
    assert "July 2021" in re.findall(r'alt="([^"]+)"', left)[0]
    assert re.sub(r"<[^>]+>", "", left).strip() == ""  # no stray text of the page


def test_its_html_is_one_line_so_that_markdown_keeps_it_whole(output: Any) -> None:
    text = output["data"]["text/html"]
    assert "\n" not in text
    [script] = re.findall(r"<script>(.*?)</script>", re.sub(r' srcdoc="[^"]*"', "", text))
    assert "geotrackFollow" in script
    assert "&#" not in script  # a script reads no references: it would not run, and the frame not follow


def test_nbconvert_to_html_has_the_interactive_map(executed: Any) -> None:
    from nbconvert import HTMLExporter

    page, _ = HTMLExporter().from_notebook_node(executed)
    assert len(re.findall(r"<iframe [^>]*srcdoc=", page)) == 1
    assert "geotrack-shown" in page


def test_nbconvert_to_latex_and_so_to_pdf_has_the_picture(executed: Any, output: Any, pandoc: Path) -> None:
    from nbconvert import LatexExporter

    text, resources = LatexExporter().from_notebook_node(executed)
    [name] = re.findall(r"\{(output_\d+_\d+\.png)\}", text)
    assert resources["outputs"][name] == picture_of(output["data"])
    assert "srcdoc" not in text
    assert "\\includegraphics" in text


def test_nbconvert_to_markdown_for_word_has_the_picture(executed: Any, pandoc: Path, tmp_path: Path) -> None:
    from nbconvert import MarkdownExporter
    from traitlets.config import Config

    wanted = Config({"NbConvertBase": {"display_data_priority": ["image/png", "text/plain"]}})
    text, resources = MarkdownExporter(config=wanted).from_notebook_node(executed)
    for name, content in resources["outputs"].items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "report.md").write_text(text, encoding="utf-8")
    assert pictures_in_word(tmp_path / "report.md", "markdown") == 1


def test_pandoc_takes_the_picture_to_word_from_the_notebook_itself(executed: Any, tmp_path: Path) -> None:
    nbformat.write(executed, tmp_path / "report.ipynb")
    assert pictures_in_word(tmp_path / "report.ipynb", "ipynb") == 1


def pictures_in_word(path: Path, form: str) -> int:
    import pypandoc

    done = path.with_suffix(".docx")
    pypandoc.convert_file(
        str(path), "docx", format=form, outputfile=str(done), extra_args=[f"--resource-path={path.parent}"]
    )
    with zipfile.ZipFile(done) as archive:
        names = [name for name in archive.namelist() if name.startswith("word/media/")]
        assert all(archive.read(name)[:8] == b"\x89PNG\r\n\x1a\n" for name in names)
    return len(names)


@pytest.fixture(scope="module")
def one() -> TimeMap:
    return gt.choropleth("cbeci-countries", metrics=["share"], opening="first")


def test_only_the_types_that_are_asked_for_are_made(one: TimeMap) -> None:
    assert set(one._repr_mimebundle_(include={"text/plain"})[0]) == {"text/plain"}
    data, metadata = one._repr_mimebundle_(exclude={"image/png", "text/html"})
    assert (set(data), metadata) == ({"text/plain"}, {})
    data, metadata = one._repr_mimebundle_(include=["image/png"])
    assert set(data) == set(metadata) == {"image/png"}


def test_marimo_takes_the_interactive_map(one: TimeMap) -> None:
    kind, text = one._mime_()
    assert (kind, text) == ("text/html", one._repr_html_())
    assert "<iframe srcdoc=" in text


def test_the_same_map_shows_the_same(one: TimeMap) -> None:
    assert one._repr_mimebundle_() == one._repr_mimebundle_()


def test_the_folium_map_shows_itself_and_a_picture_only_of_what_it_shows(one: TimeMap) -> None:
    plain = one.to_folium()
    assert set(plain._repr_mimebundle_()[0]) == {"text/html", "image/png", "text/plain"}
    marked = one.to_folium()
    folium.Marker([0, 0]).add_to(marked)
    data, _ = marked._repr_mimebundle_()
    assert set(data) == {"text/html", "text/plain"}
    assert "L.marker" in html.unescape(data["text/html"])
    assert "<img" not in data["text/html"].split("<iframe")[0]


def test_letters_that_no_font_has_leave_the_picture_out_and_the_map_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tm = gt.choropleth(figures(), unit="%", title="\U00012000\U00012001")  # cuneiform
    data, metadata = tm._repr_mimebundle_()
    assert set(data) == {"text/html", "text/plain"}
    assert metadata == {}
    assert "<iframe srcdoc=" in data["text/html"]


def figures(count: int = 2) -> pd.DataFrame:
    names = ["China", "United States", "Canada", "Russia"][:count]
    return pd.DataFrame(
        {"country": names, "period": ["2021-07"] * count, "share": [60.0, 20.0, 10.0, 5.0][:count]}
    )


def test_names_are_text_in_every_type() -> None:
    hostile = '<script>alert("1")</script> $x$ \x1b[31m\nline | _*[]() & \u202e'
    tm = gt.choropleth(figures(), unit="%", title=hostile)
    data, metadata = tm._repr_mimebundle_()
    assert "<script>alert" not in data["text/html"]
    assert "\x1b" not in data["text/plain"]
    assert data["text/plain"].splitlines()[0].startswith('<script>alert("1")</script> $x$ [31m line |')
    assert "\n" not in metadata.get("image/png", {}).get("alt", "")


def test_a_long_table_says_how_much_is_left_out() -> None:
    tm = gt.choropleth("cbeci-countries-mean-2019-2020", opening="first")
    lines = shows.table(tm).splitlines()
    more = [line.strip() for line in lines if line.strip().startswith("… +")]
    assert len(more) == 1
    units = sum(1 for u, unit in enumerate(tm.units) if unit.members and tm.layers[0].status[u, 0])
    assert more == [f"… +{units - shows.MOST_ROWS}"]


@pytest.mark.skipif(not installed(), reason="nbconvert's printer needs Chromium")
def test_nbconvert_to_webpdf_prints_the_picture(
    executed: Any, output: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nbconvert import WebPDFExporter
    from playwright.async_api import BrowserType
    from pypdf import PdfReader

    launch = BrowserType.launch

    async def ours(self: Any, **options: Any) -> Any:
        return await launch(self, executable_path=installed(), **options)

    monkeypatch.setattr(BrowserType, "launch", ours)
    exporter = WebPDFExporter()
    exporter.disable_sandbox = True
    content, _ = exporter.from_notebook_node(executed)
    sizes = [image.image.size for page in PdfReader(BytesIO(content)).pages for image in page.images]
    assert struct.unpack(">II", picture_of(output["data"])[16:24]) in sizes
