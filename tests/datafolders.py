"""Data folders with some of our series, for tests that would else check all of them again and again."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection
from pathlib import Path

from geotrack.store.datapackage import documents

ROOT = Path(__file__).parents[1]


def of_series(folder: Path, series: Collection[str]) -> Path:
    """Copy our data as far as they concern these series, with what is said of regions whole."""
    ignore = shutil.ignore_patterns("*-50m.topojson", "*.py", "raw", "observations", "datapackage.json")
    shutil.copytree(ROOT / "data", folder, ignore=ignore)
    (folder / "observations").mkdir()
    for name in series:
        shutil.copy(ROOT / "data" / "observations" / f"{name}.csv", folder / "observations")
    said = folder / "reference" / "series.toml"
    tables = re.split(r"(?m)^(?=\[[^.\]]+\]$)", said.read_text(encoding="utf-8"))
    kept = [text for text in tables if not text.startswith("[") or text[1:].partition("]")[0] in series]
    said.write_text("".join(kept), encoding="utf-8")
    for path, content in documents(folder).items():
        (folder / path).write_bytes(content)
    return folder
