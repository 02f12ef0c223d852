"""The atlas holds the briefing's figures as text, finds its way by contents and bookmarks, and reads without eyes."""

from __future__ import annotations

import hashlib
import math
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pypdf
import pytest
from pypdf.generic import DictionaryObject, IndirectObject

from geo.briefing.atlas import atlas
from geo.briefing.contents import briefing
from geo.briefing.parts import Briefing, RegionPage, Table
from geo.drawing.print_content import LABELS
from geo.drawing.print_type import Type
from geo.locale import translator
from geo.model import Filters, Language
from geo.programmes import load_programmes
from geo.progress import State, state
from geo.progress.action_plan import action_plan
from geo.progress.changes import Changes
from geo.progress.since import Earlier, Then, changes_since, earlier, last_meeting
from geo.sample import SAMPLE_AS_OF
from tests.prepared import shared_sample

LANGUAGES: tuple[Language, ...] = ("id", "en")
NUMBER = "K7QM3-XPA2D"
ADDRESS = "http://127.0.0.1:8501/?posisi=2026-10-31"
MARGIN_PT = 14 / 25.4 * 72
A4 = (595.276, 841.89)


@cache
def tables() -> Mapping[str, pd.DataFrame]:
    return shared_sample()


@cache
def standing(meeting: bool, provinces: tuple[str, ...]) -> tuple[State, Then | None, Earlier | None]:
    """The state on the sample's day, the last meeting, and the state that it was shown."""
    return judged(tables(), meeting=meeting, provinces=provinces)


def judged(
    records: Mapping[str, pd.DataFrame], *, meeting: bool, provinces: tuple[str, ...]
) -> tuple[State, Then | None, Earlier | None]:
    filters, programmes = Filters(on=SAMPLE_AS_OF, provinces=provinces), load_programmes()
    then = last_meeting(records["meetings"], on=filters.on) if meeting else None
    before = earlier(records, then, known_at=None, programmes=programmes) if then is not None else None
    return state(records, filters, programmes), then, before


def gathered(
    language: Language = "id",
    *,
    told: Mapping[str, pd.DataFrame] | None = None,
    meeting: bool = True,
    provinces: tuple[str, ...] = (),
) -> Briefing:
    records = told or tables()
    found = judged(records, meeting=meeting, provinces=provinces) if told else standing(meeting, provinces)
    now, then, before = found

    def changes(codes: tuple[str, ...]) -> Changes | None:
        if before is None:
            return None
        asked = now.filters.but(provinces=codes or now.filters.provinces)
        return changes_since(before, now.standing, asked, now.programmes, actions=records["actions"])

    return briefing(
        now, action_plan(records, now.filters), translator(language), changes=changes, then=then, tables=records,
        sample=True, known_at=datetime(2026, 11, 15, 2, tzinfo=UTC), number=NUMBER, address=ADDRESS,
    )  # fmt: skip


@cache
def made_in(language: Language) -> tuple[Briefing, bytes]:
    """The whole in Indonesian, two provinces in English: a whole atlas takes a while to draw and to read back."""
    made = gathered(language, provinces=() if language == "id" else ("52", "72"))
    return made, atlas(made)


@cache
def of_one_province() -> tuple[Briefing, bytes]:
    made = gathered("id", provinces=("52",))
    return made, atlas(made)


def read(document: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(document))


def flat(text: str) -> str:
    """Words with single spaces, as lines break where the paper ends, and inside an over-long word without a space."""
    return " ".join(text.replace("\u200b", "").split())


@cache
def page_texts(document: bytes) -> tuple[str, ...]:
    return tuple(flat(page.extract_text()) for page in read(document).pages)


def bookmarks(document: bytes) -> list[tuple[int, str, int]]:
    """Depth, title and page (from 0) of each bookmark."""
    reader = read(document)

    def below(items: list[Any], depth: int) -> Iterator[tuple[int, str, int]]:
        for item in items:
            if isinstance(item, list):
                yield from below(item, depth + 1)
            else:
                page = reader.get_destination_page_number(item)
                assert page is not None
                yield depth, str(item.title), page

    return list(below(reader.outline, 0))


def section(document: bytes, title: str) -> str:
    """Text from the page of a top bookmark up to the next one."""
    tops = [(name, page) for depth, name, page in bookmarks(document) if depth == 0]
    at = [name for name, _ in tops].index(title)
    end = tops[at + 1][1] if at + 1 < len(tops) else len(page_texts(document))
    return " ".join(page_texts(document)[tops[at][1] : end])


def row_text(row: tuple[Any, ...]) -> str:
    return flat(" ".join(cell.text for cell in row))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def shown(page: RegionPage) -> list[Table]:
    return [page.programmes, page.regions, page.late, page.silent, page.obstacles]


# --- figures -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_tells_the_headline_figures_and_the_tables_of_its_region(language: Language) -> None:
    made, document = made_in(language)
    for page in made.pages:
        text = section(document, page.name)
        tight = squeezed(text)
        for sentence in page.sentences:
            assert flat(sentence) in text
        for figure in page.figures:
            for part in (figure.label, figure.value, figure.said, figure.note):
                assert flat(part) in text, (page.name, part)
        for table in (page.programmes, page.regions):
            for row in table.rows:
                assert row_text(row) in text, (page.name, row_text(row))
        for table in shown(page):
            assert flat(table.title) in text
            for row in table.rows:
                for cell in row:
                    assert squeezed(cell.text) in tight, (page.name, table.key, cell.text)
        for change in page.changes:
            for part in (change.kind, change.name, change.place, change.told, change.others):
                assert flat(part) in text, (page.name, part)
        assert flat(made.national.changes_note) in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_legends_count_what_the_screens_count(language: Language) -> None:
    made, document = made_in(language)
    for page in made.pages:
        text, labels = section(document, page.name), LABELS[language]
        for status, count in page.view.status_counts.items():
            if count:
                assert f"{labels.statuses[status]} {count}" in text
        for code, count in page.view.programme_counts.items():
            assert f"{page.view.programmes[code].short.in_language(language)} {count}" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_matrix_shows_every_institution_with_its_cells(language: Language) -> None:
    made, document = made_in(language)
    text = squeezed(section(document, made.plan_title))
    for row in made.matrix.rows:
        assert squeezed("".join(cell.text for cell in row)) in text or all(
            squeezed(cell.text) in text for cell in row
        ), row
    for figure in made.plan_figures:
        assert squeezed(figure.value) in text
        assert squeezed(figure.said) in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_annex_holds_every_site_with_its_figures(language: Language) -> None:
    made, document = made_in(language)
    text = squeezed(section(document, made.sites.title))
    assert len(made.sites.rows) == (120 if language == "id" else 45)
    for row in made.sites.rows:
        for cell in row:
            assert squeezed(cell.text) in text, cell.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_what_it_is(language: Language) -> None:
    made, document = made_in(language)
    texts, labels = page_texts(document), LABELS[language]
    for at, text in enumerate(texts, start=1):
        assert labels.sample in text
        assert f"{at} / {len(texts)}" in text
        assert labels.position.format(date=made.t.date(made.on)) in text
        assert f"{labels.classification}: {made.classification} · internal" in text
        assert NUMBER in text
        assert labels.sources in text


# --- finding one's way -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_contents_and_bookmarks_lead_to_the_pages(language: Language) -> None:
    made, document = made_in(language)
    reader = read(document)
    tops = [(title, page) for depth, title, page in bookmarks(document) if depth == 0]
    names = [page.name for page in made.pages]
    assert [title for title, _ in tops[1:-1]] == [*names, flat(made.plan_title), made.sites.title]
    contents = page_texts(document)[1]
    for title, page in tops[1:]:
        assert title in page_texts(document)[page]
        assert re.search(rf"{re.escape(title)}[ .\u2060]*{page + 1}\b", contents), title
    for depth, title, page in bookmarks(document):
        assert depth < 2
        assert title in page_texts(document)[page]
    targets = [note.get_object() for note in reader.pages[1]["/Annots"]]
    assert len(targets) == len(tops) - 1 + len(made.provinces)
    assert all("/Dest" in note for note in targets)
    assert reader.page_labels == [str(at) for at in range(1, len(reader.pages) + 1)]


def test_the_table_of_provinces_leads_to_their_pages() -> None:
    _, document = made_in("id")
    notes = [note.get_object() for at in (0, 2, 3) for note in read(document).pages[at].get("/Annots", [])]
    assert sum("/Dest" in note for note in notes) == 10
    assert [note["/A"]["/URI"] for note in notes if "/A" in note] == [ADDRESS]


# --- read without eyes -------------------------------------------------------------------------------------------


def tags(node: Any) -> Iterator[DictionaryObject]:
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, DictionaryObject) and "/S" in node:
        yield node
    kids = node.get("/K", []) if isinstance(node, DictionaryObject) else []
    for kid in kids if isinstance(kids, list) else [kids]:
        if isinstance(kid.get_object(), DictionaryObject):
            yield from tags(kid)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_is_tagged_and_pictures_have_words(language: Language) -> None:
    made, document = made_in(language)
    reader = read(document)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == language
    assert reader.metadata is not None
    assert reader.metadata.title == f"{made.title} – {made.subject}"
    assert b"pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_data()
    found = list(tags(root["/StructTreeRoot"]))
    kinds = [str(tag["/S"]) for tag in found]
    assert kinds.count("/H1") >= len(made.pages) + 4
    assert kinds.count("/Table") >= 5 * len(made.pages)
    assert kinds.count("/TH") > 5 * len(made.pages) * 4
    told = [str(tag.get("/Alt", "")) for tag in found if tag["/S"] == "/Figure"]
    assert all(told)
    for page in made.pages:
        sites = made.t.integer(len(page.state.positions) - page.view.unplaced)
        assert any(page.subject in words and sites in words for words in told), page.name


def fonts_of(reader: pypdf.PdfReader) -> Iterator[DictionaryObject]:
    for at in range(1, len(reader.xref_objStm) + sum(map(len, reader.xref.values())) + 1):
        try:
            one = reader.get_object(at)
        except pypdf.errors.PdfReadError:
            continue
        if isinstance(one, DictionaryObject) and one.get("/Type") == "/FontDescriptor":
            yield one


def test_all_letters_are_embedded_and_of_the_project() -> None:
    descriptors = list(fonts_of(read(made_in("id")[1])))
    assert descriptors
    for one in descriptors:
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(one), one
        assert re.match(r"/[A-Z]{6}\+(SourceSansPro|DejaVuSans|LastResort)", str(one["/FontName"]))


# --- paper -------------------------------------------------------------------------------------------------------


def runs(page: pypdf.PageObject) -> Iterator[tuple[float, float, float, str]]:
    """Where each run of text starts, its size in points, and its letters."""
    found: list[tuple[float, float, float, str]] = []

    def seen(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            scale = math.hypot(tm[0] * cm[0] + tm[1] * cm[2], tm[0] * cm[1] + tm[1] * cm[3])
            found.append((x, y, size * scale, text.strip()))

    page.extract_text(visitor_text=seen)
    yield from found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_leaves_the_paper_or_is_too_small(language: Language) -> None:
    for page in read(made_in(language)[1]).pages:
        assert (round(float(page.mediabox.width), 2), round(float(page.mediabox.height), 2)) == (595.28, 841.89)
        for x, y, size, text in runs(page):
            assert size >= 7.45 or not re.search(r"\w", text), text
            assert MARGIN_PT - 1 <= x <= A4[0] - MARGIN_PT, text
            assert 0 < y < A4[1], text


def test_an_atlas_of_one_province_has_no_page_for_the_whole() -> None:
    made, document = of_one_province()
    tops = [title for depth, title, _ in bookmarks(document) if depth == 0]
    assert made.national.name == "Nusa Tenggara Barat"
    assert tops.count("Nusa Tenggara Barat") == 1
    assert len(read(document).pages) == 7
    for sentence in made.provinces[0].sentences:
        assert flat(sentence) in page_texts(document)[0]


def test_without_a_site_every_page_says_so() -> None:
    made = gathered("id", provinces=("11",))
    text = " ".join(page_texts(atlas(made)))
    assert not made.sites.rows
    page = made.provinces[0]
    for words in (made.sites.empty, *page.sentences, page.late.empty, page.silent.empty, page.obstacles.empty):
        assert flat(words) in text


def test_without_a_meeting_number_address_and_sample_nothing_is_claimed() -> None:
    made = replace(gathered("en", meeting=False, provinces=("52",)), number="", address="", sample=False, known_at=None)
    document = atlas(made)
    text = " ".join(page_texts(document))
    assert made.national.changes_note in text
    assert LABELS["en"].sample not in text
    assert "Number" not in text
    assert "Scan" not in text
    assert "As known now" in text
    assert not read(document).pages[0].get("/Annots")


def test_restricted_stands_on_every_page() -> None:
    document = atlas(replace(of_one_province()[0], classification="TERBATAS"))
    assert all("Klasifikasi: TERBATAS" in text for text in page_texts(document))


def test_for_the_public_stands_on_every_page() -> None:
    document = atlas(replace(of_one_province()[0], audience="public"))
    assert all("Klasifikasi: BIASA · untuk umum" in text for text in page_texts(document))


# --- strangers' text ---------------------------------------------------------------------------------------------

HOSTILE = (
    '#read("/etc/passwd")',
    "#panic()",
    "$x^2$ *bold* _it_ `raw`",
    "[ ] \\ { } @ref <label> // gone",
    "= Heading",
    "Kabupaten Administrasi Kepulauan Seribu Utara Sebelah Timur Laut Nan Jauh Sekali",
    "Mempertanggungjawabkanketidakberkesinambungannyadalampelaksanaanprogram" * 2,
    "العربية والعبرية שלום",
    "\u202eGNP.exe\u202c",
    "日本語 😀",
    "tab\tnewline\nnull\x00",
)


@pytest.mark.filterwarnings("ignore:Glyph .* missing from font:UserWarning")  # measuring; the paper has a third font
def test_names_of_strangers_are_text_and_stay_on_the_paper() -> None:
    sites = tables()["sites"].copy()
    mine = sites.index[sites["region_code"].astype(str).str.startswith("52")][: len(HOSTILE)]
    sites.loc[mine, "name"] = list(HOSTILE)
    made = gathered("id", told={**tables(), "sites": sites}, provinces=("52",))
    document = atlas(replace(made, title="#panic() $x$ " + "W" * 90))
    text = squeezed(" ".join(page_texts(document)))
    for name in HOSTILE[:7]:
        assert squeezed(name) in text, name
    assert "root:" not in text
    assert "GNP.exe" in text
    assert "\u202e" not in text
    assert not {title for _, title, _ in bookmarks(document)} & {"Heading"}
    for page in read(document).pages:
        for x, _, size, part in runs(page):
            if not part.isascii():
                continue
            wide = Type(size, "", "normal").measure(part)
            assert x + 0.9 * wide <= A4[0], part


# --- the same again ----------------------------------------------------------------------------------------------


def test_the_same_briefing_gives_the_same_bytes() -> None:
    made, document = of_one_province()
    assert atlas(made) == document


def test_another_process_gives_the_same_bytes() -> None:
    code = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1])\n"
        "import test_atlas_pdf as t\n"
        "print(hashlib.sha256(t.of_one_province()[1]).hexdigest())"
    )
    folder = str(Path(__file__).parent)
    done = subprocess.run(
        [sys.executable, "-c", code, folder],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "4711", "PYTHONPATH": os.pathsep.join(sys.path), "TZ": "Asia/Jayapura"},
    )
    assert done.stdout.strip() == hashlib.sha256(of_one_province()[1]).hexdigest()


# --- progress ----------------------------------------------------------------------------------------------------


def test_progress_rises_from_nothing_to_all() -> None:
    heard: list[float] = []
    atlas(of_one_province()[0], progress=heard.append)
    assert heard[0] == 0
    assert heard[-1] == 1
    assert heard == sorted(heard)
    assert len(heard) >= 3


class _StoppedError(Exception):
    """Raised by a viewer who does not want to wait."""


def test_what_progress_raises_ends_the_work() -> None:
    def stop(share: float) -> None:
        if share > 0:
            raise _StoppedError

    with pytest.raises(_StoppedError):
        atlas(of_one_province()[0], progress=stop)
