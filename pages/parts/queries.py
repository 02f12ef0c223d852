"""Ask the store and keep the answers for all viewers.

Frames and states are kept by reference (``cache_resource``): they are never altered by a screen, and copying hundreds
of thousands of reports on each rerun would cost more than everything else. The data version and the viewer's sight are
part of every key: tables are narrowed to the sight where they are read, so that nothing that is worked out from them
can show more.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from threading import Thread
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from geo import offline, regions
from geo.access import EVERYTHING, OWNERS, Sight, guarded
from geo.access.people import People, quarter_before
from geo.drawing.palette import Theme
from geo.drawing.points import Points, points_of
from geo.drawing.view import MapView, map_view
from geo.drawing.web_map import DETAILS_SIZE, Files, constant, details, legend_programmes
from geo.finder import Index, index
from geo.locale import Translator, translator
from geo.model import Filters, Language, Programme
from geo.programmes import load_programmes
from geo.progress import Standing, State, Thresholds, located, narrowed, standing
from geo.progress.action_plan import ActionPlan, action_plan
from geo.progress.changes import Changes
from geo.progress.since import Earlier, Then, changes_since, earlier, meetings_before, then_of
from geo.progress.waiting_list import WaitingList, waiting_list
from geo.published import codes_seen, people_of, small_count
from geo.startup import ready_store
from geo.store import DATA_TABLES, Store
from geo.thresholds import load_thresholds
from pages.parts import viewing

_POSITION_TABLES = ("sites", "plans", "reports")
_DAYS = 64
"""Days whose statuses are kept: a programme's months, on some moments of knowledge."""
_BYTES = "application/octet-stream"
_ACTION_TABLES = ("actions", "action_reports", "closures", "institutions")


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """The database, brought up to date; an empty one is filled with the sample."""
    return ready_store(at=datetime.now(UTC))


def warm_up() -> None:
    """Do before the first visitor comes what else the first visitor would wait for.

    streamlit-folium is not touched here: its frame is only registered when a screen imports it first.
    """
    from geo.drawing import charts, web_map  # here, because it takes a second and other users of this module need none

    with looking(EVERYTHING):
        filters = Filters(on=default_day())
        frame = current_state(filters)
        met = meetings(filters)
        if len(met):
            changes(filters, then_of(met.iloc[0]))
        _ = (frame.national, frame.by_province, frame.needs_attention)
        charts.s_curve(frame.curve, on=frame.filters.on, t=translator("id"))
        view = map_view(frame)
        web_map.change(web_map.packed(web_map.payload(view, translator("id"), files=map_files(view, translator("id")))))
    web_map.base_map(share=0.5, least=300, most=600)
    Thread(target=warm_up_pictures, args=(view, is_sample()), daemon=True, name="warm-up-pictures").start()


def warm_up_pictures(view: MapView, sample: bool) -> None:
    """Draw the first picture, which waits for fonts and modules; the start does not wait for it."""
    from geo.drawing.snapshot import picture  # here, because it takes a second and other users need none

    picture(view, translator("id"), form="png", sample=sample)


def programmes() -> Mapping[str, Programme]:
    """Programmes by code, read again when their file changes."""
    return load_programmes()


def today() -> date:
    """The day in Jakarta, where the agency sits."""
    return datetime.now(ZoneInfo("Asia/Jakarta")).date()


def thresholds() -> Thresholds:
    """The thresholds, read again when their file changes."""
    return load_thresholds()


def version() -> str:
    """What a picture or a file depends on: all records, the programmes, the thresholds, the boundaries in force."""
    boundaries = [regions.boundary_stamp(level) for level in (1, 2)]
    return _key("", boundaries)


@dataclass(frozen=True)
class _Known:
    """What is recorded and set at one moment, and what may be seen of it: the versions of the tables, the settings
    that figures rest on, the sight."""

    versions: Mapping[str, str]
    settings: str
    sight: Sight


_RUN: ContextVar[_Known | None] = ContextVar("known_in_this_run", default=None)
_LOOKING: ContextVar[Sight | None] = ContextVar("sight_of_this_block", default=None)


def begin_run() -> None:
    """Look once at what is recorded and set; the whole run of a screen then speaks of that."""
    _RUN.set(_look(sight()))


@contextmanager
def looking(at: Sight) -> Iterator[None]:
    """Within the block everything is asked for with this sight: where no viewer's run does, or for another audience."""
    token = _LOOKING.set(at)
    try:
        yield
    finally:
        _LOOKING.reset(token)


def sight() -> Sight:
    """What may be seen now: the viewer's, unless a block looks with another."""
    return _LOOKING.get() or viewing.sight()


def _look(at: Sight) -> _Known:
    return _Known(store().versions(), f"{sorted(programmes().items())} {thresholds()}", at)


def _known() -> _Known:
    """What this run knows. A fragment runs without its screen, so the sight is asked for each time."""
    at, begun = sight(), _RUN.get()
    if begun is None:
        return _look(at)
    return begun if begun.sight == at else replace(begun, sight=at)


def _key(*names: str | list[str]) -> str:
    """A key for what is made from the tables of these names (``""``: all), from the settings, from other parts, and for
    those of one sight."""
    now = _known()
    parts = [now.versions[name] if isinstance(name, str) else str(name) for name in names]
    return sha256(" ".join([*parts, now.settings, now.sight.key]).encode()).hexdigest()[:16]


def is_sample() -> bool:
    """Whether what is shown is the sample."""
    return _sample(_known().versions[""])[0]


def default_day() -> date:
    """The day shown when nobody asks for another: today, or with the sample the day that the sample speaks of."""
    shown, as_of = _sample(_known().versions[""])
    return as_of if shown and as_of is not None else today()


@st.cache_data(max_entries=4, show_spinner=False)
def _sample(records: str) -> tuple[bool, date | None]:
    del records  # the key alone
    told = store().meta().get("sample_as_of")
    return store().is_sample(), date.fromisoformat(told) if told else None


def tables(*names: str, known_at: datetime | None = None) -> Mapping[str, pd.DataFrame]:
    """Tables by name, all that a person fills where none is named; each is read again after a write to it alone.

    For a past moment they come with their history, from which ``geo.progress.clocks`` chooses what counted then.
    """
    now, history = _known(), known_at is not None
    if now.sight.is_whole:
        return {name: _table(name, now.versions[name], history) for name in names or DATA_TABLES}
    return {
        name: _seen_table(name, _key(name, *OWNERS, _stamps()), history, now.sight) for name in names or DATA_TABLES
    }


def narrowed_tables(found: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Tables of the store as they may be seen now; they must hold ``OWNERS``."""
    return guarded(found, sight(), programmes(), owners=found)


def _stamps() -> list[str]:
    return [str(regions.boundary_stamp(level)) for level in (1, 2)]


@st.cache_resource(max_entries=12 * len(DATA_TABLES), show_spinner=False)
def _seen_table(name: str, known: str, history: bool, at: Sight) -> pd.DataFrame:
    """What a sight has of a table; all who have the same share it."""
    del known  # the key alone
    versions = _known().versions
    owners = {owner: _table(owner, versions[owner], history) for owner in OWNERS}
    rows = _table(name, versions[name], history)
    return guarded({name: rows}, at, programmes(), owners=owners)[name]


@st.cache_resource(max_entries=4 * len(DATA_TABLES), show_spinner=False)
def _table(name: str, records: str, history: bool) -> pd.DataFrame:
    del records  # the key alone
    return store().table(name, history=history)


def current_state(filters: Filters) -> State:
    """Every figure for the filters; the same object for the same question.

    The positions of all sites are worked out once for a day, a moment and what is recorded; a filter chooses from
    them, and a write to another table leaves them as they are.
    """
    return _state(_key(*_POSITION_TABLES, "obstacles"), filters)


def at_hand(filters: Filters) -> bool:
    """Whether the positions of the filters' day have been worked out before, so that an answer comes at once."""
    return (_key(*_POSITION_TABLES, "obstacles"), filters.on, filters.known_at) in _WORKED_OUT


_WORKED_OUT: set[tuple[str, date, datetime | None]] = set()
"""Of the days that ``_standing`` keeps, and maybe of some that it has dropped since."""


@st.cache_resource(max_entries=48, show_spinner=False)
def _state(known: str, filters: Filters) -> State:
    return narrowed(_standing(known, filters.on, filters.known_at), filters, programmes())


@st.cache_resource(max_entries=12, show_spinner=False)
def _standing(known: str, on: date, known_at: datetime | None) -> Standing:
    found = standing(
        tables(*_POSITION_TABLES, "obstacles", known_at=known_at),
        on=on,
        known_at=known_at,
        programmes=programmes(),
        thresholds=thresholds(),
        positions=_located(_key(*_POSITION_TABLES), on, known_at),
    )
    _WORKED_OUT.add((known, on, known_at))
    return found


@st.cache_resource(max_entries=12, show_spinner=False)
def _located(known: str, on: date, known_at: datetime | None) -> pd.DataFrame:
    del known  # the key alone
    return located(
        tables(*_POSITION_TABLES, known_at=known_at),
        on=on,
        known_at=known_at,
        programmes=programmes(),
        thresholds=thresholds(),
    )


def current_plan(filters: Filters, *, year: int | None = None, checkpoint: str | None = None) -> ActionPlan:
    """Every figure of a year's action plan for the filters; the same object for the same question."""
    return _plan(_key(*_ACTION_TABLES), filters, year if year is not None else filters.on.year, checkpoint)


@st.cache_resource(max_entries=24, show_spinner=False)
def _plan(known: str, filters: Filters, year: int, checkpoint: str | None) -> ActionPlan:
    del known  # the key alone
    found = tables(*_ACTION_TABLES, known_at=filters.known_at)
    return action_plan(found, filters, year=year, checkpoint=checkpoint, thresholds=thresholds())


def meetings(filters: Filters) -> pd.DataFrame:
    """Meetings to compare the filters' day with, the last one first."""
    return meetings_before(tables("meetings")["meetings"], on=filters.on, known_at=filters.known_at)


def changes(filters: Filters, then: Then) -> Changes:
    """What changed since an earlier position; the filter by status is left aside."""
    return _changes(_key(*_POSITION_TABLES, "obstacles", "actions"), filters.but(statuses=()), then)


@st.cache_resource(max_entries=24, show_spinner=False)
def _changes(known: str, filters: Filters, then: Then) -> Changes:
    return changes_since(
        _earlier(known, then, filters.known_at),
        current_state(filters).standing,
        filters,
        programmes(),
        actions=tables("actions")["actions"],
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def _earlier(known: str, then: Then, known_at: datetime | None) -> Earlier:
    del known  # the key alone
    return earlier(
        tables(*_POSITION_TABLES, "obstacles", known_at=then.held_at or known_at),
        then,
        known_at=known_at,
        programmes=programmes(),
        thresholds=thresholds(),
        restated=current_state(Filters(on=then.on, known_at=known_at)).standing,
    )


def waiting(filters: Filters) -> WaitingList:
    """Who owes which report since when, for the filters."""
    return _waiting(_key(*_POSITION_TABLES, "obstacles", *_ACTION_TABLES), filters)


@st.cache_resource(max_entries=12, show_spinner=False)
def _waiting(known: str, filters: Filters) -> WaitingList:
    del known  # the key alone
    return waiting_list(current_state(filters), current_plan(filters))


def people(filters: Filters) -> People:
    """Counts of beneficiaries at the end of the last quarter: exact or as they are published, as the viewer may see."""
    known = _key("sites", "actions", "institutions", "beneficiaries", [str(small_count())])
    return _people(known, quarter_before(filters.on), filters.known_at, sight())


@st.cache_resource(max_entries=12, show_spinner=False)
def _people(known: str, period: date, known_at: datetime | None, at: Sight) -> People:
    del known  # the key alone
    history = known_at is not None
    raw = _table("sites", _known().versions["sites"], history)
    codes = codes_seen(raw, tables("sites", known_at=known_at)["sites"])
    return people_of(store(), period, at, codes=codes, actor=viewing.SCREEN, at=datetime.now(UTC), known_at=known_at)


def map_files(view: MapView, t: Translator, *, theme: Theme = "light", near: Iterable[date] = ()) -> Files:
    """What a map needs besides its payload, under addresses that other viewers of the day share.

    ``near``: days that the viewer may ask for next.
    """
    on, known_at = view.state.filters.on, view.state.filters.known_at
    placed = _points(_key("sites"), known_at)
    listed = tuple(legend_programmes(view, placed.programmes))
    look = _look_of(_key(), view.indicator, placed.programmes, listed, t.language, theme, is_sample(), view)
    url = offline.register("lokasi.bin", placed.content, _BYTES, keep=_DAYS, sight=sight().key)
    key, at = _key(*_POSITION_TABLES), sight()
    days = _day_files(key, known_at, placed)

    def part(number: str) -> bytes | None:
        """Details of some sites, unless the records have changed since the address was given."""
        with looking(at):
            now = current_state(Filters(on=on, known_at=known_at))
            if not number.isdigit() or _points(_key("sites"), known_at).version != placed.version:
                return None
        rows = placed.rows[int(number) * DETAILS_SIZE :][:DETAILS_SIZE]
        if not len(rows):
            return None
        told = details(now.standing.positions.iloc[rows], now.programmes, t)
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()

    stamp = sha256(f"{key} {on} {known_at} {t.language} {placed.version}".encode()).hexdigest()[:16]
    made = offline.register_family("rincian", stamp, part, "application/json", sight=at.key)
    return Files(look, placed, url, f"{days}/{on}.bin", made, tuple(f"{days}/{day}.bin" for day in near))


@st.cache_resource(max_entries=_DAYS, show_spinner=False)
def _look_of(
    known: str,
    indicator: str | None,
    programmes: tuple[str, ...],
    listed: tuple[str, ...],
    language: Language,
    theme: Theme,
    sample: bool,
    _view: MapView,
) -> str:
    """The address of what the views of one look have in common."""
    del known, indicator, listed  # the key alone
    told = constant(_view, programmes, translator(language), theme=theme, sample=sample)
    content = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return offline.register("tampilan.json", content, "application/json", keep=_DAYS, sight=sight().key)


@st.cache_resource(max_entries=12, show_spinner=False)
def _points(known: str, known_at: datetime | None) -> Points:
    return points_of(current_state(Filters(on=default_day(), known_at=known_at)).standing.positions)


def _day_files(key: str, known_at: datetime | None, placed: Points) -> str:
    """Where the statuses of each day lie, made when asked for, until what is recorded changes."""

    at = sight()

    def made(day: str) -> bytes | None:
        with looking(at):
            first, last = span()
            try:
                on = date.fromisoformat(day)
            except ValueError:
                return None
            if not first <= on <= last or _key(*_POSITION_TABLES) != key:
                return None
            return placed.day(current_state(Filters(on=on, known_at=known_at)).standing.positions)

    stamp = sha256(f"{key} {known_at} {placed.version}".encode()).hexdigest()[:16]
    return offline.register_family("posisi", stamp, made, _BYTES, sight=at.key)


_AHEAD = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ahead")
_ASKED: set[str] = set()


def prepare(days: list[date], filters: Filters) -> None:
    """Work out in the background what a viewer will probably ask for next: these days with the same filters."""
    for on in days:
        wanted = filters.but(on=on)
        key = f"{_key(*_POSITION_TABLES, 'obstacles')} {wanted}"
        if key not in _ASKED:
            _ASKED.add(key)
            _AHEAD.submit(_prepared, wanted, key, sight())


_REST_S = 0.5
"""How long a job waits, so that it does not slow down the screen that is just being sent."""


def _prepared(filters: Filters, key: str, at: Sight) -> None:
    time.sleep(_REST_S)
    try:
        with looking(at):
            begin_run()  # a job speaks of one moment, as a run does
            found = current_state(filters)
            _ = (found.by_province, found.by_programme, found.statuses, found.needs_attention)
            map_files(map_view(found), translator("id"))
    finally:
        _ASKED.discard(key)


def finder() -> Index:
    """What a search looks through: sites, regions, institutions."""
    return _finder(_key("sites", "institutions"))


@st.cache_resource(max_entries=6, show_spinner=False)
def _finder(known: str) -> Index:
    del known  # the key alone
    found = tables("sites", "institutions")
    return index(found["sites"], regions.region_table(), found["institutions"], other_names=regions.other_names())


def span() -> tuple[date, date]:
    """First and last day that can be asked for."""
    starts = tables("sites")["sites"]["start_date"].dropna()
    first = starts.min().date() if len(starts) else default_day()
    return min(first, default_day()), max(today(), default_day())


def site_codes() -> frozenset[str]:
    """Codes of all sites."""
    return _codes(_key("sites"))[0]


def provinces_with_sites() -> frozenset[str]:
    """Codes of the provinces in which sites lie."""
    return _codes(_key("sites"))[1]


@st.cache_resource(max_entries=12, show_spinner=False)
def _codes(known: str) -> tuple[frozenset[str], frozenset[str]]:
    del known  # the key alone
    sites = tables("sites")["sites"]
    return frozenset(sites["code"]), frozenset(code[:2] for code in sites["region_code"].dropna())


def plan_years() -> list[int]:
    """Years that have an action plan, the latest first."""
    years = tables("actions")["actions"]["year"].dropna().unique()
    return sorted((int(year) for year in years), reverse=True)
