"""Hostile and unusual text through the one escaping module."""

from __future__ import annotations

import html
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.drawing.escape import html_text, js_string, js_value, plain_text, xml_text

ATTACKS = (
    "<script>alert(1)</script>",
    "${alert(1)}",
    "`+alert(1)+`",
    '" onmouseover="alert(1)',
    "' onmouseover='alert(1)",
    "</script><script>alert(1)</script>",
    "%{customdata}",
    "\\u003cscript\\u003e",
    "{{7*7}}",
    "<!--",
    "]]>",
)
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"

anything = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_leaves_no_sign_that_html_or_a_template_literal_reads(attack: str) -> None:
    assert not set("<>\"'`$\\{}") & set(html_text(attack))


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_shown_to_the_reader_as_it_was_typed(attack: str) -> None:
    assert html.unescape(html_text(attack)) == attack


@given(anything)
def test_html_shows_the_cleaned_text_and_holds_no_dangerous_sign(text: str) -> None:
    escaped = html_text(text)
    assert html.unescape(escaped) == plain_text(text)
    assert not set("<>\"'`$\\{}") & set(escaped)


@given(anything)
def test_a_javascript_literal_reads_back_and_ends_nothing_early(text: str) -> None:
    literal = js_string(text)
    assert json.loads(literal) == plain_text(text)
    assert literal.isascii()
    assert not set("<>&'`$\u2028\u2029") & set(literal)


@given(anything)
def test_xml_is_accepted_by_a_parser_and_reads_back(text: str) -> None:
    from xml.etree import ElementTree

    element = ElementTree.fromstring(f'<n a="{xml_text(text)}">{xml_text(text)}</n>')
    assert (element.text or "") == plain_text(text)
    assert element.get("a") == plain_text(text)


@given(anything)
def test_svg_accepts_what_html_escaping_gives(text: str) -> None:
    from xml.etree import ElementTree

    assert (ElementTree.fromstring(f"<title>{html_text(text)}</title>").text or "") == plain_text(text)


@given(anything)
def test_cleaned_text_has_no_control_sign_and_cleaning_twice_changes_nothing(text: str) -> None:
    cleaned = plain_text(text)
    assert not {unicodedata.category(sign) for sign in cleaned} & {"Cc", "Cs", "Zl", "Zp"}
    assert plain_text(cleaned) == cleaned


@given(st.text(st.sampled_from(BIDI + "ab"), min_size=1))
def test_marks_that_turn_the_direction_of_writing_are_gone_everywhere(text: str) -> None:
    for form in (plain_text(text), html_text(text), xml_text(text), json.loads(js_string(text))):
        assert form == "".join(sign for sign in text if sign in "ab")


def test_letters_of_any_script_stay_as_they_are() -> None:
    assert html_text("Désa Łódź العربية 日本 ✓") == "Désa Łódź العربية 日本 ✓"


def test_a_line_break_becomes_a_space() -> None:
    assert plain_text("Desa\r\nSuka\u2028Maju") == "Desa  Suka Maju"


def test_nothing_is_the_empty_text_and_a_number_is_its_digits() -> None:
    assert html_text(None) == ""
    assert html_text(0) == "0"
    assert js_string(None) == '""'


def test_a_whole_value_is_made_safe_in_keys_and_values() -> None:
    value = {"<b>": ["</script>", 1.5, None, True], "nested": {"name": "${x}\u202e"}}
    literal = js_value(value)
    assert not set("<>&'`$") & set(literal)
    assert json.loads(literal) == {"<b>": ["</script>", 1.5, None, True], "nested": {"name": "${x}"}}


def test_a_value_that_json_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        js_value([float("nan")])
    with pytest.raises(TypeError):
        js_value(object())
