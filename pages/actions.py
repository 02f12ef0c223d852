"""Show the year's action plan: institution by province, what is behind, what was restated, what does not fit."""

from hashlib import sha256

import pandas as pd
import streamlit as st

from geo import regions
from geo.briefing.matrix import province_heading, row_names, short_institution
from geo.briefing.words import plan_headline
from geo.drawing.escape import html_text, markdown_text
from geo.drawing.view import map_view
from geo.locale import MISSING
from geo.locale.terms import action_judgement_text, checkpoint_name
from geo.model import CHECKPOINTS
from geo.progress.actions import due_checkpoint
from geo.progress.matrix import TOTAL, UNPLACED, worst_first
from pages.parts import cards, page, plan_tables, plan_views, queries

now = page.screen()
t, filters = now.t, now.filters
limits = now.state.thresholds

years = sorted({*queries.plan_years(), filters.on.year}, reverse=True)
page.forget_when_moved("renaksi", (filters.on.year, due_checkpoint(filters.on.year, filters.on)),
                       ("renaksi_tahun", "renaksi_titik"))  # fmt: skip
year = int(st.session_state.get("renaksi_tahun") or filters.on.year)
due = queries.current_plan(filters, year=year).due
come = list(CHECKPOINTS[: CHECKPOINTS.index(due) + 1]) if due else []
asked = st.session_state.get("renaksi_titik")
plan = queries.current_plan(filters, year=year, checkpoint=asked if asked in come else None)

subject = map_view(now.state, indicator=None).subject(t)
if plan.checkpoint_day is not None:
    judged = t("judged at {checkpoint}, {day}", checkpoint=checkpoint_name(plan.checkpoint),
               day=t.date(plan.checkpoint_day))  # fmt: skip
    subject = f"{subject} · {judged}"
page.heading(t("Action plan {year}", year=year), subject=subject)

VIEWS = {
    "matrix": t("Matrix"),
    "non_physical": t("Non-physical"),
    "reconciliation": t("Reconciliation"),
    "checkpoints": t("Checkpoints"),
}
with st.container(horizontal=True, vertical_alignment="center"):
    view = page.choose(t("View"), VIEWS, key="renaksi_tampilan", default="matrix")
    if come:
        page.choose(t("Judged at the checkpoint"), {name: checkpoint_name(name) for name in come}, key="renaksi_titik",
                    default=plan.checkpoint or come[-1])  # fmt: skip
    if len(years) > 1:
        st.selectbox(
            t("Year"),
            years,
            index=years.index(year),
            key="renaksi_tahun",
            persist_state="session",
            format_func=str,
            label_visibility="collapsed",
            width=100,
        )

if plan.positions.empty:
    st.info(t("No action of {year} passes these filters.", year=year), icon=":material/filter_alt:")
    st.stop()

st.html(cards.figures(plan_headline(plan, t), least_px=140))
plan_views.restatement_notes(plan)

if view == "non_physical":
    plan_views.non_physical(plan, now.state)
    st.stop()
if view == "reconciliation":
    plan_views.reconciliation(plan, now.state)
    st.stop()
if view == "checkpoints":
    plan_views.checkpoints(plan)
    st.stop()

# --- the matrix --------------------------------------------------------------------------------------------------

ROW_NAMES = {"institution_code": t("Institutions"), "field": t("Fields"), "programme": t("Programmes")}
KINDS = {"all": t("All"), "physical": t("Physical"), "non_physical": t("Non-physical")}
SORTS = {"worst": t("Worst first"), "silent": t("Most unreported first"), "name": t("By code")}
with st.container(horizontal=True, vertical_alignment="center"):
    rows = page.choose(t("Rows"), ROW_NAMES, key="renaksi_baris", default="institution_code")
    kind = page.choose(t("Kind"), KINDS, key="renaksi_jenis", default="all")
    sort = st.selectbox(
        t("Order"),
        list(SORTS),
        key="renaksi_urutan",
        persist_state="session",
        format_func=SORTS.__getitem__,
        label_visibility="collapsed",
        width=230,
    )

cells = plan.matrix(rows=rows, kind=None if kind == "all" else kind)
keys = list(dict.fromkeys(cells["row"]))
if sort == "worst":
    ordered = worst_first(cells)
elif sort == "silent":
    sums = cells[cells["province"] == TOTAL].set_index("row")["not_reported"]
    ordered = sorted((key for key in keys if key != TOTAL), key=lambda key: -int(sums[key]))
else:
    ordered = [key for key in keys if key != TOTAL]
order = [TOTAL, *ordered]
name_of = row_names(rows, t, plan.institutions, now.state.programmes)
names = {key: name_of(key) for key in order}
headings = {code: province_heading(code, t) for code in dict.fromkeys(cells["province"])}
first = ROW_NAMES[rows]
codes = list(headings)
# another order of rows is another table: a mark must not stay on a row that now holds another institution
asked_rows = " ".join([*order, kind, str(year), str(plan.checkpoint)])
table_key = f"renaksi_sel_{sha256(asked_rows.encode()).hexdigest()[:10]}"


def province_name(code: str) -> str:
    """A column of the matrix by its full name."""
    if code == TOTAL:
        return t("All provinces")
    return headings[code] if code == UNPLACED else regions.region_label(code)


def choose_cell() -> None:
    """Show the actions of the cell that was clicked; a click beside the cells shows those of the row."""
    chosen = st.session_state[table_key]["selection"]["cells"]
    if not chosen:
        return
    place, heading = chosen[0]
    column = next((code for code in codes if headings[code] == heading), TOTAL)
    if place < len(order):
        st.session_state["renaksi_pilihan_baris"] = order[place]
        st.session_state["renaksi_pilihan_provinsi"] = column


brief = {key: short_institution(name) for key, name in names.items()}
look = plan_tables.matrix_table(cells, order, brief, headings, t, limits, page.theme(), first=first)
st.container(key=f"renaksi_matriks_{rows}").dataframe(
    look,
    hide_index=True,
    row_height=30,
    height=min(38 + 30 * len(order), 640),
    key=table_key,
    on_select=choose_cell,
    selection_mode="single-cell",
    column_config={
        first: st.column_config.TextColumn(width=215),
        **{heading: st.column_config.TextColumn(width=92) for heading in headings.values()},
        headings[TOTAL]: st.column_config.TextColumn(width=118),
    },
    alt=t(
        "{count} rows by province: share achieved of the target of {checkpoint}, and how many have reported",
        count=len(order),
        checkpoint=checkpoint_name(plan.checkpoint),
    ),
)
st.caption(
    t("A cell says: mean share of the checkpoint's target · reported/actions. ! below {late}, ↓ below {watch}, "
      "• below 100%, ■ met, ? nothing reported. Choose a cell for its actions.",
      late=f"{t.limit(limits.action_late_from)}%", watch=f"{t.limit(limits.action_watch_from)}%")
)  # fmt: skip
page.downloads(cells, f"matriks-{rows}", key="renaksi-matriks-unduh")

# --- the actions of a cell ---------------------------------------------------------------------------------------

for name, allowed, fallback in (
    ("renaksi_pilihan_baris", order, order[1] if len(order) > 1 else TOTAL),
    ("renaksi_pilihan_provinsi", codes, TOTAL),
):
    if st.session_state.get(name) not in allowed:
        st.session_state[name] = fallback
st.subheader(t("Actions of a cell"), anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    chosen_row = st.selectbox(first, order, key="renaksi_pilihan_baris", format_func=names.__getitem__, width=420)
    chosen_province = st.selectbox(
        t("Province"), codes, key="renaksi_pilihan_provinsi", format_func=province_name, width=240
    )
shown = plan.positions if kind == "all" else plan.positions[plan.positions["kind"] == kind]
if chosen_row != TOTAL:
    keyed = shown[rows].astype("object")
    shown = shown[keyed.where(keyed.notna(), "-") == chosen_row]
if chosen_province != TOTAL:
    keyed = shown["province"].astype("object")
    shown = shown[keyed.where(keyed.notna(), "-") == chosen_province]
shown = plan_tables.worst_actions_first(shown)
if shown.empty:
    st.info(t("No action here."), icon=":material/inbox:")
    st.stop()
list_key = f"renaksi_daftar_{chosen_row}_{chosen_province}_{kind}_{year}"
picked = st.dataframe(
    plan_tables.action_table(
        shown, t, plan.institutions, page.theme(), institution=rows != "institution_code" or chosen_row == TOTAL
    ),
    hide_index=True,
    height=min(360, 38 + 35 * len(shown)),
    key=list_key,
    on_select="rerun",
    selection_mode="single-row",
    column_config={t("Action"): st.column_config.TextColumn(width=330)},
    placeholder=MISSING,
    alt=t("{count} actions with target, achievement and status", count=len(shown)),
)
marked = picked["selection"]["rows"]
with st.container(horizontal=True, vertical_alignment="center"):
    st.caption(t.plural("{n} action. Choose a row for its reports.", "{n} actions. Choose a row for its reports.",
                        len(shown)))  # fmt: skip
    page.downloads(shown, "renaksi", key="renaksi-unduh")
if marked and marked[0] < len(shown):
    action = shown.iloc[marked[0]]
    with st.container(border=True):
        st.html(
            f'<div role="heading" aria-level="4" style="font-size:1.1rem;font-weight:650">'
            f"{html_text(action['title'])}</div>"
            f'<div style="padding:.2rem 0 .4rem">{html_text(action_judgement_text(t, action.to_dict()))}</div>'
        )
        plan_views.action_detail(plan, action)
        if pd.notna(action["site_code"]):
            st.page_link(
                "sites.py",
                label=t("The site behind it: {code}", code=markdown_text(action["site_code"])),
                icon=":material/location_on:",
                query_params=page.query(lokasi=str(action["site_code"])),
            )
