"""Keep the files that screens load from this server, each under an address made of its content.

A browser keeps such a file for good, because other bytes get another address. Leaflet comes from the installed package
XStatic-Leaflet; whatever else a screen needs (boundaries, point layers) is added by ``register``.

A file is for everybody who is signed in, unless ``register`` is told for which sight it was made: then ``sights`` tells
that to the server, which asks whether the viewer's own covers it. Leaflet's files are for everybody.
"""

from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Final

from geo.model import GeoError

PREFIX: Final = "/aset"
"""First part of every address; ``app.py`` serves what lies below."""

LEAFLET: Final[tuple[tuple[str, str], ...]] = (
    ("leaflet.js", "text/javascript"),
    ("leaflet.css", "text/css"),
    ("images/layers.png", "image/png"),
    ("images/layers-2x.png", "image/png"),
    ("images/marker-icon.png", "image/png"),
    ("images/marker-icon-2x.png", "image/png"),
    ("images/marker-shadow.png", "image/png"),
)
"""Files taken from the package with their media types; its source maps and other builds are not served."""

KEPT_VERSIONS: Final = 3
"""Versions of one name that stay reachable, so a page opened before a replacement still finds what it names."""

KEPT_FAMILIES: Final = 64
"""The same for files that are made when asked for, of which a viewer who steps through the months makes many."""

_VERSION: Final = re.compile(r"[0-9a-f]{8,64}")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?:[./][A-Za-z0-9_-]+)*")
OPEN: Final = "open"
"""In the place of a sight: for everybody, signed in or not."""

_COMPRESSED_ALREADY: Final = ("image/png", "image/jpeg", "image/webp", "font/woff2", "application/zip")


class AssetError(GeoError):
    """A file was asked for that nobody registered, or one was registered under a name that cannot be an address."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as the server sends it.

    ``sha256`` is the hex digest of ``content``. ``version`` stands in the address: 16 hex digits of the same digest,
    or of the whole family for files that find each other by relative addresses (a style sheet and its images).
    ``gzipped`` is ``None`` where compressing gains nothing.
    """

    name: str
    content: bytes
    media_type: str
    sha256: str
    version: str
    gzipped: bytes | None = None

    @property
    def url(self) -> str:
        """The address on this server, without the host."""
        return f"{PREFIX}/{self.version}/{self.name}"


_lock: Final = threading.RLock()
_versions: Final[dict[str, dict[str, Asset]]] = {}
"""name -> version -> file, the newest version last; replaced under ``_lock``."""
_families: Final[dict[str, dict[str, tuple[Callable[[str], bytes | None], str]]]] = {}
"""name -> version -> what makes a part, and its media type; as above."""
_sights: Final[dict[tuple[str, str], set[str | None]]] = {}
"""(name, version) -> for whom; as above."""


def register(name: str, content: bytes, media_type: str, *, keep: int = KEPT_VERSIONS, sight: str | None = None) -> str:
    """Serve ``content`` under ``name`` and return its address.

    ``sight`` is the key of the sight for which it was made (``geo.access.Sight.key``); ``None`` shows it to everybody
    who is signed in. What was made for several sights is for the viewers of each.

    The same bytes under the same name give the same address. Other bytes give a new one, and the address given
    before stays good until ``keep`` newer ones exist.

    Raises
    ------
    AssetError
        the name is not made of letters, digits, ``_``, ``-``, single dots and single slashes.
    """
    digest = sha256(content).hexdigest()
    if not _NAME.fullmatch(name):
        raise AssetError(f"{name!r} cannot be part of an address. Use letters, digits, '-', '_', '.' and '/'.")
    with _lock:
        known = _versions.get(name, {}).get(digest[:16])
        _shown_to(name, digest[:16], sight)
    if known is not None and known.media_type == media_type:
        return known.url
    return _keep(_packed(name, content, media_type, digest=digest, version=digest[:16]), keep=keep).url


def register_family(
    name: str,
    version: str,
    make: Callable[[str], bytes | None],
    media_type: str,
    *,
    sight: str | None = None,
) -> str:
    """Serve what ``make`` gives for each part of a family, made when it is asked for; the address to put ``/part`` to.

    ``make`` gets a part's name without its ending and answers ``None`` for one that does not exist (any more).
    ``version`` (hex digits) must tell everything that the parts depend on, since browsers keep them for good.
    ``KEPT_FAMILIES`` versions of a name stay reachable. ``sight`` as for ``register``.
    """
    if not _NAME.fullmatch(name) or not _VERSION.fullmatch(version):
        raise AssetError(f"{name!r}, {version!r} cannot be part of an address. Use letters, digits, '-', '_'.")
    with _lock:
        others = [(old, made) for old, made in _families.get(name, {}).items() if old != version]
        _families[name] = dict([*others, (version, (make, media_type))][-KEPT_FAMILIES:])
        _shown_to(name, version, sight)
        _forget_sights(name, _families[name])
    return f"{PREFIX}/{version}/{name}"


def asset(name: str) -> Asset:
    """The newest file registered as ``name``; Leaflet's are ``leaflet/leaflet.js`` and so on.

    Raises
    ------
    AssetError
        nothing is registered under that name, or the package that carries Leaflet is not installed.
    """
    if name.startswith("leaflet/"):
        _load_leaflet()
    with _lock:
        versions = _versions.get(name)
        if not versions:
            raise AssetError(f"No file is registered as {name!r}. Call register() before asking for its address.")
        return next(reversed(versions.values()))


def asset_url(name: str) -> str:
    """The address of ``asset(name)``, for example ``/aset/0f1e2d3c4b5a6978/leaflet/leaflet.js``."""
    return asset(name).url


def find(version: str, name: str) -> Asset | None:
    """The file behind an address, ``None`` when there is none (or no longer)."""
    if name.startswith("leaflet/"):
        _load_leaflet()
    with _lock:
        found = _versions.get(name, {}).get(version)
        family, _, part = name.rpartition("/")
        make, media_type = _families.get(family, {}).get(version, (None, ""))
    if found is not None or make is None:
        return found
    content = make(part.rpartition(".")[0])
    if content is None:
        return None
    return _packed(name, content, media_type, digest=sha256(content).hexdigest(), version=version)


def sights(version: str, name: str) -> frozenset[str | None]:
    """For which sights the file behind an address was made, ``None`` among them for everybody who is signed in.

    Empty where nothing lies there.
    """
    if name.startswith("leaflet/"):
        _load_leaflet()
    with _lock:
        family = name.rpartition("/")[0]
        return frozenset(_sights.get((name, version)) or _sights.get((family, version)) or ())


def _shown_to(name: str, version: str, sight: str | None) -> None:
    _sights.setdefault((name, version), set()).add(sight)


def _forget_sights(name: str, kept: Mapping[str, object]) -> None:
    for gone in [key for key in _sights if key[0] == name and key[1] not in kept]:
        del _sights[gone]


def _load_leaflet() -> None:
    """Register Leaflet's files once, all under one version: its style sheet names its images relatively."""
    with _lock:
        if "leaflet/leaflet.js" in _versions:
            return
        try:
            folder = files("xstatic.pkg.leaflet") / "data"
            contents = {name: (folder / name).read_bytes() for name, _ in LEAFLET}
        except (ModuleNotFoundError, FileNotFoundError) as error:
            raise AssetError("Leaflet is missing. Install the package XStatic-Leaflet of requirements.txt.") from error
        digests = {name: sha256(content).hexdigest() for name, content in contents.items()}
        family = sha256("".join(f"{name} {digest}\n" for name, digest in digests.items()).encode()).hexdigest()[:16]
        for name, media_type in LEAFLET:
            packed = _packed(f"leaflet/{name}", contents[name], media_type, digest=digests[name], version=family)
            _shown_to(packed.name, family, OPEN)
            _keep(packed)


def _packed(name: str, content: bytes, media_type: str, *, digest: str, version: str) -> Asset:
    gzipped = None
    if media_type not in _COMPRESSED_ALREADY:
        smaller = gzip.compress(content, compresslevel=6, mtime=0)
        gzipped = smaller if len(smaller) < len(content) else None
    return Asset(name, content, media_type, digest, version, gzipped)


def _keep(new: Asset, *, keep: int = KEPT_VERSIONS) -> Asset:
    with _lock:
        others = [old for version, old in _versions.get(new.name, {}).items() if version != new.version]
        _versions[new.name] = {kept.version: kept for kept in [*others, new][-keep:]}
        _forget_sights(new.name, _versions[new.name])
    return new
