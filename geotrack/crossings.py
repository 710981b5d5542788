"""When one region or group overtook another, in words: a sentence, or the part of one that says when."""

from __future__ import annotations

from geotrack.language import catalogue
from geotrack.shift import Crossing, Turn

KEYS = {"never": "never", "always ahead": "ahead", "never behind": "notBehind"}


def sentence(crossing: Crossing, lang: str = catalogue.ENGLISH) -> str:
    """Say whether and when the first overtook the second."""
    names = {"first": crossing.first, "second": crossing.second}
    if crossing.kind == "not known":
        text = _say(lang, "unknown", **names)
    elif crossing.kind in KEYS:
        text = catalogue.counted(lang, "crossing", KEYS[crossing.kind], crossing.compared, **names)
    else:
        text = "".join(
            _say(
                lang,
                ("then_" if i else "") + ("overtook" if turn.ahead else "fell"),
                **names,
                when=_when(turn, lang),
            )
            for i, turn in enumerate(crossing.turns)
        )
    return catalogue.said(lang, "caption", "sentence", text=_sure(crossing, text, lang))


def when(crossing: Crossing, lang: str = catalogue.ENGLISH) -> str:
    """Say when the first overtook the second, for a sentence of somebody's own: "between ... and ...".

    What came before it took the lead for the first time is left out; that it lost it again is said.
    """
    if crossing.kind in {"always ahead", "never behind"}:
        text = _say(lang, "always" if crossing.kind == "always ahead" else "always_but")
    elif not (turns := _from_first_lead(crossing.turns)):
        text = _say(lang, "not_once")
    else:
        text = _when(turns[0], lang)
        for turn in turns[1:]:
            text = _say(lang, "back", text=text, when=_when(turn, lang))
    return _sure(crossing, text, lang)


def _from_first_lead(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """The turns from the first on in which the first of the two took the lead."""
    return turns if not turns or turns[0].ahead else turns[1:]


def _when(turn: Turn, lang: str) -> str:
    ends = (catalogue.period(step.start, step.end, lang) for step in (turn.before, turn.after))
    return _say(lang, "between", **dict(zip(("before", "after"), ends, strict=True)))


def _sure(crossing: Crossing, text: str, lang: str) -> str:
    return text if crossing.certain else _say(lang, "unsure", text=text)


def _say(lang: str, key: str, **values: str) -> str:
    return catalogue.said(lang, "crossing", key, **values)
