"""What columns of periods are called, and what others are called whose dates are none of the figures'."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geotrack.errors import Choice, Question
from geotrack.language import timewords
from geotrack.usertables.words import yearwords
from geotrack.usertables.words.financial import CALLED
from geotrack.usertables.words.names import NAMES, key_of

if TYPE_CHECKING:
    from geotrack.usertables.columns.mapping import Mapping
    from geotrack.usertables.table import UserTable

_MORE = (
    "periods dates years months quarters weeks days times timestamp datetime dt ts ds ym ymd yyyy yyyymm "
    "yyyymmdd mm dd qq yq ww fy cy asof vintage season jahre jahrgang quartale trimestres annees anos"
)
_TIME = frozenset((*NAMES["period"], *_MORE.split()))

_OTHERS = (
    "of the for in to at on by as from and ref reference report reporting observation observations "
    "observed obs survey fiscal financial crop marketing calendar tax academic school budget "
    "statistical accounting data sample sampling end ending ended start starting begin beginning utc "
    "local iso str label id key code name num no measured measurement census base recorded record "
    "collection plan harvest production water business current order orders sale sales invoice "
    "transaction trade trading booking payment purchase event visit shipment delivery posting ledger "
    "settlement market price quote case test de la le les del di da do des der die das el los von zum "
    "am en du d l referencia referenz "
)
_BESIDE = frozenset(_OTHERS.split())
"""Words that may stand beside one for time: the column has the period all the same."""

_COMPOUND = re.compile(
    r"(?!gr[uü]n|geburt|bau|beitritt|unabh|er[oö]ff|aufnahme|aktualis|[aä]nder)"
    r"\w*(?:jahr|monat|quartal|zeitraum|datum|periode|stichtag|zeitpunkt|woche)"
)
_EVENT = re.compile(
    "独立|獨立|成立|加入|更新|出生|发布|發布|创建|創建|建立|設立|основан|рожден|обновлен|независим|вступлен|создан"
)
_ASIAN = re.compile("年|月|日期|时间|時間|期|季|週|周|년|월|분기")
_NO_NAME = re.compile(
    r"\(no_name.*|unnamed.*|[a-z]?\d*|(?:col|column|field|var|spalte|feld|level|no)_?\d+|index|name|id|key|label"
    r"|[^\w]*"
)


def may_be_the_period(column: str) -> bool:
    """Tell a column that is called as periods are, in any language, or has no name that tells anything."""
    key = key_of(column)
    if _NO_NAME.fullmatch(key) or CALLED.search(column) or yearwords.in_text(column, ""):
        return True
    words = [word for word in re.split(r"[\W_\d]+", _apart(column)) if word]
    times = any(map(_is_time, [*words, key]))
    if not key.isascii() and (times or _ASIAN.search(column)):
        return not _EVENT.search(column.lower())
    return times and all(_is_time(word) or key_of(word) in _BESIDE for word in words)


def _apart(column: str) -> str:
    """Return a name with its words apart: "obsDate" has two."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column)


def _is_time(word: str) -> bool:
    key = key_of(word)
    return key in _TIME or bool(timewords.field(word)) or _COMPOUND.fullmatch(word.lower()) is not None


def question(table: UserTable, made: Mapping) -> Question | None:
    """Ask whether a column has the periods of the figures that is not called so, and was found by its cells.

    Years of independence, or the days of an update, are no periods of figures.
    """
    if (
        made.layout == "wide"
        or made.part
        or made.period not in table.columns
        or may_be_the_period(made.period)
    ):
        return None
    cells = ", ".join(table.frame[made.period].head(1000).unique()[:3].tolist())
    found = (
        f"column {made.period!r} is the only one with periods, and its name does not say that they are those "
        "of the figures"
    )
    return Question(
        found,
        (
            Choice("period", made.period, cells),
            Choice("period", "", "the period of all rows, such as 2022, where they say something else"),
        ),
    )
