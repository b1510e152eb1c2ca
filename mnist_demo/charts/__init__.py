"""Figures and pictures as plain values: for plotly.js, for paper, as PNG."""
