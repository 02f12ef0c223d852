"""Turn the colours of a PDF into those of a printing press (DeviceCMYK); letters stay letters, alpha stays alpha."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pikepdf
from numpy.typing import NDArray

_DARKEST_GREY: Final = 0.55
_GREY_SPREAD: Final = 0.11
"""Ink and muted letters lie within these: they are printed in black alone, so that no second plate can blur them."""

_FILL: Final = {"rg": 3, "g": 1}
_STROKE: Final = {"RG": 3, "G": 1}

# What the sixteen overprints of solid inks look like on coated paper (SWOP), as RGB from 0 to 1: the table that xpdf
# and poppler show DeviceCMYK with. Rows: black last, then yellow, magenta, cyan count as binary digits.
_OVERPRINTS: Final = np.array(
    [
        [1, 1, 1], [0.1373, 0.1216, 0.1255], [1, 0.949, 0], [0.1098, 0.102, 0],
        [0.9255, 0, 0.549], [0.1412, 0, 0], [0.9294, 0.1098, 0.1412], [0.1333, 0, 0],
        [0, 0.6784, 0.9373], [0, 0.0588, 0.1412], [0, 0.651, 0.3137], [0, 0.0745, 0],
        [0.1804, 0.1922, 0.5725], [0, 0, 0.0078], [0.2118, 0.2119, 0.2235], [0, 0, 0],
    ]
)  # fmt: skip
_SOLID: Final = np.array([[(row >> bit) & 1 for bit in (3, 2, 1, 0)] for row in range(16)], dtype=float)
_BLACKS: Final = np.linspace(0, 1, 65)
_SAME: Final = 0.004
_ROUNDS: Final = 25


def shown(inks: NDArray[np.float64]) -> NDArray[np.float64]:
    """What shares of cyan, magenta, yellow and black look like in print, as RGB from 0 to 1.

    By the Neugebauer equations: each overprint counts with the share of the paper that it covers.
    """
    shares = np.prod(np.where(_SOLID == 1, inks[..., None, :], 1 - inks[..., None, :]), axis=-1)
    return np.asarray(shares @ _OVERPRINTS)


@lru_cache(maxsize=4096)
def inks_of(red: float, green: float, blue: float) -> tuple[float, float, float, float]:
    """Shares of cyan, magenta, yellow and black, from 0 to 1, that look most like a colour (RGB from 0 to 1).

    Of all mixtures that do, the one with the most black, which needs the least ink. Greys, and dark colours that are
    nearly grey, are black alone.
    """
    colour = np.array([red, green, blue])
    if np.ptp(colour) < 1e-9 or (colour.max() < _DARKEST_GREY and np.ptp(colour) < _GREY_SPREAD):
        light = float(colour @ (0.2126, 0.7152, 0.0722))
        darkest = float(_OVERPRINTS[1] @ (0.2126, 0.7152, 0.0722))
        return 0.0, 0.0, 0.0, 1.0 if light <= darkest else round((1 - light) / (1 - darkest), 4)
    mixed = np.zeros((len(_BLACKS), 4))
    mixed[:, 3] = _BLACKS
    for _ in range(_ROUNDS):
        slopes = np.stack([_slope(mixed, ink) for ink in range(3)], axis=-1)
        missing = colour - shown(mixed)
        steps = np.linalg.solve(
            np.swapaxes(slopes, -1, -2) @ slopes + 1e-6 * np.eye(3),
            np.swapaxes(slopes, -1, -2) @ missing[..., None],
        )[..., 0]
        mixed[:, :3] = np.clip(mixed[:, :3] + steps, 0, 1)
    error = np.linalg.norm(shown(mixed) - colour, axis=-1)
    best = int(np.flatnonzero(error <= error.min() + _SAME)[-1])
    cyan, magenta, yellow, black = np.round(mixed[best], 4).tolist()
    return cyan, magenta, yellow, black


def _slope(mixed: NDArray[np.float64], ink: int) -> NDArray[np.float64]:
    """How the look changes with a share; it is linear in each of them."""
    full, none = mixed.copy(), mixed.copy()
    full[:, ink], none[:, ink] = 1, 0
    return shown(full) - shown(none)


def press_colours(pdf: bytes) -> bytes:
    """The PDF with every colour in DeviceCMYK; the same bytes for the same bytes.

    Raises ``ValueError`` for a PDF with a picture or shading whose colours it cannot turn.
    """
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for page in opened.pages:
            page.Contents = opened.make_stream(_turned(page))
            _turn_group(page.obj)
        for part in opened.objects:
            if isinstance(part, pikepdf.Stream):
                _turn_part(part)
            elif isinstance(part, pikepdf.Dictionary) and "/ShadingType" in part:
                raise ValueError("shadings are not turned into CMYK")
        target = io.BytesIO()
        opened.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    return target.getvalue()


def _turn_part(part: pikepdf.Stream) -> None:
    kind = part.get("/Subtype")
    if kind == "/Image":
        _refuse_image(part)
    elif kind == "/Form" or part.get("/PatternType") == 1:
        part.write(_turned(part))
        _turn_group(part)
    elif "/ShadingType" in part:
        raise ValueError("shadings are not turned into CMYK")


def _turn_group(part: pikepdf.Object) -> None:
    group = part.get("/Group")
    if group is not None and group.get("/CS") == "/DeviceRGB":
        group.CS = pikepdf.Name.DeviceCMYK


def _refuse_image(image: pikepdf.Stream) -> None:
    space = image.get("/ColorSpace")
    if space not in ("/DeviceGray", "/DeviceCMYK") and not bool(image.get("/ImageMask", False)):
        raise ValueError(f"a picture with the colours {space} is not turned into CMYK")


def _turned(content: pikepdf.Page | pikepdf.Object) -> bytes:
    return pikepdf.unparse_content_stream(list(_instructions(content)))


def _instructions(content: pikepdf.Page | pikepdf.Object) -> Iterator[tuple[Collection[Any], pikepdf.Operator]]:
    for instruction in pikepdf.parse_content_stream(content):
        name, operands = str(instruction.operator), instruction.operands
        if name in _FILL:
            yield _inks(operands), pikepdf.Operator("k")
        elif name in _STROKE:
            yield _inks(operands), pikepdf.Operator("K")
        elif name in ("cs", "CS") and operands[0] == "/DeviceRGB":
            yield [pikepdf.Name.DeviceCMYK], instruction.operator
        elif name in ("sc", "SC", "scn", "SCN") and len(operands) == 3:
            yield _inks(operands), instruction.operator
        else:
            yield operands, instruction.operator


def _inks(operands: Collection[Any]) -> list[Decimal]:
    parts = [float(part) for part in operands]
    red, green, blue = parts if len(parts) == 3 else parts * 3
    return [Decimal(f"{ink:.4f}").normalize() + 0 for ink in inks_of(red, green, blue)]
