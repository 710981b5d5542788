"""What stands beside a figure, or in its place: flags of offices, footnote marks, words for none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from geotrack.usertables.figures.numerals import (
    APOSTROPHES,
    ARABIC_COMMA,
    ARABIC_POINT,
    PLAIN,
    SPACES,
    all_plain,
    shape_of,
    western,
)
from geotrack.usertables.figures.raised import PLAIN as PLAIN_OF_SUPERS
from geotrack.usertables.figures.raised import SUPERS
from geotrack.usertables.words import money, periodmarks, scalewords, shorthand

NOTHING = frozenset({
    "-", "–", "—", "--", "---", ".", "..", "...", "…", ":", "/", "x", "·", "•", "na", "n/a", "n.a.", "n.a",
    "n. a.", "#n/a", "<na>", "nan", "null", "none", "n/d", "n.d.", "n.d", "nd", "s/d", "s.d.",
    "s. d.", "sd",
    "k.a.", "k. a.", "k.a", "k/a", "n.v.", "n. v.", "o.a.", "b.d.", "n/v", "no data", "not available",
    "not applicable",
    "missing", "unknown", "keine angabe", "keine angaben", "nicht verfügbar", "unbekannt", "sin datos",
    "no disponible", "non disponible", "nc", "n.c.", "ns", "non disponibile", "não disponível", "sem dados",
    "brak danych", "н/д", "н.д.", "нд", "нет данных", "不详", "不明", "无数据", "暂无",
    "暂无数据", "－", "不詳",
    "データなし", "해당없음",
})  # fmt: skip
"""Words and signs that stand where a figure lacks, whatever the language; small letters."""

NOT_ZERO = ("-", "–", "—", "--", "---", "－")
"""Of these, the ones that mean exactly nothing at some offices: they are taken for no figure, and told."""

FLAGS = {
    "p": ("", "provisional"), "e": ("estimated", ""), "s": ("estimated", "estimated by the office"),
    "f": ("estimated", "a forecast"), "i": ("estimated", "imputed"), "b": ("", "break in the series"),
    "r": ("", "revised"), "u": ("", "of low reliability"), "d": ("", "definition differs, see the source"),
    "c": ("", "confidential"), "n": ("", "not significant"), "a": ("", ""), "v": ("", "not validated"),
    "g": ("", "experimental"), "t": ("", "derogation"),
}  # fmt: skip
"""Letters that offices put beside a figure -> the status that it has then, and a note in words."""

_BESIDE = frozenset("pesfibrudcn")
"""Of the flags, those that are taken off a figure in its cell; the others stand in a column of flags only."""

LACKING = frozenset("molqhjkxz")
"""In a column of flags: there is no figure."""

_SUPER = str.maketrans(SUPERS, PLAIN_OF_SUPERS)
_TO_SUPER = str.maketrans(PLAIN_OF_SUPERS, SUPERS)
_STARS = "*†‡§#※"
_CURRENCY = rf"(?:{money.DOLLARS}|CN¥|Rs\.?|kr\.?|zł|[{money.SIGNS}])"
_SIGNS = f".,{ARABIC_POINT}{ARABIC_COMMA}"

_SPLIT = re.compile(
    rf"(?P<before>{_CURRENCY}[{SPACES}]?)?+(?P<number>[-+−]?(?:[0-9{_SIGNS}{APOSTROPHES}]++|[{SPACES}](?=[0-9])(?![0-9]{{1,2}}\)))++"
    rf"(?:[{SPACES}]?[eE][-+]?[0-9]{{1,3}}(?![0-9]))?+(?:[{SPACES}]?%)?+)"
    rf"(?:[{SPACES}]?(?P<after>{_CURRENCY}))?+"
    rf"(?P<marks>(?:[{SPACES}]?(?:[{_STARS}]{{1,4}}|[{SUPERS}]{{1,3}})|[{SPACES}]?\([0-9]{{1,2}}\)|[{SPACES}][0-9]{{1,2}}\)"
    rf"|[{SPACES}]?\[[0-9a-z]{{1,2}}\]|[{SPACES}]?(?i:{shorthand.LETTERS}|{shorthand.NOTE})"
    rf"|[{SPACES}]?\([A-Za-z]{{1,3}}\)|[{SPACES}]?[A-Za-z]{{1,3}}(?![A-Za-z])){{1,4}})?+"
)
_PLAIN_START = re.compile(
    rf"[-+−]?[0-9{_SIGNS}{SPACES}{APOSTROPHES}]*+(?:[eE][-+]?[0-9]{{1,3}})?+[{SPACES}]?%?"
)
_LONGEST = 80
"""Characters of a cell that may be a figure with what stands beside it."""


def is_nothing(cell: str) -> bool:
    """Tell a word or a sign for no figure, be it behind that of a currency: "n/a", "[x]", "$ —"."""
    if cell.casefold() in NOTHING or shorthand.is_alone(cell):
        return True
    return cell.endswith(NOT_ZERO) and re.fullmatch(rf"{_CURRENCY}[{SPACES}]*[-–—－]+", cell) is not None


class Bare(NamedTuple):
    """The distinct cells of a column, without what stands beside figures."""

    cells: list[str]  # as they were, a number alone, or "" where a word stands for no figure
    marks: list[str]  # what was taken off each, "p", "¹ e", "": `told` says what it means
    nothing: list[str]  # the word that stands for no figure, else ""
    currency: str  # the sign that all figures have


def bare(
    cells: Collection[str],
    empty: Collection[str] = (),
    legend: Mapping[str, str] | None = None,
    *,
    office: bool = False,
    several: bool = False,
) -> Bare:
    """Part figures from what stands beside them, in the distinct cells of a column.

    A letter is taken off only if it is a flag that offices use. Where it is the only one, and nothing
    else tells an office's table, at most half of the figures may have it: what all have is a unit, and "b" is
    a billion.

    Parameters
    ----------
    empty : words that the user says stand for no figure.
    legend : mark -> text of the notes below the table, see `legend_of`.
    office : whether the table is one of Eurostat's, whose letters are flags, be they beside all figures.
    several : whether the column has several metrics, of which only one may be money: then a currency stands
        beside all figures or is refused. Else one that some have, as the first and the total, is that of all.
    """
    if all_plain(cells) and not empty:
        return Bare([*cells], [""] * len(cells), [""] * len(cells), "")
    parts = [_parted(cell.strip(), empty) for cell in cells]
    refused = _refused(
        [part for part in parts if part.number],
        legend or {},
        office or any(part.nothing[:1] == ":" for part in parts),
    )
    signs = {part.currency for part in parts if part.number}
    currency = next(iter(signs - {""})) if len(signs - {""}) == 1 and not (several and "" in signs) else ""
    own = (currency, "") if currency and not several else (currency,)
    made, marks = [], []
    for cell, part in zip(cells, parts, strict=True):
        odd = not part.number or not refused.isdisjoint(_letters(part.marks)) or part.currency not in own
        made.append("" if part.nothing else cell if odd else part.number)
        marks.append("" if odd else part.marks)
    return Bare(made, marks, [part.nothing for part in parts], currency)


class _Part(NamedTuple):
    number: str = ""
    marks: str = ""
    currency: str = ""
    nothing: str = ""
    spaced: bool = False  # whether a space stands before its marks


def _parted(cell: str, empty: Collection[str]) -> _Part:
    cell = cell if cell in empty else western(cell)
    if _PLAIN_START.fullmatch(cell):
        digits = not cell or any(map(str.isdigit, cell[:_LONGEST]))
        if digits and cell not in empty:
            return _Part(cell)
    if cell in empty or is_nothing(cell) or re.fullmatch(r":\s?[a-z]{1,3}", cell):
        return _Part(nothing=cell)
    found = _SPLIT.fullmatch(cell) if len(cell) <= _LONGEST else None
    if not found or not any(map(str.isdigit, found["number"])):
        return _Part()
    signs = [sign.strip() for sign in (found["before"], found["after"]) if sign]
    marks = " ".join(mark.replace(" ", "") for mark in _MARK.findall(found["marks"] or ""))
    number = "" if len(signs) > 1 else found["number"]
    sign = signs[0] if len(signs) == 1 else ""
    return _Part(number, marks, sign, spaced=(found["marks"] or "")[:1].isspace())


_MARK = re.compile(
    rf"(?i:{shorthand.LETTERS}|{shorthand.NOTE})"
    rf"|[{_STARS}]+|[{SUPERS}]+|\(?[0-9]{{1,2}}\)|\[[0-9a-z]{{1,2}}\]|\([A-Za-z]+\)|[A-Za-z]+"
)


def _letters(marks: str) -> set[str]:
    """Return the flags among marks: single letters, of "bep" each; what is no flag is there as it is."""
    return {letter for mark in marks.split() for letter in _flags(mark)}


_FACTORS = {"bn"}  # billion: never a break that is not significant
_POINTS = re.compile(r"(?i)\(?bps?\)?")  # basis points, but where an office's flags stand


def _flags(mark: str) -> Iterable[str]:
    plain = mark.strip("()")
    if not plain.isascii() or not plain.isalpha():
        return ()
    small = plain.lower() if plain.isupper() or plain.islower() else plain
    several = len(small) <= 3 and list(small) == sorted(set(small))  # as offices write them: "bep"
    several &= small not in _FACTORS
    return small if _BESIDE.issuperset(small) and several else (plain,)


def _refused(parts: list[_Part], legend: Mapping[str, str], colons: bool) -> set[str]:
    """Return the letters that are no flags in this column.

    parts : those with a figure. colons : whether ":" stands for no figure, as at Eurostat.
    """
    counts = Counter(letter for part in parts for letter in _letters(part.marks))
    odd = {letter for letter in counts if letter not in _BESIDE and letter.lower() not in legend}
    if not colons and any(map(_POINTS.fullmatch, " ".join(part.marks for part in parts).split())):
        odd |= {*"bps"} & counts.keys()
    if colons or len(counts.keys() - odd) > 1:
        return odd
    odd |= {letter for letter, count in counts.items() if 2 * count > len(parts) or len(parts) < 2}
    if counts and all(re.fullmatch(r"[ep]", part.marks) and part.spaced for part in parts):
        return odd - {*"ep"}  # every figure is an estimate: no unit is called so
    return (odd | ({"b"} & counts.keys())) - legend.keys()


def told(marks: str, legend: Mapping[str, str]) -> tuple[str, str]:
    """Return the status that marks give a figure ("" if none), and what they say, in words."""
    status, notes = "", []
    for mark in marks.split():
        short = [key for key in shorthand.keys(mark) if key in shorthand.MEANS]
        letters = short or [*_flags(mark)]
        for key in letters or shorthand.keys(mark) or [key_of(mark)]:
            in_words = _in_words(legend.get(key, "").casefold().rstrip(".")) or ("", "")
            said = (shorthand.MEANS if short else FLAGS).get(key, ("", "")) if letters else in_words
            status = said[0].replace("missing", "") or status  # there is a figure
            notes.append(legend.get(key) or said[1] or ("" if letters else f"marked {mark} in the table"))
    return status, "; ".join(dict.fromkeys(filter(None, notes)))


def flag(text: str) -> tuple[str, str] | None:
    """Read a cell of a column of flags: status and note, ("missing", "") for no figure; None if unknown."""
    plain = text.strip().strip("()").casefold()
    if not plain or _in_words(plain):
        return _in_words(plain) or ("", "")
    if plain in LACKING or plain == ":":
        return ("missing", "")
    if not set(plain) <= FLAGS.keys() or len(plain) > 3 or list(plain) != sorted(set(plain)):
        return None
    statuses = [FLAGS[letter] for letter in plain]
    return next((s for s, _ in statuses if s), ""), "; ".join(note for _, note in statuses if note)


_FAO = {"x": ("", "from international organizations"), "t": ("", "an unofficial figure"),
        "f": ("estimated", "estimated by FAO")}  # fmt: skip
"""Flags of FAOSTAT that mean something else elsewhere."""


def describes(column: str, flags: str) -> bool:
    """Tell a column that says in words what the flags of another mean: "Flag Description" beside "Flag"."""
    said = re.sub(r"[\W_]+", " ", column.casefold()).strip()
    of = re.sub(r"[\W_]+", " ", flags.casefold()).strip()
    return said in {f"{of} {word}" for word in ("description", "label", "name", "meaning", "text")}


def flags_of(
    cells: list[str], meanings: Mapping[str, str], columns: Iterable[str] = ()
) -> list[tuple[str, str] | None]:
    """Read the cells of a column of flags, see `flag`; what is said of them beside goes before what they are.

    Parameters
    ----------
    cells : each once.
    meanings : flag -> its description.
    columns : of the table: FAOSTAT has flags of its own.
    """
    fao = {"area", "item", "element"} <= {column.casefold() for column in columns}
    read: list[tuple[str, str] | None] = []
    for cell in cells:
        meant = meanings.get(cell.strip(), "")
        if cell.strip() and meant:
            read.append(_meant(meant))
        else:
            read.append((_FAO.get(cell.strip().casefold()) if fao else None) or flag(cell))
    return read


def _in_words(plain: str) -> tuple[str, str] | None:
    """Return what a word says of a figure, beside the figure or, as others do, beside its period."""
    return _WORDS.get(plain) or periodmarks.meaning(plain)


def _meant(text: str) -> tuple[str, str]:
    """Return the status that a description of a flag gives a figure, and the description."""
    plain = text.casefold()
    if known := _in_words(plain):
        return known
    if re.search(r"\bmissing\b|cannot exist|not available|no data", plain):
        return "missing", ""
    estimated = re.search(r"\b(?:estimat|imput|forecast|project|modell?ed|calculated)", plain)
    return "estimated" if estimated else "", text


_WORDS = {
    "normal value": ("", ""), "normal": ("", ""), "official": ("", ""), "official figure": ("", ""),
    "final": ("", ""), "final data": ("", ""), "definitive": ("", ""), "actual": ("", ""),
    "observed": ("", ""),
    "endgültig": ("", ""), "définitif": ("", ""), "definitivo": ("", ""), "正式": ("", ""), "最终": ("", ""),
    "preliminary": ("", "provisional"), "prelim": ("", "provisional"), "prelim.": ("", "provisional"),
    "vorläufig": ("", "provisional"), "provisoire": ("", "provisional"), "初步": ("", "provisional"),
    "semi-final": ("", "provisional"), "unrevised": ("", ""), "flash": ("estimated", "a flash estimate"),
    "flash estimate": ("estimated", "a flash estimate"), "projected": ("estimated", "a forecast"),
    "projection": ("estimated", "a forecast"), "modelled": ("estimated", "modelled"),
    "modeled": ("estimated", "modelled"), "geschätzt": ("estimated", ""), "estimé": ("estimated", ""),
    "estimado": ("estimated", ""), "估计": ("estimated", ""), "confidential": ("", "confidential"),
    "unofficial": ("", "an unofficial figure"), "unofficial figure": ("", "an unofficial figure"),
    "figure from international organizations": ("", "from international organizations"),
    "estimated value": ("estimated", ""), "estimated": ("estimated", ""), "estimate": ("estimated", ""),
    "provisional value": ("", "provisional"), "provisional": ("", "provisional"),
    "forecast": ("estimated", "a forecast"),
    "forecast value": ("estimated", "a forecast"), "break": ("", "break in the series"),
    "time series break": ("", "break in the series"), "low reliability": ("", "of low reliability"),
    "imputed value": ("estimated", "imputed"), "imputed": ("estimated", "imputed"),
    "revised": ("", "revised"),
    "missing value": ("missing", ""), "missing": ("missing", ""), "reported": ("reported", ""),
    "derived": ("derived", ""), "lower bound": ("lower bound", ""),
    "definition differs": ("", "definition differs, see the source"),
}  # fmt: skip

_NOTE = re.compile(
    rf"\s*+(?P<mark>[{_STARS}]{{1,4}}|[{SUPERS}]{{1,3}}|\(?[0-9]{{1,2}}\)"
    r"|(?i:\[note ?[0-9]{1,2}\]|note [0-9]{1,2}(?=\s*[:.–-]\s))"
    r"|\[[0-9a-z]{1,2}\]|\(?[A-Za-z]\)|[a-z](?=\s*[=:]\s))\s*+[=:.–-]?\s*+(?P<text>[^\s=:.–-].*+)",
    re.DOTALL,
)
_SAID = re.compile(
    r"\s*+[（(]?(?:sources?|notes?|remarks?|footnotes?|quellen?|hinweise?|anmerkung(?:en)?|fußnoten?|zeichenerklärung|stand"
    r"|nota?s?|fuentes?|fontes?|font[et]?|bron(?:nen)?|opmerking(?:en)?|źródło|uwag[ai]|zdroje?|poznámk[ay]|forrás"
    r"|kaynak|kilder?|källa|lähde|sursa|izvor|πηγή|джерело|nguồn|sumber|출처|자료|주"
    r"|remarques?|avvertenza|legend[ae]?|last updated?|updated|data from database"
    r"|data (?:source|extracted)|extracted|copyright|©|источник|примечани[ея]|注|资料来源|数据来源|来源"
    r"|说明|資料|出典|出所|備考"
    r"|available flags?|special values?|flags?)"
    r"\s*+(?:[:：.)）]|\d|$|on\b|\w++\s*+[:：])",
    re.IGNORECASE,
)


def is_note(text: str) -> bool:
    """Tell a note below a table by how it begins: "Source: ...", "1) preliminary", "* ..."."""
    return bool(text.strip()) and bool(_SAID.match(text) or _NOTE.match(text) or _RULE.match(text))


_RULE = re.compile(r"\s*[_=—–-]{3,}\s*$")


def is_said(text: str) -> bool:
    """Tell what a line says of a table, by its first words: "Source", "Last updated", "单位"."""
    return bool(_SAID.match(f"{text.strip().rstrip(':：')}:"))


def legend_of(lines: Iterable[str]) -> dict[str, str]:
    """Return what notes say of each mark: {"1": "preliminary", "*": "excluding ..."}.

    A line "1 preliminary" tells a mark too, but where another line explains that mark.
    """
    lines = [*lines]
    found = [note for pattern in (_BARE_NOTE, _NOTE) for note in map(pattern.match, lines) if note]
    return {key_of(note["mark"]): note["text"].strip() for note in found}


_BARE_NOTE = re.compile(r"\s*+(?P<mark>[0-9]{1,2})[.:]?+\s++(?P<text>[^\W\d].*+)", re.DOTALL)


def may_explain(line: str) -> bool:
    """Tell a line that may say what a mark means: "1 provisional"."""
    return _BARE_NOTE.fullmatch(line) is not None


def explains(line: str, cells: Iterable[str]) -> bool:
    """Tell a note whose mark is raised in a cell, not before the note: "France¹" above "1 provisional"."""
    found = _BARE_NOTE.fullmatch(line)
    mark = re.escape(found["mark"].translate(_TO_SUPER)) if found else ""
    return bool(mark) and re.search(rf"(?<![{SUPERS}]){mark}(?![{SUPERS}])", "\n".join(cells)) is not None


def key_of(mark: str) -> str:
    """Return a mark as `legend_of` has it: "¹", "1)", "(1)" and "[1]" are the same; "[note 1]" is "note1"."""
    plain = mark.translate(_SUPER).strip("()[] ")
    return re.sub(r"(?i)^note ?(?=\d)", "note", plain)


_LABEL = re.compile(
    rf"(?P<text>.*?[^\s{_STARS}{SUPERS}])\s*"
    rf"(?P<mark>[{_STARS}]{{1,4}}|[{SUPERS}]{{1,3}}|\(?[0-9]{{1,2}}\)|\[[0-9a-z]{{1,2}}\]"
    r"|(?i:\[note ?[0-9]{1,2}\])|\([A-Za-z]\)|(?<=\s)[a-z]\))"
)


def label(text: str, legend: Mapping[str, str]) -> tuple[str, str]:
    """Part a name from its footnote mark, if the notes explain the mark: ("France", text of the note)."""
    found = _LABEL.fullmatch(text.strip()) if legend and len(text) <= 200 else None
    note = legend.get(key_of(found["mark"])) if found else None
    return (found["text"].rstrip(), note) if found and note else (text, "")


def unbracketed(cell: str) -> str:
    """Return a number that accounts write as one below zero, "($56)", "56-" or "△56", bare; else ""."""
    plain = western(cell.strip()) if len(cell) <= _LONGEST else ""
    if signed := _SIGNED.fullmatch(plain):
        return (signed["behind"] or signed["after"]).strip()
    found = _BRACKETED.fullmatch(plain)
    if not found or not any(map(str.isdigit, found["number"])) or (found["before"] and found["inner"]):
        return ""
    return f"{found['before'] or found['inner'] or ''}{found['number'].strip()}{found['percent']}"


def sign_of(cell: str) -> str:
    """Return the mark of a figure of `unbracketed`, where what stands about it does not mean below zero."""
    text = western(cell.strip())
    return next((sign for sign in (text[:1], text[-1:]) if sign in _BELOW), "()")


_BELOW = ("△", "▲", "-", "−")
"""Signs of a loss before a figure in Japan; a minus behind it, as ledgers print it."""

MAY_BE_BELOW = re.compile("[(（△▲]|[0-9][-−]$", re.MULTILINE)
"""What a text of cells has, a line each, where one of them may be such a figure."""

_SIGNED = re.compile(
    rf"[△▲][{SPACES}]?(?P<behind>[0-9][0-9{_SIGNS}{SPACES}{APOSTROPHES}]*%?)"
    rf"|(?P<after>[0-9][0-9{_SIGNS}{SPACES}{APOSTROPHES}]*)[-−]"
)
_BRACKETED = re.compile(
    rf"(?P<before>{_CURRENCY}[{SPACES}]?)?[(（][{SPACES}]?(?P<inner>{_CURRENCY}[{SPACES}]?)?"
    rf"(?P<number>[0-9{_SIGNS}{SPACES}{APOSTROPHES}]+%?[{SPACES}]?)[)）](?P<percent>%?)"
)


def is_figure(cell: str) -> bool:
    """Tell whether a cell holds a number, with flags and marks or without."""
    cell = cell.strip()
    if PLAIN(cell):
        return True
    part = _parted(cell, ())
    return bool(part.number) and _BODY.search(shape_of(part.number)) is not None and _flagged(part)


_BODY = re.compile("0")


def _flagged(part: _Part) -> bool:
    return all(letter in _BESIDE for letter in _letters(part.marks))


_HINTS = (
    (rf"[-+−]?[{money.SIGNS}]?\s?[0-9][0-9.,]*\s?"
     rf"(?i:{scalewords.WORDS}|{scalewords.EASTERN}|mm|[kmbt])\.?",
     "letters behind a number may be a factor (thousands, millions, billions) or a flag: write the number "
     "in full, or the unit in the header"),
    (rf"[{money.SIGNS}].*|.*[{money.SIGNS}]",
     "a sign of a currency is read where no figure of its column has another one, nor, among "
     "several metrics, none: write currencies into a column of units"),
    (r"[<>≤≥~≈]\s?[0-9].*", "a bound or an approximation is no figure: write the number, and its "
     "caveat in a column of notes"),
)  # fmt: skip


def hints(cells: Iterable[str]) -> list[str]:
    """Say what to do with cells that look like numbers, and are none."""
    short = [cell.strip() for cell in cells if len(cell) <= _LONGEST]
    return [said for pattern, said in _HINTS if any(re.fullmatch(pattern, cell) for cell in short)]
