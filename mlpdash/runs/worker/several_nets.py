"""The numbers of a run that trains several nets: what each has, and how far they spread."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from mlpdash.runs.disk.history import LOSS_BAND, SCORE_BAND
from mlpdash.runs.worker.curves import NetCurves
from mlpdash.training.loop.evaluate import Numbers, Scores

QUANTILES: Final = (0.1, 0.9)
NO_LOSSES: Final = (math.nan,) * len(LOSS_BAND)
NO_SCORES: Final = (math.nan,) * len(SCORE_BAND)


class Many:
    """The last losses and scores of every net, and their curves."""

    def __init__(self, nets: int) -> None:
        self._losses = np.full(nets, math.nan)
        self._train: Scores | None = None
        self._validation: Scores | None = None
        self.curves = NetCurves(nets)

    def take_losses(self, losses: Numbers) -> tuple[float, ...]:
        """Take an epoch's losses (P,), and return their band as `LOSS_BAND` names it."""
        self._losses = losses
        low, high = band(losses)
        return low, high, band(losses, (0.0, 1.0))[0]

    def take_scores(self, train: Scores, validation: Scores) -> tuple[float, ...]:
        """Take scores, and return their bands as `SCORE_BAND` names them."""
        self._train, self._validation = train, validation
        return (*band(validation.loss), *band(validation.metric))

    def keep(self, epoch: int) -> None:
        """Add the last numbers to the curves, where there are scores."""
        if self._train is not None and self._validation is not None:
            held_out = self._validation
            self.curves.add(
                epoch, (self._losses, held_out.loss, self._train.metric, held_out.metric)
            )

    @property
    def best(self) -> int | None:
        """The net with the lowest validation loss, or training loss where nothing is held out."""
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

    def of(self, member: int) -> dict[str, float]:
        """Return one net's last numbers; nothing for a net there is not."""
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
