"""State how the file of thresholds is read and refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.model import RefusedError
from geo.progress import DEFAULT_THRESHOLDS, Thresholds
from geo.thresholds import load_thresholds


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "limits.toml"


def test_the_shipped_file_says_what_the_code_falls_back_to() -> None:
    assert load_thresholds() == DEFAULT_THRESHOLDS


def test_what_the_file_leaves_out_keeps_its_value(file: Path) -> None:
    file.write_text("watch_points = 3\nsilent_after_days = 30\n", encoding="utf-8")
    assert load_thresholds(file) == Thresholds(watch_points=3.0, silent_after_days=30)


def test_the_environment_names_another_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("critical_points = 12.5", encoding="utf-8")
    monkeypatch.setenv("GEO_THRESHOLDS", str(file))
    assert load_thresholds().critical_points == 12.5


def test_a_changed_file_is_read_again(file: Path) -> None:
    file.write_text("critical_points = 12.5", encoding="utf-8")
    assert load_thresholds(file).critical_points == 12.5
    file.write_text("critical_points = 11.25", encoding="utf-8")
    assert load_thresholds(file).critical_points == 11.25


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("watch = 3", "watch: unknown threshold"),
        ("watch_points = -1", "watch_points: not a number from zero up"),
        ('watch_points = "5"', "watch_points: not a number from zero up"),
        ("watch_points = nan", "watch_points: not a number from zero up"),
        ("watch_points = inf", "watch_points: not a number from zero up"),
        ("watch_points = true", "watch_points: not a number from zero up"),
        ("silent_after_days = 45.5", "silent_after_days: not a whole number from zero up"),
        ("watch_points = 20", "watch_points is above critical_points"),
        ("action_late_from = 90", "action_late_from is above action_watch_from"),
        ("period_2_from = 170", "period_2_from is above 100 percent"),
        ("forecast_least = 9", "forecast_least is above forecast_reports"),
        ("watch_points = = 5", "not TOML in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_with_the_reason(file: Path, content: str, told: str) -> None:
    file.write_text(content, encoding="utf-8")
    with pytest.raises(RefusedError, match=told):
        load_thresholds(file)


def test_every_problem_is_told_at_once(file: Path) -> None:
    file.write_text("watch = 3\nlate = 4\n", encoding="utf-8")
    with pytest.raises(RefusedError) as refused:
        load_thresholds(file)
    assert len(refused.value.problems) == 2


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"none\.toml: cannot be read"):
        load_thresholds(tmp_path / "none.toml")
