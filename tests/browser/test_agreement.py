"""A chart's numbers, a card's, a table's and an export's agree on every screen, for any day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from geo.locale.terms import change_name
from geo.model import LATE
from geo.programmes import load_programmes
from geo.progress.changes import CHANGE_KINDS
from geo.regions import region_name
from tests.browser.reading import (
    T,
    cards,
    cell_share,
    charts,
    downloaded,
    exported,
    press,
    row_count,
    shows_headline,
    table_rows,
    trace,
    visit,
)

DAYS = ("2026-03-31", "2026-06-30", "2026-10-31")
LATE_NAMES = ("Kritis", "Terlambat", "Waspada")
GRID = '[data-testid="stDataFrame"]'

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Exports:
    """What the command line tells of a day, asked for when it is needed."""

    server: Any
    day: str
    folder: Path

    def of(self, what: str, *options: str) -> Rows:
        return exported(self.server, what, self.day, self.folder, *options)

    @cached_property
    def positions(self) -> Rows:
        return self.of("position")

    @cached_property
    def regions(self) -> Rows:
        return self.of("regions")

    @cached_property
    def whole(self) -> dict[str, Any]:
        return next(row for row in self.regions if row["level"] == 0)

    @cached_property
    def provinces(self) -> dict[str, dict[str, Any]]:
        return {row["code"]: row for row in self.regions if row["level"] == 1}

    @cached_property
    def by_programme(self) -> dict[str, dict[str, Any]]:
        """The whole of each programme alone, by its short name."""
        return {
            programme.short.id: next(row for row in self.of("regions", "--program", code) if row["level"] == 0)
            for code, programme in load_programmes().items()
        }

    @cached_property
    def actions(self) -> Rows:
        return self.of("actions")


def mean(values: Iterable[float | None]) -> float:
    told = [value for value in values if value is not None]
    return sum(told) / len(told)


def nearly(value: Any) -> Any:
    return pytest.approx(value, abs=1e-5)


@pytest.mark.parametrize("day", DAYS)
def test_cards_charts_tables_and_exports_agree_on_every_screen(
    day: str,
    server: Any,
    open_tab: Callable[..., Page],
    settle: Callable[[Page], None],
    choose: Callable[[Page, str, str], None],
    pick: Callable[[Page, str, str], None],
    map_on: Callable[[Page], Any],
    tmp_path: Path,
) -> None:
    told = Exports(server, day, tmp_path)
    page = open_tab(server, f"/?posisi={day}")

    def go(name: str, title: str) -> None:
        visit(page, name, settle)
        expect(page.get_by_role("heading", name=re.compile(f"^{title}"), level=1)).to_be_visible()
        expect(page.get_by_text(f"Posisi per {T.date(date.fromisoformat(day))}").first).to_be_visible()

    on_overview(page, told)
    short = page.locator('[data-testid="stHtml"] ol li').all_inner_texts()
    go("Peta", "Peta")
    on_map(map_on(page), told)
    go("Wilayah", "Wilayah")
    on_region(page, told, settle)
    go("Status lokasi", "Status lokasi")
    on_sites(page, told)
    go("Renaksi", "Rencana aksi")
    on_action_plan(page, told)
    go("Perubahan", "Apa yang berubah")
    on_changes(page, told, short)
    go("Ditunggu", "Laporan yang ditunggu")
    on_waiting(page, told)
    go("Evaluasi", "Evaluasi tahunan")
    on_evaluation(page, told)
    go("Ekspor", "Ekspor")
    pick(page, "ekspor_apa", T("Data"))
    for what, rows in ((T("Figures by region"), told.regions), (T("Actions"), told.actions)):
        choose(page, "ekspor_tabel", what)
        assert downloaded(page, "ekspor-data", tmp_path)[1] == rows


@pytest.mark.parametrize("day", DAYS)
def test_a_sites_curve_ends_at_the_figures_of_its_position(
    day: str, server: Any, same_tab: Callable[..., Page], tmp_path: Path
) -> None:
    behind = [
        row
        for row in Exports(server, day, tmp_path).positions
        if row["status"] in set(LATE) and row["deviation_points"] is not None
    ]
    worst = min(behind, key=lambda row: (row["deviation_points"], row["code"]))
    page = same_tab(server, f"/lokasi?posisi={day}&lokasi={worst['code']}")
    (curve,) = charts(page).values()
    ends_at(curve, day, worst["plan_percent"], worst["actual_percent"])
    shown = cards(page)
    assert shown["Realisasi"] == [T.percent(worst["actual_percent"]), f"rencana {T.percent(worst['plan_percent'])}"]
    assert shown["Deviasi"][0] == T.points(worst["deviation_points"], unit=False)


# --- one screen each ---------------------------------------------------------------------------------------------


def ends_at(traces: Rows, day: str, plan: float | None, actual: float | None) -> None:
    """The curve tells plan and realisation of the day, and no realisation after it."""
    realised, planned = trace(traces, "Realisasi"), trace(traces, "Rencana")
    assert max(realised["x"]) <= day
    assert [value for value in realised["y"] if value is not None][-1] == nearly(actual)
    assert (planned["x"][-1], planned["y"][-1]) == (day, nearly(plan))


def on_overview(page: Page, told: Exports) -> None:
    shows_headline(page, told.whole)
    drawn, text = charts(page), page.locator('[data-testid="stMain"]').inner_text()
    for code, row in told.provinces.items():
        ends_at(drawn[f"kurva-{code}"], told.day, row["plan_percent"], row["actual_percent"])
        said = (
            f"{T.integer(row['sites'])} lokasi: {T.integer(row['late'])} di bawah rencana, "
            f"{T.integer(row['silent'])} lama tak lapor, {T.integer(row['selesai'])} selesai"
        )
        assert said in text
    for programme in load_programmes().values():
        card = page.locator('[data-testid="stHtml"]').get_by_text(programme.name.id, exact=True).locator("..")
        row = told.by_programme[programme.short.id]
        numbers = re.findall(r"\d+", card.inner_text().removeprefix(programme.name.id))
        assert [int(number) for number in numbers] == [row["sites"], row["selesai"], row["late"]]


def on_map(shown: Any, told: Exports) -> None:
    payload = shown.payload
    statuses = {row["code"]: row["status"] for row in told.positions}
    assert shown.statuses() == statuses
    for code, row in told.provinces.items():
        said = payload["areas"][code]["t"]
        assert f"Rata-rata kemajuan: {T.percent(row['actual_percent'])}" in said
        assert f"{T.integer(row['sites'])} lokasi" in said
        assert f"{T.integer(row['late'])} di bawah rencana, {T.integer(row['silent'])} lama tak lapor" in said


def on_region(page: Page, told: Exports, settle: Callable[[Page], None]) -> None:
    shows_headline(page, told.whole)
    drawn = charts(page)
    ends_at(drawn["kurva-physical"], told.day, told.whole["plan_percent"], told.whole["actual_percent"])

    (bars,) = drawn["deviasi"]
    assert sorted(bars["x"]) == nearly(sorted(row["deviation_points"] for row in told.provinces.values()))
    programmes = told.by_programme.values()
    realised = trace(drawn["kemajuan-program"], "Realisasi")
    assert realised["x"] == nearly([row["actual_percent"] for row in programmes])
    assert trace(drawn["kemajuan-program"], "Rencana")["x"] == nearly([row["plan_percent"] for row in programmes])
    assert trace(drawn["serapan"], "Pagu")["x"] == nearly([row["contract_value"] for row in programmes])
    assert trace(drawn["serapan"], "Realisasi belanja")["x"] == nearly([row["actual_spend"] for row in programmes])
    late = sum(sum(one["x"]) for one in drawn["status-program"] if one["name"].split(" ", 1)[-1] in LATE_NAMES)
    assert late == told.whole["late"]
    assert sum(sum(one["x"]) for one in drawn["status-program"]) == told.whole["sites"]

    rows = {region_name(code): row for code, row in told.provinces.items()}
    listed = table_rows(page.locator(GRID))
    assert len(listed) == len(rows)
    for name, sites, deviation, actual, plan, base, behind, *_ in listed:
        row = rows[name]
        assert (int(sites), int(behind), base) == (row["sites"], row["late"], f"{row['base']}/{row['sites']}")
        figures = [float(text) for text in (deviation, actual, plan)]
        wanted = [row["deviation_points"], row["actual_percent"], row["plan_percent"]]
        assert figures == pytest.approx(wanted, abs=0.006)

    press(page, "wilayah-ukuran", "Keuangan", settle)
    spent = trace(charts(page)["kurva-financial"], "Realisasi keuangan")
    assert (spent["x"][-1], spent["y"][-1]) == (told.day, nearly(100 * told.whole["spend_share"]))
    press(page, "wilayah-ukuran", "Fisik", settle)


def on_sites(page: Page, told: Exports) -> None:
    texts = page.locator(".st-key-lokasi_jenis").get_by_role("radio").all_inner_texts()
    found = [re.fullmatch(r"(.+) \((\d+)\)", text.strip()) for text in texts]
    counts = {match[1]: int(match[2]) for match in found if match}
    whole = told.whole
    wanted = {
        "Semua": whole["sites"],
        "Di bawah rencana": whole["late"],
        "Kritis": whole["kritis"],
        "Lama tak lapor": whole["silent"],
        "Terhambat": whole["blocked"],
    }
    assert {name: counts[name] for name in wanted} == wanted
    assert row_count(page.locator(GRID)) == whole["sites"] == len(told.positions)
    shown = {row["code"]: row for row in downloaded(page, "lokasi-unduh", told.folder)[1]}
    names = (
        "plan_percent",
        "actual_percent",
        "deviation_points",
        "status",
        "as_of",
        "age_days",
        "late_since",
        "silent",
    )
    assert len(shown) == len(told.positions)
    for row in told.positions:
        assert {name: shown[row["code"]][name] for name in names} == {name: row[name] for name in names}


def on_action_plan(page: Page, told: Exports) -> None:
    actions = told.actions
    due = [row for row in actions if row["due"] and row["achieved_percent"] is not None]
    words = Counter(row["action_status"] for row in actions)
    kinds, statuses = Counter(row["kind"] for row in actions), Counter(row["status"] for row in actions)
    ended = [words[word] for word in ("dilanjutkan", "ditunda", "dibatalkan")]
    (checkpoint,) = {row["checkpoint"] for row in actions}
    assert cards(page) == {
        "Rencana aksi": [
            T.integer(len(actions)),
            f"{T.integer(kinds['physical'])} fisik, {T.integer(kinds['non_physical'])} non-fisik",
        ],
        f"Capaian target {checkpoint.upper()}": [
            T.percent(mean(row["achieved_percent"] for row in due)),
            f"rata-rata {T.integer(len(due))} dari {T.integer(sum(row['due'] for row in actions))} yang jatuh tempo",
        ],
        "Di bawah target": [
            T.integer(sum(statuses[status] for status in LATE)),
            f"{T.integer(sum(row['achieved_percent'] >= 100 for row in due))} mencapainya",
        ],
        "Belum lapor": [
            T.integer(statuses["belum_lapor"]),
            f"{T.integer(sum(row['missing_since'] is not None for row in actions))} laporan ditunggu",
        ],
        "Tidak berjalan penuh": [
            T.integer(sum(ended)),
            "{} dilanjutkan, {} ditunda, {} dibatalkan".format(*map(T.integer, ended)),
        ],
    }
    total, *_ = table_rows(page.locator(".st-key-renaksi_matriks_institution_code"))
    wanted = []
    for province in (*told.provinces, None):
        part = [row for row in actions if province in (None, row["province"])]
        shares = [row["achieved_percent"] for row in part if row["due"] and row["achieved_percent"] is not None]
        wanted.append(f"{cell_share(mean(shares))} · {sum(row['reported'] for row in part)}/{len(part)}")
    assert [text.partition(" ")[2] for text in total[1:]] == wanted
    cells = [row for row in told.of("matrix") if row["kind"] == "all" and row["institution_code"] == ""]
    exact = [f"{cell_share(row['achieved_percent'])} · {row['reported']}/{row['actions']}" for row in cells]
    assert exact == wanted


def on_changes(page: Page, told: Exports, short: list[str]) -> None:
    """Without a meeting before the day the screen compares with another day, and Ringkasan tells nothing."""
    since = page.locator(".st-key-perubahan_hari input[type=date]")
    options = ["--since", since.input_value()] if since.count() else []
    assert (short == []) == bool(options)
    rows = told.of("changes", *options)
    counted = Counter(row["kind"] for row in rows)
    texts = page.locator(".st-key-perubahan_jenis").get_by_role("radio").all_inner_texts()
    wanted = [f"{change_name(T, kind)} ({T.integer(counted[kind])})" for kind in CHANGE_KINDS if kind != "gained"]
    assert sorted(text.strip() for text in texts) == sorted(wanted)
    lines = page.locator('[data-testid="stHtml"] ol li')
    assert 0 < lines.count() <= 5
    if short:
        assert short == lines.all_inner_texts()
    named = {row["name"] or region_name(row["code"]) for row in rows if row["code"]}
    assert set(lines.locator("strong:nth-of-type(2)").all_inner_texts()) <= named
    gained = {region_name(row["code"]) if row["code"] else "Semua": row for row in rows if row["kind"] == "gained"}
    shown = table_rows(page.locator(GRID).first)
    assert {line[0]: float(line[1]) for line in shown} == {
        name: pytest.approx(row["difference"], abs=0.006) for name, row in gained.items()
    }


def on_waiting(page: Page, told: Exports) -> None:
    owed, whole = told.of("awaited"), told.whole
    kinds = Counter(row["kind"] for row in owed)
    shown = cards(page)
    assert shown["Laporan ditunggu"] == [
        T.integer(len(owed)),
        f"{T.integer(kinds['site'])} dari lokasi, {T.integer(kinds['action'])} dari renaksi",
        f"dari {T.integer(len({row['institution_code'] for row in owed}))} instansi",
    ]
    assert shown["Paling lama ditunggu"][0] == T.age(max(row["days"] for row in owed))
    assert shown["Lokasi melapor"][:2] == [
        T.integer(whole["fresh"]),
        f"dari {T.integer(whole['sites'] - whole['tidak_aktif'])} lokasi aktif baru saja melapor",
    ]
    assert shown["Belum pernah melapor"][0] == T.integer(whole["never_reported"])
    assert row_count(page.locator(GRID)) == len(owed)
    overdue = [row for row in told.actions if row["missing_since"] is not None]
    assert kinds["action"] == len(overdue)


def on_evaluation(page: Page, told: Exports) -> None:
    rows = told.of("evaluation")
    whole = next(row for row in rows if row["by"] == "all")
    shown = cards(page)
    assert shown["Rencana aksi"][0] == T.integer(whole["actions"]) == T.integer(len(told.actions))
    assert shown["Capaian target setahun"] == [
        T.percent(whole["achieved_percent"]),
        f"{T.integer(whole['met'])} mencapainya",
        f"rata-rata {T.integer(whole['base'])} dari {T.integer(whole['with_target'])}",
    ]
    assert shown["Selesai"][:2] == [T.integer(whole["done"]), f"{T.integer(whole['running'])} berjalan"]
    assert shown["Serapan anggaran"][:2] == [
        T.percent(whole["spend_percent"]),
        f"{T.rupiah_short(whole['spend_told'])} dari {T.rupiah_short(whole['budget_told'])}",
    ]
    provinces = {region_name(row["key"]): row for row in rows if row["by"] == "province"}
    listed = table_rows(page.locator(GRID).first)
    assert {line[0] for line in listed} == set(provinces)
    for name, actions, achieved, base, *_ in listed:
        row = provinces[name]
        assert (int(actions), base) == (row["actions"], f"{row['base']}/{row['with_target']}")
        assert float(achieved) == pytest.approx(row["achieved_percent"], abs=0.006)
