"""Manage on the command line who may come in, and as what."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # at run time they would load pandas for a mere --help
    from geo.store import Account, Store

ROLES = ("administrator", "viewer", "coordinator", "verifier", "auditor", "guest")
"""As ``geo.access.Role``; a test holds them together."""


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The command ``users`` with its actions."""
    group = commands.add_parser("users", help="who may come in, and as what").add_subparsers(
        required=True, metavar="ACTION"
    )
    one = group.add_parser("list", help="list the accounts")
    _add_account(one)
    one.set_defaults(command=users_list)
    one = group.add_parser("add", help="let somebody in; the first administrator, too")
    one.add_argument("name", metavar="ACCOUNT", help="what the sign-in provider calls the person")
    one.add_argument("--role", required=True, choices=ROLES)
    _add_provinces(one)
    one.set_defaults(command=users_add)
    one = group.add_parser("change", help="give an account another role or other provinces")
    one.add_argument("name", metavar="ACCOUNT")
    one.add_argument("--role", choices=ROLES, help="(default: as it is)")
    _add_provinces(one)
    one.set_defaults(command=users_change)
    for action, told, command in (
        ("disable", "let an account do nothing any more, at once; its log stays", users_disable),
        ("enable", "let a disabled account in again", users_enable),
        ("sign-out", "end every session of an account, copied cookies too", users_sign_out),
    ):
        one = group.add_parser(action, help=told)
        one.add_argument("name", metavar="ACCOUNT")
        _add_account(one)
        one.set_defaults(command=command)


def _add_provinces(one: argparse.ArgumentParser) -> None:
    told = "a coordinator's or verifier's own: one or several codes, separated by commas; may be repeated"
    one.add_argument("--provinces", action="extend", type=_several, default=[], metavar="CODE", help=told)
    _add_account(one)


def _add_account(one: argparse.ArgumentParser) -> None:
    told = "do it with the rights of this account (default: as administrator of this machine)"
    one.add_argument("--as", dest="account", metavar="ACCOUNT", help=told)


def _several(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def users_list(asked: argparse.Namespace) -> int:
    """List the accounts."""
    with _permitted(asked) as (store, _, _):
        accounts = store.accounts()
    for one in accounts:
        print(_shown(one))
    if not any(one.role == "administrator" and not one.disabled for one in accounts):
        print("There is no administrator: python -m geo users add ACCOUNT --role administrator")
    return 0


def users_add(asked: argparse.Namespace) -> int:
    """Let somebody in."""
    with _permitted(asked) as (store, actor, at):
        provinces = _provinces(asked.provinces)
        made = store.set_account(asked.name, role=asked.role, provinces=provinces, actor=actor, at=at, new=True)
    print(f"added: {_shown(made)}")
    return 0


def users_change(asked: argparse.Namespace) -> int:
    """Give an account another role or other provinces; what is not named stays."""
    from geo.model import Problem, RefusedError
    from geo.store.accounts import SCOPED

    with _permitted(asked) as (store, actor, at):
        before = store.account(asked.name)
        if before is None:
            told = f"there is no account {asked.name!r}"
            raise RefusedError([Problem(told, "See them with: python -m geo users list.")])
        role = asked.role or before.role
        provinces = _provinces(asked.provinces) or (before.provinces if role in SCOPED else ())
        changed = store.set_account(asked.name, role=role, provinces=provinces, actor=actor, at=at, new=False)
    print(f"changed: {_shown(changed)}")
    return 0


def users_disable(asked: argparse.Namespace) -> int:
    """Let an account do nothing any more."""
    with _permitted(asked) as (store, actor, at):
        print(f"disabled: {_shown(store.disable(asked.name, actor=actor, at=at))}")
    return 0


def users_enable(asked: argparse.Namespace) -> int:
    """Let a disabled account in again."""
    with _permitted(asked) as (store, actor, at):
        print(f"enabled: {_shown(store.enable(asked.name, actor=actor, at=at))}")
    return 0


def users_sign_out(asked: argparse.Namespace) -> int:
    """End every session of an account."""
    with _permitted(asked) as (store, actor, at):
        done = store.sign_out_everywhere(asked.name, actor=actor, at=at)
    print(f"signed out: {done.account}; sessions that began before {done.valid_since.isoformat()} are dead")
    return 0


@contextmanager
def _permitted(asked: argparse.Namespace) -> Iterator[tuple[Store, str, datetime]]:
    """The store, in whose name, and when; refused to an account without the right."""
    from geo.access import Deed
    from geo.cli.viewer import viewer_of
    from geo.startup import ready_store
    from geo.writing import permit

    at = datetime.now(UTC)
    with closing(ready_store(at=at)) as store:
        viewer = viewer_of(asked, store)
        permit(store, viewer, Deed.MANAGE_USERS, at=at, about="users")
        yield store, viewer.account, at


def _provinces(codes: Sequence[str]) -> tuple[str, ...]:
    """The codes as the tables write them. Raises ``UnknownCodeError`` and ``RefusedError`` for what is no province."""
    from geo.model import Problem, RefusedError
    from geo.regions import region

    found = [region(code) for code in codes]
    wrong = [Problem(f"{one.code} ({one.name}) is no province", "Name provinces.") for one in found if one.level != 1]
    if wrong:
        raise RefusedError(wrong)
    return tuple(one.code for one in found)


def _shown(one: Account) -> str:
    state = "disabled" if one.disabled else "enabled"
    since = one.valid_since.isoformat(timespec="seconds")
    return "\t".join([one.account, one.role, ",".join(one.provinces) or "-", state, since])
