"""Labels become regions, by one road for sources and for tables of one's own; how each was read is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from geotrack.errors import RegionError
from geotrack.language.text import name_key
from geotrack.store import groups, tongues, totals
from geotrack.store.crosswalk import LEFT_OUT
from geotrack.store.levels import COUNTRY
from geotrack.store.regions import Region, Regions, scope_of

LISTED = 10
"""For how many labels others like them are looked for."""

NAME, OTHER_NAME, CODE, SHORT_CODE, NUMBER = "name", "other name", "code", "two-letter code", "number"
CROSSWALK, BOUNDARIES, REMAINING = "crosswalk", "boundaries", "the only one left"
GROUP, SKIPPED = "group, left out", "left out"
NATION, TOTAL = "the country, the total of its parts", "total"
_SURE = (CROSSWALK, BOUNDARIES, SKIPPED)


@dataclass(frozen=True)
class Match:
    """What a label was read as.

    Parameters
    ----------
    label, code, name : the label, the region's code, and its name; no code if its rows are left out.
    how : "name", "other name", "code" (alpha-3, ISO 3166-2), "two-letter code", "number", "name in German",
        "crosswalk", "boundaries", or "the only one left": "Congo" beside "DR Congo"; "the country, the total
        of its parts": "Canada" among provinces; "group, left out" or "left out": a group of countries in an
        office's list, and what a crosswalk gives the code "-".
    """

    label: str
    code: str
    name: str
    how: str


@dataclass(frozen=True)
class Unmatched:
    """A label that is no region's.

    Parameters
    ----------
    why : "", or what stands against it: "may be COD (DR Congo) or COG (Republic of the Congo)".
    near : code and name of regions whose names are spelt alike.
    """

    label: str
    why: str = ""
    near: tuple[tuple[str, str], ...] = ()

    @property
    def guess(self) -> str:
        """Return what it may be, in words; never used without being asked."""
        return self.why or (f"perhaps {' or '.join(name for _, name in self.near)}?" if self.near else "")


@dataclass(frozen=True)
class Matched:
    """Labels with the regions that they were read as."""

    level: str
    matches: tuple[Match, ...]

    @property
    def codes(self) -> dict[str, str]:
        """Return label -> code; none of labels whose rows are left out."""
        return {match.label: match.code for match in self.matches if match.code}

    def lines(self) -> list[str]:
        """Say in words how labels were read: each two-letter code, number and foreign name with its region.

        Codes of two letters may be another list's (FIPS, US states), so that each is shown; names in English
        and codes of three letters are counted.
        """
        groups = self._groups()
        plain = [
            f"{len(groups[how]):,} {word}" for how, word in _COUNTED.items() if how in groups
        ]  # what needs no second look
        return [*([f"regions: {', '.join(plain)}"] if plain else []), *self.doubtful()]

    def doubtful(self) -> list[str]:
        """Return those of the lines that somebody should look at."""
        groups = self._groups()
        shown = sorted(how for how in groups if how not in _COUNTED)
        return [f"regions {_TITLES.get(how, f'by {how}')}: {'; '.join(groups[how])}" for how in shown]

    def _groups(self) -> dict[str, list[str]]:
        groups: dict[str, list[str]] = {}
        for match in self.matches:
            told = f"{match.label} = {match.name}" if match.code else match.label
            groups.setdefault(match.how, []).append(told)
        return groups


_COUNTED = {NAME: "by name", BOUNDARIES: "by name or code of the boundaries", CODE: "by code"}
_TITLES = {
    CROSSWALK: "by the crosswalk",
    REMAINING: "by what the others are not",
    NATION: "that are the whole country, the total of its parts",
    GROUP: "left out, groups of others",
    SKIPPED: "left out by the crosswalk",
}


class UnmatchedError(RegionError):
    """Labels that no region has, all of them.

    Attributes
    ----------
    lost : the labels, with what they may be; `crosswalk.written` makes a file of them to be filled in.
    """

    def __init__(self, message: str, lost: tuple[Unmatched, ...]) -> None:
        super().__init__(message)
        self.lost = lost

    def retold(self, message: str) -> UnmatchedError:
        """Return the error in other words."""
        return UnmatchedError(message, self.lost)


@dataclass(frozen=True)
class Own:
    """Boundaries of a user's own: their names and codes come before those of regions.csv.

    Parameters
    ----------
    look : the code of a label; or no code, and why not; or neither.
    table : all regions by their codes, these among them.
    words : return key of a name or a code -> its code, and what to propose.
    advice : how the message says what to use.
    known : regions of regions.csv that are on them, for names in other languages and for numbers.
    """

    look: Callable[[str], tuple[str, str]]
    table: Mapping[str, Region]
    words: Callable[[], dict[str, tuple[str, str]]]
    advice: str
    known: tuple[Region, ...] = ()


def match(
    labels: Iterable[str],
    regions: Regions,
    level: str = "country",
    crosswalk: Mapping[str, str] | None = None,
    own: Own | None = None,
) -> Matched:
    """Find the region of every label.

    Parameters
    ----------
    labels : as the table writes them; each once is enough.
    regions : what `Regions.read` returned; beside boundaries of one's own, what else labels may be.
    level : "country", or the alpha-2 code whose subdivisions are listed.
    crosswalk : label, as the table writes it, to code; it wins over names.

    Raises
    ------
    UnmatchedError
        Labels that nothing matches, or several, all of them, each with the names nearest in spelling.
    RegionError
        A crosswalk leads to codes that regions.csv does not list.
    """
    crosswalk, listed = crosswalk or {}, own.table if own else regions.table
    gone = sorted(
        f"{label!r} -> {code!r}"
        for label, code in crosswalk.items()
        if code not in listed and code != LEFT_OUT
    )
    if gone:
        where = "neither the boundaries nor regions.csv list" if own else "regions.csv does not list"
        raise RegionError(f"the crosswalk leads to codes that {where}: {', '.join(gone)}")
    reader = _Reader(regions, level, crosswalk, own)
    return reader.read(list(dict.fromkeys(labels)))


def harmonise(
    labels: Iterable[str], regions: Regions, level: str, crosswalk: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the code of every label, see `match`."""
    return match(labels, regions, level, crosswalk).codes


_NATIONWIDE = re.compile(
    r"(?:nation(?:al|wide)?|country)(?:\s*-?\s*total)?|全国(?:合计|总计|总量|平均)?|全國(?:合計)?",
    re.IGNORECASE,
)
_SUMMED = re.compile(r"\btotal\b\s*:?|\(\s*\)|合计|总计|\ball states\b", re.IGNORECASE)


def of_nation(labels: Iterable[str], regions: Regions, level: str) -> set[str]:
    """Return the labels that are the country whose parts are at a level: "United States", "Canada total".

    Parameters
    ----------
    labels : a whole of its parts among them, by the country's name in any language, or as "全国".
    """
    nation = next((r.parent for r in regions.table.values() if scope_of(r) == level != COUNTRY), "")
    labels = [*labels]
    bare = {label: _SUMMED.sub(" ", label.partition("(")[0] or label).strip(" ,-–—:") for label in labels}
    reader = _Reader(regions, COUNTRY, {}, None)
    for text in dict.fromkeys(bare.values()):
        reader._one(text)
    reader._languages()
    named = {text for text, (code, _) in reader.found.items() if code == nation}
    return {x for x in labels if bare[x] in named or _NATIONWIDE.fullmatch(x.strip())} if nation else set()


class _Reader:
    """Labels as they are read: what is surest first, then what needs the whole column to be told."""

    def __init__(self, regions: Regions, level: str, crosswalk: Mapping[str, str], own: Own | None) -> None:
        self.regions, self.level, self.crosswalk, self.own = regions, level, crosswalk, own
        self.table = own.table if own else regions.table
        self.known = own.known if own else ()
        self.found: dict[str, tuple[str, str]] = {}  # label -> code, how
        self.lost: dict[str, str] = {}  # label -> why
        self.exact = {  # most labels are written as here
            text: (region.code, how)
            for region in regions.table.values()
            if scope_of(region) == level
            for text, how in ((region.code, CODE), (region.name, NAME))
        }

    def read(self, labels: list[str]) -> Matched:
        """Read all labels, or refuse."""
        for label in labels:
            self._one(label)
        self._not_available()
        if self.lost and self.level != COUNTRY and not self.own:
            self._nation()
        if self.lost:
            self._numbers(labels)
        self._languages()
        if self.lost:
            self._remaining()
            self._groups()
        if self.lost:
            raise UnmatchedError(*_refusal(self))
        return Matched(self.level, tuple(Match(label, *self._told(label)) for label in labels))

    def _told(self, label: str) -> tuple[str, str, str]:
        code, how = self.found[label]
        return code, self.table[code].name if code else "", how

    def _one(self, label: str) -> None:
        """Read a label that says alone what it is."""
        said = self.crosswalk.get(label) or self.crosswalk.get(label.strip())
        code, why = (said, "") if said else self.own.look(label) if self.own else ("", "")
        if said == LEFT_OUT:
            self.found[label] = "", SKIPPED
        elif said or code:
            self.found[label] = code, CROSSWALK if said else BOUNDARIES
        elif not why and (text := label.strip()) in self.exact:
            self.found[label] = self.exact[text]
        elif not why and (hit := self.regions.resolve(label, self.level)):
            self.found[label] = hit, _how(label, self.table[hit])
        elif not why and (hit := next(filter(None, map(self._resolve, variants(label))), None)):
            self.found[label] = hit, OTHER_NAME
        else:
            self.lost[label] = why

    def _groups(self) -> None:
        """Leave groups of countries out of an office's list; elsewhere they may stand for their members."""
        named = [label for label in self.lost if groups.is_group(label)]
        placed = {code for code, how in self.found.values() if code}
        countries = sum(scope_of(self.table[code]) == "country" for code in placed)
        if not named or self.own or self.level != "country":
            return
        if countries < groups.LEAST:
            told = f"a group of countries; {LEFT_OUT!r} in a crosswalk leaves its rows out"
            self.lost |= dict.fromkeys(named, told)
            return
        named += [x for x, (code, _) in self.found.items() if code and self.table[code].level == "aggregate"]
        for label in named:
            self.lost.pop(label, None)
            self.found[label] = "", GROUP

    def _nation(self) -> None:
        """Take the row of the country itself for the total of its parts; another country has no place."""
        for label in of_nation([x for x, why in self.lost.items() if not why], self.regions, self.level):
            del self.lost[label]
            self.found[label] = TOTAL, NATION
        for label, why in self.lost.items():
            if not why and (code := self.regions.resolve(label)) and len(label.strip()) > 3:
                self.lost[label] = (
                    f"{self.table[code].name} ({code}) has no place at level {self.level!r}; in a crosswalk "
                    f"{LEFT_OUT!r} leaves its rows out"
                )

    def _resolve(self, label: str) -> str | None:
        return self.regions.resolve(label, self.level)

    def _not_available(self) -> None:
        """Doubt a code that is a word for no value, where all other labels are names."""
        doubted = [
            x for x, (_, how) in self.found.items() if how == SHORT_CODE and x.strip().casefold() == "na"
        ]
        others = {how for label, (_, how) in self.found.items() if label not in doubted}
        if doubted and NAME in others and not others & {CODE, SHORT_CODE}:
            for label in doubted:
                code = self.found.pop(label)[0]
                self.lost[label] = (
                    f"may be {self.table[code].name} ({code}) or no region: all others are names"
                )

    def _numbers(self, labels: list[str]) -> None:
        """Read a column of numbers: one alone, or some that are ranks, are no codes."""
        placed = [x for x in labels if x in self.lost or self._places(x)]
        said = [x for x in placed if x not in self.found or self.found[x][1] not in _SURE]
        codes = self.regions.numbered(self.level) | {
            int(number): region.code
            for region in self.known
            for number in region.numbers
            if scope_of(region) == self.level
        }
        numbers = {label: _number(label) for label in said}
        if None in numbers.values() or not said:
            return
        ranks = _ranks(said, self.level)
        for label, number in numbers.items():
            if ranks:
                self.lost[label] = (
                    "a number that may be a rank or an id; write codes with their zeros: 004, 06"
                )
            elif number not in codes:
                self.lost[label] = f"a number that is no code at level {self.level!r}"
        if not ranks and not self.lost.keys() - numbers.keys() and all(n in codes for n in numbers.values()):
            self.found |= {label: (codes[number or 0], NUMBER) for label, number in numbers.items()}
            self.lost.clear()

    def _places(self, label: str) -> bool:
        code = self.found[label][0]
        return bool(code and scope_of(self.table[code]))

    def _languages(self) -> None:
        """Read names in other languages; and see whether a code is such a name."""
        doubted = [x for x, (_, how) in self.found.items() if how in (CODE, OTHER_NAME) and _is_word(x)]
        open_ = {label for label, why in self.lost.items() if not why}
        if self.level != "country" or not (open_ or doubted):
            return
        known = (*self.regions.table.values(), *self.known)
        countries = {region.alpha2: region for region in known if region.alpha2}
        shared = {label for label in open_ if self.regions.sharing(label)}
        read = {label: code for label, (code, how) in self.found.items() if how not in _SURE}
        english = self.regions.english()
        found, against = tongues.read(open_, shared, read, set(doubted), countries=countries, english=english)
        for label, (code, lang) in found.items():
            self.lost.pop(label, None)
            self.found[label] = code, f"name in {lang}"
        for label, why in against.items():
            self.found.pop(label, None)
            self.lost[label] = why

    def _remaining(self) -> None:
        """Give a name that two regions share to the one that no other label is; or say who they are."""
        taken = {code for code, how in self.found.values()}
        for label in [label for label, why in self.lost.items() if not why]:
            codes = self.regions.sharing(label, self.level)
            codes = codes or next(
                filter(None, (self.regions.sharing(v, self.level) for v in variants(label))), ()
            )
            free = [code for code in codes if code not in taken]
            if len(codes) > 1 and len(free) == 1 and name_key(label) in _firsts(self.table[free[0]]):
                self.found[label] = free[0], REMAINING
                del self.lost[label]
            elif codes:
                told = " or ".join(f"{self.table[code].name} ({code})" for code in codes)
                self.lost[label] = f"may be {told}" + ("" if len(codes) > 1 else ", or another place")


def _firsts(region: Region) -> set[str]:
    """Return the shared names that mean this region where the other one is named in full."""
    return {name_key(name) for name in region.shared if not name.startswith("?")}


_TITLE = re.compile(r"[A-Z][a-z]{2}", re.ASCII)


def _is_word(label: str) -> bool:
    """Tell a word of three letters, such as Nga, from a code, NGA: it may be a name in another language."""
    return _TITLE.fullmatch(label.strip()) is not None


_DIGITS = re.compile(r"(\d{1,6})(?:\.0+)?", re.ASCII)


def _number(label: str) -> int | None:
    digits = _DIGITS.fullmatch(label.strip())
    return int(digits[1]) if digits else None


def _ranks(labels: list[str], level: str) -> bool:
    """Tell numbers that may be ranks or ids: from 1 on without a gap; of countries, if all are small."""
    if any(label.strip().startswith("0") for label in labels):
        return False
    numbers = sorted({_number(label) or 0 for label in labels})
    return numbers == list(range(1, len(numbers) + 1)) or (level == "country" and numbers[-1] < 100)


def _how(label: str, region: Region) -> str:
    key = name_key(label)
    if region.level not in ("country", "subdivision") or key == name_key(region.name):
        return NAME
    if key == name_key(region.code):
        return CODE
    if len(key) == 2 and key.isascii() and key.isalpha():
        return SHORT_CODE
    return OTHER_NAME


_FOOTNOTE = re.compile(r"\s*(?:[\[(]\d{1,2}[\])]|\[notes? ?[\d, ]+\]|\[[a-z]\]|\d{1,2}[)/])$", re.ASCII)
_TURNED = re.compile(r"([^,(]+?)\s*[,(]\s*([^,()]*?)\)?")
_SHORTENED = {
    "Rep.": "Republic", "Dem.": "Democratic", "Fed.": "Federal", "Is.": "Islands", "Isds": "Islands",
    "Isl.": "Islands", "St.": "Saint",
    "N.": "North", "S.": "South", "E.": "East", "Utd.": "United", "Terr.": "Territory", "St": "Saint",
}  # fmt: skip


def variants(label: str) -> Iterator[str]:
    """Yield how else an English name may be written: "Gambia, The", "Poland, Rep. of", "Chad (1)"."""
    plain = _FOOTNOTE.sub("", label.strip())
    full = " ".join(_SHORTENED.get(word, word) for word in plain.split())
    for text in dict.fromkeys((plain, full)):
        if text != label:
            yield text
        if text[:4].casefold() == "the ":
            yield text[4:]
        turned = _TURNED.fullmatch(text)
        if turned and turned[2].casefold() == "the":
            yield turned[1]
        elif turned and turned[2].casefold().endswith((" of", " of the")):
            yield f"{turned[2]} {turned[1]}"
        yield from totals.variants(text)


def _refusal(reader: _Reader) -> tuple[str, tuple[Unmatched, ...]]:
    """Return the message of all labels that were not read, and the labels."""
    level, own, listed = reader.level, reader.own, list(reader.lost.items())
    words = _words(reader)
    lost = tuple(
        Unmatched(label, why, () if why or n >= LISTED else tuple(_near(label, words)))
        for n, (label, why) in enumerate(listed)
    )
    several = (
        ", or several" if any(why.startswith(("ambiguous", "may be")) for why in reader.lost.values()) else ""
    )
    where = "of the boundaries" if own else f"at level {level!r}"
    told = [f"  {each.label!r}" + (f" ({each.guess})" if each.guess else "") for each in lost]
    advice = own.advice if own else "use a name or a code of ISO 3166"
    return (
        f"{len(lost)} label(s) match no region{several} {where}:\n"
        + "\n".join(told)
        + f"\nNothing is guessed: {advice}; 'other' takes what has no place on the map."
    ), lost


def _words(reader: _Reader) -> dict[str, tuple[str, str]]:
    """Return what labels may be like: the boundaries' own names and codes before those of regions.csv."""
    words = reader.own.words() if reader.own else {}
    for code in reader.regions.codes(reader.level):
        name = reader.table[code].name
        words.setdefault(name_key(name), (code, name))
    return words


def _near(label: str, words: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    """Return up to three regions whose names are spelt alike, or contain the label or are contained in it."""
    from rapidfuzz import fuzz, process

    key = name_key(label)
    alike = [
        word for word, _, _ in process.extract(key, list(words), scorer=fuzz.ratio, limit=3, score_cutoff=70)
    ]
    inside = [w for w in words if min(len(w), len(key)) > 3 and (w in key or key in w)]
    return list(dict.fromkeys(words[word] for word in (*alike, *inside)))[:3]
