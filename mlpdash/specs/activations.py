"""The activations: one table that holds all that is to be known of each.

A new one is one more entry. What may be chosen, its title, the forward and backward pass, exported
scripts and the ONNX graph all go by this table. It needs no torch: operators of torch are named, or
taken from `aten`, which is `torch.ops.aten`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from mlpdash.text import N_

LEAK: Final = 0.01  # slope of leaky ReLU below 0, as torch's
SELU: Final = (1.6732632423543772, 1.0507009873554805)  # alpha, scale (Klambauer et al. 2017)


class Graph(Protocol):
    """An ONNX graph that is being put together."""

    def add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Add a node and return the name of its output."""

    def number(self, value: float) -> str:
        """Add a number in the type of the nets and return its name."""

    def in_float32(self, operator: str, value: str) -> str:
        """Add an operator that is there for float32 alone."""


@dataclass(frozen=True)
class Activation:
    """An activation f.

    Attributes
    ----------
    title : its visible name
    function : torch's name for f, as scripts write it; empty where f(z) is z
    module : its class in `torch.nn`
    backward : (aten, g, kept) overwrites g with g f'(z); kept is h = f(z), or z if `from_sum`.
        PReLU's moves its slope too: see `training.net.activations`
    onnx : (graph, z) adds f; of PReLU (graph, z, slope)
    from_sum : whether the derivative needs z, so that f may not overwrite it
    has_slope : whether each layer learns a slope; PReLU alone does
    """

    title: str
    function: str
    module: str
    backward: Callable[[Any, Any, Any], object] | None
    onnx: Callable[..., str]
    from_sum: bool = False
    has_slope: bool = False


def _prelu(graph: Graph, z: str, slope: str) -> str:
    """Add max(z, 0) - slope max(-z, 0)."""
    below = graph.add("Relu", graph.add("Neg", z))
    return graph.add("Sub", graph.add("Relu", z), graph.add("Mul", slope, below))


def _gelu(graph: Graph, z: str) -> str:
    """Add z (1 + erf(z / sqrt 2)) / 2; onnxruntime has erf for float32 alone."""
    scaled = graph.add("Mul", z, graph.number(0.5**0.5))
    above = graph.add("Add", graph.in_float32("Erf", scaled), graph.number(1))
    return graph.add("Mul", graph.add("Mul", z, graph.number(0.5)), above)


def _softplus(graph: Graph, z: str) -> str:
    """Add max(z, 0) + log(1 + exp(-|z|))."""
    power = graph.add("Exp", graph.add("Neg", graph.add("Abs", z)))
    more = graph.add("Log", graph.add("Add", graph.number(1), power))
    return graph.add("Add", graph.add("Relu", z), more)


def _elu_backward(aten: Any, g: Any, h: Any, alpha: float = 1.0, scale: float = 1.0) -> object:
    """Return g scale where h > 0, else g (h + alpha scale)."""
    return aten.elu_backward.grad_input(g, alpha, scale, 1, True, h, grad_input=g)


ACTIVATIONS: Final[dict[str, Activation]] = {
    "relu": Activation(
        title=N_("ReLU"),
        function="torch.relu",
        module="nn.ReLU",
        backward=lambda aten, g, h: aten.threshold_backward.grad_input(g, h, 0, grad_input=g),
        onnx=lambda graph, z: graph.add("Relu", z),
    ),
    "tanh": Activation(
        title=N_("tanh"),
        function="torch.tanh",
        module="nn.Tanh",
        backward=lambda aten, g, h: aten.tanh_backward.grad_input(g, h, grad_input=g),
        onnx=lambda graph, z: graph.add("Tanh", z),
    ),
    "sigmoid": Activation(
        title=N_("sigmoid"),
        function="torch.sigmoid",
        module="nn.Sigmoid",
        backward=lambda aten, g, h: aten.sigmoid_backward.grad_input(g, h, grad_input=g),
        onnx=lambda graph, z: graph.add("Sigmoid", z),
    ),
    "identity": Activation(
        title=N_("identity"),
        function="",
        module="nn.Identity",
        backward=lambda _aten, g, _h: g,
        onnx=lambda graph, z: graph.add("Identity", z),
    ),
    "leaky_relu": Activation(
        title=N_("leaky ReLU"),
        function="functional.leaky_relu",
        module="nn.LeakyReLU",
        backward=lambda aten, g, h: aten.leaky_relu_backward.grad_input(
            g, h, LEAK, True, grad_input=g
        ),
        onnx=lambda graph, z: graph.add("LeakyRelu", z, alpha=LEAK),
    ),
    "prelu": Activation(
        title=N_("PReLU"),
        function="functional.prelu",
        module="nn.PReLU",
        backward=None,
        onnx=_prelu,
        from_sum=True,
        has_slope=True,
    ),
    "elu": Activation(
        title=N_("ELU"),
        function="functional.elu",
        module="nn.ELU",
        backward=_elu_backward,
        onnx=lambda graph, z: graph.add("Elu", z, alpha=1.0),
    ),
    "selu": Activation(
        title=N_("SELU"),
        function="torch.selu",
        module="nn.SELU",
        backward=lambda aten, g, h: _elu_backward(aten, g, h, *SELU),
        onnx=lambda graph, z: graph.add("Selu", z, alpha=SELU[0], gamma=SELU[1]),
    ),
    "gelu": Activation(
        title=N_("GELU"),
        function="functional.gelu",
        module="nn.GELU",
        backward=lambda aten, g, z: aten.gelu_backward.grad_input(g, z, grad_input=g),
        onnx=_gelu,
        from_sum=True,
    ),
    "silu": Activation(
        title=N_("SiLU"),
        function="functional.silu",
        module="nn.SiLU",
        backward=lambda aten, g, z: aten.silu_backward.grad_input(g, z, grad_input=g),
        onnx=lambda graph, z: graph.add("Mul", z, graph.add("Sigmoid", z)),
        from_sum=True,
    ),
    "softplus": Activation(
        title=N_("softplus"),
        function="functional.softplus",
        module="nn.Softplus",
        backward=lambda aten, g, z: aten.softplus_backward.grad_input(g, z, 1, 20, grad_input=g),
        onnx=_softplus,
        from_sum=True,
    ),
}
