"""Store moments and shapes the same way in SQLite and PostgreSQL/PostGIS."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, DateTime, Dialect, LargeBinary, func
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

SRID = 4326
"""WGS 84: the one reference system of every stored shape."""


class UtcTime(TypeDecorator[datetime]):
    """A moment: only aware datetimes go in (``ValueError`` otherwise), aware UTC datetimes come out.

    PostgreSQL keeps ``timestamp with time zone``; SQLite keeps text of fixed width in UTC, which sorts as time does.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone, {value.isoformat()} has none")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class _PostgisGeometry(UserDefinedType[bytes]):
    """PostGIS ``geometry``: EWKB on the way in, WKB on the way out."""

    cache_ok = True

    def get_col_spec(self, **_kw: Any) -> str:
        return f"geometry(Geometry,{SRID})"

    def bind_expression(self, bindparam: Any) -> ColumnElement[Any]:
        return func.ST_GeomFromEWKB(bindparam, type_=self)

    def column_expression(self, colexpr: Any) -> ColumnElement[Any]:
        return func.ST_AsBinary(colexpr, type_=self)


class Geometry(TypeDecorator[BaseGeometry]):
    """A shapely geometry in EPSG:4326, (lon, lat): PostGIS ``geometry`` there, WKB bytes in SQLite."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind: TypeEngine[Any] = _PostgisGeometry() if dialect.name == "postgresql" else LargeBinary()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: BaseGeometry | None, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        if dialect.name == "postgresql":
            return bytes(shapely.to_wkb(shapely.set_srid(value, SRID), include_srid=True))
        return bytes(shapely.to_wkb(value))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> BaseGeometry | None:
        return None if value is None else shapely.from_wkb(bytes(value))
