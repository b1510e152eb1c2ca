"""The laboratory: a page on which the drawing and the network are perturbed."""
