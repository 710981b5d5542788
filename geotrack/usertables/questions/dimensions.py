"""Columns that nothing is read from, though they may say what a figure is: a product, a scale, a currency."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geotrack.errors import Choice, Question
from geotrack.store.categories import twice
from geotrack.usertables.cells import few
from geotrack.usertables.columns.mapping import Mapping
from geotrack.usertables.figures import unittexts
from geotrack.usertables.figures.marks import is_figure
from geotrack.usertables.rows.labelled import figures_of
from geotrack.usertables.table import UserTable
from geotrack.usertables.tidying import scales
from geotrack.usertables.words.kinds import PART, kind_of
from geotrack.usertables.words.names import NAMES, called, key_of


def _keys(words: str) -> frozenset[str]:
    return frozenset(map(key_of, words.split()))


_WHAT = _keys("""
product products commodity commodities item items good goods crop crops fuel fuels energy_source
energy_product element price_base price_basis price_type prices measure measures variable variables
description adjustment seasonal_adjustment s_adj scenario scenarios subject flow trade_flow stk_flow currency
concept sex gender age_group indic indic_na na_item siec produkt produkte ware erzeugnis energieträger
geschlecht preise preisbasis szenario produit produits sexe prix producto productos sexo precios
prodotto sesso produto товар продукт пол продукция 产品 商品 性别 项目 指标类型 品目 性別
""")
"""Keys of names that say what a figure is: where such a column varies, figures are of several kinds."""

_MAYBE = _keys("""
type types category categories group class kind sector sectors industry activity age breakdown
technology basis transaction partner partner_name counterpart counterpart_area nace nace_r2 isced11
education origin destination art typ kategorie gruppe branche sektor alter catégorie secteur âge
categoría sector edad tipo categoria settore категория тип отрасль возраст 类别 类型 行业 年龄 分类
""")
"""Keys of names that say so where the column varies within a region: "Sector", beside "Type" of countries."""

_FIGURES = frozenset({"price", "prices", "measure", "measures", "age", "prix", "preise", "adjustment"})
"""Of these, the ones that hold figures of their own, where their cells are numbers."""

MOST = 1000
"""Different cells of a column that tells kinds of figures; one with more tells rows apart."""


def questions(table: UserTable, made: Mapping, idle: Sequence[str]) -> list[Question]:
    """Ask about the columns that vary among the rows and may say what each figure is.

    What says nothing that a column in use does not say is passed over: codes beside names.

    Parameters
    ----------
    idle : columns that nothing is read from.
    """
    read = [column for column in (made.metric, made.unit) if column in table.columns]
    told, found = [column for column in made.ignore if column in table.columns], []
    for column in sorted(idle, key=lambda name: "code" in key_of(name)):
        if not _varies(table, column):
            if not _says_scale(table, column):
                continue
        elif any(_within(table, column, other) for other in read):
            continue
        elif any(_within(table, column, other) and _within(table, other, column) for other in told):
            continue  # answered already, or asked: its code
        asked = _scale(table, made, column) or _currency(table, made, column) or _kind(table, made, column)
        if asked := asked or _by_cells(table, made, column):
            found.append(asked)
            told.append(column)
    return found


def described(table: UserTable, region: str, unit: str) -> str:
    """Return the column of descriptions that tells metrics apart, each of one unit; "" if there is none.

    One that is another for each region tells more of the region.
    """
    for column in table.columns:
        named = key_of(column) in _DESCRIPTIONS and _within(table, unit, column)
        if named and not (_varies(table, column) and _within(table, column, region)):
            return column
    return ""


_DESCRIPTIONS = _keys("description beschreibung descripción descrição descrizione 说明")


def _scale(table: UserTable, made: Mapping, column: str) -> Question | None:
    """Ask about a column of scales that cannot be read: `scales.told` reads the others."""
    if key_of(column) not in scales.COLUMNS or None not in scales.words_of(_distinct(table, column), column):
        return None
    found = (
        f"column {column!r} seems to say by what figures are multiplied, and cannot be read: "
        f"{_listed(table, column)}; expected words such as thousand, million, or factors such as 1000"
    )
    return Question(found, (Choice("ignore", column, "all figures are of one scale"),))


def _says_scale(table: UserTable, column: str) -> bool:
    """Tell a scale that is one in all rows, and must be read: "3", of a column "Multiplier"."""
    if key_of(column) not in scales.COLUMNS or column in table.figures:
        return False
    return scales.says_scale(column) or any(map(str.isdigit, "".join(_distinct(table, column)[:2])))


def _currency(table: UserTable, made: Mapping, column: str) -> Question | None:
    """Ask whether a column of currencies is the unit."""
    if column not in called("currency", [column]):
        return None
    if made.unit or any(made.units):
        return _asked(table, made, column, "and differs among the figures")
    choices = (
        Choice("metric", column, "each currency is a metric of its own"),
        Choice("ignore", column, "it is no unit of the figures"),
    )
    return Question(f"column {column!r} may be the unit of the figures: {_listed(table, column)}", choices)


def currency(table: UserTable, values: Sequence[str]) -> str:
    """Return the currency that a column says of all figures, where these may be money; else ""."""
    column = next(called("currency", table.columns), "")
    if not column or not all(key_of(name) in _MONEY for name in values):
        return ""
    return _only(table, column)


_MONEY = _keys("""
value obs_value primaryvalue amount revenue revenues price prices cost costs gdp income turnover sales
wage wages wert betrag umsatz erlös preis kosten valor importe ingresos valeur montant prix importo
valore 金额 收入 数值 值
""")
"""Keys of columns of figures that may be money."""


def unread(table: UserTable, read: Sequence[str]) -> list[str]:
    """Return the columns that say nothing of the figures: none of those read, no scale of their unit."""
    read = [*read, *scales.in_units(table)]
    return [column for column in table.columns if column not in read]


def constant(table: UserTable, column: str) -> str:
    """Say the one text that a column has in all rows, "" if there is none."""
    if column in table.figures:
        return ""
    text = _only(table, column)
    return f" ({text!r} in all rows)" if text else ""


def _only(table: UserTable, column: str) -> str:
    texts = {str(cell).strip() for cell in table.coded(column).texts[:2]}
    text = texts.pop() if len(texts) == 1 else ""
    return text if len(text) <= 40 and len(table.coded(column).texts) == 1 else ""


def _kind(table: UserTable, made: Mapping, column: str) -> Question | None:
    keys = {key_of(column), key_of(re.sub(r"[\s_]*(code|name|label|id)$", "", column, flags=re.IGNORECASE))}
    if not keys & (_WHAT | _MAYBE):
        return None
    cells = _distinct(table, column)
    if len(cells) > MOST or (keys & _FIGURES and all(map(is_figure, filter(str.strip, cells)))):
        return None
    if not keys & _WHAT and (_within(table, column, made.region) or _within(table, column, made.period)):
        return None
    return _asked(table, made, column, "and may say what each figure is")


def _by_cells(table: UserTable, made: Mapping, column: str) -> Question | None:
    """Ask about a column, whatever its name, whose cells are units, or names of what is measured.

    What is another for each region tells of the region, "High income": there the name must say units, or each
    cell be a quantity and nothing else.
    """
    cells = [text for cell in _distinct(table, column) if (text := cell.strip())]
    if not 1 < len(cells) <= MOST or any(map(is_figure, cells)):
        return None
    of_region = _within(table, column, made.region)
    named = not {*NAMES["unit"]}.isdisjoint(key_of(column).split("_"))
    if (named or not of_region) and all(map(unittexts.unit_of, cells)) and max(map(len, cells)) > 1:
        return _asked(table, made, column, "and its cells are units")
    names = [unittexts.parted(cell)[0] for cell in cells]
    if all(unittexts.is_quantity(name, alone=of_region) for name in names):
        return _asked(table, made, column, "and its cells are names of what may be measured")
    return None


def _asked(table: UserTable, made: Mapping, column: str, why: str) -> Question:
    apart = Choice("metric", column, "each is a metric of its own")
    alike = Choice("ignore", column, "all figures are of one kind")
    choices = (apart,) if _alone_tells_apart(table, made, column) else (apart, alike)
    return Question(f"column {column!r} is not read, {why}: {_listed(table, column)}", choices)


def _alone_tells_apart(table: UserTable, made: Mapping, column: str) -> bool:
    """Tell whether rows are of one region and period, but for this column: leaving it out cannot work."""
    named = (made.region, made.period, made.part, made.start, made.end, made.metric)
    keys = pd.DataFrame({name: _codes(table, name) for name in named if name in table.columns})
    again = keys.duplicated()
    return bool(again.any()) and not keys.assign(**{column: _codes(table, column)}).duplicated().any()


def several(table: UserTable, made: Mapping, labelled: pd.DataFrame) -> Question | None:
    """Ask which column tells figures apart that are of one region, period and metric, or of several units.

    Parameters
    ----------
    labelled : the table's rows, as `labelled.apply` returns them.
    """
    if made.metric:
        return None
    if made.unit and (units := _units(labelled)):
        found = f"column {made.unit!r} has several units of one metric, {units}; convert the figures to one"
        return Question(found, (Choice("metric", made.unit, "each unit is a metric of its own"),))
    unread = [c for c in table.columns if c not in (*made.used, *made.ignore) and not made.dated(c)]
    figures = figures_of(table, made).rows
    named = ["start", "end", "label", "metric"]
    again = twice(labelled, named) if unread else np.empty(0, dtype=np.intp)
    if not again.size:
        return None
    keys = labelled[named].iloc[again].astype(object)
    rows = figures[again[(keys == keys.iloc[0]).all(axis=1).to_numpy()]].tolist()
    cells = {c: [str(cell).strip() for cell in table.frame[c].iloc[rows]] for c in unread}
    places = {*called("region", unread), *(c for c in unread if kind_of(c) == PART)}
    apart = [
        c for c, texts in cells.items()
        if len({*texts}) == len(rows) and all(texts) and not all(map(is_figure, texts)) and c not in places
    ]  # fmt: skip
    if not apart:
        return None
    found = f"rows {', '.join(str(table.row(row)) for row in rows[:5])} are of one region, period and metric"
    told = [
        Choice("metric", c, f"{few([*map(repr, cells[c])])}: each is a metric of its own") for c in apart[:3]
    ]
    return Question(f"{found}; keep one of them, or make metrics of them", tuple(told))


def _units(labelled: pd.DataFrame) -> str:
    """Return the units of the first metric that has several."""
    pairs = labelled[["metric", "unit"]].drop_duplicates().astype(object)
    many = pairs[pairs["metric"].duplicated(keep=False)]
    return few([*map(repr, many.loc[many["metric"] == many["metric"].iloc[0], "unit"])]) if len(many) else ""


def _distinct(table: UserTable, column: str) -> list[str]:
    return [str(cell) for cell in table.coded(column).texts]


def _codes(table: UserTable, column: str) -> NDArray[np.intp]:
    """Return the places of a column's cells among the distinct ones."""
    return np.asarray(table.coded(column).codes, dtype=np.intp)


def _varies(table: UserTable, column: str) -> bool:
    if column in table.figures:
        return False
    texts = {str(cell).strip() for cell in table.coded(column).texts[:MOST]}
    return len(texts - {""}) > 1


def _within(table: UserTable, column: str, of: str) -> bool:
    """Tell whether a column has one value for each value of another: it says no more."""
    if of not in table.columns:
        return False
    pairs = _codes(table, of) * (len(table.coded(column).texts) + 1) + _codes(table, column)
    return len(pd.unique(pairs)) == len(pd.unique(_codes(table, of)))


def _listed(table: UserTable, column: str) -> str:
    return few([repr(text) for cell in table.coded(column).texts[:10] if (text := str(cell).strip())])
