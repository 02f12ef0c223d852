"""Show the sites as a pydeck ScatterplotLayer over the provinces, which the browser fetches once as a file."""

import pydeck
import streamlit as st

from tests.bench.arms import records

st.set_page_config(layout="wide")
provinces = pydeck.Layer(
    "GeoJsonLayer", "/berkas/provinces.json", get_fill_color=[216, 232, 230], get_line_color=[90, 110, 110],
    line_width_min_pixels=1,
)  # fmt: skip
points = pydeck.Layer(
    "ScatterplotLayer", records.filtered()[["lon", "lat", "name"]], get_position="[lon, lat]",
    get_fill_color=[15, 92, 99], radius_min_pixels=5, pickable=True,
)  # fmt: skip
view = pydeck.ViewState(longitude=114.5, latitude=-5.5, zoom=4)
st.pydeck_chart(
    pydeck.Deck(layers=[provinces, points], initial_view_state=view, map_provider=None, tooltip={"text": "{name}"}),
    height=730,
)
