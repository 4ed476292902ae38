"""Choices that act at once on nets that are being trained: one entry for each in `CHANGES`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import torch

from mlpdash.errors import RunError
from mlpdash.text import _
from mlpdash.training.loop.events import SWAPPED, Event
from mlpdash.training.loop.learner import Learner


def change(learner: Learner, name: str, value: Any) -> Event:
    """Set a live field from the next step on, and return that as an event.

    Raises
    ------
    RunError : the field cannot change on a running net
    """
    if name not in CHANGES:
        raise RunError(_("{field} cannot change on a running net.").format(field=name))
    CHANGES[name](learner, value)
    return Event(learner.step, name, value)


def swap(learner: Learner, choices: Mapping[str, Any]) -> None:
    """Change the activations or the optimiser, keeping the weights; its state starts anew."""
    trainable, status = learner.trainable, learner.status
    activations = [
        (name, tuple(value) if name == "activations" else value)
        for name, value in choices.items()
        if name != "optimizer"
    ]
    model = trainable.model.model_copy(update=dict(activations))
    optimizer = choices.get("optimizer", trainable.spec.optimizer)
    if (model, optimizer) == (trainable.model, trainable.spec.optimizer):
        return
    before = trainable.net.layout
    trainable.swap(model, optimizer, status.finite_weights())
    status.follow_swap(before)
    learner.set_weight_decays(learner.penalties.weight_decays)
    learner.set_rates(learner.rates.chosen)


def _set_batch_size(learner: Learner, rows: int | None) -> None:
    learner.feed.batch_size = rows


def _set_epochs(learner: Learner, epochs: int | None) -> None:
    learner.epochs = epochs
    learner.set_rates(learner.rates.chosen)  # half a cosine ends elsewhere
    learner.status.wait_again(learner.epoch)


def _set_lr(learner: Learner, lr: float) -> None:
    learner.set_rates([lr] * len(learner.members))


def _set_weight_decay(learner: Learner, decay: float) -> None:
    learner.set_weight_decays([decay] * len(learner.members))


def _set_weight(learner: Learner, place: list[float]) -> None:
    """Set one weight [layer, out, in, value] of the nets alive."""
    layer, row, column, value = place
    learner.net.weights[int(layer)][learner.alive, int(row), int(column)] = float(value)


def _set_bias(learner: Learner, place: list[float]) -> None:
    """Set one bias [layer, out, value] of the nets alive."""
    layer, column, value = place
    learner.net.biases[int(layer)][learner.alive, 0, int(column)] = float(value)


def _set_threads(_learner: Learner, threads: int) -> None:
    torch.set_num_threads(threads)


def _swapping(name: str) -> Callable[[Learner, Any], None]:
    return lambda learner, value: swap(learner, {name: value})


CHANGES: Final[dict[str, Callable[[Learner, Any], None]]] = {
    "lr": _set_lr,
    "weight_decay": _set_weight_decay,
    "batch_size": _set_batch_size,
    "epochs": _set_epochs,
    "weight": _set_weight,
    "bias": _set_bias,
    "threads": _set_threads,
    **{name: _swapping(name) for name in SWAPPED},
}
