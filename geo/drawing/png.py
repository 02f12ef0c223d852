"""Write pixels as a PNG: small, quick, and with nothing in it that changes from day to day."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_LEVEL: Final = 3
"""Maps are flat colours, which deflate finds best without a filter; more effort gains 5 % and takes twice the time."""
_BAND: Final = 256


def png_bytes(pixels: NDArray[np.uint8], *, dpi: float, words: Mapping[str, str]) -> bytes:
    """An opaque picture of shape (height, width, 3 or more) in RGB; what ``pixels`` holds beyond RGB is left out."""
    height, width = pixels.shape[:2]
    dots = round(dpi / 0.0254)
    chunks = [
        _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        _chunk(b"pHYs", struct.pack(">IIB", dots, dots, 1)),
        *(_chunk(b"iTXt", _word(name, text)) for name, text in words.items()),
        _chunk(b"IDAT", _packed(pixels)),
        _chunk(b"IEND", b""),
    ]
    return _SIGNATURE + b"".join(chunks)


def _packed(pixels: NDArray[np.uint8]) -> bytes:
    """The rows, each after a byte that says that no filter is used; packed band by band to spare memory."""
    height, width = pixels.shape[:2]
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, 15, 9)
    parts = []
    for top in range(0, height, _BAND):
        band = pixels[top : top + _BAND, :, :3].reshape(-1, width * 3)
        rows = np.zeros((len(band), width * 3 + 1), dtype=np.uint8)
        rows[:, 1:] = band
        parts.append(packer.compress(rows.data))
    return b"".join([*parts, packer.flush()])


def _word(name: str, text: str) -> bytes:
    return name.encode("latin-1") + b"\x00\x00\x00\x00\x00" + text.encode("utf-8")


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
