"""Which run has a process and a place, and which one waits for one: the queue.

`handle` is where everything that happens to a run goes through `lifecycle.TABLE`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final, assert_never

from mlpdash.errors import RunError
from mlpdash.runs.disk.store import State
from mlpdash.runs.messages.message import Changes
from mlpdash.runs.messages.server_to_worker import Pause, Set, Stop, WorkerOrder
from mlpdash.runs.messages.worker_to_server import (
    Bye,
    Devices,
    Frame,
    Hello,
    LrFound,
    WorkerMessage,
    WorkerStatus,
)
from mlpdash.runs.server.known_runs import Run, Speed, Watcher
from mlpdash.runs.server.lifecycle import (
    ASKED,
    ENDING,
    HOLDS_PLACE,
    RUNNING,
    TABLE,
    Action,
    Event,
    Phase,
)
from mlpdash.runs.server.run_processes import RunProcesses
from mlpdash.runs.server.times import Times, due
from mlpdash.text import _

_LOG: Final = logging.getLogger(__name__)
_MOST_CRASHES: Final = 3  # viewers in a row that may die before a picture is given up
_About = WorkerOrder | WorkerStatus | Bye | None  # the message that an event comes with
_SAYS: Final[Mapping[State, Event]] = {"running": Event.SAYS_RUNNING, "paused": Event.SAYS_PAUSED}
_HAS_PLACE_NEXT: Final = frozenset({Phase.QUEUED, Phase.QUEUED_OPENING, Phase.QUEUED_VIEWING})


class Scheduler:
    """Gives processes and places to runs, and takes them away.

    Parameters
    ----------
    limit : how many places there are
    viewers : how many processes may be there only to draw
    """

    def __init__(self, *, limit: int, viewers: int, times: Times, worker: str) -> None:
        self.limit = limit
        self.viewers = viewers
        self.times = times
        self.queue: list[Run] = []
        self.devices: tuple[tuple[str, str], ...] = (("cpu", "CPU"),)
        self.processes = RunProcesses(worker, times, self.on_message, self.handle)
        self._closing = False
        self._actions: dict[Action, Callable[[Run, _About], None]] = {
            Action.NOTHING: lambda run, message: None,
            Action.JOIN_QUEUE: self._join_queue,
            Action.LEAVE_QUEUE: self._leave_queue,
            Action.LEAVE_QUEUE_AND_STOP: self._leave_queue_and_stop,
            Action.STOP_AT_REST: self._stop_at_rest,
            Action.OPEN: self._open,
            Action.OPEN_AND_TRAIN: self._open_and_train,
            Action.BEGIN_ATTEMPT: self._begin_attempt,
            Action.SEND: self._send,
            Action.SEND_PAUSE: lambda run, message: self.processes.send(run, Pause()),
            Action.SEND_STOP: lambda run, message: self.processes.send(run, Stop()),
            Action.SEND_EXIT: lambda run, message: self.processes.exit(run),
            Action.NOTE: self._note,
            Action.NOTE_RUNNING: self._note_running,
            Action.FREE_PLACE: self._free_place,
            Action.COUNT_CRASH: self._count_crash,
            Action.FAIL: self._fail,
            Action.FORGET_PROCESS: self._forget_process,
        }

    def handle(self, run: Run, event: Event, message: _About = None) -> None:
        """Do what the table says of an event.

        Raises
        ------
        RunError : a person asked for what cannot be done in this phase
        """
        found = TABLE.get((run.phase, event))
        if found is None:
            if event in ASKED:
                raise RunError(_("the run is being saved; try again in a moment."))
            _LOG.error("run %s %s, and yet %s", run.id, run.phase.value, event.value)
            return
        was_running = run.phase in RUNNING
        phase, action = found
        run.enter(phase)
        self._actions[action](run, message)
        if was_running != (phase in RUNNING):
            self.processes.share_cores()

    # -- what is asked of it ------------------------------------------------------------------

    def draw(self, run: Run) -> None:
        """Start a viewer if somebody waits for a frame and there is no process."""
        waiting = any(w.request and not w.deferred for w in run.watchers.values())
        if not waiting or run.worker is not None or self._closing:
            return
        if run.crashes >= _MOST_CRASHES:
            self._defer_requests(run)
            run.crashes = 0
            run.message = _("The picture cannot be drawn; the server's log says why.")
            self.tell(run)
        elif self.processes.viewers() < self.viewers:
            self.handle(run, Event.MESSAGE)

    def dismiss(self, run: Run) -> None:
        """Tell the run's process to save and exit; requests wait until there is news."""
        if run.worker is not None:
            self._defer_requests(run)
            self.handle(run, Event.DISMISS)

    def replace_viewer(self, run: Run) -> None:
        """Have another process draw the run, since what it is has changed."""
        if run.worker is not None:
            self.handle(run, Event.DISMISS)

    def change(self, run: Run, changes: Changes) -> None:
        """Pass on changes to the net; the process writes them down as events."""
        if run.phase in ENDING:
            run.unsent.update(changes)
        else:
            self.handle(run, Event.MESSAGE, Set(changes=changes))

    def position(self, run: Run) -> int | None:
        """Return the place in the queue, 1 for the next, or None."""
        return next((n for n, one in enumerate(list(self.queue), 1) if one is run), None)

    def tell(self, run: Run, only: Watcher | None = None) -> None:
        """Tell the state of the run to all who watch it, or to one."""
        position = self.position(run)
        for watcher in [only] if only else run.watchers.values():
            watcher.tell(run.status(position, control=watcher.control))

    def look_after(self, runs: Iterable[Run]) -> None:
        """Do what is due by now; called every `tick`."""
        now = time.monotonic()
        for run in self.processes.runs():
            event = due(run, now, self.times)
            if event is Event.DISMISS:
                self.dismiss(run)
            elif event is not None:
                self.handle(run, event)
        for run in runs:
            self.draw(run)

    async def close(self) -> None:
        """Tell all processes to save and exit, and wait until they have."""
        self._closing = True
        for run in list(self.queue):
            self.handle(run, Event.PAUSE)
        for run in self.processes.runs():
            self.handle(run, Event.DISMISS)
        await self.processes.pool.close()

    # -- the queue ----------------------------------------------------------------------------

    def _join_queue(self, run: Run, _message: _About) -> None:
        self.queue.append(run)
        self._start_next()

    def _leave_queue(self, run: Run, _message: _About) -> None:
        self.queue.remove(run)
        self.tell(run)
        self._start_next()

    def _leave_queue_and_stop(self, run: Run, message: _About) -> None:
        self._leave_queue(run, message)
        self._stop_at_rest(run, message)

    def _start_next(self) -> None:
        """Start queued runs, first come first served, while there are places."""
        for run in list(self.queue):
            if self._closing or self.processes.places() >= self.limit:
                break
            if run.phase not in _HAS_PLACE_NEXT:
                continue  # when its process has ended, it is looked at again
            if run.worker is not None and run.at_rest == "failed":
                self.handle(run, Event.DISMISS)  # it could not open the run; another one may
            else:
                self.queue.remove(run)
                self.handle(run, Event.PLACE)
        for run in self.queue:
            self.tell(run)

    # -- what is told to processes ------------------------------------------------------------

    def _open(self, run: Run, message: _About) -> None:
        self.processes.open(run)
        if message is not None:
            self._send(run, message)

    def _send(self, run: Run, message: _About) -> None:
        assert isinstance(message, WorkerOrder)
        self.processes.send(run, message)

    def _open_and_train(self, run: Run, message: _About) -> None:
        self.processes.open(run)
        self._begin_attempt(run, message)

    def _begin_attempt(self, run: Run, _message: _About) -> None:
        run.unwritten = {}
        run.message = ""
        self.processes.train(run)
        self.tell(run)

    def _defer_requests(self, run: Run) -> None:
        for watcher in run.watchers.values():
            watcher.deferred = True

    # -- what processes say, and their end ------------------------------------------------------

    def on_message(self, run: Run, message: WorkerMessage, body: bytes) -> None:
        """Take what a run's process says."""
        match message:
            case Frame():
                self._pass_on_frame(run, message, body)
            case WorkerStatus():
                if message.attempt == run.attempt:  # else a later command is on its way
                    self.handle(run, _SAYS.get(message.state, Event.SAYS_OVER), message)
            case Bye():
                is_answer = message.attempt == run.attempt
                self.handle(run, Event.GOODBYE if is_answer else Event.DISCONNECTED, message)
            case LrFound():
                for watcher in run.watchers.values():
                    watcher.tell(message)
            case Devices():
                self.devices = tuple((one.name, one.label) for one in message.devices)
            case Hello():
                pass  # it has said so when it came
            case _:
                assert_never(message)

    def _pass_on_frame(self, run: Run, frame: Frame, body: bytes) -> None:
        run.crashes = 0
        run.epoch, run.step = frame.epoch, frame.step
        watcher = run.watchers.get(frame.to)
        if watcher is not None:
            watcher.request = None
            watcher.send(body)

    def _note(self, run: Run, said: _About) -> None:
        assert isinstance(said, WorkerStatus | Bye)
        self._take_over(run, said, at_rest=said.state)

    def _note_running(self, run: Run, said: _About) -> None:
        assert isinstance(said, WorkerStatus | Bye)
        self._take_over(run, said, at_rest="paused")  # what it saves when it has to exit

    def _take_over(self, run: Run, said: WorkerStatus | Bye, at_rest: State) -> None:
        if run.unwritten and run.phase in ENDING:
            return  # the server has decided meanwhile how it ended
        if run.at_rest == "stopped" and at_rest == "paused" and run.phase not in HOLDS_PLACE:
            at_rest = "stopped"  # its viewer said so before it read that the run was stopped
        run.at_rest = at_rest
        if isinstance(said, WorkerStatus):
            run.speed = Speed(
                steps_per_second=said.steps_per_second, elapsed=said.elapsed, left=said.left
            )
            run.message, run.epoch, run.step = said.message, said.epoch, said.step
        self.tell(run)

    def _free_place(self, run: Run, said: _About) -> None:
        self._note(run, said)
        if run.at_rest in ("failed", "stopped"):  # its process may never have had the lock
            run.unwritten = {"state": run.at_rest, "message": run.message}
        self._start_next()

    def _stop_at_rest(self, run: Run, _message: _About) -> None:
        """End a paused run that holds no place, or whose process is ending."""
        if run.at_rest != "paused" or run.store is None:
            return
        run.at_rest = "stopped"
        run.unwritten = {"state": "stopped", "message": run.message}
        if run.listens:
            self.processes.send(run, Stop())  # its viewer's frames name the state
        self.tell(run)
        if run.phase not in HOLDS_PLACE:
            run.write_record()

    def _count_crash(self, run: Run, _message: _About) -> None:
        run.crashes += 1

    def _fail(self, run: Run, said: _About) -> None:
        self._defer_requests(run)
        run.at_rest = "failed"
        run.message = self._why_it_failed(run, said)
        run.unwritten = {"state": "failed", "message": run.message}
        self.tell(run)

    def _why_it_failed(self, run: Run, said: _About) -> str:
        if isinstance(said, Bye):
            return _("The worker has ended before it could train. Press Train to try again.")
        if run.worker is not None and run.worker.has_connected:
            return _(
                "The worker was killed. What it had saved is kept; press Train to continue from "
                "there."
            )
        return _("No worker could be started; the server's log says why. Press Train to try again.")

    def _forget_process(self, run: Run, _message: _About) -> None:
        self.processes.forget(run)
        run.write_record()
        if self._closing:
            return
        self._start_next()
        if run.unsent and run.worker is None:
            self.handle(run, Event.MESSAGE)
        self.draw(run)
