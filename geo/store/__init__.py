"""Keep the programme's records: tables, migrations, reads and writes, on SQLite or PostgreSQL/PostGIS."""

from geo.store.dictionary import dictionary
from geo.store.engine import open_store
from geo.store.schema import DATA_TABLES
from geo.store.store import Store

__all__ = ["DATA_TABLES", "Store", "dictionary", "open_store"]
