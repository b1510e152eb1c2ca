"""The class on this server: its one service, what it answers over HTTP, and the page for phones."""
