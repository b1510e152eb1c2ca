"""The page on which drawing and network are perturbed."""
