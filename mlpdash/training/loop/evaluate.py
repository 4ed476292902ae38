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
    train, validation : all rows of these parts; with folds, validation rows of each net's own
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
        """Tell whether the nets are scored after this epoch; where each is judged, not in each."""
        judged = self.judged_every != 1 and self.judges_at(epoch, last)
        return _is_due(epoch, self.every, last) or judged

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


def mean_of(values: Numbers) -> float:
    """Return the mean of the values that are finite; NaN where none is."""
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else math.nan


@torch.inference_mode()
def evaluate(
    net: Population,
    rows: Rows,
    scale: Tensor,
    *,
    loss: str = "auto",
    batch: int = 1,
    counts: Tensor | None = None,
) -> Scores:
    """Score every member of a population, on the same rows or each on its own.

    Parameters
    ----------
    rows : of which y are class codes, or values in the units of training
    scale : (K,) units of the target per unit of training
    loss : a name of `losses.LOSSES`; auto is cross-entropy for codes, else the mean squared error
    batch : rows per step in training, for a loss that is a sum over them
    counts : (P, rows) what each member counts in each row, 1 in all: the mean of their
        probabilities or values is scored, as of one net; by default each by itself

    Notes
    -----
    R2 = 1 - sum (y - v)^2 / sum (y - mean y)^2 for each output, as `sklearn.metrics.r2_score`.
    """
    if len(rows) == 0:
        return not_measured(net.members if counts is None else 1)
    v = net.forward(rows.x)  # (P, rows, K)
    is_classes = not rows.y.is_floating_point()
    if counts is not None:
        each = torch.softmax(v, -1) if is_classes else v
        v = (each * counts.to(v)[..., None]).sum(0, keepdim=True)
        v = v.log() if is_classes else v
    share = _shares(rows.weight)
    if is_classes:
        return _of_classes(v, rows.y.expand(v.shape[:2]), loss, batch, share)
    goal = rows.y if rows.y.dim() == 3 else rows.y[None]
    return _of_numbers(v, goal, scale.double(), loss, batch, share)


def _shares(weight: Tensor | None) -> Tensor | None:
    """Return what rows count, (1 or P, rows), 1 in all; None where all count the same."""
    if weight is None:
        return None
    weight = weight.double() if weight.dim() == 2 else weight.double()[None]
    return weight / weight.sum(1, keepdim=True)


def _of_classes(v: Tensor, y: Tensor, loss: str, batch: int, share: Tensor | None) -> Scores:
    """Score sums v (P, rows, K) against codes y (P, rows)."""
    if loss in ("auto", "cross_entropy"):
        own = torch.log_softmax(v, -1).gather(-1, y.unsqueeze(-1)).squeeze(-1)  # (P, rows)
        value = -_mean(own, share)
    else:
        value = _loss(v, one_hot(y, v.shape[-1]), loss, batch, share)
    accuracy = _mean(v.argmax(-1) == y, share)
    return Scores(_numbers(value), _numbers(accuracy), not_measured(len(v)).loss)


def _of_numbers(
    v: Tensor, y: Tensor, scale: Tensor, loss: str, batch: int, share: Tensor | None
) -> Scores:
    """Score values v (P, rows, K) against y (1 or P, rows, K)."""
    per_output = _mean((v - y).double().square(), share)  # (P, K)
    usual = loss in ("auto", "squared_error")
    value = per_output.mean(1) if usual else _loss(v, y, loss, batch, share)
    rmse = (per_output * scale.square()).mean(1).sqrt()
    goal = y.double()
    spread = _mean((goal - _mean(goal, share)[:, None]).square(), share)  # (P, K)
    r2 = torch.where(spread > 0, 1 - per_output / spread.clamp_min(1e-300), torch.nan)
    return Scores(_numbers(value), _numbers(rmse), _numbers(r2.mean(1)))


def _mean(values: Tensor, share: Tensor | None) -> Tensor:
    """Return the mean over the rows of (P, rows) or (P, rows, K)."""
    if share is None:
        return values.mean(1, dtype=torch.float64)
    return (values * (share if values.dim() == 2 else share[..., None])).sum(1)


def _loss(v: Tensor, goal: Tensor, loss: str, batch: int, share: Tensor | None) -> Tensor:
    """Return any loss of outputs v (P, rows, K) against goal (1 or P, rows, K), (P,)."""
    v = v.double()
    kind, rows, goal = LOSSES[loss], v.shape[1], goal.to(v).expand_as(v)
    weight = None if share is None else share[..., None].expand(*v.shape[:2], 1) * rows
    found = kind.value_and_delta(v, goal, torch.empty_like(v), shares(loss, v, weight))
    return found * (batch / rows) if kind.sum_over_rows else found


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
