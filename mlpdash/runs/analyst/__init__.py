"""The process that opens a finished run: it judges, explains, predicts and exports."""
