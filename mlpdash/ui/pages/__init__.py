"""One file a page, which Streamlit runs."""
