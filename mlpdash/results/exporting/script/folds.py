"""The pieces of an exported script that trains a net for each fold; nothing here is run."""

from __future__ import annotations

from typing import Final

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.preparing.splitting import Split

HEAD: Final = '''
"""Several {shape} nets in plain PyTorch, one for each fold of the rows, as mlpdash trained them.

Beside this file lies data.npz, the encoded rows and the fold of each. The same seeds give the same
initial weights and batches, and so the same nets but for rounding. Each net is scored on the rows
that it learned from and on its own fold, and all together on the test rows.
"""

from pathlib import Path

import numpy as np
import torch
{imports}
'''

ROWS: Final = '''
def rows(part):
    """Return x (rows, in) and y: of test, or of the rows that net NET learns from or not."""
    with np.load(HERE / "data.npz") as data:
        if part == "test":
            return torch.from_numpy(data["test_x"]), torch.from_numpy(data["test_y"])
        mine = (data["folds"][NET // FOLDS] == NET % FOLDS) == (part == "validation")
        return torch.from_numpy(data["train_x"][mine]), torch.from_numpy(data["train_y"][mine])


def stream(purpose):
    """Return a generator of net NET for one purpose: the order of the rows (1), dropout (2)."""
    seed = np.random.SeedSequence([SEED + NET, purpose]).generate_state(1, np.uint64)[0]
    return torch.Generator().manual_seed(int(seed) % 2**63)
'''

WEIGHTS: Final = (
    'data["train_weight"][(data["folds"][NET // FOLDS] == NET % FOLDS) == (part == "validation")]'
)

BATCHES: Final = '''
def batches(count, shuffling):
    """Yield the rows of each batch of an epoch, as many for each net."""
    size = min(BATCH_SIZE or ROWS, ROWS)
    whole = size == ROWS == count
    order = torch.arange(count) if whole else torch.randperm(count, generator=shuffling)[:ROWS]
    yield from order.split(size)
'''

BATCHES_CHANGING: Final = '''
def batches(count, now, shuffling):
    """Yield the rows of each batch of an epoch, as many for each net."""
    whole = (now["batch_size"] or ROWS) >= ROWS == count
    order = torch.arange(count) if whole else torch.randperm(count, generator=shuffling)[:ROWS]
    while len(order):
        size = now["batch_size"] or ROWS
        yield order[:size]
        order = order[size:]
'''

STOP: Final = """
        if is_over(epoch, seen):
            break"""

MAIN: Final = '''
def together(outputs):
    """Return the mean of what the nets say, (rows, out), as one net would say it."""
    return {mean}


def main():
    global {globals}
    said, losses = [], []
    for NET in range(FOLDS * REPEATS):
        {anew}net = untrained()
        losses.append(train(net))
        with torch.no_grad():{eval}
            for part in ("train", "validation"):
                x, y = rows(part)
                print("net", NET + 1, part, evaluate({outputs}, y))
            x, y = rows("test")
            said.append({outputs})
    if len(y):
        print("test", evaluate(together(torch.stack(said)), y))
    return losses


if __name__ == "__main__":
    main()
'''
MEANS: Final = {
    "classification": "outputs.softmax(-1).mean(0).log()",
    "regression": "outputs.mean(0)",
}


def constants(prepared: Prepared) -> list[str]:
    """Write how the rows were cut; nothing without folds."""
    split = prepared.split
    if split.folds is None:
        return []
    return [
        f"FOLDS, REPEATS = {int(split.folds.max()) + 1}, {len(split.folds)}",
        f"ROWS = {least_rows(split)}  # of an epoch, as many for each net",
        "NET = 0  # the net that is trained now",
    ]


def least_rows(split: Split) -> int:
    """Return how many rows an epoch has: those of the net with the fewest."""
    held = split.held()
    return len(split.train) if held is None else int((~held).sum(1).min())


def main_source(task: str, *, raw: bool, dropout: bool) -> str:
    """Return what trains all nets and scores them together."""
    return MAIN.format(
        mean=MEANS[task],
        globals="NET, DROPPING" if dropout else "NET",
        anew="DROPPING = stream(2)\n        " if dropout else "",
        eval="" if raw else "\n            net.eval()",
        outputs="outputs_of(net, x)" if raw else "net(x)",
    )


def of_each_net(source: str) -> str:
    """Return a script whose weights are drawn from a seed of each net's own."""
    return source.replace("torch.manual_seed(SEED)", "torch.manual_seed(SEED + NET)")
