"""The process that trains one run and draws its frames."""
