"""The server's end of one worker process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import sys
from pathlib import Path

from mlpdash.runs import wire
from mlpdash.runs.messages.server_to_worker import Exit, WorkerOrder
from mlpdash.runs.server.launcher_process import LauncherProcess

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class WorkerProcess:
    """One worker process. What is sent before it has connected waits for it.

    Attributes
    ----------
    token : what it has to know to be let in
    launcher : that reports its end; another one cannot
    streams : done once it has connected
    exited : done once its end was seen
    """

    def __init__(self, run_id: str) -> None:
        loop = asyncio.get_running_loop()
        self.run_id = run_id
        self.token = secrets.token_urlsafe(24)
        self.pid: int | None = None
        self.launcher: LauncherProcess | None = None
        self.streams: asyncio.Future[Streams] = loop.create_future()
        self.exited: asyncio.Future[int | None] = loop.create_future()
        self._unsent: list[bytes] = []
        self._writer: asyncio.StreamWriter | None = None
        self._kill_timer: asyncio.TimerHandle | None = None

    @property
    def has_connected(self) -> bool:
        """Whether it has ever connected."""
        return self._writer is not None

    @property
    def is_orphan(self) -> bool:
        """Whether its launcher has ended, so that nobody will report its end."""
        return self.launcher is None or self.launcher.has_ended

    def send(self, message: WorkerOrder) -> None:
        """Send a message, now or as soon as the worker has connected."""
        packed = wire.pack(message.text())
        if self._writer is None:
            self._unsent.append(packed)
        elif not self._writer.is_closing():
            self._writer.write(packed)

    def attach(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take its connection, and send what waited for it."""
        self._writer = writer
        writer.writelines(self._unsent)
        self._unsent.clear()
        self.streams.set_result((reader, writer))

    def exit(self, grace: float) -> None:
        """Tell it to save and exit; after `grace` seconds it is killed. Twice is once."""
        if self._kill_timer is None:
            self.send(Exit())
            self._kill_timer = asyncio.get_running_loop().call_later(grace, self.kill)

    def kill(self) -> None:
        """End the process at once."""
        if self.pid is not None and not self.exited.done():
            with contextlib.suppress(OSError):
                os.kill(self.pid, getattr(signal, "SIGKILL", signal.SIGTERM))

    def mark_exited(self, status: int | None = None) -> None:
        """Take note that its process has ended, or will never come."""
        if self._kill_timer is not None:
            self._kill_timer.cancel()
        if not self.exited.done():
            self.exited.set_result(status)

    def is_alive(self) -> bool:
        """Tell whether the process of an orphan is there and not a zombie."""
        if self.pid is None or sys.platform == "win32":
            return False
        try:
            os.kill(self.pid, 0)
            state = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]
            return state not in "ZX"
        except ProcessLookupError:
            return False
        except OSError:
            return not Path("/proc/self").exists()
