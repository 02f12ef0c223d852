"""Without sign-in, or with one that is half set up, the server is open to nobody but its own machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from geo.model import RefusedError
from geo.serving.addresses import Passage, Passages, Proxies, is_loopback
from geo.serving.settings import LIMITS, Settings, read_settings
from tests.serving import ROOT, free_port
from tests.signing_in import CLIENT_SECRET, COOKIE_SECRET, secrets_text
from tests.test_lane import run_apart

GOOD: Mapping[str, object] = {
    "redirect_uri": "https://peta.example/oauth2callback",
    "cookie_secret": COOKIE_SECRET,
    "client_id": "sinergisitas",
    "client_secret": CLIENT_SECRET,
    "server_metadata_url": "https://masuk.example/.well-known/openid-configuration",
    "client_kwargs": {"prompt": "login", "code_challenge_method": "S256"},
}


def read(
    auth: Mapping[str, object] | None = GOOD, *, bound_to: str | None = "127.0.0.1", **environment: str
) -> Settings:
    return read_settings(auth, environment, bound_to=bound_to)


def refusal(auth: Mapping[str, object] | None = GOOD, *, bound_to: str | None = "127.0.0.1", **environment: str) -> str:
    with pytest.raises(RefusedError) as refused:
        read(auth, bound_to=bound_to, **environment)
    return str(refused.value)


# --- what is set -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost", "LOCALHOST"])
def test_without_sign_in_this_machine_alone_is_answered(address: str) -> None:
    assert is_loopback(address)
    settings = read(None, bound_to=address)
    assert settings.entry is None
    assert settings.passage.alone


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "10.1.2.3", "peta.example", "127.0.0.1.example", "0"])
def test_without_sign_in_no_other_address_is_served(address: str | None) -> None:
    told = refusal(None, bound_to=address)
    assert "without sign-in" in told
    assert ".streamlit/secrets.toml" in told


@pytest.mark.parametrize("address", [None, "0.0.0.0", "10.1.2.3"])
def test_with_sign_in_and_tls_any_address_is_served(address: str | None) -> None:
    settings = read(bound_to=address)
    assert settings.is_secure
    assert settings.entry is not None
    assert settings.entry.origin == "https://peta.example"
    assert "peta.example" in settings.hosts
    assert settings.limits == LIMITS


@pytest.mark.parametrize("name", [name for name in GOOD if name != "client_kwargs"])
@pytest.mark.parametrize("value", [None, "", "  ", 3])
def test_each_missing_part_of_the_sign_in_is_named(name: str, value: object) -> None:
    assert f"[auth] {name} is missing" in refusal({**GOOD, name: value})


def test_an_empty_section_is_no_server_without_sign_in() -> None:
    told = refusal({})
    assert all(f"[auth] {name}" in told for name in GOOD)


@pytest.mark.parametrize(
    "secret",
    [
        "hunter2",
        "x" * 64,
        "abcabcabcabcabcabcabcabcabcabcabcabc",
        "<make one>",
        "change-me-q9V4hT0zLrc7Jd2Wm8XyKp5N",
    ],
)
def test_a_weak_cookie_secret_is_refused_and_not_told(secret: str) -> None:
    told = refusal({**GOOD, "cookie_secret": secret})
    assert "cookie_secret" in told
    assert secret not in told


def test_the_example_file_is_refused_as_it_is() -> None:
    import tomllib

    example = tomllib.loads((ROOT / ".streamlit" / "secrets.example.toml").read_text(encoding="utf-8"))["auth"]
    assert set(example) == set(GOOD)
    told = refusal(example)
    assert "cookie_secret" in told
    assert "client_secret" in told
    assert read({**example, "cookie_secret": COOKIE_SECRET, "client_secret": CLIENT_SECRET}).is_secure


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"redirect_uri": "http://peta.example/oauth2callback"}, "plain http"),
        ({"redirect_uri": "https://peta.example/"}, "/oauth2callback"),
        ({"redirect_uri": "peta.example/oauth2callback"}, "no address"),
        ({"server_metadata_url": "http://masuk.example/x"}, "plain http"),
        ({"client_kwargs": {"prompt": "login"}}, "PKCE"),
        ({"client_kwargs": None}, "PKCE"),
        ({"expose_tokens": ["id"]}, "expose_tokens is not taken"),
        ({"google": {"client_id": "x"}}, "google is not taken"),
    ],
)
def test_a_sign_in_that_would_leak_is_refused(changed: Mapping[str, object], reason: str) -> None:
    assert reason in refusal({**GOOD, **changed})


def test_plain_http_is_for_this_machine_alone() -> None:
    local = {**GOOD, "redirect_uri": "http://127.0.0.1:{port}/oauth2callback"}
    settings = read(local)
    assert settings.entry is not None
    assert settings.entry.origin == "http://127.0.0.1:8501"
    assert "plain http" in refusal(local, bound_to="0.0.0.0")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GEO_ACCOUNT_CLAIM", "name"),
        ("GEO_GUESTS", "yes"),
        ("GEO_SESSION_HOURS", "0"),
        ("GEO_SESSION_HOURS", "nan"),
        ("GEO_SESSION_HOURS", "long"),
        ("GEO_TRUSTED_PROXIES", "proxy.example"),
        ("GEO_LIMIT_UPLOAD", "0/60"),
        ("GEO_LIMIT_SIGN_IN", "many"),
    ],
)
def test_a_setting_that_is_no_setting_is_named(name: str, value: str) -> None:
    assert name in refusal(**{name: value})


def test_settings_of_the_framework_that_open_a_guard_are_refused() -> None:
    with pytest.raises(RefusedError, match="enableXsrfProtection"):
        read_settings(GOOD, {}, bound_to="127.0.0.1", risks={"server.enableXsrfProtection": False})


def test_all_reasons_are_told_at_once() -> None:
    told = refusal({"cookie_secret": "short"}, bound_to="0.0.0.0", GEO_GUESTS="yes", GEO_LIMIT_EXPORT="x")
    for part in ("redirect_uri", "cookie_secret", "client_id", "GEO_GUESTS", "GEO_LIMIT_EXPORT"):
        assert part in told


# --- who is answered ---------------------------------------------------------------------------------------------

ALONE = Passage(alone=True, hosts=("*",))


def answered(
    passage: Passage, *, peer: str | None = "127.0.0.1", at: str | None = "127.0.0.1", **headers: str
) -> int | None:
    """The status with which ``Passages`` answers, ``None`` where it lets the request pass."""
    statuses: list[int] = []
    passed: list[bool] = []

    async def beyond(_scope: Any, _receive: Any, _send: Any) -> None:
        passed.append(True)

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {
        "type": "http",
        "path": "/",
        "method": "GET",
        "client": (peer, 5) if peer else None,
        "server": (at, 8501) if at else None,
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    run_apart(Passages(beyond, passage=lambda: passage)(scope, receive, send))
    assert len(statuses) + len(passed) == 1
    return statuses[0] if statuses else None


def test_without_sign_in_a_request_of_this_machine_passes() -> None:
    assert answered(ALONE) is None
    assert answered(ALONE, peer="::1", at="::1") is None


@pytest.mark.parametrize(("peer", "at"), [("10.0.0.7", "127.0.0.1"), ("127.0.0.1", "10.0.0.1"), (None, None)])
def test_without_sign_in_other_machines_are_refused_however_the_server_was_started(
    peer: str | None, at: str | None
) -> None:
    assert answered(ALONE, peer=peer, at=at) == 403


@pytest.mark.parametrize(
    "header", ["forwarded", "via", "x_forwarded_for", "x_forwarded_host", "x_forwarded_proto", "x_real_ip"]
)
def test_without_sign_in_a_proxy_opens_nothing(header: str) -> None:
    assert answered(ALONE, **{header: "127.0.0.1"}) == 403


def test_with_sign_in_only_a_named_proxy_may_say_from_where_a_request_comes() -> None:
    unnamed = Passage(alone=False, hosts=("*",))
    assert answered(unnamed, peer="10.0.0.7", at="10.0.0.1") is None
    assert answered(unnamed, peer="10.0.0.7", at="10.0.0.1", x_forwarded_for="192.0.2.1") == 400
    named = Passage(alone=False, hosts=("*",), proxies=Proxies.from_text("10.0.0.7"))
    assert answered(named, peer="10.0.0.7", at="10.0.0.1", x_forwarded_for="192.0.2.1") is None


@pytest.mark.parametrize(
    ("peer", "lines", "client"),
    [
        ("192.0.2.9", ["198.51.100.1"], "192.0.2.9"),  # no proxy of ours: its word counts nothing
        ("10.0.0.5", ["192.0.2.9"], "192.0.2.9"),
        ("10.0.0.5", ["127.0.0.1, 192.0.2.9"], "192.0.2.9"),  # the rest is what the sender wrote
        ("10.0.0.5", ["127.0.0.1", "192.0.2.9, 10.0.0.6"], "192.0.2.9"),
        ("10.0.0.5", [], "10.0.0.5"),
        (None, ["192.0.2.9"], "?"),
    ],
)
def test_the_sender_is_the_last_address_that_is_no_proxy_of_ours(
    peer: str | None, lines: list[str], client: str
) -> None:
    assert Proxies.from_text("10.0.0.0/29").client(peer, lines) == client


# --- the server itself -------------------------------------------------------------------------------------------


def start(tmp_path: Path, *, secrets: str | None = None, arguments: tuple[str, ...] = (), **variables: str) -> str:
    """What a server says that must not start; it ends by itself, with a status that is none of success."""
    home = tmp_path / "home"
    (home / ".streamlit").mkdir(parents=True)
    if secrets is not None:
        (home / ".streamlit" / "secrets.toml").write_text(secrets, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STREAMLIT_", "GEO_"))}
    port = free_port()
    done = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), *arguments],
        cwd=ROOT,
        env={**kept, "HOME": str(home), "GEO_DATA_DIR": str(tmp_path / "data"), **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode not in (0, None)
    return done.stdout + done.stderr


@pytest.mark.parametrize("by", ["environment", "argument"])
def test_a_server_without_sign_in_refuses_to_start_at_another_address(tmp_path: Path, by: str) -> None:
    if by == "environment":
        told = start(tmp_path, STREAMLIT_SERVER_ADDRESS="0.0.0.0")
    else:
        told = start(tmp_path, arguments=("--server.address", "0.0.0.0"))
    assert "would listen at 0.0.0.0 without sign-in" in told
    assert ".streamlit/secrets.example.toml" in told
    assert not (tmp_path / "data").exists(), "it opened the records before it refused"


def test_a_server_with_a_weak_secret_refuses_to_start_and_does_not_tell_it(tmp_path: Path) -> None:
    told = start(tmp_path, secrets=secrets_text(1, cookie_secret="hunter2-hunter2-hunter2"))
    assert "[auth] cookie_secret is too short" in told
    assert "hunter2" not in told
    assert CLIENT_SECRET not in told


def test_a_secrets_file_that_cannot_be_read_is_no_server_without_sign_in(tmp_path: Path) -> None:
    told = start(tmp_path, secrets='[auth]\ncookie_secret = "hunter2')
    assert "secrets.toml: the file of secrets cannot be read" in told
    assert "hunter2" not in told
