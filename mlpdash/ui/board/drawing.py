"""Points drawn by hand, as the board needs them to let a person draw more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mlpdash.charts import theme
from mlpdash.data.sets.drawn import STARTER, points_of
from mlpdash.data.sets.toys import EXTENT
from mlpdash.specs import Experiment

MOST_CLASSES: Final = 8  # that the board offers
MOST_POINTS: Final = 1_500


@dataclass(frozen=True)
class Drawing:
    """What the board needs.

    Parameters
    ----------
    text : the choice `points` as it is, or the starter's
    points : x, y and the number of the class
    colors : of the classes, for two classes, for three, ...
    extent : x and y go from -extent to extent
    most : points there may be
    """

    text: str
    points: tuple[tuple[float, float, int], ...]
    colors: tuple[tuple[str, ...], ...]
    extent: float
    most: int


def drawing_of(experiment: Experiment) -> Drawing | None:
    """Return what lets a person draw; None for rows that are not drawn by hand.

    Raises
    ------
    SpecError : the points cannot be read
    """
    if experiment.data.data != "drawn":
        return None
    text = experiment.data.points or STARTER
    x, labels = points_of(text)
    places = zip(x.tolist(), labels.tolist(), strict=True)
    return Drawing(
        text=text,
        points=tuple((a, b, label) for (a, b), label in places),
        colors=tuple(theme.class_colors(count) for count in range(2, MOST_CLASSES + 1)),
        extent=EXTENT,
        most=MOST_POINTS,
    )
