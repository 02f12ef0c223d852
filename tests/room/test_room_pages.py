"""The pages of a run carry the figures of one briefing, and what a sight may not see stands on none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from geo.access import LOCAL_ADMINISTRATOR, Role, Viewer
from geo.decisions import note_decision
from geo.gather import briefing_of, present_basis, request_of
from geo.model import Filters, RefusedError
from geo.room.document import POLICY
from geo.room.pages import figures_pages
from geo.room.routes import PROOF_COOKIE, PROOF_HEADER, RoomAddress, RoomRoutes, ScreenKeys
from geo.room.run import Room
from geo.room.wish import Wish
from geo.sample import SAMPLE_AS_OF
from geo.store import Store, open_store
from geo.stories import drop_story, keep_story, story
from tests.prepared import sample_folder

NOW = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)
KEYS = ["pembuka", "nasional", "perubahan", "32", "33", "35", "52", "72", "renaksi", "keputusan"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = sample_folder(tmp_path_factory.mktemp("room"))
    opened = open_store(f"sqlite:///{folder / 'sinergisitas.sqlite'}")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def room(store: Store) -> Iterator[Room]:
    made = Room(lambda: store, lambda: NOW)
    yield made
    made.close()


def said(body: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


# --- pages -------------------------------------------------------------------------------------------------------


def test_a_run_goes_from_the_open_decisions_over_whole_changes_and_provinces_to_plan_and_decisions(room: Room) -> None:
    run = room.run(Wish(), LOCAL_ADMINISTRATOR)
    assert [page.key for page in run.pages] == KEYS
    assert [page.province for page in run.pages if page.province] == ["32", "33", "35", "52", "72"]


def test_every_figure_of_a_sentence_stands_on_its_page_apart_from_the_sentence(room: Room) -> None:
    for language in ("id", "en"):
        for page in room.run(Wish(language=language), LOCAL_ADMINISTRATOR).pages:  # type: ignore[arg-type]  # a literal
            whole = re.search(r'<div class="said-whole">(.*?)</div>', page.body)
            assert whole is not None, page.key
            rest = said(page.body.replace(whole[0], ""))
            if page.key in ("pembuka", "keputusan"):
                continue  # counted on the lists themselves: see the sentences
            told = said(whole[1])
            if page.key == "perubahan":
                told = told.partition(". ")[2]  # the first sentence names the meeting and its day
            for number in re.findall(r"\d+(?:[.,]\d+)?", told):
                assert number in rest, f"{page.key}: {number} of {told!r}"


def test_the_pages_say_what_the_briefing_says(store: Store, room: Room) -> None:
    request = request_of("deck", "pptx", Filters(on=SAMPLE_AS_OF), present_basis(store))
    gathered = briefing_of(store, request)
    drawn = {page.key: said(page.body) for page in figures_pages(gathered)}
    for page in gathered.pages:
        for figure in page.figures:
            assert f"{figure.label} {figure.value} {figure.said}" in drawn[page.key]
        for sentence in page.sentences:
            assert sentence in drawn[page.key]
        assert all(
            row[0].text.replace("'", "&#39;") in drawn[page.key] for row in page.late.rows[:4] if page.key != "nasional"
        )


def test_the_same_wish_is_worked_out_once_and_a_decision_does_not_undo_that(store: Store, room: Room) -> None:
    first = room.run(Wish(), LOCAL_ADMINISTRATOR)
    again = room.run(Wish(), LOCAL_ADMINISTRATOR)
    assert again.version == first.version
    assert all(one is other for one, other in zip(first.pages[1:-1], again.pages[1:-1], strict=True))
    note_decision(
        store, text="Tinjau ulang rencana", responsible="Biro Perencanaan", due=date(2026, 12, 1),
        meeting_day=date(2026, 11, 16), actor="layar", at=NOW,
    )  # fmt: skip
    later = room.run(Wish(), LOCAL_ADMINISTRATOR)
    assert later.version != first.version
    assert all(one is other for one, other in zip(first.pages[1:-1], later.pages[1:-1], strict=True))
    assert "Tinjau ulang rencana" in later.pages[-1].body
    assert "Tinjau ulang rencana" not in later.pages[0].body, "a decision of today is none of an earlier meeting"


def test_mode_rapat_and_other_sights_never_share_pages(room: Room) -> None:
    inside = room.run(Wish(), LOCAL_ADMINISTRATOR).pages
    outside = room.run(Wish(public=True), LOCAL_ADMINISTRATOR).pages
    guest = room.run(Wish(), Viewer("tamu", Role.GUEST)).pages
    assert [page.body for page in guest[1:-1]] == [page.body for page in outside[1:-1]]
    secret = "Rusun Contoh Titiri"
    assert any(secret in page.body for page in inside)
    assert not any(secret in page.body for page in (*outside, *guest))
    assert "percepat penyelesaian koperasi" in inside[0].body
    assert "percepat penyelesaian koperasi" not in outside[0].body


def test_a_coordinator_reads_the_decisions_of_own_provinces_alone(room: Room) -> None:
    pages = room.run(Wish(), Viewer("koordinator", Role.COORDINATOR, ("72",))).pages
    assert "percepat penyelesaian koperasi" in pages[0].body
    assert "selesaikan perizinan lokasi" not in pages[0].body


# --- kept runs ---------------------------------------------------------------------------------------------------


def test_a_kept_run_shows_its_pages_in_its_order_with_its_notes(store: Store, room: Room) -> None:
    keep_story(
        store, name="Rapat  pimpinan", query={"program": "koperasi"}, pages=["renaksi", "72"],
        notes={"72": "Mulai <di> sini"}, actor="layar", at=NOW,
    )  # fmt: skip
    run = room.run(Wish(story="Rapat pimpinan"), LOCAL_ADMINISTRATOR)
    assert [page.key for page in run.pages] == ["renaksi", "72"]
    assert "Mulai &lt;di&gt; sini" in run.pages[1].body
    assert "Koperasi" in run.pages[1].body
    hidden = room.run(Wish(story="Rapat pimpinan", public=True), LOCAL_ADMINISTRATOR)
    assert "Mulai" not in hidden.pages[1].body
    drop_story(store, "Rapat pimpinan", actor="layar", at=NOW)
    with pytest.raises(RefusedError, match="no run is kept"):
        room.run(Wish(story="Rapat pimpinan"), LOCAL_ADMINISTRATOR)


def test_keeping_under_a_name_again_takes_its_place_and_both_stay_in_the_history(store: Store) -> None:
    for pages in (["nasional"], ["nasional", "renaksi"]):
        keep_story(store, name="Mingguan", query={}, pages=pages, notes={}, actor="layar", at=NOW)
    assert story(store, "Mingguan").pages == ("nasional", "renaksi")
    assert store.table("stories")["name"].tolist().count("Mingguan") == 2


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"name": " "}, "no name"),
        ({"name": "x" * 81}, "too long"),
        ({"pages": []}, "no page"),
        ({"pages": ["../x"]}, "no page"),
        ({"notes": {"72": "n" * 301}}, "too long"),
        ({"notes": {"35": "tidak dipilih"}}, "belongs to no page"),
        ({"notes": {"72": "hubungi 0812-3456-7890"}}, "personal data"),
    ],
)
def test_a_run_that_says_too_little_or_too_much_is_refused(
    store: Store, changed: dict[str, object], reason: str
) -> None:
    asked: dict[str, object] = {"name": "Rapat", "query": {}, "pages": ["72"], "notes": {}, **changed}
    with pytest.raises(RefusedError, match=reason):
        keep_story(store, **asked, actor="layar", at=NOW)  # type: ignore[arg-type]  # wrong on purpose


# --- decisions ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"text": "  "}, "nothing is written"),
        ({"text": "x" * 401}, "too long"),
        ({"text": "hubungi contoh@example.org"}, "personal data"),
        ({"responsible": ""}, "nothing is written"),
        ({"responsible": "Bapak Contoh"}, "names a person"),
        ({"responsible": "Contoh Nama, S.H."}, "names a person"),
        ({"due": date(2026, 11, 1)}, "before the meeting"),
        ({"due": date(2040, 1, 1)}, "five years"),
        ({"meeting_day": date(2026, 11, 17)}, "future"),
        ({"region_code": "99"}, "no such province"),
        ({"site_code": "TIDAK-ADA"}, "no such site"),
    ],
)
def test_a_decision_that_says_too_little_or_too_much_is_refused(
    store: Store, changed: dict[str, object], reason: str
) -> None:
    before = len(store.decisions())
    asked: dict[str, object] = {
        "text": "Tinjau ulang", "responsible": "Kepala Dinas", "due": date(2026, 12, 1),
        "meeting_day": date(2026, 11, 16), **changed,
    }  # fmt: skip
    with pytest.raises(RefusedError, match=reason):
        note_decision(store, **asked, actor="layar", at=NOW)  # type: ignore[arg-type]  # wrong on purpose
    assert len(store.decisions()) == before


@pytest.mark.parametrize("office", ["Kepala Otorita Ibu Kota Nusantara", "Direktorat Deradikalisasi", "Pemkab Bima"])
def test_offices_and_functions_are_taken(store: Store, office: str) -> None:
    code = note_decision(
        store, text="Tinjau ulang", responsible=office, due=date(2026, 12, 1), meeting_day=date(2026, 11, 16),
        actor="layar", at=NOW,
    )  # fmt: skip
    assert code in set(store.decisions()["code"])


# --- over the wire -----------------------------------------------------------------------------------------------


def client(room: Room, viewer: Viewer | None = LOCAL_ADMINISTRATOR) -> TestClient:
    """A browser before a server that has only the room, and behind it a page of the screens."""

    async def identify(_cookies: object) -> Viewer | None:
        return viewer

    routes = RoomRoutes(room, identify, actor=lambda one: one.account, font="/static/media/type.woff2")
    inner = Starlette(routes=routes.routes())
    return TestClient(ScreenKeys(RoomAddress(inner, routes=lambda: routes)), base_url="http://ruang")


def test_the_page_of_the_room_allows_no_script_but_its_own_files(room: Room) -> None:
    answer = client(room).get("/?mode=paparan")
    assert answer.headers["content-security-policy"] == POLICY
    assert "unsafe" not in POLICY
    assert not re.search(r"<script(?![^>]*(src=|application/json))", answer.text)
    assert " style=" not in answer.text
    assert not re.search(r"(?:https?:)?//(?!www\.w3\.org/2000/svg)", answer.text)
    assert client(room, None).get("/?mode=paparan").status_code == 404, "the screens see to the sign-in"


def test_nobody_who_may_not_come_in_gets_a_page_of_a_run(room: Room) -> None:
    stranger = client(room, None)
    for address in ("/paparan/putaran", "/paparan/putaran?awal=1", "/paparan/versi", "/paparan/cerita"):
        assert stranger.get(address).status_code == 403


def test_a_change_needs_our_own_page(store: Store, room: Room) -> None:
    browser = client(room)
    browser.get("/?mode=paparan")
    proof = str(browser.cookies[PROOF_COOKIE])
    told = {"text": "Tinjau ulang", "responsible": "Kepala Dinas", "due": "2026-12-01", "place": "72"}
    ours = {"origin": "http://ruang", PROOF_HEADER: proof}
    before = len(store.decisions())
    for headers in (
        {},
        {"origin": "http://ruang"},
        {PROOF_HEADER: proof},
        {"origin": "http://asing", PROOF_HEADER: proof},
        {"origin": "http://ruang", PROOF_HEADER: "x" * 32},
        {**ours, "sec-fetch-site": "cross-site"},
    ):
        assert browser.post("/paparan/keputusan", json=told, headers=headers).status_code == 403, headers
    assert browser.post("/paparan/keputusan", content="x", headers=ours).status_code == 400
    assert len(store.decisions()) == before
    assert browser.post("/paparan/keputusan", json=told, headers=ours).status_code == 200
    assert len(store.decisions()) == before + 1


def test_a_viewer_decides_only_where_they_may(store: Store, room: Room) -> None:
    told = {"text": "Tinjau ulang", "responsible": "Kepala Dinas", "due": "2026-12-01"}
    for viewer, place, status in (
        (Viewer("koordinator", Role.COORDINATOR, ("72",)), "72", 200),
        (Viewer("koordinator", Role.COORDINATOR, ("72",)), "35", 422),
        (Viewer("koordinator", Role.COORDINATOR, ("72",)), "", 422),
        (Viewer("tamu", Role.GUEST), "72", 422),
        (Viewer("pemeriksa", Role.AUDITOR), "72", 422),
    ):
        browser = client(room, viewer)
        browser.get("/?mode=paparan")
        headers = {"origin": "http://ruang", PROOF_HEADER: str(browser.cookies[PROOF_COOKIE])}
        answer = browser.post("/paparan/keputusan", json={**told, "place": place}, headers=headers)
        assert answer.status_code == status, (viewer, place, answer.text)


def test_a_decision_comes_in_the_deck_and_only_open_ones(store: Store) -> None:
    request = request_of("deck", "pptx", Filters(on=SAMPLE_AS_OF, provinces=("72",)), present_basis(store))
    listed = briefing_of(store, request).decisions
    assert listed is not None
    texts = [row[0].text for row in listed.rows]
    assert "Contoh: percepat penyelesaian koperasi yang kritis, laporkan hasilnya dua minggu sekali" in texts
    assert not any("perizinan lokasi" in text for text in texts), "that one is for another province"
    assert not any("samakan pagu" in text for text in texts), "that one was carried out"
