"""Put the matrix of the action plan into words, for the screens as for the briefing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pandas as pd

from geo import regions
from geo.drawing.palette import status_look
from geo.locale import Translator
from geo.locale.terms import digits_apart, field_name
from geo.model import Programme, Status
from geo.progress import Thresholds
from geo.progress.matrix import TOTAL, UNPLACED

SHORT_PROVINCES: Final = {"32": "Jabar", "33": "Jateng", "35": "Jatim", "52": "NTB", "72": "Sulteng"}
"""Names of the focus provinces that fit above a narrow column."""

_SHORTER: Final = (
    ("Kementerian Koordinator Bidang ", "Kemenko "),
    ("Kementerian ", "Kem. "),
    ("Pemerintah Provinsi ", "Pemprov "),
    ("Pemerintah Kabupaten ", "Pemkab "),
    ("Pemerintah Kota ", "Pemkot "),
)
"""Words at the head of an institution's name with their usual short forms."""


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


def cell_text(cell: Mapping[Any, Any], t: Translator, limits: Thresholds) -> str:
    """A cell in words: mark, share achieved, how many of its actions have reported: ``• 82% · 7/8``."""
    status = share_status(cell, limits)
    if status is None:
        return ""
    edges = (limits.action_late_from, limits.action_watch_from, 100.0)
    share = t.percent(cell["achieved_percent"], digits=digits_apart(cell["achieved_percent"], *edges, least=0))
    told = f"{t.integer(cell['reported'])}/{t.integer(cell['actions'])}"
    return f"{status_look(status).glyph} {share} · {told}"


def row_names(
    rows: str, t: Translator, institutions: pd.DataFrame, programmes: Mapping[str, Programme]
) -> Callable[[str], str]:
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


def short_institution(name: str) -> str:
    """An institution's name with its first words in their usual short form, for a narrow column."""
    return next((short + name.removeprefix(long) for long, short in _SHORTER if name.startswith(long)), name)


def province_heading(code: str, t: Translator) -> str:
    """A column of the matrix: a province by the short name that officials use, the last one for all."""
    if code == TOTAL:
        return t("All")
    return t("Without a province") if code == UNPLACED else SHORT_PROVINCES.get(code) or regions.region_label(code)
