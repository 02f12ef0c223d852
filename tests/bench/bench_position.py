"""Measure how the position of all sites grows with their number: from the SQLite file to the finished frames.

Run with ``make bench``; prints a table and asserts nothing about time. Each figure is the median of ``ROUNDS``, the two
sides of a ratio take turns. What is timed, with exactly 24 monthly reports a site, one site in twenty corrected:

- read: the columns that a position needs, from the tables sites, plans and reports, in one transaction of the store;
- position, and roll-ups by province and by kabupaten/kota;
- beside it one plain ``SELECT * FROM reports`` into pandas (``pandas.read_sql`` on an SQLAlchemy engine), and the same
  of the report columns alone that a position needs. Neither reads sites or plans; plans have more rows than reports.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import create_engine

from geo.model import DataStatus, Stage
from geo.progress import roll_up
from geo.progress.position import position
from geo.sample import SAMPLE_AS_OF, synthetic_tables
from geo.startup import fill
from geo.store import Store, open_store

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 5
MONTHS = 24
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "sites": ("code", "programme", "region_code", "start_date", "target_date", "contract_value", "year"),
    "plans": ("site_code", "as_of", "recorded_at", "percent", "spend"),
    "reports": ("site_code", "as_of", "recorded_at", "percent", "spend", "stage"),
}


@dataclass
class Measured:
    """Rows of reports and seconds, for one number of sites."""

    rows: int
    read: float
    position: float
    roll_up: float
    select_all: float
    select_needed: float

    @property
    def whole(self) -> float:
        return self.read + self.position + self.roll_up


def test_position_and_roll_up_grow_with_the_number_of_sites(tmp_path: Path) -> None:
    print("\n  sites  reports |   read  position  roll-up    whole | SELECT *  ratio | same columns  ratio")
    results = {}
    for sites in SIZES:
        results[sites] = found = _measured(sites, tmp_path)
        print(
            f"{sites:7d} {found.rows:8d} | {found.read:6.2f} {found.position:9.2f} {found.roll_up:8.2f}"
            f" {found.whole:8.2f} | {found.select_all:8.2f} {found.whole / found.select_all:6.2f}"
            f" | {found.select_needed:12.2f} {found.whole / found.select_needed:6.2f}"
        )
    for small, large in ((SIZES[0], SIZES[1]), (SIZES[1], SIZES[2]), (SIZES[0], SIZES[-1])):
        whole = _growth(results[small].whole, results[large].whole, times=large / small)
        stands = _growth(results[small].position, results[large].position, times=large / small)
        print(f"growth exponent {small} to {large}: whole {whole:.2f}, position {stands:.2f}")


def _growth(before: float, after: float, *, times: float) -> float:
    """The exponent of growth: 1 where ``times`` as many sites take ``times`` as long."""
    return math.log(after / before) / math.log(times)


def _measured(sites: int, folder: Path) -> Measured:
    file = folder / f"{sites}.sqlite"
    store = open_store(f"sqlite:///{file}")
    store.migrate()
    tables = synthetic_tables(sites=sites, months=MONTHS, seed=1)
    tables["reports"] = _reports(tables["sites"]["code"])
    rows = fill(store, tables, at=datetime(2026, 11, 15, tzinfo=UTC))
    engine = create_engine(f"sqlite:///{file}")
    needed = f"SELECT {', '.join(COLUMNS['reports'])} FROM reports"
    timings = [
        (
            *_to_frames(store),
            _seconds(lambda: pd.read_sql("SELECT * FROM reports", engine)),
            _seconds(lambda: pd.read_sql(needed, engine)),
        )
        for _ in range(ROUNDS)
    ]
    engine.dispose()
    store.close()
    file.unlink()
    return Measured(rows["reports"], *(statistics.median(column) for column in zip(*timings, strict=True)))


def _reports(codes: pd.Series) -> pd.DataFrame:
    """A report of every site for the end of each month, in the order of arrival; some of the last ones corrected."""
    ends = pd.date_range(end=SAMPLE_AS_OF, periods=MONTHS, freq="ME").as_unit("us")
    count = len(codes)
    told = pd.DataFrame(
        {
            "site_code": np.tile(codes.to_numpy(dtype=object), MONTHS),
            "as_of": np.repeat(ends.to_numpy(), count),
            "recorded_at": np.repeat((ends + pd.Timedelta(days=5)).tz_localize("UTC").to_numpy(), count),
            "percent": np.repeat(np.linspace(2.0, 92.0, MONTHS), count) + np.tile(np.arange(count) % 7 / 10, MONTHS),
            "spend": np.repeat(np.arange(1, MONTHS + 1) * 10_000_000, count),
            "stage": str(Stage.IN_PROGRESS),
            "data_status": str(DataStatus.SYNTHETIC),
        }
    )
    late = told.tail(count).iloc[::20]
    corrected = late.assign(percent=late["percent"] - 3, recorded_at=late["recorded_at"] + pd.Timedelta(days=3))
    whole = pd.concat([told, corrected], ignore_index=True)
    return whole.assign(recorded_at=pd.to_datetime(whole["recorded_at"], utc=True))


def _to_frames(store: Store) -> tuple[float, float, float]:
    """Seconds for reading, for the position and for both roll-ups."""
    begun = time.perf_counter()
    tables = store.tables(*COLUMNS, columns=COLUMNS)
    read = time.perf_counter()
    stands = position(
        tables["sites"], tables["plans"], tables["reports"], on=SAMPLE_AS_OF, contract_programmes=["rusun"]
    )
    placed = time.perf_counter()
    region = tables["sites"]["region_code"].str
    stands = stands.assign(
        contract_value=tables["sites"]["contract_value"],
        province=region[:2],
        regency=region[:5].where(region.len() > 2),
    )
    assert roll_up(stands, by="province")["sites"].sum() == roll_up(stands, by="regency")["sites"].sum() == len(stands)
    return read - begun, placed - read, time.perf_counter() - placed


def _seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    pytest.main([__file__, "-s"])
