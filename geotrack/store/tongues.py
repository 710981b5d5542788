"""Names of countries in other languages: what a label means, told by the column that it stands in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from geotrack.language import territories
from geotrack.language.text import name_key
from geotrack.store.regions import Region

Meanings = Mapping[str, frozenset[str]]  # code of a country -> languages in which the label is its name


def read(
    labels: Iterable[str],
    shared: set[str],
    read_before: Mapping[str, str],
    doubted: set[str],
    *,
    countries: Mapping[str, Region],
    english: Mapping[str, str],
) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """Read labels as names in some language.

    A label alone is read if only one country has that name in the common languages. A name of three letters
    or in a rare language is read in the language that most labels of the column are in, if these are two at
    least; so are one that another place shares ("Norfolk", "Congo") and one with several meanings, if these
    two are others, and if all languages that they may be in agree.

    Parameters
    ----------
    labels : those that nothing else matches.
    shared : those of them that may mean other places.
    read_before : label -> code of those that are read by code or in English; in the column's language they
        must not be another country's name.
    doubted : those of them whose code is written as a word.
    countries : alpha-2 code -> the countries that labels may be.
    english : key of each English name -> its code; a lone label that is one letter off one of these is none.

    Returns
    -------
    label -> code and language's name; and label -> why it is not read, of those with several meanings.
    """
    labels = sorted({*labels, *doubted})
    for common in (True, False):
        column = _Column(labels, shared | doubted, read_before, countries, common)
        found = {label: hit for label in labels if (hit := column.meaning(label, english))}
        if len(found) == len(labels):
            break
    left = [label for label in labels if label not in found.keys() | shared | doubted]
    against = {label: why for label in left if (why := column.several(label))}
    told = {lang for _, lang in found.values()}
    for label, code in read_before.items():
        langs = told or ({*territories.COMMON} if label in doubted else set())
        if label not in found and (why := column.other(label, code, langs)):
            against[label] = why
    return {label: (code, territories.language(lang)) for label, (code, lang) in found.items()}, against


class _Column:
    """A column's labels, with what each means in which languages."""

    def __init__(
        self,
        labels: list[str],
        unsure: set[str],
        before: Mapping[str, str],
        countries: Mapping[str, Region],
        common: bool,
    ) -> None:
        spoken = territories.spoken(common)
        self.names = {region.code: f"{region.name} ({region.code})" for region in countries.values()}
        self.means: dict[str, Meanings] = {
            label: {
                countries[short].code: langs
                for short, langs in spoken.get(name_key(label), {}).items()
                if short in countries
            }
            for label in (*labels, *before)
        }
        self.unsure = unsure | {label for label in labels if len(self.means[label]) > 1}
        plain = [self.means[label].values() for label in labels if label not in self.unsure]
        counts = Counter(lang for langs in plain for lang in frozenset().union(*langs))
        most = max(counts.values(), default=0)
        found = {lang for lang, count in counts.items() if count == most and count > 1}
        self.spoken = found & {*territories.COMMON} or found

    def meaning(self, label: str, english: Mapping[str, str]) -> tuple[str, str] | None:
        """Return the code of the country that a label names, and the language."""
        means = self.means[label]
        if label in self.unsure:  # all languages that the others may be in have to agree
            agreed = [code for code, langs in means.items() if self.spoken and self.spoken <= langs]
            return (agreed[0], _first(self.spoken)) if len(agreed) == 1 else None
        for code, langs in means.items():
            if here := langs & self.spoken:
                return code, _first(here)
        common = {code: found for code, langs in means.items() if (found := langs & {*territories.COMMON})}
        if len(common) != 1 or _is_short(label):
            return None
        [(code, langs)] = common.items()
        return None if _mistyped(label, code, english) else (code, _first(langs))

    def several(self, label: str) -> str:
        """Say what a label means in languages that no other label is in."""
        return f"may be {self._told(self.means[label])}" if self.means[label] else ""

    def other(self, label: str, code: str, langs: set[str]) -> str:
        """Say what a label means in some languages, if it was read as another country."""
        others = {c: found for c, means in self.means[label].items() if (found := means & langs)}
        return "" if not others or code in others else f"may be {self.names[code]} or {self._told(others)}"

    def _told(self, meanings: Meanings) -> str:
        each = [
            f"{self.names[code]} in {territories.language(_first(langs))}"
            for code, langs in sorted(meanings.items())
        ]
        return " or ".join(each)


def _mistyped(label: str, code: str, english: Mapping[str, str]) -> bool:
    """Tell a label that is one letter off another country's English name: "Nigera", Niger in Latvian."""
    from rapidfuzz.distance import Levenshtein

    key = name_key(label)
    return any(
        other != code and len(word) > 3 and Levenshtein.distance(key, word, score_cutoff=1) < 2
        for word, other in english.items()
    )


def _is_short(label: str) -> bool:
    return len(name_key(label)) <= 3 and label.isascii()


def _first(langs: Iterable[str]) -> str:
    """Return the most common of some languages."""
    order = {lang: n for n, lang in enumerate(territories.COMMON)}
    return min(langs, key=lambda lang: (order.get(lang, len(order)), lang))
