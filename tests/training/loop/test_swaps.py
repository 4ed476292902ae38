"""Activations and optimisers swapped on a net that is being trained."""

import numpy as np
import pytest
import torch

from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.training.loop.changes import change
from mlpdash.training.loop.loop import train
from mlpdash.training.loop.setup import learner_for
from mlpdash.training.loop.state import load_state, state_of

START = starting_point("circle").changed(
    epochs=12, rows=120, batch_size=16, hidden=(6, 5), nets=2, dropout=0.1
)
SWAPS = [
    ("optimizer", "adamw"),
    ("optimizer", "nadam"),
    ("activation", "gelu"),
    ("activation", "prelu"),
    ("activations", ("relu", "prelu")),
]


def learner(experiment=START):
    return learner_for(prepare(load(experiment.data), experiment.data), experiment)


def trained_with(net, changes, stop=None):
    """Train, changing what `changes` says at its step; return losses (epochs, P) and events."""
    found, events, left = [], [], dict(changes)
    for progress in train(net, slice_seconds=0.0):
        if progress.finished_epoch:
            found.append(progress.losses)
        if progress.step in left:
            events.append(change(net, *left.pop(progress.step)))
        if progress.step == stop:
            break
    return found, events


@pytest.mark.parametrize(("name", "value"), SWAPS)
def test_the_weights_stay(name, value):
    net = learner()
    trained_with(net, {}, stop=20)
    weights = [part.clone() for part in (*net.net.weights, *net.net.biases)]
    change(net, name, value)
    for before, part in zip(weights, (*net.net.weights, *net.net.biases), strict=True):
        assert torch.equal(before, part)
    assert not any(
        t.any() for key, t in net.trainable.optimizer_state().items() if key != "mu_product"
    )


def test_the_net_answers_and_learns_with_what_it_has_now():
    net = learner(START.changed(dropout=0.0))
    trained_with(net, {}, stop=20)
    change(net, "activation", "prelu")
    x, (w, w2, w3), (b, b2, b3) = net.validation.x, net.net.weights, net.net.biases
    h = x
    for weight, bias in ((w, b), (w2, b2)):
        h = torch.nn.functional.prelu(h @ weight[1].T + bias[1], torch.tensor([0.25]))
    torch.testing.assert_close(net.net.forward(x)[1], h @ w3[1].T + b3[1])
    before = net.net.flat.clone()
    trained_with(net, {}, stop=21)
    assert (net.net.slopes[0] != 0.25).all()
    assert not torch.equal(before, net.net.flat)


def test_a_swap_there_and_back_leaves_the_weights():
    net = learner()
    trained_with(net, {}, stop=20)
    flat = net.net.flat.clone()
    for value in ("prelu", "silu", "tanh"):
        change(net, "activation", value)
    assert torch.equal(net.net.flat, flat)


def test_choosing_what_is_there_keeps_the_optimisers_state():
    net = learner(START.changed(optimizer="adam"))
    trained_with(net, {}, stop=20)
    change(net, "optimizer", "adam")
    assert net.trainable.optimizer_state()["step"] == 20


def test_each_layer_keeps_its_own_when_the_common_one_changes():
    net = learner(START.changed(activations=("relu",)))
    change(net, "activation", "elu")
    assert net.net.activations == ("relu", "elu")


@pytest.mark.parametrize("patience", [None, 5])
@pytest.mark.parametrize(("name", "value"), SWAPS)
def test_swaps_replay_and_resume_to_the_same_losses(name, value, patience):
    """At step 11, in the middle of an epoch, with rates that differ from net to net."""
    experiment = START.changed(sweep="lr=0.01,0.1", weight_decay=0.01, patience=patience)
    changes = {11: (name, list(value) if isinstance(value, tuple) else value), 25: ("lr", 0.05)}
    whole, events = trained_with(learner(experiment), changes)
    replayed = [p.losses for p in train(learner(experiment), replay=events) if p.losses is not None]
    assert np.array_equal(whole, replayed)
    first = learner(experiment)
    found, _ = trained_with(first, changes, stop=18)
    second = learner(experiment)
    load_state(second, *state_of(first))
    rest, _ = trained_with(second, {25: changes[25]})
    assert np.array_equal(whole, found + rest)


def test_a_net_that_has_diverged_stays_where_it_was_kept():
    experiment = starting_point("plane").changed(
        epochs=40, hidden=(8, 8), activation="relu", optimizer="momentum", sweep="lr=0.01,10"
    )
    net = learner(experiment)
    for progress in train(net):
        if progress.epoch == 10:
            break
    assert net.alive.tolist() == [True, False]
    kept = [part[1].clone() for part in net.net.weights]
    change(net, "activation", "prelu")
    for _progress in train(net):
        pass
    assert all(torch.equal(a, b[1]) for a, b in zip(kept, net.net.weights, strict=True))
    assert torch.isfinite(net.net.flat).all()


def test_one_parameter_is_set_in_every_net_that_is_alive():
    net = learner()
    net.status.freeze(torch.tensor([True, False]))
    before = [part.clone() for part in net.net.layout.parts(net.net.flat)]
    event = change(net, "weight", [1, 4, 2, 0.5])
    change(net, "bias", [2, 1, -3.0])
    assert (event.step, event.field, event.value) == (0, "weight", [1, 4, 2, 0.5])
    before[1][0, 4, 2] = 0.5
    before[5][0, 0, 1] = -3.0
    for expected, part in zip(before, net.net.layout.parts(net.net.flat), strict=True):
        assert torch.equal(expected, part)


def test_a_net_that_is_just_lost_is_swapped_at_its_last_finite_weights():
    net = learner()
    trained_with(net, {}, stop=20)
    kept = [part[1].clone() for part in net.net.layout.parts(net.status.kept[0])]
    net.net.weights[1][1, 0, 0] = torch.nan
    change(net, "optimizer", "adam")
    for expected, part in zip(kept, net.net.layout.parts(net.net.flat), strict=True):
        assert torch.equal(expected, part[1])
    assert torch.isfinite(net.status.kept[0]).all()
