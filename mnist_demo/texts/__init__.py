"""Every word and number format the app shows, one catalogue a language."""
