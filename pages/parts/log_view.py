"""Show the log with filters, page by page, and hand it out."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from geo.drawing.escape import markdown_text
from geo.export import harmless
from geo.locale import MISSING, Translator
from pages.parts import filters, page, queries, viewing

PAGE: Final = 100
"""Rows on a page."""

DEEDS: Final = (
    "sign_in", "sign_in_refused", "sign_out", "refused", "import", "undo", "write", "export", "account",
    "configuration", "publication", "decision", "backup", "restore", "prune",
)  # fmt: skip
"""Kinds of rows that can be chosen."""


def chain(t: Translator) -> None:
    """Whether the chain holds, looked through when it is asked for."""
    head = queries.store().audit_head()
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(t("Check the chain"), key="catatan-periksa", icon=":material/link:"):
            found = queries.store().verify_audit()
            if found:
                st.error("\n\n".join(markdown_text(one) for one in found[:10]), icon=":material/link_off:")
            else:
                st.success(
                    t("The chain holds: no row was altered, removed or put in between."), icon=":material/verified:"
                )
        st.caption(
            t("Newest row {number}, fingerprint {hash}. Write it down outside: it shows a log that was cut.",
              number=t.integer(head.last), hash=f"`{head.hash[:16]}`")
        )  # fmt: skip


def rows(t: Translator) -> None:
    """The rows that pass the filters, the newest first."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = st.date_input(t("From (WIB)"), value=None, key="catatan_dari", format="DD/MM/YYYY", width=150)
        last = st.date_input(t("To (WIB)"), value=None, key="catatan_sampai", format="DD/MM/YYYY", width=150)
        deed = st.selectbox(
            t("Kind"), ["", *DEEDS], key="catatan_jenis", format_func=lambda one: deed_name(t, one), width=220
        )
        actor = st.text_input(t("Who"), key="catatan_siapa", width=220)
        text = st.text_input(
            t("Contains"), key="catatan_teks", type="search", width=240, placeholder=t("word or number")
        )
    chosen: dict[str, Any] = {
        "since": _moment(first) if first else None,
        "until": _moment(last + timedelta(days=1)) if last else None,
        "deed": deed or None,
        "actor": actor.strip() or None,
        "text": text.strip() or None,
    }
    count = queries.store().audit_count(**chosen)
    pages = max(1, -(-count // PAGE))
    at = 1
    if pages > 1:
        at = int(st.number_input(t("Page of {n}", n=t.integer(pages)), 1, pages, key="catatan_halaman", width=160))
    found = queries.store().audit_rows(**chosen, limit=PAGE, offset=(at - 1) * PAGE)
    told = pd.DataFrame(
        {
            t("No."): found["id"],
            t("Moment"): [t.moment(one) for one in found["at"]],
            t("Who"): found["actor"],
            t("From where"): found["origin"],
            t("Kind"): [deed_name(t, one) for one in found["deed"]],
            t("About what"): found["object"],
            t("Outcome"): found["outcome"],
            t("Before"): [_plain(one) for one in found["before"]],
            t("Details"): [_plain(one) for one in found["details"]],
        }
    )
    st.dataframe(
        told,
        hide_index=True,
        height=min(560, 38 + 35 * max(1, len(told))),
        placeholder=MISSING,
        alt=t("{count} rows of the log", count=len(told)),
        key="catatan-isi",
    )
    st.caption(t("{shown} of {n} rows.", shown=t.integer(len(told)), n=t.integer(count)))
    _downloads(t, chosen)


def _downloads(t: Translator, chosen: dict[str, Any]) -> None:
    with st.container(horizontal=True, gap="small"):
        for form, mime in (("csv", "text/csv"), ("json", "application/json")):
            st.download_button(
                form.upper(),
                data=partial(_taken, form, chosen, viewing.hand()),
                file_name=page.nonce(f"sinergisitas-catatan-{queries.today().isoformat()}.{form}"),
                mime=mime,
                key=f"catatan-{form}",
                icon=":material/download:",
                on_click="ignore",
                type="tertiary",
            )


def _taken(form: str, chosen: dict[str, Any], by: viewing.Hand) -> bytes:
    """Every row that passes the filters, whole: with the hashes that the chain is checked by. That too is logged."""
    found = queries.store().audit_rows(**chosen)
    with by.at_work():
        told = {"form": form, "filters": {name: str(value) for name, value in chosen.items() if value}}
        queries.store().log("export", "log", actor=by.actor, at=datetime.now(UTC), details=told)
    plain = found.assign(at=[one.isoformat() for one in found["at"]])
    if form == "json":
        records = plain.astype("object").where(plain.notna(), None).to_dict("records")
        return json.dumps(records, ensure_ascii=False, indent=1).encode()
    texts = plain.map(lambda one: harmless(one) if isinstance(one, str) else one)
    return b"\xef\xbb\xbf" + texts.to_csv(index=False, lineterminator="\r\n").encode()


def deed_name(t: Translator, deed: str) -> str:
    """A kind of row in words; one that this version does not know as it is."""
    return {
        "": t("all kinds"),
        "sign_in": t("signed in"),
        "sign_in_refused": t("sign-in refused"),
        "sign_out": t("signed out"),
        "refused": t("refused"),
        "import": t("import"),
        "undo": t("take a batch back"),
        "write": t("write"),
        "export": t("export"),
        "account": t("account"),
        "configuration": t("configuration"),
        "publication": t("published counts"),
        "decision": t("decision"),
        "backup": t("backup"),
        "restore": t("restored"),
        "prune": t("log shortened"),
    }.get(deed, deed)


def _plain(one: object) -> str | None:
    return one if isinstance(one, str) and one not in ("", "{}") else None


def _moment(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=filters.ZONE).astimezone(UTC)
