"""State what may be recorded as a meeting and when a checkpoint may be closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geo.milestones import close_checkpoint, record_meeting
from geo.model import RefusedError
from geo.store import Store, open_store

NOW = datetime(2026, 10, 20, 5, 0, tzinfo=UTC)
HELD = datetime(2026, 10, 14, 2, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    opened.migrate()
    opened.add(
        {
            "institutions": pd.DataFrame({"code": ["K-1"], "name": ["Kementerian Contoh"], "kind": ["kl"]}),
            "actions": pd.DataFrame(
                {
                    "code": ["A-1"],
                    "year": [2026],
                    "institution_code": ["K-1"],
                    "region_code": ["35"],
                    "kind": ["non_physical"],
                    "title": ["Pelatihan contoh"],
                }
            ),
        },
        actor="test",
        at=NOW,
    )
    yield opened
    opened.close()


def meet(
    store: Store, *, name: str = "Rapat contoh", as_of: date = date(2026, 9, 30), held_at: datetime = HELD
) -> None:
    record_meeting(store, name=name, as_of=as_of, held_at=held_at, actor="test", at=NOW)


def close(store: Store, *, year: int = 2026, checkpoint: str = "b09", at: datetime = NOW) -> None:
    close_checkpoint(store, year=year, checkpoint=checkpoint, author="Sekretariat", actor="test", at=at)


def test_a_meeting_is_kept_with_its_name_its_day_and_its_moment(store: Store) -> None:
    meet(store, name="  Rapat   contoh ")
    row = store.meetings().iloc[0]
    assert (row["name"], row["as_of"].date(), row["held_at"]) == ("Rapat contoh", date(2026, 9, 30), HELD)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": " "}, "the meeting has no name"),
        ({"name": "x" * 121}, "the name is too long"),
        ({"held_at": datetime(2026, 10, 21, tzinfo=UTC)}, "lies in the future"),
        ({"as_of": date(2026, 10, 15)}, "a day after the meeting"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(store: Store, wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(RefusedError, match=told):
        meet(store, **wrong)
    assert store.meetings().empty


def test_a_meeting_is_recorded_once(store: Store) -> None:
    meet(store)
    with pytest.raises(RefusedError, match="recorded already"):
        meet(store)
    meet(store, as_of=date(2026, 8, 31))
    assert len(store.meetings()) == 2


def test_a_meeting_after_midnight_in_jakarta_may_speak_of_that_day(store: Store) -> None:
    meet(store, as_of=date(2026, 10, 15), held_at=datetime(2026, 10, 14, 18, 0, tzinfo=UTC))
    assert store.meetings()["as_of"].tolist() == [pd.Timestamp(2026, 10, 15)]


def test_a_checkpoint_is_closed_at_the_moment_it_is_asked_for(store: Store) -> None:
    close(store)
    row = store.closures().iloc[0]
    assert (row["year"], row["checkpoint"], row["closed_at"], row["author"]) == (2026, "b09", NOW, "Sekretariat")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"checkpoint": "b05"}, "no such checkpoint"),
        ({"checkpoint": "b12"}, "the checkpoint's day has not passed"),
        ({"year": 2024}, "no action of the year is recorded"),
        ({"at": datetime(2026, 9, 30, 16, 59, tzinfo=UTC)}, "the checkpoint's day has not passed"),
    ],
)
def test_a_checkpoint_that_cannot_be_closed_stays_open(store: Store, asked: dict[str, Any], told: str) -> None:
    with pytest.raises(RefusedError, match=told):
        close(store, **asked)
    assert store.closures().empty


def test_a_checkpoint_is_closed_from_midnight_in_jakarta_on(store: Store) -> None:
    close(store, at=datetime(2026, 9, 30, 17, 0, tzinfo=UTC))
    assert len(store.closures()) == 1


def test_a_closed_checkpoint_stays_as_it_was_closed(store: Store) -> None:
    close(store)
    with pytest.raises(RefusedError, match="closed already"):
        close(store, at=datetime(2026, 11, 1, tzinfo=UTC))
    assert store.closures()["closed_at"].tolist() == [NOW]


def test_the_moment_of_a_meeting_is_its_minute_as_screens_and_addresses_hold_it(store: Store) -> None:
    meet(store, held_at=datetime(2026, 10, 14, 2, 0, 30, 5, tzinfo=UTC))
    assert store.meetings()["held_at"].tolist() == [pd.Timestamp(HELD)]
