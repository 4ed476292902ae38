"""The grid of one or two settings: a heat map whose cells show their number and small boundary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from mlpdash.charts.board.boundary import field_colors
from mlpdash.charts.board.subject import BoardSubject
from mlpdash.charts.theme import PALETTES, Scale, Theme
from mlpdash.text import N_, _

TITLES: Final = {
    "lr": N_("learning rate"),
    "weight_decay": N_("L2"),
    "l1": N_("L1"),
    "dropout": N_("dropout"),
    "width": N_("width"),
}


@dataclass(frozen=True)
class GridAxis:
    """One setting: the name of its choice, what it is called, its values and how to write them."""

    name: str
    title: str
    values: tuple[float, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class SettingsGrid:
    """The heat map of a grid of settings, made for both themes.

    Parameters
    ----------
    x, y : the settings; y is None where there is one
    metric : raw text, what the numbers in the cells are
    kind : how a number is written
    highest : whether the highest number is the best
    range : values of the small fields at the two ends of `scales`
    scales : the fields' colours, by theme
    """

    title: str
    x: GridAxis
    y: GridAxis | None
    metric: str
    kind: Literal["number", "percent"]
    highest: bool
    range: tuple[float, float]
    continuous: bool
    scales: dict[Theme, Scale]


def settings_grid(
    subject: BoardSubject, settings: Sequence[tuple[str, Sequence[float]]]
) -> SettingsGrid | None:
    """Return the heat map over one or two settings, given as name and values; None for none."""
    if not settings:
        return None
    x, *rest = (_axis(name, values) for name, values in settings)
    y = rest[0] if rest else None
    percent = subject.task == "classification"
    metric = _("Accuracy") if percent else _("RMSE")
    over = _("{x} and {y}").format(x=x.title, y=y.title) if y else x.title
    return SettingsGrid(
        title=_("{metric} over {settings}").format(metric=metric, settings=over),
        x=x,
        y=y,
        metric=metric,
        kind="percent" if percent else "number",
        highest=percent,
        range=field_colors(subject, PALETTES["light"])[0],
        continuous=not subject.is_steps,
        scales={name: field_colors(subject, palette)[1] for name, palette in PALETTES.items()},
    )


def setting_title(name: str) -> str:
    """Return what a setting of a grid is called on an axis."""
    return _(TITLES[name])


def _axis(name: str, values: Sequence[float]) -> GridAxis:
    return GridAxis(name, setting_title(name), tuple(values), tuple(f"{v:g}" for v in values))
