"""Points drawn by hand, and how one choice holds them: "x,y,class; x,y,class"."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.sets.toys import EXTENT
from mlpdash.errors import SpecError
from mlpdash.specs import title_of
from mlpdash.text import _

MOST_CLASSES: Final = 20
STARTER: Final = (  # two groups to begin with, where nothing is drawn yet
    "-3,2,0; -2.5,3,0; -3.5,3.2,0; -2,2.2,0; -3,3.8,0; -2.2,3.4,0; "
    "3,-2,1; 2.5,-3,1; 3.5,-3.2,1; 2,-2.2,1; 3,-3.8,1; 2.2,-3.4,1"
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def points_of(text: str) -> tuple[Floats, Ints]:
    """Return coordinates (n, 2) and the classes' numbers (n,).

    Blank text is the two groups that a person starts with; a lone semicolon is no points at all.

    Raises
    ------
    SpecError : a point is not two numbers from -6 to 6 and a class from 0 to 19
    """
    written = text if text.strip() else STARTER
    found = [_point(part) for part in written.split(";") if part.strip()]
    x = np.array([point[:2] for point in found], np.float64).reshape(-1, 2)
    return x, np.array([label for *_place, label in found], np.int64)


def _point(text: str) -> tuple[float, float, int]:
    try:
        across, up, label = text.split(",")
        a, b, n = float(across), float(up), int(label)
    except ValueError:
        raise _refusal(text) from None
    if not (abs(a) <= EXTENT and abs(b) <= EXTENT and 0 <= n < MOST_CLASSES):
        raise _refusal(text)
    return a, b, n


def _refusal(text: str) -> SpecError:
    return SpecError(
        _(
            "{title} (points) must each be x, y from -{extent:g} to {extent:g} and a class from 0 "
            'to {most}, such as 1,2,0; got "{text}".'
        ).format(
            title=title_of("points"), extent=EXTENT, most=MOST_CLASSES - 1, text=text.strip()[:40]
        ),
        "points",
    )
