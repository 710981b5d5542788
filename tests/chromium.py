"""Which Chromium the tests open pages with: programs.sh knows their names."""

from __future__ import annotations

import subprocess
from pathlib import Path

PROGRAMS = Path(__file__).with_name("programs.sh")


def installed() -> str:
    """Return the path of this computer's Chromium, or "" if it has none."""
    command = ["sh", str(PROGRAMS), "--chromium"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
