"""The loss and the metrics of nets on rows they are not learning from at this moment."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import one_hot

from mlpdash.specs import TrainSpec
from mlpdash.training.loop.feed import Rows
from mlpdash.training.net.model import Population
from mlpdash.training.update.losses import LOSSES, shares

Numbers = NDArray[np.float64]  # (P,)
OPERATIONS_PER_SECOND: Final = 5_000_000_000  # of one core, roughly
LONG_EPOCH: Final = 20_000_000_000  # operations
MOST_BETWEEN_JUDGEMENTS: Final = 10  # epochs


@dataclass(frozen=True)
class Scores:
    """What each of P nets reaches on some rows; NaN where there is nothing to measure.

    `loss` is what training makes small, in the units the nets are trained in, as the mean over the
    rows; where it is a sum over the rows of a batch, that of a batch of such rows, so that it can
    be held against the training curve. `metric` is the accuracy, or the RMSE in the target's units;
    `metric2` is R2, the mean over the outputs, and NaN for classification.
    """

    loss: Numbers
    metric: Numbers
    metric2: Numbers

    def only(self, members: NDArray[np.bool_]) -> Scores:
        """Return the scores of these members (P,) bool, and none of the others."""
        kept = (np.where(members, v, math.nan) for v in (self.loss, self.metric, self.metric2))
        return Scores(*kept)

    def named(self, task: str, member: int = 0) -> dict[str, float | None] | None:
        """Return one member's scores under their public names; None where no rows were scored."""
        loss, metric, metric2 = (_finite(v[member]) for v in (self.loss, self.metric, self.metric2))
        if loss is None and metric is None:
            return None
        if task == "classification":
            return {"loss": loss, "accuracy": metric}
        return {"loss": loss, "rmse": metric, "r2": metric2}


@dataclass(frozen=True)
class ScoringPlan:
    """Which rows nets are scored on while they learn, and at which epochs.

    Attributes
    ----------
    train, validation : all rows of these parts
    sampled : the fixed sample of training rows that metrics are taken on
    scale : (K,) target units per unit of training
    every : how many epochs lie between scores
    judged_every : likewise between judgements; None where no net may stop or slow down
    """

    train: Rows
    validation: Rows
    sampled: Rows
    scale: Tensor
    every: int
    judged_every: int | None

    def scores_at(self, epoch: int, last: int | None) -> bool:
        """Tell whether the nets are scored after this epoch."""
        return _is_due(epoch, self.every, last) or self.judges_at(epoch, last)

    def judges_at(self, epoch: int, last: int | None) -> bool:
        """Tell whether nets may stop or slow down after this epoch."""
        return self.judged_every is not None and _is_due(epoch, self.judged_every, last)


def _is_due(epoch: int, every: int, last: int | None) -> bool:
    """Every k epochs, at the last, and at 1, 2, 4, ... below k, where most happens."""
    is_early_power = epoch < every and epoch & (epoch - 1) == 0
    return epoch == last or epoch % every == 0 or is_early_power


def not_measured(members: int) -> Scores:
    """Return scores without values."""
    nothing = np.full(members, math.nan)
    return Scores(nothing, nothing, nothing)


def middle(values: Numbers) -> float:
    """Return the median of the values that are finite; NaN where none is."""
    if len(values) == 1:
        return float(values[0])
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if len(finite) else math.nan


@torch.inference_mode()
def evaluate(
    net: Population, x: Tensor, y: Tensor, scale: Tensor, *, loss: str = "auto", batch: int = 1
) -> Scores:
    """Score every member of a population on the same rows.

    Parameters
    ----------
    x : (rows, in)
    y : (rows,) class codes, or (rows, K) values in the units of training
    scale : (K,) units of the target per unit of training
    loss : a name of `losses.LOSSES`; auto is cross-entropy for codes, else the mean squared error
    batch : rows per step in training, for a loss that is a sum over them

    Notes
    -----
    R2 = 1 - sum (y - v)^2 / sum (y - mean y)^2 for each output, as `sklearn.metrics.r2_score`.
    """
    if x.shape[0] == 0:
        return not_measured(net.members)
    v = net.forward(x)  # (P, rows, K)
    if y.dim() == 1:
        usual = loss in ("auto", "cross_entropy")
        value = _cross_entropy(v, y) if usual else _loss(v, one_hot(y, v.shape[-1]), loss, batch)
        accuracy = (v.argmax(-1) == y).mean(1, dtype=torch.float64)
        return Scores(_numbers(value), _numbers(accuracy), not_measured(net.members).loss)
    goal = y.double()
    per_output = (v - y).double().square().mean(1)  # (P, K)
    usual = loss in ("auto", "squared_error")
    value = per_output.mean(1) if usual else _loss(v, goal, loss, batch)
    rmse = (per_output * scale.double().square()).mean(1).sqrt()
    spread = (goal - goal.mean(0)).square().mean(0)  # (K,)
    r2 = torch.where(spread > 0, 1 - per_output / spread.clamp_min(1e-300), torch.nan)
    return Scores(_numbers(value), _numbers(rmse), _numbers(r2.mean(1)))


def _cross_entropy(v: Tensor, y: Tensor) -> Tensor:
    log_p = torch.log_softmax(v, -1)
    own = y.expand(len(v), -1)  # (P, rows)
    return -log_p.gather(-1, own.unsqueeze(-1)).mean((1, 2), dtype=torch.float64)


def _loss(v: Tensor, goal: Tensor, loss: str, batch: int) -> Tensor:
    """Return any loss of outputs v (P, rows, K) against goal (rows, K), (P,)."""
    v = v.double()
    kind, goal = LOSSES[loss], goal.to(v).expand_as(v)
    found = kind.value_and_delta(v, goal, torch.empty_like(v), shares(loss, v))
    return found * (batch / v.shape[1]) if kind.sum_over_rows else found


def validation_every(parameters: int, train_rows: int, batch: int, scored_rows: int) -> int:
    """Return every how many epochs the scores are taken, fixed by the experiment alone.

    Counts operations, with a call's overhead as operations too, so that scoring takes about
    0.8 % of the work of training whatever the shapes; up to 2 % where it would be taken less than
    about once a second, and up to 10 % where an epoch takes seconds: there each one counts. For P
    members `parameters` is P times those of one.
    """
    overhead = 200_000  # operations that fit into what one step's calls cost
    epoch = math.ceil(train_rows / batch) * overhead + 6 * parameters * train_rows
    scoring = 2 * overhead + 2 * parameters * scored_rows
    most = 0.1 if epoch > LONG_EPOCH else 0.02
    seldom, often = (math.ceil(scoring / (share * epoch)) for share in (0.008, most))
    return max(1, min(100, seldom, max(often, OPERATIONS_PER_SECOND // epoch)))


def judged_every(spec: TrainSpec) -> int | None:
    """Return every how many epochs nets are judged that may stop or slow down; None: they may not.

    The choices alone decide, so that a net is judged at the same epochs alone and among others.
    """
    waits = [n for n in (spec.patience, spec.plateau) if n is not None]
    return max(1, min(MOST_BETWEEN_JUDGEMENTS, min(waits) // 3)) if waits else None


def _numbers(t: Tensor) -> Numbers:
    return t.double().cpu().numpy()


def _finite(x: float) -> float | None:
    return float(x) if math.isfinite(x) else None
