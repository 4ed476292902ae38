"""A trained net and rows -> numbers, sentences and files."""
