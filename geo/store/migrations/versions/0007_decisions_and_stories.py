"""Keep the decisions of meetings and the runs that were put together for them."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from geo.store.columns import UtcTime

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None

_SQLITE_GUARDS: Final = (
    """CREATE TRIGGER decisions_no_update BEFORE UPDATE ON decisions
    BEGIN SELECT RAISE(ABORT, 'decisions is append-only: record a change as a new row'); END""",
    """CREATE TRIGGER decisions_no_delete BEFORE DELETE ON decisions
    BEGIN SELECT RAISE(ABORT, 'decisions is append-only: rows are never removed'); END""",
    # INSERT OR REPLACE removes the old row without firing the trigger on DELETE
    """CREATE TRIGGER decisions_no_replace BEFORE INSERT ON decisions
    WHEN EXISTS (SELECT 1 FROM decisions WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'decisions is append-only: rows are never replaced'); END""",
    """CREATE TRIGGER stories_no_update BEFORE UPDATE ON stories
    BEGIN SELECT RAISE(ABORT, 'stories is append-only: record a change as a new row'); END""",
    """CREATE TRIGGER stories_no_delete BEFORE DELETE ON stories
    BEGIN SELECT RAISE(ABORT, 'stories is append-only: rows are never removed'); END""",
    # INSERT OR REPLACE removes the old row without firing the trigger on DELETE
    """CREATE TRIGGER stories_no_replace BEFORE INSERT ON stories
    WHEN EXISTS (SELECT 1 FROM stories WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'stories is append-only: rows are never replaced'); END""",
)

_POSTGRESQL_GUARDS: Final = (
    """CREATE TRIGGER decisions_no_update BEFORE UPDATE ON decisions
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration()""",
    """CREATE TRIGGER decisions_no_delete BEFORE DELETE ON decisions
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration()""",
    """CREATE TRIGGER decisions_no_truncate BEFORE TRUNCATE ON decisions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_alteration()""",
    """CREATE TRIGGER stories_no_update BEFORE UPDATE ON stories
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration()""",
    """CREATE TRIGGER stories_no_delete BEFORE DELETE ON stories
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration()""",
    """CREATE TRIGGER stories_no_truncate BEFORE TRUNCATE ON stories
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_alteration()""",
)


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("responsible", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=True),
        sa.Column("site_code", sa.Text(), nullable=True),
        sa.Column("meeting_day", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=True),
        *(
            sa.CheckConstraint(f"\"{name}\" <> ''", name=op.f(f"ck_decisions_{name}"))
            for name in ("code", "text", "responsible", "region_code", "site_code")
        ),
        sa.CheckConstraint("\"state\" IN ('open', 'done')", name=op.f("ck_decisions_state")),
        sa.ForeignKeyConstraint(["site_code"], ["sites.code"], name=op.f("fk_decisions_site_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_decisions_code"), "decisions", ["code"], unique=False)
    op.create_table(
        "stories",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        *(
            sa.CheckConstraint(f"\"{name}\" <> ''", name=op.f(f"ck_stories_{name}"))
            for name in ("name", "content", "actor")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_stories_name"), "stories", ["name"], unique=False)
    in_postgresql = op.get_context().dialect.name == "postgresql"
    for guard in _POSTGRESQL_GUARDS if in_postgresql else _SQLITE_GUARDS:
        op.execute(guard)
