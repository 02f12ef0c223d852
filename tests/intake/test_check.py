"""What a check finds in a table, row by row, and what it would hand to the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.intake import check as check_module
from geo.intake import reading, references, rules
from geo.intake.cells import Level
from geo.intake.check import Given, check
from geo.intake.headings import recognise
from geo.intake.kinds import Kind
from geo.intake.reading import Circumstances
from geo.intake.tables import find_table
from geo.intake.verdicts import CellFinding, Checked, Verdict
from geo.locale import translator
from geo.programmes import load_programmes
from geo.store.schema import canonical_columns

ON = date(2026, 11, 2)
AT = datetime(2026, 11, 2, 3, tzinfo=UTC)


def stored(**tables: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The store's tables as a check takes them: two sites, an action, two institutions, and what is given."""
    known: dict[str, pd.DataFrame] = {
        "institutions": pd.DataFrame({"code": ["KEMENSOS", "PEMDA-35"], "name": ["Kementerian Contoh", "Pemprov"]}),
        "sites": pd.DataFrame(
            {
                "code": ["KTN-1", "KOP-2"],
                "name": ["Kawasan Contoh Satu", "Koperasi Contoh Dua"],
                "programme": ["ktn", "koperasi"],
                "region_code": ["35.07", "33.10"],
                "lon": [112.6, 110.6],
                "lat": [-8.1, -7.7],
                "location_precision": ["exact", "exact"],
                "contract_value": pd.array([1_000_000_000, None], dtype="Int64"),
            }
        ),
        "actions": pd.DataFrame(
            {"code": ["RA-1"], "title": ["Pelatihan Contoh"], "budget": pd.array([5_000_000], dtype="Int64")}
        ),
        "reports": pd.DataFrame(
            {
                "site_code": ["KTN-1"],
                "as_of": pd.to_datetime(["2026-08-31"]),
                "recorded_at": pd.to_datetime(["2026-09-01T00:00Z"]),
                "percent": [60.0],
            }
        ),
    }
    return {**known, **tables}


def checked(
    kind: Kind,
    headings: Sequence[str],
    *rows: Sequence[Any],
    given: Given | None = None,
    located: bool = False,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> Checked:
    """The check of a sheet whose headings stand in row 1."""
    cells = pd.DataFrame([list(headings), *map(list, rows)], dtype=object)
    numbers = np.arange(1, len(cells) + 1)
    table = find_table(cells, numbers, np.arange(1, len(headings) + 1), kind=kind)
    found = recognise(table, kind, located=located)
    against = Circumstances(ON, AT, load_programmes(), (tables or stored())["institutions"])
    return check(table, found, tables or stored(), against, given=given)


def codes(found: Checked, row: int, *, level: Level | None = None) -> list[str]:
    return [one.finding.code for one in found.findings if one.row == row and level in (None, one.level)]


def only(found: Checked, code: str) -> CellFinding:
    (one,) = [one for one in found.findings if one.finding.code == code]
    return one


REPORT = ("Kode Lokasi", "Tanggal Laporan", "Realisasi Fisik (%)", "Realisasi Keuangan (Rp)", "Catatan")
SITE = ("Kode Lokasi", "Program", "Nama Lokasi", "Kab/Kota", "Lintang", "Bujur", "Nilai Kontrak (Rp juta)")
PLAN = ("Kode Lokasi", "Tanggal", "Rencana Fisik (%)")


def test_clean_rows_come_out_in_the_dtypes_of_the_store() -> None:
    found = checked("reports", REPORT, ["KTN-1", "31/10/2026", "72,5%", "1.250.000", "Atap"])
    (row,) = found.rows.to_dict("records")
    assert row == {
        "site_code": "KTN-1", "as_of": pd.Timestamp("2026-10-31"), "percent": 72.5, "spend": 1_250_000, "note": "Atap",
    }  # fmt: skip
    assert str(found.rows["spend"].dtype) == "Int64"
    assert found.verdicts == {2: Verdict.ACCEPTED}
    assert list(found.rows.columns) == [name for name in canonical_columns("reports") if name in found.rows]


def test_rows_of_the_file_are_the_sum_of_accepted_flagged_and_refused() -> None:
    found = checked(
        "reports",
        REPORT,
        ["KTN-1", "30/09/2026", 70, 1, "a"],
        ["KTN-1", "31/12/2026", 80, 2, "lies ahead"],
        ["KTN-1", "31/10/2026", 120, 3, "too much"],
        ["TIDAK ADA", "31/10/2026", 10, 3, "unknown"],
    )
    assert [found.count(verdict) for verdict in Verdict] == [1, 1, 2]
    assert found.file_rows.tolist() == [2, 3]
    assert set(found.verdicts) == {2, 3, 4, 5}


def test_a_finding_names_row_column_value_and_proposal() -> None:
    found = checked("reports", REPORT, ["KTN-1", "03/04/26", 10, None, "x"])
    one = only(found, "date.two_digit_year")
    assert (one.row, one.column, one.name, one.value, one.level) == (2, 2, "as_of", "03/04/26", Level.ASKED)
    assert one.finding.proposal == "2026-04-03"
    assert found.count(Verdict.REFUSED) == 1


def test_an_answer_stands_in_place_of_the_cell() -> None:
    given = Given(answers={(2, 2): "2026-04-03"})
    found = checked("reports", REPORT, ["KTN-1", "03/04/26", 10, None, "x"], given=given)
    assert found.rows["as_of"].tolist() == [pd.Timestamp("2026-04-03")]
    assert found.count(Verdict.REFUSED) == 0


def test_a_missing_required_cell_is_refused_once() -> None:
    found = checked("reports", REPORT, [None, "31/10/2026", 10, None, "x"], ["KTN-1", "nanti saja", 10, None, "x"])
    assert codes(found, 2) == ["row.required"]
    assert "row.required" not in codes(found, 3)


def test_a_report_that_says_nothing_is_refused() -> None:
    found = checked("reports", REPORT, ["KTN-1", "31/10/2026", None, "-", None])
    assert "row.says_nothing" in codes(found, 2, level=Level.REFUSED)


def test_the_same_row_twice_is_taken_once_and_a_contradiction_not_at_all() -> None:
    found = checked(
        "reports",
        REPORT,
        ["KTN-1", "30/09/2026", 70, 1, "a"],
        ["KTN-1", "30/09/2026", 70, 1, "a"],
        ["KOP-2", "30/09/2026", 70, 1, "a"],
        ["KOP-2", "30/09/2026", 71, 1, "a"],
    )
    assert found.file_rows.tolist() == [2]
    assert codes(found, 3) == ["row.twice_same"]
    assert [only_row.finding.told["rows"] for only_row in found.findings if only_row.finding.code == "row.twice"] == [
        "4, 5", "4, 5",
    ]  # fmt: skip
    assert [found.count(verdict) for verdict in Verdict] == [1, 1, 2]


def test_progress_that_falls_is_flagged_against_the_file_and_the_store() -> None:
    found = checked(
        "reports",
        REPORT,
        ["KTN-1", "30/09/2026", 55, None, "below the stored 60"],
        ["KTN-1", "31/10/2026", 70, None, "x"],
        ["KTN-1", "01/11/2026", 69, None, "below the 70 of this file"],
    )
    told = {one.row: dict(one.finding.told) for one in found.findings if one.finding.code == "progress.falls"}
    assert told == {2: {"before": "60.0", "day": "2026-08-31"}, 4: {"before": "70.0", "day": "2026-10-31"}}
    assert found.count(Verdict.FLAGGED) == 2


def test_a_correction_of_the_same_day_is_no_fall() -> None:
    found = checked("reports", REPORT, ["KTN-1", "31/08/2026", 50, None, "corrected"])
    assert codes(found, 2) == []


def test_spending_above_the_contract_is_flagged() -> None:
    found = checked("reports", REPORT, ["KTN-1", "31/10/2026", 70, "Rp 1,2 M", "x"])
    assert only(found, "money.above").finding.told == {"limit": "1000000000"}


@pytest.mark.parametrize(
    ("percents", "expected"),
    [([40, 100], []), ([40, 90], ["plan.unfinished"]), ([60, 40, 100], ["plan.falls"])],
    ids=["whole", "does not end at 100", "falls"],
)
def test_a_plan_is_taken_whole_or_not_at_all(percents: list[int], expected: list[str]) -> None:
    rows = [["KTN-1", f"{28}/0{month}/2027", percent] for month, percent in enumerate(percents, start=1)]
    found = checked("plans", PLAN, *rows)
    refused = [one.finding.code for one in found.findings if one.level is Level.REFUSED]
    assert [code for code in refused if code != "plan.torn"] == expected
    assert len(found.rows) == (0 if expected else len(percents))


def test_a_refused_row_takes_the_plan_of_its_site_along_and_no_other() -> None:
    found = checked(
        "plans",
        PLAN,
        ["KTN-1", "31/01/2027", 40],
        ["KTN-1", "31/02/2027", 60],
        ["KTN-1", "31/03/2027", 100],
        ["KOP-2", "31/03/2027", 100],
    )
    assert found.rows["site_code"].tolist() == ["KOP-2"]
    assert codes(found, 2) == ["plan.torn"]


def test_a_plan_by_month_gives_a_row_for_each_month() -> None:
    headings = ("Kode Lokasi", "Jan 2027", "Feb 2027", "Mar 2027")
    found = checked("plans", headings, ["KTN-1", 20, 60, 100], ["KOP-2", None, None, None])
    assert found.rows["as_of"].dt.strftime("%Y-%m-%d").tolist() == ["2027-01-31", "2027-02-28", "2027-03-31"]
    assert found.rows["percent"].tolist() == [20.0, 60.0, 100.0]
    assert found.verdicts == {2: Verdict.ACCEPTED, 3: Verdict.FLAGGED}
    assert codes(found, 3) == ["row.no_figures"]


def test_a_new_site_is_read_from_names_and_swapped_coordinates() -> None:
    found = checked("sites", SITE, ["KTN-9", "KTN", "Kawasan Baru", "Kab. Malang", "112,5678", "-8,1234", "1.250"])
    (row,) = found.rows.to_dict("records")
    assert (row["programme"], row["region_code"], row["lon"], row["lat"]) == ("ktn", "35.07", 112.5678, -8.1234)
    assert (row["contract_value"], row["location_precision"]) == (1_250_000_000, "exact")
    assert "place.swapped" in codes(found, 2, level=Level.NOTED)
    assert found.places.to_dict("records") == [{"row": 2, "lon": 112.5678, "lat": -8.1234, "verdict": "accepted"}]


def test_a_region_is_taken_from_the_point_where_none_is_stated() -> None:
    found = checked("sites", SITE, ["KTN-9", "KTN", "Kawasan Baru", None, "-8,1234", "112,5678", 5])
    assert found.rows["region_code"].tolist() == ["35.07"]
    assert "region.from_point" in codes(found, 2, level=Level.FLAGGED)


def test_a_site_that_may_be_known_under_another_code_is_flagged() -> None:
    found = checked(
        "sites",
        SITE,
        ["KTN-8", "KTN", "kawasan  contoh satu", "35.07", "-8,2000", "112,7000", 5],
        ["KTN-9", "KTN", "Lain", "35.07", "-8,10001", "112,60001", 5],
        ["KTN-1", "KTN", "Kawasan Contoh Satu", "35.07", "-8,10000", "112,60000", 5],
    )
    assert "site.same_name" in codes(found, 2)
    assert "site.near" in codes(found, 3)
    assert not {"site.same_name", "site.near"} & set(codes(found, 4))


def test_the_shape_of_a_row_gives_its_point_and_its_outline() -> None:
    area = shapely.box(112.60, -8.12, 112.62, -8.10)
    headings = ("Kode Lokasi", "Program", "Nama Lokasi", "Kode Wilayah")
    found = checked(
        "sites", headings, ["KTN-9", "ktn", "Kawasan Baru", "35.07"], given=Given(shapes={2: area}), located=True
    )
    (row,) = found.rows.to_dict("records")
    assert area.contains(shapely.Point(row["lon"], row["lat"]))
    assert row["footprint"].equals(area)


def test_a_formula_without_its_result_is_refused_and_not_taken_for_empty() -> None:
    given = Given(uncomputed=frozenset({(2, 3)}))
    found = checked("reports", REPORT, ["KTN-1", "31/10/2026", None, None, "x"], given=given)
    assert only(found, "cell.uncomputed").column == 3
    assert found.count(Verdict.REFUSED) == 1


def test_a_site_is_found_by_its_name_and_a_misspelt_one_is_asked() -> None:
    headings = ("Nama Lokasi", "Tanggal Laporan", "Realisasi Fisik (%)")
    found = checked(
        "reports", headings, ["Kawasan Contoh Satu", "31/10/2026", 70], ["Kawasan Conto Satu", "31/10/2026", 70]
    )
    assert found.rows["site_code"].tolist() == ["KTN-1"]
    one = only(found, "reference.near_sites")
    assert (one.row, one.level, one.finding.proposal) == (3, Level.ASKED, "KTN-1")


def test_months_become_their_last_day() -> None:
    headings = ("Kode Lokasi", "Bulan", "Tahun", "Realisasi Fisik (%)")
    found = checked("reports", headings, ["KTN-1", "TW III", 2026, 70], ["KTN-1", "Oktober", 2026, 75])
    assert found.rows["as_of"].dt.strftime("%Y-%m-%d").tolist() == ["2026-09-30", "2026-10-31"]


def test_nothing_given_is_altered() -> None:
    tables = stored()
    before = {name: table.copy() for name, table in tables.items()}
    checked("reports", REPORT, ["KTN-1", "31/10/2026", 70, 1, "x"], tables=tables)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, before[name])


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_message_can_be_said(language: Any) -> None:
    t = translator(language)
    told = {
        "heading": "A", "headings": "A, B", "rows": "2, 3", "row": "2", "day": "2026-04-03", "before": "60.0",
        "percent": "90.0", "limit": "5", "code": "KTN-1", "choices": "KTN-1", "low": "0", "high": "9",
    }  # fmt: skip
    for module in (check_module, reading, references, rules):
        for code, say in module.MESSAGES.items():
            wrong, remedy = say(t, told)
            assert wrong.endswith((".", "?")), code
            assert remedy == "" or remedy.endswith("."), code
