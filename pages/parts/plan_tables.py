"""Show the action plan as tables: the matrix, the actions of a cell, the lists beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from geo import regions
from geo.drawing.palette import Theme, ground, status_look
from geo.locale import MISSING, Translator
from geo.locale.terms import action_kind_name, action_status_name, digits_apart, field_name
from geo.model import Programme, Status
from geo.progress import Thresholds
from geo.progress.matrix import TOTAL, UNPLACED
from pages.parts.tables import region_text, status_words, styled

SHORT_PROVINCES = {"32": "Jabar", "33": "Jateng", "35": "Jatim", "52": "NTB", "72": "Sulteng"}
"""Names of the focus provinces that fit above a narrow column."""

_TINT = {"light": 0.3, "dark": 0.45}
"""How strongly a cell takes the colour of its status: words must stay readable on it."""


def share_status(cell: Mapping[Any, Any], limits: Thresholds) -> Status | None:
    """The status whose look a cell takes, by its mean share of the target; ``None`` for a cell without actions."""
    if not cell["actions"]:
        return None
    share = cell["achieved_percent"]
    if pd.isna(share):
        return Status.BELUM_LAPOR if cell["not_reported"] else Status.BELUM_MULAI
    if share < limits.action_late_from:
        return Status.KRITIS
    if share < limits.action_watch_from:
        return Status.TERLAMBAT
    return Status.WASPADA if share < 100 else Status.SESUAI_RENCANA


def cell_text(cell: Mapping[Any, Any], t: Translator, limits: Thresholds, theme: Theme) -> str:
    """A cell in words: mark, share achieved, how many of its actions have reported: ``• 82% · 7/8``."""
    status = share_status(cell, limits)
    if status is None:
        return ""
    edges = (limits.action_late_from, limits.action_watch_from, 100.0)
    share = t.percent(cell["achieved_percent"], digits=digits_apart(cell["achieved_percent"], *edges, least=0))
    told = f"{t.integer(cell['reported'])}/{t.integer(cell['actions'])}"
    return f"{status_look(status, theme).glyph} {share} · {told}"


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


def row_names(rows: str, t: Translator, institutions: pd.DataFrame, programmes: Mapping[str, Programme]) -> Any:
    """A function that names a row of the matrix: an institution, a field or a programme."""
    names = institutions.set_index("code")["name"]

    def named(key: str) -> str:
        if key == TOTAL:
            return t("All")
        if rows == "field":
            return field_name(t, key)
        if rows == "programme":
            if key == UNPLACED:
                return t("Without a programme")
            return programmes[key].short.in_language(t.language) if key in programmes else key
        return str(names.get(key, key)) if key != UNPLACED else t("Without an institution")

    return named


_SHORTER = (
    ("Kementerian Koordinator Bidang ", "Kemenko "),
    ("Kementerian ", "Kem. "),
    ("Pemerintah Provinsi ", "Pemprov "),
    ("Pemerintah Kabupaten ", "Pemkab "),
    ("Pemerintah Kota ", "Pemkot "),
)
"""Words at the head of an institution's name with their usual short forms."""


def short_institution(name: str) -> str:
    """An institution's name with its first words in their usual short form, for a narrow column."""
    return next((short + name.removeprefix(long) for long, short in _SHORTER if name.startswith(long)), name)


def province_heading(code: str, t: Translator) -> str:
    """A column of the matrix: a province by the short name that officials use, the last one for all."""
    if code == TOTAL:
        return t("All")
    return t("Without a province") if code == UNPLACED else SHORT_PROVINCES.get(code) or regions.region_label(code)


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
        texts.append([names[key], *(cell_text(cell, t, limits, theme) for cell in line)])
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
