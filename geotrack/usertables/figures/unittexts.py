"""Units as people write them: in brackets behind a name, after a comma or "in", in lines about a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from geotrack.usertables.words import money, quantities, scalewords
from geotrack.usertables.words.years import YEAR

_SCALES = rf"{scalewords.WORDS}|k|m"
_MONEY_WORDS = rf"(?-i:{money.PLAIN_CODES})|{money.NAMES}"
_SIGNS_OF_MONEY = rf"(?:{money.DOLLARS}|(?:international |int'?l\.? )\$|[{money.SIGNS}]|{money.EASTERN})"
_MEASURES = (
    r"(?:[kMG]?t|kg)\s?CO[2₂](?:[\s-]?(?:eq?|äq))?|[kMG]?t\s?CO[2₂]e"
    r"|[kMGTPEZ](?:H/s|Wh|Wp|W|J)|H/s|Wh|(?-i:[WJtg])|[kMG]t|[kM]?t(?:oe|ce)|[bm]cm"
    r"|sq\.? ?(?:km|mi|m|ft)|square (?:kilomet(?:re|er)s?|miles?|met(?:re|er)s?|feet)|cubic (?:met(?:re"
    r"|er)s?|feet)"
    r"|(?:km|mi|m)[²2³3]|ha|bbl|kilomet(?:re|er)s?|km|mm|cm|lit(?:re|er)s?|gallons|bushels|btu|barrels"
    r"|(?:metric |short |long )?ton(?:ne)?s?|tonnen|toneladas|тонн|hectares|hektar|hectáreas|га|kilos?"
    r"|kilograms?|kg"
    r"|years?|months?|weeks?|days?|hours?|minutes|jahren?|tagen?|stunden|ans|années|años|anni|anos|лет"
    r"|°\s?[CF]?|degrees(?: celsius)?|ppm|ppb"
)
_COUNTED = (
    r"people|persons?|inhabitants|heads?|units|pieces|pcs|machines|einwohner\w*|personen|stück|stk"
    r"|personnes"
    r"|habitants|personas|habitantes|hab|inhab|einw|ew|persone|abitanti|pessoas|inwoners|stuks|osób|sztuk"
    r"|человек|чел|штук|шт|kişi"
    r"|adet|points|score|index"
)
_EASTERN_THINGS = r"[台人户戶件辆輛吨噸顷頃名年]|公顷|公頃|公里|명|대|톤"
_QUALIFIERS = (
    r"current|constant|real|nominal|chained|PPP|prices?|at|of|in|market|basic|purchasing|annual"
    r"|preise[n]?|prix"
    rf"|precios|courants|corrientes|constantes|jeweilige[n]?|international|{YEAR}|de|di|von|d['’]"
)
_PERCENTS = (
    r"%|percent|per ?cent|percentage|pct\.?|prozent|por ?ciento|por ?cento|pour ?cent|per ?cento|procent"
    r"|процент\w*|‰|百分比|퍼센트"
)


def _words(texts: str) -> str:
    """Return a pattern of words: no letter follows, and a point may."""
    return rf"(?:{texts})(?![^\W\d_])\.?"


_KINDS = {
    "scale": rf"{_words(_SCALES)}|{scalewords.BEFORE_MONEY}|{scalewords.BEHIND_MONEY}|{scalewords.EASTERN}"
    rf"|{scalewords.IN_DIGITS}",
    "money": rf"{_words(_MONEY_WORDS)}|{scalewords.CODE_BEFORE}|{_SIGNS_OF_MONEY}",
    "doubtful": rf"(?-i:{money.DOUBTFUL_CODES})(?![^\W_])",
    "measure": rf"{_words(_MEASURES)}|{_EASTERN_THINGS}",
    "counted": _words(_COUNTED),
    "qualifier": rf"(?:{_QUALIFIERS})(?![^\W_])|d['’]",
}
_TOKENS = {kind: re.compile(rf"(?:{pattern})[\s,]*", re.IGNORECASE) for kind, pattern in _KINDS.items()}

_LEAD = re.compile(r"(?:as|in|annual|en|em|w|в|jährlich)\s", re.IGNORECASE)
_SHARE = re.compile(rf"(?:{_PERCENTS})(?P<of>[\s-](?=\w)[^()\[\]]{{1,50}})?", re.IGNORECASE)
_BASE = re.compile(rf"(?:index,?\s)?{YEAR}(?:[-/]\d\d(?:\d\d)?)?\s?=\s?100(?:\.0)?", re.IGNORECASE)
_EACH = re.compile(
    r"(?P<of>.*?)(?:\s?/\s?|(?<![^\W\d_])(?P<word>per|pro|par|por|je|на"
    r"|na)\s)(?P<each>[\w³²°$€.,’'% -]{1,40})",
    re.IGNORECASE,
)
_FEW_WORDS = re.compile(r"[^\W\d_][^\W\d_.’'-]*\.?(?: [^\W\d_][^\W\d_.’'-]*\.?){0,2}")
"""Words that nobody need know: of "million visitors", "births per woman"."""


def _kinds(text: str) -> set[str]:
    """Return the kinds of words that a text is made of, none where one of them is not known."""
    found, place = set(), 0
    while place < len(text):
        fits = [(each.end(), kind) for kind, token in _TOKENS.items() if (each := token.match(text, place))]
        if not fits:
            return set()
        end = max(end for end, _ in fits)
        found.add(next(kind for stop, kind in fits if stop == end))
        place = end
    if "doubtful" in found:  # "ALL" alone says all
        return {*found - {"doubtful"}, "money"} if "scale" in found else set()
    return found


_TOLD = {"scale", "money", "measure", "counted"}


def _read(text: str) -> set[str]:
    """Return the kinds of words of a unit, "percent", "base", "each", "words" too; none if it is no unit."""
    text = text.strip()
    text = text[found.end() :] if (found := _LEAD.match(text)) else text
    if len(text) > 60 or not text:
        return set()
    if _SHARE.fullmatch(text) or _BASE.fullmatch(text):
        return {"percent" if _SHARE.fullmatch(text) else "base"}
    if (kinds := _kinds(text)) & _TOLD:
        return kinds
    if found := _EACH.fullmatch(text):
        return _read_each(found["of"].strip(), found["word"] or "", found["each"].strip())
    first = _TOKENS["scale"].match(text)
    scale = first.end() if first else 0
    rest = re.sub(r"^(?:of|de|di|von)\s|^d['’]", "", text[scale:])
    if (
        scale
        and "," not in text[:scale]
        and not re.match(r"[km]\b", text, re.IGNORECASE)
        and _FEW_WORDS.fullmatch(rest)
    ):
        return {"scale", "words"}
    return set()


def _read_each(of: str, word: str, each: str) -> set[str]:
    """Return the kinds of "USD per head", "per 100,000", "births per woman"; of "m/f" none."""
    kinds = _kinds(of)
    if kinds & (_TOLD - {"scale"}) or (word and kinds & _TOLD) or (word and not of):
        return kinds | {"each"}
    return {"each", "words"} if word.casefold() == "per" and each and _FEW_WORDS.fullmatch(of) else set()


def is_scale(text: str) -> bool:
    """Tell a word for a power of ten: "Mio.", "thousand", "bn"."""
    return _kinds(text) == {"scale"}


def is_money_or_percent(text: str) -> bool:
    """Tell money, with a scale or without, or percent: what no metric is called; "% of GDP" may be one."""
    percent = re.fullmatch(rf"(?:in )?(?:{_PERCENTS})", text.strip(), re.IGNORECASE)
    return percent is not None or "money" in _kinds(text.strip())


_DIGITS = re.compile(rf"(?<![\d.,]){scalewords.IN_DIGITS}", re.IGNORECASE)


def plain_unit(unit: str) -> str:
    """Write powers of ten in digits as the words that units have elsewhere: "$000s" is "thousand $".

    "5 1000 t" would be read as another figure.
    """
    if re.fullmatch(_PERCENTS, unit, re.IGNORECASE) and unit != "‰":
        return "%"
    head, each = unit, ""
    if (found := _EACH.fullmatch(unit)) and not _kinds(unit):
        head, each = found["of"], unit[len(found["of"]) :]
    digits = _DIGITS.search(head)
    word = scalewords.NAMES.get(scalewords.power_in_digits(digits[0]), "") if digits else ""
    if digits is None or not word or _BASE.fullmatch(unit):
        return unit
    rest = " ".join(f"{head[: digits.start()]} {head[digits.end() :]}".split()).strip(" ,")
    rest = re.sub(r"^(?:of|in)\s|\s(?:of|in)$", "", rest)
    return f"{word} {rest}{each}" if rest else f"{word}s{each}"


def unit_of(text: str) -> str:
    """Return the unit that a text is, as it stands between brackets: "in Mio. EUR", "1000 t"; "" if none."""
    text = " ".join(text.split())
    lead = _LEAD.match(text)
    if not _read(text):
        return ""
    if lead and lead[0].strip().casefold() not in ("annual", "jährlich"):
        text = text[lead.end() :]
    return plain_unit(text)


_BRACKETED = re.compile(r"(?P<name>.*?)\s*[(\[（](?P<unit>[^()\[\]（）]{1,60})[)\]）]", re.DOTALL)
_AFTER = re.compile(r"(?P<name>.*?)[,/ ](?:in )?(?P<unit>%|percent|[kMGTPEZ]?H/s)", re.IGNORECASE | re.DOTALL)
_BEHIND = re.compile(r"[,;]\s+|\s+(?=(?:in|en|em|в)\s)|\s[-–—]\s", re.IGNORECASE)

_END = 120
"""Letters of a header, at its end, among which its unit stands."""


_LETTERS = {letter: scalewords.NAMES[scalewords.LETTERS[letter.lower()]] for letter in "mMkK"}
_IN_MILLIONS = re.compile(
    r"\b(?:revenues?|sales|turnover|incomes?|earnings|profits?|loss(?:es)?|ebit(?:da)?|costs?|expenses|expenditures?|spend(?:ing)?"
    r"|gdp|gni|gva|exports?|imports?|trade|investments?|assets|debt|budget|loans|deposits|aid|taxes|wages|subsidies"
    r"|populations?|people|persons|inhabitants|users|subscribers|subscriptions|customers|visitors|visits|tourists|arrivals"
    r"|passengers|employees|employment|workers|jobs|households|students|pupils|migrants|refugees|units"
    rf"|umsatz|umsätze|erlöse|bevölkerung|einwohner)\b|(?:\b|_)(?-i:{money.PLAIN_CODES})(?:\b|_)|{_SIGNS_OF_MONEY}",
    re.IGNORECASE,
)
"""What is counted in millions and thousands, and never in metres."""

_MONEY_LAST = re.compile(
    rf"(?P<name>.*\w)\W+(?:in )?(?P<money>(?-i:{money.PLAIN_CODES})|{_SIGNS_OF_MONEY})",
    re.IGNORECASE | re.DOTALL,
)


def is_quantity(name: str, *, alone: bool) -> bool:
    """Tell the name of what is counted or measured: "Population", "GDP", "net exports"; "birth rate".

    Parameters
    ----------
    alone : whether it must be one known word and nothing else.
    """
    if money.currencies_in(name):
        return False
    known = _IN_MILLIONS.fullmatch(name) or (_IN_MILLIONS.search(name) and not alone)
    return bool(known) or (quantities.rate("", [name]) is not None and (not alone or name.isalpha()))


def spelled(unit: str, *names: str) -> str:
    """Write out the letter of "Revenue (m)": of what has no metres it is a million."""
    word = _LETTERS.get(unit, "")
    return word if word and any(map(_IN_MILLIONS.search, names)) else unit


def _in_brackets(name: str, inside: str) -> tuple[str, str]:
    """Return a name and its unit, of which a part may stand before the brackets: "Revenue USD (m)"."""
    unit = spelled(unit_of(inside), name)
    if unit and is_scale(unit) and (found := _MONEY_LAST.fullmatch(name)):
        return found["name"], f"{one(unit)} {found['money']}"
    return name, unit


def parted(header: str) -> tuple[str, str]:
    """Part a header from the unit that it states beyond doubt: "Umsatz (Mio. USD)", "share in %".

    Years, statuses and other remarks stay where they are; then the unit is "".
    """
    header = header.strip()
    before, end = header[:-_END], header[-_END:]
    if found := _BRACKETED.fullmatch(end):
        name, unit = _in_brackets(found["name"].strip(" ,"), found["unit"])
        if unit:
            return before + name, unit
    if found := _AFTER.fullmatch(end):
        return before + found["name"].strip(" ,"), plain_unit(found["unit"])
    for sign in _BEHIND.finditer(end):
        rest = end[sign.end() :]
        if sign.start() and (unit := unit_of(rest)) and _is_plainly(rest, spaced=not sign[0].strip()):
            return before + end[: sign.start()].strip(), unit
    return header, ""


def _is_plainly(text: str, *, spaced: bool) -> bool:
    """Tell a unit that needs no brackets: "Population, m" and "Investment in machines" may be no units.

    spaced : whether nothing but "in" stands before it.
    """
    kinds = _read(text)
    if len(re.sub(r"^(?:in|en|em|в)\s", "", text, flags=re.IGNORECASE)) < 2 and not kinds & {
        "money",
        "percent",
    }:
        return False
    return bool(kinds & {"scale", "money", "measure", "percent"}) if spaced else "words" not in kinds


def unit_in(header: str) -> str:
    """Return the unit that a header states beyond doubt, "" if none; see `parted`."""
    return parted(header)[1]


_SAID = re.compile(
    r"[#%(（\s]*(?:units?(?: of measure(?:ment)?)?|(?:maß)?einheit(?:en)?|unidad(?:es)?(?: de medida)?"
    r"|unités?(?: de mesure)?|unità(?: di misura)?|unidades?(?: de medida)?|eenheid|jednostka"
    r"|единицы?(?: измерения)?|ед\. ?изм\.?|(?:计量)?单位|單位|単位|단위)"
    r"\s*[:：=]\s*(?P<unit>[^\s:：=].{0,40}?)[)）.\s]*",
    re.IGNORECASE,
)
"""A line that says the unit, as "Einheit: Tsd. Tonnen", "# unit: GWh", "单位：亿元"."""

_NO_UNIT = re.compile(
    r"[,;，、；|](?!\d{3})|\b(?:see|siehe|voir|ver|various|several|different|diverse|verschieden\w*|and|und|or"
    r"|n/?a)\b",
    re.IGNORECASE,
)
"""What makes a text no unit: several of them, or a hint where they stand."""

_EXCEPT = re.compile(
    r",?\s(?:except|unaudited|unless|excluding|sauf|außer|wenn nicht|salvo|excepto)\b.{0,80}", re.IGNORECASE
)
"""What a line says of figures that have another unit: "(in thousands, except per share data)"."""

_SHARE_OF = re.compile(rf"(?:{_PERCENTS})\s[^\W\d_]", re.IGNORECASE)
"""How a line begins that may be a title as well: "Percentage of households"."""

_MONEY_IN = re.compile(
    rf"(?P<money>{_words(_MONEY_WORDS)}|{_SIGNS_OF_MONEY})\s(?:in|en)\s(?P<scale>{_words(_SCALES)})",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"(?:all )?(?:figures|amounts|values|numbers|data)(?: are)?(?: shown| stated| expressed"
    r"| given)? (?=in )",
    re.IGNORECASE,
)


def says_unit(line: str) -> bool:
    """Tell a line that says nothing but the unit of a table."""
    if _SAID.fullmatch(line.strip()):
        return True
    return bool(_alone(line)) and not _EXCEPT.search(line) and not _SHARE_OF.match(line)


def unit_above(lines: Iterable[str]) -> str:
    """Return the unit that the lines above a table state: "Revenue 2024 (%)", "in Mio. EUR"; "" if none."""
    parts = [part for line in lines for part in re.split(r"[;|]", line)]
    found = {_said(part) or _alone(part) or _at_end(part) for part in parts} - {""}
    return found.pop() if len(found) == 1 else ""


def _said(line: str) -> str:
    found = _SAID.fullmatch(line.strip())
    return plain_unit(found["unit"]) if found and not _NO_UNIT.search(found["unit"]) else ""


def _alone(line: str) -> str:
    """Return the unit that a line is: of things that may be a title, such as "Hectares", in brackets only."""
    text = line.strip().rstrip(".:")
    inside = re.fullmatch(r"[(（\[](?P<text>.*)[)）\]]", text)
    text = _EXCEPT.sub("", inside["text"] if inside else text)
    text = _OPENING.sub("", text.strip())
    if found := _MONEY_IN.fullmatch(re.sub(r"^in\s", "", text, flags=re.IGNORECASE)):
        return f"{one(found['scale'])} {found['money']}"
    unit, kinds = unit_of(text), _read(text)
    if "percent" in kinds and not inside and len(text) > 40:  # a title, "Percentage of households that ..."
        return ""
    scaled = "scale" in kinds and len(kinds) > 1 and "words" not in kinds
    if inside or _LEAD.match(text) or scaled or kinds & {"percent", "base"} or kinds == {"each"}:
        return unit
    return ""


def one(scale: str) -> str:
    """Return an English scale in the singular, as it stands before a unit: "million Dollars"."""
    return re.sub("(?i)^(thousand|[mbt]r?illion)s$", r"\1", scale)


def _at_end(line: str) -> str:
    """Return the unit at the end of a title: behind "in", in brackets, after a comma."""
    return next(_ends(line.strip()[-120:]), "")


def _ends(line: str) -> Iterator[str]:
    line = _EXCEPT.sub("", line).rstrip(")） ") if _EXCEPT.search(line) else line
    for sign in re.finditer(r"[\s,;:(（](?=in\s)", line, re.IGNORECASE):
        rest = line[sign.end() :].strip(") ）")
        if (unit := unit_of(rest)) and _is_plainly(rest, spaced=True):
            yield unit
    if (unit := unit_in(line)) and not _SAID.match(line):
        yield unit
