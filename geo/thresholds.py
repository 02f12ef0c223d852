"""Read the thresholds from ``data/thresholds.toml``: the one place where an administrator sets them."""

from __future__ import annotations

import math
import os
import tomllib
from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from geo.model import Problem, RefusedError
from geo.progress import DEFAULT_THRESHOLDS, Thresholds

_FILE = Path(__file__).resolve().parents[1] / "data" / "thresholds.toml"


def load_thresholds(file: Path | None = None) -> Thresholds:
    """The thresholds of ``file``; what it leaves out keeps the value of ``geo.progress.DEFAULT_THRESHOLDS``.

    ``file`` defaults to the environment's ``GEO_THRESHOLDS``, else the shipped ``data/thresholds.toml``. Raises
    ``RefusedError`` with every problem of the file.
    """
    chosen = file or Path(os.environ.get("GEO_THRESHOLDS") or _FILE)
    try:
        modified_ns = chosen.stat().st_mtime_ns
    except OSError as error:
        told = Problem(f"cannot be read ({error.strerror})", "Name another with GEO_THRESHOLDS.", file=str(chosen))
        raise RefusedError([told]) from error
    return _read(chosen, modified_ns)


@lru_cache(maxsize=4)
def _read(file: Path, _modified_ns: int) -> Thresholds:
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise RefusedError([Problem(f"not TOML in UTF-8: {error}", "Mend it.", file=file.name)]) from error
    kinds = {field.name: type(getattr(DEFAULT_THRESHOLDS, field.name)) for field in fields(Thresholds)}
    problems = [
        Problem(f"{name}: unknown threshold", f"Known are: {', '.join(kinds)}.", file=file.name)
        for name in told
        if name not in kinds
    ]
    values: dict[str, Any] = {}
    for name, value in told.items():
        if name not in kinds:
            continue
        number = not isinstance(value, bool) and isinstance(value, int if kinds[name] is int else int | float)
        if not number or not math.isfinite(value) or value < 0:
            wanted = "a whole number" if kinds[name] is int else "a number"
            problems.append(Problem(f"{name}: not {wanted} from zero up", "Mend it.", file=file.name, value=str(value)))
        else:
            values[name] = kinds[name](value)
    if problems:
        raise RefusedError(problems)
    limits = replace(DEFAULT_THRESHOLDS, **values)
    _refuse_disorder(limits, file.name)
    return limits


def _refuse_disorder(limits: Thresholds, file: str) -> None:
    """Limits that contradict each other would give a status that no rule text explains."""
    pairs = (
        ("watch_points", "critical_points"),
        ("watch_points", "contract_period_1_points"),
        ("action_late_from", "action_watch_from"),
        ("forecast_least", "forecast_reports"),
    )
    problems = [
        Problem(f"{low} is above {high}", "Lower the first or raise the second.", file=file)
        for low, high in pairs
        if getattr(limits, low) > getattr(limits, high)
    ]
    problems += [
        Problem(f"{name} is above 100 percent", "Write a percentage.", file=file)
        for name in ("period_2_from", "action_watch_from", "action_late_from")
        if getattr(limits, name) > 100
    ]
    if problems:
        raise RefusedError(problems)
