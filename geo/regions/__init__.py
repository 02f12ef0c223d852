"""Know the regions: their codes, names, boundaries, and which one a point lies in.

Shipped kabupaten/kota boundaries are approximate (``approximate`` is true): say so wherever they are drawn. Names are
raw text; whoever shows them escapes them. Coordinates are (lon, lat) in degrees, WGS 84.
"""

from geo.regions.boundaries import (
    bbox_of,
    boundary_hash,
    boundary_source,
    boundary_stamp,
    load_boundaries,
    load_outline,
    regencies_of,
    region,
    region_label,
    region_name,
    region_table,
    regions,
)
from geo.regions.folders import active_folder
from geo.regions.locate import Located, locate, locate_points
from geo.regions.names import Match, find_region, other_names
from geo.regions.replace import RefusedBoundariesError, Replacement, RowVerdict, replace_boundaries, report_bytes
from geo.regions.web import web_layer

__all__ = [
    "Located",
    "Match",
    "RefusedBoundariesError",
    "Replacement",
    "RowVerdict",
    "active_folder",
    "bbox_of",
    "boundary_hash",
    "boundary_source",
    "boundary_stamp",
    "find_region",
    "load_boundaries",
    "load_outline",
    "locate",
    "locate_points",
    "other_names",
    "regencies_of",
    "region",
    "region_label",
    "region_name",
    "region_table",
    "regions",
    "replace_boundaries",
    "report_bytes",
    "web_layer",
]
