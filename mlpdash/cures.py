"""A sentence for a person, and the decisions it proposes: buttons on a page, flags on a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

MOST_CURES: Final = 3  # columns that have a button of their own below one sentence


@dataclass(frozen=True)
class Cure:
    """A decision that a sentence proposes, in a form that one click takes.

    Attributes
    ----------
    label : what the button says, such as "Use as categories"
    data : fields of DataSpec that change, such as {"target": ("price",)}
    preparation : fields of Preparation, such as {"split": "group", "group": "patient"}
    reading : fields of Reading, such as {"bad_lines": "skip"}
    columns : by column the fields of ColumnChoice, such as {"grade": {"kind": "category"}}
    """

    label: str
    data: Mapping[str, Any] = field(default_factory=dict)
    preparation: Mapping[str, Any] = field(default_factory=dict)
    reading: Mapping[str, Any] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Note:
    """A sentence with the decisions that it proposes."""

    text: str
    cures: tuple[Cure, ...] = ()

    def __str__(self) -> str:
        return self.text


def cures_of(note: str | Note) -> tuple[Cure, ...]:
    """Return what a sentence proposes."""
    return note.cures if isinstance(note, Note) else ()
