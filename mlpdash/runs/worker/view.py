"""What a browser asks to see of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class View:
    """Name what a person looks at.

    Attributes
    ----------
    x, y : the inputs on the axes, or None for those that tell most
    discretize : only which class, without how sure
    member : one of several nets, or None for all
    plane : "inputs", "pca" or None for what suits the rows
    output : a class, or one of several targets; None for all classes, or the first target
    show : what the large card shows: "boundary", "grid", "net", "rows", "weights" or anything
        that needs no frame
    network : how many neurons of each layer the picture of the net shows
    """

    x: str | None = None
    y: str | None = None
    discretize: bool = False
    member: int | None = None
    plane: str | None = None
    output: str | None = None
    show: str = "boundary"
    network: int = 0

    @classmethod
    def read(cls, view: dict[str, Any]) -> View:
        """Read a view as the browser sent it; whatever is odd in it counts as not said."""
        return cls(
            x=_text(view, "x"),
            y=_text(view, "y"),
            discretize=bool(view.get("discretize")),
            member=_index(view, "member"),
            plane=_text(view, "plane"),
            output=_text(view, "output"),
            show=_text(view, "show") or "boundary",
            network=_index(view, "network") or 0,
        )


@dataclass(frozen=True)
class Held:
    """Name how much of the curves a browser holds already: so many points of which generation.

    Each is -1 where it holds nothing. See `curves.Curve.since`.
    """

    generation: int
    count: int
    generation_scores: int
    count_scores: int
    generation_net: int
    count_net: int

    @classmethod
    def read(cls, have: dict[str, Any]) -> Held:
        """Read it as the browser sent it; whatever is odd in it counts as not said."""
        return cls(
            generation=_number(have, "generation"),
            count=_number(have, "count"),
            generation_scores=_number(have, "generation_validation"),
            count_scores=_number(have, "count_validation"),
            generation_net=_number(have, "generation_net"),
            count_net=_number(have, "count_net"),
        )


@dataclass(frozen=True)
class Request:
    """Ask for a frame.

    Attributes
    ----------
    held : what the browser has of the curves
    force : answer it even if nothing has changed, with all that a frame can have
    token : the browser's number of this view, handed back with the frame
    """

    view: View
    held: Held
    force: bool
    token: int | None = None

    @classmethod
    def read(cls, message: dict[str, Any]) -> Request:
        """Read a request as the browser sent it; whatever is odd in it counts as not said."""
        view = message.get("view") or {}
        return cls(
            view=View.read(view),
            held=Held.read(message.get("have") or {}),
            force=bool(message.get("force")),
            token=view.get("token") if isinstance(view.get("token"), int) else None,
        )


def _text(view: dict[str, Any], name: str) -> str | None:
    value = view.get(name)
    return value if isinstance(value, str) and value else None


def _index(view: dict[str, Any], name: str) -> int | None:
    number = view.get(name)
    return number if isinstance(number, int) and number >= 0 else None


def _number(have: dict[str, Any], name: str) -> int:
    value = have.get(name, -1)
    return value if isinstance(value, int) else -1
