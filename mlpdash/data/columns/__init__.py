"""What a column is: its kind, its unit, the form its text has."""
