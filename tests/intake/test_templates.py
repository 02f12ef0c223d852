"""Template workbooks: what they ask for is understood when they come back."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

import openpyxl
import pytest

from geo.intake.cells import Level
from geo.intake.guard import Limits
from geo.intake.headings import Reason
from geo.intake.kinds import Form, Kind, kind_columns
from geo.intake.layout import DATA, GUIDE, template_columns
from geo.intake.steps import Choices, Proposal, propose, read
from geo.intake.templates import examples, template_bytes
from geo.model import Language, RefusedError
from geo.programmes import load_programmes
from geo.store import Store, open_store
from tests.prepared import sample_store

KINDS = [kind for kind in get_args(Kind) if kind != "boundaries"]
LANGUAGES: list[Language] = ["id", "en"]
AT = datetime(2026, 11, 2, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with the sample, which no test changes."""
    file = sample_store(tmp_path_factory.mktemp("filled") / "store.db")
    store = open_store(f"sqlite:///{file}")
    yield store
    store.close()


def book_of(store: Store, kind: Kind, language: Language) -> Any:
    made = template_bytes(
        kind,
        language,
        programmes=load_programmes(),
        tables=store.tables("institutions", "sites", "actions"),
        sample=True,
    )
    return openpyxl.load_workbook(io.BytesIO(made))


def sent_back(book: Any, store: Store, folder: Path, kind: Kind | None) -> Proposal:
    file = folder / "isian.xlsx"
    book.save(file)
    source = read(file, name=file.name, limits=Limits())
    choices = Choices(kind=kind)
    return propose(source, store, load_programmes(), on=date(2026, 11, 2), at=AT, choices=choices)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_template_filled_with_its_examples_is_understood_column_by_column_and_can_be_taken(
    kind: Kind, language: Language, store: Store, tmp_path: Path
) -> None:
    book = book_of(store, kind, language)
    guide = book[GUIDE[language]]
    begin = next(row for row in range(1, guide.max_row) if guide.cell(row, 6).value) + 1
    for at, _ in enumerate(template_columns(kind), start=1):
        for row in (2, 3):
            book[DATA].cell(row, at, guide.cell(begin + at - 1, 4 + row).value)
    proposal = sent_back(book, store, tmp_path, None)
    assert proposal.found is not None
    assert proposal.found.kind == kind
    assert [one.column for one in proposal.found.matches] == [one.name for one in template_columns(kind)]
    assert {one.reason for one in proposal.found.matches} == {Reason.NAME}
    assert proposal.checked is not None
    assert list(proposal.checked.verdicts) == [2, 3]
    assert not [one for one in proposal.checked.findings if one.level is not Level.NOTED]
    assert not [one for one in proposal.told if one.level is not Level.NOTED]


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_template_is_refused_calmly_and_its_guide_is_not_taken_for_data(
    kind: Kind, store: Store, tmp_path: Path
) -> None:
    proposal = sent_back(book_of(store, kind, "id"), store, tmp_path, kind)
    assert proposal.checked is None
    assert proposal.at is not None
    assert proposal.source.sheets[proposal.at].name == DATA
    assert "file.no_rows" in [one.code for one in proposal.told]


@pytest.mark.parametrize("kind", KINDS)
def test_every_required_column_is_marked_and_every_closed_list_offers_its_words(kind: Kind, store: Store) -> None:
    sheet = book_of(store, kind, "id")[DATA]
    columns = template_columns(kind)
    assert [cell.value.endswith("*") for cell in sheet[1]] == [one.required for one in columns]
    assert {one.name for one in kind_columns(kind).columns if one.required} <= {one.name for one in columns}
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    for at, wanted in enumerate(columns, start=1):
        rule = rules[f"{sheet.cell(2, at).coordinate}"]
        assert rule.prompt.startswith(wanted.about.id[:100])
        if wanted.form is Form.CHOICE:
            assert (rule.type, rule.errorStyle) == ("list", "stop")


def test_a_drop_down_offers_the_words_of_its_language_and_the_codes_that_the_store_knows(store: Store) -> None:
    book = book_of(store, "reports", "id")
    lists = {name: defined.attr_text for name, defined in book.defined_names.items()}
    offered = {name: [row[0].value for row in book["daftar"][text.split("!")[1]]] for name, text in lists.items()}
    sites, stages = offered.values()
    assert sites == sorted(store.sites()["code"])
    assert "berjalan" in [stage.casefold() for stage in stages]
    assert book["daftar"].sheet_state == "veryHidden"


def test_an_example_day_is_a_day_and_an_example_sum_a_number(store: Store) -> None:
    first, _ = examples("reports", store.tables("sites"), load_programmes())
    assert isinstance(first["as_of"], date)
    assert isinstance(first["spend"], int)


def test_a_synthetic_sample_is_said_in_the_guide(store: Store) -> None:
    texts = [str(cell.value) for row in book_of(store, "reports", "en")["instructions"].iter_rows() for cell in row]
    assert any("SYNTHETIC SAMPLE" in text for text in texts)


def test_there_is_no_workbook_for_boundaries() -> None:
    with pytest.raises(RefusedError, match="regions replace"):
        template_bytes("boundaries", "id", programmes={}, tables={}, sample=False)
