"""Open what a deck is built on: the house's own blank slides, or an organisation's template after a close look at it.

A template lends its masters, layouts, theme and slide size. Its slides, comments, properties and links to other places
are left behind; nothing outside the file is ever opened.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn
from pptx.util import Emu

from geo.briefing.deck_house import house_presentation
from geo.briefing.deck_sheet import INK, MUTED, Box
from geo.briefing.deck_text import font_factor
from geo.drawing.palette import contrast_ratio
from geo.model import Problem, RefusedError

WIDTH: Final = 13.333
"""Width in inches of the slide that boxes and sizes are thought for."""

LARGEST_BYTES: Final = 50 * 2**20
LARGEST_UNPACKED: Final = 300 * 2**20
MOST_PARTS: Final = 4000
"""What a template may take: bytes, bytes unpacked, parts."""

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN: Final = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
_TEMPLATE: Final = b"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml"
_SHOW: Final = b"application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml"
_TYPES: Final = "[Content_Types].xml"
_REMEDY: Final = "Give a .pptx or .potx file without macros and without a password, or leave the template out."
_AROUND: Final = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
_TITLES: Final = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_READABLE: Final = 4.5
_DAMAGE: Final = (LookupError, ValueError, AttributeError, TypeError, etree.XMLSyntaxError)
"""What the library raises when parts of a file contradict each other."""


@dataclass(slots=True)
class Ground:
    """What slides stand on.

    - ``cover``, ``plain``: the layout of the first slide and that of the others; ``unit``: see ``deck_sheet.Sheet``.
    - ``body``, ``footer``: where contents and footer have room, in inches of a slide ``WIDTH`` wide.
    - ``ink``, ``muted``: colours of words on the bare slide; ``title_ink`` where the template's own cannot be read.
    - ``panel``: whether contents need a white sheet below them, because what lies there is no single colour.
    - ``factor``: how wide the template's font runs. ``house``: no template was given.
    """

    presentation: Any
    cover: Any
    plain: Any
    unit: float
    body: Box
    footer: Box
    ink: str = INK
    muted: str = MUTED
    title_ink: str | None = None
    panel: bool = False
    factor: float = 1.0
    house: bool = False


def ground(template: bytes | None) -> Ground:
    """The blank presentation to fill.

    Raises ``RefusedError`` for a template that is no presentation, is protected or macro-enabled, is too large, or has
    no layout with a title.
    """
    if template is None:
        made = house_presentation()
        return _ground(made, house=True)
    presentation = _opened(_checked(template))
    try:
        _remove_slides(presentation)
        _leave_behind(presentation)
        return _ground(presentation, house=False)
    except _DAMAGE as error:
        raise _refused("is damaged: its parts do not fit together") from error


# --- the file ----------------------------------------------------------------------------------------------------


def _refused(message: str, remedy: str = _REMEDY) -> RefusedError:
    return RefusedError([Problem(f"the template {message}", remedy)])


def _checked(template: bytes) -> bytes:
    """The template as a presentation file, after a look at its parts; only sizes are told, nothing is run."""
    if len(template) > LARGEST_BYTES:
        raise _refused(
            f"has {len(template) / 2**20:.0f} MB, more than {LARGEST_BYTES / 2**20:.0f}", "Give a smaller one."
        )
    if template.startswith(_OLE):
        raise _refused("is protected by a password or was saved in the old format of PowerPoint")
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as packed:
            return _repacked(packed)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise _refused("is no presentation that can be read") from error


def _repacked(packed: zipfile.ZipFile) -> bytes:
    entries = packed.infolist()
    names = [entry.filename for entry in entries]
    if len(names) > MOST_PARTS or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise _refused("is too large when unpacked", "Give a smaller one: only its layouts are used.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise _refused("is protected by a password")
    if len({name.lower() for name in names}) != len(names):
        raise _refused("holds a part twice")
    if _TYPES not in names:
        raise _refused("is no presentation")
    types = packed.read(_TYPES)
    if b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _refused("contains macros")
    if not any(kind in types for kind in (_MAIN, _TEMPLATE, _SHOW)):
        raise _refused("is no presentation")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as plain:
        for name in names:
            content = packed.read(name)
            if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in content[:2048]:
                raise _refused("declares a document type, which presentations do not")
            if name == _TYPES:
                content = content.replace(_TEMPLATE, _MAIN).replace(_SHOW, _MAIN)
            plain.writestr(name, content)
    return out.getvalue()


def _opened(content: bytes) -> Any:
    try:
        presentation = Presentation(io.BytesIO(content))
        if presentation.slide_width and presentation.slide_height and len(presentation.slide_masters):
            return presentation
    except _DAMAGE as error:
        raise _refused("is damaged: its parts do not fit together") from error
    raise _refused("has no slide master")


def _remove_slides(presentation: Any) -> None:
    """Take out every slide with its parts, and what speaks of slides."""
    root = presentation.part._element
    listed = root.find(qn("p:sldIdLst"))
    if listed is not None:
        for slide in list(listed):
            presentation.part.drop_rel(slide.get(qn("r:id")))
            listed.remove(slide)
    for name in ("p:custShowLst", "p:extLst", "p:modifyVerifier"):
        for found in root.findall(qn(name)):
            root.remove(found)


_KEPT_OF_PRESENTATION: Final = {RT.SLIDE_MASTER, RT.NOTES_MASTER, RT.THEME, RT.TABLE_STYLES, RT.FONT, RT.PRES_PROPS}
_KEPT_OF_PACKAGE: Final = {RT.OFFICE_DOCUMENT, RT.CORE_PROPERTIES}


def _leave_behind(presentation: Any) -> None:
    """Drop comments, authors, properties, the thumbnail, and every link to another place."""
    part = presentation.part
    embedded = {found.get(qn("r:id")) for found in part._element.iter() if found.get(qn("r:id"))}
    for key, rel in list(part.rels.items()):
        if rel.is_external or (rel.reltype not in _KEPT_OF_PRESENTATION and key not in embedded):
            part.rels.pop(key)
    package = part.package
    for key, rel in list(package._rels.items()):
        if rel.reltype not in _KEPT_OF_PACKAGE:
            package._rels.pop(key)
    for master in presentation.slide_masters:
        for holder in (master, *master.slide_layouts):
            _cut_links(holder.part)


def _cut_links(part: Any) -> None:
    """Remove what leads out of a master or layout: links on shapes, linked pictures, sound, embedded objects."""
    loose = {key for key, rel in part.rels.items() if rel.is_external or rel.reltype in (RT.SLIDE, RT.NOTES_SLIDE)}
    if not loose:
        return
    for element in list(part._element.iter()):
        if not isinstance(element.tag, str):
            continue
        for attribute, value in list(element.attrib.items()):
            if value in loose and attribute.startswith(f"{{{_R}}}"):
                _cut(element, attribute)
    for key in loose:
        part.rels.pop(key)


_R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _cut(element: Any, attribute: str) -> None:
    """A link goes alone; a thing that lives outside the file goes with its shape."""
    if element.tag in (qn("a:hlinkClick"), qn("a:hlinkHover"), qn("a:hlinkMouseOver")):
        element.getparent().remove(element)
        return
    if element.tag == qn("a:blip") and element.get(qn("r:embed")):
        del element.attrib[attribute]
        return
    shape = element
    while shape.getparent() is not None and shape.getparent().tag not in (qn("p:spTree"), qn("p:grpSp")):
        shape = shape.getparent()
    parent = shape.getparent()
    if parent is None:
        raise _refused("draws something that lies outside the file", "Embed its pictures, or leave the template out.")
    parent.remove(shape)


# --- layouts -----------------------------------------------------------------------------------------------------


def _ground(presentation: Any, *, house: bool) -> Ground:
    cover, plain = _layouts(presentation)
    unit = Emu(presentation.slide_width).inches / WIDTH
    height = Emu(presentation.slide_height).inches / unit
    body, footer = _places(plain, unit, height)
    colours = _Colours(plain)
    back = colours.background(presentation.slide_width * presentation.slide_height)
    dark = back is not None and contrast_ratio(INK, back) < _READABLE
    title = colours.title()
    readable = back is None or title is None or contrast_ratio(title, back) >= 3
    return Ground(
        presentation=presentation,
        cover=cover,
        plain=plain,
        unit=unit,
        body=body,
        footer=footer,
        ink="#ffffff" if dark else INK,
        muted="#ffffff" if dark else MUTED,
        title_ink=None if readable else ("#ffffff" if dark else INK),
        panel=back is None,
        factor=font_factor(colours.font()),
        house=house,
    )


def _layouts(presentation: Any) -> tuple[Any, Any]:
    """The layouts for the cover and for all other slides, by what they hold rather than by their names."""
    every = [layout for master in presentation.slide_masters for layout in master.slide_layouts]
    titled = [layout for layout in every if _title(layout) is not None]
    if not titled:
        raise _refused("has no layout with a title", "Give a template that has a layout with a title.")

    def others(layout: Any) -> int:
        return sum(one.placeholder_format.type not in (*_AROUND, *_TITLES) for one in layout.placeholders)

    def kind(layout: Any) -> str:
        return str(layout._element.get("type") or "")

    plain = min(titled, key=lambda layout: (kind(layout) != "titleOnly", kind(layout) == "title", others(layout)))
    covers = [layout for layout in titled if kind(layout) == "title"] or [
        layout
        for layout in titled
        if _title(layout).placeholder_format.type == PP_PLACEHOLDER.CENTER_TITLE and others(layout) <= 1
    ]
    return (covers or [plain])[0], plain


def _title(layout: Any) -> Any:
    """The place of a layout's title; one that runs from top to bottom does not count."""
    found = [
        one
        for one in layout.placeholders
        if one.placeholder_format.type in _TITLES and one._element.find(f".//{qn('p:ph')}").get("orient") != "vert"
    ]
    return found[0] if found and found[0].width and found[0].height else None


def _places(layout: Any, unit: float, height: float) -> tuple[Box, Box]:
    """The room for contents below the title (or above one that stands at the foot) and that for the footer."""
    title = placed(_title(layout), unit)
    around = [
        placed(one, unit)
        for one in layout.placeholders
        if one.placeholder_format.type in _AROUND and one.width and one.height
    ]
    low = [box for box in around if box.y > 0.8 * height]
    foot = min((box.y for box in low), default=height - 0.5)
    deep = max((box.bottom for box in low), default=height - 0.1)
    left = max(0.35, min(title.x, WIDTH * 0.2))
    right = WIDTH - left if title.right < WIDTH * 0.75 else min(title.right, WIDTH - 0.35)
    if title.y > height / 2:
        top, bottom = 0.4, min(title.y - 0.1, foot - 0.05)
    else:
        top, bottom = title.bottom + 0.1, foot - 0.08
    if bottom - top < 0.55 * height:
        top = max(0.2, min(top, bottom - 0.55 * height))
    footer = Box(left, foot, right - left, max(0.25, min(deep, height - 0.05) - foot))
    return Box(left, top, right - left, bottom - top), footer


def placed(shape: Any, unit: float) -> Box:
    """Where a shape stands, in inches of a slide ``WIDTH`` wide."""
    return Box(*(Emu(one or 0).inches / unit for one in (shape.left, shape.top, shape.width, shape.height)))


class _Colours:
    """Colours and font of a layout, as far as a theme tells them."""

    def __init__(self, layout: Any) -> None:
        self.layout = layout._element
        self.master = layout.slide_master._element
        part = layout.slide_master.part.part_related_by(RT.THEME)
        self.theme = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))

    def background(self, area: int) -> str | None:
        """The colour of the bare slide; ``None`` for a picture, a pattern or a gradient."""
        if any(self._covers(root, area) for root in (self.layout, self.master)):
            return None
        for root in (self.layout, self.master):
            back = root.find(f"{qn('p:cSld')}/{qn('p:bg')}")
            if back is None:
                continue
            reference = back.find(qn("p:bgRef"))
            if reference is not None:
                return self._colour(reference) if reference.get("idx") in (None, "1001") else None
            return self._colour(back.find(f"{qn('p:bgPr')}/{qn('a:solidFill')}"))
        return "#ffffff"

    @staticmethod
    def _covers(root: Any, area: int) -> bool:
        """Whether a shape that is no placeholder covers most of the slide."""
        for shape in root.findall(f"{qn('p:cSld')}/{qn('p:spTree')}/*"):
            size = shape.find(f".//{qn('a:xfrm')}/{qn('a:ext')}")
            if size is None or shape.find(f".//{qn('p:ph')}") is not None:
                continue
            if int(size.get("cx", 0)) * int(size.get("cy", 0)) > 0.4 * area:
                return True
        return False

    def title(self) -> str | None:
        """The colour of the title's letters."""
        places = (
            *(self._own_title(root) for root in (self.layout, self.master)),
            self.master.find(f"{qn('p:txStyles')}/{qn('p:titleStyle')}"),
        )
        for place in places:
            fill = None if place is None else place.find(f"{qn('a:lvl1pPr')}/{qn('a:defRPr')}/{qn('a:solidFill')}")
            if fill is not None:
                return self._colour(fill)
        return None

    @staticmethod
    def _own_title(root: Any) -> Any:
        for shape in root.iter(qn("p:sp")):
            held = shape.find(f".//{qn('p:ph')}")
            if held is not None and held.get("type") in ("title", "ctrTitle"):
                return shape.find(f"{qn('p:txBody')}/{qn('a:lstStyle')}")
        return None

    def font(self) -> str:
        found = self.theme.find(f".//{qn('a:minorFont')}/{qn('a:latin')}")
        return "" if found is None else str(found.get("typeface") or "")

    def _colour(self, holder: Any) -> str | None:
        if holder is None or not len(holder):
            return None
        told = holder[0]
        if told.tag == qn("a:srgbClr"):
            return f"#{told.get('val', 'ffffff').lower()}"
        if told.tag == qn("a:sysClr"):
            return f"#{told.get('lastClr', 'ffffff').lower()}"
        if told.tag != qn("a:schemeClr"):
            return None
        name = str(told.get("val"))
        mapping = self.master.find(qn("p:clrMap"))
        mapped = name if mapping is None else str(mapping.get(name, name))
        found = self.theme.find(f".//{qn('a:clrScheme')}/{{{_A}}}{mapped}")
        return self._colour(found) if found is not None else None


_A: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
