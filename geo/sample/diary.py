"""Note the made-up meetings that were held, what they decided, and the checkpoints that were closed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd

from geo.sample.frames import from_rows

_MEETINGS = (
    ("Contoh: Rapat Koordinasi Sinergisitas TW I 2026", date(2026, 3, 31), date(2026, 4, 22)),
    ("Contoh: Rapat Koordinasi Sinergisitas TW II 2026", date(2026, 6, 30), date(2026, 7, 22)),
    ("Contoh: Rapat Pemantauan Sinergisitas Agustus 2026", date(2026, 8, 31), date(2026, 9, 11)),
    ("Contoh: Rapat Koordinasi Sinergisitas TW III 2026", date(2026, 9, 30), date(2026, 10, 14)),
)
_CLOSURES = (
    (2025, "b03", date(2025, 4, 30)),
    (2025, "b06", date(2025, 7, 31)),
    (2025, "b09", date(2025, 10, 31)),
    (2025, "b12", date(2026, 1, 31)),
    (2026, "b03", date(2026, 4, 30)),
    (2026, "b06", date(2026, 7, 31)),
)
"""B09 of 2026 is still open on the sample's day."""


_DECISIONS = (
    (
        "CONTOH-01",
        "Contoh: percepat penyelesaian koperasi yang kritis, laporkan hasilnya dua minggu sekali",
        "Dinas Koperasi Provinsi Sulawesi Tengah",
        date(2026, 11, 20),
        "72",
        date(2026, 10, 14),
        None,
    ),
    (
        "CONTOH-02",
        "Contoh: selesaikan perizinan lokasi yang terhambat bersama pemerintah kabupaten",
        "Sekretaris Daerah Provinsi Nusa Tenggara Barat",
        date(2026, 10, 28),
        "52",
        date(2026, 10, 14),
        None,
    ),
    (
        "CONTOH-03",
        "Contoh: minta laporan dari semua lokasi yang lama tak lapor sebelum rapat berikutnya",
        "Sekretariat Sinergisitas",
        date(2026, 12, 4),
        None,
        date(2026, 10, 14),
        None,
    ),
    (
        "CONTOH-04",
        "Contoh: samakan pagu renaksi dengan dokumen anggaran",
        "Biro Perencanaan",
        date(2026, 10, 15),
        None,
        date(2026, 9, 11),
        date(2026, 10, 9),
    ),
)
"""Code, what, by whom, until when, province (``None``: the whole), day of the meeting, day it was done."""


def meeting_frame() -> pd.DataFrame:
    """The table ``meetings``: what each spoke of, and that it began at 09.00 WIB."""
    return from_rows(
        "meetings",
        (
            {"name": name, "as_of": as_of, "held_at": _utc(held, hour=2), "recorded_at": _utc(held, hour=2)}
            for name, as_of, held in _MEETINGS
        ),
    )


def closure_frame() -> pd.DataFrame:
    """The table ``closures``: checkpoints that the secretariat closed a month after their end, at 16.00 WIB."""
    return from_rows(
        "closures",
        (
            {
                "year": year,
                "checkpoint": checkpoint,
                "closed_at": _utc(closed, hour=9),
                "author": "Sekretariat Sinergisitas (contoh)",
            }
            for year, checkpoint, closed in _CLOSURES
        ),
    )


def decision_frame() -> pd.DataFrame:
    """The table ``decisions``: noted at 11.00 WIB of the meeting, those carried out with a second row."""
    rows = []
    for code, text, responsible, due, region, held, done in _DECISIONS:
        row = {
            "code": code, "text": text, "responsible": responsible, "due": due, "region_code": region,
            "meeting_day": held, "state": "open", "recorded_at": _utc(held, hour=4),
        }  # fmt: skip
        rows.append(row)
        if done is not None:
            rows.append({**row, "state": "done", "recorded_at": _utc(done, hour=4)})
    return from_rows("decisions", rows)


def _utc(day: date, *, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
