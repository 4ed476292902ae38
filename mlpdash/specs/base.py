"""What all specs share: they are frozen and checked; and the limits they keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

Task = Literal["classification", "regression"]

MAX_LAYERS: Final = 16
MAX_WIDTH: Final = 8_192
MAX_SEED: Final = 2**32 - 1
MAX_NETS: Final = 256


@dataclass(frozen=True)
class Live:
    """Marks a field that acts at once on a running net; `training.loop.changes` says how."""


@dataclass(frozen=True)
class Off:
    """Marks a field that may be None, and says how None is written."""

    word: str


class Spec(BaseModel):
    """Frozen, and strict about names."""

    model_config = ConfigDict(frozen=True, extra="forbid")
