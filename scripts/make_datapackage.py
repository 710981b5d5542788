"""Describe the data folder: datapackage.json (Frictionless Data Package v1) and the table in README.md.

    python scripts/make_datapackage.py            # writes both
    python scripts/make_datapackage.py --check    # says whether both are in step, writes nothing

Nothing in either is dated by a clock: the same files give the same bytes. What is said is decided in
geotrack/store/datapackage.py, with which an update keeps both in step too.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from geotrack.store.datapackage import documents

DATA = Path(__file__).resolve().parents[1] / "data"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="say whether both files are in step")
    check = parser.parse_args().check
    wanted = {DATA / path: content for path, content in documents(DATA).items()}
    stale = [p.name for p, content in wanted.items() if not p.exists() or p.read_bytes() != content]
    if check:
        raise SystemExit(f"out of step: {', '.join(stale)}; run this without --check" if stale else 0)
    for path, content in wanted.items():
        path.write_bytes(content)
    print(f"written: {', '.join(stale) or 'nothing to change'}")


if __name__ == "__main__":
    main()
