"""See colours as other eyes do, and as a grey print shows them."""

from __future__ import annotations

from typing import Any

import numpy as np

Colours = np.ndarray[Any, np.dtype[np.float64]]

# Machado, Oliveira and Fernandes: A physiologically-based model for simulation of color vision deficiency,
# IEEE TVCG 15(6), 2009, severity 1.0; on linear RGB. Grey is relative luminance.
SIGHTS = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
    "grey": np.tile([0.2126, 0.7152, 0.0722], (3, 1)),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.95047, 1.0, 1.08883])


def linear(colours: Colours) -> Colours:
    """sRGB, 0 to 1, as linear light (IEC 61966-2-1)."""
    return np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)


def seen(light: Colours, sight: str) -> Colours:
    """Linear RGB, any shape ending in 3, as the CIE L*a*b* (D65) that an eye of ``SIGHTS`` has of it."""
    ratio = np.clip(light @ SIGHTS[sight].T, 0, 1) @ TO_XYZ.T / WHITE
    curve = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = np.moveaxis(curve, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)
