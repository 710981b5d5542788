"""Words for powers of ten, in one list: what units, headers, titles, formats and columns of scales have."""

from __future__ import annotations

import re

from geotrack.usertables.words import money

_LIST = (
    (2, "en fr", "hundreds?|centaines"),
    (3, "en", "thousands?|thou|ths?"),
    (6, "en", "millions?|mn|mln|mill"),
    (9, "en", "billions?|bn|bln"),
    (12, "en", "trillions?|trn"),
    (5, "hi", "lakhs?|lacs?"),
    (7, "hi", "crores?"),
    (3, "de", "tausend|tsd|tds"),
    (6, "de", "millionen|mios?"),
    (9, "de", "milliarden?|mrd|mia"),
    (12, "de", "billionen"),
    (3, "fr", "milliers|mille"),
    (9, "fr", "milliards?|mds|mld"),
    (3, "es pt", "miles|mil|milhares"),
    (6, "es pt", "millón|millones|milhão|milhões"),
    (9, "es pt", "mil millones|mil milhões|bilhão|bilhões"),
    (12, "es pt", "billón|billones|trilhão|trilhões"),
    (3, "it", "migliaia|mila"),
    (6, "it", "milione|milioni"),
    (9, "it", "miliard[io]"),
    (3, "nl", "duizend(?:en)?"),
    (6, "nl", "miljoen(?:en)?"),
    (9, "nl", "miljard(?:en)?"),
    (3, "sv nb da fi", "tusen(?:tal)?|tusinde|tuhat|tuhatta|tuhansia|tkr"),
    (6, "sv nb da fi", r"miljon(?:er)?|millioner|miljoona[a]?|milj|mkr"),
    (9, "sv nb da fi", "miljarder|milliarder|miljardi[a]?|mdr|mdkr"),
    (3, "pl cs sk hu ro", "tys|tysiące|tysięcy|tis|tisíc|ezer|mii"),
    (6, "pl cs sk hu ro", "miliony|milionów|milionů|miliónov|millió|milioane"),
    (9, "pl cs sk hu ro", "miliardy|miliardów|miliard|miliarda|milliárd|miliarde"),
    (3, "tr", "bin"),
    (6, "tr", "milyon"),
    (9, "tr", "milyar"),
    (12, "tr", "trilyon"),
    (3, "ru uk", r"тыс|тысяч\w?|тис"),
    (6, "ru uk", r"млн|миллион\w*|мільйон\w*"),
    (9, "ru uk", r"млрд|миллиард\w*|мільярд\w*"),
    (12, "ru uk", r"трлн|триллион\w*|трильйон\w*"),
)
"""Powers of ten, where they are said so, and the words: patterns of whole words, without the point behind."""

_EASTERN_LIST = (
    (12, "万亿 萬億 兆(?=[円圓元]) (?<![가-힣])조(?=원)"),
    (9, "十亿 十億 (?<![가-힣])십억"),
    (8, "亿 億 (?<![가-힣])억"),
    (7, "千万 千萬 (?<![가-힣])천만"),
    (6, "百万 百萬 (?<![가-힣])백만"),
    (4, "万 萬 (?<![가-힣])만"),
    (3, "千 (?<![가-힣])천"),
)
"""The same of words that other words may touch; longer ones first."""

_MULTIPLES = ((1, "10|tens of"), (2, "100|hundreds of"))
"""What may stand before a word for a power: "100 million" is the eighth."""

NAMES = {
    0: "", 2: "hundred", 3: "thousand", 4: "10 thousand", 5: "100 thousand", 6: "million", 7: "10 million",
    8: "100 million", 9: "billion", 12: "trillion",
}  # fmt: skip
"""How a power of ten is written where it was no word."""

LETTERS = {"k": 3, "m": 6, "mm": 6, "b": 9, "tn": 12}
"""Letters that are powers of ten where nothing else can be meant: of a format, of a column of scales."""

IN_DIGITS = (
    r"(?:[x×*]\s?)?(?:10\s?\^\s?\d{1,2}|10[³⁶⁹]|1(?:[., ]?000){1,4}s?|100?[., ]?000|['’´`]?000s?)"
    r"(?![\d.,]*\d)"
)
"""A power of ten in digits: 1000, 1 000, '000, 10^3, ×1000; 10 and 100 thousand too."""

_BESIDE = {"bin": r"(?= (?:TL|TRY|₺|kişi|adet|ton|dolar|avro|USD|EUR)(?!\w))"}
"""What must stand behind a word that is one of another language too: of an age it is a "bin"."""

_WORD = "|".join(
    word + _BESIDE.get(word, "")
    for word in sorted(
        (each for _, _, words in _LIST for each in words.split("|")), key=lambda each: -len(each)
    )
)
_TIMES = "|".join(words for _, words in _MULTIPLES)
WORDS = rf"(?:(?:{_TIMES}) )?(?:{_WORD})"
"""All words, with what may stand before them; no letter may follow."""

EASTERN = "|".join(word for _, words in _EASTERN_LIST for word in words.split())
"""All words that letters may follow."""

_MONEY = rf"(?:(?-i:{money.PLAIN_CODES}|{money.DOUBTFUL_CODES})|{money.DOLLARS}|[{money.SIGNS}])"
_BEFORE = "tkm"
BEFORE_MONEY = rf"[{_BEFORE}](?= ?{_MONEY}(?![^\W_]))"
"""Letters of "T€", "kEUR", "m CNY"; of any other thing they are tonnes and metres."""

_BEHIND = "mm|mn|m|bn|b|tn|k"
BEHIND_MONEY = (
    rf"(?:(?<=[{money.SIGNS}])|(?-i:(?<=[A-Z]{{3}}))|(?-i:(?<=[A-Z]{{3}} )))(?:{_BEHIND})(?![^\W_])"
)
"""Letters of "€m", "SEKm", "USD bn", where money has been found before them."""

CODE_BEFORE = rf"(?-i:{money.PLAIN_CODES})(?=(?:{_BEHIND})(?![^\W_]))"
"""The code of "SEKm"."""

_FOUND = re.compile(
    rf"(?<![\d.,])(?P<digits>{IN_DIGITS})|(?P<eastern>{EASTERN})"
    rf"|(?<![^\W_]){_MONEY} ?(?P<behind>{_BEHIND})(?![^\W_])|(?<![^\W_])(?P<before>{BEFORE_MONEY})"
    rf"|(?<![^\W_])(?:(?P<times>{_TIMES}) )?(?P<word>{_WORD})(?![^\W_])",
    re.IGNORECASE,
)
_PREFIXED = re.compile(r"(?<!\w)(?P<prefix>[kMGTPEZ])(?:t|Wh?|Wp|H/s)(?!\w)")


def powers_in(text: str) -> set[int]:
    """Return the powers of ten that a unit, a header or a title names: "in Mio. EUR", "kt"; {6}, {3}.

    A text that is nothing but the letter k or m is one too: whether metres are meant, others must know.
    """
    alone = text.strip(" .").casefold()
    if alone in ("k", "m"):
        return {LETTERS[alone]}
    found = {_power(each) for each in _FOUND.finditer(text)}
    return found | {3 * ("kMGTPEZ".index(each["prefix"]) + 1) for each in _PREFIXED.finditer(text)}


def _power(found: re.Match[str]) -> int:
    if found["digits"]:
        return power_in_digits(found["digits"])
    if found["eastern"]:
        return next(p for p, words in _EASTERN if words.match(found.string, found.start("eastern")))
    if letter := found["behind"] or found["before"]:
        return {"t": 3, "mn": 6, "bn": 9}.get(letter.casefold()) or LETTERS[letter.casefold()]
    return _of_word(found["word"], found["times"] or "")


_EACH = [(power, re.compile(words, re.IGNORECASE)) for power, _, words in _LIST]
_EASTERN = [(power, re.compile(words.replace(" ", "|"))) for power, words in _EASTERN_LIST]


def _of_word(word: str, times: str) -> int:
    more = next((power for power, words in _MULTIPLES if times.lower() in words.split("|")), 0)
    return more + next(power for power, words in _EACH if words.fullmatch(word))


def power_in_digits(digits: str) -> int:
    """Return the power of ten that is written in digits: of "10^3", "1 000", "×1000", "10⁶"."""
    if written := re.search(r"\^\s?(\d+)", digits):
        return int(written[1])
    raised = {"³": 3, "⁶": 6, "⁹": 9}
    return next((power for sign, power in raised.items() if sign in digits), digits.count("0"))


_CELL = re.compile(
    rf"(?:in )?(?:(?P<times>{_TIMES}) )?(?P<word>{_WORD})(?: of units)?|(?P<eastern>{EASTERN})", re.IGNORECASE
)


def power_of(cell: str) -> int | None:
    """Return the power of ten that a cell of a column of scales is: "Mio.", "k", "tens of thousands"."""
    text = cell.strip().rstrip(".").casefold()
    if text in LETTERS:
        return LETTERS[text]
    found = _CELL.fullmatch(text)
    if not found:
        return None
    if found["eastern"]:
        return next(power for power, words in _EASTERN if words.fullmatch(text))
    return _of_word(found["word"], found["times"] or "")


def name_of(power: int) -> str:
    """Return how a power of ten is written where it was no word: "million", "10^7"; of 0 nothing."""
    return NAMES.get(power, f"10^{power}")
