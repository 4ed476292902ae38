"""Weights from a file are read as PyTorch has them; what does not fit is named with its shapes."""

import io
import pickle
from collections import OrderedDict

import pytest
import torch
from safetensors.torch import save
from torch import nn

from mlpdash.errors import SpecError
from mlpdash.training.net.layout import layout_of
from mlpdash.training.net.model import population_in
from mlpdash.training.net.own_weights import fitted_to, read_weights


def saved(net: object) -> bytes:
    content = io.BytesIO()
    torch.save(net, content)
    return content.getvalue()


def tall(depth: int) -> nn.Sequential:
    """Return a net of 3 inputs with so many hidden layers of 4 that names pass 10."""
    torch.manual_seed(0)
    layers: list[nn.Module] = [nn.Linear(3, 4), nn.ReLU()]
    for _layer in range(depth - 1):
        layers += [nn.Linear(4, 4), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(4, 2))


@pytest.mark.parametrize("write", [lambda net: save(net.state_dict()),
                                   lambda net: saved(net.state_dict())])  # fmt: skip
def test_nets_of_the_file_say_what_torchs_net_says(write) -> None:
    net = tall(6)  # "12.weight" is behind "2.weight"
    layout = layout_of((3, 4, 4, 4, 4, 4, 4, 2), "relu", 2)
    flat = fitted_to(read_weights(write(net), "net"), layout, "net")
    x = torch.randn(5, 3)
    said = population_in(flat, layout).forward(x)
    for member in said:
        torch.testing.assert_close(member, net(x))


def test_a_state_dict_goes_by_its_own_order_whatever_its_modules_are_called() -> None:
    net = nn.Sequential(OrderedDict(zeta=nn.Linear(3, 4), act=nn.PReLU(init=0.7),
                                    alpha=nn.Linear(4, 2)))  # fmt: skip
    layout = layout_of((3, 4, 2), "prelu", 1)
    flat = fitted_to(read_weights(saved(net.state_dict()), "net"), layout, "net")
    x = torch.randn(5, 3)
    torch.testing.assert_close(population_in(flat, layout).forward(x)[0], net(x))


@pytest.mark.parametrize(
    ("sizes", "bias", "says"),
    [
        ((3, 4, 4, 2), True, "has 2 layers, 3 → 4 → 2; this net has 3, 3 → 4 → 4 → 2."),
        ((3, 8, 2), True, '1 ("0" in "net.pt") are 4 × 3, outputs by inputs; this net has 8 × 3'),
        ((3, 4, 5), True, '2 ("2" in "net.pt") are 2 × 4, outputs by inputs; this net has 5 × 4'),
        ((3, 4, 2), False, 'layer 1 ("0" in "net.pt") has biases; this net has none.'),
    ],
)
def test_what_does_not_fit_is_named_with_both_shapes(sizes, bias, says) -> None:
    layers = read_weights(saved(tall(1).state_dict()), "net.pt")
    with pytest.raises(SpecError) as caught:
        fitted_to(layers, layout_of(sizes, "relu", 1, bias=bias), "net.pt")
    assert says in str(caught.value)
    assert caught.value.field == "weights"


def test_biases_that_are_missing_are_named() -> None:
    layers = read_weights(save({"0.weight": torch.ones(4, 3), "2.weight": torch.ones(2, 4)}), "n")
    with pytest.raises(SpecError, match="has no biases; this net has biases of 4 there"):
        fitted_to(layers, layout_of((3, 4, 2), "relu", 1), "n")


class Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (pytest.fail, ("code of a file was run",))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"a,b\n1,2\n",
        pickle.dumps(Bomb()),
        saved(Bomb()),
        saved(tall(1)),
        saved({"epoch": 3}),
        save({}),
    ],
    ids=["empty", "PK", "text", "pickle", "bomb", "module", "number", "nothing"],
)
def test_what_is_no_file_of_tensors_is_refused_and_never_run(content: bytes) -> None:
    with pytest.raises(SpecError, match="is neither a safetensors file"):
        read_weights(content, "x.pt")


@pytest.mark.parametrize(
    ("tensors", "says"),
    [
        ({"conv.weight": torch.ones(4, 3, 2, 2)}, '"conv.weight" in "x", of shape 4 × 3 × 2 × 2'),
        ({"0.weight": torch.ones(2, 2), "1.running_mean": torch.ones(2)}, '"1.running_mean"'),
        ({"0.weight": torch.full((2, 2), torch.nan)}, "something else than finite numbers"),
        ({"0.weight": torch.ones(2, 2, dtype=torch.int64)}, "something else than finite numbers"),
    ],
)
def test_tensors_of_other_layers_are_named(tensors, says) -> None:
    with pytest.raises(SpecError) as caught:
        read_weights(save(tensors), "x")
    assert says in str(caught.value)
