"""Fonts come and go after matplotlib wrote its list of them; a computer may have none but those of pip."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

ROOT = Path(__file__).parents[3]
# A computer whose only font folders are those named, where matplotlib wrote its list before they are asked.
COMPUTER = """
import os, sys
from matplotlib import font_manager
font_manager.X11FontDirectories[:] = font_manager.OSXFontDirectories[:] = [os.environ["FONT_FOLDER"]]
from geotrack import cli
cli.main()
"""
LISTED = "from matplotlib.font_manager import FontManager, fontManager, json_dump; "


class Computer(NamedTuple):
    """A computer without fontconfig and with an empty home."""

    home: Path
    env: dict[str, str]

    @property
    def font(self) -> Path:
        return self.home / "fonts" / "noto" / "NotoSansCJK-Regular.ttf"

    @property
    def list(self) -> Path:
        (found,) = (self.home / "matplotlib").glob("fontlist-*.json")
        return found

    def python(self, code: str, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", code, *args]
        return subprocess.run(
            command, env=self.env | env, cwd=ROOT, capture_output=True, text=True, check=False
        )

    def draw(self) -> subprocess.CompletedProcess[str]:
        """Draw a figure in Chinese as the command does, in a process of its own."""
        out = self.home / "figure.png"
        out.unlink(missing_ok=True)
        args = ("figure", "hashrate-share", "-o", str(out), "--lang", "zh", "--width", "og")
        return self.python(COMPUTER, *args)

    def drawn(self) -> bool:
        return (self.home / "figure.png").exists()


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    (tmp_path / "fonts" / "noto").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    env = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "MPL"))}
    env |= {"HOME": str(tmp_path), "PATH": str(tmp_path / "bin"), "FONT_FOLDER": str(tmp_path / "fonts")}
    env |= {"MPLCONFIGDIR": str(tmp_path / "matplotlib"), "PYTHONPATH": os.pathsep.join(sys.path)}
    made = Computer(tmp_path, env)
    # the list as matplotlib writes it when it is first used: of its own fonts, there are no others yet
    written = made.python("import matplotlib.font_manager", MPL_IGNORE_SYSTEM_FONTS="1")
    assert written.returncode == 0, written.stderr
    return made


def chinese(path: Path) -> None:
    """Write a font that has every Chinese letter, each as the same box."""
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for corner in ((100, 800), (900, 800), (900, 0)):
        pen.lineTo(corner)
    pen.closePath()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder([".notdef", "box"])
    letters = [*range(0x3000, 0x3040), *range(0x4E00, 0xA000), *range(0xFF00, 0xFFF0)]
    font.setupCharacterMap(dict.fromkeys(letters, "box"))
    font.setupGlyf({".notdef": pen.glyph(), "box": pen.glyph()})
    font.setupHorizontalMetrics({".notdef": (1000, 100), "box": (1000, 100)})
    font.setupHorizontalHeader(ascent=880, descent=-120)
    font.setupNameTable({"familyName": "Noto Sans CJK SC", "styleName": "Regular"})
    font.setupOS2(sTypoAscender=880, usWinAscent=880, usWinDescent=120)
    font.setupPost()
    font.save(path)


def test_a_font_that_was_installed_a_moment_ago_is_found(computer: Computer) -> None:
    first = computer.draw()
    assert first.returncode == 7
    assert "fonts-noto-cjk" in first.stderr
    assert "Traceback" not in first.stderr

    before = computer.list.read_bytes()
    chinese(computer.font)
    second = computer.draw()
    assert (second.returncode, second.stderr) == (0, "")
    assert computer.drawn()
    assert computer.list.read_bytes() == before  # it is matplotlib's, and of no use to others being rewritten


def spoil(path: Path) -> None:
    path.write_bytes(b"no font")


@pytest.mark.parametrize("fate", [Path.unlink, spoil])
def test_a_font_that_is_listed_and_gone_is_as_none(computer: Computer, fate: Callable[[Path], None]) -> None:
    chinese(computer.font)
    code = "manager = FontManager(); manager.addfont(sys.argv[1]); json_dump(manager, sys.argv[2])"
    arguments = (str(computer.font), str(computer.list))
    written = computer.python(f"import sys; {LISTED}{code}", *arguments, MPL_IGNORE_SYSTEM_FONTS="1")
    assert written.returncode == 0, written.stderr
    assert "Noto Sans CJK SC" in computer.list.read_text(encoding="utf-8")

    fate(computer.font)
    result = computer.draw()
    assert result.returncode == 7
    assert "fonts-noto-cjk" in result.stderr
    assert "Traceback" not in result.stderr
    assert not computer.drawn()
