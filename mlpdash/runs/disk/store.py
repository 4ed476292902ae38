"""A run's folder: one writer, any number of readers, nothing pickled.

experiment.json       what the person chose
run.json              state, created, control_sha256, message, versions, device and threads
events.jsonl          every change to the running net: {"step", "field", "value"}
history.bin           one record per epoch (see history.py)
bands.bin             of several nets, how far they spread at each epoch
nets.bin              of several nets, the curves of each, thinned
snapshots/            <step>.safetensors (see snapshots.py)
preprocessor.json     statistics of the training rows
lock                  held by the worker while it trains, so its death needs no last words
"""

from __future__ import annotations

import json
import platform
import re
import time
import zlib
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np
from filelock import BaseFileLock, FileLock, Timeout
from numpy.typing import NDArray
from pydantic import ValidationError

from mlpdash.errors import RunError, SpecError
from mlpdash.files import read_json, write_json, write_whole
from mlpdash.home import home
from mlpdash.runs.disk import history, snapshots
from mlpdash.runs.disk.history import History
from mlpdash.runs.disk.snapshots import Snapshot, Tensors
from mlpdash.specs import Experiment
from mlpdash.text import _
from mlpdash.training.loop.events import Event

State = Literal["idle", "queued", "running", "paused", "stopped", "finished", "failed", "diverged"]
STATES: Final = get_args(State)
_RUN_ID: Final = re.compile(r"[A-Za-z0-9_-]{22}")  # what secrets.token_urlsafe(16) makes


def is_run_id(text: str) -> bool:
    """Tell whether `text` can be the id of a run; nothing else ever becomes part of a path."""
    return _RUN_ID.fullmatch(text) is not None


def folder_of(run_id: str) -> Path:
    """Return where the run `run_id` lies, or would lie.

    Raises
    ------
    RunError : it is not a run id
    """
    if not is_run_id(run_id):
        raise _unknown(run_id)
    return home() / "runs" / run_id


def run_ids() -> list[str]:
    """Return the ids of all runs on disk, the newest first."""
    root = home() / "runs"
    if not root.is_dir():
        return []
    found = [path / "run.json" for path in root.iterdir() if is_run_id(path.name)]
    made = {path.parent.name: path.stat().st_mtime for path in found if path.is_file()}
    return sorted(made, key=made.__getitem__, reverse=True)


def versions() -> dict[str, str]:
    """Return the versions that decide what a run computes."""
    packages = ("torch", "numpy", "scikit-learn")
    return {"python": platform.python_version()} | {name: version(name) for name in packages}


class Store:
    """The folder of one run. Cheap to make; reads when asked."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self.id = self.folder.name

    @classmethod
    def create(
        cls, run_id: str, experiment: Experiment, control_sha256: str, **record: Any
    ) -> Store:
        """Make the folder of a new run; one that is there already is opened.

        Parameters
        ----------
        control_sha256 : hex digest of the secret that lets one control the run, or ""
        record : further entries of run.json

        Raises
        ------
        RunError : it is not a run id
        """
        store = cls(folder_of(run_id))
        if store._path("run.json").is_file():
            return cls.open(run_id)
        return cls.create_at(store.folder, experiment, control_sha256, **record)

    @classmethod
    def create_at(
        cls, folder: Path, experiment: Experiment, control_sha256: str, **record: Any
    ) -> Store:
        """Make a new run in `folder`, which need not be where runs are kept."""
        store = cls(folder)
        store.folder.mkdir(parents=True, exist_ok=True)
        write_whole(
            store._path("experiment.json"), (experiment.model_dump_json(indent=1) + "\n").encode()
        )
        first = {"state": "idle", "created": time.time(), "control_sha256": control_sha256}
        made_with = {"message": "", "versions": versions()}
        write_json(store._path("run.json"), {**first, **made_with, **record})
        return store

    @classmethod
    def open(cls, run_id: str) -> Store:
        """Return the folder of a run that is there.

        Raises
        ------
        RunError : the run is unknown, or its experiment or record is damaged
        """
        store = cls(folder_of(run_id))
        if not store.folder.is_dir():
            raise _unknown(run_id)
        store.record()
        _checked = store.experiment
        return store

    @cached_property
    def experiment(self) -> Experiment:
        """What the person chose before the run started.

        Raises
        ------
        RunError : the file is missing or damaged
        """
        try:
            return Experiment.model_validate(read_json(self._path("experiment.json")))
        except ValidationError:
            raise RunError(
                _('run "{run}" is damaged: its {file} is not an experiment.').format(
                    run=self.id, file="experiment.json"
                )
            ) from None

    def current(self) -> Experiment:
        """Return the experiment with all events applied."""
        return self._changed(self.events())

    def as_of(self, step: int) -> Experiment:
        """Return the experiment with the events up to a step applied."""
        return self._changed([event for event in self.events() if event.step <= step])

    def _changed(self, events: list[Event]) -> Experiment:
        others = ("weight", "bias", "threads")  # single parameters and the machine: no choices
        changes = {event.field: event.value for event in events if event.field not in others}
        try:
            return self.experiment.changed(**changes)
        except SpecError:
            raise RunError(
                _('run "{run}" is damaged: its {file} has a value out of bounds.').format(
                    run=self.id, file="events.jsonl"
                )
            ) from None

    def record(self) -> dict[str, Any]:
        """Return what run.json says; see `state` for a state that also looks at the lock."""
        record = read_json(self._path("run.json"))
        if record.get("state") not in STATES:
            raise RunError(
                _('run "{run}" is damaged: its {file} names no state.').format(
                    run=self.id, file="run.json"
                )
            )
        return record

    @property
    def began_with_weights(self) -> bool:
        """Whether training started from a person's own weights; older runs say so in run.json."""
        return bool(self.experiment.model.weights or self.record().get("weights"))

    def update(self, **changes: Any) -> None:
        """Change entries of run.json; only the run's one writer may."""
        write_json(self._path("run.json"), {**self.record(), **changes})

    def state(self) -> State:
        """Return the state of the run; one that says running but has no worker has failed."""
        said: State = self.record()["state"]
        if said == "running" and not self.is_alive():
            # the worker may have changed it and left between the two looks
            said = self.record()["state"]
            return "failed" if said == "running" else said
        return said

    def lock(self, timeout: float = 5.0) -> BaseFileLock:
        """Return the lock, taken. It is released by `release()`, by `with`, or by dying.

        Raises
        ------
        RunError : another process holds it for longer than `timeout` seconds
        """
        lock = FileLock(self._path("lock"), thread_local=False)
        try:
            lock.acquire(timeout=timeout)
        except Timeout:
            raise RunError(
                _('run "{run}" is being trained by another process.').format(run=self.id)
            ) from None
        return lock

    def is_alive(self) -> bool:
        """Tell whether a worker holds the lock."""
        if not self._path("lock").exists():
            return False
        try:
            self.lock(timeout=0).release()
        except RunError:
            return True
        return False

    def append_event(self, step: int, field: str, value: Any) -> None:
        """Record that from `step` on `field` has `value`."""
        line = json.dumps({"step": step, "field": field, "value": value}, ensure_ascii=False)
        with self._path("events.jsonl").open("a+b") as file:
            torn = file.tell() and (file.seek(-1, 2), file.read(1))[1] != b"\n"
            file.write((("\n" if torn else "") + line + "\n").encode())

    def events(self) -> list[Event]:
        """Return all events in their order; a line that a crash left half-written is left out."""
        try:
            lines = self._path("events.jsonl").read_bytes().splitlines()
        except FileNotFoundError:
            return []
        return [event for line in lines if (event := _event(line)) is not None]

    def append_history(self, new: History) -> None:
        """Append records, one per epoch; `history.records` makes them."""
        history.append(self._path("history.bin"), new)

    def read_history(self) -> History:
        """Return the records before the first damaged one, dtype `history.RECORD`."""
        return history.read(self._path("history.bin"))

    def append_bands(self, new: History) -> None:
        """Append how far several nets spread, one record per epoch; see `history.bands`."""
        history.append(self._path("bands.bin"), new)

    def read_bands(self) -> History:
        """Return what `append_bands` wrote, before the first damaged record."""
        return history.read(self._path("bands.bin"), history.BAND)

    def write_nets(self, table: NDArray[np.float32]) -> None:
        """Replace the curves of every one of several nets; see `curves.NetCurves`."""
        history.write_nets(self._path("nets.bin"), table)

    def read_nets(self) -> NDArray[np.float32]:
        """Return what `write_nets` wrote; no rows where it is missing or damaged."""
        return history.read_nets(self._path("nets.bin"))

    def position(self) -> tuple[int, int]:
        """Return the epoch and step of the last record of the history; 0, 0 without one."""
        found = history.last(self._path("history.bin"))
        return (int(found["epoch"][0]), int(found["step"][0])) if len(found) else (0, 0)

    def epoch_at(self, step: int) -> int:
        """Return how many epochs were over at a step."""
        history = self.read_history()
        over = history["epoch"][history["step"] <= step]
        return int(over[-1]) if len(over) else 0

    def truncate_history(self, epoch: int) -> None:
        """Drop the records after `epoch` and whatever is damaged, before going on from there."""
        history.truncate(self._path("history.bin"), epoch)
        history.truncate(self._path("bands.bin"), epoch, history.BAND)

    def write_snapshot(
        self,
        step: int,
        tensors: Tensors,
        meta: dict[str, str],
        *,
        budget: int = snapshots.BUDGET,
    ) -> None:
        """Write a snapshot whole, then thin the older ones to `budget` bytes."""
        snapshots.write(self._path("snapshots"), step, tensors, meta, budget=budget)

    def latest_snapshot(self) -> Snapshot | None:
        """Return the last snapshot that is whole, or None when there is none."""
        return snapshots.latest(self._path("snapshots"))

    def snapshot_steps(self) -> list[int]:
        """Return the steps at which there are snapshots, rising."""
        return snapshots.steps(self._path("snapshots"))

    def read_snapshot(self, step: int) -> Snapshot:
        """Return the snapshot at `step`.

        Raises
        ------
        RunError : there is none, or it is damaged
        """
        return snapshots.read(self._path("snapshots"), step)

    def mark(self, step: int) -> str:
        """Return what tells the nets as of a step from others that there were at the same step:
        edited by hand, with other activations, or trained anew after going back.
        """
        now = [event for event in self.events() if event.step == step]
        text = snapshots.head(self._path("snapshots"), step) + repr(now).encode()
        return f"{zlib.crc32(text):08x}"

    def drop_snapshots_after(self, step: int) -> None:
        """Remove the snapshots after `step`, before another future is written."""
        snapshots.drop_after(self._path("snapshots"), step)

    def write_preprocessor(self, content: str) -> None:
        """Keep the preprocessor's JSON."""
        write_whole(self._path("preprocessor.json"), content.encode())

    def read_preprocessor(self) -> str:
        """Return the preprocessor's JSON.

        Raises
        ------
        RunError : there is none
        """
        try:
            return self._path("preprocessor.json").read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise RunError(
                _('run "{run}" is damaged: its {file} cannot be read.').format(
                    run=self.id, file="preprocessor.json"
                )
            ) from None

    def _path(self, name: str) -> Path:
        return self.folder / name


def _event(line: bytes) -> Event | None:
    try:
        value = json.loads(line)
        return Event(int(value["step"]), str(value["field"]), value["value"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _unknown(run_id: str) -> RunError:
    return RunError(_('there is no run "{run}"; it may have been deleted.').format(run=run_id[:40]))
