"""Read where a place is from what people write as its coordinates.

All coordinates that come out are (lon, lat) in degrees, WGS 84 (EPSG:4326). Nothing is guessed: a value is taken
where only one meaning is possible in Indonesia, or only one in the region that its row states; everything else is
asked or refused, with a proposal where one meaning stands out. No finding repeats a cell's text, which may hold what
must not be shown.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from geo.intake.cells import Finding, Level, Messages, Raw, Reading
from geo.locale import Translator
from geo.model import LocationPrecision, regency_of
from geo.regions import boundary_stamp, load_boundaries, locate_points, region_label

ZONES: Final = range(46, 55)
"""UTM zones that Indonesia lies in."""

NEAR_BORDER_M: Final = 2_000.0
"""How far outside the stated region a point is still taken as lying in it: drawn borders are approximate, and points
that fall on their wrong side lie 260 m from the true border (median)."""

ENOUGH_DECIMALS: Final = 3
"""Decimals of a degree from which on a point stands for the place itself: a thousandth is about 110 m."""

Axis = Literal["lon", "lat"]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]
Cells = Sequence[Any]

_LON: Final = (94.5, 141.5)  # degrees around Indonesia, a little wider than its land
_LAT: Final = (-11.5, 6.5)
_EASTING: Final = (160_000.0, 840_000.0)  # metres; what a zone is wide near the equator
_NORTHING_SOUTH: Final = (8_700_000.0, 10_000_000.0)
_NORTHING_NORTH: Final = (1_000.0, 720_000.0)
_LONGEST: Final = 80  # characters of a coordinate
_LONGEST_LINK: Final = 2_000
_LARGEST: Final = 10**18  # a whole number that no coordinate comes near, whatever it lost
_POWERS: Final = 17  # digits of a number that lost its decimal mark
_LEAST: Final = 0.01  # degrees
_KEPT: Final = 7  # decimals of degrees kept after a calculation, about a centimetre
_ELLIPSOID: Final = pyproj.Geod(ellps="WGS84")


@dataclass(frozen=True)
class ReadPlaces:
    """Coordinates of rows as they were understood.

    - ``values``: columns lon and lat (float64, degrees, EPSG:4326), index of the cells; missing where not understood.
    - ``precision``: what the coordinates are too coarse to exceed (``village``, ``district``); missing where they are
      fine enough for the place itself. Index of the cells.
    - ``regions``: code of the kabupaten/kota each point lies in (or of the province, where only that was stated);
      missing without coordinates. Index of the cells.
    - ``findings``: position (from 0) -> what was found there; a position without an entry is plain.
    """

    values: pd.DataFrame
    precision: pd.Series[Any]
    regions: pd.Series[Any]
    findings: Mapping[int, tuple[Finding, ...]]


# --- what is asked of this module --------------------------------------------------------------------------------


def read_coordinates(
    lon_raw: Raw, lat_raw: Raw, *, region: str | None = None, zone: Raw = None
) -> Reading[tuple[float, float]]:
    """The (lon, lat) that two cells mean, in degrees, EPSG:4326; see ``column_coordinates``."""
    zones = None if zone is None else _cells([zone])
    found = column_coordinates(_cells([lon_raw]), _cells([lat_raw]), regions=_cells([region]), zones=zones)
    return _first(found)


def read_place(raw: Raw, *, region: str | None = None, zone: Raw = None) -> Reading[tuple[float, float]]:
    """The (lon, lat) that one cell with both coordinates means, in degrees, EPSG:4326; see ``column_places``."""
    zones = None if zone is None else _cells([zone])
    return _first(column_places(_cells([raw]), regions=_cells([region]), zones=zones))


def column_coordinates(
    lon: pd.Series[Any],
    lat: pd.Series[Any],
    *,
    regions: pd.Series[Any] | None = None,
    zones: pd.Series[Any] | None = None,
) -> ReadPlaces:
    """Coordinates from a column of longitudes (or eastings) and one of latitudes (or northings), equally long.

    Understood are degrees with comma or point, degrees with minutes and seconds, both cells swapped, UTM metres
    (zones 46 to 54, from ``zones``, from the cells, or asked), and numbers that lost their decimal mark. ``regions``
    holds dotted Kemendagri codes of any level that the rows state; a point is held against the province or the
    kabupaten/kota.
    """
    x, y = _numbers(lon), _numbers(lat)
    clean = _in_range(x, y) & ~(_few_decimals(x) & _few_decimals(y))
    blank = lon.isna().to_numpy() & lat.isna().to_numpy()
    messy = np.flatnonzero(~clean & ~blank)
    x[~clean], y[~clean] = np.nan, np.nan
    columns = [_at(column, messy) for column in (lon, lat, zones) if column is not None]
    return _settled(x, y, _understood(messy, columns, _pair_meaning), regions, lon.index)


def column_places(
    cells: pd.Series[Any], *, regions: pd.Series[Any] | None = None, zones: pd.Series[Any] | None = None
) -> ReadPlaces:
    """Coordinates from one column that holds both, in either order: ``-7,1234; 112,5678``, ``7°07'24" LS 112°34'04"
    BT``, ``49S 693000 9215000``.

    Latitude comes first where neither size nor letters tell. A link to a map is refused, with the coordinates in it
    as proposal. ``regions`` and ``zones`` as in ``column_coordinates``.
    """
    texts = pd.Series(_ascii_texts(cells.tolist()), dtype="str")
    halves = texts.str.extract(r"^\s*(-?\d{1,3}\.\d{3,15})\s*[,; ]\s*(-?\d{1,3}\.\d{3,15})\s*$")
    first, second = _numbers(halves[0]), _numbers(halves[1])
    swapped = _in_range(first, second)
    x, y = np.where(swapped, first, second), np.where(swapped, second, first)
    clean = _in_range(x, y) & ~(_few_decimals(x) & _few_decimals(y))
    messy = np.flatnonzero(~clean & cells.notna().to_numpy())
    x[~clean], y[~clean] = np.nan, np.nan
    columns = [_at(column, messy) for column in (cells, zones) if column is not None]
    return _settled(x, y, _understood(messy, columns, _cell_meaning), regions, cells.index)


def _cells(values: Sequence[Raw]) -> pd.Series[Any]:
    return pd.Series(list(values), dtype=object)


def _first(found: ReadPlaces) -> Reading[tuple[float, float]]:
    lon, lat = (float(found.values[name].iloc[0]) for name in ("lon", "lat"))
    return Reading(None if math.isnan(lon) else (lon, lat), found.findings.get(0, ()))


def _at(column: pd.Series[Any], rows: Places) -> list[Any]:
    return column.iloc[rows].tolist()


# --- whole columns of plain numbers ------------------------------------------------------------------------------


def _numbers(column: pd.Series[Any]) -> Floats:
    """Plain decimal numbers with point or comma; missing for everything else."""
    if column.dtype == object:
        column = pd.Series([None if _is_huge(value) else value for value in column.tolist()], dtype=object)
    numbers = pd.to_numeric(column, errors="coerce").to_numpy("float64", na_value=np.nan, copy=True)
    left = np.flatnonzero(np.isnan(numbers) & column.notna().to_numpy())
    if left.size:
        texts = pd.Series(_ascii_texts(_at(column, left)), dtype="str")
        plain = texts.str.fullmatch(r"\s*-?\d{1,3},\d+\s*", na=False)
        changed = texts.where(plain, "").str.replace(",", ".", regex=False)
        numbers[left] = pd.to_numeric(changed, errors="coerce").to_numpy("float64", na_value=np.nan)
    return numbers


def _ascii_texts(cells: Cells) -> list[str | None]:
    return [value if isinstance(value, str) and value.isascii() else None for value in cells]


def _is_huge(raw: Any) -> bool:
    """Whether a whole number may be too large to be read as a float."""
    return isinstance(raw, int) and abs(raw) > _LARGEST


def _in_range(lon: Floats, lat: Floats) -> Flags:
    """Whether numbers are degrees in or around Indonesia."""
    return (lon >= _LON[0]) & (lon <= _LON[1]) & (lat >= _LAT[0]) & (lat <= _LAT[1])


def _few_decimals(degrees: Floats) -> Flags:
    with np.errstate(invalid="ignore", over="ignore"):
        hundredths = degrees * 100
        return np.abs(hundredths - np.round(hundredths)) < 1e-7


# --- one coordinate ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Angle:
    """A cell with one number: degrees, or metres, or degrees without their decimal mark.

    ``decimals``: of a degree, so that whole minutes count as 2 and whole seconds as 4. ``grouped``: the number when
    its one point or comma parts thousands. ``turned``: both a minus and a word for south or west stood there.
    """

    value: float
    decimals: int
    axis: Axis | None = None
    sexagesimal: bool = False
    grouped: float | None = None
    turned: bool = False


class _UnreadableError(ValueError):
    """A cell that holds no coordinate; its text is the code of the finding."""


_NOTHING: Final = frozenset(
    {
        *("", "n/a", "na", "none", "null", "kosong", "nihil", "belumada", "blmada", "tidakada", "tdkada", "menyusul"),
        *("belumtersedia", "tidaktersedia", "belumdiketahui", "tidakdiketahui", "belumdiisi", "tba", "tbd"),
    }
)
_LOOKALIKES: Final = str.maketrans(
    {
        **dict.fromkeys("º˚ᵒ⁰∘◦°", "°"),
        **dict.fromkeys("’‘′‵ʹ`´ʼ‛＇", "'"),
        **dict.fromkeys("”“″ʺ〃‟＂", '"'),
        **dict.fromkeys("−–—‒―﹣－‐‑", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff\x00Â", ""),
    }
)
_UNIT_WORDS: Final = (
    (re.compile(r"(?<=\d)\s*(?:derajat|degrees?|deg|der)\b\.?"), "° "),
    (re.compile(r"(?<=\d)\s*(?:menit|minutes?|mnt|min)\b\.?"), "' "),
    (re.compile(r"(?<=\d)\s*(?:detik|seconds?|dtk|det|sec)\b\.?"), '" '),
    (re.compile(r"(?<=\d)[o*](?=\s*\d)"), "°"),
    (re.compile(r"(\d)\s?d\s?(\d{1,2})\s?m\s?(\d{1,2}(?:[.,]\d+)?)\s?s\b"), r"\1°\2'\3" + '"'),
)
_SIDE_WORDS: Final[tuple[tuple[Axis, int, str], ...]] = (
    ("lat", -1, "ls lintangselatan selatan south s"),
    ("lat", 1, "lu lintangutara utara north n u"),
    ("lon", 1, "bt bujurtimur timur east e t"),
    ("lon", -1, "bb bujurbarat barat west w b"),
    ("lat", 0, "lat latitude lintang y northing mn mu"),
    ("lon", 0, "lon long lng longitude bujur x easting me mt"),
)
_SIDES: Final = {word: (axis, sign) for axis, sign, words in _SIDE_WORDS for word in words.split()}
_METRE_WORDS: Final = frozenset({"m", "utm", "zona", "zone"})
_WORDS: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|\.|\s(?=[^\W\d_]))*")
_SCIENTIFIC: Final = re.compile(r"[-+]?\d(?:[.,]\d+)?e[-+]?\d{1,2}")
_PLAIN: Final = re.compile(r"([-+]?)\s*(\d+(?:[.,]\d+)*)\s*°?")
_MARKED: Final = re.compile(
    r"([-+]?)\s*(\d{1,3})\s*[°:\s-]\s*(\d{1,2}(?:[.,]\d+)?)\s*(?:['°:\s-]\s*(\d{1,2}(?:[.,]\d+)?)\s*[\"']?|'?)\s*"
)
_POINTED: Final = re.compile(r"([-+]?)\s*(\d{1,3})\.(\d{1,2})\.(\d{1,2}(?:[.,]\d+)?)")
_NO_NUMBER: Final = frozenset({"nan", "inf", "+inf", "-inf", "infinity", "-infinity", "#num!", "#div/0!", "#value!"})


def _plain_text(text: str) -> str:
    """Lower case, one blank between parts, look-alike signs as degree, minute, second and minus signs."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_LOOKALIKES))
    text = " ".join(text.replace("\x00", "").lower().replace("''", '"').split())
    for words, sign in _UNIT_WORDS:
        text = words.sub(sign, text)
    return text.lstrip("'").strip()


def _is_nothing(raw: Any) -> bool:
    if isinstance(raw, str):
        text = re.sub(r"\s+", "", raw[:_LONGEST].translate(_LOOKALIKES)).lower()
        return text in _NOTHING or not text.strip("-._?")
    return raw is None or raw is pd.NA or raw is pd.NaT or (isinstance(raw, float) and math.isnan(raw))


def _angle(raw: Any) -> _Angle:
    """The one number of a cell; raises ``_UnreadableError``."""
    if isinstance(raw, bool | datetime | date | time):
        raise _UnreadableError("place.unreadable")
    if _is_huge(raw):
        raise _UnreadableError("place.not_finite")
    if isinstance(raw, int | float | np.number):
        return _angle_of_number(float(raw))
    text = _plain_text(str(raw)) if len(str(raw)) <= _LONGEST else ""
    if text in _NO_NUMBER:
        raise _UnreadableError("place.not_finite")
    if _SCIENTIFIC.fullmatch(text):
        return _angle_of_number(float(text.replace(",", ".")))
    axis, side = _axis_and_side(word for word in _WORDS.findall(text))
    body = _WORDS.sub(" ", text).strip(" :=,;()[]")
    found = _angle_of_body(body, with_side=side != 0)
    found = found if axis is None else replace(found, axis=axis)
    if side < 0:
        return replace(found, value=-abs(found.value), turned=found.value < 0)
    return replace(found, turned=found.value < 0) if side > 0 else found


def _angle_of_number(value: float) -> _Angle:
    if not math.isfinite(value):
        raise _UnreadableError("place.not_finite")
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    return _Angle(value, max(0, decimals))


def _axis_and_side(words: Iterable[str]) -> tuple[Axis | None, int]:
    """What the words beside a number say: its axis, and 1 or -1 where they name a side of it."""
    axis: Axis | None = None
    side = 0
    for key in (key for word in words for key in _keys(word)):
        if key not in _SIDES:
            raise _UnreadableError("place.unreadable")
        said, sign = _SIDES[key]
        if (axis or said) != said or (side and sign and side != sign):
            raise _UnreadableError("place.unreadable")
        axis, side = said, side or sign
    return axis, side


def _keys(words: str) -> list[str]:
    """A run of words as what it is known by: together, or else each for itself, those about metres left out."""
    whole = re.sub(r"[.\s]", "", words)
    keys = [whole] if whole in _SIDES else [word.replace(".", "") for word in words.split()]
    return [key for key in keys if key not in _METRE_WORDS]


def _angle_of_body(body: str, *, with_side: bool) -> _Angle:
    plain = _PLAIN.fullmatch(body)
    if plain:
        number = _number(plain[2])
        if number is not None:
            return _signed(plain[1], number)
    marked = _MARKED.fullmatch(body)
    if marked and (with_side or marked[4] or re.search(r"[°':]", body)):
        return _sexagesimal(marked)
    pointed = _POINTED.fullmatch(body) if with_side else None
    if pointed:
        return _sexagesimal(pointed)
    raise _UnreadableError("place.unreadable")


def _number(text: str) -> _Angle | None:
    """A number without sign; its last point or comma is the decimal mark unless all part groups of three."""
    marks = re.sub(r"\d", "", text)
    groups = re.split(r"[.,]", text)
    if len(marks) < 2:
        value = float(text.replace(",", "."))
        grouped = float(text.replace(marks, "")) if marks and len(groups[1]) == 3 and groups[0] != "0" else None
        return _Angle(value, len(groups[1]) if marks else 0, grouped=grouped) if math.isfinite(value) else None
    if not 1 <= len(groups[0]) <= 3 or any(len(group) != 3 for group in groups[1:-1]):
        return None
    if len(set(marks)) == 1:
        return _Angle(float("".join(groups)), 0) if len(groups[-1]) == 3 else None
    if len(set(marks[:-1])) == 1 and marks[-1] != marks[0]:
        return _Angle(float("".join(groups[:-1]) + "." + groups[-1]), len(groups[-1]))
    return None


def _signed(sign: str, angle: _Angle) -> _Angle:
    if sign != "-":
        return angle
    return replace(angle, value=-angle.value, grouped=-angle.grouped if angle.grouped is not None else None)


def _sexagesimal(match: re.Match[str]) -> _Angle:
    minutes, seconds = match[3].replace(",", "."), (match[4] or "").replace(",", ".")
    if float(minutes) >= 60 or float(seconds or 0) >= 60 or (seconds and "." in minutes):
        raise _UnreadableError("place.sixty")
    value = int(match[2]) + float(minutes) / 60 + float(seconds or 0) / 3600
    last = seconds or minutes
    decimals = (4 if seconds else 2) + (len(last.partition(".")[2]))
    return _signed(match[1], _Angle(round(value, _KEPT + 2), decimals, sexagesimal=True))


# --- UTM ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Zone:
    """A UTM zone; ``south`` is ``None`` where nothing says on which side of the equator."""

    number: int
    south: bool | None

    def __str__(self) -> str:
        return f"{self.number}{'' if self.south is None else 'S' if self.south else 'N'}"


_ZONE: Final = re.compile(r"(\d{1,2})\s*(?:°\s*)?[-/]?\s*([nslmu])?(?:elatan|outh|orth|tara)?")
_EPSG: Final = re.compile(r"(?:epsg:?\s*)?32([67])(\d\d)")
_ZONE_NOISE: Final = re.compile(r"\b(?:utm|zona|zone|wgs\s*-?\s*(?:19)?84|datum)\b|[,:;()]")
_SOUTH: Final = {"s": True, "l": True, "m": True, "n": False, "u": False}
_ZONE_IN_CELL: Final = re.compile(r"(?<![\w.,-])(\d{1,2})\s?([nslmu])(?![a-z])")
_METRES_IN_CELL: Final = re.compile(r"\d(?:[\d.,]*\d)?")


def _zone(raw: Any) -> _Zone | None:
    """The UTM zone that a cell of its own names; raises ``_UnreadableError`` for anything but 46 to 54."""
    if _is_nothing(raw):
        return None
    given = int(raw) if isinstance(raw, float) and raw.is_integer() else raw
    text = _ZONE_NOISE.sub(" ", _plain_text(str(given)[:_LONGEST])).strip()
    by_code = _EPSG.fullmatch(text)
    by_name = _ZONE.fullmatch(text)
    if by_code:
        found = _Zone(int(by_code[2]), by_code[1] == "7")
    elif by_name:
        found = _Zone(int(by_name[1]), _SOUTH[by_name[2]] if by_name[2] else None)
    else:
        raise _UnreadableError("place.zone")
    if found.number not in ZONES:
        raise _UnreadableError("place.zone")
    return found


def _metres(first: _Angle, second: _Angle) -> tuple[float, float] | None:
    """Two numbers as UTM easting and northing, ``None`` where their sizes do not fit."""
    if first.sexagesimal or second.sexagesimal:
        return None
    for one, other in ((first, second), (second, first)):
        swapped = one is second
        for east, north in product((one.value, one.grouped), (other.value, other.grouped)):
            if east is None or north is None or not _EASTING[0] <= east <= _EASTING[1]:
                continue
            if _NORTHING_SOUTH[0] <= north <= _NORTHING_SOUTH[1]:
                return east, north
            if not swapped and _NORTHING_NORTH[0] <= north <= _NORTHING_NORTH[1]:
                return east, north
    return None


@lru_cache(maxsize=32)
def _projection(zone: int, south: bool) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(f"EPSG:32{7 if south else 6}{zone}", "EPSG:4326", always_xy=True)


def _unprojected(east: float, north: float, zone: _Zone) -> tuple[float, float]:
    """Degrees of a place in UTM metres; a large northing without a side lies south."""
    south = north > _NORTHING_NORTH[1] if zone.south is None else zone.south
    lon, lat = _projection(zone.number, south).transform(east, north)
    return round(float(lon), _KEPT), round(float(lat), _KEPT)


# --- what the cells of a row mean --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A place that cells may mean; ``mends`` counts the different things that had to be mended for it."""

    lon: float
    lat: float
    zone: str = ""
    mends: int = 1


@dataclass(frozen=True, slots=True)
class _Meant:
    """What cells mean: a place, or ``candidates`` of which the region decides, or nothing; ``decimals`` of a degree."""

    lon: float = math.nan
    lat: float = math.nan
    findings: tuple[Finding, ...] = ()
    decimals: int = _KEPT
    candidates: tuple[_Candidate, ...] = ()
    doubt: Literal["power", "zone"] | None = None
    otherwise: tuple[Finding, ...] = ()


def _refused(code: str, *, proposal: str | None = None, **told: str) -> Finding:
    return Finding(Level.REFUSED, code, told, proposal)


def _noted(code: str, **told: str) -> Finding:
    return Finding(Level.NOTED, code, told)


def _degrees(value: float) -> str:
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _told_place(lon: float, lat: float) -> str:
    """``-7.1234, 112.5678``: latitude first, as ``read_place`` reads it back."""
    return f"{_degrees(lat)}, {_degrees(lon)}"


def _pair_meaning(key: Sequence[Any]) -> _Meant:
    """What a cell of longitude, one of latitude and perhaps one of a zone mean."""
    lon_raw, lat_raw = key[0], key[1]
    zone_raw = key[2] if len(key) > 2 else None
    empty = (_is_nothing(lon_raw), _is_nothing(lat_raw))
    if all(empty):
        return _nothing_said(lon_raw, lat_raw)
    both_here = [raw for raw, none in zip((lon_raw, lat_raw), empty, strict=True) if not none]
    if len(both_here) == 1 or both_here[0] == both_here[1]:
        whole = _cell_meaning((both_here[0], zone_raw)) if isinstance(both_here[0], str) else None
        if whole is not None and _is_link(str(both_here[0])):
            return whole
        if whole is not None and (whole.candidates or not math.isnan(whole.lon)):
            return replace(whole, findings=(_noted("place.one_cell"), *whole.findings))
    if any(empty):
        return _Meant(findings=(_refused("place.half"),))
    try:
        return _meaning(*_angles(lon_raw, lat_raw), _zone_beside(lon_raw, lat_raw, zone_raw), ordered=True)
    except _UnreadableError as error:
        link = next((_link(raw) for raw in (lat_raw, lon_raw) if isinstance(raw, str) and _is_link(raw)), None)
        return link or _Meant(findings=(_refused(str(error)),))


def _nothing_said(*cells: Any) -> _Meant:
    """Empty cells, or words that say that there is nothing."""
    said = any(isinstance(raw, str) and raw.strip() for raw in cells)
    return _Meant(findings=(_noted("place.nothing"),) if said else ())


def _angles(lon_raw: Any, lat_raw: Any) -> tuple[_Angle, _Angle]:
    """The numbers of two cells, without a UTM zone that stands beside one of them."""
    return _angle(_without_zone(lon_raw)), _angle(_without_zone(lat_raw))


def _without_zone(raw: Any) -> Any:
    found = _zone_of_cell(raw)
    return _ZONE_IN_CELL.sub(" ", _plain_text(raw)) if found else raw


def _zone_of_cell(raw: Any) -> re.Match[str] | None:
    """The zone beside metres in one cell, as in ``49S 693000``."""
    if not isinstance(raw, str) or len(raw) > _LONGEST:
        return None
    text = _plain_text(raw)
    found = _ZONE_IN_CELL.search(text)
    left = _ZONE_IN_CELL.sub(" ", text) if found else ""
    return found if found and re.search(r"\d{5}|\d\.\d{3}", left) else None


def _zone_beside(lon_raw: Any, lat_raw: Any, zone_raw: Any) -> Callable[[], _Zone | None]:
    """The zone of a row, read only when its numbers turn out to be metres."""

    def found() -> _Zone | None:
        named = _zone(zone_raw)
        if named is not None:
            return named
        for raw in (lon_raw, lat_raw):
            beside = _zone_of_cell(raw)
            if beside:
                return _zone(beside[0])
        return None

    return found


def _meaning(first: _Angle, second: _Angle, zone: Callable[[], _Zone | None], *, ordered: bool) -> _Meant:
    """What two numbers mean, of which the first should be the longitude where they are ``ordered``."""
    metres = _metres(first, second)
    if metres is not None:
        return _meaning_of_metres(*metres, zone())
    if first.axis is not None and first.axis == second.axis:
        return _Meant(findings=(_refused("place.same_axis"),))
    swapped = _is_swapped(first, second)
    lon, lat = (second, first) if swapped else (first, second)
    told = [_noted("place.swapped")] if swapped and ordered else []
    if lon.sexagesimal or lat.sexagesimal:
        told.append(_noted("place.sexagesimal", place=_told_place(lon.value, lat.value)))
    if lon.turned or lat.turned:
        told.append(Finding(Level.FLAGGED, "place.twice_turned", {"place": _told_place(lon.value, lat.value)}))
    if lon.value == 0 and lat.value == 0:
        return _Meant(findings=(_refused("place.zero"),))
    x, y = round(lon.value, _KEPT + 2), round(lat.value, _KEPT + 2)
    if _holds(_LON, x) and _holds(_LAT, y):
        return _Meant(x, y, tuple(told), max(lon.decimals, lat.decimals))
    impossible = abs(x) > 180 or abs(y) > 90
    wrong = _refused("place.impossible" if impossible else "place.outside", place=_told_place(x, y))
    candidates = tuple(_mended(lon, lat))
    if not candidates:
        return _Meant(findings=(wrong,))
    return _Meant(candidates=candidates, doubt="power", otherwise=(wrong,))


def _holds(span: tuple[float, float], value: float) -> bool:
    return span[0] <= value <= span[1]


def _is_swapped(first: _Angle, second: _Angle) -> bool:
    """Whether the first number is the latitude: its words say so, or only so both can lie in Indonesia."""
    if first.axis is not None or second.axis is not None:
        return first.axis == "lat" or second.axis == "lon"
    if _fits(first, _LON) and _fits(second, _LAT):
        return False
    return _fits(second, _LON) and _fits(first, _LAT)


def _fits(angle: _Angle, span: tuple[float, float]) -> bool:
    """Whether a number, or its digits with a decimal mark somewhere, lies in a span."""
    return _holds(span, angle.value) or any(_holds(span, value) for value, _ in _restored(angle, span))


def _restored(angle: _Angle, span: tuple[float, float]) -> Iterator[tuple[float, int]]:
    """Values in the span that a number outside it may have been, and how many things were mended for each.

    Only a whole number can have lost its decimal mark; nothing nearer to the equator than a kilometre is tried.
    """
    if angle.sexagesimal:
        return
    for power in range(_POWERS if angle.decimals == 0 else 1):
        value = angle.value / 10.0**power
        if abs(value) < _LEAST:
            return
        if _holds(span, value) and power:
            yield round(value, _KEPT + 2), 1
        elif value > 0 and span is _LAT and _holds(span, -value):
            yield round(-value, _KEPT + 2), 2 if power else 1


def _mended(lon: _Angle, lat: _Angle) -> Iterator[_Candidate]:
    """Places around Indonesia with the same digits, the decimal mark or the minus put back where it was lost."""
    lons = [(lon.value, 0)] if _holds(_LON, lon.value) else list(_restored(lon, _LON))
    lats = [(lat.value, 0)] if _holds(_LAT, lat.value) else list(_restored(lat, _LAT))
    for (x, x_mends), (y, y_mends) in product(lons, lats):
        yield _Candidate(x, y, mends=max(x_mends, y_mends))


def _meaning_of_metres(east: float, north: float, zone: _Zone | None) -> _Meant:
    if zone is not None:
        lon, lat = _unprojected(east, north, zone)
        return _Meant(lon, lat, (_noted("place.utm", zone=str(zone), place=_told_place(lon, lat)),))
    candidates = []
    for number in ZONES:
        side = _Zone(number, north > _NORTHING_NORTH[1])
        lon, lat = _unprojected(east, north, side)
        candidates.append(_Candidate(lon, lat, zone=str(side)))
    return _Meant(candidates=tuple(candidates), doubt="zone", otherwise=(_refused("place.no_zone"),))


# --- both coordinates in one cell --------------------------------------------------------------------------------

_NAME: Final = r"[a-z][a-z.]*(?:\s[a-z][a-z.]*)*[\s:=]*"
_HALVES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"([^;|/]+)[;|/]([^;|/]+)",
        r"([^a-z]*\d[^a-z]*[a-z.]+(?: [a-z.]+)?)[\s,]*([^a-z]*\d[^a-z]*[a-z.]+(?: [a-z.]+)?)",
        rf"({_NAME}[^a-z]*\d[^a-z]*)({_NAME}[^a-z]*\d[^a-z]*)",
        r"(.*?[\d°'\"a-z]),\s+(.*)",
        r"([^°]*°[^°]*?)[\s,]+([-+]?\s*\d+(?:[.,]\d+)?\s*°[^°]*)",
        r"([-+]?\d+,\d+),([-+]?\d+,\d+)",
        r"([-+]?\d+(?:[.,]\d+)*)\s*,?\s+([-+]?\d+(?:[.,]\d+)*)",
        r"(?=.*\.)([-+]?\d+(?:\.\d+)?)\s*,\s*([-+]?\d+(?:\.\d+)?)",
    )
)
_BETWEEN: Final = re.compile(r"\s+-\s+(?=(?:9[4-9]|1[0-4]\d)(?!\d)|[a-z])|\s+(?:dan|and)\s+|\s*&\s*")
_LINK: Final = re.compile(r"https?:|www\.|maps\.|goo\.gl|geo:", re.IGNORECASE)
_IN_LINK: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"!3d(-?\d{1,3}\.\d+)!4d(-?\d{1,3}\.\d+)",
        r"[?&](?:q|ll|query|destination|center|daddr)=(?:loc:)?(-?\d{1,3}\.\d+)(?:,|%2C)\s*\+?(-?\d{1,3}\.\d+)",
        r"@(-?\d{1,3}\.\d+),(-?\d{1,3}\.\d+)",
        r"(?:#map=\d+/|geo:|/)(-?\d{1,3}\.\d+)[,/]\s*\+?(-?\d{1,3}\.\d+)",
    )
)


def _is_link(text: str) -> bool:
    return _LINK.search(text[:_LONGEST_LINK]) is not None


def _link(text: str) -> _Meant:
    """A link is refused: it may lead anywhere tomorrow; coordinates in its text are proposed, the pin's before the
    middle of the picture.
    """
    found = next((match for match in (one.search(text[:_LONGEST_LINK]) for one in _IN_LINK) if match), None)
    inside = found is not None and _in_range(np.array([float(found[2])]), np.array([float(found[1])]))[0]
    proposal = _told_place(float(found[2]), float(found[1])) if found is not None and inside else None
    code = "place.link" if proposal is None else "place.link_with_place"
    told = {} if proposal is None else {"place": proposal}
    return _Meant(findings=(Finding(Level.REFUSED, code, told, proposal),))


def _cell_meaning(key: Sequence[Any]) -> _Meant:
    """What a cell with both coordinates, and perhaps one of a zone, mean."""
    raw, zone_raw = key[0], key[1] if len(key) > 1 else None
    if _is_nothing(raw):
        return _nothing_said(raw)
    if not isinstance(raw, str):
        return _Meant(findings=(_refused("place.unreadable" if isinstance(raw, bool) else "place.half"),))
    if _is_link(raw):
        return _link(raw)
    text = re.sub(r"^(?:point|titik|koordinat|coordinates?)\b[\s:(]*", "", _plain_text(raw)).strip(" ()[]{}.,;")
    text = _BETWEEN.sub(";", text) if len(_BETWEEN.findall(text)) == 1 else text
    if len(text) > _LONGEST or len(re.findall(r"\d+", text)) > 12 or len(re.findall(r"[a-z]+", text)) > 8:
        return _Meant(findings=(_refused("place.unreadable"),))
    try:
        return _meaning_in_metres(text, zone_raw) or _meaning_of_halves(text, zone_raw)
    except _UnreadableError as error:
        return _Meant(findings=(_refused(str(error)),))


def _meaning_in_metres(text: str, zone_raw: Any) -> _Meant | None:
    """``49S 693000 9215000`` in any order; ``None`` for anything else."""
    zoned = _ZONE_IN_CELL.search(text)
    numbers = _METRES_IN_CELL.findall(_ZONE_IN_CELL.sub(" ", text, count=1))
    zone: Any = zoned[0] if zoned else None
    if zone is None and len(numbers) == 3:
        at = next((place for place in (0, 2) if re.fullmatch(r"\d{2}", numbers[place])), None)
        zone = numbers.pop(at) if at is not None else None
    if len(numbers) != 2:
        return None
    first, second = (_number(number) for number in numbers)
    metres = _metres(first, second) if first is not None and second is not None else None
    if metres is None:
        return None
    named = _zone(zone_raw)
    return _meaning_of_metres(*metres, named if named is not None else _zone(zone))


def _meaning_of_halves(text: str, zone_raw: Any) -> _Meant:
    wrong = "place.half" if _is_angle(text) else "place.unreadable"
    for pattern in _HALVES:
        halves = pattern.fullmatch(text)
        if halves is None:
            continue
        try:
            first, second = _angle(halves[1].strip(" ,")), _angle(halves[2].strip(" ,"))
        except _UnreadableError as error:
            wrong = str(error) if str(error) != "place.unreadable" else wrong
            continue
        return _meaning(*_latitude_last(first, second), lambda: _zone(zone_raw), ordered=False)
    raise _UnreadableError(wrong)


def _latitude_last(first: _Angle, second: _Angle) -> tuple[_Angle, _Angle]:
    """Two numbers with the longitude first; a latitude comes first in a cell unless words or sizes say otherwise."""
    if first.axis == "lon" or second.axis == "lat":
        return first, second
    named = first.axis is not None or second.axis is not None
    return (first, second) if not named and _is_swapped(second, first) else (second, first)


def _is_angle(text: str) -> bool:
    try:
        _angle(text)
    except _UnreadableError:
        return False
    return True


# --- rows of equal cells are read once ---------------------------------------------------------------------------


def _understood(
    rows: Places, columns: Sequence[Cells], meaning: Callable[[Sequence[Any]], _Meant]
) -> list[tuple[list[int], _Meant]]:
    """Each distinct row of cells with its positions and what it means."""
    grouped: dict[Hashable, tuple[list[int], tuple[Any, ...]]] = {}
    for row, cells in zip(rows.tolist(), zip(*columns, strict=True), strict=True):
        key = (cells, tuple(map(type, cells)))
        known = grouped.get(key)
        if known is None:
            grouped[key] = ([row], cells)
        else:
            known[0].append(row)
    return [(positions, meaning(cells)) for positions, cells in grouped.values()]


# --- where the places lie ----------------------------------------------------------------------------------------


def _settled(
    x: Floats,
    y: Floats,
    understood: Sequence[tuple[list[int], _Meant]],
    regions: pd.Series[Any] | None,
    index: pd.Index[Any],
) -> ReadPlaces:
    """The places of all rows, held against the regions that the rows state; ``x`` and ``y`` are filled in place."""
    stated = _stated(regions, len(x))
    found: dict[int, list[Finding]] = {}
    decimals = np.full(len(x), _KEPT)
    for positions, meant in understood:
        x[positions], y[positions], decimals[positions] = meant.lon, meant.lat, meant.decimals
        if meant.findings:
            found.update((position, list(meant.findings)) for position in positions)
    _decide(x, y, [one for one in understood if one[1].candidates], stated, found)
    within = _check_regions(x, y, stated, found)
    coarse = np.flatnonzero(np.isfinite(x) & (decimals < ENOUGH_DECIMALS))
    for position in coarse.tolist():
        found.setdefault(position, []).append(_coarse(int(decimals[position])))
    precision = np.full(len(x), None, dtype=object)
    precision[coarse] = [_precision(int(count)) for count in decimals[coarse]]
    return ReadPlaces(
        pd.DataFrame({"lon": x, "lat": y}, index=index),
        pd.Series(precision, index=index, dtype="str"),
        pd.Series(within, index=index, dtype="str"),
        {position: tuple(findings) for position, findings in sorted(found.items())},
    )


def _precision(decimals: int) -> str:
    return str(LocationPrecision.VILLAGE if decimals == 2 else LocationPrecision.DISTRICT)


def _coarse(decimals: int) -> Finding:
    told = {"km": {0: "111", 1: "11"}.get(decimals, "1.1"), "precision": _precision(decimals)}
    return Finding(Level.FLAGGED, "place.coarse", told)


def _stated(regions: pd.Series[Any] | None, count: int) -> npt.NDArray[np.object_]:
    """The code of the area each row must lie in, ``None`` where the row states none that has boundaries."""
    if regions is None:
        return np.full(count, None, dtype=object)
    numbers, codes = pd.factorize(regions.astype(object), use_na_sentinel=True)
    areas = _areas()
    known = [_area_code(code, areas) for code in codes.tolist()]
    return np.array([*known, None], dtype=object)[numbers]


def _area_code(code: Any, areas: Mapping[str, shapely.Geometry]) -> str | None:
    if not isinstance(code, str):
        return None
    wanted = regency_of(code) or code
    return wanted if wanted in areas else None


def _areas() -> Mapping[str, shapely.Geometry]:
    """The provinces and kabupaten/kota in force by code, ready for many points."""
    return _areas_as_of(boundary_stamp(1), boundary_stamp(2))


@lru_cache(maxsize=2)
def _areas_as_of(*_stamps: str) -> Mapping[str, shapely.Geometry]:
    found: dict[str, shapely.Geometry] = {}
    for level in (1, 2):
        areas = load_boundaries(1 if level == 1 else 2)
        found.update(zip(areas["code"], areas.geometry, strict=True))
    shapely.prepare(list(found.values()))
    return found


def _inside(stated: npt.NDArray[np.object_], x: Floats, y: Floats) -> Flags:
    """Whether each place lies in the area its row states; false without one."""
    areas = _areas()
    inside = np.zeros(len(x), dtype=bool)
    numbers, codes = pd.factorize(stated, use_na_sentinel=True)
    order = np.argsort(numbers, kind="stable")
    starts = np.searchsorted(numbers[order], np.arange(len(codes) + 1))
    for number, code in enumerate(codes):
        rows = order[starts[number] : starts[number + 1]]
        rows = rows[np.isfinite(x[rows])]
        inside[rows] = shapely.intersects_xy(areas[code], x[rows], y[rows])
    return inside


def _decide(
    x: Floats,
    y: Floats,
    doubtful: Sequence[tuple[list[int], _Meant]],
    stated: npt.NDArray[np.object_],
    found: dict[int, list[Finding]],
) -> None:
    """Choose among candidates by the stated region, else ask; writes places and findings of the doubtful rows."""
    rows = [(position, meant) for positions, meant in doubtful for position in positions]
    if not rows:
        return
    counts = np.array([len(meant.candidates) for _, meant in rows])
    owner = np.repeat(np.arange(len(rows)), counts)
    lon, lat = (
        np.array([getattr(one, axis) for _, meant in rows for one in meant.candidates], dtype="float64")
        for axis in ("lon", "lat")
    )
    positions = np.array([position for position, _ in rows])
    fits = _inside(stated[positions[owner]], lon, lat)
    undecided = np.bincount(owner[fits], minlength=len(rows))[owner] == 0
    on_land = np.zeros(len(lon), dtype=bool)
    on_land[undecided] = _known_land(lon[undecided], lat[undecided])
    starts = np.concatenate(([0], np.cumsum(counts)))
    labels = _labels(stated[positions])
    for number, (position, meant) in enumerate(rows):
        own = range(starts[number], starts[number + 1])
        fitting = [meant.candidates[at - starts[number]] for at in own if fits[at]]
        possible = [meant.candidates[at - starts[number]] for at in own if on_land[at]]
        taken, finding = _choice(meant, fitting, possible, stated[position], labels)
        found[position] = [*found.get(position, []), *finding]
        if taken is not None:
            x[position], y[position] = taken.lon, taken.lat


def _known_land(lon: Floats, lat: Floats) -> Flags:
    if not lon.size:
        return np.zeros(0, dtype=bool)
    return locate_points(pd.DataFrame({"lon": lon, "lat": lat}), level=1)["code"].notna().to_numpy()


def _choice(
    meant: _Meant,
    fitting: Sequence[_Candidate],
    possible: Sequence[_Candidate],
    stated: str | None,
    labels: Mapping[str, str],
) -> tuple[_Candidate | None, tuple[Finding, ...]]:
    """The place taken, if any, and what is told: ``fitting`` lie in the stated region, ``possible`` in Indonesia."""
    chosen = fitting or possible
    if not chosen:
        return None, meant.otherwise
    only = chosen[0] if len(chosen) == 1 else None
    proposal = _told_place(only.lon, only.lat) if only else None
    told = {
        "place": proposal or "",
        "places": "; ".join(_told_place(one.lon, one.lat) for one in chosen),
        "zones": ", ".join(one.zone for one in chosen if one.zone),
        "region": labels[stated] if stated else "",
    }
    if meant.doubt == "zone":
        fits = only is not None and bool(fitting)
        code = "place.zone_proposed" if fits else "place.zone_asked"
        return None, (Finding(Level.ASKED, code, told, proposal if fits else None),)
    if only is None:
        return None, (Finding(Level.ASKED, "place.power_several", told),)
    if fitting and stated and regency_of(stated) and only.mends == 1 and _same_side(meant, only):
        return only, (Finding(Level.FLAGGED, "place.power", told, proposal),)
    code = "place.sign" if only.mends == 1 and not _same_side(meant, only) else "place.power_asked"
    return None, (Finding(Level.ASKED, code, told, proposal),)


def _same_side(meant: _Meant, candidate: _Candidate) -> bool:
    """Whether a candidate has the sign that its latitude was written with."""
    written = next((finding.told.get("place", "") for finding in meant.otherwise), "")
    return written.startswith("-") == (candidate.lat < 0)


def _check_regions(
    x: Floats, y: Floats, stated: npt.NDArray[np.object_], found: dict[int, list[Finding]]
) -> npt.NDArray[np.object_]:
    """The region of every place; places outside Indonesia are taken back, those outside the stated region are told."""
    within = stated.copy()
    within[~np.isfinite(x)] = None
    astray = np.flatnonzero(np.isfinite(x) & ~_inside(stated, x, y))
    if not astray.size:
        return within
    located = locate_points(pd.DataFrame({"lon": x[astray], "lat": y[astray]}))["code"].to_numpy(object, copy=True)
    abroad = pd.isna(located)
    located[abroad] = None
    within[astray] = located
    elsewhere = np.array([_differ(code, one) for code, one in zip(stated[astray], located, strict=True)], dtype=bool)
    wrong = abroad | elsewhere
    rows = astray[wrong]
    metres = _distances_m(x[rows], y[rows], stated[rows])
    mirrored = _mirrored(x[rows], y[rows], stated[rows])
    labels = _labels(stated[rows], located[wrong])
    for position, code, distance_m, proposal in zip(
        rows.tolist(), located[wrong], metres.tolist(), mirrored, strict=True
    ):
        told = {"place": _told_place(x[position], y[position])}
        if stated[position] is not None:
            told |= {"km": f"{distance_m / 1000:.1f}", "region": labels[stated[position]]}
        if code is not None:
            told |= {"found": labels[code], "found_code": code}
        finding = _elsewhere(told, distance_m, proposal) if code is not None else _abroad(told, proposal)
        found.setdefault(position, []).append(finding)
        if finding.level is Level.NOTED:
            within[position] = stated[position]
    x[astray[abroad]], y[astray[abroad]] = np.nan, np.nan
    return within


def _differ(stated: Any, located: Any) -> bool:
    """Whether a place was located, and not in the stated area."""
    return isinstance(stated, str) and isinstance(located, str) and located[: len(stated)] != stated


def _labels(*codes: npt.NDArray[np.object_]) -> Mapping[str, str]:
    """The names of the regions among the codes."""
    return {code: region_label(code) for code in pd.unique(np.concatenate(codes)) if isinstance(code, str)}


def _mirrored(x: Floats, y: Floats, stated: npt.NDArray[np.object_]) -> list[str | None]:
    """The places on the other side of the equator, where those lie in the stated region (or in Indonesia)."""
    fits = _inside(stated, x, -y)
    anywhere = pd.isna(stated) & _in_range(x, -y)
    fits[anywhere] = _known_land(x[anywhere], -y[anywhere])
    return [
        _told_place(lon, -lat) if fit and lat else None
        for lon, lat, fit in zip(x.tolist(), y.tolist(), fits.tolist(), strict=True)
    ]


def _abroad(told: Mapping[str, str], proposal: str | None) -> Finding:
    return Finding(Level.REFUSED, "place.outside_far" if "region" in told else "place.outside", told, proposal)


def _elsewhere(told: Mapping[str, str], distance_m: float, proposal: str | None) -> Finding:
    if distance_m <= NEAR_BORDER_M:
        return Finding(Level.NOTED, "place.near_border", told)
    return Finding(Level.FLAGGED, "place.elsewhere", told, proposal)


def _distances_m(x: Floats, y: Floats, stated: npt.NDArray[np.object_]) -> Floats:
    """Geodesic metres from each place to the area its row states.

    The nearest point of the area is sought on a plane whose degrees are equally long both ways around the area.
    """
    metres = np.full(len(x), np.nan)
    numbers, codes = pd.factorize(stated)
    for number, code in enumerate(codes):
        rows = np.flatnonzero(numbers == number)
        shape = _areas()[code]
        shrink = math.cos(math.radians((shape.bounds[1] + shape.bounds[3]) / 2))
        flat = shapely.transform(shape, lambda corners, wide=shrink: corners * (wide, 1.0))
        lines = shapely.shortest_line(shapely.points(x[rows] * shrink, y[rows]), flat)
        nearest = shapely.get_coordinates(lines)[1::2]
        metres[rows] = _ELLIPSOID.inv(x[rows], y[rows], nearest[:, 0] / shrink, nearest[:, 1])[2]
    return metres


# --- in words ----------------------------------------------------------------------------------------------------

Told = Mapping[str, str]


def _kilometres(t: Translator, told: Told) -> str:
    return t.number(float(told["km"]))


def _as_degrees(t: Translator) -> str:
    return t("Write decimal degrees, such as -7.1234 for the latitude and 112.5678 for the longitude.")


MESSAGES: Final[Messages] = {
    "place.nothing": lambda t, _: (t("This says that nothing is known; it was taken as empty."), ""),
    "place.half": lambda t, _: (
        t("Only one of longitude and latitude is given."),
        t("Give both, or leave both empty."),
    ),
    "place.unreadable": lambda t, _: (t("This is not a coordinate."), _as_degrees(t)),
    "place.not_finite": lambda t, _: (t("This is not a number that a place can have."), _as_degrees(t)),
    "place.sixty": lambda t, _: (
        t("Minutes and seconds of an angle are less than 60."),
        t("Correct the minutes or seconds."),
    ),
    "place.same_axis": lambda t, _: (
        t("Both values are longitudes, or both are latitudes."),
        t("Give one longitude (BT) and one latitude (LS or LU)."),
    ),
    "place.zero": lambda t, _: (
        t("Longitude 0 and latitude 0 is no place in Indonesia, but a sign that the coordinates were never filled in."),
        t("Give the coordinates, or leave both empty."),
    ),
    "place.impossible": lambda t, told: (
        t("{place} is no place on earth: latitudes end at 90 degrees, longitudes at 180.", place=told["place"]),
        _as_degrees(t),
    ),
    "place.outside": lambda t, told: (
        t("{place} is not on land in Indonesia.", place=told["place"]),
        t("Check the minus sign, the decimal mark and the order of latitude and longitude."),
    ),
    "place.outside_far": lambda t, told: (
        t(
            "{place} is not on land in Indonesia; it is {km} km from {region}.",
            place=told["place"],
            km=_kilometres(t, told),
            region=told["region"],
        ),
        t("Check the minus sign, the decimal mark and the order of latitude and longitude."),
    ),
    "place.elsewhere": lambda t, told: (
        t(
            "The point lies in {found}, {km} km from {region}, which the row states.",
            found=told["found"],
            km=_kilometres(t, told),
            region=told["region"],
        ),
        t("Correct the coordinates or the region."),
    ),
    "place.near_border": lambda t, told: (
        t(
            "The point lies {km} km beyond the drawn border of {region}; drawn borders are approximate.",
            km=_kilometres(t, told),
            region=told["region"],
        ),
        "",
    ),
    "place.swapped": lambda t, _: (t("Longitude and latitude stood in each other's column and were swapped."), ""),
    "place.one_cell": lambda t, _: (t("Both coordinates stood in one cell and were parted."), ""),
    "place.sexagesimal": lambda t, told: (
        t("Degrees and minutes were turned into decimal degrees: {place}.", place=told["place"]),
        "",
    ),
    "place.twice_turned": lambda t, told: (
        t("A minus and a word for the direction stand together; the word was followed: {place}.", place=told["place"]),
        t("Check the point on the map."),
    ),
    "place.utm": lambda t, told: (
        t("Metres of UTM zone {zone} were turned into degrees: {place}.", zone=told["zone"], place=told["place"]),
        "",
    ),
    "place.zone": lambda t, _: (
        t("This is not a UTM zone of Indonesia; those are 46 to 54."),
        t("Write the zone with N or S, such as 49S."),
    ),
    "place.no_zone": lambda t, _: (
        t("These are metres, but in no UTM zone of Indonesia do they lie on land."),
        _as_degrees(t),
    ),
    "place.zone_proposed": lambda t, told: (
        t(
            "The UTM zone is missing. In zone {zones} the point lies in {region}: {place}.",
            zones=told["zones"],
            region=told["region"],
            place=told["place"],
        ),
        t("Accept the proposal, or give the zone."),
    ),
    "place.zone_asked": lambda t, told: (
        t("The UTM zone is missing; the metres fit zones {zones}.", zones=told["zones"]),
        t("Give the zone with N or S, such as 49S."),
    ),
    "place.power": lambda t, told: (
        t(
            "The decimal mark was lost; read as {place}, the only reading that lies in {region}.",
            place=told["place"],
            region=told["region"],
        ),
        t("Check the point on the map."),
    ),
    "place.power_asked": lambda t, told: (
        t("The decimal mark or the minus was lost; {place} would lie in Indonesia.", place=told["place"]),
        t("Accept the proposal, or correct the coordinates."),
    ),
    "place.power_several": lambda t, told: (
        t("The decimal mark was lost; it could be any of: {places}.", places=told["places"]),
        t("Correct the coordinates, or state the kabupaten or kota."),
    ),
    "place.sign": lambda t, told: (
        t(
            "As written the point is not on land in Indonesia; with a minus before the latitude it is: {place}.",
            place=told["place"],
        ),
        t("Accept the proposal, or correct the coordinates."),
    ),
    "place.link": lambda t, _: (t("A link is not a coordinate, and is not followed."), _as_degrees(t)),
    "place.link_with_place": lambda t, told: (
        t("A link is not a coordinate, and is not followed. Its text names {place}.", place=told["place"]),
        t("Accept the proposal if that is the place, or write its coordinates."),
    ),
    "place.coarse": lambda t, told: (
        t("The coordinates are rounded to about {km} km.", km=t.limit(float(told["km"]))),
        t("Give at least three decimals, or state a location_precision of village or district."),
    ),
}
"""What the findings of this module say."""
