"""Which rows, and what is to be learned from them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mlpdash.specs.base import MAX_SEED, Off, Spec
from mlpdash.specs.preparation import Preparation
from mlpdash.text import N_

InputName = Literal["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)"]
LONGEST_DRAWING = 40_000  # characters: about 3,000 points


class DataSpec(Spec):
    """Which rows, and what is to be learned from them."""

    data: str = Field(
        "circle",
        title=N_("Dataset"),
        description=N_("The rows to learn from: a built-in set, or a table of your own."),
    )
    target: tuple[str, ...] = Field(
        (),
        title=N_("Target"),
        description=N_(
            "The column to predict; several numbers at once, separated by commas. Put a "
            "name that contains a comma in double quotes."
        ),
    )
    task: Literal["auto", "classification", "regression"] = Field(
        "auto",
        title=N_("Task"),
        description=N_("Predict one of several classes, or a number. Auto looks at the target."),
    )
    noise: int = Field(
        0,
        ge=0,
        le=50,
        title=N_("Noise"),
        description=N_(
            "How far points are jittered, in percent. Raise it to make classes overlap."
        ),
    )
    rows: int = Field(
        500,
        ge=10,
        le=100_000,
        title=N_("Rows"),
        description=N_("How many points to draw. Few rows are learned by heart; try 50."),
    )
    inputs: tuple[InputName, ...] = Field(
        ("x1", "x2"),
        min_length=1,
        max_length=7,
        title=N_("Inputs"),
        description=N_(
            "What the net is given of each point of a plane. Squares let a net without hidden "
            "layers draw a circle, and x1*x2 lets it solve XOR."
        ),
    )
    points: str = Field(
        "",
        max_length=LONGEST_DRAWING,
        title=N_("Points"),
        description=N_(
            "The points drawn by hand, each as x, y and the number of its class, with semicolons "
            "between points, such as 1,2,0; -1,-2,1."
        ),
    )
    validation: float = Field(
        0.2,
        ge=0,
        le=0.9,
        title=N_("Validation"),
        description=N_(
            "Share of the rows kept from training, to see during training whether the net "
            "generalises."
        ),
    )
    test: float = Field(
        0.0,
        ge=0,
        le=0.5,
        title=N_("Test share"),
        description=N_("Share of the rows not used until the end."),
    )
    folds: Annotated[int | None, Off("off")] = Field(
        None,
        ge=2,
        le=20,
        title=N_("Folds"),
        description=N_(
            "Cut the rows that are not for the test into so many folds, and train a net for each, "
            "which learns from the others and is validated on its own. Together they predict as "
            "one net, and each row has been validated once. Try 5 on a table of your own."
        ),
    )
    repeats: int = Field(
        1,
        ge=1,
        le=20,
        title=N_("Repeats"),
        description=N_(
            "How often the rows are cut into folds anew, with nets of their own each time. More "
            "nets vary less; try 4 on a small table."
        ),
    )
    standardize: bool = Field(
        True,
        title=N_("Standardise"),
        description=N_(
            "Shift and scale numbers to mean 0 and deviation 1, measured on the training rows."
        ),
    )
    data_seed: int = Field(
        0,
        ge=0,
        le=MAX_SEED,
        title=N_("Data seed"),
        description=N_("Draws the points. The same seed gives the same points."),
    )
    split_seed: int = Field(
        0,
        ge=0,
        le=MAX_SEED,
        title=N_("Split seed"),
        description=N_("Decides which rows are for validation and for the test."),
    )
    preparation: Preparation = Field(
        Preparation(),
        title=N_("Preparation"),
        description=N_("How a table of your own is read, typed, split and encoded, as JSON."),
    )
