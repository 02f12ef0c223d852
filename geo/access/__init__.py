"""Decide who may see and do what: roles and rights, what a viewer's eyes reach, what leaves under which audience."""

from geo.access.roles import (
    LOCAL_ADMINISTRATOR,
    RIGHTS,
    Deed,
    Role,
    Scope,
    Viewer,
    may,
    may_somewhere,
    refuse_unless,
    scope_of,
)
from geo.access.seen import OWNERS, guarded
from geo.access.sight import EVERYTHING, PUBLIC, Audience, Sight, sight_of

__all__ = [
    "EVERYTHING",
    "LOCAL_ADMINISTRATOR",
    "OWNERS",
    "PUBLIC",
    "RIGHTS",
    "Audience",
    "Deed",
    "Role",
    "Scope",
    "Sight",
    "Viewer",
    "guarded",
    "may",
    "may_somewhere",
    "refuse_unless",
    "scope_of",
    "sight_of",
]
