"""What is said about a table before anything is trained on it."""
