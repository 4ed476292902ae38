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
    """Rows on the device: x (rows, in), y (rows,) class codes or (rows, K) labels or values.

    Where each of P members has rows of its own, all have a leading axis P.
    """

    x: Tensor
    y: Tensor
    weight: Tensor | None = None  # (rows,), or (P, rows)

    def __len__(self) -> int:
        return self.x.shape[-2]


class Batch(NamedTuple):
    """Where one step finds its rows."""

    rows: int  # B
    x: Tensor  # (P, B, in)
    y: Tensor  # (P, B, K) one-hot classes, or values
    weight: Tensor | None  # (P, B, 1), where rows have weights


class Feed:
    """Shuffles and cuts the training rows for P members.

    Members learn from all rows, or each from its own. Those of an epoch are as many as the member
    with the fewest has; of others some are left out, by chance, and other ones in each epoch.

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
        own: Sequence[Tensor] = (),
    ) -> None:
        """`x` (rows, in), `goal` (rows, K), `weight` (rows, 1): the rows, on the device.

        `own` are the numbers of the rows that each member learns from; by default all.
        """
        self.x, self.goal, self.weight = x, goal, weight
        self.members = len(seeds)
        self.batch_size = batch_size
        self.position = 0
        self.generators = [stream(seed, 1, "cpu") for seed in seeds]
        self._own = tuple(own)
        self._rows = min(map(len, own), default=len(x))
        mine = self._own or (torch.arange(len(x), device=x.device),) * self.members
        self.order = torch.stack([rows[: self._rows] for rows in mine])
        self._columns = (x, goal) if weight is None else (x, goal, weight)
        self._copy: tuple[Tensor, ...] | None = None
        numbers = self.order.numel() * sum(part.shape[1] for part in self._columns)
        if numbers * x.element_size() <= SHUFFLED_COPY_BYTES:
            first = self.order.view(-1)
            self._copy = tuple(part.index_select(0, first) for part in self._columns)
        self._plan: tuple[int, list[Batch]] | None = None

    def __len__(self) -> int:
        return self._rows

    @property
    def batch(self) -> int:
        """Rows per step."""
        return min(self.batch_size or len(self), len(self))

    def start_epoch(self) -> None:
        """Draw this epoch's orders."""
        self.position = 0
        if self._is_drawn:
            for member, generator in enumerate(self.generators):
                rows = self._own[member] if self._own else None
                count = len(self) if rows is None else len(rows)
                drawn = torch.randperm(count, generator=generator)[: len(self)]
                self.order[member] = drawn if rows is None else rows[drawn.to(rows.device)]
        self.arrange()

    @property
    def _is_drawn(self) -> bool:
        """Whether epochs differ: in the order of the rows, or in which they are."""
        return self.batch < len(self) or any(len(rows) > len(self) for rows in self._own)

    def arrange(self) -> None:
        """Bring the copy of the rows, where there is one, into this epoch's orders."""
        if self._copy is not None and self._is_drawn:
            order = self.order.view(-1)  # (P * rows,)
            for part, copy in zip(self._columns, self._copy, strict=True):
                torch.index_select(part, 0, order, out=copy)

    def batches(self) -> Iterator[Batch]:
        """Yield the batches from `position` to the end of the epoch, for the batch size of now."""
        fixed = self._copy is not None or (self.batch == len(self) and not self._own)
        if fixed and self.position % self.batch == 0:
            if self._plan is None or self._plan[0] != self.batch:
                self._plan = (self.batch, list(self._cut(0)))  # views: `arrange` changes the rows
            yield from self._plan[1][self.position // self.batch :]
        else:
            yield from self._cut(self.position)

    def _cut(self, first: int) -> Iterator[Batch]:
        for start in range(first, len(self), self.batch):
            stop = min(start + self.batch, len(self))
            parts = self._parts(start, stop)
            weight = parts[2] if len(parts) == 3 else None
            yield Batch(stop - start, parts[0], parts[1], weight)

    def _parts(self, start: int, stop: int) -> list[Tensor]:
        p, rows = self.members, len(self)
        if stop - start == rows and not self._own:
            return [part.expand(p, -1, -1) for part in self._columns]
        if self._copy is not None:
            return [part.view(p, rows, -1)[:, start:stop] for part in self._copy]
        chosen = self.order[:, start:stop].reshape(-1)  # (P * B,)
        picked = (part.index_select(0, chosen) for part in self._columns)
        return [part.view(p, stop - start, -1) for part in picked]
