"""Small pictures of the playground's sets, drawn from their own points."""

from __future__ import annotations

import base64
import functools
from typing import Final

import numpy as np

from mlpdash.charts.theme import BLUE, ORANGE
from mlpdash.data.toys import EXTENT, TOYS

POINTS: Final = {"spiral": 90}  # of those that need more, or fewer, to be told apart
USUAL_POINTS: Final = 130


@functools.cache
def thumbnail(name: str) -> str:
    """Return the picture of a playground set as a data URI (SVG, 1 to 2 kB)."""
    random = np.random.Generator(np.random.PCG64(0))
    x, y = TOYS[name](POINTS.get(name, USUAL_POINTS), 0.0, random)
    paths = ""
    for colour, chosen in ((ORANGE, y < 0), (BLUE, y > 0)):
        dots = "".join(f"M{a:.1f} {-b:.1f}h0" for a, b in x[chosen])
        paths += f'<path d="{dots}" stroke="{colour}"/>'
    reach = EXTENT + 0.7
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="36" height="36" '
        f'viewBox="{-reach} {-reach} {2 * reach} {2 * reach}" '
        f'stroke-width="1.3" stroke-linecap="round">{paths}</svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
