"""What a run writes to its folder while it trains, and when: its history and its snapshots."""

from __future__ import annotations

import json
import time
from typing import Final

from mlpdash.runs.disk.history import Row, bands, records
from mlpdash.runs.disk.store import Store
from mlpdash.runs.worker.population_scores import PopulationScores
from mlpdash.training.loop.learner import Learner
from mlpdash.training.loop.state import state_of

HISTORY_SECONDS: Final = 0.5  # the history is written this often
SNAPSHOT_SECONDS: Final = 10.0


class Recorder:
    """Write a run's history and snapshots, often enough that a crash loses little.

    Epochs are collected and written together. The curves of each of several nets and the time
    trained go with the snapshots.
    """

    def __init__(self, store: Store, learner: Learner) -> None:
        """Become the run's one writer; what was written after the learner's step is dropped."""
        store.truncate_history(learner.epoch)
        store.drop_snapshots_after(learner.step)
        self._store = store
        self._rows: list[Row] = []
        self._bands: list[tuple[float, ...]] = []
        self._history_written = self._snapshot_written = time.perf_counter()

    @property
    def has_snapshot(self) -> bool:
        """Whether there is a snapshot to go on from."""
        return bool(self._store.snapshot_steps())

    def add(self, row: Row, band: tuple[float, ...]) -> None:
        """Add an epoch to what is written next; `band` is how far several nets spread."""
        self._rows.append(row)
        if band:
            self._bands.append((row.epoch, *band))

    def history_is_due(self) -> bool:
        """Tell whether it is time to write the history."""
        return time.perf_counter() - self._history_written >= HISTORY_SECONDS

    def snapshot_is_due(self) -> bool:
        """Tell whether it is time to write a snapshot."""
        return time.perf_counter() - self._snapshot_written >= SNAPSHOT_SECONDS

    def write_history(self) -> None:
        """Write the epochs that were added since the last time."""
        if self._rows:
            self._store.append_history(records(self._rows))
        if self._bands:
            self._store.append_bands(bands(self._bands))
        self._rows.clear()
        self._bands.clear()
        self._history_written = time.perf_counter()

    def write_snapshot(
        self, learner: Learner, seconds: float, population: PopulationScores | None
    ) -> None:
        """Write the history and a snapshot, from which another worker can go on.

        Parameters
        ----------
        seconds : of training since the first step
        population : what each of several nets reaches; None for a single net
        """
        self.write_history()
        arrays, values = state_of(learner)
        values["seconds"] = seconds
        self._store.write_snapshot(learner.step, arrays, {"state": json.dumps(values)})
        if population is not None:
            self._store.write_nets(population.net_curves.table())
        self._snapshot_written = time.perf_counter()
