"""Show what stands beside the matrix: restatements, non-physical work, what does not fit, the checkpoints."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd
import streamlit as st

from geo.access import Deed
from geo.drawing.escape import html_text, markdown_text
from geo.locale import MISSING, Translator
from geo.locale.terms import checkpoint_name, claim_name, finding_name, refusal_text, stage_name, status_name
from geo.model import CHECKPOINTS, RefusedError
from geo.progress import State
from geo.progress.action_plan import ActionPlan
from geo.progress.actions import checkpoint_day
from geo.progress.clocks import recorded
from geo.progress.matrix import IN_USE, in_use
from geo.progress.reconcile import FINDINGS
from geo.progress.reconcile import reconciliation as reconcile
from geo.writing import close_checkpoint
from pages.parts import filters, page, plan_tables, plots, queries, records, viewing
from pages.parts.tables import region_text, styled

_BARS: Final = 10
"""Bars that one glance still takes in."""


def restatement_notes(plan: ActionPlan) -> None:
    """One line for each closed checkpoint whose figures were restated: how many actions, by how many points."""
    t = page.screen().t
    rows = plan.restated_summary[plan.restated_summary["restated_due"] > 0]
    if rows.empty:
        return
    lines = [_restated_line(row, t) for row in rows.to_dict("records")]
    st.html(
        '<div style="font-size:.95rem;padding:.1rem 0 .3rem">⟲ '
        + " &nbsp;·&nbsp; ".join(f"<strong>{html_text(line)}</strong>" for line in lines)
        + f' <span style="opacity:.75">({html_text(t("shown as closed"))})</span></div>'
    )


def _restated_line(row: Mapping[Any, Any], t: Translator) -> str:
    """``B06 direvisi: 3 kegiatan, -2,1 poin``."""
    count = t.plural("{n} action", "{n} actions", int(row["restated_due"]))
    return t(
        "{checkpoint} restated: {actions}, {points}",
        checkpoint=checkpoint_name(row["checkpoint"]), actions=count, points=t.points(row["points"]),
    )  # fmt: skip


# --- non-physical work -------------------------------------------------------------------------------------------


def non_physical(plan: ActionPlan, state: State) -> None:
    """Training, members, outlets in use: each by its own indicator and unit, never as percent of a building."""
    t = page.screen().t
    st.subheader(t("Non-physical actions by their own indicators"), anchor=False)
    rows = plan.non_physical
    if rows.empty:
        st.info(t("No non-physical action passes these filters."), icon=":material/inbox:")
    else:
        rows = rows.sort_values(["share", "indicator"], na_position="first", ignore_index=True)
        bars = rows.assign(
            name=rows["indicator"].astype(str) + " (" + rows["unit"].astype(str) + ")",
            share=rows["share"] * 100,
            total=rows["due"],
        )
        left, right = st.columns([4, 6], gap="medium")
        with left:
            plots.achievement(bars.head(_BARS), key="renaksi-nonfisik")
            if len(bars) > _BARS:
                st.caption(t("The {count} furthest behind; all of them in the table.", count=t.integer(_BARS)))
        with right:
            table = pd.DataFrame(
                {
                    t("Indicator"): rows["indicator"],
                    t("Share of target"): rows["share"] * 100,
                    t("Achieved"): rows["achieved_of_n"],
                    t("Target"): rows["target_of_n"],
                    t("Base"): [
                        f"{t.integer(n)}/{t.integer(due)}" for n, due in zip(rows["n"], rows["due"], strict=True)
                    ],
                    t("Unit"): rows["unit"],
                    t("Target of the year"): rows["target_year"],
                }
            )
            st.dataframe(
                styled(
                    table,
                    {
                        t("Achieved"): t.integer,
                        t("Target"): t.integer,
                        t("Share of target"): t.percent,
                        t("Target of the year"): t.integer,
                    },
                ),
                hide_index=True,
                placeholder=MISSING,
                height=min(640, 38 + 35 * len(table)),
                column_config={t("Indicator"): st.column_config.TextColumn(width=185)},
                alt=t("{count} indicators of non-physical work", count=len(table)),
            )
            st.caption(
                t("Target and achievement at {checkpoint}, both over the same actions: those that are due and told a "
                  "figure (base).", checkpoint=checkpoint_name(plan.checkpoint))
            )  # fmt: skip
            page.downloads(rows, "nonfisik", key="renaksi-nonfisik-unduh")
    st.subheader(t("What the sites yield: members, visitors, outlets in use"), anchor=False)
    now = page.screen()
    used = in_use(
        state.positions,
        queries.tables("site_indicators")["site_indicators"],
        on=now.filters.on,
        known_at=now.filters.known_at,
    )
    st.dataframe(
        _in_use_table(used, state, t),
        hide_index=True,
        placeholder=MISSING,
        height=min(520, 38 + 35 * len(used)),
        column_config={t("Value"): st.column_config.TextColumn(width=120, alignment="right")},
        alt=t("{count} indicators of sites", count=len(used)),
    )
    page.downloads(used, "pemanfaatan", key="renaksi-pemanfaatan-unduh")


def _in_use_table(used: pd.DataFrame, state: State, t: Translator) -> Any:
    names = {
        (code, one.code): one.name.in_language(t.language)
        for code, programme in state.programmes.items()
        for one in programme.indicators
    }
    units = {
        (code, one.code): one.unit.in_language(t.language)
        for code, programme in state.programmes.items()
        for one in programme.indicators
    }
    lines = []
    for row in used.to_dict("records"):
        key = (row["programme"], row["indicator"])
        operational = row["indicator"] == IN_USE
        programme = state.programmes.get(row["programme"])
        lines.append(
            {
                t("Programme"): programme.short.in_language(t.language) if programme else row["programme"],
                t("Indicator"): t("In use (operational)") if operational else names.get(key, row["indicator"]),
                t("Value"): _yield(row, t),
                t("Unit"): t("sites") if operational else units.get(key, row["unit"]),
                t("Base"): f"{t.integer(row['n'])}/{t.integer(row['sites'])}",
                t("Sources differ"): row["conflicting"] or None,
                t("Newest value"): row["newest"],
            }
        )
    return styled(
        pd.DataFrame(lines),
        {
            t("Sources differ"): t.integer,
            t("Newest value"): t.date_short,
        },
    )


def _yield(row: Mapping[Any, Any], t: Translator) -> str:
    """A sum of an indicator as text: the units differ from row to row, so there is nothing to sort by."""
    return t.rupiah_short(row["value"]) if row["unit"] == "rupiah" else plan_tables.amount(t, row["value"], None)


# --- what does not fit -------------------------------------------------------------------------------------------


def reconciliation(plan: ActionPlan, state: State) -> None:
    """Plan, budget and field held against one another: every list with its figures, empty ones said to be so."""
    t = page.screen().t
    claims = recorded(queries.tables("claims")["claims"], state.filters.known_at)
    found = reconcile(plan.positions, state.positions, claims, year=plan.year, thresholds=state.thresholds)
    explained = {
        "without_budget": t("The budget is missing or zero."),
        "budget_without_action": t("Sites with a contract value of {year} that no action of the year names.",
                                   year=plan.year),
        "spend_ahead_actions": t("Spend in percent of the budget exceeds the share of the year's target by more than "
                                 "{points}.", points=t.points(state.thresholds.spend_ahead_points).lstrip("+")),
        "spend_ahead_sites": t("Spend in percent of the contract value exceeds physical progress by more than "
                               "{points}.", points=t.points(state.thresholds.spend_ahead_points).lstrip("+")),
        "sites_without_action": t("Sites that no action of {year} names.", year=plan.year),
        "totals": t("Totals that somebody stated, against the records here and against their own parts."),
    }  # fmt: skip
    for name in FINDINGS:
        rows = found[name]
        with st.expander(
            f"**{markdown_text(finding_name(t, name))}** ({t.integer(len(rows))})",
            expanded=0 < len(rows) <= 12,
            key=f"rekonsiliasi-{name}",
        ):
            st.caption(markdown_text(explained[name]))
            if rows.empty:
                st.success(t("Nothing found."), icon=":material/check_circle:")
                continue
            table = _totals_table(rows, t) if name == "totals" else _finding_table(rows, plan, t)
            st.dataframe(
                table,
                hide_index=True,
                placeholder=MISSING,
                height=min(420, 38 + 35 * len(rows)),
                alt=t("{count} findings", count=len(rows)),
            )
            page.downloads(rows, f"rekonsiliasi-{name}", key=f"rekonsiliasi-{name}-unduh")


def _finding_table(rows: pd.DataFrame, plan: ActionPlan, t: Translator) -> Any:
    owners = plan.institutions.set_index("code")["name"]
    name = "title" if "title" in rows else "name"
    told: dict[str, Any] = {t("Name"): rows[name]}
    if "status" in rows:
        told[t("Status")] = [status_name(t, status) if isinstance(status, str) else "" for status in rows["status"]]
    money = {"budget": t("Budget"), "contract_value": t("Contract value"), "money": t("Money"), "spend": t("Spend")}
    shares = {"spend_percent": t("Spend share"), "progress_percent": t("Progress"), "ahead_points": t("Ahead (points)")}
    told |= {label: rows[column].astype("Float64") for column, label in money.items() if column in rows}
    told |= {label: rows[column] for column, label in shares.items() if column in rows}
    told[t("Institution")] = rows["institution_code"].map(owners).fillna(rows["institution_code"])
    told[t("Place")] = rows["region_code"].map(region_text)
    told[t("Code")] = rows["code"]
    return styled(
        pd.DataFrame(told),
        {
            **dict.fromkeys(money.values(), t.rupiah_short),
            t("Spend share"): t.percent,
            t("Progress"): t.percent,
            t("Ahead (points)"): lambda value: t.points(value, unit=False),
        },
    )


def _totals_table(rows: pd.DataFrame, t: Translator) -> Any:
    verdicts = {True: t("adds up"), False: t("does not add up")}
    table = pd.DataFrame(
        {
            t("Region"): [
                region_text(code) if isinstance(code, str) else t("National") for code in rows["region_code"]
            ],
            t("Measure"): [claim_name(t, measure) for measure in rows["measure"]],
            t("Stated"): rows["claimed"],
            t("In the records"): rows["found"],
            t("Difference"): rows["difference"],
            t("Sum of the provinces"): rows["parts"],
            t("Parts"): [MISSING if pd.isna(value) else verdicts[bool(value)] for value in rows["adds_up"]],
            t("Unit"): rows["unit"],
            t("Source"): [records.origin(row, t) for row in rows.to_dict("records")],
        }
    )
    whole = dict.fromkeys((t("Stated"), t("In the records"), t("Sum of the provinces")), t.integer)
    return styled(table, {**whole, t("Difference"): lambda value: t.points(value, digits=0, unit=False)})


# --- the checkpoints ---------------------------------------------------------------------------------------------


def checkpoints(plan: ActionPlan) -> None:
    """Which checkpoints are closed, how far they were restated, and the closing of the next one."""
    now = page.screen()
    t = now.t
    st.subheader(t("Checkpoints of {year}", year=plan.year), anchor=False)
    st.caption(
        t("A closed checkpoint keeps its figures for good. What is reported for it later shows as a restatement.")
    )
    closures = plan.tables["closures"]
    if now.filters.known_at is not None:
        closures = closures[closures["closed_at"] <= pd.Timestamp(now.filters.known_at)]
    closed = {row["checkpoint"]: row for row in closures[closures["year"] == plan.year].to_dict("records")}
    summary = {row["checkpoint"]: row for row in plan.restated_summary.to_dict("records")}
    lines = []
    for code in CHECKPOINTS:
        day = checkpoint_day(plan.year, code)
        said, by = t("to come") if day > now.filters.on else t("open"), ""
        if code in closed:
            by = records.text(closed[code]["author"])
            said = t("closed {moment}", moment=t.date_short(closed[code]["closed_at"].tz_convert(filters.ZONE)))
        row = summary.get(code)
        base = f"{t.integer(row['base_before'])}/{t.integer(row['due'])}" if row else None
        lines.append(
            {
                t("Checkpoint"): f"{checkpoint_name(code)} ({t.date_short(day)})",
                t("State"): said,
                t("Share at the closing"): row["percent_before"] if row else None,
                t("Base"): base,
                t("Share as known now"): row["percent_after"] if row else None,
                t("Change (points)"): row["points"] if row else None,
                t("Restated actions"): row["restated_due"] if row else None,
                t("On the same actions (points)"): row["points_both"] if row else None,
                t("Closed by"): by,
            }
        )
    st.dataframe(
        styled(
            pd.DataFrame(lines),
            {
                t("Share at the closing"): t.percent,
                t("Share as known now"): t.percent,
                t("Change (points)"): lambda value: t.points(value, unit=False),
                t("On the same actions (points)"): lambda value: t.points(value, unit=False),
                t("Restated actions"): t.integer,
            },
        ),
        hide_index=True,
        placeholder=MISSING,
        alt=t("The four checkpoints of {year}", year=plan.year),
    )
    if now.filters.known_at is None:
        _close_next(plan, set(closed), t)
    _restated_list(plan, t)


def _restated_list(plan: ActionPlan, t: Translator) -> None:
    rows = plan.restated.assign(_size=-plan.restated["points"].abs())
    rows = rows.sort_values(["checkpoint", "counted", "_size", "code"], ascending=[False, False, True, True])
    rows = rows.drop(columns="_size").reset_index(drop=True)
    st.subheader(t("Restated figures"), anchor=False)
    if rows.empty:
        st.info(t("No figure of a closed checkpoint has changed since."), icon=":material/check_circle:")
        return
    owners = plan.institutions.set_index("code")["name"]
    table = pd.DataFrame(
        {
            t("Checkpoint"): [checkpoint_name(code) for code in rows["checkpoint"]],
            t("Action"): rows["title"],
            t("At the closing"): [
                plan_tables.amount(t, value, unit) for value, unit in zip(rows["before"], rows["unit"], strict=True)
            ],
            t("As known now"): [
                plan_tables.amount(t, value, unit) for value, unit in zip(rows["after"], rows["unit"], strict=True)
            ],
            t("Change (points)"): rows["points"],
            t("Counts"): [t("yes") if counted else t("nothing was due") for counted in rows["counted"]],
            t("Institution"): rows["institution_code"].map(owners).fillna(rows["institution_code"]),
            t("Code"): rows["code"],
        }
    )
    st.dataframe(
        styled(table, {t("Change (points)"): lambda value: t.points(value, unit=False)}),
        hide_index=True,
        placeholder=MISSING,
        height=min(420, 38 + 35 * len(table)),
        column_config={t("Action"): st.column_config.TextColumn(width=290)},
        alt=t("{count} restated figures", count=len(table)),
    )
    st.caption(
        t("{counted} of {count} were due at the closing and count in the shares above; for the others nothing was due.",
          counted=t.integer(int(rows["counted"].sum())), count=t.integer(len(rows)))
    )  # fmt: skip
    page.downloads(rows, "revisi", key="renaksi-revisi-unduh")


def _close_next(plan: ActionPlan, closed: set[str], t: Translator) -> None:
    """The form of the administrator who closes a checkpoint; only what has passed and is open can be closed."""
    told = st.session_state.pop("_renaksi_kunci", None)
    if told:
        st.success(told, icon=":material/lock:")
    passed = [
        code
        for code in CHECKPOINTS
        if code not in closed and checkpoint_day(plan.year, code) < filters.local_now().date()
    ]
    if not viewing.allowed(Deed.CONFIGURE):
        return
    with st.expander(t("Close a checkpoint (administrator)"), icon=":material/lock:", key="renaksi-kunci"):
        if not passed:
            st.caption(t("No checkpoint of {year} is open and past.", year=plan.year))
            return
        with st.form("renaksi-kunci-formulir", border=False):
            code = st.selectbox(t("Checkpoint"), passed, format_func=checkpoint_name, width=200)
            author = st.text_input(t("Closed by (office, not a person)"), max_chars=120, width=420)
            sure = st.checkbox(t("I know that this cannot be undone."))
            sent = st.form_submit_button(t("Close the checkpoint"), icon=":material/lock:", type="primary")
        if not sent:
            return
        if not sure or not author.strip():
            st.error(t("Name the office and confirm; nothing was closed."), icon=":material/error:")
            return
        try:
            close_checkpoint(
                viewing.viewer(),
                queries.store(),
                year=plan.year,
                checkpoint=code,
                author=author.strip(),
                actor=author.strip(),
                at=datetime.now(UTC),
            )
        except RefusedError as refused:
            for problem in refused.problems:
                st.error(refusal_text(t, problem), icon=":material/error:")
            return
        st.session_state["_renaksi_kunci"] = t("{checkpoint} is closed.", checkpoint=checkpoint_name(code))
        st.rerun()


# --- one action --------------------------------------------------------------------------------------------------


def action_detail(plan: ActionPlan, action: pd.Series) -> None:
    """Targets by checkpoint and every report of an action, superseded ones struck through."""
    now = page.screen()
    t = now.t
    raw = plan.tables["actions"].set_index("code").loc[action["code"]]
    goals = " · ".join(
        f"{checkpoint_name(code)} {plan_tables.amount(t, raw[f'target_{code}'], None)}" for code in CHECKPOINTS
    )
    unit = action["unit"] if isinstance(action["unit"], str) else ""
    indicator = action["indicator"] if isinstance(action["indicator"], str) else MISSING
    st.html(
        f'<div style="font-size:.95rem">{html_text(indicator)} ({html_text(unit)}) – '
        f"{html_text(t('cumulative targets: {goals}', goals=goals))}<br>"
        f"{html_text(t('Budget'))}: {html_text(t.rupiah(action['budget']))} · "
        f"{html_text(t('Spend'))}: {html_text(t.rupiah(action['spend']))}</div>"
    )
    reports = plan.tables["action_reports"]
    told = reports[(reports["action_code"] == action["code"]) & (reports["as_of"] <= pd.Timestamp(now.filters.on))]
    told = recorded(told, now.filters.known_at)
    if told.empty:
        st.caption(t("No report up to this day. Not reported is not zero."))
        return
    records.show(
        told,
        key="action_code",
        columns=(
            (t("Achieved"), "angka", lambda row: plan_tables.amount(t, row["achieved"], unit)),
            (t("Spend"), "angka", lambda row: t.rupiah_short(row["spend"])),
            (t("Stage"), "", lambda row: stage_name(t, row["stage"])),
            (t("Obstacle"), "catatan", lambda row: records.text(row["obstacle"])),
        ),
        t=t,
    )
