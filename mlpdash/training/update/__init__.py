"""One step: losses, gradients, optimisers, schedules, clipping."""
