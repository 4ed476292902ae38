"""Which device and how many threads train a net fastest."""
