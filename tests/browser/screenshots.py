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
    ("impor", "/impor", (1280, 1080), "light"),
    ("paparan", "/?mode=paparan&halaman=nasional", (1920, 1080), "light"),
    ("paparan-gelap", "/?mode=paparan&halaman=35", (1920, 1080), "dark"),
)
SENT = """LAPORAN KEMAJUAN OKTOBER 2026;;;;
Kode Lokasi;Tanggal Laporan;Realisasi Fisik (%);Realisasi Keuangan (Rp);Catatan
CTH-32.76-KOP-10;31/10/2026;41,5%;Rp 50.000.000;Dinding selesai
CTH-72.71-RSN-10;31 Oktober 2026;22;1,2 M;Pondasi
CTH-52.04-RSN-16;31/10/2026;140;;
TIDAK-ADA;31/10/26;20;;
cth-32.76-kop-10;30/09/2026;30;;
JUMLAH;;;1.250.000.000;
"""
"""What an office might send, for the picture of the import."""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120 Mobile Safari/537.36"


def settled(page: Page) -> None:
    """Until the run has ended and, where there is one, the map is drawn; the room says so itself."""
    if "mode=paparan" in page.url:
        page.locator("html[data-ready=yes]").wait_for(timeout=90_000)
        page.wait_for_timeout(1_000)
        return
    page.wait_for_function(
        "() => { const a = document.querySelector('[data-testid=\"stApp\"]');"
        " return a && a.dataset.testScriptState === 'notRunning'"
        " && !document.querySelector('[data-testid=\"stSkeleton\"]'); }"
    )
    page.wait_for_timeout(1_500)  # charts draw themselves after the run
    for frame in page.frames:
        if "streamlit_folium" in frame.url:
            frame.wait_for_selector("[data-ready]")


def send(page: Page, folder: Path) -> None:
    """Take a file in as far as the check, and look at that."""
    file = folder / "laporan-oktober.csv"
    file.write_text(SENT, encoding="utf-8")
    page.locator('[data-testid="stFileUploader"] input[type="file"]').set_input_files(file)
    check = page.locator(".st-key-impor-jumlah")
    check.wait_for()
    settled(page)
    page.locator('[data-testid="stMain"]').evaluate("(main) => main.scrollTo(0, 560)")
    page.wait_for_timeout(1_000)


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
            if path == "/impor":
                send(page, Path(folder))
            page.screenshot(path=FOLDER / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
