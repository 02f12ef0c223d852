"""Make the stores that tests start from once in a process, and copy them for every test that wants one of its own."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from geo.sample import sample_tables
from geo.startup import fill
from geo.store import open_store
from geo.store.engine import FILE_NAME

FILLED_AT = datetime(2026, 11, 1, tzinfo=UTC)
"""When a store says its sample was recorded, unless a test asks for another moment."""


def empty_store(file: Path) -> Path:
    """Put a store with its tables made and nothing in it at ``file``."""
    return _copied(_empty(), file)


def sample_store(file: Path, *, at: datetime = FILLED_AT) -> Path:
    """Put a store with the shipped sample, recorded ``at``, at ``file``."""
    return _copied(_filled(at), file)


def sample_folder(folder: Path) -> Path:
    """Put into a data folder what ``python -m geo sample`` or a server's first start leave there, recorded just now."""
    _copied(_filled(_begun()), folder / FILE_NAME)
    return folder


def shared_sample() -> dict[str, pd.DataFrame]:
    """The shipped sample. All tests of a process share its frames: for those that change none of them."""
    return dict(_sample())


@contextmanager
def _as_shipped() -> Iterator[None]:
    """With the boundaries, programmes and thresholds as shipped, whatever the test that asks first has set."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GEO_")]:
            patch.delenv(name)
        patch.setenv("GEO_DATA_DIR", str(_folder() / "data"))
        yield


@cache
def _sample() -> dict[str, pd.DataFrame]:
    with _as_shipped():
        return dict(sample_tables())


@cache
def _begun() -> datetime:
    return datetime.now(UTC)


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="prepared-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _empty() -> Path:
    file = _folder() / "empty.sqlite"
    store = open_store(f"sqlite:///{file}")
    store.migrate()
    store.close()  # the last to close it leaves one file, without a log beside it
    return file


@cache
def _filled(at: datetime) -> Path:
    file = _copied(_empty(), _folder() / f"filled-{at:%Y%m%d%H%M%S%f}.sqlite")
    tables = _sample()
    with _as_shipped():
        store = open_store(f"sqlite:///{file}")
        fill(store, tables, at=at)
        store.close()
    return file


def _copied(file: Path, to: Path) -> Path:
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, to)
    return to
