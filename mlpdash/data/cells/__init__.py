"""What the text of a cell says: numbers, dates, missing values."""
