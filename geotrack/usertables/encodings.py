"""The encoding of a text: what its bytes prove, else what they look like, for the user to say."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from geotrack.errors import AmbiguousError, Choice, ParseError, Question, SpecError

SAMPLE = 2_000_000
"""Bytes from the beginning that a doubtful encoding is told from."""


class Found(NamedTuple):
    """An encoding, as Python calls it, and how people do."""

    codec: str
    told: str


def find(content: bytes, name: str, said: str = "") -> Found:
    """Return the encoding of a text.

    Bytes that are no UTF-8 may be any of dozens of encodings: one is taken only where the letters beyond
    ASCII make words as its languages write them; else the likely ones are offered, with a sample of each.

    Parameters
    ----------
    said : the user's word.

    Raises
    ------
    ParseError : NUL characters, or bytes that the encoding does not have.
    SpecError : there is no encoding of that name.
    AmbiguousError : several encodings may be meant.
    """
    if said:
        return _said(content, name, said)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _utf16(content, name)
    if unmarked := _unmarked(content):
        return unmarked
    nul = content.find(b"\0")
    _refuse_nul(nul, content.count(b"\n", 0, max(nul, 0)), name)
    if content.startswith(codecs.BOM_UTF8):
        return Found("utf-8-sig", "UTF-8 with a byte order mark")
    return Found("utf-8", "UTF-8") if _mostly_utf8(content) else _eight_bits(content, name)


def _said(content: bytes, name: str, said: str) -> Found:
    try:
        plain = said.strip().lower().replace("windows-", "cp").replace("-", "_")
        codec = codecs.lookup(_WIDER.get(plain, plain))
        if not codec._is_text_encoding:
            raise LookupError
        text = content.decode(codec.name)
    except LookupError as error:
        raise SpecError(
            f"encoding = {said!r} is not known; expected one such as utf-8, gb18030, shift_jis, windows-1251"
        ) from error
    except UnicodeError as error:
        at = getattr(error, "start", 0)
        raise ParseError(
            f"{name}: line {content.count(10, 0, at) + 1} is not in the encoding {said} (byte {at}); "
            "say another one: --encoding, or leave it out"
        ) from error
    place = text.find("\0")
    _refuse_nul(place, text.count("\n", 0, max(place, 0)), name)
    marked = codec.name == "utf-8" and content.startswith(codecs.BOM_UTF8)
    return Found("utf-8-sig" if marked else codec.name, f"{said}, as you say")


_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "sjis": "cp932", "euc_kr": "cp949"}
"""What texts that call themselves so are in: the same, with all that was added."""


def _utf16(content: bytes, name: str) -> Found:
    try:
        text = content.decode("utf-16")
    except UnicodeDecodeError as error:
        raise ParseError(
            f"{name}: byte {error.start} is no UTF-16 ({error.reason}), though the file begins as such; "
            "save it anew as CSV in UTF-8"
        ) from error
    _refuse_nul(text.find("\0"), text.count("\n", 0, max(text.find("\0"), 0)), name)
    return Found("utf-16", "UTF-16")


def _unmarked(content: bytes) -> Found | None:
    """Tell UTF-16 without its mark: every other byte of ASCII is NUL, and the text has lines and no NUL."""
    head = content[:4000]
    for codec, at in (("utf-16-le", 1), ("utf-16-be", 0)):
        if len(content) % 2 or head[at::2].count(0) * 10 < len(head) or head[1 - at :: 2].count(0):
            continue
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and "\n" in text:
            return Found(codec, "UTF-16 without a byte order mark")
    return None


def _refuse_nul(place: int, lines: int, name: str) -> None:
    if place >= 0:
        raise ParseError(
            f"{name}: line {lines + 1} holds a NUL character; expected text: this is another kind of file, a "
            "damaged one, or UTF-16 without its mark; save the table as CSV in UTF-8"
        )


def _mostly_utf8(content: bytes) -> bool:
    """Tell UTF-8, if need be with some damage, from encodings where few letters in a row look like it."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("utf-8", errors="surrogateescape")
        broken = len(re.findall("[\udc80-\udcff]", text))
        return len(re.findall("[^\0-\x7f\udc80-\udcff]", text)) >= broken
    return True


_LIKELY = {
    "gb18030": ("GB18030", "[一-鿿]"),
    "big5": ("Big5", "[一-鿿]"),
    "shift_jis": ("Shift-JIS", "[ぁ-ヿ一-鿿]"),
    "euc_kr": ("EUC-KR", "[가-힣]"),
    "cp1251": ("Windows-1251", "[А-Яа-яЁё]"),
    "koi8_r": ("KOI8-R", "[А-Яа-яЁё]"),
    "cp1250": ("Windows-1250", "[À-ž]"),
    "cp1253": ("Windows-1253", "[Ά-ώ]"),
    "cp1254": ("Windows-1254", "[À-ÿĞğİıŞş]"),
    "cp1252": ("Windows-1252", "[À-ÿ]"),
    "cp850": ("IBM 850", "[À-ÿ]"),
    "mac_roman": ("Mac Roman", "[À-ÿ]"),
}
"""Encodings that are offered -> how they are called, and the letters that texts in them have."""


def _eight_bits(content: bytes, name: str) -> Found:
    """Return Windows-1252 where all beyond ASCII stands in words as in Western languages; else ask."""
    sample = content[:SAMPLE].rpartition(b"\n")[0] or content[:SAMPLE]
    if _is_western(sample):
        return Found("cp1252", "Windows-1252, as it is no UTF-8")
    likely = _ranked(sample)
    if not likely or likely == ["cp1252"]:
        return Found("cp1252", "Windows-1252, as it is no UTF-8")
    choices = tuple(
        Choice("encoding", codec, f"{_LIKELY[codec][0]}: {_shown(sample, codec)}") for codec in likely
    )
    if _is_sure(sample, likely[0]):
        return Found(
            likely[0], f"{_LIKELY[likely[0]][0]}, told from its letters: {_shown(sample, likely[0])}"
        )
    raise AmbiguousError(
        Question(f"{name}: the text is no UTF-8; it looks like {_LIKELY[likely[0]][0]}", choices)
    )


def _is_western(sample: bytes) -> bool:
    """Tell text as Western languages write it, "Côte d’Ivoire", "3 €", where nothing speaks against."""
    text = sample.decode("cp1252", errors="surrogateescape")
    beyond = [word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
    odd = sum(not _is_word(word) for word in beyond)
    return odd * 4 <= len(beyond) and not _AGAINST.search(text)


_USUAL = frozenset("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿŒœŠšŽžŸðÐþÞªºµ½¼¾²³¹")

_AGAINST = re.compile(
    r"[\x80-\x9fþðÞÐÝý]|[¡-¿×÷]{2}"  # Turkish, as Windows-1252 shows it; Icelandic is asked about
    r"|[A-Za-zÀ-ÿ][^\x00-\x7fÀ-ÖØ-öø-ÿŒœŠšŽžŸ’‘·–—ªº°µ\xa0…”“][a-zà-ÿ]"  # a sign within a word: Polish, DOS
    r"|[‚ƒˆ†‡‹][^\W\d_]|[™¨¬¯´¸¹³¥][a-zà-ÿ]|[¢¤¦¶¸¼¾»×÷][A-Za-z]|[¹³¥¿][A-Za-z]*[ \x22]*[,;\t]"
    r"|£(?!(?:m|mn|bn|million|billion)\b)[a-z]"
    r"|ì[a-z]|\bÈ[a-zà-ÿ]|\bè[a-z]|ò[a-z]|ï[,;\t ]|œ(?!u)|\b[ìòùø][a-z]|æ[\s,;]|º[a-z]|õ(?!e)|û[rzn]\b"
)
"""What no Western language has, but Windows-1252 makes of Czech, Polish, Hungarian, Romanian, Turkish."""


def _is_word(word: str) -> bool:
    """Tell a word of Western languages: most of its letters are ASCII, capitals stand before small ones."""
    beyond = sum(not letter.isascii() for letter in word)
    if not all(letter.isascii() or letter in _USUAL for letter in word):
        return False
    usual = word.isupper() or word[1:].islower() or len(word) == 1
    return usual and (beyond * 2 <= len(word) or len(word) == 1)


def _is_sure(sample: bytes, codec: str) -> bool:
    """Tell whether a text can be nothing else: enough letters, and those that its language writes most."""
    text = sample.decode(codec)
    beyond = re.findall(r"[^\W\d_a-zA-Z]", text)
    if codec in _COMMON:
        return len(beyond) >= _ENOUGH and _likeness(text, codec) >= _OFTEN
    if codec not in ("cp1251", "koi8_r"):
        return False
    small = sum(letter.islower() for letter in beyond) / max(len(beyond), 1)
    often, other = _often(text), _often(sample.decode("koi8_r" if codec == "cp1251" else "cp1251", "replace"))
    sure = often >= 0.5 and often > other + 0.15 and small > 0.6
    return sure and len(beyond) >= 20 and len({*beyond}) >= 8 and _likeness(text, codec) == 1


def _often(text: str) -> float:
    """Return how many of the Cyrillic letters are among the ten that Russian writes most."""
    letters = re.findall("[А-Яа-яЁё]", text)
    return sum(letter in "оеаинтсрвлОЕАИНТСРВЛ" for letter in letters) / max(len(letters), 1)


_ENOUGH, _OFTEN = 12, 0.8
"""Characters that tell Chinese, Japanese and Korean, and how many of them, twice, must be common ones."""


def _ranked(sample: bytes) -> list[str]:
    """Return the encodings that all bytes are in and whose letters the text has, the likely first."""
    scores = {}
    for codec, (_, letters) in _LIKELY.items():
        try:
            text = sample.decode(codec)
        except UnicodeDecodeError:
            continue
        beyond = re.findall(r"[^\0-\x7f]", text)
        fits = len(re.findall(letters, text))
        if fits * 2 >= len(beyond):
            scores[codec] = fits / len(beyond) + _likeness(text, codec)
    return sorted(scores, key=lambda codec: -scores[codec])[:4]


def _likeness(text: str, codec: str) -> float:
    """Return how much a text reads like its language: common characters, small letters behind capitals."""
    common = _COMMON.get(codec)
    if common:
        beyond = re.findall(r"[^\0-\x7f]", text)
        return 2 * sum(letter in common for letter in beyond) / len(beyond)
    words = [word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
    whole = [word for word in words if len(word) == 1 or word[1:].islower() or word.isupper()]
    mixed = [word for word in words if any(c.isascii() for c in word)]
    foreign = codec in ("cp1251", "koi8_r", "cp1253")
    fit = len(whole) / len(words) if words else 0.0
    return fit - (len(mixed) / len(words) if words and foreign else 0.0)


_CHINESE = frozenset(
    "的年月日地区省市国中人民共和单位万亿元数据来源注统计局收入总值全指标比例增长北京上海天津重庆河南山西东江浙福建广湖四川贵云"
    "陕甘青海内蒙古新疆宁夏黑龙吉林辽安徽香港澳门台湾美英法德俄日本韩印度巴加拿大合亚洲欧非哈萨克斯坦算力份额时间名称代码值其他"
)
_COMMON: dict[str, frozenset[str]] = {
    "gb18030": _CHINESE,
    "big5": frozenset(
        "的年月日地區省市國中人民共和單位萬億元數據來源註統計局收入總值全指標比例增長北京上海臺灣美英法德日本韓印度加大合計"
    ),
    "shift_jis": frozenset(
        "のをにはがとでもアイウエオカキクケコサシスセソタチツテトナニノハヒフヘホマミムメモヤユヨラリルレロワンー地域統計名表番号電力調査注年値産業合県都府道市区町村年月日本人口総数計単位万円国大東京北海阪神奈川"
    ),
    "euc_kr": frozenset("의이가을를은는에국한대시도년월일인구합계지역단위명전서울부산광주기경북남충강원제주"),
}
"""Characters that tables in these languages are full of."""


def _shown(sample: bytes, codec: str) -> str:
    """Return the first words beyond ASCII, as the encoding has them."""
    words = re.findall(
        r"[^\s,;|\"\d]*[^\0-\x7f\s,;|\"\d][^\s,;|\"\d]*", sample.decode(codec, errors="replace")
    )
    return ", ".join(dict.fromkeys(word[:12] for word in words[:4]))
