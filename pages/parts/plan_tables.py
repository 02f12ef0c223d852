"""Show the action plan as tables: the matrix, the actions of a cell, the lists beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from geo.briefing.matrix import cell_text, share_status
from geo.drawing.palette import Theme, ground, status_look
from geo.locale import MISSING, Translator
from geo.locale.terms import action_kind_name, action_status_name
from geo.model import Status
from geo.progress import Thresholds
from pages.parts.tables import region_text, status_words, styled

_TINT = {"light": 0.3, "dark": 0.45}
"""How strongly a cell takes the colour of its status: words must stay readable on it."""


def cell_paint(status: Status | None, theme: Theme) -> str:
    """The style of a cell: a tint of its status under the ink of the page."""
    if status is None:
        return ""
    shades = ground(theme)
    kind = "dark" if theme == "dark" else "light"
    return (
        f"background-color: {_mixed(status_look(status, theme).fill, shades.paper, _TINT[kind])}; color: {shades.ink}"
    )


def _mixed(colour: str, paper: str, share: float) -> str:
    pairs = [(int(colour[place : place + 2], 16), int(paper[place : place + 2], 16)) for place in (1, 3, 5)]
    return "#" + "".join(f"{round(high * share + low * (1 - share)):02x}" for high, low in pairs)


def matrix_table(
    cells: pd.DataFrame,
    order: Sequence[str],
    names: Mapping[str, str],
    headings: Mapping[str, str],
    t: Translator,
    limits: Thresholds,
    theme: Theme,
    *,
    first: str,
) -> Any:
    """The matrix as a styled table: rows in ``order``, the total first; one column a province, the total last."""
    by_cell = {(cell["row"], cell["province"]): cell for cell in cells.to_dict("records")}
    texts, paints = [], []
    for key in order:
        line = [by_cell[key, code] for code in headings]
        texts.append([names[key], *(cell_text(cell, t, limits) for cell in line)])
        paints.append(["", *(cell_paint(share_status(cell, limits), theme) for cell in line)])
    columns = [first, *headings.values()]
    table = pd.DataFrame(texts, columns=columns)
    colours = pd.DataFrame(paints, columns=columns)
    return table.style.apply(lambda _: colours, axis=None)


def action_table(
    positions: pd.DataFrame, t: Translator, institutions: pd.DataFrame, theme: Theme, *, institution: bool
) -> Any:
    """Actions as a table, most telling first; ``institution`` adds who is in charge."""
    owners = institutions.set_index("code")["name"]
    columns = {
        t("Action"): positions["title"],
        t("Judgement"): status_words(t, positions["status"], theme=theme),
        t("Share of target"): positions["achieved_percent"],
        t("Achieved"): [
            amount(t, done, unit) for done, unit in zip(positions["achieved"], positions["unit"], strict=True)
        ],
        t("Target"): [amount(t, goal, unit) for goal, unit in zip(positions["target"], positions["unit"], strict=True)],
        t("Status"): [action_status_name(t, status) for status in positions["action_status"]],
        t("Report age (days)"): positions["age_days"].astype("Float64"),
        t("Report owed since"): positions["missing_since"],
        t("Spend share"): positions["spend_percent"],
        t("Kind"): [action_kind_name(t, kind) for kind in positions["kind"]],
        t("Place"): positions["region_code"].map(region_text),
    }
    if institution:
        columns[t("Institution")] = positions["institution_code"].map(owners).fillna(positions["institution_code"])
    columns[t("Code")] = positions["code"]
    return styled(
        pd.DataFrame(columns),
        {
            t("Share of target"): t.percent,
            t("Report age (days)"): t.integer,
            t("Report owed since"): t.date_short,
            t("Spend share"): t.percent,
        },
    )


def amount(t: Translator, value: Any, unit: object) -> str:
    """A quantity with its unit; missing stays missing."""
    if pd.isna(value):
        return MISSING
    number = float(value)
    told = t.integer(number) if number.is_integer() else t.number(number, digits=1)
    return f"{told} {unit}" if isinstance(unit, str) else told


def worst_actions_first(positions: pd.DataFrame) -> pd.DataFrame:
    """Actions in the order in which somebody should look at them: by status, then the lowest share, then code."""
    order = {str(status): place for place, status in enumerate(Status)}
    ranked = positions.assign(_rank=positions["status"].map(order))
    return ranked.sort_values(["_rank", "achieved_percent", "code"], ignore_index=True).drop(columns="_rank")
