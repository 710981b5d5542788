"""Write geotrack/language/monthwords.py: names of months in the languages that tables are often written in.

    .venv/bin/python scripts/make_monthwords.py

Run it after an update of Babel; `tests/language/test_monthwords.py` says when.
"""

from __future__ import annotations

import textwrap
from pathlib import Path

from geotrack.language import timewords

TARGET = Path(__file__).parents[1] / "geotrack" / "language" / "monthwords.py"

_HEAD = '''"""Names of months in the languages of most tables, written by scripts/make_monthwords.py.

To look words of titles up in CLDR would load a language after another. What is a month of two numbers
somewhere, or a word of what tables hold, is left out.
"""

from __future__ import annotations

_NAMES = (
'''
_TAIL = ''')
MONTHS = {name.replace("_", " "): n for n, names in enumerate(_NAMES, start=1) for name in names.split()}
"""Names, as `timewords.plain` has them -> the number of the month."""
'''


def text() -> str:
    """Return what stands in the module."""
    names = timewords.months_of_tables()
    rows = []
    for n in range(1, 13):
        words = " ".join(sorted(name.replace(" ", "_") for name, month in names.items() if month == n))
        lines = textwrap.wrap(words, 100, break_long_words=False, break_on_hyphens=False)
        pieces = [f'    "{line}{" " if line is not lines[-1] else ""}"' for line in lines]
        rows.append("\n".join(pieces) + ",\n")
    return _HEAD + "".join(rows) + _TAIL


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
