"""Turn an address into a QR code (ISO/IEC 18004, error level M) with the quiet zone that readers need."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import segno
import shapely
from numpy.typing import NDArray

from geo.model import Problem, RefusedError

QUIET: Final = 4
"""Light modules around the code; the standard asks for four."""


def modules(address: str) -> NDArray[np.bool_]:
    """The code as a square of modules, true where dark, its quiet zone included.

    Raises ``RefusedError`` for an address that is longer than a code can hold.
    """
    return np.array(list(_code(address).matrix_iter(border=QUIET)), dtype=bool)


def side(address: str) -> int:
    """How many modules the code has along a side, its quiet zone included; raises as ``modules``."""
    return int(_code(address).symbol_size(border=QUIET)[0])


@lru_cache(maxsize=64)
def dark_areas(address: str) -> tuple[shapely.Polygon, ...]:
    """The dark modules joined to polygons, so that no seam shows in print; units are modules, y down."""
    rows, columns = np.nonzero(modules(address))
    joined = shapely.union_all(shapely.box(columns, rows, columns + 1, rows + 1))
    return tuple(part for part in shapely.get_parts(joined) if part.geom_type == "Polygon")


def inline_svg(address: str, *, label: str) -> str:
    """The code as an element for a page; ``label`` is read out in its place."""
    drawn: str = _code(address).svg_inline(
        scale=4, border=QUIET, dark="#000", light="#fff", title=label, svgclass="code", lineclass=None, omitsize=True
    )
    return drawn


@lru_cache(maxsize=64)
def _code(address: str) -> segno.QRCode:
    try:
        return segno.make_qr(address, error="m", boost_error=False)
    except segno.DataOverflowError as error:
        raise RefusedError(
            [
                Problem(
                    f"the address has {len(address)} characters, more than a QR code holds",
                    "Choose fewer regions or programmes, or draw the picture without an address.",
                )
            ]
        ) from error
