"""A run as a PyTorch script that trains the same net without this package."""
