"""Keep which file wrote what, so that it can be taken back, and how an institution's columns were recognised."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from geo.store.columns import UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_APPEND_ONLY: Final = ("batches", "batch_rows")

_SQLITE_GUARDS: Final = (
    """CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only: record a change as a new row'); END""",
    """CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only: rows are never removed'); END""",
    # INSERT OR REPLACE removes the old row without firing the trigger on DELETE
    """CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
    WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, '{table} is append-only: rows are never replaced'); END""",
)

_POSTGRESQL_GUARDS: Final = (
    """CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration()""",
    """CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration()""",
    """CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_alteration()""",
)


def upgrade() -> None:
    _make_batches()
    _make_others()
    in_postgresql = op.get_context().dialect.name == "postgresql"
    for table in _APPEND_ONLY:
        for guard in _POSTGRESQL_GUARDS if in_postgresql else _SQLITE_GUARDS:
            op.execute(guard.format(table=table))


def _serial() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _make_batches() -> None:
    texts = ("kind", "file_name", "file_sha256", "institution_code", "actor", "mapping")
    counts = ("rows", "new", "changed", "unchanged")
    op.create_table(
        "batches",
        sa.Column("id", _serial(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.Text(), nullable=False),
        sa.Column("institution_code", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in counts),
        sa.Column("undo_of", _serial(), nullable=True),
        *(sa.CheckConstraint(f"\"{name}\" <> ''", name=op.f(f"ck_batches_{name}")) for name in texts),
        *(sa.CheckConstraint(f'"{name}" >= 0', name=op.f(f"ck_batches_{name}")) for name in counts),
        sa.ForeignKeyConstraint(["undo_of"], ["batches.id"], name=op.f("fk_batches_undo_of")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_batches_undo_of"), "batches", ["undo_of"], unique=True)
    op.create_index(op.f("ix_batches_file_sha256_kind"), "batches", ["file_sha256", "kind"], unique=False)


def _make_others() -> None:
    op.create_table(
        "batch_rows",
        sa.Column("id", _serial(), nullable=False),
        sa.Column("batch", _serial(), nullable=False),
        sa.Column("table", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=True),
        sa.Column("last", sa.BigInteger(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.CheckConstraint("\"table\" <> ''", name=op.f("ck_batch_rows_table")),
        sa.CheckConstraint(
            "\"what\" IN ('appended', 'new', 'changed', 'withdrawn', 'restored')", name=op.f("ck_batch_rows_what")
        ),
        sa.CheckConstraint('"rows" >= 0', name=op.f("ck_batch_rows_rows")),
        sa.CheckConstraint("\"key\" <> ''", name=op.f("ck_batch_rows_key")),
        sa.CheckConstraint("\"before\" <> ''", name=op.f("ck_batch_rows_before")),
        sa.ForeignKeyConstraint(["batch"], ["batches.id"], name=op.f("fk_batch_rows_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_rows")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_batch_rows_batch"), "batch_rows", ["batch"], unique=False)
    op.create_index(op.f("ix_batch_rows_table_key"), "batch_rows", ["table", "key"], unique=False)
    op.create_table(
        "absences",
        sa.Column("table", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.CheckConstraint("\"table\" <> ''", name=op.f("ck_absences_table")),
        sa.CheckConstraint("\"key\" <> ''", name=op.f("ck_absences_key")),
        sa.PrimaryKeyConstraint("table", "key", name=op.f("pk_absences")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mappings",
        sa.Column("institution_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint("\"institution_code\" <> ''", name=op.f("ck_mappings_institution_code")),
        sa.CheckConstraint("\"kind\" <> ''", name=op.f("ck_mappings_kind")),
        sa.CheckConstraint("\"mapping\" <> ''", name=op.f("ck_mappings_mapping")),
        sa.PrimaryKeyConstraint("institution_code", "kind", name=op.f("pk_mappings")),
        sqlite_with_rowid=False,
    )
