"""A run being trained: the learner, its folder, its curves and its clock.

The worker and the command line both drive it. It knows nothing of sockets or frames.
"""

from __future__ import annotations

import json
import math
import time
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.errors import RunError
from mlpdash.runs.disk.history import LOSS_BAND, SCORE_BAND, History, Row, bands, records
from mlpdash.runs.disk.store import Store
from mlpdash.runs.worker.budget import Budget
from mlpdash.runs.worker.curves import Curve
from mlpdash.runs.worker.processor import Processor
from mlpdash.runs.worker.several_nets import NO_LOSSES, NO_SCORES, Many
from mlpdash.specs import Experiment
from mlpdash.text import _
from mlpdash.training.choices import check_plan
from mlpdash.training.loop.evaluate import Numbers, Scores, middle
from mlpdash.training.loop.events import Event
from mlpdash.training.loop.loop import Progress, scores, train
from mlpdash.training.loop.setup import learner_for
from mlpdash.training.loop.state import load_state, state_of
from mlpdash.training.machine.devices import Chosen
from mlpdash.training.members import live_fields, members_of, refuse_swept, sweep_of, widest
from mlpdash.training.net.size import layer_sizes, size_of

FLUSH_SECONDS: Final = 0.5  # history is written this often
SNAPSHOT_SECONDS: Final = 10.0
RATE_SECONDS: Final = 1.0  # steps per second are taken over this time
OPERATIONS_PER_SECOND: Final = 5e9  # a first guess, for the cost of a first frame


class Session:
    """One net, trained step by step.

    Attributes
    ----------
    seconds : time spent in `advance` and in waiting for the pace, over all of the run's workers
    waited : time that this worker waited, for the pace or with nothing to do
    last : the last finished epoch
    scored : the last epoch that has scores; where the best weights are back, both have theirs
    """

    def __init__(
        self, experiment: Experiment, chosen: Chosen | None = None, *, others: int = 0
    ) -> None:
        """Prepare the data and set up the untrained net, on the first device that will do.

        Parameters
        ----------
        chosen : what an earlier worker of this run trained with, which must stay
        others : how many other runs train beside this one, whose cores it leaves to them

        Raises
        ------
        SpecError, DataError : the experiment cannot be done on this data
        DeviceError : the net does not fit, or the device is not there; nothing was allocated
        """
        self.experiment = experiment
        self.prepared: Prepared = prepare(load(experiment.data), experiment.data)
        check_plan(experiment, self.prepared.task)
        train_rows = len(self.prepared.split.train)
        batch = min(experiment.train.batch_size or train_rows, train_rows)
        members = members_of(experiment)
        sizes = layer_sizes(self.prepared.width, widest(members), self.prepared.outputs)
        self.size = size_of(
            sizes,
            experiment.train.optimizer,
            batch,
            len(members),
            activations=experiment.model.layer_activations,
            bias=experiment.model.bias,
        )
        torch.set_flush_denormal(True)
        self.processor = Processor(experiment.train.device, self.size, batch, others)
        if chosen is not None:
            self.processor.chosen = chosen
        self.processor.use()
        self.learner = learner_for(self.prepared, experiment, self.chosen.device)
        self.store: Store | None = None
        self.seconds = 0.0
        self.last = self.scored = Row(0, 0)
        nets = len(self.learner.members)
        self.sweep = sweep_of(experiment)
        self.many = Many(nets) if nets > 1 else None
        more = (LOSS_BAND[:2], SCORE_BAND) if self.many else ((), ())
        self.losses = Curve(("loss_x", "loss_train", *more[0]))
        self.scores = Curve(
            ("validation_x", "loss_validation", "metric_train", "metric_validation",
             "metric2_validation", *more[1])
        )  # fmt: skip
        forward = 10_000 * 2 * self.size.parameters / OPERATIONS_PER_SECOND
        self.waited = 0.0
        self.budget = Budget(self.clock(), forward)
        self._replay: Sequence[Event] = ()
        self._loop: Iterator[Progress] | None = None
        self._unwritten: list[Row] = []
        self._unwritten_bands: list[tuple[float, ...]] = []
        self._flushed = self._saved = time.perf_counter()
        self._rates: deque[tuple[float, int]] = deque()
        self._began = self.clock()
        self._add_untrained()

    def calibrate(self) -> None:
        """Choose device and threads by measuring them, once, before the first step.

        Does nothing for a net that has been trained: what it was trained with is in its record.
        """
        if self.processor.measured or self.learner.step:
            return
        before = self.chosen
        self.processor.calibrate(self.prepared, self.experiment)
        if before.device != self.chosen.device:
            self.learner = learner_for(self.prepared, self.experiment, self.chosen.device)

    @property
    def chosen(self) -> Chosen:
        """What it trains with."""
        return self.processor.chosen

    def share(self, others: int) -> Event | None:
        """Leave cores to other runs that train now, and take them back when those are gone.

        Before the first step that decides what there is to choose from; after it, how many of the
        chosen threads are used, which is returned as an event: it can change the last bits.
        """
        if not self.processor.measured and not self.learner.step:
            self.processor.find_options(others)
            return None
        threads = self.processor.threads_beside(others)
        return None if threads is None else self.learner.change("threads", threads)

    # -- the run's folder -------------------------------------------------------------------

    def open(self, store: Store) -> None:
        """Take up a run where its last snapshot is. Reads only, so a viewer may do it too."""
        snapshot = store.latest_snapshot()
        events = store.events()
        self.processor.said = str(store.record().get("calibration", ""))
        if snapshot is not None:
            values = json.loads(snapshot.meta["state"])
            load_state(self.learner, snapshot.tensors, values)
            self.seconds = float(values["seconds"])
        for event in events:
            if event.field == "threads" and event.step < self.learner.step:
                self.learner.change(event.field, event.value)
        self._replay = [event for event in events if event.step >= self.learner.step]
        for event in self._replay:
            if event.step == self.learner.step:  # made at rest: it shows before the next step
                self.learner.change(event.field, event.value)
        history = store.read_history()
        self._take_curves(history[history["epoch"] <= self.learner.epoch], store.read_bands())
        if self.many is not None:
            self.many.curves.take(store.read_nets(), self.learner.epoch)
        if snapshot is not None:
            self._score_again()

    def write_to(self, store: Store) -> None:
        """Become the run's one writer; what was written after the last snapshot is redone."""
        store.truncate_history(self.learner.epoch)
        store.drop_snapshots_after(self.learner.step)
        self.store = store
        if not store.snapshot_steps():
            self.save()

    def save(self) -> None:
        """Write the history so far and a snapshot."""
        self.flush()
        if self.store is not None:
            arrays, values = state_of(self.learner)
            values["seconds"] = self.seconds
            self.store.write_snapshot(self.learner.step, arrays, {"state": json.dumps(values)})
            if self.many is not None:
                self.store.write_nets(self.many.curves.table())
        self._saved = time.perf_counter()

    def flush(self) -> None:
        """Write the history so far."""
        if self.store is not None and self._unwritten:
            self.store.append_history(records(self._unwritten))
            if self.many is not None:
                self.store.append_bands(bands(self._unwritten_bands))
        self._unwritten.clear()
        self._unwritten_bands.clear()
        self._flushed = time.perf_counter()

    # -- training ---------------------------------------------------------------------------

    def advance(self) -> Progress | None:
        """Train to the end of the epoch, or for a few milliseconds; None when it is done."""
        began = time.perf_counter()
        scoring = self.learner.evaluating_seconds
        if self._loop is None:
            self._loop = train(self.learner, replay=self._replay)
            self._replay = ()
        progress = next(self._loop, None)
        now = time.perf_counter()
        self.spend(now - began)
        self.budget.pay(self.learner.evaluating_seconds - scoring)
        if progress is None or progress.diverged:
            self._loop = None
            self._score_again()
            return progress
        self._rates.append((now, progress.step))
        while now - self._rates[0][0] > RATE_SECONDS and len(self._rates) > 2:
            self._rates.popleft()
        if progress.losses is not None:
            self._add_epoch(progress, progress.losses)
        self._write_when_due()
        return progress

    def spend(self, seconds: float) -> None:
        """Count time as the run's: training itself, or waiting for the pace."""
        self.seconds += seconds

    def change(self, name: str, value: Any) -> Event:
        """Change a live field of the net, and return the event that has to be written down.

        Raises
        ------
        SpecError : the value is out of bounds, or the grid tries several
        """
        refuse_swept(self.experiment, name)
        return self.learner.change(name, self.experiment.changed(**{name: value}).flat()[name])

    def edit(self, name: str, value: list[float]) -> Event:
        """Set one weight [layer, to, from, value] or bias [layer, to, value], and return the event.

        Raises
        ------
        RunError : the net has no such place
        """
        layer, *where = (int(n) for n in value[:-1])
        net = self.learner.net
        fixed = name == "bias" and not self.experiment.model.bias
        parts = net.weights if name == "weight" else net.biases
        shape = tuple(parts[layer].shape[1:] if layer < len(parts) else ())
        own = shape if name == "weight" else shape[1:]
        if fixed or len(where) != len(own) or any(n >= m for n, m in zip(where, own, strict=True)):
            raise RunError(_("there is no such weight in this net."))
        return self.learner.change(name, value)

    def clock(self) -> float:
        """Return this worker's own clock: time that it had the processor, or chose to wait.

        On a busy machine a frame takes long on the wall's clock; that is not the frame's doing.
        """
        return time.thread_time() + self.waited

    def rest(self) -> None:
        """Forget the speed of before a pause."""
        self._rates.clear()

    # -- what a frame says -------------------------------------------------------------------

    @property
    def steps_per_second(self) -> float:
        """Steps per second, over the last second of training, or over all of it."""
        if len(self._rates) < 2:
            return self.learner.step / self.seconds if self.seconds else 0.0
        (began, first), (ended, last) = self._rates[0], self._rates[-1]
        return (last - first) / max(ended - began, 1e-9)

    @property
    def seconds_left(self) -> float | None:
        """Time to the last epoch at the speed of now; None where there is none to tell."""
        if self.learner.epochs is None or self.steps_per_second == 0:
            return None
        rows, batch = len(self.learner.train), self.learner.feed.batch
        steps_per_epoch = -(-rows // batch)
        epochs = self.learner.epochs - self.learner.epoch - self.learner.feed.position / rows
        return max(0.0, epochs * steps_per_epoch / self.steps_per_second)

    @property
    def overhead(self) -> float:
        """Share of this worker's time that scoring, history and frames took, by `clock`."""
        own = self.clock() - self._began
        return self.budget.spent / own if own else 0.0

    def cell_metrics(self, member: int | None = None) -> NDArray[np.float32]:
        """Return the metric of each cell of the grid, (rows, columns): the median over its nets.

        In the cell of a net that is picked, `member`, it is that net's.
        """
        assert self.many is not None
        columns, *rows = (len(axis.values) for axis in self.sweep)
        shape = (rows[0] if rows else 1, columns, -1)
        nets = self.many.metrics.reshape(shape)  # (rows, columns, nets)
        cells = [[middle(cell) for cell in row] for row in nets]
        found = np.array(cells, np.float32)
        if member is not None and member < nets.size:
            found.flat[member // nets.shape[2]] = nets.flat[member]
        return found

    @property
    def is_done(self) -> bool:
        """Whether there is nothing left to train, unless epochs are added."""
        learner = self.learner
        return learner.all_stopped or (
            learner.epochs is not None and learner.epoch >= learner.epochs
        )

    def early_stop(self) -> str:
        """Say that training stopped early, and why; empty where it did not."""
        if not self.learner.all_stopped:
            return ""
        held_out = _(
            "Stopped early after epoch {epoch:,}: the validation loss had not improved for "
            "{patience:,} epochs. The best weights are back."
        )
        not_held_out = _(
            "Stopped early after epoch {epoch:,}: the training loss had not improved for "
            "{patience:,} epochs. The best weights are back."
        )
        text = held_out if len(self.learner.validation) else not_held_out
        patience = self.experiment.train.patience
        return text.format(epoch=self.learner.epoch, patience=patience)

    def divergence(self) -> str:
        """Say at which epoch the loss stopped being finite, and which knob to turn."""
        learner = self.learner
        text = _(
            "The loss stopped being finite in epoch {epoch:,}; the weights from the end of epoch "
            "{kept:,} are kept. "
        )
        if self.many is not None:
            text = _(
                "All {n:,} nets diverged, the last in epoch {epoch:,}; the weights from the end of "
                "epoch {kept:,} are kept. "
            )
        rates = [learner.lr]
        cure = _("Lower the learning rate (it is {low:g}), then press Train, or Reset.")
        if "lr" not in live_fields(self.experiment):
            rates = [member.lr for member in learner.members]
            cure = _("Reset with lower learning rates (they are {low:g} to {high:g}).")
        return (text + cure).format(
            n=len(learner.members),
            epoch=learner.epoch + 1,
            kept=learner.epoch,
            low=min(rates),
            high=max(rates),
        )

    # -- inside -----------------------------------------------------------------------------

    def _add_epoch(self, progress: Progress, losses: Numbers) -> None:
        began = time.thread_time()
        scored = _columns(progress.train, progress.validation)
        row = Row(progress.epoch, progress.step, self.seconds, middle(losses), *scored)
        spread = self._bands(losses, progress.train, progress.validation)
        self._unwritten.append(row)
        self._unwritten_bands.append((row.epoch, *spread[0], *spread[1]))
        self._add_to_curves(row, *spread)
        if self.many is not None and progress.train is not None:
            self.many.keep(row.epoch)
        self.budget.pay(time.thread_time() - began)

    def _bands(
        self, losses: Numbers, train: Scores | None, validation: Scores | None
    ) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Return what the curves show besides the medians; nothing for a single net."""
        if self.many is None:
            return (), ()
        if train is None or validation is None:
            return self.many.take_losses(losses), NO_SCORES
        return self.many.take_losses(losses), self.many.take_scores(train, validation)

    def _add_to_curves(
        self, row: Row, losses: tuple[float, ...] = (), scored: tuple[float, ...] = ()
    ) -> None:
        self.last = row
        self.losses.add((row.epoch, row.loss_train, *losses[:2]))
        if not math.isnan(row.metric_train):
            self.scored = row
            shown = row.loss_validation, row.metric_train, row.metric_validation
            self.scores.add((row.epoch, *shown, row.metric2_validation, *scored))

    def _add_untrained(self) -> None:
        """Show what the untrained net scores, as epoch 0. The history starts at epoch 1."""
        train, validation = scores(self.learner)
        row = Row(0, 0, 0.0, middle(train.loss), *_columns(train, validation))
        self._add_to_curves(row, *self._bands(train.loss, train, validation))
        if self.many is not None:
            self.many.keep(0)

    def _score_again(self) -> None:
        """Let the numbers be those of the nets as they are: each one's, and of the best weights."""
        has_best = self.is_done and self.experiment.train.patience is not None
        if self.many is None and not has_best:
            return
        train, validation = scores(self.learner)
        self._bands(train.loss, train, validation)
        if has_best:
            where = self.last.epoch, self.last.step, self.seconds
            row = Row(*where, middle(train.loss), *_columns(train, validation))
            self.last = self.scored = row

    def _take_curves(self, history: History, spread: History) -> None:
        known = {epoch: numbers for epoch, *numbers, _checksum in spread.tolist()}
        for epoch, *row, _checksum in history.tolist():
            numbers = known.get(epoch, (*NO_LOSSES, *NO_SCORES)) if self.many else ()
            losses, scored = numbers[: len(NO_LOSSES)], numbers[len(NO_LOSSES) :]
            self._add_to_curves(Row(epoch, *row), tuple(losses), tuple(scored))

    def _write_when_due(self) -> None:
        now = time.perf_counter()
        if now - self._flushed >= FLUSH_SECONDS:
            began = time.thread_time()
            self.flush()
            self.budget.pay(time.thread_time() - began)
        if now - self._saved >= SNAPSHOT_SECONDS:
            self.save()


def _columns(train: Scores | None, validation: Scores | None) -> tuple[float, ...]:
    """Return what a `Row` says of the scores; nothing where none were taken."""
    if train is None or validation is None:
        return ()
    found = (validation.loss, train.metric, validation.metric, train.metric2, validation.metric2)
    return tuple(middle(values) for values in found)
