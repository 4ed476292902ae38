"""How much memory and disk may hold what could be read or prepared again."""

from __future__ import annotations

import functools
import logging
import os
import shutil
from pathlib import Path
from typing import Final

_LOG: Final = logging.getLogger(__name__)

MB: Final = 1_000_000
MOST_MEMORY: Final = 2_000 * MB  # unless a person allows more
MOST_DISK: Final = 4_000 * MB
CONTAINER: Final = Path("/sys/fs/cgroup/memory.max")  # what a container may use


def memory_budget() -> int:
    """Return the bytes of memory for tables: `MLPDASH_MEMORY_MB`, or a quarter of all of it."""
    return _megabytes("MLPDASH_MEMORY_MB", min(MOST_MEMORY, _all_memory() // 4))


def disk_budget(folder: Path, used: int) -> int:
    """Return the bytes of disk for prepared tables: `MLPDASH_DISK_MB`, or a tenth of what is free.

    Parameters
    ----------
    folder : where they lie
    used : the bytes that they have now, which count as free

    Raises
    ------
    OSError : the folder is gone
    """
    free = shutil.disk_usage(folder).free + used
    return _megabytes("MLPDASH_DISK_MB", min(MOST_DISK, free // 10))


def _megabytes(variable: str, usual: int) -> int:
    """Return the bytes that a variable of the environment says, which is read at each call."""
    named = os.environ.get(variable, "")
    if named.isdecimal():
        return int(named) * MB
    if named:
        _warn(variable, named)
    return usual


@functools.cache  # once
def _warn(variable: str, named: str) -> None:
    _LOG.warning("%s must be a whole number of megabytes; got %r", variable, named)


def _all_memory() -> int:
    """Return the bytes of memory of this machine, or of the container that this runs in."""
    try:
        found = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # Windows
        return 4 * MOST_MEMORY
    try:
        return min(found, int(CONTAINER.read_text()))
    except (OSError, ValueError):  # there is none, or it says "max"
        return found
