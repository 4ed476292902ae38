"""What the server may send to a browser; frames and the finder's answer come from the worker."""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

from pydantic import Field, TypeAdapter

from mlpdash.runs.disk.store import State
from mlpdash.runs.messages.message import Count, Message, Pace, Part
from mlpdash.runs.messages.worker_to_server import Frame, LrFound, Number


class Status(Message):
    """The state of the run, and what this browser may do."""

    kind: Literal["status"] = "status"
    state: State
    message: str
    epoch: Count
    step: Count
    steps_per_second: Number = None
    elapsed: Number = None  # seconds
    left: Number = None
    queue: Count | None  # 1 is next; None is not queued
    pace: Pace
    control: bool


class Refused(Message):
    """What was asked cannot be done: one sentence."""

    kind: Literal["refused"] = "refused"
    message: str


class Baseline(Part):
    """What a simpler method reaches."""

    title: str
    loss: Number = None
    metric: Number = None


class Baselines(Message):
    """What simpler methods reach, as far as it is known."""

    kind: Literal["baselines"] = "baselines"
    found: tuple[Baseline, ...]
    over: bool
    message: str


ServerMessage = Status | Refused | Baselines | Frame | LrFound
READER: Final = TypeAdapter[ServerMessage](Annotated[ServerMessage, Field(discriminator="kind")])
KINDS: Final[tuple[type[Message], ...]] = get_args(ServerMessage)
