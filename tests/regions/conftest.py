"""Keep the boundaries of whoever runs the tests out of them."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder for each test."""
    folder = tmp_path / "own-data"
    monkeypatch.setenv("GEO_DATA_DIR", str(folder))
    return folder
