"""The worker processes of a server: how they are started, spoken to and seen out.

The pool knows processes and connections, nothing of runs; the supervisor decides who is needed.
Everything here happens in the server's event loop, but for the thread that reads the launcher.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import logging
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from mlpdash.runs import wire
from mlpdash.runs.children import environment
from mlpdash.runs.server.launcher import WORKER
from mlpdash.runs.wire import Header, WireError

_LOG: Final = logging.getLogger(__name__)
_HELLO_SECONDS: Final = 10.0
_HELLO_BYTES: Final = 4096
_BACK_OFF: Final = (0.0, 0.5, 1.0, 2.0, 5.0)  # seconds before a launcher is started again
_SETTLED: Final = 10.0  # a launcher that lived so long is started again at once

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Worker:
    """One worker process. What is sent before it has connected waits for it."""

    def __init__(self, run_id: str) -> None:
        loop = asyncio.get_running_loop()
        self.run_id = run_id
        self.token = secrets.token_urlsafe(24)
        self.pid: int | None = None
        self.orphan = False  # its launcher is dead, so nobody will report its end
        self.bye = False  # it said goodbye, so its end is no accident
        self.spoke = False  # it has opened its run, and said so
        self.dismissed = False  # it was told to exit
        self.leaving = False  # it was told to exit, or its connection has ended
        self.training = False  # it takes one of the places; else it only draws
        self.others = 0  # how many runs train beside it, as it was told
        self.stale: tuple[str, str] | None = None  # state and message before its last command
        self.streams: asyncio.Future[Streams] = loop.create_future()
        self.ended: asyncio.Future[int | None] = loop.create_future()
        self._waiting: list[bytes] = []
        self._writer: asyncio.StreamWriter | None = None
        self._deadline: asyncio.TimerHandle | None = None

    def send(self, header: Header) -> None:
        """Send a message, now or as soon as the worker is there."""
        message = wire.pack(header)
        if self._writer is None:
            self._waiting.append(message)
        elif not self._writer.is_closing():
            self._writer.write(message)

    def attach(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The worker has connected."""
        self._writer = writer
        writer.writelines(self._waiting)
        self._waiting.clear()
        self.streams.set_result((reader, writer))

    def leave(self, grace: float) -> None:
        """Tell it to save and exit; after `grace` seconds it is killed."""
        if self.leaving:
            return
        self.send({"kind": "exit"})
        self.dismissed = self.leaving = True
        self._deadline = asyncio.get_running_loop().call_later(grace, self.kill)

    def kill(self) -> None:
        """End the process at once."""
        if self.pid is not None and not self.ended.done():
            with contextlib.suppress(OSError):
                os.kill(self.pid, getattr(signal, "SIGKILL", signal.SIGTERM))

    def settle(self) -> None:
        """Its end has been seen."""
        if self._deadline is not None:
            self._deadline.cancel()
        if not self.ended.done():
            self.ended.set_result(None)


class Pool:
    """Starts workers through the launcher and listens for their connections on localhost.

    Parameters
    ----------
    on_message : called with a worker, a header and the whole body it came in
    on_lost : called when a worker's connection has ended, or it never came
    on_gone : called after that, when its process is no more
    worker : what a worker runs, as module:function
    connect_timeout : seconds a worker has to connect, torch's import included
    exit_grace : seconds a worker has to save and end
    """

    def __init__(
        self,
        on_message: Callable[[Worker, Header, bytes], None],
        on_lost: Callable[[Worker], None],
        on_gone: Callable[[Worker], None],
        *,
        worker: str = WORKER,
        connect_timeout: float = 60.0,
        exit_grace: float = 20.0,
    ) -> None:
        self._on_message = on_message
        self._on_lost = on_lost
        self._on_gone = on_gone
        self._target = worker
        self._connect_timeout = connect_timeout
        self._exit_grace = exit_grace
        self._workers: dict[asyncio.Task[None], Worker] = {}
        self._greeting: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._launcher: Launcher | None = None
        self._failures = 0
        self._closing = False

    async def start(self) -> None:
        """Listen, and start the launcher."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self._launch()

    def spawn(self, run_id: str) -> Worker:
        """Ask for a worker for the run; it can be sent messages at once."""
        worker = Worker(run_id)
        task = asyncio.create_task(self._live(worker))
        self._workers[task] = worker
        task.add_done_callback(self._workers.pop)
        self._ask(worker)
        return worker

    def processes(self) -> list[int]:
        """Return the ids of the launcher and the workers that are there."""
        launcher = [self._launcher.process.pid] if self._launcher else []
        return launcher + [w.pid for w in self._workers.values() if w.pid is not None]

    async def close(self) -> None:
        """Tell all workers to save and exit, wait until they have, end the launcher."""
        self._closing = True
        for worker in self._workers.values():
            if worker.streams.done():
                worker.leave(self._exit_grace)
        launcher = self._launcher
        if launcher is not None:
            launcher.release()
            if not self._workers:
                launcher.process.kill()  # it has no children, and may be amid its imports
            await asyncio.to_thread(launcher.wait, self._exit_grace + 5.0)
        for worker in self._workers.values():
            if not worker.streams.done():  # it never came, and now nobody will bring it
                worker.settle()
        await asyncio.gather(*self._workers, *self._greeting, return_exceptions=True)
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def _launch(self) -> None:
        if self._closing:
            return
        loop = asyncio.get_running_loop()
        self._launcher = Launcher(self._target, self._exit_grace, loop, self._heard, self._fell)
        for worker in self._workers.values():
            if worker.pid is None and not worker.streams.done():
                self._ask(worker)

    def _ask(self, worker: Worker) -> None:
        if self._launcher is not None and self._server is not None:
            address = self._server.sockets[0].getsockname()[:2]
            self._launcher.ask({"address": address, "token": worker.token, "run": worker.run_id})

    def _heard(self, launcher: Launcher, line: dict[str, Any]) -> None:
        """The launcher says what became of a worker."""
        workers = list(self._workers.values())
        if line["kind"] == "started":
            for worker in workers:
                if worker.run_id == line["run"] and worker.pid is None:
                    worker.pid = line["pid"]
                    return
        for worker in workers:
            if worker.pid == line["pid"] and line["kind"] == "ended" and not worker.ended.done():
                worker.ended.set_result(line["status"])

    def _fell(self, launcher: Launcher) -> None:
        """The launcher has ended; unless we are closing, it takes another one."""
        if launcher is not self._launcher:
            return
        self._launcher = None
        for worker in self._workers.values():
            worker.orphan = worker.pid is not None
        if self._closing:
            return
        lived = time.monotonic() - launcher.started
        self._failures = 0 if lived > _SETTLED else self._failures + 1
        delay = _BACK_OFF[min(self._failures, len(_BACK_OFF) - 1)]
        _LOG.warning("the launcher of workers has ended; another one starts in %.1f s", delay)
        asyncio.get_running_loop().call_later(delay, self._launch)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Let in who knows the token of a worker that we wait for."""
        task = asyncio.current_task()
        assert task is not None
        self._greeting.add(task)
        task.add_done_callback(self._greeting.discard)
        try:
            content = await asyncio.wait_for(wire.read_body(reader, _HELLO_BYTES), _HELLO_SECONDS)
            hello, _ = wire.unpack(content or b"")
        except (TimeoutError, WireError):
            hello = {}
        worker = self._expected(str(hello.get("token")))
        if worker is None or hello.get("kind") != "hello":
            writer.close()
            return
        if isinstance(hello.get("pid"), int):
            worker.pid = hello["pid"]
        worker.attach(reader, writer)
        if self._closing:
            worker.leave(self._exit_grace)

    def _expected(self, token: str) -> Worker | None:
        for worker in self._workers.values():
            if hmac.compare_digest(worker.token, token) and not worker.streams.done():
                return worker
        return None

    async def _live(self, worker: Worker) -> None:
        """Follow one worker from the request for it to the end of its process."""
        try:
            either: set[asyncio.Future[Any]] = {worker.streams, worker.ended}
            await asyncio.wait(
                either, timeout=self._connect_timeout, return_when=asyncio.FIRST_COMPLETED
            )
            if worker.streams.done():
                await self._listen(worker, *worker.streams.result())
            else:
                worker.streams.cancel()  # too late to connect
                worker.kill()
            worker.leaving = True
            self._on_lost(worker)
            await self._see_end(worker)
        finally:
            worker.settle()
            self._on_gone(worker)

    async def _listen(
        self, worker: Worker, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            while (content := await wire.read_body(reader)) is not None:
                header, _ = wire.unpack(content)
                worker.bye = worker.bye or header.get("kind") == "bye"
                self._on_message(worker, header, content)
        except WireError as error:
            _LOG.error("worker %s of run %s: %s", worker.pid, worker.run_id, error)
            worker.kill()
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _see_end(self, worker: Worker) -> None:
        """Wait until the process is no more, so that its lock is free; kill it in the end."""
        for patience in (self._exit_grace, 5.0):
            deadline = time.monotonic() + patience
            while not worker.ended.done() and time.monotonic() < deadline:
                if worker.pid is None or (worker.orphan and not _is_alive(worker.pid)):
                    return
                await asyncio.wait({worker.ended}, timeout=0.05 if worker.orphan else 0.25)
            worker.kill()


class Launcher:
    """The server's end of the launcher process (see launcher.py)."""

    def __init__(
        self,
        target: str,
        grace: float,
        loop: asyncio.AbstractEventLoop,
        heard: Callable[[Launcher, dict[str, Any]], None],
        fell: Callable[[Launcher], None],
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
        self._heard = heard
        self._fell = fell
        self._thread = threading.Thread(target=self._read, name="mlpdash-launcher", daemon=True)
        self._thread.start()

    def ask(self, request: dict[str, Any]) -> None:
        """Ask for a worker; a launcher that has just died is noticed elsewhere."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            self.process.stdin.write((json.dumps(request) + "\n").encode())
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
        """In a thread: pass on what it says, then that it has ended."""
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                if line.startswith(b'{"kind"'):  # not something that an import printed
                    self._call(self._heard, self, json.loads(line))
        self.process.wait()
        self.release()
        self._call(self._fell, self)

    def _call(self, function: Callable[..., None], *arguments: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed already
            self._loop.call_soon_threadsafe(function, *arguments)


def _is_alive(pid: int) -> bool:
    """Tell whether a process that is not our child is there and not a zombie."""
    if sys.platform == "win32":
        return False
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state not in "ZX"
    except ProcessLookupError:
        return False
    except OSError:
        return not Path("/proc/self").exists()
