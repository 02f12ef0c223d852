"""Through the screens: each role finds what it may do, and nothing that it may not see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from geo.access import Role, Viewer
from geo.sample import sample_tables
from geo.serving.people import Outcome, Verdict
from geo.startup import fill
from geo.store import open_store
from pages.parts import identity, queries

ROOT = Path(__file__).resolve().parents[2]
PROVINCE = "72"
"""In which the coordinator and the verifier work."""
CLEAR = {
    Role.ADMINISTRATOR: {"32", "33", "35", "52", "72"},
    Role.VIEWER: {"32", "33", "35", "52", "72"},
    Role.COORDINATOR: {PROVINCE},
    Role.VERIFIER: {PROVINCE},
    Role.AUDITOR: set(),
    Role.GUEST: set(),
}
"""Written here by hand: whose places where people live each role may see by name."""
SCREENS = {
    "impor": {Role.ADMINISTRATOR, Role.COORDINATOR, Role.VERIFIER},
    "ekspor": set(Role) - {Role.AUDITOR},
    "akun": {Role.ADMINISTRATOR},
    "catatan": {Role.ADMINISTRATOR, Role.AUDITOR},
}
"""To whom these screens are offered."""
TITLES = {"impor": "Impor", "ekspor": "Ekspor", "akun": "Akun", "catatan": "Catatan"}


@pytest.fixture(scope="module", autouse=True)
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("roles")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEO_DATABASE_URL", f"sqlite:///{folder / 'store.sqlite'}")
        patch.setenv("GEO_DATA_DIR", str(folder))
        for name in ("GEO_PROGRAMMES", "GEO_THRESHOLDS"):
            patch.delenv(name, raising=False)
        opened = open_store()
        opened.migrate()
        fill(opened, sample_tables(), at=datetime(2026, 11, 1, tzinfo=UTC))
        opened.close()
        st.cache_resource.clear()
        st.cache_data.clear()
        yield
        queries.store().close()
        st.cache_resource.clear()
        st.cache_data.clear()


def screen(role: Role, path: str, monkeypatch: pytest.MonkeyPatch, **query: str) -> AppTest:
    viewer = Viewer(f"{role}@contoh.go.id", role, (PROVINCE,) if role in (Role.COORDINATOR, Role.VERIFIER) else ())
    monkeypatch.setattr(identity, "verdict", lambda *, anew=True: Verdict(Outcome.ADMITTED, viewer.account, viewer))
    app = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60)
    app._page_hash = calc_hash(path)  # AppTest knows no addresses of st.navigation
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert [each.value for each in app.exception] == []
    return app


def everything_on(app: AppTest) -> str:
    """All texts, tables and choices that a screen sends."""
    parts = [str(each.value) for kind in ("markdown", "caption", "title", "header") for each in app.get(kind)]
    for kind in ("selectbox", "multiselect"):
        for each in app.get(kind):
            parts += [str(option) for option in each.options]
    for each in app.get("arrow_data_frame"):
        frame = each.value
        assert isinstance(frame, pd.DataFrame)
        parts.append(frame.to_csv())
    return "\n".join(parts)


def names_of_places_where_people_live() -> dict[str, str]:
    sites = sample_tables()["sites"]
    living = sites[sites["programme"] == "rusun"]
    return dict(zip(living["name"], living["region_code"].str[:2], strict=True))


@pytest.mark.parametrize("role", list(Role))
def test_a_screen_receives_the_names_of_places_where_people_live_only_for_those_who_may_see_them(
    role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = screen(role, "lokasi", monkeypatch, program="rusun")
    received, told = set(app.session_state["_screen"].state.standing.positions["name"]), everything_on(app)
    for name, province in names_of_places_where_people_live().items():
        assert (name in received) == (province in CLEAR[role]), (name, province)
        assert province in CLEAR[role] or name not in told


@pytest.mark.parametrize("role", list(Role))
def test_a_screen_is_there_for_those_alone_who_can_do_something_there(
    role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = screen(role, "lokasi", monkeypatch)
    there = {info["url_pathname"] for info in app._registered_pages.values()}
    for path, roles in SCREENS.items():
        assert (path in there) == (role in roles), path
    denied = next((path for path, roles in SCREENS.items() if role not in roles), None)
    if denied is not None:  # its address leads to the first screen
        app = screen(role, denied, monkeypatch)
        assert all(TITLES[denied] not in str(each.value) for kind in ("title", "markdown") for each in app.get(kind))


@pytest.mark.parametrize("role", list(Role))
def test_an_export_is_offered_for_those_for_whom_the_role_may_make_it(
    role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offered(**query: str) -> list[str]:
        app = screen(role, "ekspor", monkeypatch, **query)
        found = [each for each in app.get("button_group") if str(each.key).startswith("ekspor_untuk")]
        return [str(option.content) for each in found for option in each.proto.options]

    both, public = ["Internal", "Umum"], ["Umum"]
    whole = {Role.ADMINISTRATOR: both, Role.VIEWER: both, Role.AUDITOR: []}.get(role, public)
    assert offered() == whole
    own = both if role in (Role.COORDINATOR, Role.VERIFIER) else whole
    assert offered(provinsi=PROVINCE) == own
    assert offered(provinsi="35") == whole


def test_two_viewers_in_turn_never_get_each_others_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = {name for name, province in names_of_places_where_people_live().items() if province != PROVINCE}
    for role in (Role.ADMINISTRATOR, Role.GUEST, Role.COORDINATOR, Role.GUEST, Role.VIEWER, Role.COORDINATOR):
        app = screen(role, "lokasi", monkeypatch, program="rusun")
        received = set(app.session_state["_screen"].state.standing.positions["name"])
        assert bool(received & hidden) == (role in (Role.ADMINISTRATOR, Role.VIEWER)), role
