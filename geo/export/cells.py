"""Write a single cell: as JSON has it, and as a text that no spreadsheet takes for a formula."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

_AT_THE_START: Final = re.compile(r"(?='*(?:[ \u00a0]*[=+\-@＝＋－＠]|[\t\r\n]))")
_INSIDE: Final = re.compile(r"(?<=[;\t\r\n])(?='*[ \u00a0]*[=+\-@＝＋－＠])")
_MARKED_AT_THE_START: Final = re.compile(r"\A'(?='*(?:[ \u00a0]*[=+\-@＝＋－＠]|[\t\r\n]))")
_MARKED_INSIDE: Final = re.compile(r"(?<=[;\t\r\n])'(?='*[ \u00a0]*[=+\-@＝＋－＠])")


def harmless(text: str) -> str:
    """A text of a CSV file that no spreadsheet takes for a formula; ``verbatim`` gives the text back exactly.

    One apostrophe goes in front where the text begins with ``=``, ``+``, ``-``, ``@`` (also full width, also behind
    apostrophes and spaces), tab or a line end; and inside, where such a sign follows a semicolon, a tab or a line end:
    a spreadsheet with Indonesian settings parts cells at semicolons, also within the quotes of a file with commas.
    """
    inside = _INSIDE.sub("'", text)
    return f"'{inside}" if _AT_THE_START.match(text) else inside


def verbatim(text: str) -> str:
    """What ``harmless`` was given; a text without its apostrophes comes back as it is."""
    return _MARKED_AT_THE_START.sub("", _MARKED_INSIDE.sub("", text)) if "'" in text else text


def plain(value: Any) -> Any:
    """A cell as JSON has it: days and moments (UTC) as ISO text, numpy numbers as Python's, areas as WKT.

    Missing is ``None``, and so is a number that is not finite.
    """
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, pd.Timestamp | datetime):
        stamp = pd.Timestamp(value)
        return stamp.tz_convert(UTC).isoformat() if stamp.tzinfo is not None else stamp.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, np.integer):
        return int(value)
    return shapely.to_wkt(value, rounding_precision=-1) if isinstance(value, shapely.Geometry) else value


def plain_column(values: pd.Series) -> list[Any]:
    """``plain`` of every cell; a moment or a day that repeats is worked out once."""
    if isinstance(values.dtype, pd.DatetimeTZDtype) or values.dtype.kind == "M":
        places, distinct = pd.factorize(values)
        texts = [*map(plain, distinct), None]  # the last answers for -1, a missing value
        return [texts[place] for place in places.tolist()]
    if values.dtype.kind == "f" and isinstance(values.dtype, np.dtype):
        numbers = values.to_numpy(dtype="object", copy=True)
        numbers[~np.isfinite(values.to_numpy())] = None
        return list(numbers.tolist())
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "iub":
        return list(values.to_numpy().tolist())
    if isinstance(values.dtype, pd.StringDtype):
        kept = values.to_numpy(dtype="object", copy=True)
        kept[values.isna().to_numpy()] = None
        return list(kept.tolist())
    return [plain(value) for value in values.tolist()]
