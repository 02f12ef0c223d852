"""Turn the colours of a PDF into those of a printing press (DeviceCMYK); letters stay letters, alpha stays alpha."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

import numpy as np
import pikepdf
from numpy.typing import NDArray

_DARKEST_GREY: Final = 0.55
_GREY_SPREAD: Final = 0.11
"""Ink and muted letters lie within these: they are printed in black alone, so that no second plate can blur them."""

_FILL: Final = {"rg": 3, "g": 1}
_STROKE: Final = {"RG": 3, "G": 1}


def cmyk(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    """RGB, 0 to 1, any shape ending in 3, as cyan, magenta, yellow and black.

    Grey is taken out of the colours wholly and printed as black, which needs the least ink; greys, and dark colours
    that are nearly grey, are black alone.
    """
    rgb = np.asarray(colours, dtype=float)
    highest, lowest = rgb.max(axis=-1, keepdims=True), rgb.min(axis=-1, keepdims=True)
    inks = np.where(highest > 0, (highest - rgb) / np.where(highest > 0, highest, 1), 0.0)
    black = 1 - highest
    light = rgb @ np.array([[0.2126], [0.7152], [0.0722]])
    grey = (highest - lowest < 1e-9) | ((highest < _DARKEST_GREY) & (highest - lowest < _GREY_SPREAD))
    return np.concatenate([np.where(grey, 0.0, inks), np.where(grey, 1 - light, black)], axis=-1)


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
        _turn_image(part)
    elif kind == "/Form" or part.get("/PatternType") == 1:
        part.write(_turned(part))
        _turn_group(part)
    elif "/ShadingType" in part:
        raise ValueError("shadings are not turned into CMYK")


def _turn_group(part: pikepdf.Object) -> None:
    group = part.get("/Group")
    if group is not None and group.get("/CS") == "/DeviceRGB":
        group.CS = pikepdf.Name.DeviceCMYK


def _turn_image(image: pikepdf.Stream) -> None:
    space = image.get("/ColorSpace")
    if space == "/DeviceRGB" and image.get("/BitsPerComponent") == 8:
        rgb = np.frombuffer(image.read_bytes(), dtype=np.uint8).reshape(-1, 3) / 255
        image.write(np.round(cmyk(rgb) * 255).astype(np.uint8).tobytes())
        image.ColorSpace = pikepdf.Name.DeviceCMYK
    elif space not in ("/DeviceGray", "/DeviceCMYK") and not bool(image.get("/ImageMask", False)):
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


def _inks(operands: Iterable[Any]) -> list[Decimal]:
    parts = [float(part) for part in operands]
    inks = cmyk(np.array(parts if len(parts) == 3 else parts * 3))
    return [Decimal(f"{ink:.4f}").normalize() + 0 for ink in inks]
