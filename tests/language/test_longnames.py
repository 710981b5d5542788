"""Official names of countries in other languages, which CLDR lacks."""

from __future__ import annotations

import pytest

from geotrack.language import territories
from geotrack.language.text import name_key


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("中華人民共和国", "CN"), ("大韓民国", "KR"), ("ロシア連邦", "RU"), ("インドネシア共和国", "ID"),
        ("グレートブリテン及び北アイルランド連合王国", "GB"), ("イラン・イスラム共和国", "IR"),
        ("ドミニカ共和国", "DO"), ("コンゴ民主共和国", "CD"), ("コンゴ共和国", "CG"), ("俄罗斯联邦", "RU"),
        ("美利坚合众国", "US"), ("도미니카 공화국", "DO"), ("러시아연방", "RU"), ("Weißrussland", "BY"),
        ("Fédération de Russie", "RU"), ("Российская Федерация", "RU"),
    ],
)  # fmt: skip
def test_a_country_is_known_by_its_name_in_full(name: str, code: str) -> None:
    assert [*territories.spoken(True)[name_key(name)]] == [code]


@pytest.mark.parametrize("name", ["ドイツ民主共和国", "コンゴ連邦共和国", "朝鮮共和国"])
def test_a_form_of_state_that_makes_another_country_is_no_name(name: str) -> None:
    assert name_key(name) not in territories.spoken(True)
