"""The decisions behind the server's guards: how often, who, which files for whom, which cookies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from geo import offline
from geo.access import Role
from geo.serving.doors import safe_path, way_back
from geo.serving.headers import GuardedCookies
from geo.serving.limits import Buckets, Limit
from geo.serving.people import FRESH_S, Outcome, Register, account_name, judge
from tests.test_lane import run_apart

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Account:
    role: str = "coordinator"
    provinces: tuple[str, ...] = ("35",)
    disabled: bool = False
    valid_since: datetime | None = datetime(2000, 1, 1, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_what_is_in_it_and_fills_again() -> None:
    clock, limit = Clock(), Limit.from_text("4/64")
    buckets = Buckets(clock)
    assert [buckets.wait_s("export", "a", limit) for _ in range(5)] == [0, 0, 0, 0, 16]
    assert buckets.wait_s("export", "b", limit) == 0, "others have their own"
    assert buckets.wait_s("upload", "a", limit) == 0, "and so has each deed"
    clock.now = 15
    assert buckets.wait_s("export", "a", limit) == 1
    clock.now = 16
    assert buckets.wait_s("export", "a", limit) == 0
    clock.now = 10_000
    assert [buckets.wait_s("export", "a", limit) for _ in range(5)] == [0, 0, 0, 0, 16], "never more than it holds"


def test_buckets_keep_bounded_memory_whoever_comes() -> None:
    buckets = Buckets(Clock(), kept=100)
    for sender in range(1_000):
        buckets.wait_s("sign_in", str(sender), Limit(1, 60))
    assert len(buckets) == 100
    assert buckets.wait_s("sign_in", "999", Limit(1, 60)) > 0, "who came last is remembered"


def claims(**others: object) -> dict[str, object]:
    return {"email": "a@uji.example", "email_verified": True, "sub": "7", "iat": NOW.timestamp() - 60, **others}


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (claims(email="A@Uji.example"), "a@uji.example"),
        (claims(email_verified=False), None),
        (claims(email_verified="true"), None),
        (claims(email="\u212a@uji.example"), None),  # the Kelvin sign, which becomes a k when it is made small
        (claims(email=" a@uji.example"), None),
        (claims(email=""), None),
        (claims(email=None), None),
        (claims(email="a" * 255), None),
    ],
)
def test_an_account_is_what_the_provider_vouches_for(told: dict[str, object], name: str | None) -> None:
    assert account_name(told, "email") == name


@pytest.mark.parametrize(
    ("told", "account", "outcome"),
    [
        (None, Account(), Outcome.NOT_SIGNED_IN),
        (claims(), Account(), Outcome.ADMITTED),
        (claims(), None, Outcome.UNKNOWN),
        (claims(email_verified=False), Account(), Outcome.UNKNOWN),
        (claims(), Account(disabled=True), Outcome.DISABLED),
        (claims(), Account(valid_since=NOW), Outcome.OUTDATED),
        (claims(iat=NOW.timestamp() - 13 * 3600), Account(), Outcome.OUTDATED),
        (claims(iat=None), Account(), Outcome.OUTDATED),
        (claims(iat=True), Account(), Outcome.OUTDATED),
        (claims(iat=float("inf")), Account(), Outcome.OUTDATED),
    ],
)
def test_only_who_is_known_enabled_and_lately_signed_in_comes_in(
    told: dict[str, object] | None, account: Account | None, outcome: Outcome
) -> None:
    register = Register(lambda _name: account, Clock())
    found = judge(told, register, claim="email", guests=False, longest=timedelta(hours=12), now=NOW)
    assert found.outcome is outcome
    assert (found.viewer is not None) is (outcome is Outcome.ADMITTED)
    if found.viewer is not None:
        assert (found.viewer.role, found.viewer.provinces) == (Role.COORDINATOR, ("35",))


def test_guests_come_in_only_where_that_is_set_and_never_when_disabled() -> None:
    def outcome(account: Account | None) -> Any:
        register = Register(lambda _name: account, Clock())
        return judge(claims(), register, claim="email", guests=True, longest=timedelta(hours=12), now=NOW)

    assert outcome(None).viewer.role is Role.GUEST
    assert outcome(Account(disabled=True)).outcome is Outcome.DISABLED


def test_an_account_is_believed_for_a_second_at_most() -> None:
    clock, asked = Clock(), []
    register = Register(lambda name: asked.append(name), clock)  # type: ignore[func-returns-value]  # it knows nobody
    register.account("a")
    clock.now = FRESH_S / 2
    register.account("a")
    assert asked == ["a"]
    register.account("a", anew=True)
    assert asked == ["a", "a"]
    clock.now = 3 * FRESH_S
    register.account("a")
    assert asked == ["a", "a", "a"]


def test_a_file_tells_for_which_sights_it_was_made() -> None:
    def told(url: str) -> frozenset[str | None]:
        version, _, name = url.removeprefix(f"{offline.PREFIX}/").partition("/")
        return offline.sights(version, name)

    assert told(offline.register("uji/semua.json", b"{}", "application/json")) == {None}
    assert told(offline.register("uji/35.json", b"{}", "application/json", sight="35/")) == {"35/"}
    assert told(offline.register("uji/35.json", b"{}", "application/json", sight="73/")) == {"35/", "73/"}
    family = offline.register_family(
        "uji/bagian", "0123456789abcdef", lambda _part: b"{}", "application/json", sight="*/*"
    )
    assert told(f"{family}/1.json") == {"*/*"}
    assert told(offline.asset_url("leaflet/leaflet.js")) == {offline.OPEN}
    assert told("/aset/0000000000000000/uji/35.json") == frozenset()
    for content in range(offline.KEPT_VERSIONS + 1):
        last = offline.register("uji/35.json", str(content).encode(), "application/json", sight="35/")
    assert told(last) == {"35/"}
    assert len([key for key in offline._sights if key[0] == "uji/35.json"]) == offline.KEPT_VERSIONS


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://peta.example/wilayah?provinsi=35&posisi=2026-06-30", "/wilayah?provinsi=35&posisi=2026-06-30"),
        ("https://peta.example/?mode=paparan", "/?mode=paparan"),
        ("https://elsewhere.example/wilayah", None),
        ("https://peta.example.evil/wilayah", None),
        ("https://peta.example//evil.example", None),
        ("https://peta.example/auth/logout", None),
        ("https://peta.example/" + "x" * 3_000, None),
        (None, None),
    ],
)
def test_the_way_back_is_a_screen_of_ours(address: str | None, path: str | None) -> None:
    assert way_back(address, "peta.example", "https://peta.example") == path
    if path is not None:
        assert safe_path(path) == path


@pytest.mark.parametrize("secure", [True, False])
def test_every_cookie_gets_its_flags(secure: bool) -> None:
    said: list[Any] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        headers = [
            (b"set-cookie", b"_streamlit_user=x; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax"),
            (b"set-cookie", b"_streamlit_xsrf=2|a|b|3; Path=/; SameSite=None"),
            (b"set-cookie", b"other=y"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def send(message: Any) -> None:
        said.append(message)

    guard = GuardedCookies(
        app, secure=lambda: secure, readable=("_streamlit_xsrf",), limited=("_streamlit_user",), age_s=lambda: 3600.0
    )
    run_apart(guard({"type": "http", "path": "/"}, None, send))  # type: ignore[arg-type]  # nobody listens
    user, xsrf, other = ([part.strip() for part in value.decode().split(";")] for _, value in said[0]["headers"])
    assert "Max-Age=3600" in user
    for cookie in (user, xsrf, other):
        assert ("Secure" in cookie) is secure
        assert any(part.lower() == "samesite=lax" for part in cookie)
    assert "HttpOnly" in user
    assert "HttpOnly" in other
    assert "HttpOnly" not in xsrf
