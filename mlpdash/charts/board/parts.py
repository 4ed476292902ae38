"""What a figure of the board consists of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from mlpdash.charts.theme import Theme

Name = Literal["boundary", "loss", "metric", "predictions"]
Symbol = Literal["square", "dot", "ring", "marked", "line", "fade", "contours", "band", "dotted"]


@dataclass(frozen=True)
class Wire:
    """Which array of a frame goes where in the figure.

    Parameters
    ----------
    array : name of the array in the frame
    trace, attribute : where its values go, such as 0 and "y"
    mode : "replace", or "append" to what came before
    every : draw at most every so many boundary frames
    counter : the frame header's entry that says where an appended piece starts
    form : "shades" turns a matrix into shares of its rows, plus 1 on the diagonal; "counts" into
        texts
    """

    array: str
    trace: int
    attribute: str
    mode: Literal["replace", "append"] = "replace"
    every: int = 1
    counter: str = ""
    form: Literal["", "shades", "counts"] = ""


@dataclass(frozen=True)
class Reading:
    """A live number in a figure's heading; `value` is its key in the frame header's values.

    Where the values also hold `value` + "_low" and "_high" and `spread` is set, those two are
    shown, as a range.
    """

    value: str
    label: str
    kind: Literal["number", "percent"] = "number"
    split: Literal["train", "validation", ""] = ""
    spread: bool = False


@dataclass(frozen=True)
class Key:
    """One entry of a legend. The colour is a hex code, "line", "accent", or empty: that of text.

    Of several nets the board may say more than the label, since it knows which have diverged:
    `live` "median" is of how many nets, "net" which net's curve is drawn.
    """

    label: str
    symbol: Symbol
    color: str = ""
    split: Literal["", "validation", "several"] = ""  # goes when these are not shown
    live: Literal["", "median", "net"] = ""


@dataclass(frozen=True)
class Ramp:
    """A legend for values: colours from the lowest to the highest, hex codes or "pale"."""

    low: str
    high: str
    colors: tuple[str, ...]


@dataclass(frozen=True)
class BoardFigure:
    """A plotly figure and how frames move it.

    Parameters
    ----------
    title : raw text for the heading above the figure
    hint : raw text that says more than the title has room for
    figure : {"data": [...], "layout": {...}} made for one theme
    themed : for each theme what differs in the other, as {"data.0.line.color": value}
    logarithmic : the y axis can be switched to a log axis
    mean : of several nets the mean is shown, and the board says of how many
    """

    name: Name
    title: str
    figure: dict[str, Any]
    wires: tuple[Wire, ...] = ()
    readings: tuple[Reading, ...] = ()
    legend: tuple[Key, ...] = ()
    ramp: Ramp | None = None
    themed: dict[Theme, dict[str, Any]] = field(default_factory=dict)
    logarithmic: bool = False
    hint: str = ""
    mean: bool = False
