"""The bytes of a file -> a table of columns."""
