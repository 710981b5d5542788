"""The smaller part of `make attack`: the same inputs each time, and none raises what is not ours."""

from __future__ import annotations

import importlib.util
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def fuzz() -> Any:
    found = importlib.util.spec_from_file_location("fuzz", Path(__file__).with_name("fuzz.py"))
    assert found is not None
    assert found.loader is not None
    module = sys.modules["fuzz"] = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_mutated_inputs_are_read_or_refused_by_every_parser(fuzz: Any) -> None:
    made = fuzz.run(2_800)
    assert {name: list(target.foreign) for name, target in made.items() if target.foreign} == {}
    assert all(target.counts["read"] + target.counts["refused"] == 100 for target in made.values())
    assert sum(target.counts["read"] > 0 for target in made.values()) > len(made) / 2


def test_every_packed_file_is_read_as_it_is_and_differs_within_when_changed(
    fuzz: Any, tmp_path: Path
) -> None:
    made = {name: t for name, t in fuzz.targets(tmp_path).items() if t.within}
    assert set(made) == {"XLSX", "ODS", "XLS", "Parquet", "GeoPackage"}
    for name, target in made.items():
        for seed in target.seeds:
            target.attack(seed)
            chance = random.Random(2)
            assert len({target.within(seed, [seed], chance) for _ in range(30)} - {seed}) > 20
        assert target.counts == {"read": len(target.seeds)}, name


def test_make_attack_does_both_with_the_numbers_that_it_is_given() -> None:
    command = ["make", "--dry-run", "attack", "VENV=v", "INPUTS=5", "KILLS=6", "SEED=7"]
    told = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    # within `make test` make also says which folder it enters and leaves
    assert [line for line in told.stdout.splitlines() if "attacks" in line] == [
        "v/bin/python tests/attacks/fuzz.py 5 7",
        "v/bin/python tests/attacks/kills.py 6 7",
    ]


def test_a_parser_that_is_none_is_named_with_those_there_are(fuzz: Any) -> None:
    with pytest.raises(SystemExit, match=r"no parser XLX; expected some of: tables of text, .*, XLSX"):
        fuzz.run(1, names=("XLX",))


def test_a_foreign_exception_is_counted_and_shown_with_its_input(fuzz: Any) -> None:
    target = fuzz.Target(lambda content: 1 / len(content), [b"x"])
    target.attack(b"")
    assert target.counts["foreign"] == 1
    assert [(said.split(":")[0].split(" at ")[0], content) for said, content in target.foreign.items()] == [
        ("ZeroDivisionError", b"")
    ]
