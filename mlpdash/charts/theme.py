"""Colours and the parts of a layout that all figures share.

Orange and blue mean the first and the second class, negative and positive. Three to eight classes
take the set of Okabe and Ito (https://jfly.uni-koeln.de/color/, black replaced by grey so that it
shows in the dark). Up to twenty take more colours after those: each was chosen as far as can be
from all before it and from both grounds, as seen with and without green-blind eyes. More than
twenty take a piece of viridis, whose steps look equally far apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

Theme = Literal["light", "dark"]
Scale = list[tuple[float, str]]

ORANGE: Final = "#f59322"
BLUE: Final = "#0877bd"
RIGHT: Final = "#009e73"  # rows that are classified rightly, and wrongly
WRONG: Final = "#d55e00"
OKABE_ITO: Final = (
    "#e69f00",
    "#0072b2",
    "#009e73",
    "#cc79a7",
    "#56b4e9",
    "#d55e00",
    "#f0e442",
    "#999999",
)
TWENTY: Final = (
    *OKABE_ITO,
    "#a5005a",
    "#2a2fd0",
    "#c83cf0",
    "#14d69a",
    "#786900",
    "#5a1f9e",
    "#f0a5ff",
    "#782d00",
    "#3c4b69",
    "#d200a5",
    "#87b45a",
    "#7f5cff",
)
VIRIDIS: Final = (
    "#482878",
    "#3e4989",
    "#31688e",
    "#26828e",
    "#1f9e89",
    "#35b779",
    "#6ece58",
    "#b5de2b",
    "#fde725",
)


@dataclass(frozen=True)
class Palette:
    """The colours that carry no class: text, lines and grounds of one theme."""

    ink: str
    muted: str
    line: str  # training rows, where validation has the accent
    grid: str
    paper: str
    pale: str  # the middle between two colours
    accent: str
    rim: str  # around points
    middle: str  # points whose value lies in the middle
    strength: float  # how much of a class's colour its surest field has


PALETTES: Final[dict[Theme, Palette]] = {
    "light": Palette(
        "#1c2129",
        "#5a6372",
        "#697383",
        "#e8eaef",
        "#ffffff",
        "#f4f2ee",
        "#5f4bb6",
        "#ffffff",
        "#c9c7c3",
        0.72,
    ),
    "dark": Palette(
        "#e6e9ee",
        "#9aa4b2",
        "#8e98a8",
        "#2a303a",
        "#14171c",
        "#23272e",
        "#a99bf0",
        "#cfd4dc",
        "#878c94",
        0.52,
    ),
}


def class_colors(classes: int) -> tuple[str, ...]:
    """Return one colour for each of `classes` classes."""
    if classes <= 2:
        return (ORANGE, BLUE)[:classes]
    if classes <= len(TWENTY):
        return TWENTY[:classes]
    steps = len(VIRIDIS) - 1
    return tuple(_along(VIRIDIS, c / (classes - 1) * steps) for c in range(classes))


def mix(one: str, other: str, share: float) -> str:
    """Return the colour that has `share` (0 to 1) of `other` in `one`."""
    pairs = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def two_sided(palette: Palette) -> Scale:
    """Orange, pale, blue: negative to positive, or the probability of the second class."""
    low, high = (mix(palette.pale, color, palette.strength) for color in (ORANGE, BLUE))
    return [
        (0.0, low),
        (0.25, mix(low, palette.pale, 0.42)),
        (0.5, palette.pale),
        (0.75, mix(high, palette.pale, 0.42)),
        (1.0, high),
    ]


def one_sided(color: str, palette: Palette) -> Scale:
    """Pale to a colour: the probability of one class."""
    high = mix(palette.pale, color, palette.strength)
    return [(0.0, palette.pale), (0.5, mix(high, palette.pale, 0.42)), (1.0, high)]


def sure_steps(classes: int, palette: Palette) -> Scale:
    """Scale over 0..classes in which c + confidence goes from pale to the colour of class c."""
    scale: Scale = []
    for code, color in enumerate(class_colors(classes)):
        weak, faint, strong = (
            mix(palette.pale, color, palette.strength * s) for s in (0.08, 0.2, 1.0)
        )
        # Where two of many classes meet, each has about half: pale up to there, so no step shows.
        even = 0.9 * (0.5 - 1 / classes) / (1 - 1 / classes) if classes > 2 else 0.1
        scale += [
            (code / classes, weak),
            ((code + even) / classes, faint),
            ((code + 1) / classes, strong),
        ]
    return scale


def sequential(palette: Palette) -> Scale:
    """Dark to bright: the lowest number to the highest, as a field."""
    last = len(VIRIDIS) - 1
    return [
        (place / last, mix(palette.pale, color, palette.strength))
        for place, color in enumerate(VIRIDIS)
    ]


def sequential_steps() -> Scale:
    """Scale of points that have a number, from the lowest to the highest."""
    return [(place / (len(VIRIDIS) - 1), color) for place, color in enumerate(VIRIDIS)]


def right_or_wrong(palette: Palette) -> Scale:
    """Scale over 0..2 of a share: of wrong rows from 0 to 1, of right ones from 1 to 2."""
    wrong, right = (mix(palette.pale, color, palette.strength) for color in (WRONG, RIGHT))
    return [(0.0, palette.pale), (0.5, wrong), (0.5, palette.pale), (1.0, right)]


def class_steps(classes: int) -> Scale:
    """Scale over 0..classes that has one even colour for each class."""
    scale: Scale = []
    for code, color in enumerate(class_colors(classes)):
        scale += [(code / classes, color), ((code + 1) / classes, color)]
    return scale


def value_steps(palette: Palette) -> Scale:
    """Scale of points that have a value: the full orange, grey between, the full blue."""
    return [(0.0, ORANGE), (0.5, palette.middle), (1.0, BLUE)]


def axis(palette: Palette, title: str = "", **more: Any) -> dict[str, Any]:
    """Return an axis with a faint grid; `title` is escaped already."""
    return {
        "title": {"text": title, "standoff": 6, "font": {"size": 12, "color": palette.muted}},
        "gridcolor": palette.grid,
        "zeroline": False,
        "linecolor": palette.grid,
        "tickfont": {"size": 11, "color": palette.muted},
        "nticks": 6,
        "automargin": False,
        "exponentformat": "B",  # 1950, 50,000, 1.5M
        "minexponent": 6,
        **more,
    }


def layout(
    palette: Palette,
    x: dict[str, Any],
    y: dict[str, Any],
    *,
    revision: str,
    left: int = 52,
    right: int = 8,
) -> dict[str, Any]:
    """Return a layout with fixed margins and a transparent ground.

    `revision` stays the same for as long as a person's zoom keeps its meaning.
    """
    return {
        "xaxis": x,
        "yaxis": y,
        "margin": {"l": left, "r": right, "t": 6, "b": 40, "pad": 0},
        "font": {"color": palette.ink, "size": 12},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hoverlabel": {
            "bgcolor": palette.paper,
            "bordercolor": palette.line,
            "font": {"color": palette.ink, "size": 12},
            "align": "left",
        },
        "hovermode": "closest",
        "showlegend": False,
        "uirevision": revision,
        "dragmode": "zoom",
    }


def _along(colors: tuple[str, ...], place: float) -> str:
    low = min(int(place), len(colors) - 2)
    return mix(colors[low], colors[low + 1], place - low)
