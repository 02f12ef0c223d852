"""Read whether an administrator has turned on a tile base below the map; off by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from geo.model import GeoError

URL: Final = "GEO_TILES_URL"
ATTRIBUTION: Final = "GEO_TILES_ATTRIBUTION"
MAX_ZOOM: Final = "GEO_TILES_MAX_ZOOM"


class TilesError(GeoError):
    """The tile base is set up in a way that cannot work."""


@dataclass(frozen=True, slots=True)
class Tiles:
    """A base of square pictures that the browser asks another server for."""

    url: str
    attribution: str
    max_zoom: int = 18

    @property
    def origin(self) -> str:
        """Scheme and host, as a source for the Content-Security-Policy; ``{s}`` stands for any one label."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"


def tiles(environment: Mapping[str, str]) -> Tiles | None:
    """The tile base that the environment names, ``None`` where it names none.

    Raises ``TilesError`` for an address that is not ``http(s)://host/...`` with ``{z}``, ``{x}`` and ``{y}``, for one
    without attribution, and for a largest zoom that is no number from 1 to 24.
    """
    url = environment.get(URL, "").strip()
    if not url:
        return None
    parts = urlsplit(url)
    holds = all(part in url for part in ("{z}", "{x}", "{y}"))
    odd = set(" ;,'\"\\") & set(parts.netloc)
    if parts.scheme not in ("http", "https") or not parts.netloc or odd or not holds:
        raise TilesError(
            f"{URL} is {url!r}. Write an address such as https://host/{{z}}/{{x}}/{{y}}.png, or leave it empty."
        )
    attribution = environment.get(ATTRIBUTION, "").strip()
    if not attribution:
        raise TilesError(f"{URL} is set and {ATTRIBUTION} is not. Name who made the tiles: the map must say so.")
    zoom = environment.get(MAX_ZOOM, "18").strip()
    if not zoom.isdigit() or not 1 <= int(zoom) <= 24:
        raise TilesError(f"{MAX_ZOOM} is {zoom!r}. Write a number from 1 to 24.")
    return Tiles(url, attribution, int(zoom))
