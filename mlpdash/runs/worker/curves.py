"""Curves that are sent to a browser while they grow, never with more than 2,000 points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.runs.messages.worker_to_server import Piece

MOST_POINTS: Final = 2_000
NET_MEASURES: Final = ("loss_train", "loss_validation", "metric_train", "metric_validation")
NET_NUMBERS: Final = 40_000  # of points times nets; about as many are kept of several nets


class Curve:
    """Keep rows of numbers over epochs, thinned by halves; send a receiver those that it lacks.

    Every n-th row is kept; when there are too many, every second one goes and n doubles. That
    starts a new generation, which a receiver must take whole.

    >>> curve = Curve(("epoch", "loss"), most=4)
    >>> for epoch in range(6):
    ...     curve.add((epoch, 1 / (1 + epoch)))
    >>> curve.since(generation=0, count=3)[0]
    Piece(generation=1, start=0, count=3)
    """

    def __init__(self, names: tuple[str, ...], most: int = MOST_POINTS) -> None:
        self.names = names
        self.generation = 0
        self.most = most
        self._every = 1
        self._seen = 0
        self._rows: list[Sequence[float] | NDArray[np.float32]] = []

    def add(self, row: Sequence[float] | NDArray[np.float32]) -> None:
        """Add the next row; it may be left out."""
        if self._seen % self._every == 0:
            self._rows.append(row)
        self._seen += 1
        if len(self._rows) > self.most:
            self._rows = self._rows[::2]
            self._every *= 2
            self.generation += 1

    def since(self, generation: int, count: int) -> tuple[Piece, dict[str, NDArray[np.float32]]]:
        """Return what a receiver lacks that holds `count` rows of `generation`.

        Returns
        -------
        piece : what the columns are of the curve
        columns : name -> float32 (rows,)
        """
        start = self.first_missing(generation, count)
        table = self.table(start)
        piece = Piece(generation=self.generation, start=start, count=len(self._rows))
        return piece, {n: np.ascontiguousarray(table[:, i]) for i, n in enumerate(self.names)}

    def first_missing(self, generation: int, count: int) -> int:
        """Return the first row that a receiver lacks which holds `count` rows of `generation`."""
        return count if generation == self.generation and 0 <= count <= len(self._rows) else 0

    def table(self, start: int = 0) -> NDArray[np.float32]:
        """Return the kept rows from `start` on, (rows, names)."""
        return np.array(self._rows[start:], np.float32).reshape(-1, len(self.names))


class NetCurves:
    """Keep the curves of each of several nets over the epochs that are scored; send one net's.

    A row is the epoch, then each of `NET_MEASURES` of every net: 1 + 4 P numbers.
    """

    def __init__(self, nets: int) -> None:
        self._nets = nets
        columns = ("epoch", *(f"{name}{n}" for name in NET_MEASURES for n in range(nets)))
        self._curve = Curve(columns, max(200, min(MOST_POINTS, NET_NUMBERS // nets)))

    def add(self, epoch: int, measures: Sequence[NDArray[np.float64]]) -> None:
        """Add what every net has at an epoch: one (P,) for each of `NET_MEASURES`."""
        self._curve.add(np.concatenate([[epoch], *measures]).astype(np.float32))

    def since(
        self, net: int | None, generation: int, count: int
    ) -> tuple[Piece, dict[str, NDArray[np.float32]]]:
        """Return what a receiver lacks of one net's curves, as `Curve.since` does.

        Another net is another generation; None is a curve without points. The columns are net_x,
        and net_ + `NET_MEASURES`.
        """
        if net is None:
            names = ("net_x", *(f"net_{name}" for name in NET_MEASURES))
            empty = Piece(generation=-1, start=0, count=0)
            return empty, {name: np.zeros(0, np.float32) for name in names}
        generation, held = divmod(generation, self._nets)
        start = self._curve.first_missing(generation if held == net else -1, count)
        table = self._curve.table(start)
        piece = Piece(
            generation=self._curve.generation * self._nets + net,
            start=start,
            count=start + len(table),
        )
        columns = {"net_x": np.ascontiguousarray(table[:, 0])}
        for place, name in enumerate(NET_MEASURES):
            columns[f"net_{name}"] = np.ascontiguousarray(table[:, 1 + place * self._nets + net])
        return piece, columns

    def table(self) -> NDArray[np.float32]:
        """Return all that is kept, (rows, 1 + 4 P)."""
        return self._curve.table()

    def restore(self, table: NDArray[np.float32], epoch: int) -> None:
        """Restore what `table` returned, up to an epoch; a table of other nets is left out."""
        if table.shape[1:] != (len(self._curve.names),):
            return
        self._curve = Curve(self._curve.names, self._curve.most)
        for row in table[table[:, 0] <= epoch]:
            self._curve.add(row)
