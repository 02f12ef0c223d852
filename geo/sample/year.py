"""Make up the synthetic sites of the programme year, with their plans, reports and obstacles.

Everything here is invented and says so: ``data_status`` is ``synthetic`` and every name carries "Contoh". Real are
only the regions, the villages whose points stand for the sites, and the institutions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd

from geo.model import FOCUS_PROVINCES, DataStatus, LocationPrecision, Stage, Status
from geo.sample.course import Course, Percents, draw_course, s_curve
from geo.sample.frames import from_rows
from geo.sample.months import CLOSING, LAST_MONTH, SAMPLE_AS_OF, month_end, month_start, quarter_months

Row = Mapping[str, Any]
Wordings = Mapping[str, list[Row]]
"""Rows of a catalogue by a word, such as a programme, see ``by_word``."""

MIX: Mapping[str, Mapping[Status, int]] = {
    province: dict(
        zip(
            (
                Status.SELESAI,
                Status.SESUAI_RENCANA,
                Status.WASPADA,
                Status.TERLAMBAT,
                Status.KRITIS,
                Status.BELUM_LAPOR,
                Status.BELUM_MULAI,
                Status.TIDAK_AKTIF,
            ),
            counts,
            strict=True,
        )
    )
    for province, counts in {
        "32": (1, 8, 4, 2, 1, 1, 1, 1),
        "33": (2, 8, 4, 2, 1, 1, 1, 0),
        "35": (3, 10, 3, 1, 1, 1, 1, 0),
        "52": (1, 7, 4, 2, 1, 1, 1, 1),
        "72": (0, 3, 3, 5, 4, 2, 1, 1),
    }.items()
}
"""Synthetic sites by province and situation on the sample's day; Jawa Timur does best, Sulawesi Tengah lags."""

_PROGRAMMES = ("koperasi", "warung_nkri", "ktn", "koperasi", "rusun", "warung_nkri", "koperasi")
"""Programmes in the order in which a province's synthetic sites take them."""

_PREFIX = {"ktn": "KTN", "koperasi": "KOP", "warung_nkri": "WN", "rusun": "RSN"}
_LABEL = {"ktn": "KTN", "koperasi": "Koperasi", "warung_nkri": "WARUNG NKRI", "rusun": "Rusun"}
_OFFICE = {
    "ktn": "Dinas Pertanian",
    "koperasi": "Dinas Koperasi dan UKM",
    "warung_nkri": "Badan Kesatuan Bangsa dan Politik",
    "rusun": "Dinas Perumahan",
}
_MINISTRY = {"ktn": "KEMENTAN", "koperasi": "KEMENKOPUKM", "warung_nkri": "KEMENSOS", "rusun": "PUPR"}
_PROVINCE = {
    "32": "Jawa Barat",
    "33": "Jawa Tengah",
    "35": "Jawa Timur",
    "52": "Nusa Tenggara Barat",
    "72": "Sulawesi Tengah",
}
_VALUE_MILLIONS = {"ktn": (1800, 8500), "koperasi": (120, 600), "warung_nkri": (80, 350), "rusun": (2300, 4800)}
_UNDER_CONTRACT_RULES = ("ktn", "rusun")
_REVISIONS: Mapping[Status, datetime] = {
    Status.SESUAI_RENCANA: datetime(2026, 5, 18, 3, tzinfo=UTC),
    Status.WASPADA: datetime(2026, 8, 12, 2, 30, tzinfo=UTC),
    Status.TERLAMBAT: datetime(2026, 8, 27, 4, tzinfo=UTC),
}
"""When the plan of a contract site was revised, by the situation it stands in on the sample's day."""
_ADDED_TIME = 0.2
"""Share of its time that a revised plan has gained; without it the site would be further behind."""
_INDICATORS: Mapping[str, tuple[tuple[str, str, int, int], ...]] = {
    "ktn": (("luas_lahan", "ha", 4, 18), ("kelompok_tani", "kelompok", 2, 8)),
    "koperasi": (("anggota", "orang", 22, 140), ("omzet", "rupiah", 8_000_000, 90_000_000)),
    "warung_nkri": (("pengunjung", "orang", 180, 1900), ("dialog", "kegiatan", 1, 9)),
    "rusun": (("daya_tampung", "orang", 40, 90), ("luas_bangunan", "m2", 380, 720)),
}
_GROUPS = {"mitra": (4, 32), "penyintas": (0, 14), "masyarakat": (30, 420)}


@dataclass(frozen=True)
class Site:
    """A synthetic site with the course it takes; ``value`` is rupiah, ``None`` where there is no contract."""

    code: str
    programme: str
    name: str
    region_code: str
    region_name: str
    lon: float
    lat: float
    institution_code: str
    value: int | None
    course: Course
    carried_until: int
    """Last month in which its stage is "carried over"; before its first month when it never is."""

    @property
    def year(self) -> int:
        """Budget year in which the work begins."""
        return month_start(self.course.first_month).year


def synthetic_sites(districts: pd.DataFrame, villages: pd.DataFrame, rng: np.random.Generator) -> tuple[Site, ...]:
    """The synthetic sites of all provinces: ``MIX`` spread over the focus districts, each in a village of its own."""
    sites: list[Site] = []
    for province in FOCUS_PROVINCES:
        own = districts[districts["code"].str[:2] == province].reset_index(drop=True)
        situations = [situation for situation, count in MIX[province].items() for _ in range(count)]
        kritis = 0
        for place, chosen in enumerate(rng.permutation(len(situations))):
            district = own.iloc[place % len(own)]
            around = villages[villages["code"].str[:5] == district["code"]]
            # villages of one district are visited in steps, so that its sites do not stand side by side
            village = around.iloc[(7 + 13 * (place // len(own))) % len(around)]
            situation = situations[int(chosen)]
            silent = _silent_months(province, kritis) if situation == Status.KRITIS else 0
            kritis += situation == Status.KRITIS
            sites.append(_site(place, district, village, situation, rng, silent_months=silent))
    return tuple(sites)


def _silent_months(province: str, earlier: int) -> int:
    """How many last months a critical site went unreported: one in each of three provinces, two where it lags."""
    if province == "72":
        return (4, 0, 3, 1)[earlier % 4]
    return {"52": 4, "33": 3, "35": 1}.get(province, 0)


def _site(
    place: int,
    district: pd.Series[Any],
    village: pd.Series[Any],
    situation: Status,
    rng: np.random.Generator,
    *,
    silent_months: int,
) -> Site:
    programme = _PROGRAMMES[(place + int(district["code"][:2])) % len(_PROGRAMMES)]
    priced = programme in _UNDER_CONTRACT_RULES or rng.random() < 0.8
    low, high = _VALUE_MILLIONS[programme]
    value = int(rng.integers(low, high)) * 1_000_000 if priced else None
    course = draw_course(
        situation, rng, contract=programme in _UNDER_CONTRACT_RULES and priced, silent_months=silent_months
    )
    unfinished = situation != Status.SELESAI and 4 <= course.first_month <= 11
    carried = (12, LAST_MONTH, -1)[place % 3] if unfinished else -1
    local = programme in ("koperasi", "warung_nkri") and place % 2 == 0
    return Site(
        code=f"CTH-{district['code']}-{_PREFIX[programme]}-{place + 1:02d}",
        programme=programme,
        name=f"{_LABEL[programme]} Contoh {village['name']}",
        region_code=str(district["code"]),
        region_name=short_region(str(district["name"])),
        lon=float(village["lon"]),
        lat=float(village["lat"]),
        institution_code=f"PEMDA-{district['code']}" if local else _MINISTRY[programme],
        value=value,
        course=course,
        carried_until=carried,
    )


def short_region(name: str) -> str:
    """A kabupaten/kota as signatures print it: ``Kabupaten Malang`` gives ``Kab. Malang``."""
    return name.replace("Kabupaten ", "Kab. ")


def task_force(region_code: str) -> str:
    """The regional task force of a region's province: a function, never a person."""
    return f"Satgas Wilayah {_PROVINCE[region_code[:2]]}"


# --- tables ------------------------------------------------------------------------------------------------------


def site_frame(sites: tuple[Site, ...]) -> pd.DataFrame:
    """The table ``sites``; points are village centroids (degrees, WGS 84)."""
    return from_rows(
        "sites",
        (
            {
                "code": site.code,
                "programme": site.programme,
                "name": site.name,
                "region_code": site.region_code,
                "lon": site.lon,
                "lat": site.lat,
                "location_precision": LocationPrecision.VILLAGE.value,
                "institution_code": site.institution_code,
                "start_date": month_start(site.course.first_month),
                "target_date": month_end(site.course.first_month + len(site.course.plan) - 1),
                "contract_value": site.value,
                "year": site.year,
                "data_status": DataStatus.SYNTHETIC.value,
            }
            for site in sites
        ),
    )


def plan_frame(sites: tuple[Site, ...], known: Mapping[str, datetime]) -> pd.DataFrame:
    """The table ``plans``: zero at the start, then each month's end, the last exactly 100 percent.

    ``known`` says by site code when its first plan was recorded (UTC). The sites of ``revised_sites`` began with a
    shorter plan; the one that holds on the sample's day replaced it as a whole.
    """
    revised = revised_sites(sites)
    return from_rows(
        "plans", (row for site in sites for row in _plans_of(site, known[site.code], revised.get(site.code)))
    )


def _plans_of(site: Site, known: datetime, revised: datetime | None) -> Iterator[Row]:
    if revised is not None:
        months = len(site.course.plan)
        yield from _plan_rows(site, s_curve(months - round(months * _ADDED_TIME)), known)
    yield from _plan_rows(site, site.course.plan, revised or known)


def _plan_rows(site: Site, plan: Percents, known: datetime) -> Iterator[Row]:
    first, told = site.course.first_month, {"site_code": site.code, "recorded_at": known}
    yield told | {"as_of": month_start(first), "percent": 0.0, "spend": _spent(site, 0.0, 1.0)}
    for step, percent in enumerate(plan):
        yield told | {
            "as_of": month_end(first + step),
            "percent": float(percent),
            "spend": _spent(site, float(percent), 1.0),
        }


def revised_sites(sites: tuple[Site, ...]) -> dict[str, datetime]:
    """Works under contract whose plan was revised (adendum) in 2026, by code, with the moment of the revision (UTC).

    For each of ``_REVISIONS`` the first such site that stands in its situation and began at least half a year before.
    """
    chosen: dict[str, datetime] = {}
    for situation, moment in _REVISIONS.items():
        latest = moment.date() - timedelta(days=183)
        chosen |= next(
            {site.code: moment}
            for site in sites
            if site.course.situation == situation
            and site.programme in _UNDER_CONTRACT_RULES
            and site.value is not None
            and month_start(site.course.first_month) <= latest
        )
    return chosen


def _spent(site: Site, percent: float, thrift: float) -> int | None:
    """Rupiah spent at a percent of progress: payments trail the work a little and meet it at the end."""
    if site.value is None:
        return None
    share = (percent / 100) ** 1.15 * thrift
    return min(site.value, int(round(site.value * share, -3)))


def report_frame(sites: tuple[Site, ...], texts: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The table ``reports``: monthly, with gaps, late arrivals, corrections; none recorded after the sample's day."""
    notes = {key: group["note"].tolist() for key, group in texts.groupby(["programme", "stage"])}
    return from_rows("reports", (row for site in sites for row in _report_rows(site, notes, rng)))


def _report_rows(site: Site, notes: Mapping[Any, list[str]], rng: np.random.Generator) -> Iterator[Row]:
    course = site.course
    thrift = float(rng.uniform(0.9, 1.0))
    gaps = _unreported(course, rng)
    for step, percent in enumerate(course.done):
        month = course.first_month + step
        if month in gaps:
            continue
        as_of = month_end(month)
        stage = _stage(site, step)
        told = float(percent)
        recorded = _recorded(as_of, rng)
        wording = notes.get((site.programme, stage.value), [])
        row = {
            "site_code": site.code,
            "as_of": as_of,
            "recorded_at": recorded,
            "percent": told,
            "spend": _spent(site, told, thrift),
            "stage": stage.value,
            "note": wording[step % len(wording)] if wording and rng.random() < 0.4 else _stage_note(stage),
            "data_status": DataStatus.SYNTHETIC.value,
            "author": _author(site, step),
        }
        mistaken = rng.random() < 0.05 and 3 < told < 95 and as_of < date(2026, 9, 1)
        if mistaken:
            yield row | {"percent": _misread(told, rng)}
            later = recorded + timedelta(days=int(rng.integers(3, 35)), hours=int(rng.integers(1, 6)))
            yield row | {"recorded_at": min(later, CLOSING), "note": "Koreksi setelah pemeriksaan lapangan."}
        else:
            yield row


def _unreported(course: Course, rng: np.random.Generator) -> frozenset[int]:
    """Months without a report: single ones here and there, and at some sites a silence of three or four months."""
    inner = range(course.first_month + 1, course.last_reported_month - 2)
    single = {month for month in inner if rng.random() < 0.05}
    if len(inner) > 8 and rng.random() < 0.14:
        start = int(rng.integers(inner.start + 2, inner.stop - 4))
        single |= set(range(start, start + int(rng.integers(3, 5))))
    return frozenset(single)


def _stage(site: Site, step: int) -> Stage:
    course = site.course
    percent, month = course.done[step], course.first_month + step
    last = step == len(course.done) - 1
    if course.situation == Status.TIDAK_AKTIF and last:
        return Stage.CANCELLED if site.region_code[:2] == "52" else Stage.POSTPONED
    if percent >= 100:
        return Stage.OPERATIONAL
    if 12 <= month <= site.carried_until:
        return Stage.CARRIED_OVER
    if percent >= 96 and site.programme != "rusun":
        return Stage.SOFT_LAUNCH
    return Stage.PREPARATION if percent < 8 else Stage.IN_PROGRESS


def _stage_note(stage: Stage) -> str | None:
    return {
        Stage.POSTPONED: "Pekerjaan ditunda menunggu keputusan anggaran.",
        Stage.CANCELLED: "Pekerjaan dibatalkan; lokasi dinilai tidak layak.",
        Stage.CARRIED_OVER: "Dilanjutkan pada tahun anggaran berikutnya.",
    }.get(stage)


def _author(site: Site, step: int) -> str:
    return task_force(site.region_code) if step % 4 == 3 else f"{_OFFICE[site.programme]} {site.region_name}"


def _misread(percent: float, rng: np.random.Generator) -> float:
    off = float(rng.uniform(2, 9)) * (1 if rng.random() < 0.7 else -1)
    return float(np.clip(round(percent + off, 1), 0, 98.0))


def _recorded(as_of: date, rng: np.random.Generator) -> datetime:
    """When a report arrived: mostly within nine days, one in eighteen weeks late, never after the sample's day."""
    days = int(rng.integers(25, 76)) if rng.random() < 0.055 else int(rng.integers(1, 10))
    moment = datetime.combine(as_of, time(int(rng.integers(1, 10)), int(rng.integers(0, 60))), tzinfo=UTC)
    return moment if as_of >= SAMPLE_AS_OF else min(moment + timedelta(days=days), CLOSING)


def indicator_frame(sites: tuple[Site, ...], rng: np.random.Generator) -> pd.DataFrame:
    """The table ``site_indicators`` for sites that have reported for some months."""
    rows: list[Row] = []
    for site in sites:
        if len(site.course.done) < 3:
            continue
        as_of = month_end(site.course.last_reported_month)
        rows += [
            {
                "site_code": site.code,
                "indicator": indicator,
                "unit": unit,
                "value": float(round(int(rng.integers(low, high)), -5 if unit == "rupiah" else 0)),
                "as_of": as_of,
            }
            for indicator, unit, low, high in _INDICATORS[site.programme]
        ]
    return from_rows("site_indicators", rows)


def beneficiary_frame(sites: tuple[Site, ...], rng: np.random.Generator) -> pd.DataFrame:
    """The table ``beneficiaries``: counts by group at quarter ends while a site reports; numbers of people only."""
    rows: list[Row] = []
    for site in sites:
        course = site.course
        base = {group: int(rng.integers(low, high + 1)) for group, (low, high) in _GROUPS.items()}
        for month in quarter_months(course.first_month + 2, course.last_reported_month):
            reach = 0.35 + 0.65 * course.done[month - course.first_month] / 100
            rows += [
                {
                    "site_code": site.code,
                    "as_of": month_end(month),
                    "group": group,
                    "count": max(0, round(count * reach) + int(rng.integers(-2, 3))),
                }
                for group, count in base.items()
            ]
    return from_rows("beneficiaries", rows)


def obstacle_frame(sites: tuple[Site, ...], texts: Wordings, rng: np.random.Generator) -> pd.DataFrame:
    """The table ``obstacles`` of sites: the later a site, the more of them and the graver; many are closed."""
    rows = [row for site in sites for row in _site_obstacles(site, texts, rng)]
    return from_rows("obstacles", sorted(rows, key=lambda row: (row["opened"], row["site_code"])))


def _site_obstacles(site: Site, texts: Wordings, rng: np.random.Generator) -> Iterator[Row]:
    course = site.course
    count = {
        Status.KRITIS: 3,
        Status.TERLAMBAT: 2,
        Status.TIDAK_AKTIF: 2,
        Status.WASPADA: 1,
        Status.SELESAI: 1,
        Status.SESUAI_RENCANA: int(rng.random() < 0.4),
    }.get(course.situation, 0)
    fitting = texts[site.programme]
    for number in range(count):
        text = fitting[int(rng.integers(len(fitting)))]
        month = int(rng.integers(course.first_month + 1, max(course.first_month + 2, course.last_reported_month + 1)))
        opened = min(month_start(month) + timedelta(days=int(rng.integers(0, 27))), SAMPLE_AS_OF)
        open_still = _stays_open(course.situation, number, rng)
        closed = opened + timedelta(days=int(rng.integers(12, 95)))
        yield {
            "site_code": site.code,
            "opened": opened,
            "category": text["category"],
            "severity": _severity(course.situation, number, rng),
            "note": text["note"],
            "follow_up": text["follow_up"] if rng.random() < 0.85 else None,
            "closed": None if open_still or closed > SAMPLE_AS_OF else closed,
        }


def by_word(texts: pd.DataFrame, column: str) -> Wordings:
    """The rows of a catalogue by each of the words in one of its columns: ``programmes`` holds ``ktn koperasi``."""
    found: dict[str, list[Row]] = {}
    for row in texts.to_dict("records"):
        for word in dict.fromkeys(str(row[column]).split()):
            found.setdefault(word, []).append({str(name): value for name, value in row.items()})
    return found


def _stays_open(situation: Status, number: int, rng: np.random.Generator) -> bool:
    if situation == Status.SELESAI:
        return False
    if situation in (Status.KRITIS, Status.TIDAK_AKTIF):
        return number == 0 or rng.random() < 0.5
    return bool(rng.random() < 0.45)


def _severity(situation: Status, number: int, rng: np.random.Generator) -> int:
    if situation == Status.KRITIS and number == 0:
        return 3
    weights = (0.2, 0.55, 0.25) if situation in (Status.KRITIS, Status.TERLAMBAT) else (0.5, 0.42, 0.08)
    return int(rng.choice(3, p=weights)) + 1
