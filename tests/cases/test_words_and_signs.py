"""What people's tables say in words, signs and flags, down all three roads."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from tableroads import ROADS, Case, Run, hold

import geotrack as gt
from geotrack.errors import ParseError

# All figures here are synthetic.

OWID = "Entity,Code,Year,Cases\nChina,CHN,2019,5\nFrance,FRA,2019,6\nAsia,,2019,70\n"
ONS = [
    ["Country", "2019", "2020 [note 1]"],
    ["India", "880 [r]", "[x]"],
    ["Poland", "818 [p]", "746 [note 2]"],
    ["China", "0 [low]", "[c]"],
    ["France", "5 [e]", 6],
    [],
    ["[note 1] A break in the survey"],
    ["Note 2: Without islands"],
]
THREE = "DEU 2019 5\nDEU 2020 6\nFRA 2019 6\nFRA 2020 7\nCHN 2019 20\nCHN 2020 30"
GROUPED = "Country,2019,2020\nGermany,5,6\nFrance,6,7\n{},11,13\nChina,20,30\n{},31,43\n"
WITHIN = GROUPED.replace("{},11,13\n", "")
ON_ALL_ROADS = (
    "a currency on the first row and the total", "shorthand of British offices", "every figure an estimate",
    "the subtotal Total EMEA", "a continent without a code, left out",
)  # fmt: skip
"""One case of each kind; the others are read by what reads these."""

CASES = [
    *(Case(f"{label} is checked as a total", WITHIN.format(label),
           THREE, said=(label,))
      for label in ("Total revenue", "Total net sales", "Total World", "World total")),
    Case("a total that is none", WITHIN.replace("31", "51").format("Total revenue"),
         refused=("parts add up to 31",)),
    *(Case(f"the subtotal {label}", GROUPED.format(label, "Total"),
           THREE, said=(f"left out, sums of rows above them: '{label}'",))
      for label in ("Total Europe", "Total EMEA", "Subtotal", "Europe total")),
    Case("a subtotal in a long table",
         "Country,Year,Value\nGermany,2019,5\nGermany,2020,6\nTotal Europe,2019,5\nTotal Europe,2020,6\n"
         "China,2019,3\n", "DEU 2019 5\nDEU 2020 6\nCHN 2019 3", said=("sums of rows above",)),
    Case("a subtotal that does not add up", GROUPED.replace(",11", ",21").format("Total Europe", "Total"),
         refused=("europe", "DEU")),
    Case("a subtotal of nobody", GROUPED.replace(",11", ",21").format("Total EMEA", "Total"),
         refused=("'Total EMEA'",)),
    Case("a continent that is a total", "Country,2019\nTotal Europe,21\nTotal Asia,3\n",
         "europe 2019 21\nasia 2019 3"),
    Case("a currency on the first row and the total",
         'Country,2019\nChina,"$ 1,234.5"\nFrance,"1,000.0"\nMali,$ —\nTotal,"$ 2,234.5"\n',
         "CHN 2019 1234.5\nFRA 2019 1000", said=("currency of all figures: $", "'$ —' (1)")),
    Case("a currency on a row in the middle", "Country,2019\nChina,1.5\nFrance,€2.5\nMali,3.5\n",
         "CHN 2019 1.5\nFRA 2019 2.5\nMLI 2019 3.5", said=("currency of all figures: €",)),
    Case("two currencies and none", "Country,2019\nChina,1.5\nFrance,€2.5\nMali,$3.5\n",
         refused=("no figure of its column has another",)),
    Case("money beside staff", "Country,Year,Metric,Value\nChina,2019,Revenue,$1.5\nChina,2019,Staff,2.5\n",
         refused=("among several metrics",)),
    Case("the first row in a currency, as a sheet shows it",
         [["Country", 2019], ["China", 1], ["France", 2], ["Mali", 3]],
         "CHN 2019 1\nFRA 2019 2\nMLI 2019 3", said=("shown beside the figures: '$'",),
         shape=lambda sheet: setattr(sheet["B3"], "number_format", '"$"#,##0')),
    Case("shorthand of British offices", ONS,
         "IND 2019 880 | revised\nPOL 2019 818 | provisional\n"
         "POL 2020 746 | A break in the survey; Without islands\nCHN 2019 0 | rounds to zero\n"
         "FRA 2019 5 (estimated)\nFRA 2020 6 | A break",
         said=("'[x]' = not available (1)", "'[c]' = confidential (1)"), shape=lambda sheet: None),
    Case("shorthand whose notes are elsewhere", ONS[:5],
         "IND 2019 880\nPOL 2019 818\nPOL 2020 746 | [note2]\n"
         "CHN 2019 0\nFRA 2019 5 (estimated)\nFRA 2020 6",
         said=("'2020 [note 1]' = 2020",), shape=lambda sheet: None),
    Case("letters that are no shorthand", "Country,2019\nChina,[q]\nFrance,1\n", refused=("'[q]'",)),
    Case("every figure an estimate", "Country,2019,2020\nChina,1 e,2 e\nFrance,3 e,4 e\n",
         "CHN 2019 1 (estimated)\nCHN 2020 2 (estimated)\nFRA 2019 3 (estimated)\nFRA 2020 4 (estimated)"),
    Case("every figure of Eurostat with a break", "geo,2019,2020\nDE,1 b,2 b\nFR,3 b,4 b\n",
         "DEU 2019 1 | break\nDEU 2020 2\nFRA 2019 3\nFRA 2020 4 | break"),
    Case("billions", "Country,2019,2020\nChina,1 b,2 b\nFrance,3 b,4 b\n", refused=("factor",)),
    Case("a continent without a code", OWID,
         refused=("'Code' is empty where column 'Entity' has 'Asia'", "left out", "by their names")),
    Case("a continent without a code, left out", OWID, "CHN 2019 5\nFRA 2019 6", given={"region": "Code"},
         said=("left out, no country's: rows without a code in column 'Code': 'Asia'",)),
    Case("groups that nothing places", OWID.replace("Asia", "Africa (GCP)"), "CHN 2019 5\nFRA 2019 6",
         given={"region": "Code"}),
    Case("a country without a code", OWID.replace("Asia", "Kosovo"), "CHN 2019 5\nFRA 2019 6\nXKX 2019 70"),
    Case("a mistyped country without a code", OWID.replace("Asia", "Germny"), refused=("'Germny'",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("case", "road"),
    [
        pytest.param(case, road, id=f"{case.row}-{road}")
        for case in CASES
        for road in (ROADS if case.row in ON_ALL_ROADS else ("choropleth",))
    ],
)
def test_words_signs_and_flags_are_read_or_asked_about(
    case: Case, road: str, run: Run, tmp_path: Path, project: Path
) -> None:
    hold(road, case, run, tmp_path, project)


@pytest.mark.parametrize(
    "cells", [["€1.2bn", "€3.4bn"], ["$1.2bn", "$0.8", "$250"], ["120bp", "130bps"], ["12 bn", "13"]]
)
def test_billions_and_basis_points_are_no_flags(cells: list[str]) -> None:
    """b and n, b and p are flags of offices, but together they are a factor; it was lost without a word."""
    names = ["Germany", "France", "Italy"][: len(cells)]
    frame = pd.DataFrame({"Country": names, "Year": 2020, "Value": cells})
    with pytest.raises(ParseError, match="no number"):
        gt.choropleth(frame)


@pytest.mark.parametrize("word", ["Fonte", "Bron", "Źródło", "Kaynak", "Font", "Kilde", "출처", "Quelle"])
def test_a_line_that_names_the_source_in_another_language_is_a_note(word: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"Country;Year;Value\nGermany;2020;12\nFrance;2020;13\n{word}: IBGE\n", encoding="utf-8")
    assert gt.choropleth(path).layers[0].values[:, 0].tolist() == [12, 13]
