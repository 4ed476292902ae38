"""Which rows each net of several folds learns from, and which it is validated on."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import torch
from torch import Tensor

from mlpdash.data.preparing.splitting import Split
from mlpdash.training.loop.feed import Rows

MOST_SAMPLED: Final = 1_000  # training rows of each net that metrics are taken on


def held_out(split: Split, device: torch.device | str = "cpu") -> Tensor | None:
    """Return which training rows each net is validated on, (P, rows) bool; None without folds."""
    held = split.held()
    return None if held is None else torch.from_numpy(held).to(device)


def learned_rows(held: Tensor) -> list[Tensor]:
    """Return the numbers of the rows that each net learns from, (rows of that net,) each."""
    return [torch.nonzero(~mine).squeeze(1) for mine in held]


def validation_rows(train: Rows, held: Tensor) -> Rows:
    """Return each net's own validation rows, (P, most rows); what fills shorter ones counts 0."""
    return _rows_of_each(train, [torch.nonzero(mine).squeeze(1) for mine in held])


def sampled_rows(train: Rows, held: Tensor) -> Rows:
    """Return at most 1,000 rows of those that each net learns from, (P, most rows)."""
    each = learned_rows(held)
    return _rows_of_each(train, [rows[:: -(-len(rows) // MOST_SAMPLED)] for rows in each])


def all_learned(train: Rows, held: Tensor) -> Rows:
    """Return the rows of all nets, of which each counts those that it learned from."""
    mine = (~held).to(train.x)
    return replace(train, weight=mine if train.weight is None else mine * train.weight)


def _rows_of_each(train: Rows, numbers: list[Tensor]) -> Rows:
    chosen = torch.nn.utils.rnn.pad_sequence(numbers, batch_first=True)  # (P, most)
    sizes = torch.tensor([len(one) for one in numbers], device=chosen.device)
    counts = torch.arange(chosen.shape[1], device=chosen.device) < sizes[:, None]
    weight = None if bool(counts.all()) else counts.to(train.x)
    if train.weight is not None:
        own = train.weight[chosen]
        weight = own if weight is None else own * weight
    return Rows(train.x[chosen], train.y[chosen], weight)
