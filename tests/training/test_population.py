"""Many nets at once: each is the net that it would be alone."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from mlpdash.data.load import load, starting_point
from mlpdash.data.prepare import prepare
from mlpdash.specs import choices_of
from mlpdash.training.loop.changes import change
from mlpdash.training.loop.loop import scores, train
from mlpdash.training.loop.setup import learner_for
from mlpdash.training.loop.state import load_state, state_of
from mlpdash.training.members import Member

BASE = starting_point("circle").changed(epochs=6, hidden=(6, 5), batch_size=16, rows=120)
ONE = Member(seed=3, hidden=(6, 5), lr=0.05, weight_decay=0.0, dropout=0.0)
DIFFERENT = {
    "seed": [replace(ONE, seed=s) for s in (1, 2, 3)],
    "lr": [replace(ONE, lr=lr) for lr in (0.001, 0.05, 0.3)],
    "weight_decay": [replace(ONE, weight_decay=d) for d in (0.0, 0.1, 1.0)],
    "dropout": [replace(ONE, dropout=d) for d in (0.0, 0.2, 0.5)],
    "width": [replace(ONE, hidden=h) for h in ((6, 5), (2, 5), (3, 1))],
    "l1": [replace(ONE, l1=v) for v in (0.0, 0.001, 0.01)],
    "everything": [
        ONE,
        Member(seed=9, hidden=(2, 4), lr=0.2, weight_decay=0.01, dropout=0.3),
        Member(seed=4, hidden=(5, 5), lr=0.01, weight_decay=0.3, dropout=0.1),
    ],
}


def prepared(experiment=BASE):
    return prepare(load(experiment.data), experiment.data)


def trained(experiment, members):
    """Return the learner after training, and losses (epochs, P)."""
    learner = learner_for(prepared(experiment), experiment, members=tuple(members))
    losses = [p.losses for p in train(learner) if p.finished_epoch]
    return learner, np.array(losses)


@pytest.mark.parametrize("optimizer", choices_of("optimizer"))
@pytest.mark.parametrize("differing", DIFFERENT)
def test_a_member_equals_the_same_net_trained_alone(differing, optimizer):
    tame = {"eps": 0.1, "smoothing": 0.9}  # else rounding grows where gradients are near 0
    experiment = BASE.changed(optimizer=optimizer, **tame)
    atol = 1e-3 if optimizer == "rmsprop" else 1e-4  # its first steps are long, and so is rounding
    members = DIFFERENT[differing]
    together, losses = trained(experiment, members)
    for i, member in enumerate(members):
        alone, own = trained(experiment.changed(hidden=member.hidden), [member])
        np.testing.assert_allclose(losses[:, i], own[:, 0], rtol=2e-4, atol=1e-6)
        x = together.validation.x
        torch.testing.assert_close(
            together.net.forward(x)[i], alone.net.forward(x)[0], rtol=1e-3, atol=atol
        )


def test_a_narrow_member_equals_the_net_alone_where_f_of_0_is_not_0():
    experiment = BASE.changed(activation="sigmoid", lr=0.5, batch_size=8)
    members = DIFFERENT["width"]
    _, losses = trained(experiment, members)
    for i, member in enumerate(members):
        _, own = trained(experiment.changed(hidden=member.hidden), [member])
        np.testing.assert_allclose(losses[:, i], own[:, 0], rtol=1e-4)


@pytest.mark.parametrize(
    "choices",
    [
        {"activation": "prelu", "clip": 0.1},
        {"activations": ("gelu", "prelu"), "schedule": "cosine", "warmup": 2},
        {"bias": False, "init": "xavier", "activation": "softplus"},
        {"loss": "cross_entropy_after_softmax", "optimizer": "adamw", "clip": 0.01},
    ],
)
def test_a_member_equals_the_net_alone_with_other_choices(choices):
    experiment = BASE.changed(**choices)
    members = DIFFERENT["everything"]
    together, losses = trained(experiment, members)
    for i, member in enumerate(members):
        alone, own = trained(experiment.changed(hidden=member.hidden), [member])
        np.testing.assert_allclose(losses[:, i], own[:, 0], rtol=2e-4, atol=1e-6)
        x = together.validation.x
        torch.testing.assert_close(
            together.net.forward(x)[i], alone.net.forward(x)[0], rtol=1e-3, atol=1e-4
        )


def test_full_batch_members_equal_nets_alone():
    experiment = BASE.changed(batch_size=None)
    _, losses = trained(experiment, DIFFERENT["seed"])
    for i, member in enumerate(DIFFERENT["seed"]):
        np.testing.assert_allclose(losses[:, i], trained(experiment, [member])[1][:, 0], rtol=1e-5)


def test_neurons_that_a_narrow_member_lacks_stay_out():
    learner, _ = trained(BASE.changed(optimizer="adam"), DIFFERENT["width"])
    assert (learner.net.weights[0][1, 2:] == 0).all()
    assert (learner.net.weights[1][1, :, 2:] == 0).all()
    assert (learner.net.biases[0][1, 0, 2:] == 0).all()
    assert (learner.net.weights[0][0] != 0).all()


def test_a_member_that_diverges_is_frozen_and_the_others_go_on():
    experiment = starting_point("plane").changed(
        epochs=20, hidden=(8, 8), activation="relu", optimizer="momentum"
    )
    good = Member(seed=0, hidden=(8, 8), lr=0.01, weight_decay=0.0, dropout=0.0)
    learner, losses = trained(experiment, [good, replace(good, lr=10.0), replace(good, seed=1)])
    assert learner.dead == 1
    assert learner.alive.tolist() == [True, False, True]
    assert math.isnan(losses[-1, 1])
    train_scores, held_out = scores(learner)
    assert np.isnan(train_scores.metric).tolist() == [False, True, False]
    assert np.isnan(held_out.loss).tolist() == [False, True, False]
    assert np.isfinite(losses[:, [0, 2]]).all()
    assert torch.isfinite(learner.net.flat).all()
    _, alone = trained(experiment, [good])
    np.testing.assert_allclose(losses[:, 0], alone[:, 0], rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("differing", ["everything", "width"])
def test_a_population_resumes_where_it_was(differing):
    members = tuple(DIFFERENT[differing])
    _, whole = trained(BASE, members)
    first = learner_for(prepared(), BASE, members=members)
    found = []
    for progress in train(first, slice_seconds=0.0):
        if progress.finished_epoch:
            found.append(progress.losses)
        if progress.step == 13:
            break
    second = learner_for(prepared(), BASE, members=members)
    load_state(second, *state_of(first))
    found += [p.losses for p in train(second) if p.finished_epoch]
    assert np.array_equal(np.array(found), whole)


def test_scores_are_each_members_own():
    experiment = BASE.changed(epochs=1)
    learner = learner_for(prepared(), experiment, members=tuple(DIFFERENT["everything"]))
    *_, last = train(learner)
    logits = learner.net.forward(learner.validation.x)
    expected = (logits.argmax(-1) == learner.validation.y).float().mean(1)
    assert last.validation.metric == pytest.approx(expected.numpy())


@pytest.mark.parametrize("slice_seconds", [1e-5, 1e9])
def test_nets_that_all_diverged_all_go_on_whenever_each_did(slice_seconds):
    """One after the other within an epoch where it is looked at often, else all at its end."""
    choices = {"nets": 3, "epochs": 3, "lr": 9.0, "hidden": (64, 64), "activation": "relu"}
    experiment = starting_point("plane").changed(**choices)
    learner = learner_for(prepare(load(experiment.data), experiment.data), experiment)
    assert list(train(learner, slice_seconds=slice_seconds))[-1].diverged
    assert learner.dead == 0
    change(learner, "lr", 0.01)
    last = list(train(learner, slice_seconds=slice_seconds))[-1]
    assert learner.epoch == 3
    assert learner.alive.all()
    assert np.isfinite(last.losses).all()
