"""Run the migrations on the connection that ``geo.store.migration`` hands over."""

from __future__ import annotations

from typing import Any

from alembic import context

from geo.store.schema import metadata


def _applied(ctx: Any, step: Any, heads: Any, run_args: Any) -> None:
    """Note a revision; the names are those that Alembic passes."""
    context.config.attributes.get("applied", []).append(step.up_revision_id)


def _run() -> None:
    """Within the caller's transaction; without a connection, print the statements for the dialect named."""
    attributes = context.config.attributes
    if context.is_offline_mode():
        context.configure(dialect_name=attributes["dialect"], target_metadata=metadata)
    else:
        context.configure(connection=attributes["connection"], target_metadata=metadata, on_version_apply=_applied)
    with context.begin_transaction():
        context.run_migrations()


_run()
