"""Finds the levels of categories on the training rows, some columns at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells.cells import texts
from mlpdash.data.cells.ranges import in_order
from mlpdash.data.columns.columns import Column
from mlpdash.data.preparing.category import Category
from mlpdash.data.preparing.fills_and_scales import Levels, fit_levels
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import ColumnChoice, Preparation
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd

MOST_LEVELS: Final = 100  # beyond it rare levels are pooled, unless a person chose a number
POOLED_LEVELS: Final = Preparation().levels  # levels that keep a column of their own then
BLOCK: Final = 3_000_000  # cells whose levels are found at once

Ints = NDArray[np.int64]


def fit_categories(
    frame: pd.DataFrame,
    columns: Sequence[Column],
    train: Ints,
    spec: DataSpec,
    units: Mapping[str, str],
) -> dict[str, Category]:
    """Return the features of columns of categories by name, not yet placed."""
    each = max(1, BLOCK // max(1, len(train)))
    decided = spec.preparation.by_column()
    found: dict[str, Category] = {}
    for at in range(0, len(columns), each):
        block = columns[at : at + each]
        names = [column.name for column in block]
        levels = _levels(frame, names, train, spec)
        for column, name in zip(block, names, strict=True):
            marked = spec.preparation.indicators and _has_gaps(frame[name], train)
            merged = name in decided and decided[name].merge
            made = _feature(
                name, levels.get(name), units.get(name, ""), marked=marked, merged=merged
            )
            found[name] = replace(made, codes=column.gaps.codes, kept=column.gaps.kept)
    return found


def _levels(
    frame: pd.DataFrame, names: Sequence[str], train: Ints, spec: DataSpec
) -> dict[str, tuple[Levels, bool]]:
    """Return by name the levels that are not rare, and whether there are others; of columns
    without any value nothing."""
    decided = spec.preparation.by_column()
    seen = {name: texts(frame[name])[train] for name in names}
    distinct = {name: set(cells) - {None} for name, cells in seen.items()}
    names = [name for name in names if distinct[name]]
    if not names:
        return {}
    pooled: list[int | None] = []
    for name in names:
        most, kept = _most_levels(spec.preparation, decided.get(name))
        pooled.append(kept if len(distinct[name]) > most else None)
    fitted = fit_levels(np.column_stack([seen[name] for name in names]), pooled)
    return {
        name: (levels, kept is not None)
        for name, levels, kept in zip(names, fitted, pooled, strict=True)
    }


def _most_levels(preparation: Preparation, choice: ColumnChoice | None) -> tuple[int, int]:
    """Return the number of levels from which on they are pooled, and how many stay then."""
    if choice is not None and choice.levels is not None:
        return choice.levels, choice.levels
    usual = preparation.levels == POOLED_LEVELS
    return (MOST_LEVELS if usual else preparation.levels), preparation.levels


def _has_gaps(values: pd.Series[Any], train: Ints) -> bool:
    gaps = values.isna().to_numpy()[train]
    return bool(gaps.any()) and not bool(gaps.all())


def _feature(
    name: str, found: tuple[Levels, bool] | None, unit: str, *, marked: bool, merged: bool
) -> Category:
    if found is None:
        return Category(name, 0, 0.0, ("",), unit, indicator=marked)
    (levels, pooled), names = found, in_order(found[0].kept)
    mode = names.index(levels.mode) if levels.mode in names else 0  # where all are pooled
    if pooled:
        names.append(_pooled_name(names))
    return Category(name, 0, float(mode), tuple(names), unit, pooled, marked, merged)


def _pooled_name(levels: Sequence[str]) -> str:
    name = _("other")
    while name in levels:
        name += "*"
    return name
