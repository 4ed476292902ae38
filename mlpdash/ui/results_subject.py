"""The run that the Results page is about: its rows, its report, and how to draw it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mlpdash.charts.theme import PALETTES, Palette
from mlpdash.data.preparing import Prepared
from mlpdash.results.rows import actual_values
from mlpdash.runs.asking import Analysts
from mlpdash.runs.reports import Report, ReportFolder, last_step, refuse_sweep
from mlpdash.runs.store import Store
from mlpdash.runs.wire import Header
from mlpdash.text import N_
from mlpdash.ui import cached

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

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
    nets : how many were trained side by side; what they say is their mean
    name : for titles and files: the dataset's
    actual : class codes (rows,), or values (rows, outputs), of all rows
    """

    store: Store
    step: int
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
        units = self.prepared.target_units
        return units[target] if target < len(units) else ""

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
        question = {"ask": kind, "run": self.run, "step": self.step, **more}
        return analysts().ask(question, payload)

    def key(self, widget: str) -> str:
        """Return a widget's key that is another for another run or snapshot."""
        return f"results-{widget}-{self.run}-{self.step}"


def subject(run: str) -> Subject | None:
    """Return what is known about a run now; None while nothing of its net has been saved.

    A net that is training is looked at as of one step, until newer numbers are asked for.

    Raises
    ------
    MlpDashError : it or its table is unknown or damaged
    """
    store = Store.open(run)
    said = store.state()
    step = _looked_at(store, said)
    if not step:
        return None
    experiment = store.current()
    refuse_sweep(experiment)
    prepared = cached.prepared(experiment.data)
    return Subject(
        store=store,
        step=step,
        epoch=epoch_at(store, step),
        nets=experiment.train.nets,
        state=said,
        name=cached.title(experiment.data.data),
        prepared=prepared,
        actual=actual_values(prepared),
        report=_report(run, step),
        palette=palette(),
    )


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


def epoch_at(store: Store, step: int) -> int:
    """Return how many epochs were over at a step."""
    history = store.read_history()
    over = history["epoch"][history["step"] <= step]
    return int(over[-1]) if len(over) else 0


def palette() -> Palette:
    """Return the colours of the theme that the page is shown in."""
    return PALETTES["dark" if st.context.theme.type == "dark" else "light"]


@st.cache_resource(show_spinner=False)
def analysts() -> Analysts:
    """Return the processes that look at nets, one set for the server."""
    return Analysts()


def _report(run: str, step: int) -> Report:
    """Return what there is of the report; from memory once nothing of it is missing."""
    found = _read(run, step)
    if not found.is_whole:
        _read.clear(run, step)
    return found


@st.cache_resource(show_spinner=False, max_entries=16)
def _read(run: str, step: int) -> Report:
    return ReportFolder(Store.open(run), step).read()
