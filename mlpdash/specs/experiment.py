"""All choices of a run together."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from mlpdash.specs.base import Spec
from mlpdash.specs.data import DataSpec
from mlpdash.specs.fields import PARTS, part_of
from mlpdash.specs.model import ModelSpec
from mlpdash.specs.text import refusal
from mlpdash.specs.train import TrainSpec


class Experiment(Spec):
    """Everything that decides what a run computes.

    >>> Experiment().changed(lr=0.1).train.lr
    0.1
    """

    data: DataSpec = DataSpec()
    model: ModelSpec = ModelSpec()
    train: TrainSpec = TrainSpec()

    def flat(self) -> dict[str, Any]:
        """Return every choice under its flat name."""
        return {
            name: getattr(getattr(self, part), name)
            for part, spec in PARTS.items()
            for name in spec.model_fields
        }

    def changed(self, **choices: Any) -> Experiment:
        """Return a copy in which the choices given by flat name replace these.

        Raises
        ------
        SpecError : a name is unknown or a value is out of its bounds
        """
        parts: dict[str, dict[str, Any]] = {
            part: getattr(self, part).model_dump() for part in PARTS
        }
        for name, value in choices.items():
            parts[part_of(name)][name] = value
        return Experiment(**{part: _checked(PARTS[part], parts[part]) for part in PARTS})


def _checked(spec: type[Spec], values: dict[str, Any]) -> Spec:
    try:
        return spec(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise refusal(name, values.get(name)) from None
