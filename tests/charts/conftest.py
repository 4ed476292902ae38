"""Subjects of every kind that the board knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mlpdash.charts.board.subject import Axis, BoardSubject

NASTY = '<b>5 %{x} & $x$ "</b>'


def made(kind: str, **changes: Any) -> BoardSubject:
    """A subject with 40 rows: two, four or twelve classes, a plane, one input, or a year."""
    rng = np.random.default_rng(3)
    x, y = rng.uniform(-5, 5, (2, 40))
    classes = {"two": 2, "one input, two": 2, "four": 4, "twelve": 12}.get(kind, 0)
    value = np.arange(40) % classes if classes else np.linspace(-2, 3, 40)
    alone = kind.startswith("one input")
    given: dict[str, Any] = {
        "task": "classification" if classes else "regression",
        "title": "Boundary over <x1> and x2",
        "target": NASTY,
        "classes": tuple(f"{NASTY} {i}" for i in range(classes)),
        "x_axis": Axis(name=NASTY, low=-6, high=6, unit="cm"),
        "y_axis": None if alone else Axis(name="x2", low=-6, high=6),
        "x": x,
        "y": None if alone else y,
        "value": value.astype(float),
        "held_out": np.arange(40) % 4 == 0,
        "row": np.arange(40) * 10,
        "color_range": (-2.0, 3.0),
    }
    if kind == "year":
        given["time"] = np.datetime64("2023-01-01") + np.arange(40)
        given["time_name"] = "date"
    return BoardSubject(**(given | changes))


KINDS = ["two", "four", "twelve", "plane", "one input", "one input, two", "year"]


@pytest.fixture(params=KINDS)
def subject(request: pytest.FixtureRequest) -> BoardSubject:
    """Each kind of subject in turn."""
    return made(request.param)


@pytest.fixture
def subject_of() -> Callable[..., BoardSubject]:
    """One kind of subject, with changes."""
    return made
