"""Currencies as tables write them: codes, words and signs; one list for all that looks for money."""

from __future__ import annotations

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
