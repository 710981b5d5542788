"""What a column's name says its labels are, where that is no country: a province, a town, a currency."""

from __future__ import annotations

import re
from collections.abc import Iterable

from geotrack.language.text import name_key
from geotrack.usertables.words.names import CURRENCY, NAMES, key_of, keys_of

PART, THING = "parts of a country", "another kind of thing"
"""Kinds of things: what lies within a country, and what is no place that has a shape here."""

_STATES = """
state states st sts usps jurisdiction jurisdictions
statecode stateabbr statename usstate usstates bundesstaat estado estados etat etats stato admin1
postal postalcode stusab 州 штат
"""
"""Words that say states of a country, and states of the world as well: "State" above Germany and France."""

_PARTS = """
province provinces prov dept provincecode provincename
county counties municipality municipalities city cities town
towns
village villages district districts borough boroughs parish parishes prefecture prefectures oblast oblasts
voivodeship voivodeships canton cantons commune communes governorate governorates emirate emirates ward wards
constituency constituencies subdivision subdivisions postcode zip zipcode neighborhood neighbourhood suburb
bundesland bundesländer kanton kantone gemeinde gemeinden stadt städte landkreis landkreise kreis kreise
bezirk
bezirke regierungsbezirk regierungsbezirke ort orte ortschaft plz postleitzahl landesteil
département départements ville villes arrondissement arrondissements préfecture commune
provincia provincias municipio municipios ciudad ciudades departamento departamentos comarca distrito
distritos
uf cidade cidades município municípios freguesia concelho província províncias
comune comuni città cantone cantoni
provincie provincies gemeente gemeenten stad steden
województwo województwa powiat gmina miasto miasta okres obec město
область области район районы город города округ муниципалитет провинция провинции кантон місто
län kommun kommuner fylke fylker kommune kommuner maakunta kunta kaupunki megye város județ oraș
il ilçe şehir provinsi kota kabupaten tỉnh νομός δήμος πόλη محافظة مدينة
시도 도시 시군구
"""

_THINGS = """
language languages lang locale currencies ticker tickers symbol symbols isin stock company companies
station stations port ports harbour harbor airport airports iata icao airline airlines domain tld river
sprache sprachen währungen flughafen flughäfen hafen häfen bahnhof firma unternehmen
langue langues devises aéroport aéroports gare entreprise
idioma idiomas lengua aeropuerto puerto empresa língua aeroporto lingua azienda
taal luchthaven język waluta jazyk měna язык аэропорт порт станция компания
språk sprog kieli nyelv limba dil γλώσσα لغة عملة 언어 통화
"""

_CHINESE = {
    PART: ("省", "省份", "省市", "市", "县", "縣", "県", "自治区", "都道府県", "市町村", "市区町村"),
    THING: ("语言", "語言", "言語", "语种", "货币", "貨幣", "通貨", "币种", "股票", "股票代码",
            "机场", "港口", "车站", "公司"),
}  # fmt: skip
"""What names in Chinese and Japanese end with: words are not parted there."""

_LISTS = {
    "of the German Länder": "BW BY BE BB HB HH HE MV NI NW RP SL SN ST SH TH",
    "of the states of Brazil": (
        "AC AL AP AM BA CE DF ES GO MA MT MS MG PA PB PR PE PI RJ RN RS RO RR SC SP SE TO"
    ),
    "of the cantons of Switzerland": (
        "AG AI AR BE BL BS FR GE GL GR JU LU NE NW OW SG SH SO SZ TG TI UR VD VS ZG ZH"
    ),
    "of the states of India": (
        "AP AR AS BR CG CH CT DD DL DN GA GJ HP HR JH JK KA KL LA LD MH ML MN MP MZ NL OD OR PB PY RJ SK"
        " TG TN TR TS UK UP UT WB"
    ),
    "of the states of Australia": "NSW QLD SA TAS VIC WA ACT NT",
}
"""Codes of parts of countries that are no level here, and codes of countries in part."""

_FEW = 3
_MANY = 5
_ALL_STATES = 4
"""So many labels that all are codes of one list are taken for its: fewer where the name says states, or the
list is that of a level, of whose codes one in ten is a country's."""


def _keys(text: str) -> frozenset[str]:
    return frozenset(map(name_key, text.split()))


_WORDS = {PART: _keys(_PARTS), THING: _keys(_THINGS) | _keys(" ".join(CURRENCY))}
_OF_STATES = _keys(_STATES)
_OF_COUNTRIES = frozenset(NAMES["region"][: NAMES["region"].index("state")])
_GERMAN = frozenset({"land", "lander", "staat", "staaten"})
"""Words that say countries in German, and states of Germany or Austria as well."""


def kind_of(column: str) -> str:
    """Return PART or THING where a column's name says so beyond doubt, else ""."""
    words = _words(column)
    if says_countries(column):
        return ""
    for kind, known in _WORDS.items():
        if known & words or column.strip().endswith(_CHINESE[kind]):
            return kind
    return ""


def says_states(column: str) -> bool:
    """Tell whether a column's name says states or other parts of a country, or states of the world."""
    return bool(_OF_STATES & _words(column)) or kind_of(column) == PART


def is_called_part(column: str) -> bool:
    """Tell a column whose whole name is a word for parts of a country, or its states."""
    names = {*map(name_key, keys_of(column))}
    return bool(names & (_WORDS[PART] | {"state", "states"})) or column.strip() in _CHINESE[PART]


def says_countries(column: str) -> bool:
    """Tell whether a column's name says countries, whatever else: "Country", "Country/City"; not "Land"."""
    parts = {key_of(column), *map(key_of, re.split(r"[\W_]+", column))}
    return bool(parts & _OF_COUNTRIES - _GERMAN) or key_of(column).startswith(("iso", "alpha"))


def codes_of(labels: Iterable[str], column: str) -> str:
    """Return whose codes all labels are, of the parts of a country that is no level here; "" if nobody's.

    Parameters
    ----------
    column : its name: one that says countries leaves no doubt, one that says states needs few labels.
    """
    codes = {label.strip() for label in labels}
    least = _FEW if says_states(column) or key_of(column) in _GERMAN else _MANY
    if len(codes) < least or says_countries(column):
        return ""
    return next((whose for whose, known in _LISTS.items() if codes <= {*known.split()}), "")


def enough(labels: Iterable[str], column: str) -> bool:
    """Tell whether labels that all are codes of a level's regions may be meant so, whatever the name says."""
    codes = {label.strip() for label in labels}
    coded = all(re.fullmatch("[A-Z]{2}", code) for code in codes)
    return coded and len(codes) >= _ALL_STATES and not says_countries(column)


def _words(column: str) -> frozenset[str]:
    """Return a name's words and itself, as `name_key` writes them: "StateCode" has two words."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column)
    return frozenset(name_key(word) for word in [column, *re.split(r"[\W_]+", parted)] if word)
