"""Show which sites are late, silent or blocked, and one site's history."""

from hashlib import sha256

import pandas as pd
import streamlit as st

from geo.drawing.view import map_view
from geo.locale import MISSING
from geo.model import LATE, Status
from pages.parts import cards, history, page, tables

now = page.screen()
t, state = now.t, now.state
page.heading(t("Site status"), subject=map_view(state, indicator=None).subject(t))

listed = state.needs_attention
every = state.positions
KINDS = {
    "all": (t("All"), pd.Series(True, index=every.index)),
    "attention": (t("Needs attention"), every["code"].isin(listed["code"])),
    "behind": (t("Behind plan"), every["status"].isin([str(status) for status in LATE])),
    "critical": (t("Critical"), every["status"] == str(Status.KRITIS)),
    "silent": (t("Silent"), every["silent"]),
    "blocked": (t("Blocked"), every["blocked"]),
}


with st.container(horizontal=True, vertical_alignment="bottom"):
    names = {kind: f"{name} ({t.integer(int(these.sum()))})" for kind, (name, these) in KINDS.items()}
    wanted = page.choose(t("Show"), names, key="lokasi_jenis", default="all", label_shown=True)
    searched = st.text_input(
        t("Search"),
        key="lokasi_cari",
        persist_state="session",
        type="search",
        placeholder=t("Name or code"),
        width=300,
    )

    look = page.choose(
        t("View"),
        {"table": t("Table"), "cards": t("List")},
        key="lokasi_tampilan",
        default="cards" if "Mobi" in (st.context.headers.get("User-Agent") or "") else "table",
        label_shown=True,
    )

shown = every[KINDS[wanted][1]]
if searched:
    told = (shown["name"] + " " + shown["code"]).str.casefold()
    shown = shown[told.str.contains(searched.casefold().strip(), regex=False)]
# what needs attention first, gravest first; the rest as the store keeps it
order = {code: place for place, code in enumerate(pd.concat([listed["code"], every["code"]]).drop_duplicates())}
shown = shown.sort_values("code", key=lambda codes: codes.map(order)).reset_index(drop=True)


chosen = st.session_state.get("lokasi")
if look == "cards" and chosen:
    st.button(t("Back to the list"), on_click=cards.leave_site, icon=":material/arrow_back:")
    history.site(str(chosen))
    st.stop()

# another selection of rows is another table: a mark must not stay on a row that now holds another site
table_key = f"lokasi_tabel_{sha256(','.join(shown['code']).encode()).hexdigest()[:10]}"
marked = shown.index[shown["code"] == chosen].tolist()


def choose() -> None:
    rows = st.session_state[table_key]["selection"]["rows"]
    if rows and rows[0] < len(shown):
        cards.choose_site(str(shown.loc[rows[0], "code"]))
    else:
        cards.leave_site()


if shown.empty:
    page.empty(t)
elif look == "cards":
    cards.site_list(shown, key="lokasi-kartu")
else:
    st.dataframe(
        tables.site_table(shown, t, state.programmes, page.theme()),
        hide_index=True,
        height=min(430, 38 + 35 * len(shown)),
        key=table_key,
        on_select=choose,
        selection_mode="single-row",
        selection_default={"selection": {"rows": marked}},
        column_config={t("Site"): st.column_config.TextColumn(width=230)},
        placeholder=MISSING,
        alt=t("{count} sites with status, deviation and age of the last report", count=len(shown)),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            t.plural("{n} site. Choose a row for its history.", "{n} sites. Choose a row for its history.", len(shown))
        )
        page.downloads(shown, "lokasi", key="lokasi-unduh")

if chosen:
    history.site(str(chosen))
