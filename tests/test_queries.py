"""A position is worked out once for a day, a moment and what is recorded; a write sets aside only what it touches."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import copy_context
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from geo.milestones import record_meeting
from geo.model import Filters
from geo.progress.since import Then
from geo.store import Store, open_store
from pages.parts import queries
from tests.serving import ROOT

ON = date(2026, 9, 30)
SETTLED = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
AT = datetime(2026, 10, 10, 2, 0, tzinfo=UTC)
FILTERS = (
    Filters(on=ON),
    Filters(on=ON, provinces=("35",)),
    Filters(on=ON, programmes=("ktn",)),
    Filters(on=ON, statuses=("kritis",)),
    Filters(on=ON, search="a"),
)


def rows(columns: str, *found: tuple[object, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(found, columns=columns.split())
    for name in ("as_of", "opened", "recorded_at"):
        if name in frame:
            frame[name] = pd.to_datetime(frame[name], utc=name == "recorded_at")
    return frame


REPORTS = "site_code as_of recorded_at percent stage data_status"
OBSTACLES = "code site_code opened category severity note"
RECORDS = {
    "institutions": rows("code name kind field", ("KL-1", "Kementerian Contoh", "kl", "pmk")),
    "sites": rows(
        "code programme name region_code lon lat location_precision institution_code year data_status",
        ("A", "ktn", "Kawasan A", "35.07", 112.6, -8.1, "exact", "KL-1", 2026, "reported"),
        ("B", "koperasi", "Koperasi B", "33.10", 110.6, -7.6, "exact", "KL-1", 2026, "reported"),
    ),
    "plans": rows(
        "site_code as_of percent",
        ("A", "2026-01-31", 0.0), ("A", "2026-12-31", 100.0), ("B", "2026-01-31", 0.0), ("B", "2026-12-31", 100.0),
    ),
    "reports": rows(
        REPORTS,
        ("A", "2026-09-30", "2026-10-03T02:00Z", 70.0, "in_progress", "reported"),
        ("B", "2026-06-30", "2026-07-03T02:00Z", 20.0, "in_progress", "reported"),
    ),
    "actions": rows(
        "code year institution_code region_code programme kind title unit target_b09 target_b12",
        ("RA-1", 2026, "KL-1", "35.07", "ktn", "non_physical", "Pelatihan", "orang", 30.0, 40.0),
    ),
}  # fmt: skip


class Counted:
    """How often the costly parts were worked out."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls = dict.fromkeys(("located", "standing", "action_plan", "earlier"), 0)
        for name in self.calls:
            monkeypatch.setattr(queries, name, self._counting(name))

    def _counting(self, name: str) -> Any:
        real = getattr(queries, name)

        def counting(*arguments: Any, **options: Any) -> Any:
            self.calls[name] += 1
            return real(*arguments, **options)

        return counting

    def since_last_asked(self) -> dict[str, int]:
        told = {name: count for name, count in self.calls.items() if count}
        self.calls.update(dict.fromkeys(self.calls, 0))
        return told


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A small store that the screens' questions go to, with nothing kept from another test."""
    monkeypatch.setenv("GEO_DATABASE_URL", f"sqlite:///{tmp_path / 'store.sqlite'}")
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path))
    for name in ("GEO_PROGRAMMES", "GEO_THRESHOLDS"):
        monkeypatch.delenv(name, raising=False)
    opened = open_store()
    opened.migrate()
    opened.add(RECORDS, actor="test", at=SETTLED)
    _forget()
    yield opened
    queries.store().close()
    opened.close()
    _forget()


@pytest.fixture
def counted(store: Store, monkeypatch: pytest.MonkeyPatch) -> Counted:
    return Counted(monkeypatch)


def _forget() -> None:
    st.cache_resource.clear()
    st.cache_data.clear()


def ask_everything() -> None:
    """What the screens ask for when somebody goes through them."""
    for filters in FILTERS:
        queries.current_state(filters)
        queries.current_plan(filters)
        queries.waiting(filters)


def percent(code: str, **filters: Any) -> float:
    positions = queries.current_state(Filters(on=ON, **filters)).positions.set_index("code")
    return float(positions["actual_percent"][code])


# --- once --------------------------------------------------------------------------------------------------------


def test_positions_are_worked_out_once_for_all_filters_of_a_day(counted: Counted) -> None:
    for filters in FILTERS * 2:
        queries.current_state(filters)
    assert counted.since_last_asked() == {"located": 1, "standing": 1}


def test_another_day_or_another_moment_is_another_position(counted: Counted) -> None:
    queries.current_state(Filters(on=ON))
    queries.current_state(Filters(on=date(2026, 8, 31)))
    queries.current_state(Filters(on=ON, known_at=AT))
    assert counted.since_last_asked() == {"located": 3, "standing": 3}
    queries.current_state(Filters(on=date(2026, 8, 31), provinces=("33",)))
    queries.current_state(Filters(on=ON, known_at=AT, provinces=("33",)))
    assert counted.since_last_asked() == {}


def test_the_same_question_gets_the_same_object(store: Store) -> None:
    for ask in (queries.current_state, queries.current_plan, queries.waiting):
        assert ask(Filters(on=ON, provinces=("35",))) is ask(Filters(on=ON, provinces=("35",)))


def test_filters_choose_from_one_standing(store: Store) -> None:
    states = [queries.current_state(filters) for filters in FILTERS]
    assert len({id(each.standing) for each in states}) == 1
    assert [each.positions["code"].tolist() for each in states[:3]] == [["A", "B"], ["A"], ["A"]]


def test_changes_since_a_day_use_the_positions_of_both_days_that_are_kept(counted: Counted) -> None:
    then = Then(date(2026, 8, 31))
    queries.current_state(Filters(on=ON))
    queries.current_state(Filters(on=then.on))
    counted.since_last_asked()
    for filters in FILTERS:
        queries.changes(filters, then)
    worked_out = counted.since_last_asked()
    assert worked_out == {"earlier": 1}


def test_a_status_asked_for_does_not_work_the_changes_out_again(counted: Counted) -> None:
    then = Then(date(2026, 8, 31))
    first = queries.changes(Filters(on=ON), then)
    assert queries.changes(Filters(on=ON, statuses=("kritis",)), then) is first


# --- after a write -----------------------------------------------------------------------------------------------


def test_a_meeting_sets_nothing_aside(store: Store, counted: Counted) -> None:
    ask_everything()
    counted.since_last_asked()
    record_meeting(store, name="Rapat", as_of=date(2026, 8, 31), held_at=AT, actor="test", at=AT)
    ask_everything()
    assert counted.since_last_asked() == {}
    assert queries.meetings(Filters(on=ON))["name"].tolist() == ["Rapat"]


def test_a_report_on_an_action_sets_aside_the_action_plan_alone(store: Store, counted: Counted) -> None:
    ask_everything()
    before = queries.current_state(Filters(on=ON))
    counted.since_last_asked()
    told = rows("action_code as_of recorded_at achieved", ("RA-1", "2026-09-30", "2026-10-04T02:00Z", 15.0))
    store.add({"action_reports": told}, actor="test", at=AT)
    ask_everything()
    assert counted.since_last_asked() == {"action_plan": len(FILTERS)}
    assert queries.current_state(Filters(on=ON)) is before
    assert queries.current_plan(Filters(on=ON)).positions["achieved"].tolist() == [15.0]


def test_a_report_on_a_site_sets_the_positions_aside(store: Store, counted: Counted) -> None:
    ask_everything()
    assert percent("B") == 20.0
    counted.since_last_asked()
    told = rows(REPORTS, ("B", "2026-09-30", "2026-10-09T02:00Z", 55.0, "in_progress", "reported"))
    store.add({"reports": told}, actor="test", at=AT)
    ask_everything()
    assert counted.since_last_asked() == {"located": 1, "standing": 1}
    assert percent("B") == 55.0
    assert percent("B", known_at=datetime(2026, 10, 5, tzinfo=UTC)) == 20.0


def test_an_obstacle_sets_the_standing_aside_and_keeps_the_positions(store: Store, counted: Counted) -> None:
    ask_everything()
    counted.since_last_asked()
    found = rows(OBSTACLES, ("K-1", "A", "2026-09-01", "lahan", 3, "Lahan belum bebas"))
    store.add({"obstacles": found}, actor="test", at=AT)
    ask_everything()
    assert counted.since_last_asked() == {"standing": 1}
    positions = queries.current_state(Filters(on=ON)).positions.set_index("code")
    assert positions["blocked"].to_dict() == {"A": True, "B": False}


@pytest.mark.parametrize("table", ["plans", "sites"])
def test_a_revised_plan_or_a_new_site_sets_the_positions_aside(store: Store, counted: Counted, table: str) -> None:
    ask_everything()
    counted.since_last_asked()
    revised = RECORDS["plans"].iloc[:2].assign(recorded_at=pd.Timestamp("2026-10-09T02:00Z"))
    added = revised if table == "plans" else RECORDS["sites"].iloc[[0]].assign(code="C")
    store.add({table: added}, actor="test", at=AT)
    ask_everything()
    assert counted.since_last_asked() == {"located": 1, "standing": 1}


def test_changed_thresholds_are_judged_by_at_once(
    store: Store, counted: Counted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def status() -> str:
        return str(queries.current_state(Filters(on=ON)).positions.set_index("code").loc["B", "status"])

    assert status() == "kritis"
    counted.since_last_asked()
    file = tmp_path / "limits.toml"
    file.write_text("critical_points = 90\n", encoding="utf-8")
    monkeypatch.setenv("GEO_THRESHOLDS", str(file))
    assert status() == "terlambat"
    assert counted.since_last_asked() == {"located": 1, "standing": 1}


def test_a_table_is_read_again_after_a_write_to_it_and_not_after_one_to_another(store: Store) -> None:
    first = queries.tables("sites", "obstacles")
    store.add({"obstacles": rows(OBSTACLES, ("K-1", "A", "2026-09-01", "lahan", 1, "Akses"))}, actor="test", at=AT)
    second = queries.tables("sites", "obstacles")
    assert second["sites"] is first["sites"]
    assert (len(first["obstacles"]), len(second["obstacles"])) == (0, 1)


# --- one look a run ----------------------------------------------------------------------------------------------


def test_a_screen_asks_once_a_run_what_is_recorded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    real = Store.versions

    def counting(self: Store) -> dict[str, str]:
        looked.append("versions")
        return real(self)

    monkeypatch.setattr(Store, "versions", counting)
    screen = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=30).run()
    for _ in range(2):
        looked.clear()
        screen.run()
        assert [each.value for each in screen.exception] == []
        assert len(looked) == 1


def test_a_run_speaks_of_one_moment_and_the_next_sees_what_was_written(store: Store) -> None:
    def two_runs() -> list[float]:
        queries.begin_run()
        told = [percent("A")]
        store.add({"reports": rows(REPORTS, ("A", "2026-09-30", "2026-10-04T02:00Z", 75.0, "in_progress", "reported"))},
                  actor="test", at=AT)  # fmt: skip
        told.append(percent("A"))
        queries.begin_run()
        return [*told, percent("A")]

    assert copy_context().run(two_runs) == [70.0, 70.0, 75.0]
