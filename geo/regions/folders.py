"""Find boundary files: the shipped ones, and official ones that an administrator put in their place."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import platformdirs

SHIPPED_FOLDER = Path(__file__).resolve().parents[2] / "data" / "boundaries"
"""Files that come with the software and are never written to."""

FILE_NAMES: dict[Literal[1, 2], str] = {1: "provinces.geojson", 2: "regencies.geojson"}


def active_folder() -> Path:
    """The folder of official boundary files: ``boundaries`` under ``GEO_DATA_DIR`` or the per-user data folder.

    It need not exist.
    """
    chosen = os.environ.get("GEO_DATA_DIR")
    return (
        Path(chosen) if chosen else Path(platformdirs.user_data_dir("sinergisitas", appauthor=False))
    ) / "boundaries"


def boundary_file(level: Literal[1, 2], *, folder: Path | None = None) -> Path:
    """The file in force for ``level``: that in ``folder`` (default ``active_folder()``) if there, else the shipped."""
    replaced = (folder or active_folder()) / FILE_NAMES[level]
    return replaced if replaced.is_file() else SHIPPED_FOLDER / FILE_NAMES[level]
