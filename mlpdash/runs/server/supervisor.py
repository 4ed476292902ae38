"""Every run of a server, and those who watch and control it.

`draft`, `describe` and `devices` may be called from any thread, and work before `start`, when
there is no server. All else happens in the event loop that called `start`.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
import secrets
import threading
import time
from typing import Final

from mlpdash.errors import MlpDashError, RunError
from mlpdash.runs.disk.store import is_run_id
from mlpdash.runs.messages.browser_to_server import READER, Command, Hello, Next, WantBaselines
from mlpdash.runs.messages.message import Pace
from mlpdash.runs.messages.reader import read
from mlpdash.runs.messages.server_to_browser import Refused
from mlpdash.runs.messages.server_to_worker import DrawFrame, Forget
from mlpdash.runs.server.commands import carry_out
from mlpdash.runs.server.known_runs import Run, RunInfo, Ticket, Watcher, digest
from mlpdash.runs.server.launcher import WORKER
from mlpdash.runs.server.lifecycle import Event, Phase
from mlpdash.runs.server.live_baselines import LiveBaselines
from mlpdash.runs.server.scheduler import Scheduler
from mlpdash.runs.server.times import Times
from mlpdash.runs.wire import WireError
from mlpdash.specs import Experiment
from mlpdash.text import _

__all__ = ["RunInfo", "Supervisor", "Ticket", "Times", "Watcher"]

_LOG: Final = logging.getLogger(__name__)


class Supervisor:
    """The runs of a server.

    Parameters
    ----------
    limit : how many runs may train or be paused in their place; default `MLPDASH_WORKERS`, or
        the number of cores
    viewers : how many processes may be there only to draw
    drafts : how many runs that nobody has started are remembered
    worker : what a worker runs, as module:function
    """

    def __init__(
        self,
        *,
        limit: int | None = None,
        viewers: int = 32,
        drafts: int = 1_000,
        times: Times | None = None,
        worker: str = WORKER,
    ) -> None:
        self._times = times or Times()
        self._scheduler = Scheduler(
            limit=limit or default_limit(), viewers=viewers, times=self._times, worker=worker
        )
        self._live_baselines = LiveBaselines()
        self._most_drafts = drafts
        self._runs: dict[str, Run] = {}
        self._runs_lock = threading.Lock()  # over which runs there are
        self._ids = itertools.count(1)
        self._caretaker: asyncio.Task[None] | None = None

    # -- from any thread ----------------------------------------------------------------------

    @property
    def devices(self) -> tuple[tuple[str, str], ...]:
        """Name and label of the devices that there are, as far as a worker has told."""
        return self._scheduler.devices

    def draft(self, experiment: Experiment, pace: Pace = "full") -> Ticket:
        """Make a run that nobody has started; it lives in memory until somebody does."""
        # After an edit of the code the page's `Experiment` may be another class than ours.
        experiment = Experiment.model_validate_json(experiment.model_dump_json())
        ticket = Ticket(secrets.token_urlsafe(16), secrets.token_urlsafe(24))
        run = Run(ticket.run_id, experiment, digest(ticket.secret), pace=pace)
        with self._runs_lock:
            self._runs[run.id] = run
            idle = [r for r in self._runs.values() if r.store is None and not r.watchers]
            for old in sorted(idle, key=lambda r: r.touched)[: -self._most_drafts]:
                del self._runs[old.id]
        return ticket

    def describe(self, run_id: str) -> RunInfo | None:
        """Return what there is to know of a run; None when it is unknown, or cannot be read."""
        try:
            run = self._runs.get(run_id) or Run.from_disk(run_id)
            return run.info(self._scheduler.position(run))
        except MlpDashError:
            return None

    # -- in the event loop --------------------------------------------------------------------

    async def start(self) -> None:
        """Listen for workers and start the launcher."""
        await self._scheduler.processes.pool.start()
        self._caretaker = asyncio.create_task(self._look_after_runs())

    async def close(self) -> None:
        """Tell workers to save and stop, and wait until no process is left."""
        if self._caretaker is not None:
            self._caretaker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._caretaker
        for run in self._all():
            for watcher in run.watchers.values():
                watcher.send(None)
        await self._live_baselines.close()
        await self._scheduler.close()

    def processes(self) -> list[int]:
        """Return the ids of all processes that belong to this server."""
        return [*self._scheduler.processes.pool.processes(), *self._live_baselines.processes()]

    async def watch(self, run_id: str) -> Watcher:
        """Add somebody who watches a run.

        Raises
        ------
        RunError : there is no such run, or its folder is damaged
        """
        run = self._runs.get(run_id)
        if run is None:
            if not is_run_id(run_id):
                raise RunError(_("this is not the id of a run."))
            found = await asyncio.to_thread(Run.from_disk, run_id)
            with self._runs_lock:
                run = self._runs.setdefault(run_id, found)
        watcher = Watcher(next(self._ids), run)
        run.watchers[watcher.id] = watcher
        run.touched = time.monotonic()
        return watcher

    def leave(self, watcher: Watcher) -> None:
        """Remove somebody who has stopped watching."""
        run = watcher.run
        if run.watchers.pop(watcher.id, None) is None:
            return
        run.touched = time.monotonic()
        self._live_baselines.unsubscribe(watcher.id)
        if run.worker is None:
            return
        if not run.watchers and run.store is None:
            self._scheduler.dismiss(run)  # nobody will come back to a draft that was changed
        elif run.listens:
            self._scheduler.handle(run, Event.MESSAGE, Forget(to=watcher.id))

    def hear(self, watcher: Watcher, text: str) -> None:
        """Do what a browser says, or tell it in a sentence why not."""
        watcher.run.touched = time.monotonic()
        try:
            message = read(READER, text)
        except WireError as error:
            _LOG.debug("a browser was not understood: %s", error)
            watcher.tell(Refused(message=_("the server does not understand this page; reload it.")))
            return
        match message:
            case Hello():
                watcher.control = message.secret is not None and watcher.run.allows(message.secret)
                self._scheduler.tell(watcher.run, watcher)
            case Next():
                self._request_frame(watcher, message)
            case WantBaselines():
                self._show_baselines(watcher, wanted=message.wanted)
            case _:
                self._command(watcher, message)

    def _command(self, watcher: Watcher, message: Command) -> None:
        try:
            if not watcher.control:
                raise RunError(
                    _("only the browser that made this run can control it; you can watch.")
                )
            carry_out(self._scheduler, watcher.run, message)
        except (MlpDashError, OSError) as error:
            watcher.tell(Refused(message=str(error)))

    def _show_baselines(self, watcher: Watcher, *, wanted: bool) -> None:
        """Tell what simpler methods reach on the run's rows, or stop telling."""
        if wanted:
            self._live_baselines.subscribe(watcher.id, watcher.run.current(), watcher.tell)
        else:
            self._live_baselines.unsubscribe(watcher.id)

    def _request_frame(self, watcher: Watcher, message: Next) -> None:
        """Pass on a request for a frame; one that waits already is replaced."""
        run = watcher.run
        watcher.deferred = False
        watcher.request = DrawFrame(
            to=watcher.id, view=message.view, have=message.have, force=message.force
        )
        if run.worker is None:
            self._scheduler.draw(run)
        elif run.listens:
            self._scheduler.handle(run, Event.MESSAGE, watcher.request)

    async def _look_after_runs(self) -> None:
        while True:
            await asyncio.sleep(self._times.tick)
            try:
                self._forget_unused()
                self._scheduler.look_after(self._all())
            except Exception:  # noqa: BLE001 - one run's fault must not stop the care of others
                _LOG.exception("a fault of ours; the runs go on")

    def _forget_unused(self) -> None:
        """Drop what nobody looks at: old drafts, and runs at rest, which are on disk."""
        now = time.monotonic()
        for run in self._all():
            if run.watchers or run.phase is not Phase.RESTING:
                continue
            keep = self._times.viewer_leave if run.store else self._times.draft_expiry
            if now - run.touched > keep:
                with self._runs_lock:
                    self._runs.pop(run.id, None)

    def _all(self) -> list[Run]:
        with self._runs_lock:
            return list(self._runs.values())


def default_limit() -> int:
    """Return how many runs train at once: `MLPDASH_WORKERS`, or the number of cores."""
    named = os.environ.get("MLPDASH_WORKERS", "")
    if named.isdecimal() and int(named) > 0:
        return int(named)
    if named:
        _LOG.warning("MLPDASH_WORKERS must be a whole number of at least 1; got %r", named)
    return os.cpu_count() or 1
