"""Every text of the code stands in both catalogues, and nothing else does."""

from __future__ import annotations

import ast
import re
import string
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from geo.locale import CATALOGUES, DOMAIN
from geo.model import Language

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted([*(ROOT / "geo").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "app.py"])
LANGUAGES: tuple[Language, ...] = ("id", "en")
Key = str | tuple[str, str]

INDONESIAN_AS_ENGLISH = {
    "Administrator", "Atlas", "Atlas (PDF)", "Auditor", "Data", "Format", "Internal",
    "internal", "Kabupaten/kota", "Status",
    "Target", "administrator", "kabupaten/kota: {source}",
}  # fmt: skip
"""Words that are the same in both languages."""


def texts(value: ast.expr) -> list[str]:
    """The constants an argument can be: itself, or either side of a choice."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return [value.value]
    if isinstance(value, ast.IfExp):
        return [*texts(value.body), *texts(value.orelse)]
    return []


def is_translator(function: ast.expr) -> bool:
    """Whether a name or attribute called is a translator: ``t``, ``self`` in ``geo.locale``, ``now.t``, ``view.t``."""
    return (isinstance(function, ast.Name) and function.id in ("t", "translate")) or (
        isinstance(function, ast.Attribute) and function.attr == "t"
    )


@cache
def used() -> dict[Key, str]:
    """Every text in the code with the place it was first seen."""
    found: dict[Key, str] = {}
    for file in SOURCES:
        speaks = file == ROOT / "geo" / "locale" / "__init__.py"
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            place = f"{file.relative_to(ROOT)}:{node.lineno}"
            own = speaks and isinstance(node.func, ast.Name) and node.func.id == "self"
            if is_translator(node.func) or own:
                for text in texts(node.args[0]):
                    found.setdefault(text, place)
            elif isinstance(node.func, ast.Attribute) and node.func.attr == "plural":
                for one in texts(node.args[0]):
                    found.setdefault((one, *texts(node.args[1])), place)  # type: ignore[arg-type]  # a pair by design
    return found


@cache
def catalogue(language: Language) -> dict[Key, Message]:
    file = CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    with file.open("rb") as source:
        return {message.id: message for message in read_po(source, locale=language) if message.id}


def strings(value: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_texts_are_found_in_the_code_inside_format_strings_and_plurals_too() -> None:
    assert {"Critical", "points", "As of"} <= used().keys()
    assert ("{n} day", "{n} days") in used()
    assert len(used()) > 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_code_stands_in_the_catalogue(language: Language) -> None:
    missing = {text: place for text, place in used().items() if text not in catalogue(language)}
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_left_over_in_the_catalogue(language: Language) -> None:
    assert not set(catalogue(language)) - set(used())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_in_every_form_and_none_is_uncertain(language: Language) -> None:
    for message in catalogue(language).values():
        assert all(form.strip() for form in strings(message.string)), message.id
        assert not message.fuzzy, message.id


def test_both_catalogues_hold_the_same_texts() -> None:
    assert catalogue("id").keys() == catalogue("en").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_the_same_in_the_text_and_in_its_translation(language: Language) -> None:
    for message in catalogue(language).values():
        wanted = set().union(*(fields(form) for form in strings(message.id)))
        for form in strings(message.string):
            assert fields(form) == wanted, message.id


def test_the_english_catalogue_says_what_the_code_says() -> None:
    for key, message in catalogue("en").items():
        assert strings(message.string) == strings(key)


def test_an_indonesian_text_differs_from_the_english_unless_it_is_a_name_or_the_same_word() -> None:
    same = {
        text
        for key, message in catalogue("id").items()
        for text, form in zip(strings(key), strings(message.string), strict=False)
        if text == form and re.search(r"[a-z]{3}", re.sub(r"\{.*?\}", "", text))
    }
    assert same <= INDONESIAN_AS_ENGLISH, same - INDONESIAN_AS_ENGLISH


def test_money_and_ages_are_written_out_in_the_words_of_the_conventions() -> None:
    words = {"million": "juta", "billion": "miliar", "trillion": "triliun", "points": "poin"}
    assert {text: catalogue("id")[text].string for text in words} == words
