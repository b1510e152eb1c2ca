"""Who may come in, by which address, how often, and as whom: all that stands between a request and a page."""
