"""The smaller part of `make attack`: the same inputs each time, and none raises what is not ours."""

from __future__ import annotations

import importlib.util
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
    made = fuzz.run(2_300)
    assert {name: list(target.foreign) for name, target in made.items() if target.foreign} == {}
    assert all(target.counts["read"] + target.counts["refused"] == 100 for target in made.values())
    assert sum(target.counts["read"] > 0 for target in made.values()) > len(made) / 2


def test_a_foreign_exception_is_counted_and_shown_with_its_input(fuzz: Any) -> None:
    target = fuzz.Target(lambda content: 1 / len(content), [b"x"])
    target.attack(b"")
    assert target.counts["foreign"] == 1
    assert [(said.split(":")[0].split(" at ")[0], content) for said, content in target.foreign.items()] == [
        ("ZeroDivisionError", b"")
    ]
