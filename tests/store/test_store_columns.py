"""State how moments and shapes are kept."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone

import pandas as pd
import pytest
import shapely
from sqlalchemy import Column, MetaData, Table, create_engine, insert, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import StatementError

from geo.store import Store
from geo.store.columns import Geometry, UtcTime

WITA = timezone(timedelta(hours=8))
times = Table("times", MetaData(), Column("at", UtcTime()))
shapes = Table("shapes", MetaData(), Column("shape", Geometry()))


def test_a_moment_of_any_zone_comes_back_in_utc() -> None:
    engine = create_engine("sqlite://")
    times.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(times).values(at=datetime(2026, 10, 31, 7, 30, tzinfo=WITA)))
        assert connection.scalar(select(times.c.at)) == datetime(2026, 10, 30, 23, 30, tzinfo=UTC)
    engine.dispose()


def test_a_moment_without_zone_is_refused_by_the_column_itself() -> None:
    engine = create_engine("sqlite://")
    times.metadata.create_all(engine)
    naive = datetime.fromisoformat("2026-10-31T07:30:00")
    with engine.begin() as connection, pytest.raises(StatementError, match="needs a time zone"):
        connection.execute(insert(times).values(at=naive))
    engine.dispose()


def test_moments_are_stored_as_text_that_sorts_as_time_does(filled_store: Store) -> None:
    connection = sqlite3.connect(filled_store.place)
    stored = [row[0] for row in connection.execute("SELECT recorded_at FROM reports ORDER BY recorded_at")]
    connection.close()
    assert stored[0] == "2026-09-02 03:00:00.000000"
    assert stored == sorted(stored)


def test_local_times_of_a_frame_are_stored_in_utc(filled_store: Store, reports: pd.DataFrame, at: datetime) -> None:
    local = reports.iloc[[0]].assign(recorded_at=pd.Timestamp("2026-10-31T00:30:00.123456+08:00"))
    filled_store.add({"reports": local}, actor="test", at=at)
    last = filled_store.reports()["recorded_at"].iloc[-1]
    assert last == pd.Timestamp("2026-10-30T16:30:00.123456Z")
    assert str(last.tz) == "UTC"


def test_a_footprint_comes_back_as_it_went_in(filled_store: Store, sites: pd.DataFrame, at: datetime) -> None:
    ring = shapely.Polygon(
        [(112.6, -8.2), (112.7, -8.2), (112.7, -8.1), (112.6, -8.1)],
        [[(112.64, -8.16), (112.66, -8.16), (112.66, -8.14)]],
    )
    two = shapely.MultiPolygon([shapely.box(119, -1, 119.1, -0.9), shapely.box(119.2, -1, 119.3, -0.9)])
    added = sites.assign(code=["N-1", "N-2", "N-3"], footprint=[ring, None, two])
    filled_store.add({"sites": added}, actor="test", at=at)
    stored = filled_store.sites(["N-1", "N-2", "N-3"])["footprint"].tolist()
    assert stored == [ring, None, two]


def test_postgis_gets_ewkb_and_gives_wkb() -> None:
    dialect = postgresql.dialect()
    assert "ST_GeomFromEWKB(" in str(insert(shapes).values(shape=None).compile(dialect=dialect))
    assert "ST_AsBinary(shapes.shape)" in str(select(shapes.c.shape).compile(dialect=dialect))
    sent = Geometry().process_bind_param(shapely.Point(112.6, -8.2), dialect)
    assert sent is not None
    assert shapely.get_srid(shapely.from_wkb(sent)) == 4326
