"""Show tables in the language of the screen while they still sort by value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from geo import regions
from geo.briefing.words import rules
from geo.drawing.palette import Theme, status_look
from geo.locale import Translator
from geo.locale.terms import status_name
from geo.model import Programme

Formats = Mapping[str, Callable[[Any], str]]

STYLED_ROWS = 3_000
"""Above this many rows a table is shown with plain numbers: styling each cell would take longer than reading."""


def styled(table: pd.DataFrame, formats: Formats) -> Any:
    """The table with each column's formatter; sorting still goes by the values behind."""
    if len(table) > STYLED_ROWS:
        return table
    return table.style.format({name: form for name, form in formats.items() if name in table.columns})


def status_words(t: Translator, statuses: pd.Series, *, theme: Theme) -> pd.Series:
    """Statuses as mark and word, readable without colour."""
    words = {code: f"{status_look(code, theme).glyph} {status_name(t, code)}" for code in statuses.unique()}
    return statuses.map(words)


def site_table(positions: pd.DataFrame, t: Translator, programmes: Mapping[str, Programme], theme: Theme) -> Any:
    """Positions as the table of sites, columns in the language of the screen, most telling first."""
    table = pd.DataFrame(
        {
            t("Site"): positions["name"],
            t("Status"): status_words(t, positions["status"], theme=theme),
            t("Deviation"): positions["deviation_points"],
            t("Report age (days)"): positions["age_days"].astype("Float64"),
            t("Realised"): positions["actual_percent"],
            t("Planned"): positions["plan_percent"],
            t("Late since"): positions["late_since"],
            t("Obstacles"): positions["obstacles"],
            t("Rule"): rules(positions, t),
            t("Programme"): positions["programme"].map(
                lambda code: programmes[code].short.in_language(t.language) if code in programmes else code
            ),
            t("Kabupaten/kota"): positions["regency"].map(region_text),
            t("Province"): positions["province"].map(region_text),
            t("Code"): positions["code"],
        }
    )
    return styled(
        table,
        {
            t("Deviation"): lambda value: t.points(value, unit=False),
            t("Report age (days)"): t.integer,
            t("Realised"): t.percent,
            t("Planned"): t.percent,
            t("Late since"): t.date_short,
        },
    )


def region_text(code: object) -> str:
    """The name of a region, its code where it is not known."""
    return regions.region_label(code)


def rollup_table(rollup: pd.DataFrame, names: pd.Series, t: Translator, *, first: str) -> Any:
    """A roll-up as a table: counts, plan, realisation, deviation with the base they rest on, spend."""
    table = pd.DataFrame(
        {
            first: names.to_numpy(),
            t("Sites"): rollup["sites"].to_numpy(),
            t("Deviation"): rollup["deviation_points"].to_numpy(),
            t("Realised"): rollup["actual_percent"].to_numpy(),
            t("Planned"): rollup["plan_percent"].to_numpy(),
            t("Base"): [
                f"{t.integer(base)}/{t.integer(sites)}"
                for base, sites in zip(rollup["base"], rollup["sites"], strict=True)
            ],
            t("Behind plan"): rollup["late"].to_numpy(),
            t("Critical"): rollup["kritis"].to_numpy(),
            t("Not reported"): rollup["belum_lapor"].to_numpy(),
            t("Silent"): rollup["silent"].to_numpy(),
            t("Done"): rollup["selesai"].to_numpy(),
            t("Contract value"): rollup["contract_value"]
            .astype("Float64")
            .to_numpy(dtype=float, na_value=float("nan")),
            t("Spend"): rollup["actual_spend"].astype("Float64").to_numpy(dtype=float, na_value=float("nan")),
            t("Spend share"): (rollup["spend_share"] * 100).to_numpy(),
        }
    )
    return styled(
        table,
        {
            t("Deviation"): lambda value: t.points(value, unit=False),
            t("Realised"): t.percent,
            t("Planned"): t.percent,
            t("Contract value"): t.rupiah_short,
            t("Spend"): t.rupiah_short,
            t("Spend share"): t.percent,
        },
    )
