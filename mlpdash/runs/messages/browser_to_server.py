"""What a browser may send: what a person does, and which picture it wants next.

All but `Hello`, `Next` and `WantBaselines` need the secret that `Hello` brought.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

from pydantic import Field, TypeAdapter

from mlpdash.runs.messages.message import Changes, Count, Message, Part


class View(Part):
    """What the large card shows; `token` is the browser's number of it, handed back in frames."""

    x: str | None = None
    y: str | None = None
    plane: str | None = None
    output: str | None = None
    show: str | None = None
    discretize: bool = False
    member: Count | None = None  # of several nets the one that is looked at
    network: Count | None = None  # the neurons of a layer that are drawn at most
    token: int | None = None


class Have(Part):
    """How much of the curves the browser holds: so many points of which generation.

    Each is -1 where it holds nothing. See `curves.Curve.since`. A curve of the losses, one of the
    scores, and of several nets those of the one that is looked at.
    """

    generation: int = -1
    count: int = -1
    generation_validation: int = -1
    count_validation: int = -1
    generation_net: int = -1
    count_net: int = -1


class Hello(Message):
    """The first message; the secret gives the right to control the run."""

    kind: Literal["hello"] = "hello"
    secret: str | None = None


class Next(Message):
    """The last frame is drawn; the next may come. `force` asks for it although nothing is new."""

    kind: Literal["next"] = "next"
    view: View = View()
    have: Have = Have()
    force: bool = False


class WantBaselines(Message):
    """Tell, or stop telling, what simpler methods reach on the same rows."""

    kind: Literal["baselines"] = "baselines"
    wanted: bool


class Train(Message):
    """Start, or go on; a run that has finished trains for as many epochs again."""

    kind: Literal["train"] = "train"


class Step(Message):
    """Train for one epoch; a running net pauses."""

    kind: Literal["step"] = "step"


class Pause(Message):
    """Pause; a queued run leaves the queue."""

    kind: Literal["pause"] = "pause"


class Stop(Message):
    """End the run where it is."""

    kind: Literal["stop"] = "stop"


class Set(Message):
    """Change live fields, such as the learning rate."""

    kind: Literal["set"] = "set"
    changes: Changes


class Edit(Message):
    """Set one weight [layer, to, from] or one bias [layer, to]."""

    kind: Literal["edit"] = "edit"
    weight: tuple[Count, Count, Count] | None = None
    bias: tuple[Count, Count] | None = None
    value: float  # bounded where it is carried out, in a sentence


class FindLr(Message):
    """Sweep the learning rate on copies of the net."""

    kind: Literal["find_lr"] = "find_lr"


class SetPace(Message):
    """Train so many epochs a second, or at full speed."""

    kind: Literal["pace"] = "pace"
    pace: str  # checked where it is carried out, so that the sentence names the choices


Command = Train | Step | Pause | Stop | Set | Edit | FindLr | SetPace  # needs the secret
BrowserMessage = Hello | Next | WantBaselines | Command
READER: Final = TypeAdapter[BrowserMessage](Annotated[BrowserMessage, Field(discriminator="kind")])
KINDS: Final[tuple[type[Message], ...]] = get_args(BrowserMessage)
