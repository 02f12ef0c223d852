"""Make the tables, and let the database itself refuse to alter reports."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from geo.store.columns import Geometry, UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_APPEND_ONLY: Final = ("reports", "action_reports")

_SQLITE_GUARDS: Final = (
    """CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only: record a correction as a new row'); END""",
    """CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only: rows are never removed'); END""",
    # INSERT OR REPLACE removes the old row without firing the trigger on DELETE
    """CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
    WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, '{table} is append-only: rows are never replaced'); END""",
)

_POSTGRESQL_REFUSAL: Final = """CREATE FUNCTION refuse_alteration() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: record a correction as a new row', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$"""

_POSTGRESQL_GUARDS: Final = (
    """CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration()""",
    """CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration()""",
    """CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_alteration()""",
)

_SQLITE_STORE_ID: Final = "INSERT INTO meta (key, value) VALUES ('store_id', lower(hex(randomblob(16))))"
_POSTGRESQL_STORE_ID: Final = (
    "INSERT INTO meta (key, value) VALUES ('store_id', replace(gen_random_uuid()::text, '-', ''))"
)


def upgrade() -> None:
    in_postgresql = op.get_context().dialect.name == "postgresql"
    if in_postgresql:
        op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    _make_tables()
    _guard_reports(in_postgresql=in_postgresql)
    op.execute(_POSTGRESQL_STORE_ID if in_postgresql else _SQLITE_STORE_ID)


def _guard_reports(*, in_postgresql: bool) -> None:
    if in_postgresql:
        op.execute(_POSTGRESQL_REFUSAL)
    for table in _APPEND_ONLY:
        for guard in _POSTGRESQL_GUARDS if in_postgresql else _SQLITE_GUARDS:
            op.execute(guard.format(table=table))


def _make_tables() -> None:
    op.create_table(
        "changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("table", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("\"actor\" <> ''", name=op.f("ck_changes_actor")),
        sa.CheckConstraint('"rows" >= 0', name=op.f("ck_changes_rows")),
        sa.CheckConstraint("\"table\" <> ''", name=op.f("ck_changes_table")),
        sa.CheckConstraint("\"what\" <> ''", name=op.f("ck_changes_what")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "institutions",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=True),
        sa.CheckConstraint("\"code\" <> ''", name=op.f("ck_institutions_code")),
        sa.CheckConstraint("\"field\" <> ''", name=op.f("ck_institutions_field")),
        sa.CheckConstraint("\"kind\" IN ('kl', 'pemda', 'partner')", name=op.f("ck_institutions_kind")),
        sa.CheckConstraint("\"name\" <> ''", name=op.f("ck_institutions_name")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_institutions")),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.CheckConstraint("\"key\" <> ''", name=op.f("ck_meta_key")),
        sa.CheckConstraint("\"value\" <> ''", name=op.f("ck_meta_value")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "sites",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("footprint", Geometry(), nullable=True),
        sa.Column("location_precision", sa.Text(), nullable=False),
        sa.Column("institution_code", sa.Text(), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("target_date", sa.Date(), nullable=True),
        sa.Column("contract_value", sa.BigInteger(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("data_status", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.CheckConstraint("\"code\" <> ''", name=op.f("ck_sites_code")),
        sa.CheckConstraint('"contract_value" >= 0', name=op.f("ck_sites_contract_value")),
        sa.CheckConstraint(
            "\"data_status\" IN ('reported', 'derived', 'synthetic')", name=op.f("ck_sites_data_status")
        ),
        sa.CheckConstraint("\"institution_code\" <> ''", name=op.f("ck_sites_institution_code")),
        sa.CheckConstraint('"lat" BETWEEN -90.0 AND 90.0', name=op.f("ck_sites_lat")),
        sa.CheckConstraint(
            "\"location_precision\" IN ('exact', 'village', 'district')", name=op.f("ck_sites_location_precision")
        ),
        sa.CheckConstraint('"lon" BETWEEN -180.0 AND 180.0', name=op.f("ck_sites_lon")),
        sa.CheckConstraint("\"name\" <> ''", name=op.f("ck_sites_name")),
        sa.CheckConstraint("\"programme\" <> ''", name=op.f("ck_sites_programme")),
        sa.CheckConstraint("\"region_code\" <> ''", name=op.f("ck_sites_region_code")),
        sa.CheckConstraint("\"source_url\" <> ''", name=op.f("ck_sites_source_url")),
        sa.CheckConstraint('"year" BETWEEN 2000 AND 2100', name=op.f("ck_sites_year")),
        sa.CheckConstraint("target_date >= start_date", name=op.f("ck_sites_dates")),
        sa.ForeignKeyConstraint(["institution_code"], ["institutions.code"], name=op.f("fk_sites_institution_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_sites")),
    )
    op.create_index(op.f("ix_sites_region_code"), "sites", ["region_code"], unique=False)
    op.create_table(
        "actions",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("institution_code", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=True),
        sa.Column("site_code", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("target_b03", sa.Double(), nullable=True),
        sa.Column("target_b06", sa.Double(), nullable=True),
        sa.Column("target_b09", sa.Double(), nullable=True),
        sa.Column("target_b12", sa.Double(), nullable=True),
        sa.Column("budget", sa.BigInteger(), nullable=True),
        sa.Column("contract", sa.BigInteger(), nullable=True),
        sa.CheckConstraint('"budget" >= 0', name=op.f("ck_actions_budget")),
        sa.CheckConstraint("\"code\" <> ''", name=op.f("ck_actions_code")),
        sa.CheckConstraint('"contract" >= 0', name=op.f("ck_actions_contract")),
        sa.CheckConstraint("\"indicator\" <> ''", name=op.f("ck_actions_indicator")),
        sa.CheckConstraint("\"institution_code\" <> ''", name=op.f("ck_actions_institution_code")),
        sa.CheckConstraint("\"kind\" IN ('physical', 'non_physical')", name=op.f("ck_actions_kind")),
        sa.CheckConstraint("\"programme\" <> ''", name=op.f("ck_actions_programme")),
        sa.CheckConstraint("\"region_code\" <> ''", name=op.f("ck_actions_region_code")),
        sa.CheckConstraint("\"site_code\" <> ''", name=op.f("ck_actions_site_code")),
        sa.CheckConstraint('"target_b03" >= 0.0', name=op.f("ck_actions_target_b03")),
        sa.CheckConstraint('"target_b06" >= 0.0', name=op.f("ck_actions_target_b06")),
        sa.CheckConstraint('"target_b09" >= 0.0', name=op.f("ck_actions_target_b09")),
        sa.CheckConstraint('"target_b12" >= 0.0', name=op.f("ck_actions_target_b12")),
        sa.CheckConstraint("\"title\" <> ''", name=op.f("ck_actions_title")),
        sa.CheckConstraint("\"unit\" <> ''", name=op.f("ck_actions_unit")),
        sa.CheckConstraint('"year" BETWEEN 2000 AND 2100', name=op.f("ck_actions_year")),
        sa.ForeignKeyConstraint(["institution_code"], ["institutions.code"], name=op.f("fk_actions_institution_code")),
        sa.ForeignKeyConstraint(["site_code"], ["sites.code"], name=op.f("fk_actions_site_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_actions")),
    )
    op.create_index(op.f("ix_actions_year_region_code"), "actions", ["year", "region_code"], unique=False)
    op.create_table(
        "beneficiaries",
        sa.Column("site_code", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint('"count" >= 0', name=op.f("ck_beneficiaries_count")),
        sa.CheckConstraint("\"group\" IN ('mitra', 'penyintas', 'masyarakat')", name=op.f("ck_beneficiaries_group")),
        sa.CheckConstraint("\"site_code\" <> ''", name=op.f("ck_beneficiaries_site_code")),
        sa.ForeignKeyConstraint(["site_code"], ["sites.code"], name=op.f("fk_beneficiaries_site_code")),
        sa.PrimaryKeyConstraint("site_code", "as_of", "group", name=op.f("pk_beneficiaries")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "plans",
        sa.Column("site_code", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("percent", sa.Double(), nullable=False),
        sa.Column("spend", sa.BigInteger(), nullable=True),
        sa.CheckConstraint('"percent" BETWEEN 0.0 AND 100.0', name=op.f("ck_plans_percent")),
        sa.CheckConstraint("\"site_code\" <> ''", name=op.f("ck_plans_site_code")),
        sa.CheckConstraint('"spend" >= 0', name=op.f("ck_plans_spend")),
        sa.ForeignKeyConstraint(["site_code"], ["sites.code"], name=op.f("fk_plans_site_code")),
        sa.PrimaryKeyConstraint("site_code", "as_of", name=op.f("pk_plans")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_code", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.Column("percent", sa.Double(), nullable=True),
        sa.Column("spend", sa.BigInteger(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("data_status", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=True),
        sa.CheckConstraint("\"author\" <> ''", name=op.f("ck_reports_author")),
        sa.CheckConstraint(
            "\"data_status\" IN ('reported', 'derived', 'synthetic')", name=op.f("ck_reports_data_status")
        ),
        sa.CheckConstraint("\"note\" <> ''", name=op.f("ck_reports_note")),
        sa.CheckConstraint('"percent" BETWEEN 0.0 AND 100.0', name=op.f("ck_reports_percent")),
        sa.CheckConstraint("\"site_code\" <> ''", name=op.f("ck_reports_site_code")),
        sa.CheckConstraint("\"source_url\" <> ''", name=op.f("ck_reports_source_url")),
        sa.CheckConstraint('"spend" >= 0', name=op.f("ck_reports_spend")),
        sa.CheckConstraint(
            "\"stage\" IN ('planned', 'preparation', 'in_progress', 'soft_launch', "
            "'operational', 'postponed', 'cancelled', 'carried_over')",
            name=op.f("ck_reports_stage"),
        ),
        sa.CheckConstraint(
            "percent IS NOT NULL OR spend IS NOT NULL OR stage IS NOT NULL OR note IS NOT NULL",
            name=op.f("ck_reports_says_something"),
        ),
        sa.ForeignKeyConstraint(["site_code"], ["sites.code"], name=op.f("fk_reports_site_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_reports_site_code_as_of_recorded_at"), "reports", ["site_code", "as_of", "recorded_at"], unique=False
    )
    op.create_table(
        "site_indicators",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_code", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.CheckConstraint("\"indicator\" <> ''", name=op.f("ck_site_indicators_indicator")),
        sa.CheckConstraint("\"site_code\" <> ''", name=op.f("ck_site_indicators_site_code")),
        sa.CheckConstraint("\"source_url\" <> ''", name=op.f("ck_site_indicators_source_url")),
        sa.CheckConstraint("\"unit\" <> ''", name=op.f("ck_site_indicators_unit")),
        sa.ForeignKeyConstraint(["site_code"], ["sites.code"], name=op.f("fk_site_indicators_site_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_indicators")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_site_indicators_site_code_indicator"), "site_indicators", ["site_code", "indicator"], unique=False
    )
    op.create_table(
        "action_reports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("action_code", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.Column("achieved", sa.Double(), nullable=True),
        sa.Column("spend", sa.BigInteger(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("obstacle", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.CheckConstraint('"achieved" >= 0.0', name=op.f("ck_action_reports_achieved")),
        sa.CheckConstraint("\"action_code\" <> ''", name=op.f("ck_action_reports_action_code")),
        sa.CheckConstraint("\"author\" <> ''", name=op.f("ck_action_reports_author")),
        sa.CheckConstraint("\"obstacle\" <> ''", name=op.f("ck_action_reports_obstacle")),
        sa.CheckConstraint('"spend" >= 0', name=op.f("ck_action_reports_spend")),
        sa.CheckConstraint(
            "\"stage\" IN ('planned', 'preparation', 'in_progress', 'soft_launch', "
            "'operational', 'postponed', 'cancelled', 'carried_over')",
            name=op.f("ck_action_reports_stage"),
        ),
        sa.CheckConstraint(
            "achieved IS NOT NULL OR spend IS NOT NULL OR stage IS NOT NULL OR obstacle IS NOT NULL",
            name=op.f("ck_action_reports_says_something"),
        ),
        sa.ForeignKeyConstraint(["action_code"], ["actions.code"], name=op.f("fk_action_reports_action_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_reports")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_action_reports_action_code_as_of_recorded_at"),
        "action_reports",
        ["action_code", "as_of", "recorded_at"],
        unique=False,
    )
    op.create_table(
        "obstacles",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site_code", sa.Text(), nullable=True),
        sa.Column("action_code", sa.Text(), nullable=True),
        sa.Column("opened", sa.Date(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("follow_up", sa.Text(), nullable=True),
        sa.Column("closed", sa.Date(), nullable=True),
        sa.CheckConstraint("\"action_code\" <> ''", name=op.f("ck_obstacles_action_code")),
        sa.CheckConstraint("\"category\" <> ''", name=op.f("ck_obstacles_category")),
        sa.CheckConstraint("\"follow_up\" <> ''", name=op.f("ck_obstacles_follow_up")),
        sa.CheckConstraint("\"note\" <> ''", name=op.f("ck_obstacles_note")),
        sa.CheckConstraint('"severity" BETWEEN 1 AND 3', name=op.f("ck_obstacles_severity")),
        sa.CheckConstraint("\"site_code\" <> ''", name=op.f("ck_obstacles_site_code")),
        sa.CheckConstraint("closed >= opened", name=op.f("ck_obstacles_dates")),
        sa.CheckConstraint("site_code IS NOT NULL OR action_code IS NOT NULL", name=op.f("ck_obstacles_belongs")),
        sa.ForeignKeyConstraint(["action_code"], ["actions.code"], name=op.f("fk_obstacles_action_code")),
        sa.ForeignKeyConstraint(["site_code"], ["sites.code"], name=op.f("fk_obstacles_site_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obstacles")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_obstacles_site_code_opened"), "obstacles", ["site_code", "opened"], unique=False)
