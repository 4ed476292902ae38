"""Experiments that train a single net to the end, whatever the dashboard would suggest."""

from mlpdash.data.load import starting_point
from mlpdash.specs import Experiment


def one_net(data: str) -> Experiment:
    """Return what a person gets on picking a dataset, without folds and early stopping."""
    return starting_point(data).changed(folds=None, patience=None)
