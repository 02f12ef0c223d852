"""Files served from here: addressed by content, found again, never someone else's."""

from __future__ import annotations

import gzip
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from geo import offline


def test_the_same_bytes_keep_their_address_and_others_get_another() -> None:
    first = offline.register("a/one.json", b"{}", "application/json")
    assert offline.register("a/one.json", b"{}", "application/json") == first
    second = offline.register("a/one.json", b"[]", "application/json")
    assert second != first
    assert offline.asset_url("a/one.json") == second


def test_an_older_version_stays_reachable_until_three_newer_exist() -> None:
    urls = [offline.register("a/turn.json", f"{n}".encode(), "application/json") for n in range(4)]
    versions = [url.split("/")[2] for url in urls]
    assert offline.find(versions[0], "a/turn.json") is None
    assert [offline.find(version, "a/turn.json").content for version in versions[1:]] == [b"1", b"2", b"3"]  # type: ignore[union-attr]


def test_text_is_packed_once_and_pictures_are_not() -> None:
    offline.register("a/long.json", b"[" + b"0," * 999 + b"0]", "application/json")
    packed = offline.asset("a/long.json")
    assert packed.gzipped is not None
    assert gzip.decompress(packed.gzipped) == packed.content
    assert offline.asset("leaflet/images/layers.png").gzipped is None


def test_leaflets_style_sheet_finds_its_pictures_by_relative_addresses() -> None:
    sheet = offline.asset("leaflet/leaflet.css")
    assert b"url(images/layers.png)" in sheet.content
    assert offline.find(sheet.version, "leaflet/images/layers.png") is not None


def test_nothing_but_the_named_files_of_the_package_is_served() -> None:
    with pytest.raises(offline.AssetError, match=r"leaflet-src\.js"):
        offline.asset("leaflet/leaflet-src.js")


@pytest.mark.parametrize("name", ["", "/a", "a/", "../a", "a/../b", "a//b", ".a", "a b", "a?b", "a%2fb", "a\n"])
def test_a_name_that_is_no_plain_address_is_refused(name: str) -> None:
    with pytest.raises(offline.AssetError):
        offline.register(name, b"x", "text/plain")


def test_many_threads_register_without_losing_a_file() -> None:
    barrier = threading.Barrier(8)

    def add(n: int) -> str:
        barrier.wait()
        return offline.register(f"t/{n}.json", f"{n}".encode(), "application/json")

    with ThreadPoolExecutor(8) as pool:
        urls = list(pool.map(add, range(8)))
    assert urls == [offline.asset_url(f"t/{n}.json") for n in range(8)]


def test_a_family_s_parts_are_made_when_they_are_asked_for() -> None:
    asked: list[str] = []

    def make(part: str) -> bytes | None:
        asked.append(part)
        return part.encode() * 50 if part != "9" else None

    address = offline.register_family("bagian", "0123456789abcdef", make, "application/json")
    assert (address, asked) == ("/aset/0123456789abcdef/bagian", [])
    found = offline.find("0123456789abcdef", "bagian/3.json")
    assert found is not None
    assert (found.content, found.media_type, asked) == (b"3" * 50, "application/json", ["3"])
    assert found.gzipped is not None
    assert offline.find("0123456789abcdef", "bagian/9.json") is None
    assert offline.find("0123456789abcdee", "bagian/3.json") is None


def test_an_older_version_of_a_family_stays_until_many_newer_exist() -> None:
    for number in range(offline.KEPT_FAMILIES + 1):
        offline.register_family("banyak", f"{number:016x}", lambda part: part.encode(), "text/plain")
    assert offline.find(f"{0:016x}", "banyak/1.txt") is None
    assert offline.find(f"{1:016x}", "banyak/1.txt") is not None


@pytest.mark.parametrize(("name", "version"), [("../x", "0123456789abcdef"), ("x", "../../etc"), ("x", "kunci")])
def test_a_family_that_is_no_plain_address_is_refused(name: str, version: str) -> None:
    with pytest.raises(offline.AssetError, match="cannot be part of an address"):
        offline.register_family(name, version, lambda part: part.encode(), "text/plain")
