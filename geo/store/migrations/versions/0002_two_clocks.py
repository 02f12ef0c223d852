"""Let every record say since when it is known, and record meetings, closed checkpoints and stated totals.

Plans and obstacles become append-only like reports: a revised plan is recorded whole beside the old one, an obstacle
is closed by a further row of the same code.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from geo.store.columns import UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SINCE: Final = ("institutions", "sites", "site_indicators", "actions", "beneficiaries", "obstacles")
_KEYS: Final = {
    "plans": ("site_code", "as_of", "recorded_at"),
    "obstacles": ("id",),
    "meetings": ("id",),
    "closures": ("year", "checkpoint"),
}
"""Tables that become append-only, with their keys."""

_SQLITE_GUARDS: Final = (
    """CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only: record a change as a new row'); END""",
    """CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only: rows are never removed'); END""",
    # INSERT OR REPLACE removes the old row without firing the trigger on DELETE
    """CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
    WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})
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
    in_postgresql = op.get_context().dialect.name == "postgresql"
    for table in _SINCE:
        op.add_column(table, sa.Column("recorded_at", UtcTime(), nullable=True))
    op.execute("ALTER TABLE obstacles ADD COLUMN code TEXT CONSTRAINT ck_obstacles_code CHECK (\"code\" <> '')")
    _date_plans(in_postgresql=in_postgresql)
    _make_tables()
    for table, key in _KEYS.items():
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        for guard in _POSTGRESQL_GUARDS if in_postgresql else _SQLITE_GUARDS:
            op.execute(guard.format(table=table, same=same))


def _date_plans(*, in_postgresql: bool) -> None:
    """Give plans the moment they became known, as part of their key: those already there, before anything else."""
    if in_postgresql:
        op.add_column("plans", sa.Column("recorded_at", UtcTime(), nullable=True))
        op.execute("UPDATE plans SET recorded_at = '2000-01-01 00:00:00+00'")
        op.alter_column("plans", "recorded_at", nullable=False)
        op.drop_constraint("pk_plans", "plans", type_="primary")
        op.create_primary_key("pk_plans", "plans", ["site_code", "as_of", "recorded_at"])
        return
    op.rename_table("plans", "plans_undated")  # SQLite can't change a key in place
    op.create_table(
        "plans",
        sa.Column("site_code", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.Column("percent", sa.Double(), nullable=False),
        sa.Column("spend", sa.BigInteger(), nullable=True),
        sa.CheckConstraint('"percent" BETWEEN 0.0 AND 100.0', name=op.f("ck_plans_percent")),
        sa.CheckConstraint("\"site_code\" <> ''", name=op.f("ck_plans_site_code")),
        sa.CheckConstraint('"spend" >= 0', name=op.f("ck_plans_spend")),
        sa.ForeignKeyConstraint(["site_code"], ["sites.code"], name=op.f("fk_plans_site_code")),
        sa.PrimaryKeyConstraint("site_code", "as_of", "recorded_at", name=op.f("pk_plans")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO plans (site_code, as_of, recorded_at, percent, spend) "
        "SELECT site_code, as_of, '2000-01-01 00:00:00.000000', percent, spend FROM plans_undated"
    )
    op.drop_table("plans_undated")


def _make_tables() -> None:
    op.create_table(
        "claims",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=True),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("data_status", sa.Text(), nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=True),
        sa.CheckConstraint(
            "\"data_status\" IN ('reported', 'derived', 'synthetic')", name=op.f("ck_claims_data_status")
        ),
        sa.CheckConstraint("\"measure\" IN ('planned', 'done')", name=op.f("ck_claims_measure")),
        sa.CheckConstraint("\"region_code\" <> ''", name=op.f("ck_claims_region_code")),
        sa.CheckConstraint("\"source_url\" <> ''", name=op.f("ck_claims_source_url")),
        sa.CheckConstraint("\"unit\" <> ''", name=op.f("ck_claims_unit")),
        sa.CheckConstraint('"value" >= 0.0', name=op.f("ck_claims_value")),
        sa.CheckConstraint('"year" BETWEEN 2000 AND 2100', name=op.f("ck_claims_year")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "closures",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=False),
        sa.Column("closed_at", UtcTime(), nullable=False),
        sa.Column("author", sa.Text(), nullable=True),
        sa.CheckConstraint("\"author\" <> ''", name=op.f("ck_closures_author")),
        sa.CheckConstraint("\"checkpoint\" IN ('b03', 'b06', 'b09', 'b12')", name=op.f("ck_closures_checkpoint")),
        sa.CheckConstraint('"year" BETWEEN 2000 AND 2100', name=op.f("ck_closures_year")),
        sa.PrimaryKeyConstraint("year", "checkpoint", name=op.f("pk_closures")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "meetings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("held_at", UtcTime(), nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=True),
        sa.CheckConstraint("\"name\" <> ''", name=op.f("ck_meetings_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sqlite_autoincrement=True,
    )
