"""The optimisers: one table that holds all that is to be known of each.

A new one is one more entry. What may be chosen, its title and parameters, the engine's steps, the
memory it takes and exported scripts all go by this table. It needs no torch: classes and arguments
of torch are named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mlpdash.text import N_

BETAS: Final = ("beta1", "beta2")

# Pieces of hand-written updates of one parameter p; fields of `TrainSpec` in braces.
COUNT: Final = 'state["t"] = t = state.get("t", 0) + 1'
WITH_L2: Final = "gradient = p.grad + (weight_decay * p if p.dim() == 2 else 0)"
VELOCITY: Final = (
    "velocity = state.setdefault(p, torch.zeros_like(p))",
    "velocity.mul_({momentum}).add_(gradient)",
)
AVERAGES: Final = (
    "mean, square = state.setdefault(p, (torch.zeros_like(p), torch.zeros_like(p)))",
    "mean.mul_({beta1}).add_(gradient, alpha=1 - {beta1})",
    "square.mul_({beta2}).addcmul_(gradient, gradient, value=1 - {beta2})",
)
ADAM: Final = (
    *AVERAGES,
    "root = (square / (1 - {beta2}**t)).sqrt()",
    "p -= lr / (1 - {beta1}**t) * mean / (root + {eps})",
)


@dataclass(frozen=True)
class Update:
    """An optimiser's step written by hand, for scripts with raw tensors.

    Attributes
    ----------
    docstring : of the function that does it
    lines : what is done with each parameter p, of `state`, `lr` and `weight_decay`
    first : what is done before
    """

    docstring: str
    lines: tuple[str, ...]
    first: tuple[str, ...] = ()


@dataclass(frozen=True)
class Optimizer:
    """An optimiser.

    Attributes
    ----------
    title : its visible name
    module : its class in `torch.optim`
    update : the same by hand
    arguments : torch's arguments besides the learning rate, each with the field of `TrainSpec`, or
        the two fields, that it is set from
    fixed : arguments that are always the same
    buffers : numbers that it keeps for each parameter
    fused : whether torch updates a parameter in one pass; otherwise it has `foreach` to turn off
    capturable : whether a step can be recorded in a CUDA graph
    starts : what it remembers that does not start at 0
    l2_in_step : whether L2 shrinks the weights in the step and is not in the gradient
    """

    title: str
    module: str
    update: Update
    arguments: Mapping[str, str | tuple[str, str]] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    buffers: int = 0
    fused: bool = False
    capturable: bool = True
    starts: Mapping[str, float] = field(default_factory=dict)
    l2_in_step: bool = False

    def arguments_from(self, choices: Mapping[str, Any]) -> dict[str, Any]:
        """Return torch's arguments for choices by the names of `TrainSpec`, without lr."""
        own = {
            name: choices[chosen] if isinstance(chosen, str) else tuple(choices[n] for n in chosen)
            for name, chosen in self.arguments.items()
        }
        return own | dict(self.fixed)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The fields of `TrainSpec` that it is set from, besides the learning rate and L2."""
        chosen = self.arguments.values()
        return tuple(n for own in chosen for n in ((own,) if isinstance(own, str) else own))


OPTIMIZERS: Final[dict[str, Optimizer]] = {
    "sgd": Optimizer(
        title=N_("SGD"),
        module="SGD",
        update=Update(
            "Take a step down the gradient, with L2 on the weights.",
            (WITH_L2, "p -= lr * gradient"),
        ),
    ),
    "momentum": Optimizer(
        title=N_("Momentum"),
        module="SGD",
        arguments={"momentum": "momentum"},
        buffers=1,
        fused=True,
        update=Update(
            "Take a step along the gradients' decaying sum, with L2 on the weights.",
            (WITH_L2, *VELOCITY, "p -= lr * velocity"),
        ),
    ),
    "nesterov": Optimizer(
        title=N_("Nesterov"),
        module="SGD",
        arguments={"momentum": "momentum"},
        fixed={"nesterov": True},
        buffers=1,
        fused=True,
        update=Update(
            "Take a step along the gradients' decaying sum, looking one step ahead.",
            (WITH_L2, *VELOCITY, "p -= lr * (gradient + {momentum} * velocity)"),
        ),
    ),
    "adam": Optimizer(
        title=N_("Adam"),
        module="Adam",
        arguments={"betas": BETAS, "eps": "eps"},
        buffers=2,
        fused=True,
        update=Update(
            "Take a step of Adam: the gradient's mean over the root of its mean square.",
            (WITH_L2, *ADAM),
            (COUNT,),
        ),
    ),
    "adamw": Optimizer(
        title=N_("AdamW"),
        module="AdamW",
        arguments={"betas": BETAS, "eps": "eps"},
        fixed={"weight_decay": 0},  # torch's own would pull at biases too
        buffers=2,
        fused=True,
        l2_in_step=True,
        update=Update(
            "Take a step of AdamW: shrink the weights, then do as Adam does.",
            ("gradient = p.grad", "if p.dim() == 2:", "    p *= 1 - lr * weight_decay", *ADAM),
            (COUNT,),
        ),
    ),
    "nadam": Optimizer(
        title=N_("NAdam"),
        module="NAdam",
        arguments={"betas": BETAS, "eps": "eps", "momentum_decay": "momentum_decay"},
        buffers=2,
        starts={"mu_product": 1},
        update=Update(
            "Take a step of NAdam: Adam that looks one step ahead.",
            (
                WITH_L2,
                *AVERAGES,
                "root = (square / (1 - {beta2}**t)).sqrt() + {eps}",
                "p -= lr * (1 - now) / (1 - product) * gradient / root",
                "p -= lr * after / (1 - product * after) * mean / root",
            ),
            (
                COUNT,
                "now = {beta1} * (1 - 0.96 ** (t * {momentum_decay}) / 2)",
                "after = {beta1} * (1 - 0.96 ** ((t + 1) * {momentum_decay}) / 2)",
                'state["product"] = product = state.get("product", 1) * now',
            ),
        ),
    ),
    "radam": Optimizer(
        title=N_("RAdam"),
        module="RAdam",
        arguments={"betas": BETAS, "eps": "eps"},
        buffers=2,
        update=Update(
            "Take a step of RAdam: Adam once its mean square is to be trusted.",
            (
                WITH_L2,
                *AVERAGES,
                "step = mean / (1 - {beta1}**t)",
                "if length > 5:",
                "    full = (most - 4) * (most - 2) * length",
                "    trust = (length - 4) * (length - 2) * most / full",
                "    step *= (trust * (1 - {beta2}**t)) ** 0.5 / (square.sqrt() + {eps})",
                "p -= lr * step",
            ),
            (
                COUNT,
                "most = 2 / (1 - {beta2}) - 1",
                "length = most - 2 * t * {beta2}**t / (1 - {beta2}**t)",
            ),
        ),
    ),
    "rmsprop": Optimizer(
        title=N_("RMSprop"),
        module="RMSprop",
        arguments={"alpha": "smoothing", "eps": "eps"},
        buffers=1,
        update=Update(
            "Take a step of RMSprop: the gradient over the root of its mean square.",
            (
                WITH_L2,
                "square = state.setdefault(p, torch.zeros_like(p))",
                "square.mul_({smoothing}).addcmul_(gradient, gradient, value=1 - {smoothing})",
                "p -= lr * gradient / (square.sqrt() + {eps})",
            ),
        ),
    ),
    "adagrad": Optimizer(
        title=N_("Adagrad"),
        module="Adagrad",
        arguments={"lr_decay": "lr_decay", "eps": "eps"},
        buffers=1,
        capturable=False,
        update=Update(
            "Take a step of Adagrad: the gradient over the root of the sum of its squares.",
            (
                WITH_L2,
                "total = state.setdefault(p, torch.zeros_like(p))",
                "total.addcmul_(gradient, gradient, value=1)",
                "p -= lr / (1 + (t - 1) * {lr_decay}) * gradient / (total.sqrt() + {eps})",
            ),
            (COUNT,),
        ),
    ),
}


def optimizer_named(name: str, momentum: float) -> Optimizer:
    """Return what a name stands for: without momentum, plain descent is."""
    found = OPTIMIZERS[name]
    without = "momentum" in found.parameters and momentum == 0
    return OPTIMIZERS["sgd"] if without else found
