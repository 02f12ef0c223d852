"""Gather every figure of one year's action plan for one choice of filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from geo.model import FOCUS_PROVINCES, Filters
from geo.progress.actions import (
    action_positions,
    checkpoint_day,
    closed_positions,
    due_checkpoint,
    restatement_summary,
    restatements,
)
from geo.progress.clocks import recorded
from geo.progress.matrix import matrix, non_physical
from geo.progress.state import passes
from geo.progress.thresholds import DEFAULT, Thresholds

ROWS: tuple[str, ...] = ("institution_code", "field", "programme")
"""What the rows of the matrix may stand for."""


@dataclass(frozen=True)
class ActionPlan:
    """One year's action plan for one ``Filters``; figures are worked out when first asked for and never change.

    ``positions`` holds the columns of ``geo.progress.actions.action_positions`` and ``field``, the institution's field
    of coordination, for the actions that pass the filters; ``every`` those of the whole year. ``checkpoint`` is the one
    that is judged, ``None`` before the first.
    """

    filters: Filters
    year: int
    checkpoint: str | None
    positions: pd.DataFrame
    every: pd.DataFrame
    institutions: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    thresholds: Thresholds

    @property
    def due(self) -> str | None:
        """The last checkpoint that has come by the day shown."""
        return due_checkpoint(self.year, self.filters.on)

    @property
    def checkpoint_day(self) -> date | None:
        """The day of the checkpoint that is judged."""
        return checkpoint_day(self.year, self.checkpoint) if self.checkpoint else None

    @property
    def provinces(self) -> tuple[str, ...]:
        """The columns of the matrix: the provinces chosen, else the focus provinces."""
        chosen = {*self.filters.provinces, *(code[:2] for code in self.filters.regencies)}
        return tuple(sorted(chosen)) if chosen else FOCUS_PROVINCES

    def matrix(self, *, rows: str = "institution_code", kind: str | None = None) -> pd.DataFrame:
        """Cells of ``geo.progress.matrix.matrix`` for physical, non-physical or all actions (``kind`` ``None``).

        By institution every ministry, agency and local government of the focus provinces stands, also with no action;
        where the filters choose anything, those with an action that passes them.
        """
        chosen = self.positions if kind is None else self.positions[self.positions["kind"] == kind]
        order = self._institutions if rows == "institution_code" else None
        return matrix(chosen, rows=rows, row_order=order, provinces=self.provinces)

    @cached_property
    def _institutions(self) -> list[str]:
        """Ministries and agencies, then the local governments of the provinces shown."""
        kinds = self.institutions["kind"]
        home = self.institutions["code"].str.extract(r"(\d\d)(?:\.\d\d)?$", expand=False)
        acting = self.institutions["code"].isin(self.every["institution_code"])
        local = (kinds == "pemda") & (home.isin(self.provinces) | acting)
        codes = [
            *sorted(self.institutions.loc[kinds == "kl", "code"]), *sorted(self.institutions.loc[local, "code"])
        ]  # fmt: skip
        asked = self.filters
        if asked.programmes or asked.statuses or asked.provinces or asked.regencies or asked.search:
            there = set(self.positions["institution_code"])
            return [code for code in codes if code in there]
        return codes

    @cached_property
    def total(self) -> pd.Series:
        """The figures of all actions that pass the filters, as the corner of the matrix has them."""
        cells = matrix(self.positions, provinces=self.provinces)
        return cells[(cells["row"] == "") & (cells["province"] == "")].iloc[0]

    @cached_property
    def restated(self) -> pd.DataFrame:
        """Restatements of closed checkpoints for the actions that pass the filters."""
        on, known_at = self.filters.on, self.filters.known_at
        return restatements(*self._raw, on=on, known_at=known_at, closed=self._closed)

    @cached_property
    def restated_summary(self) -> pd.DataFrame:
        """How far each closed checkpoint was restated, over the actions that pass the filters."""
        on, known_at = self.filters.on, self.filters.known_at
        return restatement_summary(*self._raw, on=on, known_at=known_at, closed=self._closed)

    @cached_property
    def non_physical(self) -> pd.DataFrame:
        """Non-physical work by its own indicators."""
        return non_physical(self.positions)

    @cached_property
    def _closed(self) -> pd.DataFrame:
        """What both kinds of restatement are read from."""
        return closed_positions(*self._raw, on=self.filters.on, known_at=self.filters.known_at)

    @property
    def _raw(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        actions = self.tables["actions"]
        chosen = actions[actions["code"].isin(self.positions["code"])]
        return chosen, self.tables["action_reports"], self.tables["closures"]


def action_plan(
    tables: Mapping[str, pd.DataFrame],
    filters: Filters,
    *,
    year: int | None = None,
    checkpoint: str | None = None,
    thresholds: Thresholds = DEFAULT,
) -> ActionPlan:
    """The action plan of ``year`` (default: of the filters' day) from the tables ``actions``, ``action_reports``,
    ``closures`` and ``institutions``.

    Filters choose by province, kabupaten/kota, programme, status (that of the action) and words of code or title.
    ``checkpoint`` judges an earlier checkpoint than the one due. Pure: the day and the moment come from the filters.
    """
    chosen = year if year is not None else filters.on.year
    actions = tables["actions"]
    every = action_positions(
        actions[pd.to_numeric(actions["year"]) == chosen],
        tables["action_reports"],
        tables["closures"],
        on=filters.on,
        known_at=filters.known_at,
        checkpoint=checkpoint,
        thresholds=thresholds,
    )
    institutions = recorded(tables["institutions"], filters.known_at)
    fields = institutions.set_index("code")["field"].astype("object")
    every = every.assign(field=every["institution_code"].map(fields))
    judged = every["checkpoint"].dropna()
    return ActionPlan(
        filters,
        chosen,
        str(judged.iloc[0]) if len(judged) else None,
        every[_passes(every, filters)].reset_index(drop=True),
        every,
        institutions,
        tables,
        thresholds,
    )


def _passes(actions: pd.DataFrame, filters: Filters) -> pd.Series:
    kept = passes(actions, filters, text="title")
    return kept & actions["status"].isin(filters.statuses) if filters.statuses else kept
