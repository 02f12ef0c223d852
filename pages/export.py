"""Take a picture or the data away: region, programme, date and size chosen, previewed, downloaded."""

from functools import partial

import streamlit as st

from geo.drawing.print_map import SIZES
from geo.drawing.snapshot import FORMS
from geo.drawing.view import INDICATORS, map_view
from geo.drawing.web_map import alternative
from geo.export import FORMATS, LOCATED, MAP_FORMATS, WHATS, file_name
from geo.locale import MISSING
from geo.locale.terms import indicator_name
from geo.store import dictionary
from pages.parts import files, page, queries

now = page.screen()
t, state = now.t, now.state
page.heading(t("Export"), subject=map_view(state, indicator=None).subject(t))

SIZE_NAMES = {
    "layar": t("Screen 1920 × 1080"),
    "4k": t("Screen 3840 × 2160 (4K)"),
    "a4_landscape": t("A4 landscape"),
    "a4_portrait": t("A4 portrait"),
    "a3_landscape": t("A3 landscape"),
    "a3_portrait": t("A3 portrait"),
    "persegi": t("Square, for messages"),
}

choices, preview = st.columns([3, 7], gap="medium")
with choices:
    st.caption(t("Region, programme, status and day are those of the sidebar."))
    indicator = st.selectbox(
        t("Colour regions by"),
        ["", *INDICATORS],
        index=1,
        key="ekspor_indikator",
        persist_state="session",
        format_func=lambda code: indicator_name(t, code) if code else t("nothing"),
    )
    size = st.selectbox(
        t("Size"), list(SIZES), key="ekspor_ukuran", persist_state="session", format_func=SIZE_NAMES.__getitem__
    )
    view = map_view(state, indicator=indicator or None)
    title = st.text_input(
        t("Title"), key="ekspor_judul", persist_state="session", placeholder=view.title(t), max_chars=140
    )
    classification = page.choose(
        t("Classification"),
        {"BIASA": "BIASA", "TERBATAS": "TERBATAS"},
        key="ekspor_klasifikasi",
        default="BIASA",
        label_shown=True,
    )
    asked = files.Picture(
        filters=now.filters,
        indicator=indicator or None,
        size=size,
        title=title.strip() or None,
        classification="TERBATAS" if classification == "TERBATAS" else "BIASA",
        language=t.language,
    )
    st.markdown(f"**{t('Map picture')}**")
    with st.container(horizontal=True, gap="small"):
        for form, mime in FORMS.items():
            st.download_button(
                form.upper(),
                data=partial(files.picture, asked, form),
                file_name=page.nonce(asked.file_name(form, sample=now.sample)),
                mime=mime,
                key=f"ekspor-gambar-{form}",
                icon=":material/image:",
                on_click="ignore",
            )
    st.markdown(f"**{t('Data')}**")
    offered = [what for what in WHATS if what != "changes" or len(queries.meetings(now.filters))]
    what = st.selectbox(
        t("Table"),
        offered,
        index=offered.index("position"),
        key="ekspor_tabel",
        persist_state="session",
        format_func={
            "sites": t("Sites"),
            "reports": t("Reports"),
            "actions": t("Actions"),
            "position": t("Position of each site"),
            "regions": t("Figures by region"),
            "changes": t("Changes since the last meeting"),
            "matrix": t("Matrix of the action plan"),
            "evaluation": t("Annual evaluation"),
            "awaited": t("Awaited reports"),
            "restatements": t("Restated figures"),
            "reconciliation": t("Reconciliation"),
            "plans": t("Plans of the sites"),
            "action_reports": t("Reports on actions"),
            "beneficiaries": t("Beneficiaries"),
            "obstacles": t("Obstacles"),
            "institutions": t("Institutions"),
        }.__getitem__,
    )
    with st.container(horizontal=True, gap="small"):
        for form, mime in FORMATS.items():
            if form in MAP_FORMATS and what not in LOCATED:
                continue
            st.download_button(
                form.upper(),
                data=partial(files.table, now.filters, what, form, t),
                file_name=page.nonce(file_name(now.filters, what, form, sample=now.sample)),
                mime=mime,
                key=f"ekspor-data-{form}",
                icon=":material/table:",
                on_click="ignore",
            )
with preview:
    with st.skeleton(height=420):
        shown = files.preview(asked)
    st.image(shown, width="stretch", alt=f"{view.title(t)}. {alternative(view, t)}")
    st.caption(t("Preview at reduced size; the file has the full size and the same figures."))

with st.expander(t("Data dictionary"), icon=":material/menu_book:"):
    words = dictionary(t.language)
    st.dataframe(words, hide_index=True, placeholder=MISSING, alt=t("Every table and column with unit and meaning"))
    page.downloads(words, "kamus-data", key="kamus-unduh")
