"""Says at the end how many tests ran in a real browser, so that CI can see that they did."""

from __future__ import annotations

from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    passed = terminalreporter.stats.get("passed", [])
    count = sum("browser" in report.keywords for report in passed)
    terminalreporter.write_line(f"browser tests run in real Chromium: {count}")
