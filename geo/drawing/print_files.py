"""Write a drawn sheet as the bytes of a file, the same for the same drawing."""

from __future__ import annotations

import base64
import html
import io
import re
from typing import Any, Final, Literal

import matplotlib as mpl
import numpy as np
from fontTools import subset  # type: ignore[import-untyped]  # it publishes no types
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from geo.drawing.escape import plain_text
from geo.drawing.png import png_bytes
from geo.drawing.press import press_colours
from geo.drawing.print_content import Snapshot
from geo.drawing.print_type import FAMILY, font_file
from geo.model import Problem

Form = Literal["png", "pdf", "svg"]
Colours = Literal["rgb", "cmyk"]

CMYK_IS_FOR_PDF: Final = Problem(
    "only a PDF can hold the colours of a printing press (CMYK)", "Ask for the PDF, or leave the colours as they are."
)

_CONSTANTS: Final[dict[Any, Any]] = {
    "svg.hashsalt": "sinergisitas",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "text.hinting": "no_hinting",
}
mpl.rcParams.update(_CONSTANTS)
"""Set once for the process, as matplotlib asks for these nowhere else: no drawing changes its settings, so two
drawings at once cannot mix. Letters stay letters, names inside an SVG are the same in every process, and letters in
a picture of pixels are as wide as they were measured.
"""


def file_bytes(figure: Figure, snapshot: Snapshot, *, form: Form, colours: Colours) -> bytes:
    """The drawn sheet as a file of the form and colours asked for."""
    if form == "png":
        canvas: Any = FigureCanvasAgg(figure)
        canvas.draw()
        words = {name: text for name, text in metadata(snapshot, form).items() if text is not None}
        return png_bytes(np.asarray(canvas.buffer_rgba()), dpi=figure.dpi, words=words)
    target = io.BytesIO()
    figure.savefig(target, format=form, dpi=figure.dpi, metadata=metadata(snapshot, form))
    if form == "svg":
        return with_fonts(target.getvalue())
    return press_colours(target.getvalue()) if colours == "cmyk" else target.getvalue()


def with_fonts(svg: bytes) -> bytes:
    """The SVG with the letters it uses embedded, so that it looks the same on a machine without the font."""
    text = svg.decode()
    signs = set("".join(re.findall(r">([^<]+)</text>", text)))
    used = {sign for sign in html.unescape("".join(sorted(signs))) + "&<>\"'" if sign.isprintable()}
    faces = "".join(_font_face(weight, style, used) for weight, style in _FACES)
    body = text[text.index("<svg ") :].replace("'DejaVu Sans'", "'DejaVu Sans', sans-serif")
    at = body.index("<defs>") + len("<defs>")
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    return f"{head}{body[:at]}<style type='text/css'>{faces}</style>{body[at:]}".encode()


_FACES: Final = (("Regular", "400 normal"), ("It", "400 italic"), ("Semibold", "600 normal"), ("Bold", "700 normal"))


def _font_face(name: str, weight_and_style: str, signs: set[str]) -> str:
    options = subset.Options(flavor="woff", layout_features=["kern"], hinting=False, recalc_timestamp=False)
    font = subset.load_font(io.BytesIO(font_file(name).read_bytes()), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(sign) for sign in signs])
    cutter.subset(font)
    target = io.BytesIO()
    subset.save_font(font, target, options)
    weight, style = weight_and_style.split()
    data = base64.b64encode(target.getvalue()).decode()
    return (
        f"@font-face{{font-family:'{FAMILY[0]}';font-weight:{weight};font-style:{style};"
        f"src:url(data:font/woff;base64,{data}) format('woff')}}"
    )


def metadata(snapshot: Snapshot, form: Form) -> dict[str, str | None]:
    """What a file says of itself; its number can be read without looking at the picture."""
    title = plain_text(f"{snapshot.title} – {snapshot.subtitle}")
    number = f"{snapshot.labels.number} {snapshot.number}" if snapshot.number else None
    if form == "svg":
        return {"Title": title, "Date": None, "Creator": "Sinergisitas", "Identifier": number}
    if form == "pdf":
        told = {"Title": title, "Creator": "Sinergisitas", "Producer": "Sinergisitas", "Subject": number}
        return {**told, "CreationDate": None}
    return {"Title": title, "Software": "Sinergisitas", "Description": number}
