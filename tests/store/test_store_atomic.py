"""State that a change happens whole or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime

import pandas as pd
import pytest

from geo.model import RefusedError
from geo.store import Store


def test_a_bad_row_in_the_third_table_leaves_the_others_untouched(
    fresh_store: Store, institutions: pd.DataFrame, sites: pd.DataFrame, reports: pd.DataFrame, at: datetime
) -> None:
    bad = reports.assign(percent=[40.0, 155.0, None])
    with pytest.raises(RefusedError, match="reports, row 3, column percent: more than 100"):
        fresh_store.add({"institutions": institutions, "sites": sites, "reports": bad}, actor="test", at=at)
    assert fresh_store.is_empty()


def test_a_failure_inside_the_database_rolls_everything_back(
    fresh_store: Store, institutions: pd.DataFrame, sites: pd.DataFrame, reports: pd.DataFrame, at: datetime
) -> None:
    connection = sqlite3.connect(fresh_store.place)
    connection.execute("CREATE TRIGGER full BEFORE INSERT ON reports BEGIN SELECT RAISE(ABORT, 'no more'); END")
    connection.close()
    version = fresh_store.data_version()
    with pytest.raises(RefusedError, match="no more"):
        fresh_store.add({"institutions": institutions, "sites": sites, "reports": reports}, actor="test", at=at)
    assert fresh_store.is_empty()
    assert fresh_store.data_version() == version


def test_the_order_of_the_tables_given_does_not_matter(
    fresh_store: Store, institutions: pd.DataFrame, sites: pd.DataFrame, reports: pd.DataFrame, at: datetime
) -> None:
    counts = fresh_store.add({"reports": reports, "sites": sites, "institutions": institutions}, actor="test", at=at)
    assert counts == {"institutions": 2, "sites": 3, "reports": 3}


def test_the_frames_given_are_not_altered(filled_store: Store, reports: pd.DataFrame, at: datetime) -> None:
    given = reports.assign(note=["", None, "catatan"])
    before = given.copy(deep=True)
    filled_store.add({"reports": given}, actor="test", at=at)
    pd.testing.assert_frame_equal(given, before)


def test_every_write_changes_the_version_and_reads_do_not(
    filled_store: Store, reports: pd.DataFrame, at: datetime
) -> None:
    seen = [filled_store.data_version()]
    filled_store.add({"reports": reports}, actor="test", at=at)
    seen.append(filled_store.data_version())
    filled_store.set_meta({"sample": "true"}, actor="test", at=at)
    seen.append(filled_store.data_version())
    filled_store.tables()
    assert len(set(seen)) == 3
    assert filled_store.data_version() == seen[-1]


def test_the_journal_says_who_changed_what_and_when(filled_store: Store, at: datetime) -> None:
    journal = filled_store.table("changes")
    assert journal[["actor", "what", "table", "rows"]].to_numpy().tolist() == [
        ["test", "add", "institutions", 2],
        ["test", "add", "sites", 3],
        ["test", "add", "reports", 3],
    ]
    assert (journal["at"] == pd.Timestamp(at)).all()


def test_only_the_first_of_two_fills_an_empty_store(
    fresh_store: Store, institutions: pd.DataFrame, at: datetime
) -> None:
    meta = {"sample": "true"}
    first = fresh_store.add({"institutions": institutions}, actor="a", at=at, meta=meta, only_if_empty=True)
    second = fresh_store.add({"institutions": institutions}, actor="b", at=at, meta=meta, only_if_empty=True)
    assert (first, second) == ({"institutions": 2}, {})
    assert set(fresh_store.table("changes")["actor"]) == {"a"}


def test_all_tables_are_read_as_of_one_moment(filled_store: Store) -> None:
    tables = filled_store.tables("sites", "reports")
    assert list(tables) == ["sites", "reports"]
    pd.testing.assert_frame_equal(tables["reports"], filled_store.reports())


def test_a_refusal_lists_every_problem_at_once(
    problems_of: Callable[..., str], sites: pd.DataFrame, reports: pd.DataFrame
) -> None:
    told = problems_of(sites=sites, reports=reports.assign(site_code=["KTN-9", "KTN-1", "KTN-1"], stage="selesai"))
    assert told.count("is stored already") == 3
    assert "reports, row 2, column site_code: no such code in sites ('KTN-9')" in told
    assert told.count("not one of the words allowed ('selesai')") == 3
