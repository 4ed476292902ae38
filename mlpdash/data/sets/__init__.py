"""The built-in sets: formulas, shipped files and downloads."""
