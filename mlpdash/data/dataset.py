"""What is known of a built-in set: its name and story, its task, and where to start with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mlpdash.specs.base import Task


@dataclass(frozen=True)
class Dataset:
    """A built-in set. Title, description and story are marked for translation, not translated.

    Attributes
    ----------
    kind : "toy" is drawn from a formula, or by hand, on the plane or on a line
    rows : of toys the number that is proposed
    axes : names of the inputs of a toy: x1 and x2, or x
    knobs : the fields of DataSpec that decide its rows
    units : of columns
    start : proposed choices by flat name
    image : rows and columns of pixels, where each row of the table is a picture
    whitest : the number of a white pixel; the net gets pixels divided by it
    given_test : how many of the last rows came as test rows
    story : where it comes from
    goal : what to reach from the proposed choices, which do not yet
    """

    name: str
    title: str
    description: str
    kind: Literal["toy", "table"]
    task: Task
    rows: int
    target: tuple[str, ...] = ("label",)
    axes: tuple[str, ...] = ()
    knobs: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    start: Mapping[str, Any] = field(default_factory=dict)
    image: tuple[int, int] | None = None
    whitest: float = 1.0
    given_test: int = 0
    story: str = ""
    goal: str = ""

    @property
    def on_plane(self) -> bool:
        """Whether its rows are points of the plane, x1 and x2 from -6 to 6."""
        return len(self.axes) == 2
