"""The report of a run: numbers about its last snapshot, kept in its folder so that they are
computed once.

    report/<step>/net.json         scores of the net on each part of the split, its curves; at first
                                   without intervals
                  rows.npz         what it says of every row
                  baselines.json   what other methods reach on the same rows
                  why.json         importance of the inputs
    report/<step>/cell-<n>/        the same of one cell of a grid
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
from mlpdash.files import read_json, write_json, write_whole
from mlpdash.runs.disk.store import Store

VERSION: Final = 3  # of what the files hold
STAGES: Final = 8  # reading, scoring, intervals, four baselines, shuffling
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

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left to compute."""
        made = (self.net, self.baselines)
        return self.why is not None and all(one is not None and one["whole"] for one in made)


class ReportFolder:
    """Where the report about one snapshot lies, or about one cell of a grid."""

    def __init__(self, store: Store, step: int, cell: int | None = None) -> None:
        self.step = step
        folder = store.folder / "report" / str(step)
        self._folder = folder if cell is None else folder / f"cell-{cell}"
        self._mark = store.mark(step)

    def read(self) -> Report:
        """Return what is there; a file that is damaged counts as not there."""
        net, arrays = self.json("net"), self.arrays("rows")
        if net is None or arrays is None or "outputs" not in arrays:
            return Report(self.step, None, None, None, None)
        return Report(self.step, net, arrays["outputs"], self.json("baselines"), self.json("why"))

    def json(self, name: str) -> Document | None:
        """Return one of the JSON files; None also where it is of another version, or of other nets
        that there were at this step.
        """
        try:
            found = read_json(self._folder / f"{name}.json")
        except RunError:
            return None
        return found if self._head().items() <= found.items() else None

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
        write_json(self._made(f"{name}.json"), {**self._head(), **value})

    def write_arrays(self, name: str, arrays: Arrays) -> None:
        """Write one of the files of arrays."""
        content = io.BytesIO()
        np.savez(content, allow_pickle=False, **arrays)
        write_whole(self._made(f"{name}.npz"), content.getvalue())

    def _head(self) -> Document:
        return {"version": VERSION, "mark": self._mark}

    def _path(self, name: str) -> Path:
        return self._folder / name

    def _made(self, name: str) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._path(name)


def last_step(store: Store) -> int | None:
    """Return the step of the last snapshot, or None for a run without one."""
    steps = store.snapshot_steps()
    return steps[-1] if steps else None


def important_inputs(store: Store) -> tuple[str, ...]:
    """Return the inputs, those first that matter most to the net, of the last report; or ()."""
    for step in reversed(store.snapshot_steps()):
        why = ReportFolder(store, step).json("why")
        if why is not None:
            return tuple(str(one["feature"]) for one in why["importance"])
    return ()
