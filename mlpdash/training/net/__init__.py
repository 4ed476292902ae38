"""The net itself: layout of its weights, activations, sizes."""
