"""Small pictures of the built-in sets.

Those of points are drawn from the sets themselves. Tables would have to be read for it, so theirs
lie beside the logo; tests/ui/train/draw_thumbnails.py makes them from their rows.
"""

from __future__ import annotations

import base64
import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.charts.theme import BLUE, ORANGE, class_colors
from mlpdash.data.sets.curves import CURVES
from mlpdash.data.sets.drawn import points_of
from mlpdash.data.sets.toys import EXTENT, TOYS

ASSETS: Final = Path(__file__).parents[1] / "assets" / "thumbnails"
POINTS: Final = {"spiral": 90, "line": 11, "checkerboard": 320, "polynomial": 40}
USUAL_POINTS: Final = 130
WIDTH: Final = "1.3"
WIDTHS: Final = {"checkerboard": "0.85"}  # of the dots
SIZE: Final = 36  # pixels
MARGIN: Final = 0.7

Floats = NDArray[np.float64]


@functools.cache
def thumbnail(name: str) -> str:
    """Return the picture of a built-in set as a data URI (SVG, 1 to 2 kB)."""
    return "data:image/svg+xml;base64," + base64.b64encode(picture(name).encode()).decode()


def picture(name: str) -> str:
    """Return the picture of a built-in set as SVG."""
    random = np.random.Generator(np.random.PCG64(0))
    count = POINTS.get(name, USUAL_POINTS)
    if name == "drawn":
        return dots(*points_of(""), EXTENT, "1.8")
    if name in TOYS:
        x, y = TOYS[name](count, 0.04 if name == "moons" else 0.0, random)
        if y.min() < 0:  # orange and blue; what is 0 has no colour
            return dots(
                x[y != 0], (y[y != 0] > 0).astype(np.int64), EXTENT, WIDTHS.get(name, "1.3")
            )
        return dots(x, y.astype(np.int64), EXTENT)
    if name in CURVES:
        across, up = CURVES[name](count, 0.03, random)
        return dots(fitted(across, up), np.ones(count, np.int64), EXTENT, "1.5")
    return (ASSETS / f"{name}.svg").read_text(encoding="utf-8")


def fitted(x: Floats, y: Floats) -> Floats:
    """Return points (n, 2) that are stretched to the plane."""
    both = np.column_stack([x, y]).astype(np.float64)
    low, high = both.min(axis=0), both.max(axis=0)
    return np.asarray((2 * (both - low) / (high - low) - 1) * (EXTENT - MARGIN), np.float64)


def dots(x: Floats, codes: NDArray[np.int64], reach: float, width: str = WIDTH) -> str:
    """Draw points (n, 2) in the colours of their classes."""
    paths = ""
    for code, colour in enumerate(class_colors(max(2, int(codes.max()) + 1))):
        spots = "".join(f"M{a:.1f} {-b:.1f}h0" for a, b in x[codes == code])
        paths += f'<path d="{spots}" stroke="{colour}"/>' if spots else ""
    edge = reach + MARGIN
    return (
        f'{head(-edge, -edge, 2 * edge, 2 * edge)} stroke-width="{width}" stroke-linecap="round">'
        f"{paths}</svg>\n"
    )


def cells(values: Sequence[Sequence[float]]) -> str:
    """Draw numbers from -1 to 1 as squares: blue above 0, orange below, pale between."""
    squares = "".join(
        f'<path d="M{column} {row}h1v1h-1z" fill="{BLUE if value > 0 else ORANGE}" '
        f'opacity="{abs(value):.2f}"/>'
        for row, line in enumerate(values)
        for column, value in enumerate(line)
        if abs(value) >= 0.05
    )
    return f"{head(-0.5, -0.5, len(values[0]) + 1, len(values) + 1)}>{squares}</svg>\n"


def head(x: float, y: float, width: float, height: float) -> str:
    """Begin an SVG whose coordinates go over the given piece."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIZE}" height="{SIZE}" '
        f'viewBox="{x:g} {y:g} {width:g} {height:g}"'
    )
