"""Keep what was exported: number, request, fingerprint of the file, who and when."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from geo.store.columns import UtcTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SQLITE_GUARDS: Final = (
    """CREATE TRIGGER snapshots_no_update BEFORE UPDATE ON snapshots
    BEGIN SELECT RAISE(ABORT, 'snapshots is append-only: record a change as a new row'); END""",
    """CREATE TRIGGER snapshots_no_delete BEFORE DELETE ON snapshots
    BEGIN SELECT RAISE(ABORT, 'snapshots is append-only: rows are never removed'); END""",
    # INSERT OR REPLACE removes the old row without firing the trigger on DELETE
    """CREATE TRIGGER snapshots_no_replace BEFORE INSERT ON snapshots
    WHEN EXISTS (SELECT 1 FROM snapshots WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'snapshots is append-only: rows are never replaced'); END""",
)

_POSTGRESQL_GUARDS: Final = (
    """CREATE TRIGGER snapshots_no_update BEFORE UPDATE ON snapshots
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration()""",
    """CREATE TRIGGER snapshots_no_delete BEFORE DELETE ON snapshots
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration()""",
    """CREATE TRIGGER snapshots_no_truncate BEFORE TRUNCATE ON snapshots
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_alteration()""",
)

_TEXTS: Final = ("number", "what", "form", "size", "request", "data_version", "sha256")


def upgrade() -> None:
    op.create_table(
        "snapshots",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _TEXTS),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        *(
            sa.CheckConstraint(f"\"{name}\" <> ''", name=op.f(f"ck_snapshots_{name}"))
            for name in (*_TEXTS, "file_name", "actor")
        ),
        sa.CheckConstraint('"bytes" >= 1', name=op.f("ck_snapshots_bytes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_snapshots_number"), "snapshots", ["number"], unique=False)
    op.create_index(op.f("ix_snapshots_sha256"), "snapshots", ["sha256"], unique=False)
    in_postgresql = op.get_context().dialect.name == "postgresql"
    for guard in _POSTGRESQL_GUARDS if in_postgresql else _SQLITE_GUARDS:
        op.execute(guard)
