"""The pages and panels: the only package that imports Streamlit."""
