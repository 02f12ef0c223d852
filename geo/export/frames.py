"""Choose the rows and columns of an export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from geo.access.people import People, people_in, people_table
from geo.export.records import records
from geo.model import CHECKPOINTS, Problem, RefusedError
from geo.progress import POSITION_COLUMNS, State
from geo.progress.action_plan import ActionPlan, action_plan
from geo.progress.changes import Changes
from geo.progress.changes import rows as change_rows
from geo.progress.clocks import in_force, recorded
from geo.progress.reconcile import reconciliation
from geo.progress.waiting_list import waiting_list
from geo.progress.years import evaluation
from geo.regions import load_boundaries

KEPT: Final = ("plans", "action_reports", "beneficiaries", "obstacles", "institutions")
"""Records that have no figures of their own, as the store keeps them."""

WHATS: Final = (
    "sites", "reports", "actions", "position", "regions", "changes", "matrix", "evaluation", "awaited",
    "restatements", "reconciliation", "people", *KEPT,
)  # fmt: skip

LOCATED: Final = ("sites", "reports", "actions", "position", "regions")
"""What has points, or areas."""

SITE_FIELDS: Final = (
    "code", "programme", "name", "region_code", "lon", "lat", "location_precision", "institution_code", "start_date",
    "target_date", "contract_value", "year", "data_status", "source_url", "footprint",
)  # fmt: skip


def export_frame(
    what: str,
    state: State,
    tables: Mapping[str, pd.DataFrame],
    *,
    plan: ActionPlan | None = None,
    changes: Changes | None = None,
    people: People | None = None,
) -> pd.DataFrame:
    """The rows of an export, canonical columns, limited to what passes the state's filters.

    ``position``: the columns of ``geo.progress.position`` with name, programme, region and point; exactly the rows
    behind the screens. ``regions``: the roll-up of the whole, of each province and each kabupaten/kota. ``reports``:
    every report recorded, those superseded included (``in_force`` tells), up to the state's day and clock. ``actions``:
    the plan of the day's year with where each action stands. ``changes``: each change since an earlier position, which
    the caller has to give. ``KEPT``: every record, corrections and all, see ``records``. ``matrix``, ``evaluation``,
    ``people``: counts of beneficiaries at the last quarter's end, hidden ones marked; ``people`` are those that may be
    shown, without it those of ``tables``. ``awaited``, ``restatements`` and ``reconciliation``: as on the screens.
    ``tables`` holds the store's
    tables; ``plan`` spares working the action plan out anew.

    Raises ``RefusedError`` for another word, and for ``changes`` without changes.
    """
    if what == "people":
        counted = people or people_in(tables, state.filters.on, known_at=state.filters.known_at)
        return people_table(counted, state.positions[["code", "region_code", "programme"]])
    return whole_money(_rows(what, state, tables, plan, changes))


def _rows(
    what: str,
    state: State,
    tables: Mapping[str, pd.DataFrame],
    plan: ActionPlan | None,
    changes: Changes | None,
) -> pd.DataFrame:
    codes = state.positions["code"]
    if what == "position":
        described = ["name", "programme", "region_code", "lon", "lat", "location_precision", "data_status"]
        return state.positions[[*POSITION_COLUMNS, *described]].reset_index(drop=True)
    if what == "regions":
        return _region_rows(state)
    if what == "sites":
        sites = state.standing.sites
        return sites.loc[sites["code"].isin(codes), list(SITE_FIELDS)].reset_index(drop=True)
    if what == "reports":
        return _at_site(_report_rows(tables["reports"], codes, state), state)
    if what == "changes":
        if changes is None:
            told = Problem("there is no earlier position to compare with", "Give a day, or record a meeting.")
            raise RefusedError([told])
        return change_rows(changes)
    if what in KEPT:
        rows = records(what, tables, state=state)  # in an order that does not tell how they happened to arrive
        return rows.sort_values(list(rows.columns), ignore_index=True)
    if what in _OF_PLAN:
        planned = plan or action_plan(tables, state.filters, thresholds=state.thresholds)
        return _plan_rows(what, state, planned, tables)
    raise RefusedError([Problem(f"there is no export of {what!r}", f"Choose one of: {', '.join(WHATS)}.")])


_OF_PLAN: Final = ("actions", "matrix", "evaluation", "awaited", "restatements", "reconciliation")


def _plan_rows(what: str, state: State, plan: ActionPlan, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    if what == "actions":
        targets = tables["actions"].set_index("code")[[f"target_{checkpoint}" for checkpoint in CHECKPOINTS]]
        return _at_site(plan.positions.join(targets, on="code"), state)
    if what == "matrix":
        kinds = {"all": None, "physical": "physical", "non_physical": "non_physical"}
        cells = [plan.matrix(kind=kind).assign(kind=name) for name, kind in kinds.items()]
        whole = pd.concat(cells, ignore_index=True).rename(columns={"row": "institution_code"})
        return whole[["kind", *[name for name in whole.columns if name != "kind"]]]
    if what == "evaluation":
        return evaluation_rows(plan)
    if what == "awaited":
        return waiting_list(state, plan).reports
    if what == "restatements":
        return plan.restated
    return reconciliation_rows(state, plan, tables["claims"])


def evaluation_rows(plan: ActionPlan) -> pd.DataFrame:
    """The year's evaluation: the whole, then by programme, province and institution; ``by`` and ``key`` come first."""
    grouped = ("programme", "province", "institution_code")
    parts = [evaluation(plan.positions, by=by).rename(columns={by: "key"}).assign(by=by) for by in grouped]
    rows = pd.concat([evaluation(plan.positions).assign(by="all", key=""), *parts], ignore_index=True)
    return rows[["by", "key", *[name for name in rows.columns if name not in ("by", "key")]]]


def reconciliation_rows(state: State, plan: ActionPlan, claims: pd.DataFrame) -> pd.DataFrame:
    """What does not fit between plan, budget and field, one finding a row, ``finding`` first; columns as told."""
    claims = recorded(claims, state.filters.known_at)
    found = reconciliation(plan.positions, state.positions, claims, year=plan.year, thresholds=state.thresholds)
    named = [rows.rename(columns={"title": "name"}).assign(finding=name) for name, rows in found.items() if len(rows)]
    if not named:
        return pd.DataFrame({"finding": pd.Series(dtype="str"), "code": pd.Series(dtype="str")})
    rows = pd.concat([frame.astype("object") for frame in named], ignore_index=True).infer_objects()
    return rows[["finding", *[name for name in rows.columns if name != "finding"]]]


def _at_site(rows: pd.DataFrame, state: State) -> pd.DataFrame:
    """Rows with the point of their site, missing where they name none."""
    points = state.standing.sites.set_index("code")[["lon", "lat"]]
    return rows.join(points, on="site_code")


_MONEY: Final = (
    "contract_value",
    "spend",
    "budget",
    "contract",
    "plan_spend",
    "actual_spend",
    "spend_told",
    "spend_value",
    "budget_told",
    "money",
)


def whole_money(rows: pd.DataFrame) -> pd.DataFrame:
    """Money as whole rupiah; interpolated plans are rounded to it."""
    whole = {name: pd.to_numeric(rows[name]).round().astype("Int64") for name in _MONEY if name in rows}
    return rows.assign(**whole)


def _region_rows(state: State) -> pd.DataFrame:
    whole = state.national.to_frame().T.assign(code="", level=0)
    provinces = state.by_province.rename(columns={"province": "code"}).assign(level=1)
    regencies = state.by_regency.rename(columns={"regency": "code"}).assign(level=2)
    rows = pd.concat([whole, provinces, regencies], ignore_index=True)
    columns = ["level", "code", *[name for name in rows.columns if name not in ("level", "code")]]
    return rows[columns].infer_objects()


def _report_rows(reports: pd.DataFrame, codes: pd.Series, state: State) -> pd.DataFrame:
    known = recorded(reports, state.filters.known_at)
    told = known[known["site_code"].isin(codes) & (known["as_of"] <= pd.Timestamp(state.filters.on))]
    told = told.drop(columns=[name for name in ("entered_at", "withdrawn_at") if name in told])
    rows = told.assign(in_force=in_force(told))
    return rows.sort_values(["site_code", "as_of", "recorded_at"], ignore_index=True)


def with_areas(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the export ``regions`` with the outline of each in a column ``geometry`` (EPSG:4326).

    The whole and a region without an outline have none. With it the rows can be written in the formats of a map.
    """
    outlines: dict[str, object] = {}
    for areas in (load_boundaries(1), load_boundaries(2)):
        outlines |= dict(zip(areas["code"], areas.geometry, strict=True))
    return rows.assign(
        geometry=pd.Series([outlines.get(code) for code in rows["code"]], index=rows.index, dtype="object")
    )
