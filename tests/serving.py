"""Run the dashboard as a process of its own, for tests that look at it from outside."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import pytest

from tests.prepared import sample_folder

ROOT = Path(__file__).resolve().parents[1]
START_LIMIT_S = 60


@dataclass(frozen=True)
class Server:
    """A running dashboard: its origin (``http://127.0.0.1:port``), its own data folder and its log."""

    origin: str
    data: Path
    log: Path
    process: subprocess.Popen[bytes]
    start_s: float

    def address(self, path: str = "/") -> str:
        return self.origin + path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(
    folder: Path,
    *,
    environment: dict[str, str] | None = None,
    root: Path = ROOT,
    script: str = "app.py",
    secrets: str | None = None,
    port: int | None = None,
    prepared: bool = False,
) -> Iterator[Server]:
    """Run ``streamlit run app.py`` with a database and a home of its own in ``folder``; stop its whole group after.

    ``secrets`` is the text of its secrets file, ``script`` another one to run in place of ``app.py``,
    ``port`` the one to listen at, for a server that takes the place of another.

    The server makes the shipped sample, as at its first start anywhere, but for ``prepared``: then it finds it there.

    The log stays in ``folder`` and is printed when the server stops, so that pytest shows it for a failed test.
    """
    port = port or free_port()
    log = folder / "server.log"
    (folder / "home" / ".streamlit").mkdir(parents=True)
    if secrets is not None:
        (folder / "home" / ".streamlit" / "secrets.toml").write_text(secrets, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STREAMLIT_", "GEO_"))}
    own = {
        "HOME": str(folder / "home"),
        "GEO_DATA_DIR": str(folder / "data"),
        "GEO_DATABASE_URL": f"sqlite:///{folder / 'data' / 'sinergisitas.sqlite'}",
        "STREAMLIT_SERVER_PORT": str(port),
    }
    (folder / "data").mkdir()
    if prepared:
        sample_folder(folder / "data")
    begun = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", script],
            cwd=root,
            env={**kept, **own, **(environment or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_healthy(f"http://127.0.0.1:{port}", process, log)
        yield Server(f"http://127.0.0.1:{port}", folder / "data", log, process, time.monotonic() - begun)
    finally:
        stop(process)
        print(f"--- {log.name} of port {port} ---\n{log.read_text(errors='replace')}")


def wait_healthy(origin: str, process: subprocess.Popen[bytes], log: Path) -> None:
    direct = build_opener(ProxyHandler({}))
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"The server ended with status {process.returncode}:\n{log.read_text(errors='replace')}")
        try:
            with direct.open(f"{origin}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.05)  # between two questions to the health address, not instead of them
    pytest.fail(f"The server was not healthy within {START_LIMIT_S} s:\n{log.read_text(errors='replace')}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the group that ``serving`` started, gently first."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, sign)
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                continue
