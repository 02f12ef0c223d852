"""Set a server up for sign-in, run a provider beside it, and make the cookies that a sign-in would make."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import pytest
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from geo.store import Store, open_store
from tests.serving import START_LIMIT_S, Server, stop

PROVIDER = Path(__file__).parent / "browser" / "oidc"
COOKIE_SECRET = "q9V-4hT0zLr_c7Jd2Wm8XyKp5NbAeUfGs1Ro3Hi6"
CLIENT_SECRET = "k3y-0f-the-tests-a1b2c3d4e5f6"


def secrets_text(
    provider_port: int, *, origin: str = "http://127.0.0.1:{port}", cookie_secret: str = COOKIE_SECRET
) -> str:
    """A secrets file for a server whose provider is, or would be, on this machine."""
    return f"""
[auth]
redirect_uri = "{origin}/oauth2callback"
cookie_secret = "{cookie_secret}"
client_id = "sinergisitas"
client_secret = "{CLIENT_SECRET}"
server_metadata_url = "http://localhost:{provider_port}/.well-known/openid-configuration"
client_kwargs = {{ prompt = "login", code_challenge_method = "S256" }}
"""


@contextmanager
def provider(port: int, server: Server, folder: Path) -> Iterator[str]:
    """Run the provider for a server; its origin."""
    node = shutil.which("node")
    if not node or not (PROVIDER / "node_modules").is_dir():
        pytest.fail("The sign-in provider of the tests is not installed. Run: make provider")
    log = folder / "provider.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [node, "provider.mjs", str(port), f"{server.origin}/oauth2callback", CLIENT_SECRET],
            cwd=PROVIDER,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(f"http://localhost:{port}", process, log)
        yield f"http://localhost:{port}"
    finally:
        stop(process)
        print(f"--- {log.name} of port {port} ---\n{log.read_text(errors='replace')}")


def _wait(origin: str, process: subprocess.Popen[bytes], log: Path) -> None:
    direct = build_opener(ProxyHandler({}))
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"The provider ended with status {process.returncode}:\n{log.read_text(errors='replace')}")
        try:
            with direct.open(f"{origin}/.well-known/openid-configuration", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.05)  # between two questions, not instead of them
    pytest.fail(f"The provider did not answer within {START_LIMIT_S} s:\n{log.read_text(errors='replace')}")


@contextmanager
def records(server: Server) -> Iterator[Store]:
    """The store of a running server, for what an administrator would do on the command line beside it."""
    with closing(open_store(f"sqlite:///{server.data / 'sinergisitas.sqlite'}")) as store:
        yield store


def make_account(server: Server, name: str, role: str = "viewer", *provinces: str) -> None:
    """Make an account, or give it another role."""
    with records(server) as store:
        store.set_account(name, role=role, provinces=provinces, actor="tests", at=datetime.now(UTC))


def log_of(server: Server, deed: str) -> list[Mapping[str, object]]:
    """What stands in the log under a deed, the newest first."""
    with records(server) as store:
        return [dict(row) for row in store.audit_rows(deed=deed).to_dict("records")]


def cookie_of(
    server: Server,
    account: str,
    *,
    at: datetime | None = None,
    secret: str = COOKIE_SECRET,
    origin: str | None = None,
    **claims: object,
) -> str:
    """The header ``Cookie`` of who signed in as an account at a moment, now where none is named."""
    issued = int((at or datetime.now(UTC)).timestamp())
    told = {
        "sub": account,
        "email": account,
        "email_verified": True,
        "iat": issued,
        "exp": issued + 600,
        "origin": origin or server.origin,
        "is_logged_in": True,
        "provider": "default",
        **claims,
    }
    return f"{USER_COOKIE_NAME}={create_signed_value(secret, USER_COOKIE_NAME, json.dumps(told)).decode()}"
