"""What fits together among the choices of a run. Torch-free."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mlpdash.errors import SpecError
from mlpdash.specs import OPTIMIZERS, Experiment, title_of
from mlpdash.text import _
from mlpdash.training.weights import check_class_weight

LOSSES_FOR: Final = {  # the first is what auto stands for
    "classification": ("cross_entropy", "cross_entropy_after_softmax"),
    "regression": ("squared_error", "squared_error_sum", "absolute_error", "huber"),
}

BEST_BY_FOR: Final = {  # besides the loss
    "classification": ("accuracy", "balanced_accuracy", "macro_f1", "log_loss"),
    "regression": ("mae", "rmse", "r2"),
}


def parameters_of_optimizer(name: str) -> tuple[str, ...]:
    """Return the fields that only some optimisers have, of those that this one has.

    >>> parameters_of_optimizer("rmsprop")
    ('smoothing', 'eps')
    """
    return OPTIMIZERS[name].parameters


def losses_for(task: str) -> tuple[str, ...]:
    """Return the values of `loss` that a task allows.

    >>> losses_for("classification")
    ('auto', 'cross_entropy', 'cross_entropy_after_softmax')
    """
    return ("auto", *LOSSES_FOR[task])


def loss_for(task: str, chosen: str) -> str:
    """Return the loss that `chosen` stands for.

    Raises
    ------
    SpecError : it does not fit the task
    """
    if chosen not in losses_for(task):
        message = {
            "classification": _("Loss (loss) must be one of {names} for classes; got {value}."),
            "regression": _("Loss (loss) must be one of {names} for numbers; got {value}."),
        }
        names = ", ".join(losses_for(task))
        raise SpecError(message[task].format(names=names, value=chosen), "loss")
    return LOSSES_FOR[task][0] if chosen == "auto" else chosen


def best_by_for(task: str) -> tuple[str, ...]:
    """Return the values of `best_by` that a task allows."""
    return ("loss", *BEST_BY_FOR[task])


def _check_best_by(task: str, chosen: str) -> None:
    if chosen not in best_by_for(task):
        message = {
            "classification": _("{title} (best_by) must be one of {names} for classes; got {x}."),
            "regression": _("{title} (best_by) must be one of {names} for numbers; got {x}."),
        }
        names = ", ".join(best_by_for(task))
        raise SpecError(
            message[task].format(title=title_of("best_by"), names=names, x=chosen), "best_by"
        )


def check_plan(experiment: Experiment, task: str, classes: Sequence[str]) -> None:
    """See that the choices of a run go together.

    Raises
    ------
    SpecError : loss, measure or class weights do not fit the task, or half a cosine has no end
    """
    train = experiment.train
    loss_for(task, train.loss)
    _check_best_by(task, train.best_by)
    check_class_weight(train.class_weight, task, classes)
    if train.schedule == "cosine" and train.epochs is None:
        raise SpecError(
            _(
                "{title} (schedule) cosine needs a number of epochs to reach zero at; give one, or "
                "choose another schedule."
            ).format(title=title_of("schedule")),
            "schedule",
        )
