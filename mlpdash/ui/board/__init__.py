"""The live board: what the page gives it, and its JavaScript in `static/`."""
