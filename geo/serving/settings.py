"""Read how the server is to be guarded, and refuse to start where that would leave it open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Final, TypeVar
from urllib.parse import urlsplit

from geo.model import Problem, RefusedError
from geo.serving.addresses import Passage, Proxies, allowed_hosts, is_loopback
from geo.serving.limits import Limit
from geo.serving.people import ACCOUNT_CLAIMS

T = TypeVar("T")

SECRETS: Final = ".streamlit/secrets.toml"
LEAST_SECRET: Final = 32
"""Characters of a cookie secret: 24 random bytes in base64."""

LIMITS: Final[Mapping[str, Limit]] = {
    "sign_in": Limit(10, 60),
    "session": Limit(240, 60),
    "upload": Limit(60, 60),
    "export": Limit(30, 60),
    "download": Limit(240, 60),
}
"""How often one sender (``sign_in``, ``session``) or one account (the others) may, unless it is set otherwise: many
people of an office come from one address, so pages may be opened often."""

_PLACEHOLDERS: Final = ("example", "contoh", "ganti", "change", "placeholder", "xxxx", "secret", "rahasia", "...", "<")
_NEEDED: Final = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_TAKEN: Final = (*_NEEDED, "client_kwargs")


@dataclass(frozen=True)
class Entry:
    """How people sign in. ``origin`` is where their browsers find the server, without a path; ``claim`` names their
    account; ``longest`` is how long a sign-in lasts."""

    origin: str
    claim: str = "email"
    guests: bool = False
    longest: timedelta = timedelta(hours=12)


@dataclass(frozen=True)
class Settings:
    """How the server is guarded. Without ``entry`` it answers its own machine only, to one administrator."""

    entry: Entry | None
    hosts: tuple[str, ...]
    proxies: Proxies = field(default_factory=Proxies)
    limits: Mapping[str, Limit] = field(default_factory=dict)
    contact: str = ""

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach the server by TLS."""
        return self.entry is not None and self.entry.origin.startswith("https://")

    @cached_property
    def passage(self) -> Passage:
        """How requests reach the server."""
        origin = self.entry.origin if self.entry else None
        return Passage(alone=self.entry is None, hosts=self.hosts, proxies=self.proxies, origin=origin)


def read_settings(
    auth: Mapping[str, object] | None,
    environment: Mapping[str, str],
    *,
    bound_to: str | None,
    port: int = 8501,
    risks: Mapping[str, object] | None = None,
) -> Settings:
    """What is set: ``auth`` in the secrets file, variables in the environment, the address the server listens at.

    ``risks`` holds settings of the framework that would undo a guard, by name, each with the value it has.

    Raises
    ------
    RefusedError
        something is missing or wrong; every reason is listed, with what to do. Secrets are never told.
    """
    problems = [
        Problem(f"{name} = {value!r} would open a guard", f"Leave {name} as it is by default.")
        for name, value in (risks or {}).items()
    ]
    proxies = _read(problems, "GEO_TRUSTED_PROXIES", environment, Proxies(), Proxies.from_text, "10.0.0.5, 10.1.0.0/24")
    limits = {
        deed: _read(problems, f"GEO_LIMIT_{deed.upper()}", environment, usual, Limit.from_text, str(usual))
        for deed, usual in LIMITS.items()
    }
    hosts = environment.get("GEO_ALLOWED_HOSTS")
    contact = environment.get("GEO_CONTACT", "").strip()
    if auth is None:
        if not is_loopback(bound_to):
            problems.append(
                Problem(
                    f"the server would listen at {bound_to or 'every address of this machine'} without sign-in, so "
                    "everybody who reaches it would be its administrator",
                    f"Set up sign-in: copy .streamlit/secrets.example.toml to {SECRETS} and fill it in. "
                    "Or let it listen at this machine alone: server.address = 127.0.0.1.",
                )
            )
        if proxies.networks:
            problems.append(
                Problem(
                    "GEO_TRUSTED_PROXIES is set, but a server without sign-in answers no proxy",
                    f"Set up sign-in in {SECRETS}, or leave GEO_TRUSTED_PROXIES out.",
                )
            )
        entry = None
    else:
        entry = _entry(auth, environment, problems, bound_to=bound_to, port=port)
    if problems:
        raise RefusedError(problems)
    own = (urlsplit(entry.origin).hostname or "",) if entry else ()
    return Settings(entry, tuple(allowed_hosts(hosts, *own)), proxies, limits if entry else {}, contact)


def _entry(
    auth: Mapping[str, object],
    environment: Mapping[str, str],
    problems: list[Problem],
    *,
    bound_to: str | None,
    port: int,
) -> Entry:
    for name in _NEEDED:
        value = auth.get(name)
        if not isinstance(value, str) or not value.strip():
            problems.append(_wrong(name, "is missing", f"Set it as .streamlit/secrets.example.toml explains ({name})."))
    why = "is not taken: there is one provider, so that no other can vouch for its accounts, and tokens stay here"
    problems.extend(_wrong(name, why, "Leave it out.") for name in auth if name not in _TAKEN)
    secret = auth.get("cookie_secret")
    if isinstance(secret, str) and secret.strip() and not _is_strong(secret):
        problems.append(
            _wrong(
                "cookie_secret",
                f"is too short, too even, or from an example: who guesses it signs in as anybody (at least "
                f"{LEAST_SECRET} random characters)",
                'Make one: python -c "import secrets; print(secrets.token_urlsafe(48))"',
            )
        )
    client_secret = auth.get("client_secret")
    if isinstance(client_secret, str) and any(part in client_secret.lower() for part in ("xxxx", "ganti", "...", "<")):
        problems.append(_wrong("client_secret", "is from an example", "Set the one that the provider gave."))
    redirect = str(auth.get("redirect_uri") or "").replace("{port}", str(port))
    for name, address in (
        ("redirect_uri", redirect),
        ("server_metadata_url", str(auth.get("server_metadata_url") or "")),
    ):
        parts = urlsplit(address)
        if address and (not parts.hostname or parts.scheme not in {"http", "https"}):
            problems.append(_wrong(name, "is no address", "Write it whole, with https://."))
        elif address and parts.scheme != "https" and not is_loopback(parts.hostname):
            problems.append(
                _wrong(name, "goes by plain http, so that keys could be read on the way", "Put TLS in front: https://.")
            )
    parts = urlsplit(redirect)
    if redirect and parts.path != "/oauth2callback":
        problems.append(_wrong("redirect_uri", "must have the path /oauth2callback", "Correct it, here and there."))
    if redirect and not is_loopback(bound_to) and parts.scheme == "http":
        problems.append(
            _wrong(
                "redirect_uri",
                f"goes by plain http, but the server would listen at {bound_to or 'every address of this machine'}",
                "Put TLS in front and write https://, or let the server listen at 127.0.0.1.",
            )
        )
    kwargs = auth.get("client_kwargs")
    if not isinstance(kwargs, Mapping) or kwargs.get("code_challenge_method") != "S256":
        problems.append(
            _wrong(
                "client_kwargs",
                "must ask for PKCE, without which a stolen code signs its thief in",
                'Write client_kwargs = { prompt = "login", code_challenge_method = "S256" }.',
            )
        )
    claim = environment.get("GEO_ACCOUNT_CLAIM", "email").strip()
    if claim not in ACCOUNT_CLAIMS:
        problems.append(Problem(f"GEO_ACCOUNT_CLAIM is {claim!r}", f"Choose one of {', '.join(ACCOUNT_CLAIMS)}."))
    guests = environment.get("GEO_GUESTS", "0").strip()
    if guests not in {"0", "1"}:
        problems.append(Problem(f"GEO_GUESTS is {guests!r}", "Write 1 to let unknown people in as guests, else 0."))
    hours = _read(problems, "GEO_SESSION_HOURS", environment, 12.0, _hours, "12")
    return Entry(f"{parts.scheme}://{parts.netloc}", claim, guests == "1", timedelta(hours=hours))


def _is_strong(secret: str) -> bool:
    return (
        len(secret) >= LEAST_SECRET
        and len(set(secret)) >= 12
        and not any(part in secret.lower() for part in _PLACEHOLDERS)
    )


def _wrong(name: str, what: str, remedy: str) -> Problem:
    return Problem(f"[auth] {name} {what}", remedy, file=SECRETS)


def _hours(text: str) -> float:
    hours = float(text)
    if not 0 < hours <= 720:
        raise ValueError(text)
    return hours


def _read(
    problems: list[Problem],
    name: str,
    environment: Mapping[str, str],
    usual: T,
    read: Callable[[str], T],
    example: str,
) -> T:
    text = environment.get(name, "").strip()
    if not text:
        return usual
    try:
        return read(text)
    except ValueError:
        problems.append(Problem(f"{name} is {text!r}", f"Write it as in {example}."))
        return usual
