"""Gather every figure that a screen or an export shows for one choice of filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

import pandas as pd

from geo.model import FOCUS_PROVINCES, Filters, Programme, Status, Words, province_of, regency_of
from geo.progress.attention import SEVERE, attention
from geo.progress.clocks import day, days, obstacles_in_force, plan_in_force, recorded
from geo.progress.curve import curve
from geo.progress.earned import earned_total
from geo.progress.forecast import Forecast, curve_forecast
from geo.progress.position import position
from geo.progress.rollup import roll_up, status_counts
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
    plans: pd.DataFrame
    reports: pd.DataFrame
    obstacles: pd.DataFrame
    thresholds: Thresholds


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
        plan_in_force(tables["plans"], known_at),
        tables["reports"],
        on=on,
        known_at=known_at,
        contract_programmes=[code for code, programme in programmes.items() if programme.contract_rules],
        thresholds=thresholds,
    )
    described = positions.join(sites[list(SITE_COLUMNS)])
    region = described["region_code"].astype("object")
    return described.assign(
        province=region.map(province_of, na_action="ignore"), regency=region.map(regency_of, na_action="ignore")
    )


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
        plan_in_force(tables["plans"], known_at),
        tables["reports"],
        obstacles,
        thresholds,
    )


@dataclass(frozen=True)
class State:
    """Everything known for one ``Filters``; figures are worked out when first asked for and never change.

    ``positions`` holds the rows of ``Standing.positions`` that pass the filters; ``sites`` those of the sites that
    pass all of them but the status.
    """

    filters: Filters
    positions: pd.DataFrame
    sites: pd.DataFrame
    standing: Standing
    programmes: Mapping[str, Programme]
    _parts: dict[tuple[tuple[str, ...], tuple[str, ...]], State] = field(default_factory=dict, repr=False)

    @cached_property
    def national(self) -> pd.Series:
        """The roll-up over all sites that pass the filters."""
        return roll_up(self.positions).iloc[0]

    @cached_property
    def by_province(self) -> pd.DataFrame:
        """Roll-up by province code; the focus provinces always stand, others where they have sites."""
        named = self.filters.provinces or tuple(sorted({code[:2] for code in self.filters.regencies}))
        chosen = named or FOCUS_PROVINCES
        others = sorted(set(self.positions["province"].dropna()) - set(chosen))
        return roll_up(self.positions, by="province", groups=[*chosen, *others])

    @cached_property
    def by_regency(self) -> pd.DataFrame:
        """Roll-up by kabupaten/kota code, only those with sites; sites placed in a province alone are in none."""
        return roll_up(self.positions, by="regency")

    @cached_property
    def by_programme(self) -> pd.DataFrame:
        """Roll-up by programme, in the order of ``data/programmes.toml``."""
        chosen = [code for code in self.programmes if not self.filters.programmes or code in self.filters.programmes]
        return roll_up(self.positions, by="programme", groups=chosen)

    @cached_property
    def statuses(self) -> pd.DataFrame:
        """Sites per status (``status``, ``sites``), all statuses."""
        return status_counts(self.positions)

    @cached_property
    def needs_attention(self) -> pd.DataFrame:
        """Sites that are critical, blocked, late or silent, gravest first."""
        return attention(self.positions)

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
        kept = self.positions
        if provinces:
            kept = kept[kept["province"].isin(provinces)]
        if regencies:
            kept = kept[kept["regency"].isin(regencies)]
        kept = kept.reset_index(drop=True)
        filters = self.filters.but(
            provinces=provinces or self.filters.provinces, regencies=regencies or self.filters.regencies
        )
        part = State(filters, kept, self.sites, self.standing, self.programmes)
        return self._parts.setdefault((provinces, regencies), part)


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
    kept = passes(whole.positions, filters)
    sites = whole.sites[kept.to_numpy()].reset_index(drop=True)
    if filters.statuses:
        kept &= whole.positions["status"].isin(filters.statuses)
    positions = whole.positions[kept].reset_index(drop=True)
    return State(filters, positions, sites, whole, _with_unknown(programmes, sites))


def _with_unknown(programmes: Mapping[str, Programme], sites: pd.DataFrame) -> Mapping[str, Programme]:
    """The programmes, and a plain stand-in for each code that sites carry and no table defines: none may vanish."""
    missing = sorted(set(sites["programme"].dropna()) - set(programmes))
    stands = {
        code: Programme(code, Words(code, code), Words(code, code), symbol="cross", colour="#6b7280")
        for code in missing
    }
    return {**programmes, **stands}


def passes(rows: pd.DataFrame, filters: Filters, *, text: str = "name") -> pd.Series:
    """Whether each site or action passes the filters, the status left aside; ``text`` is searched beside the code."""
    region = rows["region_code"].astype("object").fillna("").astype(str)
    kept = pd.Series(True, index=rows.index)
    if filters.provinces:
        kept &= region.str[:2].isin(filters.provinces)
    if filters.regencies:
        kept &= region.str[:5].isin(filters.regencies)
    if filters.programmes:
        kept &= rows["programme"].isin(filters.programmes)
    if filters.search:
        wanted = filters.search.casefold()
        told = (rows[text].astype(str) + " " + rows["code"].astype(str)).str.casefold()
        kept &= told.str.contains(wanted, regex=False)
    return kept


def _with_obstacles(positions: pd.DataFrame, obstacles: pd.DataFrame, on: date) -> pd.DataFrame:
    """Add ``obstacles`` (open on the day), ``blocked`` (a severe one at a site still at work) and ``blocked_since``."""
    at = day(on)
    opened, closed = days(obstacles["opened"]), days(obstacles["closed"])
    still = obstacles[(opened <= at) & ~(closed <= at)].assign(opened=opened)
    open_count = still.groupby("site_code").size()
    severe = still[pd.to_numeric(still["severity"]) >= SEVERE].groupby("site_code")["opened"].min()
    # what is finished or given up is held up by nothing
    at_work = ~positions["status"].isin([str(Status.SELESAI), str(Status.TIDAK_AKTIF)])
    # not map: pandas cannot map by an empty column of dates, and on many a day nothing severe is open
    since = severe.reindex(positions["code"]).set_axis(positions.index).where(at_work)
    return positions.assign(
        obstacles=positions["code"].map(open_count).fillna(0).astype(int),
        blocked=since.notna(),
        blocked_since=since,
    )
