"""Learning curves that are made beside the answers: each trains for some seconds in a thread."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import torch

from mlpdash.errors import MlpDashError, RunError
from mlpdash.results.judging.learning_curve import Document, document_of
from mlpdash.results.judging.nets_of_fewer_rows import learning_curve
from mlpdash.results.judging.rows import unit_of
from mlpdash.runs.analyst.opening import Opened
from mlpdash.runs.disk.cells import experiment_of_cell
from mlpdash.text import _


def curve_of(run: Opened, on_progress: Callable[[float], None] = lambda share: None) -> Document:
    """Train nets of a run's design on some of its rows, and return what comes of it.

    Raises
    ------
    RunError : there are too few rows, or none are held out
    """
    if run.store.began_with_weights:
        raise RunError(
            _("this run began with weights from a file, and nets of fewer rows would not.")
        )
    experiment = experiment_of_cell(run.experiment, run.cell)
    with _one_thread():
        found = learning_curve(run.prepared, experiment, on_progress=on_progress)
    return document_of(found, unit_of(run.prepared) if len(run.prepared.targets) == 1 else "")


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Leave the other cores to what else is asked, or trains; steps of nets this small gain none.

    Flushing of denormal numbers holds for the calling thread alone.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


class CurveInMaking:
    """A learning curve, begun at once.

    Attributes
    ----------
    share : of the steps that are taken
    found : the document once it is there
    refused : the sentence that says why there is none
    """

    def __init__(self, run: Opened) -> None:
        self.share, self.refused = 0.0, ""
        self.found: Document | None = None
        self._thread = threading.Thread(target=self._make, args=(run,), daemon=True)
        self._thread.start()

    def state(self) -> dict[str, Any]:
        """Return "found", or how far it is as "share".

        Raises
        ------
        RunError : it cannot be had
        """
        alive = self._thread.is_alive()
        if self.found is not None:
            return {"found": self.found}
        if not alive:
            raise RunError(self.refused or _("the learning curve could not be computed."))
        return {"share": self.share}

    def _make(self, run: Opened) -> None:
        try:
            self.found = curve_of(run, self._take)
        except MlpDashError as mistake:
            self.refused = str(mistake)

    def _take(self, share: float) -> None:
        self.share = share
