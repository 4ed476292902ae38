"""A worker that speaks the protocol and learns nothing; it needs no torch, so it starts at once."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from mlpdash.runs.disk import history
from mlpdash.runs.disk.store import Store
from mlpdash.runs.messages.reader import read
from mlpdash.runs.messages.server_to_worker import (
    READER,
    DrawFrame,
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
    Frame,
    Hello,
    LrFound,
    Piece,
    WorkerStatus,
)
from mlpdash.runs.wire import Link

EPOCH = 0.005  # seconds
PER_EPOCH = 10  # steps


def main(address: tuple[str, int], token: str, run: str) -> None:
    """Work for the run until told to exit."""
    link = Link.connect(address, Hello(token=token, run=run, pid=os.getpid()).text())
    with link:
        FakeWorker(link).run()


def dies(address: tuple[str, int], token: str, run: str) -> None:
    """End before it has connected."""
    sys.exit(3)


def never_connects(address: tuple[str, int], token: str, run: str) -> None:
    """Do not connect, but stay."""
    time.sleep(60)


def knows_no_token(address: tuple[str, int], token: str, run: str) -> None:
    """Connect with a token of its own invention, then stay while the connection does."""
    main(address, "x" * len(token), run)


class FakeWorker:
    def __init__(self, link: Link) -> None:
        self.link = link
        self.store: Store | None = None
        self.lock: Any = None
        self.state = "idle"
        self.attempt = 0
        self.epoch = 0
        self.epochs: int | None = None
        self.until: int | None = None
        self.pace = "?"
        self.others = -1
        self.live: dict[str, Any] = {}
        self.waiting: dict[int, DrawFrame] = {}

    def run(self) -> None:
        try:
            while True:
                busy = self.state == "running"
                while (got := self.link.receive(EPOCH if busy else 0.2)) is not None:
                    message = read(READER, got[0])
                    if isinstance(message, Exit):
                        return self.leave()
                    self.carry_out(message)
                    busy = True
                if self.state == "running":
                    self.train()
                for to in list(self.waiting):
                    self.frame(to)
        except (EOFError, OSError):
            self.leave()

    def carry_out(self, message: WorkerOrder) -> None:
        if isinstance(message, Open | Train | Step | Extend):
            self.attempt = message.attempt
        match message:
            case Open():
                self.open(message)
            case Train() | Step() | Extend():
                self.start(message)
            case Pause() if self.state == "running":
                self.enter("paused")
            case Stop() if self.state in ("running", "paused"):
                self.enter("stopped")
            case Set():
                self.change(message.changes)
            case Others():
                self.others = message.count
            case FindLr():
                found = LrFound(lr=(0.1,), loss=(1.0,), suggestion=0.1, message="")
                self.link.send(found.text())
            case SetPace():
                self.pace = message.pace
            case DrawFrame():
                self.waiting[message.to] = message
            case Forget():
                self.waiting.pop(message.to, None)

    def open(self, message: Open) -> None:
        self.epochs = message.experiment.train.epochs
        self.pace, self.others = message.pace, message.others
        if message.experiment.data.data == "crash":
            os._exit(9)
        if message.experiment.data.data == "nonsense":
            self.link.send(b'{"kind": "devices", "devices": "many"}')
        if message.folder:
            self.store = Store(Path(message.folder))
            self.state = self.store.state()
            snapshot = self.store.latest_snapshot()
            self.epoch = snapshot.step // PER_EPOCH if snapshot else 0
        devices = (Device(name="cpu", label="CPU, fake"),)
        self.link.send(Devices(devices=devices).text())
        self.tell()

    def start(self, message: Train | Step | Extend) -> None:
        self.store = Store(Path(message.folder))
        if self.lock is None:
            self.lock = self.store.lock()
            self.store.truncate_history(self.epoch)
        if isinstance(message, Extend) and self.epochs is not None:
            self.epochs += self.epoch
        self.until = self.epoch + 1 if isinstance(message, Step) else None
        if self.state != "running":
            self.enter("running")
        else:
            self.tell()

    def train(self) -> None:
        assert self.store is not None
        self.epoch += 1
        row = history.Row(self.epoch, self.epoch * PER_EPOCH, loss_train=1 / self.epoch)
        self.store.append_history(history.records([row]))
        if self.epoch % 20 == 0:
            self.snapshot()
        if self.epoch == self.epochs:
            self.enter("finished")
        elif self.epoch == self.until:
            self.enter("paused")

    def change(self, changes: dict[str, Any]) -> None:
        self.live.update(changes)
        if self.store is not None:
            for field, value in changes.items():
                self.store.append_event(self.epoch * PER_EPOCH, field, value)

    def enter(self, state: str) -> None:
        assert self.store is not None
        self.state = state
        if state != "running":
            self.snapshot()
        if self.lock is not None:
            self.store.update(state=state)
        if state not in ("running", "paused") and self.lock is not None:
            self.lock.release()
            self.lock = None
        self.tell()

    def snapshot(self) -> None:
        assert self.store is not None
        self.store.write_snapshot(
            self.epoch * PER_EPOCH, {"epoch": np.array(self.epoch)}, {"kind": "fake"}
        )

    def tell(self) -> None:
        step = self.epoch * PER_EPOCH
        status = WorkerStatus(
            attempt=self.attempt, state=self.state, epoch=self.epoch, step=step, message=""
        )
        self.link.send(status.text())

    def frame(self, to: int) -> None:
        """Answer when there is something new; the message tells what a test wants to know."""
        asked = self.waiting[to]
        if asked.have.count == self.epoch and not asked.force:
            return
        del self.waiting[to]
        about = {"pid": os.getpid(), "pace": self.pace, "others": self.others, "live": self.live}
        piece = Piece(generation=1, start=0, count=self.epoch)
        frame = Frame(
            to=to,
            view=asked.view.token,
            state=self.state,
            message=json.dumps(about),
            epoch=self.epoch,
            step=self.epoch * PER_EPOCH,
            steps_per_second=None,
            elapsed=None,
            left=None,
            device="",
            device_note="",
            overhead=None,
            frame_rate=None,
            resolution=2,
            field=True,
            values={},
            curve=piece,
            curve_validation=piece,
            arrays=(("field", "f4", (2, 2), 0),),
        )
        self.link.send(frame.text(), np.arange(4, dtype="<f4").tobytes())

    def leave(self) -> None:
        if self.lock is not None:
            self.enter("paused") if self.state == "running" else self.snapshot()
        with contextlib.suppress(OSError):
            self.link.send(Bye(attempt=self.attempt, state=self.state).text())
