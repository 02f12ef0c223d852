"""Draw where the rows of a file lie, on the outlines of the regions around them."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import shapely
import streamlit as st

from geo import regions
from geo.drawing.charts import FONT
from geo.drawing.escape import plain_text
from geo.drawing.palette import ground
from geo.intake.verdicts import Verdict
from geo.locale import Translator
from pages.parts import intake_words, page, plots

MOST: Final = 2_000
"""Rows drawn of each verdict."""

_SYMBOLS: Final = {Verdict.ACCEPTED: "circle", Verdict.FLAGGED: "triangle-up", Verdict.REFUSED: "x"}
_HEIGHT_PX: Final = 380
_LEAST_DEGREES: Final = 1.5
_CLOSE_DEGREES: Final = 4.0
"""Boxes narrower than this show kabupaten and kota, wider ones provinces."""

_MOST_NAMES: Final = 12
_NAME_PX: Final = 12
_LETTER_PX: Final = 6.2
"""Width of a letter of a name, on average."""

_LEAST_WIDTH_PX: Final = 350
"""Width of the chart on a telephone."""

_MOST_SHAPE: Final = 5.0
"""Width by height of a chart at most, or height by width."""


def located(t: Translator, places: pd.DataFrame) -> None:
    """The map of ``Checked.places``; nothing where no row has a place."""
    if places.empty:
        return
    theme = page.theme()
    colours = ground(theme)
    box = _box(places)
    figure = go.Figure()
    areas = _areas(_around(box), level=2 if box[2] - box[0] < _CLOSE_DEGREES else 1)
    x, y = _outlines(areas)
    figure.add_trace(
        go.Scatter(
            x=x, y=y, mode="lines", fill="toself", fillcolor=colours.land, hoverinfo="skip", showlegend=False,
            line={"color": colours.border_strong, "width": 1},
        )
    )  # fmt: skip
    figure.add_trace(_names(areas, box, colours.muted))
    parts = []
    for verdict in Verdict:
        rows = places[places["verdict"] == str(verdict)]
        if rows.empty:
            continue
        name = intake_words.verdict_name(t, verdict)
        parts.append(f"{t.integer(len(rows))} {name}")
        drawn = rows.head(MOST)
        figure.add_trace(
            go.Scatter(
                x=drawn["lon"],
                y=drawn["lat"],
                mode="markers",
                name=f"{name} ({t.integer(len(rows))})",
                text=[t("row {row}", row=row) for row in drawn["row"]],
                hovertemplate="%{text}<extra></extra>",
                marker={
                    "symbol": _SYMBOLS[verdict],
                    "size": 10,
                    "color": intake_words.VERDICT_LOOKS[verdict].colour(theme),
                    "line": {"color": colours.casing, "width": 1},
                },
            )
        )
    west, south, east, north = box
    axis = {"visible": False, "fixedrange": False, "constrain": "range"}
    figure.update_layout(
        template=None,
        height=_HEIGHT_PX,
        margin={"l": 0, "r": 0, "t": 34, "b": 0},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor=colours.sea,
        font={"family": FONT, "color": colours.ink, "size": 14},
        dragmode="pan",
        legend={"orientation": "h", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom"},
        xaxis={**axis, "range": [west, east]},
        yaxis={**axis, "range": [south, north], "scaleanchor": "x"},
        hoverlabel={"bgcolor": colours.paper, "font": {"color": colours.ink}},
    )
    st.plotly_chart(
        figure,
        key="impor-peta",
        theme=None,
        config={**plots.CONFIG, "scrollZoom": True},
        alt=t("Map of the rows that have a place: {parts}.", parts=", ".join(parts)),
    )
    if (places["verdict"].value_counts() > MOST).any():
        st.caption(t("The first {most} rows of each verdict are drawn.", most=t.integer(MOST)))


Box = tuple[float, float, float, float]


def _box(places: pd.DataFrame) -> Box:
    """West, south, east, north around the rows, with room; far strays do not stretch it beyond the country."""
    lon, lat = places["lon"].clip(94, 142), places["lat"].clip(-12, 7)
    wide = max(float(lon.max() - lon.min()), _LEAST_DEGREES) * 0.15 + 0.3
    west, east = float(lon.min()) - wide, float(lon.max()) + wide
    south, north = float(lat.min()) - wide, float(lat.max()) + wide
    return west, south, east, north


def _around(box: Box) -> Box:
    """What a chart may show of the box, whose sides it lengthens to its own shape."""
    west, south, east, north = box
    width, height = east - west, north - south
    more_x, more_y = max(0.0, _MOST_SHAPE * height - width) / 2, max(0.0, _MOST_SHAPE * width - height) / 2
    return west - more_x, south - more_y, east + more_x, north + more_y


def _areas(box: Box, *, level: Literal[1, 2]) -> pd.DataFrame:
    """Names and shapes of the regions of a level that reach into the box."""
    found = regions.load_boundaries(level)
    shapes = found.geometry.to_numpy()
    near = shapely.intersects(shapes, shapely.box(*box))
    return pd.DataFrame({"name": found["name"].to_numpy()[near], "shape": shapes[near]})


def _outlines(areas: pd.DataFrame) -> tuple[list[float | None], list[float | None]]:
    """Outer rings of the areas, parted by ``None``."""
    x: list[float | None] = []
    y: list[float | None] = []
    for part in shapely.get_parts(areas["shape"].to_numpy()):
        points = np.round(shapely.get_coordinates(shapely.get_exterior_ring(part)), 3)
        x += [*points[:, 0].tolist(), None]
        y += [*points[:, 1].tolist(), None]
    return x, y


def _names(areas: pd.DataFrame, box: Box, colour: str) -> go.Scatter:
    """The names of the largest areas in the box, each at a point of what is seen of it, none across another."""
    seen = shapely.intersection(areas["shape"].to_numpy(), shapely.box(*box))
    largest = np.argsort(-shapely.area(seen))[:_MOST_NAMES]
    largest = largest[shapely.area(seen[largest]) > 0]
    points = shapely.point_on_surface(seen[largest])
    names = [plain_text(name) for name in areas["name"].iloc[largest]]
    x, y = np.round(shapely.get_x(points), 3), np.round(shapely.get_y(points), 3)
    clear = _apart(x, y, names, degrees_per_px=max((box[2] - box[0]) / _LEAST_WIDTH_PX, (box[3] - box[1]) / _HEIGHT_PX))
    return go.Scatter(
        x=x[clear],
        y=y[clear],
        text=[names[at] for at in clear],
        mode="text",
        textfont={"color": colour, "size": _NAME_PX},
        hoverinfo="skip",
        showlegend=False,
    )


def _apart(x: np.ndarray, y: np.ndarray, names: list[str], *, degrees_per_px: float) -> list[int]:
    """Places of the names that cover no earlier one, in a chart of this scale or a larger one."""
    kept: list[int] = []
    for at, name in enumerate(names):
        reach = [(len(name) + len(names[other])) / 2 * _LETTER_PX * degrees_per_px for other in kept]
        high = _NAME_PX * 1.4 * degrees_per_px
        if all(
            abs(x[at] - x[other]) >= wide or abs(y[at] - y[other]) >= high
            for other, wide in zip(kept, reach, strict=True)
        ):
            kept.append(at)
    return kept
