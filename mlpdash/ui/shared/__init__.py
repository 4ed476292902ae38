"""What several pages use: cached tables, uploads, downloads."""
