"""A briefing of a past day is reproduced to the byte, whatever was recorded since, in the store and on the way out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from geo.export import WHATS, about, export_frame, table_bytes
from geo.locale import translator
from geo.model import Filters
from geo.programmes import load_programmes
from geo.progress import state
from geo.progress.action_plan import action_plan
from geo.progress.since import Then, changes_since, earlier, last_meeting
from geo.store import Store, open_store

ON = date(2026, 9, 30)
BRIEFED = datetime(2026, 10, 14, 2, 0, tzinfo=UTC)
SETTLED = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
Tables = dict[str, pd.DataFrame]


def rows(columns: str, *found: tuple[object, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(found, columns=columns.split())
    for name in ("as_of", "start_date", "opened", "closed"):
        if name in frame:
            frame[name] = pd.to_datetime(frame[name])
    for name in ("recorded_at", "held_at", "closed_at"):
        if name in frame:
            frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame


SITE = "code programme name region_code lon lat location_precision institution_code start_date year data_status"
PLAN = "site_code as_of recorded_at percent"
REPORT = "site_code as_of recorded_at percent stage data_status"
ACTION = "code year institution_code region_code programme site_code kind title unit target_b06 target_b09 target_b12"
ACTION_REPORT = "action_code as_of recorded_at achieved"
OBSTACLE = "code site_code opened closed category severity note recorded_at"


def site(code: str, region: str) -> tuple[object, ...]:
    return (code, "ktn", f"Kawasan {code}", region, 112.0, -8.0, "exact", "KL-1", "2026-01-01", 2026, "synthetic")


def plan(code: str, moment: str, *percents: float) -> list[tuple[object, ...]]:
    days = ("2026-01-31", "2026-06-30", "2026-09-30", "2026-12-31")
    return [(code, day, moment, percent) for day, percent in zip(days, percents, strict=True)]


BRIEFING: Tables = {
    "institutions": rows("code name kind field", ("KL-1", "Kementerian Contoh", "kl", "pmk")),
    "sites": rows(SITE, site("A", "35.07"), site("B", "33.10"), site("C", "72.71")),
    "plans": rows(PLAN, *(row for code in "ABC" for row in plan(code, "2026-01-05T02:00Z", 0.0, 50.0, 75.0, 100.0))),
    "reports": rows(
        REPORT,
        ("A", "2026-06-30", "2026-07-03T02:00Z", 50.0, "in_progress", "synthetic"),
        ("A", "2026-09-30", "2026-10-03T02:00Z", 70.0, "in_progress", "synthetic"),
        ("B", "2026-06-30", "2026-07-03T02:00Z", 45.0, "in_progress", "synthetic"),
        ("B", "2026-06-30", "2026-08-03T02:00Z", 40.0, "in_progress", "synthetic"),
        ("B", "2026-09-30", "2026-10-03T02:00Z", 60.0, "in_progress", "synthetic"),
    ),
    "actions": rows(
        ACTION,
        ("RA-1", 2026, "KL-1", "35.07", "ktn", "A", "physical", "Jalan kawasan", "persen", 50.0, 75.0, 100.0),
        ("RA-2", 2026, "KL-1", "33.10", "ktn", None, "non_physical", "Pelatihan", "orang", 20.0, 30.0, 40.0),
    ),
    "action_reports": rows(
        ACTION_REPORT,
        ("RA-1", "2026-06-30", "2026-07-04T02:00Z", 50.0),
        ("RA-1", "2026-06-30", "2026-08-04T02:00Z", 45.0),
        ("RA-2", "2026-09-30", "2026-10-04T02:00Z", 25.0),
    ),
    "obstacles": rows(OBSTACLE, ("K-1", "A", "2026-08-01", None, "lahan", 3, "Lahan belum bebas", "2026-08-03T02:00Z")),
    "meetings": rows("name as_of held_at", ("Rapat TW II", "2026-06-30", "2026-07-22T02:00Z")),
    "closures": rows("year checkpoint closed_at author", (2026, "b06", "2026-07-31T02:00Z", "Sekretariat")),
}
SINCE: Tables = {
    "institutions": rows("code name kind recorded_at", ("KL-2", "Lembaga Contoh", "kl", "2026-11-18T02:00Z")),
    "beneficiaries": rows(
        "site_code as_of group count recorded_at", ("A", "2026-09-30", "mitra", 12, "2026-11-18T02:00Z")
    ),
    "sites": rows(SITE, site("D", "35.07")),
    "plans": rows(
        PLAN,
        *plan("D", "2026-11-18T02:00Z", 0.0, 20.0, 40.0, 100.0),
        *plan("A", "2026-11-18T02:00Z", 0.0, 30.0, 40.0, 100.0),
    ),
    "reports": rows(
        REPORT,
        ("A", "2026-09-30", "2026-11-18T02:00Z", 30.0, "in_progress", "synthetic"),  # corrects
        ("B", "2026-06-30", "2026-11-18T02:00Z", 10.0, "in_progress", "synthetic"),  # corrects the earlier day
        ("C", "2026-08-31", "2026-11-18T02:00Z", 55.0, "in_progress", "synthetic"),  # comes late
        ("D", "2026-09-30", "2026-11-18T02:00Z", 20.0, "in_progress", "synthetic"),
    ),
    "actions": rows(
        ACTION, ("RA-3", 2026, "KL-1", "35.07", "ktn", "D", "physical", "Gudang", "persen", 50.0, 75.0, 100.0)
    ),
    "action_reports": rows(
        ACTION_REPORT,
        ("RA-1", "2026-06-30", "2026-11-18T02:00Z", 5.0),
        ("RA-2", "2026-09-30", "2026-11-18T02:00Z", 30.0),
        ("RA-3", "2026-09-30", "2026-11-18T02:00Z", 75.0),
    ),
    "obstacles": rows(
        OBSTACLE,
        ("K-1", "A", "2026-08-01", "2026-09-15", "lahan", 3, "Lahan belum bebas", "2026-11-18T02:00Z"),
        ("K-2", "B", "2026-05-01", None, "cuaca", 3, "Banjir", "2026-11-18T02:00Z"),
    ),
    "meetings": rows("name as_of held_at", ("Rapat TW III", "2026-08-31", "2026-11-19T02:00Z")),
    "closures": rows("year checkpoint closed_at author", (2026, "b09", "2026-11-19T02:00Z", "Sekretariat")),
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    opened.migrate()
    opened.add(BRIEFING, actor="test", at=SETTLED)
    yield opened
    opened.close()


def told(store: Store, *, known_at: datetime | None = BRIEFED, since: Then | None = None) -> dict[str, bytes]:
    """Every export of the day as its file would hold it; changes since the last meeting unless told otherwise."""
    tables, programmes = store.tables(), load_programmes()
    filters = Filters(on=ON, known_at=known_at)
    now, plan = state(tables, filters, programmes), action_plan(tables, filters)
    then = since or last_meeting(tables["meetings"], on=ON, known_at=known_at)
    assert then is not None
    before = earlier(tables, then, known_at=known_at, programmes=programmes)
    changes = changes_since(before, now.standing, filters, programmes, actions=plan.positions)
    described = about(filters, translator("id"), sample=store.is_sample())
    return {
        what: table_bytes(export_frame(what, now, tables, plan=plan, changes=changes), "json", about=described)
        for what in WHATS
    }


@dataclass(frozen=True)
class Told:
    """The exports of the day by known moment, before and after later records came in."""

    then_briefed: dict[str, bytes]
    then: dict[str, bytes]
    since_briefed: dict[str, bytes]
    since: dict[str, bytes]


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Told:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('twice') / 'store.sqlite'}")
    store.migrate()
    store.add(BRIEFING, actor="test", at=SETTLED)
    before = told(store), told(store, known_at=None)
    store.add(SINCE, actor="test", at=LATER)
    after = told(store), told(store, known_at=None)
    store.close()
    return Told(*before, *after)


@pytest.mark.parametrize("what", WHATS)
def test_what_was_recorded_since_leaves_every_export_of_the_briefing_as_it_was(twice: Told, what: str) -> None:
    assert twice.since_briefed[what] == twice.then_briefed[what]
    assert twice.since[what] != twice.then[what]  # what came since does matter to today's figures


@pytest.mark.parametrize("table", list(SINCE))
def test_no_single_table_leaks_what_it_learned_since(store: Store, twice: Told, table: str) -> None:
    needed = {"reports": ("sites", "plans"), "plans": ("sites",), "actions": ("sites",)}
    needed["action_reports"] = ("sites", "actions")
    added = {name: SINCE[name] for name in (*needed.get(table, ()), table)}
    store.add(added, actor="test", at=LATER)
    assert told(store) == twice.then_briefed


def test_changes_since_a_plain_day_are_reproduced_too(store: Store) -> None:
    june = Then(date(2026, 6, 30))
    before = told(store, since=june)["changes"]
    assert b'"kind": "correction"' in before
    store.add(SINCE, actor="test", at=LATER)
    assert told(store, since=june)["changes"] == before


def test_a_briefing_without_any_moment_given_is_known_from_the_time_it_was_added(store: Store) -> None:
    early = Filters(on=ON, known_at=datetime(2026, 1, 5, 1, 59, tzinfo=UTC))
    assert state(store.tables(), early, load_programmes()).positions.empty
    known = Filters(on=ON, known_at=SETTLED)
    assert state(store.tables(), known, load_programmes()).positions["code"].tolist() == ["A", "B", "C"]


def test_what_a_meeting_was_shown_is_the_position_of_its_day_as_known_at_its_moment(store: Store) -> None:
    store.add(SINCE, actor="test", at=LATER)
    tables, programmes = store.tables(), load_programmes()
    meeting = last_meeting(tables["meetings"], on=ON, known_at=BRIEFED)
    assert meeting is not None
    shown = earlier(tables, meeting, known_at=None, programmes=programmes).shown.positions
    then = state(tables, Filters(on=meeting.on, known_at=meeting.held_at), programmes).positions
    pd.testing.assert_frame_equal(shown, then)
    assert shown.set_index("code")["actual_percent"].dropna().to_dict() == {"A": 50.0, "B": 45.0}


def test_the_order_of_arrival_within_one_moment_leaves_the_same_bytes(tmp_path: Path) -> None:
    told_twice = []
    for name, turn in (("straight", 1), ("turned", -1)):
        store = open_store(f"sqlite:///{tmp_path / name}.sqlite")
        store.migrate()
        turned = {table: frame.iloc[::turn] for table, frame in BRIEFING.items()}
        store.add(turned, actor="test", at=SETTLED)
        store.add({table: frame.iloc[::turn] for table, frame in SINCE.items()}, actor="test", at=LATER)
        told_twice.append([told(store, known_at=known) for known in (None, BRIEFED)])
        store.close()
    assert told_twice[0] == told_twice[1]
