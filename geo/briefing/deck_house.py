"""Make the house's own blank slides: 16:9, one cover and one plain layout, letters that every machine has."""

from __future__ import annotations

from typing import Any, Final

from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn
from pptx.util import Inches

from geo.briefing.deck_sheet import ACCENT, INK, PANEL, PAPER, WARNING

FONT: Final = "Arial"
"""On Windows and macOS by itself; LibreOffice sets Liberation Sans, whose letters are exactly as wide."""

SLIDE: Final = (Inches(13.333), Inches(7.5))

_KEPT: Final = ("title", "titleOnly")
_SCHEME: Final = {
    "dk1": INK,
    "lt1": PAPER,
    "dk2": ACCENT,
    "lt2": PANEL,
    "accent1": ACCENT,
    "accent2": "#dc5d1f",
    "accent3": "#66b4e2",
    "accent4": "#f7c744",
    "accent5": "#08706a",
    "accent6": WARNING,
    "hlink": ACCENT,
    "folHlink": ACCENT,
}
_MASTER: Final = {
    "title": (0.5, 0.3, 12.333, 0.95),
    "body": (0.5, 1.4, 12.333, 5.4),
    "dt": (0.5, 7.02, 2.0, 0.33),
    "ftr": (0.5, 7.02, 11.3, 0.33),
    "sldNum": (11.9, 7.02, 0.933, 0.33),
}
_COVER: Final = {
    "ctrTitle": (1.0, 0.9, 11.3, 1.9),
    "subTitle": (1.0, 2.9, 11.3, 0.6),
    "ftr": (1.0, 7.02, 10.8, 0.33),
    "dt": (1.0, 7.02, 2.0, 0.33),
}


def house_presentation() -> Any:
    """A presentation without slides, with two layouts: ``title`` and ``titleOnly``."""
    made = Presentation()
    made.slide_width, made.slide_height = SLIDE
    size = made.part._element.find(qn("p:sldSz"))
    size.attrib.pop("type", None)
    master = made.slide_masters[0]
    for layout in list(master.slide_layouts):
        if layout._element.get("type") not in _KEPT:
            master.slide_layouts.remove(layout)
    _place(master._element, _MASTER)
    for body in master._element.iter(qn("a:bodyPr")):
        for side in ("lIns", "rIns"):
            body.set(side, "0")
    for layout in master.slide_layouts:
        _place(layout._element, _COVER)
        for level in layout._element.iter(qn("a:lvl1pPr")):
            level.set("algn", "l")
    _set_title_style(master._element)
    _draw_bands(master)
    _set_theme(master.part.part_related_by(RT.THEME))
    _drop_leftovers(made)
    return made


def _place(root: Any, places: dict[str, tuple[float, float, float, float]]) -> None:
    for shape in root.iter(qn("p:sp")):
        held = shape.find(f".//{qn('p:ph')}")
        box = None if held is None else places.get(held.get("type"))
        if box is None:
            continue
        properties = shape.find(qn("p:spPr"))
        for old in properties.findall(qn("a:xfrm")):
            properties.remove(old)
        x, y, width, height = (str(int(Inches(one))) for one in box)
        frame = etree.Element(qn("a:xfrm"))
        etree.SubElement(frame, qn("a:off"), {"x": x, "y": y})
        etree.SubElement(frame, qn("a:ext"), {"cx": width, "cy": height})
        properties.insert(0, frame)


def _set_title_style(root: Any) -> None:
    style = root.find(f"{qn('p:txStyles')}/{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    style.set("algn", "l")
    letters = style.find(qn("a:defRPr"))
    letters.set("sz", "2600")
    letters.set("b", "1")
    letters.find(f"{qn('a:solidFill')}/{qn('a:schemeClr')}").set("val", "tx2")
    for layout_style in root.iter(qn("p:bodyStyle")):
        layout_style.find(f"{qn('a:lvl1pPr')}/{qn('a:defRPr')}").set("sz", "2000")


def _draw_bands(master: Any) -> None:
    """A narrow band along the upper edge, on the cover a broad one at the side, below everything else."""
    band = etree.fromstring(_BAND.format(width=int(SLIDE[0]), height=int(Inches(0.14))))
    master.shapes._spTree.insert(2, band)
    for layout in master.slide_layouts:
        if layout._element.get("type") == "title":
            side = etree.fromstring(_BAND.format(width=int(Inches(0.5)), height=int(SLIDE[1])))
            layout.shapes._spTree.insert(2, side)


_BAND: Final = (
    '<p:sp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:nvSpPr><p:cNvPr id="20" name="Band"/>'
    '<p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="0" y="0"/>'
    '<a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    '<a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr>'
    "<p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr/></a:p></p:txBody></p:sp>"
)


def _set_theme(part: Any) -> None:
    root = etree.fromstring(part.blob)
    root.set("name", "Sinergisitas")
    scheme = root.find(f".//{qn('a:clrScheme')}")
    scheme.set("name", "Sinergisitas")
    for name, colour in _SCHEME.items():
        place = scheme.find(qn(f"a:{name}"))
        for old in list(place):
            place.remove(old)
        etree.SubElement(place, qn("a:srgbClr"), {"val": colour.removeprefix("#").upper()})
    fonts = root.find(f".//{qn('a:fontScheme')}")
    fonts.set("name", "Sinergisitas")
    for latin in fonts.iter(qn("a:latin")):
        latin.set("typeface", FONT)
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _drop_leftovers(made: Any) -> None:
    """The library's blank file brings a thumbnail, settings of a printer and properties of its own."""
    for rels, kept in (
        (made.part.rels, {RT.SLIDE_MASTER, RT.THEME, RT.TABLE_STYLES, RT.PRES_PROPS, RT.VIEW_PROPS}),
        (made.part.package._rels, {RT.OFFICE_DOCUMENT, RT.CORE_PROPERTIES}),
    ):
        for key, rel in list(rels.items()):
            if rel.reltype not in kept:
                rels.pop(key)
