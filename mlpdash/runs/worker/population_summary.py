"""What several nets reached together: the middle, the spread, and each cell of a grid."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from mlpdash.runs.disk.cells import cells_of
from mlpdash.runs.worker.population_scores import band
from mlpdash.runs.worker.session import Session
from mlpdash.training.loop.evaluate import Numbers, Scores, mean_of, middle

Document = dict[str, Any]
METRICS = {"classification": "accuracy", "regression": "rmse"}


def middle_scores(scores: Scores, *, folds: bool) -> Scores:
    """Return the median of the nets whose numbers are finite, of folds the mean, as of one net."""
    values, chosen = (scores.loss, scores.metric, scores.metric2), mean_of if folds else middle
    return Scores(*(np.array([chosen(value)]) for value in values))


def summarize_population(
    session: Session, part: str, scores: Scores, *, lost: bool
) -> Document | None:
    """Describe several nets; None for one.

    Parameters
    ----------
    scores : of all nets on the rows of `part`, the part that they are compared on
    lost : all have diverged; the scores are those of their last finite weights

    Returns
    -------
    count, diverged, part, metric (its name), low and high (10 and 90 of 100 of the nets lie
    below); for a grid cells: the settings of each, its diverged and the median of its metric; and
    for folds their number, the repeats, and mean and deviation of the metric over them
    """
    learner = session.learner
    if len(learner.members) == 1:
        return None
    alive = learner.alive.cpu().numpy() & (not lost)
    metric = np.where(alive, scores.metric, np.nan)
    low, high = band(metric)
    found: Document = {
        "count": len(metric),
        "diverged": int((~alive).sum()),
        "part": part,
        "metric": METRICS[session.prepared.task],
        "low": low,
        "high": high,
    }
    data = session.experiment.data
    if data.folds is not None:
        spread = float(np.nanstd(metric, ddof=1)) if np.isfinite(metric).sum() > 1 else math.nan
        found |= {"folds": data.folds, "repeats": data.repeats}
        found |= {"mean": mean_of(metric), "deviation": spread}
    cells = cells_of(session.experiment)
    if cells:
        found["cells"] = _cells(cells, metric, alive)
    return found


def _cells(
    cells: tuple[dict[str, float], ...], metric: Numbers, alive: np.ndarray[Any, Any]
) -> list[Document]:
    own = zip(cells, np.split(metric, len(cells)), np.split(alive, len(cells)), strict=True)
    return [
        {"settings": settings, "value": middle(values), "diverged": int((~living).sum())}
        for settings, values, living in own
    ]
