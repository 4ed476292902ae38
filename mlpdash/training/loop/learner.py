"""Nets that are trained, and how far they are: what `train` consumes and a snapshot holds."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from mlpdash.training.loop.evaluate import Scores, ScoringPlan, evaluate
from mlpdash.training.loop.feed import Feed, Rows
from mlpdash.training.loop.status import Status
from mlpdash.training.members import Member
from mlpdash.training.net.model import Population
from mlpdash.training.update import schedule
from mlpdash.training.update.rates import Penalties, Rates, set_penalties, set_rates
from mlpdash.training.update.trainable import Trainable


@dataclass
class Learner:
    """P nets, their place in the data, and what was chosen for each of them.

    Attributes
    ----------
    trainable : the nets with their gradient and optimiser
    feed : the training rows, shuffled and cut into batches
    scoring : which rows the nets are scored on, and how often
    status : which members still learn, and the last finite weights
    rates, penalties : each member's learning rate, L2 and L1
    loss_sum : (P,) sum over the rows seen in this epoch
    epochs : how many there are to be; None is no end
    epoch, step : how many are completed
    evaluating_seconds : of this thread's processor time, in scores
    """

    members: tuple[Member, ...]
    trainable: Trainable
    feed: Feed
    scoring: ScoringPlan
    status: Status
    rates: Rates
    penalties: Penalties
    loss_sum: Tensor
    epochs: int | None
    epoch: int = 0
    step: int = 0
    evaluating_seconds: float = 0.0

    @property
    def net(self) -> Population:
        """The nets themselves."""
        return self.trainable.net

    @property
    def train(self) -> Rows:
        """The training rows, in their own order."""
        return self.scoring.train

    @property
    def validation(self) -> Rows:
        """The rows that are held out."""
        return self.scoring.validation

    @property
    def alive(self) -> Tensor:
        """Which members' numbers are finite, (P,) bool."""
        return self.status.alive

    @property
    def dead(self) -> int:
        """How many members have diverged."""
        return self.status.dead

    @property
    def all_stopped(self) -> bool:
        """Whether no member that is alive goes on."""
        return self.status.all_stopped

    @property
    def lr(self) -> float:
        """The learning rate as chosen; of a grid of rates that of the first net."""
        return self.rates.chosen[0]

    def set_rates(self, rates: list[float]) -> None:
        """Let each member have its own learning rate, with this epoch's schedule and plateau."""
        share = schedule.factor(self.trainable.spec, self.epoch, self.epochs)
        factors = [share * left for left in self.status.rate_factors()]
        self.rates = set_rates(self.trainable, rates, factors)

    def set_weight_decays(self, decays: list[float]) -> None:
        """Let each member have its own L2."""
        self.penalties = set_penalties(self.trainable, decays, self.penalties.l1s)

    def start_epoch(self) -> None:
        """Draw the order of the rows, and take the learning rate of this epoch."""
        self.loss_sum.zero_()
        self.feed.start_epoch()
        if not schedule.is_constant(self.trainable.spec):
            self.set_rates(self.rates.chosen)

    def judge(self, losses: Tensor) -> None:
        """Let members that do not improve stop or slow down; losses (P,) of this epoch."""
        if self.status.judge(self.epoch, losses):
            self.set_rates(self.rates.chosen)

    def scores(self, rows: Rows) -> Scores:
        """Return what each net reaches on rows."""
        loss, batch = self.trainable.loss, self.feed.batch
        return evaluate(self.net, rows, self.scoring.scale, loss=loss, batch=batch)

    def scores_together(self, rows: Rows, held: Tensor | None = None) -> Scores:
        """Return what the mean of nets reaches on rows, as one net's scores.

        Parameters
        ----------
        held : (P, rows) bool, which nets are asked about a row; by default all
        """
        loss, batch, scale = self.trainable.loss, self.feed.batch, self.scoring.scale
        asked = rows.x.new_ones(self.net.members, len(rows)) if held is None else held.to(rows.x)
        counts = asked / asked.sum(0)
        return evaluate(self.net, rows, scale, loss=loss, batch=batch, counts=counts)
