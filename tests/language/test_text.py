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


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Łódź 2021", "lodz-2021"),
        ("Häuser", "hauser"),
        ("Größe (m²)", "grosse-m"),
        ("Où l'on mine", "ou-l-on-mine"),
        ("Ærø & Åland", "aero-aland"),
        ("产量", ""),
    ],
)
def test_a_name_of_a_file_keeps_letters_without_their_accents(text: str, name: str) -> None:
    assert language_text.slug(text) == name


def test_signs_that_words_need_stay_and_those_that_turn_a_line_go() -> None:
    assert language_text.one_line("می\u200cخواهم\u202e a\u200bb\u2028c\ufeff") == "می\u200cخواهم ab c"


def test_a_letter_with_a_mark_of_its_own_takes_the_columns_of_the_letter() -> None:
    assert [*map(language_text.columns_of, ("か\u3099", "e\u0301", "中国", "a"))] == [2, 1, 4, 1]
