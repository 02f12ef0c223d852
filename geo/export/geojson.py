"""Write GeoJSON as RFC 7946 wants it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from geo.export.places import extent, shapes_of, without_places
from geo.export.text import json_tokens

DECIMALS: Final = 7
"""Digits behind the point of a coordinate: a centimetre."""


def geojson_bytes(table: pd.DataFrame, about: Mapping[str, str]) -> bytes:
    """A feature a row, one a line, ``about`` in the member ``metadata``, the box around all in ``bbox``.

    No ``crs`` (it is WGS 84), longitude first, at most seven decimals, outer rings counterclockwise. A row without a
    place has the geometry ``null``. Where a point has more decimals than that, ``lon`` and ``lat`` stand among the
    properties, too, with all of them, so that nothing is lost.
    """
    shapes = shapes_of(table, "geojson")
    rounded = shapely.transform(shapes, lambda corners: corners.round(DECIMALS))
    members = without_places(table) if _is_exact(table) else table
    heads = [f"{json.dumps(str(name), ensure_ascii=False)}: " for name in members.columns]
    columns = [
        [head + token for token in json_tokens(members[name])]
        for head, name in zip(heads, members.columns, strict=True)
    ]
    properties = [", ".join(parts) for parts in zip(*columns, strict=True)] if columns else [""] * len(table)
    geometries = [text or "null" for text in shapely.to_geojson(rounded).tolist()]
    features = [
        f'{{"type": "Feature", "geometry": {geometry}, "properties": {{{told}}}}}'
        for geometry, told in zip(geometries, properties, strict=True)
    ]
    head: dict[str, Any] = {"type": "FeatureCollection", "metadata": dict(about)}
    box = extent(rounded)
    if box is not None:
        head["bbox"] = [round(edge, DECIMALS) for edge in box]
    opening = json.dumps(head, ensure_ascii=False)[:-1]
    return (opening + ', "features": [\n' + ",\n".join(features) + "\n]}\n").encode("utf-8")


def _is_exact(table: pd.DataFrame) -> bool:
    """Whether no point loses a digit."""
    if "geometry" in table:
        return True
    exact = table[["lon", "lat"]].to_numpy(dtype="float64", na_value=np.nan)
    return bool(((exact.round(DECIMALS) == exact) | np.isnan(exact)).all())
