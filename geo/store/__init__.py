"""Keep the programme's records: tables, migrations, reads and writes, on SQLite or PostgreSQL/PostGIS."""

from geo.store.dictionary import dictionary
from geo.store.engine import open_store
from geo.store.store import Store

__all__ = ["Store", "dictionary", "open_store"]
