"""Define the tables: names, types, limits and meanings, in one place.

What a column means, in which unit and within which limits stands in its ``info``; the CHECK constraints, the checks
before a write (``geo.store.checks``) and the data dictionary (``geo.store.dictionary``) are all made from it.

- ``id``, ``en``: the description in both languages
- ``unit``: a ``Words`` or a sign such as ``%``; absent where a value has no unit
- ``values``: the words allowed, where they are a closed list
- ``low``, ``high``: the range allowed, both ends included
- ``pattern``: a regular expression the whole text must match (checked before a write, not by the database)
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final, Literal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.types import TypeEngine

from geo.model import CHECKPOINTS, DataStatus, InstitutionKind, LocationPrecision, Stage, Words
from geo.store.columns import Geometry, UtcTime


class BeneficiaryGroup(StrEnum):
    """Whom a count of beneficiaries speaks of."""

    MITRA = "mitra"
    PENYINTAS = "penyintas"
    MASYARAKAT = "masyarakat"


class ClaimMeasure(StrEnum):
    """What a stated total counts; the two are never one series."""

    PLANNED = "planned"
    DONE = "done"


class ActionKind(StrEnum):
    """Whether an action builds something."""

    PHYSICAL = "physical"
    NON_PHYSICAL = "non_physical"


class DecisionState(StrEnum):
    """Whether a decision of a meeting is still to be carried out."""

    OPEN = "open"
    DONE = "done"


class RowEvent(StrEnum):
    """What a batch did to a row."""

    APPENDED = "appended"
    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"


ROLES: Final[tuple[str, ...]] = ("administrator", "viewer", "coordinator", "verifier", "auditor", "guest")
"""What an account may be; ``geo.access`` says what each may do, and a test holds the two together."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_SERIAL: Final = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows by itself only for INTEGER
_RUPIAH: Final = "Rp"
_REGION: Final = r"\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?"
_PEOPLE: Final = Words(id="orang", en="people")
_OF_CLAIM: Final = Words(id="satuan menurut sumber", en="unit as the source words it")
_OF_INDICATOR: Final = Words(id="satuan indikator", en="unit of the indicator")


def _column(
    name: str,
    kind: TypeEngine[Any],
    id_: str,
    en: str,
    *,
    required: bool = False,
    key: bool = False,
    numbered: bool = True,
    refers: str | None = None,
    **info: object,
) -> Column[Any]:
    """A documented column; ``refers`` names the ``table.column`` that must hold its value.

    A whole number that is a key is given by the database, unless it is not ``numbered`` so.
    """
    described: dict[str, object] = {"id": id_, "en": en, **info}
    values = info.get("values")
    if isinstance(values, type) and issubclass(values, StrEnum):
        described["values"] = tuple(str(value) for value in values)
    targets = [ForeignKey(refers)] if refers else []
    counted: Literal["auto"] | bool = "auto" if numbered else False
    return Column(
        name, kind, *targets, primary_key=key, nullable=not (required or key), autoincrement=counted, info=described
    )


def _number(column: Column[Any], limit: object) -> str:
    return str(limit) if isinstance(column.type, BigInteger | Integer) else repr(float(str(limit)))


def _limits(column: Column[Any]) -> Iterator[CheckConstraint]:
    """The CHECKs that a column's ``info`` asks for."""
    quoted = f'"{column.name}"'
    values, low, high = (column.info.get(word) for word in ("values", "low", "high"))
    if values:
        words = ", ".join(f"'{value}'" for value in values)
        yield CheckConstraint(f"{quoted} IN ({words})", name=column.name)
    elif isinstance(column.type, Text):
        yield CheckConstraint(f"{quoted} <> ''", name=column.name)
    if low is not None and high is not None:
        span = f"BETWEEN {_number(column, low)} AND {_number(column, high)}"
        yield CheckConstraint(f"{quoted} {span}", name=column.name)
    elif low is not None:
        yield CheckConstraint(f"{quoted} >= {_number(column, low)}", name=column.name)


def _table(name: str, *parts: Column[Any] | CheckConstraint | Index, **options: Any) -> Table:
    columns = [part for part in parts if isinstance(part, Column)]
    checks = [check for column in columns for check in _limits(column)]
    return Table(name, metadata, *parts, *checks, **options)


def _serial() -> Column[Any]:
    return _column("id", _SERIAL, "Nomor urut pencatatan.", "Serial number, in the order of recording.", key=True)


def _as_of(*, key: bool = False, required: bool = True) -> Column[Any]:
    return _column(
        "as_of", Date(), "Tanggal yang dilaporkan.", "The day the figures speak of.", required=required, key=key
    )


def _recorded_at(*, key: bool = False) -> Column[Any]:
    return _column(
        "recorded_at",
        UtcTime(),
        "Saat dicatat di sini; yang dicatat lebih kemudian menggantikan yang lama.",
        "The moment it became known here; what is recorded later supersedes.",
        required=True,
        key=key,
    )


def _known_since() -> Column[Any]:
    return _column(
        "recorded_at",
        UtcTime(),
        "Saat dicatat di sini; kosong berarti diketahui sejak awal.",
        "The moment it became known here; empty means known from the start.",
    )


def _checkpoint() -> Column[Any]:
    return _column(
        "checkpoint",
        Text(),
        "Titik periksa: akhir Maret (b03), Juni (b06), September (b09), Desember (b12).",
        "Checkpoint: end of March (b03), June (b06), September (b09), December (b12).",
        key=True,
        values=CHECKPOINTS,
    )


def _site(*, key: bool = False, required: bool = True) -> Column[Any]:
    return _column("site_code", Text(), "Lokasi.", "The site.", required=required, key=key, refers="sites.code")


def _source_url() -> Column[Any]:
    return _column("source_url", Text(), "Alamat sumber yang terbuka.", "Address of the public source.")


def _data_status() -> Column[Any]:
    return _column(
        "data_status",
        Text(),
        "Asal data: dilaporkan, diturunkan, atau contoh buatan.",
        "Origin: reported, derived from a report, or made up as a sample.",
        required=True,
        values=DataStatus,
    )


def _region_code(*, required: bool = True) -> Column[Any]:
    return _column(
        "region_code",
        Text(),
        "Kode wilayah Kemendagri, bertitik (35 atau 35.07).",
        "Kemendagri code of the region, with dots (35 or 35.07).",
        required=required,
        pattern=_REGION,
    )


def _percent(id_: str, en: str, *, required: bool = False) -> Column[Any]:
    return _column("percent", Double(), id_, en, required=required, unit="%", low=0, high=100)


def _money(name: str, id_: str, en: str) -> Column[Any]:
    return _column(name, BigInteger(), id_, en, unit=_RUPIAH, low=0, high=None)


def _year(*, required: bool = False, key: bool = False) -> Column[Any]:
    return _column(
        "year", Integer(), "Tahun anggaran.", "Budget year.", required=required, key=key, low=2000, high=2100
    )


def _stage(*, required: bool = False) -> Column[Any]:
    return _column(
        "stage", Text(), "Tahap menurut pelapor.", "Stage as its reporter states it.", required=required, values=Stage
    )


def _author() -> Column[Any]:
    return _column(
        "author", Text(), "Jabatan atau satuan yang melaporkan.", "Office or function that reports, not a person."
    )


institutions = _table(
    "institutions",
    _column("code", Text(), "Kode instansi.", "Code of the institution.", key=True),
    _column("name", Text(), "Nama instansi.", "Name of the institution.", required=True),
    _column(
        "kind",
        Text(),
        "Jenis: kementerian/lembaga, pemerintah daerah, atau mitra.",
        "Ministry or agency, local government, or partner.",
        required=True,
        values=InstitutionKind,
    ),
    _column("field", Text(), "Bidang koordinasi.", "Field of coordination."),
    _known_since(),
)

sites = _table(
    "sites",
    _column("code", Text(), "Kode lokasi, tetap selamanya.", "Code of the site, stable for good.", key=True),
    _column("programme", Text(), "Kode program.", "Code of the programme.", required=True),
    _column("name", Text(), "Nama lokasi.", "Name of the site.", required=True),
    _region_code(),
    _column(
        "lon",
        Double(),
        "Bujur, WGS 84 (EPSG:4326).",
        "Longitude, WGS 84 (EPSG:4326).",
        required=True,
        unit="°",
        low=-180,
        high=180,
    ),
    _column(
        "lat",
        Double(),
        "Lintang, WGS 84 (EPSG:4326).",
        "Latitude, WGS 84 (EPSG:4326).",
        required=True,
        unit="°",
        low=-90,
        high=90,
    ),
    _column(
        "footprint",
        Geometry(),
        "Batas lahan: poligon, WGS 84 (EPSG:4326), bila ada.",
        "Outline of the land: a polygon, WGS 84 (EPSG:4326), where known.",
    ),
    _column(
        "location_precision",
        Text(),
        "Makna titik: letak sebenarnya, titik tengah desa, atau titik tengah kabupaten/kota.",
        "What the point stands for: the place itself, the centre of its village, or of its district.",
        required=True,
        values=LocationPrecision,
    ),
    _column(
        "institution_code",
        Text(),
        "Instansi penanggung jawab.",
        "The institution in charge.",
        refers="institutions.code",
    ),
    _column("start_date", Date(), "Tanggal mulai.", "The day work begins."),
    _column("target_date", Date(), "Tanggal target selesai.", "The day work is to be done."),
    _money("contract_value", "Nilai kontrak.", "Contract value."),
    _year(),
    _data_status(),
    _source_url(),
    _known_since(),
    CheckConstraint("target_date >= start_date", name="dates"),
    Index(None, "region_code"),
)

site_indicators = _table(
    "site_indicators",
    _serial(),
    _site(),
    _column("indicator", Text(), "Kode indikator program.", "Code of the programme's indicator.", required=True),
    _column("unit", Text(), "Satuan nilai.", "Unit of the value.", required=True),
    _column(
        "value",
        Double(),
        "Nilai; klaim yang bertentangan berdiri sebagai baris tersendiri.",
        "The value; conflicting claims stand as rows of their own.",
        required=True,
        unit=_OF_INDICATOR,
    ),
    _as_of(required=False),
    _source_url(),
    _known_since(),
    Index(None, "site_code", "indicator"),
    sqlite_autoincrement=True,
)

plans = _table(
    "plans",
    _site(key=True),
    _as_of(key=True),
    _recorded_at(key=True),
    _percent(
        "Kemajuan fisik kumulatif menurut rencana; yang terakhir 100.",
        "Cumulative planned progress; the last is 100.",
        required=True,
    ),
    _money("spend", "Pengeluaran kumulatif menurut rencana.", "Cumulative planned spending."),
    sqlite_with_rowid=False,
)

reports = _table(
    "reports",
    _serial(),
    _site(),
    _as_of(),
    _recorded_at(),
    _percent(
        "Kemajuan fisik kumulatif; kosong berarti tidak dilaporkan, bukan nol.",
        "Cumulative progress; empty means not reported, never zero.",
    ),
    _money("spend", "Pengeluaran kumulatif (SP2D).", "Cumulative spending (as disbursed)."),
    _stage(),
    _column("note", Text(), "Catatan.", "Note."),
    _source_url(),
    _data_status(),
    _author(),
    CheckConstraint(
        "percent IS NOT NULL OR spend IS NOT NULL OR stage IS NOT NULL OR note IS NOT NULL", name="says_something"
    ),
    Index(None, "site_code", "as_of", "recorded_at"),
    sqlite_autoincrement=True,
)

actions = _table(
    "actions",
    _column("code", Text(), "Kode rencana aksi.", "Code of the action.", key=True),
    _year(required=True),
    _column(
        "institution_code",
        Text(),
        "Instansi penanggung jawab.",
        "The institution in charge.",
        required=True,
        refers="institutions.code",
    ),
    _region_code(),
    _column("programme", Text(), "Kode program, bila termasuk satu program.", "Code of the programme, if of one."),
    _site(required=False),
    _column("kind", Text(), "Fisik atau non-fisik.", "Physical or non-physical.", required=True, values=ActionKind),
    _column("title", Text(), "Judul rencana aksi.", "Title of the action.", required=True),
    _column("indicator", Text(), "Indikator keberhasilan.", "What is counted."),
    _column("unit", Text(), "Satuan target dan capaian.", "Unit of targets and achievement."),
    *(
        _column(
            f"target_b{month}",
            Double(),
            f"Target kumulatif sampai akhir bulan {month}.",
            f"Cumulative target by the end of month {month}.",
            unit=_OF_INDICATOR,
            low=0,
        )
        for month in ("03", "06", "09", "12")
    ),
    _money("budget", "Pagu anggaran.", "Budget ceiling."),
    _money("contract", "Nilai kontrak; kosong bila tanpa kontrak.", "Contract value; empty where there is none."),
    _known_since(),
    Index(None, "year", "region_code"),
)

action_reports = _table(
    "action_reports",
    _serial(),
    _column("action_code", Text(), "Rencana aksi.", "The action.", required=True, refers="actions.code"),
    _as_of(),
    _recorded_at(),
    _column(
        "achieved",
        Double(),
        "Capaian kumulatif; kosong berarti tidak dilaporkan, bukan nol.",
        "Cumulative achievement; empty means not reported, never zero.",
        unit=_OF_INDICATOR,
        low=0,
    ),
    _money("spend", "Pengeluaran kumulatif.", "Cumulative spending."),
    _stage(),
    _column("obstacle", Text(), "Kendala yang dilaporkan.", "The obstacle reported."),
    _author(),
    CheckConstraint(
        "achieved IS NOT NULL OR spend IS NOT NULL OR stage IS NOT NULL OR obstacle IS NOT NULL",
        name="says_something",
    ),
    Index(None, "action_code", "as_of", "recorded_at"),
    sqlite_autoincrement=True,
)

beneficiaries = _table(
    "beneficiaries",
    _site(key=True),
    _as_of(key=True),
    _column(
        "group",
        Text(),
        "Kelompok: mitra deradikalisasi, penyintas, atau masyarakat.",
        "Group: programme partners, survivors, or the community.",
        key=True,
        values=BeneficiaryGroup,
    ),
    _column(
        "count", Integer(), "Jumlah penerima manfaat.", "Number of beneficiaries.", required=True, unit=_PEOPLE, low=0
    ),
    _known_since(),
    sqlite_with_rowid=False,
)

obstacles = _table(
    "obstacles",
    _serial(),
    _column(
        "code",
        Text(),
        "Kode kendala; baris dengan kode sama adalah keadaan berikutnya dari kendala yang sama.",
        "Code of the obstacle; rows of one code are successive states of the same obstacle.",
    ),
    _site(required=False),
    _column("action_code", Text(), "Rencana aksi, bila terkait.", "The action, if any.", refers="actions.code"),
    _column("opened", Date(), "Tanggal kendala muncul.", "The day it arose.", required=True),
    _column("category", Text(), "Kategori kendala.", "Category.", required=True),
    _column(
        "severity",
        Integer(),
        "Tingkat: 1 ringan, 2 sedang, 3 berat.",
        "Severity: 1 minor, 2 moderate, 3 serious.",
        required=True,
        low=1,
        high=3,
    ),
    _column("note", Text(), "Uraian.", "What it is."),
    _column("follow_up", Text(), "Tindak lanjut.", "What is done about it."),
    _column(
        "closed", Date(), "Tanggal selesai; kosong bila masih terbuka.", "The day it was closed; empty while open."
    ),
    _known_since(),
    CheckConstraint("site_code IS NOT NULL OR action_code IS NOT NULL", name="belongs"),
    CheckConstraint("closed >= opened", name="dates"),
    Index(None, "site_code", "opened"),
    sqlite_autoincrement=True,
)

meetings = _table(
    "meetings",
    _serial(),
    _column("name", Text(), "Nama rapat.", "Name of the meeting.", required=True),
    _as_of(),
    _column(
        "held_at",
        UtcTime(),
        "Saat rapat; yang dicatat sampai saat itu sudah diketahui di sana.",
        "The moment of the meeting; what was recorded by then was known there.",
        required=True,
    ),
    _known_since(),
    sqlite_autoincrement=True,
)

closures = _table(
    "closures",
    _year(key=True),
    _checkpoint(),
    _column(
        "closed_at",
        UtcTime(),
        "Saat titik periksa dikunci; yang dicatat sesudahnya tampil sebagai revisi.",
        "The moment the checkpoint was closed; what is recorded later shows as a restatement.",
        required=True,
    ),
    _author(),
    sqlite_with_rowid=False,
)

claims = _table(
    "claims",
    _serial(),
    _year(required=True),
    _column(
        "measure",
        Text(),
        "Yang dihitung: direncanakan atau terlaksana.",
        "What is counted: planned or carried out.",
        required=True,
        values=ClaimMeasure,
    ),
    _region_code(required=False),
    _column(
        "value",
        Double(),
        "Jumlah rencana aksi yang dinyatakan.",
        "The number of actions that was stated.",
        required=True,
        unit=_OF_CLAIM,
        low=0,
    ),
    _column("unit", Text(), "Satuan menurut sumber.", "Unit as the source words it.", required=True),
    _source_url(),
    _data_status(),
    _known_since(),
    sqlite_autoincrement=True,
)

decisions = _table(
    "decisions",
    _serial(),
    _column(
        "code",
        Text(),
        "Kode keputusan; baris dengan kode sama adalah keadaan berikutnya dari keputusan yang sama.",
        "Code of the decision; rows of one code are successive states of the same decision.",
        required=True,
    ),
    _column("text", Text(), "Yang diputuskan.", "What was decided.", required=True),
    _column(
        "responsible",
        Text(),
        "Jabatan atau satuan yang menindaklanjuti, bukan nama orang.",
        "The office or function that follows it up, not a person.",
        required=True,
    ),
    _column("due", Date(), "Tenggat.", "The day by which it is to be carried out.", required=True),
    _region_code(required=False),
    _site(required=False),
    _column("meeting_day", Date(), "Hari rapat.", "The day of the meeting.", required=True),
    _column(
        "state",
        Text(),
        "Keadaan: masih terbuka atau selesai.",
        "Whether it is still open or done.",
        required=True,
        values=DecisionState,
    ),
    _known_since(),
    Index(None, "code"),
    sqlite_autoincrement=True,
)

stories = _table(
    "stories",
    _serial(),
    _column(
        "name",
        Text(),
        "Nama susunan paparan; baris terakhir dari satu nama yang berlaku.",
        "Name of a kept run; of rows with one name the last one counts.",
        required=True,
    ),
    _column("content", Text(), "Halaman, filter, dan catatan, JSON.", "Pages, filters and notes, as JSON."),
    _column("actor", Text(), "Satuan atau proses yang menyimpan.", "Office or process that kept it.", required=True),
    _column("at", UtcTime(), "Saat disimpan.", "The moment it was kept.", required=True),
    Index(None, "name"),
    sqlite_autoincrement=True,
)

meta = _table(
    "meta",
    _column("key", Text(), "Nama keterangan.", "Name of the entry.", key=True),
    _column("value", Text(), "Isi keterangan.", "Its value.", required=True),
)

changes = _table(
    "changes",
    _serial(),
    _column("at", UtcTime(), "Saat perubahan.", "The moment of the change.", required=True),
    _column("actor", Text(), "Satuan atau proses yang mengubah.", "Office or process that made it.", required=True),
    _column("what", Text(), "Jenis perubahan.", "What was done.", required=True),
    _column("table", Text(), "Tabel yang berubah.", "The table that changed.", required=True),
    _column("rows", BigInteger(), "Banyak baris.", "Number of rows.", required=True, low=0),
    sqlite_autoincrement=True,
)

batches = _table(
    "batches",
    _serial(),
    _column("kind", Text(), "Isi berkas: nama tabel yang diisi.", "What the file is about: a table.", required=True),
    _column("file_name", Text(), "Nama berkas.", "Name of the file.", required=True),
    _column("file_sha256", Text(), "Sidik berkas (SHA-256).", "Fingerprint of the file (SHA-256).", required=True),
    _column(
        "institution_code", Text(), "Instansi pengirim, bila diketahui.", "The institution that sent it, if known."
    ),
    _column("actor", Text(), "Satuan atau proses yang mencatat.", "Office or process that recorded it.", required=True),
    _column("at", UtcTime(), "Saat dicatat.", "The moment it was recorded.", required=True),
    _column(
        "mapping", Text(), "Kolom yang dikenali, JSON.", "How its columns were recognised, as JSON.", required=True
    ),
    _column("rows", BigInteger(), "Banyak baris berkas.", "Rows in the file.", required=True, low=0),
    _column("new", BigInteger(), "Baris baru.", "New rows.", required=True, low=0),
    _column("changed", BigInteger(), "Baris berubah.", "Changed rows.", required=True, low=0),
    _column("unchanged", BigInteger(), "Baris tetap.", "Unchanged rows.", required=True, low=0),
    _column(
        "undo_of",
        _SERIAL,
        "Kiriman yang dibatalkan; kosong bila bukan pembatalan.",
        "The batch that this one takes back; empty where it is no undo.",
        refers="batches.id",
    ),
    Index(None, "undo_of", unique=True),
    Index(None, "file_sha256", "kind"),
    sqlite_autoincrement=True,
)

batch_rows = _table(
    "batch_rows",
    _serial(),
    _column("batch", _SERIAL, "Kiriman.", "The batch.", required=True, refers="batches.id"),
    _column("table", Text(), "Tabel yang diisi.", "The table written to.", required=True),
    _column(
        "what",
        Text(),
        "Ditambahkan, baru, berubah, ditarik, atau dipulihkan.",
        "Appended, new, changed, withdrawn or restored.",
        required=True,
        values=RowEvent,
    ),
    _column("rows", BigInteger(), "Banyak baris.", "Number of rows.", required=True, low=0),
    _column("first", BigInteger(), "Nomor urut pertama.", "First serial number, where the table has them."),
    _column("last", BigInteger(), "Nomor urut terakhir.", "Last serial number, where the table has them."),
    _column("key", Text(), "Kunci baris, JSON.", "Key of the row, as JSON, where it has no serial number."),
    _column("before", Text(), "Isi sebelumnya, JSON.", "The row as it stood until then, as JSON."),
    Index(None, "batch"),
    Index(None, "table", "key"),
    sqlite_autoincrement=True,
)

absences = _table(
    "absences",
    _column("table", Text(), "Tabel.", "The table.", key=True),
    _column(
        "key",
        Text(),
        "Kunci baris yang ditarik, JSON.",
        "Key of a row that was withdrawn and stays for what once referred to it, as JSON.",
        key=True,
    ),
    sqlite_with_rowid=False,
)

mappings = _table(
    "mappings",
    _column("institution_code", Text(), "Instansi pengirim.", "The institution that sends.", key=True),
    _column("kind", Text(), "Isi berkas.", "What its files are about.", key=True),
    _column("mapping", Text(), "Kolom yang dikenali, JSON.", "How columns are recognised, as JSON.", required=True),
    _column("at", UtcTime(), "Saat dicatat.", "The moment it was recorded.", required=True),
    sqlite_with_rowid=False,
)

snapshots = _table(
    "snapshots",
    _serial(),
    _column("number", Text(), "Nomor cuplikan, tercetak di berkas.", "Number printed in the file.", required=True),
    _column("what", Text(), "Yang diekspor: peta, atlas, paparan, lampiran.", "What was exported.", required=True),
    _column("form", Text(), "Bentuk berkas.", "Kind of file.", required=True),
    _column("size", Text(), "Ukuran.", "Size.", required=True),
    _column("request", Text(), "Seluruh permintaan, JSON.", "Everything that was asked for, as JSON.", required=True),
    _column(
        "data_version",
        Text(),
        "Versi data, program, ambang, dan batas wilayah.",
        "Version of records, programmes, thresholds and boundaries.",
        required=True,
    ),
    _column("sha256", Text(), "Sidik berkas (SHA-256).", "Fingerprint of the file (SHA-256).", required=True),
    _column("bytes", BigInteger(), "Besar berkas.", "Length of the file.", required=True, unit="B", low=1),
    _column("file_name", Text(), "Nama berkas.", "Name of the file.", required=True),
    _column("actor", Text(), "Satuan atau proses yang mengekspor.", "Office or process that exported.", required=True),
    _column("at", UtcTime(), "Saat ekspor.", "The moment of the export.", required=True),
    Index(None, "number"),
    Index(None, "sha256"),
    sqlite_autoincrement=True,
)

accounts = _table(
    "accounts",
    _column("account", Text(), "Nama akun menurut penyedia masuk.", "What the sign-in provider calls it.", key=True),
    _column("role", Text(), "Peran.", "Role.", required=True, values=ROLES),
    _column("provinces", Text(), "Provinsi sendiri, JSON.", "Its own provinces, as JSON.", required=True),
    _column("disabled", Integer(), "1: dinonaktifkan.", "1: disabled.", required=True, low=0, high=1),
    _column(
        "valid_since",
        UtcTime(),
        "Sesi yang dimulai sebelum saat ini tidak berlaku lagi.",
        "A session that began before this moment is dead.",
        required=True,
    ),
    _column("created_at", UtcTime(), "Saat dibuat.", "The moment it was made.", required=True),
    _column("changed_at", UtcTime(), "Saat terakhir diubah.", "The moment of its last change.", required=True),
    _column("changed_by", Text(), "Yang terakhir mengubah.", "Who changed it last.", required=True),
    CheckConstraint("account = lower(account)", name="lower_case"),
    sqlite_with_rowid=False,
)

audit = _table(
    "audit",
    _column("id", _SERIAL, "Nomor urut, tanpa celah.", "Serial number, without gaps.", key=True, numbered=False),
    _column("at", UtcTime(), "Saat kejadian.", "The moment it happened.", required=True),
    _column("actor", Text(), "Akun, satuan, atau proses.", "Account, office or process.", required=True),
    _column("origin", Text(), "Dari mana; kosong bila tidak diketahui.", "From where; empty where not known."),
    _column("deed", Text(), "Perbuatan.", "What was done.", required=True),
    _column("object", Text(), "Terhadap apa.", "To what.", required=True),
    _column("outcome", Text(), "Hasil.", "What came of it.", required=True),
    _column("before", Text(), "Keadaan sebelumnya, JSON.", "How it stood before, as JSON."),
    _column("details", Text(), "Rincian atau keadaan sesudahnya, JSON.", "Details, or how it stands since, as JSON."),
    _column("previous", Text(), "Sidik baris sebelumnya.", "Fingerprint of the row before.", required=True),
    _column("hash", Text(), "Sidik baris ini (SHA-256).", "Fingerprint of this row (SHA-256).", required=True),
    Index(None, "at"),
)

audit_head = _table(
    "audit_head",
    _column("id", Integer(), "Selalu 1.", "Always 1.", key=True, numbered=False, low=1, high=1),
    _column("last", BigInteger(), "Nomor baris terakhir.", "Number of the newest row.", required=True, low=0),
    _column("hash", Text(), "Sidik baris terakhir.", "Fingerprint of the newest row.", required=True),
    _column("pruned", BigInteger(), "Nomor terakhir yang dihapus.", "Last number removed.", required=True, low=0),
    _column("pruned_hash", Text(), "Sidik baris itu.", "Fingerprint of that row.", required=True),
    CheckConstraint("pruned <= last", name="order"),
)

publications = _table(
    "publications",
    _serial(),
    _column("period", Date(), "Hari terakhir triwulan.", "Last day of the quarter.", required=True),
    _column(
        "threshold", Integer(), "Batas angka kecil.", "Counts below it are small.", required=True, unit=_PEOPLE, low=1
    ),
    _column("blocks", Text(), "Angka menurut kelompok sandi, JSON.", "The counts by block, as JSON.", required=True),
    _column("actor", Text(), "Satuan atau proses yang menerbitkan.", "Office or process.", required=True),
    _column("at", UtcTime(), "Saat diterbitkan.", "The moment of publication.", required=True),
    sqlite_autoincrement=True,
)

DATA_TABLES: Final[tuple[str, ...]] = (
    "institutions",
    "sites",
    "site_indicators",
    "plans",
    "reports",
    "actions",
    "action_reports",
    "beneficiaries",
    "obstacles",
    "meetings",
    "closures",
    "claims",
    "decisions",
)
"""Tables that a person fills, in the order in which one may refer to another."""

STAMPED: Final[tuple[str, ...]] = (
    "institutions",
    "sites",
    "site_indicators",
    "plans",
    "actions",
    "beneficiaries",
    "obstacles",
    "meetings",
    "claims",
    "decisions",
)
"""Tables whose ``recorded_at`` is the moment of the change where a frame doesn't bring the column."""

KEPT_TABLES: Final[tuple[str, ...]] = (
    "meta",
    "changes",
    "batches",
    "batch_rows",
    "absences",
    "mappings",
    "snapshots",
    "stories",
    "publications",
    "accounts",
    "audit",
    "audit_head",
)
"""Tables that the store fills by itself."""

APPEND_ONLY: Final[tuple[str, ...]] = (
    "reports",
    "action_reports",
    "plans",
    "obstacles",
    "meetings",
    "closures",
    "decisions",
    "batches",
    "batch_rows",
    "snapshots",
    "stories",
    "publications",
    "audit",
)
"""Tables whose rows are never changed or removed; the database itself refuses."""


def canonical_columns(table: str) -> tuple[str, ...]:
    """Names of a table's columns as frames, imports and exports carry them, without the serial number.

    Raises ``KeyError`` for a table that does not exist.
    """
    return tuple(column.name for column in metadata.tables[table].columns if column.name != "id")
