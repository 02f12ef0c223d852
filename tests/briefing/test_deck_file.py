"""A deck opens without repair, reads aloud, keeps its words inside their boxes, and is the same each time."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime

import pandas as pd
import pytest
from deck_reading import (
    NUMBER,
    box,
    faults,
    made,
    notes,
    opened,
    rows,
    tables,
    tables_of,
    texts,
    title,
    told,
)

from geo.briefing.deck import deck
from geo.briefing.deck_text import fit
from geo.model import Language


def every_deck() -> list[bytes]:
    return [made()[2], made("en")[2]]


def test_no_part_is_missing_twice_or_out_of_reach() -> None:
    for content in every_deck():
        assert faults(content) == []


def test_the_checker_finds_a_part_that_nothing_leads_to() -> None:
    out = io.BytesIO(made("en")[2])
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr("ppt/media/stray.png", b"")
    assert faults(out.getvalue()) == ["nothing leads to ppt/media/stray.png"]


def test_the_same_briefing_gives_the_same_bytes() -> None:
    done, _, content = made("en")
    assert deck(done) == content


def test_every_slide_has_a_title_a_page_number_and_says_what_it_is() -> None:
    for content in every_deck():
        for number, slide in enumerate(opened(content).slides, start=1):
            assert title(slide).strip()
            told_there = " ".join(texts(slide))
            assert NUMBER in told_there
            assert "BIASA · internal" in told_there
            assert "31" in told_there
            assert "CONTOH" in told_there or "SAMPLE" in told_there
            fields = [found.find("{*}t").text for found in slide._element.iter("{*}fld")]
            assert fields == [str(number)]


def test_titles_are_messages_that_differ() -> None:
    for content in every_deck():
        titles = [title(slide) for slide in opened(content).slides]
        assert len(set(titles)) == len(titles)


def test_what_is_no_text_has_words_in_its_place() -> None:
    for content in every_deck():
        for slide in opened(content).slides:
            for shape in slide.shapes:
                properties = shape._element.find(".//{*}cNvPr")
                if shape.has_chart or shape.has_table or shape.shape_type == 13:
                    assert len(properties.get("descr", "")) > 10, shape.name
                elif not shape.has_text_frame or not shape.text_frame.text:
                    assert properties.find(".//{*}decorative") is not None, shape.name


@pytest.mark.parametrize(("language", "tag"), [("id", "id-ID"), ("en", "en-GB")])
def test_every_run_is_in_the_language_of_the_deck(language: Language, tag: str) -> None:
    content = made()[2] if language == "id" else made("en")[2]
    for slide in opened(content).slides:
        for holder in (slide._element, slide.notes_slide._element):
            for run in holder.iter("{*}r"):
                if run.find("{*}t").text:
                    assert run.find("{*}rPr").get("lang") == tag, run.find("{*}t").text
        for part in slide.part.rels.values():
            if part.reltype.endswith("/chart"):
                for letters in part.target_part._element.iter("{*}defRPr", "{*}rPr"):
                    assert letters.get("lang") == tag


def test_the_properties_name_the_title_and_no_person_and_the_moment_of_the_figures() -> None:
    done, _, content = made()
    told_of = opened(content).core_properties
    assert told_of.title == done.title
    assert told_of.author == told_of.last_modified_by == "Sinergisitas"
    assert told_of.created == told_of.modified
    assert told_of.created.replace(tzinfo=None) == datetime(2026, 11, 15)  # noqa: DTZ001 - the file tells no zone
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_contents_lead_to_the_slides_they_name() -> None:
    content = made()[2]
    slides = list(opened(content).slides)
    contents = slides[1]
    links = [shape for shape in contents.shapes if shape.click_action.target_slide is not None]
    told = [(shape.text_frame.text, shape.click_action.target_slide.slide_id) for shape in links]
    numbers = [(text, target) for text, target in told if text.isdigit()]
    assert [text for text, _ in told if text and not text.isdigit()] == [
        "Nusa Tenggara Barat, Sulawesi Tengah",
        "Perbandingan antarprovinsi",
        "Nusa Tenggara Barat",
        "Sulawesi Tengah",
        "Rencana aksi menurut instansi dan provinsi",
        "Keputusan yang masih terbuka",
        "Aturan dan sumber",
    ]
    assert len(numbers) == 7, "a part of the deck has no link"
    for number, target in numbers:
        assert slides[int(number) - 1].slide_id == target


def words_that_run_over(content: bytes) -> list[str]:
    """Texts that need more room than their box has, by the letters' widths; tables that reach into the footer."""
    found = []
    presentation = opened(content)
    for slide in presentation.slides:
        foot = min(box(shape)[1] for shape in slide.shapes if shape.name.startswith("Kaki"))
        for shape in slide.shapes:
            left, top, right, bottom = box(shape)
            if left < -0.01 or top < -0.01 or right > presentation.slide_width / 914400 + 0.01 or bottom > foot + 0.9:
                found.append(f"{title(slide)}: {shape.name} lies outside")
            if shape.has_table and bottom > foot + 0.02:
                found.append(f"{title(slide)}: {shape.name} reaches into the footer")
            if not shape.has_text_frame or not shape.text_frame.text:
                continue
            need = 0.0
            for paragraph in shape.text_frame.paragraphs:
                size = max((run.font.size.pt for run in paragraph.runs if run.font.size), default=11.0)
                bold = any(run.font.bold for run in paragraph.runs)
                one = fit(paragraph.text, (right - left) * 72, 1e6, size=size, least=size, bold=bold)
                need += one.lines * size * 1.15
            if need > (bottom - top) * 72 + 3:
                found.append(f"{title(slide)}: {shape.text_frame.text!r} needs {need:.0f} of {(bottom - top) * 72:.0f}")
    return found


def test_no_text_runs_over_its_box() -> None:
    for content in every_deck():
        assert words_that_run_over(content) == []


def test_letters_can_be_read_from_four_metres() -> None:
    for content in every_deck():
        for slide in opened(content).slides:
            for shape in slide.shapes:
                if shape.name.startswith(("Kaki", "Halaman")):
                    continue
                frames = [shape.text_frame] if shape.has_text_frame else []
                if shape.has_table:
                    frames = [cell.text_frame for row in list(shape.table.rows)[1:] for cell in row.cells]
                sizes = [
                    run.font.size.pt for frame in frames for paragraph in frame.paragraphs for run in paragraph.runs
                ]
                least = 12 if shape.name.startswith(("Aturan", "Arti dan dasar")) else 14
                assert min(sizes, default=least) >= least, (title(slide), shape.name, min(sizes))


HOSTILE = (
    "=cmd|'/c calc'!A1",
    "<b>&amp;</b> \"quoted\" & 'so'",
    "tab\tline\nbell\x07escape\x1bend",
    "Kabupaten Administrasi Kepulauan Seribu " * 6,
    "X" * 300,
    "\u202eabc\u202c \ufffe",
)


def hostile_tables() -> dict[str, pd.DataFrame]:
    records = dict(tables())
    sites = records["sites"].copy()
    of_ntb = sites.index[sites["region_code"].str.startswith("52")]
    for place, row in enumerate(of_ntb):
        sites.loc[row, "name"] = HOSTILE[place % len(HOSTILE)]
    records["sites"] = sites
    obstacles = records["obstacles"].copy()
    obstacles["note"] = obstacles["note"].where(obstacles.index % 2 == 0, f"{HOSTILE[1]} {HOSTILE[3]}")
    records["obstacles"] = obstacles
    return records


def test_hostile_names_stay_words_and_inside_their_boxes() -> None:
    done, _ = told("id", given=hostile_tables(), provinces=("52",))
    content = deck(done)
    assert faults(content) == []
    assert words_that_run_over(content) == []
    every = " ".join(" ".join(texts(slide)) + notes(slide) for slide in opened(content).slides)
    assert "=cmd|'/c calc'!A1" in every
    assert "<b>&amp;</b>" in every
    assert "bell" in every
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202a-\u202e\ufffe]|_x00", every)
    late = next(slide for slide in opened(content).slides if "kritis, terlambat" in title(slide))
    assert any("…" in row[0] for row in rows(tables_of(late)[0]))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(io.BytesIO(packed.read(name))) as book:
                    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_one_province_has_no_national_page_and_its_deck_no_comparison() -> None:
    done, _, content = made("en")
    titles = [title(slide) for slide in opened(content).slides]
    assert done.national.sentences == done.provinces[0].sentences
    assert titles.count(done.provinces[0].sentences[0]) == 1


def test_an_empty_selection_says_so_on_every_slide() -> None:
    done, _ = told("id", provinces=("52",), statuses=("tanpa_rencana",), on=date(2026, 10, 31))
    content = deck(done)
    assert faults(content) == []
    told_there = [text for slide in opened(content).slides for text in texts(slide)]
    assert done.provinces[0].sentences[0] in told_there
    assert done.provinces[0].late.empty in told_there
    assert done.provinces[0].silent.empty in told_there
    assert not any(shape.has_chart for shape in opened(content).slides[2].shapes)


class Stopped(Exception):  # noqa: N818 - it is no error
    pass


def test_progress_rises_to_the_end_and_what_it_raises_ends_the_work() -> None:
    done, _, _ = made("en")
    shares: list[float] = []
    deck(done, progress=shares.append)
    assert shares[0] == 0.0
    assert shares[-1] == 1.0
    assert shares == sorted(shares)

    def stop(share: float) -> None:
        if share > 0:
            raise Stopped

    with pytest.raises(Stopped):
        deck(done, progress=stop)
