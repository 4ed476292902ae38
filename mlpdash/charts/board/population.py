"""What figures show besides, where several nets train: bands, intervals, how sure their mean is.

A ribbon is a trace whose `y` is its upper edge and whose `customdata` its lower one; the board
paints it filled ("band") or as one thin line for each row ("bars").
"""

from __future__ import annotations

import math
from typing import Any, Final, Literal

from mlpdash.charts.board.parts import Key, Wire
from mlpdash.charts.board.subject import BoardSubject
from mlpdash.charts.escape import escape, plain
from mlpdash.charts.numbers import written
from mlpdash.charts.theme import Palette
from mlpdash.text import _

LEVELS: Final = (0.01, 0.025, 0.05, 0.1, 0.2)  # of the range of colour: where contours lie
SPREAD_EVERY: Final = 4  # contours: every fourth frame

Ribbon = Literal["band", "bars"]


def ribbon(x: Any, color: str, form: Ribbon) -> dict[str, Any]:
    """Return an empty ribbon at `x`, which may be empty too."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": [],
        "customdata": [],
        "line": {"color": color, "width": 1},
        "hoverinfo": "skip",
        "meta": {"canvas": "marks", "ribbon": form},
    }


def ribbon_wires(place: int, prefix: str, every: int, x: str = "", counter: str = "") -> list[Wire]:
    """Return the wires of the ribbon at `place`: prefix_low, prefix_high and the array of `x`."""
    mode: Literal["append", "replace"] = "append" if counter else "replace"
    wires = [Wire(x, place, "x", mode, every, counter)] if x else []
    return [
        *wires,
        Wire(f"{prefix}_high", place, "y", mode, every, counter),
        Wire(f"{prefix}_low", place, "customdata", mode, every, counter),
    ]


def with_population(field: dict[str, Any], subject: BoardSubject, palette: Palette) -> list[Wire]:
    """Let the field, trace 0, show how sure the nets' mean is, or how far values differ.

    Returns
    -------
    the wires for that
    """
    if subject.nets < 2:
        return []
    if subject.task == "classification":
        beside = _("1 − entropy of the nets' mean: {n}")
        field["meta"] |= {"opacity": "customdata", "beside": beside}
        return [Wire("field_opacity", 0, "customdata")]
    unit = f" {escape(subject.target_unit, 12)}" if subject.target_unit else ""
    beside = _("nets differ by ± {n}{unit}").format(n="{n}", unit=unit)
    contours = {"levels": list(levels(subject)), "color": palette.ink}
    field["meta"] |= {"contours": contours, "beside": beside}
    return [Wire("field_spread", 0, "customdata", every=SPREAD_EVERY)]


def levels(subject: BoardSubject) -> tuple[float, ...]:
    """Return round standard deviations at which contours are drawn, in target units.

    >>> [round_to_125(v) for v in (0.013, 0.03, 7.0, 80.0)]
    [0.01, 0.02, 5.0, 100.0]
    """
    low, high = subject.colors
    return tuple(sorted({round_to_125(share * (high - low)) for share in LEVELS}))


def round_to_125(value: float) -> float:
    """Return the nearest of ..., 0.1, 0.2, 0.5, 1, 2, 5, 10, ... by ratio; `value` > 0."""
    power = 10.0 ** math.floor(math.log10(value))
    found = min((1, 2, 5, 10), key=lambda step: abs(math.log(value / (step * power))))
    return float(f"{found * power:.1g}")


def population_keys(subject: BoardSubject) -> tuple[Key, ...]:
    """Return the legend's entry for what opacity or contours are; none for a single net."""
    if subject.nets < 2:
        return ()
    if subject.y_axis is None:
        return (Key(_("10 to 90 % of nets"), "band", "accent", split="several"),)
    if subject.task == "classification":
        return (Key(_("pale: unsure (1 − entropy of the mean)"), "fade", split="several"),)
    said = "; ".join(written(level) for level in levels(subject))
    unit = f" {plain(subject.target_unit, 12)}" if subject.target_unit else ""
    label = _("nets differ by ± {levels}{unit}").format(levels=said, unit=unit)
    return (Key(label, "contours", split="several"),)
