"""Tell who comes to the server: how sign-in is set up, whose signed cookie a request carries, what the store knows."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from geo.access import LOCAL_ADMINISTRATOR, Viewer
from geo.model import Problem, RefusedError
from geo.serving.limits import Buckets
from geo.serving.people import Claims, Known, Outcome, Register, Verdict, judge
from geo.serving.settings import Settings, read_settings

PROVIDER: Final = "default"
"""The framework's name for the one provider that stands in ``[auth]`` itself."""

_EXPECTED: Final[Mapping[str, tuple[object, ...]]] = {
    "server.enableXsrfProtection": (True,),
    "server.enableCORS": (True,),
    "server.xsrfCookieSameSite": ("lax", "strict"),
    "server.trustedUserHeaders": ({}, None),  # headers that would say who somebody is
    "server.enableAgentApi": (False,),  # programs that would drive the screens
    "server.baseUrlPath": ("", None),  # our guards know the addresses as they are
    "global.developmentMode": (False,),
}
"""Settings of the framework that would undo a guard, with the values that do not."""


@cache
def settings() -> Settings:
    """How the server is guarded; read once, because what it refuses to start with cannot come in later.

    Raises ``RefusedError`` with all reasons why it must not start.
    """
    return read_settings(
        _sign_in(),
        os.environ,
        bound_to=st.get_option("server.address"),
        port=st.get_option("server.port"),
        risks={name: value for name, values in _EXPECTED.items() if (value := st.get_option(name)) not in values},
    )


def _sign_in() -> Mapping[str, object] | None:
    """The section ``auth`` of the secrets, ``None`` where there is none.

    The framework takes a secrets file that it cannot read for none at all.
    """
    if not secrets_singleton.load_if_toml_exists():
        broken = [path for path in st.get_option("secrets.files") if Path(path).exists()]
        if broken:
            raise RefusedError([Problem("the file of secrets cannot be read", "Correct its TOML.", file=broken[0])])
        return None
    auth = secrets_singleton.to_dict().get("auth")
    return auth if auth is None or isinstance(auth, Mapping) else {}


# --- who ---------------------------------------------------------------------------------------------------------


def _look_up(name: str) -> Known | None:
    from pages.parts import queries  # here, because the screens' questions need to know who asks

    return queries.store().account(name)


REGISTER: Final = Register(_look_up, time.monotonic)
BUCKETS: Final = Buckets(time.monotonic)


def wait_s(deed: str, account: str) -> int:
    """Count something that an account does: 0 where it may, else the whole seconds until it may again."""
    limit = settings().limits.get(deed)
    return BUCKETS.wait_s(deed, account, limit) if limit else 0


def claims_in(cookies: Mapping[str, str]) -> Claims | None:
    """What the provider says of the person whose cookies these are, ``None`` without a cookie that we signed."""
    entry = settings().entry
    if entry is None:
        return None
    secret = get_cookie_secret()

    def signed(name: str) -> bytes | None:
        value = cookies.get(name)
        age_days = entry.longest.total_seconds() / 86_400
        return decode_signed_value(secret, name, value, max_age_days=age_days) if value else None

    text = get_cookie_with_chunks(signed, USER_COOKIE_NAME)
    try:
        claims = json.loads(text) if text else None
    except ValueError:
        return None
    if not isinstance(claims, dict) or claims.get("origin") != entry.origin:
        return None
    return claims_of(claims)


def claims_of(user: Mapping[str, object]) -> Claims | None:
    """The same of what the framework tells of a session's user."""
    return user if user.get("is_logged_in") is True and user.get("provider") == PROVIDER else None


def verdict_on(claims: Claims | None, *, anew: bool = False) -> Verdict:
    """Whether the person of these claims may come in, and as whom; ``anew`` asks the store in any case."""
    entry = settings().entry
    if entry is None:
        return Verdict(Outcome.NOT_SIGNED_IN)
    return judge(
        claims,
        REGISTER,
        claim=entry.claim,
        guests=entry.guests,
        longest=entry.longest,
        now=datetime.now(UTC),
        anew=anew,
    )


async def identify(cookies: Mapping[str, str]) -> Viewer | None:
    """Who sends these cookies, ``None`` for nobody who may come in; without sign-in the local administrator."""
    if settings().entry is None:
        return LOCAL_ADMINISTRATOR
    claims = claims_in(cookies)
    if claims is None:
        return None
    return (await asyncio.to_thread(verdict_on, claims)).viewer
