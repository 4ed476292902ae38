"""Steps of every optimiser, in float64, against torch.optim and autograd."""

from itertools import pairwise, product

import pytest
import torch
from torch import nn

from mlpdash.specs import ACTIVATIONS, OPTIMIZERS, Experiment, TrainSpec, choices_of
from mlpdash.training.choices import LOSSES_FOR, parameters_of_optimizer
from mlpdash.training.loop.feed import Rows
from mlpdash.training.loop.loop import train
from mlpdash.training.loop.setup import learner_from_arrays
from mlpdash.training.members import members_of

OWN = {
    "momentum": 0.8,
    "beta1": 0.7,
    "beta2": 0.95,
    "eps": 1e-3,
    "smoothing": 0.8,
    "lr_decay": 0.1,
    "momentum_decay": 0.02,
}  # none of them torch's default
MADE = {  # written out, so that the table is held against something
    "sgd": lambda p, lr: torch.optim.SGD(p, lr),
    "momentum": lambda p, lr: torch.optim.SGD(p, lr, momentum=0.8),
    "nesterov": lambda p, lr: torch.optim.SGD(p, lr, momentum=0.8, nesterov=True),
    "adam": lambda p, lr: torch.optim.Adam(p, lr, (0.7, 0.95), 1e-3),
    "adamw": lambda p, lr: torch.optim.AdamW(p, lr, (0.7, 0.95), 1e-3, weight_decay=0),
    "nadam": lambda p, lr: torch.optim.NAdam(p, lr, (0.7, 0.95), 1e-3, momentum_decay=0.02),
    "radam": lambda p, lr: torch.optim.RAdam(p, lr, (0.7, 0.95), 1e-3),
    "rmsprop": lambda p, lr: torch.optim.RMSprop(p, lr, 0.8, 1e-3),
    "adagrad": lambda p, lr: torch.optim.Adagrad(p, lr, 0.1, eps=1e-3),
}
LOSSES = {
    "cross_entropy": nn.functional.cross_entropy,
    "cross_entropy_after_softmax": lambda v, y: nn.functional.cross_entropy(v.softmax(-1), y),
    "binary_cross_entropy": nn.functional.binary_cross_entropy_with_logits,
    "squared_error": nn.functional.mse_loss,
    "squared_error_sum": lambda v, y: nn.functional.mse_loss(v, y, reduction="sum"),
    "absolute_error": nn.functional.l1_loss,
    "huber": nn.functional.huber_loss,
}
STEPS = 8  # RAdam does without its second average for the first five


def rows_for(loss):
    generator = torch.Generator().manual_seed(1)  # torch.manual_seed writes a stack trace each time
    x, y = (torch.randn(12, n, dtype=torch.float64, generator=generator) for n in (3, 2))
    if loss == "binary_cross_entropy":
        return x, (y > 0).double()  # both labels, one or none
    return x, y.argmax(-1) if loss in LOSSES_FOR["classification"] else y


def learner(loss, members=1, **choices):
    experiment = Experiment().changed(
        hidden=(5, 4), batch_size=None, epochs=STEPS, nets=members, **{**OWN, **choices}
    )
    x, y = rows_for(loss)
    return learner_from_arrays(
        Rows(x, y),
        Rows(x[:0], y[:0]),
        loss=loss,
        outputs=2,
        model=experiment.model,
        spec=experiment.train,
        members=members_of(experiment),
    )


def module_of(activation):
    return getattr(nn, ACTIVATIONS[activation].module.removeprefix("nn."))


def torchs(name, groups, lr):
    """Return torch's optimiser: as written out above, or a new one as its entry says."""
    kind = OPTIMIZERS[name]
    arguments = kind.arguments_from(TrainSpec(**OWN).model_dump())
    made = MADE.get(name, lambda p, lr: getattr(torch.optim, kind.module)(p, lr=lr, **arguments))
    return made(groups, lr)


def oracle(net, member, optimizer, lr, weight_decay=0.0):
    """Return the same net as modules, and torch's optimiser for it; L2 spares biases and slopes."""
    modules = []
    for layer, (m, n) in enumerate(pairwise(net.sizes)):
        linear = nn.Linear(m, n).double()
        linear.weight.data.copy_(net.weights[layer][member])
        linear.bias.data.copy_(net.biases[layer][member, 0])
        modules += [linear, module_of(net.activations[layer])().double()] if layer < 2 else [linear]
    module = nn.Sequential(*modules)
    weights = [p for p in module.parameters() if p.dim() == 2]
    others = [p for p in module.parameters() if p.dim() != 2]
    groups = [{"params": weights, "weight_decay": weight_decay}, {"params": others}]
    return module, torchs(optimizer, groups, lr)


def outputs(module, x, masks=None):
    """Return the outputs of layers, with the neurons silenced that a step of ours silenced."""
    if masks is None:
        return module(x)
    h = x
    for n, layer in enumerate(module):
        h = layer(h)
        if n % 2:
            h = h * masks[n // 2]
    return h


def check_steps(loss, ours, lr, *, clip=None):
    """Take the steps with both, and compare losses and outputs of every member."""
    optimizer, decays = ours.trainable.spec.optimizer, ours.penalties.weight_decays
    members = range(ours.net.members)
    theirs = [oracle(ours.net, m, optimizer, lr, decays[m]) for m in members]
    found, masks = [], []
    x, y = rows_for(loss)
    for progress in train(ours):
        found.append(progress.losses)
        masks.append([layer.mask.clone() for layer in ours.trainable.workspace(len(x)).hidden])
    for member, (module, steps) in enumerate(theirs):
        for step in range(STEPS):
            silence = [mask[member] for mask in masks[step]] if ours.trainable.dropout else None
            value = LOSSES[loss](outputs(module, x, silence), y)
            assert found[step][member] == pytest.approx(value.item(), rel=1e-9)
            steps.zero_grad()
            value.backward()
            if clip is not None:
                if decays[member] and optimizer != "adamw":
                    raise AssertionError("torch adds L2 after clipping; compare without")
                torch.nn.utils.clip_grad_norm_(module.parameters(), clip)
            steps.step()
        torch.testing.assert_close(
            ours.net.forward(x)[member], module(x).detach(), rtol=1e-8, atol=1e-10
        )


@pytest.mark.slow
@pytest.mark.parametrize("members", [1, 3])
@pytest.mark.parametrize("optimizer", choices_of("optimizer"))
def test_every_activation_and_loss_steps_as_torch_does(optimizer, members):
    for activation, loss in product(choices_of("activation"), LOSSES):
        ours = learner(loss, members, optimizer=optimizer, activation=activation, lr=0.01)
        check_steps(loss, ours, 0.01)


@pytest.mark.parametrize("members", [1, 3])
@pytest.mark.parametrize("optimizer", choices_of("optimizer"))
def test_dropout_steps_as_torch_does_with_the_same_neurons_silent(optimizer, members):
    for activation, loss in (("sigmoid", "cross_entropy"), ("prelu", "huber")):
        choices = {"optimizer": optimizer, "activation": activation, "dropout": 0.3, "lr": 0.01}
        check_steps(loss, learner(loss, members, **choices), 0.01)


@pytest.mark.parametrize("optimizer", choices_of("optimizer"))
def test_l2_is_torchs_on_weights_alone(optimizer):
    choices = {"optimizer": optimizer, "weight_decay": 0.3, "activation": "prelu", "lr": 0.05}
    check_steps("huber", learner("huber", 2, **choices), 0.05)


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw"])
@pytest.mark.parametrize("clip", [0.05, 100.0])
def test_gradients_are_clipped_as_torch_clips_them(optimizer, clip):
    choices = {"optimizer": optimizer, "activation": "prelu", "lr": 0.1, "clip": clip}
    loss = "squared_error_sum"
    check_steps(loss, learner(loss, 3, **choices), 0.1, clip=clip)


@pytest.mark.parametrize("bias", [True, False])
def test_clipping_reaches_the_penalties_too(bias):
    choices = {"clip": 0.01, "weight_decay": 5.0, "l1": 0.5, "bias": bias}
    ours = learner("squared_error", lr=0.1, optimizer="sgd", **choices)
    before = ours.net.flat.clone()
    next(train(ours))
    assert (ours.net.flat - before).norm().item() == pytest.approx(0.1 * 0.01, rel=1e-3)


def test_biases_that_are_not_there_do_not_count_in_a_gradients_length():
    """A net without biases steps as one whose biases have no gradient on mirrored rows."""
    x, y = rows_for("squared_error")
    found = []
    for bias in (True, False):
        spec = {"hidden": (), "bias": bias, "clip": 0.1, "batch_size": None, "epochs": 1, "lr": 0.5}
        experiment = Experiment().changed(init="zeros", **spec)
        rows = Rows(torch.cat([x, -x]), torch.cat([y, -y]))
        if not bias:
            rows = Rows(torch.cat([x, x]), torch.cat([y, y]))  # whose biases would have one
        net = learner_from_arrays(
            rows,
            Rows(x[:0], y[:0]),
            loss="squared_error",
            outputs=2,
            model=experiment.model,
            spec=experiment.train,
        )
        next(train(net))
        found.append(net.net.weights[0][0])
    torch.testing.assert_close(*found)


@pytest.mark.parametrize("optimizer", ["momentum", "nesterov"])
def test_without_momentum_they_are_plain_descent(optimizer):
    plain, ours = (learner("huber", optimizer=name, momentum=0.0) for name in ("sgd", optimizer))
    assert [p.losses[0] for p in train(ours)] == [p.losses[0] for p in train(plain)]


@pytest.mark.parametrize("optimizer", choices_of("optimizer"))
def test_each_parameter_of_an_optimiser_changes_its_steps(optimizer):
    usual = [p.losses[0] for p in train(learner("huber", optimizer=optimizer))]
    other = {"eps": 0.1, "lr_decay": 0.5, "momentum_decay": 0.5}
    for name in {name for kind in OPTIMIZERS.values() for name in kind.parameters}:
        choices = {name: other.get(name, 0.3)}
        found = [p.losses[0] for p in train(learner("huber", optimizer=optimizer, **choices))]
        assert (found != usual) == (name in parameters_of_optimizer(optimizer)), name
