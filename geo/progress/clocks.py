"""Choose the reports that count for a day (`on`) as known at a moment (`known_at`)."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

_REPORT_COLUMNS = ("site_code", "as_of", "recorded_at", "percent", "spend", "stage", "note")


def day(on: date | str | pd.Timestamp) -> pd.Timestamp:
    """The day as a timestamp at midnight without a zone."""
    stamp = pd.Timestamp(on).as_unit("us")
    naive = stamp if stamp.tzinfo is None else stamp.tz_convert("UTC").tz_localize(None)
    return naive.normalize()


def days(values: pd.Series) -> pd.Series:
    """A column of dates, ISO texts or timestamps as days without a zone (years 1 to 9999); missing stays missing."""
    return pd.to_datetime(values, format="ISO8601").astype("datetime64[us]").dt.normalize()


def effective_reports(
    reports: pd.DataFrame, *, on: date | None = None, known_at: datetime | None = None
) -> pd.DataFrame:
    """Reports in force: one per site and ``as_of``, the one recorded last; sorted by ``as_of``.

    ``on`` leaves out reports that speak of a later day, ``known_at`` (timezone-aware) those recorded later. The order
    of the rows in ``reports`` never matters: rows recorded at the same instant are ordered by their content.
    Columns: site_code, as_of, recorded_at, percent, spend, stage, note.
    """
    settled = _settled(reports)
    kept = settled.loc[_rows_in_force(settled, on, known_at)]
    return kept.sort_values(["as_of", "site_code"], ignore_index=True)


def in_force(reports: pd.DataFrame, *, on: date | None = None, known_at: datetime | None = None) -> pd.Series:
    """Whether each row of ``reports`` is one of ``effective_reports``, with the index of ``reports``."""
    settled = _settled(reports)
    chosen = settled.index.isin(_rows_in_force(settled, on, known_at))
    return pd.Series(chosen, index=reports.index, dtype=bool)


def _settled(reports: pd.DataFrame) -> pd.DataFrame:
    """The columns that count, typed, rows numbered from 0."""
    kept = reports.reindex(columns=list(_REPORT_COLUMNS)).reset_index(drop=True)
    return kept.assign(
        as_of=days(kept["as_of"]),
        recorded_at=pd.to_datetime(kept["recorded_at"], utc=True, format="ISO8601"),
        percent=pd.to_numeric(kept["percent"]).astype("float64"),
        spend=pd.to_numeric(kept["spend"]).astype("float64"),
    )


def _rows_in_force(settled: pd.DataFrame, on: date | None, known_at: datetime | None) -> pd.Index:
    kept = settled
    if on is not None:
        kept = kept[kept["as_of"] <= day(on)]
    if known_at is not None:
        kept = kept[~(kept["recorded_at"] > pd.Timestamp(known_at))]
    ties = ["percent", "spend", "stage", "note"]
    ordered = kept.sort_values(["site_code", "as_of", "recorded_at", *ties], na_position="first", kind="stable")
    return ordered.drop_duplicates(["site_code", "as_of"], keep="last").index
