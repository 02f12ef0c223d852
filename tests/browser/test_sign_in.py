"""People sign in at a real provider, come back to where they were, and are stopped when they may no longer enter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import wait_ready
from tests.serving import Server, free_port, serving
from tests.signing_in import log_of, make_account, provider, records, secrets_text

DOOR = ".st-key-pintu"
WHO = ".st-key-siapa"


@dataclass(frozen=True)
class Entrance:
    """A server with sign-in, and its provider's origin."""

    server: Server
    provider: str


@pytest.fixture(scope="module")
def entrance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Entrance]:
    folder, port = tmp_path_factory.mktemp("entrance"), free_port()
    environment = {"GEO_CONTACT": "Sekretariat", "GEO_LIMIT_SIGN_IN": "1000/60"}
    with serving(folder / "server", environment=environment, secrets=secrets_text(port)) as server:
        for name, role, provinces in (
            ("pimpinan@uji.example", "viewer", ()),
            ("koordinator@uji.example", "coordinator", ("35",)),
            ("admin@uji.example", "administrator", ()),
        ):
            make_account(server, name, role, *provinces)
        with provider(port, server, folder) as origin:
            yield Entrance(server, origin)


@pytest.fixture
def come(entrance: Entrance, open_page: Callable[..., Page], journal: Any) -> Callable[..., Page]:
    """A factory: a visitor of his own browser at an address, before he signs in."""

    def at(path: str = "/", **options: Any) -> Page:
        journal.origins.add(entrance.provider)
        page = open_page(entrance.server, path, **options)
        expect(page.locator(DOOR)).to_be_visible()
        return page

    return at


def sign_in(page: Page, account: str) -> None:
    """From the door through the provider to what follows."""
    page.locator(f"{DOOR} .st-key-masuk button").click()
    page.get_by_label("Akun").fill(account)
    page.get_by_role("button", name="Lanjut").click()
    page.wait_for_url(re.compile(r"http://127\.0\.0\.1:"))
    wait_ready(page)


def rerun(page: Page) -> None:
    """Do on the screen what makes it run again: Streamlit's own key for it."""
    page.locator("body").press("r")


def test_the_first_visit_shows_a_door_and_nothing_of_the_records(come: Callable[..., Page], journal: Any) -> None:
    page = come("/lokasi")
    text = page.locator("body").inner_text()
    assert "Silakan masuk dengan akun instansi Anda" in text
    for word in ("KTN", "Jawa Timur", "Status lokasi", "terlambat"):
        assert word not in text
    asked = [urlsplit(address).path for address in journal.requests]
    assert not [path for path in asked if path.startswith(("/aset/", "/media/", "/langsung/"))]
    assert page.locator('[data-testid="stTopNavLink"]').count() == 0


def test_who_signs_in_sees_the_screen_their_account_and_their_role(
    entrance: Entrance, come: Callable[..., Page]
) -> None:
    page = come()
    sign_in(page, "Koordinator@uji.example")
    expect(page.get_by_role("heading", name="Ringkasan", level=1)).to_be_visible()
    expect(page.locator(WHO)).to_contain_text("koordinator@uji.example · Koordinator")
    (row,) = [row for row in log_of(entrance.server, "sign_in") if row["actor"] == "koordinator@uji.example"]
    assert (row["origin"], row["outcome"]) == ("127.0.0.1", "done")


def test_the_sign_in_is_bound_to_the_browser_that_asked(entrance: Entrance, come: Callable[..., Page]) -> None:
    asked: list[str] = []
    page = come()
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, "pimpinan@uji.example")
    (sent,) = [address for address in asked if address.startswith(f"{entrance.provider}/auth?")]
    for part in ("code_challenge=", "code_challenge_method=S256", "nonce=", "state="):
        assert part in sent


def test_a_deep_link_is_kept_through_the_sign_in(come: Callable[..., Page]) -> None:
    page = come("/wilayah?provinsi=35&posisi=2026-06-30")
    sign_in(page, "pimpinan@uji.example")
    assert page.url.partition("/wilayah?")[2] == "provinsi=35&posisi=2026-06-30"
    expect(page.get_by_test_id("stMain")).to_contain_text("Jawa Timur · semua program · Posisi per 30 Juni 2026")


def test_the_door_speaks_english_and_so_does_what_follows(come: Callable[..., Page]) -> None:
    page = come("/lokasi")
    page.locator(".st-key-bahasa_lain button").click()
    expect(page.locator(DOOR)).to_contain_text("Sign in with your account of the agency")
    sign_in(page, "pimpinan@uji.example")
    expect(page.get_by_role("heading", name="Site status", level=1)).to_be_visible()
    expect(page.locator(WHO)).to_contain_text("Leadership")


@pytest.mark.parametrize("account", ["asing@uji.example", "unverified:admin@uji.example"])
def test_who_has_no_account_is_told_whom_to_ask_and_nothing_else(
    entrance: Entrance, come: Callable[..., Page], account: str
) -> None:
    page = come("/peta")
    sign_in(page, account)
    expect(page.locator(DOOR)).to_contain_text("tidak memiliki akses. Hubungi Sekretariat")
    expect(page.locator(DOOR)).to_contain_text(account.removeprefix("unverified:"))
    assert page.locator('[data-testid="stTopNavLink"]').count() == 0
    assert page.locator("iframe").count() == 0
    assert log_of(entrance.server, "refused")[0]["outcome"] == "unknown"


def test_who_is_disabled_while_signed_in_is_stopped_by_the_next_run(
    entrance: Entrance, come: Callable[..., Page]
) -> None:
    make_account(entrance.server, "sementara@uji.example")
    page = come("/lokasi")
    sign_in(page, "sementara@uji.example")
    expect(page.get_by_role("heading", name="Status lokasi", level=1)).to_be_visible()
    with records(entrance.server) as store:
        store.disable("sementara@uji.example", actor="tests", at=datetime.now(UTC))
    rerun(page)
    expect(page.locator(DOOR)).to_contain_text("dinonaktifkan")
    expect(page.get_by_role("heading", name="Status lokasi", level=1)).to_have_count(0)


def test_a_role_that_is_changed_counts_from_the_next_run_on(entrance: Entrance, come: Callable[..., Page]) -> None:
    make_account(entrance.server, "berubah@uji.example", "viewer")
    page = come()
    sign_in(page, "berubah@uji.example")
    expect(page.locator(WHO)).to_contain_text("Pimpinan")
    make_account(entrance.server, "berubah@uji.example", "auditor")
    rerun(page)
    expect(page.locator(WHO)).to_contain_text("Auditor")


def test_a_copied_cookie_dies_when_the_account_s_sign_ins_are_called_back(
    entrance: Entrance, come: Callable[..., Page], open_page: Callable[..., Page]
) -> None:
    make_account(entrance.server, "disalin@uji.example")
    page = come()
    sign_in(page, "disalin@uji.example")
    thief = copy_of(page, open_page, entrance)
    expect(thief.locator(WHO)).to_contain_text("disalin@uji.example")  # the copy works as long as nobody says so
    with records(entrance.server) as store:
        store.sign_out_everywhere("disalin@uji.example", actor="tests", at=datetime.now(UTC) + timedelta(seconds=1))
    rerun(thief)
    expect(thief.locator(DOOR)).to_contain_text("Sesi Anda telah berakhir")
    thief.reload()
    expect(thief.locator(DOOR)).to_contain_text("Sesi Anda telah berakhir")


def test_signing_out_ends_the_sign_in_here_there_and_for_copies(
    entrance: Entrance, come: Callable[..., Page], open_page: Callable[..., Page]
) -> None:
    page = come("/lokasi")
    sign_in(page, "admin@uji.example")
    thief = copy_of(page, open_page, entrance)
    expect(thief.locator(WHO)).to_contain_text("admin@uji.example")
    page.locator(f"{WHO} button").click()
    page.get_by_role("button", name="Keluar dari penyedia").click()
    page.wait_for_url(re.compile(re.escape(entrance.server.origin)))
    expect(page.locator(DOOR)).to_contain_text("Silakan masuk")
    assert not [cookie for cookie in page.context.cookies() if cookie["name"].startswith("_streamlit_user")]
    thief.reload()
    expect(thief.locator(DOOR)).to_contain_text("Sesi Anda telah berakhir")
    assert log_of(entrance.server, "sign_out")[0]["actor"] == "admin@uji.example"


def test_the_cookies_of_a_sign_in_are_hidden_from_scripts_and_end_with_the_day(come: Callable[..., Page]) -> None:
    page = come()
    sign_in(page, "pimpinan@uji.example")
    kept = {cookie["name"]: cookie for cookie in page.context.cookies("http://127.0.0.1")}
    for name in ("_streamlit_user", "_streamlit_user_tokens"):
        assert kept[name]["httpOnly"]
        assert kept[name]["sameSite"] == "Lax"
        assert kept[name]["expires"] <= datetime.now(UTC).timestamp() + 12 * 3600
    assert "_streamlit_user" not in page.evaluate("document.cookie")


def copy_of(page: Page, open_page: Callable[..., Page], entrance: Entrance) -> Page:
    """A page of another browser that holds copies of the cookies of the first."""
    stolen: BrowserContext = page.context
    return open_page(entrance.server, "/lokasi", storage_state=stolen.storage_state())
