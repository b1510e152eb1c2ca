"""The Streamlit pages, one folder a page."""
