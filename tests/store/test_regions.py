"""Regions: names to codes without guessing, aggregates by rule, errors that list everything at once."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geotrack.errors import ParseError, RegionError
from geotrack.store.crosswalk import read_crosswalk
from geotrack.store.matching import harmonise
from geotrack.store.regions import Regions

REFERENCE = Path(__file__).parents[2] / "data" / "reference"
REGIONS = Regions.read(REFERENCE)


@pytest.mark.parametrize(
    ("text", "level", "code"),
    [
        ("Kosovo", "country", "XKX"),
        ("Serbia", "country", "SRB"),
        ("Other", "country", "other"),
        ("Georgia", "country", "GEO"),
        ("Georgia", "US", "US-GA"),
        ("GA", "US", "US-GA"),
        ("GA", "country", "GAB"),
        ("NA", "country", "NAM"),
        ("Niger", "country", "NER"),
        ("Nigeria", "country", "NGA"),
        ("Shanxi", "CN", "CN-SX"),
        ("Shaanxi", "CN", "CN-SN"),
        ("Nei Mongol", "CN", "CN-NM"),
        ("四川省", "CN", "CN-SC"),
        ("Iran, Islamic Rep.", "country", "IRN"),
        ("Germany *", "country", "DEU"),
        ("  united   STATES ", "country", "USA"),
        ("U.S.", "country", "USA"),
        ("cote d’ivoire", "country", "CIV"),
        ("Türkiye", "country", "TUR"),
        ("Turkiye", "country", "TUR"),
        ("us-tx", "US", "US-TX"),
        ("CN_SC", "CN", "CN-SC"),
        ("Québec", "CA", "CA-QC"),
        ("Total (all regions)", "country", "total"),
        ("canaan-overseas", "country", "canaan-overseas"),
    ],
)
def test_names_and_codes_resolve_at_their_level(text: str, level: str, code: str) -> None:
    assert REGIONS.resolve(text, level) == code


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Kosov", "country"),
        ("Overseas", "country"),  # another set in each source: a crosswalk must say which
        ("Texas", "country"),
        ("Russia", "US"),
        ("Atlantis", "country"),
        ("", "country"),
        ("***", "country"),
    ],
)
def test_what_is_not_known_is_not_guessed(text: str, level: str) -> None:
    assert REGIONS.resolve(text, level) is None


@given(st.sampled_from(sorted(REGIONS.table)), st.sampled_from([" ", "-", "_", ". ", "\t"]))
def test_every_code_resolves_to_itself_however_it_is_spaced(code: str, gap: str) -> None:
    level = code[:2] if REGIONS.level(code) == "subdivision" else "country"
    after = gap if len(code) > 3 else " "  # beside three letters punctuation makes another word
    assert REGIONS.resolve(gap.join(code.split("-")).lower() + after, level) == code


def test_every_alias_leads_to_its_own_region() -> None:
    for region in REGIONS.table.values():
        level = region.code[:2] if region.level == "subdivision" else "country"
        for alias in () if region.level == "aggregate" else (region.name, *region.aliases):
            assert REGIONS.resolve(alias, level) == region.code, alias


def test_all_countries_and_subdivisions_are_listed() -> None:
    assert len(REGIONS.codes()) == 252  # 249 of ISO 3166-1, Kosovo, Northern Cyprus, Somaliland
    assert {level: len(REGIONS.codes(level)) for level in ("CN", "US", "CA")} == {
        "CN": 31,
        "US": 51,
        "CA": 13,
    }
    parents = {
        code[:2]: REGIONS.table[code].parent for code in REGIONS.table if "-" in code and code[:2].isupper()
    }
    assert parents == {"CN": "CHN", "US": "USA", "CA": "CAN"}


def test_names_are_common_english_ones() -> None:
    codes = ("IRN", "RUS", "KOR", "TUR", "TWN", "TZA", "NAM")
    names = ["Iran", "Russia", "South Korea", "Turkey", "Taiwan", "Tanzania", "Namibia"]
    assert [REGIONS.name(code) for code in codes] == names
    assert REGIONS.level("CN-SC") == "subdivision"
    assert REGIONS.level("other") == "remainder"


def test_members_follow_the_rules_and_the_order_given() -> None:
    assert REGIONS.members("north-america", ["USA", "CHN", "CAN"]) == ("USA", "CAN")
    assert REGIONS.members("canaan-overseas", ["USA", "CHN", "HKG"]) == ("USA", "HKG")
    assert REGIONS.members("canaan-other-foreign", ["USA", "CHN", "RUS"]) == ("RUS",)
    assert REGIONS.members("north-america", []) == ()


def test_aggregates_are_spelt_out_at_their_own_level() -> None:
    assert REGIONS.aggregates["north-america"].members == ("CAN", "MEX", "USA")
    assert len(REGIONS.aggregates["canaan-overseas"].members) == 251
    rest_of_china = REGIONS.aggregates["china-except-sichuan"].members
    assert len(rest_of_china) == 30
    assert "CN-SC" not in rest_of_china
    assert REGIONS.aggregates["canaan-overseas"].source == "canaan-revenue"


def test_africa_asia_and_europe_share_no_country() -> None:
    sets = [set(REGIONS.aggregates[name].members) for name in ("africa", "asia-excluding-china", "europe")]
    assert sum(map(len, sets)) == len(set.union(*sets))
    assert {"RUS", "XKX", "DEU"} <= sets[2]
    assert "CHN" not in sets[1]


def test_disputed_territories_carry_a_note() -> None:
    assert {"TWN", "XKX", "ESH", "CYN", "SOL", "PSE", "FLK", "UKR", "IND", "PAK"} <= set(REGIONS.disputed)
    assert all(note.endswith(".") for note in REGIONS.disputed.values())


def test_only_territories_as_a_whole_are_outlined_as_disputed() -> None:
    assert {"TWN", "XKX", "ESH", "CYN", "SOL", "PSE", "FLK"} <= REGIONS.territories <= set(REGIONS.disputed)
    assert not {"CHN", "IND", "UKR", "RUS"} & REGIONS.territories


def test_unknown_codes_are_named() -> None:
    with pytest.raises(
        RegionError, match=r"no region has the code 'XXX'; codes are listed in data/reference/regions.csv"
    ):
        REGIONS.name("XXX")
    with pytest.raises(
        RegionError, match=r"'USA' is not an aggregate; those of aggregates.csv are: africa, "
    ):
        REGIONS.members("USA", ["USA"])


def test_harmonise_takes_the_crosswalk_first_and_names_second() -> None:
    codes = harmonise(["Overseas", "China", "China"], REGIONS, "country", {"Overseas": "canaan-overseas"})
    assert codes == {"Overseas": "canaan-overseas", "China": "CHN"}


def test_harmonise_lists_all_unknown_labels_with_suggestions() -> None:
    with pytest.raises(RegionError) as error:
        harmonise(["Kazahkstan", "China", "Qqqq", "Canda"], REGIONS, "country")
    message = str(error.value)
    assert message.startswith("3 label(s) match no region at level 'country':")
    assert "'Kazahkstan' (perhaps Kazakhstan" in message
    assert "'Canda' (perhaps Canada" in message
    assert "'Qqqq'\n" in message
    assert "China" not in message
    assert message.endswith("'other' takes what has no place on the map.")


def test_harmonise_refuses_a_crosswalk_to_nowhere() -> None:
    with pytest.raises(RegionError, match=r"does not list: 'Overseas' -> 'overseaz'"):
        harmonise(["Overseas"], REGIONS, "country", {"Overseas": "overseaz"})


def test_crosswalk_keeps_labels_as_written(tmp_path: Path) -> None:
    path = write(
        tmp_path / "x.csv", [["label", "region", "note"], ["Germany *", "DEU", ""], ["NA", "NAM", ""]]
    )
    assert read_crosswalk(path) == {"Germany *": "DEU", "NA": "NAM"}


def test_crosswalk_refuses_repeated_labels(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", [["label", "region", "note"], ["A", "DEU", ""], ["A", "FRA", ""]])
    with pytest.raises(ParseError, match=r"labels given twice: 'A'; keep one"):
        read_crosswalk(path)


def test_levels_are_those_that_have_regions() -> None:
    assert REGIONS.levels == {"country", "CN", "US", "CA"}


def test_files_and_columns_that_lack_are_named(tmp_path: Path) -> None:
    with pytest.raises(
        ParseError, match=r"no such file; expected a CSV with the columns label, region, note"
    ):
        read_crosswalk(tmp_path / "none.csv")
    path = write(tmp_path / "x.csv", [["label", "note"]])
    with pytest.raises(ParseError, match=r"no column region; expected label, region, note"):
        read_crosswalk(path)


REGION_ROWS = [
    ["code", "name", "level", "parent", "aliases"],
    ["NAM", "Namibia", "country", "", "NA"],
    ["all-but", "All but", "aggregate", "", ""],
]
AGGREGATE_ROWS = [
    ["aggregate", "name", "rule", "member", "source", "note"],
    ["all-but", "All but", "include", "*", "s", ""],
    ["all-but", "All but", "exclude", "NAM", "s", ""],
]
DISPUTED_ROWS = [["code", "mark", "note"], ["NAM", "border", "A note."]]


def test_a_folder_of_ones_own_is_read(tmp_path: Path) -> None:
    regions = folder(tmp_path)
    assert regions.resolve("na") == "NAM"
    assert regions.aggregates["all-but"].members == ()


BROKEN = {  # file to the row added to it, and what is said
    "a code twice": ("regions", ["NAM", "N", "country", "", ""], RegionError, r"codes given twice: NAM"),
    "a level": ("regions", ["XXX", "X", "land", "", ""], ParseError, r"level\(s\) land; use one of country"),
    "a name twice": ("regions", ["XXX", "na", "country", "", ""], RegionError, r"level: 'na' \(NAM, XXX\)"),
    "a short row": (
        "regions",
        ["QQQ"],
        ParseError,
        r"regions.csv: expected 5 cells .* row 4 has 1: 'QQQ'; fill",
    ),
    "a long row": (
        "disputed",
        ["NAM", "border", "a", "b"],
        ParseError,
        r"row 3 has 4: 'NAM,border,a,b'; fill",
    ),
    "a parent": (
        *("regions", ["NA-KA", "Karas", "subdivision", "QQQ", ""], RegionError),
        r"regions.csv: parents that are no country of this file: NA-KA \(QQQ\); give each subdivision",
    ),
    "no parent": (
        *("regions", ["NA-KA", "Karas", "subdivision", "", ""], RegionError),
        r"no country of this file: NA-KA \(none\)",
    ),
    "a rule": (
        "aggregates",
        ["all-but", "A", "but", "NAM", "s", ""],
        ParseError,
        r"rule is 'but'; use include",
    ),
    "a member": (
        "aggregates",
        ["all-but", "A", "include", "YYY", "s", ""],
        RegionError,
        r"not list: YYY; add",
    ),
    "a note": (
        "disputed",
        ["ZZZ", "border", "n"],
        RegionError,
        r"disputed.csv: codes that .* does not list: ZZZ",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_reference_files_are_refused(tmp_path: Path, case: str) -> None:
    file, row, error, message = BROKEN[case]
    with pytest.raises(error, match=message):
        folder(tmp_path, {file: row})


def folder(path: Path, added: dict[str, list[str]] | None = None) -> Regions:
    files = {"regions": REGION_ROWS, "aggregates": AGGREGATE_ROWS, "disputed": DISPUTED_ROWS}
    for name, rows in files.items():
        write(path / f"{name}.csv", rows + [row for file, row in (added or {}).items() if file == name])
    return Regions.read(path)


def write(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows(rows)
    return path


@pytest.mark.parametrize(
    "word", ["Grand total", "All countries", "Sum", "TOTAL", "合计", "Insgesamt", "Итого", "Total :"]
)
def test_a_row_of_totals_is_known_by_the_words_that_tables_use(word: str) -> None:
    """Else it is refused with the advice to call it "other", which counts it twice."""
    assert REGIONS.resolve(word) == "total"


@pytest.mark.parametrize(
    ("word", "code"),
    [("All others", "other"), ("Sonstige", "other"), ("其他", "other"), ("Welt", "world"), ("全球", "world")],
)
def test_a_rest_and_the_world_are_known_by_the_words_that_tables_use(word: str, code: str) -> None:
    assert REGIONS.resolve(word) == code
