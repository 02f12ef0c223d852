"""Hand the rival screens the sites that the benchmark wrote, and their one filter."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import streamlit as st


@st.cache_data(max_entries=1)
def sites() -> pd.DataFrame:
    """All sites: programme, name, lon, lat; read once for the life of the server."""
    return pd.read_parquet(folder() / "sites.parquet")


def folder() -> Path:
    """Where the benchmark put ``sites.parquet`` and ``provinces.json``."""
    return Path(os.environ["BENCH_SITES"])


def filtered() -> pd.DataFrame:
    """The sites, or with the toggle on those of the first half of the programmes in the order of their codes."""
    half = st.toggle("Separuh program", key="separuh")
    every = sites()
    programmes = sorted(every["programme"].unique())
    return every[every["programme"].isin(programmes[: len(programmes) // 2])] if half else every
