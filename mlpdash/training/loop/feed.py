"""The rows of one epoch after another, in each member's own order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import torch
from torch import Tensor

from mlpdash.training.random_streams import stream

SHUFFLED_COPY_BYTES: Final = 4 * 2**20  # up to this, an epoch's rows are copied in their order


@dataclass(frozen=True)
class Rows:
    """Rows on the device: x (rows, in), y (rows,) class codes or (rows, K) labels or values."""

    x: Tensor
    y: Tensor
    weight: Tensor | None = None  # (rows,)

    def __len__(self) -> int:
        return self.x.shape[0]


class Batch(NamedTuple):
    """Where one step finds its rows."""

    rows: int  # B
    x: Tensor  # (P, B, in)
    y: Tensor  # (P, B, K) one-hot classes, or values
    weight: Tensor | None  # (P, B, 1), where rows have weights


class Feed:
    """Shuffles and cuts the training rows for P members.

    Attributes
    ----------
    batch_size : rows per step; None is all of them, which needs no order
    position : rows of this epoch already given out
    order : (P, rows) this epoch's permutations
    generators : one for each member, on the CPU, so that a seed means the same on every device
    """

    def __init__(
        self,
        x: Tensor,
        goal: Tensor,
        seeds: Sequence[int],
        batch_size: int | None,
        weight: Tensor | None = None,
    ) -> None:
        """`x` (rows, in), `goal` (rows, K), `weight` (rows, 1): the rows, on the device."""
        self.x, self.goal, self.weight = x, goal, weight
        self.members = len(seeds)
        self.batch_size = batch_size
        self.position = 0
        self.generators = [stream(seed, 1, "cpu") for seed in seeds]
        self.order = torch.arange(len(x), device=x.device).repeat(self.members, 1)
        self._columns = (x, goal) if weight is None else (x, goal, weight)
        self._copy: tuple[Tensor, ...] | None = None
        numbers = self.members * sum(part.numel() for part in self._columns)
        if numbers * x.element_size() <= SHUFFLED_COPY_BYTES:
            self._copy = tuple(part.repeat(self.members, 1) for part in self._columns)
        self._plan: tuple[int, list[Batch]] | None = None

    def __len__(self) -> int:
        return self.x.shape[0]

    @property
    def batch(self) -> int:
        """Rows per step."""
        return min(self.batch_size or len(self), len(self))

    def start_epoch(self) -> None:
        """Draw this epoch's orders."""
        self.position = 0
        if self.batch < len(self):
            for member, generator in enumerate(self.generators):
                self.order[member] = torch.randperm(len(self), generator=generator)
        self.arrange()

    def arrange(self) -> None:
        """Bring the copy of the rows, where there is one, into this epoch's orders."""
        if self._copy is not None and self.batch < len(self):
            order = self.order.view(-1)  # (P * rows,)
            for part, copy in zip(self._columns, self._copy, strict=True):
                torch.index_select(part, 0, order, out=copy)

    def batches(self) -> Iterator[Batch]:
        """Yield the batches from `position` to the end of the epoch, for the batch size of now."""
        fixed = self._copy is not None or self.batch == len(self)
        if fixed and self.position % self.batch == 0:
            if self._plan is None or self._plan[0] != self.batch:
                self._plan = (self.batch, list(self._cut(0)))  # views: `arrange` changes the rows
            yield from self._plan[1][self.position // self.batch :]
        else:
            yield from self._cut(self.position)

    def _cut(self, first: int) -> Iterator[Batch]:
        for start in range(first, len(self), self.batch):
            stop = min(start + self.batch, len(self))
            parts = self._rows(start, stop)
            weight = parts[2] if len(parts) == 3 else None
            yield Batch(stop - start, parts[0], parts[1], weight)

    def _rows(self, start: int, stop: int) -> list[Tensor]:
        p, rows = self.members, len(self)
        if stop - start == rows:
            return [part.expand(p, -1, -1) for part in self._columns]
        if self._copy is not None:
            return [part.view(p, rows, -1)[:, start:stop] for part in self._copy]
        chosen = self.order[:, start:stop].reshape(-1)  # (P * B,)
        picked = (part.index_select(0, chosen) for part in self._columns)
        return [part.view(p, stop - start, -1) for part in picked]
