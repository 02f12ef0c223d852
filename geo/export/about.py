"""Say what a file is: its day, what was chosen, where it comes from, who may use it, and whether it is a sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from geo.locale import Translator
from geo.model import Filters
from geo.progress.since import Then

_WIB: Final = ZoneInfo("Asia/Jakarta")

ABOUT_COLUMNS: Final = (
    "posisi", "diketahui", "sejak", "rapat", "saringan", "bahasa", "sumber", "lisensi", "untuk", "catatan",
)  # fmt: skip
"""Names of what a file says of itself, in their order: CSV and JSON carry them as the last columns of each row."""

_ALWAYS: Final = frozenset({"posisi", "saringan", "bahasa", "sumber", "lisensi"})


def file_name(filters: Filters, what: str, form: str, *, sample: bool, public: bool = False) -> str:
    """A file name that tells what, where and for which day: ``sinergisitas-peta-35-2026-10-31-CONTOH.png``.

    Where records count only up to a moment, it tells that, too (WIB), and where it is made for the public.
    """
    place = "-".join((*filters.provinces, *filters.regencies)[:4]) or "nasional"
    known = f"-diketahui-{filters.known_at.astimezone(_WIB):%Y%m%d-%H%M}" if filters.known_at else ""
    mark = f"{'-UMUM' if public else ''}{'-CONTOH' if sample else ''}"
    return f"sinergisitas-{what}-{place}-{filters.on.isoformat()}{known}{mark}.{form}"


def about(
    filters: Filters, t: Translator, *, sample: bool, since: Then | None = None, public: bool = False
) -> dict[str, str]:
    """What a file says of itself, by ``ABOUT_COLUMNS``; what does not apply is left out.

    - ``posisi``: the day of its figures; ``diketahui``: the moment up to which records count (UTC), where not now.
    - ``sejak``, ``rapat``: of changes the earlier day, and the meeting they are told since.
    - ``saringan``: what was chosen, in the words of the screens' addresses (``provinsi=35; program=ktn,koperasi``).
    - ``bahasa``: the language of its words; ``sumber``, ``lisensi``: where it comes from, and what may be done with it.
    - ``untuk``: whom it is made for, and with what classification.
    - ``catatan``: for made-up data the sample mark.
    """
    told = {
        "posisi": filters.on.isoformat(),
        "diketahui": filters.known_at.isoformat() if filters.known_at else "",
        "sejak": since.on.isoformat() if since else "",
        "rapat": f"{since.name} ({since.held_at.isoformat()})" if since and since.held_at else "",
        "saringan": _chosen(filters) or t("everything"),
        "bahasa": t.language,
        "sumber": t("Sinergisitas dashboard; the source of a record stands in source_url"),
        # PP 77/2019: what institutions supply to the agency is kept confidential
        "lisensi": t("Sample: free to use")
        if sample
        else t("Made for the public: free to use, naming the source")
        if public
        else t("Internal: to be passed on with the agency's consent only"),
        "untuk": t("the public (BIASA): places coarse, small counts suppressed") if public else t("internal use"),
        "catatan": t("SAMPLE DATA – not official figures") if sample else "",
    }
    return {name: text for name, text in told.items() if text}


def _chosen(filters: Filters) -> str:
    choices = {
        "provinsi": ",".join(filters.provinces),
        "kabkota": ",".join(filters.regencies),
        "program": ",".join(filters.programmes),
        "status": ",".join(filters.statuses),
        "cari": filters.search,
    }
    return "; ".join(f"{name}={value}" for name, value in choices.items() if value)


def own_columns(header: Sequence[str]) -> tuple[str, ...]:
    """The last columns of a table that are what an exported file says of itself, not data; empty for other tables.

    Whoever takes an exported CSV or JSON back in leaves them out.
    """
    names = [str(name) for name in header]
    begin = next((place for place in range(len(names)) if _is_own(names[place:])), len(names))
    return tuple(names[begin:])


def _is_own(names: Sequence[str]) -> bool:
    return set(names) >= _ALWAYS and list(names) == [name for name in ABOUT_COLUMNS if name in names]
