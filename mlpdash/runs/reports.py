"""The report of a run: numbers about its last snapshot, kept in its folder so that they are
computed once.

    report/<step>/net.json         scores of the net on each part of the split, its curves; at first
                                   without intervals
                  rows.npz         what it says of every row
                  baselines.json   what other methods reach on the same rows
                  why.json         importance of the inputs
                  dependence.npz   partial dependence of the most important ones
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from mlpdash.errors import RunError
from mlpdash.runs.files import read_json, write_json, write_whole
from mlpdash.runs.store import Store
from mlpdash.specs import Experiment
from mlpdash.text import _

VERSION: Final = 1  # of what the files hold
STAGES: Final = 9  # reading, scoring, intervals, four baselines, shuffling, trying
Arrays = dict[str, NDArray[Any]]
Document = dict[str, Any]


@dataclass(frozen=True)
class Report:
    """What there is so far; None for what has not been computed."""

    step: int
    net: Document | None
    outputs: NDArray[np.float64] | None  # (all rows, K)
    baselines: Document | None
    why: Document | None
    dependence: Arrays | None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left to compute."""
        made = (self.net, self.baselines)
        return self.why is not None and all(one is not None and one["whole"] for one in made)


class ReportFolder:
    """Where the report about one snapshot lies."""

    def __init__(self, store: Store, step: int) -> None:
        self.step = step
        self._folder = store.folder / "report" / str(step)

    def read(self) -> Report:
        """Return what is there; a file that is damaged counts as not there."""
        net, arrays = self.json("net"), self.arrays("rows")
        if net is None or arrays is None or "outputs" not in arrays:
            return Report(self.step, None, None, None, None, None)
        why, dependence = self.json("why"), self.arrays("dependence")
        if dependence is None:
            why = None
        return Report(self.step, net, arrays["outputs"], self.json("baselines"), why, dependence)

    def json(self, name: str) -> Document | None:
        """Return one of the JSON files."""
        try:
            found = read_json(self._folder / f"{name}.json")
        except RunError:
            return None
        return found if found.get("version") == VERSION else None

    def arrays(self, name: str) -> Arrays | None:
        """Return one of the files of arrays."""
        try:
            content = io.BytesIO(self._path(f"{name}.npz").read_bytes())
            with np.load(content, allow_pickle=False) as file:
                return {key: file[key] for key in file.files}
        except (OSError, ValueError, EOFError, KeyError, BadZipFile):
            return None

    def write_json(self, name: str, value: Document) -> None:
        """Write one of the JSON files."""
        write_json(self._made(f"{name}.json"), {"version": VERSION, **value})

    def write_arrays(self, name: str, arrays: Arrays) -> None:
        """Write one of the files of arrays."""
        content = io.BytesIO()
        np.savez(content, allow_pickle=False, **arrays)
        write_whole(self._made(f"{name}.npz"), content.getvalue())

    def _path(self, name: str) -> Path:
        return self._folder / name

    def _made(self, name: str) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._path(name)


def refuse_sweep(experiment: Experiment) -> None:
    """Refuse a run whose nets differ in their settings: there is no one net to look at.

    Raises
    ------
    RunError : it is a sweep
    """
    if experiment.train.sweep:
        raise RunError(
            _("this run is a sweep; adopt one of its cells on the Train page and train that.")
        )


def last_step(store: Store) -> int | None:
    """Return the step of the last snapshot, or None for a run without one."""
    steps = store.snapshot_steps()
    return steps[-1] if steps else None
