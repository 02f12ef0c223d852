"""Measure the parts that every screen or every import waits for, each by itself.

Run with ``make bench ARGS="-k parts"``; prints a table and asserts nothing about time. Each figure is the median of
``ROUNDS`` in seconds of the processor; the arms take turns in one run.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final

import pandas as pd

from geo.finder import find, index
from geo.intake.personal import scan
from geo.intake.tables import find_table
from geo.intake.values import column_dates, column_money, column_numbers, column_percents, column_words
from geo.regions import load_boundaries, region_table
from geo.regions.boundaries import areas
from tests.intake.test_tables import large, numbers
from tests.intake.test_values import many

ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS", "5"))
COUNT: Final = 100_000
QUERIES: Final = ("koprasi turen", "zzxqy", "0", "a b c d e f g h", "kabupatn malng jawa timr rusn")


def _boundaries() -> None:
    areas.cache_clear()
    load_boundaries(1)
    load_boundaries(2)


def _columns() -> dict[str, Callable[[], object]]:
    on = date(2026, 10, 31)
    readers: dict[str, Callable[[pd.Series], object]] = {
        "money": column_money,
        "number": column_numbers,
        "percent": column_percents,
        "word": column_words,
        "date": lambda cells: column_dates(cells, on=on),
    }
    return {f"cells of {kind}": partial(read, many(kind, COUNT)) for kind, read in readers.items()}


def _searches() -> dict[str, Callable[[], object]]:
    places = [str(name).split(" ", 1)[-1] for name in region_table(2)["name"]]
    sites = pd.DataFrame(
        {
            "code": [f"S-{number:06}" for number in range(COUNT)],
            "name": [f"Koperasi {places[number % len(places)]} {number:06}" for number in range(COUNT)],
            "region_code": "35.07",
        }
    )
    offices = pd.DataFrame({"code": ["KEMENSOS"], "name": ["Kementerian Sosial"]})
    names = index(sites, region_table(), offices)
    return {f"search for {query!r}": lambda query=query: find(names, query) for query in QUERIES}


def _tables() -> dict[str, Callable[[], object]]:
    cells = large(COUNT)
    found: dict[str, Callable[[], object]] = {}
    for width in (1, 2, 3, 12):
        part = cells.iloc[:, :width]
        found[f"table of {width} columns"] = lambda part=part: find_table(
            part, numbers(len(part)), numbers(part.shape[1]), merged=()
        )
    rows, columns = range(1, len(cells) + 1), range(1, cells.shape[1] + 1)
    found["personal data, 12 columns"] = lambda: scan(cells, rows=rows, columns=columns)
    return found


def test_parts() -> None:
    arms = {"boundaries, both levels": _boundaries, **_searches(), **_columns(), **_tables()}
    taken: dict[str, list[float]] = {name: [] for name in arms}
    for _ in range(ROUNDS):
        for name, arm in arms.items():
            begun = time.process_time()
            arm()
            taken[name].append(time.process_time() - begun)
    print(f"\n{COUNT:,} sites, cells or rows                  median s   longest s")
    for name, seconds in taken.items():
        print(f"{name:44s} {statistics.median(seconds):8.3f}   {max(seconds):9.3f}")
