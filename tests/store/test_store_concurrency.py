"""State that processes at work at the same time lose nothing."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from typing import Any

import pandas as pd

from geo.store import Store, open_store
from geo.store.migration import known_revisions

PROCESSES = 4
WRITES = 25


def _write_reports(url: str, writer: int, at: datetime) -> int:
    store = open_store(url)
    for number in range(WRITES):
        report = pd.DataFrame(
            {
                "site_code": ["KTN-1"],
                "as_of": ["2026-10-31"],
                "recorded_at": [at],
                "percent": [float(number)],
                "note": [f"{writer}/{number}"],
                "data_status": ["synthetic"],
            }
        )
        store.add({"reports": report}, actor=f"writer {writer}", at=at)
    store.close()
    return writer


def _open_and_migrate(url: str) -> list[str]:
    store = open_store(url)
    applied = store.migrate()
    store.close()
    return applied


def _together(task: Callable[..., Any], *arguments: tuple[object, ...]) -> list[Any]:
    with ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn")) as processes:
        waiting = [processes.submit(task, *each) for each in arguments]
        return [each.result(timeout=300) for each in waiting]


def test_four_processes_with_25_writes_each_lose_none(filled_store: Store, store_url: str, at: datetime) -> None:
    _together(_write_reports, *((store_url, writer, at) for writer in range(PROCESSES)))
    notes = set(filled_store.reports()["note"].dropna())
    assert notes == {f"{writer}/{number}" for writer in range(PROCESSES) for number in range(WRITES)}
    assert len(filled_store.table("changes")) == 3 + PROCESSES * WRITES
    assert filled_store.check() == []


def test_four_processes_that_start_at_once_migrate_once(store_url: str) -> None:
    applied = _together(_open_and_migrate, *[(store_url,)] * PROCESSES)
    assert sorted(applied) == [[], [], [], list(known_revisions())]
    assert open_store(store_url).check() == []
