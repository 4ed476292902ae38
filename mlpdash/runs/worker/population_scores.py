"""What each of several nets reaches: its last loss and scores, and how far the nets spread."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.runs.disk.history import LOSS_BAND, SCORE_BAND
from mlpdash.runs.worker.curves import NetCurves
from mlpdash.training.loop.evaluate import Numbers, Scores, middle
from mlpdash.training.members import Axis

QUANTILES: Final = (0.1, 0.9)
NO_LOSSES: Final = (math.nan,) * len(LOSS_BAND)
NO_SCORES: Final = (math.nan,) * len(SCORE_BAND)


class PopulationScores:
    """Keep the last losses and scores of each of several nets, and their curves.

    Parameters
    ----------
    folds : each net has validation rows of its own
    """

    def __init__(self, nets: int, *, folds: bool = False) -> None:
        self._folds = folds
        self._losses = np.full(nets, math.nan)
        self._train: Scores | None = None
        self._validation: Scores | None = None
        self.net_curves = NetCurves(nets)

    def set_losses(self, losses: Numbers) -> tuple[float, ...]:
        """Replace the losses by an epoch's (P,), and return their band as `LOSS_BAND` names it."""
        self._losses = losses
        low, high = band(losses)
        return low, high, band(losses, (0.0, 1.0))[0]

    def set_scores(self, train: Scores, validation: Scores) -> tuple[float, ...]:
        """Replace the scores, and return their bands as `SCORE_BAND` names them."""
        self._train, self._validation = train, validation
        return (*band(validation.loss), *band(validation.metric))

    def add_to_curves(self, epoch: int) -> None:
        """Add the last losses and scores to the curves; nothing before there are scores."""
        if self._train is not None and self._validation is not None:
            held_out = self._validation
            self.net_curves.add(
                epoch, (self._losses, held_out.loss, self._train.metric, held_out.metric)
            )

    @property
    def best(self) -> int | None:
        """The net with the lowest validation loss, or training loss where nothing is held out.

        None of folds, where the lowest loss tells which fold is easy.
        """
        if self._folds:
            return None
        losses = self._losses
        if self._validation is not None and np.isfinite(self._validation.loss).any():
            losses = self._validation.loss
        finite = np.where(np.isfinite(losses), losses, math.inf)
        return int(finite.argmin()) if np.isfinite(finite).any() else None

    @property
    def metrics(self) -> Numbers:
        """The validation metric of each net (P,); the training metric where nothing is held out."""
        if self._validation is None or self._train is None:
            return np.full(len(self._losses), math.nan)
        held_out = self._validation.metric
        return self._train.metric if np.isnan(held_out).all() else held_out

    def cell_metrics(self, grid: Sequence[Axis], member: int | None = None) -> NDArray[np.float32]:
        """Return the metric of each cell of a grid of settings: the median over the cell's nets.

        Parameters
        ----------
        grid : one setting, which runs along the columns, or two
        member : a net that is picked; its cell shows that net's metric

        Returns
        -------
        (rows, columns)
        """
        columns, *rows = (len(axis.values) for axis in grid)
        nets = self.metrics.reshape(rows[0] if rows else 1, columns, -1)  # (rows, columns, nets)
        medians = np.array([[middle(cell) for cell in row] for row in nets], np.float32)
        if member is not None and member < nets.size:
            medians.flat[member // nets.shape[2]] = nets.flat[member]
        return medians

    def spread(self) -> dict[str, float]:
        """Return the quantiles of the last numbers, by the names that a frame gives them."""
        low, high = band(self._losses)
        found = {"loss_train_low": low, "loss_train_high": high}
        if self._train is not None and self._validation is not None:
            spread = {
                "loss_validation": self._validation.loss,
                "metric_train": self._train.metric,
                "metric_validation": self._validation.metric,
            }
            for name, values in spread.items():
                found[f"{name}_low"], found[f"{name}_high"] = band(values)
        return found

    def of_member(self, member: int) -> dict[str, float]:
        """Return one net's last numbers, by the names of a frame; {} for a net there is not."""
        if not 0 <= member < len(self._losses):
            return {}
        found = {"loss_train": float(self._losses[member])}
        if self._train is not None and self._validation is not None:
            found["loss_validation"] = float(self._validation.loss[member])
            found["metric_train"] = float(self._train.metric[member])
            found["metric_validation"] = float(self._validation.metric[member])
            found["metric2_validation"] = float(self._validation.metric2[member])
        return found


def band(values: Numbers, quantiles: tuple[float, float] = QUANTILES) -> tuple[float, float]:
    """Return two quantiles of the values that are finite, by nearest rank; NaN where none is."""
    finite = np.sort(values[np.isfinite(values)])
    if not len(finite):
        return math.nan, math.nan
    low, high = (finite[round(q * (len(finite) - 1))] for q in quantiles)
    return float(low), float(high)
