"""Hand the records and the figures back in open formats, each file with its day, its source and the sample mark."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from geo.locale import Translator
from geo.model import CHECKPOINTS, Filters, Problem, RefusedError
from geo.progress import POSITION_COLUMNS, State
from geo.progress.action_plan import ActionPlan, action_plan
from geo.progress.changes import Changes
from geo.progress.changes import rows as change_rows
from geo.progress.clocks import in_force, recorded
from geo.progress.reconcile import reconciliation
from geo.progress.since import Then
from geo.progress.waiting_list import waiting_list
from geo.progress.years import evaluation

_WIB: Final = ZoneInfo("Asia/Jakarta")

FORMATS: Final[dict[str, str]] = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "kml": "application/vnd.google-earth.kml+xml",
}
"""Formats by name, with their media types."""

MAP_FORMATS: Final = ("geojson", "gpkg", "kml")
"""Formats that carry points: for ``LOCATED`` alone; reports and actions stand at their site."""

WHATS: Final = (
    "sites", "reports", "actions", "position", "regions", "changes", "matrix", "evaluation", "awaited",
    "restatements", "reconciliation",
)  # fmt: skip

LOCATED: Final = ("sites", "reports", "actions", "position")
"""What has points."""

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
) -> pd.DataFrame:
    """The rows of an export, canonical columns, limited to what passes the state's filters.

    ``position``: the columns of ``geo.progress.position`` with name, programme, region and point; exactly the rows
    behind the screens. ``regions``: the roll-up of the whole, of each province and each kabupaten/kota. ``reports``:
    every report recorded, those superseded included (``in_force`` tells), up to the state's day and clock. ``actions``:
    the plan of the day's year with where each action stands. ``changes``: each change since an earlier position, which
    the caller has to give. ``matrix``, ``evaluation``, ``awaited``, ``restatements`` and ``reconciliation``: as on the
    screens. ``tables`` holds the store's tables; ``plan`` spares working the action plan out anew.

    Raises ``RefusedError`` for another word, and for ``changes`` without changes.
    """
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
    filters = state.filters
    told = reports[reports["site_code"].isin(codes) & (reports["as_of"] <= pd.Timestamp(filters.on))]
    if filters.known_at is not None:
        told = told[told["recorded_at"] <= pd.Timestamp(filters.known_at)]
    rows = told.assign(in_force=in_force(told))
    return rows.sort_values(["site_code", "as_of", "recorded_at"], ignore_index=True)


def file_name(filters: Filters, what: str, form: str, *, sample: bool) -> str:
    """A file name that tells what, where and for which day: ``sinergisitas-peta-35-2026-10-31-CONTOH.png``.

    Where records count only up to a moment, it tells that, too (WIB).
    """
    place = "-".join((*filters.provinces, *filters.regencies)[:4]) or "nasional"
    known = f"-diketahui-{filters.known_at.astimezone(_WIB):%Y%m%d-%H%M}" if filters.known_at else ""
    mark = "-CONTOH" if sample else ""
    return f"sinergisitas-{what}-{place}-{filters.on.isoformat()}{known}{mark}.{form}"


def about(filters: Filters, t: Translator, *, sample: bool, since: Then | None = None) -> dict[str, str]:
    """What a file says of itself: its day, the moment up to which records count where that is not now (UTC), its
    source and, for made-up data, the sample mark; of changes the earlier day and the meeting they are told since."""
    told = {
        "posisi": filters.on.isoformat(),
        "diketahui": filters.known_at.isoformat() if filters.known_at else "",
        "sejak": since.on.isoformat() if since else "",
        "rapat": f"{since.name} ({since.held_at.isoformat()})" if since and since.held_at else "",
        "sumber": t("Sinergisitas dashboard; the source of a record stands in source_url"),
        "catatan": t("SAMPLE DATA – not official figures") if sample else "",
    }
    return {name: text for name, text in told.items() if text}


# --- formats -----------------------------------------------------------------------------------------------------


def table_bytes(table: pd.DataFrame, form: str, *, about: Mapping[str, str]) -> bytes:
    """A table as a file; ``about`` (day, sample mark, source) goes along in the way the format allows.

    CSV: UTF-8 with a byte order mark and ``about`` as columns at the end of each row, so that the file stays one
    table; cells that a spreadsheet would take for a formula get an apostrophe in front. JSON: a list of rows, with
    ``about`` in each. XLSX: columns as in CSV. GeoJSON: a member ``metadata``. GeoPackage, KML: fields of each feature.
    A row without a point keeps its place in GeoJSON and GeoPackage; KML cannot hold it. Areas are written as WKT.
    Missing values stay empty or ``null``.
    Raises ``RefusedError`` for a format that the table cannot have.
    """
    told = {name: text for name, text in about.items() if text}
    if form in MAP_FORMATS and not {"lon", "lat"} <= set(table.columns):
        raise RefusedError([Problem(f"{form} needs points and this table has none", "Choose csv, xlsx or json.")])
    if form == "csv":
        return _csv(table, told)
    if form == "json":
        return _json([{**record, **told} for record in _records(table)])
    if form == "xlsx":
        return _xlsx(table, told)
    if form == "geojson":
        return _geojson(table, told)
    if form in ("gpkg", "kml"):
        return _by_gdal(table, told, form)
    raise RefusedError([Problem(f"unknown format {form!r}", f"Choose one of: {', '.join(FORMATS)}.")])


def plain(value: Any) -> Any:
    """A cell as JSON has it: dates as ISO text, missing as ``None``, numpy numbers as Python's."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, pd.Timestamp | datetime):
        stamp = pd.Timestamp(value)
        return stamp.isoformat() if stamp.tzinfo is not None else stamp.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | np.floating):
        return None if np.isnan(value) else float(value)
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, np.integer):
        return int(value)
    return value.wkt if isinstance(value, shapely.Geometry) else value


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    names = list(table.columns)
    columns = [[plain(value) for value in table[name].tolist()] for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8")


def _csv(table: pd.DataFrame, about: Mapping[str, str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*table.columns, *about])
    extra = list(about.values())
    for record in _records(table):
        writer.writerow([*(_harmless(value) for value in record.values()), *extra])
    return out.getvalue().encode("utf-8-sig")


def _harmless(value: Any) -> Any:
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _xlsx(table: pd.DataFrame, about: Mapping[str, str]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("data")
    sheet.freeze_panes = "A2"
    for place, name in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = min(40, max(11, len(str(name)) + 2))
    bold = Font(bold=True)

    def cell(value: Any, *, font: Font | None = None) -> Any:
        made = WriteOnlyCell(sheet, value=_cleared(value))
        if isinstance(value, str):
            made.data_type = "s"  # a text that begins with = stays a text
        if font is not None:
            made.font = font
        return made

    sheet.append([cell(str(name), font=bold) for name in (*table.columns, *about)])
    for row in table.itertuples(index=False, name=None):
        sheet.append([cell(_cell_value(value)) for value in (*row, *about.values())])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell_value(value: Any) -> Any:
    """A cell as a spreadsheet has it: dates stay dates."""
    if isinstance(value, pd.Timestamp) and value is not pd.NaT:
        return value.to_pydatetime() if value.tzinfo is not None else value.date()
    return plain(value)


def _cleared(value: Any) -> Any:
    """A value that a workbook can hold: no control characters, moments in UTC without a zone."""
    if isinstance(value, str):
        return ILLEGAL_CHARACTERS_RE.sub("", value)
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def _geojson(table: pd.DataFrame, about: Mapping[str, str]) -> bytes:
    features = []
    for record in _records(table):
        lon, lat = record.pop("lon"), record.pop("lat")
        point = None if lon is None or lat is None else {"type": "Point", "coordinates": [lon, lat]}
        features.append({"type": "Feature", "geometry": point, "properties": record})
    return _json({"type": "FeatureCollection", "metadata": dict(about), "features": features})


def _by_gdal(table: pd.DataFrame, about: Mapping[str, str], form: str) -> bytes:
    located = table if form == "gpkg" else table.dropna(subset=["lon", "lat"])
    fields = {
        name: [plain(value) for value in located[name].tolist()]
        for name in located.columns
        if name not in ("lon", "lat")
    }
    shapes = gpd.GeoSeries(gpd.points_from_xy(located["lon"], located["lat"]), crs="EPSG:4326")
    there = located[["lon", "lat"]].notna().all(axis=1).to_numpy()
    points = gpd.GeoDataFrame(pd.DataFrame(fields).assign(**about), geometry=shapes.where(there, None))
    driver = {"gpkg": "GPKG", "kml": "KML"}[form]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"sites.{form}"
        # KML takes the field "name" for the name of a placemark by itself
        points.to_file(file, driver=driver, layer="sites", engine="pyogrio")
        return file.read_bytes()
