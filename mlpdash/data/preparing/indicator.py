"""The column of x that is 1 where a cell was missing, the last of its feature."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mlpdash.text import _


class Marked(Protocol):
    """A feature that can have such a column."""

    @property
    def name(self) -> str:
        """Its name, for people."""

    @property
    def stop(self) -> int:
        """The end of its columns of x."""

    @property
    def indicator(self) -> bool:
        """Whether it has one."""


def names_with_indicator(feature: Marked, *names: str) -> tuple[str, ...]:
    """Return the names of a feature's columns of x, given those of its values."""
    if not feature.indicator:
        return names
    return (*names, _("{name} is missing").format(name=feature.name))


def mark(x: NDArray[np.float32], feature: Marked, gaps: NDArray[np.bool_]) -> None:
    """Write 1 into the feature's last column of x, (rows, width), where there are gaps."""
    if feature.indicator:
        x[gaps, feature.stop - 1] = 1
