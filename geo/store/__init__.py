"""Keep the programme's records: tables, migrations, reads and writes, on SQLite or PostgreSQL/PostGIS."""

from geo.store.accounts import Account
from geo.store.audit import Head, Mark, came_from, coming_from
from geo.store.batches import Batch, Committed, StoredBatch
from geo.store.comparison import Compared, Counts
from geo.store.dictionary import dictionary
from geo.store.engine import open_store
from geo.store.schema import DATA_TABLES
from geo.store.snapshots import Exported, Records, StoredSnapshot
from geo.store.store import Store
from geo.store.undo import Undone

__all__ = [
    "DATA_TABLES",
    "Account",
    "Batch",
    "Committed",
    "Compared",
    "Counts",
    "Exported",
    "Head",
    "Mark",
    "Records",
    "Store",
    "StoredBatch",
    "StoredSnapshot",
    "Undone",
    "came_from",
    "coming_from",
    "dictionary",
    "open_store",
]
