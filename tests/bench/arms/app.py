"""Serve one rival screen of the map benchmark, named by ``BENCH_ARM``, with its files from this server alone.

folium takes its scripts from elsewhere and pydeck its ground map; without a network the first shows nothing at all. So
``/berkas/`` hands out Leaflet, the provinces, and a stand-in for the one call of jQuery that a popup makes.
"""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path
from typing import Final

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

HERE: Final = Path(__file__).resolve().parent
YEAR_S: Final = 365 * 24 * 3600
ONE_CALL_OF_JQUERY: Final = (
    "window.$ = text => { const t = document.createElement('template'); t.innerHTML = text.trim();"
    " return [t.content.firstElementChild]; };"
)
PLACE_OF_PINS: Final = b"\nL.Icon.Default.imagePath = '/berkas/images/';"
"""st_folium does not wait for style sheets, from which Leaflet guesses where its pins lie: the first map had none."""

TYPES: Final = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".png": "image/png",
    ".json": "application/geo+json",
}


async def local_file(request: Request) -> Response:
    """One file of Leaflet's package, ``popup.js`` or ``provinces.json``; to be kept for a year, as ours are."""
    name = request.path_params["name"]
    if name == "popup.js":
        content = ONE_CALL_OF_JQUERY.encode()
    elif name == "provinces.json":
        content = (Path(os.environ["BENCH_SITES"]) / name).read_bytes()
    else:
        found = files("xstatic.pkg.leaflet") / "data" / name
        if ".." in name or not found.is_file():
            return PlainTextResponse("not here", status_code=404)
        content = found.read_bytes() + (PLACE_OF_PINS if name == "leaflet.js" else b"")
    kept = {"Cache-Control": f"public, max-age={YEAR_S}, immutable"}
    return Response(content, media_type=TYPES[Path(name).suffix], headers=kept)


app = st.App(
    HERE / f"{os.environ['BENCH_ARM']}.py",
    routes=[Route("/berkas/{name:path}", local_file, methods=["GET"])],
)
