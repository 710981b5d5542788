"""Words that tell a rate, by language: what is averaged over time, and has no sum over regions."""

from __future__ import annotations

import re

ENGLISH = {
    "share", "percent", "percentage", "rate", "ratio", "price", "tariff", "wage", "salary", "expectancy",
    "density", "intensity", "efficiency", "temperature", "index", "factor", "inflation", "mean", "median",
    "average", "probability", "score", "prevalence", "incidence", "pay", "age", "lifespan",
    "minimum", "maximum", "grade", "rating", "rank", "ranking", "speed", "elevation", "altitude", "humidity",
    "multiple", "yield", "elasticity", "likelihood", "odds", "quantile", "percentile", "gini", "growth",
    "literacy", "cpi", "hicp", "ppi", "hdi", "pmi", "tfr", "proportion", "indices", "avg", "hourly", "ph",
    "fertility", "latency",
}  # fmt: skip
"""Words of English, each told in the plural too."""

_COUNTS = re.compile(
    r"\bbusiness rates?\b|\brates (?:revenue|income|paid|collected|receipts)\b"
    r"|\bshares? (?:capital|outstanding|issued|traded|sold)\b|\b(?:number|volume|sale)s? of shares\b"
    r"|\bgrand prix\b"
    r"|\bmoyen[ -]orient\b|\bmedio (?:ambiente|oriente)\b|\bnobelpreis\w*|\baverage daily (?:volume"
    r"|traffic)\b"
    r"|法律|功率"
)
"""Words of rates within names of amounts, taxes, places, which tell nothing."""

_LANGUAGES = {
    "de": r"\bquoten?\b|\w{3,}quoten?\b|\w+(?:en|s)raten?\b|\bsterberaten?\b|\bratio\b|\w*index\b"
    r"|\w*indizes\b"
    r"|\w*durchschnitt\w*|\w*mittelwerte?\b|\bmittlere[rsn]?\b|\bmedian\w*|\w*wachstum\b"
    r"|\w*preise?[ns]?\b|\w*dichte\b"
    r"|\w*anteile?n?\b|\bprozent\w*|\w*lebenserwartung\b|\w*verhältnis\b|\bhektarertr[aä]g\w*"
    r"|\w*temperatur(?:en)?\b"
    r"|\bvpi\b",
    "fr": r"\btaux\b|\bindices?\b|\bmoyen(?:nes?)?\b|\bmédiane?s?\b|\bcroissance\b|\bprix\b|\bdensités?\b"
    r"|\bparts? (?:du|de|des|d['’]\w+)\b|\bproportion\b|\bpourcentages?\b|\bespérance de vie\b"
    r"|\brendements?\b"
    r"|\btempératures?\b|\bipc\b",
    "es": r"\btasas?\b|\bíndices?\b|\bpromedios?\b|\bmedian[ao]s?\b|\bcrecimiento\b|\bprecios?\b"
    r"|\bdensidad(?:es)?\b"
    r"|\bporcentajes?\b|\bproporción\b|\bcuotas? de\b|\besperanza de vida\b|\brazón de\b|\brendimientos?\b"
    r"|\btemperaturas?\b|\b(?:edad|renta|esperanza|estatura|temperatura|altura) media\b|\bsalario medio\b",
    "it": r"\btass[oi]\b|\bindic[ei]\b|\bmedian[ae]\b|\bcrescita\b|\bprezz[oi]\b|\bdensità\b"
    r"|\bquot[ae] d\w+"
    r"|\bpercentual[ei]\b|\b(?:speranza|aspettativa) di vita\b|\brapporto tra\b|\brendiment[oi] (?:per"
    r"|medi\w+)\b"
    r"|\btemperature?\b|\b(?:età|altezza|spesa|retribuzione|durata) media\b|\b(?:reddito|valore|salario"
    r"|prezzo) medio\b",
    "pt": r"\btaxa\b|\btaxas de\b|\bíndices?\b|\bmédi[ao]s?\b|\bmedian[ao]s?\b|\bcrescimento\b|\bpreços?\b"
    r"|\bdensidades?\b|\bpercentagem\b|\bporcentagem\b|\bproporção\b|\bquota de\b|\bcota de\b"
    r"|\b(?:esperança|expectativa) de vida\b|\bprodutividade\b|\btemperaturas?\b",
    "nl": r"\w*percentages?\b|\b(?:sterfte|geboorte|vruchtbaarheids|werkloosheids|inflatie)cijfers?\b"
    r"|\w{7,}graad\b"
    r"|\bgemiddelde?n?\b|\bmediaan\b|\w*groei\b|\w*prij(?:s|zen)\b|\w*dichtheid\b|\w*aandeel\b"
    r"|\blevensverwachting\b"
    r"|\bverhouding\b|\btemperatu(?:ur|ren)\b",
    "pl": r"\bstop[ay]\b|\bwskaźniki?\b|\bindeks\w*|\bśredni\w*|\bprzeciętn\w+|\bmediana\b|\bwzrost\b"
    r"|\bcen[ay]\b"
    r"|\bgęstość\b|\budziały?\b|\bodset\w+|\bprocent\b|\bdługość życia\b|\btrwanie życia\b|\bstosunek\b"
    r"|\bplony\b"
    r"|\btemperatur[ay]?\b",
    "ru": r"\bуров(?:ень|ни)\b|\bкоэффициент\w*|\bиндекс\w*|\bсредне(?:душев|месячн|годов|взвешен)\w+"
    r"|\bсредн(?:яя|ее|ий|ие)\b(?! (?:образован|школ|предприят|бизнес|специальн|профессион|урал))"
    r"|\bмедиан\w*"
    r"|\b(?:темпы?|прирост|рост)\b|\bцен[аы]?\b|\bплотность\b|\bдол[яи]\b|\bпроцент\w*"
    r"|\bпродолжительность жизни\b"
    r"|\bсоотношение\b|\bурожайность\b|\bтемператур\w*|\bставк[аи]\b",
    "tr": r"\boranı\b|\boranları\b|\bendeks\w*|\bortalama\w*|\bmedyan\b|\bbüyüme(?:si|hızı)?\b"
    r"|\bfiyat\w*|\byoğunlu[kğ]u?\b"
    r"|\bpayı\b|\byüzde(?:si)?\b|\byaşam süresi\b|\bverimi?\b|\bsıcaklı[kğ]ı?\b|\bhızı\b",
    "zh": "率|[价價]格|[电電气氣油煤单單均房物币幣][价價]|寿命|壽命|密度|[强強]度|占比"
    "|份[额額]|比[例重]|百分比|[温溫]|指[数數]"
    "|平均|中位[数數]|增[长長](?![额額量])|增速|[单單][产產]",
    "ja": "価格|物価|単価|割合|中央値|シェア|成長率",
    "ko": r"(?<!법)(?<!자)(?<!규)(?:률|율)(?![가-힣])|지수|평균"
    r"|중앙값|성장|가격|물가|밀도|비중|기대수명|기온|온도",
}
"""Words and ends of words; where a language joins its words, what stands before them counts for nothing."""

_RATES = re.compile("|".join(f"(?:{words})" for words in _LANGUAGES.values()))

_HEADS = (
    r"(?:kopf|einwohner\w*|person\w*|haushalt\w*|tête|habitants?|ménages?|élèves?|cápita|capita"
    r"|hogar(?:es)?|abitant[ei]"
    r"|famiglia|pessoas?|domicílio|trabajador|travailleur|beschäftigte\w*|erwerbstätige\w*|km[²2]?|ha"
    r"|\d[\d., ]*)"
)
_EACH = re.compile(
    rf"\b(?:pro|je|par|por|per) {_HEADS}(?!\w)|\bper (?:inwoner|hoofd|persoon|huishouden)\b|\bpro capite\b"
    r"|\bна (?:душу|человека|жителя|1 ?000|100 ?000|10 ?000)|\bna (?:mieszkańca|osobę|głowę|1000|100 tys)"
    r"|\bkişi ?(?:başı|başına)|[一1１]人[当當]|[人户戶]均|每[人户戶台吨噸]|1인당|인당(?![가-힣])"
)
"""What tells a rate whatever its unit: the product of a head is euros, and has no sum over regions."""


def tells_rate(name: str) -> bool:
    """Tell a name that has a word for a rate.

    Parameters
    ----------
    name : in small letters, its words parted by spaces.
    """
    name = _COUNTS.sub(" ", name)
    words = {*re.findall(r"[^\W\d_]+", name)} - {"pays"}  # countries, in French
    return bool({*words, *(word.removesuffix("s") for word in words)} & ENGLISH) or bool(_RATES.search(name))


def tells_each(name: str) -> bool:
    """Tell a name that says of what head, household, area each figure is; as `tells_rate`."""
    return _EACH.search(name) is not None
