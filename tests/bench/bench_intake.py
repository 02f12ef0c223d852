"""Measure how fast a file is taken in, from its bytes to the committed batch, and how that grows with its rows.

Run with ``make bench ARGS="-k intake"``; prints a table and asserts nothing about time. Each figure is the median of
``ROUNDS``; the arms take turns. What is timed, with reports as an institution sends them (Indonesian headings, days
and numbers as they are typed) into a store of its own that holds the sites:

- read: the sheet, by a process of its own with limits, and the search for personal data;
- check: the table, its columns, every cell, the rules, and the comparison with the store;
- commit: one transaction;
- beside it pandas' bare read of the very same file, which neither checks nor writes: as it is by default (several
  threads), and with every cell kept as text, as it must be where ``08`` is not 8; of the workbook ``read_excel``.
"""

from __future__ import annotations

import itertools
import math
import shutil
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.intake.guard import Limits
from geo.intake.steps import Choices, commit, propose, read
from geo.programmes import load_programmes
from geo.sample import synthetic_tables
from geo.startup import fill
from geo.store import open_store

CSV_ROWS = (10_000, 30_000, 100_000, 300_000)
WORKBOOK_ROWS = (10_000, 100_000)
SITES = 1_000
ROUNDS = 3
AT = datetime(2026, 11, 15, tzinfo=UTC)
LIMITS = Limits(rows=1_000_000)
HEADINGS = ("Kode Lokasi", "Tanggal Laporan", "Realisasi Fisik (%)", "Realisasi Keuangan (Rp)", "Tahap", "Catatan")


@dataclass
class Measured:
    """Seconds, for one file."""

    read: float
    check: float
    commit: float
    bare: float
    bare_text: float

    @property
    def whole(self) -> float:
        return self.read + self.check + self.commit


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds sites and no reports."""
    file = tmp_path_factory.mktemp("stored") / "store.sqlite"
    store = open_store(f"sqlite:///{file}")
    store.migrate()
    tables = synthetic_tables(sites=SITES, months=1, seed=1)
    fill(store, {name: tables[name] for name in ("institutions", "sites") if name in tables}, at=AT)
    store.close()
    return file


@pytest.mark.parametrize(("form", "sizes"), [("csv", CSV_ROWS), ("xlsx", WORKBOOK_ROWS)])
def test_an_import_grows_with_its_rows(form: str, sizes: tuple[int, ...], stored: Path, tmp_path: Path) -> None:
    print(f"\n{form}: rows |  read  check commit  whole | pandas  ratio | as text  ratio")
    wholes = {}
    for rows in sizes:
        found = _measured(rows, form, stored, tmp_path)
        wholes[rows] = found.whole
        print(
            f"{rows:10d} | {found.read:5.2f} {found.check:6.2f} {found.commit:6.2f} {found.whole:6.2f}"
            f" | {found.bare:6.3f} {found.whole / found.bare:6.1f} | {found.bare_text:7.3f}"
            f" {found.whole / found.bare_text:6.1f}"
        )
    for small, large in (*itertools.pairwise(sizes), (sizes[0], sizes[-1])):
        grown = math.log(wholes[large] / wholes[small]) / math.log(large / small)
        print(f"growth exponent {small} to {large}: {grown:.2f}")


def _measured(rows: int, form: str, stored: Path, folder: Path) -> Measured:
    file = folder / f"{rows}.{form}"
    _write(file, rows, stored)
    timings = []
    for round_ in range(ROUNDS):
        own = folder / f"{round_}.sqlite"
        shutil.copyfile(stored, own)
        timings.append((*_imported(file, own), *_read_bare(file)))
        own.unlink()
    return Measured(*(statistics.median(column) for column in zip(*timings, strict=True)))


def _imported(file: Path, own: Path) -> tuple[float, float, float]:
    store = open_store(f"sqlite:///{own}")
    programmes = load_programmes()
    start = time.perf_counter()
    source = read(file, name=file.name, limits=LIMITS)
    was_read = time.perf_counter()
    proposal = propose(source, store, programmes, on=AT.date(), at=AT, choices=Choices(kind="reports"))
    was_checked = time.perf_counter()
    done = commit(proposal, store, actor="bench", at=AT)
    was_committed = time.perf_counter()
    assert done.new == len(proposal.source.sheets[0].cells) - 1
    store.close()
    return was_read - start, was_checked - was_read, was_committed - was_checked


def _read_bare(file: Path) -> tuple[float, float]:
    if file.suffix == ".csv":
        return _seconds(lambda: pd.read_csv(file, sep=";")), _seconds(lambda: pd.read_csv(file, sep=";", dtype=str))
    return _seconds(lambda: pd.read_excel(file)), _seconds(lambda: pd.read_excel(file, dtype=str))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _write(file: Path, rows: int, stored: Path) -> None:
    """A report a day of each site, its progress rising, with money far below any contract."""
    store = open_store(f"sqlite:///{stored}")
    codes = store.sites()["code"].tolist()
    store.close()
    days = -(-rows // len(codes))
    last = date(2026, 10, 31)
    at = np.arange(rows)
    day = at // len(codes)
    spent = 1_000_000 + day * 1_000
    frame = pd.DataFrame(
        {
            "Kode Lokasi": np.array(codes, dtype=object)[at % len(codes)],
            "Tanggal Laporan": [f"{last - timedelta(days=int(days - 1 - one)):%d/%m/%Y}" for one in day],
            "Realisasi Fisik (%)": [f"{one * 100 / days:.2f}%".replace(".", ",") for one in day],
            "Realisasi Keuangan (Rp)": [f"Rp {one:,}".replace(",", ".") for one in spent],
            "Tahap": "konstruksi",
            "Catatan": [f"Catatan pekerjaan ke-{one}" for one in at],
        },
        columns=HEADINGS,
    )
    if file.suffix == ".csv":
        frame.to_csv(file, sep=";", index=False)
    else:
        frame.to_excel(file, index=False)
