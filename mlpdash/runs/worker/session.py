"""A run being trained: its data, its learner, and what is kept of it while it learns.

The worker and the command line both drive it. It knows nothing of sockets or frames.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

import torch

from mlpdash.data.prepared_once import prepared_of
from mlpdash.data.preparing.prepared import Prepared
from mlpdash.errors import RunError
from mlpdash.runs.disk.rows import check_inputs
from mlpdash.runs.disk.snapshots import Snapshot
from mlpdash.runs.disk.store import Store
from mlpdash.runs.worker.budget import Budget
from mlpdash.runs.worker.learning_curves import LearningCurves
from mlpdash.runs.worker.processor import Processor
from mlpdash.runs.worker.recorder import Recorder
from mlpdash.runs.worker.run_clock import RunClock
from mlpdash.specs import Experiment
from mlpdash.text import _
from mlpdash.training.choices import check_plan
from mlpdash.training.loop.changes import change
from mlpdash.training.loop.evaluate import Numbers
from mlpdash.training.loop.events import ANSWERING, Event
from mlpdash.training.loop.loop import Progress, scores, train
from mlpdash.training.loop.setup import learner_for
from mlpdash.training.loop.state import load_state
from mlpdash.training.machine.devices import Chosen
from mlpdash.training.members import members_of, refuse_swept, sweep_of, widest
from mlpdash.training.net.size import Size, layer_sizes, size_of

OPERATIONS_PER_SECOND: Final = 5e9  # a first guess, for the cost of a first frame


class Session:
    """Train the nets of one experiment step by step.

    Attributes
    ----------
    experiment : what is trained; live changes act on the learner alone
    prepared : its data, as the nets get it
    learner : the nets and where they are in their training
    processor : the device and threads that they are trained with
    curves : what they reached so far
    clock, budget : the time of the run, and how much of it may go into being watched
    recorder : what writes to the run's folder; None before `write_to`
    """

    def __init__(
        self, experiment: Experiment, chosen: Chosen | None = None, *, others: int = 0
    ) -> None:
        """Prepare the data and set up the untrained nets, on the first device that will do.

        Parameters
        ----------
        chosen : what an earlier worker of this run trained with, which must stay
        others : how many other runs train at the same time, whose cores it leaves to them

        Raises
        ------
        SpecError, DataError : the experiment cannot be done on this data
        DeviceError : the nets do not fit, or the device is not there; nothing was allocated
        """
        self.experiment = experiment
        self.prepared: Prepared = prepared_of(experiment.data)
        check_plan(experiment, self.prepared.task, self.prepared.classes)
        train_rows = len(self.prepared.split.train)
        batch = min(experiment.train.batch_size or train_rows, train_rows)
        self.size = _size(experiment, self.prepared, batch)
        torch.set_flush_denormal(True)
        self.processor = Processor(experiment.train.device, self.size, batch, others)
        if chosen is not None:
            self.processor.chosen = chosen
        self.processor.use()
        self.learner = learner_for(self.prepared, experiment, self.chosen.device)
        self.grid = sweep_of(experiment)
        self.clock = RunClock()
        forward = 10_000 * 2 * self.size.parameters / OPERATIONS_PER_SECOND
        self.budget = Budget(self.clock.own_time(), forward)
        self.curves = self._new_curves()
        self.recorder: Recorder | None = None
        self._replay: Sequence[Event] = ()
        self._is_edited = False  # by hand, since the nets were last scored
        self._loop: Iterator[Progress] | None = None

    def _new_curves(self) -> LearningCurves:
        folds = self.prepared.split.folds is not None
        curves = LearningCurves(len(self.learner.members), folds=folds)
        curves.add_untrained(*scores(self.learner))
        return curves

    # -- device and threads -----------------------------------------------------------------

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

    def share_cores(self, others: int) -> Event | None:
        """Leave cores to other runs that train now, and take them back when those are gone.

        Before the first step that decides what there is to choose from; after it, how many of the
        chosen threads are used, which is returned as an event: it can change the last bits.
        """
        if not self.processor.measured and not self.learner.step:
            self.processor.find_options(others)
            return None
        threads = self.processor.threads_beside(others)
        return None if threads is None else change(self.learner, "threads", threads)

    # -- the run's folder -------------------------------------------------------------------

    def open(self, store: Store) -> None:
        """Restore a run from its last snapshot. Reads only, so a viewer may do it too.

        Raises
        ------
        DataError : it was trained by a version that read its table differently
        """
        check_inputs(store, self.prepared)
        snapshot = store.latest_snapshot()
        events = store.events()
        self.processor.reason = str(store.record().get("calibration", ""))
        if snapshot is not None:
            self._load(snapshot)
        self._apply(events)
        self.curves.restore(
            store.read_history(), store.read_bands(), store.read_nets(), self.learner.epoch
        )
        if snapshot is not None:
            self._score_again()
            self.score_at_rest()

    def write_to(self, store: Store) -> None:
        """Become the run's one writer; what was written after the last snapshot is redone."""
        self.recorder = Recorder(store, self.learner)
        if not self.recorder.has_snapshot:
            self.save()

    def save(self) -> None:
        """Write the history so far and a snapshot; nothing where the run has no folder yet."""
        if self.recorder is not None:
            self.recorder.write_snapshot(self.learner, self.clock.seconds, self.curves.population)

    def _load(self, snapshot: Snapshot) -> None:
        values = json.loads(snapshot.meta["state"])
        load_state(self.learner, snapshot.tensors, values)
        self.clock.seconds = float(values["seconds"])

    def _apply(self, events: Sequence[Event]) -> None:
        """Apply the changes that a snapshot lacks, and keep for training those made later."""
        for event in events:
            if event.field == "threads" and event.step < self.learner.step:
                change(self.learner, event.field, event.value)
        self._replay = [event for event in events if event.step >= self.learner.step]
        for event in self._replay:
            if event.step == self.learner.step:  # made at rest: it shows before the next step
                self._changed(change(self.learner, event.field, event.value))

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
        self.clock.seconds += now - began
        self.budget.pay(self.learner.evaluating_seconds - scoring)
        if progress is None or progress.diverged:
            self._loop = None
            self._score_again()
            return progress
        self.clock.add_steps(now, progress.step)
        if progress.losses is not None:
            self._add_epoch(progress, progress.losses)
        self._write_when_due()
        return progress

    @property
    def is_done(self) -> bool:
        """Whether there is nothing left to train, unless epochs are added."""
        learner = self.learner
        return learner.all_stopped or (
            learner.epochs is not None and learner.epoch >= learner.epochs
        )

    def _add_epoch(self, progress: Progress, losses: Numbers) -> None:
        began = time.thread_time()
        row, band = self.curves.add_epoch(progress, losses, self.clock.seconds)
        self._is_edited = self._is_edited and progress.train is None
        if self.recorder is not None:
            self.recorder.add(row, band)
        self.budget.pay(time.thread_time() - began)

    def _score_again(self) -> None:
        """Let the numbers be those of the nets as they are: each one's, and of the best weights."""
        has_best = self.is_done and self.experiment.train.patience is not None
        if self.curves.population is None and not has_best:
            return
        train_scores, validation_scores = scores(self.learner)
        self.curves.replace_scores(train_scores, validation_scores)
        if has_best:
            self.curves.replace_last_epoch(train_scores, validation_scores, self.clock.seconds)

    def score_at_rest(self) -> bool:
        """Let the numbers be those of the nets as training left them, or a person since.

        Returns
        -------
        Whether a person did: the curves then end with what the nets were before.
        """
        learner, edited = self.learner, self._is_edited
        if edited or self.curves.scored.step != learner.step:
            where = learner.epoch, learner.step, self.clock.seconds
            self.curves.replace_scored(*where, *scores(learner), edited=edited)
            self._is_edited = False
        return edited

    def _write_when_due(self) -> None:
        if self.recorder is None:
            return
        if self.recorder.history_is_due():
            began = time.thread_time()
            self.recorder.write_history()
            self.budget.pay(time.thread_time() - began)
        if self.recorder.snapshot_is_due():
            self.save()

    # -- changes to the running nets --------------------------------------------------------

    def change(self, name: str, value: Any) -> Event:
        """Change a live field of the nets, and return the event that has to be written down.

        Raises
        ------
        SpecError : the value is out of bounds, or the grid tries several
        """
        refuse_swept(self.experiment, name)
        checked = self.experiment.changed(**{name: value}).flat()[name]
        return self._changed(change(self.learner, name, checked))

    def edit(self, name: str, place: tuple[int, ...], value: float) -> Event:
        """Set one weight at [layer, to, from] or bias at [layer, to], and return the event.

        Raises
        ------
        RunError : the net has no such place
        """
        shape = self._shape_of(name, place[0])
        within = place[1:]
        if len(within) != len(shape) or any(n >= m for n, m in zip(within, shape, strict=True)):
            raise RunError(_("there is no such weight in this net."))
        return self._changed(change(self.learner, name, [*place, value]))

    def _changed(self, event: Event) -> Event:
        """Note whether a change is one of what the nets answer."""
        self._is_edited = self._is_edited or event.field in ANSWERING
        return event

    def _shape_of(self, name: str, layer: int) -> tuple[int, ...]:
        """Return the shape of a layer's weights (to, from) or biases (to,); () for none."""
        net, has_bias = self.learner.net, self.experiment.model.bias
        parts = net.weights if name == "weight" else net.biases
        if layer >= len(parts) or (name == "bias" and not has_bias):
            return ()
        shape = tuple(parts[layer].shape[1:])
        return shape if name == "weight" else shape[1:]

    # -- speed ------------------------------------------------------------------------------

    @property
    def steps_per_second(self) -> float:
        """Steps per second, over the last second of training, or over all of it."""
        return self.clock.steps_per_second(self.learner.step)

    @property
    def seconds_left(self) -> float | None:
        """Time to the last epoch at the speed of now; None where there is none to tell."""
        if self.learner.epochs is None or self.steps_per_second == 0:
            return None
        rows, batch = len(self.learner.feed), self.learner.feed.batch
        steps_per_epoch = -(-rows // batch)
        epochs = self.learner.epochs - self.learner.epoch - self.learner.feed.position / rows
        return max(0.0, epochs * steps_per_epoch / self.steps_per_second)

    @property
    def overhead(self) -> float:
        """Share of this worker's own time that scoring, history and frames took."""
        own = self.clock.own_seconds()
        return self.budget.spent / own if own else 0.0


def _size(experiment: Experiment, prepared: Prepared, batch: int) -> Size:
    """Return how large the nets of an experiment are, before anything is allocated."""
    members = members_of(experiment)
    return size_of(
        layer_sizes(prepared.width, widest(members), prepared.outputs),
        experiment.train.optimizer,
        batch,
        len(members),
        activations=experiment.model.layer_activations,
        bias=experiment.model.bias,
    )
