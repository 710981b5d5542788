"""Names of regions and their codes: ISO 3166, aggregates, remainders. Never a fuzzy match."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from geotrack.errors import ParseError, RegionError
from geotrack.language.text import name_key
from geotrack.model import LEVELS, Aggregate
from geotrack.store.tables import read_rows, repeated

REGION_COLUMNS = ("code", "name", "level", "parent", "aliases")
AGGREGATE_COLUMNS = ("aggregate", "name", "rule", "member", "source", "note")
DISPUTED_COLUMNS = ("code", "mark", "note")
Rule = tuple[str, str]  # ("include" | "exclude", code or "*")


@dataclass(frozen=True)
class Region:
    """One row of regions.csv.

    Parameters
    ----------
    code : ISO 3166-1 alpha-3, ISO 3166-2, or a lower-case slug.
    name : common English name.
    level : one of model.LEVELS.
    parent : alpha-3 code of a subdivision's country, or of the country that a territory with a code of its
        own is a part of, whose figures take it in unless a table lists it (French Guiana: FRA); else "".
    aliases : other spellings, ISO 3166-1 alpha-2 and official names among them.
    shared : names that may mean another place as well, such as "Congo"; in the file they begin with "?". Here
        one that begins with "?" still ("??" in the file) means this region only where nothing else tells.
    numbers : codes of digits: ISO 3166-1 numeric, M49, FIPS, GB/T 2260; in the file they are aliases, too.
    """

    code: str
    name: str
    level: str
    parent: str
    aliases: tuple[str, ...]
    shared: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    @property
    def alpha2(self) -> str:
        """Return a country's ISO 3166-1 alpha-2 code, "" if it has none."""
        short = [alias for alias in self.aliases if len(alias) == 2 and alias.isalpha() and alias.isupper()]
        return short[0] if short and self.level == "country" else ""


@dataclass(frozen=True)
class Regions:
    """All regions known, with their names, aggregates and notes on disputed territories.

    Parameters
    ----------
    table : code to Region.
    aggregates : code to Aggregate, its members spelt out at the level of the members it names.
    disputed : code to a neutral note on a territory or a border in dispute.
    territories : codes of those whose status as a whole is disputed; a map draws their outline dashed.
    rules : code of an aggregate to its rules, ("include" | "exclude", code or "*") each.
    """

    table: Mapping[str, Region]
    aggregates: Mapping[str, Aggregate]
    disputed: Mapping[str, str]
    rules: Mapping[str, tuple[Rule, ...]]
    territories: frozenset[str]

    @classmethod
    def read(cls, folder: Path | str) -> Regions:
        """Read regions.csv, aggregates.csv and disputed.csv of a folder.

        Raises
        ------
        ParseError
            A file or a column is missing, a row is short or long, or a level or a rule is unknown.
        RegionError
            A code is given twice, names two regions of one level, or is used but not listed, as a parent too.
        """
        folder = Path(folder)
        content = tuple(_content(folder / name) for name in FILES)
        if content not in _KEPT:
            made = _read(folder)
            _KEPT.clear()
            _KEPT[content] = made
        return _KEPT[content]

    def name(self, code: str) -> str:
        """Return the common English name of a code; RegionError if there is no such code."""
        return self._region(code).name

    def level(self, code: str) -> str:
        """Return the level of a code, one of model.LEVELS; RegionError if there is no such code."""
        return self._region(code).level

    def resolve(self, text: str, level: str = "country") -> str | None:
        """Return the code that a name or code stands for at a level, or None.

        Parameters
        ----------
        text : a code (alpha-2, alpha-3, ISO 3166-2, slug), a name or an alias. Case, accents, punctuation and
            whitespace do not matter, but in codes of two or three letters: "No." and "(sa)" are none, nor is
            "No"; anything else matters: there is no guessing.
        level : "country", or the alpha-2 code whose subdivisions are meant ("US": "Georgia" is US-GA).
        """
        key, folded = name_key(text), text.strip().casefold()
        if not _is_short(key):
            return self._index.get((level, key)) or self._index.get(("", key))
        if len(folded) == 2 and text.strip().istitle():
            return None  # a word, such as No, Is, In
        return self._index.get((level, folded)) or self._index.get(("", key))

    def sharing(self, text: str, level: str = "country") -> tuple[str, ...]:
        """Return the codes of all regions that a name may mean, if it alone does not say which: "Congo"."""
        codes = self._shared.get((level, name_key(text)), ())
        # What one region shares with a word of English is that word to the letter: Island, not Ísland.
        return codes if len(codes) > 1 or text.isascii() else ()

    def english(self, level: str = "country") -> dict[str, str]:
        """Return the keys of a level's names and aliases, with their codes."""
        return self._english.get(level, {})

    def numbered(self, level: str = "country") -> dict[int, str]:
        """Return the codes of a level's regions, and of the world's, by their numbers."""
        return self._numbers.get("", {}) | self._numbers.get(level, {})

    def members(self, aggregate: str, level_codes: Iterable[str]) -> tuple[str, ...]:
        """Return which of `level_codes` an aggregate takes in, in the order given.

        Raises
        ------
        RegionError
            There is no such aggregate.
        """
        if aggregate not in self.rules:
            known = ", ".join(sorted(self.rules))
            raise RegionError(f"{aggregate!r} is not an aggregate; those of aggregates.csv are: {known}")
        return _apply(self.rules[aggregate], tuple(level_codes))

    def covers(self, code: str, level: str = "country") -> tuple[str, ...]:
        """Return the regions of a level that a code stands for: its members, itself, or none."""
        if code in self.rules:
            return self.members(code, self.codes(level))
        known = self.table.get(code)
        return (code,) if known is not None and known.level in {"country", "subdivision"} else ()

    @cached_property
    def levels(self) -> frozenset[str]:
        """Return the levels that have regions: "country", and "CN", "US", ... if subdivisions are listed."""
        return frozenset(filter(None, map(scope_of, self.table.values())))

    @cached_property
    def parts(self) -> Mapping[str, tuple[str, ...]]:
        """Return the territories that are parts of a country and have codes of their own: FRA -> GLP, ..."""
        return _parts(self.table)

    def codes(self, level: str = "country") -> tuple[str, ...]:
        """Return the codes of a level ("country", or "CN", "US", "CA" for subdivisions), sorted."""
        return tuple(sorted(code for code, region in self.table.items() if scope_of(region) == level))

    def _region(self, code: str) -> Region:
        if code not in self.table:
            raise RegionError(
                f"no region has the code {code!r}; codes are listed in data/reference/regions.csv"
            )
        return self.table[code]

    @cached_property
    def _index(self) -> dict[tuple[str, str], str]:
        return _build_index(self.table)

    @cached_property
    def _shared(self) -> dict[tuple[str, str], tuple[str, ...]]:
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for region in self.table.values():
            for key in {(scope_of(region), name_key(name)) for name in region.shared}:
                found[key] = (*found.get(key, ()), region.code)
        return found

    @cached_property
    def _english(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for (scope, key), code in self._index.items():
            found.setdefault(scope, {})[key] = code
        return found

    @cached_property
    def _numbers(self) -> dict[str, dict[int, str]]:
        found: dict[str, dict[int, str]] = {}
        for region in self.table.values():
            found.setdefault(scope_of(region), {}).update({int(n): region.code for n in region.numbers})
        return found


FILES = ("regions.csv", "aggregates.csv", "disputed.csv")
_KEPT: dict[tuple[bytes, ...], Regions] = {}
"""What was read last, by what the files hold: whoever makes many maps reads the same regions for each."""


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _read(folder: Path) -> Regions:
    table = _read_table(folder / "regions.csv")
    rules, heads = _read_rules(folder / "aggregates.csv", table)
    rules = {code: _with_parts(own, _parts(table)) for code, own in rules.items()}
    notes = read_rows(folder / "disputed.csv", DISPUTED_COLUMNS)
    disputed = {r["code"]: r["note"] for r in notes}
    territories = frozenset(r["code"] for r in notes if r["mark"] == "territory")
    _refuse_unlisted(disputed, table, folder / "disputed.csv")
    aggregates = {
        code: Aggregate(code, name, _apply(rules[code], _universe(rules[code], table)), source, note)
        for code, (name, source, note) in heads.items()
    }
    return Regions(table, aggregates, disputed, rules, territories)


def scope_of(region: Region) -> str:
    """Return the level a name is looked up at: "country", "CN", ..., or "" for what belongs to any level."""
    if region.level == "subdivision":
        return region.code.partition("-")[0]
    return "country" if region.level == "country" else ""


def _is_short(key: str) -> bool:
    """Tell what may be a code of two or three letters: punctuation beside it makes it another word."""
    return len(key) <= 3 and key.isascii()


def _build_index(table: Mapping[str, Region]) -> dict[tuple[str, str], str]:
    index: dict[tuple[str, str], str] = {}
    clashes = []
    for region in table.values():
        # An aggregate answers to its code only: "Overseas" means another set in each source.
        names = (region.code,) if region.level == "aggregate" else (region.code, region.name, *region.aliases)
        scope = scope_of(region)
        for name in (*names, *region.numbers):
            key = name_key(name)
            # Short names of places as they are written: U.S. is one, (us) is none.
            other = index.setdefault(
                (scope, name.casefold() if scope and _is_short(key) else key), region.code
            )
            if other != region.code:
                clashes.append(f"{name!r} ({other}, {region.code})")
    if clashes:
        raise RegionError(f"regions.csv: names that stand for two regions of one level: {', '.join(clashes)}")
    for region in table.values():
        for number in region.numbers:  # looked up by `numbered`: one alone may be anything
            index.pop((scope_of(region), number), None)
    return index


def _read_table(path: Path) -> dict[str, Region]:
    rows = read_rows(path, REGION_COLUMNS)
    twice = repeated(r["code"] for r in rows)
    if twice:
        raise RegionError(f"{path}: codes given twice: {', '.join(twice)}; keep one row of each")
    odd = sorted({r["level"] for r in rows} - set(LEVELS))
    if odd:
        raise ParseError(f"{path}: unknown level(s) {', '.join(odd)}; use one of {', '.join(LEVELS)}")
    table = {r["code"]: _region(r) for r in rows}
    _refuse_orphans(table, path)
    _build_index(table)
    return table


def _region(row: Mapping[str, str]) -> Region:
    aliases = [alias for alias in row["aliases"].split("|") if alias]
    plain = tuple(alias for alias in aliases if not alias.startswith("?") and not alias.isdecimal())
    shared = tuple(alias[1:] for alias in aliases if alias.startswith("?"))
    numbers = tuple(filter(str.isdecimal, aliases))
    return Region(row["code"], row["name"], row["level"], row["parent"], plain, shared, numbers)


def _refuse_orphans(table: Mapping[str, Region], path: Path) -> None:
    countries = {code for code, region in table.items() if region.level == "country"}
    lost = [
        f"{region.code} ({region.parent or 'none'})"
        for region in table.values()
        if region.parent not in countries and (region.parent or region.level == "subdivision")
    ]
    if lost:
        raise RegionError(
            f"{path}: parents that are no country of this file: {', '.join(lost)}; "
            "give each subdivision the code of its country"
        )


def _read_rules(
    path: Path, table: Mapping[str, Region]
) -> tuple[dict[str, tuple[Rule, ...]], dict[str, tuple[str, str, str]]]:
    rules: dict[str, tuple[Rule, ...]] = {}
    heads: dict[str, tuple[str, str, str]] = {}
    for row in read_rows(path, AGGREGATE_COLUMNS):
        if row["rule"] not in ("include", "exclude"):
            raise ParseError(f"{path}: {row['aggregate']}: rule is {row['rule']!r}; use include or exclude")
        code = row["aggregate"]
        rules[code] = (*rules.get(code, ()), (row["rule"], row["member"]))
        heads[code] = (row["name"], row["source"], row["note"])
    _refuse_unlisted([*rules, *(m for rs in rules.values() for _, m in rs if m != "*")], table, path)
    return rules, heads


def _parts(table: Mapping[str, Region]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for region in table.values():
        if region.level == "country" and region.parent:
            found[region.parent] = (*found.get(region.parent, ()), region.code)
    return found


def _with_parts(rules: tuple[Rule, ...], parts: Mapping[str, tuple[str, ...]]) -> tuple[Rule, ...]:
    """Let "all but France" leave out French Guiana, unless a rule names it."""
    named = {code for _, code in rules}
    gone = [part for rule, code in rules if rule == "exclude" for part in parts.get(code, ())]
    return (*rules, *(("exclude", part) for part in gone if part not in named))


def _refuse_unlisted(codes: Iterable[str], table: Mapping[str, Region], path: Path) -> None:
    lost = sorted(set(codes) - set(table))
    if lost:
        raise RegionError(
            f"{path}: codes that regions.csv does not list: {', '.join(lost)}; add them there first"
        )


def _universe(rules: tuple[Rule, ...], table: Mapping[str, Region]) -> tuple[str, ...]:
    """Return all codes of the level that the rules' named members belong to."""
    scopes = {scope_of(table[m]) for _, m in rules if m != "*"} or {"country"}
    return tuple(sorted(code for code, region in table.items() if scope_of(region) in scopes))


def _apply(rules: tuple[Rule, ...], codes: tuple[str, ...]) -> tuple[str, ...]:
    taken = {m for rule, m in rules if rule == "include"}
    left_out = {m for rule, m in rules if rule == "exclude"}
    return tuple(c for c in codes if (c in taken or "*" in taken) and c not in left_out)
