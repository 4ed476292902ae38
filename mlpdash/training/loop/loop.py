"""The one training loop. Worker, command line and estimators all consume this generator.

Pausing is not asking for the next item; stopping is not asking again. What is changed on the
learner between two items acts from the next step on.
"""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch

from mlpdash.training.loop.evaluate import Numbers, Scores
from mlpdash.training.loop.events import Event
from mlpdash.training.loop.feed import Batch
from mlpdash.training.loop.learner import Learner
from mlpdash.training.loop.step import Replays, can_replay, take_step


@dataclass(frozen=True)
class Progress:
    """Where training is.

    Attributes
    ----------
    epoch : epochs completed
    step : steps taken
    losses : (P,) at the end of an epoch, else None: each member's mean over the epoch's rows of the
        batch loss before each update, penalty excluded; NaN for a member that has diverged
    train, validation : scores, at the epochs at which they are taken, else None
    diverged : no member's numbers are finite any more; the last finite weights are back
    """

    epoch: int
    step: int
    losses: Numbers | None = None
    train: Scores | None = None
    validation: Scores | None = None
    diverged: bool = False

    @property
    def finished_epoch(self) -> bool:
        """Whether this is the end of an epoch."""
        return self.losses is not None


def train(
    learner: Learner, *, replay: Sequence[Event] = (), slice_seconds: float = 0.004
) -> Iterator[Progress]:
    """Train until the learner's epochs are done, or without end where it has none.

    Parameters
    ----------
    learner : the net and its place in the data; it is changed in place
    replay : events of an earlier run, applied at the steps at which they were made
    slice_seconds : yields at the end of each epoch, and within one after about this time

    Yields
    ------
    Progress. After one that is `diverged` the generator ends.
    """
    replays = Replays(learner)
    to_replay = [event for event in replay if event.step >= learner.step]
    while True:
        while to_replay and to_replay[0].step <= learner.step:
            event = to_replay.pop(0)
            learner.change(event.field, event.value)
        if (learner.epochs is not None and learner.epoch >= learner.epochs) or learner.all_stopped:
            learner.finish()
            return
        if learner.feed.position == 0:
            learner.start_epoch()
        until = to_replay[0].step if to_replay else None
        _advance(learner, taker(learner, replays), time.perf_counter() + slice_seconds, until)
        progress = _progress(learner)
        yield progress
        if progress.diverged:
            return


def taker(learner: Learner, replays: Replays) -> Callable[[Batch], None]:
    """Return what takes a step on a batch; it holds until something is changed."""
    if can_replay(learner):
        return replays
    return functools.partial(take_step, learner, learner.stepper())


@torch.inference_mode()
def _advance(
    learner: Learner, take: Callable[[Batch], None], deadline: float, until_step: int | None
) -> None:
    """Take steps to the end of the epoch, the deadline, or a step at which something changes."""
    clock, feed = time.perf_counter, learner.feed
    for batch in feed.batches():
        take(batch)
        feed.position += batch.rows
        learner.step += 1
        if clock() > deadline or learner.step == until_step:
            return


def _progress(learner: Learner) -> Progress:
    """Close the epoch if it is over, and see whose numbers are still finite."""
    over = learner.feed.position >= len(learner.feed)
    if not _all_finite(learner, over):
        alive = learner.alive & learner.loss_sum.isfinite()
        if over:
            alive &= learner.finite()
        if not bool(alive.any()):
            learner.restore_kept()
            learner.feed.position = 0
            return Progress(learner.epoch, learner.step, diverged=True)
        if not torch.equal(alive, learner.alive):
            learner.freeze(alive)
    if not over:
        return Progress(learner.epoch, learner.step)
    learner.epoch += 1
    learner.feed.position = 0
    learner.keep()
    losses = learner.loss_sum.double().cpu().numpy() / len(learner.feed)
    if learner.dead:
        losses[~learner.alive.cpu().numpy()] = math.nan
    judging = learner.judged_every is not None and _is_due(learner, learner.judged_every)
    scoring = judging or _is_due(learner, learner.scored_every)
    train, validation = scores(learner) if scoring else (None, None)
    if validation is not None and judging:
        watched = validation.loss if len(learner.validation) else losses
        learner.judge(torch.from_numpy(watched).to(learner.loss_sum.device))
    return Progress(learner.epoch, learner.step, losses, train, validation)


def _all_finite(learner: Learner, over: bool) -> bool:
    """Tell whether no number of any member is amiss; the sums of all are looked at first."""
    if learner.dead:
        return False
    parameters = float(learner.net.flat.sum()) if over else 0.0
    return math.isfinite(float(learner.loss_sum.sum()) + parameters)


def scores(learner: Learner) -> tuple[Scores, Scores]:
    """Score the sampled training rows and the validation rows, and account for the time.

    Members that have diverged have no scores.
    """
    began = time.thread_time()
    found = learner.scores(learner.sampled), learner.scores(learner.validation)
    if learner.dead:
        alive = learner.alive.cpu().numpy()
        found = (found[0].only(alive), found[1].only(alive))
    learner.evaluating_seconds += time.thread_time() - began
    return found


def _is_due(learner: Learner, every: int) -> bool:
    """Every k epochs, at the last, and at 1, 2, 4, ... below k, where most happens."""
    epoch = learner.epoch
    is_early_power = epoch < every and epoch & (epoch - 1) == 0
    return epoch == learner.epochs or epoch % every == 0 or is_early_power
