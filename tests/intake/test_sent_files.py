"""Every awkward file that an institution sends gets the verdict that it has to get, and changes nothing before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from geo.intake.guard import Limits
from geo.intake.messages import ALL_MESSAGES, sentences
from geo.intake.readers.source import RefusedFileError
from geo.intake.steps import Choices, Proposal, propose, read
from geo.intake.verdicts import Verdict
from geo.locale import translator
from geo.programmes import load_programmes
from geo.store import Store, open_store
from tests.intake import awkward
from tests.intake.sent import SENT, Sent
from tests.prepared import sample_store

AT = datetime(2026, 11, 2, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    file = sample_store(tmp_path_factory.mktemp("filled") / "store.db")
    store = open_store(f"sqlite:///{file}")
    yield store
    store.close()


def proposed(store: Store, file: Path, sent: Sent) -> Proposal:
    source = read(file, name=file.name, limits=Limits())
    return propose(source, store, load_programmes(), on=date(2026, 11, 2), at=AT, choices=Choices(kind=sent.kind))


def codes_of(proposal: Proposal) -> set[str]:
    checked = proposal.checked
    cells = [one.finding.code for one in checked.findings] if checked else []
    return {*(one.code for one in proposal.told), *cells}


@pytest.mark.parametrize("sent", SENT, ids=lambda sent: sent.file)
def test_every_file_that_is_sent_gets_its_verdict(sent: Sent, store: Store, tmp_path: Path) -> None:
    file = tmp_path / sent.file
    sent.write(file)
    versions = store.versions()
    if sent.refused:
        with pytest.raises(RefusedFileError) as refused:
            read(file, name=file.name, limits=Limits())
        assert sent.refused in [one.code for one in refused.value.findings]
        assert sent.secret not in str(refused.value)
        assert all(sent.secret not in text for one in refused.value.findings for text in one.told.values())
        return
    proposal = proposed(store, file, sent)
    codes = codes_of(proposal)
    assert set(sent.codes) <= codes
    assert not set(sent.never) & codes
    assert store.versions() == versions
    if proposal.checked is None:
        assert sent.rows is None
        assert not sent.values
        return
    checked = proposal.checked
    counts = [checked.count(verdict) for verdict in (Verdict.ACCEPTED, Verdict.FLAGGED, Verdict.REFUSED)]
    assert sum(counts) == len(checked.verdicts)
    if sent.rows is not None:
        assert tuple(counts) == sent.rows
    for name, wanted in sent.values.items():
        told = checked.rows[name].tolist()
        assert told == [pd.Timestamp(one) if isinstance(one, date) else pytest.approx(one, abs=1e-4)
                        if isinstance(one, float) else one for one in wanted]  # fmt: skip
    offered = [one.finding.proposal for one in checked.findings if one.finding.proposal]
    assert tuple(offered) == sent.proposals or not sent.proposals


@pytest.mark.parametrize("sent", [one for one in SENT if not one.refused], ids=lambda sent: sent.file)
def test_whatever_is_found_is_said_in_both_languages_with_its_cell(sent: Sent, store: Store, tmp_path: Path) -> None:
    file = tmp_path / sent.file
    sent.write(file)
    proposal = proposed(store, file, sent)
    found = [*proposal.told, *(one.finding for one in (proposal.checked.findings if proposal.checked else ()))]
    for finding in found:
        for language in ("id", "en"):
            wrong, _ = sentences(translator(language), finding)
            assert wrong
            assert "{" not in wrong
    for one in proposal.checked.findings if proposal.checked else ():
        assert one.row > 0
        assert one.column is None or one.name


def test_the_folder_holds_at_least_forty_files_with_names_of_their_own() -> None:
    assert len({one.file for one in SENT}) == len(SENT) >= 40
    assert len(SENT) + len(awkward.CASES) >= 160


def test_every_code_that_a_file_must_get_is_one_that_can_be_said() -> None:
    wanted = {code for one in SENT for code in (*one.codes, *one.never, *([one.refused] if one.refused else []))}
    assert wanted <= set(ALL_MESSAGES)
