"""Note what a meeting decides, and that it was carried out; never a person, only an office or function."""

from __future__ import annotations

import re
import secrets
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pandas as pd

from geo import regions
from geo.intake.personal import personal_in_text
from geo.model import Problem, RefusedError
from geo.progress.decisions import DecisionState, standing_decisions
from geo.store import Store

ZONE: Final = ZoneInfo("Asia/Jakarta")
LONGEST: Final = {"text": 400, "responsible": 120}
"""Characters of the texts of a decision."""

_LATEST: Final = timedelta(days=5 * 366)
_SIGNS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PERSON: Final = re.compile(
    r"\b(?:bapak|ibu|bpk|sdr|sdri|saudara|saudari|pak|bu|tuan|nyonya|mr|mrs|ms|drs|dra|kh|ust|ustadz|haji|hj|ir)\b"
    r"\.?\s+(?!(?:kota|negara)\b)[A-Z]|,\s*(?:S\.?H|S\.?E|S\.?Sos|S\.?T|S\.?I\.?P|M\.?Si|M\.?H|M\.?M|Ph\.?D)\b",
    re.IGNORECASE,
)
"""A form of address before a name, or a degree behind one."""


def note_decision(
    store: Store,
    *,
    text: str,
    responsible: str,
    due: date,
    meeting_day: date,
    actor: str,
    at: datetime,
    region_code: str | None = None,
    site_code: str | None = None,
) -> str:
    """Record a decision, noted at ``at`` (aware); its code.

    ``responsible`` is the office or function that follows it up. ``region_code`` is the province or kabupaten/kota
    that it concerns, ``None`` for the whole programme; of a site it is the site's own. Raises ``RefusedError`` with
    every reason: a text is missing, too long or holds personal data, the day lies in the past, the place is unknown.
    """
    told = {"text": " ".join(text.split()), "responsible": " ".join(responsible.split())}
    problems = [problem for name, value in told.items() for problem in _text_problems(name, value)]
    today = at.astimezone(ZONE).date()
    if due < meeting_day:
        problems.append(
            Problem(
                "the due day lies before the meeting", "Choose the day of the meeting or a later one.", column="due"
            )
        )
    if due > today + _LATEST:
        problems.append(Problem("the due day is more than five years away", "Choose an earlier day.", column="due"))
    if meeting_day > today:
        problems.append(
            Problem("the meeting lies in the future", "Record decisions when they are taken.", column="meeting_day")
        )
    if site_code is not None:
        found = store.sites([site_code])
        if len(found):
            region_code = str(found["region_code"].iloc[0])
        else:
            problems.append(Problem("no such site", "Choose one of the sites shown.", column="site_code"))
    elif region_code is not None and region_code not in {region.code for region in regions.regions()}:
        problems.append(
            Problem("no such province or kabupaten/kota", "Choose one of the places shown.", column="region_code")
        )
    if problems:
        raise RefusedError(problems)
    known = set(store.decisions()["code"])
    code = next(code for code in iter(_code, "") if code not in known)
    row = {
        "code": code,
        **told,
        "due": due,
        "region_code": region_code,
        "site_code": site_code,
        "meeting_day": meeting_day,
        "state": str(DecisionState.OPEN),
    }
    store.add({"decisions": pd.DataFrame([row])}, actor=actor, at=at)
    return code


def close_decision(store: Store, code: str, *, actor: str, at: datetime) -> None:
    """Record that a decision was carried out. Raises ``RefusedError`` for an unknown code and for one that is done."""
    row = decision(store, code)
    if row["state"] == str(DecisionState.DONE):
        raise RefusedError([Problem("the decision is done already", "Nothing is left to do.", value=code)])
    kept = {name: (None if pd.isna(value) else value) for name, value in row.items() if name != "recorded_at"}
    changed = pd.DataFrame([{**kept, "state": str(DecisionState.DONE)}])
    store.add({"decisions": changed}, actor=actor, at=at)


def decision(store: Store, code: str) -> pd.Series:
    """A decision in its last state. Raises ``RefusedError`` where there is none of this code."""
    standing = standing_decisions(store.decisions())
    found = standing[standing["code"] == code.strip().upper()]
    if not len(found):
        raise RefusedError([Problem("no such decision", "List the decisions and take a code from there.", value=code)])
    return found.iloc[0]


def _code() -> str:
    return "K-" + "".join(secrets.choice(_SIGNS) for _ in range(6))


def _text_problems(name: str, value: str) -> list[Problem]:
    if not value:
        remedy = {
            "text": "Write what was decided.",
            "responsible": "Name the office or function that follows it up.",
        }[name]
        return [Problem("nothing is written here", remedy, column=name)]
    found = []
    if len(value) > LONGEST[name]:
        found.append(Problem("the text is too long", f"Use at most {LONGEST[name]} characters.", column=name))
    if personal_in_text(value) is not None:
        found.append(
            Problem("personal data is refused", "Leave out identity, phone and e-mail data of persons.", column=name)
        )
    if name == "responsible" and _PERSON.search(value):
        found.append(
            Problem("this names a person", "Name the office or function, such as Kepala Dinas Koperasi.", column=name)
        )
    return found
