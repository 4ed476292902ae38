"""What child processes are started with: where this package lies, how many threads to use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

ONE_THREAD: Final = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_BESIDE_PACKAGE: Final = str(Path(__file__).resolve().parents[2])


def environment() -> dict[str, str]:
    """Return this process's environment, in which Python finds this very package first."""
    path = filter(None, (_BESIDE_PACKAGE, os.environ.get("PYTHONPATH")))
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path)}
