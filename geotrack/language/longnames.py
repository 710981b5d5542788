"""Names of countries in full, as statistical offices write them, which CLDR lacks: ロシア連邦, 大韓民国.

Those of UNTERM, the United Nations' list of its members in their languages, and of the foreign ministries of
Japan and Korea; and short ones that are older than CLDR's. Most are a short name with a form of state behind.
"""

from __future__ import annotations

from collections.abc import Iterator

FORMS = {
    "ja": "共和国 連邦 王国 連邦共和国 社会主義共和国 民主社会主義共和国 人民民主共和国"
    " 民主人民共和国 連邦民主共和国 連合共和国 イスラム共和国 ・イスラム共和国 東方共和国 協同共和国"
    " ・ボリバル共和国 多民族国 独立国 国 公国 大公国",
    "zh": "共和国 联邦 王国 联邦共和国 社会主义共和国 伊斯兰共和国 人民民主共和国 联合共和国 国 公国"
    " 大公国 共和國 聯邦 聯邦共和國 社會主義共和國 王國",
    "ko": "공화국 연방 왕국 연방공화국 사회주의공화국 이슬람공화국 공국 대공국",
}
"""Forms of states that stand behind a name, by language; they make no other country of it."""

NAMES = {
    "ja": "CN 中華人民共和国|KR 大韓民国|KP 朝鮮民主主義人民共和国"
    "|GB グレートブリテン及び北アイルランド連合王国|GB グレートブリテンおよび北アイルランド連合王国"
    "|GB 英国|GB 連合王国|US 米国|CD コンゴ民主共和国|CG コンゴ共和国|DE 独国|FR 仏国|VA バチカン市国"
    "|ZA 南アフリカ共和国|EG エジプト・アラブ共和国|SY シリア・アラブ共和国|TL 東ティモール民主共和国"
    "|VN ベトナム",
    "zh": "CN 中华人民共和国|KR 大韩民国|KP 朝鲜民主主义人民共和国|GB 大不列颠及北爱尔兰联合王国"
    "|US 美利坚合众国|DE 德意志联邦共和国|FR 法兰西共和国|CN 中華人民共和國|KR 大韓民國"
    "|GB 大不列顛及北愛爾蘭聯合王國|US 美利堅合眾國|CD 刚果民主共和国|CG 刚果共和国|EG 阿拉伯埃及共和国"
    "|SY 阿拉伯叙利亚共和国",
    "ko": "CN 중화인민공화국|KP 조선민주주의인민공화국|GB 그레이트브리튼 및 북아일랜드 연합왕국"
    "|US 미합중국|US 미국|DE 독일연방공화국",
    "de": "RU Russische Föderation|CN Volksrepublik China|KR Republik Korea"
    "|US Vereinigte Staaten von Amerika|GB Vereinigtes Königreich Großbritannien und Nordirland"
    "|GB Großbritannien|GB Grossbritannien|BY Weißrussland|BY Weissrussland|IR Islamische Republik Iran"
    "|DE Bundesrepublik Deutschland|CZ Tschechische Republik|SK Slowakische Republik|MD Republik Moldau"
    "|KP Demokratische Volksrepublik Korea|FR Französische Republik",
    "fr": "RU Fédération de Russie|CN République populaire de Chine|KR République de Corée"
    "|US États-Unis d'Amérique|GB Royaume-Uni de Grande-Bretagne et d'Irlande du Nord"
    "|GB Grande-Bretagne|IR République islamique d'Iran|DE République fédérale d'Allemagne"
    "|CZ République tchèque|SK République slovaque|MD République de Moldova"
    "|KP République populaire démocratique de Corée|SY République arabe syrienne"
    "|TZ République-Unie de Tanzanie|FR République française",
    "es": "RU Federación de Rusia|CN República Popular China|KR República de Corea"
    "|US Estados Unidos de América|GB Reino Unido de Gran Bretaña e Irlanda del Norte|GB Gran Bretaña"
    "|IR República Islámica del Irán|DE República Federal de Alemania|CZ República Checa"
    "|MD República de Moldova|SY República Árabe Siria|KP República Popular Democrática de Corea"
    "|TZ República Unida de Tanzania",
    "ru": "RU Российская Федерация|CN Китайская Народная Республика|KR Республика Корея|US США"
    "|US Соединённые Штаты Америки|GB Соединённое Королевство|GB Великобритания"
    "|DE Федеративная Республика Германия|KP Корейская Народно-Демократическая Республика|BY Белоруссия"
    "|CZ Чешская Республика|MD Молдова",
    "it": "RU Federazione russa|CN Repubblica popolare cinese|KR Repubblica di Corea"
    "|US Stati Uniti d'America|GB Gran Bretagna|CZ Repubblica Ceca",
    "pt": "RU Federação Russa|CN República Popular da China|KR República da Coreia"
    "|US Estados Unidos da América|GB Grã-Bretanha|GB Reino Unido da Grã-Bretanha e Irlanda do Norte"
    "|CZ República Tcheca|CZ República Checa",
}
"""Names that no form of state makes, by language: alpha-2 code and name."""


def names() -> Iterator[tuple[str, str, str]]:
    """Yield language, alpha-2 code and name."""
    for lang, listed in NAMES.items():
        yield from ((lang, each[:2], each[3:]) for each in listed.split("|"))


def with_forms(lang: str, name: str) -> Iterator[str]:
    """Yield a country's name with each form of state behind it."""
    space = ("", " ") if lang == "ko" else ("",)
    yield from (f"{name}{between}{form}" for form in FORMS.get(lang, "").split() for between in space)
