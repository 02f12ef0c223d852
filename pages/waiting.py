"""Say who owes which report since when, and when each institution was last heard."""

import pandas as pd
import streamlit as st

from geo.drawing.view import map_view
from geo.locale import MISSING
from geo.locale.terms import checkpoint_name
from geo.progress.waiting import MONTHLY
from pages.parts import cards, page, queries
from pages.parts.tables import region_text, styled

now = page.screen()
t = now.t
page.heading(t("Awaited reports"), subject=map_view(now.state, indicator=None).subject(t))
waiting = queries.waiting(now.filters)
owed, institutions = waiting.reports, waiting.institutions
limits = now.state.thresholds

slowest = owed["institution"].iloc[0] if len(owed) else None
sites, actions = owed[owed["kind"] == "site"], owed[owed["kind"] == "action"]
working = now.state.national["sites"] - now.state.national["tidak_aktif"]
st.html(
    cards.grid(
        [
            cards.figure(t("Reports owed"), t.integer(len(owed)),
                         t("{sites} of sites, {actions} of actions",
                           sites=t.integer(len(sites)), actions=t.integer(len(actions))),
                         note=t("by {count} institutions", count=t.integer(owed["institution_code"].nunique()))),
            cards.figure(t("Longest owed"), t.age(owed["days"].max()) if owed["days"].notna().any() else MISSING,
                         slowest if isinstance(slowest, str) else "",
                         note=t("since {day}", day=t.date(owed["since"].min())) if len(owed) else ""),
            cards.figure(t("Sites reporting"), t.integer(now.state.national["fresh"]),
                         t("of {sites} active sites have reported lately", sites=t.integer(working)),
                         note=t("within {days} days", days=limits.silent_after_days)),
            cards.figure(t("Never reported"),
                         t.integer(int(now.state.national["never_reported"])),
                         t("sites whose plan has begun"), note=t("not reported is not zero")),
        ],
        least_px=150,
    )
)  # fmt: skip

VIEWS = {"reports": t("Reports owed"), "institutions": t("Last word of each institution")}
view = page.choose(t("View"), VIEWS, key="ditunggu_tampilan", default="reports")
if view == "reports":
    if owed.empty:
        st.success(t("No report is owed."), icon=":material/check_circle:")
        st.stop()
    table = pd.DataFrame(
        {
            t("Owed by"): owed["name"],
            t("Days"): owed["days"].astype("Float64"),
            t("Report"): [
                t("monthly, {month}", month=t.month(day)) if what == MONTHLY else checkpoint_name(what)
                for what, day in zip(owed["owed"], owed["speaks_of"], strict=True)
            ],
            t("Owed since"): owed["since"],
            t("Institution"): owed["institution"].fillna(owed["institution_code"]),
            t("Last report"): owed["last_report"],
            t("Province"): owed["province"].map(region_text),
            t("Kind"): [t("site") if kind == "site" else t("action") for kind in owed["kind"]],
            t("Code"): owed["code"],
        }
    )
    st.dataframe(
        styled(table, {t("Owed since"): t.date_short, t("Days"): t.integer, t("Last report"): t.date_short}),
        hide_index=True,
        placeholder=MISSING,
        height=min(640, 38 + 35 * len(table)),
        column_config={
            t("Institution"): st.column_config.TextColumn(width=250),
            t("Owed by"): st.column_config.TextColumn(width=235),
        },
        alt=t("{count} reports that are owed, the longest first", count=len(table)),
    )
    st.caption(
        t("A site owes its monthly report {days} days after the last one; an action owes the report of a checkpoint "
          "{grace} days after it.", days=limits.silent_after_days, grace=limits.action_grace_days)
    )  # fmt: skip
    page.downloads(owed, "ditunggu", key="ditunggu-unduh")
else:
    table = pd.DataFrame(
        {
            t("Institution"): institutions["institution"].fillna(institutions["institution_code"]),
            t("Last report"): institutions["last_report"],
            t("Report age (days)"): institutions["age_days"].astype("Float64"),
            t("Reports owed"): institutions["owed"],
            t("Owed since"): institutions["oldest_since"],
            t("Sites reporting"): [
                f"{t.integer(n)}/{t.integer(of)}" if of else MISSING
                for n, of in zip(institutions["sites_reported"], institutions["sites"], strict=True)
            ],
            t("Actions reporting"): [
                f"{t.integer(n)}/{t.integer(of)}" if of else MISSING
                for n, of in zip(institutions["actions_reported"], institutions["actions"], strict=True)
            ],
            t("Code"): institutions["institution_code"],
        }
    )
    st.dataframe(
        styled(
            table,
            {t("Last report"): t.date_short, t("Report age (days)"): t.integer, t("Owed since"): t.date_short},
        ),
        hide_index=True,
        placeholder=MISSING,
        height=min(700, 38 + 35 * len(table)),
        column_config={t("Institution"): st.column_config.TextColumn(width=320)},
        alt=t("{count} institutions with the age of their last report", count=len(table)),
    )
    page.downloads(institutions, "instansi", key="instansi-unduh")
