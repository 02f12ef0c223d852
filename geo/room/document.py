"""Write the page of the room: the stage on which its script puts the pages of a run, and the forms it opens."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

from geo import regions
from geo.decisions import LONGEST
from geo.drawing.escape import html_text
from geo.locale import Translator
from geo.programmes import load_programmes
from geo.room import maps, pages
from geo.stories import LONGEST_NAME

PREFIX: Final = "/paparan"
"""First part of the addresses that serve the room."""

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""Nothing but files and answers of this server, no inline script and no inline style."""

ASSETS: Final[Mapping[str, str]] = {
    "paparan.js": "text/javascript",
    "paparan.css": "text/css",
    "kunci.js": "text/javascript",
    "layar.css": "text/css",
    "icon.svg": "image/svg+xml",
}
"""Files of the room with their media types; the icon is the one of the screens."""


@lru_cache(maxsize=len(ASSETS))
def asset(name: str) -> bytes:
    """A file of the room. Raises ``KeyError`` for another name."""
    if name not in ASSETS:
        raise KeyError(name)
    folder = "geo.drawing" if name == "icon.svg" else "geo.room"
    content = (files(folder) / "assets" / name).read_text(encoding="utf-8")
    if name == "paparan.css":
        content = f"{pages.theme_colours()}\n{content}"
    return content.encode()


def asset_url(name: str) -> str:
    """The address of a file; it changes with the content, so browsers may keep it for good."""
    return f"{PREFIX}/aset/{sha256(asset(name)).hexdigest()[:16]}/{name}"


def keys(t: Translator) -> tuple[tuple[str, str], ...]:
    """Keys and what they do, in the order of the help."""
    return (
        ("→ PgDn " + t("Space"), t("next page")),
        ("← PgUp", t("page before")),
        ("Home End", t("first and last page")),
        ("1 – 5", t("a province")),
        ("M", t("map at this place; P or Backspace leads back")),
        ("D", t("note a decision")),
        ("L", t("meeting mode: hide exact points, names and small counts")),
        ("B", t("black screen")),
        ("F", t("full screen")),
        ("T", t("light or dark")),
        ("A", t("turn pages by itself")),
        ("S", t("kept runs")),
        ("?", t("this help")),
        ("Esc", t("leave")),
    )


def document(
    t: Translator,
    *,
    query: str,
    proof: str,
    font: str,
    today: date,
    provinces: Sequence[str],
    responsible: Sequence[str],
    public: bool,
    locked: bool,
    may_decide: bool,
    may_keep: bool,
) -> str:
    """The whole page. ``query`` are the filters as an address says them, ``font`` the address of the type.

    ``public``: mode rapat is on; ``locked``: the viewer sees no more than the public anyway. ``responsible`` are
    offices that are offered in the form; ``proof`` is what a change has to bring along.
    """
    words = {
        "away": t("The server does not answer; this screen stays. It goes on by itself."),
        "renewed": t("Figures have been renewed; they show with the next page."),
        "requests": [t("{n} outgoing requests", n="{n}"), t("{n} outgoing request", n="{n}")],
        "page": t("Page {n} of {all}", n="{n}", all="{all}"),
        "auto": t("turns by itself every {n} seconds", n="{n}"),
        "noted": t("Decision noted."),
        "closed": t("Marked as done."),
        "kept": t("Run kept."),
        "dropped": t("Run dropped."),
        "failed": t("The server could not be reached. Nothing was written; try again."),
        "refused": t("That was refused."),
        "lockedOn": t("Meeting mode is on."),
        "lockedOff": t("Meeting mode is off."),
        "loading": t("The figures are being put together."),
        "fullscreen": t("This browser allows no full screen here."),
        "note": t("Note"),
    }
    settings = {
        "query": query,
        "language": t.language,
        "public": public,
        "locked": locked,
        "provinces": list(provinces),
        "mayDecide": may_decide,
        "mayKeep": may_keep,
        "today": today.isoformat(),
        "words": words,
    }
    data = json.dumps(settings, ensure_ascii=True).replace("<", "\\u003c")
    parts = (
        "<!doctype html>",
        f'<html lang="{t.language}" data-theme="light"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta name="proof" content="{html_text(proof)}"><meta name="font" content="{html_text(font)}">',
        f"<title>{html_text(t('Briefing room – Sinergisitas'))}</title>",
        f'<link rel="icon" href="{asset_url("icon.svg")}"><link rel="stylesheet" href="{asset_url("paparan.css")}">',
        f'<script type="module" src="{asset_url("paparan.js")}"></script>',
        f'<script type="application/json" id="settings">{data}</script></head><body>',
        maps.symbols(load_programmes().values()),
        f'<main id="pages" aria-label="{html_text(t("Pages of the meeting"))}"></main>',
        _bar(t, public=public, may_decide=may_decide),
        '<div id="black" hidden></div><p id="announce" class="hidden" aria-live="polite"></p>',
        _help(t),
        _decision_form(t, today=today, provinces=provinces, responsible=responsible),
        _interval_form(t),
        _story_form(t, may_keep=may_keep),
        f"<noscript>{html_text(t('The briefing room needs JavaScript from this server.'))}</noscript></body></html>",
    )
    return "\n".join(parts)


def _bar(t: Translator, *, public: bool, may_decide: bool) -> str:
    """What stands below every page: where one is, what is to be told, the lock, what left this machine."""
    return (
        '<footer id="bar"><div class="keys">'
        f'<button id="previous" type="button" aria-label="{html_text(t("Page before"))}">‹</button>'
        '<span id="where"></span>'
        f'<button id="next" type="button" aria-label="{html_text(t("Next page"))}">›</button></div>'
        '<p id="note" role="status"></p><div class="keys">'
        f'<button id="decide" type="button"{"" if may_decide else " hidden"}>{html_text(t("Decision"))}'
        " <kbd>D</kbd></button>"
        f'<button id="lock" type="button" aria-pressed="{"true" if public else "false"}">'
        f'<span aria-hidden="true">{"🔒" if public else "🔓"}</span> {html_text(t("Meeting mode"))}'
        " <kbd>L</kbd></button>"
        '<span id="requests"></span>'
        f'<button id="help" type="button" aria-label="{html_text(t("Keys and help"))}">?</button></div></footer>'
    )


def _dialog(key: str, title: str, inside: str) -> str:
    heading = f'<h2 id="{key}-title">{html_text(title)}</h2>'
    return f'<dialog id="{key}" aria-labelledby="{key}-title">{heading}{inside}</dialog>'


def _buttons(t: Translator, done: str, between: str = "") -> str:
    return (
        f'<div class="buttons"><button type="button" data-cancel>{html_text(t("Cancel"))}</button>{between}'
        f'<button type="submit" class="main">{html_text(done)}</button></div>'
    )


def _help(t: Translator) -> str:
    rows = "".join(
        f"<div><dt><kbd>{html_text(key)}</kbd></dt><dd>{html_text(told)}</dd></div>" for key, told in keys(t)
    )
    close = f'<form method="dialog"><button>{html_text(t("Close"))}</button></form>'
    return _dialog("helping", t("Keys"), f'<dl class="help">{rows}</dl>{close}')


def _decision_form(t: Translator, *, today: date, provinces: Sequence[str], responsible: Sequence[str]) -> str:
    places = "".join(f'<option value="{code}">{html_text(regions.region_label(code))}</option>' for code in provinces)
    offices = "".join(f'<option value="{html_text(name)}"></option>' for name in responsible)
    inside = (
        '<form id="decision" novalidate><p class="problems" role="alert"></p>'
        f"<label>{html_text(t('What was decided'))}"
        f'<textarea name="text" rows="3" maxlength="{LONGEST["text"]}"></textarea></label>'
        f"<label>{html_text(t('Responsible office or function (no names of persons)'))}"
        f'<input name="responsible" list="offices" maxlength="{LONGEST["responsible"]}" autocomplete="off"></label>'
        f'<datalist id="offices">{offices}</datalist><div class="two">'
        f'<label>{html_text(t("Due"))}<input name="due" type="date" min="{today.isoformat()}"></label>'
        f'<label>{html_text(t("Concerns"))}<select name="place">'
        f'<option value="">{html_text(t("Whole programme"))}</option>{places}</select></label></div>'
        f"{_buttons(t, t('Note'))}</form>"
    )
    return _dialog("deciding", t("Note a decision"), inside)


def _interval_form(t: Translator) -> str:
    stop = f'<button type="button" data-stop>{html_text(t("Stop"))}</button>'
    inside = (
        f'<form id="interval"><label>{html_text(t("Seconds for each page"))}'
        f'<input name="seconds" type="number" min="5" max="600" value="20"></label>'
        f"{_buttons(t, t('Start'), stop)}</form>"
    )
    return _dialog("turning", t("Turn pages by itself"), inside)


def _story_form(t: Translator, *, may_keep: bool) -> str:
    told = {"open": t("Open"), "drop": t("Drop"), "none": t("No run is kept yet.")}
    ways = {"up": t("Up"), "down": t("Down"), "note": t("Note on {page}", page="{page}")}
    inside = (
        f'<ul id="kept"{_data(told)}></ul><form id="story"{"" if may_keep else " hidden"} novalidate>'
        f"<h3>{html_text(t('Keep this run'))}</h3>"
        '<p class="problems" role="alert"></p>'
        f'<label>{html_text(t("Name"))}<input name="name" maxlength="{LONGEST_NAME}" autocomplete="off"></label>'
        f"<fieldset><legend>{html_text(t('Pages, in order, with your own notes'))}</legend>"
        f'<ol id="chosen"{_data(ways)}></ol></fieldset>{_buttons(t, t("Keep"))}</form>'
    )
    return _dialog("keeping", t("Kept runs"), inside)


def _data(told: Mapping[str, str]) -> str:
    return "".join(f' data-{name}="{html_text(text)}"' for name, text in told.items())
