"""The page that shows what goes on inside a network."""
