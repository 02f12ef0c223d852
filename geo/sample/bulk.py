"""Make synthetic tables of any size for benchmarks, a column at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.model import DataStatus, LocationPrecision, Stage
from geo.sample.files import read_text, reported_tables
from geo.sample.frames import COLUMNS, from_rows, typed
from geo.sample.months import SAMPLE_AS_OF
from geo.sample.villages import METRES_PER_DEGREE
from geo.sample.year import task_force

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]

_PROGRAMMES = ("ktn", "koperasi", "warung_nkri", "rusun")
_LABELS = ("KTN", "Koperasi", "WARUNG NKRI", "Rusun")
_SHARES = (0.15, 0.35, 0.3, 0.2)
_VALUES = np.array([4500, 350, 200, 3500]) * 1_000_000
_STAGES = (Stage.PREPARATION, Stage.IN_PROGRESS, Stage.OPERATIONAL)
_GROUPS = ("mitra", "penyintas", "masyarakat")
_CATEGORIES = ("lahan", "perizinan", "anggaran", "cuaca", "logistik", "koordinasi")
_FARTHEST_M = 1_500.0
_CLOSING = np.datetime64(SAMPLE_AS_OF, "s") + np.timedelta64(15, "h")


def synthetic_tables(*, sites: int, months: int, seed: int) -> dict[str, pd.DataFrame]:
    """Every canonical table with ``sites`` synthetic sites and reports of the ``months`` up to ``SAMPLE_AS_OF``.

    The same arguments always give the same frames (``numpy`` PCG64). A site's point is a real village point of one of
    the focus districts moved by up to 1.5 km within its kabupaten/kota, so that points do not coincide; it has no
    other meaning. Some sites have not begun, some never report, some fall silent, some figures are corrected later.
    Raises ``ValueError`` unless both numbers are at least 1.
    """
    if sites < 1 or months < 1:
        raise ValueError(f"sites and months must be at least 1, not {sites} and {months}")
    rng = np.random.Generator(np.random.PCG64(seed))
    spans = _Spans(sites, months, rng)
    institutions = reported_tables()["institutions"]
    listed = _sites(spans, rng)
    reports = _reports(spans, listed, rng)
    tables = {
        "institutions": institutions,
        "sites": listed,
        "plans": _plans(spans, listed),
        "reports": reports,
        "beneficiaries": _beneficiaries(spans, listed, rng),
        "obstacles": _obstacles(spans, listed, rng),
    }
    tables |= _actions(listed, institutions, rng)
    return {table: tables[table] if table in tables else from_rows(table, ()) for table in COLUMNS}


class _Spans:
    """When each site's plan begins and how long it takes; month 0 is the first month of reports."""

    def __init__(self, sites: int, months: int, rng: np.random.Generator) -> None:
        self.months = months
        self.begin: Whole = rng.integers(0, max(1, months // 3), sites)
        waiting = rng.random(sites) < 0.03
        self.begin[waiting] = months + rng.integers(0, 3, int(waiting.sum()))
        self.length: Whole = rng.integers(max(2, months // 2), months + 13, sites)
        self.programme: Whole = rng.choice(len(_PROGRAMMES), sites, p=_SHARES).astype("int64")
        last = np.datetime64(SAMPLE_AS_OF, "M")
        self.first_month = last - np.timedelta64(months - 1, "M")

    def month_start(self, month: Whole) -> npt.NDArray[np.datetime64]:
        """First day of each month."""
        start: npt.NDArray[np.datetime64] = (self.first_month + month.astype("timedelta64[M]")).astype("datetime64[D]")
        return start

    def month_end(self, month: Whole) -> npt.NDArray[np.datetime64]:
        """Last day of each month."""
        end: npt.NDArray[np.datetime64] = self.month_start(month + 1) - np.timedelta64(1, "D")
        return end


def _curve(share: Real) -> Real:
    """Percent done when a share (0 to 1) of the time has passed: slow, fast, slow."""
    percent: Real = np.round(100 * (3 * share**2 - 2 * share**3), 2)
    return percent


def _words(words: Sequence[str], places: npt.NDArray[Any]) -> Any:
    """The word at each place, as a text column."""
    return pd.array(list(words), dtype="str").take(places.astype("int64"))


def _ragged(lengths: Whole) -> tuple[Whole, Whole]:
    """For rows of unequal number per site: the site of each row, and the row's number within its site."""
    owner: Whole = np.repeat(np.arange(len(lengths)), lengths)
    step: Whole = np.arange(len(owner)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return owner, step


def _sites(spans: _Spans, rng: np.random.Generator) -> pd.DataFrame:
    count = len(spans.begin)
    villages = read_text("villages")
    place = rng.integers(0, len(villages), count)
    number = pd.Series(np.arange(1, count + 1)).astype("str").str.zfill(len(str(count)))
    village = villages["name"].take(place).reset_index(drop=True)
    label = pd.Series(_words(_LABELS, spans.programme))
    region = villages["code"].str[:5].take(place).reset_index(drop=True)
    priced = rng.random(count) < 0.85
    value = (_VALUES[spans.programme] * rng.uniform(0.5, 1.5, count) / 1e6).round().astype("int64") * 1_000_000
    begin = spans.month_start(spans.begin)
    # within its free_m a point is nearer to its own village than to any of another kabupaten/kota; half of that keeps
    # it off provincial lines too, which are drawn from another source
    reach = np.minimum(_FARTHEST_M, villages["free_m"].astype("float64").to_numpy()[place] * 0.5)
    radius, turn = reach * np.sqrt(rng.random(count)), rng.uniform(0, 2 * np.pi, count)
    lat = villages["lat"].astype("float64").to_numpy()[place]
    north = radius * np.sin(turn) / METRES_PER_DEGREE
    east = radius * np.cos(turn) / (METRES_PER_DEGREE * np.cos(np.radians(lat)))
    return typed(
        "sites",
        pd.DataFrame(
            {
                "code": "SIN-" + number,
                "programme": _words(_PROGRAMMES, spans.programme),
                "name": label + " Contoh " + village + " " + number,
                "region_code": region,
                "lon": villages["lon"].astype("float64").to_numpy()[place] + east,
                "lat": lat + north,
                "location_precision": LocationPrecision.VILLAGE.value,
                "institution_code": "PEMDA-" + region,
                "start_date": begin,
                "target_date": spans.month_end(spans.begin + spans.length - 1),
                "contract_value": pd.Series(value).astype("Int64").where(priced),
                "year": begin.astype("datetime64[Y]").astype("int64") + 1970,
                "data_status": DataStatus.SYNTHETIC.value,
            }
        ),
    )


def _plans(spans: _Spans, sites: pd.DataFrame) -> pd.DataFrame:
    owner, step = _ragged(spans.length + 1)
    percent = _curve(step / spans.length[owner])
    month = spans.begin[owner] + step - 1
    begins = spans.month_start(spans.begin[owner])
    days = np.where(step == 0, begins, spans.month_end(month))
    return typed(
        "plans",
        pd.DataFrame(
            {
                "site_code": sites["code"].array.take(owner),
                "as_of": days,
                "recorded_at": np.minimum(begins.astype("datetime64[s]"), _CLOSING),
                "percent": percent,
                "spend": _spend(sites, owner, percent),
            }
        ),
    )


def _spend(sites: pd.DataFrame, owner: Whole, percent: Real) -> pd.Series[Any]:
    """Rupiah spent at a percent of progress; missing for a site without contract value."""
    value = sites["contract_value"].array.take(owner)
    share = (percent / 100) ** 1.15
    known = np.asarray(value.isna()) ^ True
    spent = np.asarray(value.fillna(0).astype("float64")) * share
    return pd.Series(np.round(spent, -3).astype("int64")).astype("Int64").where(known)


def _reports(spans: _Spans, sites: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    count = len(sites)
    pace = rng.choice([1.05, 1.0, 0.93, 0.85, 0.7], count, p=[0.25, 0.35, 0.2, 0.12, 0.08])
    silent = np.where(rng.random(count) < 0.06, rng.integers(2, 7, count), 0)
    told = np.maximum(0, spans.months - spans.begin - silent)
    told[rng.random(count) < 0.04] = 0
    owner, step = _ragged(told)
    percent = np.round(_curve(np.minimum(1.0, (step + 1) / spans.length[owner] * pace[owner])), 1)
    before = np.where(step == 0, 0.0, np.append(0.0, percent[:-1]))
    wanted = (before < 100) & (rng.random(len(owner)) > 0.06)
    owner, step, percent = owner[wanted], step[wanted], percent[wanted]
    as_of = spans.month_end(spans.begin[owner] + step)
    delay = np.where(rng.random(len(owner)) < 0.05, rng.integers(25, 76, len(owner)), rng.integers(0, 10, len(owner)))
    recorded = np.minimum(
        as_of.astype("datetime64[s]") + delay.astype("timedelta64[D]") + np.timedelta64(8, "h"), _CLOSING
    )
    corrected = np.flatnonzero((rng.random(len(owner)) < 0.02) & (percent > 5) & (percent < 95))
    mistaken = percent.copy()
    mistaken[corrected] = np.round(percent[corrected] + rng.uniform(-5, 5, len(corrected)), 1)
    later = np.minimum(recorded[corrected] + np.timedelta64(9, "D"), _CLOSING + np.timedelta64(1, "h"))
    owner, as_of = np.append(owner, owner[corrected]), np.append(as_of, as_of[corrected])
    percent, shown = np.append(percent, percent[corrected]), np.append(mistaken, percent[corrected])
    author = pd.array([task_force(region) for region in sites["region_code"]], dtype="str")
    return typed(
        "reports",
        pd.DataFrame(
            {
                "site_code": sites["code"].array.take(owner),
                "as_of": as_of,
                "recorded_at": np.append(recorded, later),
                "percent": shown,
                "spend": _spend(sites, owner, percent),
                "stage": _words(_STAGES, np.select([shown < 8, shown < 100], [0, 1], default=2)),
                "data_status": _words([DataStatus.SYNTHETIC], np.zeros(len(owner))),
                "author": author.take(owner),
            }
        ),
    )


def _beneficiaries(spans: _Spans, sites: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Three groups at each quarter's end while a site is under way."""
    base = int(spans.first_month.astype("int64"))
    ends = np.array([month for month in range(spans.months) if (base + month) % 3 == 2], dtype="int64")
    under_way = ends[None, :] >= spans.begin[:, None]
    owner, quarter = np.nonzero(under_way)
    group = np.tile(np.arange(len(_GROUPS)), len(owner))
    high = np.array([40, 15, 450])[group]
    return typed(
        "beneficiaries",
        pd.DataFrame(
            {
                "site_code": sites["code"].array.take(np.repeat(owner, len(_GROUPS))),
                "as_of": np.repeat(spans.month_end(ends[quarter]), len(_GROUPS)),
                "group": _words(_GROUPS, group),
                "count": rng.integers(0, high),
            }
        ),
    )


def _obstacles(spans: _Spans, sites: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    begun = np.flatnonzero(spans.begin < spans.months)
    owner = begun[rng.random(len(begun)) < 0.3]
    month = rng.integers(spans.begin[owner], spans.months)
    opened = spans.month_start(month) + rng.integers(0, 27, len(owner)).astype("timedelta64[D]")
    closed = opened + rng.integers(10, 120, len(owner)).astype("timedelta64[D]")
    closed[closed > np.datetime64(SAMPLE_AS_OF)] = np.datetime64("NaT")
    return typed(
        "obstacles",
        pd.DataFrame(
            {
                "site_code": sites["code"].array.take(owner),
                "opened": opened,
                "category": _words(_CATEGORIES, rng.integers(0, len(_CATEGORIES), len(owner))),
                "severity": rng.choice([1, 2, 3], len(owner), p=[0.45, 0.4, 0.15]),
                "note": "Kendala contoh.",
                "closed": closed,
            }
        ),
    )


def _actions(sites: pd.DataFrame, institutions: pd.DataFrame, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """One action for each fourth site, with a report for each quarter that is over."""
    served = np.arange(0, len(sites), 4)
    owners = institutions.loc[institutions["kind"] == "kl", "code"].array
    total = rng.integers(4, 80, len(served)).astype("float64")
    budget = rng.integers(40, 900, len(served)) * 1_000_000
    number = pd.Series(served + 1).astype("str").str.zfill(len(str(len(sites))))
    actions = pd.DataFrame(
        {
            "code": "RA-SIN-" + number,
            "year": SAMPLE_AS_OF.year,
            "institution_code": owners.take(rng.integers(0, len(owners), len(served))),
            "region_code": sites["region_code"].array.take(served),
            "programme": sites["programme"].array.take(served),
            "site_code": sites["code"].array.take(served),
            "kind": _words(["physical", "non_physical"], rng.integers(0, 2, len(served))),
            "title": "Contoh: rencana aksi " + number,
            "indicator": "Paket diserahkan",
            "unit": "paket",
            **{f"target_b{month}": np.floor(total * int(month) / 12) for month in ("03", "06", "09", "12")},
            "budget": budget,
        }
    )
    owner, turn = _ragged(np.where(rng.random(len(served)) < 0.08, 0, 3))
    reach = rng.uniform(0.4, 1.1, len(served))[owner]
    achieved = np.minimum(total[owner], np.floor(total[owner] * (turn + 1) / 4 * reach))
    ends = np.array([f"{SAMPLE_AS_OF.year}-{day}" for day in ("03-31", "06-30", "09-30")], dtype="datetime64[D]")[turn]
    delay = rng.integers(2, 21, len(owner)).astype("timedelta64[D]")
    reports = pd.DataFrame(
        {
            "action_code": actions["code"].array.take(owner),
            "as_of": ends,
            "recorded_at": ends.astype("datetime64[s]") + delay + np.timedelta64(8, "h"),
            "achieved": achieved,
            "spend": (budget[owner] * achieved / total[owner]).round().astype("int64"),
            "stage": Stage.IN_PROGRESS.value,
        }
    )
    return {"actions": typed("actions", actions), "action_reports": typed("action_reports", reports)}
