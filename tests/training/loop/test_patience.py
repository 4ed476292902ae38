"""Early stopping and halving on a plateau, member by member."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.training.loop.loop import train
from mlpdash.training.loop.patience import patience_for
from mlpdash.training.loop.setup import learner_for
from mlpdash.training.loop.state import load_state, state_of
from mlpdash.training.members import members_of
from mlpdash.training.net.initial import build

OVERFITTING = starting_point("gauss").changed(
    rows=60, noise=50, hidden=(40,), optimizer="adam", lr=0.02, epochs=400, patience=30
)


def learner(experiment, members=None):
    prepared = prepare(load(experiment.data), experiment.data)
    return learner_for(prepared, experiment, members=members)


def trained(experiment, members=None):
    net = learner(experiment, members)
    return net, [p for p in train(net) if p.finished_epoch]


def test_judgement_on_losses_made_by_hand():
    found = patience_for(3, 2, build((2, 1), (), [0, 1]))
    alive = torch.tensor([True, True])
    said = []
    for epoch, losses in enumerate([(1.0, 1.0), (0.5, 1.1), (0.6, 1.2), (0.7, 1.3)], start=1):
        _, stops, slows = found.judge(epoch, torch.tensor(losses, dtype=torch.float64), alive)
        said.append((stops.tolist(), slows.tolist()))
    assert said == [
        ([False, False], [False, False]),
        ([False, False], [False, False]),
        ([False, False], [False, True]),  # two epochs after its best at epoch 1
        ([False, True], [True, False]),  # three after it; and two after the first's at epoch 2
    ]
    assert found.factor.tolist() == [0.5, 0.5]
    assert found.best.tolist() == [0.5, 1.0]


def test_training_stops_early_at_the_best_weights():
    net, epochs = trained(OVERFITTING)
    scored = {p.epoch: p.validation.loss[0] for p in epochs if p.validation is not None}
    best = min(scored, key=scored.get)
    assert len(epochs) < 400
    assert epochs[-1].epoch - best >= 30
    logits = net.net.forward(net.validation.x)[0]
    loss = torch.nn.functional.cross_entropy(logits, net.validation.y).item()
    assert loss == pytest.approx(scored[best], rel=1e-5)


def test_members_stop_on_their_own():
    rates = (0.05, 0.005, 0.001)
    nets = [trained(OVERFITTING.changed(lr=lr)) for lr in rates]
    ends = [epochs[-1].epoch for _, epochs in nets]
    members = tuple(replace(members_of(OVERFITTING)[0], lr=lr) for lr in rates)
    together, epochs = trained(OVERFITTING, members)
    assert epochs[-1].epoch == max(ends)
    assert len(set(ends)) > 1
    x = together.validation.x
    for member, (alone, _) in enumerate(nets):
        torch.testing.assert_close(
            together.net.forward(x)[member], alone.net.forward(x)[0], rtol=1e-3, atol=1e-3
        )


def test_a_plateau_halves_the_rate():
    experiment = OVERFITTING.changed(patience=None, plateau=20, epochs=200)
    net, _ = trained(experiment)
    factor = net.status.patience.factor.item()
    assert factor < 1
    assert math.log2(factor).is_integer()
    assert net.trainable.optimizer.param_groups[0]["lr"] == pytest.approx(0.02 * factor)


def test_patience_survives_a_snapshot():
    whole = [p.losses[0] for p in trained(OVERFITTING)[1]]
    first = learner(OVERFITTING)
    found = []
    for progress in train(first):
        if progress.finished_epoch:
            found.append(progress.losses[0])
        if progress.epoch == 40:
            break
    second = learner(OVERFITTING)
    load_state(second, *state_of(first))
    found += [p.losses[0] for p in train(second) if p.finished_epoch]
    assert np.array_equal(found, whole)


def test_a_member_is_judged_at_the_epochs_at_which_it_would_be_alone():
    """Scores for the charts are taken more seldom of many nets; the judgement is not."""
    experiment = OVERFITTING.changed(rows=200, hidden=(6, 5), patience=100, nets=60)
    together = learner(experiment)
    alone = learner(experiment.changed(nets=1))
    assert together.scoring.every != alone.scoring.every
    *_, last = [p for p in train(together) if p.finished_epoch]
    list(train(alone))
    assert last.epoch > 100
    assert together.status.patience.best_epoch[0] == alone.status.patience.best_epoch[0]
    x = together.validation.x
    torch.testing.assert_close(
        together.net.forward(x)[0], alone.net.forward(x)[0], rtol=1e-3, atol=1e-3
    )
