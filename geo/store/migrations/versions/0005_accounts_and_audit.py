"""Keep who may sign in as what, and a log whose rows are chained by hash."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from geo.store.columns import UtcTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SQLITE_GUARDS: Final = (
    """CREATE TRIGGER accounts_no_delete BEFORE DELETE ON accounts
    BEGIN SELECT RAISE(ABORT, 'accounts are never removed: disable the account'); END""",
    """CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'audit is append-only: rows are never altered'); END""",
    """CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    WHEN NOT EXISTS (SELECT 1 FROM audit_head WHERE OLD.id <= pruned)
    BEGIN SELECT RAISE(ABORT, 'audit is append-only: only rows below the anchor are removed'); END""",
    # INSERT OR REPLACE removes the old row without firing the trigger on DELETE
    """CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit
    WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'audit is append-only: rows are never replaced'); END""",
    """CREATE TRIGGER audit_in_order AFTER INSERT ON audit
    BEGIN
    SELECT RAISE(ABORT, 'audit is append-only: a row follows on the newest one')
    WHERE NOT EXISTS (SELECT 1 FROM audit_head WHERE last = NEW.id - 1 AND hash = NEW.previous);
    UPDATE audit_head SET last = NEW.id, hash = NEW.hash;
    END""",
    """CREATE TRIGGER audit_head_no_update BEFORE UPDATE ON audit_head
    WHEN NEW.last < OLD.last OR NEW.pruned < OLD.pruned OR (NEW.last = OLD.last AND NEW.hash <> OLD.hash)
    OR (NEW.pruned = OLD.pruned AND NEW.pruned_hash <> OLD.pruned_hash)
    BEGIN SELECT RAISE(ABORT, 'audit_head is append-only: it only grows'); END""",
    """CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
    BEGIN SELECT RAISE(ABORT, 'audit_head is append-only: it is never removed'); END""",
    """CREATE TRIGGER audit_head_no_replace BEFORE INSERT ON audit_head
    WHEN EXISTS (SELECT 1 FROM audit_head)
    BEGIN SELECT RAISE(ABORT, 'audit_head is append-only: there is one'); END""",
)

_POSTGRESQL_FUNCTIONS: Final = (
    """CREATE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM audit_head WHERE OLD.id <= pruned) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'audit is append-only: only rows below the anchor are removed'
        USING ERRCODE = 'restrict_violation';
END $$""",
    """CREATE FUNCTION audit_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE audit_head SET last = NEW.id, hash = NEW.hash WHERE last = NEW.id - 1 AND hash = NEW.previous;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'audit is append-only: a row follows on the newest one'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$""",
    """CREATE FUNCTION audit_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last < OLD.last OR NEW.pruned < OLD.pruned OR (NEW.last = OLD.last AND NEW.hash <> OLD.hash)
        OR (NEW.pruned = OLD.pruned AND NEW.pruned_hash <> OLD.pruned_hash) THEN
        RAISE EXCEPTION 'audit_head is append-only: it only grows' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$""",
)

_POSTGRESQL_GUARDS: Final = (
    """CREATE TRIGGER accounts_no_delete BEFORE DELETE ON accounts
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration()""",
    """CREATE TRIGGER accounts_no_truncate BEFORE TRUNCATE ON accounts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_alteration()""",
    """CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration()""",
    """CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_keep()""",
    """CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_alteration()""",
    """CREATE TRIGGER audit_in_order AFTER INSERT ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_follow()""",
    """CREATE TRIGGER audit_head_no_update BEFORE UPDATE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_grow()""",
    """CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration()""",
    """CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_alteration()""",
)

# 64 zeros: what the first row follows on
_HEAD: Final = """INSERT INTO audit_head (id, last, hash, pruned, pruned_hash) VALUES (1,
    0, '0000000000000000000000000000000000000000000000000000000000000000',
    0, '0000000000000000000000000000000000000000000000000000000000000000')"""


def upgrade() -> None:
    _make_accounts()
    _make_audit()
    in_postgresql = op.get_context().dialect.name == "postgresql"
    op.execute(_HEAD)
    for statement in (*_POSTGRESQL_FUNCTIONS, *_POSTGRESQL_GUARDS) if in_postgresql else _SQLITE_GUARDS:
        op.execute(statement)


def _serial() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _make_accounts() -> None:
    roles = "'administrator', 'viewer', 'coordinator', 'verifier', 'auditor', 'guest'"
    op.create_table(
        "accounts",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("provinces", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Integer(), nullable=False),
        sa.Column("valid_since", UtcTime(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.CheckConstraint("\"account\" <> ''", name=op.f("ck_accounts_account")),
        sa.CheckConstraint("account = lower(account)", name=op.f("ck_accounts_lower_case")),
        sa.CheckConstraint(f'"role" IN ({roles})', name=op.f("ck_accounts_role")),
        sa.CheckConstraint("\"provinces\" <> ''", name=op.f("ck_accounts_provinces")),
        sa.CheckConstraint('"disabled" BETWEEN 0 AND 1', name=op.f("ck_accounts_disabled")),
        sa.CheckConstraint("\"changed_by\" <> ''", name=op.f("ck_accounts_changed_by")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_accounts")),
        sqlite_with_rowid=False,
    )


def _make_audit() -> None:
    required, optional = ("actor", "deed", "object", "outcome", "previous", "hash"), ("origin", "before", "details")
    op.create_table(
        "audit",
        sa.Column("id", _serial(), autoincrement=False, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("details", sa.Text(), nullable=True),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        *(sa.CheckConstraint(f"\"{name}\" <> ''", name=op.f(f"ck_audit_{name}")) for name in (*required, *optional)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("pruned", sa.BigInteger(), nullable=False),
        sa.Column("pruned_hash", sa.Text(), nullable=False),
        sa.CheckConstraint('"id" BETWEEN 1 AND 1', name=op.f("ck_audit_head_id")),
        sa.CheckConstraint('"last" >= 0', name=op.f("ck_audit_head_last")),
        sa.CheckConstraint("\"hash\" <> ''", name=op.f("ck_audit_head_hash")),
        sa.CheckConstraint('"pruned" >= 0', name=op.f("ck_audit_head_pruned")),
        sa.CheckConstraint("pruned <= last", name=op.f("ck_audit_head_order")),
        sa.CheckConstraint("\"pruned_hash\" <> ''", name=op.f("ck_audit_head_pruned_hash")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
