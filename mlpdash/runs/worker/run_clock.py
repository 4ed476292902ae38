"""The time of a run: how long it has trained, how fast, and how long its worker had for itself."""

from __future__ import annotations

import time
from collections import deque
from typing import Final

RATE_SECONDS: Final = 1.0  # steps per second are taken over this time


class RunClock:
    """Count the time of a run, and the steps of the last second.

    Attributes
    ----------
    seconds : spent in training and in waiting for the pace, over all of the run's workers
    waited : seconds that this worker waited, for the pace or with nothing to do
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.waited = 0.0
        self._began = self.own_time()
        self._steps: deque[tuple[float, int]] = deque()  # (time, step), the oldest first

    def own_time(self) -> float:
        """Return this worker's own time: while it had the processor, or chose to wait.

        On a busy machine a frame takes long on the wall's clock; that is not the frame's doing.
        """
        return time.thread_time() + self.waited

    def own_seconds(self) -> float:
        """Return how much of its own time this worker has had."""
        return self.own_time() - self._began

    def add_steps(self, now: float, step: int) -> None:
        """Note that `step` was reached at the time `now`, for the speed."""
        self._steps.append((now, step))
        while now - self._steps[0][0] > RATE_SECONDS and len(self._steps) > 2:
            self._steps.popleft()

    def forget_speed(self) -> None:
        """Forget the speed of before a pause."""
        self._steps.clear()

    def steps_per_second(self, step: int) -> float:
        """Return the speed over the last second of training, or over all `step` steps."""
        if len(self._steps) < 2:
            return step / self.seconds if self.seconds else 0.0
        (began, first), (ended, last) = self._steps[0], self._steps[-1]
        return (last - first) / max(ended - began, 1e-9)
