"""Write CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from geo.export.cells import harmless, plain_column

_encode: Final = json.JSONEncoder(ensure_ascii=False).encode


def csv_bytes(table: pd.DataFrame, about: Mapping[str, str]) -> bytes:
    """UTF-8 with a byte order mark, commas, CRLF, one table; ``about`` fills the last columns of each row.

    Numbers have a decimal point and all their digits, days and moments (UTC) are ISO 8601, missing is empty. Texts are
    made ``harmless``.
    """
    columns = [_harmless_column(plain_column(table[name])) for name in table.columns]
    same = [[harmless(text)] * len(table) for text in about.values()]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(str(name)) for name in (*table.columns, *about)])
    writer.writerows(zip(*columns, *same, strict=True))
    return out.getvalue().encode("utf-8-sig")


def _harmless_column(values: list[Any]) -> list[Any]:
    changed = {value: harmless(value) for value in {value for value in values if isinstance(value, str)}}
    return [changed[value] if isinstance(value, str) else value for value in values]


def json_bytes(table: pd.DataFrame, about: Mapping[str, str]) -> bytes:
    """A list of rows in UTF-8, a member a line, with ``about`` as the last members of each."""
    names = [f"  {_encode(str(name))}: " for name in table.columns]
    columns = [
        [head + token for token in json_tokens(table[name])] for head, name in zip(names, table.columns, strict=True)
    ]
    same = [[f"  {_encode(name)}: {_encode(text)}"] * len(table) for name, text in about.items()]
    rows = [" {\n" + ",\n".join(members) + "\n }" for members in zip(*columns, *same, strict=True)]
    return ("[\n" + ",\n".join(rows) + "\n]" if rows else "[]").encode("utf-8")


def json_tokens(values: pd.Series) -> list[str]:
    """Each cell as JSON writes it."""
    return [_token(value) for value in plain_column(values)]


def _token(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        return repr(value)
    return _encode(value)
