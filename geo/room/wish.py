"""Read from an address what a run is asked to show, and write it back into one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final, Protocol, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from geo.model import Filters, Language, Status

ZONE: Final = ZoneInfo("Asia/Jakarta")
MODE: Final = "paparan"
"""The value of ``mode`` in the address of the first screen that asks for the room."""

_EARLIEST: Final = date(2000, 1, 1)
_LATEST: Final = date(2100, 12, 31)
_LAST_MINUTE: Final = time(23, 59)
T = TypeVar("T")


class Parameters(Protocol):
    """The query of an address: each name may stand several times."""

    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Wish:
    """What a run is asked to show.

    ``on`` is ``None`` for the usual day. ``public``: mode rapat, everything as the public may see it. ``story`` names a
    kept run, whose own filters then count.
    """

    on: date | None = None
    known_at: datetime | None = None
    provinces: tuple[str, ...] = ()
    regencies: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    language: Language = "id"
    public: bool = False
    story: str = ""

    def filters(self, usual_day: date) -> Filters:
        """The filters of the figures."""
        return Filters(
            on=self.on or usual_day,
            known_at=self.known_at,
            provinces=self.provinces,
            regencies=self.regencies,
            programmes=self.programmes,
            statuses=self.statuses,
        )

    def query(self, **further: str) -> str:
        """The same wish as the query of an address, by codes as on the screens; ``further`` are put behind."""
        moment = self.known_at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") if self.known_at else ""
        told = {
            "provinsi": ",".join(self.provinces),
            "kabkota": ",".join(self.regencies),
            "program": ",".join(self.programmes),
            "status": ",".join(self.statuses),
            "posisi": self.on.isoformat() if self.on else "",
            "diketahui": moment,
            "bahasa": "en" if self.language == "en" else "",
            **further,
        }
        return urlencode({name: text for name, text in told.items() if text}, safe=",:")


def wish_of(query: Parameters, *, regions: Collection[str], programmes: Collection[str]) -> Wish:
    """What the query of an address asks for; ``regions`` are the known codes of provinces and kabupaten/kota.

    What is not known is left out, as on the screens.
    """
    return Wish(
        on=_read(query, "posisi", _day),
        known_at=_read(query, "diketahui", moment_of),
        provinces=_known(query, "provinsi", (code for code in regions if len(code) == 2)),
        regencies=_known(query, "kabkota", (code for code in regions if len(code) == 5)),
        programmes=_known(query, "program", programmes),
        statuses=_known(query, "status", list(Status)),
        language="en" if "en" in query.getlist("bahasa") else "id",
        public="1" in query.getlist("rapat"),
        story=next(iter(query.getlist("cerita")), "")[:120],
    )


def _known(query: Parameters, name: str, known: Iterable[str]) -> tuple[str, ...]:
    allowed = {str(code) for code in known}
    told = [part.strip() for text in query.getlist(name) for part in text.split(",")]
    return tuple(dict.fromkeys(part for part in told if part in allowed))


def _read(query: Parameters, name: str, read: Callable[[str], T]) -> T | None:
    for text in query.getlist(name):
        try:
            return read(text.strip())
        except ValueError:
            continue
    return None


def _day(text: str) -> date:
    found = date.fromisoformat(text)
    if not _EARLIEST <= found <= _LATEST:
        raise ValueError(text)
    return found


def moment_of(text: str) -> datetime:
    """A moment of an address in WIB; a bare day means its end, and so does its last minute.

    Raises ``ValueError`` for what is none.
    """
    found = datetime.fromisoformat(text)
    _day(found.date().isoformat())
    if found.tzinfo is not None:
        raise ValueError(text)
    if len(text) == len("2026-10-14") or found.time() == _LAST_MINUTE:
        found = datetime.combine(found, time.max)
    return found.replace(tzinfo=ZONE).astimezone(UTC)
