"""Cells that say that they have no value, in all columns: marks such as `?`, and chosen codes.

`docs/tables.md` tells the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.cells.cells import is_date, is_number, is_number_type
from mlpdash.data.cells.gap_words import are_values, spellings
from mlpdash.data.cells.missing_codes import has_code
from mlpdash.data.table import with_columns
from mlpdash.specs.preparation import ColumnChoice

if TYPE_CHECKING:
    import pandas as pd

MOST_DISTINCT: Final = 2_000  # cells of a column that tell whether a mark is a value


@dataclass(frozen=True)
class Gaps:
    """What stands for a missing value in one column.

    Attributes
    ----------
    marks, cells : marks and words such as ? that count as missing, and in how many cells they are
    kept : those that are values
    codes : what a person said counts as missing
    """

    marks: tuple[str, ...] = ()
    cells: int = 0
    kept: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cleaned:
    """A table without the cells that count as missing, and by column what these were."""

    frame: pd.DataFrame
    found: Mapping[str, Gaps] = field(default_factory=dict)


def without_gaps(
    frame: pd.DataFrame, decided: Mapping[str, ColumnChoice], words: Literal["missing", "keep"]
) -> Cleaned:
    """Return the table without cells that count as missing.

    Parameters
    ----------
    words : whether marks are values in columns about which nothing else was decided
    """
    made: dict[str, pd.Series[Any]] = {}
    found: dict[str, Gaps] = {}
    usual = ColumnChoice(name="")
    for name, kind in zip(map(str, frame.columns), frame.dtypes, strict=True):
        choice = decided.get(name, usual)
        if is_number_type(kind) and not choice.missing_codes:
            continue
        gaps, gone = _of_column(frame[name], choice, words)
        if gaps != Gaps():
            found[name] = gaps
        if gone.any():
            made[name] = frame[name].mask(gone)
    return Cleaned(with_columns(frame, made) if made else frame, found)


def _of_column(
    values: pd.Series[Any], choice: ColumnChoice, words: Literal["missing", "keep"]
) -> tuple[Gaps, NDArray[np.bool_]]:
    """Return what stands for a missing value in a column, and in which cells, (rows,)."""
    gone = has_code(values, choice.missing_codes)
    if not _is_text(values):
        return Gaps(codes=choice.missing_codes), gone
    marked = np.asarray(values.isin(list(spellings())), dtype=bool)
    if not marked.any():
        return Gaps(codes=choice.missing_codes), gone
    marks = [str(mark) for mark in values[marked].unique()]
    wanted = choice.words if choice.words != "auto" else words
    if wanted == "keep":
        kept = set(marks)
    elif choice.words == "missing":
        kept = set()
    else:
        rest = values[~marked]
        others = {str(cell) for cell in rest.dropna().unique()[:MOST_DISTINCT]}
        kept = are_values(marks, others, no_gaps=not rest.isna().any())
    if kept:
        marked = marked & ~np.asarray(values.isin(list(kept)), dtype=bool)
    counted = tuple(sorted(set(marks) - kept))
    return Gaps(
        counted, int(marked.sum()), tuple(sorted(kept)), choice.missing_codes
    ), gone | marked


def _is_text(values: pd.Series[Any]) -> bool:
    """Tell whether pandas holds a column as text, perhaps with booleans among it."""
    return not is_number(values) and not is_date(values)
