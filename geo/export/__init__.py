"""Hand the records and the figures back in open formats, each file with its day, its source and the sample mark.

``export_frame`` gives the rows behind the screens, ``records`` the rows as the store keeps them; ``table_bytes`` writes
either. Nothing is lost on the way: a number keeps its digits, a code stays text, a moment is told in UTC, and a text
that looks like a formula comes back as it was, in CSV by ``verbatim`` and in a workbook by ``unescaped``.
"""

from geo.export.about import ABOUT_COLUMNS, about, file_name, own_columns
from geo.export.cells import harmless, plain, verbatim
from geo.export.formats import FORMATS, MAP_FORMATS, table_bytes
from geo.export.frames import (
    LOCATED,
    SITE_FIELDS,
    WHATS,
    evaluation_rows,
    export_frame,
    reconciliation_rows,
    whole_money,
    with_areas,
)
from geo.export.meanings import described, subject_of
from geo.export.records import RECORDS, records
from geo.export.workbook import unescaped

__all__ = [
    "ABOUT_COLUMNS",
    "FORMATS",
    "LOCATED",
    "MAP_FORMATS",
    "RECORDS",
    "SITE_FIELDS",
    "WHATS",
    "about",
    "described",
    "evaluation_rows",
    "export_frame",
    "file_name",
    "harmless",
    "own_columns",
    "plain",
    "reconciliation_rows",
    "records",
    "subject_of",
    "table_bytes",
    "unescaped",
    "verbatim",
    "whole_money",
    "with_areas",
]
