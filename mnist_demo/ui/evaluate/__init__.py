"""The page that evaluates a run on the test images."""
