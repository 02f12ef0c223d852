"""Show dated reports as a table in which a superseded one stays, struck through, with who replaced it and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from geo.drawing.escape import html_text
from geo.locale import Translator
from geo.locale.terms import data_status_name
from geo.progress.clocks import in_force
from pages.parts import filters

Column = tuple[str, str, Callable[[Mapping[Any, Any]], str]]
"""Heading, kind of cell (``angka``, ``hari``, ``catatan`` or none) and the text of a row."""

_STYLE: Final = """<style>
table.catat{border-collapse:collapse;width:100%;font-size:.92rem}
table.catat th{text-align:left;font-weight:600}
table.catat th,table.catat td{padding:.3rem .7rem .3rem 0;vertical-align:top;
border-bottom:1px solid color-mix(in srgb,currentColor 15%,transparent)}
table.catat .angka{text-align:right;white-space:nowrap}
table.catat .hari{white-space:nowrap}
table.catat td.catatan{min-width:11rem;overflow-wrap:anywhere}
table.catat td.kantor{min-width:9.5rem}
table.catat tr.diganti td{opacity:.75}
</style>"""


def show(reports: pd.DataFrame, *, key: str, columns: Sequence[Column], t: Translator, rest: bool = False) -> None:
    """Reports of one site or action (named by the column ``key``), the last day first.

    Of each day the one recorded last is in force; the figures of the others are struck through and it is told when and
    by whom they were replaced. ``rest`` adds where the record comes from.
    """
    told = reports.assign(site_code=reports[key]).rename(columns={"achieved": "percent", "obstacle": "note"})
    valid = in_force(told)
    ordered = reports.assign(in_force=valid).sort_values(["as_of", "recorded_at", "in_force"], ascending=False)
    successors = ordered[ordered["in_force"]].set_index("as_of")
    heads = [
        (t("As of day"), "hari"),
        *((name, kind) for name, kind, _ in columns),
        (t("Reported by"), ""),
        (t("Recorded"), "hari"),
        (t("In force"), ""),
        *([(t("Data"), "")] if rest else []),
    ]
    cells = "".join(f'<th scope="col" class="{kind}">{html_text(name)}</th>' for name, kind in heads)
    rows = "".join(_row(row, successors, columns, t, rest=rest) for row in ordered.to_dict("records"))
    label = html_text(t("{count} reports", count=len(ordered)))
    st.html(
        f'<div style="overflow:auto;max-height:420px" tabindex="0" role="region" aria-label="{label}">'
        f'<table class="catat"><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table></div>{_STYLE}'
    )


def _row(
    row: Mapping[Any, Any], successors: pd.DataFrame, columns: Sequence[Column], t: Translator, *, rest: bool
) -> str:
    stands = bool(row["in_force"])
    figures = [("hari", t.date_short(row["as_of"])), *((kind, tell(row)) for _, kind, tell in columns)]
    struck = "".join(
        f'<td class="{kind}">{html_text(told) if stands else f"<s>{html_text(told)}</s>"}</td>'
        for kind, told in figures
    )
    plain = [
        ("kantor", html_text(text(row["author"]))),
        ("hari", html_text(t.date_short(row["recorded_at"].tz_convert(filters.ZONE)))),
        ("kantor" if not stands else "", html_text(_verdict(row, successors, t))),
    ]
    if rest:
        source = source_link(row["source_url"], t)
        plain.append(("", html_text(data_status_name(t, row["data_status"])) + (f"<br>{source}" if source else "")))
    others = "".join(f'<td class="{kind}">{content}</td>' for kind, content in plain)
    return f"<tr{'' if stands else ' class=diganti'}>{struck}{others}</tr>"


def _verdict(row: Mapping[Any, Any], successors: pd.DataFrame, t: Translator) -> str:
    if row["in_force"]:
        return t("in force")
    later = successors.loc[row["as_of"]]
    return t(
        "superseded on {day} by {author}",
        day=t.moment(later["recorded_at"]),
        author=text(later["author"]) or t("an unnamed office"),
    )


def text(value: object) -> str:
    """A text of a frame, empty where it is missing."""
    return value if isinstance(value, str) else ""


def source_link(url: object, t: Translator) -> str:
    """A source as HTML: a link for http(s) addresses only, named by its host; nothing else becomes a link."""
    if not isinstance(url, str) or not url:
        return ""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return html_text(url)
    return (
        f'<a href="{html_text(url)}" target="_blank" rel="noopener noreferrer">'
        f"{html_text(t('Source: {host}', host=parts.hostname))}</a>"
    )


def origin(row: Mapping[Any, Any], t: Translator) -> str:
    """Where a figure comes from, in plain words: the host of its source, or that it is made up."""
    url = row["source_url"]
    host = urlsplit(url).hostname if isinstance(url, str) else None
    return host or data_status_name(t, str(row["data_status"]))
