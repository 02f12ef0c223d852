"""Hold what a person sees; the only folder, besides ``app.py``, that imports streamlit."""
