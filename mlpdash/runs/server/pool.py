"""The worker processes of a server: how they are started, listened to and ended.

The pool knows processes and connections, nothing of runs; the scheduler decides who is needed.
Everything here happens in the server's event loop, but for the thread that reads the launcher.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import time
from collections.abc import Callable
from typing import Any, Final

from mlpdash.runs import wire
from mlpdash.runs.messages.lines import WorkerNews, WorkerWanted
from mlpdash.runs.messages.reader import read
from mlpdash.runs.messages.worker_to_server import READER, Hello, WorkerMessage
from mlpdash.runs.server.launcher import WORKER
from mlpdash.runs.server.launcher_process import LauncherProcess
from mlpdash.runs.server.worker_process import WorkerProcess
from mlpdash.runs.wire import WireError

_LOG: Final = logging.getLogger(__name__)
_HELLO_SECONDS: Final = 10.0
_HELLO_BYTES: Final = 4096
_BACK_OFF: Final = (0.0, 0.5, 1.0, 2.0, 5.0)  # seconds before a launcher is started again
_RELIABLE: Final = 10.0  # a launcher that lived so many seconds is started again at once


class WorkerPool:
    """Starts workers through the launcher and listens for their connections on localhost.

    Parameters
    ----------
    on_message : called with a worker, a message and the whole body it came in
    on_disconnect : called when a worker's connection has ended, or it never came
    on_exit : always called after that, when its process has ended
    worker : what a worker runs, as module:function
    connect_timeout : seconds a worker has to connect, torch's import included
    exit_grace : seconds a worker has to save and end
    """

    def __init__(
        self,
        on_message: Callable[[WorkerProcess, WorkerMessage, bytes], None],
        on_disconnect: Callable[[WorkerProcess], None],
        on_exit: Callable[[WorkerProcess], None],
        *,
        worker: str = WORKER,
        connect_timeout: float = 60.0,
        exit_grace: float = 20.0,
    ) -> None:
        self._on_message = on_message
        self._on_disconnect = on_disconnect
        self._on_exit = on_exit
        self._target = worker
        self._connect_timeout = connect_timeout
        self._exit_grace = exit_grace
        self._workers: dict[asyncio.Task[None], WorkerProcess] = {}
        self._greetings: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._launcher: LauncherProcess | None = None
        self._failures = 0
        self._closing = False

    async def start(self) -> None:
        """Listen, and start the launcher."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self._launch()

    def spawn(self, run_id: str) -> WorkerProcess:
        """Request a worker for the run; it can be sent messages at once."""
        worker = WorkerProcess(run_id)
        task = asyncio.create_task(self._follow(worker))
        self._workers[task] = worker
        task.add_done_callback(self._workers.pop)
        self._request(worker)
        return worker

    def processes(self) -> list[int]:
        """Return the ids of the launcher and the workers that are there."""
        launcher = [self._launcher.process.pid] if self._launcher else []
        return launcher + [w.pid for w in self._workers.values() if w.pid is not None]

    async def close(self) -> None:
        """Tell all workers to save and exit, wait until they have, end the launcher."""
        self._closing = True
        for worker in self._workers.values():
            worker.exit(self._exit_grace)
        launcher = self._launcher
        if launcher is not None:
            launcher.release()
            if not self._workers:
                launcher.process.kill()  # it has no children, and may be amid its imports
            await asyncio.to_thread(launcher.wait, self._exit_grace + 5.0)
        for worker in self._workers.values():
            if not worker.has_connected:  # and now nobody will start it
                worker.mark_exited()
        await asyncio.gather(*self._workers, *self._greetings, return_exceptions=True)
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    # -- the launcher -------------------------------------------------------------------------

    def _launch(self) -> None:
        if self._closing:
            return
        self._launcher = LauncherProcess(
            self._target,
            self._exit_grace,
            asyncio.get_running_loop(),
            self._on_launcher_report,
            self._on_launcher_exit,
        )
        for worker in self._workers.values():
            if worker.pid is None and not worker.streams.done():
                self._request(worker)

    def _request(self, worker: WorkerProcess) -> None:
        if self._launcher is None or self._server is None:
            return
        worker.launcher = self._launcher
        address = self._server.sockets[0].getsockname()[:2]
        self._launcher.request(WorkerWanted(address=address, token=worker.token, run=worker.run_id))

    def _on_launcher_report(self, launcher: LauncherProcess, news: WorkerNews) -> None:
        """Take note of a worker's start or end."""
        workers = list(self._workers.values())
        if news.kind == "started":
            for worker in workers:
                if worker.run_id == news.run and worker.pid is None:
                    worker.pid = news.pid
                    return
        for worker in workers:
            if worker.pid == news.pid and news.kind == "ended":
                worker.mark_exited(news.status)

    def _on_launcher_exit(self, launcher: LauncherProcess) -> None:
        """Start another launcher, unless the server closes; the workers of this one go on."""
        if launcher is not self._launcher:
            return
        self._launcher = None
        if self._closing:
            return
        lived = time.monotonic() - launcher.started
        self._failures = 0 if lived > _RELIABLE else self._failures + 1
        delay = _BACK_OFF[min(self._failures, len(_BACK_OFF) - 1)]
        _LOG.warning("the launcher of workers has ended; another one starts in %.1f s", delay)
        asyncio.get_running_loop().call_later(delay, self._launch)

    # -- the workers --------------------------------------------------------------------------

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Let in who knows the token of a worker that we wait for."""
        task = asyncio.current_task()
        assert task is not None
        self._greetings.add(task)
        task.add_done_callback(self._greetings.discard)
        try:
            content = await asyncio.wait_for(wire.read_body(reader, _HELLO_BYTES), _HELLO_SECONDS)
            hello = _read(content or b"")
        except (TimeoutError, WireError):
            hello = None
        worker = self._expected(hello.token) if isinstance(hello, Hello) else None
        if worker is None or not isinstance(hello, Hello):
            writer.close()
            return
        worker.pid = hello.pid
        worker.attach(reader, writer)

    def _expected(self, token: str) -> WorkerProcess | None:
        for worker in self._workers.values():
            if hmac.compare_digest(worker.token, token) and not worker.streams.done():
                return worker
        return None

    async def _follow(self, worker: WorkerProcess) -> None:
        """Follow one worker from the request for it to the end of its process."""
        either: set[asyncio.Future[Any]] = {worker.streams, worker.exited}
        await asyncio.wait(
            either, timeout=self._connect_timeout, return_when=asyncio.FIRST_COMPLETED
        )
        if worker.streams.done():
            await self._listen(worker, *worker.streams.result())
        else:
            worker.streams.cancel()  # too late to connect
            worker.kill()
        try:
            self._on_disconnect(worker)
            await self._wait_for_exit(worker)
        finally:
            worker.mark_exited()
            self._on_exit(worker)

    async def _listen(
        self, worker: WorkerProcess, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Pass on what a worker says until the connection ends; one that we fail to hear ends."""
        try:
            while (content := await wire.read_body(reader)) is not None:
                self._on_message(worker, _read(content), content)
        except WireError as error:
            _LOG.error("worker %s of run %s: %s", worker.pid, worker.run_id, error)
            worker.kill()
        except Exception:  # noqa: BLE001 - a fault of ours must not leave its place taken
            _LOG.exception("worker %s of run %s is ended", worker.pid, worker.run_id)
            worker.kill()
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _wait_for_exit(self, worker: WorkerProcess) -> None:
        """Wait until the process has ended, so that its lock is free; kill it in the end."""
        for patience in (self._exit_grace, 5.0):
            deadline = time.monotonic() + patience
            while not worker.exited.done() and time.monotonic() < deadline:
                if worker.pid is None or (worker.is_orphan and not worker.is_alive()):
                    return
                await asyncio.wait({worker.exited}, timeout=0.05 if worker.is_orphan else 0.25)
            worker.kill()


def _read(content: bytes) -> WorkerMessage:
    """Return what a worker says; what follows it in the body is for browsers.

    Raises
    ------
    WireError : it is nothing that a worker may send
    """
    text, _payload = wire.unpack(content)
    return read(READER, text)
