"""The process that trains one run and answers those who watch it.

It connects to the server, is told what to open, and then does what messages say between two
steps. When the connection ends, it saves and leaves. Without a run to train it only draws: the
untrained net of a draft, or the last snapshot of a run that has ended.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, assert_never

from mlpdash.data.preparing.prepared import prepared_to_json
from mlpdash.errors import MlpDashError
from mlpdash.runs.disk.store import State, Store
from mlpdash.runs.messages.lines import WORKER_WANTED
from mlpdash.runs.messages.reader import read
from mlpdash.runs.messages.server_to_worker import (
    READER,
    Command,
    DrawFrame,
    Edit,
    Exit,
    Extend,
    FindLr,
    Forget,
    Open,
    Others,
    Pause,
    Set,
    SetPace,
    Step,
    Stop,
    Train,
    WorkerOrder,
)
from mlpdash.runs.messages.worker_to_server import (
    Bye,
    Device,
    Devices,
    Hello,
    LrFound,
    WorkerStatus,
)
from mlpdash.runs.wire import Link, WireError
from mlpdash.runs.worker.frame_header import NO_PROGRESS, progress_of
from mlpdash.runs.worker.frames import Frames
from mlpdash.runs.worker.paced_training import PacedTraining
from mlpdash.runs.worker.run_folder import RunFolder
from mlpdash.runs.worker.session import Session
from mlpdash.runs.worker.view import Request
from mlpdash.text import _
from mlpdash.training.finder import find_lr
from mlpdash.training.loop.events import Event
from mlpdash.training.machine.devices import Chosen, available

_LOG: Final = logging.getLogger(__name__)
IDLE_SECONDS: Final = 60.0  # how long it waits for a message when it has nothing to do
QUIET_SECONDS: Final = 0.7  # how long nobody asks anything of a draft before it is calibrated
CHANGES: Final = (Set, Edit, FindLr)


class Worker:
    """Train one run and answer those who watch it, as messages say. `run` does it to the end."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._session: Session | None = None
        self._folder: RunFolder | None = None  # a draft has none
        self._frames: Frames | None = None
        self.state: State = "idle"
        self._message = ""
        self._training = PacedTraining()
        self._attempt = 0  # the server's number of the last command to train, see `_tell`
        self._leaving = False
        self._others = 0  # other runs that train now

    def run(self) -> None:
        """Do what messages say until told to exit, or until the server has gone."""
        try:
            while not self._leaving:
                self._read_messages()
                if self.state == "running":
                    self._train()
                self._answer_watchers()
        except (EOFError, OSError):
            pass
        except WireError as error:
            _LOG.error("the server was not understood: %s", error)
        finally:
            self._leave()

    # -- messages ---------------------------------------------------------------------------

    def _read_messages(self) -> None:
        """Do what messages say; wait for one if there is nothing else to do."""
        while (received := self._receive(self._seconds_to_wait())) is not None:
            self._carry_out(received)
            if self._leaving or self.state == "running" or (self._frames and self._frames.waiting):
                break
        else:
            if self._session is not None and self.state == "idle":
                self._calibrate(self._session)  # so that the click on Train need not wait for it
            return
        while (received := self._receive(0.0)) is not None:
            self._carry_out(received)

    def _receive(self, timeout: float) -> WorkerOrder | None:
        """Return the next message; waiting counts as the worker's own time.

        Raises
        ------
        WireError : it is none that a server may send to a worker
        """
        began = time.perf_counter()
        received = self._link.receive(timeout=timeout)
        if timeout != 0 and self._session is not None:
            self._session.clock.waited += time.perf_counter() - began
        return None if received is None else read(READER, received[0])

    def _seconds_to_wait(self) -> float:
        """Return how long it may wait for a message before there is something else to do."""
        if self.state == "running":
            return max(0.0, min(self._training.seconds_to_wait(), self._seconds_to_frame()))
        session = self._session
        if self.state == "idle" and session is not None and not session.processor.measured:
            return QUIET_SECONDS
        return IDLE_SECONDS

    def _seconds_to_frame(self) -> float:
        return 0.01 if self._frames is not None and self._frames.waiting else IDLE_SECONDS

    def _carry_out(self, message: WorkerOrder) -> None:
        if isinstance(message, Open | Train | Step | Extend):
            self._attempt = message.attempt
        try:
            match message:
                case Open():
                    self._open(message)
                case Exit():
                    self._leaving = True
                case _ if self._session is None or self._frames is None:
                    if isinstance(message, Train | Step | Extend):
                        self._tell()  # it could not be opened; the message says why
                case DrawFrame():
                    self._frames.ask(message.to, Request.of(message))
                case Forget():
                    self._frames.forget(message.to)
                case _:
                    self._command(self._session, message)
        except MlpDashError as error:
            if isinstance(message, CHANGES):
                self._message = str(error)  # nothing has changed, so what trains goes on
                self._tell()
            else:
                self._fail(str(error))

    def _command(self, session: Session, message: Command) -> None:
        match message:
            case Train() | Step() | Extend():
                self._start(session, message)
            case Pause():
                if self.state == "running":
                    self._halt("paused")
            case Stop():
                if self.state in ("running", "paused"):
                    self._halt("stopped")
            case Set():
                changes = message.changes.items()
                self._record(*(partial(session.change, name, value) for name, value in changes))
            case Edit():
                self._record(partial(session.edit, message.field, message.place, message.value))
            case Others():
                self._others = message.count
                self._share_cores(session)
            case FindLr():
                self._find_lr(session)
            case SetPace():
                self._training.change_pace(message.pace)
            case _:
                assert_never(message)

    # -- the run ----------------------------------------------------------------------------

    def _open(self, message: Open) -> None:
        self._training = PacedTraining(message.pace)
        store = Store(Path(message.folder)) if message.folder else None
        record = store.record() if store is not None else {}
        chosen = Chosen(record["device"], record["threads"]) if "device" in record else None
        self._others = message.others
        session = Session(message.experiment, chosen, others=self._others)
        self._session, self._frames = session, Frames(session, self._link)
        if store is not None:
            session.open(store)
            self._folder, self.state = RunFolder(store), store.state()
            self._message = str(record.get("message", ""))
        self._tell()
        devices = tuple(Device(name=one.name, label=one.label) for one in available())
        self._link.send(Devices(devices=devices).text())

    def _start(self, session: Session, message: Train | Step | Extend) -> None:
        """Train on, or for one epoch; a run that had reached its end gets as many epochs again."""
        folder = self._lock_run(session, message.folder)
        is_step = isinstance(message, Step)
        learner = session.learner
        if session.is_done:
            more = 1 if is_step else session.experiment.train.epochs or 1
            folder.record(partial(session.change, "epochs", learner.epoch + more))
        if is_step:
            self._training.start(stop_after=learner.epoch + 1)
        elif self.state != "running":
            self._training.start()
        if self.state != "running":
            session.clock.forget_speed()
            self._become("running")
        else:
            self._tell()  # each command to train is answered

    def _lock_run(self, session: Session, folder: str) -> RunFolder:
        """Become the run's one writer, for as long as it can train; a draft gets its folder."""
        if self._folder is None:
            self._folder = RunFolder(Store(Path(folder)))
        if not self._folder.is_locked:
            self._folder.lock()
            if session.recorder is None:
                self._calibrate(session)
                self._folder.store.update(**session.processor.record)
                self._folder.store.write_preprocessor(prepared_to_json(session.prepared))
                session.write_to(self._folder.store)
            self._share_cores(session)
        return self._folder

    def _share_cores(self, session: Session) -> None:
        """Leave cores to the runs that train at the same time."""
        event = session.share_cores(self._others)
        if event is not None and self._folder is not None and self._folder.is_locked:
            self._folder.append(event)

    def _calibrate(self, session: Session) -> None:
        """Choose the device, before the first step; pictures are drawn where the net is."""
        before, reason = session.chosen, session.processor.reason
        session.calibrate()
        if self._frames is None or session.processor.reason == reason:
            return
        self._frames.redraw()  # the page says how it was chosen
        if session.chosen.device != before.device:
            self._frames.use_device()

    def _record(self, *changes: Callable[[], Event]) -> None:
        """Change the nets and write it down, tell of it, and show it although no step was taken."""
        if self._folder is None:
            return
        for change in changes:
            self._folder.record(change)
        if self.state == "running":
            self._message = ""  # of a change that was refused
        elif self._session is not None and self._session.score_at_rest():
            self._message = _(
                "The net was changed by hand: numbers and figures are of the net as it is now, "
                "the curves end before the change."
            )
        if self._frames is not None:
            self._frames.redraw()
        self._tell()

    def _find_lr(self, session: Session) -> None:
        """Sweep the learning rate on copies and tell everyone; the run goes on as it was."""
        found = find_lr(session.learner)
        self._link.send(
            LrFound(
                lr=tuple(found.lr.tolist()),
                loss=tuple(found.loss.tolist()),
                suggestion=found.suggestion,
                message="",
            ).text()
        )

    def _train(self) -> None:
        assert self._session is not None
        ended = self._training.train(self._session)
        if ended is not None:
            self._halt(*ended)

    def _halt(self, state: State, message: str = "") -> None:
        """Save, and stop training; a run that is only paused stays this worker's own."""
        assert self._session is not None
        self._session.score_at_rest()
        self._session.save()
        self._become(state, message)
        if state != "paused" and self._folder is not None:
            self._folder.release()

    def _become(self, state: State, message: str = "") -> None:
        self.state, self._message = state, message
        if self._folder is not None:
            self._folder.set_state(state, message)
        self._tell()

    def _fail(self, message: str) -> None:
        """Report what a person can do something about; the net, if there is one, is kept."""
        if self.state == "running":
            self._halt("paused", message)
        else:
            self.state = "failed" if self._session is None else self.state
            self._message = message
            self._tell()

    # -- what it says -----------------------------------------------------------------------

    def _tell(self) -> None:
        """Tell everyone the state, at each change of it, and to which command it is the answer."""
        now = progress_of(self._session, self.state) if self._session else NO_PROGRESS
        status = WorkerStatus(attempt=self._attempt, state=self.state, message=self._message, **now)
        self._link.send(status.text())

    def _answer_watchers(self) -> None:
        if self._frames is not None and self._frames.waiting:
            self._frames.answer(self.state, self._message)

    def _leave(self) -> None:
        """Save, say goodbye, and give the run to whoever trains it next."""
        if self._session is not None and self._folder is not None and self._folder.is_locked:
            if self.state == "running":
                self.state = "paused"
                if not self._leaving:
                    self._message = _("The server was stopped; press Train to continue.")
            with contextlib.suppress(OSError):
                self._session.save()
                self._folder.set_state(self.state, self._message)
            self._folder.release()
        with contextlib.suppress(OSError):
            self._link.send(Bye(attempt=self._attempt, state=self.state).text())
        self._link.close()


def main(address: tuple[str, int], token: str, run: str) -> None:
    """Connect to the server and work for the run `run`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, whose end we see
    hello = Hello(token=token, run=run, pid=os.getpid())
    try:
        link = Link.connect(address, hello.text())
    except OSError:
        sys.exit(1)
    Worker(link).run()


if __name__ == "__main__":  # where workers cannot be forked: the request comes on stdin
    wanted = read(WORKER_WANTED, sys.stdin.readline())
    main(wanted.address, wanted.token, wanted.run)
