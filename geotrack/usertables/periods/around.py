"""Periods of a column that words around it tell: years, and days, below "Three months ended September 30"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from geotrack import periods
from geotrack.errors import Choice
from geotrack.usertables.periods.columnread import Read, Said, length_of, meaning, sample
from geotrack.usertables.periods.texts import Written
from geotrack.usertables.words.endings import WORDS, Ending, Length, stretched
from geotrack.usertables.words.financial import FinancialYear

UNSAID = "unsaid"
"""The kind of a year of which words say that it is none of the calendar, but not which months it means."""


def said_with(said: Said, ending: Ending | None) -> Said:
    """Return what is said of periods, with the month in which the words have years end."""
    if not ending or said.year_ends or not ending.names_years:
        return said
    return replace(said, year_ends=ending.month)


def of_year(one: Written, ending: Ending, said: Said) -> Written:
    """Return a year as the words have it; whatever is no bare year stays as it is."""
    if not one.is_year:
        return one
    if said.year_ends or ending.names_years:
        return one._replace(kind="financial", iso="", ends=int(one.iso))
    if ending.of_year(int(one.iso)):
        return one._replace(iso=ending.last_of(int(one.iso)), length=ending.length)
    return one._replace(kind=UNSAID)


def lose_unsaid(made: Read, each: Mapping[int, Written], ending: Ending | None) -> None:
    """Note the years of which the words do not say which months they mean."""
    if each and ending:
        what = "speak of several periods" if ending.several else "do not say which months or days those are"
        made.lose(
            [made.texts[n] for n in each],
            f"a year, and the words {ending.text!r} {ending.where} {what}",
            "each period in the name of its column, or in its row, as 2023-07/2023-09 or 'Three months ended "
            "September 30, 2023'; or --year-ends with the month in which all these years end",
        )


def lengthen(
    made: Read, known: Mapping[str, Mapping[int, Written]], ending: Ending | None, said: Said
) -> None:
    """Make periods of days and months that are only their ends: as each says, or the words around all."""
    ones = {n: one for each in known.values() for n, one in each.items() if made.iso[n]}
    for n, one in ones.items():
        if one.length:
            _stretch(made, n, one.length)
    left = [n for n, one in ones.items() if not one.length]
    if not ending:
        return
    yearly = len(left) < len(ones) or bool(known.get("financial") or known.get("pair"))
    if not left or ending.only_years or ending.several or said.freq == "day":
        _tell(made, ending, yearly or ending.only_years)
    elif all(_may_end(made.iso[n], ending) for n in left):
        for n in left:
            _stretch(made, n, ending.length)
        _tell(made, ending, True)
    else:
        parts = (
            [n for n in left if length_of(made.iso[n]) in ("quarter", "half")]
            if _is_other_year(ending)
            else []
        )
        _tell(made, ending, _parts(made, parts, ending, said) or yearly)


def _stretch(made: Read, n: int, length: Length) -> None:
    iso, made.iso[n] = made.iso[n], ""
    made.iso[n] = stretched(iso, length)
    if not made.iso[n]:
        made.lose(
            [made.texts[n]],
            f"{meaning(iso)}, with which no such period {'begins' if length.begins else 'ends'}",
            "the last day of a month for months, quarters and years, a day for weeks",
        )


def _may_end(iso: str, ending: Ending) -> bool:
    """Tell whether a day or a month may be the end that words speak of; or is, where they name it."""
    if length_of(iso) not in ("day", "month") or (length_of(iso) == "month" and ending.length.months < 2):
        return False
    last = iso if ending.length.begins else periods.last_day(iso)
    day = not ending.day or int(last[8:10]) == ending.day
    return (
        ending.month in (0, int(last[5:7]))
        and day
        and (not ending.month or bool(stretched(iso, ending.length)))
    )


def _parts(made: Read, parts: Sequence[int], ending: Ending, said: Said) -> bool:
    """Read quarters and halves as those of years that end in a month, if it is said; else ask."""
    years = {n: FinancialYear(made.texts[n], int(made.iso[n][:4]), False, *_part(made.iso[n])) for n in parts}
    if said.year_ends:
        for n in parts:
            made.iso[n] = years[n].iso(said.year_ends)
    else:
        ask_of_parts(made, years, ending)
    return bool(parts)


def ask_of_parts(made: Read, years: Mapping[int, FinancialYear], ending: Ending) -> None:
    """Ask whether parts of years are those of years of which the words speak, where that is not the same."""
    year = next(iter(years.values()), None)
    if not year or not _is_other_year(ending):
        return
    samples = {month: sample([(year.text, year.iso(month))]) for month in (ending.month, 12)}
    made.ask(
        f"{year.text!r} may be a part of a year of the calendar, or of one as {ending.text!r} "
        f"{ending.where} has it",
        *(Choice("year_ends", str(month), means) for month, means in samples.items()),
    )


def _is_other_year(ending: Ending) -> bool:
    """Tell whether words speak of years that end in another month than those of the calendar."""
    return ending.names_years and ending.month not in (0, 12)


def _part(iso: str) -> tuple[str, int]:
    start = int(periods.parse(iso)[0][5:7])
    return ("quarter", (start + 2) // 3) if length_of(iso) == "quarter" else ("half", (start + 5) // 6)


def _tell(made: Read, ending: Ending, applied: bool) -> None:
    """Say that the words are followed, or passed over."""
    words = f"{WORDS} {ending.text!r} {ending.where}"
    if applied:
        made.words = "" if ending.only_years else ending.text
        made.how.append(f"{words} say which periods those are")
    else:
        made.how.append(f"{words} change nothing: these periods say themselves which they are")
