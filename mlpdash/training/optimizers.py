"""torch's optimisers over one flat parameter, without what a small step cannot afford."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Final

import torch
from torch import Tensor

OPTIMIZERS: Final[dict[str, Callable[[torch.nn.Parameter, float], torch.optim.Optimizer]]] = {
    "sgd": lambda p, lr: torch.optim.SGD([p], lr=lr, foreach=False),
    "momentum": lambda p, lr: torch.optim.SGD([p], lr=lr, momentum=0.9, fused=True),
    "adam": lambda p, lr: torch.optim.Adam([p], lr=lr, fused=True),
}


def bare_step(optimizer: torch.optim.Optimizer) -> Callable[[], object]:
    """Return `optimizer.step` without the wrappers that cost more than a small step itself.

    They record a profile and turn gradients off, which is done already where steps are taken.
    """
    return functools.partial(inspect.unwrap(type(optimizer).step), optimizer)


def _spare_compiler() -> None:
    """Keep torch from importing its compiler, which takes a second, where nothing is compiled.

    Making an optimiser imports it only to mark one method as not to be compiled. A method that is
    marked already is left alone.
    """
    method = inspect.unwrap(torch.optim.Optimizer.add_param_group)
    if method is not torch.optim.Optimizer.add_param_group:
        vars(method).setdefault("__dynamo_disable", method)


_spare_compiler()


@torch.no_grad()
def prime(optimizer: torch.optim.Optimizer) -> None:
    """Allocate the optimiser's state with a step on a zero gradient, then set it to zero."""
    bare_step(optimizer)()
    for state in optimizer.state.values():
        for value in state.values():
            if isinstance(value, Tensor):
                value.zero_()
