"""The sources: an explicit tuple. A new one is one file here, its series, its crosswalk and one line."""

from __future__ import annotations

import re
from pathlib import Path

from geotrack.model import Provider
from geotrack.providers.blockchain import PROVIDER as BLOCKCHAIN
from geotrack.providers.cbeci import PROVIDER as CBECI
from geotrack.providers.coinmetrics import PROVIDER as COINMETRICS
from geotrack.providers.edgar import EDGAR
from geotrack.providers.luxor import PROVIDER as LUXOR
from geotrack.providers.mempool import PROVIDER as MEMPOOL

PROVIDERS: tuple[Provider, ...] = (CBECI, LUXOR, MEMPOOL, BLOCKCHAIN, COINMETRICS, *EDGAR)


def definitions() -> dict[str, str]:
    """Return the blocks of series.toml that describe the sources' own series, by the name of the series.

    They are appended to a data folder's series.toml when the source first delivers.
    """
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.toml"))]
    blocks = [block for text in texts for block in re.split(r"(?m)^(?=\[[^\[\]]+\]$)", text)]
    return {block[1 : block.index("]")]: block for block in blocks if block.startswith("[")}
