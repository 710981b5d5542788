"""Parts of years in a header of two rows: whichever language names them, none becomes a whole year."""

from __future__ import annotations

import pytest

from geotrack import periods
from geotrack.language import timewords
from geotrack.usertables import apply, guess
from geotrack.usertables.layout.headers import joined, plain_part
from geotrack.usertables.reading import read
from geotrack.usertables.words.endings import in_text

# All figures here are synthetic.

MONTHS = (
    "styczeń luty", "leden únor", "Ocak Şubat", "tammikuu helmikuu", "siječanj veljača", "січень лютий",
    "Ιανουάριος Φεβρουάριος", "जनवरी फ़रवरी", "Enero Febrero", "Jan. Feb.", "janv. févr.", "lis gru",
    "1月 2月", "Mrz Apr", "Sept Okt",
)  # fmt: skip


@pytest.mark.parametrize("names", MONTHS)
@pytest.mark.parametrize("same", [True, False])
def test_months_below_years_are_months_in_any_language(names: str, same: bool) -> None:
    first, second = names.split()
    second = first if same and first != "lis" else second
    text = f",2020,2021\ncountry,{first},{second}\nFrance,1,2\nSpain,3,4\n"
    table = read(text.encode(), "t.csv")
    made = apply(table, guess(table, {"unit": "t"}), "s", periods.parse_column)
    spans = sorted({*zip(made["start"], made["end"], strict=True)})
    assert [start[:4] for start, _ in spans] == ["2020", "2021"]
    assert all(27 < periods.days(*span) < 32 for span in spans)


@pytest.mark.parametrize(
    "name", ["Margin", "Market", "Output", "General", "Gas", "Decline", "收入", "Umsätze"]
)
def test_a_metric_below_years_is_no_month(name: str) -> None:
    assert joined([["", "2020", "2021"], ["country", name, "Other"]]).columns[1] == f"{name} / 2020"
    assert joined([["", "2020", "2021"], ["country", name, name]]).common == [name]


PARTS = {
    "Q1": "1er trimestre; 1. Quartal; I kw.; 1 kw.; first quarter; 第一季度; 第1四半期; 1분기; 1-й квартал",
    "H2": "2. Halbjahr; II półrocze; 2-е полугодие; 2º semestre; second half; 下半年; 2 sem.; 2. pololetí",
    "": "1. KW; 1 semana; 1 semaine; 3. Halbjahr; 5. Quartal; 1 market; III полугодие",
}


@pytest.mark.parametrize(("part", "texts"), [*PARTS.items()])
def test_quarters_and_halves_in_words(part: str, texts: str) -> None:
    assert {text: plain_part(text) for text in texts.split("; ")} == dict.fromkeys(texts.split("; "), part)


@pytest.mark.parametrize(("kind", "months"), [("quarter", 3), ("half", 6)])
def test_what_columns_of_parts_are_called_is_read_in_cells_and_in_words_too(kind: str, months: int) -> None:
    left_out = {"half_year", "季", "半期"}
    words = {*timewords._FIELDS[kind].split()} - left_out
    assert {word: plain_part(f"1 {word}") for word in words} == dict.fromkeys(words, f"{kind[0].upper()}1")
    for word in words - {"qtr"}:
        found = in_text(f"{word} ended June 30", "above")
        assert (found and found.length.months) == (months if word.isalpha() and word[0] < "\u3000" else None)
