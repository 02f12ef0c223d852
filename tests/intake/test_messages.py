"""The words of the intake's findings, all of its modules together."""

import pytest

from geo.intake.cells import Finding, Level
from geo.intake.messages import ALL_MESSAGES, SOURCES, sentences
from geo.locale import translator


def test_no_code_stands_in_two_modules() -> None:
    assert len(ALL_MESSAGES) == sum(len(source) for source in SOURCES)


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_finding_is_said_in_the_language_of_the_reader(language: str) -> None:
    wrong, remedy = sentences(translator(language), Finding(Level.REFUSED, "file.no_rows"))
    assert ("baris" in wrong) == (language == "id")
    assert remedy


def test_a_code_that_no_module_knows_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        sentences(translator("id"), Finding(Level.NOTED, "no.such"))
