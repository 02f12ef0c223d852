"""Read the programmes from ``data/programmes.toml``: a fifth programme is a new table there, nothing else."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from geo.model import Indicator, Problem, Programme, RefusedError, Words

SHAPES: tuple[str, ...] = ("square", "circle", "triangle", "diamond", "pentagon", "hexagon", "star", "cross")
"""Shapes that the map, the print map and the legend can draw."""

_FILE = Path(__file__).resolve().parents[1] / "data" / "programmes.toml"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_CODE = re.compile(r"[a-z][a-z0-9_]*")


def load_programmes(file: Path | None = None) -> dict[str, Programme]:
    """Programmes by code, in the order of the file.

    ``file`` defaults to the environment's ``GEO_PROGRAMMES``, else the shipped ``data/programmes.toml``. Raises
    ``RefusedError`` with every problem of the file.
    """
    chosen = file or Path(os.environ.get("GEO_PROGRAMMES") or _FILE)
    return dict(_read(chosen, chosen.stat().st_mtime_ns))


@lru_cache(maxsize=4)
def _read(file: Path, _modified_ns: int) -> dict[str, Programme]:
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RefusedError([Problem(f"not TOML: {error}", "Mend the line named.", file=file.name)]) from error
    problems: list[Problem] = []
    programmes = {code: _programme(code, table, file.name, problems) for code, table in tables.items()}
    if problems:
        raise RefusedError(problems)
    return {code: programme for code, programme in programmes.items() if programme is not None}


def _programme(code: str, table: Mapping[str, Any], file: str, problems: list[Problem]) -> Programme | None:
    before = len(problems)

    def wrong(key: str, message: str, remedy: str) -> None:
        problems.append(Problem(f"[{code}] {key}: {message}", remedy, file=file, value=str(table.get(key, ""))))

    if not _CODE.fullmatch(code):
        wrong("code", "not a code", "Use lower-case letters, digits and underscores.")
    for key in ("name_id", "name_en"):
        if not table.get(key):
            wrong(key, "missing", "Give the name in both languages.")
    if table.get("symbol") not in SHAPES:
        wrong("symbol", "unknown shape", f"Choose one of: {', '.join(SHAPES)}.")
    if not _COLOUR.fullmatch(str(table.get("colour", ""))):
        wrong("colour", "not a colour", "Write it as #rrggbb.")
    if table.get("geometry", "point") not in ("point", "area"):
        wrong("geometry", "unknown geometry", "Choose point or area.")
    if len(problems) > before:
        return None
    return Programme(
        code=code,
        name=Words(table["name_id"], table["name_en"]),
        short=Words(table.get("short_id") or table["name_id"], table.get("short_en") or table["name_en"]),
        symbol=table["symbol"],
        colour=table["colour"],
        geometry=table.get("geometry", "point"),
        contract_rules=bool(table.get("contract_rules", False)),
        indicators=tuple(
            Indicator(
                code=row["code"],
                name=Words(row["name_id"], row["name_en"]),
                unit=Words(row["unit_id"], row["unit_en"]),
            )
            for row in table.get("indicators", [])
        ),
    )
