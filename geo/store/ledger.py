"""Keep accounts and the log in the store: every change of an account, sign-in and refusal leaves a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from geo.model import Problem
from geo.store import accounts, audit, retention
from geo.store.accounts import Account
from geo.store.audit import Chosen, Entry, Head, Mark
from geo.store.database import Database, blank, naive, refuse
from geo.store.retention import Pruned


class Ledger(Database):
    """Who may come in, and what was done."""

    # --- accounts ---

    def account(self, name: str) -> Account | None:
        """The account of what the sign-in provider calls a person, ``None`` if there is none; a disabled one is told.

        Small and capital letters are the same. One look at one row: it may be asked on every run of a screen.
        """
        with self._reading() as connection:
            return accounts.account(connection, name)

    def accounts(self) -> list[Account]:
        """All accounts by name, disabled ones among them."""
        with self._reading() as connection:
            return accounts.listed(connection)

    def set_account(
        self,
        name: str,
        *,
        role: str,
        provinces: Sequence[str] = (),
        actor: str,
        at: datetime,
        new: bool | None = None,
    ) -> Account:
        """Make an account or give one another role and other provinces (Kemendagri codes, as ``35``); how it is now.

        A disabled one stays so. ``new`` says whether there must be none so far (true) or one (false). Raises
        ``RefusedError`` for a name or role that cannot be, for provinces where the role has none (and the other way
        round), and where the last enabled administrator would become something else.
        """
        refuse(naive("at", at) + blank("actor", actor))
        with self._writing() as connection:
            return accounts.set_account(connection, name, role=role, provinces=provinces, actor=actor, at=at, new=new)

    def disable(self, name: str, *, actor: str, at: datetime) -> Account:
        """Let an account do nothing any more, from the next run of a screen on; its sessions are dead for good.

        Raises ``UnknownCodeError`` for an account that nobody has, ``RefusedError`` for the last enabled administrator.
        """
        refuse(naive("at", at) + blank("actor", actor))
        with self._writing() as connection:
            return accounts.disable(connection, name, actor=actor, at=at)

    def enable(self, name: str, *, actor: str, at: datetime) -> Account:
        """Let a disabled account in again, after it has signed in anew. Raises as ``disable``."""
        refuse(naive("at", at) + blank("actor", actor))
        with self._writing() as connection:
            return accounts.enable(connection, name, actor=actor, at=at)

    def sign_out_everywhere(self, name: str, *, actor: str, at: datetime) -> Account:
        """End every session of an account that began before ``at``, copied cookies too. Raises as ``disable``."""
        refuse(naive("at", at) + blank("actor", actor))
        with self._writing() as connection:
            return accounts.sign_out_everywhere(connection, name, actor=actor, at=at)

    # --- log ---

    # Every method that writes adds its own row to the log, in the same transaction: see ``geo.store.audit``.

    def log(
        self,
        deed: str,
        about: str,
        *,
        actor: str,
        at: datetime,
        outcome: str = "done",
        details: Mapping[str, Any] | None = None,
        before: Mapping[str, Any] | None = None,
    ) -> int:
        """Log what writes nothing else, such as a sign-in or a refusal, and ``about`` what it was; the row's number.

        No version of anything changes. From where it came is what ``geo.store.audit.coming_from`` says. Raises
        ``RefusedError`` for a blank ``actor`` or a ``deed`` that is no word of small letters and underscores.
        """
        refuse(naive("at", at) + blank("actor", actor))
        with self._writing() as connection:
            entry = Entry(deed, about, outcome, before=before, details=details)
            return audit.append(connection, entry, actor=actor, at=at)

    def audit_rows(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        actor: str | None = None,
        deed: str | None = None,
        text: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> pd.DataFrame:
        """Rows of the log, the newest first, with all its columns.

        ``since`` is included, ``until`` is not (both aware); ``text`` is looked for in who, from where, what and the
        details, small and capital letters being the same.
        """
        refuse([problem for moment in (since, until) if moment is not None for problem in naive("moment", moment)])
        with self._reading() as connection:
            return audit.rows(connection, Chosen(since, until, actor, deed, text), limit=limit, offset=offset)

    def audit_count(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        actor: str | None = None,
        deed: str | None = None,
        text: str | None = None,
    ) -> int:
        """How many rows ``audit_rows`` would give without a limit."""
        with self._reading() as connection:
            return audit.count(connection, Chosen(since, until, actor, deed, text))

    def audit_head(self) -> Head:
        """Number and hash of the newest row of the log."""
        with self._reading() as connection:
            return audit.read_head(connection)

    def verify_audit(self, *, marks: Sequence[Mark] = ()) -> list[Problem]:
        """Where the chain of the log does not hold, the first place first; ``marks`` are heads written down outside."""
        with self._reading(snapshot=True) as connection:
            return audit.broken(connection, marks=marks)

    def prune_audit(self, before: datetime, *, file: Path, actor: str, at: datetime) -> Pruned:
        """Move what the log told before a moment (aware) to a new file, and leave an anchor on which the rest follows.

        The file holds a JSON object a line, with the hashes. That it was done is logged. Raises ``RefusedError`` where
        ``geo.store.retention.kept_days`` forbids it or nothing is that old, ``StoreError`` where the file exists or
        cannot be written; then nothing was removed.
        """
        refuse(naive("before", before) + naive("at", at) + blank("actor", actor))
        refuse(retention.refused(before, at))
        with self._writing() as connection:
            return retention.prune(connection, before, file=file, actor=actor, at=at)
