"""A typed table -> split, features and targets as arrays, and back for new rows."""
