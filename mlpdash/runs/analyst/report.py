"""The Results page in numbers, without the page: for the command line and for Python."""

from __future__ import annotations

from pathlib import Path

from mlpdash.runs.analyst.document import Document, document_of
from mlpdash.runs.analyst.opening import cell_scores, opened, store_of
from mlpdash.runs.analyst.process import Say, write_report
from mlpdash.runs.disk.reports import ReportFolder


def report(
    run: str | Path,
    *,
    step: int | None = None,
    cell: int | None = None,
    baselines: bool = True,
    on_progress: Say = lambda doing: None,
) -> Document:
    """Judge a trained run, and return the numbers that the Results page shows.

    They are computed once and kept in the run's folder.

    Parameters
    ----------
    run : its id, or its folder
    step : of the snapshot that is judged, by default the last one
    cell : of a grid, by default the one that does best on the validation rows
    baselines : fit other methods on the same rows, which takes minutes on a large table
    on_progress : called with what is done next

    Returns
    -------
    run, step, epoch, nets, task, targets, classes; of a grid cell and cells, else None
    verdict : a sentence or two
    judged_on : the part of the split that the verdict is about
    net : by part of the split "rows", "scores" (each value, and on the judged part low and high),
        and where there are several targets "targets", the scores of each
    baselines : what others reach on the judged rows, and by how much the net is better
    margins : of split-conformal prediction; None where too few rows were held out
    importance : of the inputs, with the measure that grows, the rows and the repeats

    Raises
    ------
    MlpDashError : the run, its table or its snapshot is unknown or damaged
    """
    store = store_of(run)
    net = opened(store, step, cell)
    write_report(net, on_progress, others=baselines)
    cells = cell_scores(store, net.step, net.prepared) if net.cell is not None else ()
    found = ReportFolder(store, net.step, net.cell).read()
    return document_of(store, net.prepared, found, net.cell, cells)
