"""torch's optimisers over one flat parameter, without what a small step cannot afford."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Final

import torch
from torch import Tensor

from mlpdash.specs import TrainSpec

Make = Callable[[torch.nn.Parameter, TrainSpec], torch.optim.Optimizer]


def _sgd(p: torch.nn.Parameter, spec: TrainSpec) -> torch.optim.Optimizer:
    return torch.optim.SGD([p], lr=spec.lr, foreach=False)


def _momentum(
    p: torch.nn.Parameter, spec: TrainSpec, nesterov: bool = False
) -> torch.optim.Optimizer:
    if spec.momentum == 0:
        return _sgd(p, spec)
    return torch.optim.SGD([p], lr=spec.lr, momentum=spec.momentum, nesterov=nesterov, fused=True)


def _betas(spec: TrainSpec) -> tuple[float, float]:
    return spec.beta1, spec.beta2


def _adam(p: torch.nn.Parameter, spec: TrainSpec) -> torch.optim.Optimizer:
    return torch.optim.Adam(
        [p], lr=spec.lr, betas=_betas(spec), eps=spec.eps, fused=True, capturable=p.is_cuda
    )


def _one(p: torch.nn.Parameter) -> dict[str, bool]:
    """Return how a single parameter is updated; on CUDA so that a graph can hold the step."""
    return {"foreach": False, "capturable": p.is_cuda}


OPTIMIZERS: Final[dict[str, Make]] = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": functools.partial(_momentum, nesterov=True),
    "adam": _adam,
    "adamw": _adam,  # what it does besides, it does to weights only: see `Learner`
    "nadam": lambda p, s: torch.optim.NAdam(
        [p], s.lr, _betas(s), s.eps, momentum_decay=s.momentum_decay, **_one(p)
    ),
    "radam": lambda p, s: torch.optim.RAdam([p], s.lr, _betas(s), s.eps, **_one(p)),
    "rmsprop": lambda p, s: torch.optim.RMSprop([p], s.lr, s.smoothing, s.eps, **_one(p)),
    "adagrad": lambda p, s: torch.optim.Adagrad([p], s.lr, s.lr_decay, eps=s.eps, foreach=False),
}


def optimizer_for(flat: Tensor, gradient: Tensor, spec: TrainSpec) -> torch.optim.Optimizer:
    """Return an optimiser of one flat parameter, whose gradient is always in `gradient`."""
    parameter = torch.nn.Parameter(flat, requires_grad=False)
    parameter.grad = gradient
    optimizer = OPTIMIZERS[spec.optimizer](parameter, spec)
    _prime(optimizer)
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
def _prime(optimizer: torch.optim.Optimizer) -> None:
    """Allocate the optimiser's state with a step on a zero gradient, and set it to its start."""
    bare_step(optimizer)()
    for state in optimizer.state.values():
        for name, value in state.items():
            if isinstance(value, Tensor):
                value.fill_(1 if name == "mu_product" else 0)  # NAdam's product starts at 1
