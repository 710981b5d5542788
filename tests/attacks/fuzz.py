"""Mutated inputs for every parser of what comes from outside: `python tests/attacks/fuzz.py 1000000 [SEED]`.

Names of parsers behind the seed leave out the others. Each answers with what it read or an error of ours;
whatever else it raises is counted, and shown with the input that led to it. The same number and seed give the
same inputs.
"""

from __future__ import annotations

import random
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geotrack import periods
from geotrack.errors import GeotrackError
from geotrack.geo.features import load
from geotrack.geo.own import from_geodataframe
from geotrack.map import spec
from geotrack.publish.report import template
from geotrack.publish.report.formats.links import plain_markdown
from geotrack.sources import PROVIDERS
from geotrack.store.crosswalk import read_given
from geotrack.usertables import features, reading
from geotrack.usertables.columns.mapping import from_toml, to_toml
from geotrack.usertables.questions.guess import guess

if TYPE_CHECKING:
    from packed import Change

HERE = Path(__file__).parent
ODD = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", "\u202e".encode(), b"[" * 3_000,
    b"{\"a\":" * 3_000,
    b"9" * 5_000, b"1e999", b"-0", b"NaN", b"Infinity", b"null", b"\\ud800", b"&#xD800;", b"<!DOCTYPE x>",
    b"2021-13-45", b"0000-00-00", b"99999-01", b"2021/" * 50, b"(" * 500, b"'", b'"', b",", b";", b"\t",
    b"\r", b"\n",
    b"%", b"-", b"=", b"[]", b"{}", b"\"\"", b"1,234,5", b"true",
    "\u0661\u0662".encode(), "²".encode(), b"<b>", b"`",
    b"](javascript:x)", b"{{ 1/0 }}", b"{% for x in y %}", b"1" * 400, b"\"type\":\"Polygon\"", b"#DIV/0!",
)  # fmt: skip


@dataclass
class Target:
    """A parser, inputs that it reads, and what became of mutated ones.

    Parameters
    ----------
    within : changes what a packed input holds; half of the inputs are changed so, half by their bytes.
    """

    parse: Callable[[bytes], Any]
    seeds: list[bytes]
    within: Change | None = None
    counts: Counter[str] = field(default_factory=Counter)
    foreign: dict[str, bytes] = field(default_factory=dict)

    def attack(self, content: bytes) -> None:
        """Give the parser an input, and count how it answers."""
        try:
            self.parse(content)
            self.counts["read"] += 1
        except GeotrackError:
            self.counts["refused"] += 1
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            at = ([frame for frame in frames if "/geotrack/" in frame.filename] or frames)[-1]
            said = f"{type(error).__name__} at {Path(at.filename).name}:{at.lineno}: {error}"
            self.counts["foreign"] += 1
            self.foreign.setdefault(said[:200], content)


def mutated(seed: bytes, others: list[bytes], rng: random.Random) -> bytes:
    """Change a few places: bytes, odd pieces, what is cut, doubled, or comes of another input."""
    found = bytearray(seed)
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        a, b = sorted(rng.randrange(len(found) + 1) for _ in range(2))
        b = min(b, a + rng.choice((1, 4, 30, 400)))
        match rng.randrange(7):
            case 0:
                found[a:b] = b""
            case 1:
                found[a:a] = rng.choice(ODD)
            case 2:
                found[a:b] = rng.choice(ODD)
            case 3:
                found[a : a + 1] = bytes([rng.randrange(256)])
            case 4:
                found[a:a] = found[a:b] * rng.choice((1, 2, 9))
            case 5:
                other = rng.choice(others)
                at = rng.randrange(len(other) + 1)
                found[a:a] = other[at : at + 60]
            case _:
                del found[b:]
    return bytes(found)


def _written(folder: Path, name: str, then: Callable[[Path], Any]) -> Callable[[bytes], Any]:
    def parse(content: bytes) -> Any:
        (folder / name).write_bytes(content)
        return then(folder / name)

    return parse


def _table(content: bytes) -> Any:
    return _guessed(reading.read(content, "t"))


def _guessed(table: Any) -> Any:
    return guess(table, {"over_time": "last", "decimal": ".", "unit": "t", "kind": "extensive"})


def _features(content: bytes) -> Any:
    """Read a file as `geotrack map` does, its shapes too."""
    table, shapes = features.read(content, "t", reading.Asked())
    if shapes is not None:
        from_geodataframe(shapes, "code")
    return _guessed(table)


def targets(folder: Path) -> dict[str, Target]:
    """Return every parser with its seeds; files are written into the folder."""
    root = HERE.parents[1]
    square = "[[[0,0],[9,0],[9,9],[0,9],[0,0]]]"
    shape = f'{{"type":"Polygon","coordinates":{square}}}'
    feature = f'{{"type":"Feature","properties":{{"code":"A","2020":1}},"geometry":{shape}}}'
    geojson = f'{{"type":"FeatureCollection","features":[{feature}]}}'.encode()
    topology = b'{"type":"Topology","arcs":[[[0,0],[9,0],[9,9],[0,0]]],'
    topology += b'"transform":{"scale":[1,1],"translate":[0,0]},"objects":{"x":{"type":"GeometryCollection",'
    topology += b'"geometries":[{"type":"Polygon","id":"A","arcs":[[0]]}]}}}'
    texts = [
        b"country,2020,2021\nFrance,1,2\nSpain,3,4\n",
        b"country;year;value\nFrance;2020;1,5\nSpain;2021;2\n",
    ]
    records = b'[{"region": "DE", "2024": 5}, {"region": "FR", "2024": 6.5}]'
    if str(HERE) not in sys.path:
        sys.path.insert(0, str(HERE))
    import packed

    office = sorted((HERE.parent / "usertables" / "offices").glob("*"))[:12]
    made = {
        "tables of text": Target(_table, texts),
        "tables of JSON": Target(_table, [records, b'{"region": ["DE"], "2024": [5]}', geojson]),
        "tables of offices": Target(_table, [p.read_bytes() for p in office if p.is_file()]),
        "XLSX": Target(_features, [packed.xlsx()], packed.repacked(mutated)),
        "ODS": Target(_features, [packed.ods()], packed.repacked(mutated)),
        "XLS": Target(_features, [packed.xls()], packed.overwritten),
        "Parquet": Target(_features, packed.parquets(), packed.overwritten),
        "GeoPackage": Target(_features, [packed.geopackage(folder)], packed.recelled),
        "shapes": Target(
            lambda c: from_geodataframe(load(c), "id" if b"Topology" in c else "code"), [geojson, topology]
        ),
        "specifications": Target(
            _written(folder, "m.toml", spec.read),
            [p.read_bytes() for p in sorted((root / "maps").glob("*.toml"))],
        ),
        "mappings": Target(
            lambda c: from_toml(c, "x.toml"),
            [to_toml(_table(texts[0])).encode()],
        ),
        "templates": Target(
            _written(folder, "r.md", lambda p: template.fill(template.read(p), {})),
            [b'+++\ntitle = "x"\n+++\n# A {{ 1 + 1 }}\n{% for x in [1] %}{{ x }}{% endfor %}\n'],
        ),
        "Markdown": Target(
            lambda c: plain_markdown(c.decode("utf-8", "replace")),
            [b"# A\n\n[x](#y) `<b>` <i>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"],
        ),
        "periods": Target(
            lambda c: periods.parse(c.decode("utf-8", "replace")),
            [b"2021-09", b"2021-01/2021-03", b"Q3 2021", b"FY2021", b"2021-W03"],
        ),
        "crosswalks": Target(
            _written(folder, "c.csv", lambda p: read_given(p, _regions())),
            [b"label,region\nDeutschland,DEU\nRest,-\n"],
        ),
    }
    for provider in PROVIDERS:
        seeds = _payloads(provider.name)
        if seeds:
            made[f"source {provider.name}"] = Target(lambda c, p=provider: p.parse({"x": c}), seeds)
    return made


@cache
def _regions() -> Any:
    from geotrack.store.regions import Regions

    return Regions.read(HERE.parents[1] / "data" / "reference")


def _payloads(name: str) -> list[bytes]:
    """Return what a source answers, and what people have saved of it."""
    if str(HERE.parent) not in sys.path:
        sys.path.insert(0, str(HERE.parent))
    from sources import payloads

    saved = (HERE.parent / "sources" / "payloads").glob(f"{name}/*")
    found = [
        *payloads().get(name, {}).values(),
        *(path.read_bytes() for path in sorted(saved) if path.is_file()),
    ]
    return [content for content in found if len(content) < 60_000]


def run(inputs: int, seed: int = 1, names: tuple[str, ...] = ()) -> dict[str, Target]:
    """Attack every parser with its share of so many inputs."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        known = targets(Path(folder))
        if lost := set(names) - set(known):
            raise SystemExit(f"no parser {', '.join(sorted(lost))}; expected some of: {', '.join(known)}")
        made = {n: t for n, t in known.items() if not names or n in names}
        for target in made.values():
            for content in _inputs(target, inputs // len(made), rng):
                target.attack(content)
    return made


def _inputs(target: Target, count: int, rng: random.Random) -> Iterator[bytes]:
    for n in range(count):
        change = target.within if target.within and n % 2 else mutated
        yield change(rng.choice(target.seeds), target.seeds, rng)


def main() -> None:
    """Attack, and tell what became of it, parser by parser."""
    inputs, seed = (int(given) for given in (sys.argv[1:3] + ["100000", "1"][len(sys.argv[1:3]) :]))
    made = run(inputs, seed, tuple(sys.argv[3:]))
    for name, target in made.items():
        print(f"{name:24}", ", ".join(f"{count:,} {what}" for what, count in sorted(target.counts.items())))
        for said, content in target.foreign.items():
            print(f"    {said}\n      {content[:300]!r}")
    total = sum(target.counts.total() for target in made.values())
    bad = sum(target.counts["foreign"] for target in made.values())
    print(f"{total:,} inputs, {bad:,} foreign exceptions")
    raise SystemExit(bool(bad))


if __name__ == "__main__":
    main()
