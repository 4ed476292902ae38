"""Starts workers in milliseconds: a small process that has torch imported, and forks.

It reads one JSON line on stdin for each worker wanted, {"address": [host, port], "token", "run"},
and says on stdout what becomes of it: {"kind": "started" | "ended", "run", "pid", "status"}.
It ends when stdin does, after its children.

It is a process of its own, since a fork server started from inside Streamlit's script would run
app.py again in every worker. It runs no torch operation and asks for no GPU: a fork of a process
that did either could not use the GPU, or would hang in a thread pool that it did not inherit.
Where forking is unsafe (Windows, macOS) a worker is a fresh interpreter instead.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Final, Literal

from mlpdash.runs.messages.lines import WORKER_WANTED, WorkerNews, WorkerWanted
from mlpdash.runs.messages.reader import read
from mlpdash.training.machine.openmp import wait_briefly

WORKER: Final = "mlpdash.runs.worker.worker:main"
GRACE: Final = 30.0  # seconds that workers have to save and end once the server has gone
QUIET: Final = 1.0  # seconds without a request before something of LATER is imported
LATER: Final = (  # only some workers need it
    "pandas",
    "sklearn.datasets",
    "sklearn.impute",
    "sklearn.compose",
)
CAN_FORK: Final = sys.platform not in ("win32", "darwin")

Target = Callable[[tuple[str, int], str, str], object]  # address, token, run


def main(arguments: list[str] | None = None) -> int:
    """Run until stdin ends."""
    parser = argparse.ArgumentParser(prog="python -m mlpdash.runs.server.launcher")
    parser.add_argument("--worker", default=WORKER, metavar="MODULE:FUNCTION")
    parser.add_argument("--grace", type=float, default=GRACE, metavar="SECONDS")
    chosen = parser.parse_args(arguments)
    wait_briefly()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which tells us
    if CAN_FORK:
        later = LATER if chosen.worker == WORKER else ()
        Forker(load(chosen.worker), chosen.grace, later).run()
    else:
        run_fresh(chosen.worker, chosen.grace)
    return 0


def load(worker: str) -> Target:
    """Import what forks share, and return the function `module:function` that they call."""
    if worker == WORKER:
        import torch  # noqa: F401 - a second that no worker waits for
    module, function = worker.split(":")
    target: Target = getattr(importlib.import_module(module), function)
    gc.freeze()  # pages that the collector does not touch stay shared
    return target


def report(
    kind: Literal["started", "ended"], run: str, pid: int, status: int | None = None
) -> None:
    """Tell the server what became of a worker; it may have gone."""
    with contextlib.suppress(OSError):
        os.write(1, WorkerNews(kind=kind, run=run, pid=pid, status=status).line())


class Forker:
    """Reads requests, forks, reaps."""

    def __init__(self, target: Target, grace: float, later: tuple[str, ...] = ()) -> None:
        self.target = target
        self.grace = grace
        self.later = list(later)
        self.children: dict[int, str] = {}  # pid -> run
        self.buffer = b""
        self.wakeup_reader, self.wakeup_writer = os.pipe()  # a signal wakes `select` through it
        os.set_blocking(self.wakeup_reader, False)
        os.set_blocking(self.wakeup_writer, False)
        signal.set_wakeup_fd(self.wakeup_writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def run(self) -> None:
        """Serve until stdin ends, then wait for the children."""
        while True:
            ready, _, _ = select.select(
                [0, self.wakeup_reader], [], [], QUIET if self.later else None
            )
            self.reap()
            if not ready and self.later:
                with contextlib.suppress(ImportError):
                    importlib.import_module(self.later.pop(0))
                gc.freeze()
            if 0 in ready:
                chunk = os.read(0, 65536)
                if not chunk:
                    break
                for request in self.requests(chunk):
                    self.fork(request)
        self.wait_for_children()

    def requests(self, chunk: bytes) -> list[WorkerWanted]:
        """Return the requests that are whole now."""
        *lines, self.buffer = (self.buffer + chunk).split(b"\n")
        return [read(WORKER_WANTED, line) for line in lines if line.strip()]

    def fork(self, request: WorkerWanted) -> None:
        """Start one worker."""
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            self.become_worker(request)
        self.children[pid] = request.run
        report("started", request.run, pid)

    def become_worker(self, request: WorkerWanted) -> None:
        """In the child: let go of what is the launcher's, work, and end without returning."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.close(self.wakeup_reader)
            os.close(self.wakeup_writer)
            nothing = os.open(os.devnull, os.O_RDONLY)
            os.dup2(nothing, 0)
            os.close(nothing)
            os.dup2(2, 1)  # stdout is the launcher's line to the server
            self.target(request.address, request.token, request.run)
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:  # noqa: BLE001 - nothing may return into the launcher's loop
            sys.excepthook(*sys.exc_info())
        finally:
            with contextlib.suppress(Exception):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(status)

    def reap(self) -> None:
        """Take note of children that have ended."""
        with contextlib.suppress(BlockingIOError):
            os.read(self.wakeup_reader, 4096)
        while self.children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            report("ended", self.children.pop(pid, ""), pid, os.waitstatus_to_exitcode(status))

    def wait_for_children(self) -> None:
        """Wait for the children, which notice by themselves that the server has gone."""
        deadline = time.monotonic() + self.grace
        while self.children and (left := deadline - time.monotonic()) > 0:
            select.select([self.wakeup_reader], [], [], left)
            self.reap()
        for pid in self.children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while self.children:
            pid, _ = os.waitpid(-1, 0)
            self.children.pop(pid, None)


def run_fresh(worker: str, grace: float) -> None:
    """Do the same without forking: each worker is an interpreter of its own."""
    import threading

    children: list[subprocess.Popen[bytes]] = []

    def watch(run: str, child: subprocess.Popen[bytes]) -> None:
        report("ended", run, child.pid, child.wait())

    for line in sys.stdin.buffer:
        run = read(WORKER_WANTED, line).run
        module = worker.split(":")[0]
        child = subprocess.Popen(
            [sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=sys.stderr
        )
        assert child.stdin is not None
        with contextlib.suppress(OSError), child.stdin as pipe:
            pipe.write(line)
        report("started", run, child.pid)
        children = [known for known in children if known.poll() is None] + [child]
        threading.Thread(target=watch, args=(run, child), daemon=True).start()
    deadline = time.monotonic() + grace
    for child in children:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()


if __name__ == "__main__":
    sys.exit(main())
