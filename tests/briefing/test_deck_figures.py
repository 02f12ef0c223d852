"""The slides show the figures of the exports, in charts and tables that can be edited."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import openpyxl
import pandas as pd
import pytest
from deck_reading import charts_of, made, notes, opened, rows, tables_of, texts, title, titled, told

from geo.briefing.deck import deck
from geo.briefing.deck_books import serial
from geo.briefing.parts import Briefing, RegionPage
from geo.export import export_frame
from geo.locale import MISSING, translator
from geo.model import Language
from geo.regions import region_label
from tests.prepared import shared_sample

LANGUAGES: tuple[Language, ...] = ("id", "en")


def pages(done: Briefing) -> tuple[RegionPage, ...]:
    """The pages that a deck has: of a single province its page alone."""
    return done.pages if len(done.provinces) > 1 else done.provinces


def region_rows(language: Language) -> pd.DataFrame:
    _, now, _ = made(language)
    return export_frame("regions", now, shared_sample()).set_index("code")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_headline_figures_of_each_page_are_those_of_the_export(language: Language) -> None:
    done, _, content = made(language)
    t, exported = translator(language), region_rows(language)
    for page in pages(done):
        row = exported.loc["" if page.key == "nasional" else page.key]
        told = texts(titled(content, page.sentences[0][:40]))
        for value in (
            t.percent(row["actual_percent"]), t.integer(row["late"]), t.integer(row["silent"]),
            t.integer(row["blocked"]), t.share(row["spend_share"], digits=1),
        ):  # fmt: skip
            assert value in told, (page.key, value)
        assert t.percent(row["plan_percent"]) in " ".join(told)


def test_the_provinces_side_by_side_are_those_of_the_export() -> None:
    done, _, content = made()
    t, exported = translator("id"), region_rows("id")
    headings = [column.heading for column in done.national.regions.columns]
    slide = next(
        slide for slide in opened(content).slides if any(rows(table)[0] == headings for table in tables_of(slide))
    )
    provinces = exported[exported["level"] == 1]
    shown = rows(tables_of(slide)[0])[1:]
    assert [row[0] for row in shown] == [region_label(code) for code in provinces.index]
    assert [row[1:6] for row in shown] == [
        [
            t.integer(row["sites"]),
            t.percent(row["actual_percent"]),
            t.percent(row["plan_percent"]),
            t.points(row["deviation_points"], unit=False),
            f"{row['base']}/{row['sites']}",
        ]
        for row in provinces.to_dict("records")
    ]
    plan, actual = charts_of(slide)[0].plots[0].series
    assert list(plan.values) == provinces["plan_percent"].tolist()
    assert list(actual.values) == provinces["actual_percent"].tolist()


def test_the_curve_of_a_page_has_its_figures_and_gaps_where_nothing_is_known() -> None:
    done, _, content = made()
    t = translator("id")
    for page in pages(done):
        chart = charts_of(titled(content, page.sentences[0][:40]))[0]
        drawn = {series.name: series for series in chart.plots[0].series}
        curve = page.state.curve
        plan = drawn[t("Planned")]
        assert list(plan.values) == curve["plan_percent"].tolist()
        actual = drawn[t("Realised")]
        known = curve.dropna(subset=["actual_percent"])
        assert [value for value in actual.values if value is not None] == known["actual_percent"].tolist()
        days = [float(value.text) for value in actual._element.findall(".//{*}xVal//{*}v")]
        assert days[-1] == serial(page.state.filters.on)
        assert chart._chartSpace.find(".//{*}dispBlanksAs").get("val") == "gap"


def test_the_workbook_behind_each_chart_holds_what_the_chart_shows() -> None:
    for slide in opened(made()[2]).slides:
        for chart in charts_of(slide):
            book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
            for series in chart._chartSpace.iter("{*}ser"):
                for reference in series.iter("{*}numRef", "{*}strRef"):
                    place = reference.find("{*}f").text.split("!")[1].replace("$", "")
                    cells = book["Sheet1"][place]
                    held = [cells] if not isinstance(cells, tuple) else [row[0] for row in cells]
                    shown = {int(pt.get("idx")): pt.find("{*}v").text for pt in reference.iter("{*}pt")}
                    for at, cell in enumerate(held):
                        value = serial(cell.value.date()) if cell.is_date else cell.value
                        drawn = shown.get(at)
                        assert (value is None) == (drawn is None)
                        assert drawn is None or (drawn if isinstance(value, str) else float(drawn)) == value


def test_every_row_of_the_matrix_stands_once_below_a_header_of_its_own() -> None:
    done, _, content = made()
    headings = [column.heading for column in done.matrix.columns]
    found: list[list[str]] = []
    for slide in opened(content).slides:
        for table in tables_of(slide):
            if rows(table)[0] == headings:
                found += rows(table)[1:]
    assert [row[1:] for row in found] == [[cell.text for cell in row[1:]] for row in done.matrix.rows]
    assert [row[0][:12] for row in found] == [row[0].text[:12] for row in done.matrix.rows]


def test_what_is_left_out_of_a_table_is_counted() -> None:
    done, _, content = made()
    slide = titled(content, f"{done.national.name}: {len(done.national.late.raw)} ")
    shown = len(rows(tables_of(slide)[0])) - 1
    assert f"dan {len(done.national.late.raw) - shown} lagi (lampiran Excel)" in texts(slide)


def test_the_late_of_a_province_are_its_own_with_their_deviations() -> None:
    done, now, content = made()
    t = translator("id")
    position = export_frame("position", now, shared_sample()).set_index("name")
    for page in done.provinces:
        slide = titled(content, f"{page.name}: {len(page.late.raw)} lokasi kritis")
        for row in rows(tables_of(slide)[0])[1:]:
            name = row[0].partition(" ")[2]
            assert position.loc[name, "region_code"].startswith(page.key)
            assert row[2] == t.points(position.loc[name, "deviation_points"], unit=False)


def test_the_notes_of_each_slide_tell_its_sources_and_those_of_a_region_base_and_rules() -> None:
    done, _, content = made()
    for slide in opened(content).slides:
        assert all(source in notes(slide) for source in done.sources), title(slide)
        assert "Posisi per 31 Oktober 2026" in notes(slide)
    for page in pages(done):
        told = notes(titled(content, page.sentences[0][:40]))
        assert page.figures[0].note in told
        assert "Permen PU 07/PRT/M/2011" in told
        assert all(figure.value in told for figure in page.figures)


def test_only_maps_and_the_code_are_pictures() -> None:
    done, _, content = made()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        pictures = [name for name in packed.namelist() if name.startswith("ppt/media/")]
    assert len(pictures) == len(pages(done)) + 1


def test_a_missing_figure_is_a_dash_in_the_table_and_no_column_in_the_chart() -> None:
    done, _ = told("en", provinces=("52",), programmes=("rusun",), on=date(2025, 3, 31))
    content = deck(done)
    assert done.provinces[0].figures[0].value == MISSING
    slide = next(slide for slide in opened(content).slides if len(charts_of(slide)) == 1 and tables_of(slide))
    assert any(MISSING in row for table in tables_of(slide) for row in rows(table))
    realised = charts_of(slide)[0].plots[0].series[1]
    assert list(realised.values) == [None]
