"""Keep what was published of counts of people, so that what is published later gives none of it away."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from geo.store.columns import UtcTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SQLITE_GUARDS: Final = (
    """CREATE TRIGGER publications_no_update BEFORE UPDATE ON publications
    BEGIN SELECT RAISE(ABORT, 'publications is append-only: record a change as a new row'); END""",
    """CREATE TRIGGER publications_no_delete BEFORE DELETE ON publications
    BEGIN SELECT RAISE(ABORT, 'publications is append-only: rows are never removed'); END""",
    # INSERT OR REPLACE removes the old row without firing the trigger on DELETE
    """CREATE TRIGGER publications_no_replace BEFORE INSERT ON publications
    WHEN EXISTS (SELECT 1 FROM publications WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'publications is append-only: rows are never replaced'); END""",
)

_POSTGRESQL_GUARDS: Final = (
    """CREATE TRIGGER publications_no_update BEFORE UPDATE ON publications
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration()""",
    """CREATE TRIGGER publications_no_delete BEFORE DELETE ON publications
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration()""",
    """CREATE TRIGGER publications_no_truncate BEFORE TRUNCATE ON publications
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_alteration()""",
)


def upgrade() -> None:
    op.create_table(
        "publications",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("blocks", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint('"threshold" >= 1', name=op.f("ck_publications_threshold")),
        *(
            sa.CheckConstraint(f"\"{name}\" <> ''", name=op.f(f"ck_publications_{name}"))
            for name in ("blocks", "actor")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sqlite_autoincrement=True,
    )
    in_postgresql = op.get_context().dialect.name == "postgresql"
    for guard in _POSTGRESQL_GUARDS if in_postgresql else _SQLITE_GUARDS:
        op.execute(guard)
