"""The trained network in NumPy, and everything one can ask of it."""
