"""Every field of the specs by its flat name: its part, title, help, bounds and choices."""

from __future__ import annotations

from typing import Any, Final, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from mlpdash.errors import SpecError
from mlpdash.specs.base import Live, Off, Spec
from mlpdash.specs.data import DataSpec
from mlpdash.specs.model import ModelSpec
from mlpdash.specs.train import TrainSpec
from mlpdash.text import _

PARTS: Final[dict[str, type[Spec]]] = {"data": DataSpec, "model": ModelSpec, "train": TrainSpec}
FIELDS: Final[dict[str, FieldInfo]] = {
    name: info for spec in PARTS.values() for name, info in spec.model_fields.items()
}
LIVE_FIELDS: Final = tuple(  # act at once on a running net
    name for name, info in FIELDS.items() if Live() in info.metadata
)
NONE_WORDS: Final = {  # how None is written
    name: rule.word
    for name, info in FIELDS.items()
    for rule in info.metadata
    if isinstance(rule, Off)
}


def part_of(name: str) -> str:
    """Return which of data, model and train holds the field `name`."""
    for part, spec in PARTS.items():
        if name in spec.model_fields:
            return part
    raise SpecError(
        _('there is no choice called "{name}"; there are {names}.').format(
            name=name[:60], names=", ".join(FIELDS)
        ),
        name,
    )


def choices_of(name: str) -> tuple[str, ...]:
    """Return the values that the field `name` allows, or () where it is not a choice."""
    return _literals(FIELDS[name].annotation)


def items_of(name: str) -> tuple[str, ...]:
    """Return the values that may stand in the list that the field `name` is, else ()."""
    kind = FIELDS[name].annotation
    return _literals(get_args(kind)[0]) if get_origin(kind) is tuple else ()


def _literals(kind: Any) -> tuple[str, ...]:
    return get_args(kind) if get_origin(kind) is Literal else ()


def bounds_of(name: str) -> dict[str, float]:
    """Return the bounds of a number, by pydantic's names: gt, ge, lt, le."""
    found: dict[str, float] = {}
    for rule in FIELDS[name].metadata:
        for key in ("gt", "ge", "lt", "le"):
            if hasattr(rule, key):
                found[key] = getattr(rule, key)
    return found


def title_of(name: str) -> str:
    """Return the visible name of a field, translated."""
    return _(FIELDS[name].title or name)


def help_of(name: str) -> str:
    """Return the help of a field, translated."""
    return _(FIELDS[name].description or "")
