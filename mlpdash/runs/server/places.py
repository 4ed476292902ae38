"""Which run has a process: places, the queue, and viewers.

A *worker* is a process that trains, or is paused and keeps its place; there are at most `limit`,
further runs queue. A *viewer* is the same kind of process that only draws: the untrained net of a
draft, or the last snapshot of a run at rest. It takes no place.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from mlpdash.errors import MlpDashError, RunError
from mlpdash.runs.server.known_runs import Run, Watcher
from mlpdash.runs.server.processes import Pool, Worker
from mlpdash.runs.wire import Header
from mlpdash.text import _

_LOG: Final = logging.getLogger(__name__)
_CRASHES: Final = 3  # processes in a row that may die before a picture is given up


@dataclass(frozen=True)
class Times:
    """How long the server waits for what, in seconds."""

    paused_leave: float = 60.0  # until a paused worker gives its place away
    viewer_leave: float = 60.0  # after the last request, until a viewer leaves
    unwatched_pause: float = 120.0  # until a run without an end that nobody watches is paused
    draft_expiry: float = 3600.0  # until a draft that nobody looks at is forgotten
    connect: float = 60.0  # for a process to connect, torch's import included
    exit_grace: float = 20.0  # for a process to save and end before it is killed
    tick: float = 1.0  # between two looks at all of this


class Crew:
    """Gives processes to runs, and takes them away."""

    def __init__(self, *, limit: int, viewers: int, times: Times, worker: str) -> None:
        self.limit = limit
        self.viewers = viewers
        self.times = times
        self.queue: list[Run] = []
        self.devices: tuple[tuple[str, str], ...] = (("cpu", "CPU"),)
        self.closing = False
        self._manned: dict[Worker, Run] = {}
        self.pool = Pool(
            self._heard,
            self._lost,
            self._gone,
            worker=worker,
            connect_timeout=times.connect,
            exit_grace=times.exit_grace,
        )

    # -- what is asked of it ------------------------------------------------------------------

    def request(self, run: Run, command: str) -> None:
        """Train, step or extend: now where there is a place, else in the queue."""
        worker = run.worker
        if worker is not None and worker.training and not worker.leaving:
            self._order(run, worker, command)
            return
        if run.wanted is None:
            self.queue.append(run)
        run.wanted = command
        run.enter("queued")
        self.pump()

    def cancel(self, run: Run) -> None:
        """Take a run out of the queue; it is again what it was before."""
        run.wanted = None
        self.queue.remove(run)
        run.enter(run.settled)
        self.tell(run)
        self.pump()

    def draw(self, run: Run) -> None:
        """See that a frame which somebody waits for is drawn by somebody."""
        waiting = [w for w in run.watchers.values() if w.request and not w.parked]
        if not waiting or run.worker is not None or self.closing:
            return
        if run.crashes >= _CRASHES:
            self._park(run)
            run.crashes = 0
            run.message = _("The picture cannot be drawn; the server's log says why.")
            self.tell(run)
        elif sum(not worker.training for worker in self._manned) < self.viewers:
            self._man(run, "idle")

    def dismiss(self, run: Run) -> None:
        """Tell the run's process to save and leave; requests wait until there is news."""
        if run.worker is not None:
            self._park(run)
            run.worker.leave(self.times.exit_grace)

    def renew(self, run: Run) -> None:
        """Have another process draw the run, since what it is has changed."""
        if run.worker is not None:
            run.worker.leave(self.times.exit_grace)

    def change(self, run: Run, changes: dict[str, Any]) -> None:
        """Pass on changes to the net; the process writes them down as events."""
        if run.worker is not None and not run.worker.leaving:
            run.worker.send({"kind": "set", "changes": changes})
            return
        run.unsent.update(changes)
        if run.worker is None:
            self._man(run, "idle")

    def ask(self, run: Run, message: Header) -> None:
        """Pass on a question about the net to its process; all who watch get the answer.

        Raises
        ------
        RunError : the process is just leaving
        """
        worker = run.worker or self._man(run, "idle")
        if worker.leaving:
            raise RunError(_("the run is just being put away; ask again in a moment."))
        worker.send(message)

    def record(self, run: Run) -> None:
        """Write what a worker that is no more cannot write: how its run ended, and the pace."""
        if run.store is None:
            return
        try:
            with run.store.lock(timeout=0.2):
                said = run.store.record()
                news: dict[str, Any] = {"pace": run.pace}
                if run.state in ("failed", "stopped") and said["state"] != run.state:
                    news |= {"state": run.state, "message": run.message}
                if not news.items() <= said.items():
                    run.store.update(**news)
        except (MlpDashError, OSError) as error:
            _LOG.warning("the state of run %s could not be written: %s", run.id, error)

    def position(self, run: Run) -> int | None:
        """Return the place in the queue, 1 for the next, or None."""
        return self.queue.index(run) + 1 if run.wanted is not None else None

    def tell(self, run: Run, only: Watcher | None = None, **more: Any) -> None:
        """Tell the state of the run to all who watch it, or to one."""
        status = {
            **run.extra,
            "kind": "status",
            "state": run.state,
            "epoch": run.epoch,
            "step": run.step,
            "message": run.message,
            "queue": self.position(run),
            "pace": run.pace,
            **more,
        }
        for watcher in [only] if only else run.watchers.values():
            watcher.tell({**status, "control": watcher.control})

    def look_after(self, runs: Iterable[Run]) -> None:
        """Do what is due by now; called every `tick`."""
        now = time.monotonic()
        for worker, run in list(self._manned.items()):
            if worker.leaving:
                continue
            rested = now - run.state_since
            if not worker.training:
                if worker.spoke and now - run.touched > self.times.viewer_leave:
                    self.dismiss(run)
            elif run.state == "paused" and rested > self.times.paused_leave:
                self.dismiss(run)
            elif run.state == "running" and run.experiment.train.epochs is None:
                unwatched = 0.0 if run.watchers else min(rested, now - run.touched)
                if unwatched > self.times.unwatched_pause:
                    worker.send({"kind": "pause"})
        for run in runs:
            self.draw(run)

    async def close(self) -> None:
        """See everybody out."""
        self.closing = True
        self.queue.clear()
        await self.pool.close()

    # -- places -------------------------------------------------------------------------------

    def pump(self) -> None:
        """Start queued runs, first come first served, while there are places."""
        for run in list(self.queue):
            if self.closing or sum(worker.training for worker in self._manned) >= self.limit:
                break
            worker = run.worker
            if worker is not None and run.settled == "failed":
                worker.leave(self.times.exit_grace)  # it could not open the run; another one may
            if worker is not None and worker.leaving:
                continue  # its end pumps again
            self.queue.remove(run)
            command, run.wanted = run.wanted or "train", None
            self._begin(run, command)
        for run in self.queue:
            self.tell(run)

    def _begin(self, run: Run, command: str) -> None:
        worker = run.worker
        if worker is None and command == "train":
            worker = self._man(run, "train")
            self._mark(run, worker)
        else:
            self._order(run, worker or self._man(run, "idle"), command)

    def _order(self, run: Run, worker: Worker, command: str) -> None:
        folder = str(run.store.folder) if run.store else None
        worker.send({"kind": command, "folder": folder})
        if run.state != "running":
            self._mark(run, worker)

    def _mark(self, run: Run, worker: Worker) -> None:
        """Show the run as running; what the worker said before it heard of it is stale."""
        worker.training = True
        worker.stale = (run.settled, run.message)
        run.message = ""
        run.enter("running")
        self.tell(run)
        self._share()

    def _man(self, run: Run, mode: str) -> Worker:
        """Start a process for the run and tell it all it needs."""
        worker = self.pool.spawn(run.id)
        self._manned[worker] = run
        run.worker = worker
        worker.send(
            {
                "kind": "open",
                "experiment": run.experiment.model_dump(mode="json"),
                "folder": str(run.store.folder) if run.store else None,
                "mode": mode,
                "pace": run.pace,
                "others": self._others(worker),
            }
        )
        worker.others = self._others(worker)
        if run.unsent:
            worker.send({"kind": "set", "changes": run.unsent})
            run.unsent = {}
        for watcher in run.watchers.values():
            if watcher.request is not None:
                worker.send(watcher.request)
        return worker

    def _others(self, worker: Worker) -> int:
        """Return how many other runs train now; a paused one leaves its cores to them."""
        return sum(
            run.state == "running" and other.training and other is not worker
            for other, run in self._manned.items()
        )

    def _share(self) -> None:
        """Tell all processes how many run beside them, where that is another number now."""
        for worker in self._manned:
            others = self._others(worker)
            if others != worker.others and not worker.leaving:
                worker.others = others
                worker.send({"kind": "others", "count": others})

    def _park(self, run: Run) -> None:
        for watcher in run.watchers.values():
            watcher.parked = True

    # -- what processes say, and their end ------------------------------------------------------

    def _heard(self, worker: Worker, header: Header, body: bytes) -> None:
        run = self._manned[worker]
        if not worker.spoke:
            worker.spoke = True
            run.touched = time.monotonic()
        kind = header.get("kind")
        if kind == "frame":
            self._frame(run, worker, header, body)
        elif kind == "status":
            known = ("kind", "state", "epoch", "step", "message")
            run.extra = {name: value for name, value in header.items() if name not in known}
            self._note(run, worker, header)
            self.tell(run)
        elif kind == "bye":
            self._note(run, worker, {**header, "message": header.get("message", run.message)})
        elif kind == "lr_found":
            for watcher in run.watchers.values():
                watcher.tell(header)
        elif kind == "devices":
            self.devices = tuple((d["name"], d["label"]) for d in header["devices"])

    def _frame(self, run: Run, worker: Worker, header: Header, body: bytes) -> None:
        run.crashes = 0
        if header.get("state") != run.state:
            self._note(run, worker, header)
        elif worker.stale is None:
            run.epoch, run.step = header.get("epoch", run.epoch), header.get("step", run.step)
        watcher = run.watchers.get(header.get("to", -1))
        if watcher is not None:
            watcher.request = None
            watcher.send(body)

    def _note(self, run: Run, worker: Worker, said: Header) -> None:
        """Take over what a process says of its run."""
        state, message = str(said.get("state")), str(said.get("message") or "")
        if worker.dismissed and run.state == "stopped":
            return  # it left as paused, and was stopped since
        stale = worker.stale
        if stale is not None and state == stale[0] and message in ("", stale[1]):
            return
        worker.stale = None
        run.epoch, run.step = said.get("epoch", run.epoch), said.get("step", run.step)
        run.message = message
        if run.wanted is not None:
            run.settled = state
            return
        run.enter(state)
        if worker.training and state not in ("running", "paused"):
            worker.training = False
            run.touched = time.monotonic()
            self.pump()
        self._share()

    def _lost(self, worker: Worker) -> None:
        """The connection has ended, or was never made."""
        run = self._manned[worker]
        if worker.dismissed or self.closing:
            return
        if not worker.training:
            run.crashes += 1
        if worker.bye or not worker.training:
            return
        self._park(run)
        run.message = (
            _("The worker was killed. What it had saved is kept; press Train to go on from there.")
            if worker.streams.done() and not worker.streams.cancelled()
            else _(
                "No worker could be started; the server's log says why. Press Train to try again."
            )
        )
        run.enter("failed")
        self.tell(run)

    def _gone(self, worker: Worker) -> None:
        """The process is no more, and with it its lock."""
        run = self._manned.pop(worker)
        run.worker = None
        self.record(run)
        if self.closing:
            return
        self._share()
        self.pump()
        if run.unsent and run.worker is None:
            self._man(run, "idle")
        self.draw(run)
