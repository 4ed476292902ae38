"""The one training loop. Worker, command line and estimators all consume this generator.

Pausing is not asking for the next item; stopping is not asking again. What is changed
between two items acts from the next step on; see `changes`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch

from mlpdash.training.loop.best import measured
from mlpdash.training.loop.changes import change
from mlpdash.training.loop.evaluate import Numbers, Scores
from mlpdash.training.loop.events import Event
from mlpdash.training.loop.feed import Batch
from mlpdash.training.loop.learner import Learner
from mlpdash.training.loop.step import Replays, can_replay, step_of


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
            change(learner, event.field, event.value)
        if (learner.epochs is not None and learner.epoch >= learner.epochs) or learner.all_stopped:
            learner.status.finish()
            return
        if learner.feed.position == 0:
            learner.start_epoch()
        until = to_replay[0].step if to_replay else None
        take_step = replays if can_replay(learner) else step_of(learner)
        _advance(learner, take_step, time.perf_counter() + slice_seconds, until)
        progress = _progress(learner)
        yield progress
        if progress.diverged:
            return


@torch.inference_mode()
def _advance(
    learner: Learner, take_step: Callable[[Batch], None], deadline: float, until_step: int | None
) -> None:
    """Take steps to the end of the epoch, the deadline, or a step at which something changes."""
    clock, feed = time.perf_counter, learner.feed
    for batch in feed.batches():
        take_step(batch)
        feed.position += batch.rows
        learner.step += 1
        if clock() > deadline or learner.step == until_step:
            return


def _progress(learner: Learner) -> Progress:
    """Close the epoch if it is over, and see whose numbers are still finite."""
    over = learner.feed.position >= len(learner.feed)
    if not learner.status.freeze_diverged(learner.loss_sum, epoch_over=over):
        learner.feed.position = 0
        return Progress(learner.epoch, learner.step, diverged=True)
    if not over:
        return Progress(learner.epoch, learner.step)
    learner.epoch += 1
    learner.feed.position = 0
    learner.status.keep()
    losses = learner.loss_sum.double().cpu().numpy() / len(learner.feed)
    if learner.dead:
        losses[~learner.alive.cpu().numpy()] = math.nan
    plan, when = learner.scoring, (learner.epoch, learner.epochs)
    train, validation = scores(learner) if plan.scores_at(*when) else (None, None)
    if plan.judges_at(*when):
        found = _judged(learner, losses, validation)
        learner.judge(torch.from_numpy(found).to(learner.loss_sum.device))
    return Progress(learner.epoch, learner.step, losses, train, validation)


def _judged(learner: Learner, losses: Numbers, validation: Scores | None) -> Numbers:
    """Return by what nets are judged, (P,), less being better; the losses if no row is held out."""
    name, rows = learner.trainable.spec.best_by, learner.validation
    if not len(rows):
        return losses
    if name == "loss":
        return (validation or _validated(learner)).loss
    began = time.thread_time()
    found = measured(learner.net, rows, learner.scoring.scale, name)
    learner.evaluating_seconds += time.thread_time() - began
    return found


def scores(learner: Learner) -> tuple[Scores, Scores]:
    """Score the sampled training rows and the validation rows, and account for the time.

    Members that have diverged have no scores.
    """
    began = time.thread_time()
    train = learner.scores(learner.scoring.sampled)
    if learner.dead:
        train = train.only(learner.alive.cpu().numpy())
    learner.evaluating_seconds += time.thread_time() - began
    return train, _validated(learner)


def _validated(learner: Learner) -> Scores:
    """Score the validation rows, and account for the time."""
    began = time.thread_time()
    found = learner.scores(learner.validation)
    if learner.dead:
        found = found.only(learner.alive.cpu().numpy())
    learner.evaluating_seconds += time.thread_time() - began
    return found
