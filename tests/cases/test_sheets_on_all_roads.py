"""What sheets show and files write otherwise than they store it, down all three roads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tableroads import ROADS, Case, Run, hold

# All figures here are synthetic.


def formats(**shapes: str) -> Callable[[Any], None]:
    """Give cells number formats; `hide`: numbers of rows that are hidden."""

    def change(sheet: Any) -> None:
        for place, shape in shapes.items():
            sheet[place].number_format = shape

    return change


def collapsed(sheet: Any) -> None:
    for row in (2, 3):
        sheet.row_dimensions[row].outlineLevel = 1
        sheet.row_dimensions[row].hidden = True


SUMMED = {"over_time": "sum"}
EUROS = [
    ["Umsatz in Mio. €"],
    ["Land", 2019, 2020],
    ["China", 1500000, 2500000],
    ["France", 3000000, 4567890],
]
MILLIONS = formats(**dict.fromkeys(("B3", "C3", "B4", "C4"), "#,##0.0,,"))
THOUSANDS = formats(**dict.fromkeys(("B3", "C3", "B4", "C4"), '#,##0,"k";-#,##0,'))
UNSAID = [["Umsatz"], *EUROS[1:]]
PIVOT = "country,year,revenue\nChina,2019,1\n,2020,2\nFrance,2019,3\n,2020,4\n"
UNEVEN = "country,year,revenue\nChina,2019,1\n,2020,2\nFrance,2020,4\n"

CASES = [
    Case(
        "shown in millions, as the title says", EUROS,
        "CHN 2019 1.5\nCHN 2020 2.5\nFRA 2019 3\nFRA 2020 4.56789",
        kept=SUMMED, shape=MILLIONS, said=("divided by 1,000,000; they are read as shown",),
    ),
    Case(
        "shown in thousands, in millions by the title", EUROS, kept=SUMMED, shape=THOUSANDS,
        refused=("divided by 1,000;", "'1500000' = 1500", "shown", "stored"),
    ),
    Case(
        "shown in thousands, as is said", EUROS,
        "CHN 2019 1500\nCHN 2020 2500\nFRA 2019 3000\nFRA 2020 4567.89",
        kept=SUMMED, shape=THOUSANDS, given={"scaled": "shown"},
    ),
    Case(
        "shown in millions, stored as is said", EUROS,
        "CHN 2019 1500000\nCHN 2020 2500000\nFRA 2019 3000000\nFRA 2020 4567890",
        kept=SUMMED, shape=MILLIONS, given={"scaled": "stored"}, said=("read as stored",),
    ),
    Case(
        "shown in millions of which nothing says", UNSAID,
        "CHN 2019 1500000\nCHN 2020 2500000\nFRA 2019 3000000\nFRA 2020 4567890",
        shape=MILLIONS, said=("divided by 1,000,000; they are read as stored",),
    ),
    Case(
        "figures in brackets", 'country,year,revenue\nChina,2021,"1,234.5"\nFrance,2021,"(1,056.5)"\n',
        refused=("column 'revenue'", "'(1,056.5)' = -1,056.5", "negative", "positive"),
    ),
    Case(
        "figures in brackets, below zero",
        'country,year,revenue\nChina,2021,"$1,234.5"\nFrance,2021,"($1,056.5)"\nMali,2021,($0)\n',
        "CHN 2021 1234.5\nFRA 2021 -1056.5\nMLI 2021 0", given={"brackets": "negative"},
        said=("figures in brackets = negative",),
    ),
    Case(
        "figures in brackets, uncertain", "country,year,revenue\nChina,2021,12\nFrance,2021,(56)\n",
        "CHN 2021 12\nFRA 2021 56 | marked () in the table", given={"brackets": "positive"},
    ),
    Case(
        "numbers of rows, of pandas", ",country,2020,2021\n0,China,1,2\n1,France,3,4\n",
        "CHN 2020 1\nCHN 2021 2\nFRA 2020 3\nFRA 2021 4",
        said=("skipped: column 1, which numbers the rows",),
    ),
    Case(
        "numbers of rows, of R, some of them gone",
        "Unnamed: 0,country,year,revenue\n4,China,2020,1\n7,France,2020,3\n", "CHN 2020 1\nFRA 2020 3",
        said=("skipped: column 1, which numbers the rows",),
    ),
    Case("names in the first row of their block", PIVOT, "CHN 2019 1\nCHN 2020 2\nFRA 2019 3\nFRA 2020 4",
         said=("2 empty cells were filled with the name above",)),
    Case("names above, perhaps", UNEVEN, refused=("column 'country'", "row 3 is China", "fill", "down")),
    Case("names above, as is said", UNEVEN, "CHN 2019 1\nCHN 2020 2\nFRA 2020 4", given={"fill": "down"}),
    Case(
        "no names, as periods would come twice", "country,year,revenue\nChina,2019,1\n,2019,2\n",
        refused=("row 3", "a name or a code"),
    ),
    Case(
        "a collapsed group", [["country", 2020], ["China", 1], ["France", 2], ["Total", 3]],
        refused=("nothing is left but Total", "hidden", "include"), shape=collapsed,
    ),
    Case(
        "digits of Arabic", 'country,year,revenue\nChina,2021,١٢٣٫٥\nFrance,2021,"١٬٢٣٤"\n',
        "CHN 2021 123.5\nFRA 2021 1234",
    ),
    Case("digits in full width", "country,year,revenue\nChina,2021,１２３．５\nFrance,2021,−４５６\n",
         "CHN 2021 123.5\nFRA 2021 -456"),
]  # fmt: skip


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.row)
def test_a_sheet_is_read_as_it_shows_its_figures_or_asked_about(
    case: Case, road: str, run: Run, tmp_path: Path, project: Path
) -> None:
    hold(road, case, run, tmp_path, project)
