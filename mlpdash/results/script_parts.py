"""The pieces that an exported PyTorch script is put together from; nothing here is run."""

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

FUNCTIONS: Final = {
    "relu": "torch.relu({})",
    "tanh": "torch.tanh({})",
    "sigmoid": "torch.sigmoid({})",
    "identity": "{}",
}
MODULES: Final = {
    "relu": "nn.ReLU",
    "tanh": "nn.Tanh",
    "sigmoid": "nn.Sigmoid",
    "identity": "nn.Identity",
}

TENSORS: Final = '''
def untrained():
    """Return [(weight (out, in), bias (out,)), ...], drawn as nn.Linear draws them."""
    torch.manual_seed(SEED)
    layers = []
    for inputs, outputs in zip(SIZES, SIZES[1:]):
        bound = inputs**-0.5
        w = torch.empty(outputs, inputs).uniform_(-bound, bound).requires_grad_()
        b = torch.empty(outputs).uniform_(-bound, bound).requires_grad_()
        layers.append((w, b))
    return layers


def outputs_of(layers, x, learning=False):
    """Return the net's outputs (rows, out) for x (rows, in)."""
    h = x
    for w, b in layers[:-1]:
{hidden}
    w, b = layers[-1]
    return h @ w.T + b
'''

MODULE: Final = '''
class Net(nn.Module):
    def __init__(self):
        super().__init__()
{made}

    def forward(self, x):
{used}


def untrained():
    """Return the net with its initial weights."""
    torch.manual_seed(SEED)
    return Net()
'''

SEQUENTIAL: Final = '''
def untrained():
    """Return the net with its initial weights."""
    torch.manual_seed(SEED)
    return nn.Sequential(
{layers}
    )
'''

LOSS: Final = {
    "classification": '''
def loss_of(outputs, y):
    """Return the cross-entropy of outputs (rows, classes) and class codes (rows,)."""
    return functional.cross_entropy(outputs, y)
''',
    "regression": '''
def loss_of(outputs, y):
    """Return the mean squared error of outputs and y, (rows, targets) each."""
    return functional.mse_loss(outputs, y)
''',
}

PENALTY: Final = {
    "tensors": '''
def penalty(layers):
    """Return what L1 adds to the loss; it spares the biases."""
    return L1 * sum(w.abs().sum() for w, b in layers)
''',
    "module": '''
def penalty(net):
    """Return what L1 adds to the loss; it spares the biases."""
    return L1 * sum(p.abs().sum() for p in net.parameters() if p.dim() == 2)
''',
}
PENALTY["sequential"] = PENALTY["module"]

OPTIMIZERS: Final = {
    "sgd": "torch.optim.SGD(groups, lr=LEARNING_RATE)",
    "momentum": "torch.optim.SGD(groups, lr=LEARNING_RATE, momentum=0.9)",
    "adam": "torch.optim.Adam(groups, lr=LEARNING_RATE)",
}

OPTIMIZER: Final = '''
def optimizer_for(net):
    """Return what updates the net; L2 pulls at the weights and spares the biases."""
    weights = [p for p in net.parameters() if p.dim() == 2]
    biases = [p for p in net.parameters() if p.dim() == 1]
    groups = [{{"params": weights, "weight_decay": WEIGHT_DECAY}}, {{"params": biases}}]
    return {call}
'''

UPDATES: Final = {
    "sgd": '''
@torch.no_grad()
def update(layers, state, lr, weight_decay):
    """Take a step down the gradient, with L2 on the weights."""
    for w, b in layers:
        w -= lr * (w.grad + weight_decay * w)
        b -= lr * b.grad
        w.grad = b.grad = None
''',
    "momentum": '''
@torch.no_grad()
def update(layers, state, lr, weight_decay):
    """Take a step along the gradients' decaying sum, with L2 on the weights."""
    for p in [p for layer in layers for p in layer]:
        gradient = p.grad + (weight_decay * p if p.dim() == 2 else 0)
        velocity = state.setdefault(p, torch.zeros_like(p))
        velocity.mul_(0.9).add_(gradient)
        p -= lr * velocity
        p.grad = None
''',
    "adam": '''
@torch.no_grad()
def update(layers, state, lr, weight_decay):
    """Take a step of Adam: the gradient's mean over the root of its mean square."""
    state["t"] = t = state.get("t", 0) + 1
    for p in [p for layer in layers for p in layer]:
        gradient = p.grad + (weight_decay * p if p.dim() == 2 else 0)
        mean, square = state.setdefault(p, (torch.zeros_like(p), torch.zeros_like(p)))
        mean.mul_(0.9).add_(gradient, alpha=0.1)
        square.mul_(0.999).addcmul_(gradient, gradient, value=0.001)
        root = (square / (1 - 0.999**t)).sqrt()
        p -= lr / (1 - 0.9**t) * mean / (root + 1e-8)
        p.grad = None
''',
}

NOW: Final = '{"lr": LEARNING_RATE, "weight_decay": WEIGHT_DECAY, "batch_size": BATCH_SIZE}'

CHANGE_SETTINGS: Final = '''
def change(step, now):
    """Do what was changed on the running net before the step after this one."""
    now.update({name: value for at, name, value in CHANGES if at == step})
'''

CHANGE_OPTIMIZER: Final = '''
def change(step, now, optimizer):
    """Do what was changed on the running net before the step after this one."""
    now.update({name: value for at, name, value in CHANGES if at == step})
    for group in optimizer.param_groups:
        group["lr"] = now["lr"]
    optimizer.param_groups[0]["weight_decay"] = now["weight_decay"]
'''

TRAIN: Final = '''
def train(net):
    """Train, and return each epoch's mean loss, taken on each batch before its update."""
    x, y = rows("train")
    {setup}
    shuffling = stream(1)
    losses = []
    for epoch in range(1, EPOCHS + 1):
        total = 0.0
        for chosen in {batches}:
            loss = loss_of({outputs}, y[chosen])
            {step}
            total += loss.item() * len(chosen)
        losses.append(total / len(x))
        if epoch == EPOCHS or epoch % max(1, EPOCHS // 20) == 0:
            print(f"epoch {{epoch}}: training loss {{losses[-1]:.6f}}")
    return losses
'''

EVALUATE: Final = {
    "classification": '''
def evaluate(outputs, y):
    """Return the loss and the accuracy."""
    accuracy = (outputs.argmax(1) == y).float().mean()
    return {"loss": loss_of(outputs, y).item(), "accuracy": accuracy.item()}
''',
    "regression": '''
def evaluate(outputs, y):
    """Return the loss, the root mean squared error in the targets' units, and R2."""
    squares = (outputs - y).double().square()
    rmse = (squares * torch.tensor(TARGET_SCALE).square()).mean().sqrt()
    r2 = (1 - squares.mean(0) / y.double().var(0, correction=0)).mean()
    return {"loss": loss_of(outputs, y).item(), "rmse": rmse.item(), "r2": r2.item()}
''',
}

MAIN: Final = '''
def compare(losses):
    """Say how far these losses are from those of the run."""
    with open(HERE / "losses.csv", newline="") as file:
        theirs = [float(row["loss"]) for row in csv.DictReader(file)]
    if theirs:
        most = max(abs(a - b) for a, b in zip(losses, theirs))
        print(f"the run's training loss differs by {{most:.1e}} at most")


def main():
    net = untrained()
    losses = train(net)
    with torch.no_grad():{eval}
        for part in ("train", "validation", "test"):
            x, y = rows(part)
            if len(x):
                print(part, evaluate({outputs}, y))
    compare(losses)
    return losses


if __name__ == "__main__":
    main()
'''
