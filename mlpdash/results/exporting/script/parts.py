"""The pieces of an exported PyTorch script that hold rows and net; nothing here is run."""

from __future__ import annotations

from typing import Final

HEAD: Final = '''
"""A {shape} net in plain PyTorch, as mlpdash trained it.

Beside this file lie data.npz, the encoded rows, and losses.csv, the run's training loss.
The same seed gives the same initial weights and batches, and so the same losses but for rounding,
which late in a long run can grow. At the end the script says how far apart they are.
"""

import csv
from pathlib import Path

import numpy as np
import torch
{imports}
'''

IMPORTS: Final = {
    "tensors": "from torch.nn import functional",
    "module": "from torch import nn\nfrom torch.nn import functional",
    "sequential": "from torch import nn\nfrom torch.nn import functional",
}

ROWS: Final = '''
def rows(part):
    """Return x (rows, in) and y of train, validation or test."""
    with np.load(HERE / "data.npz") as data:
        return torch.from_numpy(data[f"{part}_x"]), torch.from_numpy(data[f"{part}_y"])


def stream(purpose):
    """Return a generator for one purpose: the order of the rows (1), dropout (2)."""
    seed = np.random.SeedSequence([SEED, purpose]).generate_state(1, np.uint64)[0]
    return torch.Generator().manual_seed(int(seed) % 2**63)
'''

BATCHES: Final = '''
def batches(count, shuffling):
    """Yield the rows of each batch of an epoch, in a new order unless one batch holds them all."""
    size = min(BATCH_SIZE or count, count)
    order = torch.arange(count) if size == count else torch.randperm(count, generator=shuffling)
    yield from order.split(size)
'''

BATCHES_CHANGING: Final = '''
def batches(count, now, shuffling):
    """Yield the rows of each batch of an epoch, in a new order unless one batch holds them all."""
    whole = (now["batch_size"] or count) >= count
    order = torch.arange(count) if whole else torch.randperm(count, generator=shuffling)
    while len(order):
        size = now["batch_size"] or count
        yield order[:size]
        order = order[size:]
'''

DROPPING: Final = "\nDROPPING = stream(2)\n"

DROPPED: Final = '''
def dropped(h, learning):
    """Silence a share of the neurons while the net learns, and scale up the others."""
    if not learning:
        return h
    keep = torch.empty_like(h).bernoulli_(1 - DROPOUT, generator=DROPPING)
    return h * keep.mul_(1 / (1 - DROPOUT))
'''

DROPOUT_MODULE: Final = '''
class Dropout(nn.Module):
    """nn.Dropout with random numbers of its own."""

    def forward(self, h):
        if not self.training:
            return h
        keep = torch.empty_like(h).bernoulli_(1 - DROPOUT, generator=DROPPING)
        return h * keep.mul_(1 / (1 - DROPOUT))
'''

DROPOUT: Final = {
    "tensors": DROPPING + "\n" + DROPPED,
    "module": DROPPING + "\n" + DROPOUT_MODULE,
    "sequential": DROPPING + "\n" + DROPOUT_MODULE,
}

TENSORS: Final = '''
def untrained():
    """Return [({shapes}), ...], {how}."""
    torch.manual_seed(SEED)
    layers = []
    for inputs, outputs in zip(SIZES, SIZES[1:]):
{drawn}
    return layers


def outputs_of(layers, x, learning=False):
    """Return the net's outputs (rows, out) for x (rows, in)."""
    h = x
{hidden}
    {last} = layers[-1]
    return {outputs}
'''

WEIGHTS: Final = {  # of raw tensors
    "torch": [
        "bound = inputs**-0.5",
        "w = torch.empty(outputs, inputs).uniform_(-bound, bound).requires_grad_()",
    ],
    "xavier": [
        "bound = (6 / (inputs + outputs)) ** 0.5",
        "w = torch.empty(outputs, inputs).uniform_(-bound, bound).requires_grad_()",
    ],
    "he": [
        "bound = (6 / inputs) ** 0.5",
        "w = torch.empty(outputs, inputs).uniform_(-bound, bound).requires_grad_()",
    ],
    "normal": ["w = torch.empty(outputs, inputs).normal_(0, 0.1).requires_grad_()"],
    "zeros": ["w = torch.zeros(outputs, inputs).requires_grad_()"],
}
BIASES: Final = {  # all but torch's start at 0
    "torch": "b = torch.empty(outputs).uniform_(-bound, bound).requires_grad_()",
    "zeros": "b = torch.zeros(outputs).requires_grad_()",
}
DRAWN: Final = {
    "torch": "drawn as nn.Linear draws them",
    "xavier": "drawn as Xavier Glorot proposed",
    "he": "drawn as Kaiming He proposed",
    "normal": "drawn from a normal distribution",
    "zeros": "all zero",
}
SLOPES: Final = """
    for layer in {places}:
        layers[layer] += (torch.full((1,), 0.25).requires_grad_(),)  # PReLU's slope below 0
"""

MODULE: Final = '''
class Net(nn.Module):
    def __init__(self):
        super().__init__()
{made}

    def forward(self, x):
{used}


def untrained():
    """Return the net with its initial weights."""
    {made_net}
'''

SEQUENTIAL: Final = '''
def untrained():
    """Return the net with its initial weights."""
    {made_net}
'''

INITIALISED: Final = '''
def initialised(net):
    """Return the net with weights {how}."""
    torch.manual_seed(SEED)
    for layer in net.modules():
        if isinstance(layer, nn.Linear):
{calls}
    return net
'''

INITS: Final = {
    "xavier": "nn.init.xavier_uniform_(layer.weight)",
    "he": 'nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")',
    "normal": "nn.init.normal_(layer.weight, std=0.1)",
    "zeros": "nn.init.zeros_(layer.weight)",
}

LOSS: Final = '''
def loss_of(outputs, y):
    """Return {what}."""
    return functional.{call}
'''

LOSS_OF_WEIGHTED: Final = '''
def weights(part):
    """Return what each row of train or validation counts in the loss, (rows,)."""
    with np.load(HERE / "data.npz") as data:
        return torch.from_numpy({weights})


def loss_of(outputs, y, weight=None):
    """Return {what}; rows count by their weights, where given."""
    each = functional.{call}.reshape(len(y), -1).{over_outputs}(1)
    if weight is None:
        return each.{over_rows}()
    return {weighted}
'''

LOSSES: Final = {
    "cross_entropy": (
        "the cross-entropy of outputs (rows, classes) and class codes (rows,)",
        "cross_entropy(outputs, y)",
    ),
    "cross_entropy_after_softmax": (
        "the cross-entropy that takes the softmax of outputs (rows, classes) twice",
        "cross_entropy(outputs.softmax(1), y)",
    ),
    "squared_error": (
        "the mean squared error of outputs and y, (rows, targets) each",
        "mse_loss(outputs, y)",
    ),
    "squared_error_sum": (
        "the sum of the squared errors of outputs and y, (rows, targets) each",
        'mse_loss(outputs, y, reduction="sum")',
    ),
    "absolute_error": (
        "the mean absolute error of outputs and y, (rows, targets) each",
        "l1_loss(outputs, y)",
    ),
    "huber": (
        "the mean Huber loss of outputs and y, (rows, targets) each",
        "huber_loss(outputs, y)",
    ),
}

EVALUATE: Final = {
    "classification": '''
def evaluate(outputs, y):
    """Return the loss and the accuracy."""
    accuracy = (outputs.argmax(1) == y).float().mean()
    return {{"loss": {loss}, "accuracy": accuracy.item()}}
''',
    "regression": '''
def evaluate(outputs, y):
    """Return the loss, the root mean squared error in the targets' units, and R2."""
    squares = (outputs - y).double().square()
    rmse = (squares * torch.tensor(TARGET_SCALE).square()).mean().sqrt()
    r2 = (1 - squares.mean(0) / y.double().var(0, correction=0)).mean()
    return {{"loss": {loss}, "rmse": rmse.item(), "r2": r2.item()}}
''',
}

MEASURE: Final = '''
def measure(outputs, y, weight=None):
    """Return the {what}, signed so that less is better, by which the best weights are chosen."""
    weight = torch.ones(len(y)) if weight is None else weight
    share = (weight / weight.sum()).double()[:, None]
    {lines}
'''

BY_CLASS: Final = (
    "actual = functional.one_hot(y, outputs.shape[1]) * share",
    "said = functional.one_hot(outputs.argmax(1), outputs.shape[1])",
    "hits, rows, taken = (actual * said).sum(0), actual.sum(0), (said * share).sum(0)",
)
MEASURES: Final[dict[str, tuple[str, ...]]] = {
    "accuracy": ("return -((outputs.argmax(1) == y) * share[:, 0]).sum().item()",),
    "balanced_accuracy": (*BY_CLASS, "return -(hits / rows)[rows > 0].mean().item()"),
    "macro_f1": (
        *BY_CLASS,
        "return -(2 * hits / (rows + taken))[rows + taken > 0].mean().item()",
    ),
    "log_loss": ("return -(outputs.log_softmax(1).gather(1, y[:, None]) * share).sum().item()",),
    "mae": (
        "off = (outputs - y).double() * torch.tensor(TARGET_SCALE)",
        "return (off.abs() * share).sum(0).mean().item()",
    ),
    "rmse": (
        "off = (outputs - y).double() * torch.tensor(TARGET_SCALE)",
        "return (off.square() * share).sum(0).mean().sqrt().item()",
    ),
    "r2": (
        "error = ((outputs - y).double().square() * share).sum(0)",
        "spread = ((y - (y * share).sum(0)).square() * share).sum(0)",
        "return torch.where(spread > 0, error / spread - 1, error).mean().item()",
    ),
}


def measure(name: str) -> str:
    """Write the measure by which the best weights are chosen."""
    return MEASURE.format(what=name.replace("_", " "), lines="\n    ".join(MEASURES[name]))
