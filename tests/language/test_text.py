"""Templates, and texts on one line."""

from __future__ import annotations

import pytest

from geotrack.language import text as language_text


def test_a_typo_in_a_template_is_seen_and_no_error() -> None:
    assert language_text.fill("{slice}: {CHN} {CHM}", {"slice": "July", "CHN": "0%"}) == "July: 0% {CHM}"


def test_a_value_that_looks_like_a_placeholder_stays_as_it_is() -> None:
    assert language_text.fill("{a} {b}", {"a": "{b}", "b": "1"}) == "{b} 1"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  a\n\tb  ", "a b"),
        ("12\u00a0EH/s of\n44\u202f%", "12\u00a0EH/s of 44\u202f%"),
        ("", ""),
    ],
)
def test_a_text_on_one_line_keeps_its_figures_together(text: str, line: str) -> None:
    assert language_text.plain(text) == line
