"""The processes of runs: which run has which, what a new one is told, who takes a place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mlpdash.runs.messages.server_to_worker import (
    Extend,
    Open,
    Others,
    Set,
    Step,
    Train,
    WorkerOrder,
)
from mlpdash.runs.messages.worker_to_server import WorkerMessage
from mlpdash.runs.server.known_runs import Run
from mlpdash.runs.server.lifecycle import HOLDS_PLACE, RUNNING, Event
from mlpdash.runs.server.pool import WorkerPool
from mlpdash.runs.server.times import Times
from mlpdash.runs.server.worker_process import WorkerProcess

_COMMANDS: Final = {"train": Train, "step": Step, "extend": Extend}


class RunProcesses:
    """The worker processes that runs have, one each at most.

    Parameters
    ----------
    worker : what a worker runs, as module:function
    on_message : called with a run, a message and the whole body it came in
    on_end : called with a run and what has ended: its connection, then its process
    """

    def __init__(
        self,
        worker: str,
        times: Times,
        on_message: Callable[[Run, WorkerMessage, bytes], None],
        on_end: Callable[[Run, Event], None],
    ) -> None:
        self._grace = times.exit_grace
        self._runs: dict[WorkerProcess, Run] = {}
        self._others: dict[WorkerProcess, int] = {}  # how many runs train beside it, as told
        self.pool = WorkerPool(
            lambda worker, message, body: on_message(self._runs[worker], message, body),
            lambda worker: on_end(self._runs[worker], Event.DISCONNECTED),
            lambda worker: on_end(self._runs[worker], Event.EXITED),
            worker=worker,
            connect_timeout=times.connect,
            exit_grace=times.exit_grace,
        )

    def open(self, run: Run) -> None:
        """Start a process for the run, and tell it what the run is and what waits for it."""
        worker = run.worker = self.pool.spawn(run.id)
        self._runs[worker] = run
        self._others[worker] = self._training_beside(run)
        worker.send(
            Open(
                experiment=run.experiment,
                folder=str(run.store.folder) if run.store else None,
                attempt=run.attempt,
                pace=run.pace,
                others=self._others[worker],
            )
        )
        if run.unsent:
            worker.send(Set(changes=run.unsent))
            run.unsent = {}
        for watcher in run.watchers.values():
            if watcher.request is not None:
                worker.send(watcher.request)

    def train(self, run: Run) -> None:
        """Tell the run's process to train, as the run's next attempt."""
        assert run.store is not None
        run.attempt += 1
        command = _COMMANDS[run.command]
        self.send(run, command(folder=str(run.store.folder), attempt=run.attempt))

    def send(self, run: Run, message: WorkerOrder) -> None:
        """Send a message to the run's process."""
        assert run.worker is not None
        run.worker.send(message)

    def exit(self, run: Run) -> None:
        """Tell the run's process to save and exit."""
        assert run.worker is not None
        run.worker.exit(self._grace)

    def forget(self, run: Run) -> None:
        """Take note that the run's process has ended."""
        assert run.worker is not None
        del self._runs[run.worker], self._others[run.worker]
        run.worker = None

    def runs(self) -> list[Run]:
        """Return the runs that have a process."""
        return list(self._runs.values())

    def places(self) -> int:
        """Return how many processes hold a place."""
        return sum(run.phase in HOLDS_PLACE for run in self._runs.values())

    def viewers(self) -> int:
        """Return how many processes hold none."""
        return len(self._runs) - self.places()

    def share_cores(self) -> None:
        """Tell all processes how many runs train beside theirs, if that has changed."""
        for worker, run in self._runs.items():
            others = self._training_beside(run)
            if run.listens and others != self._others[worker]:
                self._others[worker] = others
                worker.send(Others(count=others))

    def _training_beside(self, run: Run) -> int:
        """Return how many other runs train now; a paused one leaves its cores to them."""
        return sum(other.phase in RUNNING and other is not run for other in self._runs.values())
