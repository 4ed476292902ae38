"""The workloads of the benchmark: data made here, sizes fixed, nothing downloaded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Workload:
    """One net on one table.

    Attributes
    ----------
    sizes : widths of all layers, inputs and outputs included; one output is regression
    batch : rows per step; all rows is full batch
    threads : CPU threads that every contestant gets
    """

    name: str
    sizes: tuple[int, ...]
    activation: Literal["relu", "tanh", "sigmoid"]
    rows: int
    batch: int
    optimizer: Literal["sgd", "adam"]
    lr: float
    threads: int = 1

    @property
    def task(self) -> Literal["classification", "regression"]:
        """A single output is a number, more are classes."""
        return "regression" if self.sizes[-1] == 1 else "classification"

    @property
    def steps_per_epoch(self) -> int:
        """Batches in an epoch, a partial last one included."""
        return -(-self.rows // self.batch)

    def data(self) -> tuple[NDArray[np.float32], NDArray[np.int64] | NDArray[np.float32]]:
        """Draw the rows: x (rows, in) standard normal, y from a random plane and some noise."""
        draw = np.random.default_rng(0)
        x = draw.standard_normal((self.rows, self.sizes[0]), dtype=np.float32)
        planes = draw.standard_normal((self.sizes[0], self.sizes[-1]), dtype=np.float32)
        noise = draw.standard_normal((self.rows, self.sizes[-1]), dtype=np.float32)
        scores = x @ planes / np.sqrt(self.sizes[0], dtype=np.float32) + 0.1 * noise
        if self.task == "classification":
            return x, scores.argmax(1).astype(np.int64)
        return x, scores

    def shortened(self, steps: int) -> Workload:
        """Return the same step on a table of at most `steps` batches, so that epochs are short."""
        rows = min(self.rows, max(steps * self.batch, 1_000))
        return replace(self, rows=rows)

    def shape(self) -> str:
        """Describe it in a line."""
        net = "-".join(map(str, self.sizes))
        batch = "full batch" if self.batch >= self.rows else f"batch {self.batch:,}"
        return f"{net} {self.activation}, {self.rows:,} rows, {batch}, {self.optimizer.upper()}"


WORKLOADS: Final = {
    w.name: w
    for w in (
        Workload("W1", (2, 4, 2, 2), "tanh", 250, 10, "sgd", 0.03),
        Workload("W2", (2, 5, 5, 2), "sigmoid", 200, 200, "sgd", 0.01),
        Workload("W3", (13, 128, 1), "sigmoid", 365, 16, "adam", 0.001),
        Workload("W4", (784, 256, 10), "relu", 60_000, 256, "sgd", 0.1, threads=2),
        Workload("W6", (50, 256, 256, 128, 1), "relu", 200_000, 4_096, "adam", 0.001, threads=2),
        Workload("W7", (50, 512, 512, 1), "relu", 100_000, 1_024, "adam", 0.001, threads=2),
    )
}
