"""The class on a server: its routes, the page for phones, and the page with which a teacher leads it."""
