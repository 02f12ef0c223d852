"""Draw the cards that several screens share: headline figures, one site, what needs attention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from geo import regions
from geo.briefing import words
from geo.briefing.parts import Figure
from geo.drawing.escape import html_text, markdown_text
from geo.drawing.palette import status_look
from geo.locale import Translator
from geo.locale.terms import (
    category_name,
    data_status_name,
    judgement_text,
    precision_name,
    reason_name,
    rule_text,
    severity_name,
    stage_name,
)
from geo.model import Status
from pages.parts import page, people, records

LIST_PAGE: Final = 25
"""Sites on one page of a list."""

CELL: Final = (
    "padding:.6rem .8rem;border-radius:6px;border:1px solid color-mix(in srgb,currentColor 18%,transparent);min-width:0"
)


def grid(cells: list[str], *, least_px: int) -> str:
    """Cells side by side, as many in a row as fit at ``least_px`` each, all of one height."""
    return (
        '<div style="display:grid;gap:.6rem;'
        f'grid-template-columns:repeat(auto-fit,minmax(min({least_px}px,100%),1fr))">{"".join(cells)}</div>'
    )


def figure(label: str, value: str, said: str, *, note: str = "", colour: str = "inherit") -> str:
    """One headline figure as HTML: what it is, the figure, what it means; ``note`` is its rule or base."""
    small = f'<div style="font-size:.8rem;opacity:.75">{html_text(note)}</div>' if note else ""
    return (
        f'<div style="{CELL}"><div style="font-size:.95rem">{html_text(label)}</div>'
        f'<div style="font-size:clamp(1.6rem,2.2vw,2.5rem);font-weight:650;line-height:1.25">{html_text(value)}</div>'
        f'<div style="font-size:.9rem;color:{colour};font-weight:{600 if colour != "inherit" else 400}">'
        f"{html_text(said)}</div>{small}</div>"
    )


def headline(rollup: pd.Series, *, t: Translator) -> None:
    """The figures of a state on cards: progress against plan, late, silent, blocked, spend; each with its base."""
    told = words.headline(rollup, t, silent_after_days=page.screen().state.thresholds.silent_after_days)
    st.html(figures(told, least_px=146))


def figures(told: Sequence[Figure], *, least_px: int) -> str:
    """Headline figures as cards."""
    tones = {True: Status.SESUAI_RENCANA, False: Status.TERLAMBAT}
    return grid(
        [
            figure(
                one.label,
                one.value,
                one.said,
                note=one.note,
                colour="inherit" if one.good is None else status_look(tones[one.good], page.theme()).text,
            )
            for one in told
        ],
        least_px=least_px,
    )


def programme_counts(rollup: pd.DataFrame, programmes: Mapping[str, Any], *, t: Translator) -> None:
    """Sites per programme with the programme's shape: how many, how many done, how many late."""
    cells = []
    for row in rollup.to_dict("records"):
        programme = programmes[row["programme"]]
        symbol = page.symbol(programme.symbol, Status.BELUM_MULAI, size_px=34, fill=programme.colour)
        said = t("{done} done, {late} behind plan", done=t.integer(row["selesai"]), late=t.integer(row["late"]))
        cells.append(
            f'<div style="{CELL};display:flex;align-items:center;gap:.7rem">{symbol}<div style="min-width:0">'
            f'<div style="font-size:.95rem">{html_text(programme.name.in_language(t.language))}</div>'
            f'<div><span style="font-size:1.5rem;font-weight:650">{html_text(t.integer(row["sites"]))}</span>'
            f' <span style="font-size:.9rem;opacity:.85">{html_text(said)}</span></div></div></div>'
        )
    st.html(grid(cells, least_px=185))


def attention_list(listed: pd.DataFrame, *, limit: int) -> None:
    """The sites that need attention now, gravest first, each leading to its status."""
    t = page.screen().t
    st.subheader(t("Needs attention now"), anchor=False)
    if listed.empty:
        st.success(t("No site is critical, late, silent or blocked."), icon=":material/check_circle:")
        return
    st.html(_ATTENTION_STYLE)
    for row in listed.head(limit).to_dict("records"):
        _attention_row(row, t)
    rest = len(listed) - limit
    if rest > 0:
        st.caption(t.plural("and {n} more site", "and {n} more sites", rest))
    st.page_link("sites.py", label=t("All in Site status"), icon=":material/arrow_forward:")


_ATTENTION_STYLE = (
    "<style>.perhatian{display:flex;gap:.6rem;align-items:center}.perhatian div{line-height:1.35;min-width:0;"
    "overflow-wrap:anywhere}.perhatian p{margin:0;font-size:.88rem;opacity:.85}</style>"
)
"""Once for all rows: what does not change travels once."""


def _attention_row(row: Mapping[Any, Any], t: Translator) -> None:
    """One line of the list: symbol, name, where, why, since when, and the way to the site."""
    programme = page.screen().state.programmes[row["programme"]]
    symbol = page.symbol(programme.symbol, row["status"], size_px=26)
    since = t("since {day}", day=t.date_short(row["since"])) if pd.notna(row["since"]) else t("never reported")
    lag = f"{t.points(row['deviation_points'])} · " if pd.notna(row["deviation_points"]) else ""
    if row["reason"] in ("critical", "late"):
        lag = f"{lag}{rule_text(t, row['rule'], row['limit_points'])} · "
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        st.html(
            f'<div class="perhatian">{symbol}<div><strong>{html_text(row["name"])}</strong>'
            f"<p><strong>{html_text(reason_name(t, row['reason']))}</strong> · {html_text(lag)}{html_text(since)} · "
            f"{html_text(_place(row))}</p></div></div>"
        )
        st.button(
            t("Open"),
            key=f"perhatian-{row['code']}",
            on_click=open_site,
            args=(str(row["code"]),),
            type="tertiary",
            help=markdown_text(row["name"]),
        )


def site_list(positions: pd.DataFrame, *, key: str) -> None:
    """Sites as a list that reads well on a phone, a page at a time; the name leads to the site's history."""
    t = page.screen().t
    pages = max(1, -(-len(positions) // LIST_PAGE))
    shown = st.session_state.get(key, 1) or 1
    begin = (min(shown, pages) - 1) * LIST_PAGE
    for row in positions.iloc[begin : begin + LIST_PAGE].to_dict("records"):
        _list_row(row, t)
    if pages > 1:
        st.pagination(pages, key=key)


def _list_row(row: Mapping[Any, Any], t: Translator) -> None:
    """One site: symbol, name, status with lag, since when late, age of the last report, obstacles."""
    programme = page.screen().state.programmes[row["programme"]]
    told = [
        t("behind since {day}", day=t.date_short(row["late_since"])) if pd.notna(row["late_since"]) else "",
        t("last report {age} ago", age=t.age(row["age_days"])) if pd.notna(row["as_of"]) else t("never reported"),
        t.plural("{n} obstacle", "{n} obstacles", int(row["obstacles"])) if row["obstacles"] else "",
        _place(row),
    ]
    colour = status_look(row["status"], page.theme()).text
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        st.html(page.symbol(programme.symbol, row["status"], size_px=30), width=34)
        with st.container(gap=None):
            st.button(
                f"**{markdown_text(row['name'])}**",
                key=f"daftar-{row['code']}",
                on_click=choose_site,
                args=(str(row["code"]),),
                type="tertiary",
                wrap=True,
            )
            st.html(
                '<div style="padding:0 0 .3rem;font-size:.9rem;line-height:1.35">'
                f'<strong style="color:{colour}">{html_text(judgement_text(t, row))}</strong> · '
                f"{html_text(' · '.join(part for part in told if part))}</div>"
            )


def choose_site(code: str) -> None:
    """Choose the site whose card and history are shown."""
    st.session_state["lokasi"] = code


def open_site(code: str) -> None:
    """Choose a site and go to the screen that shows its history; the filters stay."""
    choose_site(code)
    st.switch_page("sites.py")


def leave_site() -> None:
    """Choose no site."""
    st.session_state.pop("lokasi", None)


def _place(row: Mapping[Any, Any]) -> str:
    return regions.region_label(row["region_code"])


def site_card(code: str, *, link: bool = True, evidence: bool = False) -> bool:
    """The card of one site; ``False`` when it does not pass the filters. ``link`` leads on to its history.

    ``evidence`` adds the obstacles that are open and where the figures come from.
    """
    now = page.screen()
    t = now.t
    found = now.state.positions[now.state.positions["code"] == code]
    if found.empty:
        return False
    row = found.iloc[0]
    programme = now.state.programmes[row["programme"]]
    with st.container(border=True):
        st.html(
            '<div role="heading" aria-level="4" style="font-size:1.15rem;font-weight:650;overflow-wrap:anywhere">'
            f"{html_text(row['name'])}</div>"
        )
        place, province = regions.region_label(row["region_code"]), regions.region_label(row["province"])
        st.caption(markdown_text(f"{programme.name.in_language(t.language)} · {place}, {province}"))
        said = html_text(judgement_text(t, row.to_dict()))
        st.html(
            page.status_chip(t, row["status"])
            + f'<div style="opacity:.9;font-size:.95rem;padding-top:.2rem">{said}</div>'
        )
        st.html(
            grid(
                [
                    figure(
                        t("Realised"),
                        t.percent(row["actual_percent"]),
                        t("plan {plan}", plan=t.percent(row["plan_percent"])),
                    ),
                    figure(t("Deviation"), t.points(row["deviation_points"], unit=False), t("points")),
                ],
                least_px=120,
            )
        )
        told = f"{t.date(row['as_of'])} ({t.age(row['age_days'])})" if pd.notna(row["as_of"]) else t("never reported")
        lines = [
            (t("Last report"), told),
            (t("Stage"), stage_name(t, row["stage"])),
            (t("Late since"), t.date(row["late_since"])),
            (t("Open obstacles"), t.integer(row["obstacles"])),
            (t("Location"), precision_name(t, str(row["location_precision"]))),
        ]
        if evidence:
            lines.append((t("Beneficiaries"), people.line(t, code)))
        st.html(definition_list(lines))
        if evidence:
            _evidence(row, t)
        if link:
            st.page_link(
                "sites.py",
                label=t("History and sources"),
                icon=":material/history:",
                query_params=page.query(lokasi=code),
            )
    return True


def _evidence(row: pd.Series, t: Translator) -> None:
    """Open obstacles with what is done about them, then the sources of the site and of its last report."""
    standing = page.screen().state.standing
    on = pd.Timestamp(standing.on)
    told = standing.obstacles[standing.obstacles["site_code"] == row["code"]]
    told = told[(told["opened"] <= on) & ~(told["closed"] <= on)]
    for obstacle in told.sort_values("opened").to_dict("records"):
        note, follow_up = (obstacle[name] if isinstance(obstacle[name], str) else "" for name in ("note", "follow_up"))
        heading = " · ".join(
            (
                category_name(t, obstacle["category"]),
                severity_name(t, obstacle["severity"]),
                t("since {day}", day=t.date_short(obstacle["opened"])),
            )
        )
        rest = "".join(f"<div>{html_text(text)}</div>" for text in (note, follow_up) if text)
        st.html(
            '<div style="font-size:.92rem;overflow-wrap:anywhere;border-left:3px solid currentColor;'
            f'padding-left:.6rem"><strong>{html_text(heading)}</strong>{rest}</div>'
        )
    reports = standing.reports
    last = reports[(reports["site_code"] == row["code"]) & (reports["as_of"] == row["as_of"])]
    urls = [row["source_url"], *last.get("source_url", pd.Series(dtype="str"))]
    links = [records.source_link(url, t) for url in dict.fromkeys(url for url in urls if isinstance(url, str))]
    sources = " · ".join(links) or html_text(data_status_name(t, str(row["data_status"])))
    st.html(f'<div style="font-size:.9rem;overflow-wrap:anywhere">{sources}</div>')


def definition_list(lines: list[tuple[str, str]]) -> str:
    """Names and values as HTML, one pair a line."""
    rows = "".join(
        f'<tr><th scope="row" style="text-align:left;font-weight:400;opacity:.75;padding:.1rem .8rem .1rem 0;'
        f'white-space:nowrap;vertical-align:top">{html_text(name)}</th>'
        f'<td style="overflow-wrap:anywhere">{html_text(value)}</td></tr>'
        for name, value in lines
    )
    return f'<table style="border-collapse:collapse;font-size:.95rem">{rows}</table>'
