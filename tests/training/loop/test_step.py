"""Recorded steps, with a recorder that runs on any device: the same bits, and never a stale one."""

import numpy as np
import pytest
import torch

from mlpdash.data.load import load
from mlpdash.data.prepare import prepare
from mlpdash.specs import OPTIMIZERS, Experiment
from mlpdash.training.loop import loop
from mlpdash.training.loop.changes import change
from mlpdash.training.loop.loop import train
from mlpdash.training.loop.setup import learner_for
from mlpdash.training.loop.step import Replays, can_replay

CHANGES = {
    3: ("lr", 0.2),
    5: ("weight_decay", 0.01),
    7: ("batch_size", 16),
    9: ("activation", "relu"),
    11: ("optimizer", "adam"),
    13: ("weight", [0, 0, 1, 0.5]),
}


class Recorder:
    """Stands in for CUDA graphs: a replay does the step with what the step had when recorded."""

    def __init__(self, learner):
        self.learner = learner
        self.recorded = self.replayed = 0

    def held(self):
        """Return all that a CUDA graph would go on using, whatever becomes of it in Python."""
        one, nets = self.learner, self.learner.trainable
        groups = [group["lr"] for group in nets.optimizer.param_groups]
        gradient, still, scales = nets.gradient.flat, one.status.still, one.rates.scales
        buffers = [nets.net.flat, gradient, one.loss_sum, still, scales]
        places = [None if t is None else t.data_ptr() for t in buffers]
        penalties = one.penalties.weight_decay, one.penalties.l1
        return groups, places, penalties, nets.net.activations, nets.spec.optimizer

    def __call__(self, step):
        self.recorded += 1
        before = self.held()

        def replay():
            assert self.held() == before, "a stale step was replayed"
            self.replayed += 1
            step()

        return replay


def trained(monkeypatch, record, **choices):
    """Train 15 epochs with the changes above, and return the learner and its losses."""
    choices = {"rows": 70, "batch_size": 20, "epochs": 15} | choices
    experiment = Experiment().changed(**choices)
    learner = learner_for(prepare(load(experiment.data), experiment.data), experiment)
    recorder = record(learner) if record else None
    if record:
        monkeypatch.setattr(loop, "can_replay", lambda one: True)
        monkeypatch.setattr(loop, "Replays", lambda one: Replays(one, recorder))
    losses = []
    for progress in train(learner):
        if progress.finished_epoch:
            losses.append(progress.losses)
            if progress.epoch in CHANGES:
                change(learner, *CHANGES[progress.epoch])
    monkeypatch.undo()
    return learner, np.array(losses), recorder


@pytest.mark.parametrize("nets", [1, 3])
def test_replayed_steps_give_the_same_bits_through_every_change(monkeypatch, nets):
    plain, losses, _none = trained(monkeypatch, None, nets=nets)
    replayed, again, recorder = trained(monkeypatch, Recorder, nets=nets)
    assert recorder.replayed > 10
    assert recorder.recorded >= len(CHANGES)  # each change but that of a weight makes a new one
    np.testing.assert_array_equal(losses, again)
    assert torch.equal(plain.net.flat, replayed.net.flat)


def test_a_schedule_is_followed(monkeypatch):
    choices = {"schedule": "cosine", "warmup": 3}
    plain, _losses, _none = trained(monkeypatch, None, **choices)
    replayed, _again, _recorder = trained(monkeypatch, Recorder, **choices)
    assert torch.equal(plain.net.flat, replayed.net.flat)


def test_where_steps_cannot_be_recorded_they_are_taken_as_they_are(monkeypatch, caplog):
    def refusing(_learner):
        def record(_step):
            raise RuntimeError("operation not permitted when stream is capturing")

        return record

    plain, _losses, _none = trained(monkeypatch, None)
    other, _again, _recorder = trained(monkeypatch, refusing)
    assert torch.equal(plain.net.flat, other.net.flat)
    assert caplog.text.count("cannot be recorded") == 1


def test_nothing_is_recorded_where_there_is_no_graph_or_something_is_drawn():
    experiment = Experiment().changed(rows=20, optimizer="adagrad")
    learner = learner_for(prepare(load(experiment.data), experiment.data), experiment)
    assert not can_replay(learner)  # on the CPU
    assert not OPTIMIZERS["adagrad"].capturable
