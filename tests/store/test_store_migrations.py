"""State that the migrations make exactly the schema, once."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateTable

from geo.model import StoreError
from geo.store import Store, open_store
from geo.store.migration import configuration, known_revisions, newest
from geo.store.schema import APPEND_ONLY, metadata


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _constraints(engine: Engine) -> dict[str, object]:
    seen = inspect(engine)
    return {
        table: {
            "checks": {(check["name"], check["sqltext"]) for check in seen.get_check_constraints(table)},
            "indexes": {(index["name"], tuple(index["column_names"])) for index in seen.get_indexes(table)},
            "foreign": {(key["name"], key["referred_table"]) for key in seen.get_foreign_keys(table)},
            "primary": tuple(seen.get_pk_constraint(table)["constrained_columns"]),
        }
        for table in metadata.tables
    }


def test_model_and_migrations_agree(fresh_store: Store, store_url: str) -> None:
    with _connected(create_engine(store_url)) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_model_and_migrations_agree_on_every_constraint(fresh_store: Store, store_url: str) -> None:
    modelled, migrated = create_engine("sqlite://"), create_engine(store_url)
    metadata.create_all(modelled)
    assert _constraints(migrated) == _constraints(modelled)
    modelled.dispose()
    migrated.dispose()


def test_a_second_migration_finds_nothing_to_do(fresh_store: Store) -> None:
    assert fresh_store.migrate() == []
    assert fresh_store.revision() == newest()


def test_the_first_migration_names_what_it_applied(store_url: str) -> None:
    store = open_store(store_url)
    assert store.revision() is None
    assert store.migrate() == list(known_revisions()) == sorted(known_revisions())
    store.close()


def test_records_of_the_first_schema_are_kept_and_known_from_the_start(store_url: str) -> None:
    with _connected(create_engine(store_url)) as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in (
            "INSERT INTO sites (code, programme, name, region_code, lon, lat, location_precision, data_status) "
            "VALUES ('S-1', 'ktn', 'Contoh', '35.07', 112, -8, 'exact', 'synthetic')",
            "INSERT INTO plans VALUES ('S-1', '2026-01-01', 0, NULL), ('S-1', '2026-12-31', 100, 5000)",
            "INSERT INTO obstacles (site_code, opened, category, severity) VALUES ('S-1', '2026-02-01', 'lahan', 2)",
        ):
            connection.exec_driver_sql(statement)
        connection.commit()
    store = open_store(store_url)
    assert store.migrate() == list(known_revisions()[1:])
    assert store.plans()["percent"].tolist() == [0, 100]
    assert store.plans()["spend"].tolist()[1] == 5000
    assert set(store.plans()["recorded_at"].dt.year) == {2000}
    assert store.sites()["recorded_at"].isna().all()
    assert store.obstacles()["code"].isna().all()
    assert store.check() == []
    store.close()


def test_a_store_without_tables_says_what_to_do(store_url: str) -> None:
    store = open_store(store_url)
    with pytest.raises(StoreError, match="Run the migrations"):
        store.sites()
    assert [problem.message for problem in store.check()] == ["tables are missing"]
    store.close()


def test_a_schema_newer_than_the_software_is_refused(fresh_store: Store, store_url: str) -> None:
    connection = sqlite3.connect(fresh_store.place)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match=r"schema \(9999\) is newer than this software. Update the software"):
        open_store(store_url)


def test_a_migration_that_fails_leaves_nothing(store_url: str, tmp_path: Path) -> None:
    store = open_store(store_url)
    connection = sqlite3.connect(tmp_path / "store.sqlite")
    connection.execute("CREATE TABLE plans (other TEXT)")
    connection.commit()
    with pytest.raises(StoreError, match="plans already exists"):
        store.migrate()
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    connection.close()
    store.close()
    assert tables == [("plans",)]


@pytest.mark.parametrize(
    ("dialect", "footprint", "moment"),
    [
        (sqlite.dialect(), "footprint BLOB", "recorded_at DATETIME NOT NULL"),
        (
            postgresql.dialect(),
            "footprint geometry(Geometry,4326)",
            "recorded_at TIMESTAMP WITH TIME ZONE NOT NULL",
        ),
    ],
    ids=["sqlite", "postgresql"],
)
def test_every_table_compiles_on_both_databases(dialect: object, footprint: str, moment: str) -> None:
    statements = {name: str(CreateTable(table).compile(dialect=dialect)) for name, table in metadata.tables.items()}
    assert footprint in statements["sites"]
    assert moment in statements["reports"]
    assert "spend BIGINT" in statements["plans"]
    assert all('"' in statements[name] for name in ("beneficiaries", "changes"))  # group, table are reserved words


def test_the_postgresql_migration_guards_reports_too() -> None:
    config = configuration()
    config.attributes["dialect"] = "postgresql"
    config.output_buffer = io.StringIO()
    command.upgrade(config, "head", sql=True)
    script = config.output_buffer.getvalue()
    assert "CREATE EXTENSION IF NOT EXISTS postgis" in script
    for table in APPEND_ONLY:
        for change in ("UPDATE", "DELETE", "TRUNCATE"):
            assert f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table}" in script
