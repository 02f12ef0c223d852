"""Gather all pages of a briefing from one state: each figure from where the screens take it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import pandas as pd

from geo import regions
from geo.briefing.matrix import cell_text, province_heading, row_names, share_status, short_institution
from geo.briefing.parts import Briefing, Cell, Column, RegionPage, Table
from geo.briefing.words import change, headline, plan_headline, rules, sentences
from geo.drawing.palette import status_look
from geo.drawing.snapshot import Audience, Classification, coarse, sources
from geo.drawing.view import MapView, map_view
from geo.export import export_frame
from geo.locale import MISSING, Translator
from geo.locale.terms import category_name, checkpoint_name, reason_name, severity_name, status_name, weighting_text
from geo.progress import State
from geo.progress.action_plan import ActionPlan
from geo.progress.changes import Changes, top
from geo.progress.decisions import open_decisions, standing_decisions, within
from geo.progress.matrix import TOTAL, worst_first
from geo.progress.since import Then

LISTED: Final = 12
"""Rows of a list on a page; the annex holds every row."""

ChangesOf = Callable[[tuple[str, ...]], Changes | None]
"""Changes since the earlier position for some provinces (empty: all that the filters choose)."""


def briefing(
    state: State,
    plan: ActionPlan,
    t: Translator,
    *,
    changes: ChangesOf,
    then: Then | None,
    tables: Mapping[str, pd.DataFrame],
    sample: bool,
    indicator: str | None = "deviation",
    title: str | None = None,
    classification: Classification = "BIASA",
    audience: Audience = "internal",
    known_at: datetime | None = None,
    number: str = "",
    address: str = "",
    run: tuple[str, ...] = (),
    own_notes: Mapping[str, str] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Briefing:
    """All pages for the filters of ``state``: the whole, each province, the action plan, every site.

    ``changes`` is asked for the whole and for each province; ``known_at`` (UTC) is printed, by default that of the
    filters. ``run`` and ``own_notes`` are the pages and notes of a kept run. ``progress`` hears shares from 0 to 1.
    Pure but for the boundaries, which are read.
    """
    filters = state.filters
    codes = [str(code) for code in state.by_province["province"] if isinstance(code, str) and code]
    view = map_view(state, indicator=indicator)
    steps = len(codes) + 1
    national = _page("nasional", state, t, indicator, then, changes(()))
    provinces = []
    for at, code in enumerate(codes, start=1):
        if progress:
            progress(at / steps)
        part = state.within(provinces=(code,))
        provinces.append(_page(code, part, t, indicator, then, changes((code,))))
    judged = ""
    if plan.checkpoint_day is not None:
        judged = " · " + t(
            "judged at {checkpoint}, {day}",
            checkpoint=checkpoint_name(plan.checkpoint),
            day=t.date(plan.checkpoint_day),
        )
    if progress:
        progress(1.0)
    return Briefing(
        t=t,
        title=title or t("Sinergisitas programme: state of progress"),
        subject=view.subject(t),
        on=filters.on,
        known_at=known_at or filters.known_at,
        then=then,
        national=national,
        provinces=tuple(provinces),
        plan_title=t("Action plan {year}", year=plan.year) + judged,
        plan_figures=plan_headline(plan, t),
        matrix=_matrix(plan, state, t),
        sites=_sites(state, t),
        sources=(
            *sources(provinces[0].view if provinces else view, t, sample=sample),
            *filter(None, [coarse(t, audience)]),
        ),
        sample=sample,
        classification=classification,
        audience=audience,
        number=number,
        address=address,
        regions=export_frame("regions", state, tables),
        decisions=_decisions(tables["decisions"], state, t) if "decisions" in tables else None,
        run=run,
        own_notes=dict(own_notes or {}),
    )


def _page(
    key: str, state: State, t: Translator, indicator: str | None, then: Then | None, changed: Changes | None
) -> RegionPage:
    view = map_view(state, indicator=indicator)
    name = _whole(view, t) if key == "nasional" else regions.region_label(key)
    rollup, silent_after = state.national, state.thresholds.silent_after_days
    listed = () if changed is None else top(changed, n=6, thresholds=state.thresholds).to_dict("records")
    return RegionPage(
        key=key,
        name=name,
        subject=view.subject(t),
        state=state,
        view=view,
        forecast=state.forecast,
        sentences=sentences(name, rollup, t, silent_after_days=silent_after),
        figures=headline(rollup, t, silent_after_days=silent_after),
        curve_base=_curve_base(state, t),
        regions=_regions(state, t, whole=key == "nasional"),
        programmes=_programmes(state, t),
        late=_late(state, t),
        silent=_silent(state, t),
        obstacles=_obstacles(state, t),
        changes=tuple(change(row, t) for row in listed),
        changes_note=_since(then, t),
    )


def _whole(view: MapView, t: Translator) -> str:
    """What the first page speaks of: the whole programme only where nothing narrows it."""
    filters = view.state.filters
    if filters.statuses or filters.search:
        return t("The sites chosen")
    if filters.provinces or filters.regencies:
        return ", ".join(regions.region_label(code) for code in filters.regencies or filters.provinces)
    return view.programmes_told(t) if filters.programmes else t("The whole programme")


def _since(then: Then | None, t: Translator) -> str:
    if then is None:
        return t("No earlier meeting is recorded.")
    day = t("as of {day}", day=t.date(then.on))
    return f"{then.name} · {day}" if then.name else day


def _curve_base(state: State, t: Translator) -> str:
    rows = state.curve
    if rows.empty:
        return t("No site has both a plan and a report, so there is no curve.")
    last = rows.iloc[-1]
    return weighting_text(t, str(last["weighting"]), int(last["base"]), len(state.positions))


# --- tables ------------------------------------------------------------------------------------------------------


def _rollup_columns(first: str, t: Translator) -> tuple[Column, ...]:
    return (
        Column(first, 2.6),
        Column(t("Sites"), 0.8, "right"),
        Column(t("Realised"), 1.0, "right"),
        Column(t("Planned"), 1.0, "right"),
        Column(t("Deviation"), 1.0, "right"),
        Column(t("Base"), 0.9, "right"),
        Column(t("Behind plan"), 0.9, "right"),
        Column(t("Critical"), 0.8, "right"),
        Column(t("Silent"), 0.8, "right"),
        Column(t("Done"), 0.8, "right"),
        Column(t("Spend share"), 1.0, "right"),
    )


def _rollup_row(row: Mapping[Any, Any], first: Cell, t: Translator) -> tuple[Cell, ...]:
    return (
        first,
        Cell(t.integer(row["sites"])),
        Cell(t.percent(row["actual_percent"])),
        Cell(t.percent(row["plan_percent"])),
        Cell(t.points(row["deviation_points"], unit=False), strong=True),
        Cell(f"{t.integer(row['base'])}/{t.integer(row['sites'])}"),
        Cell(t.integer(row["late"])),
        Cell(t.integer(row["kritis"])),
        Cell(t.integer(row["silent"])),
        Cell(t.integer(row["selesai"])),
        Cell(t.share(row["spend_share"], digits=1)),
    )


def _regions(state: State, t: Translator, *, whole: bool) -> Table:
    rollup = state.by_province if whole else state.by_regency
    key = "province" if whole else "regency"
    return Table(
        "regions",
        t("The provinces side by side") if whole else t("Kabupaten/kota"),
        _rollup_columns(t("Province") if whole else t("Kabupaten/kota"), t),
        tuple(
            _rollup_row(row, Cell(regions.region_label(row[key]), strong=True), t) for row in rollup.to_dict("records")
        ),
        rollup.rename(columns={key: "region_code"}).reset_index(drop=True),
        empty=t("No site lies in a kabupaten/kota."),
        note=t("Base: sites with plan and report, of all sites. Missing is not zero."),
    )


def _programmes(state: State, t: Translator) -> Table:
    rollup = state.by_programme
    rows = []
    for row in rollup.to_dict("records"):
        programme = state.programmes[row["programme"]]
        first = Cell(programme.short.in_language(t.language), symbol=programme.symbol, strong=True)
        rows.append(_rollup_row(row, first, t))
    return Table(
        "programmes",
        t("Progress by programme"),
        _rollup_columns(t("Programme"), t),
        tuple(rows),
        rollup.reset_index(drop=True),
        empty=t("No site passes these filters."),
    )


def _site_cell(row: Mapping[Any, Any], state: State) -> Cell:
    return Cell(str(row["name"]), symbol=state.programmes[row["programme"]].symbol, status=row["status"], strong=True)


def _late(state: State, t: Translator) -> Table:
    """Sites that are critical, blocked or late, gravest first."""
    every = state.needs_attention
    every = every[every["reason"] != "silent"].reset_index(drop=True)
    shown = every.head(LISTED)
    told = rules(shown, t)
    return Table(
        "late",
        t("Late and blocked sites"),
        (
            Column(t("Site"), 3.0),
            Column(t("Why"), 1.1),
            Column(t("Deviation"), 0.9, "right"),
            Column(t("Since"), 1.0, "right"),
            Column(t("Kabupaten/kota"), 1.7),
            Column(t("Rule and next step"), 3.0),
        ),
        tuple(
            (
                _site_cell(row, state),
                Cell(reason_name(t, row["reason"])),
                Cell(t.points(row["deviation_points"], unit=False)),
                Cell(t.date_short(row["since"])),
                Cell(regions.region_label(row["region_code"])),
                Cell(rule),
            )
            for row, rule in zip(shown.to_dict("records"), told, strict=True)
        ),
        every,
        empty=t("No site is critical, late or blocked."),
        note=_more(len(every) - len(shown), t),
        more=len(every) - len(shown),
    )


def _silent(state: State, t: Translator) -> Table:
    """Sites that are silent, whatever else they are; who never reported comes first."""
    every = state.positions[state.positions["silent"]]
    age = every["age_days"].astype("Float64").fillna(float("inf"))
    every = every.assign(_age=-age).sort_values(["_age", "code"], ignore_index=True).drop(columns="_age")
    shown = every.head(LISTED)
    days = state.thresholds.silent_after_days
    return Table(
        "silent",
        t("Silent sites"),
        (
            Column(t("Site"), 3.0),
            Column(t("Last report"), 1.1, "right"),
            Column(t("Report age"), 1.1, "right"),
            Column(t("Kabupaten/kota"), 1.7),
        ),
        tuple(
            (
                _site_cell(row, state),
                Cell(t.date_short(row["as_of"]) if pd.notna(row["as_of"]) else t("never reported")),
                Cell(t.age(row["age_days"])),
                Cell(regions.region_label(row["region_code"])),
            )
            for row in shown.to_dict("records")
        ),
        every,
        empty=t("No site has been silent for more than {days} days.", days=days),
        note=_more(len(every) - len(shown), t),
        more=len(every) - len(shown),
    )


def _obstacles(state: State, t: Translator) -> Table:
    """Obstacles that are open at the sites, the gravest and then the oldest first."""
    on = pd.Timestamp(state.filters.on)
    told = state.standing.obstacles
    names = state.positions.set_index("code")[["name", "region_code", "programme", "status"]]
    told = told[told["site_code"].isin(names.index) & (told["opened"] <= on) & ~(told["closed"] <= on)]
    every = told.join(names, on="site_code").sort_values(
        ["severity", "opened", "site_code"], ascending=[False, True, True], ignore_index=True
    )
    shown = every.head(LISTED)
    return Table(
        "obstacles",
        t("Open obstacles"),
        (
            Column(t("Site"), 2.6),
            Column(t("Severity"), 0.9),
            Column(t("Category"), 1.1),
            Column(t("Since"), 1.0, "right"),
            Column(t("Obstacle and follow-up"), 4.2),
        ),
        tuple(
            (
                _site_cell(row, state),
                Cell(severity_name(t, row["severity"]) if pd.notna(row["severity"]) else MISSING),
                Cell(category_name(t, row["category"]) if isinstance(row["category"], str) else MISSING),
                Cell(t.date_short(row["opened"])),
                Cell(_joined((row["note"], row["follow_up"])) or MISSING),
            )
            for row in shown.to_dict("records")
        ),
        every,
        empty=t("No obstacle is open."),
        note=_more(len(every) - len(shown), t),
        more=len(every) - len(shown),
    )


def _joined(texts: Iterable[object]) -> str:
    return " → ".join(text for text in texts if isinstance(text, str) and text)


def _more(count: int, t: Translator) -> str:
    return t.plural("and {n} more (Excel annex)", "and {n} more (Excel annex)", count) if count > 0 else ""


def _matrix(plan: ActionPlan, state: State, t: Translator) -> Table:
    """The action plan by institution and province; institutions without an action are left out and counted."""
    cells = plan.matrix()
    named = row_names("institution_code", t, plan.institutions, state.programmes)
    acting = set(cells.loc[(cells["province"] == TOTAL) & (cells["actions"] > 0), "row"])
    order = [TOTAL, *(key for key in worst_first(cells) if key in acting)]
    idle = int(cells["row"].nunique()) - 1 - (len(order) - 1)
    provinces = list(dict.fromkeys(str(code) for code in cells["province"]))
    by_cell = {(cell["row"], cell["province"]): cell for cell in cells.to_dict("records")}
    rows = tuple(
        (
            Cell(short_institution(named(key)), strong=key == TOTAL),
            *(
                Cell(
                    cell_text(by_cell[key, code], t, state.thresholds),
                    status=share_status(by_cell[key, code], state.thresholds),
                    strong=key == TOTAL,
                )
                for code in provinces
            ),
        )
        for key in order
    )
    place = {key: at for at, key in enumerate(order)}
    raw = cells[cells["row"].isin(order)].rename(columns={"row": "institution_code"})
    raw = raw.assign(_place=raw["institution_code"].map(place)).sort_values("_place", kind="stable")
    limits = state.thresholds
    told = t(
        "A cell says: mean share of the checkpoint's target · reported/actions. ! below {late}, ↓ below {watch}, "
        "• below 100%, ■ met, ? nothing reported.",
        late=f"{t.limit(limits.action_late_from)}%",
        watch=f"{t.limit(limits.action_watch_from)}%",
    )
    if idle > 0:
        told += " " + t.plural(
            "{n} institution without an action is left out.", "{n} institutions without an action are left out.", idle
        )
    return Table(
        "matrix",
        t("Action plan by institution and province"),
        (Column(t("Institution"), 3.0), *(Column(province_heading(code, t), 1.25, "center") for code in provinces)),
        rows if acting else (),
        raw.drop(columns="_place").reset_index(drop=True),
        empty=t("No action of {year} passes these filters.", year=plan.year),
        note=told,
    )


def _decisions(rows: pd.DataFrame, state: State, t: Translator) -> Table:
    """What meetings decided for these regions and is still open, the one that is due first before the others."""
    filters = state.filters
    every = open_decisions(within(standing_decisions(rows, filters.known_at), filters.provinces))
    return Table(
        "decisions",
        t("Open decisions"),
        (
            Column(t("Decision"), 3.8),
            Column(t("Responsible"), 2.6),
            Column(t("Due"), 1.5, "right"),
            Column(t("Concerns"), 1.7),
            Column(t("Meeting"), 1.5, "right"),
        ),
        tuple(
            (
                Cell(row["text"] if isinstance(row["text"], str) else t("hidden from this audience"), strong=True),
                Cell(str(row["responsible"])),
                Cell(t.date_short(row["due"])),
                Cell(
                    regions.region_label(row["region_code"])
                    if isinstance(row["region_code"], str)
                    else t("Whole programme")
                ),
                Cell(t.date_short(row["meeting_day"])),
            )
            for row in every.to_dict("records")
        ),
        every,
        empty=t("No decision is open."),
    )


def _sites(state: State, t: Translator) -> Table:
    """Every site, by province, kabupaten/kota and name."""
    every = state.positions.sort_values(["region_code", "programme", "name", "code"], ignore_index=True)
    return Table(
        "sites",
        t("All sites"),
        (
            Column(t("Code"), 1.6),
            Column(t("Site"), 3.2),
            Column(t("Programme"), 1.1),
            Column(t("Kabupaten/kota"), 2.0),
            Column(t("Status"), 1.3),
            Column(t("Realised"), 0.9, "right"),
            Column(t("Planned"), 0.9, "right"),
            Column(t("Deviation"), 0.9, "right"),
            Column(t("Last report"), 1.1, "right"),
        ),
        tuple(
            (
                Cell(str(row["code"])),
                Cell(str(row["name"]), symbol=state.programmes[row["programme"]].symbol, status=row["status"]),
                Cell(state.programmes[row["programme"]].short.in_language(t.language)),
                Cell(regions.region_label(row["region_code"])),
                Cell(f"{status_look(row['status']).glyph} {status_name(t, row['status'])}", status=row["status"]),
                Cell(t.percent(row["actual_percent"])),
                Cell(t.percent(row["plan_percent"])),
                Cell(t.points(row["deviation_points"], unit=False)),
                Cell(t.date_short(row["as_of"])),
            )
            for row in every.to_dict("records")
        ),
        every,
        empty=t("No site passes these filters."),
    )
