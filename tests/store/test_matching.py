"""Labels of people's tables become regions: every language and list, and no label that is none."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from babel import Locale
from babel.localedata import locale_identifiers
from hypothesis import given
from hypothesis import strategies as st

from geotrack.errors import RegionError
from geotrack.language import territories
from geotrack.store.matching import Match, Matched, UnmatchedError, harmonise, match
from geotrack.store.regions import Regions

REFERENCE = Path(__file__).parents[2] / "data" / "reference"
REGIONS = Regions.read(REFERENCE)

ALONE = {  # what a table of one row has: labels -> code
    "Deutschland|Niemcy|Duitsland|Германия|德国|ドイツ|독일|ألمانيا|Almanya": "DEU",
    "Tyskland|Saksa|Německo|Németország|Vācija|Nemčija|Tyskland|Saksamaa|Vokietija|Duitsland|Njemačka": "DEU",
    "Alemania|Allemagne|Germania|Alemanha|Γερμανία|Німеччина|Njemačka|גרמניה|جرمنی|जर्मनी|জার্মানি|เยอรมนี": "DEU",
    "España|Spanien|Spagna|Испания|西班牙|スペイン|스페인|إسبانيا": "ESP",
    "İspanya|Hiszpania|Španělsko|Spanyolország|Espanja|Španjolska|Španija|Испанија|Ισπανία|ספרד": "ESP",
    "美国|美國|Соединённые Штаты|Соединенные Штаты|США|Estados Unidos|EE. UU.|États-Unis|Stati Uniti": "USA",
    "Vereinigte Staaten|Verenigde Staten|Stany Zjednoczone|アメリカ合衆国|미국|संयुक्त राज्य": "USA",
    "Hoa Kỳ|Yhdysvallat|Spojené státy|Egyesült Államok|Statele Unite ale Americii": "USA",
    "Österreich|Oesterreich|Østrig|Østerrike|Rakousko|Austrija|Avusturya|奥地利|Австрия|Itävalta": "AUT",
    "Griechenland|Grèce|Grecja|Řecko|Görögország|Ελλάδα|Yunanistan|Grækenland|希腊|Греция|اليونان": "GRC",
    "საქართველო|Georgien|Géorgie|Грузия|Gruzja|格鲁吉亚|Gürcistan|Грузія": "GEO",
    "ኢትዮጵያ|Äthiopien|Éthiopie|Эфиопия|Etiopía|埃塞俄比亚|Etiyopya": "ETH",
    "Հայաստան|Armenien|Arménie|Армения|亚美尼亚": "ARM",
    "Қазақстан|Kasachstan|Kazajistán|哈萨克斯坦|Kazachstan": "KAZ",
    "भारत|ভারত|இந்தியா|భారతదేశం|ഇന്ത്യ|ಭಾರತ|ભારત|ਭਾਰਤ": "IND",
    "ශ්‍රී ලංකාව|斯里兰卡": "LKA",
    "မြန်မာ|ミャンマー|Мьянма|缅甸": "MMR",
    "កម្ពុជា|Kambodscha|Cambodge": "KHM",
    "ລາວ|Лаос": "LAO",
    "Монгол|蒙古": "MNG",
    "ایران|Иран|伊朗|イラン": "IRN",
    "Ísland|IJsland|Islandia|アイスランド": "ISL",
    "Éire|Irland|Irlanda|Iirimaa|Airija": "IRL",
    "Shqipëri|Albanien|Albanië": "ALB",
    "Lietuva|Litauen|Lituanie|Leedu": "LTU",
    "Latvija|Lettland|Lettonie": "LVA",
    "Eesti|Estland|Estonie|Viro": "EST",
    "Slovenija|Slowenien|Slovénie": "SVN",
    "Беларусь": "BLR",
    "Србија|Srbija|Serbien": "SRB",
    "Северна Македонија|Nordmazedonien": "MKD",
    "Afrika Kusini|Suid-Afrika|Südafrika|Afrique du Sud": "ZAF",
    "Y Deyrnas Unedig|Regno Unito|英国|Gran Bretaña|Großbritannien": "GBR",
}

LISTS = {  # names and codes of the UN, World Bank, OECD, Eurostat, IMF, FAO, EIA, OWID, CIA; and older ones
    "Netherlands (Kingdom of the)|Netherlands, The|Holland|Netherlands (the)": "NLD",
    "China, Taiwan Province of|Taiwan Province of China|Taiwan, China|Chinese Taipei": "TWN",
    "Occupied Palestinian Territory|West Bank and Gaza|Palestinian Territory, Occupied": "PSE",
    "Somalia, Fed. Rep.|Somalia, Federal Republic of": "SOM",
    "Puerto Rico (US)": "PRI",
    "Korea DPR|Korea, Dem. People's Rep.|Dem. People's Republic of Korea|DPR Korea|Korea, North": "PRK",
    "Korea, Rep.|Republic of Korea|Korea, Republic of|Korea (Republic of)|Korea, Rep. of|Korea, South": "KOR",
    "Egypt, Arab Rep.|Egypt, Arab Rep. of": "EGY",
    "Hong Kong SAR, China|China, Hong Kong SAR|China, P.R.: Hong Kong|Hong Kong|Hong Kong (China)": "HKG",
    "China, Macao SAR|Macao SAR, China|Macau": "MAC",
    "Yemen, Rep.|Yemen, Republic of|Yemen, Rep. of": "YEM",
    "Bolivia (Plurinational State of)|Bolivia, Plurinational State of": "BOL",
    "China, mainland|China, P.R.: Mainland|People's Republic of China|China (People's Republic of)": "CHN",
    "Türkiye|Turkey|Turkiye|Türkiye, Rep of|Republic of Türkiye": "TUR",
    "Viet Nam|Vietnam": "VNM",
    "Congo, Dem. Rep.|Democratic Republic of the Congo|Congo, Democratic Republic of the": "COD",
    "Congo, Rep.|Congo, Republic of|Congo-Brazzaville|Republic of the Congo": "COG",
    "Iran (Islamic Republic of)|Iran, Islamic Rep.|Iran, Islamic Republic of": "IRN",
    "Côte d'Ivoire|Cote d'Ivoire|Ivory Coast|Cote dIvoire|CÔTE D’IVOIRE": "CIV",
    "Slovak Republic|Slovakia|Slovak Rep.": "SVK",
    "Kyrgyz Republic|Kyrgyzstan|Kyrgyz Rep.": "KGZ",
    "Lao PDR|Lao People's Democratic Republic|Lao People's Dem. Rep.|Laos": "LAO",
    "St. Lucia|Saint Lucia|St Lucia": "LCA",
    "St. Kitts and Nevis|Saint Kitts and Nevis|St Kitts and Nevis": "KNA",
    "St. Vincent and the Grenadines|Saint Vincent & the Grenadines": "VCT",
    "Micronesia, Fed. Sts.|Micronesia (Federated States of)|Micronesia, Federated States of": "FSM",
    "Gambia, The|The Gambia|Gambia (the)|Gambia (The)|Gambia (1)|Gambia¹": "GMB",
    "Bahamas, The|The Bahamas|Bahamas (the)|Bahamas": "BHS",
    "Macedonia, FYR|North Macedonia|The former Yugoslav Republic of Macedonia": "MKD",
    "Venezuela, RB|Venezuela (Bolivarian Republic of)|Venezuela, Rep. Bolivariana de": "VEN",
    "Tanzania, United Republic of|United Republic of Tanzania|Tanzania, United Rep. of": "TZA",
    "Moldova, Republic of|Republic of Moldova|Moldova, Rep. of": "MDA",
    "Poland, Rep. of|Poland, Republic of|POLAND": "POL",
    "Madagascar, Rep. of|Madagascar": "MDG",
    "Czech Republic|Czechia": "CZE",
    "Burma|Myanmar|Myanmar (Burma)|Burma/Myanmar": "MMR",
    "Swaziland|Eswatini|eSwatini|Eswatini, Kingdom of": "SWZ",
    "Cape Verde|Cabo Verde": "CPV",
    "East Timor|Timor-Leste|Timor-Leste, Dem. Rep. of": "TLS",
    "Zaire": "COD",
    "Ceylon|Sri Lanka": "LKA",
    "Kosovo*|Kosovo (under UNSCR 1244)|Kosovo, Rep. of|OWID_KOS|XKX|Kosovo": "XKX",
    "Germany (until 1990 former territory of the FRG)|Germany *|DE|DEU|deu": "DEU",
    "EL|Greece|GR": "GRC",
    "UK|GB|United Kingdom of Great Britain and Northern Ireland|U.K.": "GBR",
    "United States of America|United States (USA)|USA|US|U.S.|us|United States of America (the)": "USA",
    "U.S. Virgin Islands|Virgin Islands (U.S.)|US Virgin Islands": "VIR",
    "Aruba, Kingdom of the Netherlands": "ABW",
    "Palestine, State of": "PSE",
    "World|OWID_WRL|WLD|世界": "world",
    "Other|Sonstige": "other",
}  # fmt: skip


def rows(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(label, code) for labels, code in table.items() for label in labels.split("|")]


def test_one_label_is_known_in_forty_languages() -> None:
    pairs = rows(ALONE)
    assert [(label, harmonise([label], REGIONS, "country")[label]) for label, _ in pairs] == pairs
    langs = {m.how for label, _ in pairs for m in match([label], REGIONS).matches if "name in" in m.how}
    assert len(langs) >= 40, sorted(langs)


def test_names_of_the_official_lists_are_known() -> None:
    pairs = rows(LISTS)
    assert [(label, harmonise([label], REGIONS, "country")[label]) for label, _ in pairs] == pairs


def test_a_column_in_any_language_is_read_right_or_refused() -> None:
    codes = {region.alpha2: code for code, region in REGIONS.table.items() if region.alpha2}
    languages = sorted(lang for lang in locale_identifiers() if "_" not in lang)
    refused = set()
    for lang in [*territories.COMMON, *languages[::4], "sr_Latn", "zh_Hant", "pt_PT", "es_MX", "tzm", "mi"]:
        known = Locale.parse(lang).territories
        names = {codes[short]: name for short, name in known.items() if short in codes}
        try:
            read = harmonise(names.values(), REGIONS, "country")
        except UnmatchedError:
            refused.add(lang)
        else:
            assert [(code, name) for code, name in names.items() if read[name] != code] == [], lang
    # These have names that are another country's in English, or that only accents or a like language tell.
    assert refused <= {"tzm", "mi", "byn", "tig", "sid", "tok"}


@pytest.mark.parametrize("label", [
    "New Jersey", "Mexico City", "West Papua", "Norfolk", "Man", "England", "Scotland", "Virgin Islands",
    "Congo", "Kongo", "Korea", "America", "Texas", "Ontario", "Yugoslavia", "USSR", "Czechoslovakia", "Papua",
    "Nigera", "Toga", "Nga", "Bi", "Ao", "No.", "(sa)", "#me", "No", "Us", "In", "A", "", "-", "...", "n.a.",
    "chn.", "(us)", "4", "840x", "1.5", "Island", "Frañs", "Germany (West)", "Saint Marin", "Rep. of", "The",
    "France (metropolitan)", "Niger or Nigeria", "Guinea, Equat", "南", "Sin", "End",
])  # fmt: skip
def test_a_trap_is_refused(label: str) -> None:
    with pytest.raises(UnmatchedError) as error:
        match([label], REGIONS)
    assert [lost.label for lost in error.value.lost] == [label]


def test_countries_of_like_names_stay_apart() -> None:
    labels = {
        "Guinea": "GIN", "Equatorial Guinea": "GNQ", "Guinea-Bissau": "GNB", "Papua New Guinea": "PNG",
        "Niger": "NER", "Nigeria": "NGA", "Dominica": "DMA", "Dominican Republic": "DOM", "Georgia": "GEO",
        "South Georgia": "SGS", "Jersey": "JEY", "Ireland": "IRL", "Northern Mariana Islands": "MNP",
        "Samoa": "WSM", "American Samoa": "ASM", "Austria": "AUT", "Australia": "AUS", "Mali": "MLI",
        "Malawi": "MWI", "Sudan": "SDN", "South Sudan": "SSD", "Macao": "MAC", "Norfolk Island": "NFK",
    }  # fmt: skip
    assert harmonise(labels, REGIONS, "country") == labels


NAMES = [
    (name, region.code)
    for region in REGIONS.table.values()
    if region.level == "country"
    for name in (region.name, *region.aliases)
    if len(name) > 3
]


@given(st.sampled_from(NAMES), st.data())
def test_a_name_that_lacks_a_letter_is_no_other_country(named: tuple[str, str], data: st.DataObject) -> None:
    name, code = named
    words = name.split()
    n = data.draw(st.sampled_from([n for n, word in enumerate(words) if len(word) > 3] or [0]))
    at = data.draw(st.integers(0, len(words[n]) - 1))
    words[n] = words[n][:at] + words[n][at + 1 :]
    with contextlib.suppress(UnmatchedError):
        assert harmonise([" ".join(words)], REGIONS, "country") == {" ".join(words): code}


@given(st.text(max_size=12))
def test_what_is_read_is_a_name_code_or_alias_of_its_region(text: str) -> None:
    try:
        [found] = match([text], REGIONS).matches
    except UnmatchedError:
        return
    assert found.code in REGIONS.table
    assert found.how.startswith(("name", "other name", "code", "two-letter", "number"))


# --- what the whole column tells ---------------------------------------------------------------------------


def read(*labels: str, level: str = "country") -> str:
    """Return the codes, or what the message says of each label that is refused."""
    try:
        return " ".join(harmonise(labels, REGIONS, level).values())
    except UnmatchedError as error:
        return "; ".join(f"{lost.label}: {lost.guess}" for lost in error.lost)


@pytest.mark.parametrize(("labels", "level", "codes"), [
    ("156 840 4", "country", "CHN USA AFG"),
    ("156.0 840.0 4.0", "country", "CHN USA AFG"),
    ("004 008", "country", "AFG ALB"),
    ("842 699 251 757 579", "country", "USA IND FRA CHE NOR"),  # of UN Comtrade
    ("001 004", "country", "world AFG"),
    ("156 Other", "country", "CHN other"),
    ("06 48", "US", "US-CA US-TX"),
    ("6 48", "US", "US-CA US-TX"),
    ("6.0 48.0 Total", "US", "US-CA US-TX total"),
    ("01 02", "US", "US-AL US-AK"),
    ("24 35", "CA", "CA-QC CA-ON"),
    ("510000 11", "CN", "CN-SC CN-BJ"),
    ("TX GA us-ny", "US", "US-TX US-GA US-NY"),
])  # fmt: skip
def test_a_column_of_numbers_or_postal_codes_is_read_at_its_level(
    labels: str, level: str, codes: str
) -> None:
    assert read(*labels.split(), level=level) == codes


@pytest.mark.parametrize(("labels", "level"), [
    ("4 8 12", "country"), ("1 2 3", "country"), ("156 840 999", "country"), ("156 China", "country"),
    ("1 2", "US"), ("1 2 3", "US"), ("3 7", "US"), ("6 Texas", "US"), ("-4 156", "country"),
])  # fmt: skip
def test_numbers_that_may_be_ranks_or_are_no_codes_are_refused(labels: str, level: str) -> None:
    with pytest.raises(UnmatchedError):
        match(labels.split(), REGIONS, level)


def test_a_name_of_two_countries_is_told_by_the_others() -> None:
    both = "may be DR Congo (COD) or Republic of the Congo (COG)"
    assert read("Congo") == f"Congo: {both}"
    assert read("Congo", "Democratic Republic of the Congo") == "COG COD"
    assert read("Congo", "Congo, Rep.") == f"Congo: {both}"  # may be one country under two names
    assert read("España", "Alemania", "Congo") == "ESP DEU COG"
    assert read("Tyskland", "Sverige", "Norge", "Kongo") == f"Kongo: {both}"  # Norwegian, Swedish or Danish
    assert read("Korea", "North Korea") == "KOR PRK"
    assert read("Korea", "South Korea").startswith("Korea: may be")
    assert read("Deutschland", "Island", "Schweden") == "DEU ISL SWE"


def test_na_among_names_may_be_no_region() -> None:
    assert read("NA", "ZA") == "NAM ZAF"
    assert read("NA") == "NAM"
    assert read("China", "NA").startswith("NA: may be Namibia (NAM) or no region")


def test_the_column_s_language_decides_and_speaks_against_codes() -> None:
    assert read("Nga", "Đức", "Áo", "Úc", "Mỹ") == "RUS DEU AUT AUS USA"
    assert read("NGA", "ĐỨC", "MỸ") == "NGA: may be Nigeria (NGA) or Russia (RUS) in Vietnamese"
    assert read("Frañs", "Alamagn") == "FRA DEU"
    assert read("Frañs") == "Frañs: may be France (FRA) in Breton"


OFFICES = ["Arab World", "Euro area", "East Asia & Pacific", "North America", "EU27_2020", "OECD - Total"]


def test_groups_in_an_office_s_list_are_left_out_and_said() -> None:
    names = [REGIONS.name(code) for code in REGIONS.codes()[:30]]
    found = match([*OFFICES, *names, "World"], REGIONS)
    assert set(found.codes) == {*names, "World"}
    assert found.lines()[-1] == f"regions left out, groups of others: {'; '.join(OFFICES)}"
    assert found.matches[0] == Match("Arab World", "", "", "group, left out")
    with pytest.raises(
        UnmatchedError, match=r"'Euro area' \(a group of countries; '-' in a crosswalk leaves"
    ):
        match(["Euro area", *names[:19]], REGIONS)  # it may be all there is of its members
    assert "North America" in match(["North America", *names], REGIONS).codes  # as ever: a check sees it


# --- what is said of it ------------------------------------------------------------------------------------


def test_each_two_letter_code_is_shown_with_its_name() -> None:
    found = match(["ZA", "CH", "AU", "GM", "SZ", "IS", "China", "USA", "Deutschland", "Holland"], REGIONS)
    assert found.lines() == [
        "regions: 1 by name, 1 by code",
        "regions by name in German: Deutschland = Germany",
        "regions by other name: Holland = Netherlands",
        "regions by two-letter code: ZA = South Africa; CH = Switzerland; AU = Australia; GM = Gambia; "
        "SZ = Eswatini; IS = Iceland",
    ]
    assert found.codes["GM"] == "GMB"
    assert found.matches[0] == Match("ZA", "ZAF", "South Africa", "two-letter code")
    assert Matched("country", ()).lines() == []


def test_a_crosswalk_wins_over_names_and_is_said() -> None:
    found = match(
        ["Congo", " No. ", "China"], REGIONS, crosswalk={"Congo": "COD", "No.": "other", "China": "TWN"}
    )
    assert found.codes == {"Congo": "COD", " No. ": "other", "China": "TWN"}
    assert found.lines() == ["regions by the crosswalk: Congo = DR Congo;  No.  = Other; China = Taiwan"]
    with pytest.raises(
        RegionError, match=r"crosswalk leads to codes that regions.csv does not list: 'X' -> 'Q'"
    ):
        match(["China"], REGIONS, crosswalk={"X": "Q"})


def test_the_refusal_carries_each_label_with_its_guess() -> None:
    with pytest.raises(UnmatchedError, match=r"^3 label\(s\) match no region, or several at level") as error:
        match(["Chnia", "Congo", "Qqqq"], REGIONS)
    chnia, congo, other = error.value.lost
    assert (chnia.label, chnia.near[0], chnia.guess) == ("Chnia", ("CHN", "China"), "perhaps China?")
    assert congo.guess.startswith("may be DR Congo (COD)")
    assert other.guess == ""
    assert error.value.retold("So.").lost == error.value.lost
