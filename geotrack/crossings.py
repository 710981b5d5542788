"""When one region or group overtook another, in a sentence of a language."""

from __future__ import annotations

from geotrack import messages
from geotrack.shift import Crossing

KEYS = {"never": "never", "always ahead": "ahead", "not known": "unknown"}


def sentence(crossing: Crossing, lang: str = messages.ENGLISH) -> str:
    """Return what a crossing's own text says in English, in a language of the catalogue."""
    names = {"first": crossing.first, "second": crossing.second}

    def say(key: str, **values: str) -> str:
        return messages.said(lang, "crossing", key, **values)

    if crossing.kind in KEYS:
        text = say(KEYS[crossing.kind], **names, count=str(crossing.compared))
    else:
        turns = [
            (
                "overtook" if turn.ahead else "fell",
                {"before": turn.before.label, "after": turn.after.label},
            )
            for turn in crossing.turns
        ]
        text = "".join(
            say(f"then_{key}" if i else key, **names, **when) for i, (key, when) in enumerate(turns)
        )
    return say("sure" if crossing.certain else "unsure", text=text)
