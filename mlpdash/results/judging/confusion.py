"""The confusion matrix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]


def confusion_cells(actual: Codes, predicted: Codes, classes: int) -> Codes:
    """Return the cell of each row, counted along the rows of the matrix.

    Parameters
    ----------
    actual, predicted : (rows,) class codes from 0 to `classes` - 1
    """
    return actual * classes + predicted


def confusion_matrix(cells: Codes, classes: int) -> Codes:
    """Return how many rows are in each cell: (actual, predicted), from `confusion_cells`."""
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes)
