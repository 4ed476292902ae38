"""Runs as the server knows them, and those who watch them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, TypedDict

from mlpdash.errors import MlpDashError
from mlpdash.runs import wire
from mlpdash.runs.disk.store import State, Store
from mlpdash.runs.messages.message import Changes, Pace, is_pace
from mlpdash.runs.messages.server_to_browser import ServerMessage, Status
from mlpdash.runs.messages.server_to_worker import DrawFrame
from mlpdash.runs.server.lifecycle import LISTENS, QUEUED, RUNNING, Phase
from mlpdash.runs.server.worker_process import WorkerProcess
from mlpdash.specs import LIVE_FIELDS, Experiment

_LOG: Final = logging.getLogger(__name__)
_OUTBOX: Final = 256  # messages; a browser that far behind has gone


@dataclass(frozen=True)
class Ticket:
    """What the page gets for a draft: its id, and the secret that controls it."""

    run_id: str
    secret: str


@dataclass(frozen=True)
class RunInfo:
    """What there is to know of a run, as of now."""

    run_id: str
    state: State
    epoch: int
    step: int
    message: str
    experiment: Experiment  # with the changes made since the start
    started: Experiment  # as it was started
    pace: Pace
    queue: int | None  # 1 is next; None is not queued
    folder: Path | None  # None is a draft that nobody has started

    @property
    def live(self) -> dict[str, Any]:
        """The values that act at once on a running net, as they are now."""
        return {name: self.experiment.flat()[name] for name in LIVE_FIELDS}


@dataclass(eq=False)
class Watcher:
    """One open socket of a browser."""

    id: int
    run: Run
    control: bool = False
    request: DrawFrame | None = None  # the frame it waits for
    deferred: bool = False  # the request waits, but no process is started for it
    outbox: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(_OUTBOX))

    def send(self, body: bytes | None) -> None:
        """Put a body into the outbox; None, or an outbox that is full, ends the connection."""
        if self.outbox.full():
            while not self.outbox.empty():
                self.outbox.get_nowait()
            body = None
        self.outbox.put_nowait(body)

    def tell(self, message: ServerMessage) -> None:
        """Send a message without a payload."""
        self.send(wire.body(message.text()))


class Speed(TypedDict, total=False):
    """How long a run has trained and how fast: a part of `Status`."""

    steps_per_second: float | None
    elapsed: float | None  # seconds
    left: float | None  # seconds


@dataclass(eq=False)
class Run:
    """A run as the server knows it; the folder, where there is one, has the last word."""

    id: str
    experiment: Experiment
    control_sha256: str
    store: Store | None = None
    phase: Phase = Phase.RESTING
    phase_since: float = field(default_factory=time.monotonic)
    at_rest: State = "idle"  # the state that is shown while it is neither queued nor running
    command: Literal["train", "step", "extend"] = "train"  # what was asked for last
    attempt: int = 0  # how often a process was told to train; each status says which it answers
    epoch: int = 0
    step: int = 0
    message: str = ""
    pace: Pace = "full"
    live: Changes = field(default_factory=dict)  # accepted since it was loaded
    unsent: Changes = field(default_factory=dict)  # that wait for a process
    unwritten: dict[str, str] = field(default_factory=dict)  # for run.json, once nobody writes it
    speed: Speed = field(default_factory=Speed)  # as last told
    worker: WorkerProcess | None = None
    crashes: int = 0  # viewers in a row that drew no frame
    watchers: dict[int, Watcher] = field(default_factory=dict)
    touched: float = field(default_factory=time.monotonic)  # last request or visit

    @classmethod
    def from_disk(cls, run_id: str) -> Run:
        """Return a run as its folder tells it.

        Raises
        ------
        RunError : the run is unknown or damaged
        """
        store = Store.open(run_id)
        record = store.record()
        epoch, step = store.position()
        pace = record.get("pace")
        return cls(
            id=run_id,
            experiment=store.experiment,
            control_sha256=str(record.get("control_sha256", "")),
            store=store,
            at_rest=store.state(),
            epoch=epoch,
            step=step,
            message=str(record.get("message", "")),
            pace=pace if is_pace(pace) else "full",
        )

    @property
    def state(self) -> State:
        """The state that people see; "running" at rest is a run that another program trains."""
        if self.phase in QUEUED:
            return "queued"
        return "running" if self.phase in RUNNING else self.at_rest

    @property
    def listens(self) -> bool:
        """Whether it has a process that takes messages."""
        return self.phase in LISTENS

    def enter(self, phase: Phase) -> None:
        """Change the phase and take the time."""
        if phase is not self.phase:
            self.phase = phase
            self.phase_since = time.monotonic()

    def current(self) -> Experiment:
        """Return the experiment with the changes made since the start.

        The worker writes them down, a moment after they were accepted here.
        """
        try:
            written = self.store.current() if self.store else self.experiment
            return written.changed(**self.live)
        except MlpDashError:  # a damaged line
            return self.experiment

    def info(self, queue: int | None) -> RunInfo:
        """Return what there is to know, frozen."""
        written = self.store.position() if self.store else (0, 0)  # frames come only when watched
        epoch, step = max((self.epoch, self.step), written)
        return RunInfo(
            run_id=self.id,
            state=self.state,
            epoch=epoch,
            step=step,
            message=self.message,
            experiment=self.current(),
            started=self.experiment,
            pace=self.pace,
            queue=queue,
            folder=self.store.folder if self.store else None,
        )

    def status(self, queue: int | None, *, control: bool) -> Status:
        """Return what somebody is told who watches it, and may control it or not."""
        return Status(
            state=self.state,
            epoch=self.epoch,
            step=self.step,
            message=self.message,
            **self.speed,
            queue=queue,
            pace=self.pace,
            control=control,
        )

    def write_record(self) -> None:
        """Write to run.json what no process has written: how the run ended, and the pace."""
        if self.store is None or not self.store.folder.is_dir():
            return  # a lock would make the folder of a deleted run again
        try:
            with self.store.lock(timeout=0.2):
                news = {"pace": self.pace, **self.unwritten}
                if not news.items() <= self.store.record().items():
                    self.store.update(**news)
            self.unwritten = {}
        except (MlpDashError, OSError) as error:
            _LOG.warning("the state of run %s could not be written: %s", self.id, error)

    def allows(self, secret: str) -> bool:
        """Tell whether `secret` controls this run."""
        return bool(self.control_sha256) and hmac.compare_digest(
            digest(secret), self.control_sha256
        )


def digest(secret: str) -> str:
    """Return what is stored of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
