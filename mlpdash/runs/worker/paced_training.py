"""Training in short slices, between which messages are read, and no faster than a pace allows."""

from __future__ import annotations

import time
from typing import Final

from mlpdash.runs.disk.store import State
from mlpdash.runs.messages.message import SECONDS_PER_EPOCH, Pace
from mlpdash.runs.worker.endings import divergence_message, early_stop_message
from mlpdash.runs.worker.session import Session

SLICE_SECONDS: Final = 0.004  # how long it trains before it lets others have their turn


class PacedTraining:
    """Train a session slice by slice, and hold its epochs back to a pace."""

    def __init__(self, pace: Pace = "full") -> None:
        self._seconds_per_epoch = SECONDS_PER_EPOCH[pace]
        self._next_epoch = 0.0  # when it may start, by `time.perf_counter`
        self._stop_after: int | None = None

    def change_pace(self, pace: Pace) -> None:
        """Train at another pace from now on."""
        self._seconds_per_epoch = SECONDS_PER_EPOCH[pace]
        self._next_epoch = time.perf_counter()

    def start(self, stop_after: int | None = None) -> None:
        """Let the next epoch start at once; with `stop_after`, pause after that epoch."""
        self._stop_after = stop_after
        self._next_epoch = 0.0

    def seconds_to_wait(self) -> float:
        """Return how long the next epoch has to wait; not above 0 where it may start."""
        return self._next_epoch - time.perf_counter()

    def train(self, session: Session) -> tuple[State, str] | None:
        """Train for a few milliseconds, or for one epoch where a pace is set.

        Returns
        -------
        The state that training ended in and why, in words; None where it goes on
        """
        end = time.perf_counter() + SLICE_SECONDS
        while (now := time.perf_counter()) < end and now >= self._next_epoch:
            progress = session.advance()
            if progress is None:
                return "finished", early_stop_message(session)
            if progress.diverged:
                return "diverged", divergence_message(session)
            if progress.finished_epoch:
                if progress.epoch == self._stop_after:
                    return "paused", ""
                session.clock.seconds += self._hold_back(now)
        return None

    def _hold_back(self, began: float) -> float:
        """Hold the next epoch back after one that began at `began`; return the seconds to wait."""
        if not self._seconds_per_epoch:
            return 0.0
        self._next_epoch = max(self._next_epoch, began - self._seconds_per_epoch)
        self._next_epoch += self._seconds_per_epoch
        return max(0.0, self._next_epoch - time.perf_counter())
