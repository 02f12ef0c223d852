"""Put the briefing room into the server: its records, its viewers, its type."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import streamlit as st
from starlette.middleware import Middleware

from geo.access import LOCAL_ADMINISTRATOR, Viewer
from geo.room.routes import RoomAddress, RoomRoutes, ScreenKeys
from geo.room.run import Room
from geo.store import Store
from pages.parts import entry, viewing

_MEDIA: Final = Path(st.__file__).parent / "static" / "static" / "media"


def _store() -> Store:
    from pages.parts import queries  # here, because its caches need the started runtime

    return queries.store()


def _type() -> str:
    """The address of the type that the screens are set in, which the framework's package carries."""
    found = sorted(file.name for file in _MEDIA.glob("SourceSansVF-Upright*.woff2"))
    return f"/static/media/{found[0]}" if found else ""


def _actor(viewer: Viewer) -> str:
    return viewing.SCREEN if viewer is LOCAL_ADMINISTRATOR else viewer.account


ROOM: Final = Room(_store, lambda: datetime.now(UTC))
ROUTES: Final = RoomRoutes(ROOM, entry.identify, actor=_actor, font=_type())
LAYERS: Final = (Middleware(RoomAddress, routes=lambda: ROUTES), Middleware(ScreenKeys))
"""What to put between the guards and the screens."""
