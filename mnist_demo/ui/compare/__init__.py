"""The page that compares runs and starts experiments."""
