"""A decision that a sentence proposes, taken, and written as flags of the command line."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any, Final

from mlpdash.cures import Cure
from mlpdash.specs.data import DataSpec
from mlpdash.specs.text import format_text

SHORT: Final[Mapping[tuple[str, Any], str]] = {  # flags for what is often chosen of a column
    ("kind", "number"): "number",
    ("kind", "category"): "category",
    ("role", "ignored"): "ignore",
}


def cured(data: DataSpec, cure: Cure) -> DataSpec:
    """Return the choices with those of a cure.

    Raises
    ------
    ValueError : a choice is not possible
    """
    before = data.preparation
    made = {**before.model_dump(), **cure.preparation}
    made["reading"] = {**before.reading.model_dump(), **cure.reading}
    preparation = type(before).model_validate(made)
    for name, choices in cure.columns.items():
        preparation = preparation.with_column(name, **choices)
    fields = {**data.model_dump(), **cure.data, "preparation": preparation}
    return DataSpec.model_validate(fields)


def flags_of(cure: Cure) -> str:
    """Return what the command line takes for it, as a shell reads it."""
    return shlex.join(_flags(cure))


def _flags(cure: Cure) -> Iterator[str]:
    for name, value in cure.data.items():
        yield from (f"--{name}", format_text(name, value))
    for part in (cure.preparation, cure.reading):
        for name, value in part.items():
            yield from (f"--{name.replace('_', '-')}", str(value))
    for column, choices in cure.columns.items():
        for name, value in choices.items():
            if (name, value) in SHORT:
                yield from (f"--{SHORT[name, value]}", column)
            elif name == "missing_codes":
                yield f"--missing={column}={','.join(value)}"
            else:
                yield from ("--column", f"{column}:{name}={value}")
