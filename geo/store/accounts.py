"""Keep who may come in as what: role, provinces, disabled, and since when sessions count."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, select, update

from geo.model import Problem, RefusedError, UnknownCodeError
from geo.store.audit import Entry, append
from geo.store.schema import ROLES, accounts

EVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Since when the sessions of an account count that nobody ever signed out."""

ADMINISTRATOR: Final = "administrator"
SCOPED: Final = ("coordinator", "verifier")
"""Roles that have provinces of their own."""

# Letters beyond ASCII are refused: some become other ones when their case is folded, so that a stranger whom the
# provider lets choose such a name would come in as somebody else.
_NAME: Final = re.compile(r"[!-~]{1,254}")
_PROVINCE: Final = re.compile(r"[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Account:
    """Who may come in. ``account`` is what the sign-in provider calls the person, in small letters.

    A session that began before ``valid_since`` is dead. ``provinces`` are Kemendagri codes. Moments are UTC.
    """

    account: str
    role: str
    provinces: tuple[str, ...]
    disabled: bool
    valid_since: datetime
    created_at: datetime
    changed_at: datetime
    changed_by: str


def folded(name: str) -> str | None:
    """The name as it is kept, ``None`` for what can be no account's."""
    text = name.strip()
    return text.casefold() if _NAME.fullmatch(text) else None


def account(connection: Connection, name: str) -> Account | None:
    """The account of this name, ``None`` if there is none."""
    key = folded(name)
    if key is None:
        return None
    found = connection.execute(select(*accounts.columns).where(accounts.c.account == key)).one_or_none()
    return None if found is None else _account(found)


def listed(connection: Connection) -> list[Account]:
    """All accounts by name."""
    return [_account(row) for row in connection.execute(select(*accounts.columns).order_by(accounts.c.account))]


def set_account(
    connection: Connection,
    name: str,
    *,
    role: str,
    provinces: Sequence[str],
    actor: str,
    at: datetime,
    new: bool | None,
) -> Account:
    """Make an account or change one (see ``Store.set_account``)."""
    codes, at = tuple(sorted(set(provinces))), at.astimezone(UTC)
    problems = [*_unfit_name(name), *_unfit(role, codes)]
    before = None if problems else account(connection, name)
    if before is not None and new is True:
        problems = [Problem(f"there is an account {before.account} already", "Change it, or enable it again.")]
    if before is None and new is False and not problems:
        problems = [Problem(f"there is no account {name!r}", "Add it first.")]
    if problems:
        raise RefusedError(problems)
    if before is None:
        made = Account(folded(name) or name, role, codes, False, EVER, at, at, actor)
        connection.execute(insert(accounts).values(_row(made)))
        return _logged(connection, None, made, "added")
    changed = replace(before, role=role, provinces=codes, changed_at=at, changed_by=actor)
    return _changed(connection, before, changed, "changed")


def disable(connection: Connection, name: str, *, actor: str, at: datetime) -> Account:
    """Let an account do nothing any more; its sessions stay dead when it is enabled again."""
    before, at = _known(connection, name), at.astimezone(UTC)
    after = replace(before, disabled=True, valid_since=max(at, before.valid_since), changed_at=at, changed_by=actor)
    return _changed(connection, before, after, "disabled")


def enable(connection: Connection, name: str, *, actor: str, at: datetime) -> Account:
    """Let a disabled account in again."""
    before, at = _known(connection, name), at.astimezone(UTC)
    return _changed(connection, before, replace(before, disabled=False, changed_at=at, changed_by=actor), "enabled")


def sign_out_everywhere(connection: Connection, name: str, *, actor: str, at: datetime) -> Account:
    """End every session of an account that began before this moment."""
    before, at = _known(connection, name), at.astimezone(UTC)
    after = replace(before, valid_since=max(at, before.valid_since), changed_at=at, changed_by=actor)
    return _changed(connection, before, after, "signed out everywhere")


def _known(connection: Connection, name: str) -> Account:
    found = account(connection, name)
    if found is None:
        raise UnknownCodeError(f"There is no account {name!r}. See them with: python -m geo users list.")
    return found


def _changed(connection: Connection, before: Account, after: Account, outcome: str) -> Account:
    if _rules(before) and not _rules(after) and _others_rule(connection, before.account) == 0:
        told = f"{before.account} is the last administrator who can come in"
        raise RefusedError([Problem(told, "Make somebody else administrator first.")])
    row = _row(after)
    connection.execute(update(accounts).where(accounts.c.account == row.pop("account")).values(row))
    return _logged(connection, before, after, outcome)


def _rules(one: Account) -> bool:
    return one.role == ADMINISTRATOR and not one.disabled


def _others_rule(connection: Connection, name: str) -> int:
    others = (accounts.c.role == ADMINISTRATOR, accounts.c.disabled == 0, accounts.c.account != name)
    return int(connection.scalar(select(func.count()).select_from(accounts).where(*others)) or 0)


def _logged(connection: Connection, before: Account | None, after: Account, outcome: str) -> Account:
    told = None if before is None else _told(before)
    entry = Entry("account", after.account, outcome, before=told, details=_told(after))
    append(connection, entry, actor=after.changed_by, at=after.changed_at)
    return after


def _told(one: Account) -> dict[str, Any]:
    return {
        "role": one.role,
        "provinces": list(one.provinces),
        "disabled": one.disabled,
        "valid_since": one.valid_since.astimezone(UTC).isoformat(),
    }


def _unfit_name(name: str) -> list[Problem]:
    if folded(name) is not None:
        return []
    remedy = "Write it as the sign-in provider does: an e-mail address or user name of plain letters, without spaces."
    return [Problem("this can be no account", remedy, value=name[:80])]


def _unfit(role: str, provinces: tuple[str, ...]) -> list[Problem]:
    found = [] if role in ROLES else [Problem("no such role", f"Choose one of: {', '.join(ROLES)}.", value=role)]
    found += [
        Problem("no code of a province", "Write two digits, as 35.", value=code)
        for code in provinces
        if not _PROVINCE.fullmatch(code)
    ]
    if role in SCOPED and not provinces:
        found.append(Problem(f"a {role} needs provinces", "Name one at least."))
    if role in ROLES and role not in SCOPED and provinces:
        told = f"the role {role} has no provinces of its own"
        found.append(Problem(told, f"Leave them out; only these have some: {', '.join(SCOPED)}."))
    return found


def _row(one: Account) -> dict[str, Any]:
    return {
        "account": one.account,
        "role": one.role,
        "provinces": json.dumps(list(one.provinces)),
        "disabled": int(one.disabled),
        "valid_since": one.valid_since,
        "created_at": one.created_at,
        "changed_at": one.changed_at,
        "changed_by": one.changed_by,
    }


def _account(row: Row[Any]) -> Account:
    told = dict(row._mapping)
    return Account(**told | {"provinces": tuple(json.loads(told["provinces"])), "disabled": bool(told["disabled"])})
