"""What stands on the list of sites that need attention, and in which order."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geo.progress import attention


def listed(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {
        "code": "A", "status": "sesuai_rencana", "silent": False, "blocked": False, "blocked_since": pd.NaT,
        "deviation_points": 0.0, "age_days": 5, "late_since": pd.NaT, "as_of": pd.Timestamp("2026-10-26"),
    }  # fmt: skip
    frame = pd.DataFrame([{**usual, **row} for row in rows], columns=list(usual))
    frame = frame.astype({"age_days": "Int64", "deviation_points": "float64"})
    for name in ("blocked_since", "late_since", "as_of"):
        frame[name] = pd.to_datetime(frame[name])
    return frame


def test_sites_on_plan_on_watch_or_done_are_not_on_the_list() -> None:
    fine = listed({"code": "A"}, {"code": "B", "status": "waspada", "deviation_points": -4}, {"status": "selesai"})
    assert attention(fine).empty


def test_the_gravest_reason_of_a_site_counts_and_reasons_come_gravest_first() -> None:
    found = attention(
        listed(
            {"code": "S", "silent": True, "status": "belum_lapor"},
            {"code": "L", "silent": True, "status": "terlambat", "deviation_points": -7.0},
            {"code": "B", "silent": True, "status": "terlambat", "blocked": True, "deviation_points": -6.0},
            {"code": "K", "silent": True, "status": "kritis", "blocked": True, "deviation_points": -11.0},
        )
    )
    assert found["code"].tolist() == ["K", "B", "L", "S"]
    assert found["reason"].tolist() == ["critical", "blocked", "late", "silent"]


def test_since_is_the_day_on_which_the_reason_began() -> None:
    began = {"late_since": "2026-07-31", "blocked_since": "2026-08-15", "as_of": "2026-06-30"}
    found = attention(
        listed(
            {"code": "K", "status": "kritis", "blocked": True, **began},
            {"code": "B", "status": "terlambat", "blocked": True, **began},
            {"code": "L", "status": "terlambat", "late_since": "2026-07-31"},
            {"code": "S", "silent": True, "as_of": "2026-06-30"},
            {"code": "N", "silent": True, "as_of": None, "age_days": None},
        )
    ).set_index("code")["since"]
    assert found[["K", "B", "L", "S"]].dt.strftime("%m-%d").tolist() == ["07-31", "08-15", "07-31", "06-30"]
    assert pd.isna(found["N"])


def test_within_a_reason_the_largest_lag_comes_first_then_the_longest_silence() -> None:
    late = [
        {"code": "A", "status": "kritis", "deviation_points": -11.0, "age_days": 90},
        {"code": "B", "status": "kritis", "deviation_points": -30.0, "age_days": 1},
        {"code": "C", "status": "kritis", "deviation_points": -11.0, "age_days": 120},
    ]
    assert attention(listed(*late))["code"].tolist() == ["B", "C", "A"]


def test_a_position_without_obstacles_is_accepted_and_left_as_it_is() -> None:
    positions = listed({"status": "kritis", "blocked": True}).drop(columns=["blocked", "blocked_since"])
    kept = positions.copy(deep=True)
    assert attention(positions)["reason"].tolist() == ["critical"]
    pd.testing.assert_frame_equal(positions, kept)
