"""Nets that begin with given weights instead of those that their seeds draw."""

from __future__ import annotations

from mlpdash.errors import SpecError
from mlpdash.text import _
from mlpdash.training.loop.learner import Learner
from mlpdash.training.net.own_weights import LayerWeights, fitted_to


def begin_with(learner: Learner, layers: tuple[LayerWeights, ...], name: str) -> None:
    """Give all nets that have not taken a step these weights; order and dropout stay their own.

    Parameters
    ----------
    name : of the file that they came from, for sentences

    Raises
    ------
    SpecError : they do not fit, or the nets differ in their widths
    """
    if learner.net.masks:
        raise SpecError(
            _("nets of several widths cannot all begin with the same weights."), "weights"
        )
    learner.net.flat.copy_(fitted_to(layers, learner.net.layout, name))
    learner.status.keep()
    if learner.status.patience is not None:
        learner.status.patience.weights.copy_(learner.net.flat)
