"""Which learning rate to try: one that rises from batch to batch, on a copy of the nets.

After Smith, "Cyclical learning rates for training neural networks", WACV 2017. The noise of the
batches is taken out: of each batch's loss, what the untouched nets lose on it is subtracted and
their mean loss is added.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from mlpdash.training.loop.feed import Batch, Feed
from mlpdash.training.loop.learner import Learner
from mlpdash.training.members import Member
from mlpdash.training.update.gradients import loss_and_gradient
from mlpdash.training.update.rates import set_rates
from mlpdash.training.update.stepping import stepper
from mlpdash.training.update.trainable import Trainable

BATCHES: Final = 100
LOWEST, HIGHEST = 1e-7, 10.0
MOST_ROWS: Final = 4_096  # of a batch; a full batch of a large table is cut to this
TOO_MUCH: Final = 4.0  # times the least loss, at which the sweep stops
SMOOTHING: Final = 2.5  # batches, the deviation of the bell curve that losses are averaged with
LEAST_FALL: Final = 0.01  # of the loss at the start, below which nothing is suggested

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Found:
    """What a sweep found.

    Attributes
    ----------
    lr : (100,) the learning rates, from 1e-7 to 10 by equal factors
    loss : (100,) the smoothed loss after the steps up to that rate; NaN from where the sweep
        stopped on. Of several nets the median
    suggestion : the rate at which the loss falls fastest against log lr, before its least value, to
        two digits; None where it never falls by a hundredth
    """

    lr: Floats
    loss: Floats
    suggestion: float | None


def find_lr(learner: Learner) -> Found:
    """Sweep the learning rate on a copy of the nets, which is left alone.

    The copy has the optimiser's state, clipping and penalties of the run, and no dropout. The sweep
    stops where the loss, the mean of three batches, is four times the least so far.
    """
    rates = np.geomspace(LOWEST, HIGHEST, BATCHES)
    losses = _smoothed(_sweep(learner, rates))
    return Found(rates, losses, _steepest(rates, losses))


@torch.inference_mode()
def _sweep(learner: Learner, rates: Floats) -> Floats:
    """Return the losses, as far as the sweep goes."""
    moving, still = learner.trainable.copy(), learner.trainable.copy()
    members = learner.members
    differences, least = [], math.inf
    base = 0.0  # what the untouched nets lose, its mean
    batches = itertools.islice(_endless(_feed_like(learner.feed, members)), len(rates))
    for count, (rate, batch) in enumerate(zip(rates.tolist(), batches, strict=True)):
        before = _loss(still, batch, learner)
        base += (before - base) / (count + 1)
        differences.append(_loss(moving, batch, learner) - before)
        same = set_rates(moving, [rate] * len(members), [1.0] * len(members))
        stepper(moving, same, learner.penalties)()
        loss = base + float(np.mean(differences[-3:]))
        least = min(least, loss)
        if not loss <= TOO_MUCH * least:
            differences.pop()
            break
    return base + np.array(differences)


def _feed_like(feed: Feed, members: tuple[Member, ...]) -> Feed:
    """Return the same rows, in the order in which an untrained net would get them."""
    batch = min(feed.batch, MOST_ROWS)
    return Feed(feed.x, feed.goal, [m.seed for m in members], batch, feed.weight)


def _endless(feed: Feed) -> Iterator[Batch]:
    while True:
        feed.start_epoch()
        yield from feed.batches()


def _loss(nets: Trainable, batch: Batch, learner: Learner) -> float:
    """Fill the gradient of a copy and return the loss: the median of the nets alive."""
    found = loss_and_gradient(
        nets.net,
        batch.x,
        batch.y,
        nets.workspace(batch.rows),
        nets.gradient,
        loss=nets.loss,
        weight=batch.weight,
        weight_decay=learner.penalties.weight_decay,
        l1=learner.penalties.l1,
    )
    return float(np.median(found[learner.alive].double().cpu().numpy()))


def _smoothed(losses: Floats) -> Floats:
    """Average each with its neighbours, and fill up with NaN."""
    places = np.arange(len(losses))
    bell = np.exp(-(((places[:, None] - places) / SMOOTHING) ** 2) / 2)
    found = np.full(BATCHES, math.nan)
    found[: len(losses)] = (bell * losses).sum(1) / bell.sum(1)
    return found


def _steepest(rates: Floats, losses: Floats) -> float | None:
    known = losses[np.isfinite(losses)]
    lowest = int(known.argmin()) if len(known) else 0
    if lowest < 1 or known[0] - known[lowest] < LEAST_FALL * abs(known[0]):
        return None
    falling = np.gradient(known)[: lowest + 1]
    return float(f"{rates[int(falling.argmin())]:.1e}")
