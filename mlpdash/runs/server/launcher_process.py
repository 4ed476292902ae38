"""The server's end of the launcher process (see launcher.py)."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from typing import Any

from mlpdash.runs.children import Child
from mlpdash.runs.messages.lines import WORKER_NEWS, WorkerNews, WorkerWanted
from mlpdash.runs.messages.reader import read
from mlpdash.runs.wire import WireError


class LauncherProcess:
    """A launcher that was started, and the thread that reads what it reports.

    Parameters
    ----------
    target : what its workers run, as module:function
    grace : seconds that workers have to save and end once the server has gone
    loop : where the two functions are called
    on_report : called with the launcher and each line of news
    on_exit : called with the launcher when it has ended
    """

    def __init__(
        self,
        target: str,
        grace: float,
        loop: asyncio.AbstractEventLoop,
        on_report: Callable[[LauncherProcess, WorkerNews], None],
        on_exit: Callable[[LauncherProcess], None],
    ) -> None:
        self.started = time.monotonic()
        self.process = Child(
            "mlpdash.runs.server.launcher",
            *("--worker", target, "--grace", str(grace)),
            one_thread=False,
        )
        self._has_ended = False
        self._loop = loop
        self._on_report = on_report
        self._on_exit = on_exit
        self._thread = threading.Thread(target=self._read, name="mlpdash-launcher", daemon=True)
        self._thread.start()

    @property
    def has_ended(self) -> bool:
        """Whether its end was seen."""
        return self._has_ended

    def request(self, wanted: WorkerWanted) -> None:
        """Ask for a worker; a launcher that has just died is noticed elsewhere."""
        with contextlib.suppress(OSError, ValueError):
            self.process.tell(wanted.line())

    def release(self) -> None:
        """Close its stdin, which tells it to end after its children."""
        self.process.release()

    def wait(self, timeout: float) -> None:
        """Wait for its end; kill it when that takes longer than `timeout` seconds."""
        self._thread.join(timeout)
        if self._thread.is_alive():
            self.process.kill()
            self._thread.join()

    def _read(self) -> None:
        """In a thread: pass on what it reports, then that it has ended."""
        for line in self.process.answers:
            with contextlib.suppress(WireError):  # something that an import printed
                self._call(self._on_report, self, read(WORKER_NEWS, line))
        self.process.wait()
        self.process.end()
        self._has_ended = True
        self._call(self._on_exit, self)

    def _call(self, function: Callable[..., None], *arguments: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed already
            self._loop.call_soon_threadsafe(function, *arguments)
