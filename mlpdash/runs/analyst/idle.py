"""A process that nobody asks anything ends after a while."""

from __future__ import annotations

import os
import threading
from typing import Final

IDLE_SECONDS: Final = 600.0  # that a process waits for something to do


def leaves_after(seconds: float) -> threading.Timer:
    """Return a timer, started, that ends this process unless it is cancelled."""
    timer = threading.Timer(seconds, os._exit, [0])
    timer.daemon = True
    timer.start()
    return timer
