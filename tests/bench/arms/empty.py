"""Show one toggle and its value: the least that a Streamlit page can do, and the floor of the benchmark."""

import streamlit as st

half = st.toggle("Separuh program", key="separuh")
st.text(f"Nilai {int(half)}")
