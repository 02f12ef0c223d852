"""Show the sites with ``st.map``; without a network it has no ground map and no provinces."""

import streamlit as st

from tests.bench.arms import records

st.set_page_config(layout="wide")
st.map(records.filtered(), latitude="lat", longitude="lon", height=730)
