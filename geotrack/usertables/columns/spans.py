"""The periods of a table: of its columns if it is wide, else of its rows, with what marks beside them say."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geotrack.errors import AmbiguousError, ParseError, Question
from geotrack.language import timewords
from geotrack.usertables.cells import Coded, Objects, constant, objects
from geotrack.usertables.columns import wordsaround
from geotrack.usertables.columns.mapping import Mapping, figure_columns, said_of_periods
from geotrack.usertables.periods.around import ask_of_parts, said_with, so_far
from geotrack.usertables.periods.column import read
from geotrack.usertables.periods.columnread import Read, Said
from geotrack.usertables.periods.ends import StartAndEnd, decide
from geotrack.usertables.periods.texts import Written, built, normal, written, year_alone
from geotrack.usertables.reading import UserTable
from geotrack.usertables.words import financial
from geotrack.usertables.words.financial import BEGINS, CALLED, FinancialYear
from geotrack.usertables.words.periodmarks import mark_of, said_by

if TYPE_CHECKING:
    from geotrack.usertables.words.endings import Ending

Periods = Callable[[pd.Series, str | None], pd.DataFrame]


class Spans(NamedTuple):
    """Distinct texts as periods: first days, days after; all "" where some cannot be read.

    Parameters
    ----------
    codes : of each cell, the place of its text; -1 where no period is needed.
    faults : why texts cannot be read, by what they are and what is expected; "" in the place of what they are
        if it is the column as a whole.
    settled : what the cells as a whole tell that a mapping keeps, by its fields, for the next file may not
        tell it.
    """

    codes: NDArray[np.intp]
    texts: Sequence[str]
    starts: Objects
    ends: Objects
    statuses: Objects
    notes: Objects
    how: tuple[str, ...]
    faults: dict[tuple[str, str], list[str]]
    questions: tuple[Question, ...]
    settled: tuple[tuple[str, str], ...] = ()

    def at_cells(self, of: Objects) -> Coded:
        """Return what holds for each cell; "" where no period is needed."""
        return Coded(np.where(self.codes < 0, len(of), self.codes), np.append(of, ""))


def of_header(table: UserTable, mapping: Mapping, parse: Periods) -> Spans:
    """Return the periods that are the names of a wide table's columns of figures."""
    names = figure_columns(mapping, table)
    made = read(
        names, said_of_periods(mapping), "the names of columns", ending=wordsaround.words_of(mapping, table)
    )
    return _spans(made, np.arange(len(names)), parse)


def of_column(
    table: UserTable,
    column: str,
    needed: NDArray[np.bool_],
    said: Said,
    parse: Periods,
    *,
    ending: Ending | None = None,
) -> Spans:
    """Return the periods of a column; cells that are empty or not needed have none.

    Parameters
    ----------
    ending : what words around the table say of them.
    """
    codes, distinct = _coded(table, column, needed)
    is_financial = CALLED.search(column) is not None
    return _spans(read(distinct, said, f"column {column!r}", is_financial, ending), codes, parse)


def passed_over(mapping: Mapping, table: UserTable, told: Sequence[str]) -> list[str]:
    """Say which words of periods, above or below the table, nothing was read from."""
    return wordsaround.passed_over(mapping, table, told)


def of_two(table: UserTable, mapping: Mapping, needed: NDArray[np.bool_], parse: Periods) -> Spans:
    """Return the periods of which one column has the year and another the month, quarter, half or week."""
    years, year_texts = _coded(table, mapping.period, needed)
    parts, part_texts = _coded(table, mapping.part, needed)
    both = np.where((years < 0) | (parts < 0), -1, years * len(part_texts) + parts)
    codes, pairs = pd.factorize(pd.Series(both).where(both >= 0), use_na_sentinel=True)
    places = [divmod(int(pair), len(part_texts)) for pair in pairs]
    numbers = numbered(part_texts, mapping.part)
    texts = [f"{year_texts[y]} {part_texts[p]}" for y, p in places]
    made = Read(texts, [""] * len(texts), [""] * len(texts), [""] * len(texts))
    named = [_named_year(text, mapping.period) for text in year_texts]
    _of_years(made, [(named[y], numbers[p]) for y, p in places], table, mapping)
    for n, (y, _) in enumerate(places):
        made.statuses[n], made.notes[n] = said_by(named[y].mark)
    lost = [text for text, iso in zip(texts, made.iso, strict=True) if not iso and not made.questions]
    expected = "years such as 2019 beside months, quarters, halves or weeks"
    if not part_called(mapping.part) and all(text.isdecimal() for text in part_texts):
        expected += f", the header of {mapping.part!r} saying which of them: Month, Quarter, Half or Week"
    if any(text.strip().upper() == "M13" for text in part_texts):
        expected += "; M13 is the average of a year: leave its rows out"
    made.lose(lost, "no year with a part of it", expected)
    return _spans(made, codes, parse)


_Part = tuple[str, int]


def _of_years(
    made: Read, pairs: Sequence[tuple[Written, _Part | None]], table: UserTable, mapping: Mapping
) -> None:
    """Read parts of years: of financial ones, if the years, their header or words around the table say so."""
    own = wordsaround.own(mapping)
    around = None if own else wordsaround.words_of(mapping, table)
    said = said_with(said_of_periods(mapping), own)
    words = own or around
    called = CALLED.search(mapping.period) or (words and words.only_years)
    if said.year_ends or called or any(one.kind == "financial" for one, _ in pairs):
        _of_financial(made, pairs, said, mapping)
        return
    for n, (one, part) in enumerate(pairs):
        made.iso[n] = _part_of(one.ends, part)
    named = {
        n: FinancialYear(made.texts[n], one.ends, False, *part) for n, (one, part) in enumerate(pairs) if part
    }
    if around and around.is_so_far:
        so_far(made, around, said)
    elif around:
        ask_of_parts(made, {n: year for n, year in named.items() if year.part != "week"}, around)


def _named_year(text: str, header: str) -> Written:
    """Return a year, of the calendar ("plain") or a "financial" one, with `ends`; its kind is "" if none."""
    year, mark = _plain_year(text)
    if year:
        return Written("plain", ends=year, begins=BEGINS in header, mark=mark)
    one = written(text)
    is_year = one.kind in ("financial", "pair") and not one.part[0]
    return one._replace(kind="financial") if is_year else Written("")


def _of_financial(
    made: Read, pairs: Sequence[tuple[Written, _Part | None]], said: Said, mapping: Mapping
) -> None:
    """Read parts of financial years: their own quarters and halves, but months of the calendar.

    January stands in no other place of a budget's year; only months of which the header says that they are
    counted from its beginning ("Fiscal month") are.
    """
    counted = CALLED.search(mapping.part) is not None
    years = {
        n: FinancialYear(
            made.texts[n], one.ends, one.begins, "nth" if part[0] == "month" and counted else part[0], part[1]
        )
        for n, (one, part) in enumerate(pairs)
        if one.kind and part and part[0] != "week"
    }
    where = f"columns {mapping.period!r} and {mapping.part!r}"
    if not said.year_ends and years:
        made.questions.append(financial.question([*years.values()], where, "are parts of financial years"))
        return
    for n, year in years.items():
        made.iso[n] = year.iso(said.year_ends)
    if years:
        made.how.append(financial.how(said.year_ends, [*years.values()]))
    if any(year.part == "month" for year in years.values()):
        made.how.append("months beside financial years are those of the calendar")


def _part_of(year: int, part: tuple[str, int] | None) -> str:
    try:
        return built(part[0], year, part[1], 0).iso if year and part else ""
    except ValueError:  # most years have no week 53
        return ""


def found(table: UserTable, mapping: Mapping, needed: NDArray[np.bool_], parse: Periods) -> list[Spans]:
    """Return the periods of a table: one for its columns or rows, two if it has starts and ends."""
    columns = (mapping.period, mapping.part, mapping.start, mapping.end, figure_columns(mapping, table))
    said = (said_of_periods(mapping), mapping.period_words)
    key = ("spans", mapping.layout, columns, said, needed.tobytes(), parse)
    known = table.memo.get(key)
    if not isinstance(known, list):  # looked through for questions, then shown, then applied
        known = table.memo[key] = _found(table, mapping, needed, parse)
    return known


def _found(table: UserTable, mapping: Mapping, needed: NDArray[np.bool_], parse: Periods) -> list[Spans]:
    if mapping.layout == "wide":
        return [_asked(of_header(table, mapping, parse), mapping, table)]
    if mapping.for_all_rows:
        made = read(
            [mapping.period], said_of_periods(mapping, mapping.freq or "day"), "the period of all rows"
        )
        return [_spans(made, np.where(needed, 0, -1), parse)]
    if mapping.part:
        return [of_two(table, mapping, needed, parse)]
    if mapping.period:
        ending = wordsaround.words_of(mapping, table)
        alone = of_column(table, mapping.period, needed, said_of_periods(mapping), parse, ending=ending)
        return [_asked(alone, mapping, table)]
    starts, ends = (
        of_column(table, column, needed, said_of_periods(mapping, "day"), parse)
        for column in (mapping.start, mapping.end)
    )
    return [starts, _until(starts, ends, mapping)]


def _asked(made: Spans, mapping: Mapping, table: UserTable) -> Spans:
    """Add what a line leaves open of one of the years."""
    if made.questions or made.faults:
        return made
    return made._replace(questions=tuple(wordsaround.of_one_year(mapping, table, made.texts)))


def _until(starts: Spans, ends: Spans, mapping: Mapping) -> Spans:
    """Return the column of ends, whose `ends` are the first days after the periods, however it has them."""
    if starts.faults or ends.faults or starts.questions or ends.questions:
        return ends
    both = pd.DataFrame({"start": starts.codes, "end": ends.codes}).drop_duplicates()
    pairs = [
        StartAndEnd(starts.texts[a], ends.texts[b], starts.starts[a], ends.starts[b], ends.ends[b])
        for a, b in both.to_numpy().tolist()
        if a >= 0 and b >= 0
    ]
    told = decide(pairs, mapping.ends, f"column {mapping.end!r}")
    return ends._replace(
        ends=ends.starts if told.meaning == "excluded" else ends.ends,
        how=(*ends.how, *filter(None, [told.how])),
        questions=(told.question,) if told.question else (),
        settled=() if told.question or not pairs else (("ends", told.meaning),),
    )


def refuse_open(spans: Sequence[Spans]) -> None:
    """Ask what the periods leave open.

    Raises
    ------
    AmbiguousError : something does.
    """
    if questions := [question for each in spans for question in each.questions]:
        raise AmbiguousError(*questions)


def _coded(table: UserTable, column: str, needed: NDArray[np.bool_]) -> tuple[NDArray[np.intp], list[str]]:
    """Return of each cell the place of its text among the distinct ones; -1 if it is empty or not needed."""
    codes, texts = _stripped(table, column)
    used = np.zeros(len(texts), dtype=bool)
    used[codes[needed]] = True
    used &= texts != ""
    places = np.where(used, np.cumsum(used) - 1, -1)
    return np.where(needed, places[codes], -1), list(texts[used])


def _stripped(table: UserTable, column: str) -> tuple[NDArray[np.intp], Objects]:
    """Return of each cell the place of its text among the distinct ones, without the spaces around."""
    known = table.memo.get(("texts", column))
    if isinstance(known, tuple):  # a million cells need be compared once
        return known
    codes, distinct = table.coded(column)
    places, texts = pd.factorize(objects([cell.strip() for cell in distinct]), use_na_sentinel=False)
    found = table.memo[("texts", column)] = (places[codes], np.asarray(texts, dtype=object))
    return found


def _spans(made: Read, codes: NDArray[np.intp], parse: Periods) -> Spans:
    """Turn what texts say into days; none of them if one cannot be read."""
    faults = dict(made.lost)
    starts = ends = constant(len(made.texts), "")
    if not faults and not made.questions and made.texts:
        try:
            days = parse(pd.Series(made.iso, dtype=object), made.freq or None)
            starts, ends = (days[name].to_numpy(dtype=object) for name in ("start", "end"))
        except ParseError as error:
            faults[("", str(error))] = []
    statuses, notes = objects(made.statuses), objects(made.notes)
    how, questions = tuple(made.how), tuple(made.questions)
    kept = {"freq": made.freq if made.settled else "", "period_words": made.words}
    settled = tuple((key, what) for key, what in kept.items() if what and not questions and not faults)
    return Spans(codes, made.texts, starts, ends, statuses, notes, how, faults, questions, settled)


# A year, and its part


_PARTS = {
    "month": (r"M?0?(?P<n>\d\d?)|(?P<n2>\d\d?) ?[月월]", 12),
    "quarter": (r"(?:Q|K|T|Qtr\.? |Quarter )?0?(?P<n>\d)|(?P<n2>\d) ?[QK]", 4),
    "half": (r"(?:H|S)?0?(?P<n>\d)|(?P<n2>\d) ?[HS]", 2),
    "week": (r"(?:W|KW|CW)? ?(?P<n>\d\d?)", 53),
}
"""How a part of a year is written, with the letters that only this part has, and how many there are."""

_LETTERS = {"month": "M月월", "quarter": "QKT", "half": "HS", "week": "W"}


def _plain_year(text: str) -> tuple[int, str]:
    """Return a year of four digits and its mark; 0 if it is none."""
    rest, mark = (text, "") if re.fullmatch(r"\d{4}", normal(text)) else mark_of(text)
    year = year_alone(rest)
    return (year, mark) if year else (0, "")


def are_years(cells: Sequence[str]) -> bool:
    """Tell whether all cells are years, or financial ones, as FY2020, 2019/20."""
    return all(_named_year(cell, "").kind for cell in cells)


def part_called(header: str) -> str:
    """Return which part of a year a column is called, a financial one's or the calendar's; "" if none."""
    return timewords.field(CALLED.sub("", header).strip(" _-"))


def numbered(cells: Sequence[str], header: str) -> list[tuple[str, int] | None]:
    """Return the part of a year that each cell is: ("month", 9); None where it is none.

    The header tells what bare numbers count; without it letters or names in the cells have to.
    """
    texts = [normal(cell) for cell in cells]
    stated = part_called(header)
    kinds = [stated] if stated in _PARTS else [kind for kind in _PARTS if _lettered(texts, kind)]
    if len(kinds) == 1 and all(_number(text, kinds[0]) for text in texts):
        return [(kinds[0], _number(text, kinds[0])) for text in texts]
    names = {text: timewords.plain(text) for text in texts}
    means = timewords.decided({name for name in names.values() if name})
    named = [means.get(names[text]) for text in texts]
    if stated in _PARTS:
        counted = [(stated, n) if (n := _number(text, stated)) else None for text in texts]
        named = [
            own or (told if told and told[0] == stated else None)
            for own, told in zip(counted, named, strict=True)
        ]
    return named


def _lettered(texts: Sequence[str], kind: str) -> bool:
    """Tell whether all texts have a letter that only this part of a year has."""
    return all(set(text.upper()) & {*_LETTERS[kind]} and _number(text, kind) for text in texts)


def _number(text: str, kind: str) -> int:
    """Return which month, quarter, ... a text is; 0 if it is none."""
    pattern, most = _PARTS[kind]
    match = re.fullmatch(pattern, text.removesuffix(".0"), re.ASCII | re.IGNORECASE)
    n = next((int(digits) for digits in match.groupdict().values() if digits), 0) if match else 0
    return n if n <= most else 0
