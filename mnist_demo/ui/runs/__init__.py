"""The page of the trained runs."""
