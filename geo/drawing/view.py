"""Decide what a map shows for a state: one answer that the web map, the print map and the HTML export all draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import regions
from geo.drawing.palette import class_of
from geo.locale import Translator
from geo.locale.terms import indicator_name
from geo.model import FOCUS_PROVINCES, BBox, Programme, Status
from geo.progress import State

INDICATORS: tuple[str, ...] = ("progress", "deviation", "sites", "absorption", "share_reporting")
"""Indicators a map can be coloured by, in the order they are offered; each has its classes in ``palette.SCALES``."""


@dataclass(frozen=True)
class MapView:
    """What a map shows.

    - ``level``: 1 colours provinces, 2 the kabupaten/kota of ``province``.
    - ``areas``: one row per coloured region: ``code``, ``name``, ``value`` (percent, points or sites; missing without
      data), ``group`` (its class, missing without data), and the roll-up columns.
    - ``points``: the positions of the sites that have coordinates; ``unplaced`` counts those that have none.
    - ``indicator``: one of ``INDICATORS`` or ``None`` for boundaries without values.
    - ``bbox``: ``(west, south, east, north)`` in degrees of what is to be seen.
    """

    state: State
    level: Literal[1, 2]
    province: str | None
    indicator: str | None
    areas: pd.DataFrame
    bbox: BBox
    programmes: Mapping[str, Programme]

    @cached_property
    def points(self) -> pd.DataFrame:
        return self.state.positions.dropna(subset=["lon", "lat"]).reset_index(drop=True)

    @cached_property
    def kept(self) -> npt.NDArray[np.bool_]:
        """Whether each site of the standing passes the filters."""
        kept = np.zeros(len(self.state.standing.positions), dtype=bool)
        kept[self.state.rows] = True
        return kept

    @cached_property
    def unplaced(self) -> int:
        every = self.state.standing.positions
        lacking = every["lon"].isna().to_numpy() | every["lat"].isna().to_numpy()
        return int((lacking & self.kept).sum())

    @property
    def status_counts(self) -> dict[str, int]:
        """Sites per status, every status present."""
        return dict(zip(self.state.statuses["status"], self.state.statuses["sites"].astype(int), strict=True))

    @property
    def programme_counts(self) -> dict[str, int]:
        """Sites per programme, in the order of the programmes."""
        rows = self.state.by_programme
        return dict(zip(rows["programme"], rows["sites"].astype(int), strict=True))

    @property
    def class_counts(self) -> list[int]:
        """Regions per class of the indicator, lowest first."""
        groups = self.areas["group"].dropna().astype(int)
        top = int(groups.max()) if len(groups) else -1
        return [int((groups == place).sum()) for place in range(max(top + 1, 0))]

    @property
    def without_data(self) -> int:
        """Regions that have sites and no value: hatched."""
        return int((self.areas["value"].isna() & (self.areas["sites"] > 0)).sum())

    @property
    def without_sites(self) -> int:
        """Regions without any site, to which no indicator applies: plain land."""
        return int((self.areas["sites"] == 0).sum())

    def subject(self, t: Translator) -> str:
        """The region and the programmes in words: ``Jawa Timur · semua program``."""
        filters = self.state.filters
        if filters.regencies:
            place = ", ".join(regions.region_label(code) for code in filters.regencies)
        elif filters.provinces:
            place = ", ".join(regions.region_label(code) for code in filters.provinces)
        else:
            place = t("Five provinces of the programme")
        return f"{place} · {self.programmes_told(t)}"

    def programmes_told(self, t: Translator) -> str:
        """The programmes in words."""
        chosen = [self.programmes[code].short.in_language(t.language) for code in self.state.filters.programmes]
        return ", ".join(chosen) if chosen else t("all programmes")

    def title(self, t: Translator) -> str:
        """A title that says what is shown."""
        if self.indicator is None:
            return t("Sites of the Sinergisitas programme and their status")
        return t(
            "Sites of the Sinergisitas programme: {indicator}", indicator=indicator_name(t, self.indicator).lower()
        )


def map_view(state: State, *, indicator: str | None = "progress") -> MapView:
    """The map of a state: provinces, or the kabupaten/kota of the one province that the filters leave."""
    chosen = state.filters.provinces or tuple(sorted({code[:2] for code in state.filters.regencies}))
    within = [region.code for region in regions.regions(2) if chosen == (region.province_code,)]
    province = chosen[0] if within else None  # of a province that the boundaries don't know nothing finer is drawn
    table, key = (state.by_regency, "regency") if province else (state.by_province, "province")
    if province:
        codes = within
    else:
        codes = list(chosen or FOCUS_PROVINCES)
        codes += [code for code in table[key] if code not in codes]
    areas = pd.DataFrame({"code": codes}).merge(table.rename(columns={key: "code"}), on="code", how="left")
    areas["sites"] = areas["sites"].fillna(0).astype(int)
    areas["name"] = areas["code"].map(regions.region_label)
    areas["value"] = _values(areas, indicator)
    areas["group"] = [class_of(value, indicator) if indicator else None for value in areas["value"]]
    areas["group"] = areas["group"].astype("Int64")
    known = {region.code for region in regions.regions()}
    box = [code for code in state.filters.regencies or chosen or FOCUS_PROVINCES if code in known]
    return MapView(
        state=state,
        level=2 if province else 1,
        province=province,
        indicator=indicator,
        areas=areas,
        bbox=regions.bbox_of(box),
        programmes=state.programmes,
    )


def _values(areas: pd.DataFrame, indicator: str | None) -> pd.Series:
    """The indicator's value of each region; a region without sites has none."""
    if indicator is None:
        return pd.Series(float("nan"), index=areas.index)
    column, factor = {
        "progress": ("actual_percent", 1),
        "deviation": ("deviation_points", 1),
        "sites": ("sites", 1),
        "absorption": ("spend_share", 100),
        "share_reporting": ("share_reported", 100),
    }[indicator]
    return (pd.to_numeric(areas[column]).astype("float64") * factor).where(areas["sites"] > 0)


def shown_statuses(counts: Mapping[str, int]) -> list[str]:
    """Statuses a legend lists: all but ``tanpa_rencana``, which only stands there when it occurs."""
    return [str(status) for status in Status if status is not Status.TANPA_RENCANA or counts.get(str(status))]
