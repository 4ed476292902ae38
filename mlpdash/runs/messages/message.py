"""What all messages share: they are frozen, checked, and travel as JSON under their kind."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeGuard

from pydantic import BaseModel, ConfigDict, Field, JsonValue

Pace = Literal["10", "60", "full"]  # epochs a second
Count = Annotated[int, Field(ge=0)]
Changes = dict[str, JsonValue]  # new values by the flat names of live fields

SECONDS_PER_EPOCH: Final[dict[Pace, float]] = {"10": 1 / 10, "60": 1 / 60, "full": 0.0}
PACES: Final = tuple(SECONDS_PER_EPOCH)


class Part(BaseModel):
    """A part of a message, or a line between processes that is of no kind."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    def line(self) -> bytes:
        """Return the line of JSON that travels."""
        return self.model_dump_json().encode() + b"\n"


class Message(BaseModel):
    """One message. Each class says its `kind`, by which a reader knows it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    def model_post_init(self, _context: Any) -> None:
        """Send the kind although nobody gave it."""
        self.model_fields_set.add("kind")

    def text(self) -> bytes:
        """Return the JSON that travels: all that was given; numbers that are not finite as null."""
        return self.model_dump_json(exclude_unset=True).encode()


def is_pace(text: object) -> TypeGuard[Pace]:
    """Tell whether `text` is one of the paces."""
    return text in PACES


def kind_of(message: type[Message]) -> str:
    """Return the kind of a class of messages."""
    return str(message.model_fields["kind"].default)
