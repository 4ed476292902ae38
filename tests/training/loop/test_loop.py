"""The training loop: what it learns, what it records, and that a pause changes nothing."""

import itertools
import math

import numpy as np
import pytest
import torch

from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.errors import RunError
from mlpdash.specs import Experiment
from mlpdash.training.loop.changes import change
from mlpdash.training.loop.events import Event
from mlpdash.training.loop.loop import train
from mlpdash.training.loop.setup import learner_for
from mlpdash.training.loop.state import load_state, state_of

SMALL = starting_point("circle").changed(epochs=12, dropout=0.2, weight_decay=0.01)


def learner(experiment: Experiment, device="cpu"):
    prepared = prepare(load(experiment.data), experiment.data)
    return learner_for(prepared, experiment, device)


def losses(net, replay=()):
    """Train to the end and return the loss of every epoch."""
    return [p.losses[0] for p in train(net, replay=replay) if p.finished_epoch]


def test_xor_is_learned():
    experiment = starting_point("xor").changed(hidden=(8,), optimizer="adam", lr=0.03, epochs=100)
    net = learner(experiment)
    *_, last = (p for p in train(net) if p.finished_epoch)
    assert last.validation.metric[0] >= 0.95


def test_eight_rows_are_overfitted():
    experiment = starting_point("gauss").changed(
        rows=10, validation=0.2, noise=50, hidden=(32,), optimizer="adam", lr=0.05, epochs=300
    )
    net = learner(experiment)
    assert len(net.train) == 8
    assert losses(net)[-1] < 0.01


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_steps_equal_a_float64_reference(optimizer):
    """Three full-batch steps on the plane, next to the optimiser's formula in numpy float64."""
    experiment = starting_point("plane").changed(
        hidden=(),
        optimizer=optimizer,
        lr=0.05,
        batch_size=None,
        epochs=3,
        weight_decay=0.1,
        rows=40,
    )
    net = learner(experiment)
    w = net.net.weights[0][0].double().numpy().T.copy()  # (in, 1)
    b = net.net.biases[0][0, 0].double().numpy().copy()
    x, y = net.train.x.double().numpy(), net.train.y.double().numpy()
    moments = [np.zeros_like(w), np.zeros_like(b)], [np.zeros_like(w), np.zeros_like(b)]
    expected = []
    for t in range(1, 4):
        error = x @ w + b - y
        expected.append((error**2).mean())
        gradients = [2 * x.T @ error / len(x) + 0.1 * w, 2 * error.mean(0)]
        for i, (p, g) in enumerate(zip((w, b), gradients, strict=True)):
            if optimizer == "sgd":
                p -= 0.05 * g
            elif optimizer == "momentum":
                moments[0][i][...] = 0.9 * moments[0][i] + g
                p -= 0.05 * moments[0][i]
            else:
                moments[0][i][...] = 0.9 * moments[0][i] + 0.1 * g
                moments[1][i][...] = 0.999 * moments[1][i] + 0.001 * g * g
                first, second = moments[0][i] / (1 - 0.9**t), moments[1][i] / (1 - 0.999**t)
                p -= 0.05 * first / (np.sqrt(second) + 1e-8)
    assert losses(net) == pytest.approx(expected, rel=1e-5)
    np.testing.assert_allclose(net.net.weights[0][0].numpy().T, w, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(net.net.biases[0][0, 0].numpy(), b, rtol=1e-4, atol=1e-6)


def test_loss_of_an_epoch_is_the_mean_over_its_rows_before_each_update():
    """At a learning rate of almost nothing it is the loss of the initial net on all rows."""
    experiment = SMALL.changed(lr=1e-30, epochs=1, batch_size=7, dropout=0.0)
    net = learner(experiment)
    logits = net.net.forward(net.train.x)[0]
    expected = torch.nn.functional.cross_entropy(logits, net.train.y).item()
    assert losses(net) == [pytest.approx(expected, rel=1e-5)]


def test_an_epoch_sees_every_row_once():
    net = learner(SMALL)
    net.feed.start_epoch()
    seen = torch.cat([batch.x[0] for batch in net.feed.batches()])
    assert sorted(map(tuple, seen.tolist())) == sorted(map(tuple, net.train.x.tolist()))
    assert not torch.equal(seen, net.train.x)


def test_the_same_experiment_gives_the_same_losses_to_the_last_bit():
    assert losses(learner(SMALL)) == losses(learner(SMALL))
    assert losses(learner(SMALL)) != losses(learner(SMALL.changed(seed=1)))


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("batch_size", [7, None])
def test_pause_then_resume_equals_uninterrupted(optimizer, batch_size):
    experiment = SMALL.changed(optimizer=optimizer, batch_size=batch_size)
    whole = losses(learner(experiment))
    first = learner(experiment)
    steps = train(first, slice_seconds=0.0)  # yields after every step: stop amid an epoch
    before = [p.losses[0] for p in itertools.islice(steps, 80) if p.finished_epoch]
    if batch_size is not None:
        assert 0 < first.feed.position < len(first.train)
    arrays, values = state_of(first)
    second = learner(experiment)
    load_state(second, arrays, values)
    assert before + losses(second) == whole


def test_slices_do_not_change_the_result():
    finely = learner(SMALL)
    fine = [p.losses[0] for p in train(finely, slice_seconds=0.0) if p.finished_epoch]
    assert fine == losses(learner(SMALL))


def test_changes_to_a_running_net_replay_to_the_same_losses():
    live = learner(SMALL)
    events, found = [], []
    for progress in train(live, slice_seconds=0.0):
        if progress.finished_epoch:
            found.append(progress.losses[0])
        if progress.step == 60:
            events.append(change(live, "lr", 0.3))
        if progress.step == 110:
            events.append(change(live, "batch_size", 32))
            events.append(change(live, "weight_decay", 0.0))
    assert [e.step for e in events] == [60, 110, 110]
    replayed = learner(SMALL)
    assert losses(replayed, replay=events) == found
    assert found != losses(learner(SMALL))


def test_training_goes_on_when_epochs_are_added():
    net = learner(SMALL)
    assert len(losses(net)) == 12
    event = change(net, "epochs", 15)
    assert event == Event(net.step, "epochs", 15)
    assert len(losses(net)) == 3
    assert losses(learner(SMALL.changed(epochs=15)))[-1] == pytest.approx(
        losses(learner(SMALL), replay=[event])[-1]
    )


def test_only_live_fields_change_on_a_running_net():
    with pytest.raises(RunError, match="dropout cannot change on a running net"):
        change(learner(SMALL), "dropout", 0.5)


def test_a_loss_that_is_not_finite_stops_with_the_last_finite_weights():
    experiment = starting_point("plane").changed(lr=10, hidden=(8, 8), activation="relu", epochs=50)
    net = learner(experiment)
    *_, last = train(net)
    assert last.diverged
    assert last.epoch < 50
    assert torch.isfinite(net.net.flat).all()
    state = net.trainable.optimizer.state[net.trainable.parameter]
    assert all(torch.isfinite(v).all() for v in state.values() if v is not None)
    change(net, "lr", 1e-3)
    after = next(p for p in train(net) if p.finished_epoch)
    assert math.isfinite(after.losses[0])


def test_scores_are_taken_at_fixed_epochs_only():
    def scored_at(slice_seconds):
        net = learner(SMALL.changed(epochs=30))
        items = train(net, slice_seconds=slice_seconds)
        return [p.epoch for p in items if p.validation is not None], net.scoring.every

    epochs, every = scored_at(0.004)
    early = {n for n in (1, 2, 4, 8, 16) if n < every}
    assert epochs == sorted({30, *early, *range(every, 31, every)})
    assert scored_at(0.0) == (epochs, every)


def test_a_snapshot_of_another_net_is_refused():
    arrays, values = state_of(learner(SMALL))
    with pytest.raises(RunError, match='the snapshot does not fit this net: "flat" differs'):
        load_state(learner(SMALL.changed(hidden=(5, 2))), arrays, values)


def test_a_snapshot_of_another_version_is_refused():
    arrays, values = state_of(learner(SMALL))
    del values["rates"]
    with pytest.raises(RunError, match="written by another version"):
        load_state(learner(SMALL), arrays, values)
