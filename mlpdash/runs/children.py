"""Child processes that are started, not forked: those that judge, fit baselines, launch or measure.

A child is a module of this package, run by this Python and spoken to over its pipes. (Workers are
forked by the launcher, which is a child itself.)
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, Final

from mlpdash.text import _

ONE_THREAD: Final = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
SAID_WHY: Final = 2  # the exit status of a child that has told in a sentence why it gave up
_BESIDE_PACKAGE: Final = str(Path(__file__).resolve().parents[2])


class Child:
    """A process of ours.

    Parameters
    ----------
    module : what it runs, as `python -m` does
    one_thread : whether its arithmetic keeps to one thread, since nets train beside it
    """

    def __init__(self, module: str, *arguments: str, one_thread: bool = True) -> None:
        path = filter(None, (_BESIDE_PACKAGE, os.environ.get("PYTHONPATH")))
        own = {"PYTHONPATH": os.pathsep.join(path)} | (ONE_THREAD if one_thread else {})
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **own},
        )

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    @property
    def answers(self) -> IO[bytes]:
        """What it writes."""
        assert self._process.stdout is not None
        return self._process.stdout

    def tell(self, content: bytes) -> None:
        """Write to it.

        Raises
        ------
        OSError, ValueError : it has ended, or was released
        """
        assert self._process.stdin is not None
        self._process.stdin.write(content)
        self._process.stdin.flush()

    def wait(self) -> str:
        """Wait for its end; return a sentence if it has not said why it ended, else ""."""
        return "" if self._process.wait() in (0, SAID_WHY) else died()

    def release(self) -> None:
        """Let it read the end of what it is told."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def end(self) -> None:
        """End it at once, and wait until it is gone."""
        with contextlib.suppress(OSError), self._process:  # closes its pipes, and waits
            self._process.kill()


def died() -> str:
    """Return the one sentence about a child that ended without a word."""
    return _("The process that works this out has ended unexpectedly; the server's log says why.")
