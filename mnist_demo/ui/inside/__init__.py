"""The page of what goes on inside a network."""
