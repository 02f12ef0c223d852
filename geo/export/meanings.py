"""Say what each column of an exported table means, with its unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

import pandas as pd

from geo.model import Language, Status, Words
from geo.store import dictionary

_POINTS: Final = Words(id="poin persentase", en="percentage points")
_PLACES: Final = Words(id="lokasi", en="sites")
_ACTIONS: Final = Words(id="renaksi", en="actions")
_DAYS: Final = Words(id="hari", en="days")
_SHARE: Final = Words(id="bagian (0 sampai 1)", en="share (0 to 1)")
_OF_INDICATOR: Final = Words(id="satuan indikator", en="unit of the indicator")
_PERCENT: Final = Words(id="%", en="%")
_RUPIAH: Final = Words(id="Rp", en="Rp")
_NONE: Final = Words(id="", en="")

_NUMBER: Final = Words(id="bilangan", en="number")
_WHOLE: Final = Words(id="bilangan bulat", en="whole number")
_TEXT: Final = Words(id="teks", en="text")
_DAY: Final = Words(id="tanggal", en="date")
_MOMENT: Final = Words(id="waktu (UTC)", en="time (UTC)")
_YES_NO: Final = Words(id="ya/tidak", en="yes/no")

_FIGURES: Final[Mapping[str, tuple[Words, Words, str, str]]] = {
    # where a site stands
    "plan_percent": (_NUMBER, _PERCENT, "Kemajuan menurut rencana pada tanggal posisi.", "Planned progress."),
    "actual_percent": (
        _NUMBER, _PERCENT, "Kemajuan yang dilaporkan; kosong berarti belum dilaporkan, bukan nol.",
        "Progress as reported; empty means not reported, never zero.",
    ),
    "deviation_points": (
        _NUMBER, _POINTS, "Realisasi dikurangi rencana; negatif bila terlambat.",
        "Realisation minus plan; negative when late.",
    ),
    "status": (_TEXT, _NONE, "Status pada tanggal posisi.", "How it stands on the day."),
    "age_days": (_WHOLE, _DAYS, "Umur laporan terakhir.", "Age of the last report."),
    "rule": (_TEXT, _NONE, "Aturan yang menentukan status.", "The rule that decided the status."),
    "plan_spend": (_WHOLE, _RUPIAH, "Pengeluaran kumulatif menurut rencana.", "Planned cumulative spending."),
    "actual_spend": (_WHOLE, _RUPIAH, "Pengeluaran kumulatif yang dilaporkan.", "Cumulative spending as reported."),
    "silent": (_YES_NO, _NONE, "Lama tidak melapor.", "No report for too long."),
    "late_since": (_DAY, _NONE, "Terlambat sejak.", "Behind plan since."),
    "limit_points": (_NUMBER, _POINTS, "Batas keterlambatan dari aturan.", "The lateness beyond which the rule holds."),
    "next_step": (_TEXT, _NONE, "Langkah berikutnya menurut aturan.", "What the rule asks for next."),
    "in_force": (
        _YES_NO, _NONE, "Laporan yang berlaku; tidak berarti sudah digantikan.",
        "The report that counts; no means it was superseded.",
    ),
    # roll-ups
    "level": (_WHOLE, _NONE, "0 keseluruhan, 1 provinsi, 2 kabupaten/kota.", "0 the whole, 1 province, 2 district."),
    "sites": (_WHOLE, _PLACES, "Jumlah lokasi.", "Number of sites."),
    "base": (_WHOLE, _NONE, "Banyaknya yang masuk rata-rata.", "How many the average stands on."),
    "reported": (_WHOLE, _NONE, "Banyaknya yang sudah melapor.", "How many have reported."),
    "weighting": (
        _TEXT, _NONE, "Cara merata-rata: menurut nilai kontrak, biasa, atau tidak ada.",
        "How the average is weighted: by contract value, plain, or none.",
    ),
    **{
        str(status): (_WHOLE, _PLACES, f"Banyaknya berstatus {status}.", f"How many have the status {status}.")
        for status in Status
    },
    "late": (_WHOLE, _PLACES, "Banyaknya di belakang rencana.", "How many are behind plan."),
    "never_reported": (_WHOLE, _PLACES, "Banyaknya yang belum pernah melapor.", "How many never reported."),
    "done_untold": (_WHOLE, _PLACES, "Selesai tanpa menyebut persentase.", "Finished without telling a percentage."),
    "blocked": (_WHOLE, _PLACES, "Banyaknya dengan kendala berat.", "How many have a severe obstacle open."),
    "spend_share": (_NUMBER, _SHARE, "Serapan: spend_told / spend_value.", "Absorption: spend_told / spend_value."),
    "spend_told": (_WHOLE, _RUPIAH, "Pengeluaran dari spend_base.", "Spending of the spend_base."),
    "spend_value": (_WHOLE, _RUPIAH, "Nilai kontrak dari spend_base.", "Contract value of the spend_base."),
    "spend_base": (
        _WHOLE, _NONE, "Banyaknya yang menyebut pengeluaran dan nilainya.", "How many told both spend and value.",
    ),
    "share_reported": (_NUMBER, _SHARE, "Bagian lokasi yang melapor.", "Share of the sites that reported."),
    "fresh": (_WHOLE, _NONE, "Melapor dan tidak lama diam.", "Reported and not silent."),
    # the action plan
    "province": (_TEXT, _NONE, "Kode provinsi.", "Code of the province."),
    "regency": (_TEXT, _NONE, "Kode kabupaten/kota.", "Code of the district."),
    "checkpoint": (
        _TEXT, _NONE, "Titik periksa: akhir Maret (b03), Juni (b06), September (b09), Desember (b12).",
        "Checkpoint: end of March (b03), June (b06), September (b09), December (b12).",
    ),
    "target": (_NUMBER, _OF_INDICATOR, "Target titik periksa.", "Target of the checkpoint."),
    "target_year": (_NUMBER, _OF_INDICATOR, "Target akhir tahun.", "Target of the year's end."),
    "closed": (_YES_NO, _NONE, "Titik periksa sudah dikunci.", "The checkpoint is closed."),
    "closed_at": (_MOMENT, _NONE, "Saat titik periksa dikunci.", "The moment the checkpoint was closed."),
    "due": (_YES_NO, _NONE, "Jatuh tempo pada titik periksa.", "Due at the checkpoint."),
    "restated": (_NUMBER, _OF_INDICATOR, "Capaian setelah revisi.", "Achievement as it is known since."),
    "achieved_percent": (_NUMBER, _PERCENT, "Capaian terhadap target.", "Achievement in percent of the target."),
    "restated_percent": (_NUMBER, _PERCENT, "Capaian setelah revisi.", "Achievement as restated, in percent."),
    "latest": (_NUMBER, _OF_INDICATOR, "Capaian terakhir.", "Last achievement told."),
    "latest_as_of": (_DAY, _NONE, "Tanggal capaian terakhir.", "The day it speaks of."),
    "spend_percent": (_NUMBER, _PERCENT, "Pengeluaran terhadap pagu atau nilai.", "Spending in percent of the money."),
    "action_status": (_TEXT, _NONE, "Status renaksi.", "How the action stands in the programme's words."),
    "limit_percent": (_NUMBER, _PERCENT, "Batas capaian dari aturan.", "The achievement that the rule asks for."),
    "missing_since": (_DAY, _NONE, "Laporan ditunggu sejak.", "The report is owed since."),
    "actions": (_WHOLE, _ACTIONS, "Jumlah renaksi.", "Number of actions."),
    "with_target": (_WHOLE, _ACTIONS, "Renaksi dengan target.", "Actions with a target."),
    "due_reported": (_WHOLE, _ACTIONS, "Renaksi jatuh tempo yang melapor.", "Actions due that have reported."),
    "met": (_WHOLE, _ACTIONS, "Renaksi yang mencapai target.", "Actions that met their target."),
    "done": (_WHOLE, _ACTIONS, "Selesai.", "Done."),
    "running": (_WHOLE, _ACTIONS, "Berjalan.", "Running."),
    "carried_over": (_WHOLE, _ACTIONS, "Dilanjutkan.", "Carried over."),
    "postponed": (_WHOLE, _ACTIONS, "Ditunda.", "Postponed."),
    "cancelled": (_WHOLE, _ACTIONS, "Dibatalkan.", "Cancelled."),
    "not_started": (_WHOLE, _ACTIONS, "Belum mulai.", "Not started."),
    "not_reported": (_WHOLE, _ACTIONS, "Belum lapor.", "Not reported."),
    "budget_told": (_WHOLE, _RUPIAH, "Pagu yang pengeluarannya disebut.", "Budget of those that told their spending."),
    "last_report": (_DAY, _NONE, "Laporan terakhir.", "The last report."),
    "by": (_TEXT, _NONE, "Pembagian.", "What the rows divide by."),
    "key": (_TEXT, _NONE, "Bagian; kosong berarti keseluruhan.", "The part; empty means the whole."),
    # changes, awaited reports, restatements, reconciliation
    "kind": (_TEXT, _NONE, "Jenis.", "Kind."),
    "before": (_TEXT, _NONE, "Sebelumnya.", "Before."),
    "after": (_TEXT, _NONE, "Sesudahnya.", "After."),
    "difference": (_NUMBER, _NONE, "Selisih.", "Difference."),
    "detail": (_TEXT, _NONE, "Keterangan.", "Detail."),
    "institution": (_TEXT, _NONE, "Nama instansi.", "Name of the institution."),
    "owed": (_TEXT, _NONE, "Laporan yang ditunggu.", "The report that is owed."),
    "speaks_of": (_DAY, _NONE, "Tanggal yang harus dilaporkan.", "The day it is to speak of."),
    "since": (_DAY, _NONE, "Ditunggu sejak.", "Owed since."),
    "days": (_WHOLE, _DAYS, "Lama ditunggu.", "How long it is owed."),
    "counted": (_YES_NO, _NONE, "Masuk hitungan titik periksa.", "Counts in the checkpoint's figure."),
    "before_percent": (_NUMBER, _PERCENT, "Sebelumnya, terhadap target.", "Before, in percent of the target."),
    "after_percent": (_NUMBER, _PERCENT, "Sesudahnya, terhadap target.", "After, in percent of the target."),
    "points": (_NUMBER, _POINTS, "Perubahan.", "Change."),
    "finding": (_TEXT, _NONE, "Apa yang tidak cocok.", "What does not fit."),
    "money": (_WHOLE, _RUPIAH, "Pagu atau nilai kontrak.", "Budget or contract value."),
    "progress_percent": (_NUMBER, _PERCENT, "Kemajuan.", "Progress."),
    "ahead_points": (_NUMBER, _POINTS, "Pengeluaran mendahului kemajuan.", "How far spending is ahead of progress."),
    "claimed": (_NUMBER, _NONE, "Jumlah yang dinyatakan.", "The total that was stated."),
    "found": (_NUMBER, _NONE, "Jumlah yang ditemukan.", "The total that was found."),
    "parts": (_NUMBER, _NONE, "Jumlah bagian-bagiannya.", "The sum of its parts."),
    "parts_n": (_WHOLE, _NONE, "Banyaknya bagian.", "How many parts."),
    "parts_difference": (_NUMBER, _NONE, "Selisih dengan bagian-bagiannya.", "Difference to its parts."),
    "adds_up": (_YES_NO, _NONE, "Jumlahnya cocok.", "It adds up."),
}  # fmt: skip
"""Columns of figures: type, unit, meaning in both languages."""

_OF_SUBJECT: Final[Mapping[tuple[str, str], tuple[Words, Words, str, str]]] = {
    ("matrix", "due"): (_WHOLE, _ACTIONS, "Renaksi yang jatuh tempo.", "Actions that are due."),
    ("matrix", "late"): (_WHOLE, _ACTIONS, "Renaksi yang terlambat.", "Actions that are late."),
    ("matrix", "owed"): (_WHOLE, _ACTIONS, "Renaksi yang laporannya ditunggu.", "Actions whose report is owed."),
    ("restatements", "before"): (_NUMBER, _OF_INDICATOR, "Capaian saat dikunci.", "Achievement at the closing."),
    ("restatements", "after"): (_NUMBER, _OF_INDICATOR, "Capaian sekarang.", "Achievement as known now."),
    ("people", "level"): (
        _TEXT, _NONE, "whole (keseluruhan), province, regency (kabupaten/kota), atau site (lokasi).",
        "whole, province, regency or site.",
    ),
    ("people", "code"): (_TEXT, _NONE, "Kode wilayah atau lokasi.", "Code of the region or site."),
    ("people", "programme"): (_TEXT, _NONE, "Program; kosong: semua.", "Programme; empty: all."),
    ("people", "group"): (_TEXT, _NONE, "Kelompok penerima manfaat; kosong: semua.", "Group; empty: all."),
    ("people", "count"): (
        _WHOLE, Words(id="orang", en="people"), "Jumlah orang; kosong bila disamarkan atau belum dilaporkan.",
        "People; empty where hidden or not reported.",
    ),
    ("people", "hidden"): (
        _YES_NO, _NONE, "Disamarkan agar angka kecil tidak dapat dihitung kembali.",
        "Hidden, so that no small count can be worked out.",
    ),
    ("people", "sites"): (_WHOLE, _PLACES, "Lokasi yang melaporkan jumlah.", "Sites that have told a count."),
    ("people", "period"): (_DAY, _NONE, "Akhir triwulan.", "End of the quarter."),
}  # fmt: skip
"""The same for columns that mean something else in one subject."""

_ABOUT: Final[Mapping[str, tuple[str, str]]] = {
    "posisi": ("Tanggal yang menjadi acuan angka.", "The day the figures speak of."),
    "diketahui": ("Yang dicatat sesudah saat ini tidak dihitung (UTC).", "What was recorded later is left out (UTC)."),
    "sejak": ("Perubahan dihitung sejak tanggal ini.", "Changes are told since this day."),
    "rapat": ("Perubahan dihitung sejak rapat ini.", "Changes are told since this meeting."),
    "saringan": ("Pilihan yang berlaku.", "What was chosen."),
    "bahasa": ("Bahasa keterangan.", "Language of the words."),
    "sumber": ("Sumber.", "Source."),
    "lisensi": ("Ketentuan penggunaan.", "What may be done with it."),
    "untuk": ("Untuk siapa dibuat.", "Whom it is made for."),
    "catatan": ("Catatan; data contoh ditandai di sini.", "Note; sample data are marked here."),
}

SUBJECTS: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("position", frozenset({"deviation_points", "rule", "location_precision"})),
    ("regions", frozenset({"level", "base", "spend_share"})),
    ("matrix", frozenset({"institution_code", "due_reported"})),
    ("restatements", frozenset({"counted", "before_percent"})),
    ("actions", frozenset({"title", "target_b12"})),
    ("sites", frozenset({"location_precision", "programme"})),
    ("reports", frozenset({"site_code", "as_of", "stage", "note"})),
    ("action_reports", frozenset({"action_code", "achieved"})),
    ("obstacles", frozenset({"category", "severity"})),
    ("people", frozenset({"group", "hidden"})),
    ("beneficiaries", frozenset({"group", "count"})),
    ("plans", frozenset({"site_code", "as_of", "percent"})),
    ("institutions", frozenset({"code", "name", "kind", "field"})),
)
"""What a table speaks of by the columns that give it away, the closest first."""


def subject_of(columns: Sequence[str]) -> str:
    """What a table of these columns speaks of (``SUBJECTS``), ``data`` where that cannot be told."""
    there = set(columns)
    return next((subject for subject, telling in SUBJECTS if telling <= there), "data")


def described(columns: Sequence[str], language: Language) -> pd.DataFrame:
    """The dictionary of an exported table: one row a column, in their order.

    Columns: ``column``, ``type``, ``unit``, ``values`` (allowed words or range), ``description``; all text, empty
    where there is nothing to tell. Columns that hold what the store keeps are described as in the data dictionary.
    """
    stored = _stored(language)
    subject = subject_of(columns)
    tables = {"position": ("sites",), "actions": ("actions", "action_reports")}.get(subject, (subject,))
    rows = [_row(name, subject, tables, stored, language) for name in columns]
    return pd.DataFrame(rows, columns=["column", "type", "unit", "values", "description"])


def _row(
    name: str,
    subject: str,
    tables: Sequence[str],
    stored: Mapping[tuple[str, str], tuple[str, ...]],
    language: Language,
) -> tuple[str, ...]:
    """Own table first, then figures, then any table that has such a column."""
    of_own = next((stored[table, name] for table in tables if (table, name) in stored), None)
    if of_own:
        return (name, *of_own)
    figure = _OF_SUBJECT.get((subject, name)) or _FIGURES.get(name)
    if figure:
        kind, unit, indonesian, english = figure
        meaning = Words(indonesian, english).in_language(language)
        return name, kind.in_language(language), unit.in_language(language), "", meaning
    if name in _ABOUT:
        return name, _TEXT.in_language(language), "", "", Words(*_ABOUT[name]).in_language(language)
    return (name, *next((told for (_, column), told in stored.items() if column == name), ("", "", "", "")))


@cache
def _stored(language: Language) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """The store's dictionary by table and column: type, unit, values, description."""
    words = dictionary(language)
    keys = zip(words["table"], words["column"], strict=True)
    told = words[["type", "unit", "values", "description"]].itertuples(index=False, name=None)
    return dict(zip(keys, told, strict=True))
