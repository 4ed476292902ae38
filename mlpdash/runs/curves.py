"""Curves that are sent to a browser while they grow, never with more than 2,000 points."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

MOST_POINTS: Final = 2_000


class Curve:
    """Rows of numbers over epochs, thinned by halves, sent from where the receiver stands.

    Every n-th row is kept; when there are too many, every second one goes and n doubles. That
    starts a new generation, which a receiver must take whole.

    >>> curve = Curve(("epoch", "loss"), most=4)
    >>> for epoch in range(6):
    ...     curve.add((epoch, 1 / (1 + epoch)))
    >>> curve.since(generation=0, count=3)[0]
    {'generation': 1, 'start': 0, 'count': 3}
    """

    def __init__(self, names: tuple[str, ...], most: int = MOST_POINTS) -> None:
        self.names = names
        self.generation = 0
        self._most = most
        self._every = 1
        self._seen = 0
        self._rows: list[tuple[float, ...]] = []

    def add(self, row: tuple[float, ...]) -> None:
        """Add the next row; it may be left out."""
        if self._seen % self._every == 0:
            self._rows.append(row)
        self._seen += 1
        if len(self._rows) > self._most:
            self._rows = self._rows[::2]
            self._every *= 2
            self.generation += 1

    def since(
        self, generation: int, count: int
    ) -> tuple[dict[str, int], dict[str, np.ndarray[Any, np.dtype[np.float32]]]]:
        """Return what a receiver lacks that holds `count` rows of `generation`.

        Returns
        -------
        header : generation, start (0: take it whole), count after it was taken
        columns : name -> float32 (rows,)
        """
        start = count if generation == self.generation and 0 <= count <= len(self._rows) else 0
        table = np.array(self._rows[start:], np.float32).reshape(-1, len(self.names))
        header = {"generation": self.generation, "start": start, "count": len(self._rows)}
        return header, {n: np.ascontiguousarray(table[:, i]) for i, n in enumerate(self.names)}
