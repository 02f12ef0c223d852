"""Evaluate a year of the action plan, and set it beside the year before, like for like."""

from typing import Any

import pandas as pd
import streamlit as st

from geo import regions
from geo.drawing.view import map_view
from geo.export import evaluation_rows
from geo.locale import MISSING
from geo.locale.terms import checkpoint_name, claim_name
from geo.progress.clocks import recorded
from geo.progress.years import evaluation, like_for_like, like_for_like_summary
from pages.parts import cards, page, plots, queries, records
from pages.parts.tables import region_text, styled

now = page.screen()
t, filters = now.t, now.filters
page.heading(t("Annual evaluation"), subject=map_view(now.state, indicator=None).subject(t))

years = queries.plan_years()
if not years:
    st.info(t("No action plan is recorded."), icon=":material/inbox:")
    st.stop()
page.forget_when_moved("evaluasi", filters.on.year, ("evaluasi_tahun", "evaluasi_banding"))
if st.session_state.get("evaluasi_tahun") not in years:
    st.session_state["evaluasi_tahun"] = filters.on.year if filters.on.year in years else years[0]
st.segmented_control(
    t("Year"), sorted(years), key="evaluasi_tahun", persist_state="session", required=True, format_func=str
)
year = int(st.session_state["evaluasi_tahun"])
plan = queries.current_plan(filters, year=year)
whole = evaluation(plan.positions).iloc[0]
if plan.positions.empty:
    st.info(t("No action of {year} passes these filters.", year=year), icon=":material/filter_alt:")
    st.stop()
running = filters.on < pd.Timestamp(year, 12, 31).date()
if running:
    st.caption(t("The year is still running: figures are those of {day}.", day=t.date(filters.on)))
st.html(
    cards.grid(
        [
            cards.figure(t("Actions"), t.integer(whole["actions"]),
                         t("{count} with a target", count=t.integer(whole["with_target"])),
                         note=t("{count} have reported", count=t.integer(whole["reported"]))),
            cards.figure(t("Achieved of the year's target"), t.percent(whole["achieved_percent"]),
                         t("{met} have met it", met=t.integer(whole["met"])),
                         note=t("mean of {base} of {count}",
                                base=t.integer(whole["base"]), count=t.integer(whole["with_target"]))),
            cards.figure(t("Done"), t.integer(whole["done"]), t("{count} under way", count=t.integer(whole["running"])),
                         note=t("of {count}", count=t.integer(whole["actions"]))),
            cards.figure(t("Carried over"), t.integer(whole["carried_over"]),
                         t("{put_off} postponed, {cancelled} cancelled", put_off=t.integer(whole["postponed"]),
                           cancelled=t.integer(whole["cancelled"])),
                         note=t("{count} not reported, {idle} not started", count=t.integer(whole["not_reported"]),
                                idle=t.integer(whole["not_started"]))),
            cards.figure(t("Spend of the budget"), t.percent(whole["spend_percent"]),
                         t("{spend} of {contract}", spend=t.rupiah_short(whole["spend_told"]),
                           contract=t.rupiah_short(whole["budget_told"])),
                         note=t("over the {base} actions that have told both", base=t.integer(whole["spend_base"]))),
        ],
        least_px=146,
    )
)  # fmt: skip

BY = {"programme": t("Programmes"), "province": t("Provinces"), "institution_code": t("Institutions")}
by = page.choose(t("Evaluated by"), BY, key="evaluasi_menurut", default="province")
owners = plan.institutions.set_index("code")["name"]


def named(key: str) -> str:
    """A group of the evaluation by its name."""
    if not key:
        return t("Without an entry")
    if by == "programme":
        known = now.state.programmes.get(key)
        return known.short.in_language(t.language) if known else key
    return regions.region_label(key) if by == "province" else str(owners.get(key, key))


rows = evaluation(plan.positions, by=by).sort_values("achieved_percent", na_position="first", ignore_index=True)
table = pd.DataFrame(
    {
        BY[by]: [named(key) for key in rows[by]],
        t("Actions"): rows["actions"],
        t("Achieved"): rows["achieved_percent"],
        t("Base"): [f"{t.integer(n)}/{t.integer(of)}" for n, of in zip(rows["base"], rows["with_target"], strict=True)],
        t("Target met"): rows["met"],
        t("Done"): rows["done"],
        t("Carried over"): rows["carried_over"],
        t("Cancelled"): rows["cancelled"],
        t("Postponed"): rows["postponed"],
        t("Under way"): rows["running"],
        t("Not started"): rows["not_started"],
        t("Not reported"): rows["not_reported"],
        t("Budget"): rows["budget"],
        t("Spend"): rows["spend"],
        t("Spend share"): rows["spend_percent"],
    }
)
st.dataframe(
    styled(
        table,
        {
            t("Achieved"): t.percent,
            t("Budget"): t.rupiah_short,
            t("Spend"): t.rupiah_short,
            t("Spend share"): t.percent,
        },
    ),
    hide_index=True,
    placeholder=MISSING,
    height=min(520, 38 + 35 * len(table)),
    column_config={BY[by]: st.column_config.TextColumn(width=210)},
    alt=t("{count} rows of the evaluation of {year}", count=len(table), year=year),
)
page.downloads(evaluation_rows(plan), f"evaluasi-{year}", key="evaluasi-unduh")

# --- year against year -------------------------------------------------------------------------------------------

earlier_years = [one for one in sorted(years) if one < year]
if earlier_years and plan.checkpoint:
    st.subheader(t("Year against year, like for like"), anchor=False)
    if st.session_state.get("evaluasi_banding") not in earlier_years:
        st.session_state["evaluasi_banding"] = earlier_years[-1]
    other = int(
        st.selectbox(
            t("Compared with"), earlier_years, key="evaluasi_banding", persist_state="session", width=160,
            format_func=str,
        )
        or earlier_years[-1]
    )  # fmt: skip
    before = queries.current_plan(filters, year=other, checkpoint=plan.checkpoint)
    pair: dict[str, Any] = {"by": "region_code", "value": "achieved_percent"}
    summary = like_for_like_summary(before.positions, plan.positions, **pair).to_dict("records")
    loci = like_for_like(before.positions, plan.positions, **pair)
    both, everything = ({row["summary"]: row for row in summary}[name] for name in ("in_both", "all"))
    st.html(
        cards.grid(
            [
                cards.figure(
                    t("Places that are in both years ({count})", count=t.integer(both["loci_after"])),
                    t.points(both["difference"]),
                    f"{t.percent(both['before'])} ({other}) → {t.percent(both['after'])} ({year})",
                    note=t("n = {before} and {after} actions", before=t.integer(both["n_before"]),
                           after=t.integer(both["n_after"])),
                ),
                cards.figure(
                    t("All places ({before} and {after})", before=t.integer(everything["loci_before"]),
                      after=t.integer(everything["loci_after"])),
                    t.points(everything["difference"]),
                    f"{t.percent(everything['before'])} ({other}) → {t.percent(everything['after'])} ({year})",
                    note=t("n = {before} and {after} actions; the places differ, so this is no comparison alone",
                           before=t.integer(everything["n_before"]), after=t.integer(everything["n_after"])),
                ),
            ],
            least_px=260,
        )
    )  # fmt: skip
    st.caption(
        t("Share achieved of the target of {checkpoint} in both years; closed checkpoints as they were closed.",
          checkpoint=checkpoint_name(plan.checkpoint))
    )  # fmt: skip
    shared = loci[loci["in_both"]].assign(name=lambda part: part["key"].map(region_text))
    left, right = st.columns([5, 5], gap="medium")
    largest = shared.loc[shared["difference"].abs().sort_values(ascending=False, kind="stable").index[:10]]
    with left:
        plots.years(largest.sort_values(["difference", "key"]), key="evaluasi-tahun-grafik", pair=(other, year))
        if len(shared) > len(largest):
            st.caption(t("The {count} greatest differences; all places in the table.", count=t.integer(len(largest))))
    with right:
        listed = pd.DataFrame(
            {
                t("Place"): loci["key"].map(region_text),
                str(other): loci["before"],
                str(year): loci["after"],
                t("Difference"): loci["difference"],
                f"n {other}": loci["n_before"],
                f"n {year}": loci["n_after"],
                t("In both"): [t("yes") if inside else t("no") for inside in loci["in_both"]],
            }
        )
        st.dataframe(
            styled(
                listed,
                {
                    str(other): t.percent,
                    str(year): t.percent,
                    t("Difference"): lambda value: t.points(value, unit=False),
                },
            ),
            hide_index=True,
            placeholder=MISSING,
            height=min(620, 38 + 35 * len(listed)),
            alt=t("{count} places in two years", count=len(listed)),
        )
        page.downloads(loci, f"banding-{other}-{year}", key="evaluasi-banding-unduh")

# --- stated totals -----------------------------------------------------------------------------------------------

claims = recorded(queries.tables("claims")["claims"], filters.known_at)
if len(claims):
    st.subheader(t("Totals that were stated, by source"), anchor=False)
    claims = claims.sort_values(["year", "measure", "region_code"], ascending=[False, True, True], ignore_index=True)
    st.dataframe(
        styled(
            pd.DataFrame(
                {
                    t("Year"): claims["year"].astype(str),
                    t("Measure"): [claim_name(t, measure) for measure in claims["measure"]],
                    t("Region"): claims["region_code"].map(region_text, na_action="ignore").fillna(t("National")),
                    t("Stated"): claims["value"],
                    t("Unit"): claims["unit"],
                    t("Source"): [records.origin(row, t) for row in claims.to_dict("records")],
                }
            ),
            {t("Stated"): t.integer},
        ),
        hide_index=True,
        placeholder=MISSING,
        alt=t("{count} stated totals", count=len(claims)),
    )
    st.caption(t("Planned and carried out are different quantities and never one series."))
    page.downloads(claims, "klaim", key="evaluasi-klaim-unduh")
