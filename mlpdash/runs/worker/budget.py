"""How much of the worker's time may go into being watched, and what that buys."""

from __future__ import annotations

from typing import Final

SHARE: Final = 0.045  # of the time; the promise is 5 %
SAVED: Final = 0.08  # seconds of work that can be saved up, so that the first frames come at once
DEBT: Final = 0.02  # seconds that can be owed, or else one slow moment would stop the pictures
RESOLUTIONS: Final = (100, 50, 25)
SMOOTH_RATE: Final = 15.0  # frames/s below which the field coarsens rather than slows
SLOW_RATE: Final = 2.0  # frames/s below which the page shows the rate


class Budget:
    """Limit the share of the time that frames, scores and history take: a token bucket.

    It fills with a share of the time, and what they take empties it. Half of the share belongs to
    frames, so that scores which take more, as on a busy machine, do not stop the pictures. All
    times are seconds of the worker's own time, which the caller reads (`RunClock.own_time`).
    """

    def __init__(self, now: float, forward_seconds: float) -> None:
        """`forward_seconds`: a first guess of the time that a 100 x 100 field takes."""
        self.spent = 0.0
        self._saved = SAVED
        self._saved_for_others = SAVED / 2  # of it, what scores and history may take
        self._filled = now
        self._cost = {n: 0.0004 + forward_seconds * (n / 100) ** 2 for n in RESOLUTIONS}
        self._other = 0.0  # seconds per second that scores and history take, smoothed

    def fill(self, now: float) -> None:
        """Let the bucket fill for the time since the last call."""
        elapsed = now - self._filled
        self._saved = min(SAVED, self._saved + SHARE * elapsed)
        self._saved_for_others = min(SAVED / 2, self._saved_for_others + SHARE / 2 * elapsed)
        self._other *= max(0.0, 1 - elapsed)
        self._filled = now

    def pay(self, seconds: float) -> None:
        """Take the time that scoring, history or a snapshot took."""
        self.spent += seconds
        self._other += seconds
        charged = min(seconds, self._saved_for_others)
        self._saved_for_others -= charged
        self._owe(charged, DEBT)

    def pay_frame(self, resolution: int, seconds: float) -> None:
        """Take the time that a frame took, and learn from it what the next one will."""
        self.spent += seconds
        self._owe(seconds, max(DEBT, self._cost[resolution]))
        self._cost[resolution] += 0.2 * (seconds - self._cost[resolution])
        for finer in (n for n in RESOLUTIONS if n > resolution):
            self._cost[finer] *= 0.99  # what is not tried any more may be cheap again

    def _owe(self, seconds: float, most: float) -> None:
        self._saved = max(min(self._saved, -most), self._saved - seconds)

    @property
    def resolution(self) -> int:
        """The finest grid that can be drawn smoothly, or the coarsest there is."""
        for n in RESOLUTIONS:
            if self.rate(n) >= SMOOTH_RATE:
                return n
        return RESOLUTIONS[-1]

    def rate(self, resolution: int) -> float:
        """Return the frames per second that the share pays for."""
        return max(0.0, SHARE - min(self._other, SHARE / 2)) / self._cost[resolution]

    @property
    def slow_rate(self) -> float | None:
        """The rate, where it is so low that a person should be told; else None."""
        rate = self.rate(self.resolution)
        return rate if rate < SLOW_RATE else None

    def affords(self, resolution: int) -> bool:
        """Tell whether the next frame is paid for."""
        return self._saved >= min(self._cost[resolution], SAVED)
