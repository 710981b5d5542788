"""Currencies as tables write them: codes, words and signs; one list for all that looks for money."""

from __future__ import annotations

import re

_ISO = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD "
    "HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR "
    "LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN "
    "PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS "
    "TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)
_OTHERS = "RMB BTC ETH SDR"
WORDS = frozenset({"ALL", "TOP", "CUP", "SOS"})
"""Codes that are English words in capitals: "(ALL)" says all, "ALL million" leks of Albania."""

CODES = frozenset(f"{_ISO} {_OTHERS}".split())
"""Codes of currencies in use (ISO 4217), and what is written like one; capitals only: "try" is a word."""

PLAIN_CODES = "|".join(sorted(CODES - WORDS))
"""A pattern of the codes that are money wherever they stand alone; to be looked for in capitals only."""

DOUBTFUL_CODES = "|".join(sorted(WORDS))

SIGNS = "$€£¥₹₽₩₺₴₪₫₱฿"
"""Signs of one letter."""

DOLLARS = r"(?:US|CA|AU|HK|NT|NZ|R|A|C|S)\$"
"""Signs of several letters; the yuan's and those of small letters are words of the room's parts."""

NAMES = (
    r"(?:U\.?S\.?[- ]|international )?dollars?|LCU|dólares|dollari|euros?|yuan|renminbi|rupees?|yen"
    r"|pounds?|francs?|franken|pesos?|reais|руб|рублей|долл|долларов|zł|kr|Kč|Rs|lei|Ft"
)
EASTERN = "人民币|人民幣|美元|欧元|歐元|日元|日圓|元|円|원|달러"

_SEVERAL = {
    "dollar": "USD AUD BBD BMD BND BSD BZD CAD FJD HKD JMD LRD NAD NZD SGD TTD TWD XCD",
    "pound": "GBP EGP FKP GIP LBP SDG SHP SSP SYP",
    "yen": "JPY CNY",
    "rupee": "INR IDR LKR MUR NPR PKR SCR",
    "krone": "SEK NOK DKK ISK",
    "won": "KRW KPW",
    "leu": "RON MDL",
    "yuan": "CNY TWD HKD",
}
"""Which codes a word or a sign may stand for, where it may stand for several."""

_WRITTEN = (
    (r"(?:US|U\.S\.?|international |int'?l\.? )[ -]?(?:\$|dollars?)|美元|долл", "USD"),
    (r"C(?:A|AN)?\$", "CAD"), (r"AU?\$", "AUD"), (r"HK\$", "HKD"), (r"NT\$", "TWD"), (r"NZ\$", "NZD"),
    (r"R\$", "BRL"), (r"S\$", "SGD"), (r"CN¥|yuan|renminbi|人民[币幣]|RMB", "CNY"),
    (r"\$|dollars?|dólares|dollari|달러", "dollar"), (r"€|euros?|欧元|歐元", "EUR"), (r"£|pounds?", "pound"),
    (r"yen|日元|日圓|円", "JPY"), (r"¥", "yen"), (r"元", "yuan"), (r"₹|rupees?|Rs", "rupee"),
    (r"₽|руб(?:лей)?", "RUB"), (r"₩|원", "won"), (r"₺", "TRY"), (r"₴", "UAH"), (r"₪", "ILS"),
    (r"kr", "krone"), (r"zł", "PLN"), (r"Kč", "CZK"), (r"Ft", "HUF"), (r"lei", "leu"),
)  # fmt: skip
_ANY = re.compile(
    rf"(?<![^\W_])(?P<code>(?-i:{PLAIN_CODES}))(?![^\W\d_]{{2}})"
    + "".join(
        rf"|(?P<w{n}>{'(?<![A-Za-z])' if re.match('[a-zA-Z(]', words) else ''}(?:{words})"
        rf"{'(?![a-zA-Zé])' if re.search('[a-zč?]$', words) else ''})"
        for n, (words, _) in enumerate(_WRITTEN)
    ),
    re.IGNORECASE,
)


def currencies_in(text: str) -> frozenset[str]:
    """Return the codes of the currencies that a unit may name: of "US$" one, of "$" those of all dollars."""
    found: set[str] = set()
    for each in _ANY.finditer(text):
        code = each["code"] or next(code for n, (_, code) in enumerate(_WRITTEN) if each[f"w{n}"])
        found.update(_SEVERAL.get(code, {"RMB": "CNY"}.get(code, code)).split())
    return frozenset(found)
