"""The server's end of the launcher process (see launcher.py)."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from mlpdash.runs.children import environment


class LauncherProcess:
    """A launcher that was started, and the thread that reads what it reports.

    Parameters
    ----------
    target : what its workers run, as module:function
    grace : seconds that workers have to save and end once the server has gone
    loop : where the two functions are called
    on_report : called with the launcher and each line that it writes
    on_exit : called with the launcher when it has ended
    """

    def __init__(
        self,
        target: str,
        grace: float,
        loop: asyncio.AbstractEventLoop,
        on_report: Callable[[LauncherProcess, dict[str, Any]], None],
        on_exit: Callable[[LauncherProcess], None],
    ) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "mlpdash.runs.server.launcher"),
                *("--worker", target, "--grace", str(grace)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
        )
        self._loop = loop
        self._on_report = on_report
        self._on_exit = on_exit
        self._thread = threading.Thread(target=self._read, name="mlpdash-launcher", daemon=True)
        self._thread.start()

    @property
    def has_ended(self) -> bool:
        """Whether its end was seen."""
        return self.process.returncode is not None

    def request(self, worker: dict[str, Any]) -> None:
        """Ask for a worker; a launcher that has just died is noticed elsewhere."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            self.process.stdin.write((json.dumps(worker) + "\n").encode())
            self.process.stdin.flush()

    def release(self) -> None:
        """Close its stdin, which tells it to end after its children."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()

    def wait(self, timeout: float) -> None:
        """Wait for its end; kill it when that takes longer than `timeout` seconds."""
        self._thread.join(timeout)
        if self._thread.is_alive():
            self.process.kill()
            self._thread.join()

    def _read(self) -> None:
        """In a thread: pass on what it reports, then that it has ended."""
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                if line.startswith(b'{"kind"'):  # not something that an import printed
                    self._call(self._on_report, self, json.loads(line))
        self.process.wait()
        self.release()
        self._call(self._on_exit, self)

    def _call(self, function: Callable[..., None], *arguments: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed already
            self._loop.call_soon_threadsafe(function, *arguments)
