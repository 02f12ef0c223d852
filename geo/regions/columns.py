"""Find the columns of codes and names in an official boundary file.

Names are those of BIG (``KDPKAB``, ``WADMKK``), of Dukcapil and of tables in Indonesian or English. Columns with codes
of BPS (``KDPBPS``, ``KDBBPS``) are not among them: Kemendagri's are the ones in force here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from geo.model import Problem, RefusedError

Level = Literal[1, 2]

CODES: Final[Mapping[Level, tuple[str, ...]]] = {
    1: ("code", "kode", "kode provinsi", "kode prov", "kdppum", "kd prov", "province code", "kode wilayah"),
    2: (
        "code", "kode", "kode kab kota", "kode kabkota", "kode kabupaten kota", "kode kk", "kode kab", "kdpkab",
        "kode kabupaten", "kd kab", "regency code", "kode wilayah",
    ),
}  # fmt: skip
NAMES: Final[Mapping[Level, tuple[str, ...]]] = {
    1: ("name", "nama", "nama provinsi", "provinsi", "wadmpr", "nama prov", "province", "namobj", "nama wilayah"),
    2: (
        "name", "nama", "nama kab kota", "nama kabkota", "nama kabupaten kota", "kab kota", "kabupaten kota", "wadmkk",
        "nama kabupaten", "nama kab", "kabupaten", "regency", "namobj", "nama wilayah",
    ),
}  # fmt: skip
"""What such a column is called, the surest first; case, blanks and underscores make no difference."""


def found_columns(
    fields: Sequence[str], level: Level, *, code: str | None = None, name: str | None = None, file: str
) -> tuple[str, str]:
    """The columns of codes and names among the fields; one that is given stands.

    Raises ``RefusedError`` with the columns of the file where one of them is called by no known name.
    """
    code, name = code or _first(fields, CODES[level]), name or _first(fields, NAMES[level])
    if code is not None and name is not None:
        return code, name
    listed = ", ".join(fields) or "none"
    wanted = (("the codes of Kemendagri", "--code", code), ("the names", "--name", name))
    raise RefusedError(
        Problem(f"no column is known to hold {what}; the columns are: {listed}", f"Name it with {option}.", file=file)
        for what, option, found in wanted
        if found is None
    )


def _first(fields: Sequence[str], known: Sequence[str]) -> str | None:
    plain = {_plain(field): field for field in reversed(fields)}
    return next((plain[_plain(name)] for name in known if _plain(name) in plain), None)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()
