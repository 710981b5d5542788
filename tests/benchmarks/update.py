"""Measure an update of all sources that finds nothing new, beside the requests that it makes.

    python tests/benchmarks/update.py [--runs N]

A real server on this machine plays every source with the payloads and validators of tests/sources.py, so that
the requests are answered 304. `geotrack update` and a bare script of `requests` that asks for the same things
with the same headers, in the same order and with the same pause between two requests to a host, take turns;
the median of each counts. The budget is 0.8 s beside the requests: the command from its start to its end,
less the loop of requests alone. What the bare script takes to start and to import is shown, not taken off.

Needs the extra `test`. Never collected by pytest; nothing here is a verdict, the budget is printed beside.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from sources import CONTACT, ROOT, coin_page, days, play
from sourceserver import SourceServer

from geotrack.sources import PROVIDERS
from geotrack.sources.network import coinmetrics

BUDGET = 0.8
KEPT = ("user-agent", "accept-encoding", "if-none-match", "if-modified-since")
RATES = {host: provider.per_second for provider in PROVIDERS for host in provider.hosts}

BARE = """
import json, sys, time
import requests

asked = json.load(open(sys.argv[1]))
session, turns, paused = requests.Session(), {}, 0.0
begin = time.perf_counter()
for url, headers, per_second in asked:
    host = url.split("/")[2]
    wait = turns.get(host, 0) - time.perf_counter()
    if wait > 0:
        time.sleep(wait)
        paused += wait
    turns[host] = time.perf_counter() + 1 / per_second
    reply = session.get(url, headers=headers, timeout=30)
    assert reply.status_code in (200, 304), (url, reply.status_code)
    reply.content
print(time.perf_counter() - begin, paused)
"""


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="rounds; the median counts")
    runs = parser.parse_args().runs
    with SourceServer() as server, tempfile.TemporaryDirectory() as folder:
        play(server, {coinmetrics.URL: coin_page(list(days()))})  # one page holds 27 years
        print(table(measured(server, Path(folder), runs)))


def measured(server: SourceServer, folder: Path, runs: int) -> list[dict[str, float]]:
    """Return the seconds of each round."""
    env = {**os.environ, **server.env(), "GEOTRACK_CONTACT": CONTACT}
    data, asked = folder / "data", folder / "asked.json"
    shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("raw", "*.py"))
    command = [sys.executable, "-m", "geotrack", "update", "--data", str(data)]
    timed(command, env)
    server.requests.clear()
    timed(command, env)
    asked.write_text(json.dumps(requests_of(server)), encoding="utf-8")
    rounds = []
    for _ in range(runs):
        begin = sum(os.times()[2:4])
        whole, told = timed(command, env)
        assert "1 by hand" in told, told
        assert "unchanged" in told.splitlines()[-1], told
        processor = sum(os.times()[2:4]) - begin
        script, said = timed([sys.executable, "-c", BARE, str(asked)], env)
        loop, paused = map(float, said.split())
        rounds.append(
            {"update": whole, "requests": loop, "pauses": paused, "script": script, "processor": processor}
        )
    return [{**each, "beside": each["update"] - each["requests"]} for each in rounds]


def requests_of(server: SourceServer) -> list[tuple[str, Mapping[str, str], float]]:
    """Return what was asked, with the headers that matter, and how often a second the host is asked."""
    return [
        (each.url, {name: each.headers[name] for name in KEPT if name in each.headers}, RATES[each.host])
        for each in server.requests
    ]


def timed(command: Sequence[str], env: Mapping[str, str]) -> tuple[float, str]:
    """Run a command; return its seconds and what it said."""
    begin = time.perf_counter()
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begin
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:6])}: {done.returncode}\n{done.stdout}{done.stderr}")
    return seconds, done.stdout


def table(rounds: Sequence[Mapping[str, Any]]) -> str:
    """Return the figures as a Markdown table."""
    rows = {
        "`geotrack update`, start to end": "update",
        "the same requests alone": "requests",
        "of these, pauses between two requests to a host": "pauses",
        f"**beside the requests** (budget {BUDGET} s)": "beside",
        "processor time of `geotrack update`": "processor",
        "the bare script, start to end": "script",
    }
    lines = [
        f"python tests/benchmarks/update.py --runs {len(rounds)}",
        "",
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}, {len(rounds)} rounds",
        "",
        "| seconds | median | least | most |",
        "|---|---|---|---|",
    ]
    for title, key in rows.items():
        values = [each[key] for each in rounds]
        lines.append(f"| {title} | {median(values):.2f} | {min(values):.2f} | {max(values):.2f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
