"""Show a ``folium.Marker`` with a popup for each site over the provinces, as most do it."""

import json

import folium
import streamlit as st
from streamlit_folium import st_folium

from tests.bench.arms import records

st.set_page_config(layout="wide")
chosen = records.filtered()
page = folium.Map(location=(-5.5, 114.5), zoom_start=5, tiles=None)
page.default_js = [("leaflet", "/berkas/leaflet.js"), ("popup", "/berkas/popup.js")]
page.default_css = [("leaflet_css", "/berkas/leaflet.css")]
folium.GeoJson(json.loads((records.folder() / "provinces.json").read_bytes()), name="Provinsi").add_to(page)
for name, lat, lon in zip(chosen["name"], chosen["lat"], chosen["lon"], strict=True):
    folium.Marker((lat, lon), popup=folium.Popup(f"<b>{name}</b>", max_width=250)).add_to(page)
st_folium(page, use_container_width=True, height=730)
