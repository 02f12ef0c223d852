"""Say wholly what is exported: the request whose number and address a picture carries.

Nothing but a request (and what its ``Basis`` names) decides the bytes of a file, so that a file can be made again and
checked against its number. Numbers are the hash of the canonical JSON of ``Request.as_dict``: a field that is added to
it later must be left out there while it has its default, or numbers given earlier could not be found by what they say.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, Final, Literal, Self
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from geo import regions
from geo.drawing.view import INDICATORS
from geo.model import BBox, Filters, Language, Problem, Programme, RefusedError
from geo.progress import Thresholds

What = Literal["map", "atlas", "deck", "annex"]
Classification = Literal["BIASA", "TERBATAS"]
Audience = Literal["internal", "public"]
Colours = Literal["rgb", "cmyk"]

FORMS_OF: Final[Mapping[What, tuple[str, ...]]] = {
    "map": ("png", "pdf", "svg", "html"),
    "atlas": ("pdf",),
    "deck": ("pptx",),
    "annex": ("xlsx",),
}
"""Kinds of file by what is exported."""

EVERYTHING: Final = "*/*"
"""The sight of those who may see everything."""

PUBLIC_URL: Final = "GEO_PUBLIC_URL"
LOCAL_URL: Final = "http://127.0.0.1:8501"

_WIB: Final = ZoneInfo("Asia/Jakarta")
_LAST_MINUTE: Final = time(23, 59)
_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_LENGTH: Final = 10
_SHOWN: Final = 12
"""Hexadecimal digits of a hash that a version shows."""

_VIEW_PX: Final = (860, 520)
"""Width and height of the web map on a common screen, within which a reopened extent must lie."""
_ZOOMS: Final = (3.0, 14.0)
_MOST_LATITUDE: Final = 85.0


# --- what a request rests on -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What figures and shapes of an export rest on.

    - ``records``: the version of the records (``Store.records().version``).
    - ``recorded_to``: the moment (UTC) of the last write that counts; what was written after it does not, be it within
      the same minute.
    - ``programmes``, ``thresholds``, ``boundaries``: hashes of what is in force.
    - ``software``: the version of this software.
    """

    records: str
    recorded_to: datetime
    programmes: str
    thresholds: str
    boundaries: str
    software: str

    @property
    def data_version(self) -> str:
        """The versions of records, programmes, thresholds and boundaries in one text."""
        parts = ("records", "programmes", "thresholds", "boundaries")
        return "; ".join(f"{name}={getattr(self, name)}" for name in parts)

    def as_dict(self) -> dict[str, str]:
        return {**asdict(self), "recorded_to": _moment_text(self.recorded_to)}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Raises ``KeyError``, ``TypeError`` or ``ValueError`` for what is no basis."""
        return cls(**{**told, "recorded_to": datetime.fromisoformat(told["recorded_to"])})


def basis(
    records: str,
    recorded_to: datetime,
    *,
    programmes: Mapping[str, Programme],
    thresholds: Thresholds,
    software: str,
) -> Basis:
    """The basis of an export: ``records`` and ``recorded_to`` are ``version`` and ``at`` of ``Store.records()``.

    The boundaries are those in force; they count by their content, so that a copy of the same file changes nothing.
    """
    return Basis(
        records=records,
        recorded_to=recorded_to.astimezone(UTC),
        programmes=_hash([[code, asdict(one)] for code, one in programmes.items()]),
        thresholds=_hash(asdict(thresholds)),
        boundaries=_hash([regions.boundary_hash(1), regions.boundary_hash(2)]),
        software=software,
    )


def settled(filters: Filters, recorded_to: datetime) -> Filters:
    """The filters with their moment settled, in UTC: the one chosen, else that of the last write (``recorded_to``).

    Addresses and prints tell minutes, so a moment is rounded up to the next whole one in WIB; the last minute of a day
    stands for the day's end, as it does on the screens.
    """
    return filters.but(known_at=_whole_minute(filters.known_at or recorded_to))


def _whole_minute(moment: datetime) -> datetime:
    local = moment.astimezone(_WIB)
    whole = local.replace(second=0, microsecond=0)
    if whole < local and whole.time() != _LAST_MINUTE:
        whole += timedelta(minutes=1)
    if whole.time() == _LAST_MINUTE:
        whole = datetime.combine(whole.date(), time.max, tzinfo=_WIB)
    return whole.astimezone(UTC)


# --- the request -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is exported, wholly. Two equal requests have the same number and give the same bytes.

    - ``what``, ``form``: what is exported, as which kind of file (``FORMS_OF``); ``size``: one of ``print_map.SIZES``
      for a map, the page otherwise.
    - ``filters``: the choice and the two clocks; ``known_at`` is settled (``settled``), never ``None``.
    - ``basis``: what figures and shapes rest on.
    - ``base``: where the screens are (``public_url()``), for the printed address.
    - ``indicator``: one of ``INDICATORS`` or ``None``; ``extent``: degrees, WGS 84, ``None`` for the one of the view.
    - ``title``: in the place of the usual one, or ``None``.
    - ``template``: SHA-256 of an organisation's own template of a deck, or ``None``.
    - ``audience``: whom it is made for; ``sight``: what is seen in it, ``geo.access.Sight.key`` (``*/*``: everything).
    - ``pages``, ``notes``: of a deck, the pages of a kept run in order (empty: the usual ones), own words by page.
    - ``since``: the earlier day that a briefing tells changes since, ``None`` for the last meeting.

    Raises ``ValueError`` for a moment that is not settled and for an extent that is none.
    """

    what: What
    form: str
    filters: Filters
    basis: Basis
    base: str
    language: Language = "id"
    size: str = "layar"
    indicator: str | None = INDICATORS[0]
    extent: BBox | None = None
    title: str | None = None
    classification: Classification = "BIASA"
    audience: Audience = "internal"
    graticule: bool = True
    colours: Colours = "rgb"
    template: str | None = None
    since: date | None = None
    sight: str = EVERYTHING
    pages: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.form not in FORMS_OF.get(self.what, ()):
            raise ValueError(f"no {self.what} as {self.form}")
        known_at = self.filters.known_at
        if known_at is None or known_at.tzinfo is None or known_at != _whole_minute(known_at):
            raise ValueError(f"the moment {known_at} is not settled")
        if self.extent is not None and not is_extent(self.extent):
            raise ValueError(f"{self.extent} is no extent")

    @property
    def known_at(self) -> datetime:
        """The settled moment (UTC)."""
        moment = self.filters.known_at
        assert moment is not None
        return moment

    @property
    def recorded_to(self) -> datetime:
        """The moment (UTC) to which records count: the last write, or an earlier ``known_at``."""
        return min(self.known_at, self.basis.recorded_to)

    @property
    def data_version(self) -> str:
        return self.basis.data_version

    @property
    def software(self) -> str:
        return self.basis.software

    @property
    def number(self) -> str:
        """The number of the snapshot: ``K7QM3-XPA2D``, 50 bits of SHA-256 in Crockford's base 32."""
        digest = sha256(canonical(self.as_dict()).encode()).digest()
        bits = int.from_bytes(digest[:7]) >> 6
        digits = "".join(_DIGITS[bits >> 5 * place & 31] for place in reversed(range(_LENGTH)))
        return f"{digits[:5]}-{digits[5:]}"

    def as_dict(self) -> dict[str, Any]:
        """The request as JSON holds it: texts, numbers, lists; days and moments (UTC) in ISO 8601."""
        told: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        chosen = {field.name: getattr(self.filters, field.name) for field in fields(self.filters)}
        if self.sight == EVERYTHING:  # it came after the first numbers, as ``since`` did
            del told["sight"]
        for name in ("pages", "notes"):
            if told[name]:
                told[name] = [list(one) if isinstance(one, tuple) else one for one in told[name]]
            else:
                del told[name]
        if self.since is None:
            del told["since"]
        else:
            told["since"] = self.since.isoformat()
        return told | {
            "filters": chosen
            | {name: list(value) for name, value in chosen.items() if isinstance(value, tuple)}
            | {"on": self.filters.on.isoformat(), "known_at": _moment_text(self.known_at)},
            "basis": self.basis.as_dict(),
            # + 0.0: minus zero is the same place and another text
            "extent": None if self.extent is None else [float(side) + 0.0 for side in self.extent],
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """The way back from ``as_dict``. Raises ``RefusedError`` for what is no request of this software."""
        try:
            chosen = dict(told["filters"])
            filters = Filters(
                **chosen
                | {name: tuple(value) for name, value in chosen.items() if isinstance(value, list)}
                | {
                    "on": date.fromisoformat(chosen["on"]),
                    "known_at": datetime.fromisoformat(chosen["known_at"]),
                }
            )
            extent = told["extent"]
            read = {
                "filters": filters,
                "basis": Basis.from_dict(told["basis"]),
                "extent": None if extent is None else tuple(extent),
                "since": date.fromisoformat(told["since"]) if "since" in told else None,
                "pages": tuple(told.get("pages", ())),
                "notes": tuple((key, note) for key, note in told.get("notes", ())),
            }
            return cls(**dict(told) | read)
        except (KeyError, TypeError, ValueError) as error:
            wrong = f"what was exported cannot be read ({error})"
            raise RefusedError([Problem(wrong, "A newer software made it: update this one.")]) from error


def canonical(told: Mapping[str, Any]) -> str:
    """The one JSON text of a request: members in order, no spaces."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def parse_number(text: str) -> str:
    """A number as ``Request.number`` writes it, from how a person types it: any case, spaces, with or without hyphen,
    O for 0, I or L for 1. Raises ``RefusedError``.
    """
    plain = re.sub(r"[\s\-\u2010-\u2015\u2212.]", "", text).upper().translate(str.maketrans("OIL", "011"))
    if len(plain) != _LENGTH or not set(plain) <= set(_DIGITS):
        told = Problem("no number of a snapshot", "Write the ten signs as printed, such as K7QM3-XPA2D.", value=text)
        raise RefusedError([told])
    return f"{plain[:5]}-{plain[5:]}"


def is_extent(box: BBox) -> bool:
    """Whether a box ``(west, south, east, north)`` in degrees holds an area on Earth."""
    west, south, east, north = box
    return all(map(math.isfinite, box)) and -180 <= west < east <= 180 and -90 <= south < north <= 90


# --- the address -------------------------------------------------------------------------------------------------


def public_url() -> str:
    """Where readers of a picture find the screens: the environment's ``GEO_PUBLIC_URL``, else this machine.

    Without a slash at its end. Raises ``RefusedError`` for anything but a plain http(s) address.
    """
    told = os.environ.get(PUBLIC_URL, "").strip() or LOCAL_URL
    try:
        parts = urlsplit(told)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or parts.query or parts.fragment or parts.username is not None or re.search(r"[\s\"<>\\^`{|}]", told):
        wrong = Problem(f"{PUBLIC_URL} is no address of a web site", f"Write it as {LOCAL_URL}.", value=told)
        raise RefusedError([wrong])
    return told.rstrip("/")


def address(request: Request, base: str | None = None) -> str:
    """The address that reopens the view of a request on the screens; ``base`` is the request's own unless given."""
    filters = request.filters
    chosen: dict[str, str] = {
        "provinsi": ",".join(filters.provinces),
        "kabkota": ",".join(filters.regencies),
        "program": ",".join(filters.programmes),
        "status": ",".join(filters.statuses),
        "posisi": filters.on.isoformat(),
        "diketahui": f"{request.known_at.astimezone(_WIB):%Y-%m-%dT%H:%M}",
        "indikator": "" if request.indicator == INDICATORS[0] else request.indicator or "tanpa",
        "bahasa": "en" if request.language == "en" else "",
        "pandang": "" if request.extent is None else _view_text(request.extent),
    }
    if request.what != "map":
        del chosen["indikator"], chosen["pandang"]
    path = "/peta" if request.what == "map" else "/"
    query = urlencode({name: text for name, text in chosen.items() if text}, safe=",:")
    return f"{(request.base if base is None else base).rstrip('/')}{path}?{query}"


def _view_text(box: BBox) -> str:
    """Centre and zoom of the web map at which a box is wholly seen: ``lat,lon,zoom``."""
    west, south, east, north = box
    low, high = (_mercator(max(-_MOST_LATITUDE, min(_MOST_LATITUDE, lat))) for lat in (south, north))
    width, height = (east - west) / 360, max(high - low, 1e-9)  # shares of the world
    across, down = _VIEW_PX
    zoom = math.log2(min(across / (256 * max(width, 1e-9)), down / (256 * height)))
    zoom = min(max(math.floor(zoom * 4) / 4, _ZOOMS[0]), _ZOOMS[1])
    middle = _latitude((low + high) / 2)
    return f"{middle:.5f},{(west + east) / 2:.5f},{zoom:.2f}"


def view_extent(text: str) -> BBox | None:
    """What a view of the web map, ``lat,lon,zoom``, shows on a common screen; ``None`` where that is no view.

    Its view (``pandang``) is the same again.
    """
    try:
        lat, lon, zoom = (float(part) for part in text.split(","))
    except ValueError:
        return None
    if not (abs(lat) <= _MOST_LATITUDE and abs(lon) <= 180 and _ZOOMS[0] <= zoom <= _ZOOMS[1]):  # nan is refused, too
        return None
    across, down = (pixels / (256 * 2**zoom) * (1 - 1e-9) for pixels in _VIEW_PX)  # shares of the world
    middle = _mercator(lat)
    south, north = (_latitude(middle + side * down / 2) for side in (-1, 1))
    box = (max(lon - across * 180, -180.0), south, min(lon + across * 180, 180.0), north)
    return box if is_extent(box) else None


def _latitude(height: float) -> float:
    """The way back from ``_mercator``."""
    return math.degrees(math.atan(math.sinh(height * 2 * math.pi)))


def _mercator(lat: float) -> float:
    """Height of a latitude on the web map, as a share of the world's width, from the equator up."""
    return math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)


def _moment_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _hash(told: object) -> str:
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return sha256(text.encode()).hexdigest()[:_SHOWN]
