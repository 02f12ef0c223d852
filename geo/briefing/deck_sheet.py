"""Place texts, panels and pictures on a slide, each with its name, its language and its words for the blind."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Emu, Inches, Length, Pt

from geo.briefing.deck_text import Fitted, fit
from geo.drawing.palette import ink_on

INK: Final = "#17242e"
MUTED: Final = "#4b565f"
ACCENT: Final = "#0f4c5c"
PAPER: Final = "#ffffff"
PANEL: Final = "#f1f5f7"
RULE: Final = "#c3d3dc"
WARNING: Final = "#9a1b2f"
GOOD: Final = "#1c6696"

LANGUAGE_TAGS: Final = {"id": "id-ID", "en": "en-GB"}
FOOTER_SIZE: Final = 11.0
_RGB: Final[Any] = RGBColor  # the library tells no types of it

ALIGN: Final = {"left": PP_ALIGN.LEFT, "right": PP_ALIGN.RIGHT, "center": PP_ALIGN.CENTER}


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a slide in inches from the upper left."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def inset(self, by: float) -> Box:
        return Box(self.x + by, self.y + by, max(0.1, self.width - 2 * by), max(0.1, self.height - 2 * by))

    def columns(self, *shares: float, gap: float = 0.25) -> tuple[Box, ...]:
        """The box cut into columns by their shares."""
        room = self.width - gap * (len(shares) - 1)
        x, made = self.x, []
        for share in shares:
            across = room * share / sum(shares)
            made.append(Box(x, self.y, across, self.height))
            x += across + gap
        return tuple(made)

    def top_part(self, height: float, gap: float = 0.15) -> tuple[Box, Box]:
        """The box cut into an upper part of a height and what is left below it."""
        height = min(height, self.height)
        below = Box(self.x, self.y + height + gap, self.width, max(0.1, self.height - height - gap))
        return Box(self.x, self.y, self.width, height), below


@dataclass(slots=True)
class Sheet:
    """A slide that is being filled.

    Its boxes and sizes are those of a slide 13.333 inches wide; ``unit`` scales them to the slide's own width, so that
    letters are as large on the wall whatever template is used. ``ink`` and ``muted`` are the colours of words on the
    bare ground of the template, ``factor`` how wide its font runs; ``cut`` collects the full words of all that had to
    be shortened, for the notes.
    """

    slide: Slide
    language: str
    body: Box
    unit: float = 1.0
    ink: str = INK
    muted: str = MUTED
    factor: float = 1.0
    cover: bool = False
    cut: list[str] = field(default_factory=list)
    _names: dict[str, int] = field(default_factory=dict)

    def emu(self, box: Box) -> tuple[Length, Length, Length, Length]:
        """Left, top, width, height as the library takes them."""
        return (
            Inches(box.x * self.unit),
            Inches(box.y * self.unit),
            Inches(box.width * self.unit),
            Inches(box.height * self.unit),
        )

    def pt(self, size: float) -> Pt:
        return Pt(round(size * self.unit, 1))

    def named(self, shape: Any, name: str, described: str = "") -> None:
        """A name that no other shape of the slide has, and words that are read out in place of the shape."""
        count = self._names[name] = self._names.get(name, 0) + 1
        shape.name = name if count == 1 else f"{name} {count}"
        if described:
            shape._element.xpath(".//p:cNvPr")[0].set("descr", described)

    def fitted(
        self, text: str, box: Box, *, size: float, least: float, bold: bool = False, most: int | None = None
    ) -> Fitted:
        """The text at the size at which it fits the box; what is cut is kept for the notes."""
        answer = fit(
            text, box.width * 72, box.height * 72, size=size, least=least, bold=bold, factor=self.factor, most=most
        )
        if answer.cut:
            self.cut.append(text)
        return answer

    def text(
        self,
        box: Box,
        text: str,
        *,
        name: str,
        size: float = 16,
        least: float = 14,
        bold: bool = False,
        colour: str | None = None,
        align: str = "left",
        anchor: MSO_ANCHOR = MSO_ANCHOR.TOP,
    ) -> Any:
        """A text box of one paragraph that fits."""
        answer = self.fitted(text, box, size=size, least=least, bold=bold)
        shape = self._box(box, name)
        shape.text_frame.vertical_anchor = anchor
        paragraph = shape.text_frame.paragraphs[0]
        self.run(paragraph, answer.text, size=answer.size, bold=bold, colour=colour or self.ink, align=align)
        return shape

    def sentences(
        self,
        box: Box,
        texts: Sequence[str],
        *,
        name: str,
        size: float = 18,
        least: float = 14,
        colour: str | None = None,
    ) -> Any:
        """Paragraphs below each other at one size at which all of them fit."""
        shape = self._box(box, name)
        chosen = size
        while chosen > least:
            fits = [fit(text, box.width * 72, 1e6, size=chosen, least=chosen, factor=self.factor) for text in texts]
            if sum(one.height + 0.4 * chosen for one in fits) <= box.height * 72:
                break
            chosen -= 1
        left = box.height * 72
        for place, text in enumerate(texts):
            if left < chosen:
                self.cut.append(text)
                continue
            one = fit(text, box.width * 72, left, size=chosen, least=chosen, factor=self.factor)
            if one.cut:
                self.cut.append(text)
            left -= one.height + 0.4 * chosen
            paragraph = shape.text_frame.paragraphs[0] if place == 0 else shape.text_frame.add_paragraph()
            paragraph.space_after = self.pt(0.4 * chosen)
            self.run(paragraph, one.text, size=chosen, colour=colour or self.ink)
        return shape

    def _box(self, box: Box, name: str) -> Any:
        shape = self.slide.shapes.add_textbox(*self.emu(box))
        frame = shape.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        self.named(shape, name)
        return shape

    def run(
        self,
        paragraph: Any,
        text: str,
        *,
        size: float | None = None,
        bold: bool | None = None,
        colour: str | None = None,
        align: str | None = None,
    ) -> Any:
        """A run in the slide's language; what is not told is the template's."""
        if align is not None:
            paragraph.alignment = ALIGN[align]
        if not text:
            self._end(paragraph, size)
            return None
        run = paragraph.add_run()
        run.text = text
        run._r.get_or_add_rPr().set("lang", LANGUAGE_TAGS[self.language])
        if size is not None:
            run.font.size = self.pt(size)
        if bold is not None:
            run.font.bold = bold
        if colour is not None:
            run.font.color.rgb = rgb(colour)
        return run

    def _end(self, paragraph: Any, size: float | None) -> None:
        """Letters of an empty paragraph; without them it would be as high as the template's largest."""
        told = paragraph._p.get_or_add_endParaRPr()
        told.set("lang", LANGUAGE_TAGS[self.language])
        if size is not None:
            told.set("sz", str(round(size * self.unit * 100)))

    def panel(self, box: Box, *, name: str, fill: str = PANEL, line: str | None = None) -> Any:
        """A plain rectangle behind other things; nothing is read out for it."""
        shape = self.slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *self.emu(box))
        shape.fill.solid()
        shape.fill.fore_color.rgb = rgb(fill)
        if line is None:
            shape.line.fill.background()
        else:
            shape.line.color.rgb = rgb(line)
            shape.line.width = Pt(0.75)
        style = shape._element.find(qn("p:style"))  # shadows and letters of the template's theme
        shape._element.remove(style)
        self.named(shape, name)
        decorative(shape)
        return shape

    def picture(self, box: Box, content: bytes, *, name: str, described: str) -> Any:
        """A picture in the middle of a box, as large as its shape allows."""
        shape = self.slide.shapes.add_picture(io.BytesIO(content), Emu(0), Emu(0))
        ratio = shape.width / shape.height
        across = min(box.width, box.height * ratio)
        down = across / ratio
        shape.left, shape.top, shape.width, shape.height = self.emu(
            Box(box.x + (box.width - across) / 2, box.y + (box.height - down) / 2, across, down)
        )
        self.named(shape, name, described)
        return shape


def rgb(colour: str) -> Any:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return _RGB(red, green, blue)


def blend(colour: str, share: float, ground: str = PAPER) -> str:
    """A colour thinned on a ground; ``share`` (0 to 1) of it is left."""
    parts = ((int(colour[at : at + 2], 16), int(ground[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(one * share + other * (1 - share)):02x}" for one, other in parts)


def ink_for(fill: str) -> str:
    """Letters that can be read on a fill."""
    return ink_on(fill)


_DECORATIVE: Final = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}">'
    '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/>'
    "</a:ext></a:extLst>"
)


def decorative(shape: Any) -> None:
    """Mark a shape as one that means nothing to those who listen."""
    shape._element.xpath(".//p:cNvPr")[0].append(etree.fromstring(_DECORATIVE))


def add_field(paragraph: Any, kind: str, text: str, *, language: str, size: float, colour: str) -> None:
    """A field that the program fills in, such as the slide's number."""
    element = paragraph._p
    found = etree.SubElement(element, qn("a:fld"), {"id": "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", "type": kind})
    properties = etree.SubElement(found, qn("a:rPr"), {"lang": LANGUAGE_TAGS[language], "sz": str(round(size * 100))})
    fill = etree.SubElement(properties, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr"), {"val": colour.removeprefix("#").upper()})
    etree.SubElement(found, qn("a:t")).text = text
