"""Leave in the tables what a viewer may have, before any figure is made of them.

Guards stand here, below the screens: what is taken out of a table can appear in no figure, tip, search, picture or
file. Figures of places that are not seen clearly rest on the same reports and are the same for everybody; what changes
is where a site is drawn, what it is called, and what was written about it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from geo import regions
from geo.access.sight import Sight
from geo.model import InstitutionKind, LocationPrecision, Programme, province_of, regency_of

GRID_DEGREES: Final = 0.1
"""Width of the cells (degrees, WGS 84; 11 km) to whose middle points are moved: always to the same one. A point that
was moved anew by chance for each export would average out at the true one."""

PEOPLE_UNIT: Final = "orang"
"""Unit of indicators that count people."""

WITHHELD: Final = "nama disamarkan"
"""In the place of the name of an institution at which people live. It is data, not a word of the screens."""

OWNERS: Final = ("sites", "actions", "institutions")
"""Tables that tell where the rows of the others belong."""

Regencies = Callable[[pd.DataFrame], pd.Series]
"""Tells the kabupaten/kota code of each point (columns ``lon``, ``lat``), missing for none."""

Middles = Callable[[str], tuple[float, float] | None]
"""Tells the middle (lon, lat) of a region by its code."""

_TEXTS_LEFT_OUT: Final[Mapping[str, tuple[str, ...]]] = {
    "reports": ("note", "author"),
    "action_reports": ("obstacle", "author"),
    "obstacles": ("note", "follow_up"),
    "closures": ("author",),
}
"""What people wrote, and who: left out wherever a place is not seen clearly."""


@dataclass(frozen=True)
class Guard:
    """What narrows tables to a sight.

    ``sites``, ``actions`` and ``institutions`` are the store's tables, with history where the narrowed ones have it:
    they tell in which province a row belongs. ``regencies`` and ``middles`` know the boundaries in force.
    """

    sight: Sight
    programmes: Mapping[str, Programme]
    sites: pd.DataFrame
    actions: pd.DataFrame
    institutions: pd.DataFrame
    regencies: Regencies
    middles: Middles

    def seen(self, name: str, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows of the table ``name`` as the sight has them: the same columns and order, the table itself untouched.

        A table that no rule knows is shown to nobody but those who see everything.
        """
        if self.sight.is_whole or not len(rows):
            return rows
        left = self._left(name, rows)
        column = "code" if name == "sites" else "site_code"
        if column not in left or not self._aliases:
            return left
        hidden = left[column].isin(self._aliases)
        renamed = left[column].map(lambda code: self._aliases.get(code, code), na_action="ignore")
        told = left.assign(**{column: renamed.astype(left[column].dtype)})
        if "source_url" in told:  # what is written about a place names it
            told["source_url"] = told["source_url"].where(~hidden, None)
        return told

    def _left(self, name: str, rows: pd.DataFrame) -> pd.DataFrame:
        if name in ("plans", "meetings", "claims"):
            return rows  # nothing in them tells more than the figures made of them
        if name == "sites":
            return self._sites(rows)
        if name == "institutions":
            return self._institutions(rows)
        if name == "actions":
            return self._actions(rows)
        if name == "decisions":
            return rows.assign(text=rows["text"].where(self._clear(rows["region_code"]), None))
        if name == "beneficiaries":
            return rows[self._of_provinces(rows, counts=True)]
        if name == "site_indicators":
            public = rows["unit"].ne(PEOPLE_UNIT) | rows["source_url"].notna()
            return rows[public | self._of_provinces(rows, counts=True)]
        if name in _TEXTS_LEFT_OUT:
            return self._without_texts(rows, _TEXTS_LEFT_OUT[name])
        return rows.iloc[:0]

    # --- tables ---

    def _sites(self, rows: pd.DataFrame) -> pd.DataFrame:
        veiled = ~self._clear(rows["region_code"])
        if not veiled.any():
            return rows
        told = rows.copy()
        hidden = told[veiled]
        lon, lat = self._coarse(hidden)
        told.loc[veiled, "lon"], told.loc[veiled, "lat"] = lon, lat
        told.loc[veiled, "location_precision"] = str(LocationPrecision.DISTRICT)
        told["region_code"] = told["region_code"].where(~veiled, told["region_code"].map(_no_closer))
        told["footprint"] = told["footprint"].where(~veiled, None)
        housing = veiled & told["code"].isin(self._aliases)
        told["name"] = told["name"].where(~housing, told["code"].map(self._public_name, na_action="ignore"))
        partners = self._partners_housing_people
        told["institution_code"] = told["institution_code"].where(
            ~(housing & told["institution_code"].isin(partners)), None
        )
        return told

    def _institutions(self, rows: pd.DataFrame) -> pd.DataFrame:
        hidden = rows["code"].isin(self._partners_housing_people)
        return rows.assign(name=rows["name"].where(~hidden, WITHHELD)) if hidden.any() else rows

    def _actions(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Titles name a site at which people live as its row does."""
        at = rows["site_code"]
        if not at.isin(self._aliases).any():
            return rows
        names = self.sites.groupby("code")["name"].agg(list)
        told = []
        for title, code in zip(rows["title"], at, strict=True):
            known = names.get(code, []) if code in self._aliases else []
            for name in known:
                title = title.replace(name, self._public_name(code))
            told.append(title)
        return rows.assign(title=pd.Series(told, index=rows.index, dtype=rows["title"].dtype))

    def _without_texts(self, rows: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
        clear = self._of_provinces(rows, counts=False)
        return rows.assign(**{name: rows[name].where(clear, None) for name in columns})

    # --- where rows belong ---

    def _clear(self, regions: pd.Series) -> pd.Series:
        if self.sight.clear is None:
            return pd.Series(True, index=regions.index)
        return regions.str[:2].isin(self.sight.clear)

    def _of_provinces(self, rows: pd.DataFrame, *, counts: bool) -> pd.Series:
        """Whether each row belongs to a province that is seen clearly, or whose counts are seen."""
        reach = self.sight.counts if counts else self.sight.clear
        if reach is None:
            return pd.Series(True, index=rows.index)
        kept = pd.Series(False, index=rows.index)
        for column, owners in (("site_code", self.sites), ("action_code", self.actions)):
            if column in rows:
                kept |= rows[column].isin(_wholly_within(owners, reach))
        return kept

    @property
    def _housing(self) -> list[str]:
        return [code for code, programme in self.programmes.items() if programme.houses_people]

    @cached_property
    def _aliases(self) -> dict[str, str]:
        """What a site at which people live is called where it is not seen clearly: its code often names it, too.

        They are counted within their kabupaten/kota in the order in which they became known, so that a new one changes
        no older name.
        """
        at = self.sites[self.sites["programme"].isin(self._housing) & ~self._clear(self.sites["region_code"])]
        first = at.sort_values(["recorded_at", "code"], na_position="first").drop_duplicates("code")
        place = first["region_code"].map(_no_closer)
        number = first.groupby([first["programme"], place]).cumcount() + 1
        return {
            code: f"{programme.upper()}-{where}-{count}"
            for code, programme, where, count in zip(first["code"], first["programme"], place, number, strict=True)
        }

    def _public_name(self, code: str) -> str:
        programme, _, place = self._aliases.get(code, code).partition("-")
        known = self.programmes.get(programme.lower())
        return f"{known.short.id if known else programme} {place}"

    @property
    def _partners_housing_people(self) -> set[str]:
        """Partners at whose sites people live, in provinces that are not seen clearly."""
        at = self.sites[self.sites["programme"].isin(self._housing) & ~self._clear(self.sites["region_code"])]
        partners = self.institutions["code"][self.institutions["kind"] == str(InstitutionKind.PARTNER)]
        return set(at["institution_code"].dropna()) & set(partners)

    def _coarse(self, sites: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Middles of the cells in which sites lie; where that is in another kabupaten/kota, the middle of their own."""
        lon, lat = (
            (np.floor(pd.to_numeric(sites[name]).to_numpy(float) / GRID_DEGREES) + 0.5) * GRID_DEGREES
            for name in ("lon", "lat")
        )
        moved = pd.DataFrame({"lon": lon.round(5), "lat": lat.round(5)}, index=sites.index)
        own = sites["region_code"].map(regency_of, na_action="ignore")
        found = self.regencies(moved)
        for index in moved.index[(own.notna() & (found.isna() | found.ne(own))).to_numpy()]:
            middle = self.middles(own[index])
            if middle is not None:
                moved.loc[index, ["lon", "lat"]] = [round(degrees, 5) for degrees in middle]
        moved[sites["lon"].isna() | sites["lat"].isna()] = np.nan
        return moved["lon"].to_numpy(), moved["lat"].to_numpy()


def guarded(
    tables: Mapping[str, pd.DataFrame],
    sight: Sight,
    programmes: Mapping[str, Programme],
    *,
    owners: Mapping[str, pd.DataFrame],
) -> dict[str, pd.DataFrame]:
    """The tables as a sight has them; ``owners`` holds ``OWNERS``, with history where the tables have it."""
    if sight.is_whole:
        return dict(tables)
    guard = Guard(
        sight=sight,
        programmes=programmes,
        sites=owners["sites"],
        actions=owners["actions"],
        institutions=owners["institutions"],
        regencies=lambda points: regions.locate_points(points, within_m=0.0)["code"],
        middles=_middle,
    )
    return {name: guard.seen(name, rows) for name, rows in tables.items()}


def _middle(code: str) -> tuple[float, float] | None:
    areas = regions.load_boundaries(2)
    shapes = areas.geometry[(areas["code"] == code).to_numpy()]
    if not len(shapes):
        return None
    point = shapes.iloc[0].representative_point()
    return float(point.x), float(point.y)


def _no_closer(code: object) -> object:
    """A region code that tells no place below the kabupaten/kota."""
    return (regency_of(code) or province_of(code)) if isinstance(code, str) else code


def _wholly_within(owners: pd.DataFrame, provinces: tuple[str, ...]) -> set[str]:
    """Codes of the sites or actions that never belonged elsewhere than in these provinces."""
    inside = owners["region_code"].str[:2].isin(provinces)
    return set(owners["code"][inside]) - set(owners["code"][~inside])
