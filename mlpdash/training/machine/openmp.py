"""How torch's threads wait for each other, which has to be said before torch is imported."""

from __future__ import annotations

import os
from typing import Final

# GNU's OpenMP, which torch uses on Linux, lets a thread that waits turn round for about 10 ms
# before it sleeps. Where another process wants that core, each operation then waits for the
# scheduler: of a loop of one product of 256 x 784 by 784 x 256 and three elementwise operations,
# 25 to 45 rounds a second, beside 1,000 with one thread. With 1,000 turns it is 800, and on an idle
# machine no difference beyond the noise; without any turns the loop takes 40 % longer there.
VARIABLE: Final = "GOMP_SPINCOUNT"
ROUNDS: Final = "1000"


def wait_briefly() -> None:
    """Let threads of this process and its children give up their core soon, unless told otherwise.

    Has no effect once torch is imported.
    """
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault(VARIABLE, ROUNDS)
