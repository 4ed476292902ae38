"""The closed-form gradient with all that can be chosen chosen together, against autograd.

Members of other widths, with their own dropout, L1 and L2; rows of other weights, one of them 0;
several outputs. Float64, every activation and loss, one net and three.
"""

from itertools import product

import pytest
import torch
from torch.nn import functional

from mlpdash.specs import choices_of
from mlpdash.training.net.initial import build
from mlpdash.training.update.gradients import (
    Dropout,
    gradient_for,
    loss_and_gradient,
    workspace_for,
)
from tests.training.update.test_gradients import FUNCTIONS

ROWS, OUTPUTS = 7, 3
PER_ROW = {  # v and y (rows, outputs) -> the loss of each row
    "cross_entropy": lambda v, y: -(v.log_softmax(-1) * y).sum(-1),
    "cross_entropy_after_softmax": lambda v, y: -(v.softmax(-1).log_softmax(-1) * y).sum(-1),
    "binary_cross_entropy": lambda v, y: functional.binary_cross_entropy_with_logits(
        v, y, reduction="none"
    ).mean(-1),
    "squared_error": lambda v, y: (v - y).square().mean(-1),
    "squared_error_sum": lambda v, y: (v - y).square().sum(-1),
    "absolute_error": lambda v, y: (v - y).abs().mean(-1),
    "huber": lambda v, y: functional.huber_loss(v, y, reduction="none").mean(-1),
}
WIDTHS = ((5, 4), (2, 4), (3, 1))
SHARES = (0.4, 0.0, 0.2)
L2 = (0.1, 0.0, 0.3)
L1 = (0.05, 0.2, 0.0)


def goal(loss, members):
    y = torch.randn(members, ROWS, OUTPUTS, dtype=torch.float64)
    if loss == "binary_cross_entropy":
        return (y > 0).double()  # several labels, or none
    if "cross_entropy" in loss:
        return functional.one_hot(y.argmax(-1), OUTPUTS).double()
    return y


def autograd(net, member, x, y, weight, loss, masks):
    """Return the loss and the gradients of one member's weights, biases and slopes."""
    own = [
        [None if p is None else p[member].detach().clone().requires_grad_() for p in part]
        for part in (net.weights, net.biases, net.slopes)
    ]
    weights, biases, slopes = own
    h = x
    for layer, (w, b) in enumerate(zip(weights, biases, strict=True)):
        h = h @ w.T + b
        if layer < len(masks):
            f = FUNCTIONS.get(net.activations[layer])
            h = f(h) if f else functional.prelu(h, slopes[layer].view(1))
            h = h * masks[layer][member]
    value = (PER_ROW[loss](h, y) * weight).sum()
    if loss != "squared_error_sum":
        value = value / weight.sum()
    penalty = sum(L2[member] / 2 * w.square().sum() + L1[member] * w.abs().sum() for w in weights)
    (value + penalty).backward()
    return value.item(), [None if p is None else p.grad for part in own for p in part]


@pytest.mark.parametrize(
    ("activation", "loss", "members"), [*product(choices_of("activation"), PER_ROW, (1, 3))]
)
def test_all_choices_together_have_autograds_gradient(activation, loss, members):
    torch.manual_seed(1)
    widths = WIDTHS[:members]
    sizes = (3, *(max(w) for w in zip(*widths, strict=True)), OUTPUTS)
    net = build(sizes, activation, range(members), widths=widths, dtype=torch.float64)
    x = torch.randn(members, ROWS, 3, dtype=torch.float64)
    y = goal(loss, members)
    weight = torch.rand(members, ROWS, 1, dtype=torch.float64)
    weight[:, 2] = 0
    streams = [torch.Generator().manual_seed(m) for m in range(members)]
    silence = Dropout(SHARES[:members], streams, widths)
    gradient = gradient_for(net)
    work = workspace_for(net, gradient, ROWS, loss, silence)

    def penalty(values):
        own = torch.tensor(values[:members], dtype=torch.float64)
        return net.layout.spread(own, net.flat)[: net.layout.weight_count]

    how = {"weight": weight, "weight_decay": penalty(L2), "l1": penalty(L1), "dropout": silence}
    found = loss_and_gradient(net, x, y, work, gradient, loss=loss, **how)
    masks = [layer.mask for layer in work.hidden]
    ours = (*gradient.weights, *gradient.biases, *gradient.slopes)
    for m in range(members):
        value, theirs = autograd(net, m, x[m], y[m], weight[m, :, 0], loss, masks)
        assert found[m].item() == pytest.approx(value, rel=1e-12)
        for part, oracle in zip(ours, theirs, strict=True):
            assert (part is None) == (oracle is None)
            if part is not None:
                torch.testing.assert_close(part[m].view_as(oracle), oracle, rtol=1e-10, atol=1e-12)
