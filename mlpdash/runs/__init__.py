"""Runs: on disk, in the processes that train and judge them, and what these say to each other."""
