"""Count people: in whose hands which count is exact, and what stands in the place of a hidden one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import pandas as pd

from geo.access.counts import Count, Place, Places, Publication
from geo.progress.clocks import recorded

GROUPS: Final = ("mitra", "penyintas", "masyarakat")
"""Groups of people, in the order in which they are shown."""

_MONTHS: Final = 3


def quarter_before(on: date) -> date:
    """The last day of the last quarter that has ended by a day."""
    first = date(on.year, on.month - (on.month - 1) % _MONTHS, 1)
    after = date(first.year + (first.month + _MONTHS > 12), (first.month + _MONTHS - 1) % 12 + 1, 1)
    return on if on == after - timedelta(days=1) else first - timedelta(days=1)


@dataclass(frozen=True)
class People:
    """Counts of people on a day: ``exact`` those that the viewer may see, the others as ``published``.

    ``codes`` tells by the code under which the viewer knows a site its code in the records.
    """

    period: date
    exact: Mapping[tuple[str, str], int]
    own: frozenset[str]
    published: Publication | None
    codes: Mapping[str, str]

    def total(self, sites: Iterable[str], groups: Collection[str] = GROUPS) -> int | None:
        """People of these groups at these sites, by the viewer's codes; ``None`` where it is hidden."""
        chosen = {self.codes.get(site, site) for site in sites}
        clear = sum(self.exact.get((site, group), 0) for site in chosen & self.own for group in groups)
        others = chosen - self.own
        if not others or self.published is None:
            return clear
        told = self.published.total(others, groups)
        return None if told is None else clear + told

    def reporting(self, sites: Iterable[str]) -> int:
        """How many of these sites have told a count: the base of a total."""
        chosen = {self.codes.get(site, site) for site in sites}
        known = {site for site, _ in self.exact}
        if self.published is not None:
            known |= {site for site, _ in self.published.in_force}
        return len(chosen & known)

    @property
    def is_exact(self) -> bool:
        """Whether nothing is hidden from the viewer."""
        return self.published is None


def people_in(tables: Mapping[str, pd.DataFrame], on: date, *, known_at: datetime | None = None) -> People:
    """The counts that stand in the tables ``sites`` and ``beneficiaries``, every one exact: what was left out of them
    for a sight is in none."""
    period = quarter_before(on)
    places = places_of(tables["sites"])
    counts = counts_in_force(recorded(tables["beneficiaries"], known_at), period, places)
    exact = {(one.site, one.group): one.people for one in counts}
    return People(period, exact, frozenset(places), None, {})


def places_of(sites: pd.DataFrame) -> dict[str, Place]:
    """Where each site lies, by its code; sites without a region in none."""
    return {
        code: Place(region[:5] if len(region) >= 5 else None, region[:2], programme)
        for code, region, programme in sites[["code", "region_code", "programme"]].itertuples(index=False)
        if isinstance(region, str)
    }


def counts_in_force(told: pd.DataFrame, period: date, places: Places) -> list[Count]:
    """The latest count of each site and group that was told for a day up to the period's last."""
    now = told[(told["as_of"] <= pd.Timestamp(period)) & told["site_code"].isin(places) & told["count"].notna()]
    now = now.sort_values(["as_of", "recorded_at"], na_position="first", kind="stable")
    now = now.drop_duplicates(["site_code", "group"], keep="last")
    return [
        Count(str(site), str(group), as_of.date(), int(people))
        for site, group, as_of, people in now[["site_code", "group", "as_of", "count"]].itertuples(index=False)
    ]


# --- the table ---------------------------------------------------------------------------------------------------


COLUMNS: Final = ("level", "code", "programme", "group", "count", "hidden", "sites", "period")


def people_table(people: People, sites: pd.DataFrame) -> pd.DataFrame:
    """Every cell for these sites (``code``, ``region_code``, ``programme``) as an export has it: ``COLUMNS``.

    ``level`` is whole, province, regency or site; an empty ``programme`` or ``group`` stands for all. ``count`` is
    missing where ``hidden``; ``sites`` is how many sites have told a count.
    """
    rows = []
    for level, code, inside in _regions(sites):
        programmes = ["", *sorted(set(inside["programme"]))] if level != "site" else [""]
        for programme in programmes:
            chosen = list(inside["code"] if not programme else inside["code"][inside["programme"] == programme])
            base = people.reporting(chosen)
            for group in ("", *GROUPS):
                count = people.total(chosen, (group,) if group else GROUPS) if base else None
                rows.append((level, code, programme, group, count, bool(base) and count is None, base, people.period))
    made = pd.DataFrame(rows, columns=list(COLUMNS))
    return made.assign(count=pd.array(made["count"].to_list(), dtype="Int64"), period=pd.to_datetime(made["period"]))


def _regions(sites: pd.DataFrame) -> Iterable[tuple[str, str, pd.DataFrame]]:
    yield "whole", "", sites
    for code, inside in sites.groupby(sites["region_code"].str[:2]):
        yield "province", str(code), inside
    placed = sites[sites["region_code"].str.len() >= 5]
    for code, inside in placed.groupby(placed["region_code"].str[:5]):
        yield "regency", str(code), inside
    for code in sorted(sites["code"]):
        yield "site", str(code), sites[sites["code"] == code]
