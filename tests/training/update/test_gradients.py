"""The closed-form gradient against autograd in float64, and against numbers worked by hand."""

import itertools
import math
from itertools import product

import pytest
import torch
from torch import nn

from mlpdash.specs import ACTIVATIONS, choices_of
from mlpdash.training.net.initial import build
from mlpdash.training.update.gradients import (
    Dropout,
    gradient_for,
    loss_and_gradient,
    workspace_for,
)

ORACLES = {
    "cross_entropy": nn.functional.cross_entropy,
    "cross_entropy_after_softmax": lambda v, y: nn.functional.cross_entropy(v.softmax(-1), y),
    "binary_cross_entropy": nn.functional.binary_cross_entropy_with_logits,
    "squared_error": nn.functional.mse_loss,
    "squared_error_sum": lambda v, y: nn.functional.mse_loss(v, y, reduction="sum"),
    "absolute_error": nn.functional.l1_loss,
    "huber": nn.functional.huber_loss,
}
MODULES = {
    name: getattr(nn, f.module.removeprefix("nn."))
    for name, f in ACTIVATIONS.items()
    if not f.has_slope
}
FUNCTIONS = {name: module() for name, module in MODULES.items()}


def autograd_gradient(net, member, x, y, loss_name, weight_decay, masks=None):
    """Return the loss and the gradient's parts of one member, by autograd on plain tensors."""
    weights = [w[member].clone().requires_grad_() for w in net.weights]
    biases = [b[member, 0].clone().requires_grad_() for b in net.biases]
    slopes = [None if s is None else s[member].clone().requires_grad_() for s in net.slopes]
    h = x[member]
    for layer, (w, b) in enumerate(zip(weights, biases, strict=True)):
        h = h @ w.T + b
        if layer < len(weights) - 1:
            name = net.activations[layer]
            f = FUNCTIONS.get(name)
            h = f(h) if f else nn.functional.prelu(h, slopes[layer].view(1))
            if masks is not None:
                h = h * masks[layer][member]
    loss = ORACLES[loss_name](h, y[member])
    penalty = sum((w**2).sum() for w in weights) * weight_decay / 2
    (loss + penalty).backward()
    return loss.item(), [
        [None if p is None else p.grad for p in part] for part in (weights, biases, slopes)
    ]


def rows_for(loss, members, rows=7):
    """Return x (P, rows, 3) and y (P, rows, 2) for a net with two outputs."""
    x = torch.randn(members, rows, 3, dtype=torch.float64)
    if "cross_entropy" in loss:
        classes = torch.randint(0, 2, (members, rows))
        return x, nn.functional.one_hot(classes, 2).double()
    return x, torch.randn(members, rows, 2, dtype=torch.float64)


def check_gradient(activations, loss, members, weight_decay, dropout):
    torch.manual_seed(0)
    net = build((3, 5, 4, 2), activations, range(members), dtype=torch.float64)
    x, y = rows_for(loss, members)
    gradient = gradient_for(net)
    streams = [torch.Generator().manual_seed(m) for m in range(members)]
    silence = Dropout((dropout,) * members, streams, ((5, 4),) * members) if dropout else None
    work = workspace_for(net, gradient, 7, loss, silence)
    how = {"loss": loss, "weight_decay": weight_decay, "dropout": silence}
    found = loss_and_gradient(net, x, y, work, gradient, **how)
    for member in range(members):
        masks = [layer.mask for layer in work.layers] if dropout else None
        value, expected = autograd_gradient(net, member, x, y, loss, weight_decay, masks)
        assert found[member].item() == pytest.approx(value, rel=1e-12)
        ours = (*gradient.weights, *gradient.biases, *gradient.slopes)
        for part, oracle in zip(ours, itertools.chain(*expected), strict=True):
            assert (part is None) == (oracle is None)
            if part is not None:
                own = part[member].view_as(oracle)
                torch.testing.assert_close(own, oracle, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    ("activation", "loss", "members", "weight_decay", "dropout"),
    [*product(choices_of("activation"), ORACLES, (1, 3), (0.0, 0.1), (0.0, 0.4))],
)
def test_gradient_equals_autograds(activation, loss, members, weight_decay, dropout):
    check_gradient(activation, loss, members, weight_decay, dropout)


@pytest.mark.parametrize("members", [1, 3])
@pytest.mark.parametrize("activations", [("prelu", "gelu"), ("tanh", "prelu"), ("silu", "relu")])
def test_layers_have_activations_of_their_own(activations, members):
    check_gradient(activations, "squared_error", members, 0.1, 0.4)


@pytest.mark.parametrize("activation", choices_of("activation"))
def test_layers_of_one_net_end_in_its_outputs(activation):
    net = build((3, 5, 4, 2), activation, [1, 2], widths=[(5, 4), (2, 3)])
    x = torch.randn(6, 3)
    for member in range(2):
        layers = net.layers(x, member)
        assert [h.shape for h in layers] == [(6, 5), (6, 4), (6, 2)]
        torch.testing.assert_close(layers[-1], net.forward(x)[member])


def test_without_biases_none_are_learned():
    net = build((3, 4, 2), "tanh", [0, 1], bias=False, dtype=torch.float64)
    assert net.flat.numel() == 2 * (3 * 4 + 4 * 2)
    x, y = rows_for("squared_error", 2)
    gradient = gradient_for(net)
    work = workspace_for(net, gradient, 7, "squared_error")
    loss_and_gradient(net, x, y, work, gradient, loss="squared_error")
    for member in range(2):
        _, (weights, _biases, _slopes) = autograd_gradient(net, member, x, y, "squared_error", 0)
        own = [w[member].reshape(-1) for w in gradient.weights]
        torch.testing.assert_close(torch.cat(own), torch.cat([w.view(-1) for w in weights]))
    reached = sum(w.numel() for w in gradient.weights)
    assert reached == gradient.flat.numel()


@pytest.mark.parametrize("loss", ORACLES)
def test_rows_count_by_their_weights(loss):
    """Weights 2 and 0 stand for a row that is there twice, and one that is not."""
    torch.manual_seed(0)
    net = build((3, 4, 2), "tanh", [0, 1], dtype=torch.float64)
    x = torch.randn(2, 5, 3, dtype=torch.float64)
    y = torch.softmax(torch.randn(2, 5, 2, dtype=torch.float64), -1)
    weight = torch.tensor([1.0, 2, 0, 1, 2], dtype=torch.float64).expand(2, -1).unsqueeze(-1)
    rows = [0, 1, 1, 3, 4, 4]
    found, expected = gradient_for(net), gradient_for(net)
    value = loss_and_gradient(
        net, x, y, workspace_for(net, found, 5, loss), found, loss=loss, weight=weight
    )
    oracle = loss_and_gradient(
        net, x[:, rows], y[:, rows], workspace_for(net, expected, 6, loss), expected, loss=loss
    )
    torch.testing.assert_close(value, oracle)
    torch.testing.assert_close(found.flat, expected.flat)


def test_l1_adds_the_sign_of_each_weight():
    net = build((2, 3, 2), "tanh", [0])
    x, y = torch.zeros(1, 4, 2), torch.zeros(1, 4, 2)
    plain, pulled = gradient_for(net), gradient_for(net)
    work = workspace_for(net, plain, 4, "squared_error")
    loss_and_gradient(net, x, y, work, plain, loss="squared_error")
    work = workspace_for(net, pulled, 4, "squared_error")
    loss_and_gradient(net, x, y, work, pulled, loss="squared_error", l1=0.25)
    end = net.layout.weight_count
    expected = plain.flat[:end] + 0.25 * net.flat[:end].sign()
    torch.testing.assert_close(pulled.flat[:end], expected)
    assert torch.equal(pulled.flat[end:], plain.flat[end:])


def test_gradient_of_a_net_worked_by_hand():
    """One input 2, weight 3, bias 1, target 5: value 7, loss 4, d/dw = 2*2*2 = 8, d/db = 4."""
    net = build((1, 1), "identity", [0])
    net.flat.copy_(torch.tensor([3.0, 1.0]))
    gradient = gradient_for(net)
    x, y = torch.tensor([[[2.0]]]), torch.tensor([[[5.0]]])
    work = workspace_for(net, gradient, 1, "squared_error")
    loss = loss_and_gradient(net, x, y, work, gradient, loss="squared_error")
    assert loss.tolist() == [4.0]
    assert gradient.flat.tolist() == [8.0, 4.0]


def test_l2_reaches_weights_and_spares_biases():
    net = build((2, 3, 2), "tanh", [0])
    x, y = torch.zeros(1, 4, 2), torch.zeros(1, 4, 2)
    found = []
    for weight_decay in (0.0, 0.5):
        gradient = gradient_for(net)
        work = workspace_for(net, gradient, 4, "squared_error")
        loss_and_gradient(
            net, x, y, work, gradient, loss="squared_error", weight_decay=weight_decay
        )
        found.append(gradient)
    plain, decayed = found
    for w, a, b in zip(net.weights, plain.weights, decayed.weights, strict=True):
        torch.testing.assert_close(b, a + 0.5 * w)
    for a, b in zip(plain.biases, decayed.biases, strict=True):
        assert torch.equal(a, b)


def test_dropout_scales_what_stays_so_that_the_mean_stays():
    net = build((1, 20_000, 1), "identity", [0])
    gradient = gradient_for(net)
    silence = Dropout((0.25,), [torch.Generator().manual_seed(0)], ((20_000,),))
    work = workspace_for(net, gradient, 1, "squared_error", silence)
    x, y = torch.ones(1, 1, 1), torch.zeros(1, 1, 1)
    loss_and_gradient(net, x, y, work, gradient, loss="squared_error", dropout=silence)
    mask = work.layers[0].mask
    assert mask.unique().tolist() == [0.0, pytest.approx(4 / 3)]
    assert mask.mean().item() == pytest.approx(1.0, abs=5 * math.sqrt(1 / 3 / 20_000))
