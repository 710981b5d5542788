"""One list of words for powers of ten and one of currencies: whoever looks for them finds the same."""

from __future__ import annotations

from typing import Any

import pytest
from babel.core import get_global

from geotrack.errors import AmbiguousError
from geotrack.usertables import guess
from geotrack.usertables.figures.unittexts import is_scale, parted, unit_of
from geotrack.usertables.reading import read
from geotrack.usertables.rows.labelled import figures_of
from geotrack.usertables.table import UserTable
from geotrack.usertables.tidying.scales import words_of
from geotrack.usertables.words import money, scalewords
from geotrack.usertables.words.scalewords import powers_in

from .test_sheets import xlsx

# All figures here are synthetic.

WORDS = {
    "thou": 3, "k": 3, "tsd.": 3, "tds": 3, "duizend": 3, "tusen": 3, "tis.": 3, "천": 3, "천만": 7,
    "백만": 6,
    "lakh": 5, "crore": 7, "miljoen": 6, "milyon": 6, "mios": 6, "miljard": 9, "milyar": 9, "mds": 9,
    "十億": 9,
    "億": 8, "십억": 9,
    "billones": 12, "10 thousand": 4, "100 million": 8, "10^6": 6, "1 000": 3, "×1000": 3,
}  # fmt: skip


def values(table: UserTable, **given: Any) -> list[str]:
    return figures_of(table, guess(table, given, units=False)).values.tolist()


@pytest.mark.parametrize(("word", "power"), [*WORDS.items()])
def test_a_word_for_a_power_of_ten_is_one_wherever_it_is_looked_for(word: str, power: int) -> None:
    assert is_scale(word)
    assert powers_in(word) == powers_in(f"{word} EUR") == {power}
    assert unit_of(f"{word} EUR")


def test_every_word_of_the_list_is_a_scale_and_has_its_power() -> None:
    plain = [(power, word) for power, _, words in scalewords._LIST for word in words.split("|")]
    known = [(power, word) for power, word in plain if word.isalpha() and word != "bin"]
    assert len(known) > 70
    assert [word for _, word in known if not is_scale(word)] == []
    assert [word for power, word in known if powers_in(f"sales in {word} USD") != {power}] == []
    assert [word for power, word in known if words_of([word], "scale") != [scalewords.name_of(power)]] == []


@pytest.mark.parametrize(
    ("text", "powers"),
    [("m CNY", {6}), ("CNY m", {6}), ("k SEK", {3}), ("SEKm", {6}), ("USDbn", {9}), ("TEUR", {3}),
     ("T₹", {3}),
     ("umsatz_mio_eur", {6}), ("m ALL", {6}), ("bin kişi", {3}), ("bin", set()), ("t", set()),
     ("兆瓦", set()), ("兆円", {12}), ("인천", set()), ("rainfall in mm", set()),
     ("km", set()), ("EUR/m", set())],
)  # fmt: skip
def test_letters_are_powers_of_ten_beside_money_only(text: str, powers: set[int]) -> None:
    assert powers_in(text) == powers


@pytest.mark.parametrize(
    ("unit", "shape", "figure"),
    [(unit, "#,##0.0,,", "1234.567") for unit in (
        "Mio. EUR", "EUR m", "百万 EUR", "miljoen EUR", "milyon EUR", "CNY m", "SEKm", "백만 원", "m")]
    + [("mds EUR", "0.0,,,", "1.234567"), ("십억 원", "0.0,,,", "1.234567"), ("tds SEK", "0.0,", "1234567"),
       ("EUR", "#,##0.0,,", "1234567000")],
)  # fmt: skip
def test_a_sheet_that_shows_its_figures_divided_is_read_by_its_unit(
    unit: str, shape: str, figure: str
) -> None:
    def read_of(*header: list[Any], **given: Any) -> list[str]:
        shapes = {f"B{len(header) + n}": shape for n in (1, 2)}
        rows = (["DE", 1234567000], ["FR", 1234567000])
        return values(read(xlsx(*header, *rows, shapes=shapes), "t"), **given)

    assert read_of(["Land", "2019"], unit=unit) == [figure] * 2
    if unit != "m":  # metres may be meant
        assert read_of([f"in {unit}"], ["Land", "2019"]) == [figure] * 2
        assert read_of(["Land", f"2019 ({unit})"]) == [figure] * 2


def test_a_scale_of_another_power_than_the_format_is_asked_about() -> None:
    for unit in ("crore", "100 million yuan", "lakh Rs", "億円"):
        table = read(xlsx(["Land", "2019"], ["DE", 5], ["FR", 9], shapes={"B2": "0,,", "B3": "0,,"}), "t")
        with pytest.raises(AmbiguousError, match="is not that scale"):
            values(table, unit=unit)


def test_all_currencies_in_use_are_known_but_where_a_code_is_a_word() -> None:
    places = get_global("territory_currencies").values()
    used = {code for each in places for code, _, until, tender in each if until is None and tender}
    assert not used - money.CODES
    for code in used - money.WORDS:
        assert parted(f"Sales ({code})") == ("Sales", code)
        assert powers_in(f"{code} m") == powers_in(f"m {code}") == {6}
    for word in ("ALL", "TOP", "CUP", "all", "try", "MAR", "DEC", "SEP", "JAN"):
        assert parted(f"Sales ({word})") == (f"Sales ({word})", "")
    assert parted("Sales (ALL million)") == ("Sales", "ALL million")


@pytest.mark.parametrize("form", ["2019 {}", "{} 2019", "2019 ({})", "2019, {}"])
@pytest.mark.parametrize("code", ["SEK", "MAD", "DZD", "AWG", "PHP", "NGN"])
def test_a_currency_beside_a_year_is_no_month(form: str, code: str) -> None:
    header = ";".join(["country", form.format(code), form.format(code).replace("2019", "2020")])
    table = read(f"{header}\nFrance;1;2\n".encode(), "t.csv")
    found = guess(table, {}, units=False)
    assert (list(table.columns), found.units) == (["country", "2019", "2020"], (code,))


def test_years_beside_two_currencies_are_asked_about_and_never_months() -> None:
    with pytest.raises(AmbiguousError) as asked:
        guess(read(b"country,2019 SEK,2020 MAD\nFrance,1,2\n", "t.csv"), {}, units=False)
    assert "month that differs" not in str(asked.value)
