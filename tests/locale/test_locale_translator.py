"""Numbers, money and dates in both languages, and what stands for a missing one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.locale import MISSING, translator
from geo.locale.terms import data_status_name, rule_text, severity_name, stage_name, status_name, weighting_text
from geo.model import Language, Stage, Status

ID, EN = translator("id"), translator("en")
DAY = date(2026, 8, 17)


def test_a_number_has_points_for_thousands_and_a_comma_in_indonesian_and_the_reverse_in_english() -> None:
    assert ID.number(1234567.89, digits=2) == "1.234.567,89"
    assert EN.number(1234567.89, digits=2) == "1,234,567.89"
    assert (ID.integer(1234567), EN.integer(1234567)) == ("1.234.567", "1,234,567")
    assert (ID.separators, EN.separators) == (",.", ".,")


def test_a_percentage_carries_its_sign_without_a_space() -> None:
    assert (ID.percent(72.55, digits=2), EN.percent(72.55, digits=2)) == ("72,55%", "72.55%")
    assert (ID.percent(100), ID.percent(0), ID.share(0.825), ID.share(0.5, digits=1)) == (
        "100,0%",
        "0,0%",
        "82%",
        "50,0%",
    )


def test_rupiah_stand_in_full_or_with_the_magnitude_written_out() -> None:
    assert (ID.rupiah(1_250_000_000), EN.rupiah(1_250_000_000)) == ("Rp 1.250.000.000", "Rp 1,250,000,000")
    assert (ID.rupiah_short(1_250_000_000), EN.rupiah_short(1_250_000_000)) == ("Rp 1,25 miliar", "Rp 1.25 billion")
    assert ID.rupiah_short(2_500_000_000_000) == "Rp 2,5 triliun"
    assert ID.rupiah_short(1_500_000) == "Rp 1,5 juta"
    assert ID.rupiah_short(999_999) == "Rp 999.999"
    assert ID.rupiah_short(0) == "Rp 0"
    assert ID.rupiah_short(-1_250_000_000) == "Rp -1,25 miliar"


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (999_999_999, "Rp 1 miliar"),
        (999_990_000, "Rp 999,99 juta"),
        (999_994_999, "Rp 999,99 juta"),
        (999_999_999_999, "Rp 1 triliun"),
        (996_000_000, "Rp 996 juta"),
    ],
)
def test_an_amount_that_rounds_up_to_a_magnitude_is_written_in_it(amount: int, shown: str) -> None:
    assert ID.rupiah_short(amount) == shown


@given(st.integers(0, 10**15))
def test_a_short_amount_never_holds_a_thousand_of_its_own_magnitude(amount: int) -> None:
    text = ID.rupiah_short(amount)
    assert "1.000 juta" not in text
    assert "1.000 miliar" not in text


def test_dates_are_written_day_first_in_both_languages() -> None:
    assert (ID.date(DAY), EN.date(DAY)) == ("17 Agustus 2026", "17 August 2026")
    assert (ID.date_short(DAY), EN.date_short(DAY)) == ("17/08/2026", "17/08/2026")
    assert (ID.date_short(date(2026, 4, 3)), ID.month(DAY), EN.month(DAY)) == ("03/04/2026", "Agu 2026", "Aug 2026")
    assert ID.date(pd.Timestamp("2026-08-17T23:59")) == "17 Agustus 2026"


def test_a_moment_is_told_in_western_indonesian_time_whatever_its_zone() -> None:
    assert ID.moment(datetime(2026, 8, 17, 14, 5, tzinfo=UTC)) == "17 Agustus 2026 21.05 WIB"
    makassar = datetime(2026, 8, 18, 0, 5, tzinfo=timezone(timedelta(hours=8)))
    assert ID.moment(makassar) == "17 Agustus 2026 23.05 WIB"


def test_points_carry_their_sign_and_their_unit() -> None:
    assert (ID.points(-6.2), ID.points(1), ID.points(0)) == ("-6,2 poin", "+1,0 poin", "0,0 poin")
    assert (ID.points(-6.2, unit=False), EN.points(-6.2)) == ("-6,2", "-6.2 points")


@pytest.mark.parametrize("value", [-0.0, -0.04, 0.04, np.float64(-0.049)])
def test_a_rounded_zero_has_no_sign(value: float) -> None:
    assert ID.number(value) == "0,0"
    assert ID.percent(value) == "0,0%"
    assert ID.points(value) == "0,0 poin"
    assert ID.integer(value) == "0"
    assert ID.rupiah(value) == "Rp 0"


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_minus_zero_is_never_shown(value: float, digits: int) -> None:
    text = ID.number(value, digits=digits)
    assert not text.startswith("-") or any(sign in "123456789" for sign in text)


@pytest.mark.parametrize("missing", [None, float("nan"), np.nan, pd.NaT, pd.NA], ids=str)
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_missing_value_is_a_dash_and_never_a_zero(language: Language, missing: Any) -> None:
    t = translator(language)
    formats = (t.integer, t.number, t.percent, t.share, t.points, t.rupiah, t.rupiah_short, t.age)
    for form in (*formats, t.date, t.date_short, t.month, t.moment):
        assert form(missing) == MISSING == "–", form


def test_a_count_takes_its_plural_and_its_separators() -> None:
    assert (EN.age(1), EN.age(2), EN.age(0), EN.age(1_234)) == ("1 day", "2 days", "0 days", "1,234 days")
    assert (ID.age(1), ID.age(1_234)) == ("1 hari", "1.234 hari")


def test_a_value_with_braces_is_put_in_as_typed() -> None:
    assert ID("Classification: {label}", label="{0} {x} %s").endswith("{0} {x} %s")


def test_a_text_without_a_translation_is_shown_as_it_stands() -> None:
    assert ID("A text that nobody has translated {x}") == "A text that nobody has translated {x}"


def test_any_language_but_english_speaks_indonesian() -> None:
    unknown: Any = "nl"
    assert translator(unknown).language == "id"


@pytest.mark.parametrize("t", [ID, EN], ids=["id", "en"])
def test_every_status_and_stage_has_a_name_of_its_own(t: Any) -> None:
    assert len({status_name(t, str(status)) for status in Status}) == len(Status)
    assert len({stage_name(t, str(stage)) for stage in Stage}) == len(Stage)
    assert stage_name(t, None) == MISSING


def test_words_no_list_knows_are_shown_as_they_were_written() -> None:
    assert data_status_name(ID, "lain") == "lain"
    assert severity_name(ID, 9) == "9"


def test_every_rule_of_a_position_is_put_into_words() -> None:
    rules = (
        "stage", "done", "no_report", "no_percent", "plan_not_begun", "no_plan", "contract_period_1",
        "contract_period_2", "contract_budget_year", "pace", "late", "watch", "on_plan",
    )  # fmt: skip
    assert len({rule_text(ID, rule) for rule in rules}) == len(rules)


def test_an_average_says_how_it_was_made_and_over_how_many() -> None:
    assert weighting_text(ID, "contract_value", 41, 76) == "tertimbang nilai kontrak, 41 dari 76 lokasi"
    assert weighting_text(EN, "mean", 1_041, 1_076) == "plain mean of 1,041 of 1,076 sites"
    assert "0" in weighting_text(ID, "none", 0, 0)
