"""Show changes: the few that matter most as sentences, each kind in full as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from geo import regions
from geo.briefing.words import change, status_or_missing
from geo.drawing.escape import html_text, markdown_text
from geo.drawing.palette import status_look
from geo.locale import MISSING, Translator
from geo.locale.terms import category_name, severity_name, weighting_text
from geo.model import Status
from pages.parts import page
from pages.parts.tables import region_text, status_words, styled


def short_list(listed: pd.DataFrame, now: page.Screen) -> None:
    """One line a change: what, where, from what to what."""
    t = now.t
    if listed.empty:
        st.success(t("Nothing changed."), icon=":material/check_circle:")
        return
    lines = "".join(_line(row, t) for row in listed.to_dict("records"))
    st.html(f'<ol style="margin:0;padding-left:1.4rem;line-height:1.4">{lines}</ol>')


def _line(row: Mapping[Any, Any], t: Translator) -> str:
    said = change(row, t)
    look = status_look(Status.SESUAI_RENCANA if said.good else Status.TERLAMBAT, page.theme())
    place, others = (f" ({text})" if text else "" for text in (said.place, said.others))
    return (
        f'<li style="padding:.15rem 0"><strong style="color:{look.text}">{"▲" if said.good else "▼"} '
        f"{html_text(said.kind)}</strong>: <strong>{html_text(said.name)}</strong>"
        f"{html_text(place)} – {html_text(said.told)}"
        f'<span style="opacity:.75">{html_text(others)}</span></li>'
    )


def gained(rows: pd.DataFrame, t: Translator) -> None:
    """Progress gained or lost by province over the sites that count on both days, with n on both sides."""
    names = [t("All") if not code else regions.region_label(code) for code in rows["province"]]
    table = pd.DataFrame(
        {
            t("Province"): names,
            t("Gained (points)"): rows["gained_points"],
            t("Deviation"): _arrows(rows, "deviation", lambda value: t.points(value, unit=False)),
            t("n (before, now)"): [
                f"{t.integer(row['n'])} ({t.integer(row['n_before'])}, {t.integer(row['n_after'])})"
                for row in rows.to_dict("records")
            ],
            t("Realised"): _arrows(rows, "actual", t.percent),
        }
    )
    st.dataframe(
        styled(table, {t("Gained (points)"): lambda value: t.points(value, unit=False)}),
        hide_index=True,
        placeholder=MISSING,
        alt=t("Progress gained by province over the sites that count on both days"),
    )
    whole = rows[rows["province"] == ""].iloc[0]
    base = weighting_text(t, str(whole["weighting"]), int(whole["n"]), int(max(whole["n_before"], whole["n_after"])))
    st.caption(t("All: {weighting}; only sites that count on both days.", weighting=base))


def _arrows(rows: pd.DataFrame, quantity: str, told: Callable[[float], str]) -> list[str]:
    """Before and after of a quantity as one text: ``-6,0 → -7,7``."""
    pairs = zip(rows[f"{quantity}_before"], rows[f"{quantity}_after"], strict=True)
    return [f"{told(before)} → {told(after)}" for before, after in pairs]


def _pairs(rows: pd.DataFrame, quantity: str, form: Callable[[float], str]) -> list[str]:
    """What was shown and what is known now of a quantity, where they differ."""
    pairs = zip(rows[f"{quantity}_shown"], rows[f"{quantity}_restated"], strict=True)
    return [
        "" if shown == known or (pd.isna(shown) and pd.isna(known)) else f"{form(shown)} → {form(known)}"
        for shown, known in pairs
    ]


def table(kind: str, rows: pd.DataFrame, now: page.Screen) -> Any:
    """Every change of a kind."""
    t, theme = now.t, page.theme()
    programmes = now.state.programmes
    told: dict[str, Any] = {t("Name"): rows["name"]}
    formats: dict[str, Any] = {}

    def points(label: str, values: pd.Series) -> None:
        told[label] = values
        formats[label] = lambda value: t.points(value, unit=False)

    def percent(label: str, values: pd.Series) -> None:
        told[label] = values
        formats[label] = t.percent

    if kind == "moved":
        told[t("Before")] = status_words(t, rows["status_before"], theme=theme)
        told[t("Now")] = status_words(t, rows["status_after"], theme=theme)
        told[t("Direction")] = [
            t("neither") if pd.isna(value) else t("better") if value else t("worse") for value in rows["better"]
        ]
        points(t("Deviation before"), rows["deviation_before"])
        points(t("Deviation now"), rows["deviation_after"])
        told[t("By correction")] = [t("yes") if value else "" for value in rows["by_correction"]]
    elif kind in ("obstacle_opened", "obstacle_closed"):
        told[t("Severity")] = [severity_name(t, value) if pd.notna(value) else MISSING for value in rows["severity"]]
        told[t("Category")] = [category_name(t, value) if isinstance(value, str) else "" for value in rows["category"]]
        told[t("Opened")] = rows["opened"]
        told[t("Closed")] = rows["closed"]
        formats |= {t("Opened"): t.date_short, t("Closed"): t.date_short}
        told[t("Recorded late")] = [t("yes") if value else "" for value in rows["recorded_late"]]
        told[t("Note")] = rows["note"]
        told[t("Follow-up")] = rows["follow_up"]
    elif kind in ("correction", "late_arrival"):
        percent(t("Shown then"), rows["shown_percent"])
        percent(t("As known now"), rows["restated_percent"])
        points(t("Difference"), rows["difference_points"])
        told[t("Plan")] = _pairs(rows, "plan", t.percent)
        told[t("Spend")] = _pairs(rows, "spend", t.rupiah_short)
        told[t("Status shown")] = [status_or_missing(t, value) for value in rows["status_shown"]]
        told[t("Status now")] = [status_or_missing(t, value) for value in rows["status_restated"]]
    elif kind in ("newly_silent", "speaking_again"):
        told[t("Report age before (days)")] = rows["age_before"].astype("Float64")
        told[t("Report age now (days)")] = rows["age_after"].astype("Float64")
        told[t("Last report")] = rows["as_of_after"]
        formats |= {t("Last report"): t.date_short}
        formats |= dict.fromkeys((t("Report age before (days)"), t("Report age now (days)")), t.integer)
    else:
        told[t("Status")] = status_words(t, rows["status"], theme=theme)
        percent(t("Realised"), rows["actual_percent"])
    told[t("Programme")] = [
        programmes[code].short.in_language(t.language) if code in programmes else code for code in rows["programme"]
    ]
    told[t("Place")] = rows["region_code"].map(region_text)
    code = rows["code"]
    if "site_code" in rows:
        code = rows["site_code"].where(rows["site_code"].notna(), rows["action_code"])
    told[t("Code")] = code
    return styled(pd.DataFrame(told), formats)


def since_last_meeting(now: page.Screen, listed: pd.DataFrame, name: str, day: str) -> None:
    """The short list of Ringkasan with the way to everything."""
    t = now.t
    st.subheader(t("Changed since the last meeting"), anchor=False)
    st.caption(markdown_text(f"{name} · {t('as of {day}', day=day)}"))
    short_list(listed, now)
    st.page_link("changes.py", label=t("All changes"), icon=":material/arrow_forward:")
