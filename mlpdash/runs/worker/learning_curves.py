"""The learning curves of a run: what its nets reach, epoch by epoch."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mlpdash.runs.disk.history import LOSS_BAND, SCORE_BAND, History, Row
from mlpdash.runs.worker.curves import Curve
from mlpdash.runs.worker.population_scores import NO_LOSSES, NO_SCORES, PopulationScores
from mlpdash.training.loop.evaluate import Numbers, Scores, mean_of, middle
from mlpdash.training.loop.loop import Progress

Bands = tuple[tuple[float, ...], tuple[float, ...]]  # as LOSS_BAND and SCORE_BAND name them


class LearningCurves:
    """Collect what each epoch reached; of several nets the middle, and how far they spread.

    The middle is the median of seeds, or the mean of folds.

    Attributes
    ----------
    losses : the training loss of each epoch
    scores : the validation loss and the metrics of each epoch that was scored
    population : what each of several nets reaches; None for a single net
    last : the last finished epoch
    scored : the last epoch that has scores; where the best weights are back, both have theirs, and
        where nets rest, it has those of the nets as they are
    """

    def __init__(self, nets: int, *, folds: bool = False) -> None:
        self._middle = mean_of if folds else middle
        self.population = PopulationScores(nets, folds=folds) if nets > 1 else None
        loss_band, score_band = (LOSS_BAND[:2], SCORE_BAND) if nets > 1 else ((), ())
        self.losses = Curve(("loss_x", "loss_train", *loss_band))
        self.scores = Curve(
            ("validation_x", "loss_validation", "metric_train", "metric_validation",
             "metric2_validation", *score_band)
        )  # fmt: skip
        self.last = self.scored = Row(0, 0)

    def add_untrained(self, train: Scores, validation: Scores) -> None:
        """Add what the untrained nets score, as epoch 0. The history starts at epoch 1."""
        row = Row(0, 0, 0.0, self._middle(train.loss), *self._middles(train, validation))
        self._add(row, *self._bands(train.loss, train, validation))
        if self.population is not None:
            self.population.add_to_curves(0)

    def add_epoch(
        self, progress: Progress, losses: Numbers, seconds: float
    ) -> tuple[Row, tuple[float, ...]]:
        """Add a finished epoch, and return what the history keeps of it: its row and its bands.

        Parameters
        ----------
        losses : (P,) the epoch's training loss of each net
        seconds : of training since the first step
        """
        middles = self._middles(progress.train, progress.validation)
        row = Row(progress.epoch, progress.step, seconds, self._middle(losses), *middles)
        loss_band, score_band = self._bands(losses, progress.train, progress.validation)
        self._add(row, loss_band, score_band)
        if self.population is not None and progress.train is not None:
            self.population.add_to_curves(row.epoch)
        return row, (*loss_band, *score_band)

    def restore(
        self, history: History, bands: History, nets: NDArray[np.float32], epoch: int
    ) -> None:
        """Add what an earlier worker recorded, up to `epoch`."""
        known = {epoch: numbers for epoch, *numbers, _checksum in bands.tolist()}
        for number, *row, _checksum in history[history["epoch"] <= epoch].tolist():
            spread = known.get(number, (*NO_LOSSES, *NO_SCORES)) if self.population else ()
            loss_band, score_band = spread[: len(NO_LOSSES)], spread[len(NO_LOSSES) :]
            self._add(Row(number, *row), tuple(loss_band), tuple(score_band))
        if self.population is not None:
            self.population.net_curves.restore(nets, epoch)

    def replace_scores(self, train: Scores, validation: Scores) -> None:
        """Replace the last numbers of each net, where it is no longer as it was last scored."""
        self._bands(train.loss, train, validation)

    def replace_last_epoch(self, train: Scores, validation: Scores, seconds: float) -> None:
        """Let the numbers of the last epoch be those of the best weights, which are back."""
        where = self.last.epoch, self.last.step, seconds
        middles = self._middles(train, validation)
        self.last = self.scored = Row(*where, self._middle(train.loss), *middles)

    def replace_scored(
        self,
        epoch: int,
        step: int,
        seconds: float,
        train: Scores,
        validation: Scores,
        *,
        edited: bool,
    ) -> None:
        """Let the last numbers be those of nets at rest, which were taken between epochs.

        Parameters
        ----------
        edited : by hand; the training loss is then theirs too, and no longer that of an epoch
        """
        found = Row(
            epoch, step, seconds, self._middle(train.loss), *self._middles(train, validation)
        )
        self.scored = found
        if edited:
            self.last = found
        if self.population is not None:
            self.population.set_scores(train, validation)
            if edited:
                self.population.set_losses(train.loss)

    def _bands(self, losses: Numbers, train: Scores | None, validation: Scores | None) -> Bands:
        """Take each net's numbers, and return how far they spread; nothing for a single net."""
        if self.population is None:
            return (), ()
        loss_band = self.population.set_losses(losses)
        if train is None or validation is None:
            return loss_band, NO_SCORES
        return loss_band, self.population.set_scores(train, validation)

    def _add(self, row: Row, loss_band: tuple[float, ...], score_band: tuple[float, ...]) -> None:
        """Add a point to the loss, and to the scores where there are some."""
        self.last = row
        self.losses.add((row.epoch, row.loss_train, *loss_band[:2]))
        if not math.isnan(row.metric_train):
            self.scored = row
            shown = row.loss_validation, row.metric_train, row.metric_validation
            self.scores.add((row.epoch, *shown, row.metric2_validation, *score_band))

    def _middles(self, train: Scores | None, validation: Scores | None) -> tuple[float, ...]:
        """Return what a `Row` says of the scores; nothing where none were taken."""
        if train is None or validation is None:
            return ()
        held_out = validation
        found = (held_out.loss, train.metric, held_out.metric, train.metric2, held_out.metric2)
        return tuple(self._middle(values) for values in found)
