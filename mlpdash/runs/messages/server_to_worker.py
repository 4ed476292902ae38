"""What the server may send to a worker: which run to open, what to do with it, what to draw."""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

from pydantic import Field, TypeAdapter

from mlpdash.runs.messages.browser_to_server import Have, View
from mlpdash.runs.messages.message import Changes, Count, Message, Pace
from mlpdash.specs import Experiment


class Open(Message):
    """Open a run, or a draft where there is no folder.

    `attempt`, here and below, is the server's number of its last command to train this run; what
    the worker says of the run's state names the one that it answers.
    """

    kind: Literal["open"] = "open"
    experiment: Experiment
    folder: str | None
    attempt: Count
    pace: Pace
    others: Count


class Train(Message):
    """Train on; a draft gets this folder."""

    kind: Literal["train"] = "train"
    folder: str
    attempt: Count


class Step(Message):
    """Train for one epoch."""

    kind: Literal["step"] = "step"
    folder: str
    attempt: Count


class Extend(Message):
    """Train a run that has finished for as many epochs again."""

    kind: Literal["extend"] = "extend"
    folder: str
    attempt: Count


class Pause(Message):
    """Pause, and keep the place."""

    kind: Literal["pause"] = "pause"


class Stop(Message):
    """End the run where it is."""

    kind: Literal["stop"] = "stop"


class Set(Message):
    """Change live fields; the worker writes them down as events."""

    kind: Literal["set"] = "set"
    changes: Changes


class Edit(Message):
    """Set one weight, at [layer, to, from], or one bias, at [layer, to]."""

    kind: Literal["edit"] = "edit"
    field: Literal["weight", "bias"]
    place: tuple[Count, ...] = Field(min_length=2, max_length=3)
    value: float


class FindLr(Message):
    """Sweep the learning rate on copies of the net."""

    kind: Literal["find_lr"] = "find_lr"


class SetPace(Message):
    """Train so many epochs a second, or at full speed."""

    kind: Literal["pace"] = "pace"
    pace: Pace


class Others(Message):
    """So many other runs train now; leave cores to them."""

    kind: Literal["others"] = "others"
    count: Count


class DrawFrame(Message):
    """A watcher waits for a frame."""

    kind: Literal["frame"] = "frame"
    to: int  # the watcher
    view: View
    have: Have
    force: bool


class Forget(Message):
    """A watcher has gone."""

    kind: Literal["forget"] = "forget"
    to: int


class Exit(Message):
    """Save and end."""

    kind: Literal["exit"] = "exit"


Command = Train | Step | Extend | Pause | Stop | Set | Edit | FindLr | SetPace | Others
WorkerOrder = Open | Command | DrawFrame | Forget | Exit
READER: Final = TypeAdapter[WorkerOrder](Annotated[WorkerOrder, Field(discriminator="kind")])
KINDS: Final[tuple[type[Message], ...]] = get_args(WorkerOrder)
