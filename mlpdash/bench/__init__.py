"""How fast and how good, beside other libraries: `python -m mlpdash bench`."""
