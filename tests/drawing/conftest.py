"""Give the tests of pictures the sample and the boundaries that are shipped."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.prepared import shared_sample


@pytest.fixture(autouse=True)
def shipped_boundaries(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No official boundary file of this machine's user is in force."""
    folder = tmp_path_factory.mktemp("data")
    monkeypatch.setenv("GEO_DATA_DIR", str(folder))
    return folder


@pytest.fixture(scope="package")
def tables() -> dict[str, pd.DataFrame]:
    return shared_sample()
