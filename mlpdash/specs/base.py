"""What all specs share: they are frozen and checked; and the limits they keep."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

Task = Literal["classification", "regression"]

MAX_LAYERS: Final = 16
MAX_WIDTH: Final = 8_192
MAX_SEED: Final = 2**32 - 1
MAX_NETS: Final = 256


class Spec(BaseModel):
    """Frozen, and strict about names."""

    model_config = ConfigDict(frozen=True, extra="forbid")
