"""What a worker may send: that it is there, how its run is, and answers for those who watch."""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

from pydantic import Field, TypeAdapter

from mlpdash.runs.disk.store import State
from mlpdash.runs.messages.message import Count, Message, Part

Number = float | None  # None where it is not finite


class Hello(Message):
    """The first message; the token says which process it is."""

    kind: Literal["hello"] = "hello"
    token: str
    run: str
    pid: int


class WorkerStatus(Message):
    """The state of the run; sent at each change of it."""

    kind: Literal["status"] = "status"
    attempt: Count  # the command to train that it answers
    state: State
    message: str
    epoch: Count
    step: Count
    steps_per_second: Number = None
    elapsed: Number = None  # seconds
    left: Number = None


class Bye(Message):
    """The last message: the state in which the run was left."""

    kind: Literal["bye"] = "bye"
    attempt: Count
    state: State


class Device(Part):
    """A device that there is."""

    name: str
    label: str


class Devices(Message):
    """The devices of this machine."""

    kind: Literal["devices"] = "devices"
    devices: tuple[Device, ...]


class LrFound(Message):
    """What the sweep of the learning rate gave; passed on to all who watch."""

    kind: Literal["lr_found"] = "lr_found"
    lr: tuple[float, ...]
    loss: tuple[Number, ...]
    suggestion: Number
    message: str


class Piece(Part):
    """Which rows of a curve a frame brings: from `start` on, which is 0 where they are all of it.

    `count` is how many rows the browser has once it has taken them.
    """

    generation: int
    start: Count
    count: Count


class Population(Part):
    """How several nets are doing."""

    nets: Count
    dead: Count
    gone: tuple[Count, ...]  # those that have diverged
    best: Count | None


class Axis(Part):
    """A setting of a grid, and its values."""

    name: str
    values: tuple[float, ...]


class Grid(Part):
    """The settings of a grid."""

    x: Axis
    y: Axis | None


ArrayPlace = tuple[str, Literal["f4", "i1"], tuple[Count, ...], Count]  # name, type, shape, offset


class Frame(Message):
    """What a net looks like now: this header, then the bytes of its arrays; passed on as it is.

    Attributes
    ----------
    arrays : where each array stands in the payload, offsets in bytes
    values : the numbers of now by name, see `frames.values`
    """

    kind: Literal["frame"] = "frame"
    to: int
    view: int | None  # the token of the view it was asked for
    state: State
    message: str
    epoch: Count
    step: Count
    steps_per_second: Number
    elapsed: Number
    left: Number
    device: str
    device_note: str
    overhead: Number
    frame_rate: Number
    resolution: Count
    field: bool
    values: dict[str, Number]
    population: Population | None = None
    grid: Grid | None = None
    one: Count | None = None
    member: Count | None = None
    curve: Piece
    curve_validation: Piece
    curve_net: Piece | None = None
    arrays: tuple[ArrayPlace, ...]


WorkerMessage = Hello | WorkerStatus | Bye | Devices | LrFound | Frame
READER: Final = TypeAdapter[WorkerMessage](Annotated[WorkerMessage, Field(discriminator="kind")])
KINDS: Final[tuple[type[Message], ...]] = get_args(WorkerMessage)
