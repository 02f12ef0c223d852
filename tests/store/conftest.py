"""Give every test a store of its own and rows to put in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import make_url

from geo.model import RefusedError
from geo.store import Store, open_store

AT = datetime(2026, 10, 31, 5, 0, tzinfo=UTC)


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.sqlite'}"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with its tables made, closed: tests start from copies of it."""
    file = tmp_path_factory.mktemp("migrated") / "store.sqlite"
    store = open_store(f"sqlite:///{file}")
    store.migrate()
    store.close()
    return file


@pytest.fixture
def fresh_store(store_url: str, migrated_file: Path) -> Iterator[Store]:
    """An empty store with its tables made."""
    shutil.copy(migrated_file, make_url(store_url).database or "")
    store = open_store(store_url)
    yield store
    store.close()


@pytest.fixture
def institutions() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code": ["PUPR", "PEMDA-35.07"],
            "name": ["Kementerian Contoh", "Pemkab Contoh"],
            "kind": ["kl", "pemda"],
            "field": ["marves", "pemda"],
        }
    )


@pytest.fixture
def sites() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code": ["KTN-1", "KOP-1", "RUS-1"],
            "programme": ["ktn", "koperasi", "rusun"],
            "name": ["KTN Contoh", "Koperasi Contoh", "Rusun Contoh"],
            "region_code": ["35.07", "32.10", "72"],
            "lon": [112.65, 107.1, 119.87],
            "lat": [-8.1, -6.9, -0.9],
            "location_precision": ["exact", "village", "district"],
            "institution_code": ["PUPR", None, "PUPR"],
            "start_date": pd.to_datetime(["2025-01-01", None, "2026-02-01"]),
            "target_date": pd.to_datetime(["2026-12-31", None, "2026-12-31"]),
            "contract_value": pd.array([9_007_199_254_740_993, None, 0], dtype="Int64"),
            "year": [2025, 2026, 2026],
            "data_status": ["reported", "synthetic", "derived"],
            "source_url": ["https://example.org/ktn", None, None],
        }
    )


@pytest.fixture
def reports() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "site_code": ["KTN-1", "KTN-1", "KOP-1"],
            "as_of": pd.to_datetime(["2026-08-31", "2026-09-30", "2026-09-30"]),
            "recorded_at": pd.to_datetime(["2026-09-02T03:00Z", "2026-10-02T03:00Z", "2026-10-20T03:00Z"]),
            "percent": [40.0, 55.5, None],
            "spend": pd.array([1_000_000_000, None, None], dtype="Int64"),
            "stage": ["in_progress", "in_progress", "operational"],
            "data_status": ["reported", "reported", "synthetic"],
        }
    )


@pytest.fixture
def filled_store(
    fresh_store: Store, institutions: pd.DataFrame, sites: pd.DataFrame, reports: pd.DataFrame, at: datetime
) -> Store:
    """Two institutions, three sites, three reports."""
    fresh_store.add({"institutions": institutions, "sites": sites, "reports": reports}, actor="test", at=at)
    return fresh_store


@pytest.fixture
def problems_of(filled_store: Store, at: datetime) -> Callable[..., str]:
    """What ``add`` has against the tables given, a problem a line; it must refuse them and write nothing."""

    def ask(**tables: pd.DataFrame) -> str:
        before = filled_store.data_version()
        with pytest.raises(RefusedError) as refusal:
            filled_store.add(tables, actor="test", at=at)
        assert filled_store.data_version() == before
        return str(refusal.value)

    return ask
