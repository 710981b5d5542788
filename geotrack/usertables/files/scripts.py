"""What the bytes of a text beyond ASCII read as, in each of the encodings that people have tables in."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from geotrack.language.wordlists import WORD, whole, words


class Writing(NamedTuple):
    """An encoding that people have texts in.

    Parameters
    ----------
    name : as people call it. languages : those that are written in it. script : as Unicode calls its letters.
    codec : what Python reads it by, where that is another.
    """

    name: str
    languages: str
    script: str = "LATIN"
    codec: str = ""


_WEST = "en de fr es pt it nl sv da nb fi is ca sq"
_CENTRAL = "pl cs sk hu ro hr sl sq de en"
_RUSSIAN = "ru uk be bg sr mk"
KINDS = {
    "cp1252": Writing("Windows-1252", _WEST),
    "gb18030": Writing("GB18030", "zh", "CJK"),
    "shift_jis": Writing("Shift-JIS", "ja", "CJK", "cp932"),
    "cp1251": Writing("Windows-1251", _RUSSIAN, "CYRILLIC"),
    "cp1250": Writing("Windows-1250", _CENTRAL),
    "euc_kr": Writing("EUC-KR", "ko", "CJK", "cp949"),
    "big5": Writing("Big5", "zh_Hant", "CJK", "cp950"),
    "euc_jp": Writing("EUC-JP", "ja", "CJK"),
    "cp1257": Writing("Windows-1257", "lt lv et"),
    "cp1254": Writing("Windows-1254", "tr az"),
    "cp1253": Writing("Windows-1253", "el", "GREEK"),
    "cp1255": Writing("Windows-1255", "he", "HEBREW"),
    "cp1256": Writing("Windows-1256", "ar fa ur", "ARABIC"),
    "cp874": Writing("Windows-874", "th", "THAI"),
    "koi8_r": Writing("KOI8-R", "ru", "CYRILLIC"),
    "koi8_u": Writing("KOI8-U", "uk", "CYRILLIC"),
    "cp866": Writing("IBM 866", _RUSSIAN, "CYRILLIC"),
    "iso8859_5": Writing("ISO 8859-5", _RUSSIAN, "CYRILLIC"),
    "mac_cyrillic": Writing("Mac Cyrillic", _RUSSIAN, "CYRILLIC"),
    "iso8859_2": Writing("ISO 8859-2", _CENTRAL),
    "iso8859_16": Writing("ISO 8859-16", "ro"),
    "cp850": Writing("IBM 850", _WEST),
    "mac_roman": Writing("Mac Roman", _WEST),
    "cp852": Writing("IBM 852", _CENTRAL),
    "cp857": Writing("IBM 857", "tr"),
    "cp775": Writing("IBM 775", "lt lv et"),
    "cp737": Writing("IBM 737", "el", "GREEK"),
    "cp862": Writing("IBM 862", "he", "HEBREW"),
    "iso8859_6": Writing("ISO 8859-6", "ar fa ur", "ARABIC"),
    "cp1258": Writing("Windows-1258", "vi"),
}
"""Encodings as they are said to geotrack; of several that read a text alike the first is taken."""


class Decoded(NamedTuple):
    """A text as one encoding has it.

    Parameters
    ----------
    encoding : see KINDS. text : the sample.
    score : how much it reads like its language, 0 to 1.
    known : those of its words beyond ASCII that are words of the language.
    named : those of its cells beyond ASCII that are the name of a country, or a word that tables have.
    """

    encoding: str
    text: str
    score: float
    known: frozenset[str]
    named: frozenset[str]

    @property
    def codec(self) -> str:
        """Return the encoding as Python calls it."""
        return KINDS[self.encoding].codec or self.encoding

    @property
    def name(self) -> str:
        """Return the encoding as people call it."""
        return KINDS[self.encoding].name

    @property
    def shown(self) -> str:
        """Return the first words beyond ASCII."""
        found = re.findall(r"[^\s,;|\"\d]*[^\0-\x7f\s,;|\"\d][^\s,;|\"\d]*", self.text)
        return ", ".join(dict.fromkeys(word[:12] for word in found[:4]))


def readings(sample: bytes) -> list[Decoded]:
    """Return what a text reads as, the most plausible first; texts that are equal once.

    Only encodings are here that have all of its bytes, as characters that are no controls.
    """
    found: dict[str, Decoded] = {}
    for encoding, kind in KINDS.items():
        try:
            text = unicodedata.normalize("NFC", sample.decode(kind.codec or encoding))
        except UnicodeDecodeError:
            continue
        if text not in found and not _UNUSED.search(text):
            found[text] = Decoded(encoding, text, *_judged(text, kind), _named(text, kind))
    order = [*KINDS]
    return sorted(
        found.values(),
        key=lambda each: (-len(each.named), -each.score, -len(each.known), order.index(each.encoding)),
    )


def sure(found: Sequence[Decoded]) -> bool:
    """Tell whether the first of these readings can be nothing else.

    It is, where words that are known are written in it as in no other that is as plausible; and where so many
    letters are in their places that all others are far from it. Most of what is in no UTF-8 is Windows-1252.
    """
    best, others = found[0], found[1:]
    if best.score >= LIKE and best.named and not any(other.named - best.named for other in others):
        return True
    if best.score >= LIKE and all(_proves(best, other) for other in others):
        return True
    rival = max((_against(best, other) for other in others), default=0.0)
    usual, found_words = best.encoding == "cp1252", _words(best.text)
    if not found_words:
        return (
            usual and best.score == 1 and (rival < FAR or not _TOUCHING.search(_MEASURES.sub(" ", best.text)))
        )
    enough = usual or len(found_words) > 2 or sum(not c.isascii() for c in {*"".join(found_words)}) > 7
    return enough and best.score >= PLAIN and rival <= best.score - (FAR if usual else FARTHER)


LIKE, NEAR = 0.6, 0.05
"""How much a text must read like its language where words are known, and how far others must be from it."""
PLAIN, FAR, FARTHER = 0.8, 0.3, 0.35
"""The same where no words are known: for Windows-1252, and for the others."""


def _against(best: Decoded, other: Decoded) -> float:
    """Return how plausible another reading is: as a whole, and half by the words that it reads otherwise."""
    its_own = " ".join(sorted(_words(other.text) - _words(best.text)))
    apart = _judged(its_own, KINDS[other.encoding])[0] if its_own else other.score
    return (other.score + apart) / 2


_MEASURES = re.compile(r"°[CF]\b|(?<=[a-z])[²³]|µ[a-zA-Z]{1,2}\b")
_TOUCHING = re.compile(r"[^\W\d_][^\0-\x7f]|[^\0-\x7f](?:[^\W\d_]|[^\0-\x7f])")
"""A sign beside a letter, or beside another sign."""


def _words(text: str) -> set[str]:
    return {word for word in WORD.findall(text.translate(_NO_LETTERS)) if not word.isascii()}


def _proves(best: Decoded, other: Decoded) -> bool:
    """Tell whether known words speak for a reading and not for another."""
    return other.score <= best.score - NEAR and len(best.known - other.known) > len(other.known - best.known)


_UNUSED = re.compile("[\x80-\x9f\ue000-\uf8ff\ufffd]")
_SIGNS = frozenset(
    "\xa0\xad¡¢£¥§©ª«°±²³´µ¶·¹º»¼½¾¿×÷‐‑‒–—―‘’‚“”„†‡•…‰‹›€№™−®¬"
    "、。《》「」『』【】〜・ー（），：；？！％／～＋－\u3000₪฿،؛؟"
)
"""Signs that stand in texts; others are letters read wrongly."""


def _judged(text: str, kind: Writing) -> tuple[float, frozenset[str]]:
    """Return how much a text reads like its language, and which of its words are known."""
    counts = Counter(word for word in WORD.findall(text.translate(_NO_LETTERS)) if not word.isascii())
    signs = Counter(c for c in WORD.sub("", text.translate(_NO_LETTERS)) if not c.isascii())
    odd = sum(n for c, n in signs.items() if c not in _SIGNS) + len(_WITHIN.findall(text))
    weights = {word: n * sum(not c.isascii() for c in word) for word, n in counts.items()}
    weight = sum(weights.values())
    if not weight:
        return (1 - odd / signs.total() if signs else 1.0), frozenset()
    if sum(weights[word] for word in counts if _is_of(word, kind.script)) * 2 < weight:
        return 0.0, frozenset()
    judge = _character if kind.script == "CJK" else _word
    scores, known = [], set()
    for lang in kind.languages.split():
        scores.append(sum(judge(word, lang) * n for word, n in weights.items()) / (weight + odd))
        known |= {word for word in counts if _is_known(word, lang)}
    return max(scores), frozenset(known)


_NO_LETTERS = str.maketrans("ªº²³¹¼½¾µ№", "°°°°°°°°°°")  # which Python takes for letters
_WITHIN = re.compile(
    r"(?<=[^\W\d_])[¡-´¶-¸»-¿×÷†•‚„ˆ˜“”…‰‹›€₪™№](?=[^\W\d_])|(?<=[^\W\d_]{3})·(?![^\W_])"
    r"|[†‡‰±÷¤¦¬¼½¾¨´¸ˆ˜](?=[^\W\d_])|(?<=[^\W\d_])[†‡‰±÷¤¦¬¼½¾¨´¸ˆ˜]"
    r"|[€£¥¢₪«](?=[^\W\d_]{4})|(?<=[^\W\d_]{4})[€£¥¢₪¡¿°](?![^\W_])|(?<![^\W_])[°ªº®©™…](?=[^\W\d_]{3})"
)
"""Signs that do not stand within a word, or at its beginning, or at its end."""


def _named(text: str, kind: Writing) -> frozenset[str]:
    """Return the cells that are a name, or a word of tables, of a language that is written so."""
    cells = {cell.strip(" \"'").lower() for cell in re.split(r"[,;\t|\r\n]", text) if not cell.isascii()}
    known = {cell for lang in kind.languages.split() for cell in cells & whole(lang)}
    return frozenset(cell for cell in known if len(cell) > 3 or kind.script == "CJK")


def _is_known(word: str, lang: str) -> bool:
    return word.lower() in words(lang) and (len(word) > 3 or lang in _CJK)


_CJK = ("zh", "zh_Hant", "ja", "ko")


def _is_of(word: str, script: str) -> bool:
    """Tell whether all letters of a word are of a script; ASCII is among Latin ones, and beside CJK."""
    beyond = [c for c in word if not c.isascii()]
    whole = len(beyond) == len(word) or script in ("LATIN", "CJK")
    return whole and all(_script(c) in (script, "COMBINING") for c in beyond)


@cache
def _script(letter: str) -> str:
    name = unicodedata.name(letter, "")
    start = name.partition(" ")[0]
    return "CJK" if start in ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL") else start


def _word(word: str, lang: str) -> float:
    """Return how much a word looks like those of a language: by its letters' neighbours."""
    small = word.lower()
    if len(word) == 1:
        return 1.0 if small in words(lang) else 0.3
    pairs, letters = _pairs(lang)
    seen = [
        (1.0 if pairs[pair] > 1 else 0.8) if pair in pairs else 0.3 if {*pair} <= letters else 0.0
        for pair in map("".join, zip(f"^{small}", f"{small}$", strict=True))
        if not pair.isascii()
    ]
    return sum(seen) / len(seen) * _case(word) if seen else 0.0


def _case(word: str) -> float:
    """Return how usual the capitals of a word are."""
    if word == word.lower() or word[1:] == word[1:].lower():
        return 1.0
    return 0.85 if word == word.upper() else 0.3


@cache
def _pairs(lang: str) -> tuple[Counter[str], frozenset[str]]:
    """Return the pairs of letters beyond ASCII and their neighbours that a language has, and its letters."""
    pairs = Counter(
        pair for word in words(lang) for pair in map("".join, zip(f"^{word}", f"{word}$", strict=True))
    )
    counts = Counter(c for word in words(lang) for c in {*word})
    return pairs, frozenset("^$abcdefghijklmnopqrstuvwxyz") | {c for c, n in counts.items() if n > 2}


def _character(word: str, lang: str) -> float:
    """Return how common the characters of a text in Chinese, Japanese or Korean are."""
    common = _characters(lang)
    beyond = [c for c in word if not c.isascii()]
    return sum(1.0 if c in common else _usual(c, lang) for c in beyond) / len(beyond)


@cache
def _usual(letter: str, lang: str) -> float:
    """Return how usual a character is by its place: the common ones come first in the standards."""
    script = unicodedata.name(letter, "").partition(" ")[0]
    if lang == "ko":
        return 0.35 if script == "HANGUL" else 0.1
    if script in ("HIRAGANA", "KATAKANA"):
        return 0.9 if lang == "ja" and "HALFWIDTH" not in script else 0.1
    codec, first, last = {
        "zh": ("gb2312", 0xB0, 0xD7),
        "zh_Hant": ("big5", 0xA4, 0xC6),
        "ja": ("euc_jp", 0xB0, 0xCF),
    }[lang]
    lead = letter.encode(codec, "ignore")[:1]
    return 0.5 if lead and first <= lead[0] <= last else 0.1


@cache
def _characters(lang: str) -> frozenset[str]:
    return frozenset("".join(words(lang))) | _TABLES.get(lang, frozenset())


_CHINESE = frozenset(
    "的年月日地区省市国中人民共和单位万亿元数据来源注统计局收入总值全指标比例增长北京上海天津重庆河南山西东江浙福建广湖四川贵云"
    "陕甘青海内蒙古新疆宁夏黑龙吉林辽安徽香港澳门台湾美英法德俄日本韩印度巴加拿大合亚洲欧非哈萨克斯坦算力份额时间名称代码值其他"
)
_TABLES: dict[str, frozenset[str]] = {
    "zh": _CHINESE,
    "zh_Hant": frozenset(
        "的年月日地區省市國中人民共和單位萬億元數據來源註統計局收入總值全指標比例增長北京上海臺灣美英法德日本韓印度加大合計"
    ),
    "ja": frozenset(
        "のをにはがとでもアイウエオカキクケコサシスセソタチツテトナニノハヒフヘホマミムメモヤユヨラリルレロワンー地域統計名表番号電力調査注年値産業合県都府道市区町村年月日本人口総数計単位万円国大東京北海阪神奈川"
    ),
    "ko": frozenset("의이가을를은는에국한대시도년월일인구합계지역단위명전서울부산광주기경북남충강원제주"),
}
"""Characters that tables in these languages are full of."""
