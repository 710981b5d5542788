"""The check of docstrings sees what is wrong with one, and looks at all that users meet."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).parents[1] / "scripts"

GOOD = """Return a share.

    Parameters
    ----------
    at : str, optional
        A slice; the first if not given.

    Returns
    -------
    float
        The share in percent.

    Raises
    ------
    SpecError
        There is no such slice.
    """
BAD = {
    "type without description": (("at : str, optional\n        A slice; the", "at : a slice, the"), "PR07"),
    "parameter left out": (("at : str, optional", "on : str, optional"), "PR01"),
    "name without a type": (("at : str, optional", "at"), "PR04"),
    "no sentence": (("A slice; the first if not given.", "a slice"), "PR08"),
    "type by its long name": (("at : str", "at : string"), "PR06"),
    "return value not described": (("\n        The share in percent.", ""), "RT03"),
    "no return value": (
        ("Returns\n    -------\n    float\n        The share in percent.\n\n    ", ""),
        "RT01",
    ),
    "condition beside the error": (("SpecError\n        There", "SpecError : there"), "RS01"),
    "no such error": (("SpecError", "SpellError"), "RS01"),
    "error without condition": (("\n        There is no such slice.", ""), "RS02"),
    "condition in lower case": (("There is no", "there is no"), "RS03"),
}


@pytest.fixture
def checker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    monkeypatch.syspath_prepend(str(tmp_path))
    yield import_module("check_docstrings")
    for name in ("check_docstrings", "documented"):
        sys.modules.pop(name, None)


def check(checker: ModuleType, folder: Path, docstring: str) -> int:
    """Run the check on a module with one public function."""
    lines = ['__all__ = ["NUMBER", "share"]', "NUMBER = 1", 'def share(at=""):', f'    """{docstring}"""']
    (folder / "documented.py").write_text("\n".join([*lines, "    return 1.0", ""]), encoding="utf-8")
    checker.MODULES, checker.RESULTS = ("documented",), ()
    return int(checker.main())


def test_a_good_docstring_passes(
    checker: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(checker, tmp_path, GOOD) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("case", BAD)
def test_a_bad_docstring_is_told(
    case: str, checker: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (good, bad), code = BAD[case]
    assert GOOD.count(good) == 1
    assert check(checker, tmp_path, GOOD.replace(good, bad)) == 1
    told = capsys.readouterr().out.splitlines()
    assert any(line.startswith(f"{tmp_path / 'documented.py'}: documented.share: {code} ") for line in told)


def test_all_that_users_meet_is_looked_at_and_nothing_of_others(checker: ModuleType) -> None:
    names = set(checker.public())
    assert names >= {
        "geotrack.choropleth",
        "geotrack.SpecError",
        "geotrack.captions.long_description",
        "geotrack.timemap.TimeMap.with_view",
        "geotrack.measure.values.Measured.row",  # by ShiftResult
        "geotrack.measure.compare.comparison.Comparison.told",
        "geotrack.render.page.folium_map.TimeFoliumMap.save",
    }
    assert "geotrack.__version__" not in names
    assert not [name for name in names if "folium." in name or "._" in name]


def test_the_docstrings_of_public_names_are_numpydoc(
    checker: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checker.main() == 0, capsys.readouterr().out
