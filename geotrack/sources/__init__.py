"""The sources: an explicit tuple. A new one is a room here with its series, a crosswalk, and one line."""

from __future__ import annotations

import re
from pathlib import Path

from geotrack.model import Provider
from geotrack.sources.cbeci.source import PROVIDER as CBECI
from geotrack.sources.edgar.source import EDGAR
from geotrack.sources.luxor.source import PROVIDER as LUXOR
from geotrack.sources.network.blockchain import PROVIDER as BLOCKCHAIN
from geotrack.sources.network.coinmetrics import PROVIDER as COINMETRICS
from geotrack.sources.network.mempool import PROVIDER as MEMPOOL

PROVIDERS: tuple[Provider, ...] = (CBECI, LUXOR, MEMPOOL, BLOCKCHAIN, COINMETRICS, *EDGAR)


def definitions() -> dict[str, str]:
    """Return the blocks of series.toml that describe the sources' own series, by the name of the series.

    They are appended to a data folder's series.toml when the source first delivers.
    """
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.rglob("*.toml"))]
    blocks = [block for text in texts for block in re.split(r"(?m)^(?=\[[^\[\]]+\]$)", text)]
    return {block[1 : block.index("]")]: block for block in blocks if block.startswith("[")}
