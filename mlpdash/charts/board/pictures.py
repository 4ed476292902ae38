"""Rows that are pictures, and the first layer's weights as pictures: what the board needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.charts import theme
from mlpdash.charts.arrays import packed
from mlpdash.charts.escape import plain
from mlpdash.charts.theme import PALETTES, Scale, Theme
from mlpdash.text import _

LONGEST: Final = 18  # letters of a class's name under a picture


@dataclass(frozen=True)
class BoardPictures:
    """What the board needs to show rows and weights as pictures.

    Parameters
    ----------
    height, width : of a picture, in pixels
    pixels : typed array of bytes, one picture after the other, 0 dark to 255 white
    rows : numbers of the rows in the table
    actual : what each row is, in words
    codes : the class of each row; empty for numbers
    classes, colors : names and colours of the classes; empty for numbers
    groups : how many rows follow one another of each class that has a line of its own; else empty
    held_out : whether the rows were kept from training
    units : names of the units that the first layer's weights lead to, of those that are shown
    unit_count : how many there are
    scales : colours from the most negative weight to the most positive, by theme
    """

    height: int
    width: int
    pixels: dict[str, str]
    rows: tuple[int, ...]
    actual: tuple[str, ...]
    codes: tuple[int, ...]
    classes: tuple[str, ...]
    colors: tuple[str, ...]
    groups: tuple[int, ...]
    held_out: bool
    units: tuple[str, ...]
    unit_count: int
    scales: dict[Theme, Scale]


def board_pictures(
    pixels: NDArray[np.uint8],
    rows: NDArray[np.int64],
    values: NDArray[np.float64],
    classes: Sequence[str],
    groups: Sequence[int],
    units: Sequence[str] | int,
    most_units: int,
    *,
    held_out: bool,
) -> BoardPictures:
    """Return what the board's cards need.

    Parameters
    ----------
    pixels : (rows, height, width)
    values : (rows,) class codes, or the target in its own units
    groups : how many rows of each class follow one another; empty where they are mixed
    units : how many neurons the first layer has, or the names of the outputs it leads to
    """
    codes = tuple(int(value) for value in values) if classes else ()
    names = tuple(plain(name, LONGEST) for name in classes)
    if isinstance(units, int):
        count, of_units = units, [_("neuron {n}").format(n=n) for n in range(1, units + 1)]
    else:
        count, of_units = len(units), [plain(name, LONGEST) for name in units]
    return BoardPictures(
        height=pixels.shape[1],
        width=pixels.shape[2],
        pixels=_bytes(pixels),
        rows=tuple(rows.tolist()),
        actual=tuple(names[code] for code in codes) or tuple(f"{v:.3g}" for v in values),
        codes=codes,
        classes=names,
        colors=theme.class_colors(len(classes)),
        groups=tuple(groups),
        held_out=held_out,
        units=tuple(of_units[:most_units]),
        unit_count=count,
        scales={
            name: [(0.0, theme.ORANGE), (0.5, palette.pale), (1.0, theme.BLUE)]
            for name, palette in PALETTES.items()
        },
    )


def _bytes(pixels: NDArray[np.uint8]) -> dict[str, Any]:
    return packed(pixels.ravel(), "u1")
