"""Gather every figure that a screen or an export shows for one choice of filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

import numpy as np
import pandas as pd

from geo.model import FOCUS_PROVINCES, Filters, Programme, Status, Words, province_of, regency_of
from geo.progress.attention import SEVERE, Concerns, concerns
from geo.progress.clocks import (
    Coded,
    Flags,
    Whole,
    coded,
    day,
    days,
    numbered,
    obstacles_in_force,
    plan_in_force,
    recorded,
)
from geo.progress.curve import curve
from geo.progress.earned import earned_total
from geo.progress.forecast import Forecast, curve_forecast
from geo.progress.position import position
from geo.progress.rollup import Measures, measures, rolled
from geo.progress.thresholds import DEFAULT, Thresholds

SITE_COLUMNS: tuple[str, ...] = (
    "name",
    "programme",
    "region_code",
    "lon",
    "lat",
    "location_precision",
    "institution_code",
    "start_date",
    "target_date",
    "contract_value",
    "year",
    "data_status",
    "source_url",
)


@dataclass(frozen=True)
class Standing:
    """Where every site stands on the day ``on`` as known at ``known_at``, before any filter.

    ``positions`` holds one row per site known by then: the columns of ``position`` with those of the site
    (``SITE_COLUMNS``), ``province``, ``regency``, ``obstacles``, ``blocked`` and ``blocked_since``. ``sites``,
    ``plans`` and ``obstacles`` are the rows in force; ``reports`` are all reports.
    """

    on: date
    known_at: datetime | None
    positions: pd.DataFrame
    sites: pd.DataFrame
    reports: pd.DataFrame
    obstacles: pd.DataFrame
    thresholds: Thresholds
    _every_plan: pd.DataFrame = field(repr=False)

    # What follows is worked out when it is first asked for and then serves every filter.

    @cached_property
    def plans(self) -> pd.DataFrame:
        """The plans in force; the largest table of all, which only curves need."""
        return plan_in_force(self._every_plan, self.known_at)

    @cached_property
    def region(self) -> Coded:
        """The region of each site."""
        return coded(self.positions["region_code"])

    @cached_property
    def province(self) -> Coded:
        """The province of each site."""
        return self.region.named(province_of)

    @cached_property
    def regency(self) -> Coded:
        """The kabupaten/kota of each site; sites placed in a province alone have none."""
        return self.region.named(regency_of)

    @cached_property
    def programme(self) -> Coded:
        """The programme of each site."""
        return coded(self.positions["programme"])

    @cached_property
    def status(self) -> Coded:
        """The status of each site."""
        return coded(self.positions["status"])

    @cached_property
    def searched(self) -> pd.Series:
        """The text of each site in which a search looks, case folded."""
        return _searched(self.positions, "name")

    @cached_property
    def measures(self) -> Measures:
        """What each site adds to a roll-up."""
        return measures(self.positions)

    @cached_property
    def concerns(self) -> Concerns:
        """The sites that need attention, gravest first."""
        return concerns(self.positions)


def located(
    tables: Mapping[str, pd.DataFrame],
    *,
    on: date,
    known_at: datetime | None = None,
    programmes: Mapping[str, Programme],
    thresholds: Thresholds = DEFAULT,
) -> pd.DataFrame:
    """The position of every site known at ``known_at``, with ``SITE_COLUMNS``, ``province`` and ``regency``.

    The costly part of a standing: it depends on the tables ``sites``, ``plans`` and ``reports`` alone.
    """
    sites = recorded(tables["sites"], known_at).reset_index(drop=True)
    positions = position(
        sites,
        tables["plans"],
        tables["reports"],
        on=on,
        known_at=known_at,
        contract_programmes=[code for code, programme in programmes.items() if programme.contract_rules],
        thresholds=thresholds,
    )
    described = positions.join(sites[list(SITE_COLUMNS)])
    region = coded(described["region_code"])
    province, regency = region.named(province_of).texts(), region.named(regency_of).texts()
    return described.assign(province=province, regency=regency)


def standing(
    tables: Mapping[str, pd.DataFrame],
    *,
    on: date,
    known_at: datetime | None = None,
    programmes: Mapping[str, Programme],
    thresholds: Thresholds = DEFAULT,
    positions: pd.DataFrame | None = None,
) -> Standing:
    """Where every site stands, from the tables ``sites``, ``plans``, ``reports`` and ``obstacles``.

    ``positions`` is what ``located`` gave for the same day, moment and tables, where that was kept.
    """
    if positions is None:
        positions = located(tables, on=on, known_at=known_at, programmes=programmes, thresholds=thresholds)
    obstacles = obstacles_in_force(tables["obstacles"], known_at)
    return Standing(
        on,
        known_at,
        _with_obstacles(positions, obstacles, on),
        recorded(tables["sites"], known_at).reset_index(drop=True),
        tables["reports"],
        obstacles,
        thresholds,
        tables["plans"],
    )


@dataclass(frozen=True)
class State:
    """Everything known for one ``Filters``; figures are worked out when first asked for and never change.

    ``rows`` are the numbers of the rows of ``Standing.positions`` that pass the filters, ascending; ``site_rows`` those
    of ``Standing.sites`` that pass all of them but the status. The figures are worked out from these numbers: a large
    table is copied only where someone reads ``positions`` or ``sites``.
    """

    filters: Filters
    rows: Whole
    site_rows: Whole
    standing: Standing
    programmes: Mapping[str, Programme]
    _parts: dict[tuple[tuple[str, ...], tuple[str, ...]], State] = field(default_factory=dict, repr=False)

    @cached_property
    def positions(self) -> pd.DataFrame:
        """The rows of ``Standing.positions`` that pass the filters, numbered from 0."""
        return _rows_of(self.standing.positions, self.rows)

    @cached_property
    def sites(self) -> pd.DataFrame:
        """The rows of ``Standing.sites`` that pass the filters but that by status, numbered from 0."""
        return _rows_of(self.standing.sites, self.site_rows)

    @cached_property
    def national(self) -> pd.Series:
        """The roll-up over all sites that pass the filters."""
        return rolled(self._measures).iloc[0]

    @cached_property
    def by_province(self) -> pd.DataFrame:
        """Roll-up by province code; the focus provinces always stand, others where they have sites."""
        named = self.filters.provinces or tuple(sorted({code[:2] for code in self.filters.regencies}))
        chosen = named or FOCUS_PROVINCES
        provinces = self.standing.province.of(self.rows)
        others = sorted(set(provinces.present()) - set(chosen))
        return rolled(self._measures, provinces, by="province", groups=[*chosen, *others])

    @cached_property
    def by_regency(self) -> pd.DataFrame:
        """Roll-up by kabupaten/kota code, only those with sites; sites placed in a province alone are in none."""
        return rolled(self._measures, self.standing.regency.of(self.rows), by="regency")

    @cached_property
    def by_programme(self) -> pd.DataFrame:
        """Roll-up by programme, in the order of ``data/programmes.toml``."""
        chosen = [code for code in self.programmes if not self.filters.programmes or code in self.filters.programmes]
        return rolled(self._measures, self.standing.programme.of(self.rows), by="programme", groups=chosen)

    @cached_property
    def statuses(self) -> pd.DataFrame:
        """Sites per status (``status``, ``sites``), all statuses."""
        order = [str(status) for status in Status]
        return pd.DataFrame({"status": order, "sites": self.national[order].to_numpy(dtype=int)})

    @cached_property
    def needs_attention(self) -> pd.DataFrame:
        """Sites that are critical, blocked, late or silent, gravest first."""
        kept = np.zeros(len(self.standing.positions), dtype=bool)
        kept[self.rows] = True
        return self.standing.concerns.among(kept)

    @cached_property
    def curve(self) -> pd.DataFrame:
        """Planned and realised progress through time over the sites that pass the filters."""
        return curve(
            self.sites,
            self.standing.plans,
            self.standing.reports,
            self.positions,
            on=self.filters.on,
            known_at=self.filters.known_at,
            thresholds=self.thresholds,
        )

    @cached_property
    def forecast(self) -> Forecast:
        """When the sites that pass the filters will be done at their recent pace, or why that cannot be told."""
        return curve_forecast(self.curve, on=self.filters.on, thresholds=self.thresholds)

    @cached_property
    def earned(self) -> pd.Series:
        """Earned value of the sites that pass the filters and have a budget."""
        return earned_total(self.positions)

    @property
    def thresholds(self) -> Thresholds:
        """The limits that the statuses rest on."""
        return self.standing.thresholds

    def within(self, *, provinces: tuple[str, ...] = (), regencies: tuple[str, ...] = ()) -> State:
        """The same state narrowed to some regions; figures come from the same rows. Kept once made."""
        if (provinces, regencies) in self._parts:
            return self._parts[provinces, regencies]
        rows = self.rows
        if provinces:
            rows = rows[self.standing.province.of(rows).among(provinces)]
        if regencies:
            rows = rows[self.standing.regency.of(rows).among(regencies)]
        filters = self.filters.but(
            provinces=provinces or self.filters.provinces, regencies=regencies or self.filters.regencies
        )
        part = State(filters, rows, self.site_rows, self.standing, self.programmes)
        return self._parts.setdefault((provinces, regencies), part)

    @cached_property
    def _measures(self) -> Measures:
        return self.standing.measures.of(self.rows)


def state(
    tables: Mapping[str, pd.DataFrame],
    filters: Filters,
    programmes: Mapping[str, Programme],
    *,
    thresholds: Thresholds = DEFAULT,
) -> State:
    """Work out the state of the sites that pass ``filters`` from the tables ``sites``, ``plans``, ``reports`` and
    ``obstacles`` (canonical columns). Pure: the day and the moment come from the filters.
    """
    whole = standing(tables, on=filters.on, known_at=filters.known_at, programmes=programmes, thresholds=thresholds)
    return narrowed(whole, filters, programmes)


def narrowed(whole: Standing, filters: Filters, programmes: Mapping[str, Programme]) -> State:
    """The state of the sites of a standing that pass the filters, whose day and moment must be the standing's.

    Raises ``ValueError`` where they are not.
    """
    if (filters.on, filters.known_at) != (whole.on, whole.known_at):
        raise ValueError(f"the filters ask for {filters.on}, {filters.known_at}, the standing is of another moment")
    kept = _passing(
        filters,
        len(whole.positions),
        region=lambda: whole.region,
        programme=lambda: whole.programme,
        searched=lambda: whole.searched,
    )
    site_rows = rows = np.flatnonzero(kept)
    if filters.statuses:
        rows = site_rows[whole.status.of(site_rows).among(filters.statuses)]
    return State(filters, rows, site_rows, whole, _with_unknown(programmes, whole.programme.of(site_rows).present()))


def _rows_of(table: pd.DataFrame, rows: Whole) -> pd.DataFrame:
    kept = table if len(rows) == len(table) else table.take(rows)
    return kept.reset_index(drop=True)


def _with_unknown(programmes: Mapping[str, Programme], found: Iterable[str]) -> Mapping[str, Programme]:
    """The programmes, and a plain stand-in for each code that sites carry and no table defines: none may vanish."""
    missing = sorted(set(found) - set(programmes))
    return {**programmes, **{code: stand_in(code) for code in missing}}


def stand_in(code: str) -> Programme:
    """A plain programme for a code that no table defines."""
    return Programme(code, Words(code, code), Words(code, code), symbol="cross", colour="#6b7280")


def passes(rows: pd.DataFrame, filters: Filters, *, text: str = "name") -> pd.Series:
    """Whether each site or action passes the filters, the status left aside; ``text`` is searched beside the code."""
    kept = _passing(
        filters,
        len(rows),
        region=lambda: coded(rows["region_code"]),
        programme=lambda: coded(rows["programme"]),
        searched=lambda: _searched(rows, text),
    )
    return pd.Series(kept, index=rows.index)


def _passing(
    filters: Filters,
    count: int,
    *,
    region: Callable[[], Coded],
    programme: Callable[[], Coded],
    searched: Callable[[], pd.Series],
) -> Flags:
    """Whether each of ``count`` rows passes; the columns are asked for only where a filter looks at them."""
    kept = np.ones(count, dtype=bool)
    if filters.provinces:
        kept &= region().named(province_of).among(filters.provinces, missing="" in filters.provinces)
    if filters.regencies:
        # a filter may name a bare province here, and then means the sites that are placed no closer
        kept &= region().named(lambda code: code[:5]).among(filters.regencies, missing="" in filters.regencies)
    if filters.programmes:
        kept &= programme().among(filters.programmes)
    if filters.search:
        kept &= searched().str.contains(filters.search.casefold(), regex=False).to_numpy(dtype=bool)
    return kept


def _searched(rows: pd.DataFrame, text: str) -> pd.Series:
    return (rows[text].astype(str) + " " + rows["code"].astype(str)).str.casefold()


def _with_obstacles(positions: pd.DataFrame, obstacles: pd.DataFrame, on: date) -> pd.DataFrame:
    """Add ``obstacles`` (open on the day), ``blocked`` (a severe one at a site still at work) and ``blocked_since``."""
    at = day(on)
    opened, closed = days(obstacles["opened"]), days(obstacles["closed"])
    severe = (pd.to_numeric(obstacles["severity"]) >= SEVERE).fillna(False).to_numpy(dtype=bool)
    still = ((opened <= at) & ~(closed <= at)).to_numpy()
    # sites are numbered by where obstacles name them; the last place answers for -1, a site without any
    named = coded(obstacles["site_code"])
    open_count = np.bincount(named.number[still] + 1, minlength=len(named.names) + 1)[1:]
    since = np.full(len(named.names) + 1, np.datetime64("NaT"), dtype="datetime64[us]")
    blocking = np.flatnonzero(still & severe & (named.number >= 0))
    latest_first = blocking[np.argsort(opened.to_numpy()[blocking], kind="stable")[::-1]]
    since[named.number[latest_first]] = opened.to_numpy()[latest_first]  # the earliest is written last
    site = numbered(positions["code"], named.names)
    # what is finished or given up is held up by nothing
    at_work = ~positions["status"].isin([str(Status.SELESAI), str(Status.TIDAK_AKTIF)]).to_numpy()
    blocked_since = np.where(at_work, since[site], np.datetime64("NaT"))
    return positions.assign(
        obstacles=np.append(open_count, 0)[site], blocked=~np.isnat(blocked_since), blocked_since=blocked_since
    )
