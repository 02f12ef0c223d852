"""State how a file becomes a batch: compared, committed whole, and taken back without losing history."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from geo.export import export_frame
from geo.model import Filters, RefusedError, StoreError, UnknownCodeError
from geo.programmes import load_programmes
from geo.progress.clocks import effective_reports, obstacles_in_force, plan_in_force, recorded
from geo.progress.state import state
from geo.store import Batch, Committed, Store, open_store
from geo.store.comparison import KEYS
from tests.prepared import shared_sample

T1 = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
T2 = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
T3 = datetime(2026, 11, 3, 3, 0, tzinfo=UTC)
T4 = datetime(2026, 11, 4, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
HASH = "ab" * 32


def _batch(kind: str, *, sha256: str = HASH, **told: Any) -> Batch:
    return Batch(kind, "laporan.xlsx", sha256, rows=3, **told)


def _commit(store: Store, kind: str, rows: pd.DataFrame, at: datetime, **told: Any) -> Committed:
    return store.commit_batch(_batch(kind), {kind: rows}, actor="Dinas Contoh", at=at, **told)


def _number(done: Committed) -> int:
    assert done.batch is not None
    return done.batch


def _undo(store: Store, done: Committed, at: datetime) -> None:
    store.undo_batch(_number(done), actor="Dinas Contoh", at=at)


def _reports(*rows: tuple[str, str, float | None], **columns: Any) -> pd.DataFrame:
    told = pd.DataFrame(list(rows), columns=["site_code", "as_of", "percent"])
    return told.assign(as_of=pd.to_datetime(told["as_of"]), percent=told["percent"].astype("float64"), **columns)


def _plan(*percents: float, site: str = "KTN-1") -> pd.DataFrame:
    days = pd.date_range("2026-01-31", periods=len(percents), freq="ME")
    return pd.DataFrame({"site_code": site, "as_of": days, "percent": list(percents)})


def _known(store: Store, known_at: datetime | None) -> dict[tuple[str, str], float]:
    """Percent by site and day as known at a moment."""
    told = effective_reports(store.table("reports", history=True), known_at=known_at).dropna(subset="percent")
    days = told["as_of"].dt.strftime("%m-%d")
    return dict(zip(zip(told["site_code"], days, strict=True), told["percent"], strict=True))


def _every_table(store: Store) -> dict[str, list[tuple[object, ...]]]:
    connection = sqlite3.connect(store.place)
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    held = {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}
    connection.close()
    return held


# --- compare -----------------------------------------------------------------------------------------------------


def test_rows_are_new_changed_or_unchanged_and_nothing_is_written(filled_store: Store) -> None:
    before = _every_table(filled_store)
    rows = _reports(("KTN-1", "2026-08-31", 40.0), ("KTN-1", "2026-09-30", 50.0), ("RUS-1", "2026-09-30", 5.0))
    told = filled_store.compare("reports", rows.set_axis([7, 8, 9]))
    assert told.state.to_dict() == {7: "unchanged", 8: "changed", 9: "new"}
    assert told.before["percent"].fillna(-1).tolist() == [40.0, 55.5, -1]
    assert told.differs["percent"].tolist() == [False, True, True]
    assert told.differs.columns.tolist() == ["site_code", "as_of", "percent"]
    assert (told.counts.new, told.counts.changed, told.counts.unchanged) == (1, 1, 1)
    assert _every_table(filled_store) == before


def test_a_column_left_out_is_not_compared_but_an_empty_cell_is(filled_store: Store) -> None:
    rows = _reports(("KTN-1", "2026-08-31", 40.0))
    assert filled_store.compare("reports", rows).state.tolist() == ["unchanged"]
    told = filled_store.compare("reports", rows.assign(spend=pd.array([None], dtype="Int64")))
    assert told.state.tolist() == ["changed"]
    assert told.differs.columns[told.differs.iloc[0]].tolist() == ["spend"]


def test_all_that_is_stored_comes_back_unchanged(filled_store: Store) -> None:
    for name in ("institutions", "sites", "reports"):
        assert set(filled_store.compare(name, filled_store.table(name)).state) == {"unchanged"}


@pytest.mark.parametrize("kind", KEYS)
def test_an_empty_frame_of_any_kind_has_nothing_to_say(filled_store: Store, kind: str) -> None:
    told = filled_store.compare(kind, filled_store.table(kind).iloc[:0])
    assert len(told.state) == len(told.before) == len(told.differs) == 0
    assert _commit(filled_store, kind, filled_store.table(kind).iloc[:0], T1).wrote_nothing


def test_a_corrected_report_and_its_correction_come_back_unchanged(filled_store: Store) -> None:
    _commit(filled_store, "reports", _reports(("KTN-1", "2026-09-30", 50.0)), T1)
    exported = filled_store.reports()
    assert filled_store.compare("reports", exported).state.tolist() == ["unchanged"] * 4
    assert filled_store.compare("reports", exported, keep_recorded_at=True).state.tolist() == ["unchanged"] * 4
    for keep in (False, True):
        assert _commit(filled_store, "reports", exported, T2, keep_recorded_at=keep).wrote_nothing


@given(percent=st.floats(0, 100), note=st.text("ab\u202e'\"[]{}\\é 1", min_size=1), spend=st.integers(0, 2**62))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_committed_stands_unchanged(filled_store: Store, percent: float, note: str, spend: int) -> None:
    rows = _reports(("KTN-1", "2026-10-31", percent), note=note, spend=pd.array([spend], dtype="Int64"))
    _commit(filled_store, "reports", rows, T1)
    assert filled_store.compare("reports", rows).state.tolist() == ["unchanged"]
    assert _commit(filled_store, "reports", rows, T2).batch is None


def test_coordinates_rounded_by_a_format_are_no_change(filled_store: Store, sites: pd.DataFrame) -> None:
    rows = sites[["code", "lon", "lat"]]
    assert set(filled_store.compare("sites", rows.assign(lon=rows["lon"] + 5e-8)).state) == {"unchanged"}
    assert set(filled_store.compare("sites", rows.assign(lon=rows["lon"] + 1e-5)).state) == {"changed"}


def test_an_outline_is_compared_by_its_shape(filled_store: Store) -> None:
    outline = shapely.box(112, -8, 113, -7)
    _commit(filled_store, "sites", pd.DataFrame({"code": ["KTN-1"], "footprint": [outline]}), T1)
    same = pd.DataFrame({"code": ["KTN-1", "KOP-1"], "footprint": [shapely.reverse(outline), None]})
    assert filled_store.compare("sites", same).state.tolist() == ["unchanged", "unchanged"]
    other = pd.DataFrame({"code": ["KTN-1"], "footprint": [shapely.box(112, -8, 113, -7.5)]})
    assert filled_store.compare("sites", other).state.tolist() == ["changed"]


def test_a_plan_counts_whole(filled_store: Store) -> None:
    _commit(filled_store, "plans", _plan(20, 60, 100), T1)
    assert filled_store.compare("plans", _plan(20, 60, 100)).state.tolist() == ["unchanged"] * 3
    assert filled_store.compare("plans", _plan(20, 50, 100)).state.tolist() == ["changed"] * 3
    assert filled_store.compare("plans", _plan(20, 100)).state.tolist() == ["changed"] * 2
    assert filled_store.compare("plans", _plan(20, 60, 100, site="KOP-1")).state.tolist() == ["new"] * 3


def test_an_obstacle_without_a_code_is_told_by_what_it_says(filled_store: Store) -> None:
    rows = pd.DataFrame(
        {"code": ["K-1", None], "site_code": "KTN-1", "opened": pd.Timestamp("2026-09-01"), "category": "lahan",
         "severity": [2, 1]}
    )  # fmt: skip
    assert filled_store.compare("obstacles", rows).state.tolist() == ["new", "new"]
    _commit(filled_store, "obstacles", rows, T1)
    assert filled_store.compare("obstacles", rows).state.tolist() == ["unchanged", "unchanged"]
    assert filled_store.compare("obstacles", rows.assign(severity=3)).state.tolist() == ["changed", "new"]


def test_a_table_that_no_file_can_fill_is_named(filled_store: Store) -> None:
    with pytest.raises(StoreError, match="No file can fill 'closures'"):
        filled_store.compare("closures", pd.DataFrame({"year": [2026]}))
    with pytest.raises(RefusedError, match="no file can fill 'meta'"):
        _commit(filled_store, "meta", pd.DataFrame({"key": ["a"]}), T1)


# --- commit ------------------------------------------------------------------------------------------------------


def test_a_commit_writes_what_is_new_and_changed_and_says_so(filled_store: Store) -> None:
    rows = _reports(("KTN-1", "2026-08-31", 40.0), ("KTN-1", "2026-09-30", 50.0), ("RUS-1", "2026-09-30", 5.0))
    done = _commit(filled_store, "reports", rows, T1)
    assert (done.new, done.changed, done.unchanged, done.same_file) == (1, 1, 1, None)
    stored = filled_store.reports().tail(2)
    assert stored["percent"].tolist() == [50.0, 5.0]
    assert set(stored["recorded_at"]) == {pd.Timestamp(T1)}
    assert set(stored["data_status"]) == {"reported"}
    assert _known(filled_store, None)[("KTN-1", "09-30")] == 50.0


def test_a_column_that_a_correction_leaves_out_stays_as_it_stood(filled_store: Store) -> None:
    _commit(filled_store, "reports", _reports(("KTN-1", "2026-08-31", 45.0)), T1)
    last = filled_store.reports().iloc[-1]
    assert (last["percent"], last["spend"], last["stage"]) == (45.0, 1_000_000_000, "in_progress")


def test_the_same_rows_again_write_nothing_at_all(filled_store: Store) -> None:
    rows = _reports(("RUS-1", "2026-09-30", 5.0))
    first = _commit(filled_store, "reports", rows, T1)
    before = _every_table(filled_store)
    again = _commit(filled_store, "reports", rows, T2)
    assert again.batch is None
    assert again.wrote_nothing
    assert again.same_file == first.batch
    assert _every_table(filled_store) == before


def test_a_dry_run_counts_and_refuses_alike_and_writes_nothing(filled_store: Store) -> None:
    before = _every_table(filled_store)
    done = _commit(filled_store, "reports", _reports(("RUS-1", "2026-09-30", 5.0)), T1, dry_run=True)
    assert (done.batch, done.new, done.wrote_nothing) == (None, 1, False)
    with pytest.raises(RefusedError, match="no such code in sites"):
        _commit(filled_store, "reports", _reports(("NONE", "2026-09-30", 5.0)), T1, dry_run=True)
    assert _every_table(filled_store) == before


def test_a_batch_is_listed_with_all_that_is_known_of_it(filled_store: Store) -> None:
    batch = _batch("reports", institution_code="PUPR", mapping={"percent": "Realisasi Fisik"})
    rows = _reports(("RUS-1", "2026-09-30", 5.0))
    done = filled_store.commit_batch(batch, {"reports": rows}, actor="Dinas Contoh", at=T1)
    stored = filled_store.batch(_number(done))
    assert (stored.kind, stored.file_name, stored.file_sha256, stored.institution_code) == (
        "reports", "laporan.xlsx", HASH, "PUPR",
    )  # fmt: skip
    assert (stored.actor, stored.at, stored.rows, stored.new, stored.undone_at) == ("Dinas Contoh", T1, 3, 1, None)
    assert stored.mapping == {"percent": "Realisasi Fisik"}
    assert filled_store.find_batch(HASH, "reports") == stored
    assert filled_store.find_batch(HASH, "plans") is None
    assert filled_store.batches()["id"].tolist() == [done.batch]


def test_the_mapping_of_an_institution_is_remembered_by_kind(filled_store: Store) -> None:
    batch = _batch("reports", institution_code="PUPR", mapping={"percent": "Realisasi Fisik"})
    rows = _reports(("RUS-1", "2026-09-30", 5.0))
    filled_store.commit_batch(batch, {"reports": rows}, actor="Dinas Contoh", at=T1)
    assert filled_store.remembered_mapping("PUPR", "reports") == {"percent": "Realisasi Fisik"}
    filled_store.remember_mapping("PUPR", "reports", {"percent": "Progres"}, actor="Dinas Contoh", at=T2)
    assert filled_store.remembered_mapping("PUPR", "reports") == {"percent": "Progres"}
    assert filled_store.remembered_mapping("PUPR", "sites") is None


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (_reports(("NONE", "2026-09-30", 5.0)), "reports, row 2, column site_code: no such code in sites ('NONE')"),
        (
            _reports(("RUS-1", "2026-09-30", 5.0), ("RUS-1", "2026-09-30", 6.0)),
            "row 3, column site_code: site_code and",
        ),
        (_reports(("RUS-1", "2026-09-30", 101.0)), "row 2, column percent: more than 100"),
        (_reports(("RUS-1", "2026-09-30", None)), "the report says nothing"),
        (_reports(("RUS-1", "2026-09-30", 5.0), nilai=1), "unknown column 'nilai'"),
    ],
)
def test_a_bad_row_refuses_the_whole_file(filled_store: Store, rows: pd.DataFrame, told: str) -> None:
    before = _every_table(filled_store)
    good = _reports(("KOP-1", "2026-10-31", 5.0))
    with pytest.raises(RefusedError) as refusal:
        _commit(filled_store, "reports", pd.concat([rows, good], ignore_index=True), T1)
    assert told in str(refusal.value)
    assert _every_table(filled_store) == before


def test_a_new_site_without_what_it_needs_is_refused_but_a_stored_one_may_bring_little(filled_store: Store) -> None:
    rows = pd.DataFrame({"code": ["KTN-1", "NEW-1"], "year": [2024, 2024]})
    with pytest.raises(RefusedError) as refusal:
        _commit(filled_store, "sites", rows, T1)
    assert "sites, row 3, column name: a value is required" in str(refusal.value)
    assert "row 2" not in str(refusal.value)
    _commit(filled_store, "sites", rows.head(1), T1)
    site = filled_store.sites(["KTN-1"]).iloc[0]
    assert (site["year"], site["name"], site["contract_value"]) == (2024, "KTN Contoh", 9_007_199_254_740_993)


def test_a_plan_that_does_not_end_at_100_is_refused(filled_store: Store) -> None:
    with pytest.raises(RefusedError, match="the plan does not end at 100"):
        _commit(filled_store, "plans", _plan(20, 60), T1)


def test_a_revised_plan_is_recorded_whole_even_by_a_clock_that_stands(filled_store: Store) -> None:
    _commit(filled_store, "plans", _plan(20, 60, 100), T1)
    _commit(filled_store, "plans", _plan(20, 100), T1)
    assert plan_in_force(filled_store.plans())["percent"].tolist() == [20, 100]
    assert len(filled_store.plans()) == 5


def test_a_correction_counts_even_by_a_clock_gone_back(filled_store: Store) -> None:
    _commit(filled_store, "reports", _reports(("KTN-1", "2026-09-30", 20.0)), datetime(2020, 1, 1, tzinfo=UTC))
    assert _known(filled_store, None)[("KTN-1", "09-30")] == 20.0


def test_an_archive_keeps_its_moments_of_recording(filled_store: Store) -> None:
    rows = pd.concat([_reports(("RUS-1", "2024-12-31", 5.0)), _reports(("RUS-1", "2024-12-31", 7.0))])
    early = rows.assign(recorded_at=pd.to_datetime(["2025-01-03T00:00Z", "2025-02-03T00:00Z"]))
    with pytest.raises(RefusedError, match="appear twice"):
        _commit(filled_store, "reports", early, T1)
    done = _commit(filled_store, "reports", early, T1, keep_recorded_at=True)
    assert done.new == 2
    january, february = (datetime(2025, month, 10, tzinfo=UTC) for month in (1, 2))
    assert _known(filled_store, january) == {("RUS-1", "12-31"): 5.0}
    assert _known(filled_store, february) == {("RUS-1", "12-31"): 7.0}


def test_sites_and_their_reports_may_come_in_one_batch(filled_store: Store, sites: pd.DataFrame) -> None:
    site = sites.tail(1).assign(code="RUS-2")
    tables = {"reports": _reports(("RUS-2", "2026-09-30", 5.0)), "sites": site}
    done = filled_store.commit_batch(_batch("sites"), tables, actor="Dinas Contoh", at=T1)
    assert done.new == 2
    undone = filled_store.undo_batch(_number(done), actor="Dinas Contoh", at=T2)
    assert undone.withdrawn == {"reports": 1, "sites": 1}
    assert "RUS-2" not in set(filled_store.sites()["code"])


# --- undo --------------------------------------------------------------------------------------------------------


def test_an_undone_batch_shows_between_commit_and_undo_alone(filled_store: Store) -> None:
    before = _known(filled_store, None)
    rows = _reports(("KTN-1", "2026-09-30", 50.0), ("RUS-1", "2026-09-30", 5.0))
    done = _commit(filled_store, "reports", rows, T2)
    batch = {**before, ("KTN-1", "09-30"): 50.0, ("RUS-1", "09-30"): 5.0}
    undone = filled_store.undo_batch(_number(done), actor="Dinas Contoh", at=T3)
    assert (undone.undone, undone.withdrawn, undone.restored) == (done.batch, {"reports": 2}, {})
    assert _known(filled_store, T1) == _known(filled_store, T3) == _known(filled_store, None) == before
    assert _known(filled_store, T2) == _known(filled_store, T3 - HOUR) == batch
    assert len(filled_store.reports()) == 3
    assert len(filled_store.reports(known_at=T3 - HOUR)) == 5
    assert len(filled_store.reports(known_at=T3)) == 3


def test_no_report_is_touched_by_an_undo(filled_store: Store) -> None:
    done = _commit(filled_store, "reports", _reports(("RUS-1", "2026-09-30", 5.0)), T2)
    before = _every_table(filled_store)["reports"]
    _undo(filled_store, done, T3)
    assert _every_table(filled_store)["reports"] == before


def test_the_same_file_can_be_committed_again_after_its_undo(filled_store: Store) -> None:
    rows = _reports(("RUS-1", "2026-09-30", 5.0))
    done = _commit(filled_store, "reports", rows, T1)
    _undo(filled_store, done, T2)
    assert filled_store.find_batch(HASH, "reports") is None
    again = _commit(filled_store, "reports", rows, T3)
    assert (again.new, again.same_file) == (1, None)
    moments = [T1, T2, T3]
    assert [("RUS-1", "09-30") in _known(filled_store, moment) for moment in moments] == [True, False, True]
    assert filled_store.batches()["undo_of"].fillna(0).tolist() == [0, done.batch, 0]
    assert filled_store.batch(_number(done)).undone_at == T2


def test_an_undone_archive_leaves_the_past_as_it_was_before(filled_store: Store) -> None:
    rows = _reports(("RUS-1", "2024-12-31", 5.0), recorded_at=pd.Timestamp("2025-01-03T00:00Z"))
    done = _commit(filled_store, "reports", rows, T2, keep_recorded_at=True)
    _undo(filled_store, done, T3)
    assert [("RUS-1", "12-31") in _known(filled_store, moment) for moment in (T1, T2, T3)] == [False, True, False]


@pytest.mark.parametrize("keep", [False, True])
def test_a_plan_taken_back_gives_way_to_the_one_before(filled_store: Store, keep: bool) -> None:
    _commit(filled_store, "plans", _plan(20, 60, 100), T1)
    revised = _plan(10, 100).assign(recorded_at=pd.Timestamp(T2))
    for _ in range(2):
        _undo(filled_store, _commit(filled_store, "plans", revised, T2, keep_recorded_at=keep), T3)
    history = filled_store.table("plans", history=True)
    shown = [plan_in_force(history, moment)["percent"].tolist() for moment in (T1, T2 + HOUR, T3, None)]
    assert shown == [[20, 60, 100], [10, 100], [20, 60, 100], [20, 60, 100]]
    assert plan_in_force(filled_store.plans())["percent"].tolist() == [20, 60, 100]
    assert filled_store.check() == []


def test_an_obstacle_closed_by_mistake_is_open_again(filled_store: Store) -> None:
    opened = pd.DataFrame(
        {"code": ["K-1"], "site_code": "KTN-1", "opened": pd.Timestamp("2026-09-01"), "category": "lahan",
         "severity": 2}
    )  # fmt: skip
    _commit(filled_store, "obstacles", opened, T1)
    closing = pd.DataFrame({"code": ["K-1"], "closed": pd.to_datetime(["2026-10-01"])})
    _undo(filled_store, _commit(filled_store, "obstacles", closing, T2), T3)
    history = filled_store.table("obstacles", history=True)
    closed = [obstacles_in_force(history, moment)["closed"].notna().tolist() for moment in (T1, T2, T3)]
    assert closed == [[False], [True], [False]]


def test_a_changed_site_keeps_what_stood(filled_store: Store) -> None:
    done = _commit(filled_store, "sites", pd.DataFrame({"code": ["KTN-1"], "name": ["Nama baru"]}), T2)
    first = filled_store.sites(["KTN-1"])["recorded_at"].iloc[0]
    assert first < pd.Timestamp(T1)  # the site itself is known as long as before

    def names(known_at: datetime | None) -> list[str]:
        known = recorded(filled_store.table("sites", history=True), known_at)
        assert known["code"].is_unique
        return known.loc[known["code"] == "KTN-1", "name"].tolist()

    assert [names(moment) for moment in (T1, T2, None)] == [["KTN Contoh"], ["Nama baru"], ["Nama baru"]]
    undone = filled_store.undo_batch(_number(done), actor="Dinas Contoh", at=T3)
    assert undone.restored == {"sites": 1}
    shown = [names(moment) for moment in (T1, T2, T3, None)]
    assert shown == [["KTN Contoh"], ["Nama baru"], ["KTN Contoh"], ["KTN Contoh"]]
    assert filled_store.sites(["KTN-1"])["contract_value"].tolist() == [9_007_199_254_740_993]


def test_an_undone_site_is_gone_and_can_come_back(filled_store: Store, sites: pd.DataFrame) -> None:
    site = sites.tail(1).assign(code="RUS-2", footprint=[shapely.box(119, -1, 120, 0)])

    def known() -> list[bool]:
        rows = filled_store.table("sites", history=True)
        return ["RUS-2" in set(recorded(rows, moment)["code"]) for moment in (T1 - HOUR, T1, T2, T3, T4)]

    _undo(filled_store, _commit(filled_store, "sites", site, T1), T2)
    assert "RUS-2" not in set(filled_store.sites()["code"])
    assert filled_store.sites(["RUS-2"]).empty
    assert "RUS-2" not in set(filled_store.tables("sites", columns={"sites": ["name", "code"]})["sites"]["code"])
    assert known() == [False, True, False, False, False]
    with pytest.raises(RefusedError, match="no such code in sites"):
        filled_store.add({"plans": _plan(50, 100, site="RUS-2")}, actor="test", at=T2)
    again = _commit(filled_store, "sites", site, T3)
    assert again.new == 1
    assert filled_store.sites(["RUS-2"])["footprint"].iloc[0].equals(shapely.box(119, -1, 120, 0))
    assert known() == [False, True, False, True, True]
    _undo(filled_store, again, T4)
    assert known() == [False, True, False, True, False]


def test_counts_of_beneficiaries_are_replaced_and_restored(filled_store: Store) -> None:
    counts = pd.DataFrame({"site_code": "KTN-1", "as_of": "2026-09-30", "group": ["mitra", "masyarakat"], "count": 3})
    first = _commit(filled_store, "beneficiaries", counts, T1)
    second = _commit(filled_store, "beneficiaries", counts.assign(count=[3, 9]), T2)
    assert (second.changed, second.unchanged) == (1, 1)
    with pytest.raises(RefusedError, match=f"Take back batch {second.batch} first"):
        _undo(filled_store, first, T3)
    _undo(filled_store, second, T3)
    assert sorted(filled_store.beneficiaries()["count"]) == [3, 3]
    _undo(filled_store, first, T4)
    assert filled_store.beneficiaries().empty
    history = filled_store.table("beneficiaries", history=True)
    known = [sorted(recorded(history, moment)["count"]) for moment in (T1 - HOUR, T1, T2, T3, T4)]
    assert known == [[], [3, 3], [3, 9], [3, 3], []]


def test_a_batch_is_kept_while_later_rows_build_on_it(filled_store: Store, sites: pd.DataFrame) -> None:
    first = _commit(filled_store, "sites", sites.tail(1).assign(code="RUS-2"), T1)
    second = _commit(filled_store, "reports", _reports(("RUS-2", "2026-09-30", 5.0)), T2)
    before = _every_table(filled_store)
    with pytest.raises(RefusedError) as refusal:
        _undo(filled_store, first, T3)
    assert "1 rows of reports refer to 1 of the rows it brought in ('RUS-2')" in str(refusal.value)
    assert f"Take back batch {second.batch} first" in str(refusal.value)
    assert _every_table(filled_store) == before
    _undo(filled_store, second, T3)
    _undo(filled_store, first, T3)
    assert "RUS-2" not in set(filled_store.sites()["code"])
    assert filled_store.check() == []


def test_rows_that_came_by_no_batch_keep_what_they_refer_to(filled_store: Store, sites: pd.DataFrame) -> None:
    first = _commit(filled_store, "sites", sites.tail(1).assign(code="RUS-2"), T1)
    filled_store.add({"plans": _plan(50, 100, site="RUS-2")}, actor="test", at=T2)
    with pytest.raises(RefusedError, match="Rows that came by no batch refer to it"):
        _undo(filled_store, first, T3)


def test_what_stood_before_must_still_be_possible(filled_store: Store, institutions: pd.DataFrame) -> None:
    new = _commit(filled_store, "institutions", institutions.head(1).assign(code="OPD-9"), T1)
    _commit(filled_store, "sites", pd.DataFrame({"code": ["KOP-1"], "institution_code": ["OPD-9"]}), T1)
    moved = _commit(filled_store, "sites", pd.DataFrame({"code": ["KOP-1"], "institution_code": ["PUPR"]}), T2)
    _undo(filled_store, new, T3)
    with pytest.raises(RefusedError, match="refers to what is gone: no such code in institutions"):
        _undo(filled_store, moved, T4)


def test_a_batch_is_taken_back_once(filled_store: Store) -> None:
    done = _commit(filled_store, "reports", _reports(("RUS-1", "2026-09-30", 5.0)), T2)
    with pytest.raises(RefusedError, match="later than this"):
        _undo(filled_store, done, T1)
    undone = filled_store.undo_batch(_number(done), actor="Dinas Contoh", at=T3)
    with pytest.raises(RefusedError, match="was taken back already at 2026-11-03 03:00 UTC"):
        _undo(filled_store, done, T4)
    with pytest.raises(RefusedError, match="is itself the undo"):
        filled_store.undo_batch(undone.batch, actor="Dinas Contoh", at=T4)
    with pytest.raises(UnknownCodeError, match="No batch 99"):
        filled_store.undo_batch(99, actor="Dinas Contoh", at=T4)


def test_commit_and_undo_change_the_version_of_what_they_touch_alone(filled_store: Store) -> None:
    seen = [filled_store.versions()]
    done = _commit(filled_store, "reports", _reports(("RUS-1", "2026-09-30", 5.0)), T1)
    seen.append(filled_store.versions())
    _undo(filled_store, done, T2)
    seen.append(filled_store.versions())
    for earlier, later in pairwise(seen):
        assert {name for name in later if later[name] != earlier[name]} == {"", "reports"}
    journal = filled_store.table("changes").tail(2)
    assert journal[["what", "table", "rows"]].to_numpy().tolist() == [["import", "reports", 1], ["undo", "reports", 1]]


def test_a_history_without_any_batch_is_the_table_itself(filled_store: Store) -> None:
    for name, rows in filled_store.tables(history=True).items():
        assert rows[["entered_at", "withdrawn_at"]].isna().all().all()
        plain = rows.drop(columns=["entered_at", "withdrawn_at"])
        pd.testing.assert_frame_equal(plain, filled_store.table(name))


def test_who_and_when_must_be_said(filled_store: Store) -> None:
    naive = datetime.fromisoformat("2026-10-31T05:00:00")
    rows = _reports(("RUS-1", "2026-09-30", 5.0))
    with pytest.raises(RefusedError, match="at has no time zone"):
        _commit(filled_store, "reports", rows, naive)
    batch = Batch("reports", " ", HASH, rows=1)
    with pytest.raises(RefusedError, match="file_name is empty"):
        filled_store.commit_batch(batch, {"reports": rows}, actor="Dinas Contoh", at=T1)
    with pytest.raises(RefusedError, match="actor is empty"):
        filled_store.undo_batch(1, actor=" ", at=T1)


@pytest.mark.parametrize("statement", ["UPDATE batches SET actor = 'x'", "DELETE FROM batch_rows"])
def test_the_database_itself_keeps_the_list_of_batches(filled_store: Store, statement: str) -> None:
    _commit(filled_store, "reports", _reports(("RUS-1", "2026-09-30", 5.0)), T1)
    connection = sqlite3.connect(filled_store.place)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    connection.close()


# --- all or nothing ----------------------------------------------------------------------------------------------


def test_a_failure_in_the_middle_leaves_nothing(filled_store: Store, sites: pd.DataFrame) -> None:
    connection = sqlite3.connect(filled_store.place)
    connection.execute("CREATE TRIGGER full BEFORE INSERT ON batch_rows BEGIN SELECT RAISE(ABORT, 'no more'); END")
    connection.close()
    before = _every_table(filled_store)
    with pytest.raises(RefusedError, match="no more"):
        _commit(filled_store, "sites", sites.assign(name="Lain"), T1)
    assert _every_table(filled_store) == before


def _many(count: int, *, percent: float = 50.0) -> pd.DataFrame:
    days = pd.to_datetime("2020-01-01") + pd.to_timedelta(pd.RangeIndex(count) // 3, unit="D")
    codes = (["KTN-1", "KOP-1", "RUS-1"] * count)[:count]
    return pd.DataFrame({"site_code": codes, "as_of": days, "percent": percent})


def _commit_and_die(url: str, table: str) -> None:
    """Commit in a process that kills itself once the rows of a table are in the database, but not yet committed."""

    def die(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(f"INSERT INTO {table} "):
            os.kill(os.getpid(), signal.SIGKILL)

    store = open_store(url)
    event.listen(Engine, "after_cursor_execute", die)
    _commit(store, "reports", _many(3_000), T1)


@pytest.mark.parametrize("table", ["batches", "reports", "batch_rows", "changes"])
def test_kill_9_in_the_middle_of_a_commit_leaves_the_store_as_before(
    filled_store: Store, store_url: str, table: str
) -> None:
    before = _every_table(filled_store)
    process = multiprocessing.get_context("spawn").Process(target=_commit_and_die, args=(store_url, table))
    process.start()
    process.join(timeout=120)
    assert process.exitcode == -signal.SIGKILL
    assert _every_table(filled_store) == before
    assert filled_store.check() == []
    assert _commit(filled_store, "reports", _many(3_000), T1).new == 3_000


# --- the two clocks ----------------------------------------------------------------------------------------------

_DAYS = ["06-30", "07-31"]
_ROW = st.tuples(st.sampled_from(["KTN-1", "KOP-1"]), st.sampled_from(_DAYS), st.integers(0, 100))
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("commit"), st.lists(_ROW, min_size=1, max_size=3, unique_by=lambda row: row[:2])),
        st.tuples(st.just("undo"), st.integers(0, 5)),
    ),
    max_size=8,
)


def _told(site: str, day: str, number: int) -> pd.DataFrame:
    return _reports((site, f"2026-{day}", float(number)))


def _counted(site: str, day: str, number: int) -> pd.DataFrame:
    return pd.DataFrame({"site_code": [site], "as_of": [f"2026-{day}"], "group": ["mitra"], "count": [number]})


def _planned(site: str, day: str, number: int) -> pd.DataFrame:
    days = pd.to_datetime([f"2026-{day}", "2026-12-31"])
    return pd.DataFrame({"site_code": site, "as_of": days, "percent": [float(number), 100.0]})


def _sizes(store: Store, known_at: datetime | None) -> dict[tuple[str, str], float]:
    """Beneficiaries by site and day as known at a moment."""
    known = recorded(store.table("beneficiaries", history=True), known_at)
    assert not known.duplicated(["site_code", "as_of"]).any()
    days = known["as_of"].dt.strftime("%m-%d")
    return dict(zip(zip(known["site_code"], days, strict=True), known["count"], strict=True))


def _plans(store: Store, known_at: datetime | None) -> dict[tuple[str, str], float]:
    """Planned percent by site and day as known at a moment."""
    known = plan_in_force(store.table("plans", history=True), known_at)
    days = known["as_of"].dt.strftime("%m-%d")
    return dict(zip(zip(known["site_code"], days, strict=True), known["percent"], strict=True))


@pytest.mark.parametrize(
    ("kind", "rows_of", "known"),
    [("reports", _told, _known), ("beneficiaries", _counted, _sizes), ("plans", _planned, _plans)],
    ids=["reports", "beneficiaries", "plans"],
)
@given(steps=_STEPS)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_run_of_commits_and_undos_can_be_seen_as_it_was_at_each_moment(
    filled_store: Store, tmp_path: Path, steps: list[tuple[str, Any]], kind: str, rows_of: Any, known: Any
) -> None:
    copy = filled_store.backup(tmp_path / f"{len(list(tmp_path.iterdir()))}.sqlite", actor="test", at=T1)
    store = open_store(f"sqlite:///{copy}")
    at, seen, standing = T1, {T1 - HOUR: known(store, None)}, []
    for what, told in steps:
        at += HOUR
        if what == "commit":
            rows = pd.concat([rows_of(*row) for row in (told if kind != "plans" else told[:1])], ignore_index=True)
            done = _commit(store, kind, rows, at)
            standing += [done] if done.batch is not None else []
        elif standing:
            chosen = standing[told % len(standing)]
            with suppress(RefusedError):  # a later batch changed the same rows again
                _undo(store, chosen, at)
                standing.remove(chosen)
        seen[at] = known(store, None)
        assert len(store.table(kind)) == store.table(kind, history=True)["withdrawn_at"].isna().sum()
    assert {moment: known(store, moment) for moment in seen} == seen
    store.close()


def test_a_day_may_be_given_as_a_date(filled_store: Store) -> None:
    rows = pd.DataFrame({"site_code": ["RUS-1"], "as_of": [date(2026, 9, 30)], "percent": [5]})
    assert _commit(filled_store, "reports", rows, T1).new == 1
    assert filled_store.compare("reports", rows).state.tolist() == ["unchanged"]


def test_a_site_of_an_archive_is_known_since_the_archive_says(filled_store: Store, sites: pd.DataFrame) -> None:
    site = sites.tail(1).assign(code="RUS-2", recorded_at=pd.Timestamp("2024-01-01T00:00Z"))
    for at, undone_at in ((T1, T2), (T3, T4)):
        done = _commit(filled_store, "sites", site, at, keep_recorded_at=True)
        early = recorded(filled_store.table("sites"), datetime(2024, 6, 1, tzinfo=UTC))
        assert early["code"].tolist() == ["RUS-2"]
        _undo(filled_store, done, undone_at)
    rows = filled_store.table("sites", history=True)
    codes = [recorded(rows, moment)["code"].tolist().count("RUS-2") for moment in (T1 - HOUR, T1, T2, T3, T4)]
    assert codes == [0, 1, 0, 1, 0]


def test_a_moment_without_a_zone_and_a_column_twice_are_refused(filled_store: Store) -> None:
    rows = _reports(("RUS-1", "2026-09-30", 5.0), recorded_at=pd.Timestamp("2025-01-01"))
    with pytest.raises(RefusedError, match="not a moment with a time zone"):
        _commit(filled_store, "reports", rows, T1, keep_recorded_at=True)
    twice = pd.concat([rows, rows[["recorded_at"]]], axis="columns")
    with pytest.raises(RefusedError, match="column recorded_at: the column stands twice"):
        _commit(filled_store, "reports", twice, T1, keep_recorded_at=True)


def test_the_figures_of_every_screen_follow_the_history(filled_store: Store, sites: pd.DataFrame) -> None:
    site = sites.tail(1).assign(code="RUS-2")
    tables = {"sites": site, "reports": _reports(("RUS-2", "2026-09-30", 5.0), ("KTN-1", "2026-09-30", 50.0))}
    done = filled_store.commit_batch(_batch("sites"), tables, actor="Dinas Contoh", at=T2)
    _undo(filled_store, done, T3)

    def percents(tables: dict[str, pd.DataFrame], known_at: datetime | None) -> dict[str, float]:
        filters = Filters(on=date(2026, 10, 31), known_at=known_at)
        positions = state(tables, filters, load_programmes()).positions
        told = positions["actual_percent"].fillna(-1)
        return dict(zip(positions["code"], told, strict=True))

    before = {"KTN-1": 55.5, "KOP-1": -1.0, "RUS-1": -1.0}
    history = filled_store.tables(history=True)
    assert percents(history, T1) == percents(history, T3) == percents(history, None) == before
    assert percents(history, T2) == {**before, "KTN-1": 50.0, "RUS-2": 5.0}
    assert percents(filled_store.tables(), None) == before


def test_an_export_of_a_past_moment_holds_what_was_taken_back_since(fresh_store: Store) -> None:
    at = datetime(2027, 1, 1, tzinfo=UTC)
    fresh_store.add(shared_sample(), actor="Kantor Uji", at=at)
    site = str(fresh_store.sites()["code"].iloc[0])
    day = pd.Timestamp("2026-10-30")
    told = pd.DataFrame({"site_code": [site], "as_of": [day], "percent": [1.0], "data_status": ["synthetic"]})
    batch = Batch("reports", "a.csv", "0" * 64, 1)
    done = fresh_store.commit_batch(batch, {"reports": told}, actor="Kantor Uji", at=at + HOUR)
    assert done.batch is not None
    fresh_store.undo_batch(done.batch, actor="Kantor Uji", at=at + 3 * HOUR)

    def exported(hours: int) -> pd.DataFrame:
        tables = fresh_store.tables(history=True)
        filters = Filters(on=date(2026, 10, 31), known_at=at + hours * HOUR)
        return export_frame("reports", state(tables, filters, load_programmes()), tables)

    before, between, after = exported(0), exported(2), exported(4)
    assert len(between) == len(before) + 1 == len(after) + 1
    assert not {"entered_at", "withdrawn_at"} & set(between.columns)
    assert between.loc[(between["site_code"] == site) & (between["as_of"] == day), "percent"].tolist() == [1.0]
