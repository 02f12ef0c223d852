"""Decide who a person is to this server, from what the sign-in provider vouches for and what the store knows."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from geo.access import Role, Viewer

Claims = Mapping[str, object]
"""What a provider says of a person, by name (OpenID Connect Core, section 5.1)."""

ACCOUNT_CLAIMS: Final = ("email", "preferred_username", "sub")
"""Claims that may name the account."""

FRESH_S: Final = 1.0
"""For how long an account is believed to be as it was when last looked up. A run of a screen looks anew."""

_KEPT: Final = 4_096
_NAME: Final = re.compile("[!-~]{1,254}")


class Known(Protocol):
    """What the store has of an account."""

    @property
    def role(self) -> str: ...
    @property
    def provinces(self) -> tuple[str, ...]: ...
    @property
    def disabled(self) -> bool: ...
    @property
    def valid_since(self) -> datetime | None: ...


class Outcome(StrEnum):
    """Whether a person may come in, and if not, why."""

    ADMITTED = "admitted"
    NOT_SIGNED_IN = "not_signed_in"
    UNKNOWN = "unknown"
    """The provider knows this person, the store does not."""
    DISABLED = "disabled"
    OUTDATED = "outdated"
    """Signed in too long ago, before the account's sign-ins were called back, or signed out since."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who comes, and whether they may. ``viewer`` is there for those who may only."""

    outcome: Outcome
    account: str = ""
    viewer: Viewer | None = None
    signed_in_at: datetime | None = None


def account_name(claims: Claims, claim: str) -> str | None:
    """The account that the provider vouches for, in small letters; ``None`` where it vouches for none.

    An e-mail address counts only where the provider says that it has verified it: elsewhere anybody could claim one.
    Letters beyond ASCII name no account: some become other ones when they are made small (the Kelvin sign a k).
    """
    value = claims.get(claim)
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        return None
    if claim == "email" and claims.get("email_verified") is not True:
        return None
    return value.lower()


def signed_in_at(claims: Claims) -> datetime | None:
    """The moment of the sign-in (UTC, whole seconds): when the provider issued what it says here."""
    issued = claims.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        return None
    try:
        return datetime.fromtimestamp(issued, UTC)
    except (ValueError, OverflowError, OSError):
        return None


class Register:
    """The accounts of the store, looked up at most once in ``FRESH_S``, and the sign-ins that were ended here.

    Safe for several threads. ``look_up`` asks the store, ``clock`` gives seconds that only grow.
    """

    def __init__(self, look_up: Callable[[str], Known | None], clock: Callable[[], float]) -> None:
        self._look_up = look_up
        self._clock = clock
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[float, Known | None]] = OrderedDict()
        self._ended: OrderedDict[tuple[str, datetime], None] = OrderedDict()
        self._seen: OrderedDict[tuple[str, datetime], None] = OrderedDict()

    def account(self, name: str, *, anew: bool = False) -> Known | None:
        """What the store has of an account; ``anew`` asks it in any case."""
        now = self._clock()
        with self._lock:
            at, known = self._known.get(name, (float("-inf"), None))
        if not anew and now - at < FRESH_S:
            return known
        known = self._look_up(name)
        with self._lock:
            self._known.pop(name, None)
            self._known[name] = (now, known)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return known

    def end(self, account: str, at: datetime) -> None:
        """From now on a sign-in is over, also for who holds a copy of its cookie."""
        with self._lock:
            self._ended[account, at] = None
            while len(self._ended) > _KEPT:
                self._ended.popitem(last=False)

    def is_new(self, account: str, at: datetime) -> bool:
        """Whether this sign-in is met for the first time: a person opens several pages with one."""
        with self._lock:
            new = (account, at) not in self._seen
            self._seen[account, at] = None
            while len(self._seen) > _KEPT:
                self._seen.popitem(last=False)
            return new

    def has_ended(self, account: str, at: datetime) -> bool:
        """Whether a sign-in was ended here. A server that starts anew does not know it any more."""
        with self._lock:
            return (account, at) in self._ended


def judge(
    claims: Claims | None,
    register: Register,
    *,
    claim: str,
    guests: bool,
    longest: timedelta,
    now: datetime,
    anew: bool = False,
) -> Verdict:
    """Whether the person of these claims (``None``: nobody signed in) may come in, and as whom.

    ``claim`` names the account, ``guests`` lets those come as guests whom the store does not know, ``longest`` is how
    long a sign-in lasts. ``anew`` asks the store itself.
    """
    if claims is None:
        return Verdict(Outcome.NOT_SIGNED_IN)
    name, at = account_name(claims, claim), signed_in_at(claims)
    if name is None:
        return Verdict(Outcome.UNKNOWN, signed_in_at=at)
    if at is None or now - at > longest or register.has_ended(name, at):
        return Verdict(Outcome.OUTDATED, name, signed_in_at=at)
    known = register.account(name, anew=anew)
    if known is None:
        if guests:
            return Verdict(Outcome.ADMITTED, name, Viewer(name, Role.GUEST), at)
        return Verdict(Outcome.UNKNOWN, name, signed_in_at=at)
    if known.disabled:
        return Verdict(Outcome.DISABLED, name, signed_in_at=at)
    if known.valid_since is not None and at < known.valid_since:
        return Verdict(Outcome.OUTDATED, name, signed_in_at=at)
    return Verdict(Outcome.ADMITTED, name, Viewer(name, Role(known.role), tuple(known.provinces)), at)
