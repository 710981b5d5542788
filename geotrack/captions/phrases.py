"""Phrases about a layer: names, figures and sentences that captions are put together from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from geotrack.captions.readings import Movement, SliceReading
from geotrack.language import catalogue, partly
from geotrack.language.figures import FigureWriter
from geotrack.language.text import isolated, plain
from geotrack.map.content import Content, Layer
from geotrack.map.ranking import KNOWN
from geotrack.map.unstated import unstated_part
from geotrack.model import AT_MOST, LOWER_BOUND, MISSING, REPORTED

MOST_NAMED = 3  # more names than this are a number
ALIKE = 1.15  # a quarter has 90 to 92 days
ARTICLE = {
    "Bahamas",
    "Central African Republic",
    "Comoros",
    "Congo",
    "Cook Islands",
    "Czech Republic",
    "Gambia",
    "Democratic Republic of the Congo",
    "Dominican Republic",
    "Faroe Islands",
    "Maldives",
    "Marshall Islands",
    "Netherlands",
    "Philippines",
    "Seychelles",
    "Solomon Islands",
    "United Arab Emirates",
    "United Kingdom",
    "United States",
}  # names that an English sentence calls "the ..."


@dataclass(frozen=True, eq=False)
class Phrases:
    """What can be said of a layer, in its content's language."""

    content: Content
    layer: Layer

    def say(self, key: str, **values: str) -> str:
        """Return a message of the catalogue's captions."""
        return catalogue.said(self.content.lang, "caption", key, **values)

    def joint(self, key: str) -> str:
        """Return what stands between the parts of what is said."""
        return catalogue.joint(key, self.content.lang)

    def count(self, key: str, count: int, **values: str) -> str:
        """Return a message in the form for a number of things."""
        return catalogue.counted(self.content.lang, "caption", key, count, **values)

    def joined(self, sentences: Iterable[str]) -> str:
        """Put sentences one after another."""
        return self.joint("gap").join(filter(None, sentences))

    def listed(self, texts: Sequence[str]) -> str:
        """Put names one after another: "A, B and C"."""
        return catalogue.listed(texts, self.content.lang)

    def sentence(self, text: str) -> str:
        """Make a sentence of a text: a capital at its beginning, a stop at its end."""
        return self.say("sentence", text=text[:1].upper() + text[1:])

    def measure(self) -> tuple[str, str]:
        """Say what is measured, and in what: ("Share of the Bitcoin network's hashrate", "%")."""
        metric = self.layer.metric
        return catalogue.measure(metric.title, metric.unit, metric.denominator, self.content.lang)

    def period(self, slices: Sequence[int]) -> str:
        """Name a slice, a few, or the time from the first to the last."""
        labels = [self.label(t) for t in slices]
        if len(labels) <= MOST_NAMED:
            return self.listed(labels)
        ends = {"start": labels[0], "end": labels[-1]}
        return catalogue.said(self.content.lang, "period", "span", **ends)

    def label(self, t: int) -> str:
        """Name a slice."""
        return self.content.slices[t].label

    def name(self, unit: int) -> str:
        """Name a unit; a sum of regions says that its source does not split it."""
        own = self.content.units[unit]
        name = isolated(plain(own.name))
        if own.kind != "aggregate":
            return name
        remark = catalogue.said(self.content.lang, "page", "notSplitShort")
        if name[-1:] in {")", "）"}:  # "Overseas (all but China; not split)"
            return name[:-1] + self.joint("semicolon") + remark + name[-1]
        return self.say("within", name=name, remark=remark)

    def subject(self, unit: int) -> str:
        """Name a unit within a sentence: with an article where the language has one."""
        name = self.name(unit)
        article = self.content.lang == catalogue.ENGLISH and name in ARTICLE
        return f"the {name}" if article else name

    def names(self, units: Sequence[int]) -> str:
        """Name a few units, or say how many they are."""
        if len(units) > MOST_NAMED:
            return self.count("someRegions", len(units))
        return self.listed([self.name(u) for u in units])

    def bare(self, units: Sequence[int]) -> str:
        """Name units where the sentence says by itself that they are sums."""
        return self.listed([isolated(plain(self.content.units[u].name)) for u in units])

    def same(self, one: int, other: int, t: int) -> bool:
        """Whether two units have the same figure."""
        return bool(self.layer.values[one, t] == self.layer.values[other, t])

    def amount(self, value: float, bound: int = REPORTED) -> str:
        """Write a figure in few decimals; `bound`: LOWER_BOUND or AT_MOST, where it is no more than that."""
        return self._figures.short(value, bound)

    def value(self, units: Sequence[int], t: int) -> str:
        """Write the figure that units share; "at least" holds for all where one is a lower bound."""
        least = any(self.layer.status[u, t] == LOWER_BOUND for u in units)
        return self.amount(float(self.layer.values[units[0], t]), LOWER_BOUND if least else REPORTED)

    def shared(self, units: Sequence[int], value: str, t: int = -1) -> str:
        """Name units with the figure that each of them has; in the slice `t`, if it is one's."""
        if len(units) > MOST_NAMED:
            return self.count("tiedShort", len(units), value=value)
        names = [self.name(u) for u in units]
        if t >= 0:
            names = [self.of_part(name, u, t) for name, u in zip(names, units, strict=True)]
        if len(units) == 1:
            return self.say("withFigure", name=names[0], value=value)
        return self.say("each", names=self.listed(names), value=value)

    def of_part(self, name: str, unit: int, t: int) -> str:
        """Name a unit whose figure is of a part of the slice with how much of it: not a year's price."""
        place = int(self.layer.note[unit, t])
        remark = partly.naming(self.content.notes[place], self.content.lang) if place >= 0 else ""
        return self.say("within", name=name, remark=remark) if remark else name

    def change(self, value: float) -> str:
        """Write a change: of percentages in percentage points."""
        percent = self.layer.metric.unit == "%"
        return self._figures.change(value, (lambda text: self.say("points", value=text)) if percent else None)

    def ranks(self, found: SliceReading, named: bool = False) -> str:
        """Say which figures are the highest; `named`: with the period."""
        tail, at = ("In", {"period": self.label(found.t)}) if named else ("", {})
        if not found.known:
            return self.say(f"nothing{tail}", **at)
        value = self.value(found.first, found.t)
        if found.all_zero:
            reported = all(self.layer.status[u, found.t] == REPORTED for u in found.known)
            return self.say(f"allZero{'Reported' if reported else ''}{tail}", **at)
        if len(found.first) > MOST_NAMED:
            among = "" if found.scope == KNOWN else "Of"
            return self.count(f"tied{among}{tail}", len(found.first), value=value, **at)
        figures = {"figures": self.shared(found.first, value, found.t)}
        if len(found.known) == 1:
            return self.say(f"only{tail}", **figures, **at)
        words = {"highest": self.rank("onMap", found), "first": figures["figures"]}
        if found.second:
            second = self.shared(found.second, self.value(found.second, found.t), found.t)
            words |= {"second": second, "next": self.rank("next", found)}
        return self.sentence(self.say(f"lead{'Next' if found.second else ''}{tail}", **words, **at))

    def rank(self, word: str, found: SliceReading) -> str:
        """Say that somebody is the highest ("highest", "onMap") or the next ("next"), and of whom.

        Where the highest are those of some only, the next are the next of the same.
        """
        scope = found.scope
        if word == "next":
            scope = found.next_scope if scope == KNOWN else KNOWN
        elif scope != KNOWN and found.second:
            scope = found.next_scope  # both are named
        return catalogue.said(self.content.lang, "rank", f"{word}_{scope}")

    def moves(self, found: Movement, named: bool = True) -> str:
        """Say what moved most between two slices, up and down, as far as that is known."""
        ends = {"start": self.label(found.earlier), "end": self.label(found.later)} if named else {}
        here = "" if named else "Here"
        if not found.exact:
            return self.say(f"noneExact{here}", **ends)
        still = not found.gainers and not found.losers and not found.others
        tail = ("" if still or (found.sure and (found.gainers or found.losers)) else "Exact") + here
        gain = self.shared(found.gainers, self.change(found.gain)) if found.gainers else ""
        loss = self.shared(found.losers, self.change(found.loss)) if found.losers else ""
        if gain and loss:
            return self.say(f"gainLoss{tail}", gain=gain, loss=loss, **ends)
        if gain or loss:
            return self.say(f"{'gain' if gain else 'loss'}{tail}", figures=gain or loss, **ends)
        return self.say(f"same{tail}", **ends)

    def remainder(self, t: int, named: bool = False) -> list[str]:
        """Say how much has no place on the map, and how much the source does not state; of a rate why not."""
        if not self.layer.metric.adds_up:
            return catalogue.no_sum(self.layer.metric, self.content.lang)
        tail, at = ("In", {"period": self.label(t)}) if named else ("", {})
        stated, unstated = self.elsewhere(t)
        said = [self.say(f"stated{tail}", **at, value=stated[0], names=stated[1])] if stated else []
        return said + ([self.say(f"unstated{tail}", **at, value=unstated)] if unstated else [])

    def elsewhere(self, t: int) -> tuple[tuple[str, str] | None, str]:
        """Return (figure, names) of what has no place on the map, and the figure of what is not stated."""
        layer = self.layer
        stated, unstated = float(layer.stated[t]), float(layer.unstated[t])
        placeless, missing = None, ""
        if stated and layer.mapped[t] == layer.mapped[t]:
            bound = LOWER_BOUND if layer.stated_bounded[t] else REPORTED
            placeless = self.amount(stated, bound), self.names(self._placeless(t))
        if unstated > 0:
            bound = AT_MOST if layer.bounded[t] or layer.stated_bounded[t] else REPORTED
            part = unstated_part(self.content, layer, t)
            missing = catalogue.aside(self.amount(unstated, bound), part, self.content.lang)
        return placeless, missing

    def unequal(self, earlier: int, later: int) -> bool:
        """Whether amounts differ because their periods do: a year's revenue and half a year's."""
        steps = [self.content.slices[t] for t in (earlier, later)]
        lengths = [(date.fromisoformat(s.end) - date.fromisoformat(s.start)).days for s in steps]
        adds_up = self.layer.metric.over_time == "sum" and self.layer.metric.whole is None
        return adds_up and max(lengths) > ALIKE * min(lengths)

    @property
    def _figures(self) -> FigureWriter:
        return FigureWriter(self.layer.metric, self.layer.digits, self.content.lang, self.layer.short)

    def _placeless(self, t: int) -> list[int]:
        units = enumerate(self.content.units)
        off = [u for u, unit in units if not unit.members and unit.kind != "whole"]
        return [u for u in off if self.layer.status[u, t] != MISSING and self.layer.values[u, t]]
