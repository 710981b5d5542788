"""`geotrack embed`: what is printed and written, how quickly it comes, and what is refused."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

import geotrack
from geotrack.captions import cards
from geotrack.captions.card import from_table
from geotrack.errors import OutputError
from geotrack.map import views
from geotrack.publish import atlas, manifest, site
from geotrack.render.picture.figure import figure
from geotrack.timemap import TimeMap

ROOT = Path(__file__).parents[2]
URL = "https://example.org/maps/"
# Where a map is built, it is hashrate-share: shift, with its modes, takes ten times as long.


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Pages as `geotrack build` leaves them."""
    folder = tmp_path_factory.mktemp("pages")
    for path in atlas.find(["shift", "hashrate-share"]):
        site.build(path, folder, ROOT / "data")
    return folder


@pytest.fixture
def embed(run, tmp_path, monkeypatch, pages):
    monkeypatch.chdir(tmp_path)

    def answer(*args):
        return run("embed", *args, "--pages", pages, "--data", ROOT / "data")

    return answer


def test_a_frame_is_the_usual_piece(embed):
    answer = embed("shift")
    assert (answer.code, answer.err) == (0, "")
    assert 'src="shift.html#layout=compact"' in answer.out
    assert (
        answer.out.count("<iframe ") == answer.out.count("<figcaption ") == answer.out.count("<script>") == 1
    )


def test_a_frame_asks_for_what_was_wanted(embed):
    options = [
        "--at",
        "last",
        "--metric",
        "hashrate",
        "--fixed",
        "--theme",
        "dark",
        "--url",
        "https://example.org/m",
    ]
    answer = embed("hashrate-share", *options, "--width", "640")
    assert (
        'src="https://example.org/m/hashrate-share.html#layout=compact&amp;t=2022-01&amp;m=hashrate&amp;theme=dark&amp;fixed=1"'
        in answer.out
    )
    assert "max-width:640px" in answer.out


def test_captions_are_of_the_slice_and_metric_asked_for(embed, timemaps):
    found = {
        (at, metric): json.loads(embed("shift", "--at", at, "--metric", metric, "--json").out)
        for at in ("2019-09", "2022-01")
        for metric in ("share", "hashrate")
    }
    for text in ("caption", "alt"):  # they speak of all slices, whichever the map opens with
        assert len({each[text] for each in found.values()}) == 2
        assert all("September 2019" in each[text] and "January 2022" in each[text] for each in found.values())
    fixed = [json.loads(embed("shift", "--at", at, "--fixed", "--json").out) for at in ("first", "last")]
    for text in ("caption", "alt"):
        assert ["September 2019" in each[text] for each in fixed] == [True, False]
        assert ["January 2022" in each[text] for each in fixed] == [False, True]
    assert all(each["title"] == timemaps["shift"].title for each in found.values())


def test_a_frame_is_told_from_the_manifest_alone(pages):
    """In a process of its own: neither pandas nor any other heavy library is loaded."""
    code = (
        "import sys; from pathlib import Path; from geotrack.publish import embed; "
        f"pages, data = Path({str(pages)!r}), Path({str(ROOT / 'data')!r}); "
        "w = embed.Wish('shift', pages=pages, data=data, at='2021-07'); "
        "p = embed.piece(w); assert p.built is None and 'iframe' in p.text; "
        "heavy = ('pandas', 'numpy', 'folium', 'jinja2', 'pyproj', 'matplotlib'); "
        "print([m for m in heavy if m in sys.modules])"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(geotrack.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_manifest_without_cards_is_as_good_as_none(pages, tmp_path):
    """Of an older version: the page is made anew, rather than told from what is not there."""
    [path] = atlas.find(["shift"])
    for name in ("shift.html", "shift.json"):
        (tmp_path / name).write_bytes((pages / name).read_bytes())
    page, kept = tmp_path / "shift.html", tmp_path / "shift.json"
    assert manifest.current(page, ROOT / "data", path)["embed"]
    table = json.loads(kept.read_text(encoding="utf-8"))
    del table["embed"]
    kept.write_text(json.dumps(table), encoding="utf-8")
    assert manifest.current(page, ROOT / "data", path) == {}


@pytest.mark.parametrize("name", ["shift", "hashrate-share"])
@pytest.mark.parametrize("fixed", [False, True])
def test_the_manifest_says_what_the_map_says(pages, timemaps, name, fixed):
    table = json.loads((pages / f"{name}.json").read_text("utf-8"))["embed"]
    for layer in timemaps[name].layers:
        for at in ("2019-09", "2021-07", "2022-01"):
            view = views.choose(
                TimeMap(replace(timemaps[name].content, fixed=fixed)), "map", [at], layer.metric.name
            )
            assert from_table(table, at, layer.metric.name, fixed) == cards.card_of(view)


def test_a_page_that_is_not_there_is_built_and_that_is_said(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = run("embed", "hashrate-share", "--data", ROOT / "data")
    told = "geotrack: built maps/hashrate-share.html first: it was not there, or not up to date\n"
    assert answer.err == told
    assert (tmp_path / "maps" / "hashrate-share.html").is_file()
    again = run("embed", "hashrate-share", "--data", ROOT / "data")
    assert (again.out, again.err) == (answer.out, "")


@pytest.mark.parametrize("spoil", ["page", "manifest", "inputs"])
def test_a_stale_page_is_built_anew(run, tmp_path, monkeypatch, pages, spoil):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(pages, "maps")
    assert run("embed", "hashrate-share", "--data", ROOT / "data").err == ""
    page, manifest = Path("maps/hashrate-share.html"), Path("maps/hashrate-share.json")
    right = page.read_bytes()
    if spoil == "page":
        page.write_text("old")
    elif spoil == "manifest":
        manifest.write_text("{}")
    else:
        table = json.loads(manifest.read_text("utf-8"))
        table["inputs"]["hashrate-share.toml"] = "0" * 64
        manifest.write_text(json.dumps(table))
    again = run("embed", "hashrate-share", "--data", ROOT / "data")
    assert "built maps/hashrate-share.html first" in again.err
    assert page.read_bytes() == right


def test_oembed_comes_with_page_picture_and_link(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    asked = ("--as", "oembed", "--url", "https://example.org/maps")
    answer = run("embed", "hashrate-share", *asked, "--data", ROOT / "data")
    assert answer.out == "maps/hashrate-share.oembed.json\n"
    found = json.loads(Path("maps/hashrate-share.oembed.json").read_text("utf-8"))
    assert found["thumbnail_url"] == f"{URL}hashrate-share.og.png"
    picture = Path("maps/hashrate-share.og.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert (int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")) == (1200, 630)
    page = Path("maps/hashrate-share.html").read_text("utf-8")
    [link] = re.findall(r'<link rel="alternate" type="application/json\+oembed" href="([^"]*)"', page)
    assert link == f"{URL}hashrate-share.oembed.json"


def test_a_build_with_an_address_says_where_its_pages_stand(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("build", "hashrate-share", "--url", URL, "--data", ROOT / "data").code == 0
    page = Path("maps/hashrate-share.html").read_text("utf-8")
    tags = dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]*)" content="([^"]*)"', page))
    assert tags["og:url"] == f"{URL}hashrate-share.html"
    assert tags["og:image"] == tags["twitter:image"] == f"{URL}hashrate-share.og.png"
    assert (tags["og:image:width"], tags["og:image:height"]) == ("1200", "630")
    assert tags["twitter:card"] == "summary_large_image"
    assert tags["og:image:alt"]
    table = json.loads(Path("maps/hashrate-share.json").read_text("utf-8"))
    assert set(table["files"]) == {
        "hashrate-share.html",
        "hashrate-share.og.png",
        "hashrate-share.oembed.json",
    }
    # with an address it is not stale
    assert run("embed", "hashrate-share", "--data", ROOT / "data").err == ""
    assert run("build", "--changed", "hashrate-share", "--url", URL, "--data", ROOT / "data").out.startswith(
        "nothing has changed"
    )
    without = run("build", "--changed", "hashrate-share", "--data", ROOT / "data")
    assert "hashrate-share.html" in without.out


def test_a_build_without_an_address_has_the_words_only(pages):
    page = (pages / "shift.html").read_text("utf-8")
    names = set(re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]*)"', page))
    assert names == {
        "og:type",
        "og:title",
        "og:description",
        "og:locale",
        "twitter:card",
        "twitter:title",
        "twitter:description",
    }
    assert "oembed" not in page
    assert not (pages / "shift.og.png").exists()


def test_blocks_of_one_map_have_names_of_their_own(embed):
    first, second = (
        embed("hashrate-share", "--as", "inline").out,
        embed("hashrate-share", "--as", "inline", "--id", "again").out,
    )
    ids = [set(re.findall(r' id="([^"]+)"', text)) for text in (first, second)]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_a_carried_map_stands_in_one_tag(embed):
    out = embed("hashrate-share", "--as", "srcdoc", "--fixed", "--at", "2021-07").out
    assert out.count("<iframe ") == out.count(" srcdoc='") == 1
    assert "2022-01" not in re.search('class="gt-data">(.*?)</script>', out)[1]


@pytest.mark.parametrize("form", ["markdown", "latex"])
def test_a_document_s_picture_lies_beside_it(embed, tmp_path, form):
    name, picture = {
        "markdown": ("my report.md", "my-report.png"),
        "latex": ("my report.tex", "my-report.pdf"),
    }[form]
    (tmp_path / "docs").mkdir()
    answer = embed("hashrate-share", "--as", form, "--at", "2021-07", "-o", f"docs/{name}")
    assert sorted(answer.out.split("\n")) == sorted([f"docs/{name}", f"docs/{picture}", ""])
    text = (tmp_path / "docs" / name).read_text("utf-8")
    assert f"({picture})" in text or f"{{{picture}}}" in text
    assert "July 2021" in text
    assert "Source" in text


def test_a_snippet_without_a_file_leaves_its_picture_here(embed, tmp_path):
    answer = embed("hashrate-share", "--as", "markdown")
    assert answer.out.startswith("[![")
    assert answer.err == "geotrack: wrote hashrate-share.png\n"
    assert (tmp_path / "hashrate-share.png").read_bytes().startswith(b"\x89PNG")


def test_a_word_document_has_picture_and_caption(embed, tmp_path):
    assert embed("hashrate-share", "--as", "docx", "-o", "a.docx", "--url", URL).out == "a.docx\n"
    parts = zipfile.ZipFile(tmp_path / "a.docx")
    assert "January 2022" in parts.read("word/document.xml").decode()
    assert f"{URL}hashrate-share.html" in parts.read("word/_rels/document.xml.rels").decode()


def test_another_language_has_pages_of_its_own(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = run("embed", "hashrate-share", "--lang", "zh", "--data", ROOT / "data")
    assert "built maps/zh/hashrate-share.html first" in answer.err
    assert '<figure class="geotrack-figure" lang="zh"' in answer.out
    assert '<html lang="zh"' in (tmp_path / "maps/zh/hashrate-share.html").read_text("utf-8")
    assert not (tmp_path / "maps/hashrate-share.html").exists()
    assert run("embed", "hashrate-share", "--lang", "zh", "--data", ROOT / "data").err == ""
    inline = run("embed", "hashrate-share", "--lang", "zh", "--as", "inline", "--data", ROOT / "data").out
    assert "数据说明" in inline


def test_json_is_for_scripts(embed):
    found = json.loads(embed("hashrate-share", "--as", "srcdoc", "--json").out)
    assert {"map", "as", "title", "caption", "alt", "text", "files", "width", "height"} == set(found)
    assert (found["map"], found["as"]) == ("hashrate-share", "srcdoc")
    assert (found["files"], found["width"]) == ([], 760)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["shft"],
            "no map 'shft'; expected a path that ends in .toml or one of: china-provinces, hashrate-share",
        ),
        (["missing.toml"], "missing.toml: no such specification"),
        (
            ["hashrate-share", "--as", "frame"],
            "--as 'frame' is not known; expected one of: iframe, inline, srcdoc, oembed, markdown, latex, ",
        ),
        (
            ["hashrate-share", "--layout", "tiny"],
            "--layout 'tiny' is not known; expected one of: full, compact",
        ),
        (["hashrate-share", "--theme", "blue"], "--theme 'blue' is not known; expected one of: light, dark"),
        (["hashrate-share", "--at", "2018"], "hashrate-share: no slice '2018'; expected one of: 2019-09, "),
        (
            ["hashrate-share", "--as", "srcdoc", "--at", "2018"],
            "hashrate-share: no slice '2018'; expected one of: 2019-09, ",
        ),
        (
            ["hashrate-share", "--metric", "power"],
            "hashrate-share: no metric 'power'; expected one of: share, hashrate",
        ),
        (
            ["hashrate-share", "--url", "ftp://example.org"],
            "--url 'ftp://example.org' is not the address of a folder of pages",
        ),
        (["hashrate-share", "--lang", "xx"], "lang = 'xx' is not known; expected one of: en, zh"),
        (["hashrate-share", "--width", "1"], "--width '1' is not allowed; expected 200 to 4000 pixels"),
        (["hashrate-share", "--as", "oembed"], "--as oembed needs --url, the address of the pages' folder"),
        (["hashrate-share", "--as", "docx"], "--as docx needs -o FILE"),
        (
            ["hashrate-share", "--as", "latex", "--fixed"],
            "--as latex is a picture: --layout, --fixed and --width are of iframe",
        ),
        (["hashrate-share", "--id", "b"], "--id is of blocks: --as inline"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(embed, options, message):
    answer = embed(*options)
    assert answer.code == 7
    assert answer.out == ""
    assert message in answer.err
    assert answer.err.startswith("geotrack: ")
    assert answer.err.count("\n") == 1


def test_a_build_refuses_an_address_that_is_none(run, tmp_path):
    answer = run("build", "hashrate-share", "--url", "example.org", "-o", tmp_path)
    assert (answer.code, answer.err.count("\n")) == (7, 1)
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_keeps_the_old_one(embed, tmp_path, monkeypatch):
    (tmp_path / "a.md").write_text("old")
    (tmp_path / "a.png").mkdir()
    answer = embed("hashrate-share", "--as", "markdown", "-o", "a.md")
    assert answer.code == OutputError.exit_code
    assert (tmp_path / "a.md").read_text() == "old"


def test_the_picture_of_a_link_card_has_the_size_that_is_said(timemaps):
    data = figure(views.choose(timemaps["hashrate-share"], "slices"), ".png", width="og")
    assert (int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")) == (1200, 630)
