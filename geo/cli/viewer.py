"""Know on the command line for whom something is done, and refuse what they may not do."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from geo.access import LOCAL_ADMINISTRATOR, Audience, Deed, Role, Sight, Viewer, sight_of
from geo.model import Problem, RefusedError
from geo.store import Store
from geo.writing import permit


def viewer_of(asked: argparse.Namespace, store: Store) -> Viewer:
    """Whose rights count: the account of ``--as``, else the administrator of this machine.

    Raises ``RefusedError`` for an account that nobody has, or that is disabled.
    """
    name = getattr(asked, "account", None)
    if name is None:
        return LOCAL_ADMINISTRATOR
    account = store.account(name)
    if account is None or account.disabled:
        told = f"no account {name!r} is in use"
        raise RefusedError([Problem(told, "See them with: python -m geo users list.")])
    return Viewer(account.account, Role(account.role), tuple(account.provinces))


def sight_asked(asked: argparse.Namespace, store: Store, provinces: tuple[str, ...] = ()) -> Sight:
    """What may be seen in an export for the audience that is asked for.

    An internal one may be asked for by whoever sees something clearly: the whole, or each of the ``provinces`` chosen.
    Raises ``RefusedError`` where the account may not export for this audience, or the choices don't go together.
    """
    viewer, audience = viewer_of(asked, store), Audience(asked.audience)
    if audience is Audience.PUBLIC:
        if getattr(asked, "classification", None) == "TERBATAS":
            told = "what is made for the public is not confidential"
            raise RefusedError([Problem(told, "Leave out --classification TERBATAS, or use --audience internal.")])
        permit(store, viewer, Deed.EXPORT_PUBLIC, at=datetime.now(UTC))
    else:
        permit(store, viewer, Deed.EXPORT_INTERNAL, *provinces, at=datetime.now(UTC))
    return sight_of(viewer, audience)
