"""The server's side of runs: which run has a process and a place, and who watches it."""
