"""The briefing room carries a meeting: by keys alone, without a network, through a restart, for every pair of eyes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from geo.store import open_store
from tests.browser.conftest import READY_LIMIT_MS, Journal, wait_ready, watch
from tests.serving import Server, free_port, serving, stop

PAGES = ["pembuka", "nasional", "perubahan", "32", "33", "35", "52", "72", "renaksi", "keputusan"]
ROOMS = {"1080p": (1920, 1080), "720p": (1280, 720)}
LEAST_PX = {"figure": 48, "any": 20}
"""Least letters at 1920 x 1080; in smaller rooms by the same share of the screen."""

LEAST_CONTRAST = 7

LOOK = """
() => {
  const page = document.querySelector('section.now');
  const bar = document.getElementById('bar');
  const rgb = colour => (colour.match(/[\\d.]+/g) || []).slice(0, 4).map(Number);
  const opaque = element => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, a = 1] = rgb(getComputedStyle(at).backgroundColor);
      if (a === 1) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const texts = [];
  for (const root of [page, bar]) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!node.data.trim() || element.closest('.hidden, [hidden], title')) continue;
      const style = getComputedStyle(element);
      if (!element.getClientRects().length) continue;
      const drawn = element.closest('svg');
      let size = parseFloat(style.fontSize), ink = rgb(style.color), ground = opaque(element);
      if (drawn) {
        size *= element.getScreenCTM().a;
        ink = rgb(style.fill);
        // letters on a map stand on their halo, those of a curve on the page
        if (style.paintOrder.startsWith('stroke')) ground = rgb(style.stroke);
        else if (element.classList.contains('pin-number')) ground = rgb(getComputedStyle(element.previousSibling).fill);
      }
      texts.push({ text: node.data.trim(), size, contrast: contrast(ink.slice(0, 3), ground.slice(0, 3)) });
    }
  }
  const figures = [...page.querySelectorAll('.value')].map(one => parseFloat(getComputedStyle(one).fontSize));
  const box = page.getBoundingClientRect();
  const outside = [...page.querySelectorAll('*')].filter(one => {
    if (one.closest('svg.map, svg.curve, .hidden') || !one.getClientRects().length) return false;
    const own = one.getBoundingClientRect();
    return own.bottom > box.bottom + 1 || own.right > box.right + 1 || own.left < box.left - 1;
  }).map(one => one.outerHTML.slice(0, 90));
  const cut = [...page.querySelectorAll('.split, .aside, .halves')]
    .filter(one => one.scrollHeight > one.clientHeight + 1).map(one => one.className);
  return { key: page.dataset.key, texts, figures, outside, cut };
}
"""
"""Sizes (CSS pixels) and contrasts of all that is written on the page shown, and what stands beyond its edge."""


@dataclass
class Stage:
    """A room on a screen whose browser reaches nothing but the server."""

    page: Page
    server: Server
    blocked: list[str] = field(default_factory=list)

    def open(self, query: str = "", *, width: int = 1920, height: int = 1080) -> None:
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.goto(self.server.address(f"/?mode=paparan&halaman=pembuka{query}"))
        self.ready()

    def ready(self) -> None:
        expect(self.page.locator("html[data-ready=yes]")).to_be_attached(timeout=90_000)

    def press(self, key: str, shown: str) -> None:
        """Press a key and wait until the page ``shown`` is drawn."""
        self.page.keyboard.press(key)
        expect(self.page.locator(f'html[data-drawn="{shown}"]')).to_be_attached()
        expect(self.now).to_have_attribute("data-key", shown)

    @property
    def now(self) -> Any:
        return self.page.locator("section.now")

    @property
    def text(self) -> str:
        return str(self.now.inner_text())


@pytest.fixture(scope="module")
def room_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("room")) as running:
        yield running


@pytest.fixture(scope="module")
def kept_stage(browser: Browser, room_server: Server) -> Iterator[tuple[Stage, Journal]]:
    journal = Journal()
    journal.origins.add(room_server.origin)
    context = browser.new_context(locale="id-ID", color_scheme="light", has_touch=True)
    context.set_default_timeout(READY_LIMIT_MS)
    page = context.new_page()
    watch(page, journal)
    stage = Stage(page, room_server)
    block(stage, room_server.origin)
    yield stage, journal
    context.close()


def block(stage: Stage, origin: str) -> None:
    """Let nothing pass but what goes to the server."""

    def pass_or_stop(route: Route) -> None:
        if route.request.url.startswith(f"{origin}/"):
            route.continue_()
        else:
            stage.blocked.append(route.request.url)
            route.abort()

    stage.page.context.route("**/*", pass_or_stop)


@pytest.fixture
def stage(kept_stage: tuple[Stage, Journal]) -> Iterator[Stage]:
    """The room, as far as the last test left it; at the end nothing may have gone elsewhere or failed."""
    found, journal = kept_stage
    yield found
    # a refused form is answered with 422, which the console tells
    journal.errors[:] = [error for error in journal.errors if "status of 422" not in error]
    errors, journal.errors[:] = list(journal.errors), []
    assert journal.foreign() == [], "the room asked another machine"
    assert found.blocked == []
    assert errors == [], "the console shows errors"
    assert journal.dialogs == []


# --- the run -----------------------------------------------------------------------------------------------------


def test_p_opens_the_room_with_the_filters_of_the_screen_and_escape_leads_back(stage: Stage) -> None:
    stage.page.set_viewport_size({"width": 1280, "height": 720})
    stage.page.goto(stage.server.address("/?provinsi=35"))
    wait_ready(stage.page)
    expect(stage.page.get_by_role("link", name="Mode paparan")).to_have_attribute("href", re.compile("provinsi=35"))
    stage.page.keyboard.press("p")
    stage.ready()
    assert {"mode=paparan", "provinsi=35"} <= set(stage.page.url.partition("?")[2].split("&"))
    assert stage.page.locator("section.page").count() == 6, "the whole run of one province"
    assert len(stage.page.context.pages) == 1, "the room opens in the same window"
    stage.page.keyboard.press("Escape")
    wait_ready(stage.page)
    assert re.fullmatch(r"[^?]*\?provinsi=35", stage.page.url)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("room", ROOMS)
def test_the_whole_run_plays_by_keys_and_can_be_read_from_the_last_row(
    stage: Stage, room: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    width, height = ROOMS[room]
    share = height / 1080
    stage.open(f"&bahasa={language}", width=width, height=height)
    wrong: list[str] = []
    for theme in ("light", "dark"):
        if stage.page.locator("html").get_attribute("data-theme") != theme:
            stage.page.keyboard.press("t")
        expect(stage.page.locator(f"html[data-theme={theme}]")).to_be_attached()
        stage.press("Home", PAGES[0])
        for place, key in enumerate(PAGES):
            if place:
                stage.press("ArrowRight" if theme == "light" else "PageDown", key)
            look = stage.page.evaluate(LOOK)
            wrong += [f"{theme} {key}: beyond the edge: {one}" for one in look["outside"]]
            wrong += [f"{theme} {key}: cut: {one}" for one in look["cut"]]
            wrong += [
                f"{theme} {key}: {one['size']:.1f} px: {one['text']}"
                for one in look["texts"]
                if one["size"] < LEAST_PX["any"] * share - 0.05
            ]
            wrong += [
                f"{theme} {key}: contrast {one['contrast']:.1f}: {one['text']}"
                for one in look["texts"]
                if one["contrast"] < LEAST_CONTRAST
            ]
            assert all(size >= LEAST_PX["figure"] * share for size in look["figures"]), f"{key}: small headline figures"
            assert look["key"] == key
    assert wrong == []
    stage.page.keyboard.press("t")
    stage.press("PageUp", PAGES[-2])
    stage.press("ArrowLeft", PAGES[-3])
    for digit, code in enumerate(("32", "33", "35", "52", "72"), start=1):
        stage.press(str(digit), code)
    stage.press("End", PAGES[-1])
    stage.press("Home", PAGES[0])
    stage.press(" ", PAGES[1])
    expect(stage.page.locator("#requests")).to_have_text(
        "0 permintaan keluar" if language == "id" else "0 outgoing requests"
    )
    times = stage.page.evaluate("() => paparan.shown")
    with capsys.disabled():
        print(
            f"\nkey to drawn, {width}x{height}, {language}: median {median(times):.0f} ms, "
            f"longest {max(times):.0f} ms of {len(times)} turns"
        )


@pytest.mark.parametrize("language", ["id", "en"])
def test_on_a_phone_every_page_keeps_to_the_width_and_the_bar_stands_whole(stage: Stage, language: str) -> None:
    stage.open(f"&bahasa={language}", width=390, height=844)
    for place, key in enumerate(PAGES):
        if place:
            stage.press("ArrowRight", key)
        beyond = stage.page.evaluate(
            """() => {
              const shown = one => one.getClientRects().length && getComputedStyle(one).clipPath === 'none';
              const wide = [...document.querySelectorAll('section.now :is(h1, h2, p, th, td, .figures > *)')]
                .filter(one => shown(one) && !one.closest('thead, .hidden, table:not(.decisions)'))
                .filter(one => one.getBoundingClientRect().right > innerWidth + 1);
              const cut = [...document.querySelectorAll('#bar .keys > *')].filter(shown).filter(one => {
                const box = one.getBoundingClientRect();
                return box.bottom > innerHeight + 1 || box.right > innerWidth - 8;
              });
              return [...wide, ...cut].map(one => one.outerHTML.slice(0, 120));
            }"""
        )
        assert beyond == [], key


def test_every_page_speaks_in_sentences_and_says_what_its_pictures_show(stage: Stage) -> None:
    stage.open()
    for place, key in enumerate(PAGES):
        if place:
            stage.press("ArrowRight", key)
        said = stage.now.locator(".said-whole p").all_inner_texts()
        assert 1 <= len(said) <= 3, key
        assert all(sentence.endswith(".") for sentence in said), key
        for picture in stage.now.locator("svg.map, svg.curve").all():
            assert len(str(picture.get_attribute("aria-label"))) > 60
    expect(stage.page.locator("section.page:not(.now)[inert]")).to_have_count(len(PAGES) - 1)


# --- keys --------------------------------------------------------------------------------------------------------


def test_the_screen_goes_black_and_comes_back_and_help_lists_the_keys(stage: Stage) -> None:
    stage.open()
    stage.page.keyboard.press("b")
    expect(stage.page.locator("#black")).to_be_visible()
    stage.page.keyboard.press("b")
    expect(stage.page.locator("#black")).to_be_hidden()
    stage.page.keyboard.press("b")
    stage.press("ArrowRight", "nasional")
    expect(stage.page.locator("#black")).to_be_hidden()
    stage.page.keyboard.press("?")
    help_ = stage.page.get_by_role("dialog", name="Tombol")
    expect(help_).to_contain_text("layar hitam")
    stage.page.keyboard.press("ArrowRight")
    expect(stage.now).to_have_attribute("data-key", "nasional")  # a dialog holds the keys
    stage.page.keyboard.press("Escape")
    expect(help_).to_be_hidden()
    assert "mode=paparan" in stage.page.url


def test_full_screen_comes_and_goes_by_a_key(stage: Stage) -> None:
    stage.open()
    stage.page.keyboard.press("f")
    expect(stage.page.locator(":fullscreen").first).to_be_attached()
    stage.page.keyboard.press("f")
    expect(stage.page.locator(":fullscreen")).to_have_count(0)


def test_everything_in_the_bar_is_reached_by_tab_and_shows_that_it_is(stage: Stage) -> None:
    stage.open()
    stage.press("End", "keputusan")
    stage.page.locator("#previous").focus()
    seen = []
    for _ in range(5):
        seen.append(stage.page.evaluate("() => document.activeElement.id"))
        wide = stage.page.evaluate("() => getComputedStyle(document.activeElement).outlineWidth")
        assert float(wide.removesuffix("px")) >= 2
        stage.page.keyboard.press("Tab")
    assert seen == ["previous", "next", "decide", "lock", "help"]


def test_pages_turn_by_themselves_until_they_are_stopped(stage: Stage) -> None:
    stage.open()
    stage.page.keyboard.press("a")
    stage.page.get_by_label("Detik untuk tiap halaman").fill("5")
    stage.page.get_by_role("button", name="Mulai").click()
    expect(stage.page.locator("#note")).to_contain_text("tiap 5 detik")
    expect(stage.now).to_have_attribute("data-key", "nasional", timeout=15_000)
    stage.page.keyboard.press("Escape")
    assert stage.page.evaluate("() => paparan.turning") == 0
    assert "mode=paparan" in stage.page.url


def test_one_key_opens_the_map_at_the_place_and_another_leads_back_to_the_page(stage: Stage) -> None:
    stage.open()
    stage.press("4", "52")
    stage.page.keyboard.press("m")
    stage.page.wait_for_url(re.compile(r"/peta\?.*provinsi=52"))
    wait_ready(stage.page)
    stage.page.keyboard.press("Backspace")
    stage.ready()
    expect(stage.now).to_have_attribute("data-key", "52")
    assert stage.page.locator("section.page").count() == len(PAGES), "the run is the one that was left"
    stage.page.keyboard.press("m")
    stage.page.wait_for_url(re.compile("/peta"))
    stage.page.go_back()
    stage.ready()
    expect(stage.now).to_have_attribute("data-key", "52")


# --- what a room may see -----------------------------------------------------------------------------------------


def test_the_lock_hides_names_and_notes_and_can_be_seen_by_all(stage: Stage) -> None:
    stage.open()
    stage.press("5", "72")
    assert "Rusun Contoh Titiri'i" in stage.text
    assert "Alat yang dikirim tidak sesuai pesanan" in stage.text
    stage.page.keyboard.press("l")
    stage.page.wait_for_url(re.compile("rapat=1"))
    stage.ready()
    expect(stage.page.locator("#lock")).to_have_attribute("aria-pressed", "true")
    expect(stage.now).to_have_attribute("data-key", "72")
    assert "Rusun Contoh Titiri'i" not in stage.page.content()
    assert "Alat yang dikirim" not in stage.page.content()
    stage.press("Home", "pembuka")
    assert "percepat penyelesaian" not in stage.page.content()
    assert "disamarkan" in stage.text
    stage.page.locator("#lock").click()
    stage.page.wait_for_url(lambda url: "rapat=1" not in url)
    stage.ready()
    expect(stage.page.locator("#lock")).to_have_attribute("aria-pressed", "false")


def test_the_lock_of_the_screens_goes_along_into_the_room(stage: Stage) -> None:
    stage.page.set_viewport_size({"width": 1280, "height": 720})
    stage.page.goto(stage.server.address("/"))
    wait_ready(stage.page)
    stage.page.locator(".st-key-mode_rapat label").click()
    wait_ready(stage.page)
    expect(stage.page.get_by_test_id("stMain").locator(".stMarkdownBadge", has_text="Mode rapat").first).to_be_visible()
    link = stage.page.get_by_role("link", name="Mode paparan")
    expect(link).to_have_attribute("href", re.compile("rapat=1"))
    link.click()
    stage.ready()
    expect(stage.page.locator("#lock")).to_have_attribute("aria-pressed", "true")


# --- decisions and kept runs -------------------------------------------------------------------------------------


def test_a_decision_is_noted_on_the_province_in_view_and_listed_on_the_last_page(stage: Stage) -> None:
    stage.open()
    stage.press("3", "35")
    stage.page.keyboard.press("d")
    form = stage.page.get_by_role("dialog", name="Catat keputusan")
    expect(form.get_by_label("Untuk")).to_have_value("35")
    form.get_by_label("Yang diputuskan").fill("Tinjau lokasi yang kritis bersama pemerintah provinsi")
    form.get_by_label("Jabatan").fill("Ibu Contoh Nama")
    form.get_by_label("Tenggat").fill("2099-01-01")
    form.get_by_role("button", name="Catat").click()
    expect(form.get_by_role("alert")).to_contain_text("orang")
    form.get_by_label("Jabatan").fill("Kepala Dinas Koperasi Provinsi")
    form.get_by_label("Tenggat").fill(
        stage.page.evaluate("() => new Date(Date.now() + 14 * 864e5).toISOString().slice(0, 10)")
    )
    form.get_by_role("button", name="Catat").click()
    expect(form).to_be_hidden()
    expect(stage.page.locator("#note")).to_have_text("Keputusan dicatat.")
    expect(stage.now).to_have_attribute("data-key", "35")
    stage.press("End", "keputusan")
    row = stage.now.get_by_role("row", name=re.compile("Tinjau lokasi"))
    expect(row).to_contain_text("Jawa Timur")
    expect(stage.now).to_contain_text("1 keputusan diambil hari ini")
    row.get_by_role("button").click()
    expect(row.get_by_role("button")).to_have_count(0)
    expect(row).to_contain_text("Selesai")
    store = open_store(f"sqlite:///{stage.server.data / 'sinergisitas.sqlite'}")
    kept = store.decisions()
    store.close()
    ours = kept[kept["text"].str.startswith("Tinjau lokasi")]
    assert ours["state"].tolist() == ["open", "done"]
    assert ours["region_code"].tolist() == ["35", "35"]


def test_a_run_is_kept_with_its_pages_and_notes_and_reopened_by_name(stage: Stage) -> None:
    stage.open()
    stage.page.keyboard.press("s")
    form = stage.page.get_by_role("dialog", name="Susunan tersimpan")
    for title in ("Perubahan sejak rapat terakhir", "Jawa Barat", "Jawa Tengah", "Jawa Timur"):
        form.get_by_label(title, exact=True).uncheck()
    form.get_by_label("Catatan untuk Sulawesi Tengah").fill("Mulai dari yang paling tertinggal")
    form.get_by_role("button", name="Naik: Sulawesi Tengah").click()
    form.get_by_label("Nama").fill("Rapat pimpinan")
    form.get_by_role("button", name="Simpan").click()
    expect(form).to_be_hidden()
    stage.page.keyboard.press("s")
    form.get_by_role("link", name="Rapat pimpinan").click()
    stage.page.wait_for_url(re.compile("cerita="))
    stage.ready()
    keys = stage.page.evaluate("() => paparan.pages.map(page => page.key)")
    assert keys == ["pembuka", "nasional", "72", "52", "renaksi", "keputusan"]
    stage.press("5", "72")
    expect(stage.now).to_contain_text("Mulai dari yang paling tertinggal")


# --- the cable out -----------------------------------------------------------------------------------------------


def test_the_badge_counts_what_was_asked_elsewhere(browser: Browser, room_server: Server) -> None:
    page = browser.new_context(locale="id-ID").new_page()
    page.goto(room_server.address("/?mode=paparan"))
    expect(page.locator("#requests")).to_have_text("0 permintaan keluar")
    page.evaluate("() => { new Image().src = 'http://198.51.100.7/x.png'; }")
    expect(page.locator("#requests")).to_have_text("1 permintaan keluar")
    page.context.close()


def test_the_room_stays_while_the_server_is_away_and_goes_on_when_it_is_back(
    browser: Browser, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    port = free_port()
    shared = {"GEO_DATABASE_URL": f"sqlite:///{tmp_path / 'room.sqlite'}"}
    page = browser.new_context(locale="id-ID", viewport={"width": 1280, "height": 720}).new_page()
    with serving(tmp_path_factory.mktemp("first"), environment=shared, port=port) as first:
        stage = Stage(page, first)
        stage.open("", width=1280, height=720)
        stage.press("5", "72")
        stop(first.process)
    expect(page.locator("#note")).to_contain_text("Peladen tidak menjawab")
    stage.press("4", "52")
    stage.press("ArrowRight", "72")
    before = page.evaluate("() => { window.stays = true; return paparan.version; }")
    with serving(tmp_path_factory.mktemp("second"), environment=shared, port=port):
        expect(page.locator("#note")).not_to_contain_text("Peladen tidak menjawab", timeout=60_000)
        assert page.evaluate("() => [window.stays, paparan.version]") == [True, before]
        expect(stage.now).to_have_attribute("data-key", "72")
        page.reload()
        stage.ready()
        expect(stage.now).to_have_attribute("data-key", "72")
    page.context.close()
