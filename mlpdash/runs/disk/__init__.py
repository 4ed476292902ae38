"""The folder of a run: record, history, snapshots, reports."""
