"""Pieces for web pages as text: attributes, hashes, sizes, the oEmbed answer."""

from __future__ import annotations

import doctest
import json
import re
from html.parser import HTMLParser

import pytest

from geotrack.captions.card import Card, from_table
from geotrack.errors import SpecError
from geotrack.publish import web_pieces
from geotrack.render.page import hosting

CARD = Card(
    id="shift",
    title="A & B's <move>",
    caption='Said "so" <b>',
    alt="Map",
    source="Source: X.",
    slice="2019-09",
    publishers=("X", "Y"),
    aspect=2.29,
)


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found, self.text = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data


def test_a_frame_says_what_it_is_and_asks_for_little():
    parsed = Tags(web_pieces.iframe(CARD, "https://example.org/shift.html#layout=compact&t=2021-07"))
    assert [tag for tag, _ in parsed.found] == ["figure", "iframe", "figcaption", "script"]
    frame = parsed.found[1][1]
    assert frame["src"] == "https://example.org/shift.html#layout=compact&t=2021-07"
    assert frame["title"] == CARD.title
    assert (frame["loading"], frame["referrerpolicy"]) == ("lazy", "no-referrer")
    assert "allow-same-origin" not in frame["sandbox"]
    assert "allow-scripts" in frame["sandbox"]
    assert re.search(r"aspect-ratio:760/\d{3};min-height:", frame["style"])
    assert CARD.caption in parsed.text
    assert parsed.found[0][1]["style"].endswith("max-width:760px")


def test_the_script_of_a_frame_is_short_and_may_be_left_out():
    text = web_pieces.iframe(CARD, "a.html")
    script = text.split("<script>")[1].split("</script>")[0]
    assert len(script) < 900
    assert "//" not in script
    assert "<script" not in web_pieces.iframe(CARD, "a.html", follow=False)


def test_a_carried_page_comes_out_as_it_went_in():
    page = "<p title='a' class=\"b\">&amp; &#39; ' \"</p>"
    parsed = Tags(web_pieces.srcdoc(CARD, page))
    assert parsed.found[1][1]["srcdoc"] == page


@pytest.mark.parametrize(
    ("asked", "hash"),
    [
        ({}, ""),
        ({"layout": "full"}, ""),
        ({"layout": "compact"}, "#layout=compact"),
        ({"at": "2019-01/2020-03", "metric": "a&b"}, "#t=2019-01%2F2020-03&m=a%26b"),
        ({"layout": "compact", "theme": "dark", "fixed": True}, "#layout=compact&theme=dark&fixed=1"),
    ],
)
def test_a_look_is_asked_for_by_hash(asked, hash):
    assert web_pieces.asked(**asked) == hash


def test_the_docstrings_are_true():
    assert doctest.testmod(web_pieces).attempted > 0
    assert doctest.testmod(web_pieces).failed == 0


def test_an_oembed_answer_has_what_its_version_asks_for():
    answer = json.loads(web_pieces.oembed(CARD, "https://example.org/maps/", "900px"))
    assert (answer["version"], answer["type"]) == ("1.0", "rich")
    assert answer["width"] == 900
    assert isinstance(answer["height"], int)
    assert answer["title"] == CARD.title
    assert answer["author_name"] == "X; Y"
    assert (answer["provider_name"], answer["provider_url"]) == ("geotrack", "https://example.org/maps/")
    assert answer["thumbnail_url"] == "https://example.org/maps/shift.og.png"
    assert (answer["thumbnail_width"], answer["thumbnail_height"]) == (1200, 630)
    [frame] = [a for tag, a in Tags(answer["html"]).found if tag == "iframe"]
    assert frame["src"] == "https://example.org/maps/shift.html#layout=compact"
    assert "<script" not in answer["html"]


@pytest.mark.parametrize(
    ("text", "width"), [("720", "720px"), ("720px", "720px"), ("100%", "100%"), ("10%", "10%")]
)
def test_a_width_is_pixels_or_a_part(text, width):
    assert web_pieces.width_of(text) == width


@pytest.mark.parametrize(
    "text", ["", "0", "199", "4001px", "101%", "9%", "50em", "50vw", "-300", "1e3", "300px;x", "٣٠٠"]
)
def test_another_width_is_refused(text):
    with pytest.raises(
        SpecError, match=rf"--width '{re.escape(text)}' is not allowed; expected 200 to 4000 pixels"
    ):
        web_pieces.width_of(text)


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("", ""),
        ("https://example.org", "https://example.org/"),
        ("https://example.org/maps", "https://example.org/maps/"),
        ("http://localhost:8000/a/", "http://localhost:8000/a/"),
        ("http://[::1]:80/", "http://[::1]:80/"),
    ],
)
def test_an_address_is_a_folder_s(url, folder):
    assert hosting.checked(url) == folder


@pytest.mark.parametrize(
    "url",
    [
        "example.org", "//example.org", "ftp://example.org/", "javascript:alert(1)", "https://",
        "https://a b/", "https://example.org/?q", "https://example.org/#x", 'https://example.org/"', "https://example.org/<s>",
        "https://example.org/\n", "file:///a", "https://example.org/'",
    ],
)  # fmt: skip
def test_another_address_is_refused(url):
    with pytest.raises(
        SpecError, match="is not the address of a folder of pages; expected one such as https://"
    ):
        hosting.checked(url)


def test_a_name_is_quoted_in_an_address():
    assert hosting.page("https://a.org/", "my map&<é>") == "https://a.org/my%20map%26%3C%C3%A9%3E.html"
    assert hosting.file("", "shift", ".og.png") == "shift.og.png"


TABLE = {
    "id": "a", "title": "T", "source": "S", "lang": "en", "more": "More", "aspect": 2.0, "publishers": ["P"],
    "slices": ["2019", "2020"], "opening": 1, "metric": "m",
    "map": {"m": ["All of it.", "alt"], "n": None},
    "fixed": {"m": {"2020": ["c2", "a2"]}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("at", "metric", "fixed", "said"),
    [
        ("", "", False, ("All of it.", "alt", "2020")),
        ("first", "m", False, ("All of it.", "alt", "2019")),
        ("2019", "", False, ("All of it.", "alt", "2019")),
        ("last", "", True, ("c2", "a2", "2020")),
        ("first", "", True, None),
        ("2018", "", False, None),
        ("", "n", False, None),
        ("", "x", False, None),
    ],
)
def test_a_manifest_s_card_is_of_the_slice_asked_for(at, metric, fixed, said):
    card = from_table(TABLE, at, metric, fixed)
    assert (card and (card.caption, card.alt, card.slice)) == said


@pytest.mark.parametrize("spoilt", [{}, {"map": 1}, {**TABLE, "opening": 9}, {**TABLE, "slices": 5}])
def test_a_damaged_manifest_keeps_no_card(spoilt):
    assert from_table(spoilt, "", "") is None


def test_a_card_s_size_follows_the_map_s_shape():
    assert CARD.size("760px", "compact") == (760, 630)
    assert CARD.size("100%", "compact") == (760, 630)
    assert Card("x", "", "", "", "", aspect=1.0).size("760px", "compact") == (760, 780)
    assert CARD.size("760px", "full")[1] > 1500
