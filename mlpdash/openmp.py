"""How torch's threads wait for each other, which has to be said before torch is imported."""

from __future__ import annotations

import os
from typing import Final

# GNU's OpenMP, which torch uses on Linux, lets a thread that waits turn round for about 10 ms
# before it sleeps. Where another process wants that core, each of a step's products then waits for
# the scheduler: measured 25 to 45 such steps per second beside 1,000 with one thread. After 1,000
# rounds it is 800, and on an idle machine the step takes 3 % longer, without any it takes 40 %.
VARIABLE: Final = "GOMP_SPINCOUNT"
ROUNDS: Final = "1000"


def wait_briefly() -> None:
    """Let threads of this process and its children give up their core soon, unless told otherwise.

    Has no effect once torch is imported.
    """
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault(VARIABLE, ROUNDS)
