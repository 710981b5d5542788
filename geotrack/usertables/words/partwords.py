"""Words for quarters and halves of years, in one list: of headers, of cells, of "three months ended"."""

from __future__ import annotations

QUARTERS = r"quart\w*|trim\w*|viertelj\w*|kvart\w*|kwart\w*|кварт\w*|τρίμ\w*"
"""Patterns of words for a quarter, however they end."""

HALVES = r"half(?:[- ]?years?)?|halbj\w*|halfj\w*|halv[åa]r\w*|semest\w*|półr\w*|polol\w*|полуг\w*|півр\w*"

SHORT_QUARTERS = r"qtr|qu|vj|(?-i:kw)|кв\w*"
"""Abbreviations beside a number; "KW" in capitals is a week of German calendars."""

SHORT_HALVES = r"hj|sem"
EASTERN_QUARTERS, EASTERN_HALVES = "季度|四半期|季|분기", "半年|半期|반기"
