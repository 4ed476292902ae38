"""Numbers -> plotly figures; nothing here knows nets, tables or Streamlit."""
