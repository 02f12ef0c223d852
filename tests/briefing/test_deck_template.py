"""An organisation's template lends its looks and nothing else, and what is no fit template is refused with a reason."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from deck_reading import faults, made, opened, title
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.util import Inches

from geo.briefing import deck_template
from geo.briefing.deck import deck
from geo.briefing.deck_template import ground
from geo.drawing.palette import contrast_ratio
from geo.model import RefusedError

Change = Callable[[str, bytes], bytes]


def packed(presentation: Any) -> bytes:
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


def dark() -> bytes:
    """A navy template of 16:9 with old slides, one with notes and a link to another machine."""
    made_up = Presentation()
    made_up.slide_width, made_up.slide_height = Inches(13.333), Inches(7.5)
    master = made_up.slide_masters[0]
    master.background.fill.solid()
    master.background.fill.fore_color.rgb = RGBColor(0x10, 0x2A, 0x43)
    for holder in (master, *master.slide_layouts):
        for shape in holder.placeholders:
            if shape._element.spPr.find("{*}xfrm") is not None:
                shape.left, shape.width = int(shape.left * 1.3333), int(shape.width * 1.3333)
    old = made_up.slides.add_slide(made_up.slide_layouts[1])
    old.shapes.title.text = "An old slide"
    old.notes_slide.notes_text_frame.text = "An old note"
    run = old.placeholders[1].text_frame.paragraphs[0].add_run()
    run.text = "elsewhere"
    run.hyperlink.address = "http://198.51.100.7/"
    return packed(made_up)


def changed(template: bytes, change: Change, extra: dict[str, bytes] | None = None) -> bytes:
    """The template with other parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def kept(name: str, content: bytes) -> bytes:
    return content


def test_a_deck_on_a_template_has_its_ground_and_none_of_its_slides() -> None:
    done, _, plain = made("en")
    content = deck(done, template=dark())
    assert faults(content) == []
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        every = b"".join(parts.read(name) for name in parts.namelist() if name.endswith((".xml", ".rels")))
    assert b"102A43" in every
    assert b"An old slide" not in every
    assert b"An old note" not in every
    assert b"198.51.100.7" not in every
    assert [title(slide) for slide in opened(content).slides] == [title(slide) for slide in opened(plain).slides]
    assert deck(done, template=dark()) == content


def test_words_on_a_dark_template_can_be_read() -> None:
    found = ground(dark())
    assert contrast_ratio(found.ink, "#102a43") > 7
    assert found.title_ink is not None
    assert contrast_ratio(found.title_ink, "#102a43") > 7
    assert ground(None).ink != found.ink


def test_a_template_whose_ground_is_a_picture_gets_a_white_sheet_below_the_contents() -> None:
    made_up = Presentation()
    fill = made_up.slide_masters[0].background.fill
    fill.gradient()
    assert ground(packed(made_up)).panel
    assert not ground(packed(Presentation())).panel


def test_a_slide_of_another_shape_keeps_its_size_and_letters_shrink_with_it() -> None:
    found = ground(packed(Presentation()))
    assert found.unit == pytest.approx(10 / 13.333)
    assert found.body.right <= 13.333
    assert found.body.bottom <= found.footer.y


def test_a_template_file_is_taken_as_well_as_a_presentation() -> None:
    def as_template(name: str, content: bytes) -> bytes:
        return content.replace(b"presentation.main+xml", b"template.main+xml") if "Content_Types" in name else content

    assert len(ground(changed(dark(), as_template)).presentation.slides) == 0


def test_a_linked_picture_on_the_master_is_left_out() -> None:
    picture = (
        b'<p:pic><p:nvPicPr><p:cNvPr id="77" name="far"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr><p:blipFill>'
        b'<a:blip r:link="rId77"/></p:blipFill><p:spPr/></p:pic></p:spTree>'
    )
    rel = (
        b'<Relationship Id="rId77" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
        b'Target="http://198.51.100.7/x.png" TargetMode="External"/></Relationships>'
    )

    def linked(name: str, content: bytes) -> bytes:
        if name == "ppt/slideMasters/slideMaster1.xml":
            return content.replace(b"</p:spTree>", picture)
        if name == "ppt/slideMasters/_rels/slideMaster1.xml.rels":
            return content.replace(b"</Relationships>", rel)
        return content

    out = packed(ground(changed(dark(), linked)).presentation)
    assert faults(out) == []
    with zipfile.ZipFile(io.BytesIO(out)) as parts:
        assert b"r:link" not in parts.read("ppt/slideMasters/slideMaster1.xml")


def without_titles(name: str, content: bytes) -> bytes:
    if not re.match(r"ppt/slideLayouts/slideLayout\d+\.xml", name):
        return content
    return content.replace(b'type="title"/>', b'type="body"/>').replace(b'type="ctrTitle"/>', b'type="body"/>')


def with_macros(name: str, content: bytes) -> bytes:
    wanted = b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"
    plain = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    return content.replace(plain, wanted) if "Content_Types" in name else content


def with_entities(name: str, content: bytes) -> bytes:
    declared = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><p:presentation'
    return content.replace(b"<p:presentation", declared, 1) if name == "ppt/presentation.xml" else content


def workbook() -> bytes:
    from openpyxl import Workbook

    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "no presentation"),
    "text": (lambda: b"not a presentation at all", "no presentation"),
    "a half file": (lambda: dark()[:20_000], "no presentation"),
    "a workbook": (workbook, "no presentation"),
    "a protected file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password"),
    "macros": (lambda: changed(dark(), with_macros), "macros"),
    "a macro's part": (lambda: changed(dark(), kept, {"ppt/vbaProject.bin": b"x"}), "macros"),
    "no title": (lambda: changed(dark(), without_titles), "no layout with a title"),
    "entities": (lambda: changed(dark(), with_entities), "document type"),
    "a part twice": (lambda: changed(dark(), kept, {"PPT/presentation.xml": b"<x/>"}), "twice"),
    "a missing part": (lambda: without_part(dark(), "ppt/theme/theme1.xml"), "do not fit together"),
}


def without_part(template: bytes, gone: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if name != gone:
                new.writestr(name, old.read(name))
    return out.getvalue()


@pytest.mark.parametrize("what", list(REFUSED))
def test_what_is_no_template_is_refused_with_a_reason_and_a_remedy(what: str) -> None:
    make, reason = REFUSED[what]
    with pytest.raises(RefusedError) as refused:
        ground(make())
    assert reason in str(refused.value)
    assert all(problem.remedy for problem in refused.value.problems)


def test_what_unpacks_to_more_than_a_template_needs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deck_template, "LARGEST_UNPACKED", 2_000_000)
    bomb = changed(dark(), kept, {"ppt/media/bomb.png": b"\0" * 3_000_000})
    assert len(bomb) < 200_000
    with pytest.raises(RefusedError, match="too large when unpacked"):
        ground(bomb)
    monkeypatch.setattr(deck_template, "LARGEST_BYTES", 1000)
    with pytest.raises(RefusedError, match="more than"):
        ground(bomb)


def test_a_template_is_looked_at_before_anything_is_drawn() -> None:
    shares: list[float] = []
    with pytest.raises(RefusedError):
        deck(made("en")[0], template=b"PK", progress=shares.append)
    assert shares == [0.0]
