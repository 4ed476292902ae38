"""Numbers as people write them, on axes, in legends and in hover texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

HOVER: Final = ",.4~r"  # plotly's format: four significant digits, written out

_LEFT: Final = 52  # pixels left of a plot whose ticks are short
_LETTER: Final = 6  # pixels


def written(value: float) -> str:
    """Write a number with three significant digits, or whole if it is large.

    >>> written(0.12345), written(294_000.0), written(1_250_000.0), written(3.0)
    ('0.123', '294,000', '1,250,000', '3')
    """
    if 1000 <= abs(value) < 1e12:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def room(low: float, high: float) -> int:
    """Return the pixels that a vertical axis takes at the left: ticks and a title."""
    most = max(abs(low), abs(high))
    letters = len(f"{most:,.0f}") if 1000 <= most < 1e6 else 4
    return max(_LEFT, 30 + _LETTER * (letters + (low < 0)))


def room_for_names(names: Sequence[str]) -> int:
    """Return the same where names stand at the axis."""
    return max(_LEFT, 30 + _LETTER * max(map(len, names)))
