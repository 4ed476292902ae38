"""The board's four figures, made for one theme and with what changes in the other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from mlpdash.charts.board.boundary import boundary_figure
from mlpdash.charts.board.loss import loss_figure
from mlpdash.charts.board.metric import metric_figure
from mlpdash.charts.board.parts import BoardFigure, Reading, Wire
from mlpdash.charts.board.predictions import predictions_figure
from mlpdash.charts.board.subject import BoardSubject
from mlpdash.charts.theme import PALETTES, Theme

__all__ = ["BoardFigure", "Reading", "Theme", "Wire", "board_figures", "differences"]

_MAKERS: Final = (boundary_figure, loss_figure, metric_figure, predictions_figure)


def board_figures(subject: BoardSubject, theme: Theme = "light") -> tuple[BoardFigure, ...]:
    """Return boundary, loss, metric and predictions for this subject.

    Each also says what differs in the other theme, so that a switch needs no new figures.
    """
    made = []
    for maker in _MAKERS:
        by_theme = {name: maker(subject, palette) for name, palette in PALETTES.items()}
        light, dark = by_theme["light"].figure, by_theme["dark"].figure
        themed: dict[Theme, dict[str, Any]] = {
            "light": differences(dark, light),
            "dark": differences(light, dark),
        }
        made.append(replace(by_theme[theme], themed=themed))
    return tuple(made)


def differences(before: Any, after: Any, path: str = "") -> dict[str, Any]:
    """Return what to set in `before` to make it `after`: {"data.0.line.color": value}.

    Both have the same shape; a list of plain values or pairs is one value.
    """
    if isinstance(before, dict) and isinstance(after, dict):
        pairs = [(key, before[key], after[key]) for key in after]
    elif isinstance(before, list) and before and isinstance(before[0], dict):
        pairs = [(str(i), *both) for i, both in enumerate(zip(before, after, strict=True))]
    else:
        return {} if before == after else {path: after}
    found: dict[str, Any] = {}
    for key, one, other in pairs:
        found |= differences(one, other, f"{path}.{key}" if path else key)
    return found
