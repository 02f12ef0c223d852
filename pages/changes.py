"""Tell what changed since the last meeting, or between two days: the few that matter most, then everything."""

from datetime import UTC, date, datetime

import pandas as pd
import streamlit as st

from geo.access import Deed
from geo.drawing.escape import markdown_text
from geo.drawing.view import map_view
from geo.locale import MISSING
from geo.locale.terms import change_name, refusal_text
from geo.model import RefusedError
from geo.progress.changes import rows as change_rows
from geo.progress.changes import top
from geo.progress.since import Then, then_of
from geo.writing import record_meeting
from pages.parts import change_tables, filters, page, queries, viewing

now = page.screen()
t, chosen = now.t, now.filters
page.heading(t("What changed"), subject=map_view(now.state, indicator=None).subject(t))

known = queries.meetings(chosen)
first, last = queries.span()
MEETINGS = {
    f"{row['as_of']:%Y-%m-%d} {row['held_at']:%Y-%m-%dT%H:%M} {row['name']}": (then_of(row), str(row["name"]))
    for _, row in known.iterrows()
}


def meeting_name(key: str) -> str:
    """A meeting with the day its figures spoke of."""
    then, name = MEETINGS[key]
    return t("{name} (as of {day})", name=name, day=t.date_short(then.on))


HOW = {"meeting": t("Since a meeting"), "day": t("Since a day")}
with st.container(horizontal=True, vertical_alignment="bottom"):
    how = page.choose(t("Compare"), HOW, key="perubahan_cara", default="meeting" if len(known) else "day",
                      label_shown=True)  # fmt: skip
    then: Then | None = None
    if how == "meeting" and len(known):
        if st.session_state.get("perubahan_rapat") not in MEETINGS:
            st.session_state["perubahan_rapat"] = next(iter(MEETINGS))
        place = st.selectbox(
            t("Meeting"), list(MEETINGS), key="perubahan_rapat", persist_state="session", format_func=meeting_name,
            width=460,
        )  # fmt: skip
        then = MEETINGS[str(place)][0]
    elif how == "day" and first < chosen.on:
        before = (pd.Timestamp(chosen.on) - pd.offsets.MonthEnd(1)).date()
        latest = (pd.Timestamp(chosen.on) - pd.Timedelta(days=1)).date()
        kept = st.session_state.get("perubahan_hari")
        if not isinstance(kept, date) or not first <= kept <= latest:
            st.session_state["perubahan_hari"] = min(max(before, first), latest)
        then = Then(
            st.date_input(
                t("Earlier day"), key="perubahan_hari", persist_state="session", min_value=first, max_value=latest,
                format="DD/MM/YYYY", width=180,
            )
        )  # fmt: skip
    if then is not None and then.held_at is not None:
        st.button(
            t("Show the figures of that meeting"),
            icon=":material/history:",
            on_click=filters.show_as_known,
            args=(then.held_at, then.on),
            help=t("Sets day and moment in the sidebar, so that every screen shows what the meeting saw."),
        )

if then is None:
    told = t("No meeting before this day is recorded. Choose a day, or record a meeting below.")
    st.info(told if first < chosen.on else t("There is no earlier day."), icon=":material/event:")
else:
    changes = queries.changes(chosen, then)
    if then.held_at is not None:
        st.caption(
            markdown_text(
                t("Compared with what the meeting of {moment} saw, for the day {day}.",
                  moment=t.moment(then.held_at), day=t.date(then.on))
            )
        )  # fmt: skip
    else:
        st.caption(
            markdown_text(
                t("Compared with {day} as it is known now; corrections of what was first told for it stand apart.",
                  day=t.date(then.on))
            )
        )  # fmt: skip
    if chosen.statuses:
        st.caption(t("The filter by status is left aside here: a site that changed its status would leave it."))
    every = change_rows(changes)
    left, right = st.columns([48, 52], gap="medium")
    with left:
        st.subheader(t("What matters most"), anchor=False)
        change_tables.short_list(top(changes, thresholds=now.state.thresholds), now)
    with right:
        st.subheader(t("Progress by province, like for like"), anchor=False)
        change_tables.gained(changes.gained, t)
    shown = {
        "moved": changes.moved,
        "obstacle_opened": changes.obstacles_opened,
        "obstacle_closed": changes.obstacles_closed,
        "correction": changes.corrections,
        "late_arrival": changes.late_arrivals,
        "newly_silent": changes.newly_silent,
        "speaking_again": changes.speaking_again,
        "appeared": changes.appeared,
        "gone": changes.gone,
    }
    names = {kind: f"{change_name(t, kind)} ({t.integer(len(rows))})" for kind, rows in shown.items()}
    picked = page.choose(t("In full"), names, key="perubahan_jenis", default="moved", label_shown=True)
    rows = shown[picked]
    if rows.empty:
        st.success(t("Nothing of this kind."), icon=":material/check_circle:")
    else:
        st.dataframe(
            change_tables.table(picked, rows, now),
            hide_index=True,
            placeholder=MISSING,
            height=min(460, 38 + 35 * len(rows)),
            alt=t("{count} changes", count=len(rows)),
        )
    page.downloads(every, "perubahan", key="perubahan-unduh", since=then)


# --- recording a meeting -----------------------------------------------------------------------------------------

told = st.session_state.pop("_rapat_dicatat", None)
if told:
    st.success(told, icon=":material/event_available:")
if viewing.allowed(Deed.CONFIGURE):
    with st.expander(t("Record a meeting (administrator)"), icon=":material/event:", key="rapat-catat"):
        st.caption(t("The meeting keeps the day its figures spoke of and what was known at its moment."))
        with st.form("rapat-formulir", border=False):
            name = st.text_input(t("Name of the meeting"), max_chars=120, width=460)
            with st.container(horizontal=True):
                as_of = st.date_input(
                    t("Figures as of"), value=chosen.on, min_value=first, max_value=last,
                    format="DD/MM/YYYY", width=180,
                )  # fmt: skip
                held = st.datetime_input(
                    t("Held at (WIB)"), value=filters.local_now(), min_value=filters.EARLIEST,
                    max_value=filters.local_now(), format="DD/MM/YYYY", step=60, width=220,
                )  # fmt: skip
            office = st.text_input(t("Recorded by (office, not a person)"), max_chars=120, width=460)
            sent = st.form_submit_button(t("Record"), icon=":material/save:", type="primary")
        if sent:
            try:
                record_meeting(
                    viewing.viewer(),
                    queries.store(),
                    name=name,
                    as_of=as_of,
                    held_at=held.replace(tzinfo=filters.ZONE),
                    actor=office.strip() or "administrator",
                    at=datetime.now(UTC),
                )
            except RefusedError as refused:
                for problem in refused.problems:
                    st.error(refusal_text(t, problem), icon=":material/error:")
            else:
                st.session_state["_rapat_dicatat"] = t("The meeting is recorded.")
                st.rerun()
