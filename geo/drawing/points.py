"""Pack the sites for the web map: where they are once, where they stand once a day, which are shown on each change.

A file of points and a file of statuses are served under addresses made of their content, so a browser loads each once;
a change of filters is one bit for each site. A site's *row* is its place in the file of points: all files and masks
count in it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.model import Status

UNITS_PER_DEGREE: Final = 100_000
"""Coordinates are whole numbers of this part of a degree, about a metre."""

UNKNOWN: Final = 255
"""Status of a site that is not known on a day."""

_STATUSES: Final = pd.Index([str(status) for status in Status])


@dataclass(frozen=True)
class Points:
    """The sites that have coordinates, in the order of the file.

    - ``rows``: for each row of the file the place of the site in the positions that it was made from.
    - ``codes``: the sites' codes, by row.
    - ``content``: the file: a little-endian uint32 H; H bytes of JSON (``n``, ``programmes``, ``regions``: the codes
      that numbers below stand for), padded to a multiple of four; int32[n] longitudes, int32[n] latitudes (WGS 84, in
      1/100 000 degree), uint16[n] regions, uint8[n] programmes. Sorted by region, programme and code, so that a
      selection is long runs of equal bits.
    """

    rows: npt.NDArray[np.int64]
    codes: npt.NDArray[np.object_]
    programmes: tuple[str, ...]
    content: bytes

    @cached_property
    def version(self) -> str:
        """Differs as soon as any byte of the file or any code does."""
        return sha256(self.content + "\n".join(self.codes).encode()).hexdigest()[:16]

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """The row of each code."""
        return {code: row for row, code in enumerate(self.codes)}

    def day(self, positions: pd.DataFrame) -> bytes:
        """The file of a day: one byte for each row, the place of the site's status in ``Status``.

        ``positions`` has the same sites in the same order as those that the points were made from.
        """
        found = _STATUSES.get_indexer(pd.Index(positions["status"]))[self.rows]
        return np.where(found < 0, UNKNOWN, found).astype("u1").tobytes()

    def mask(self, kept: npt.NDArray[np.bool_]) -> str | None:
        """Which rows are shown as base64 of one bit each, the lowest bit first; ``None`` where all are.

        ``kept`` has one value for each of the positions that the points were made from.
        """
        shown = kept[self.rows]
        if shown.all():
            return None
        return base64.b64encode(np.packbits(shown, bitorder="little").tobytes()).decode("ascii")


def points_of(positions: pd.DataFrame) -> Points:
    """The points of positions with ``code``, ``programme``, ``region_code``, ``lon`` and ``lat`` (degrees, WGS 84)."""
    lon, lat = (positions[name].to_numpy("float64", na_value=np.nan) for name in ("lon", "lat"))
    regions, region_codes = pd.factorize(positions["region_code"].fillna(""), sort=True)
    programmes, programme_codes = pd.factorize(positions["programme"], sort=True)
    codes = positions["code"].to_numpy(dtype=object)
    _, by_code = np.unique(codes.astype(str), return_inverse=True)
    order = np.lexsort((by_code, programmes, regions))
    rows = order[np.isfinite(lon[order]) & np.isfinite(lat[order])].astype("int64")
    header: dict[str, Any] = {
        "n": len(rows), "programmes": [str(code) for code in programme_codes], "regions": list(map(str, region_codes)),
    }  # fmt: skip
    text = json.dumps(header, ensure_ascii=True, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    content = b"".join(
        (
            np.array([len(text)], dtype="<u4").tobytes(),
            text,
            np.round(lon[rows] * UNITS_PER_DEGREE).astype("<i4").tobytes(),
            np.round(lat[rows] * UNITS_PER_DEGREE).astype("<i4").tobytes(),
            regions[rows].astype("<u2").tobytes(),
            programmes[rows].astype("u1").tobytes(),
        )
    )
    return Points(rows, codes[rows], tuple(header["programmes"]), content)
