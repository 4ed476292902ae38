"""The built-in sets: what they are, where they come from, and what one starts with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mlpdash.data.dataset import Dataset
from mlpdash.specs.base import Task
from mlpdash.specs.presets import PRESETS
from mlpdash.text import N_

OPENING: Final = "circle"
POINTS: Final = ("noise", "rows", "data_seed")  # what decides the points of most toys


_PLAYGROUND: Final = {
    "validation": 0.5,
    "standardize": False,
    "hidden": (4, 2),
    "activation": "tanh",
    "optimizer": "sgd",
    "lr": 0.03,
    "batch_size": 10,
    "epochs": 500,
}
_LARGER: Final = {**_PLAYGROUND, "hidden": (16, 16), "optimizer": "adam", "lr": 0.01}
_TABLE: Final = {
    "validation": 0.2,
    "test": 0.2,
    "standardize": True,
    "activation": "relu",
    "optimizer": "adam",
    "epochs": 200,
}
TABLE: Final[Mapping[str, Any]] = _TABLE  # what any table starts with
FOLDS: Final = 5  # that are suggested for a table
PATIENCE: Final = 20  # epochs
_STUDIED: Final = {**_TABLE, "patience": PATIENCE, "folds": FOLDS}
_CENTIMETRES: Final = {
    f"{part} {side}": "cm" for part in ("sepal", "petal") for side in ("length", "width")
}
_REACH_95: Final = N_("Goal: 95 % of the validation rows right. The small net misses it.")
_REACH_90: Final = N_("Goal: 90 % of the validation rows right. The small net misses it.")
_BY_PLAYGROUND: Final = N_("By the formula of TensorFlow Playground.")
_OWN_FORMULA: Final = N_("Drawn by a formula of this project.")


def _toy(
    name: str,
    title: str,
    description: str,
    start: Mapping[str, Any] = _PLAYGROUND,
    *,
    task: Task = "classification",
    story: str = _OWN_FORMULA,
    rows: int = 500,
    axes: tuple[str, ...] = ("x1", "x2"),
    goal: str = "",
) -> Dataset:
    target = ("label",) if len(axes) == 2 else ("y",)
    return Dataset(
        name,
        title,
        description,
        "toy",
        task,
        rows,
        target=target,
        axes=axes,
        knobs=POINTS,
        start=start,
        story=story,
        goal=goal,
    )


def _of(preset: str) -> dict[str, Any]:
    """Return a preset's choices without its dataset."""
    return {name: value for name, value in PRESETS[preset].choices.items() if name != "data"}


_SETS: Final = (
    _toy("circle", N_("Circle"), N_("A disc inside a ring."), story=_BY_PLAYGROUND),
    _toy(
        "xor",
        N_("XOR"),
        N_("Opposite quarters share a class; no straight line parts them."),
        {**_PLAYGROUND, "hidden": (4, 4)},
        story=_BY_PLAYGROUND,
    ),
    _toy(
        "gauss",
        N_("Two clouds"),
        N_("Two normal clouds, which one straight line parts."),
        story=_BY_PLAYGROUND,
    ),
    _toy(
        "spiral",
        N_("Spiral"),
        N_("Two arms wound around each other, the hardest of the playground's."),
        story=_BY_PLAYGROUND,
        goal=_REACH_95,
    ),
    _toy(
        "plane",
        N_("Plane"),
        N_("A number that rises evenly from one corner to the other."),
        task="regression",
        story=_BY_PLAYGROUND,
    ),
    _toy(
        "multi-gauss",
        N_("Six bumps"),
        N_("A number with three hills and three hollows."),
        _LARGER,
        task="regression",
        story=_BY_PLAYGROUND,
    ),
    _toy(
        "moons",
        N_("Moons"),
        N_("Two half moons that reach into each other."),
        {**_PLAYGROUND, "noise": 5, "hidden": (8, 8), "optimizer": "adam", "lr": 0.01},
        story=N_("After make_moons of scikit-learn, three times as large."),
    ),
    _toy("blobs-3", N_("Three blobs"), N_("Three round clouds, a class each.")),
    _toy(
        "blobs-5",
        N_("Five blobs"),
        N_("Five round clouds in a circle, a class each."),
        {**_PLAYGROUND, "hidden": (8,), "optimizer": "adam", "lr": 0.01},
    ),
    _toy(
        "checkerboard",
        N_("Checkerboard"),
        N_("Four by four squares, black and white in turn."),
        rows=1_000,
        goal=_REACH_90,
    ),
    _toy(
        "rings",
        N_("Rings"),
        N_("Three rings inside each other, a class each."),
        {**_LARGER, "hidden": (8, 8)},
    ),
    _toy(
        "two-gaussians",
        N_("Two Gaussians"),
        N_("100 points around (2, 2) and 100 around (-2, -2), of deviation 1."),
        _of("two-gaussians"),
        rows=200,
        story=N_("The usual first exercise of posts on classification with PyTorch."),
    ),
    Dataset(
        "drawn",
        N_("Your own points"),
        N_("Points that you draw on the boundary figure, in as many classes as you like."),
        "toy",
        "classification",
        12,
        axes=("x1", "x2"),
        knobs=("points",),
        start={
            **_PLAYGROUND,
            "validation": 0.0,
            "hidden": (8, 8),
            "optimizer": "adam",
            "lr": 0.01,
        },
        story=N_("Drawn by hand."),
    ),
    _toy(
        "line",
        N_("Line"),
        N_("y = 2x + 1 at x = 0, 1, ..., 10."),
        _of("line"),
        task="regression",
        rows=11,
        axes=("x",),
        story=N_("The usual first exercise of posts on regression with PyTorch."),
    ),
    _toy(
        "sine",
        N_("Sine"),
        N_("Two waves of a sine, from one input."),
        {**_LARGER, "noise": 10},
        task="regression",
        rows=200,
        axes=("x",),
    ),
    _toy(
        "polynomial",
        N_("Cubic"),
        N_("Noisy points of a cubic, from one input."),
        _of("polynomial"),
        task="regression",
        rows=120,
        axes=("x",),
    ),
    Dataset(
        "iris",
        N_("Iris"),
        N_("Three species of iris, told by their petals and sepals."),
        "table",
        "classification",
        150,
        target=("species",),
        units=_CENTIMETRES,
        start={**_STUDIED, "hidden": (16,), "lr": 0.003, "batch_size": 16},
        story=N_("Fisher, 1936; as scikit-learn brings it along."),
    ),
    Dataset(
        "wine",
        N_("Wine"),
        N_("Three growers of wine, told by 13 measurements of 178 bottles."),
        "table",
        "classification",
        178,
        target=("cultivar",),
        start={**_STUDIED, "hidden": (16,), "lr": 0.003, "batch_size": 16},
        story=N_("Forina and others, 1991; as scikit-learn brings it along."),
    ),
    Dataset(
        "breast-cancer",
        N_("Breast cancer"),
        N_("Benign or malignant, from 30 measurements of cells of 569 tumours."),
        "table",
        "classification",
        569,
        target=("diagnosis",),
        start={**_STUDIED, "hidden": (16,), "lr": 0.003, "batch_size": 32, "epochs": 100},
        story=N_("Wolberg, Mangasarian and Street, 1993; as scikit-learn brings it along."),
    ),
    Dataset(
        "diabetes",
        N_("Diabetes"),
        N_("Progress of the disease after a year, from ten measurements of 442 patients."),
        "table",
        "regression",
        442,
        target=("progression",),
        start={**_STUDIED, "hidden": (8,), "lr": 0.003, "batch_size": 32, "epochs": 100},
        story=N_("Efron and others, 2004; as scikit-learn brings it along."),
    ),
    Dataset(
        "temperature",
        N_("Temperature"),
        N_("Tomorrow's temperature from the last two days; 365 days, made by a formula."),
        "table",
        "regression",
        365,
        target=("actual",),
        units=dict.fromkeys(("temp_1", "temp_2", "average", "actual"), "°F"),
        start=_of("temperature"),
        story=N_("Made by sample_data/make_temperature.py; normal noise of variance 9."),
    ),
    Dataset(
        "digits",
        N_("Digits"),
        N_("1,797 handwritten digits in 8 x 8 pixels."),
        "table",
        "classification",
        1_797,
        target=("digit",),
        start=_of("digits"),
        image=(8, 8),
        whitest=16,
        story=N_("Alpaydin and Kaynak, 1998; as scikit-learn brings it along."),
    ),
    Dataset(
        "two-layer",
        N_("Random numbers"),
        N_("Ten random numbers to be learned by heart, from 1,000 random inputs."),
        "table",
        "regression",
        64,
        target=tuple(f"y{n}" for n in range(1, 11)),
        knobs=("rows", "data_seed"),
        start=_of("two-layer"),
        story=N_("As in PyTorch's tutorial on writing a two-layer net."),
    ),
    Dataset(
        "california-housing",
        N_("California housing"),
        N_("Median house values of 20,640 districts, in 100,000 dollars, from eight numbers."),
        "table",
        "regression",
        20_640,
        target=("MedHouseVal",),
        start={
            **_STUDIED,
            "hidden": (64, 64),
            "lr": 0.003,
            "batch_size": 256,
            "epochs": 50,
        },
        story=N_("Pace and Barry, 1997; downloaded from where scikit-learn takes it."),
    ),
    Dataset(
        "fashion-mnist",
        N_("Fashion-MNIST"),
        N_("Ten kinds of clothes, 70,000 pictures of 28 x 28 pixels."),
        "table",
        "classification",
        70_000,
        target=("kind",),
        start=_of("fashion-mnist"),
        image=(28, 28),
        whitest=255,
        given_test=10_000,
        story=N_("Xiao, Rasul and Vollgraf, 2017; downloaded from Zalando."),
    ),
)

CATALOGUE: Final[dict[str, Dataset]] = {one.name: one for one in _SETS}
