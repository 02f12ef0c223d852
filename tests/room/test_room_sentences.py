"""Sentences of the room say nothing that their page does not show, in either language, for none, one and many."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.access import EVERYTHING
from geo.briefing.parts import Change
from geo.locale import translator
from geo.model import Language
from geo.progress.decisions import DECISION_COLUMNS, open_decisions, overdue, standing_decisions
from geo.room import pages, sentences

LANGUAGES: tuple[Language, ...] = ("id", "en")
TODAY = date(2026, 11, 16)


def decisions(*rows: dict[str, Any]) -> pd.DataFrame:
    """Decisions with usual values for what a row leaves out, noted one after the other."""
    usual = {
        "text": "Percepat penyelesaian",
        "responsible": "Dinas Koperasi",
        "due": "2026-12-01",
        "region_code": None,
        "site_code": None,
        "meeting_day": "2026-10-14",
        "state": "open",
    }
    told = [
        {**usual, "code": f"K-{place}", "recorded_at": f"2026-10-14T04:{place:02d}:00+00:00", **row}
        for place, row in enumerate(rows)
    ]
    return pd.DataFrame(told, columns=list(DECISION_COLUMNS))


def text_of(body: str) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


def numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.,]\d+)*", text)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(-40, 40), max_size=12), st.sampled_from(LANGUAGES))
def test_the_figures_of_the_opening_page_stand_on_it(days_left: list[int], language: Language) -> None:
    rows = decisions(*({"due": (TODAY + timedelta(days=days)).isoformat()} for days in days_left))
    standing = standing_decisions(rows)
    t = translator(language)
    page = pages.opening(t, subject="", on=TODAY, sample=False, standing=standing, today=TODAY, sight=EVERYTHING)
    (said,) = sentences.of_decisions(open_decisions(standing, before=TODAY), TODAY, t)
    late = int(overdue(standing, TODAY).sum())
    assert numbers(said) == ([str(len(rows))] if len(rows) else []) + ([str(late)] if late else [])
    assert said in text_of(page.body)
    shown = min(len(rows), 8)
    assert page.body.count("<tr") == (shown + 1 if shown else 0)
    assert page.body.count('<tr class="bad"') == sum(days < 0 for days in sorted(days_left)[:8])
    left = len(rows) - shown
    assert left == 0 or str(left) in text_of(page.body)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 6), st.integers(0, 6), st.sampled_from(LANGUAGES))
def test_changes_are_counted_as_they_are_listed(worse: int, better: int, language: Language) -> None:
    t = translator(language)
    change = Change(False, "Memburuk", "Koperasi Contoh", "Kota Palu", "Waspada → Terlambat")
    listed = [*[change] * worse, *[replace(change, good=True)] * better]
    said = sentences.of_changes(listed, "Rapat", t)
    if not listed:
        assert numbers(" ".join(said)) == []
    else:
        assert numbers(said[1]) == [str(count) for count in (worse, better) if count]
    assert all(sentence.endswith(".") and "{" not in sentence for sentence in said)


@pytest.mark.parametrize(
    ("count", "late", "told"),
    [
        (0, 0, "No decision of earlier meetings is open."),
        (1, 0, "1 decision is open."),
        (1, 1, "1 decision is open; 1 is past its day."),
        (2, 1, "2 decisions are open; 1 is past its day."),
        (3, 2, "3 decisions are open; 2 are past their day."),
    ],
)
def test_none_one_and_many_decisions_have_their_grammar(count: int, late: int, told: str) -> None:
    rows = decisions(*({"due": "2026-11-01" if place < late else "2026-12-24"} for place in range(count)))
    assert sentences.of_decisions(standing_decisions(rows), TODAY, translator("en")) == (told,)


def test_the_last_state_of_a_decision_counts_and_only_that() -> None:
    rows = decisions({"code": "K-A"}, {"code": "K-B"}, {"code": "K-A", "state": "done"})
    assert open_decisions(standing_decisions(rows))["code"].tolist() == ["K-B"]
    assert len(standing_decisions(rows)) == 2


def test_a_decision_that_was_carried_out_later_was_open_then() -> None:
    rows = decisions({"code": "K-A"}, {"code": "K-A", "state": "done", "recorded_at": "2026-11-01T00:00:00+00:00"})
    then = pd.Timestamp("2026-10-20T00:00:00+00:00").to_pydatetime()
    assert len(open_decisions(standing_decisions(rows, then))) == 1
    assert len(open_decisions(standing_decisions(rows))) == 0


def test_text_from_strangers_stays_text() -> None:
    rows = decisions({"text": '<img src=x onerror="alert(1)">', "responsible": "</td><script>"})
    page = pages.opening(
        translator("id"), subject="<b>", on=TODAY, sample=False, standing=standing_decisions(rows), today=TODAY,
        sight=EVERYTHING,
    )  # fmt: skip
    assert "<img" not in page.body
    assert "<script" not in page.body
    assert "<b>" not in page.body
