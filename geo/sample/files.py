"""Read the sample's files: the publicly reported records and the wording of the synthetic ones."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from geo.sample.frames import COLUMNS, from_rows, typed

FOLDER = Path(__file__).parents[2] / "data" / "sample"
"""Where the sample is shipped."""

REPORTED = ("institutions", "sites", "site_indicators", "plans", "reports", "claims")
"""Tables that the public record fills; on the others nothing is published."""


def read_text(name: str, folder: Path | None = None) -> pd.DataFrame:
    """A file of the sample as it stands, every cell text, empty cells missing. Raises ``FileNotFoundError``."""
    frame = pd.read_csv((folder or FOLDER) / f"{name}.csv", dtype=str, keep_default_na=False, encoding="utf-8")
    return frame.mask(frame == "")


def reported_tables(folder: Path | None = None) -> dict[str, pd.DataFrame]:
    """The publicly reported layer: every canonical table, typed; those on which nothing is published are empty.

    Codes are text, days ``datetime64`` without zone, ``recorded_at`` UTC, percent float, money whole rupiah.
    """
    return {
        table: typed(table, read_text(table, folder)) if table in REPORTED else from_rows(table, ())
        for table in COLUMNS
    }
