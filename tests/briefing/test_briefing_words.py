"""A sentence says nothing that the figures beside it do not say, in either language, for none, one and many."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.briefing.words import change, headline, sentences
from geo.locale import translator
from geo.model import Language, Status
from geo.progress import roll_up

LANGUAGES: tuple[Language, ...] = ("id", "en")
DAYS = 45


def rollup(
    statuses: list[str], *, plan: float | None = 60.0, actual: float | None = 50.0, silent: int = 0, blocked: int = 0
) -> pd.Series:
    """The roll-up of sites with these statuses, all of one plan and realisation; the first are silent, blocked."""
    count = len(statuses)
    positions = pd.DataFrame(
        {
            "status": pd.Series(statuses, dtype="object"),
            "plan_percent": pd.Series([plan] * count, dtype="float64"),
            "actual_percent": pd.Series([actual] * count, dtype="float64"),
            "plan_spend": pd.Series([None] * count, dtype="float64"),
            "actual_spend": pd.Series([None] * count, dtype="float64"),
            "contract_value": pd.Series([None] * count, dtype="float64"),
            "as_of": pd.Series([pd.Timestamp("2026-10-31")] * count, dtype="datetime64[us]"),
            "silent": [at < silent for at in range(count)],
            "blocked": [at < blocked for at in range(count)],
        }
    )
    return roll_up(positions).iloc[0]


def told(statuses: list[str], language: Language = "id", **more: float | None) -> str:
    found = rollup(statuses, **more)  # type: ignore[arg-type]  # plain keywords of one type
    return " ".join(sentences("Jawa Timur", found, translator(language), silent_after_days=DAYS))


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:[.,]\d+)*", text))


@settings(max_examples=200, deadline=None)
@given(
    statuses=st.lists(st.sampled_from([str(status) for status in Status]), max_size=40),
    plan=st.none() | st.floats(0, 100),
    actual=st.none() | st.floats(0, 100),
    share=st.floats(0, 1),
    language=st.sampled_from(LANGUAGES),
)
def test_every_figure_of_a_sentence_stands_among_the_headline_figures(
    statuses: list[str], plan: float | None, actual: float | None, share: float, language: Language
) -> None:
    t = translator(language)
    found = rollup(statuses, plan=plan, actual=actual, silent=int(share * len(statuses)), blocked=len(statuses) // 3)
    figures = headline(found, t, silent_after_days=DAYS)
    shown = numbers(" ".join(f"{one.value} {one.said} {one.note}" for one in figures))
    said = sentences("Jawa Timur", found, t, silent_after_days=DAYS)
    assert 1 <= len(said) <= 3
    assert numbers(" ".join(said)) <= shown
    for one in said:
        assert one.endswith(".")
        assert "{" not in one
        assert "–" not in one


def test_behind_ahead_and_on_plan_are_three_sentences() -> None:
    one = ["terlambat"]
    assert "tertinggal 10,0 poin dari rencana: realisasi 50,0% dari rencana 60,0%" in told(one)
    assert "mendahului rencana 5,0 poin" in told(one, actual=65.0)
    assert "sesuai rencana: realisasi 60,0%" in told(one, actual=60.0)
    assert "sesuai rencana" in told(one, actual=59.97)  # what is told as 0,0 is no lag


def test_what_cannot_be_judged_is_said_and_is_no_zero() -> None:
    said = told(["belum_lapor"], actual=None)
    assert "belum dapat dinilai" in said
    assert "0" not in said.replace("10", "")
    assert told([]) == "Jawa Timur tidak mempunyai lokasi yang lolos saringan."


@pytest.mark.parametrize(
    ("late", "wanted"),
    [
        (0, "No site of 3 is behind plan."),
        (1, "1 of 3 sites is behind plan."),
        (2, "2 of 3 sites are behind plan."),
    ],
)
def test_none_one_and_many_are_told_apart(late: int, wanted: str) -> None:
    statuses = ["terlambat"] * late + ["sesuai_rencana"] * (3 - late)
    assert wanted in told(statuses, "en")


def test_critical_blocked_and_silent_sites_are_named_only_where_there_are_any() -> None:
    plain = told(["waspada", "sesuai_rencana"], "en")
    assert "critical" not in plain
    assert "blocked" not in plain
    assert "has not reported" not in plain
    grave = told(["kritis", "kritis", "waspada"], "en", silent=1, blocked=2)
    assert "3 of 3 sites are behind plan; 2 of them critical; 2 are blocked by a severe obstacle." in grave
    assert "1 site has not reported for more than 45 days." in grave


def test_a_change_names_the_site_and_its_place_or_the_province_alone() -> None:
    t = translator("id")
    row = {"kind": "worsened", "code": "A", "name": "Koperasi Satu", "region_code": "35.07", "before": "waspada",
           "after": "kritis", "difference": -6.25, "detail": None, "good": False, "count": 3}  # fmt: skip
    said = change(row, t)
    assert (said.name, said.place, said.others) == ("Koperasi Satu", "Kabupaten Malang", "dan 2 lainnya")
    assert said.told == "Waspada → Kritis (-6,2 poin)"
    province = change({**row, "kind": "province_lost", "code": "35", "name": None, "region_code": None,
                       "before": -1.0, "after": -3.0, "difference": -2.0, "count": 1}, t)  # fmt: skip
    assert (province.name, province.place, province.others) == ("Jawa Timur", "", "")
    assert "-1,0 menjadi -3,0" in province.told
