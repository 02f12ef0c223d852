"""Take the pictures of the README from the running dashboard: ``make screenshots``."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.serving import serving  # noqa: E402  # the line above makes it known to a plain script

FOLDER = ROOT / ".docs"
SHOTS = (
    ("ringkasan", "/", (1920, 1080), "light"),
    ("peta", "/peta?provinsi=35", (1280, 720), "light"),
    ("peta-gelap", "/peta", (1280, 720), "dark"),
    ("wilayah", "/wilayah?provinsi=72", (1280, 720), "light"),
    ("lokasi", "/lokasi?lokasi=CTH-72.09-WN-18", (1280, 720), "light"),
    ("renaksi", "/renaksi", (1920, 1080), "light"),
    ("perubahan", "/perubahan", (1280, 720), "light"),
    ("ekspor", "/ekspor?provinsi=52", (1280, 720), "light"),
    ("lokasi-ponsel", "/lokasi", (390, 844), "light"),
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120 Mobile Safari/537.36"


def settled(page: Page) -> None:
    """Until the run has ended and, where there is one, the map is drawn."""
    page.wait_for_function(
        "() => { const a = document.querySelector('[data-testid=\"stApp\"]');"
        " return a && a.dataset.testScriptState === 'notRunning'"
        " && !document.querySelector('[data-testid=\"stSkeleton\"]'); }"
    )
    page.wait_for_timeout(1_500)  # charts draw themselves after the run
    for frame in page.frames:
        if "streamlit_folium" in frame.url:
            frame.wait_for_selector("[data-ready]")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "s") as server, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name, path, (width, height), theme in SHOTS:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if theme == "dark" else "light",
                user_agent=PHONE if width < 500 else None,
            )
            page = context.new_page()
            page.goto(server.address(path))
            settled(page)
            page.screenshot(path=FOLDER / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
