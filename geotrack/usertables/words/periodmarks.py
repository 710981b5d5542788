"""What stands beside a period: "2020p", "2021 est.", "2020¹"; taken off, and what it says of the figures."""

from __future__ import annotations

import re

RAISED = "\u00b9\u00b2\u00b3\u2070-\u209f\u1d43-\u1d6a\u02b0-\u02b8*†‡§#ªº"

_SAID = (
    (r"est(?:im(?:\.|ate[sd]?|ad[oa]s?|ations?|aci[oó]n|é[es]*)?|imates)?|gesch(?:ätzt|\.)?|schätzung(?:en)?|stima"
     r"|估计|估計|估算|оценка", "estimated", "estimated"),
    (r"forecasts?|fcst|prognosen?|prévisions?|previsi[oó]n|previst[oa]|prevision[ei]|prognoza|预测|預測|予測|見込み?"
     r"|прогноз|预计", "estimated", "forecast"),
    (r"proj(?:ected|ections?|ektion|eção|ección)?", "estimated", "projected"),
    (r"budget(?:ed)?|bud|plan(?:ned)?|target|goal|soll|预算|план", "estimated", "budget or plan"),
    (r"prov(?:isional|isoires?|isorio)?|provvisori[oa]|prel(?:im(?:inary|inar(?:es)?|inare)?)?"
     r"|vorl(?:äufig)?|voorlopig|速報|初步|предварительно", "", "provisional"),
    (r"rev(?:ised|idiert|isado|isto|isé)?|restated", "", "revised"),
    (r"actuals?|act|ist|实际", "", "actual"),
    (r"final|definitive?|definitivo|définitif|endgültig|确报|確報", "", "final"),
    (r"break", "", "break in the series"),
)  # fmt: skip
"""Words beside a period, whole; the status of its figures ("": the source has them, and may revise them)."""

_LETTERS = {
    **dict.fromkeys("pv", ("", "provisional")),
    **dict.fromkeys("eg", ("estimated", "estimated")),
    "f": ("estimated", "forecast"),
    "r": ("", "revised"),
    "a": ("", "actual"),
    "b": ("", "break in the series"),
}
_BUDGET = "B"
"""Beside years with A, E, F: nobody can tell the letter of a budget from that of a break; it stays a mark."""

_ALL = "|".join(words for words, _, _ in _SAID)
_BEHIND = re.compile(
    rf"(?P<text>.*?(?:[\w\])年]|г\.))(?P<mark>[{RAISED}]+\)?"
    r"|(?<=\d)[peEPrRbfFaAvB](?![\w])|[ ][peErbfFPRaAvB]"
    r"|[ ]?[(\[（]\s*(?:\d{1,2}|[*a-zA-Z]|p/r|r/p|p[12]|(?i:notes? ?\d{1,2}(?:, ?\d{1,2})*))\s*[)\]）]"
    rf"|[ _,;:/-]*[(\[（]\s*(?i:{_ALL})\.?\s*[)\]）]|(?:(?<=[\d年])|[ _,;:/-]+)(?i:{_ALL})\.?)",
    re.DOTALL,
)
_BEFORE = re.compile(rf"(?P<mark>(?i:{_ALL})\.?|[(\[](?i:{_ALL})\.?[)\]])[ _:-]*(?P<text>\S.*)", re.DOTALL)


def mark_of(text: str) -> tuple[str, str]:
    """Return a text without the mark beside it, and the mark: "2020p" is "2020", "p"."""
    text = text.strip()
    found = _BEHIND.fullmatch(text) or _BEFORE.fullmatch(text)
    return (found["text"].strip(), found["mark"].strip(" _,;:/-")) if found else (text, "")


def is_said(word: str) -> bool:
    """Tell a word that says what figures are, and is no month's name whatever language has such a month."""
    return meaning(word) is not None


def is_flag(letter: str) -> bool:
    """Tell a letter that says something of a period's figures: the e of "2021 (e)"."""
    return letter.casefold() in _LETTERS


def said_by(mark: str) -> tuple[str, str]:
    """Return what a mark says of figures: their status ("" if nothing), and a note."""
    word = mark.strip("()[]（） .")
    told = meaning(word.casefold()) or (None if word == _BUDGET else _LETTERS.get(word.casefold()))
    return told or ("", f"mark {mark!r} on the period" if mark else "")


def meaning(word: str) -> tuple[str, str] | None:
    """Return the status and the note that a whole word says of figures; None if it says nothing."""
    return next((said for words, said in _EACH if words.fullmatch(word)), None)


_EACH = [(re.compile(words), (status, note)) for words, status, note in _SAID]
