"""Name what a page of a briefing is made of, the same for the atlas, the deck and the annex."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

import pandas as pd

from geo.locale.terms import marking_text

if TYPE_CHECKING:  # at run time the screens would load what only draws pictures
    from geo.drawing.snapshot import Audience, Classification
    from geo.drawing.view import MapView
    from geo.locale import Translator
    from geo.progress import State
    from geo.progress.forecast import Forecast
    from geo.progress.since import Then


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline figure: what it is, the figure, what it means, and the base or rule it rests on.

    ``good`` colours what it means: ``False`` behind plan, ``True`` on or ahead of it, ``None`` neither.
    """

    label: str
    value: str
    said: str
    note: str = ""
    good: bool | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; ``share`` is its width beside the others'."""

    heading: str
    share: float = 1.0
    align: Literal["left", "right", "center"] = "left"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell in words; ``status`` gives it the look of a status, ``symbol`` names the shape in front of it."""

    text: str
    status: str | None = None
    symbol: str | None = None
    strong: bool = False


@dataclass(frozen=True, eq=False)
class Table:
    """A table in the words of the language, with the figures behind it.

    - ``key`` names it in every language (``late``); ``title`` is its heading, ``note`` what stands below it.
    - ``rows`` hold a ``Cell`` for each of ``columns``. ``raw`` holds the figures in canonical columns: every row, those
      that are shown first and in the same order (of ``matrix`` long, one line a cell).
    - ``empty`` is the sentence that stands where there is no row; ``more`` counts rows of ``raw`` that are not shown.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    raw: pd.DataFrame
    empty: str = ""
    note: str = ""
    more: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """One change as a line: ``kind`` in words, whom it concerns and where, from what to what, how many more."""

    good: bool
    kind: str
    name: str
    place: str
    told: str
    others: str = ""


@dataclass(frozen=True, eq=False)
class RegionPage:
    """What is told of the whole or of one province, from one state.

    - ``key``: ``nasional`` or the province's code; ``name`` its name, ``subject`` region and programmes in words.
    - ``sentences``: the state in two or three plain sentences, whose figures all stand on the page.
    - ``view``: the map; ``state.curve`` with ``forecast`` is the curve, ``curve_base`` what it rests on.
    - ``regions``: the provinces, or the kabupaten/kota of the province; ``programmes``: by programme.
    - ``late``, ``silent``, ``obstacles``: what is late or blocked, silent, in the way.
    - ``changes``: what changed most since ``Briefing.then``, which ``changes_note`` names.
    """

    key: str
    name: str
    subject: str
    state: State
    view: MapView
    forecast: Forecast
    sentences: tuple[str, ...]
    figures: tuple[Figure, ...]
    curve_base: str
    regions: Table
    programmes: Table
    late: Table
    silent: Table
    obstacles: Table
    changes: tuple[Change, ...]
    changes_note: str


@dataclass(frozen=True, eq=False)
class Briefing:
    """All pages of a briefing for one choice of filters; nothing is worked out after this.

    - ``t``: its language. ``title``, ``subject``: what stands on the cover.
    - ``on``, ``known_at``: the day its figures speak of and the moment (UTC) up to which records count.
    - ``then``: the meeting, or day, that changes are told since; ``None`` where there is none.
    - ``number``, ``address``: the snapshot number and where the same view is reopened; empty where not recorded.
    - ``classification``, ``audience``: how confidential it is and whom it is made for; ``marking`` in words.
    - ``matrix``: the action plan by institution and province; ``plan_figures``: its totals; ``sites``: every site.
    """

    t: Translator
    title: str
    subject: str
    on: date
    known_at: datetime | None
    then: Then | None
    national: RegionPage
    provinces: tuple[RegionPage, ...]
    plan_title: str
    plan_figures: tuple[Figure, ...]
    matrix: Table
    sites: Table
    sources: tuple[str, ...]
    sample: bool
    classification: Classification = "BIASA"
    audience: Audience = "internal"
    number: str = ""
    address: str = ""
    regions: pd.DataFrame = field(default_factory=pd.DataFrame)
    """The roll-ups of the export ``regions``: the whole, the provinces, the kabupaten/kota."""
    decisions: Table | None = None
    """What meetings decided and is still open; ``None`` where nothing is known of meetings."""
    run: tuple[str, ...] = ()
    """Keys of the pages that a deck shows, in order; empty for the usual ones."""
    own_notes: Mapping[str, str] = field(default_factory=dict)
    """Somebody's own words, by key of the page that they belong to."""

    @property
    def marking(self) -> str:
        """How confidential it is and whom it is made for: ``BIASA · untuk umum``."""
        return marking_text(self.t, self.classification, self.audience)

    @property
    def pages(self) -> tuple[RegionPage, ...]:
        """The national page and those of the provinces, in order."""
        return (self.national, *self.provinces)
