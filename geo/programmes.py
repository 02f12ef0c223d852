"""Read the programmes from ``data/programmes.toml``: a fifth programme is a new table there, nothing else."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from geo.model import Indicator, Problem, Programme, RefusedError, Words

SHAPES: tuple[str, ...] = ("square", "circle", "triangle", "diamond", "pentagon", "hexagon", "star", "cross")
"""Shapes that the map, the print map and the legend can draw."""

_FILE = Path(__file__).resolve().parents[1] / "data" / "programmes.toml"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_CODE = re.compile(r"[a-z][a-z0-9_]*")
_SHORT = ("short_id", "short_en")
_INDICATOR_TEXTS = ("code", "name_id", "name_en", "unit_id", "unit_en")


def load_programmes(file: Path | None = None) -> dict[str, Programme]:
    """Programmes by code, in the order of the file.

    ``file`` defaults to the environment's ``GEO_PROGRAMMES``, else the shipped ``data/programmes.toml``. Raises
    ``RefusedError`` with every problem of the file.
    """
    chosen = file or Path(os.environ.get("GEO_PROGRAMMES") or _FILE)
    try:
        modified_ns = chosen.stat().st_mtime_ns
    except OSError as error:
        told = Problem(f"cannot be read ({error.strerror})", "Name another with GEO_PROGRAMMES.", file=str(chosen))
        raise RefusedError([told]) from error
    return dict(_read(chosen, modified_ns))


@lru_cache(maxsize=4)
def _read(file: Path, _modified_ns: int) -> dict[str, Programme]:
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise RefusedError([Problem(f"not TOML in UTF-8: {error}", "Mend it.", file=file.name)]) from error
    problems: list[Problem] = []
    programmes = {code: _programme(code, table, file.name, problems) for code, table in tables.items()}
    if problems:
        raise RefusedError(problems)
    return {code: programme for code, programme in programmes.items() if programme is not None}


def _programme(code: str, table: object, file: str, problems: list[Problem]) -> Programme | None:
    before = len(problems)

    def wrong(place: str, message: str, remedy: str, value: object) -> None:
        problems.append(Problem(f"[{code}] {place}: {message}", remedy, file=file, value=str(value)))

    if not isinstance(table, Mapping):
        wrong("", "not a table", "Write a heading in brackets and the keys below it.", table)
        return None
    if not _CODE.fullmatch(code):
        wrong("code", "not a code", "Use lower-case letters, digits and underscores.", code)
    _check_texts(table, ("name_id", "name_en"), wrong, "")
    _check_texts({**dict.fromkeys(_SHORT, "-"), **table}, _SHORT, wrong, "")
    if table.get("symbol") not in SHAPES:
        wrong("symbol", "unknown shape", f"Choose one of: {', '.join(SHAPES)}.", table.get("symbol"))
    if not _COLOUR.fullmatch(str(table.get("colour", ""))):
        wrong("colour", "not a colour", "Write it as #rrggbb.", table.get("colour"))
    if table.get("geometry", "point") not in ("point", "area"):
        wrong("geometry", "unknown geometry", "Choose point or area.", table.get("geometry"))
    if not isinstance(table.get("contract_rules", False), bool):
        wrong("contract_rules", "neither true nor false", "Write true or false.", table.get("contract_rules"))
    if not isinstance(table.get("houses_people", False), bool):
        wrong("houses_people", "neither true nor false", "Write true or false.", table.get("houses_people"))
    indicators = table.get("indicators", [])
    if not isinstance(indicators, list) or not all(isinstance(row, Mapping) for row in indicators):
        wrong("indicators", "not a list of tables", f"Write each below [[{code}.indicators]].", indicators)
        return None
    for number, row in enumerate(indicators, start=1):
        _check_texts(row, _INDICATOR_TEXTS, wrong, f"indicator {number}, ")
    if len(problems) > before:
        return None
    return Programme(
        code=code,
        name=Words(table["name_id"], table["name_en"]),
        short=Words(table.get("short_id") or table["name_id"], table.get("short_en") or table["name_en"]),
        symbol=table["symbol"],
        colour=table["colour"],
        geometry=table.get("geometry", "point"),
        contract_rules=table.get("contract_rules", False),
        houses_people=table.get("houses_people", False),
        indicators=tuple(
            Indicator(row["code"], Words(row["name_id"], row["name_en"]), Words(row["unit_id"], row["unit_en"]))
            for row in indicators
        ),
    )


def _check_texts(
    table: Mapping[str, Any], keys: Sequence[str], wrong: Callable[[str, str, str, object], None], where: str
) -> None:
    for key in keys:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            message = "missing" if value is None else "no text"
            wrong(f"{where}{key}", message, "Write it as text in quotes.", value)
