"""The one training loop: batches, steps, scores, patience, and the state between two steps."""
