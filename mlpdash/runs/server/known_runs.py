"""Who is there: runs as the server knows them, and those who watch them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from mlpdash.errors import MlpDashError
from mlpdash.runs import wire
from mlpdash.runs.disk.store import Store
from mlpdash.runs.server.processes import Worker
from mlpdash.runs.wire import Header
from mlpdash.specs import LIVE_FIELDS, Experiment

PACES: Final = ("10", "60", "full")
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
    state: str
    epoch: int
    step: int
    message: str
    experiment: Experiment  # with the changes made since the start
    started: Experiment  # as it was started
    pace: str
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
    request: Header | None = None  # the frame it waits for
    parked: bool = False  # the request waits without calling for a worker
    outbox: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(_OUTBOX))

    def send(self, body: bytes | None) -> None:
        """Put a body into the outbox; None, or an outbox that is full, ends the connection."""
        if self.outbox.full():
            while not self.outbox.empty():
                self.outbox.get_nowait()
            body = None
        self.outbox.put_nowait(body)

    def tell(self, header: Header) -> None:
        """Send a message without a payload."""
        self.send(wire.body(header))


@dataclass(eq=False)
class Run:
    """A run as the server knows it; the folder, where there is one, has the last word."""

    id: str
    experiment: Experiment
    control_sha256: str
    store: Store | None = None
    state: str = "idle"
    settled: str = "idle"  # the last state that was neither queued nor running
    epoch: int = 0
    step: int = 0
    message: str = ""
    pace: str = "full"
    live: dict[str, Any] = field(default_factory=dict)  # changes accepted since it was loaded
    unsent: dict[str, Any] = field(default_factory=dict)  # changes that wait for a process
    extra: Header = field(default_factory=dict)  # what else its worker last said
    worker: Worker | None = None
    wanted: str | None = None  # the command that it is queued for
    crashes: int = 0  # of processes in a row that drew no frame
    watchers: dict[int, Watcher] = field(default_factory=dict)
    touched: float = field(default_factory=time.monotonic)  # last request or visit
    state_since: float = field(default_factory=time.monotonic)

    @classmethod
    def from_disk(cls, run_id: str) -> Run:
        """Return a run as its folder tells it.

        Raises
        ------
        RunError : the run is unknown or damaged
        """
        store = Store.open(run_id)
        record = store.record()
        state = store.state()
        epoch, step = store.position()
        pace = record.get("pace")
        return cls(
            id=run_id,
            experiment=store.experiment,
            control_sha256=str(record.get("control_sha256", "")),
            store=store,
            state=state,
            settled="failed" if state == "running" else state,
            epoch=epoch,
            step=step,
            message=str(record.get("message", "")),
            pace=pace if pace in PACES else "full",
        )

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

    def enter(self, state: str) -> None:
        """Change the state and take the time."""
        if state != self.state:
            self.state = state
            self.state_since = time.monotonic()
        if state not in ("queued", "running"):
            self.settled = state

    def allows(self, secret: str) -> bool:
        """Tell whether `secret` controls this run."""
        return bool(self.control_sha256) and hmac.compare_digest(
            digest(secret), self.control_sha256
        )


def digest(secret: str) -> str:
    """Return what is stored of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
