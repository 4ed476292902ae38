"""What only the person can tell: an error that carries the possible answers."""

from __future__ import annotations

from dataclasses import dataclass

from mlpdash.errors import DataError


@dataclass(frozen=True)
class Answer:
    """One possible answer: the value for the choice, what to call it, and what it would show."""

    value: str
    label: str
    preview: str


class ChoiceNeededError(DataError):
    """A table that cannot be read before something is chosen.

    Attributes
    ----------
    field : the field of `table_specs.Reading` that is asked for
    answers : likely ones first
    """

    def __init__(self, message: str, field: str, answers: tuple[Answer, ...]) -> None:
        super().__init__(message)
        self.field = field
        self.answers = answers
