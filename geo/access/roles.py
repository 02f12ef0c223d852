"""Say in one table what each role may do and where; what is not in the table is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from geo.model import Problem, RefusedError


class Role(StrEnum):
    """What a person is in the programme's work."""

    ADMINISTRATOR = "administrator"
    VIEWER = "viewer"
    """Leadership: sees all, changes nothing."""
    COORDINATOR = "coordinator"
    """Reports for own provinces; others' only as the public sees them."""
    VERIFIER = "verifier"
    """Looks through what own provinces sent and takes wrong batches back."""
    AUDITOR = "auditor"
    """Reads the log; of the figures, what the public sees."""
    GUEST = "guest"
    """The public."""


class Deed(StrEnum):
    """What can be asked for."""

    SEE_PUBLIC = "see_public"
    """Figures and sites as the public may have them."""
    SEE_CLEAR = "see_clear"
    """Sites with their points, names and notes."""
    SEE_COUNTS = "see_counts"
    """Counts of beneficiaries, small ones included."""
    IMPORT = "import"
    UNDO = "undo"
    EXPORT_PUBLIC = "export_public"
    EXPORT_INTERNAL = "export_internal"
    DECIDE = "decide"
    """Note decisions of a meeting, and keep runs of the briefing room."""
    READ_LOG = "read_log"
    MANAGE_USERS = "manage_users"
    CONFIGURE = "configure"
    """Boundaries, backups, an archive's own moments of recording."""


class Scope(StrEnum):
    """Where: a province that is the viewer's own, another one, or the whole programme."""

    OWN = "own"
    OTHER = "other"
    WHOLE = "whole"


_OWN: Final = frozenset({Scope.OWN})
_ANYWHERE: Final = frozenset(Scope)

RIGHTS: Final[Mapping[Role, Mapping[Deed, frozenset[Scope]]]] = {
    Role.ADMINISTRATOR: dict.fromkeys(Deed, _ANYWHERE),
    Role.VIEWER: {
        Deed.SEE_PUBLIC: _ANYWHERE,
        Deed.SEE_CLEAR: _ANYWHERE,
        Deed.SEE_COUNTS: _ANYWHERE,
        Deed.EXPORT_PUBLIC: _ANYWHERE,
        Deed.EXPORT_INTERNAL: _ANYWHERE,
        Deed.DECIDE: _ANYWHERE,
    },
    Role.COORDINATOR: {
        Deed.SEE_PUBLIC: _ANYWHERE,
        Deed.SEE_CLEAR: _OWN,
        Deed.SEE_COUNTS: _OWN,
        Deed.IMPORT: _OWN,
        Deed.UNDO: _OWN,
        Deed.EXPORT_PUBLIC: _ANYWHERE,
        Deed.EXPORT_INTERNAL: _OWN,
        Deed.DECIDE: _OWN,
    },
    Role.VERIFIER: {
        Deed.SEE_PUBLIC: _ANYWHERE,
        Deed.SEE_CLEAR: _OWN,
        Deed.UNDO: _OWN,
        Deed.EXPORT_PUBLIC: _ANYWHERE,
        Deed.EXPORT_INTERNAL: _OWN,
    },
    Role.AUDITOR: {
        Deed.SEE_PUBLIC: _ANYWHERE,
        Deed.READ_LOG: frozenset({Scope.WHOLE}),
    },
    Role.GUEST: {
        Deed.SEE_PUBLIC: _ANYWHERE,
        Deed.EXPORT_PUBLIC: _ANYWHERE,
    },
}
"""Every right there is. A role, a deed or a scope that does not stand here is refused."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks. ``account`` is the name by which the sign-in provider and the store know them.

    ``provinces`` (Kemendagri codes) are a coordinator's and a verifier's own; for the others they mean nothing.
    """

    account: str
    role: Role
    provinces: tuple[str, ...] = ()


LOCAL_ADMINISTRATOR: Final = Viewer("lokal", Role.ADMINISTRATOR)
"""The one user of a server without sign-in, which answers to this machine alone, and of its command line."""


def scope_of(viewer: Viewer, province: str | None) -> Scope:
    """Where a province lies for the viewer; ``None`` is the whole programme."""
    if province is None:
        return Scope.WHOLE
    return Scope.OWN if province in viewer.provinces else Scope.OTHER


def may(viewer: Viewer, deed: Deed, province: str | None = None) -> bool:
    """Whether the viewer may do this in a province, or (``None``) with the whole programme."""
    return scope_of(viewer, province) in RIGHTS.get(viewer.role, {}).get(deed, frozenset())


def may_somewhere(viewer: Viewer, deed: Deed) -> bool:
    """Whether the viewer may do this with the whole programme, or in a province of their own."""
    return may(viewer, deed) or any(may(viewer, deed, province) for province in viewer.provinces)


def refuse_unless(viewer: Viewer, deed: Deed, *provinces: str | None) -> None:
    """Raise ``RefusedError`` unless the viewer may do this in every province named (none named: the whole)."""
    asked = provinces or (None,)
    refused = [province for province in asked if not may(viewer, deed, province)]
    if refused:
        where = ", ".join(sorted(province or "the whole programme" for province in refused))
        raise RefusedError(
            [
                Problem(
                    f"the role {viewer.role} of {viewer.account} does not allow {deed.replace('_', ' ')} in {where}",
                    "Ask an administrator for the right.",
                )
            ]
        )
