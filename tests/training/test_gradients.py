"""The closed-form gradient against autograd in float64, and against numbers worked by hand."""

import math
from itertools import product

import pytest
import torch
from torch import nn

from mlpdash.training.activations import ACTIVATIONS
from mlpdash.training.gradients import Dropout, gradient_for, loss_and_gradient, workspace_for
from mlpdash.training.model import build

ORACLES = {
    "cross_entropy": nn.functional.cross_entropy,
    "binary_cross_entropy": nn.functional.binary_cross_entropy_with_logits,
    "squared_error": nn.functional.mse_loss,
    "squared_error_sum": lambda v, y: nn.functional.mse_loss(v, y, reduction="sum"),
    "absolute_error": nn.functional.l1_loss,
    "huber": nn.functional.huber_loss,
}
MODULES = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "identity": nn.Identity}


def autograd_gradient(net, member, x, y, loss_name, weight_decay, masks=None):
    """Return (loss, flat list of gradients) of one member, by autograd on plain tensors."""
    weights = [w[member].clone().requires_grad_() for w in net.weights]
    biases = [b[member, 0].clone().requires_grad_() for b in net.biases]
    activate = MODULES[net.activation]()
    h = x[member]
    for layer, (w, b) in enumerate(zip(weights, biases, strict=True)):
        h = h @ w.T + b
        if layer < len(weights) - 1:
            h = activate(h)
            if masks is not None:
                h = h * masks[layer][member]
    loss = ORACLES[loss_name](h, y[member])
    penalty = sum((w**2).sum() for w in weights) * weight_decay / 2
    (loss + penalty).backward()
    return loss.item(), [p.grad for p in weights], [p.grad for p in biases]


@pytest.mark.parametrize(
    ("activation", "loss", "members", "weight_decay", "dropout"),
    [*product(ACTIVATIONS, ORACLES, (1, 3), (0.0, 0.1), (0.0, 0.4))],
)
def test_gradient_equals_autograds(activation, loss, members, weight_decay, dropout):
    torch.manual_seed(0)
    net = build((3, 5, 4, 2), activation, range(members), dtype=torch.float64)
    x = torch.randn(members, 7, 3, dtype=torch.float64)
    y = (
        nn.functional.one_hot(torch.randint(0, 2, (members, 7)), 2).double()
        if loss.endswith("cross_entropy")
        else torch.randn(members, 7, 2, dtype=torch.float64)
    )
    gradient = gradient_for(net)
    streams = [torch.Generator().manual_seed(m) for m in range(members)]
    silence = Dropout((dropout,) * members, streams, ((5, 4),) * members) if dropout else None
    work = workspace_for(net, gradient, 7, loss, silence)
    found = loss_and_gradient(
        net,
        x,
        y,
        work,
        gradient,
        loss=loss,
        weight_decay=weight_decay,
        dropout=silence,
    )
    for member in range(members):
        masks = [layer.mask for layer in work.layers] if dropout else None
        expected, weights, biases = autograd_gradient(net, member, x, y, loss, weight_decay, masks)
        assert found[member].item() == pytest.approx(expected, rel=1e-12)
        for ours, oracle in zip(gradient.weights, weights, strict=True):
            torch.testing.assert_close(ours[member], oracle, rtol=1e-10, atol=1e-12)
        for ours, oracle in zip(gradient.biases, biases, strict=True):
            torch.testing.assert_close(ours[member, 0], oracle, rtol=1e-10, atol=1e-12)


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
    end = net.weight_count
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


def test_initial_weights_are_those_of_nn_linear():
    torch.manual_seed(7)
    reference = nn.Sequential(nn.Linear(2, 5), nn.Sigmoid(), nn.Linear(5, 3))
    net = build((2, 5, 3), "sigmoid", [7])
    assert torch.equal(net.weights[0][0], reference[0].weight)
    assert torch.equal(net.biases[0][0, 0], reference[0].bias)
    assert torch.equal(net.weights[1][0], reference[2].weight)
    x = torch.randn(6, 2)
    torch.testing.assert_close(net.forward(x)[0], reference(x))
