"""Make text from strangers harmless before it reaches HTML, SVG, XML or JavaScript.

Every name, note and address in the data was typed by somebody unknown. This is the one place that turns such text into
markup; whoever builds markup calls it, and nobody writes a second one. Escaping HTML alone is not enough here: popups
of the web map are JavaScript template literals, in which a backtick or a dollar sign with a brace runs code.

All functions take any value (``None`` is the empty text), never raise, and never change their argument.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

_BIDI: Final = (
    *range(0x202A, 0x202F),  # embeddings and overrides
    *range(0x2066, 0x206A),  # isolates
    0x200E,  # left-to-right mark
    0x200F,  # right-to-left mark
    0x061C,  # Arabic letter mark
)
_SPACES: Final = (0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029)
_SPACE_RUN: Final = str.maketrans(dict.fromkeys(_SPACES, " "))
_INVISIBLE: Final = frozenset((*_BIDI, 0xFEFF, 0xFFFE, 0xFFFF))

_HTML: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"} | {sign: f"&#{ord(sign)};" for sign in "'`$\\{}"}
)
_XML: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_MARKDOWN: Final = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_{}[]()<>#+-.!|~$:&"})
_JOINTS: Final = re.compile(
    r":(?=//|material/|[a-z0-9_+-]+:)|\b(?:www|ftp)(?=\.)|@(?=\w)|-(?=[->])|<(?=[-=])|>(?==)|~(?==)",
    re.IGNORECASE,
)
"""Where Streamlit would begin an address, an icon or an arrow."""
_SCRIPT: Final = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&'`$"})


def plain_text(value: object) -> str:
    """The value as one line of text that cannot re-order or break what stands around it; nothing is escaped.

    Line breaks and tabs become spaces. Control characters, lone surrogates, non-characters and the marks that change
    the direction of writing (U+202A to U+202E, U+2066 to U+2069, U+200E, U+200F, U+061C, U+FEFF) are left out: the
    letters stay in the order in which they were typed, and Arabic letters are still shown as they should be.
    """
    if value is None:
        return ""
    return "".join(sign for sign in str(value).translate(_SPACE_RUN) if _is_shown(sign))


def _is_shown(sign: str) -> bool:
    code = ord(sign)
    if code in _INVISIBLE or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return False
    return unicodedata.category(sign) not in ("Cc", "Cs")


def html_text(value: object) -> str:
    """The value for HTML and SVG: text, a quoted attribute, or HTML that stands in a JavaScript template literal.

    Besides the signs of HTML, the backtick, ``$``, ``\\`` and braces become numeric entities, so the result stays
    harmless inside a template literal and inside the format templates of charts. A reader sees the text as typed.
    """
    return plain_text(value).translate(_HTML)


def xml_text(value: object) -> str:
    """The value for XML files (KML, GPX, the inside of office files): text or a quoted attribute."""
    return plain_text(value).translate(_XML)


def js_string(value: object) -> str:
    """The value as a JavaScript and JSON string literal, quotes included.

    Safe within ``<script>``, within an HTML attribute in single quotes, and within a template literal: ``<``, ``>``,
    ``&``, ``'``, the backtick, ``$`` and everything outside ASCII are written by their numbers (``\\u0024``).
    """
    return json.dumps(plain_text(value)).translate(_SCRIPT)


def js_value(value: object) -> str:
    """A whole JSON value (mappings, sequences, text, numbers, ``None``) with every text in it as in ``js_string``.

    Raises ``ValueError`` for NaN and infinity, which JSON does not know, and ``TypeError`` for other kinds of value.
    """
    return json.dumps(_cleaned(value), allow_nan=False, separators=(",", ":")).translate(_SCRIPT)


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, Mapping):
        return {plain_text(name): _cleaned(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(item) for item in value]
    return value


def markdown_text(value: object) -> str:
    """Text as it was written, inside Markdown: every character that Markdown or Streamlit gives a meaning is escaped.

    Streamlit also looks for addresses, icons and arrows (``www.``, ``a@b``, ``:material/``, ``->``) in what is left,
    where no backslash helps: an invisible word joiner (U+2060) breaks them up. Line breaks, control characters and
    marks that re-order text are treated as in ``plain_text``. For whole notes of strangers HTML is the better way.
    """
    return _JOINTS.sub("\\g<0>\u2060", plain_text(value)).translate(_MARKDOWN)
