"""What columns are usually called: in English and other languages, and in the files of offices."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from geotrack.language.text import slug


def key_of(name: str) -> str:
    """Return the name of a column as NAMES has it: case, accents, spaces and hyphens do not matter."""
    small = name.strip().lower()
    if not small.isascii():
        small = "".join(c for c in unicodedata.normalize("NFKD", small) if not "\u0300" <= c <= "\u036f")
    return re.sub(r"[\s.-]+", "_", small)


_CODES = (
    "iso_a3 iso3 iso3c iso_3166_2 iso3166_2 iso iso3_code alpha_3 alpha3 iso_alpha_3 iso_code country_iso3 "
    "countryiso3code reporteriso reporter_iso country_code countrycode country_id countryregionid ref_area "
    "geo"
)
_NUMBERS = "m49 m49_code un_m49 iso_n3 iso_numeric iso_numeric_code"
_SHORT_CODES = f"iso_a2 iso2 iso2c iso2_code alpha_2 alpha2 iso_alpha_2 country_iso2 {_NUMBERS}"
_COUNTRIES = """
country country_name countryname country_value countryregionname countries country_or_area reporter
reporterdesc reporter_name reference_area geoname geo_name
land länder staat staaten país países pays paese paesi kraj państwo страна страны 国家 国家名称
国家/地区 国家和地区 国別 국가 ülke negara nước maa země lieu
"""
_REGIONS = """
state province bundesland provincia provincias departamento estado geography geo_(labels) area location
territory region regions regionen gebiet región regiones région régions regione regioni região regiões
регион регионы территория 地区 省份 省 省市 省级行政区 地域 都道府県 지역 code name region_name label entity
"""

_WORDS = {
    "region": f"{_CODES} {_COUNTRIES} {_REGIONS} {_SHORT_CODES}",
    "period": "period time_period date month quarter half year time when day periode période período periodo "
    "periodi zeitraum zeit datum fecha data дата период 时间 日期 期间 時間 기간",
    "start": "start start_date startdate date_start start_time period_start start_of_period start_day "
    "start_month start_year from from_date date_from valid_from begin begin_date beginn anfang von début "
    "date_début date_de_début inicio "
    "fecha_inicio fecha_de_inicio desde início data_início inizio data_inizio 开始 "
    "开始日期 起始日期 開始 開始日",
    "end": "end end_date enddate date_end end_time period_end end_of_period end_day end_month end_year to "
    "to_date date_to valid_to until ende bis fin date_fin date_de_fin fecha_fin fecha_de_fin hasta fim "
    "data_fim fine data_fine 结束 结束日期 終了 終了日",
    "value": "value obs_value primaryvalue share percent amount hashrate revenue wert werte "
    "anteil betrag umsatz valor valeur valore waarde wartość värde verdi værdi arvo hodnota значение доля "
    "выручка 数值 值 数据 份额 占比 収入 값",
    "metric": "metric indicator indicator_value variable series_name indicator_name measure series indikator "
    "indicador "
    "indicateur indicatore показатель 指标 指標",
    "unit": "unit units unit_measure unit_of_measure units_of_measure unit_of_measurement "
    "units_of_measurement uom measurement_unit unit_name einheit maßeinheit einheiten unidad "
    "unidad_de_medida unidades unité unité_de_mesure unità unità_di_misura unidade unidade_de_medida "
    "единица единица_измерения 单位 计量单位 単位",
    "status": "status obs_status obs_flag flag flags observation_status",
    "note": "note notes comment remark bemerkung anmerkung nota notas remarque примечание 备注 注释",
}

NAMES = {kind: tuple(dict.fromkeys(map(key_of, words.split()))) for kind, words in _WORDS.items()}
"""The names that columns usually have, as `key_of` writes them; the first that occurs wins.

Codes of three letters come before names, what names countries before what may name wider or narrower
regions; then "code" and "name", of whatever; last are codes that are easily mistaken.
"""

NUMBERS = frozenset(_NUMBERS.split())
"""The same of columns of numbers of countries, whose zeros spreadsheets lose."""

_METRICS = "share percent amount hashrate revenue anteil betrag umsatz доля выручка 份额 占比 収入"
METRICS = frozenset(map(key_of, _METRICS.split()))
"""Names of columns of figures that say of what: another column of figures is none beside it, but a second."""

_CURRENCIES = (
    "currency currency_code currencycode currency_unit ccy währung devise monnaie moneda divisa moeda valuta "
    "валюта 货币 币种 通貨"
)
CURRENCY = tuple(map(key_of, _CURRENCIES.split()))
"""The same of columns of currencies, which are no part of a mapping: they may be units."""


def keys_of(column: str) -> tuple[str, ...]:
    """Return what a column may be called: its name, and the name without what stands in brackets behind."""
    bare = re.sub(r"\s*[(\[（][^()\[\]]*[)\]）]\s*$", "", column)
    return tuple(dict.fromkeys((key_of(column), *([key_of(bare)] if bare.strip() else []))))


def called(kind: str, columns: Iterable[str]) -> Iterator[str]:
    """Yield the columns that are called as such ones are, the usual first."""
    places: dict[str, str] = {}
    for column in reversed(list(columns)):
        places |= dict.fromkeys(reversed(keys_of(column)) if kind == "value" else [key_of(column)], column)
    known = CURRENCY if kind == "currency" else NAMES[kind]
    yield from dict.fromkeys(places[name] for name in known if name in places)


def short_name(column: str) -> str:
    """Return a metric's name from a header, "" if it holds no letter: "Anteil (%)" is "anteil"."""
    name = slug(re.sub(r"\(.*?\)|\[.*?\]", "", column))
    return name if re.search("[a-z]", name) else ""  # a column called 2 names nothing
