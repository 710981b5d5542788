"""Write the tables of maps and of series into README.md, between their markers, from the data and the specs.

python scripts/make_readme.py            # writes them
python scripts/make_readme.py --check    # says whether they are in step, writes nothing
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from geotrack import periods
from geotrack.build import maps
from geotrack.map import spec
from geotrack.publish import site
from geotrack.store import reading

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="say whether the tables are in step")
    check = parser.parse_args().check
    text = README.read_text("utf-8")
    wanted = between(between(text, "maps", maps_table()), "series", series_table())
    if check:
        raise SystemExit("README.md is out of step; run this without --check" if wanted != text else 0)
    README.write_text(wanted, encoding="utf-8", newline="\n")
    print("nothing to change" if wanted == text else "README.md written")


def between(text: str, name: str, table: str) -> str:
    """Return the text with what stands between <!-- name --> and <!-- /name --> replaced."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    if text.count(begin) != 1 or text.count(end) != 1:
        raise SystemExit(f"README.md: expected {begin} and {end} once each")
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n\n{table}\n\n{end}{rest.partition(end)[2]}"


def maps_table() -> str:
    return markdown(
        ("map", "opens with", "period", "source"), map(_map, sorted((ROOT / "maps").glob("*.toml")))
    )


def _map(path: Path) -> Sequence[str]:
    timemap = maps.build(spec.read(path), path.stem, ROOT / "data")
    sentence = timemap.layers[0].sentences[timemap.opening]
    period = _period(timemap.slices[0].label, timemap.slices[-1].label)
    publishers = list(dict.fromkeys(origin.publisher for origin in timemap.origins))
    return (f"[`{path.stem}`](maps/{path.name})", sentence, period, _some(publishers))


def series_table() -> str:
    head = ("series", "what", "period", "rows", "publisher", "licence")
    return markdown(head, map(_series, site.sources(ROOT / "data")))


def _series(row: dict[str, Any]) -> Sequence[str]:
    frame = reading.read_raw(reading.observations_path(ROOT / "data", row["series"]))
    spans = sorted(set(zip(frame["start"], frame["end"], strict=True)), key=lambda span: (span[1], span[0]))
    first = min(spans)
    last = max(spans, key=lambda span: (span[1], span[0]))  # of those that end last, the shortest
    period = _period(periods.label(*first), periods.label(*last))
    licences = "; ".join(row["licences"])
    return (f"`{row['series']}`", row["title"], period, str(row["rows"]), _some(row["publishers"]), licences)


def _some(names: Sequence[str]) -> str:
    """The first three; all of them stand in data/datapackage.json and on every map."""
    return "; ".join([*names[:3], *([f"{len(names) - 3} more"] if len(names) > 3 else [])])


def _period(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
