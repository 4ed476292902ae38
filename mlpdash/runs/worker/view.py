"""What a browser asks to see of a run."""

from __future__ import annotations

from dataclasses import dataclass

from mlpdash.runs.messages import browser_to_server
from mlpdash.runs.messages.server_to_worker import DrawFrame


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
    def of(cls, asked: browser_to_server.View) -> View:
        """Return what a browser asks to see; what it leaves open is as it is by default."""
        return cls(
            x=asked.x or None,
            y=asked.y or None,
            discretize=asked.discretize,
            member=asked.member,
            plane=asked.plane or None,
            output=asked.output or None,
            show=asked.show or "boundary",
            network=asked.network or 0,
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
    held: browser_to_server.Have
    force: bool
    token: int | None = None

    @classmethod
    def of(cls, message: DrawFrame) -> Request:
        """Return the request that a message brings."""
        return cls(View.of(message.view), message.have, message.force, message.view.token)
