"""What the four figures of the board are about: names, ranges and the fixed sample of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One axis of the plane: an input in its own units, or a principal component."""

    name: str
    low: float
    high: float
    unit: str = ""
    levels: tuple[str, ...] = ()  # categories stand at 0, 1, 2, ...


@dataclass(frozen=True, kw_only=True)
class BoardSubject:
    """The numbers and names that the figures are drawn from.

    Names, classes and the title are raw text; the figures escape them.

    Parameters
    ----------
    task : what is predicted
    title : sentence that says what the boundary shows, such as "Boundary over x1 and x2"
    target : name of the (first) target; with its unit
    classes : names of the classes, empty for regression
    x_axis : the input on x
    y_axis : the input on y; None when there is one input, and the fitted curve is drawn
    x : (rows,) the sampled rows along x_axis, in its units
    y : (rows,) along y_axis; None when there is one input
    value : (rows,) class code, or the target in its own units
    held_out : (rows,) bool, the row is not trained on
    row : (rows,) int, the row's number in the table, for hover
    color_range : lowest and highest predicted value that colour tells apart (regression)
    diverging : colours part at zero, the middle of `color_range`; else they rise from end to end
    time : (rows,) datetime64, or None; the sample is then sorted by it
    nets : how many nets train side by side; the figures show them together
    folds : whether each net has validation rows of its own; a row's prediction is then that of
        the net that did not learn from it
    loss : the choice of `TrainSpec.loss`
    weights : sentence about the weights of rows; empty where all count the same
    output : code of the class whose probability alone is shown; None shows all classes
    support : (n, n) over the plane, rows upwards, 1 near training rows and towards 0 far from
        them; None where the field does not fade
    """

    task: Literal["classification", "regression"]
    title: str
    target: str
    x_axis: Axis
    y_axis: Axis | None
    x: FloatArray
    y: FloatArray | None
    value: FloatArray
    held_out: NDArray[np.bool_]
    row: NDArray[np.int64]
    classes: tuple[str, ...] = ()
    target_unit: str = ""
    color_range: tuple[float, float] = (-1.0, 1.0)
    diverging: bool = False
    time: NDArray[Any] | None = None
    time_name: str = ""
    nets: int = 1
    folds: bool = False
    loss: str = "auto"
    weights: str = ""
    output: int | None = None
    support: FloatArray | None = None

    @property
    def apart(self) -> NDArray[np.bool_]:
        """Which rows lie on the boundary as held-out ones; none where each is learned from."""
        return np.zeros_like(self.held_out) if self.folds else self.held_out

    @property
    def is_steps(self) -> bool:
        """Whether the field is class + confidence, and not one number from low to high."""
        return len(self.classes) > 2 and self.output is None

    @property
    def colors(self) -> tuple[float, float]:
        """The range of colour, never empty."""
        low, high = self.color_range
        return (low, high) if high > low else (low - 1.0, low + 1.0)
