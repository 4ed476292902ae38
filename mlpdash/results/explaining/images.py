"""Rows that are pictures: which of them are shown, and their pixels."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.preparing.prepared import Prepared
from mlpdash.data.preparing.sample import sample_rows

ROWS_OF_CLASSES: Final = 12  # classes that have a line of their own
MOST_PICTURES: Final = 60
MOST_UNITS: Final = 64  # of the first layer, whose weights are shown as pictures

Indices = NDArray[np.int64]


def image_of(prepared: Prepared) -> tuple[int, int] | None:
    """Return the rows and columns of pixels where each row is a picture, else None."""
    return prepared.image


def pictured_rows(prepared: Prepared) -> Indices:
    """Choose the rows that are shown as pictures: of those held out, where there are any.

    Up to twelve classes follow one another with equally many rows each, the first of the sample;
    more classes, and numbers, are spread evenly over the sample, in order of their target.
    """
    sample = sample_rows(prepared)
    rows = sample.held_out if len(sample.held_out) else sample.train
    target = prepared.y[rows] if prepared.classes else prepared.y[rows, 0]
    if stand_in_lines(prepared):
        each = MOST_PICTURES // max(len(prepared.classes), 5)
        return np.concatenate([rows[target == c][:each] for c in range(len(prepared.classes))])
    ordered = rows[np.argsort(target, kind="stable")]
    count = min(MOST_PICTURES, len(ordered))
    return ordered[np.linspace(0, len(ordered) - 1, count).round().astype(np.int64)]


def stand_in_lines(prepared: Prepared) -> bool:
    """Whether the pictures of each class stand in a line of their own."""
    return 0 < len(prepared.classes) <= ROWS_OF_CLASSES


def pixels(prepared: Prepared, rows: Indices) -> NDArray[np.uint8]:
    """Return the pixels of rows, (rows, height, width), from 0 to 255 for the largest number."""
    shape = image_of(prepared)
    assert shape is not None, "the rows are no pictures"
    raw = np.nan_to_num(prepared.raw[rows])
    low = min(feature.low for feature in prepared.features)
    high = max(feature.high for feature in prepared.features)
    scaled = (raw - low) / (high - low if high > low else 1.0)
    found: NDArray[np.uint8] = (255 * scaled).round().astype(np.uint8).reshape(-1, *shape)
    return found
