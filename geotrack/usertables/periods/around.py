"""Periods of a column that words around it tell: years, and days, below "Three months ended September 30"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from geotrack import periods
from geotrack.errors import Choice
from geotrack.usertables.periods.columnread import Read, Said, length_of, meaning, sample
from geotrack.usertables.periods.texts import Written, written
from geotrack.usertables.words.endings import DAY, PART, SO_FAR, WORDS, WRAPPED, Ending, Length, stretched
from geotrack.usertables.words.financial import FinancialYear

UNSAID = "unsaid"
"""The kind of a year of which words say that it is none of the calendar, but not which months it means."""


def said_with(said: Said, ending: Ending | None) -> Said:
    """Return what is said of periods, with the month in which the words have years end."""
    if not ending or said.year_ends or said.freq == "year" or ending.doubted or not ending.names_years:
        return said
    return replace(said, year_ends=ending.month)


def of_year(one: Written, ending: Ending, said: Said) -> Written:
    """Return a year as the words have it; whatever is no bare year stays as it is."""
    if one.kind == "financial" and not one.part[0] and (part := part_of(ending)):
        return one._replace(part=part)
    if not one.is_year or said.freq == "year":
        return one
    if said.year_ends or (ending.names_years and (ending.only_years or not ending.doubted)):
        return one._replace(kind="financial", iso="", ends=int(one.iso))
    if not (meant := ending.of_year(int(one.iso))):
        return one._replace(kind=UNSAID)
    if ending.names == DAY:
        return one._replace(iso=meant, at=True)
    return one._replace(iso=ending.last_of(int(one.iso)), length=ending.length)


def part_of(ending: Ending | None) -> tuple[str, int]:
    """Return the quarter or the half that words name, ("quarter", 2); ("", 0) if they name none."""
    if not ending or ending.names != PART or ending.several or ending.doubted:
        return "", 0
    kind = {3: "quarter", 6: "half"}.get(ending.length.months, "")
    n, rest = divmod(ending.month, ending.length.months or 1)
    return (kind, n) if kind and not rest else ("", 0)


def ask_unsaid(made: Read, each: Mapping[int, Written], ending: Ending | None) -> None:
    """Ask which months or days years are where words do not say it, or may speak of something else."""
    if not each or not ending:
        return
    n, one = next(iter(each.items()))
    year, text = int(one.iso), made.texts[n]
    what = "speak of several periods" if ending.several else "do not say which months or days those are"
    what = "may say otherwise of them" if ending.doubted and not ending.several else what
    choices = [*_meant(ending, year, text), Choice("freq", "year", f"{text} = the whole year {year}")]
    made.ask(
        f"{text!r} is a year, and the words {ending.text!r} {ending.where} {what}: say it, or write each "
        "period in the name of its column, or in its row, as 2023-07/2023-09",
        *choices,
    )


def _meant(ending: Ending, year: int, text: str) -> list[Choice]:
    """Return what words may mean of a year, each as an answer."""
    if ending.names == WRAPPED and not ending.several:
        first = ending.month % 12 + 1
        ends = FinancialYear(text, year).iso(ending.month)
        begins = stretched(f"{year}-{first:02d}", Length(12, begins=True))
        words = f"Year beginning {periods.MONTHS[first - 1]}"
        if ending.length == Length(12):
            named = (("year_ends", str(ending.month), ends), ("period_words", words, begins))
            return [Choice(option, value, f"{text} = {meaning(iso)}") for option, value, iso in named]
    if meant := ending._replace(doubted=False).of_year(year):
        return [Choice("period_words", ending.text, f"{text} = {meaning(meant)}")]
    return [Choice("period_words", "", "'January-September', 'as at 30 June' or 'Year ended 31 March'")]


def so_far(made: Read, ending: Ending, said: Said) -> None:
    """Read months and quarters below "year to date" as the year up to their end, if it is said; else ask."""
    parts = [n for n, iso in enumerate(made.iso) if iso and length_of(iso) in ("month", "quarter")]
    longer = {n: _since_january(made.iso[n]) for n in parts}
    if not parts or said.freq:
        _tell(made, ending, False)
    elif ending.where == AS_SAID:
        for n, iso in longer.items():
            made.iso[n] = iso
        _tell(made, ending, True)
    else:
        n = next((n for n in parts if longer[n] != made.iso[n]), parts[0])
        text, length = made.texts[n], length_of(made.iso[n])
        made.ask(
            f"{text!r} may be a {length}, or the year up to its end, as the words {ending.text!r} "
            f"{ending.where} say",
            Choice("period_words", "Year to date", f"{text} = {meaning(longer[n])}"),
            Choice("freq", length, f"{text} = {meaning(made.iso[n])}"),
        )


def _since_january(iso: str) -> str:
    after = periods.parse(iso)[1]
    last = int(after[:4]) * 12 + int(after[5:7]) - 2
    return periods.of_months(last - last % 12, last)


AS_SAID = "that were said of them"
"""Where words stand that the user says."""


def lengthen(
    made: Read, known: Mapping[str, Mapping[int, Written]], ending: Ending | None, said: Said
) -> None:
    """Make periods of days and months that are only their ends: as each says, or the words around all."""
    if ending and ending.names:
        _as_named(made, ending, said)
        return
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


def _as_named(made: Read, ending: Ending, said: Said) -> None:
    """Make years the parts that words name; whatever else stands there says itself what it is."""
    each = {n: one for n, text in enumerate(made.texts) if made.iso[n] and (one := written(text))}
    years = [n for n, one in each.items() if one.is_year]
    for n, one in each.items():
        if one.length:
            _stretch(made, n, one.length)
    if ending.names == PART and said.freq != "year" and not said.year_ends and not ending.doubted:
        for n in years:
            _stretch(made, n, ending.length)
    if ending.names == SO_FAR and not years:
        so_far(made, ending, said)
    elif years or not made.questions:
        parted = part_of(ending)[0] and any(
            written(text).kind in ("financial", "pair") for text in made.texts
        )
        _tell(made, ending, bool(years or parted) and said.freq != "year")


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
