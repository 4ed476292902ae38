"""torch's optimisers over one flat parameter, without what a small step cannot afford."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from mlpdash.specs import TrainSpec
from mlpdash.specs.optimizers import optimizer_named


def optimizer_for(flat: Tensor, gradient: Tensor, spec: TrainSpec) -> torch.optim.Optimizer:
    """Return an optimiser of one flat parameter, whose gradient is always in `gradient`.

    It leaves L2 alone: that is in the gradient, or in the step (see `stepping`).
    """
    parameter = torch.nn.Parameter(flat, requires_grad=False)
    parameter.grad = gradient
    kind = optimizer_named(spec.optimizer, spec.momentum)
    make = getattr(torch.optim, kind.module)
    how = {"fused": True} if kind.fused else {"foreach": False}
    if "capturable" in inspect.signature(make).parameters:
        how["capturable"] = parameter.is_cuda  # so that a graph can hold the step
    arguments = kind.arguments_from(spec.model_dump())
    optimizer: torch.optim.Optimizer = make([parameter], lr=spec.lr, **arguments, **how)
    _prime(optimizer, kind.starts)
    return optimizer


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
def _prime(optimizer: torch.optim.Optimizer, starts: Mapping[str, float]) -> None:
    """Allocate the optimiser's state with a step on a zero gradient, and set it to its start."""
    bare_step(optimizer)()
    for state in optimizer.state.values():
        for name, value in state.items():
            if isinstance(value, Tensor):
                value.fill_(starts.get(name, 0))
