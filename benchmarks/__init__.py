"""Measurements, side by side in one call; no test depends on them."""
