"""Compose a picture of the map: what it shows, on which sheet, in whose words; the preview with its number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from geo.drawing.escape import markdown_text
from geo.drawing.print_map import SIZES
from geo.drawing.request import Request
from geo.drawing.snapshot import FORMS
from geo.drawing.view import INDICATORS, MapView, map_view
from geo.drawing.web_map import alternative
from geo.export import file_name
from geo.locale import Translator, translator
from geo.locale.terms import indicator_name
from geo.model import FOCUS_PROVINCES, BBox, Filters, Language
from pages.parts import composer_view, files, filters, jobs, page, queries, viewing


@dataclass(frozen=True)
class Wording:
    """What a viewer says about a file's words: ``title`` where it is not the usual one."""

    title: str | None
    classification: str
    language: Language


# --- choices that several exports share --------------------------------------------------------------------------


def indicator(t: Translator, *, key: str, usual: str = INDICATORS[0]) -> str | None:
    """By what regions are coloured, at first by the ``usual`` one; ``None``: by nothing."""
    chosen = st.selectbox(
        t("Colour regions by"),
        [*INDICATORS, filters.PLAIN],
        index=INDICATORS.index(usual),
        key=key,
        persist_state="session",
        format_func=lambda code: t("nothing") if code == filters.PLAIN else indicator_name(t, code),
    )
    return None if chosen == filters.PLAIN else chosen


def wording(t: Translator, *, key: str, usual_title: str) -> Wording:
    """Title, classification and language."""
    title = st.text_input(
        t("Title"), key=f"{key}_judul", persist_state="session", placeholder=usual_title, max_chars=140
    )
    classification = "BIASA"
    if not queries.sight().is_public:  # what is made for the public is not confidential
        classification = page.choose(
            t("Classification"),
            {"BIASA": "BIASA", "TERBATAS": "TERBATAS"},
            key=f"{key}_klasifikasi",
            default="BIASA",
            label_shown=True,
        )
    language = page.choose(
        t("Language of the file"),
        {"id": "Indonesia", "en": "English"},
        key=f"{key}_bahasa_{t.language}",  # it begins as the screen's and follows it
        default=t.language,
        label_shown=True,
    )
    return Wording(title.strip() or None, classification, "en" if language == "en" else "id")


# --- the picture -------------------------------------------------------------------------------------------------


def size_names(t: Translator) -> dict[str, str]:
    """The sizes in words."""
    return {
        "layar": t("Screen 1920 × 1080"),
        "4k": t("Screen 3840 × 2160 (4K)"),
        "a4_landscape": t("A4 landscape"),
        "a4_portrait": t("A4 portrait"),
        "a3_landscape": t("A3 landscape"),
        "a3_portrait": t("A3 portrait"),
        "persegi": t("Square, for messages"),
    }


def _purposes(t: Translator) -> dict[str, str]:
    """What each size is for."""
    return {
        "layar": t("For projectors and slides; readable from four metres"),
        "4k": t("For large displays"),
        "a4_landscape": t("For reports, 300 dots per inch"),
        "a4_portrait": t("For letters and annexes, 300 dots per inch"),
        "a3_landscape": t("For the meeting table, 300 dots per inch"),
        "a3_portrait": t("For notice boards, 300 dots per inch"),
        "persegi": t("For phones, 2048 × 2048"),
    }


def map_picture() -> None:
    """Choices on the left, the picture as it will be on the right."""
    now = page.screen()
    t = now.t
    taken = composer_view.taken()
    choices, shown = st.columns([1, 2], gap="medium")
    with choices:
        form = page.choose(
            t("Format"), {code: code.upper() for code in FORMS}, key="ekspor_bentuk", default="png", label_shown=True
        )
        size = "layar"
        if form != "html":
            names = size_names(t)
            size = st.selectbox(
                t("Size"), list(SIZES), key="ekspor_ukuran", persist_state="session", format_func=names.__getitem__
            )
            st.caption(_purposes(t)[size])
        each = _each(t, now.filters)
        extent = None if each else _extent(t, taken)
        chosen = indicator(t, key="indikator")
        view = map_view(now.state, indicator=chosen)
        with st.expander(t("Title, classification, appearance"), icon=":material/tune:"):
            words = wording(t, key="ekspor", usual_title=view.title(t))
            graticule = form == "html" or st.toggle(
                t("Lines of longitude and latitude"), value=True, key="ekspor_grid", persist_state="session"
            )
            colours = "rgb"
            if form == "pdf":
                colours = page.choose(
                    t("Colours"),
                    {"rgb": t("Screen (RGB)"), "cmyk": t("Press (CMYK)")},
                    key="ekspor_warna",
                    default="rgb",
                    label_shown=True,
                )
    asked = files.request(
        "map",
        form,
        now.filters,
        language=words.language,
        size=size,
        indicator=chosen,
        extent=extent,
        title=words.title,
        classification=words.classification,
        graticule=graticule,
        colours=colours,
    )
    with shown:
        if each:
            _show_series(t, asked, each)
        else:
            _show_one(t, asked, view)


def _each(t: Translator, chosen: Filters) -> tuple[str, ...]:
    """The provinces that get a picture of their own; none where one picture shows all."""
    codes = chosen.provinces or FOCUS_PROVINCES
    if len(codes) < 2 or chosen.regencies:
        return ()
    wanted = page.choose(
        t("Pictures"),
        {"satu": t("One of all"), "tiap": t("One for each province (ZIP)")},
        key="ekspor_jumlah",
        default="satu",
        label_shown=True,
    )
    return codes if wanted == "tiap" else ()


def _extent(t: Translator, taken: BBox | None) -> BBox | None:
    """The part that is shown; ``None``: the whole of the regions."""
    if taken is None:
        return None
    st.session_state.setdefault(composer_view.EXTENT, "wilayah")  # no default: the button on the map sets it, too
    names = {"wilayah": t("Whole region"), "peta": t("As on the map")}
    wanted = st.segmented_control(
        t("Extent"),
        list(names),
        key=composer_view.EXTENT,
        persist_state="session",
        required=True,
        format_func=names.__getitem__,
        wrap=True,
    )
    return taken if wanted == "peta" else None


def _show_one(t: Translator, asked: Request, view: MapView) -> None:
    name = file_name(
        page.screen().filters, "peta", asked.form, sample=page.screen().sample, public=queries.sight().is_public
    )
    _preview(asked, view)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="ekspor-hasil"):
        st.download_button(
            t("Download {form}", form=asked.form.upper()),
            data=partial(files.picture, asked, name, viewing.hand()),
            file_name=page.nonce(name),
            mime=FORMS[asked.form],
            key=f"ekspor-gambar-{asked.form}",
            icon=":material/download:",
            on_click="ignore",
            type="primary",
        )
        with st.container(key="ekspor-nomor", width="content"):
            st.markdown(t("Picture number {number}", number=f"**{asked.number}**"), width="content")
    st.caption(_checked(t, asked))


def _checked(t: Translator, asked: Request) -> str:
    """How a reader of the picture checks it, and what the preview does not show."""
    told = t(
        "The file bears this number and a QR code to the same view. Looked up below, the number tells exactly what was "
        "exported; it is recorded when the file is downloaded."
    )
    if asked.form == "html":
        told += " " + t("In the HTML file the map can be moved and enlarged.")
    if asked.colours == "cmyk":
        told += " " + t("The preview shows screen colours; the file has those of a press.")
    return told


def _preview(asked: Request, view: MapView) -> None:
    words = translator(asked.language)
    with st.skeleton(height=360):
        drawn = files.preview(asked)
    st.image(drawn, width="stretch", alt=f"{asked.title or view.title(words)}. {alternative(view, words)}")


def _show_series(t: Translator, asked: Request, codes: tuple[str, ...]) -> None:
    now = page.screen()
    first = now.filters.but(provinces=codes[:1])
    one = files.request(
        "map",
        asked.form,
        first,
        **{
            name: getattr(asked, name)
            for name in ("language", "size", "indicator", "title", "classification", "graticule", "colours")
        },
    )
    view = map_view(queries.current_state(first), indicator=asked.indicator)
    _preview(one, view)
    name = file_name(now.filters, "peta", "zip", sample=now.sample, public=queries.sight().is_public)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="ekspor-hasil"):
        st.button(
            t("Make {count} pictures (ZIP)", count=t.integer(len(codes))),
            key="ekspor-buat-zip",
            icon=":material/folder_zip:",
            type="primary",
            disabled=jobs.is_making(asked),
            on_click=jobs.start,
            args=("series", asked),
            kwargs={
                "name": name,
                "title": t("Map pictures by province"),
                "subject": f"{map_view(now.state, indicator=None).subject(t)} · {t.date(now.filters.on)}",
            },
        )
    told = t(
        "The preview is the first of {count}: {place}. Each picture has its own number.",
        count=t.integer(len(codes)),
        place=view.subject(t).split(" · ")[0],
    )
    st.caption(markdown_text(told))
    jobs.show()
