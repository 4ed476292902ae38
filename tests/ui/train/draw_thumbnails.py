"""Draw the pictures of the tables: `python -m tests.ui.train.draw_thumbnails` writes them anew.

Two sets are not brought along, so a house and a shirt stand for them.
"""

from __future__ import annotations

import numpy as np

from mlpdash.data.load import load, starting_point
from mlpdash.ui.train.thumbnails import ASSETS, BLUE, EXTENT, ORANGE, cells, dots, fitted, head

CLOUDS = {  # the two columns that are drawn
    "iris": ("petal length", "petal width"),
    "wine": ("flavanoids", "color_intensity"),
    "breast-cancer": ("mean texture", "worst concave points"),
}
POINTS = 110
SHIRT = ("..##..##..", ".###..###.", "##########", "##.####.##", *["...####..."] * 4)


def main() -> None:
    for name, svg in pictures().items():
        (ASSETS / f"{name}.svg").write_text(svg, encoding="utf-8")


def pictures() -> dict[str, str]:
    """Return the picture of each table by name."""
    random = np.random.Generator(np.random.PCG64(0))
    clouds = {name: _cloud(name, *columns, random) for name, columns in CLOUDS.items()}
    return {
        **clouds,
        "diabetes": _rising(random),
        "temperature": _line(),
        "digits": _digit(),
        "two-layer": cells(np.clip(random.normal(size=(8, 8)) / 2, -1, 1).tolist()),
        "california-housing": _house(),
        "fashion-mnist": cells([[0.9 if c == "#" else 0 for c in row] for row in SHIRT]),
    }


def _frame(name: str):  # type: ignore[no-untyped-def]
    return load(starting_point(name).data).frame


def _cloud(name: str, x: str, y: str, random: np.random.Generator) -> str:
    frame = _frame(name)
    some = frame.iloc[np.sort(random.choice(len(frame), POINTS, replace=False))]
    codes = some[some.columns[-1]].factorize(sort=True)[0].astype(np.int64)
    return dots(fitted(some[x].to_numpy(), some[y].to_numpy()), codes, EXTENT)


def _rising(random: np.random.Generator) -> str:
    frame = _frame("diabetes")
    some = frame.iloc[np.sort(random.choice(len(frame), POINTS, replace=False))]
    value = some["progression"].to_numpy()
    codes = (value > np.median(value)).astype(np.int64)
    return dots(fitted(some["bmi"].to_numpy(), value), codes, EXTENT)


def _line() -> str:
    value = _frame("temperature")["actual"].to_numpy()[::6]
    points = fitted(np.arange(len(value)), value)
    path = "".join(f"L{a:.1f} {-b:.1f}" for a, b in points)[1:]
    edge = EXTENT + 0.7
    return (
        f'{head(-edge, -edge, 2 * edge, 2 * edge)} fill="none" stroke="{BLUE}" stroke-width="0.8" '
        f'stroke-linejoin="round"><path d="M{path}"/></svg>\n'
    )


def _digit() -> str:
    frame = _frame("digits")
    first = frame[frame["digit"].astype(str) == "2"].iloc[0]
    pixels = first.drop("digit").to_numpy(np.float64).reshape(8, 8) / 16
    return cells(pixels.tolist())


def _house() -> str:
    return (
        f'{head(0, 0, 12, 12)}><path d="M1 6.2 6 1.4l5 4.8" fill="none" stroke="{ORANGE}" '
        f'stroke-width="1.3" stroke-linejoin="round" stroke-linecap="round"/>'
        f'<path d="M2.6 6.6v4.4h2.3V8h2.2v3h2.3V6.6L6 3.4z" fill="{BLUE}"/></svg>\n'
    )


if __name__ == "__main__":
    main()
