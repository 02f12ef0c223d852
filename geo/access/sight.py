"""Say what a viewer's eyes reach; every kept answer, file and picture has this in its key."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from geo.access.roles import RIGHTS, Deed, Scope, Viewer, may


class Audience(StrEnum):
    """For whom something is shown or made."""

    INTERNAL = "internal"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Sight:
    """What may be seen, whoever looks: two viewers of equal sight may share an answer, others never.

    ``clear``: provinces whose sites are seen as they are recorded, ``None`` for all; elsewhere everything is as the
    public has it. ``counts``: provinces whose protected counts are seen, ``None`` for all.
    """

    clear: tuple[str, ...] | None = ()
    counts: tuple[str, ...] | None = ()

    @property
    def is_public(self) -> bool:
        """Whether nothing at all is seen beyond what the public has."""
        return self.clear == () and self.counts == ()

    @property
    def is_whole(self) -> bool:
        """Whether everything is seen as it is recorded."""
        return self.clear is None and self.counts is None

    def sees_clear(self, province: str) -> bool:
        """Whether the sites of this province are seen as they are recorded."""
        return self.clear is None or province in self.clear

    def sees_counts(self, province: str) -> bool:
        """Whether the protected counts of this province are seen."""
        return self.counts is None or province in self.counts

    @property
    def key(self) -> str:
        """A short text that is different for different sights."""

        def part(provinces: tuple[str, ...] | None) -> str:
            return "*" if provinces is None else ",".join(provinces)

        return f"{part(self.clear)}/{part(self.counts)}"

    @classmethod
    def from_key(cls, key: str) -> Self:
        """The way back from ``key``. Raises ``ValueError`` for what is none."""

        def part(text: str) -> tuple[str, ...] | None:
            return None if text == "*" else tuple(code for code in text.split(",") if code)

        clear, counts = key.split("/")
        return cls(part(clear), part(counts))

    def covers(self, other: Sight) -> bool:
        """Whether everything that ``other`` sees is seen, too."""

        def within(mine: tuple[str, ...] | None, theirs: tuple[str, ...] | None) -> bool:
            return mine is None or (theirs is not None and set(theirs) <= set(mine))

        return within(self.clear, other.clear) and within(self.counts, other.counts)


EVERYTHING: Final = Sight(None, None)
PUBLIC: Final = Sight()


def sight_of(viewer: Viewer, audience: Audience = Audience.INTERNAL) -> Sight:
    """What the viewer may see when something is shown or made for this audience."""
    if audience is Audience.PUBLIC:
        return PUBLIC
    return Sight(_reach(viewer, Deed.SEE_CLEAR), _reach(viewer, Deed.SEE_COUNTS))


def _reach(viewer: Viewer, deed: Deed) -> tuple[str, ...] | None:
    if may(viewer, deed):
        return None
    own = Scope.OWN in RIGHTS.get(viewer.role, {}).get(deed, frozenset())
    return tuple(sorted(set(viewer.provinces))) if own else ()
