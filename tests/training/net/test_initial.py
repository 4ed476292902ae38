"""Initial weights are those that torch's own functions draw."""

import pytest
import torch
from torch import nn

from mlpdash.specs import choices_of
from mlpdash.training.net.initial import INITS, build
from mlpdash.training.net.size import parameters_of

DRAWN = {
    "xavier": nn.init.xavier_uniform_,
    "he": lambda w: nn.init.kaiming_uniform_(w, nonlinearity="relu"),
    "normal": lambda w: nn.init.normal_(w, 0, 0.1),
    "zeros": nn.init.zeros_,
}


def test_every_choice_has_its_draw():
    assert set(INITS) == set(choices_of("init"))


@pytest.mark.parametrize("bias", [True, False])
def test_torchs_own_are_those_of_nn_linear(bias):
    torch.manual_seed(7)
    reference = nn.Sequential(nn.Linear(2, 5, bias), nn.Sigmoid(), nn.Linear(5, 3, bias))
    net = build((2, 5, 3), "sigmoid", [7], bias=bias)
    for layer, module in enumerate(reference[::2]):
        assert torch.equal(net.weights[layer][0], module.weight)
        if bias:
            assert torch.equal(net.biases[layer][0, 0], module.bias)
    x = torch.randn(6, 2)
    torch.testing.assert_close(net.forward(x)[0], reference(x))


@pytest.mark.parametrize("init", DRAWN)
def test_others_are_drawn_layer_by_layer_and_leave_biases_at_0(init):
    torch.manual_seed(3)
    expected = [DRAWN[init](torch.empty(5, 2)), DRAWN[init](torch.empty(3, 5))]
    net = build((2, 5, 3), "relu", [8, 3], init=init)
    for w, b, e in zip(net.weights, net.biases, expected, strict=True):
        assert torch.equal(w[1], e)
        assert not b.any()
    assert init == "zeros" or not torch.equal(net.weights[0][0], net.weights[0][1])


@pytest.mark.parametrize("init", choices_of("init"))
def test_a_narrow_net_starts_as_it_does_alone(init):
    together = build((3, 6, 5, 2), "tanh", [1, 2], init=init, widths=[(6, 5), (2, 4)])
    alone = build((3, 2, 4, 2), "tanh", [2], init=init)
    x = torch.randn(7, 3)
    torch.testing.assert_close(together.forward(x)[1], alone.forward(x)[0])


def test_slopes_start_at_torchs():
    net = build((2, 4, 4, 1), ("prelu", "tanh"), [0, 1])
    assert net.flat.numel() == 2 * parameters_of((2, 4, 4, 1), ("prelu", "tanh"))
    assert net.slopes[1] is None
    assert net.slopes[0].flatten().tolist() == [nn.PReLU().weight.item()] * 2
