"""Who takes part: this engine, scikit-learn, the plain torch loop, the matrix products alone.

Each is made from a workload and then takes whole epochs when asked; all shuffle each epoch, and
all record the training loss of each epoch.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from mlpdash.bench.workloads import Workload
from mlpdash.specs import ModelSpec, TrainSpec
from mlpdash.training.loop.feed import Rows
from mlpdash.training.loop.learner import Learner
from mlpdash.training.loop.loop import train
from mlpdash.training.loop.setup import learner_from_arrays
from mlpdash.training.members import members_of

ACTIVATIONS: Final = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}


class Contestant(Protocol):
    """Takes epochs, and tells the loss of the last one."""

    nets: int

    def epochs(self, count: int) -> None:
        """Train for `count` epochs more."""

    @property
    def loss(self) -> float:
        """The training loss of the last epoch; NaN where nothing is learned."""


class Engine:
    """mlpdash's own learner, with one net or many."""

    def __init__(self, workload: Workload, nets: int = 1, device: str = "cpu") -> None:
        self.nets = nets
        self.learner = engine_learner(workload, nets, device)
        self._loop = train(self.learner, slice_seconds=3600)
        self._loss = float("nan")

    def epochs(self, count: int) -> None:
        """Train for `count` epochs more."""
        for progress in itertools.islice(self._loop, count):
            if progress.losses is not None:
                self._loss = float(progress.losses[0])

    @property
    def loss(self) -> float:
        """The mean loss of the first net over the last epoch."""
        return self._loss


def engine_learner(workload: Workload, nets: int = 1, device: str = "cpu") -> Learner:
    """Return the learner for a workload, without validation rows and without an end."""
    x, y = (torch.from_numpy(part).to(device) for part in workload.data())
    model = ModelSpec(hidden=workload.sizes[1:-1], activation=workload.activation)
    spec = TrainSpec(
        optimizer=workload.optimizer, lr=workload.lr, batch_size=workload.batch, epochs=None
    )
    alone = members_of_one(model, spec)
    return learner_from_arrays(
        Rows(x, y),
        Rows(x[:0], y[:0]),
        loss="cross_entropy" if workload.task == "classification" else "squared_error",
        outputs=workload.sizes[-1],
        model=model,
        spec=spec,
        members=tuple(replace(alone, seed=seed) for seed in range(nets)),
        sampled=Rows(x[:0], y[:0]),
    )


def members_of_one(model: ModelSpec, spec: TrainSpec) -> Any:
    """Return the single member that these choices describe."""
    from mlpdash.specs import Experiment

    return members_of(Experiment(model=model, train=spec))[0]


class PlainTorch:
    """`nn.Sequential`, a DataLoader and `torch.optim`, as tutorials write it."""

    nets = 1

    def __init__(self, workload: Workload, device: str = "cpu") -> None:
        self._device = device
        self.net = sequential(workload).to(device)
        made = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[workload.optimizer]
        self._optimizer = made(self.net.parameters(), lr=workload.lr)
        x, y = (torch.from_numpy(part) for part in workload.data())
        table = torch.utils.data.TensorDataset(x, y)
        self._batches = torch.utils.data.DataLoader(table, batch_size=workload.batch, shuffle=True)
        self._criterion: nn.Module = (
            nn.CrossEntropyLoss() if workload.task == "classification" else nn.MSELoss()
        )
        self._loss = float("nan")

    def epochs(self, count: int) -> None:
        """Train for `count` epochs more."""
        for _epoch in range(count):
            total, rows = 0.0, 0
            for x, y in self._batches:
                x, y = x.to(self._device), y.to(self._device)
                loss = self._criterion(self.net(x), y)
                self._optimizer.zero_grad()
                loss.backward()
                self._optimizer.step()
                total += loss.item() * len(x)
                rows += len(x)
            self._loss = total / rows

    @property
    def loss(self) -> float:
        """The mean loss over the last epoch."""
        return self._loss


class ScikitLearn:
    """MLPClassifier or MLPRegressor with the same sizes, batch and solver."""

    nets = 1

    def __init__(self, workload: Workload) -> None:
        from sklearn.neural_network import MLPClassifier, MLPRegressor

        made = MLPClassifier if workload.task == "classification" else MLPRegressor
        self._x, y = workload.data()
        self._y = y if y.ndim == 1 else y[:, 0]
        self.net = made(
            hidden_layer_sizes=workload.sizes[1:-1],
            activation={"sigmoid": "logistic"}.get(workload.activation, workload.activation),
            solver=workload.optimizer,
            alpha=0.0,
            batch_size=min(workload.batch, workload.rows),
            learning_rate_init=workload.lr,
            momentum=0.0,
            nesterovs_momentum=False,
            tol=0.0,
            n_iter_no_change=10**9,
            random_state=0,
        )

    def epochs(self, count: int) -> None:
        """Train a new net for `count` epochs; setting it up is a small part of the time."""
        from sklearn.exceptions import ConvergenceWarning

        self.net.set_params(max_iter=count)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            self.net.fit(self._x, self._y)

    @property
    def loss(self) -> float:
        """The mean loss over the last epoch; scikit-learn's squared error is half of it."""
        return float(self.net.loss_)


class Products:
    """Only the matrix products of a step, at their shapes and layouts: what a step cannot beat."""

    nets = 1
    loss = float("nan")

    def __init__(self, workload: Workload) -> None:
        self._steps = workload.steps_per_epoch
        batch = min(workload.batch, workload.rows)
        self._products = products(engine_learner(workload), batch)

    def epochs(self, count: int) -> None:
        """Do the products of `count` epochs of full batches."""
        with torch.inference_mode():
            for _step in range(count * self._steps):
                for product in self._products:
                    product()


def products(learner: Learner, batch: int) -> list[Callable[[], Tensor]]:
    """Return the products of one step: forward, by the weights, by the inputs."""
    layers = learner.trainable.workspace(batch).layers
    x = learner.feed.x[:batch].unsqueeze(0)
    calls: list[Callable[[], Tensor]] = []

    def add(a: Tensor, b: Tensor, out: Tensor) -> None:
        calls.append(lambda: torch.bmm(a, b, out=out))

    for below, layer in zip((None, *layers), layers, strict=False):
        h = x if below is None else below.output
        add(h, layer.weight_t, layer.output)
        add(layer.delta_t, h, layer.weight_gradient)
        if below is not None:
            add(layer.delta, layer.weight, below.delta)
    return calls


def sequential(workload: Workload, seed: int = 0) -> nn.Sequential:
    """Build the net of a workload with torch's modules, from the seed that `Engine` starts from."""
    torch.manual_seed(seed)
    modules: list[nn.Module] = []
    for m, n in itertools.pairwise(workload.sizes):
        modules += [nn.Linear(m, n), ACTIVATIONS[workload.activation]()]
    return nn.Sequential(*modules[:-1])


def scikit_learn_weights(net: nn.Sequential) -> tuple[list[Any], list[Any]]:
    """Return the weights and biases of a net as scikit-learn keeps them."""
    linear = [module for module in net if isinstance(module, nn.Linear)]
    weights = [m.weight.detach().numpy().T.astype(np.float32) for m in linear]
    return weights, [m.bias.detach().numpy().astype(np.float32) for m in linear]
