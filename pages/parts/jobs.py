"""Run what takes long beside the screens, and show how far it is: progress, the way to stop it, the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st

from geo.access import LOCAL_ADMINISTRATOR
from geo.drawing.escape import markdown_text
from geo.drawing.request import Request
from geo.jobs import BusyError, Desk, Failure, Job, Runner
from geo.locale import Translator
from pages.parts import entry, page, viewing

POLL_S: Final = 1.0
"""How often a browser hears how far a job is."""

MEDIA: Final[Mapping[str, str]] = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}

_DESK: Final = "_ekspor_meja"
_TURNED_AWAY: Final = "_ekspor_penuh"
_TOO_OFTEN: Final = "_ekspor_terlalu_sering"
_SHOWN: Final = "_ekspor_tampak"
_NUMBER: Final = "snapshot "
"""What the command line prints before a number."""


@st.cache_resource(show_spinner=False)
def _runner() -> Runner:
    return Runner()


def desk() -> Desk:
    """The jobs of this viewer; they end with the session that holds them."""
    held = st.session_state.setdefault(_DESK, None) or Desk(_runner())
    st.session_state[_DESK] = held
    return held


# --- starting ----------------------------------------------------------------------------------------------------


def start(
    command: str,
    asked: Request,
    *,
    name: str,
    title: str,
    subject: str,
    files_beside: Mapping[str, bytes] | None = None,
) -> None:
    """Start a job that makes what is asked for; for a button's ``on_click``. ``name`` is the name of its file."""
    beside = files_beside or {}
    about = {"number": asked.number, "title": title, "subject": subject}
    if wait := entry.wait_s("export", viewing.viewer().account):
        st.session_state[_TOO_OFTEN] = wait
        return
    try:
        desk().start([command, *_options(asked, beside)], file_name=name, about=about, files=beside)
    except BusyError:
        st.session_state[_TURNED_AWAY] = True


def is_making(asked: Request) -> bool:
    """Whether the same is being made already."""
    return any(not job.is_over and job.about.get("number") == asked.number for job in desk().jobs)


def _options(asked: Request, beside: Mapping[str, bytes]) -> list[str]:
    """The options of the command line that ask for the same; values that begin with a hyphen do no harm."""
    filters = asked.filters
    told = {
        "posisi": filters.on.isoformat(),
        "known-at": asked.known_at.isoformat(),
        "provinsi": ",".join(filters.provinces),
        "kabkota": ",".join(filters.regencies),
        "program": ",".join(filters.programmes),
        "status": ",".join(filters.statuses),
        "indicator": asked.indicator or "none",
        "title": asked.title or "",
        "classification": asked.classification,
        "bahasa": asked.language,
        "audience": asked.audience,
        "as": "" if viewing.viewer() is LOCAL_ADMINISTRATOR else viewing.viewer().account,
        "by": viewing.actor(),
        "origin": viewing.hand().origin,
    }
    if asked.what == "map":
        told |= {"form": asked.form, "size": asked.size, "colours": asked.colours}
    options = [f"--{name}={value}" for name, value in told.items() if value]
    if asked.what == "map" and not asked.graticule:
        options.append("--no-graticule")
    for name in beside:
        options += ["--template", f"{{{name}}}"]
    return options


# --- showing -----------------------------------------------------------------------------------------------------


def show() -> None:
    """The viewer's jobs, once on a page; while one waits or runs it is looked at again and again, the rest is not."""
    now = page.screen()
    if st.session_state.get(_SHOWN) is now:
        return  # in this run they were shown already
    st.session_state[_SHOWN] = now
    t = now.t
    if wait := st.session_state.pop(_TOO_OFTEN, 0):
        told = t("Too many exports within a short time. Try again in {seconds} s.", seconds=wait)
        st.warning(told, icon=":material/hourglass_disabled:")
    if st.session_state.pop(_TURNED_AWAY, False):
        st.warning(
            t("Too many exports are waiting already. Try again when some of them are done."),
            icon=":material/hourglass_disabled:",
        )
    if desk().jobs:
        st.fragment(_listed, run_every=POLL_S if desk().is_busy else None)(t, busy=desk().is_busy)


def _listed(t: Translator, *, busy: bool) -> None:
    with st.container(key="ekspor-pekerjaan", gap="small"):
        for job in desk().jobs:
            with st.container(border=True, gap="xsmall"):
                _one(t, job)
    if busy and not desk().is_busy:
        st.rerun()  # nothing is left to look at; what was exported last is told anew


def _one(t: Translator, job: Job) -> None:
    title, subject = job.about.get("title", ""), job.about.get("subject", "")
    st.markdown(f"**{markdown_text(title)}** · {markdown_text(subject)}")
    match job.state:
        case "queued":
            st.progress(0.0, text=_waits(t, job.ahead))
        case "running":
            told = t("{share} · {seconds} s", share=t.share(job.share), seconds=t.integer(int(job.seconds)))
            st.progress(job.share, text=told)
        case "done":
            _made(t, job)
        case "failed":
            st.error(_why(t, job.failure), icon=":material/error:")
        case "cancelled":
            st.caption(t("Cancelled: nothing was kept."))
    with st.container(horizontal=True, gap="small"):
        if not job.is_over:
            st.button(t("Cancel this export"), key=f"batal-{job.key}", icon=":material/close:", on_click=job.cancel)
        elif job.state == "done":
            ending = job.file_name.rpartition(".")[2]
            st.download_button(
                t("Download {form}", form=ending.upper()),
                data=job.result,
                file_name=_unlike_any_other(job),
                mime=MEDIA.get(ending, "application/octet-stream"),
                key=f"unduh-{job.key}",
                icon=":material/download:",
                type="primary",
                on_click="ignore",
            )
        if job.is_over:
            st.button(
                t("Remove"), key=f"hapus-{job.key}", icon=":material/delete:", type="tertiary", on_click=desk().forget,
                args=(job,),
            )  # fmt: skip


def _waits(t: Translator, ahead: int) -> str:
    if not ahead:
        return t("Waits for its turn: it is the next one.")
    return t.plural("Waits for its turn: {n} is before it.", "Waits for its turn: {n} are before it.", ahead)


def _made(t: Translator, job: Job) -> None:
    told = t(
        "Made in {seconds} s · {size}", seconds=t.integer(max(1, round(job.seconds))), size=size_told(t, job.length)
    )
    numbers = [line.removeprefix(_NUMBER) for line in job.told if line.startswith(_NUMBER)]
    if numbers:
        told += " · " + t("Number {number}", number=", ".join(numbers))
    st.caption(told)


def _why(t: Translator, failure: Failure | None) -> str:
    """Why a job failed, and what to do."""
    if failure is None:
        return ""
    if failure.kind == "refused":
        return "\n\n".join(markdown_text(_refusal(t, reason)) for reason in failure.reasons)
    if failure.kind == "ended":
        told = t("The system ended it, perhaps because memory ran out. Ask for fewer provinces, or try again later.")
    else:
        told = t("It could not be made. Try again; if it fails again, tell the administrator the code.")
    return f"{told} {t('Code: {code}', code=f'**{failure.reference}**')}"


def _refusal(t: Translator, reason: str) -> str:
    """A reason of the command line in the words of the screen; another one as it was written."""
    known = {
        "contains macros": t("The template contains macros. Save it as .pptx without macros."),
        "protected by a password": t("The template is protected by a password. Save it without one."),
        "the template is no presentation": t(
            "The template is no PowerPoint presentation. Choose a .pptx or .potx file."
        ),
        "too large when unpacked": t("The template is too large. Choose one with fewer pictures."),
        "no layout with a title": t("The template has no layout with a title. Choose another one."),
        "have changed since this was asked for": t(
            "Programmes, thresholds or boundaries have changed meanwhile. Load the page anew."
        ),
    }
    return next((told for part, told in known.items() if part in reason), reason)


def _unlike_any_other(job: Job) -> str:
    """A file name that no other viewer's download can have, and that stays while the job is shown."""
    stem, dot, ending = job.file_name.rpartition(".")
    return f"{stem}-{job.key[:8]}{dot}{ending}"


def size_told(t: Translator, length: int) -> str:
    """A file's size in words: ``2,4 MB``."""
    if length >= 1024**2:
        return f"{t.number(length / 1024**2)} MB"
    return f"{t.integer(max(1, round(length / 1024)))} kB"
