"""The process that trains one run and answers those who watch it.

It connects to the server, is told what to open, and then does what messages say between two
steps. When the connection ends, it saves and leaves. Without a run to train it only draws: the
untrained net of a draft, or the last snapshot of a run that has ended.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any, Final

from filelock import BaseFileLock

from mlpdash.data.preparing.prepared import prepared_to_json
from mlpdash.errors import MlpDashError
from mlpdash.runs.disk.store import Store
from mlpdash.runs.wire import Link, WireError
from mlpdash.runs.worker.frames import Frames, Request, clock
from mlpdash.runs.worker.session import Session
from mlpdash.specs import Experiment
from mlpdash.text import _
from mlpdash.training.finder import find_lr
from mlpdash.training.machine.devices import Chosen, available

LOOK_SECONDS: Final = 0.004  # how long it trains before it looks for messages
REST_SECONDS: Final = 60.0  # how long it waits for a message when it has nothing to do
QUIET_SECONDS: Final = 0.7  # how long nobody asks anything of a draft before it is calibrated
CHANGES: Final = ("set", "edit", "find_lr")
PACES: Final[dict[str, float]] = {"10": 1 / 10, "60": 1 / 60, "full": 0.0}  # seconds per epoch


class Worker:
    """The state of a worker. `run` is its life."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._session: Session | None = None
        self._store: Store | None = None
        self._frames: Frames | None = None
        self._lock: BaseFileLock | None = None
        self.state = "idle"
        self._message = ""
        self._pace = 0.0
        self._next_epoch = 0.0  # when the pace lets the next epoch start
        self._stop_after: int | None = None  # the epoch to pause at, for a single step
        self._leaving = False
        self._others = 0  # other runs that train now

    def run(self) -> None:
        """Do what messages say until told to exit, or until the server has gone."""
        try:
            while not self._leaving:
                self._hear()
                if self.state == "running":
                    self._train()
                self._show()
        except (EOFError, OSError, WireError):
            pass
        finally:
            self._leave()

    # -- messages ---------------------------------------------------------------------------

    def _hear(self) -> None:
        """Obey what has come; when nothing does and nothing is to do, wait for it."""
        while (received := self._receive(self._patience())) is not None:
            self._obey(received[0])
            if self._leaving or self.state == "running" or (self._frames and self._frames.waiting):
                break
        else:
            if self._session is not None and self.state == "idle":
                self._calibrate(self._session)  # so that the click on Train need not wait for it
            return
        while (received := self._receive(0.0)) is not None:
            self._obey(received[0])

    def _receive(self, patience: float) -> tuple[dict[str, Any], memoryview] | None:
        """Return the next message; waiting counts as time of its own on the session's clock."""
        if patience == 0 or self._session is None:
            return self._link.receive(timeout=patience)
        began = time.perf_counter()
        received = self._link.receive(timeout=patience)
        self._session.waited += time.perf_counter() - began
        return received

    def _patience(self) -> float:
        """How long it may wait for a message before there is something else to do."""
        if self.state == "running":
            return max(0.0, min(self._next_epoch - time.perf_counter(), self._until_frame()))
        session = self._session
        if self.state == "idle" and session is not None and not session.processor.measured:
            return QUIET_SECONDS
        return REST_SECONDS

    def _until_frame(self) -> float:
        return 0.01 if self._frames is not None and self._frames.waiting else REST_SECONDS

    def _obey(self, message: dict[str, Any]) -> None:
        kind = message.get("kind")
        try:
            if kind == "open":
                self._open(message)
            elif kind == "exit":
                self._leaving = True
            elif self._session is None or self._frames is None:
                return  # it could not be opened; the status said why
            elif kind == "frame":
                self._frames.ask(int(message["to"]), Request.read(message))
            elif kind == "forget":
                self._frames.forget(int(message["to"]))
            else:
                self._command(str(kind), message)
        except MlpDashError as error:
            if kind in CHANGES:
                self._message = str(error)  # nothing has changed, so what trains goes on
                self._tell()
            else:
                self._fail(str(error))

    def _command(self, kind: str, message: dict[str, Any]) -> None:
        assert self._session is not None
        if kind in ("train", "step", "extend"):
            self._start(kind, message)
        elif kind == "pause" and self.state == "running":
            self._halt("paused")
        elif kind == "stop" and self.state in ("running", "paused"):
            self._halt("stopped")
        elif kind == "set" and self._store is not None:
            for name, value in message.get("changes", {}).items():
                self._change(self._session, self._store, str(name), value)
            self._changed()
        elif kind == "edit" and self._store is not None:
            with self._writing(self._store):
                event = self._session.edit(str(message["field"]), message["value"])
                self._store.append_event(event.step, event.field, event.value)
            self._changed()
        elif kind == "others":
            self._others = int(message["count"])
            self._share(self._session)
        elif kind == "find_lr":
            self._find_lr(self._session)
        elif kind == "pace":
            self._pace = PACES.get(str(message.get("pace")), 0.0)
            self._next_epoch = time.perf_counter()

    # -- the run ----------------------------------------------------------------------------

    def _open(self, message: dict[str, Any]) -> None:
        experiment = Experiment.model_validate(message["experiment"])
        self._pace = PACES.get(str(message.get("pace")), 0.0)
        store = Store(Path(message["folder"])) if message.get("folder") else None
        record = store.record() if store is not None else {}
        chosen = Chosen(record["device"], record["threads"]) if "device" in record else None
        self._others = int(message.get("others", 0))
        session = Session(experiment, chosen, others=self._others)
        self._session, self._frames = session, Frames(session, self._link)
        if store is not None:
            session.open(store)
            self._store, self.state = store, store.state()
            self._message = str(record.get("message", ""))
        if message.get("mode") == "train":
            self._start("train", message)
        else:
            self._tell()
        devices = [{"name": device.name, "label": device.label} for device in available()]
        self._link.send({"kind": "devices", "devices": devices})

    def _start(self, kind: str, message: dict[str, Any]) -> None:
        """Train on, or for one epoch; a run that had reached its end gets as many epochs again."""
        session = self._session
        assert session is not None
        self._own(message)
        learner = session.learner
        if session.is_done:
            more = 1 if kind == "step" else session.experiment.train.epochs or 1
            assert self._store is not None
            self._change(session, self._store, "epochs", learner.epoch + more)
        if kind == "step":
            self._stop_after = learner.epoch + 1
            self._next_epoch = 0.0
        elif self.state != "running":
            self._stop_after = None
            self._next_epoch = 0.0
        if self.state != "running":
            session.rest()
            self._become("running")

    def _own(self, message: dict[str, Any]) -> None:
        """Become the run's one writer, for as long as it can train."""
        session = self._session
        if self._lock is not None or session is None:
            return
        if self._store is None:
            self._store = Store(Path(message["folder"]))
        self._lock = self._store.lock()
        if session.store is None:
            self._calibrate(session)
            self._store.update(**session.processor.record)
            self._store.write_preprocessor(prepared_to_json(session.prepared))
            session.write_to(self._store)
        self._share(session)

    def _share(self, session: Session) -> None:
        """Leave cores to the runs beside this one."""
        event = session.share(self._others)
        if event is not None and self._lock is not None and self._store is not None:
            self._store.append_event(event.step, event.field, event.value)

    def _calibrate(self, session: Session) -> None:
        """Choose the device, before the first step; pictures are drawn where the net is."""
        before, said = session.chosen, session.processor.said
        session.calibrate()
        if self._frames is None or session.processor.said == said:
            return
        self._frames.again()  # the page says how it was chosen
        if session.chosen.device != before.device:
            self._frames.move(session)

    def _disown(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _change(self, session: Session, store: Store, name: str, value: Any) -> None:
        """Change a live field; who only views a run holds its lock for that moment."""
        with self._writing(store):
            event = session.change(name, value)
            store.append_event(event.step, event.field, event.value)

    def _writing(self, store: Store) -> contextlib.AbstractContextManager[object]:
        """Return what makes this process the run's one writer for a moment, if it is not."""
        return contextlib.nullcontext() if self._lock is not None else store.lock()

    def _changed(self) -> None:
        """Tell of a change, and show it although no step was taken."""
        if self.state == "running":
            self._message = ""  # of a change that was refused
        if self._frames is not None:
            self._frames.again()
        self._tell()

    def _find_lr(self, session: Session) -> None:
        """Sweep the learning rate on copies and tell everyone; the run goes on as it was."""
        found = find_lr(session.learner)
        losses = [loss if math.isfinite(loss) else None for loss in found.loss.tolist()]
        answer = {"lr": found.lr.tolist(), "loss": losses, "suggestion": found.suggestion}
        self._link.send({"kind": "lr_found", **answer, "message": ""})

    def _train(self) -> None:
        """Train for a few milliseconds, or for one epoch where a pace is set."""
        assert self._session is not None
        end = time.perf_counter() + LOOK_SECONDS
        while (now := time.perf_counter()) < end:
            if now < self._next_epoch:
                return None
            progress = self._session.advance()
            if progress is None:
                return self._halt("finished", self._session.early_stop())
            if progress.diverged:
                return self._halt("diverged", self._session.divergence())
            if progress.finished_epoch:
                if progress.epoch == self._stop_after:
                    return self._halt("paused")
                if self._pace:
                    self._wait_for_pace(now)
        return None

    def _wait_for_pace(self, began: float) -> None:
        assert self._session is not None
        due = max(self._next_epoch, began - self._pace) + self._pace
        self._next_epoch = due
        self._session.spend(max(0.0, due - time.perf_counter()))

    def _halt(self, state: str, message: str = "") -> None:
        assert self._session is not None
        self._stop_after = None
        self._session.save()
        self._become(state, message)
        if state != "paused":
            self._disown()

    def _become(self, state: str, message: str = "") -> None:
        self.state, self._message = state, message
        if self._lock is not None and self._store is not None:
            self._store.update(state=state, message=message)
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
        """Tell everyone the state; sent at each change of it."""
        now = clock(self._session, self.state) if self._session else {"epoch": 0, "step": 0}
        header = {"kind": "status", "state": self.state, "message": self._message, **now}
        self._link.send(header)

    def _show(self) -> None:
        if self._frames is not None and self._frames.waiting:
            self._frames.answer(self.state, self._message)

    def _leave(self) -> None:
        if self._session is not None and self._lock is not None and self._store is not None:
            if self.state == "running":
                self.state = "paused"
                if not self._leaving:
                    self._message = _("The server went away; press Train to go on.")
            with contextlib.suppress(OSError):
                self._session.save()
                self._store.update(state=self.state, message=self._message)
            self._disown()
        with contextlib.suppress(OSError):
            self._link.send({"kind": "bye", "state": self.state})
        self._link.close()


def main(address: tuple[str, int], token: str, run: str) -> None:
    """Connect to the server and work for the run `run`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, whose end we see
    hello = {"kind": "hello", "token": token, "run": run, "pid": os.getpid()}
    try:
        link = Link.connect(address, hello)
    except OSError:
        sys.exit(1)
    Worker(link).run()


if __name__ == "__main__":  # where workers cannot be forked: the request comes on stdin
    request = json.loads(sys.stdin.readline())
    main((request["address"][0], request["address"][1]), request["token"], request["run"])
