"""The names of months that titles are looked through for: those of CLDR, as Babel has them now."""

from __future__ import annotations

from geotrack.language import timewords
from geotrack.language.monthwords import MONTHS

# All words here are CLDR's.


def test_the_names_are_those_that_cldr_has() -> None:
    assert timewords.months_of_tables() == MONTHS  # else run scripts/make_monthwords.py


def test_a_name_of_two_months_or_a_word_of_tables_is_none() -> None:
    assert not {"listopad", "set", "mon", "gas"} & {*MONTHS}
    assert [MONTHS[name] for name in ("march", "märz", "września", "juin", "eylül")] == [3, 3, 9, 6, 9]
