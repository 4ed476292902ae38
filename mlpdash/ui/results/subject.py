"""The run that the Results page is about: its rows, its report, and how to draw it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mlpdash.charts.theme import PALETTES, Palette
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.errors import TableGoneError
from mlpdash.results.judging.rows import actual_values, unit_of
from mlpdash.runs.disk.cells import experiment_of_cell
from mlpdash.runs.disk.reports import Report, ReportFolder, last_step
from mlpdash.runs.disk.rows import check_inputs, table_gone
from mlpdash.runs.disk.store import Store
from mlpdash.runs.server.analysts import Analysts
from mlpdash.runs.wire import Header
from mlpdash.specs import Experiment
from mlpdash.text import N_
from mlpdash.training.members import nets_of_cell
from mlpdash.ui.shared import cached

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

ChooseCell = Callable[[list[dict[str, Any]], int], int]

PINNED: Final = "mlpdash.results-step"
PART_TITLES: Final = {
    "test": N_("test rows"),
    "validation": N_("validation rows"),
    "train": N_("training rows"),
}


@dataclass(frozen=True)
class Subject:
    """A run as of its last snapshot.

    Attributes
    ----------
    mark : tells these nets from others that there were at this step
    cell : of a grid, the nets that this is about; else None
    cells : of a grid, their settings and scores, as `runs.opening.cell_scores`
    nets : how many were trained side by side; what they say is their mean
    name : for titles and files: the dataset's
    actual : class codes (rows,), or values (rows, outputs), of all rows
    """

    store: Store
    step: int
    mark: str
    cell: int | None
    cells: list[dict[str, Any]]
    epoch: int
    nets: int
    state: str
    name: str
    prepared: Prepared
    actual: NDArray[np.int64] | Floats
    report: Report
    palette: Palette

    @property
    def run(self) -> str:
        """The run's id."""
        return self.store.id

    @property
    def is_classes(self) -> bool:
        """Whether classes are predicted, not numbers."""
        return bool(self.prepared.classes)

    @property
    def outputs(self) -> Floats:
        """What the net says of all rows, (rows, K)."""
        assert self.report.outputs is not None
        return self.report.outputs

    @property
    def predicted(self) -> NDArray[np.int64]:
        """The most probable class of all rows, (rows,)."""
        return np.asarray(self.outputs.argmax(1), np.int64)

    @property
    def part(self) -> str:
        """The part of the split that the verdict is about."""
        assert self.report.net is not None
        return str(self.report.net["part"])

    def rows_of(self, part: str) -> Rows:
        """Return the rows of a part of the split."""
        rows: Rows = getattr(self.prepared.split, part)
        return rows

    def parts(self) -> list[str]:
        """Return the parts that have rows, the one of the verdict first."""
        assert self.report.net is not None
        return list(self.report.net["parts"])

    def unit(self, target: int = 0) -> str:
        """Return the unit of a target, or nothing."""
        return unit_of(self.prepared, target)

    @property
    def experiment(self) -> Experiment:
        """What these nets were made of."""
        return experiment_of_cell(self.store.as_of(self.step), self.cell)

    @property
    def is_behind(self) -> bool:
        """Whether the net has been saved again since."""
        return last_step(self.store) != self.step

    def ask(self, kind: str, payload: bytes = b"", **more: Any) -> tuple[Header, memoryview]:
        """Ask the net; see `runs.answers` for the questions.

        Raises
        ------
        RunError : the sentence with which it was refused
        """
        question = {"ask": kind, "run": self.run, "step": self.step, "cell": self.cell, **more}
        return analysts().ask(question, payload)

    def key(self, widget: str) -> str:
        """Return a widget's key that is another for another run, snapshot or cell."""
        cell = "" if self.cell is None else f"-cell-{self.cell}"
        return f"results-{widget}-{self.run}-{self.step}-{self.mark}{cell}"


def subject(run: str, choose_cell: ChooseCell) -> Subject | None:
    """Return what is known about a run now; None while nothing of its net has been saved.

    A net that is training is looked at as of one step, until newer numbers are asked for.

    Parameters
    ----------
    choose_cell : of a grid's cells and the best of them, returns the one to look at

    Raises
    ------
    DataError : its table is gone, cannot be read, or was read differently for its training
    MlpDashError : it is unknown or damaged
    """
    store = Store.open(run)
    said = store.state()
    step = _looked_at(store, said)
    if not step:
        return None
    experiment, mark = store.as_of(step), store.mark(step)
    prepared = _prepared(store, experiment)
    cell: int | None = None
    cells: list[dict[str, Any]] = []
    if experiment.train.sweep:
        cells, best = _cells(run, step, mark)
        cell = choose_cell(cells, best)
    return Subject(
        store=store,
        step=step,
        mark=mark,
        cell=cell,
        cells=cells,
        epoch=store.epoch_at(step),
        nets=nets_of_cell(experiment),
        state=said,
        name=cached.title(experiment.data.data),
        prepared=prepared,
        actual=actual_values(prepared),
        report=_report(run, step, cell, mark),
        palette=palette(),
    )


def _prepared(store: Store, experiment: Experiment) -> Prepared:
    try:
        prepared = cached.prepared(experiment.data)
    except TableGoneError:
        raise TableGoneError(table_gone(store)) from None
    _check_inputs(store.id, experiment.data.model_dump_json(), prepared)
    return prepared


@st.cache_resource(show_spinner=False, max_entries=64)
def _check_inputs(run: str, spec_json: str, _prepared: Prepared) -> None:
    """Check once what takes long for a wide table; `spec_json` stands for its rows."""
    check_inputs(Store.open(run), _prepared)


def look(about: Subject) -> Report:
    """Return what there is of the report by now."""
    return _report(about.run, about.step, about.cell, about.mark)


def _looked_at(store: Store, said: str) -> int | None:
    """Return the step that a person looks at: the last one, but for a net in training."""
    kept = f"{PINNED}-{store.id}"
    if said != "running":
        st.session_state.pop(kept, None)
        return last_step(store)
    step: int | None = st.session_state.get(kept)
    if not step or step not in store.snapshot_steps():
        st.session_state[kept] = step = last_step(store)
    return step


def look_again(about: Subject) -> None:
    """Look at a net in training as it is now."""
    st.session_state.pop(f"{PINNED}-{about.run}", None)


def palette() -> Palette:
    """Return the colours of the theme that the page is shown in."""
    return PALETTES["dark" if st.context.theme.type == "dark" else "light"]


@st.cache_resource(show_spinner=False)
def analysts() -> Analysts:
    """Return the processes that look at nets, one set for the server."""
    return Analysts()


def _report(run: str, step: int, cell: int | None, mark: str) -> Report:
    """Return what there is of the report; from memory once nothing of it is missing."""
    found = _read(run, step, cell, mark)
    if not found.is_whole:
        _read.clear(run, step, cell, mark)
    return found


@st.cache_resource(show_spinner=False, max_entries=16)
def _read(run: str, step: int, cell: int | None, mark: str) -> Report:
    """Read a report; `mark` tells one net from the next at the same step."""
    return ReportFolder(Store.open(run), step, cell).read()


@st.cache_data(show_spinner=False, max_entries=16)
def _cells(run: str, step: int, mark: str) -> tuple[list[dict[str, Any]], int]:
    """Ask how the cells of a grid do, and which is the best."""
    found, _payload = analysts().ask({"ask": "cells", "run": run, "step": step})
    return list(found["cells"]), int(found["best"])
