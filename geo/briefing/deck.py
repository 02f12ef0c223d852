"""Write a briefing as slides: native, editable charts and tables, notes for the speaker, an organisation's template."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any, Final

import segno
from lxml import etree
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn

from geo.briefing.deck_books import steady
from geo.briefing.deck_charts import set_language
from geo.briefing.deck_notes import figure_lines, known_text, plan_rules, sample_mark, status_rules, table_lines
from geo.briefing.deck_sheet import ACCENT, LANGUAGE_TAGS, PAPER, WARNING, Box, Sheet
from geo.briefing.deck_slides import (
    Deck,
    add_changes,
    add_late,
    add_map,
    add_position,
    add_side_by_side,
    add_silent_and_obstacles,
)
from geo.briefing.deck_tables import Look, add_table
from geo.briefing.deck_template import ground, placed
from geo.briefing.parts import Briefing, RegionPage
from geo.drawing.escape import plain_text
from geo.drawing.qr import modules

Progress = Callable[[float], None]


def deck(briefing: Briefing, *, template: bytes | None = None, progress: Progress | None = None) -> bytes:
    """The briefing as a PPTX file of 16:9, or of the size of ``template`` (PPTX or POTX), on whose layouts it stands.

    The same briefing and template give the same bytes. ``progress`` hears shares from 0 to 1; what it raises ends the
    work. Raises ``RefusedError`` for a template that cannot be used, and for an address too long for a QR code.
    """
    told = progress or (lambda share: None)
    told(0.0)
    made = Deck(briefing, ground(template))
    pages = briefing.pages if len(briefing.provinces) != 1 else briefing.provinces
    steps = len(pages) + 2
    t = briefing.t
    made.section(briefing.title)
    _add_cover(made)
    contents = made.sheet(t("What this briefing tells"))
    _add_own_notes(made)
    by_key = {page.key: page for page in pages}
    for place, key in enumerate(_run(briefing, by_key)):
        if key in by_key:
            _add_page(made, by_key[key])
            told(min(place + 1, len(pages)) / steps)
        elif key == "perubahan":
            made.section(t("What changed since the last meeting"))
            add_changes(made, pages[0])
        elif key == "renaksi":
            _add_matrix(made)
        elif key == "keputusan":
            _add_decisions(made)
    _add_closing(made, pages[0])
    _fill_contents(made, contents)
    told((steps - 1) / steps)
    _settle_shapes(made)
    _set_sections(made)
    _set_properties(made)
    out = io.BytesIO()
    made.ground.presentation.save(out)
    packed = steady(out.getvalue(), _moment(briefing))
    told(1.0)
    return packed


def _run(briefing: Briefing, by_key: Mapping[str, RegionPage]) -> tuple[str, ...]:
    """Keys of what is shown, in order: those of a kept run, else every page, the action plan, the decisions."""
    if not briefing.run:
        return (*by_key, "renaksi", "keputusan")
    chosen = [key for key in briefing.run if key in by_key or key in ("perubahan", "renaksi", "keputusan")]
    if len(by_key) == 1:  # of one province the first page of the room is its own
        only = next(iter(by_key))
        chosen = list(dict.fromkeys(only if key == "nasional" else key for key in chosen))
    return tuple(chosen)


def _add_page(made: Deck, page: RegionPage) -> None:
    made.section(page.name)
    made.listed(page.name, add_position(made, page))
    add_map(made, page)
    if page.key == "nasional":
        made.listed(page.regions.title, add_side_by_side(made, page)[0])
    add_late(made, page)
    add_silent_and_obstacles(made, page)
    if not (page.key == "nasional" and "perubahan" in made.briefing.run):  # a kept run puts them where it wants them
        add_changes(made, page)


# --- first and last ----------------------------------------------------------------------------------------------


def _add_cover(made: Deck) -> None:
    briefing, t = made.briefing, made.briefing.t
    sheet = made.sheet(briefing.title, cover=True)
    title: Any = sheet.slide.shapes.title
    sheet.named(title, "Judul")
    edge = placed(title, sheet.unit).bottom
    others = [one for one in sheet.slide.placeholders if one.shape_id != title.shape_id]
    foot = made.ground.footer.y - 0.1
    if others and foot - placed(others[0], sheet.unit).bottom < 1.5:
        others[0]._element.getparent().remove(others.pop(0)._element)
    lines = []
    if others:
        sheet.named(others[0], "Subjudul")
        made.fill_holder(sheet, others[0], briefing.subject, sizes=(24.0, 16.0))
        edge = max(edge, placed(others[0], sheet.unit).bottom)
    else:
        lines.append(briefing.subject)
    left = max(placed(title, sheet.unit).x + (0.0 if made.ground.house else 0.1), 0.4)
    top = min(edge + 0.2, foot - 1.7)
    box = Box(left, top, max(4.0, made.ground.body.right - left), foot - top)
    lines += [known_text(briefing), t("Classification: {label}", label=briefing.marking)]
    if briefing.number:
        lines.append(t("Snapshot number {number}", number=briefing.number))
    words = box
    if briefing.address:
        code = min(2.5, box.height)
        words = Box(box.x, box.y, box.width - code - 0.4, box.height)
        _add_code(sheet, Box(box.right - code, box.bottom - code, code, code), briefing)
    if briefing.sample:
        mark, words = words.top_part(0.5, 0.15)
        mark = replace(mark, width=min(mark.width, 5.6))
        sheet.panel(mark, name="Alas tanda", fill=WARNING)
        sheet.text(mark.inset(0.06), sample_mark(t), name="Tanda contoh", size=20, bold=True, colour=PAPER,
                   align="center", anchor=MSO_ANCHOR.MIDDLE)  # fmt: skip
    sheet.sentences(words, lines, name="Keterangan", size=20)
    made.finish(sheet, [briefing.subject, *figure_lines(briefing.national.figures)])


def _add_code(sheet: Sheet, box: Box, briefing: Briefing) -> None:
    modules(briefing.address)  # refuses an address that no code can hold
    drawn = io.BytesIO()
    code = segno.make_qr(briefing.address, error="m", boost_error=False)
    code.save(drawn, kind="png", scale=12, border=4, dark="#000", light="#fff")
    t = briefing.t
    sheet.picture(
        box, drawn.getvalue(), name="Kode QR", described=t("The same view: {address}", address=briefing.address)
    )


def _fill_contents(made: Deck, sheet: Sheet) -> None:
    """Each part of the deck with its slide's number; a click leads there."""
    t = made.briefing.t
    entries = made.contents
    high, room = 0.5, sheet.body.height
    columns = min(3, max(1, -(-len(entries) // int(room / high))))
    each = max(1, -(-len(entries) // columns))
    high = min(high, room / each)
    for column, box in enumerate(sheet.body.columns(*[1.0] * columns, gap=0.4)):
        for row, (words, slide, number) in enumerate(entries[column * each : (column + 1) * each]):
            line = Box(box.x, box.y + row * high, box.width, high - 0.08)
            page, told = line.columns(0.7, max(1.0, line.width - 0.85), gap=0.15)
            sheet.panel(page, name="Alas halaman", fill=ACCENT)
            for shape in (
                sheet.text(
                    page,
                    str(number),
                    name="Halaman tujuan",
                    size=18,
                    bold=True,
                    colour=PAPER,
                    align="center",
                    anchor=MSO_ANCHOR.MIDDLE,
                ),
                sheet.text(told, words, name="Isi", size=20, anchor=MSO_ANCHOR.MIDDLE),
            ):
                shape.click_action.target_slide = slide
    made.finish(
        sheet,
        [t("Click a line to go to its slide."), *(f"{number}: {words}" for words, _, number in entries)],
    )


_MATRIX_NAME: Final = 2.45


def _add_matrix(made: Deck) -> None:
    """The action plan, worst institutions first, with its header on each slide."""
    briefing, t = made.briefing, made.briefing.t
    table = briefing.matrix
    made.section(table.title)
    limits = briefing.national.state.thresholds
    if not table.rows:
        sheet = made.sheet(briefing.plan_title)
        sheet.text(sheet.body, table.empty, name="Keterangan", size=20)
        made.listed(table.title, sheet)
        made.finish(sheet, [*figure_lines(briefing.plan_figures), *plan_rules(t, limits)])
        return
    first, *others = table.columns
    table = replace(table, columns=(replace(first, share=_MATRIX_NAME), *others))
    start = number = 0
    while start < len(table.rows):
        number += 1
        sheet = made.sheet(_matrix_title(briefing) if start == 0 else f"{table.title} ({number})")
        if start == 0:
            made.listed(table.title, sheet)
        box = Box(sheet.body.x, sheet.body.y, sheet.body.width, sheet.body.height - 0.55)
        shown, _ = add_table(sheet, box, table, Look(size=14, lines=2, tinted=True), name="Tabel matriks", start=start)
        foot = Box(sheet.body.x, sheet.body.bottom - 0.5, sheet.body.width, 0.5)
        sheet.text(foot, table.note, name="Aturan", size=14, least=12, colour=sheet.muted)
        numbers = table_lines(table, start=start, count=shown)
        own = [briefing.plan_title, *figure_lines(briefing.plan_figures), *plan_rules(t, limits), table.note]
        made.finish(sheet, [*own, *numbers])
        start += max(1, shown)


def _add_decisions(made: Deck) -> None:
    """What meetings decided and is still open, with its header on each slide; nothing where no meeting is known."""
    t, table = made.briefing.t, made.briefing.decisions
    if table is None:
        return
    made.section(table.title)
    start = number = 0
    while number == 0 or start < len(table.rows):
        number += 1
        title = t.plural("{n} decision is open", "{n} decisions are open", len(table.rows))
        sheet = made.sheet(title if number == 1 else f"{table.title} ({number})")
        if number == 1:
            made.listed(table.title, sheet)
        if not table.rows:
            sheet.text(sheet.body, table.empty, name="Keterangan", size=20)
            made.finish(sheet, [table.empty])
            return
        shown, _ = add_table(sheet, sheet.body, table, Look(size=18, lines=3), name="Tabel keputusan", start=start)
        made.finish(sheet, table_lines(table, start=start, count=shown))
        start += max(1, shown)


def _add_own_notes(made: Deck) -> None:
    """The notes of a kept run, each with the page that it belongs to, in the order of the run."""
    briefing, t = made.briefing, made.briefing.t
    names = {page.key: page.name for page in briefing.pages} | {
        "pembuka": briefing.title,
        "perubahan": t("What changed since the last meeting"),
        "renaksi": briefing.plan_title,
        "keputusan": t("Open decisions"),
    }
    lines = [f"{names.get(key, key)}: {briefing.own_notes[key]}" for key in briefing.run if briefing.own_notes.get(key)]
    if not lines:
        return
    sheet = made.sheet(t("Notes on this run"))
    made.listed(t("Notes on this run"), sheet)
    sheet.sentences(sheet.body, lines, name="Catatan", size=20)
    made.finish(sheet, lines)


def _matrix_title(briefing: Briefing) -> str:
    """Share of the target and what is behind, from the plan's headline figures."""
    figures = briefing.plan_figures
    told = "; ".join(f"{one.label.lower() if at else one.label}: {one.value}" for at, one in enumerate(figures[1:4]))
    return f"{told} ({briefing.plan_title})"


def _add_closing(made: Deck, page: RegionPage) -> None:
    briefing, t = made.briefing, made.briefing.t
    made.section(t("Rules and sources"))
    sheet = made.sheet(t("How the figures come about"))
    made.listed(t("Rules and sources"), sheet)
    limits = page.state.thresholds
    lines = [
        *status_rules(t, limits),
        *plan_rules(t, limits),
        t("Averages rest on the sites with plan and report; each stands with its base. Missing is not zero."),
        *briefing.sources,
        t("Every row and every figure in full: the Excel annex of this briefing."),
    ]
    if briefing.address:
        lines.append(t("The same view: {address}", address=briefing.address))
    sheet.sentences(sheet.body, lines, name="Aturan dan sumber", size=18)
    made.finish(sheet, lines)


# --- the file ----------------------------------------------------------------------------------------------------


def _settle_shapes(made: Deck) -> None:
    """Give each shape of a slide a number of its own, in reading order, and the words of charts their language."""
    for slide in made.ground.presentation.slides:
        for number, element in enumerate(slide._element.iter(qn("p:cNvPr")), start=1):
            element.set("id", str(number))
        for shape in slide.shapes:
            if shape.has_chart:
                set_language(shape.chart, made.briefing.t.language)


_P14: Final = "http://schemas.microsoft.com/office/powerpoint/2010/main"
_SECTIONS: Final = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"


def _set_sections(made: Deck) -> None:
    """Name the parts of the deck, as the outline shows them."""
    root = made.ground.presentation.part._element
    numbers = {}
    for entry in root.find(qn("p:sldIdLst")):
        numbers[made.ground.presentation.part.related_part(entry.get(qn("r:id")))] = entry.get("id")
    outer = etree.SubElement(root, qn("p:extLst"))
    held = etree.SubElement(outer, qn("p:ext"), {"uri": _SECTIONS})
    listed = etree.SubElement(held, f"{{{_P14}}}sectionLst", nsmap={"p14": _P14})
    for place, (name, slides) in enumerate(made.sections):
        key = uuid.uuid5(uuid.NAMESPACE_URL, f"sinergisitas:{place}")
        told = {"name": plain_text(name) or "–", "id": f"{{{str(key).upper()}}}"}
        section = etree.SubElement(listed, f"{{{_P14}}}section", told)
        inside = etree.SubElement(section, f"{{{_P14}}}sldIdLst")
        for slide in slides:
            etree.SubElement(inside, f"{{{_P14}}}sldId", {"id": numbers[slide.part]})


def _moment(briefing: Briefing) -> datetime:
    """The moment that the file carries: that of its figures, for no clock is read."""
    return (briefing.known_at or datetime.combine(briefing.on, time(), UTC)).astimezone(UTC)


def _set_properties(made: Deck) -> None:
    briefing, told = made.briefing, made.ground.presentation.core_properties
    moment = _moment(briefing).replace(tzinfo=None)
    told.title, told.subject = _property(briefing.title), _property(briefing.subject)
    told.author = told.last_modified_by = "Sinergisitas"
    told.created = told.modified = moment
    told.last_printed = moment
    told.language = LANGUAGE_TAGS[briefing.t.language]
    told.category = briefing.classification
    told.identifier = _property(briefing.number)
    told.keywords = "Sinergisitas"
    told.content_status = told.version = ""
    told.comments = _property(" · ".join(_about(briefing)))
    told.revision = 1


def _about(briefing: Briefing) -> Sequence[str]:
    mark = [sample_mark(briefing.t)] if briefing.sample else []
    return [*mark, known_text(briefing), *briefing.sources]


def _property(text: str) -> str:
    return plain_text(text)[:255]
