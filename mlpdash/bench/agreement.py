"""Nothing is fast by being wrong: the same weights and the same batches must give the same loss."""

from __future__ import annotations

import warnings
from typing import Any

import torch
from torch import nn

from mlpdash.bench.contestants import (
    PlainTorch,
    ScikitLearn,
    engine_learner,
    scikit_learn_weights,
    sequential,
)
from mlpdash.bench.workloads import Workload
from mlpdash.training.loop.loop import train


def losses_from_the_same_weights(workload: Workload) -> list[dict[str, Any]]:
    """Train every contestant for one epoch from one set of weights, in one order of the rows.

    Returns
    -------
    a row for each: workload, contestant, loss (the mean over the epoch's batches)
    """
    learner = engine_learner(workload)
    progress = next(p for p in train(learner, slice_seconds=3600) if p.losses is not None)
    assert progress.losses is not None
    order = learner.feed.order[0]
    found = {
        "mlpdash": float(progress.losses[0]),
        "plain-torch": plain_loss(workload, order),
        "scikit-learn": scikit_learn_loss(workload, order),
    }
    return [{"workload": workload.name, "contestant": who, "loss": x} for who, x in found.items()]


def plain_loss(workload: Workload, order: torch.Tensor) -> float:
    """Return the loss of the plain loop over rows in `order`."""
    plain = PlainTorch(workload)
    x, y = (torch.from_numpy(part)[order] for part in workload.data())
    table = torch.utils.data.TensorDataset(x, y)
    plain._batches = torch.utils.data.DataLoader(table, batch_size=workload.batch, shuffle=False)
    plain.epochs(1)
    return plain.loss


def scikit_learn_loss(workload: Workload, order: torch.Tensor) -> float:
    """Return scikit-learn's loss over rows in `order`, as a mean squared error for numbers.

    For two classes it has one output where the others have two, whose difference moves twice as
    fast under plain SGD: its loss is the same only until the first update.
    """
    from sklearn.exceptions import ConvergenceWarning

    net = ScikitLearn(workload).net
    x, y = workload.data()
    rows = order.numpy()
    net.set_params(warm_start=True, shuffle=False, max_iter=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        net.fit(x, y if y.ndim == 1 else y[:, 0])  # makes what the next lines replace
        net.coefs_, net.intercepts_ = _weights(sequential(workload), workload)
        net.fit(x[rows], y[rows] if y.ndim == 1 else y[rows, 0])
    return float(net.loss_) * (1 if workload.task == "classification" else 2)


def _weights(net: nn.Sequential, workload: Workload) -> tuple[list[Any], list[Any]]:
    """Return weights as scikit-learn keeps them; two classes have one output there."""
    weights, biases = scikit_learn_weights(net)
    if workload.sizes[-1] == 2:
        weights[-1] = weights[-1][:, 1:] - weights[-1][:, :1]
        biases[-1] = biases[-1][1:] - biases[-1][:1]
    return weights, biases
