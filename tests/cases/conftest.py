"""What tests of cases share."""

from __future__ import annotations

from pathlib import Path

import pytest

from geotrack.store import starter


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a project, as `geotrack init` does."""
    folder = tmp_path_factory.mktemp("project")
    starter.found(folder, [])
    return folder / "data"
