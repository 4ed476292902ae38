"""The figures of a net at rest."""
