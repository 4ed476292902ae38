"""A learner as arrays and JSON values, from which another goes on to the last bit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mlpdash.errors import RunError
from mlpdash.text import _
from mlpdash.training.loop.changes import swap
from mlpdash.training.loop.events import SWAPPED
from mlpdash.training.loop.learner import Learner

Arrays = Mapping[str, NDArray[Any]]


def state_of(learner: Learner) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Return arrays and JSON values from which `load_state` goes on."""
    arrays = {name: t.detach().cpu().numpy().copy() for name, t in _tensors(learner).items()}
    for name, generators in _streams(learner).items():
        if generators:
            states = [g.get_state().numpy() for g in generators]
            arrays[f"generator.{name}"] = np.stack(states)
    return arrays, _values(learner)


def load_state(learner: Learner, arrays: Arrays, values: Mapping[str, Any]) -> None:
    """Take up the state that `state_of` returned.

    Raises
    ------
    RunError : the arrays are not of these nets' shapes, or another version wrote them
    """
    if not _values(learner).keys() <= values.keys():
        raise RunError(_("the snapshot was written by another version of mlpdash."))
    swap(learner, {name: values[name] for name in SWAPPED})
    for name, target in _tensors(learner).items():
        if name not in arrays or arrays[name].shape != tuple(target.shape):
            raise RunError(
                _('the snapshot does not fit this net: "{name}" differs.').format(name=name)
            )
        target.copy_(torch.from_numpy(np.array(arrays[name])))
    for name, generators in _streams(learner).items():
        for generator, state in zip(generators, arrays.get(f"generator.{name}", ()), strict=True):
            generator.set_state(torch.from_numpy(np.array(state)))
    learner.epoch, learner.step = int(values["epoch"]), int(values["step"])
    learner.feed.position = int(values["position"])
    learner.feed.batch_size, learner.epochs = values["batch_size"], values["epochs"]
    learner.set_weight_decays(values["decays"])
    learner.set_rates(values["rates"])
    learner.feed.arrange()
    learner.status.keep()
    alive = torch.tensor(values["alive"], device=learner.alive.device)
    if learner.status.patience is not None:
        learner.status.hold()
    if not bool(alive.all()):
        learner.status.freeze(alive)


def _values(learner: Learner) -> dict[str, Any]:
    rates, decays = learner.rates.chosen, learner.penalties.weight_decays
    model = learner.trainable.model
    return {
        "lr": rates[0],
        "weight_decay": decays[0],
        "batch_size": learner.feed.batch_size,
        "epochs": learner.epochs,
        "epoch": learner.epoch,
        "step": learner.step,
        "rates": rates,
        "decays": decays,
        "position": learner.feed.position,
        "alive": learner.alive.tolist(),
        "activation": model.activation,
        "activations": list(model.activations),
        "optimizer": learner.trainable.spec.optimizer,
    }


def _tensors(learner: Learner) -> dict[str, Tensor]:
    named = {"flat": learner.net.flat, "order": learner.feed.order, "loss_sum": learner.loss_sum}
    named |= {f"optimizer.{name}": t for name, t in learner.trainable.optimizer_state().items()}
    patience = learner.status.patience
    return named | (patience.tensors() if patience else {})


def _streams(learner: Learner) -> dict[str, list[torch.Generator]]:
    dropout = learner.trainable.dropout
    dropping = list(dropout.generators) if dropout else []
    return {"shuffling": learner.feed.generators, "dropping": dropping}
