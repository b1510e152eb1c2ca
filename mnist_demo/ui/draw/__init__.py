"""The first page: the canvas, and what the network answers."""
